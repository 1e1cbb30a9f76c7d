"""A zone file as a target: written whole or not at all, and never over what somebody else wrote."""

import os
import tempfile
from pathlib import Path

import pytest
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.errors import InputError, ProviderError
from migrator.interfaces import Outcome
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.locator import Locator
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from migrator.plan import Deletions, make_plan, says_all
from migrator.zonefile.capabilities import ZONE_FILE
from providers import load
from providers.zonefile import open_reader, open_writer
from providers.zonefile_writer import Writer
from tests import strategies
from tests.providers.contract import ENVIRONMENT
from tests.snapshots import NS, ORIGIN, SOA, rrset

A, A2 = rrset("www", "A", "192.0.2.1"), rrset("www", "A", "192.0.2.2")
TXT = rrset("t", "TXT", '"x"')


def locator(path: Path, **options: str) -> Locator:
    return Locator("file", str(path), path=str(path), options={"origin": "example.org"} | options)


def written(path: Path, *changes: Change) -> list[tuple[Outcome, str]]:
    writer = open_writer(locator(path), ENVIRONMENT)
    writer.read()
    return [(result.outcome, result.detail) for result in writer.apply(changes)]


def read(path: Path) -> ZoneSnapshot:
    return open_reader(locator(path), ENVIRONMENT).read().snapshot


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "example.org.zone"


def test_a_file_that_is_not_there_appears_whole(path: Path) -> None:
    writer = open_writer(locator(path), ENVIRONMENT)
    assert not writer.exists()
    writer.create()
    assert (writer.read().snapshot.rrsets, path.exists()) == ((), False)
    changes = (Create(SOA), Create(NS), Create(A))
    results = list(writer.apply(changes))

    assert [result.outcome for result in results] == [Outcome.DONE] * 3
    assert path.read_text() == (
        "; example.org. as dns-migrator wrote it.\n"
        "$ORIGIN example.org.\n"
        "example.org. 900 IN SOA ns1.example.net. hostmaster.example.org. 1 7200 900 1209600 300\n"
        "example.org. 900 IN NS ns1.example.net.\n"
        "example.org. 900 IN NS ns2.example.net.\n"
        "www.example.org. 300 IN A 192.0.2.1\n"
    )
    assert (writer.calls.writes, writer.calls_for(changes), writer.calls_for(())) == (1, 1, 0)
    assert (writer.exists(), writer.capabilities()) == (True, ZONE_FILE)


def test_changes_are_made_and_the_rest_stays(path: Path) -> None:
    written(path, *map(Create, (SOA, NS, A, TXT)))
    assert written(path, Replace(A, A2), Delete(TXT)) == [(Outcome.DONE, ""), (Outcome.DONE, "")]

    assert read(path).rrsets == (SOA, NS, A2)


def test_a_file_that_changed_since_it_was_read_is_left_as_it_is(path: Path) -> None:
    written(path, *map(Create, (SOA, NS, A)))
    writer = open_writer(locator(path), ENVIRONMENT)
    writer.read()
    theirs = path.read_text() + "; a remark of somebody\n"
    path.write_text(theirs)
    (result,) = writer.apply([Replace(A, A2)])

    assert (result.outcome, path.read_text()) == (Outcome.FAILED, theirs)
    assert "the file has changed since it was read" in result.detail


def test_a_file_that_appeared_since_is_left_as_it_is(path: Path) -> None:
    writer = open_writer(locator(path), ENVIRONMENT)
    writer.read()
    path.write_text("theirs")
    (result,) = writer.apply([Create(A)])

    assert (result.outcome, path.read_text()) == (Outcome.FAILED, "theirs")


@pytest.mark.parametrize("change", [Create(A2), Replace(A2, A), Delete(A2), Delete(TXT)], ids=repr)
def test_changes_of_something_else_than_was_read_fail_together(path: Path, change: Change) -> None:
    written(path, *map(Create, (SOA, NS, A)))
    before = path.read_bytes()
    found = written(path, Create(rrset("new", "A", "192.0.2.9")), change)

    assert {outcome for outcome, _ in found} == {Outcome.FAILED}
    assert path.read_bytes() == before


def test_records_outside_the_zone_stay_in_the_file(path: Path) -> None:
    path.write_text("$TTL 300\n@ SOA a. b. 1 2 3 4 5\n@ NS a.\nwww.example.net. A 192.0.2.7\n")
    written(path, Create(A))

    assert [record.owner.to_text() for record in read(path).stray] == ["www.example.net."]


def test_a_zone_without_a_record_is_no_file(path: Path) -> None:
    written(path, Create(A))
    written(path, Delete(A))

    assert not path.exists()


def test_mode_and_link_are_kept(path: Path, tmp_path: Path) -> None:
    written(path, *map(Create, (SOA, NS, A)))
    path.chmod(0o640)
    link = tmp_path / "link.zone"
    link.symlink_to(path)
    written(link, Replace(A, A2))

    assert link.is_symlink()
    assert (path.stat().st_mode & 0o777, read(path).rrsets) == (0o640, (SOA, NS, A2))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["example.org.zone", "link.zone"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_stays_that_of_the_name_server_where_root_writes(path: Path) -> None:
    written(path, *map(Create, (SOA, NS, A)))
    os.chown(path, 12345, 54321)
    path.chmod(0o640)
    written(path, Replace(A, A2))

    found = path.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (12345, 54321, 0o640)


def test_what_cannot_be_written_leaves_the_file_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(path, *map(Create, (SOA, NS, A)))
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ProviderError) as caught:
        written(path, Replace(A, A2))

    assert str(caught.value) == f"{path}: cannot be written: No space left on device. The file is as it was."
    assert (path.read_bytes(), len(list(path.parent.iterdir()))) == (before, 1)


def no_file(tmp_path: Path) -> Writer:
    return open_writer(Locator("file", "new.zone", path=str(tmp_path / "new.zone")), ENVIRONMENT)


REFUSED = {
    "a folder": ("", "a folder; the target of an import is a zone file"),
    "a document": ("zone.json", "a JSON document; the target of an import is a zone file"),
    "a document with a byte order mark": (
        "marked.json",
        "a JSON document; the target of an import is a zone file",
    ),
    "no folder": ("none/x.zone", "does not exist"),
    "a device": ("/dev/zero", "/dev/zero: a device or a pipe; the target of an import is a zone file."),
    "a pipe": ("pipe", "pipe: a device or a pipe; the target of an import is a zone file."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_place_for_a_zone_file_is_refused(tmp_path: Path, case: str) -> None:
    name, message = REFUSED[case]
    (tmp_path / "zone.json").write_text("{}")
    (tmp_path / "marked.json").write_text("{}", encoding="utf-8-sig")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match=message):
        open_writer(locator(tmp_path / name), ENVIRONMENT).exists()


def test_a_new_file_needs_the_name_of_its_zone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a new zone file needs the zone's name, as in \?origin=ZONE"):
        no_file(tmp_path).read()


def test_an_unknown_option_is_refused(path: Path) -> None:
    with pytest.raises(InputError, match="there is no option 'ttl'"):
        open_writer(locator(path, ttl="1"), ENVIRONMENT)


def test_a_zone_transfer_is_no_target() -> None:
    with pytest.raises(InputError, match="a zone transfer only reads"):
        load("axfr").open_writer(Locator("axfr", "axfr:example.org@192.0.2.1"), ENVIRONMENT)


TYPES = [rdtype for rdtype in strategies.KNOWN_TYPES if rdtype != RdataType.SOA]
sets = st.lists(strategies.rrsets(types=TYPES), max_size=6).map(
    lambda found: {r.key: r for r in (SOA, NS, *found)}
)


@given(sets, sets)
@settings(max_examples=60)
def test_whatever_a_file_holds_it_can_become_anything_else(
    one: dict[RRsetKey, RRset], other: dict[RRsetKey, RRset]
) -> None:
    """Two zones of one name, one after the other in one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zone"
        for wanted in (one, other):
            writer = open_writer(locator(path), ENVIRONMENT)
            desired = assemble_rrsets(ORIGIN, wanted.values()).snapshot
            plan = make_plan(writer.read().snapshot, desired, ZONE_FILE, deletions=Deletions(all=True))
            assert {result.outcome for result in writer.apply(plan.changes)} <= {Outcome.DONE}
            there = read(path).by_key()
            assert there.keys() == plan.goal.by_key().keys()
            assert all(says_all(there[rrset.key], rrset) for rrset in plan.goal.rrsets)
