"""TTLs that nobody can lower, that differ inside a set, that stayed low; and the day of the switch."""

from dataclasses import replace

from migrator.checks.ttl.others import parent, raised_again, uniform, window
from migrator.model.finding import Phase
from migrator.model.observation import Silence
from tests.checks.build import NEW, OLD, after, answers, delegation, facts, new_side, points, silent, told
from tests.checks.build import parent as view

DAY = 86_400


def test_the_parents_ttls_are_to_be_planned_in() -> None:
    seen = delegation(listed=OLD, ttl=172_800, ds=["1 13 2 " + "00" * 32])

    assert told(points(parent, facts(phase=Phase.PREPARE, delegation=seen))) == [
        (
            "pass example.test. NS: The parent sets NS 172800 s, DS 172800 s; nobody can lower it: plan "
            "172800 s of serving the zone on both sides."
        )
    ]


def test_without_a_parent_its_ttl_is_not_known() -> None:
    seen = delegation(view(1, Silence.TIMEOUT))

    assert told(points(parent, facts(phase=Phase.PREPARE, delegation=seen))) == [
        "unchecked example.test. NS: no server of the parent gave the delegation"
    ]


def test_one_ttl_a_set() -> None:
    assert told(points(uniform, facts(new="www A 192.0.2.1\nwww A 192.0.2.2"))) == [
        "pass example.test.: 3 sets with one TTL each."
    ]


def test_a_set_with_two_ttls_warns() -> None:
    assert told(points(uniform, facts(new="www 300 A 192.0.2.1\nwww 600 A 192.0.2.2"))) == [
        (
            "problem www.example.test. A: The records of the set have different TTLs, 300 s being the "
            "smallest; one was expected."
        )
    ]


def test_signatures_have_the_ttls_of_what_they_sign() -> None:
    one = "@ 300 RRSIG {} 13 2 300 20300101000000 20200101000000 1 example.test. AAAA"
    two = "@ 60 RRSIG {} 13 2 60 20300101000000 20200101000000 1 example.test. AAAA"
    signed = f"{one.format('SOA')}\n{two.format('NSEC')}"

    assert told(points(uniform, facts(new=signed))) == ["pass example.test.: 3 sets with one TTL each."]


def test_a_zone_that_cannot_be_read_is_unchecked() -> None:
    assert told(points(uniform, facts(new=new_side(None, unread="the file is gone")))) == [
        "unchecked example.test.: the file is gone"
    ]


def test_ttls_are_raised_again_at_the_end() -> None:
    raised = [answers(name, "@ NS", *NEW, ttl=DAY) for name in NEW]
    closing = facts(phase=Phase.CLOSE)

    assert told(points(raised_again, closing, *raised))[::2] == [
        "pass example.test. NS at ns1.new.example (203.0.113.1): TTL 86400 s.",
        "pass example.test. NS at ns2.new.example (203.0.113.2): TTL 86400 s.",
    ]
    assert told(points(raised_again, closing, silent(NEW[1], "@ NS")))[::2] == [
        (
            "problem example.test. NS at ns1.new.example (203.0.113.1): TTL 300 s, as lowered for the "
            "move; an hour or more was expected."
        ),
        "unchecked example.test. NS at ns2.new.example (203.0.113.2): the server does not give it",
    ]
    assert told(points(raised_again, facts(new=None, phase=Phase.CLOSE))) == [
        "not-needed: the new side is not known: --to names it"
    ]
    assert told(points(raised_again, facts(new=new_side(hosts=()), phase=Phase.CLOSE))) == [
        "unchecked example.test.: no address of a new name server is known"
    ]


def test_a_friday_is_a_notice_only() -> None:
    tuesday = facts()

    assert told(points(window, tuesday)) == ["pass example.test.: Today is Tuesday."]
    assert told(points(window, replace(tuesday, now=after(3 * DAY)))) == [
        "problem example.test.: Today is Friday; a working day is a better moment."
    ]
    assert window.severity == "notice"
