"""What an import into a zone file says of records with which a name server refuses the file."""

import pytest

from migrator.model.rrset import RRset
from migrator.plan.unloadable import unloadable_findings
from tests.snapshots import NS, SOA, alias, rrset, zone
from tests.translate.targets import ROUTE53, TARGETS

FILE = TARGETS["file"]
WWW = rrset("www", "CNAME", "a.example.net.")


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        ((WWW, rrset("a", "A", "192.0.2.1"), alias("b", "A", "a"), alias("b", "TXT", "a")), []),
        (
            (WWW, rrset("www", "A", "192.0.2.1")),
            ["www.example.org. A: no server would load the file: a name with a CNAME has no other data"],
        ),
        (
            (rrset("d", "DNAME", "a.example.net.", "b.example.net."),),
            ["d.example.org. DNAME: no server would load the file: a name has one DNAME record at most"],
        ),
        (
            (rrset("d", "DNAME", "a.example.net."), rrset("x.d", "A", "192.0.2.1"), rrset("y.x.d", "TXT", '"y"')),
            [
                "x.d.example.org. A: Knot and NSD would not load the file: a DNAME above covers the name",
                "y.x.d.example.org. TXT: Knot and NSD would not load the file: a DNAME above covers the name",
            ],
        ),
        (
            (rrset("*", "NS", "ns1.example.net."),),
            ["*.example.org. NS: BIND would not load the file: NS records at a wildcard have no defined meaning"],
        ),
        (
            (rrset("w", "A", *(f"192.0.2.{number}" for number in range(101))),),
            ["w.example.org. A: BIND would not load the file: the set has 101 records, and it takes 100"],
        ),
    ],
)  # fmt: skip
def test_each_set_is_told_with_who_refuses_it(sets: tuple[RRset, ...], said: list[str]) -> None:
    found = list(unloadable_findings("example.org.", zone(SOA, NS, *sets), FILE))

    assert [finding.message.partition(" (")[0].rstrip(".") for finding in found] == said
    assert {(finding.check, str(finding.severity), finding.subject) for finding in found} <= {
        ("import.not-loadable", "warning", "example.org.")
    }
    assert all(finding.remedy for finding in found)


def test_a_service_says_itself_what_it_refuses() -> None:
    both = zone(SOA, NS, WWW, rrset("www", "A", "192.0.2.1"))

    assert list(unloadable_findings("example.org.", both, ROUTE53)) == []


LOST = "the name server ns1.example.org is in the zone, and has no address there"
INSIDE = rrset("@", "NS", "ns1.example.org.", "ns.example.net.", "ns.sub.example.org.")


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        ((SOA,), ["NS: no server would load the file: there is no NS record at the apex."]),
        ((NS,), ["SOA: no server would load the file: there is no SOA record at the apex."]),
        (
            (SOA, INSIDE, rrset("sub", "NS", "ns.sub")),
            [f"NS: BIND would not load the file: {LOST}."],
        ),
        ((SOA, INSIDE, rrset("sub", "NS", "ns.sub"), rrset("ns1", "AAAA", "2001:db8::1")), []),
    ],
    ids=["no NS", "no SOA", "a name server without an address", "with one"],
)
def test_what_the_apex_lacks_is_told(sets: tuple[RRset, ...], said: list[str]) -> None:
    found = unloadable_findings("example.org.", zone(*sets, bare=True), FILE)

    assert [finding.message for finding in found] == [f"example.org. {each}" for each in said]
