"""Name servers inside the zone that keep their names and move: the target's addresses of them stay."""

import pytest

from migrator.model.capabilities import Capabilities
from migrator.model.change import key_of
from migrator.model.extras import Metadata
from migrator.model.rrset import RRset
from migrator.plan import Choices, Proposal, Sides, propose
from tests.snapshots import SOA, rrset, zone
from tests.translate.targets import AZURE, ROUTE53, TARGETS

OWN_NS = rrset("@", "NS", "ns1", "ns.example.net.")
OLD_A, NEW_A = rrset("ns1", "A", "192.0.2.53"), rrset("ns1", "A", "203.0.113.53")
OLD_AAAA = rrset("ns1", "AAAA", "2001:db8::53")
WWW = rrset("www", "A", "192.0.2.80")


def proposed(source: tuple[RRset, ...], existing: tuple[RRset, ...], target: Capabilities = ROUTE53) -> Proposal:
    sides = Sides(zone(SOA, *source, bare=True), zone(SOA, *existing, bare=True), target)
    return propose(sides, Choices())


def texts(found: Proposal) -> list[str]:
    """Return all that the target holds in the end for the name server."""
    at = [rrset for rrset in found.plan.goal.rrsets if rrset.owner == NEW_A.owner]
    return [rdata.to_text() for rrset in at for rdata in rrset.rdatas]


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_the_targets_addresses_stay_and_a_warning_says_so(target: Capabilities) -> None:
    found = proposed((OWN_NS, OLD_A, OLD_AAAA, WWW), (OWN_NS, NEW_A), target)

    assert texts(found) == ["203.0.113.53"]
    counted = {SOA.key} if target.written_whole else set()  # the serial of a file
    assert {key_of(change) for change in found.plan.changes} == {WWW.key, *counted}
    (loss,) = (loss for loss in found.losses if loss.what == "own-addresses")
    assert loss.message == (
        f"The name server ns1.example.org keeps the address that it has at {target.provider}, 203.0.113.53; the "
        "source has 192.0.2.53, 2001:db8::53."
    )
    assert not found.is_refused
    assert found.counts.unaccounted == 0


def test_what_is_said_beside_the_targets_addresses_stays_too() -> None:
    noted = rrset("ns1", "A", "203.0.113.53", extras=(Metadata("team", "dns"),))

    assert proposed((OWN_NS, OLD_A), (OWN_NS, noted), AZURE).plan.changes == ()


@pytest.mark.parametrize(
    ("source", "existing", "target"),
    [
        pytest.param((OWN_NS, OLD_A), (OWN_NS,), ROUTE53, id="the target has none"),
        pytest.param(
            (OWN_NS, OLD_A), (rrset("@", "NS", "ns.example.net."), NEW_A), ROUTE53, id="it lists another"
        ),
        pytest.param(
            (rrset("@", "NS", "ns.example.net."), OLD_A), (OWN_NS, NEW_A), TARGETS["file"], id="and takes the set"
        ),
    ],
)
def test_the_sources_addresses_are_copied(
    source: tuple[RRset, ...], existing: tuple[RRset, ...], target: Capabilities
) -> None:
    found = proposed(source, existing, target)

    assert texts(found) == ["192.0.2.53"]
    assert "own-addresses" not in {loss.what for loss in found.losses}


def test_addresses_that_are_the_same_are_no_loss() -> None:
    found = proposed((OWN_NS, NEW_A), (OWN_NS, NEW_A))

    assert (found.plan.changes, found.losses) == ((), ())


@pytest.mark.parametrize(("beside", "losses"), [((), []), ((OLD_A,), ["cname-conflict"])])
def test_a_name_that_is_an_alias_at_the_source_is_left_to_others(
    beside: tuple[RRset, ...], losses: list[str]
) -> None:
    cname = rrset("ns1", "CNAME", "host.example.net.")

    found = proposed((OWN_NS, cname, *beside), (OWN_NS, NEW_A))

    assert [(pair.existing, pair.desired) for pair in found.plan.conflicts] == [(NEW_A, cname)]
    assert [loss.what for loss in found.losses] == losses
