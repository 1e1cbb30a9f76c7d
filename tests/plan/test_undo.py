"""The way back: what the import changed returns, what somebody changed since is left alone."""

from dataclasses import replace

from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import Alias, Flattened
from migrator.model.names import absolute
from migrator.plan.undo import Since, undo
from tests.snapshots import NS, SOA, rrset, zone

A, A2, A3 = (rrset("www", "A", f"192.0.2.{n}") for n in (1, 2, 3))
TXT = rrset("t", "TXT", '"x"')
THEIRS = rrset("t", "TXT", '"theirs"')
OLD = rrset("old", "A", "192.0.2.9")
A9, OTHER = (rrset("api", "A", f"192.0.2.{n}") for n in (9, 10))


def test_each_kind_of_change_has_its_way_back() -> None:
    undoing = undo([(Create(TXT), Replace(A, A2), Delete(OLD))], zone(TXT, A2))

    assert undoing.changes == (Create(OLD), Replace(A2, A), Delete(TXT))
    assert undoing.goal.rrsets == zone(A, OLD).rrsets
    assert (undoing.since, undoing.returned) == ((), 0)


def test_what_was_never_carried_out_needs_no_way_back() -> None:
    undoing = undo([(Create(TXT), Replace(A, A2), Delete(OLD))], zone(A, OLD))

    assert (undoing.changes, undoing.returned) == ((), 3)


def test_what_somebody_changed_since_is_listed_and_left_alone() -> None:
    undoing = undo([(Create(TXT), Replace(A, A2))], zone(TXT, A3))

    assert undoing.changes == (Delete(TXT),)
    assert undoing.since == (Since(A.key, A, A2, A3),)


def test_what_somebody_removed_since_is_listed_too() -> None:
    assert undo([(Replace(A, A2),)], zone()).since == (Since(A.key, A, A2, None),)


def test_an_import_of_several_runs_goes_back_to_before_the_first() -> None:
    runs = [(Create(TXT), Replace(A, A2)), (Replace(A2, A3),)]

    assert undo(runs, zone(TXT, A3)).changes == (Replace(A3, A), Delete(TXT))
    assert undo(runs, zone(TXT, A2)).changes == (Replace(A2, A), Delete(TXT))


def test_what_somebody_wrote_between_two_runs_of_an_import_returns() -> None:
    runs: list[tuple[Change, ...]] = [(Replace(A, A2), Create(TXT)), (Replace(A3, A2), Replace(THEIRS, TXT))]

    assert undo(runs, zone(A2, TXT)).changes == (Replace(A2, A3), Replace(TXT, THEIRS))
    assert undo(runs, zone(A3, THEIRS)).changes == ()


def test_what_a_run_left_half_done_is_nobody_s_work() -> None:
    before, half, after = (rrset("www", "A", *(f"192.0.2.{n}" for n in ns)) for ns in ((1, 2), (2, 3), (3, 4)))
    runs: list[tuple[Change, ...]] = [
        (Replace(before, after), Replace(A9, OTHER)),
        (Replace(half, after), Create(OTHER)),
    ]

    assert undo(runs, zone(after, OTHER)).changes == (Replace(OTHER, A9), Replace(after, before))


def test_ttls_that_were_changed_between_two_runs_are_nobody_s_work() -> None:
    runs = [(Replace(A, A2),), (Replace(replace(A2, ttl=60), A3),)]

    assert undo(runs, zone(A3)).changes == (Replace(A3, A),)


def test_an_alias_that_somebody_made_between_two_runs_returns() -> None:
    alias = replace(A, rdatas=(), extras=(Alias(absolute("cdn.example.net")),))
    runs = [(Replace(A, A2),), (Replace(alias, A2),)]

    assert undo(runs, zone(A2)).changes == (Replace(A2, alias),)


def test_a_serial_that_went_on_is_no_change_of_somebody() -> None:
    theirs = rrset("@", "SOA", "ns1.example.net. hostmaster 1 100 900 1209600 300", ttl=900)
    counted_on = rrset("@", "SOA", "ns1.example.net. hostmaster 7 100 900 1209600 300", ttl=900)
    undoing = undo([(Replace(SOA, theirs),)], zone(counted_on, NS, bare=True))

    assert undoing.changes == (Replace(counted_on, SOA),)
    assert undoing.since == ()
    assert replace(undoing.goal, source="") == zone()


def test_a_cname_that_the_provider_answers_as_addresses_is_no_change_of_somebody() -> None:
    cname = rrset("@", "CNAME", "a.example.net.")
    flattened, other = (rrset("@", "CNAME", target, extras=(Flattened(),)) for target in ("a.example.net.", "b."))

    assert undo([(Create(cname),)], zone(flattened)).changes == (Delete(flattened),)
    assert undo([(Create(cname),)], zone(other)).since == (Since(cname.key, None, cname, other),)
