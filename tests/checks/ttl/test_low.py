"""Whether the TTLs of the old zone are low enough, at every old server."""

import pytest

from migrator.checks.facts import Settings
from migrator.checks.ttl.low import apex_ns_low, largest, negative_low, records_low
from migrator.model.extras import Proxied, Weighted
from migrator.model.finding import Phase
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from providers.cloudflare.capabilities import CAPABILITIES as CLOUDFLARE
from providers.cloudflare.capabilities import of_plan
from tests.checks.build import (
    DOMAIN,
    NEW,
    OLD,
    answers,
    asked_by,
    facts,
    new_side,
    old_side,
    points,
    server,
    silent,
    told,
    with_extras,
    zone,
)
from tests.diffing import rrset

ONE, TWO = OLD
FIRST, SECOND = "ns1.old.example (198.51.100.1)", "ns2.old.example (198.51.100.2)"


def routed(**answered: str) -> ZoneSnapshot:
    """Return a zone that has the set `www 3600 A` once for each identifier."""
    sets = [
        rrset(f"www.example.test. 3600 A {address}", Weighted(1), variant=variant)
        for variant, address in answered.items()
    ]
    return assemble_rrsets(DOMAIN, [*zone().rrsets, *sets], source="test").snapshot


def test_the_largest_ttl_is_told_before_anything_is_lowered() -> None:
    slow = old_side("www 86400 A 192.0.2.1")

    assert told(points(largest, facts(slow, None, phase=Phase.PREPARE))) == [
        (
            f"pass example.test. TTL: The largest TTL is 86400 s (www.example.test. A at {FIRST}): once it "
            "is lowered everywhere, wait that long."
        )
    ]


def test_a_silent_old_server_leaves_the_largest_ttl_unchecked() -> None:
    quiet = [silent(TWO, what) for what in ("@ NS", "@ SOA")]

    assert told(points(largest, facts(phase=Phase.PREPARE), *quiet))[1:] == [
        f"unchecked {SECOND}: does not show the TTL of example.test. NS: timeout"
    ]


def test_an_apex_ns_set_of_an_hour_is_low_and_one_of_a_day_is_not() -> None:
    assert told(points(apex_ns_low, facts())) == ["pass example.test. NS: TTL 300 s."]
    high = [answers(name, "@ NS", *OLD, ttl=86_400) for name in OLD]
    assert told(points(apex_ns_low, facts(), *high)) == [
        "problem example.test. NS: TTL 86400 s at every old server; 3600 s at most were expected."
    ]


def test_an_apex_ns_set_whose_ttl_nobody_can_lower_is_a_notice_and_counts_after_the_switch() -> None:
    high = [answers(name, "@ NS", *OLD, ttl=86_400) for name in OLD]

    assert told(points(apex_ns_low, facts(old_side("", capabilities=CLOUDFLARE)), *high)) == [
        (
            "notice example.test. NS: TTL 86400 s at every old server, which nobody can lower: Cloudflare sets "
            "the TTL of the apex NS set itself. It counts after the switch."
        )
    ]
    (found,) = told(points(apex_ns_low, facts(old_side("", capabilities=of_plan("enterprise"))), *high))
    assert found.startswith("problem ")


def test_a_set_that_stands_behind_a_proxy_on_one_side_alone_changes() -> None:
    hidden = with_extras(zone("www 300 A 192.0.2.1"), "www A", Proxied())
    known = facts(old_side(hidden, capabilities=CLOUDFLARE), "www 300 A 192.0.2.1")

    assert told(points(records_low, known)) == ["pass www.example.test. A: TTL 300 s."]
    strict = facts(known.old, "www 300 A 192.0.2.1", settings=Settings(lowered_ttl=60))
    assert told(points(records_low, strict))[0] == (
        "warning www.example.test. A: TTL 300 s at every old server, which nobody can lower: Cloudflare chooses "
        "its TTL itself (automatic, or behind its proxy). It counts after the switch."
    )
    assert told(points(records_low, facts(hidden, hidden)))[0] == "not-needed: no data change with the move"


def test_one_old_server_that_is_behind_is_named() -> None:
    behind = answers(TWO, "@ NS", *OLD, ttl=86_400)

    assert told(points(apex_ns_low, facts(), behind)) == [
        f"problem example.test. NS: TTL 86400 s at {SECOND}; 3600 s at most were expected."
    ]


def test_a_record_that_changes_has_to_have_a_low_ttl_and_one_that_stays_not() -> None:
    old = "www 3600 A 192.0.2.1\nmail 3600 A 192.0.2.2\nnew 300 A 192.0.2.3"
    new = "www 300 A 192.0.2.9\nmail 300 A 192.0.2.2\nnew 300 A 192.0.2.4"

    assert told(points(records_low, facts(old, new))) == [
        "pass new.example.test. A: TTL 300 s.",
        "problem www.example.test. A: TTL 3600 s at every old server; 300 s at most were expected.",
        ("notice example.test. TTL: 1 set the same on both sides, with a TTL above 300 s: mail.example.test. A."),
    ]


def test_where_nothing_changes_no_record_has_to_be_lowered() -> None:
    assert told(points(records_low, facts("www A 192.0.2.1", "www A 192.0.2.1"))) == [
        "not-needed: no data change with the move"
    ]


def test_what_changes_is_known_only_with_both_zones() -> None:
    assert told(points(records_low, facts("www A 192.0.2.1", new_side(None)))) == [
        "unchecked example.test. TTL: what changes is not known: both zones have to be readable"
    ]


def test_live_servers_show_by_their_answers_what_changes() -> None:
    old = "www 3600 A 192.0.2.1\nmail 3600 A 192.0.2.2\n@ 3600 TXT one"
    live = new_side(None, unread="they do not list it", extra_servers=(server(NEW[0]), server(NEW[1])))
    other = answers(NEW[1], "www A", "192.0.2.9")
    same = [
        answers(name, what, data) for name in NEW for what, data in (("mail A", "192.0.2.2"), ("@ TXT", "one"))
    ]

    found = points(records_low, facts(old, live), answers(NEW[0], "www A", "192.0.2.1"), other, *same)

    assert (
        told(found)[0]
        == "problem www.example.test. A: TTL 3600 s at every old server; 300 s at most were expected."
    )
    assert [line.partition(":")[0] for line in told(found)[1:]] == ["notice example.test. TTL"]


def test_where_no_live_server_answers_for_a_set_it_counts_as_one_that_changes() -> None:
    live = new_side(None, extra_servers=(server(NEW[0]), server(NEW[1])))
    quiet = [silent(name, "www A") for name in NEW]

    assert told(points(records_low, facts("www 3600 A 192.0.2.1", live), *quiet)) == [
        "problem www.example.test. A: TTL 3600 s at every old server; 300 s at most were expected."
    ]


@pytest.mark.parametrize("check", [largest, apex_ns_low])
def test_without_old_servers_nothing_is_known(check: object) -> None:
    assert told(points(check, facts(old_side(hosts=()))))[0].startswith("unchecked example.test. ")  # type: ignore[arg-type]


def test_negative_answers_are_kept_for_an_hour_at_most() -> None:
    assert told(points(negative_low, facts()))[0] == f"pass {FIRST}: Negative answers are kept for 300 s."
    soa = f"{NEW[0]} host.new.example. 1 7200 900 1209600 86400"
    high = answers(NEW[0], "@ SOA", soa, ttl=86_400)
    assert told(points(negative_low, facts(), high))[2] == (
        "problem example.test at ns1.new.example (203.0.113.1): Answers that something does not exist are "
        "kept for 86400 s; 3600 s at most were expected."
    )
    assert told(points(negative_low, facts(), silent(ONE, "@ SOA")))[0] == f"unchecked {FIRST}: gives no SOA"


def test_what_is_at_or_below_a_cut_is_not_asked() -> None:
    old = zone("www A 192.0.2.1\nsub NS ns.sub\nns.sub A 192.0.2.2\na.b.sub A 192.0.2.3")
    asked = {str(ask.qname) for ask in asked_by(records_low, facts(old, "other A 192.0.2.9"))}  # type: ignore[union-attr]

    assert asked == {"example.test.", "www.example.test."}


def test_a_wildcard_that_changes_has_to_have_a_low_ttl() -> None:
    known = facts("* 86400 A 192.0.2.1", "* 300 A 192.0.2.2")

    assert told(points(records_low, known)) == [
        "problem *.example.test. A: TTL 86400 s at every old server; 300 s at most were expected."
    ]
    live = new_side(None, extra_servers=(server(NEW[0]), server(NEW[1])))
    replies = [answers(NEW[0], "* A", "192.0.2.1"), answers(NEW[1], "* A", "192.0.2.9")]
    assert told(points(records_low, facts(known.old, live), *replies)) == [
        "problem *.example.test. A: TTL 86400 s at every old server; 300 s at most were expected."
    ]


def test_routed_sets_that_change_have_to_have_low_ttls() -> None:
    old = routed(one="192.0.2.1", two="192.0.2.2")
    found = answers(ONE, "www A", "192.0.2.1", ttl=3600), answers(TWO, "www A", "192.0.2.2", ttl=3600)
    alike = routed(other="192.0.2.2", names="192.0.2.1")

    assert told(points(records_low, facts(old, "www 300 A 192.0.2.9"), *found)) == [
        "problem www.example.test. A: TTL 3600 s at every old server; 300 s at most were expected."
    ]
    assert told(points(records_low, facts(old, alike), *found)) == [
        "notice example.test. TTL: 1 set the same on both sides, with a TTL above 300 s: www.example.test. A."
    ]
    live = new_side(None, extra_servers=(server(NEW[0]), server(NEW[1])))
    one_of_both = [answers(NEW[0], "www A", "192.0.2.2"), answers(NEW[1], "www A", "192.0.2.1")]
    assert told(points(records_low, facts(old, live), *found, *one_of_both))[0].startswith("notice ")
    another = answers(NEW[1], "www A", "192.0.2.9")
    assert told(points(records_low, facts(old, live), *found, one_of_both[0], another))[0].startswith("problem ")


def test_a_delegation_that_changes_is_not_called_the_same() -> None:
    old = "sub 3600 NS ns.example.net.\nother 3600 NS ns.example.net."
    new = "sub 3600 NS ns.example.com.\nother 3600 NS ns.example.net."

    assert told(points(records_low, facts(old, new))) == [
        "notice example.test. TTL: 1 set the same on both sides, with a TTL above 300 s: other.example.test. NS."
    ]
