"""The arithmetic after a switch: the worked examples, the bounds, and what is not known."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.clock import (
    RESOLVER_CAP,
    Earlier,
    Former,
    Measure,
    Moment,
    Switch,
    insecure,
    insecure_everywhere,
    instant,
    last_stale_answer,
    longest,
    recommended_deletion,
    safe_deletion,
)

WEDNESDAY = datetime(2026, 12, 2, 16, 6, tzinfo=UTC)
GLUE = Measure("glue TTL", 3600)
PARENT = Measure("parent NS TTL", 172_800)


def old(seconds: int) -> Measure:
    return Measure("old apex NS TTL", seconds)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("switch", "expected"),
    [
        pytest.param(
            Switch(WEDNESDAY, PARENT, old(300), WEDNESDAY),
            Moment(
                at("2026-12-04T16:06:00Z"),
                "all parents switched 2026-12-02T16:06:00Z + max(parent NS TTL 172800, old apex NS TTL 300)",
            ),
            id="old servers list the new set: side by side",
        ),
        pytest.param(
            Switch(WEDNESDAY, PARENT, old(300)),
            Moment(
                at("2026-12-04T16:11:00Z"),
                "all parents switched 2026-12-02T16:06:00Z + parent NS TTL 172800 + old apex NS TTL 300",
            ),
            id="old servers list themselves: one after the other",
        ),
        pytest.param(
            Switch(WEDNESDAY, PARENT, old(86_400)),
            Moment(
                at("2026-12-05T16:06:00Z"),
                "all parents switched 2026-12-02T16:06:00Z + parent NS TTL 172800 + old apex NS TTL 86400",
            ),
            id="an old TTL that was never lowered",
        ),
        pytest.param(
            Switch(WEDNESDAY, PARENT, old(86_400), WEDNESDAY + timedelta(days=1, hours=12)),
            Moment(
                at("2026-12-05T04:06:00Z"),
                "max(all parents switched 2026-12-02T16:06:00Z + parent NS TTL 172800, "
                "old servers list the new set 2026-12-04T04:06:00Z + old apex NS TTL 86400)",
            ),
            id="old servers changed after the switch",
        ),
        pytest.param(
            Switch(WEDNESDAY, PARENT, old(300), WEDNESDAY + timedelta(days=9)),
            Moment(
                at("2026-12-04T16:11:00Z"),
                "all parents switched 2026-12-02T16:06:00Z + parent NS TTL 172800 + old apex NS TTL 300",
            ),
            id="old servers changed so late that it made no difference",
        ),
        pytest.param(
            Switch(WEDNESDAY, Measure("parent NS TTL", 1_000_000), old(0), WEDNESDAY),
            Moment(
                at("2026-12-09T16:06:00Z"),
                "all parents switched 2026-12-02T16:06:00Z + "
                "max(parent NS TTL 1000000 (counted as 604800), old apex NS TTL 0)",
            ),
            id="a TTL beyond what resolvers keep",
        ),
        pytest.param(
            Switch(WEDNESDAY, Measure("parent NS TTL", 60), old(60), WEDNESDAY, Measure("glue TTL", 3600)),
            Moment(
                at("2026-12-02T17:06:00Z"),
                "all parents switched 2026-12-02T16:06:00Z + "
                "max(parent NS TTL 60, old apex NS TTL 60, glue TTL 3600)",
            ),
            id="name servers that moved to other addresses",
        ),
        pytest.param(
            Switch(WEDNESDAY, Measure("parent NS TTL", 60), old(60), None, GLUE),
            Moment(
                at("2026-12-02T17:06:00Z"),
                "all parents switched 2026-12-02T16:06:00Z + "
                "max(parent NS TTL 60 + old apex NS TTL 60, glue TTL 3600)",
            ),
            id="the same where the old zone still lists the old set",
        ),
        pytest.param(
            Switch(WEDNESDAY, Measure("parent NS TTL", 60), old(7200), at("2026-12-02T16:06:30Z"), GLUE),
            Moment(
                at("2026-12-02T18:06:30Z"),
                "max(all parents switched 2026-12-02T16:06:00Z + max(parent NS TTL 60, glue TTL 3600), "
                "old servers list the new set 2026-12-02T16:06:30Z + old apex NS TTL 7200)",
            ),
            id="the same where it lists the new set half a minute later",
        ),
        pytest.param(
            Switch(
                WEDNESDAY,
                Measure("parent NS TTL", 60),
                old(60),
                earlier=(Earlier("old apex NS TTL", 86_400, at("2026-12-02T10:00:00Z")),),
            ),
            Moment(
                at("2026-12-03T10:00:00Z"),
                "old apex NS TTL changed 2026-12-02T10:00:00Z + its former value 86400, later than "
                "all parents switched 2026-12-02T16:06:00Z + parent NS TTL 60 + old apex NS TTL 60",
            ),
            id="a TTL lowered so shortly before that the former one outlives everything",
        ),
        pytest.param(
            Switch(
                WEDNESDAY,
                PARENT,
                old(300),
                WEDNESDAY,
                earlier=(Earlier("old apex NS TTL", 86_400, at("2026-11-30T09:05:00Z")),),
            ),
            Moment(
                at("2026-12-04T16:06:00Z"),
                "all parents switched 2026-12-02T16:06:00Z + max(parent NS TTL 172800, old apex NS TTL 300)",
            ),
            id="a TTL lowered in good time",
        ),
        pytest.param(
            Switch(WEDNESDAY, PARENT, Measure("old apex NS TTL", None, "the old name servers are not known")),
            Moment(
                at("2026-12-04T16:06:00Z"),
                "all parents switched 2026-12-02T16:06:00Z + parent NS TTL 172800 + old apex NS TTL unknown",
                ("old apex NS TTL: the old name servers are not known",),
            ),
            id="what is not known is said",
        ),
    ],
)
def test_the_last_stale_answer_follows_from_what_was_measured(switch: Switch, expected: Moment) -> None:
    assert last_stale_answer(switch) == expected


def test_a_deletion_is_not_called_safe_while_anything_is_unknown() -> None:
    end = last_stale_answer(Switch(WEDNESDAY, PARENT, Measure("old apex NS TTL", None, "nobody said it")))

    assert safe_deletion(end) is None


def test_a_deletion_is_safe_with_the_last_stale_answer_and_recommended_with_a_margin() -> None:
    end = last_stale_answer(Switch(WEDNESDAY, PARENT, old(300), WEDNESDAY))

    safe = safe_deletion(end)

    assert safe == Moment(at("2026-12-04T16:06:00Z"), "last stale answer 2026-12-04T16:06:00Z")
    assert str(recommended_deletion(safe, PARENT)) == (
        "2026-12-05T16:06:00Z = safe to delete 2026-12-04T16:06:00Z + "
        "max(one day 86400, half the parent NS TTL 86400)"
    )


def test_an_instant_with_a_fraction_is_shown_as_the_next_second_and_in_utc() -> None:
    assert instant(at("2026-12-01T10:00:00.000001+01:00")) == "2026-12-01T09:00:01Z"
    assert instant(at("0001-01-01T00:00:00Z")) == "0001-01-01T00:00:00Z"


def test_the_longest_of_no_ttls_is_unknown_for_a_reason() -> None:
    assert longest("x", [], "nobody") == Measure("x", None, "nobody")
    assert longest("x", [5, 7, 6], "nobody") == Measure("x", 7, "nobody")


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ttls = st.integers(0, 2**31 - 1)


@given(moments, ttls, ttls, st.none() | moments, st.none() | ttls)
def test_the_bound_lies_between_the_longest_ttl_and_the_sum(
    switched: datetime, parent: int, child: int, gone: datetime | None, glue: int | None
) -> None:
    p, c, g = (min(ttl, RESOLVER_CAP) for ttl in (parent, child, glue or 0))
    moved = None if glue is None else Measure("glue TTL", glue)

    end = last_stale_answer(Switch(switched, Measure("P", parent), Measure("C", child), gone, moved)).at

    waited = (end - switched).total_seconds()
    assert max(p, g) <= waited <= max(p + c, g) + 1
    assert gone is None or gone < switched or waited >= min((gone - switched).total_seconds(), p) + c
    assert end.microsecond == 0


@given(moments, ttls, ttls, moments, moments)
def test_old_servers_that_turn_earlier_never_delay_the_end(
    switched: datetime, parent: int, child: int, one: datetime, other: datetime
) -> None:
    sooner, later = sorted((one, other))

    def end(gone: datetime | None) -> datetime:
        return last_stale_answer(Switch(switched, Measure("P", parent), Measure("C", child), gone)).at

    assert end(sooner) <= end(later) <= end(None)


def test_what_resolvers_held_when_the_ds_went_is_gone_after_the_longer_ttl() -> None:
    ds, keys = Measure("DS TTL", 86_400), Measure("DNSKEY TTL", 3600)
    former = Former("keys", 7200, WEDNESDAY + timedelta(days=1))

    assert insecure(WEDNESDAY, ds, keys, [former]) == Moment(
        at("2026-12-03T16:06:00Z"), "DS gone since 2026-12-02T16:06:00Z + max(DS TTL 86400, DNSKEY TTL 3600)"
    )
    assert insecure(WEDNESDAY, Measure("DS TTL", 60), keys, [former]) == Moment(
        at("2026-12-02T18:06:00Z"),
        "keys 7200 until 2026-12-02T16:06:00Z + 7200, later than DS gone since 2026-12-02T16:06:00Z + "
        "max(DS TTL 60, DNSKEY TTL 3600)",
    )


def test_keys_that_were_fetched_with_the_last_cached_ds_are_waited_for_too() -> None:
    ds, keys = Measure("DS TTL", 86_400), Measure("DNSKEY TTL", 3600)

    assert insecure_everywhere(WEDNESDAY, ds, keys) == Moment(
        at("2026-12-03T17:06:00Z"), "DS gone since 2026-12-02T16:06:00Z + DS TTL 86400 + DNSKEY TTL 3600"
    )


def test_each_ttl_of_dnssec_counts_for_a_week_and_what_is_unknown_is_named() -> None:
    ds, keys = Measure("DS TTL", 2_000_000), Measure("DNSKEY TTL", None, "nobody saw it")

    found = insecure_everywhere(WEDNESDAY, ds, keys)

    assert (found.at, found.unknown) == (WEDNESDAY + timedelta(days=7), ("DNSKEY TTL: nobody saw it",))
