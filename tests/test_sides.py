"""The sides of a move as they are named: a domain that is left out of one is the domain of the command."""

import pytest

from migrator.model.names import absolute
from migrator.workflow.sides import side_of


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("route53:", "route53:example.org"),
        ("Route53:", "Route53:example.org"),
        ("route53:?profile=old", "route53:example.org?profile=old"),
        ("axfr:@192.0.2.1", "axfr:example.org@192.0.2.1"),
        ("dns:@192.0.2.1,192.0.2.2:5300", "dns:example.org@192.0.2.1,192.0.2.2:5300"),
        ("route53:{domain}", "route53:example.org"),
        ("axfr:{domain}@192.0.2.1", "axfr:example.org@192.0.2.1"),
        ("zones/{domain}.zone", "zones/example.org.zone"),
        ("route53:example.net", "route53:example.net"),
        ("", ""),
        ("file:", "file:"),
        ("file:?origin=example.org", "file:?origin=example.org"),
        ("C:", "C:"),
        ("old.zone?origin=example.org", "old.zone?origin=example.org"),
    ],
)
def test_a_side_gets_the_domain_that_it_leaves_out(text: str, side: str) -> None:
    assert side_of(text, absolute("example.org")) == side
