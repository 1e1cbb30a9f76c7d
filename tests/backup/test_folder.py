"""The backup folder: whole, true, and safe against names, faults and hands."""

import errno
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dns.name import Name

from migrator.backup.folder import file_stem, read_backup, write_backup
from migrator.backup.readback import zone_file_findings
from migrator.codec import zone as codec
from migrator.errors import InputError, UnsafeError
from migrator.model.extras import Note, Weighted
from migrator.model.finding import Finding, Position, Severity
from migrator.model.names import ROOT, absolute
from migrator.model.zone import NativeDocument, ZoneSnapshot
from migrator.plain import PlainZone, plain_zone
from migrator.zonefile.writer import Entry, write_zone
from tests.snapshots import NS, SOA, alias, rrset, zone

READ_AT = datetime(2026, 12, 1, 9, 0, 0, 123456, tzinfo=UTC)
SNAPSHOT = replace(
    zone(
        rrset("@", "MX", "10 mx1", "20 mx2.example.net."),
        alias("@", "A", "lb.example.net."),
        rrset("www", "A", "192.0.2.1", variant="1", extras=(Weighted(1), Note("ünï"))),
        rrset("www", "A", "192.0.2.2", variant="2", extras=(Weighted(0),)),
        rrset("k1._domainkey", "TXT", '"v=DKIM1; p=AAAA" "BBBB"'),
    ),
    source="route53:example.org",
    read_at=READ_AT,
    native=(
        NativeDocument("list-1.xml", b"<a>\xff\x00</a>\r\n"),
        NativeDocument("../../etc/passwd", b"two"),
        NativeDocument("LIST-1.xml", b"three"),
        NativeDocument("..", b"four"),
        NativeDocument("x" * 300, b"five"),
    ),
)
FOUND = (Finding("zone.x", Severity.NOTICE, "www.example.org. A", "Seen, expected.", Position("a", 1)),)


def written(snapshot: ZoneSnapshot = SNAPSHOT, folder: Path | None = None, provider: str = "route53") -> Path:
    return write_backup(snapshot, FOUND, plain_zone(snapshot), provider=provider, folder=folder).folder


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_folder_is_named_after_zone_time_and_provider() -> None:
    assert written() == Path("backups/example.org/20261201T090000Z-route53")


def test_the_folder_has_the_files_of_the_promise_and_nothing_else() -> None:
    folder = written()

    assert {name for name in files(folder) if not name.startswith("raw/")} == {
        "example.org.zone",
        "zone.json",
        "SHA256SUMS",
    }
    assert len(files(folder)) == 3 + len(SNAPSHOT.native)
    assert files(Path()) == {str(folder / name) for name in files(folder)}


def test_what_was_written_is_read_again_with_the_native_documents() -> None:
    snapshot, found = read_backup(written())

    assert found == FOUND
    assert replace(snapshot, native=()) == replace(SNAPSHOT, native=())
    assert {document.content for document in snapshot.native} == {b.content for b in SNAPSHOT.native}
    assert NativeDocument("list-1.xml", b"<a>\xff\x00</a>\r\n") in snapshot.native


def test_native_documents_stay_in_their_folder_whatever_their_names() -> None:
    folder = written()
    raw = folder / "raw"

    assert all(path.parent == raw for path in raw.rglob("*"))
    assert {path.name for path in raw.iterdir()} >= {
        "list-1.xml",
        "..%2F..%2Fetc%2Fpasswd",
        "2-LIST-1.xml",
        "%2E%2E",
    }
    assert (raw / "list-1.xml").read_bytes() == b"<a>\xff\x00</a>\r\n"


def test_sha256sum_agrees() -> None:
    folder = written()

    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )

    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count(b": OK\n") == 2 + len(SNAPSHOT.native)


def test_two_backups_of_one_second_are_two_folders() -> None:
    assert [written().name for _ in range(3)] == [
        "20261201T090000Z-route53",
        "20261201T090000Z-route53-2",
        "20261201T090000Z-route53-3",
    ]


def test_a_folder_that_somebody_took_meanwhile_is_left_alone() -> None:
    def took(what: str, done: int, total: int | None) -> None:
        Path("backups/example.org/20261201T090000Z-file/mine").mkdir(parents=True, exist_ok=True)

    backup = write_backup(SNAPSHOT, FOUND, plain_zone(SNAPSHOT), provider="file", progress=took)

    assert backup.folder.name == "20261201T090000Z-file-2"
    assert files(Path("backups/example.org/20261201T090000Z-file")) == set()


def test_a_named_folder_is_used_where_it_is_new_or_empty(tmp_path: Path) -> None:
    Path("empty").mkdir()
    Path("link").symlink_to("empty")

    assert written(folder=Path("new/deep")) == Path("new/deep")
    assert written(folder=Path("link")) == Path("link")
    assert files(Path("empty")) == files(Path("new/deep"))
    assert Path("link").is_symlink()


def test_a_folder_that_is_not_empty_is_refused_and_stays_as_it_is() -> None:
    Path("full").mkdir()
    Path("full/mine").write_text("kept")

    with pytest.raises(InputError, match=r"^full: the folder is not empty"):
        written(folder=Path("full"))
    assert files(Path()) == {"full/mine"}


def test_a_folder_that_cannot_be_written_is_one_line() -> None:
    Path("file").write_text("in the way")

    with pytest.raises(InputError) as refused:
        written(folder=Path("file/x"))
    assert str(refused.value) == ("file/x: the backup cannot be written: Not a directory; nothing was left there.")
    assert files(Path()) == {"file"}


def test_a_backup_that_fails_takes_the_folders_away_that_it_made() -> None:
    """And none that was there, nor one into which somebody has put something meanwhile."""
    Path("there").mkdir()

    def full(what: str, done: int, total: int | None) -> None:
        Path("new/else").mkdir(parents=True, exist_ok=True)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for folder in (None, Path("there/a/b"), Path("new/a/b")):
        with pytest.raises(InputError, match="No space left on device; nothing was left there"):
            write_backup(SNAPSHOT, FOUND, plain_zone(SNAPSHOT), provider="file", folder=folder, progress=full)

    assert sorted(map(str, Path().rglob("*"))) == ["new", "new/else", "there"]


def test_a_folder_that_another_run_takes_away_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    make = tempfile.mkdtemp
    rounds = iter(["taken away"])

    def mkdtemp(**options: object) -> str:
        for _ in rounds:
            Path("new").rmdir()
        return make(**options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)

    assert written(folder=Path("new/x")) == Path("new/x")


def test_a_full_disk_is_one_line_and_leaves_nothing() -> None:
    """On a tiny file system where one may be mounted, else skipped."""
    Path("small").mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "small"], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("not allowed to mount a small file system")
    try:
        big = replace(SNAPSHOT, native=(NativeDocument("big", bytes(200_000)),))
        with pytest.raises(InputError) as refused:
            written(big, Path("small/x"))
        assert str(refused.value) == (
            "small/x: the backup cannot be written: No space left on device; nothing was left there."
        )
        with pytest.raises(InputError):
            written(big, Path("small/y/z"))
        assert list(Path("small").iterdir()) == []
        assert written(folder=Path("small")) == Path("small"), "a mount point is filled in place"
        assert read_backup(Path("small"))[1] == FOUND
    finally:
        subprocess.run(["umount", "small"], check=True)


STEMS = {
    "example.org.": "example.org",
    ".": "root",
    "EXAMPLE.Org.": "example.org",
    "0/25.2.0.192.in-addr.arpa.": "0%2F25.2.0.192.in-addr.arpa",
    r"a\.\.b.example.": "a%5C.%5C.b.example",
    r"\000\010\255.example.": "%5C000%5C010%5C255.example",
    r"a\\b.example.": "a%5C%5Cb.example",
    "%2F.example.": "%252f.example",
    "*.example.": "%2A.example",
    "~.example.": "~.example",
}


@pytest.mark.parametrize("text", STEMS)
def test_zone_names_become_file_names_that_lead_nowhere_else(text: str) -> None:
    assert file_stem(absolute(text)) == STEMS[text]


def test_a_name_too_long_for_the_file_system_is_cut_and_given_a_digest() -> None:
    long = Name([b"a" * 63, b"b" * 63, b"c" * 63, b"\x01" * 15, b""])
    other = Name([b"a" * 63, b"b" * 63, b"c" * 63, b"\x01" * 14 + b"\x02", b""])

    assert len(file_stem(long) + ".zone") == 255
    assert re.fullmatch(r"a{63}\.b{63}\.c{63}\.[%5C01]*-[0-9a-f]{16}", file_stem(long))
    assert file_stem(long) != file_stem(other)
    assert file_stem(absolute("a" * 63 + ".")) == "a" * 63


@pytest.mark.parametrize(
    "origin",
    [
        ROOT,
        absolute("0/25.2.0.192.in-addr.arpa."),
        absolute(r"\.\..example."),
        Name([b"\xff" * 63, b"/" * 63, b"\x00" * 63, b"\n" * 61, b""]),
    ],
)
def test_every_zone_name_can_be_backed_up_and_read(origin: Name) -> None:
    soa = replace(SOA, key=replace(SOA.key, owner=origin))
    ns = replace(NS, key=replace(NS.key, owner=origin))
    snapshot = ZoneSnapshot(origin, (soa, ns), read_at=READ_AT)
    backup = write_backup(snapshot, (), plain_zone(snapshot), provider="file")

    assert backup.findings == ()
    assert read_backup(backup.folder) == (snapshot, ())
    assert len(backup.folder.parts) == 3
    assert backup.folder.resolve().is_relative_to(Path("backups").resolve())


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"192.0.2.1", b"192.0.2.9"))


def sums_with(line: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "SHA256SUMS").write_text((folder / "SHA256SUMS").read_text() + line)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed zone file": (
        lambda folder: change(folder / "example.org.zone"),
        "b/example.org.zone: the file was changed after it was written, or is damaged: ",
    ),
    "a changed zone.json": (
        lambda folder: change(folder / "zone.json"),
        "b/zone.json: the file was changed after it was written, or is damaged: ",
    ),
    "a missing document": (
        lambda folder: (folder / "raw" / "list-1.xml").unlink(),
        "b/raw/list-1.xml: the file is missing; ",
    ),
    "no sums": (lambda folder: (folder / "SHA256SUMS").unlink(), "b/SHA256SUMS: cannot be read: No such file "),
    "sums of something else": (
        lambda folder: (folder / "SHA256SUMS").write_text("x"),
        "b/SHA256SUMS:1: not a line of sha256sum, ",
    ),
    "empty sums": (
        lambda folder: (folder / "SHA256SUMS").write_text(""),
        "b: SHA256SUMS names no zone.json, ",
    ),
    "sums in another encoding": (
        lambda folder: (folder / "SHA256SUMS").write_bytes(b"\xff"),
        "b/SHA256SUMS: not UTF-8 at octet 0.",
    ),
    "sums that lead out": (sums_with("0" * 64 + "  ../x\n"), "b/SHA256SUMS: '../x' leads out of the backup."),
    "sums of an absolute path": (
        sums_with("0" * 64 + "  /etc/passwd\n"),
        "b/SHA256SUMS: '/etc/passwd' leads out of the backup.",
    ),
    "no folder": (shutil.rmtree, "b/SHA256SUMS: cannot be read: No such file "),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_backup_is_refused_and_the_file_named(case: str) -> None:
    damage, message = DAMAGE[case]
    folder = written(folder=Path("b"))
    damage(folder)

    with pytest.raises(InputError) as refused:
        read_backup(folder)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_a_zone_file_that_says_something_else_is_a_finding() -> None:
    www = Entry(rrset("www", "A", "192.0.2.1"))
    wrong = PlainZone((Entry(SOA), Entry(NS), www), ())
    lying = PlainZone((Entry(SOA), www), ())

    text = "".join(f"{line}\n" for line in write_zone(SNAPSHOT.origin, lying.entries)).encode()
    more = "".join(f"{line}\n" for line in write_zone(SNAPSHOT.origin, wrong.entries)).encode()

    assert zone_file_findings(SNAPSHOT.origin, lying.entries, text, "z") == ()
    assert [f.message for f in zone_file_findings(SNAPSHOT.origin, wrong.entries, text, "z")] == [
        "Read back, the zone file lacks example.org. NS; zone.json has all."
    ]
    assert [f.message for f in zone_file_findings(SNAPSHOT.origin, lying.entries, more, "z")] == [
        "Read back, the zone file has besides example.org. NS; zone.json has all."
    ]


def test_a_backup_that_does_not_read_back_equal_is_not_kept() -> None:
    """A snapshot whose RRsets are out of order cannot come back as it was: the model forbids it."""
    broken = replace(SNAPSHOT, rrsets=tuple(reversed(SNAPSHOT.rrsets)))

    with pytest.raises(UnsafeError, match=r"not what was written|could not be read back"):
        written(broken)
    assert files(Path()) == set()


def test_the_zone_json_of_the_folder_is_the_codecs() -> None:
    folder = written()

    assert (folder / "zone.json").read_text() == codec.dumps(SNAPSHOT, FOUND)


def test_nothing_but_the_owner_of_the_umask_decides_who_may_read() -> None:
    before = os.umask(0o077)
    try:
        folder = written()
    finally:
        os.umask(before)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "zone.json").stat().st_mode & 0o777 == 0o600


def test_what_is_ordinary_in_a_backup_stays_text_until_somebody_looks() -> None:
    snapshot, _ = read_backup(written())

    assert snapshot.compact is not None
    assert snapshot.compact.made() == frozenset()
    assert "rrsets" not in vars_of(snapshot)
    assert (snapshot.rrset_count(), snapshot.digest()) == (SNAPSHOT.rrset_count(), SNAPSHOT.digest())
    assert [*snapshot.compact.texts] == [b"k1._domainkey.example.org."]
    assert snapshot.rrsets == SNAPSHOT.rrsets


def vars_of(snapshot: ZoneSnapshot) -> set[str]:
    """The fields that are set."""
    found = set()
    for name in ZoneSnapshot.__slots__:
        try:
            object.__getattribute__(snapshot, name)
        except AttributeError:
            continue
        found.add(name)
    return found
