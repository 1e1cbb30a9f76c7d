"""Whatever a zone holds, wherever it goes: every set has a fate, and what is desired the target can hold."""

from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.model.loss import Fate
from migrator.model.rrset import RRset, RRsetKey, canonical_order
from migrator.model.zone import ZoneSnapshot
from migrator.translate import Relation, translate
from tests.snapshots import rrset
from tests.translate.holding import complaints
from tests.translate.targets import TARGETS
from tests.translate.zones import snapshots

targets = st.sampled_from(sorted(TARGETS))
relations = st.sampled_from([Relation.FOREIGN, Relation.SAME_ACCOUNT])
OWN_APEX = (
    rrset("@", "SOA", "a.ns.example.com. h.example.com. 9 1 2 3 4", ttl=3600),
    rrset("@", "NS", "a.ns.example.com.", "b.ns.example.com.", ttl=3600),
)
apexes = st.sampled_from([(), OWN_APEX])
LOOKED_UP = {
    found.key: found
    for found in (
        rrset("lb.example.net.", "A", "203.0.113.1", "203.0.113.2", ttl=60),
        rrset("lb.example.net.", "AAAA", ttl=60),
        rrset("d1.cloudfront.net.", "A", *(f"203.0.113.{i}" for i in range(30)), ttl=60),
    )
}
looked_up = st.sampled_from([{}, LOOKED_UP])


@settings(max_examples=150)
@given(snapshots(), targets, relations, apexes, looked_up)
def test_every_set_has_one_fate_and_a_reason(
    zone: ZoneSnapshot,
    target: str,
    relation: Relation,
    apex: tuple[RRset, ...],
    addresses: dict[RRsetKey, RRset],
) -> None:
    found = translate(zone, TARGETS[target], relation=relation, target_apex=apex, addresses=addresses)
    counts = found.counts()

    assert [entry.key for entry in found.ledger] == [rrset.key for rrset in zone.rrsets]
    assert (counts.read, counts.unaccounted) == (len(zone.rrsets), 0)
    assert all(bool(entry.reason) == (entry.fate is not Fate.COPIED) for entry in found.ledger)


@settings(max_examples=150)
@given(snapshots(), targets, relations, apexes, looked_up)
def test_what_is_desired_the_target_can_hold(
    zone: ZoneSnapshot,
    target: str,
    relation: Relation,
    apex: tuple[RRset, ...],
    addresses: dict[RRsetKey, RRset],
) -> None:
    found = translate(zone, TARGETS[target], relation=relation, target_apex=apex, addresses=addresses)

    assert complaints(TARGETS[target], found.desired) == []
    assert list(found.desired.rrsets) == sorted(found.desired.rrsets, key=lambda r: canonical_order(r.key))
