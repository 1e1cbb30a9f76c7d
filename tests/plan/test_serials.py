"""The serial of a zone file: later than the file's and the source's, with every change and without any other."""

import pytest

from migrator.model.change import Change, Create, Replace
from migrator.model.loss import Fate
from migrator.model.rrset import RRset
from migrator.model.serials import serial_of, with_serial
from migrator.model.zone import ZoneSnapshot
from migrator.plan import Choices, Deletions, Plan, Sides, make_plan, propose
from migrator.plan.serials import Serial, is_sealed, serial_findings
from migrator.plan.undo import undo_in_file
from migrator.zonefile.capabilities import ZONE_FILE
from tests.snapshots import NS, SOA, rrset, zone
from tests.translate.targets import ROUTE53

A, A2 = rrset("www", "A", "192.0.2.1"), rrset("www", "A", "192.0.2.2")
SIGNED = rrset("@", "RRSIG", "SOA 13 2 900 20300101000000 20260101000000 1 example.org. AAAA")
DIGEST = rrset("@", "ZONEMD", f"5 1 1 {'ab' * 48}")


def at(serial: int, *rrsets: RRset) -> ZoneSnapshot:
    return zone(soa(serial), NS, *rrsets, bare=True)


def soa(serial: int) -> RRset:
    return with_serial(SOA, serial)


def plan(existing: ZoneSnapshot | None, desired: ZoneSnapshot) -> Plan:
    return make_plan(existing, desired, ZONE_FILE, deletions=Deletions(all=True))


TWO = rrset("@", "SOA", *(f"ns{n}.example.net. hostmaster {n} 7200 900 1209600 300" for n in (1, 2)))
WRITTEN: dict[str, tuple[ZoneSnapshot, ZoneSnapshot, int | None]] = {
    "a file with a later serial": (at(2026112209, A), at(5, A2), 2026112210),
    "a source with a later serial": (at(5, A), at(2026112209, A2), 2026112210),
    "the same serial": (at(5, A), at(5, A2), 6),
    "a serial after the last one": (at(2**32 - 1, A), at(2**32 - 5, A2), 1),
    "a source that has gone round": (at(2**32 - 5, A), at(3, A2), 4),
    "a file with nothing but SOA and NS": (at(1), at(5, A), 6),
    "a source without an SOA": (at(5, A), zone(NS, A2, bare=True), 6),
    "a serial alone": (at(5, A), at(9, A), None),
    "nothing": (at(5, A), at(5, A), None),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_what_is_written_is_later_than_the_files_and_the_sources(case: str) -> None:
    existing, desired, serial = WRITTEN[case]
    found = plan(existing, desired)
    again = plan(found.goal, desired)

    assert (found.serial and found.serial.planned) == serial
    assert serial_of(found.goal.apex(SOA.rdtype)) == (serial or serial_of(existing.apex(SOA.rdtype)))
    assert bool(found.changes) is (serial is not None)
    assert (again.changes, again.serial, list(serial_findings("example.org.", found.serial))) == ((), None, [])


@pytest.mark.parametrize(
    "existing",
    [None, zone(bare=True), zone(NS, bare=True), zone(TWO, NS, bare=True)],
    ids=["no file", "an empty file", "no SOA", "two SOA records"],
)
def test_a_file_without_a_serial_gets_the_sources(existing: ZoneSnapshot | None) -> None:
    found = plan(existing, at(5, A))

    assert (serial_of(found.goal.apex(SOA.rdtype)), found.serial) == (5, None)


def test_a_provider_counts_its_serial_itself() -> None:
    found = make_plan(at(9, A), at(5, A2), ROUTE53)

    assert (found.changes, found.serial) == ((Replace(A, A2), Replace(soa(9), soa(5))), None)


def test_what_else_differs_in_the_soa_comes_with_a_later_serial() -> None:
    other = rrset("@", "SOA", "ns9.example.net. hostmaster 1 7200 900 1209600 300", ttl=900)
    found = plan(at(7, A), zone(other, NS, A, bare=True))

    assert found.changes == (Replace(soa(7), with_serial(other, 8)),)
    assert (found.same, found.kept) == (2, ())


def test_an_soa_that_was_the_same_is_counted_as_changed() -> None:
    found = plan(at(7, A), at(7, A2))

    assert (set(found.changes), found.same) == ({Replace(A, A2), Replace(soa(7), soa(8))}, 1)
    assert plan(at(7, A), zone(NS, A2, bare=True)).same == 1


def test_the_ledger_says_that_the_serial_is_another() -> None:
    found = propose(Sides(at(5, A), at(4, A2), ZONE_FILE), Choices())

    assert [(entry.fate, entry.reason[:10]) for entry in found.ledger if entry.key == SOA.key] == [
        (Fate.TRANSLATED, "The serial")
    ]
    assert found.counts.unaccounted == 0


def test_where_no_serial_is_later_than_both_the_files_counts_and_a_warning_says_so() -> None:
    found = propose(Sides(at(2**31 + 1, A), at(1, A2), ZONE_FILE), Choices())

    assert found.plan.serial == Serial(1, 2**31 + 1, 2)
    assert [(each.check, "2147483649, as in" in each.message) for each in found.target_findings] == [
        ("import.serial-not-later", True)
    ]


@pytest.mark.parametrize("seal", [SIGNED, DIGEST], ids=["a signature", "a digest"])
def test_an_soa_that_is_signed_is_written_as_it_is(seal: RRset) -> None:
    """A serial that is counted on breaks the signature, by which all that is denied is proved."""
    fresh, newer = plan(None, at(5, A, seal)), plan(at(4, A, seal), at(5, A2, seal))
    older = propose(Sides(at(5, A2, seal), at(9, A, seal), ZONE_FILE), Choices())

    assert is_sealed(at(5, seal))
    assert Create(soa(5)) in fresh.changes
    assert (fresh.serial, newer.serial) == (None, Serial(4, 5, 5, True))
    assert older.plan.serial == Serial(9, 5, 5, True)
    assert ["the file has 9" in found.message for found in older.target_findings] == [True]
    assert plan(older.plan.goal, at(5, A2, seal)).changes == ()


def test_a_signature_of_another_set_seals_no_soa() -> None:
    other = rrset("@", "RRSIG", "NS 13 2 900 20300101000000 20260101000000 1 example.org. AAAA")

    assert not is_sealed(zone(other))


def back(done: Plan, present: ZoneSnapshot) -> tuple[tuple[Change, ...], Serial | None, int]:
    found = undo_in_file([done.changes], present)
    again = undo_in_file([done.changes], found.goal)
    assert (again.changes, again.serial, again.returned) == ((), None, len(done.changes))
    return found.changes, found.serial, found.returned


def test_the_way_back_does_not_lower_the_serial() -> None:
    done = plan(at(9, A), at(5, A2))

    changes, serial, returned = back(done, done.goal)
    assert set(changes) == {Replace(A2, A), Replace(soa(10), soa(11))}
    assert (serial, returned) == (Serial(10, 9, 11), 0)


def test_the_way_back_from_what_lowered_the_serial_is_later_than_before() -> None:
    """Journals of an earlier version of the program have such imports."""
    done = make_plan(at(9, A), at(5, A2), ROUTE53)

    assert back(done, at(5, A2))[1] == Serial(5, 9, 10)
    assert back(make_plan(at(9, A), at(9, A2), ROUTE53), at(9, A2))[1] == Serial(9, 9, 10)


def test_a_file_that_the_import_made_goes_as_a_whole() -> None:
    done = plan(None, at(5, A))
    found = undo_in_file([done.changes], done.goal)

    assert (found.goal.rrsets, found.serial) == ((), None)


def test_the_way_back_to_a_signed_zone_has_its_soa_and_a_warning() -> None:
    done = plan(at(9, A, SIGNED), at(5, A2))

    changes, serial, _ = back(done, done.goal)
    assert Replace(soa(10), soa(9)) in changes
    assert serial == Serial(10, 9, 9, True)
    assert len([*serial_findings("example.org.", serial)]) == 1
