"""Glue for name servers inside the domain, and the size of referrals."""

from dataclasses import replace

from migrator.checks.delegation.glue import glue, referral_size
from migrator.checks.facts import Facts
from migrator.cutover.look import Host, HostState, Side
from migrator.model.finding import Phase
from migrator.model.names import absolute
from migrator.model.observation import Silence
from tests.checks.build import delegation, facts, new_side, old_side, parent, points, told
from tests.cutover.build import names, rrset

INSIDE = ("ns1.example.test.", "ns2.example.test.")
ZONE = "@ NS ns1\n@ NS ns2\nns1 A 203.0.113.1\nns2 A 203.0.113.2"


def inside(phase: Phase, *addresses: str) -> Facts:
    """Return facts of a new side whose name servers are in the domain, and glue with these addresses."""
    hosts = tuple(
        Host(absolute(name), Side.NEW, HostState.FOUND, (f"203.0.113.{number}",))
        for number, name in enumerate(INSIDE, 1)
    )
    side = new_side(ZONE, names=names(*INSIDE), hosts=hosts)
    given = [rrset(absolute(name), "A", 300, address) for name, address in zip(INSIDE, addresses, strict=False)]
    listed = delegation(listed=INSIDE, glue=given) if phase is Phase.SETTLE else delegation()
    return facts("", side, phase=phase, delegation=listed)


def test_name_servers_in_other_domains_need_no_glue() -> None:
    assert told(points(glue, facts())) == ["not-needed: no name server is inside the domain"]


def test_glue_that_agrees_with_the_zone_passes() -> None:
    assert told(points(glue, inside(Phase.SETTLE, "203.0.113.1", "203.0.113.2"))) == [
        (
            "pass example.test. NS: Glue and addresses agree, as far as the parent lists ns1.example.test, "
            "ns2.example.test."
        )
    ]


def test_glue_that_the_parent_does_not_have_yet_agrees_with_nothing() -> None:
    found = told(points(glue, inside(Phase.READY)))

    assert [line.partition(" ")[0] for line in found] == ["notice", "notice"]


def test_glue_that_differs_or_is_missing_fails() -> None:
    assert told(points(glue, inside(Phase.SETTLE, "192.0.2.77"))) == [
        (
            "error ns1.example.test.: The parent hands out 192.0.2.77, the name servers say 203.0.113.1; the same "
            "addresses were expected."
        ),
        (
            "error ns2.example.test.: The parent hands out no address for a name server inside the domain; "
            "without glue nobody finds it."
        ),
    ]


def test_what_no_server_of_the_parent_shows_is_no_glue_that_agrees() -> None:
    known, silent = inside(Phase.SETTLE, "203.0.113.1", "203.0.113.2"), parent(2, Silence.TIMEOUT)
    assert known.delegation is not None

    assert told(points(glue, replace(known, delegation=delegation(silent)))) == [
        "unchecked b.nic.test (192.0.2.2): does not show the delegation: timeout"
    ]
    assert told(points(glue, replace(known, delegation=delegation(known.delegation.views[0], silent)))) == [
        (
            "pass example.test. NS: Glue and addresses agree, as far as the parent lists ns1.example.test, "
            "ns2.example.test."
        ),
        "unchecked b.nic.test (192.0.2.2): does not show the delegation: timeout",
    ]
    assert told(points(glue, replace(known, delegation=replace(known.delegation, views=())))) == [
        "unchecked example.test. NS: no server of the parent could be asked"
    ]


def test_glue_of_name_servers_in_a_zone_below_is_compared_with_that_of_the_zone() -> None:
    below = ("ns1.sub.example.test.", "ns2.sub.example.test.")
    hosts = tuple(
        Host(absolute(name), Side.NEW, HostState.FOUND, (f"203.0.113.{number}",))
        for number, name in enumerate(below, 1)
    )
    zone = (
        "@ NS ns1.sub\n@ NS ns2.sub\nsub NS ns1.sub\nsub NS ns2.sub\nns1.sub A 203.0.113.1\nns2.sub A 203.0.113.2"
    )
    side = new_side(zone, names=names(*below), hosts=hosts)

    def judged(*addresses: str) -> list[str]:
        given = [rrset(absolute(name), "A", 300, address) for name, address in zip(below, addresses, strict=True)]
        listed = delegation(listed=below, glue=given)
        return told(points(glue, facts("", side, phase=Phase.SETTLE, delegation=listed)))

    assert judged("203.0.113.1", "203.0.113.9") == [
        (
            "error ns2.sub.example.test.: The parent hands out 203.0.113.9, the name servers say 203.0.113.2; the "
            "same addresses were expected."
        )
    ]
    assert judged("203.0.113.1", "203.0.113.2")[0].startswith("pass ")


def test_glue_that_will_be_needed_is_named_before_the_switch() -> None:
    assert told(points(glue, inside(Phase.READY))) == [
        (
            "notice ns1.example.test.: The new name server is inside the domain and the parent does not list it "
            "yet: it will need glue."
        ),
        (
            "notice ns2.example.test.: The new name server is inside the domain and the parent does not list it "
            "yet: it will need glue."
        ),
    ]


def test_glue_of_name_servers_that_are_left_is_compared_with_what_they_say_themselves() -> None:
    there = tuple(
        Host(absolute(name), Side.OLD, HostState.FOUND, (f"198.51.100.{number}",))
        for number, name in enumerate(INSIDE, 1)
    )
    zone = "@ NS ns1\n@ NS ns2\nns1 A 198.51.100.1\nns2 A 198.51.100.2"
    side = old_side(zone, names=names(*INSIDE), hosts=there)

    def judged(*addresses: str) -> list[str]:
        given = [rrset(absolute(name), "A", 300, address) for name, address in zip(INSIDE, addresses, strict=True)]
        listed = delegation(listed=INSIDE, glue=given)
        return told(points(glue, facts(side, phase=Phase.READY, delegation=listed)))

    assert judged("198.51.100.1", "198.51.100.2") == [
        (
            "pass example.test. NS: Glue and addresses agree, as far as the parent lists ns1.example.test, "
            "ns2.example.test."
        )
    ]
    assert judged("198.51.100.1", "198.51.100.9") == [
        (
            "warning ns2.example.test.: The parent hands out 198.51.100.9, the name servers say 198.51.100.2; the "
            "same addresses were expected."
        )
    ]


def test_a_referral_with_few_names_fits_and_one_with_many_long_ones_does_not() -> None:
    long = names(*(f"{'n' * 50}{number}.{'p' * 60}.example." for number in range(6)))

    assert told(points(referral_size, facts())) == ["pass example.test. NS: A referral takes 318 octets."]
    assert told(points(referral_size, facts(new=new_side(names=long))))[0].startswith("problem example.test. NS:")
    assert told(points(referral_size, facts(new=new_side(names=())))) == [
        "not-needed: no set of name servers is known"
    ]


def test_names_that_stay_get_other_glue_at_the_switch() -> None:
    known = inside(Phase.READY)
    there = tuple(Host(absolute(name), Side.OLD, HostState.FOUND, ("198.51.100.1",)) for name in INSIDE)
    staying = replace(known, old=replace(known.old, names=names(*INSIDE), hosts=there))

    assert told(points(glue, staying)) == [
        (
            f"notice {name}: The name server keeps its name and moves to 203.0.113.{number}: the glue changes at "
            "the switch."
        )
        for number, name in enumerate(INSIDE, 1)
    ]
