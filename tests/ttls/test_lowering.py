"""Which sets are lowered, which are not and why, and what puts them back."""

from collections.abc import Mapping

import pytest
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.model.capabilities import Capabilities
from migrator.model.change import carried_out
from migrator.model.extras import (
    Alias,
    AutomaticTTL,
    Extra,
    ForRecord,
    Managed,
    Opaque,
    Proxied,
    RecordTTL,
    TrafficPolicy,
    Weighted,
)
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot
from migrator.ttls import Only, Original, lower, restore
from migrator.ttls.originals import longest_ttl
from migrator.ttls.restoring import restore_copy
from providers.azure.capabilities import CAPABILITIES as AZURE
from providers.cloudflare.capabilities import CAPABILITIES as CLOUDFLARE
from providers.cloudflare.capabilities import of_plan
from providers.route53.convert import CAPABILITIES as ROUTE53
from tests.snapshots import NS, SOA, alias, name, rrset, zone


def titles(changes: object) -> dict[str, int]:
    found: dict[str, int] = {}
    for change in changes:  # type: ignore[attr-defined]
        key = change.desired.key
        found[f"{key.owner.relativize(name('@'))} {RdataType.to_text(key.rdtype)} {key.variant}".strip()] = (
            change.desired.ttl
        )
    return found


def test_every_set_above_the_wanted_ttl_is_lowered_and_no_other() -> None:
    found = lower(zone(rrset("www", "A", "192.0.2.1", ttl=3600), rrset("low", "A", "192.0.2.1")), 300, ROUTE53)

    assert titles(found.changes) == {"@ SOA": 300, "@ NS": 300, "www A": 300}
    assert [(each.ttl, each.lowered) for each in found.originals] == [(900, 300), (900, 300), (3600, 300)]
    assert (found.kept, found.low) == ((), 1)


def long(*extras: Extra, rdtype: str = "A", text: str = "192.0.2.1", owner: str = "www") -> RRset:
    return rrset(owner, rdtype, text, ttl=3600, extras=extras)


KEPT: dict[str, tuple[RRset, Capabilities | None, str]] = {
    "automatic": (long(AutomaticTTL()), CLOUDFLARE, "Cloudflare chooses its TTL itself (automatic, or behind its"),
    "proxied": (long(ForRecord("192.0.2.1", Proxied())), CLOUDFLARE, "Cloudflare chooses its TTL itself"),
    "managed": (long(Managed("email")), CLOUDFLARE, "it belongs to another product of Cloudflare"),
    "policy": (long(TrafficPolicy("tpi")), ROUTE53, "it belongs to another product of Route 53"),
    "unknown": (long(Opaque("elsewhere", "x", "1")), ROUTE53, "it has fields that this program cannot write back"),
    "apex ns": (NS, CLOUDFLARE, "Cloudflare sets the TTL of the apex NS set itself"),
    "soa": (SOA, CLOUDFLARE, "Cloudflare sets the TTL of the SOA itself"),
    "signature": (
        long(rdtype="NSEC", text="example.org. A", owner="@"),
        None,
        "it follows the signer of the zone",
    ),
    "delegation": (
        long(rdtype="NS", text="ns1.sub", owner="sub"),
        ROUTE53,
        "it belongs to a delegation, which the move does not change",
    ),
    "alias": (
        rrset("a", "A", ttl=3600, extras=(Alias(name("b"), "Z1"),)),
        ROUTE53,
        "an alias has the TTL of what it leads to",
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_cannot_be_lowered_is_listed_with_its_reason(case: str) -> None:
    found, can, reason = KEPT[case]

    plan = lower(zone(found, bare=True), 300, can)

    assert plan.changes == ()
    (kept,) = plan.kept
    assert kept.key == found.key
    assert kept.reason.startswith(reason)


def test_where_the_plan_lets_a_person_set_the_ttl_of_the_apex_it_is_lowered() -> None:
    assert titles(lower(zone(), 300, of_plan("enterprise")).changes) == {"@ SOA": 300, "@ NS": 300}


@pytest.mark.parametrize(
    ("ttl", "to", "becomes"), [(3600, 30, 60), (60, 30, None), (90, 60, 60), (3600, 60, 60), (300, 300, None)]
)
def test_a_ttl_below_the_provider_s_least_is_raised_to_it(ttl: int, to: int, becomes: int | None) -> None:
    plan = lower(zone(rrset("www", "A", "192.0.2.1", ttl=ttl), bare=True), to, CLOUDFLARE)

    assert [change.desired.ttl for change in plan.changes] == ([] if becomes is None else [becomes])
    assert [kept.reason for kept in plan.kept] == (
        ["Cloudflare takes no TTL below 60 s"] if becomes is None and ttl > to else []
    )


def test_an_alias_that_has_a_ttl_of_its_own_is_lowered() -> None:
    own = rrset("a", "A", ttl=3600, extras=(Alias(name("b"), "/subscriptions/x"),))

    assert titles(lower(zone(own, bare=True), 300, AZURE).changes) == {"a A": 300}
    assert lower(zone(alias("a", "A", "b"), bare=True), 300, ROUTE53).low == 1


def test_variants_are_lowered_one_by_one() -> None:
    sets = [
        rrset("www", "A", f"192.0.2.{n}", ttl=ttl, variant=f"v{n}", extras=(Weighted(n),))
        for n, ttl in ((1, 3600), (2, 60))
    ]

    assert titles(lower(zone(*sets, bare=True), 300, ROUTE53).changes) == {"www A v1": 300}


def test_records_with_ttls_of_their_own_get_them_back() -> None:
    mixed = rrset(
        "www",
        "A",
        "192.0.2.1",
        "192.0.2.2",
        ttl=600,
        extras=(ForRecord("192.0.2.2", RecordTTL(7200)),),
    )
    before = zone(mixed, bare=True)
    plan = lower(before, 300, CLOUDFLARE)
    lowered = ZoneSnapshot(before.origin, carried_out(before.rrsets, plan.changes), before.source)

    back = restore(lowered, plan.originals, CLOUDFLARE)

    assert [(change.desired.ttl, change.desired.extras) for change in plan.changes] == [(300, ())]
    assert [change.desired for change in back.changes] == [mixed]


ONLY = [
    (Only(types=frozenset({RdataType.MX})), {"@ MX"}),
    (Only(names=frozenset({folded(name("www"))})), {"www A", "www TXT"}),
    (Only(frozenset({RdataType.A, RdataType.MX}), frozenset({folded(name("www"))})), {"www A"}),
]


@pytest.mark.parametrize(("only", "lowered"), ONLY)
def test_only_what_is_wanted(only: Only, lowered: set[str]) -> None:
    sets = (
        rrset("www", "A", "192.0.2.1", ttl=3600),
        rrset("www", "TXT", '"x"', ttl=3600),
        rrset("@", "MX", "10 mail", ttl=3600),
    )

    found = lower(zone(*sets), 300, ROUTE53, only)

    assert titles(found.changes).keys() == lowered


PRESENT: dict[str, tuple[int, str]] = {
    "as lowered": (300, "change"),
    "as before": (3600, "back"),
    "somebody's": (900, "changed"),
}


@pytest.mark.parametrize("case", PRESENT)
def test_what_stands_there_now_decides_what_returns(case: str) -> None:
    ttl, expected = PRESENT[case]
    original = Original(RRsetKey(name("www"), RdataType.A), 3600, 300)

    found = restore(zone(rrset("www", "A", "192.0.2.99", ttl=ttl), bare=True), [original], ROUTE53)

    assert [change.desired.ttl for change in found.changes] == ([3600] if expected == "change" else [])
    assert found.back == ((original.key,) if expected == "back" else ())
    assert [(each.original, each.present) for each in found.changed] == (
        [(original, ttl)] if expected == "changed" else []
    )


def test_a_set_that_is_gone_is_reported() -> None:
    original = Original(RRsetKey(name("www"), RdataType.A), 3600, 300)

    assert restore(zone(), [original], ROUTE53).gone == (original.key,)


def test_a_set_lowered_twice_keeps_its_first_original_unless_somebody_changed_it() -> None:
    key = RRsetKey(name("www"), RdataType.A)
    pending = {key: Original(key, 3600, 300)}

    def again(ttl: int) -> list[tuple[int, int]]:
        plan = lower(zone(rrset("www", "A", "192.0.2.1", ttl=ttl), bare=True), 60, ROUTE53, pending=pending)
        return [(each.ttl, each.lowered) for each in plan.originals]

    assert again(300) == [(3600, 60)]
    assert again(900) == [(900, 60)]


def test_the_new_zone_gets_the_originals_of_what_it_copied_and_keeps_its_own() -> None:
    originals = [
        Original(RRsetKey(name("@"), RdataType.NS), 86_400, 300),
        Original(RRsetKey(name("www"), RdataType.A), 100_000, 30),
        Original(RRsetKey(name("own"), RdataType.A), 3600, 300),
        Original(RRsetKey(name("away"), RdataType.A), 3600, 300),
    ]
    copy = zone(
        rrset("www", "A", "192.0.2.1", ttl=60),
        rrset("own", "A", "192.0.2.1", ttl=120),
    )

    found = restore_copy(copy, originals, CLOUDFLARE)

    assert titles(found.changes) == {"www A": 86_400}, "30 was raised to 60, and 100000 is more than it takes"
    assert (found.changed, found.gone, found.back) == ((), (), ())


TTLS = st.integers(min_value=0, max_value=200_000)
SETS: st.SearchStrategy[Mapping[str, int]] = st.dictionaries(st.sampled_from("abcdefgh"), TTLS, max_size=8)


@settings(max_examples=100, deadline=None)
@given(ttls=SETS, to=st.integers(min_value=1, max_value=4000))
def test_lowering_and_restoring_leave_the_zone_as_it_was(ttls: Mapping[str, int], to: int) -> None:
    before = zone(*(rrset(owner, "A", "192.0.2.1", ttl=ttl) for owner, ttl in sorted(ttls.items())))
    plan = lower(before, to, ROUTE53)
    low = ZoneSnapshot(before.origin, carried_out(before.rrsets, plan.changes), before.source)
    back = restore(low, plan.originals, ROUTE53)

    assert all((longest_ttl(each) or 0) <= to for each in low.rrsets)
    assert carried_out(low.rrsets, back.changes) == before.rrsets
    assert (back.changed, back.gone, back.back) == ((), (), ())
