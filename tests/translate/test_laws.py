"""Whatever a zone holds, wherever it goes: every set has a fate, and what is desired the target can hold."""

from collections import Counter
from dataclasses import replace

from dns.rdatatype import RdataType
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from migrator.model.extras import Managed, Weighted
from migrator.model.loss import Exactness, Fate
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey, canonical_order
from migrator.model.zone import ZoneSnapshot
from migrator.translate import BY_WHAT, Relation, is_acceptable, translate
from tests import snapshots as sets
from tests.snapshots import alias, rrset
from tests.translate.holding import complaints
from tests.translate.targets import TARGETS
from tests.translate.zones import snapshots

# The first example builds all strategies, which takes a second on a busy machine.
LAW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


@LAW
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


@LAW
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


@LAW
@given(snapshots(), targets, relations, apexes, looked_up)
def test_what_stands_at_the_target_needs_no_further_translation(
    zone: ZoneSnapshot,
    target: str,
    relation: Relation,
    apex: tuple[RRset, ...],
    addresses: dict[RRsetKey, RRset],
) -> None:
    """This is the journey there and back too: what a provider held, its own backup brings back whole."""
    held = TARGETS[target]
    first = translate(zone, held, relation=relation, target_apex=apex, addresses=addresses).desired
    own = tuple(filter(None, map(first.apex, (RdataType.SOA, RdataType.NS))))
    again = translate(first, held, relation=Relation.SAME_ACCOUNT, source_scheme=held.scheme, target_apex=own)

    assert (again.desired.rrsets, again.losses) == (first.rrsets, ())
    assert {entry.fate for entry in again.ledger} <= {Fate.COPIED}


@LAW
@given(snapshots(), targets, looked_up)
def test_every_decision_can_be_made(zone: ZoneSnapshot, target: str, addresses: dict[RRsetKey, RRset]) -> None:
    asked = translate(zone, TARGETS[target], addresses=addresses)
    words = frozenset(asked.undecided_words())
    decided = translate(zone, TARGETS[target], addresses=addresses, accepts=words)

    assert all(is_acceptable(word) for word in words)
    assert decided.undecided == ()


@LAW
@given(snapshots(), targets)
def test_each_loss_is_of_its_word_and_of_a_set_of_the_zone(zone: ZoneSnapshot, target: str) -> None:
    found = translate(zone, TARGETS[target])
    groups = {(folded(rrset.owner), rrset.rdtype) for rrset in zone.rrsets}

    for loss in found.losses:
        word = BY_WHAT[loss.what.partition("=")[0]]
        assert (loss.exactness, loss.severity) == (word.exactness, word.severity)
        assert loss.message.endswith(".")
        assert loss.advice.endswith(".")
        assert (folded(loss.key.owner), loss.key.rdtype) in groups


@LAW
@given(snapshots(), targets)
def test_what_is_copied_has_no_loss_and_what_is_not_has_one(zone: ZoneSnapshot, target: str) -> None:
    found = translate(zone, TARGETS[target])
    losses = {(folded(loss.key.owner), loss.key.rdtype) for loss in found.losses}
    apex = {RdataType.SOA, RdataType.NS}

    for entry in found.ledger:
        group = (folded(entry.key.owner), entry.key.rdtype)
        if entry.fate is Fate.COPIED:
            assert not any(
                loss.key == entry.key and loss.exactness is not Exactness.EXACT for loss in found.losses
            )
        elif entry.key.rdtype not in apex and entry.key.rdtype != RdataType.TXT:
            assert group in losses, entry


TWO_ALIASES = sets.zone(alias("@", "A", "lb.example.net."), alias("@", "CNAME", "a"))
ROUTED_CNAME = sets.zone(
    alias("@", "A", "a"),
    rrset("@", "CNAME", "a.example.net.", "c", ttl=0, variant="1", extras=(Weighted(0),)),
    alias("*", "A", "a", Managed("")),
)


@LAW
@given(snapshots(), targets)
@example(replace(TWO_ALIASES, source="route53:example.org"), "azure")
@example(replace(ROUTED_CNAME, source="route53:example.org"), "cloudflare")
def test_the_order_of_the_source_does_not_matter(zone: ZoneSnapshot, target: str) -> None:
    backwards = replace(zone, rrsets=tuple(reversed(zone.rrsets)))
    one, other = translate(zone, TARGETS[target]), translate(backwards, TARGETS[target])

    assert one.desired.digest() == other.desired.digest()
    assert Counter(one.losses) == Counter(other.losses)
