"""Since when TTLs are low at every old server, and until when caches hold longer ones. NOW is 2026-12-01 09:00."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from migrator.checks.facts import Facts, Kept, Settings
from migrator.checks.points import Passed, Problem, Unchecked
from migrator.checks.ttl.elapsed import elapsed
from migrator.model.delegation import WalkEnd
from migrator.model.observation import Silence
from providers.cloudflare.capabilities import CAPABILITIES as CLOUDFLARE
from tests.checks.build import (
    NOW,
    OLD,
    after,
    answers,
    asked_by,
    delegation,
    facts,
    history,
    old_side,
    parent,
    points,
    silent,
    told,
    zone,
)

ONE, TWO = OLD
DAY = 86_400
NS = "ns1.old.example. | ns2.old.example."
SOA = "ns1.old.example. hostmaster.old.example. 1 7200 900 1209600 300"


def looked(*looks: tuple[str, int, float, float], what: str = "@ NS") -> Any:
    """Return a history of `(server, ttl, first, last)` for the NS set, and a SOA with 300 s for two days."""
    rdatas = NS if what == "@ NS" else ""
    quiet = [(name, "@ SOA", 300, SOA, -2 * DAY, -1.0) for name in OLD]
    return history(*((name, what, ttl, rdatas, first, last) for name, ttl, first, last in looks), *quiet)


def known(*looks: tuple[str, int, float, float], **changes: Any) -> Facts:
    return facts(history=looked(*looks), **changes)


def stated(seconds: float) -> Settings:
    return Settings(ttl_lowered_at=after(seconds))


def moments(found: list[Any]) -> list[datetime | None]:
    return [point.not_before for point in found]


def test_a_low_ttl_seen_for_longer_than_the_former_one_passes() -> None:
    looks = [
        (name, ttl, *when) for name in OLD for ttl, when in ((DAY, (-3 * DAY, -2 * DAY)), (300, (-1.5 * DAY, 0)))
    ]
    (found,) = points(elapsed, known(*looks))

    assert told([found]) == [
        "pass example.test. TTL: Past since 2026-12-01T08:00:00Z".replace("2026-12-01T08", "2026-11-30T21")
        + ": example.test. NS at ns1.old.example (198.51.100.1) lower TTL first seen 2026-11-29T21:00:00Z + 86400."
    ]
    assert moments([found]) == [after(-0.5 * DAY)]


def test_the_slowest_old_server_counts() -> None:
    (found,) = points(
        elapsed,
        known(
            (ONE, DAY, -3 * DAY, -2 * DAY),
            (ONE, 300, -1.5 * DAY, -1),
            (TWO, DAY, -3 * DAY, -100),
            (TWO, 300, -50, -1),
        ),
    )

    assert isinstance(found, Problem)
    assert found.message == (
        "Caches can hold a longer TTL until 2026-12-02T08:59:10Z: example.test. NS at ns2.old.example "
        "(198.51.100.2) lower TTL first seen 2026-12-01T08:59:10Z + 86400."
    )
    assert found.not_before == after(DAY - 50)
    assert found.severity is None


def test_a_former_ttl_counts_for_a_week_at_most() -> None:
    looks = [
        (name, ttl, *when) for name in OLD for ttl, when in ((9 * DAY, (-9 * DAY, -8 * DAY)), (300, (-8 * DAY, 0)))
    ]

    (found,) = points(elapsed, known(*looks))
    assert moments([found]) == [after(-DAY)]
    assert told([found])[0].endswith(f"first seen 2026-11-23T09:00:00Z + {9 * DAY} (counted as 604800).")


def test_without_an_earlier_look_it_cannot_be_shown_yet() -> None:
    (found,) = points(elapsed, facts(old_side("@ NS ns1.old.example.\n@ NS ns2.old.example.")))

    assert isinstance(found, Unchecked)
    assert found.reason.startswith("cannot be shown yet: no earlier look at ")
    assert found.not_before == after(300)
    assert "--ttl-lowered-at" in found.remedy


def test_a_first_look_that_saw_low_ttls_is_the_beginning() -> None:
    found = points(elapsed, known((ONE, 300, -400, -1), (TWO, 300, -350, -1)))

    assert told(found) == [
        (
            "pass example.test. TTL: Past since 2026-12-01T08:59:10Z: example.test. NS at ns2.old.example "
            "(198.51.100.2) first seen 2026-12-01T08:54:10Z + 300."
        ),
        (
            "notice example.test. TTL: What the old servers handed out before 2026-11-29T09:00:00Z, the "
            "first look, is not known."
        ),
    ]


def at_cloudflare(text: str = "") -> Any:
    return old_side(text, capabilities=CLOUDFLARE)


def long_ns() -> list[Any]:
    return [answers(name, "@ NS", *OLD, ttl=DAY) for name in OLD]


def test_a_ttl_that_nobody_can_lower_is_not_waited_for_before_the_switch() -> None:
    """With looks and without: the provider hands the same set out until the switch, and it counts from there."""
    looks = [(name, DAY, -400.0, -1.0) for name in OLD]

    found = points(elapsed, facts(at_cloudflare(), history=looked(*looks)), *long_ns())
    assert [line.partition(":")[0] for line in told(found)] == [
        "pass example.test. TTL",
        "notice example.test. TTL",
    ]
    sets = [*long_ns(), *(answers(name, "@ SOA", SOA, ttl=3600) for name in OLD)]
    assert told(points(elapsed, facts(at_cloudflare()), *sets)) == [
        (
            "pass example.test. TTL: Nothing was lowered that caches would still hold. example.test. NS stays at "
            "86400 s, since Cloudflare sets the TTL of the apex NS set itself: that counts after the switch."
        )
    ]


def test_a_longer_ttl_that_was_seen_is_waited_for_though_nobody_can_lower_it() -> None:
    looks = [
        (name, ttl, *when)
        for name in OLD
        for ttl, when in ((2 * DAY, (-3 * DAY, -DAY)), (DAY, (-0.5 * DAY, -1.0)))
    ]
    found = points(elapsed, facts(at_cloudflare(), history=looked(*looks)), *long_ns())

    assert (told(found)[0].partition(":")[0], moments(found)[0]) == ("problem example.test. NS", after(1.5 * DAY))


def test_what_was_lowered_is_waited_for_beside_what_nobody_can_lower() -> None:
    records = history(
        *((name, "www A", 3600, "192.0.2.1", -2 * DAY, -60) for name in OLD),
        *((name, "www A", 300, "192.0.2.1", -50, -1) for name in OLD),
    )
    moved = facts(at_cloudflare("www 300 A 192.0.2.1"), "www 300 A 192.0.2.9", history=records)
    found = points(elapsed, moved, *long_ns())

    assert moments(found)[0] == after(3550)


def test_a_first_look_a_moment_ago_is_too_early() -> None:
    found = points(elapsed, known((ONE, 300, -100, -1), (TWO, 300, -90, -1)))

    assert moments(found) == [after(210), None]
    assert isinstance(found[0], Problem)


def test_what_is_stated_counts_and_is_said_to_be_no_evidence() -> None:
    found = points(elapsed, facts(settings=stated(-7200)))

    assert told(found)[0].startswith("pass example.test. TTL: Past since 2026-12-01T07:05:00Z")
    assert told(found)[1] == (
        "warning example.test. TTL: That the TTLs were lowered at 2026-12-01T07:00:00Z is stated, and was "
        "not seen; nor was how long they were before."
    )


def test_a_statement_does_not_outweigh_what_was_seen_after_it() -> None:
    looks = [(name, ttl, *when) for name in OLD for ttl, when in ((DAY, (-3 * DAY, -600)), (300, (-60, -1)))]
    found = points(elapsed, known(*looks, settings=stated(-2 * DAY)))

    assert moments(found)[:1] == [after(DAY - 60)]


def test_a_statement_between_two_looks_is_believed() -> None:
    looks = [(name, ttl, *when) for name in OLD for ttl, when in ((3600, (-3 * DAY, -7200)), (300, (-60, -1)))]

    assert moments(points(elapsed, known(*looks, settings=stated(-5400)))) == [after(-1800), None]


def test_the_ttl_of_the_export_is_the_former_one_where_nobody_saw_it_served() -> None:
    exported = old_side("@ 3600 NS ns1.old.example.\n@ 3600 NS ns2.old.example.")
    served = [answers(name, "@ NS", *OLD, ttl=300) for name in OLD]
    found = points(elapsed, known((ONE, 300, -600, -1), (TWO, 300, -600, -1), old=exported), *served)

    assert moments(found)[:1] == [after(3000)]
    assert "(as exported)" in told(found)[0]


@pytest.mark.parametrize(
    ("lowered", "taken", "end"),
    [(None, -2 * DAY, 3000), (-1800, -2 * DAY, 1800), (-2 * DAY, -1200, 2400), (-2 * DAY, -3 * DAY, None)],
    ids=["seen", "stated", "stated, and refuted by the backup", "stated long ago"],
)
def test_the_ttl_of_the_backup_is_the_former_one_where_nobody_saw_it_served(
    lowered: float | None, taken: float, end: float | None
) -> None:
    kept = Kept("backups/x", after(taken), zone("@ 3600 NS ns1.old.example.\n@ 3600 NS ns2.old.example."))
    settings = Settings() if lowered is None else stated(lowered)
    found = points(elapsed, known((ONE, 300, -600, -1), (TWO, 300, -600, -1), backup=kept, settings=settings))

    assert moments(found)[:1] == [after(-2 * DAY + 3600) if end is None else after(end)]
    assert "(as exported)" in told(found)[0]
    assert told(found)[0].startswith("pass" if end is None else "problem")


def test_records_that_change_are_waited_for_and_those_that_stay_are_not() -> None:
    old, new = "www A 192.0.2.1\nmail A 192.0.2.2", "www A 192.0.2.9\nmail A 192.0.2.2"
    asked = {str(ask.qname) for ask in asked_by(elapsed, facts(old, new))}  # type: ignore[union-attr]

    assert asked == {"example.test.", "www.example.test."}


def test_a_resolver_that_holds_it_for_longer_disproves_the_rest() -> None:
    looks = [(name, 300, -DAY, -1.0) for name in OLD]
    held = answers("resolver", "@ SOA", SOA, ttl=5000, authoritative=False, dnssec_ok=False)
    found = points(elapsed, known(*looks), held)

    (disproof,) = [point for point in found if isinstance(point, Problem) and point.severity is None]
    assert disproof.message == (
        "Resolver (192.0.2.53) still holds it for 5000 s; the old servers hand out 300 s, so that a longer "
        "TTL was handed out not long ago."
    )
    assert disproof.not_before == after(5000)


def test_a_resolver_disproves_the_rest_until_what_it_held_has_run_out() -> None:
    looks = [(name, 300, -DAY, -1.0) for name in OLD]
    held = answers("resolver", "@ SOA", SOA, ttl=301, authoritative=False, dnssec_ok=False)

    ends = [
        [
            point.not_before
            for point in points(elapsed, known(*looks, now=after(seconds)), held)
            if isinstance(point, Problem) and not point.severity
        ]
        for seconds in (300, 301)
    ]

    assert ends == [[after(301)], []]


def test_a_resolver_that_has_the_new_side_s_answer_disproves_nothing() -> None:
    looks = [(name, 300, -DAY, -1.0) for name in OLD]
    new = "ns1.new.example. hostmaster.new.example. 1 7200 900 1209600 300"
    held = answers("resolver", "@ SOA", new, ttl=5000, authoritative=False, dnssec_ok=False)

    assert not [
        point
        for point in points(elapsed, known(*looks), held)
        if isinstance(point, Problem) and not point.severity
    ]


def test_a_silent_old_server_is_unchecked() -> None:
    looks = [(name, 300, -DAY, -1.0) for name in OLD]
    found = points(elapsed, known(*looks), silent(TWO, "@ NS"), silent(TWO, "@ SOA"))

    assert told(found)[0] == "unchecked ns2.old.example (198.51.100.2): does not show its TTLs: timeout"
    assert any(isinstance(point, Passed) for point in found)


def test_a_changing_record_that_an_old_server_does_not_answer_is_unchecked() -> None:
    looks = [(name, 300, -DAY, -1.0) for name in OLD]
    quiet = [silent(name, "www A") for name in OLD]
    found = told(points(elapsed, known(*looks, old="www A 192.0.2.1", new="www A 192.0.2.9"), *quiet))

    assert found[:2] == [
        "unchecked ns1.old.example (198.51.100.1): does not show its TTLs: timeout",
        "unchecked ns2.old.example (198.51.100.2): does not show its TTLs: timeout",
    ]


@pytest.mark.parametrize("side", [old_side(hosts=())])
def test_without_old_servers_nothing_is_known(side: Any) -> None:
    assert told(points(elapsed, facts(side))) == [
        "unchecked example.test. TTL: no address of an old name server is known: --from names them"
    ]


def test_a_parent_that_could_not_be_asked_does_not_make_the_old_servers_unknown_for_good() -> None:
    unasked = delegation(parent(1, Silence.TIMEOUT), end=WalkEnd.UNREACHABLE)

    (said,) = told(points(elapsed, facts(old_side(hosts=(), names=()), delegation=unasked)))

    assert said == (
        "unchecked example.test. TTL: no old name server is known, and the parent could not be asked: try again, "
        "or --from names them"
    )


def test_the_clock_is_the_one_of_the_facts() -> None:
    looks = [(name, ttl, *when) for name in OLD for ttl, when in ((DAY, (-3 * DAY, -2 * DAY)), (300, (-600, -1)))]
    early = known(*looks)

    assert isinstance(points(elapsed, early)[0], Problem)
    assert isinstance(points(elapsed, replace(early, now=NOW.replace(day=3)))[0], Passed)
