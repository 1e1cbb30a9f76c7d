"""What holds of every comparison with a live server, whatever the zone: `compared` makes each in two ways."""

from collections.abc import Iterable
from dataclasses import replace

from dns.rdata import from_text
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.diff import Kind
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from tests import strategies
from tests.live import compared

SOA = RRset(
    RRsetKey(strategies.ORIGIN, RdataType.SOA),
    3600,
    (from_text("IN", "SOA", "ns1.example.org. host.example.org. 1 7200 900 604800 300"),),
)


def served(rrsets: Iterable[RRset]) -> ZoneSnapshot:
    """The sets with a SOA, without which nobody serves a zone."""
    kept = {rrset.key: rrset for rrset in rrsets} | {SOA.key: SOA}
    return assemble_rrsets(strategies.ORIGIN, kept.values()).snapshot


@st.composite
def copies(draw: st.DrawFn) -> tuple[ZoneSnapshot, ZoneSnapshot]:
    """A zone, and another that has some of its sets, some with another TTL, and some of its own."""
    old = served(draw(strategies.snapshots()).rrsets)
    kept = {rrset.key: rrset for rrset in old.rrsets if draw(st.integers(0, 9)) > 0}
    for key, rrset in kept.items():
        if draw(st.integers(0, 9)) == 0:
            kept[key] = replace(rrset, ttl=(rrset.ttl or 0) // 2, extras=())
    for rrset in draw(strategies.snapshots()).rrsets:
        kept.setdefault(rrset.key, rrset)
    return old, served(kept.values())


@given(copies())
@settings(max_examples=60, deadline=None)
def test_what_is_foretold_makes_no_difference(zones: tuple[ZoneSnapshot, ZoneSnapshot]) -> None:
    old, new = zones

    found = compared(old, new)

    assert found.same + sum(d.old is not None for d in found.differences) == len(old.rrsets)


@given(strategies.snapshots())
@settings(max_examples=40, deadline=None)
def test_a_server_of_the_same_zone_has_no_other_ttl(zone: ZoneSnapshot) -> None:
    old = served(zone.rrsets)

    assert Kind.TTL not in {each.kind for each in compared(old, old).differences}
