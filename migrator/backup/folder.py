"""The backup folder: written whole or not at all, read back before anybody is told, and verified when read.

backups/example.org/20261201T090000Z-route53/
  example.org.zone   what any name server loads
  zone.json          the snapshot, lossless
  raw/               the provider's own answers, byte for byte
  SHA256SUMS         for `sha256sum -c`
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

from dns.name import Name

from migrator.backup.names import RAW, ZONE_JSON
from migrator.backup.readback import zone_file_findings
from migrator.codec import sums
from migrator.codec import zone as codec
from migrator.errors import InputError, UnsafeError
from migrator.files.whole import (
    PartialFolder,
    expect_new_or_empty,
    longest_name,
    partial_folder,
    publish,
)
from migrator.interfaces import Progress, no_progress
from migrator.model.finding import Finding
from migrator.model.names import ROOT, text_of
from migrator.model.values import dataclass
from migrator.model.zone import NativeDocument, ZoneSnapshot
from migrator.plain import PlainZone, header
from migrator.zonefile.writer import write_zone

ROOT_FOLDER = Path("backups")
_SUFFIX = ".zone"
_CUT_DIGEST = 16
_CHUNK_LINES = 1000


@dataclass(frozen=True, slots=True)
class Backup:
    """Where the backup is, and what the zone file in it says otherwise than it should: nothing, ever."""

    folder: Path
    zone_file: str
    findings: tuple[Finding, ...]


def write_backup(
    snapshot: ZoneSnapshot,
    found: Sequence[Finding],
    plain: PlainZone,
    *,
    provider: str,
    folder: Path | None = None,
    progress: Progress = no_progress,
) -> Backup:
    """Write the folder, read it back, and return where it is.

    `folder` must be new or empty; without one it is named after the zone, the time of reading and the provider.
    `found` are the findings of the reading. Raises InputError where the folder cannot be written, UnsafeError
    where what was read back is not the snapshot; both leave nothing behind.
    """
    if folder is not None:
        expect_new_or_empty(folder)
        # A symbolic link keeps its place: the folder behind it is the one that is filled.
        targets: Iterable[Path] = [folder.resolve()] if folder.is_dir() else [folder]
    else:
        targets = _free_names(snapshot, provider)
    target = next(iter(targets))
    zone_file = file_stem(snapshot.origin, longest_name(target)) + _SUFFIX
    try:
        with partial_folder(target) as partial:
            _fill(partial, snapshot, found, plain, zone_file, progress)
            problems = _read_back(partial.path, snapshot, found, plain, zone_file)
            target = _published(partial, target, targets)
    except OSError as exc:
        where = folder or target
        raise InputError(
            f"{where}: the backup cannot be written: {exc.strerror or exc}; nothing was left there."
        ) from exc
    return Backup(target if folder is None else folder, zone_file, problems)


def read_backup(folder: Path) -> tuple[ZoneSnapshot, tuple[Finding, ...]]:
    """Return the snapshot with its native documents, and the findings of its reading.

    Raises InputError where a file is missing or is not the one that was written.
    """
    try:
        digests = sums.loads(_text(folder / sums.FILE_NAME), str(folder / sums.FILE_NAME))
        if ZONE_JSON not in digests:
            raise InputError(f"{folder}: {sums.FILE_NAME} names no {ZONE_JSON}, so this is no backup of a zone.")
        _verify(folder, digests)
        snapshot, found = codec.loads(_text(folder / ZONE_JSON), file=str(folder / ZONE_JSON))
        return snapshot.with_native(tuple(_native(folder, digests))), found
    except OSError as exc:
        raise InputError(f"{exc.filename or folder}: cannot be read: {exc.strerror or exc}.") from exc


def file_stem(zone: Name, longest: int = 255) -> str:
    """Return the name of a zone for files: `/` is `%2F`, the root is `root`, and what is too long is cut.

    Whatever else is no letter, digit, `-`, `_` or `.` is written with `%` too, so that no name leaves its folder.
    """
    if zone == ROOT:
        return "root"
    return _fitting(quote(text_of(zone).removesuffix("."), safe=""), longest - len(_SUFFIX))


def folder_name(zone: Name, mark: str = "", longest: int = 255) -> str:
    """Return the name of a zone for folders; `mark` tells it from another zone of its name.

    No name of a zone has the `@` before the mark: see `file_stem`.
    """
    stem = file_stem(zone, longest)
    return _fitting(f"{stem}@{quote(mark, safe='')}", longest) if mark else stem


def _fill(
    partial: PartialFolder,
    snapshot: ZoneSnapshot,
    found: Sequence[Finding],
    plain: PlainZone,
    zone_file: str,
    progress: Progress,
) -> None:
    partial.write(zone_file, _chunks(_zone_lines(snapshot, plain, progress)))
    partial.write(ZONE_JSON, _chunks(codec.lines(snapshot, found)))
    partial.make_folder(RAW)
    for name, document in _raw_names(snapshot.native, longest_name(partial.path)):
        partial.write(f"{RAW}/{name}", [document.content])
    partial.write(sums.FILE_NAME, [sums.dumps(partial.digests).encode()])


def _zone_lines(snapshot: ZoneSnapshot, plain: PlainZone, progress: Progress) -> Iterator[str]:
    total = snapshot.record_count()
    for number, line in enumerate(write_zone(snapshot.origin, plain.entries, header(snapshot))):
        if number % _CHUNK_LINES == 0:
            progress("lines written", number, total)
        yield f"{line}\n"
    progress("lines written", total, total)


def _chunks(lines: Iterable[str]) -> Iterator[bytes]:
    """Yield the lines in portions: a system call a line would take longer than all else."""
    portion: list[str] = []
    for line in lines:
        portion.append(line)
        if len(portion) == _CHUNK_LINES:
            yield _octets(portion)
            portion.clear()
    yield _octets(portion)


def _octets(lines: list[str]) -> bytes:
    """Return the text in UTF-8; what a path has beside it, Python's lone surrogates, is escaped as JSON does."""
    return "".join(lines).encode("utf-8", "backslashreplace")


def _beside_content(snapshot: ZoneSnapshot) -> tuple[object, ...]:
    """Return what the digest of a snapshot leaves out, but for the native documents."""
    return snapshot.source, snapshot.read_at, snapshot.name_servers, snapshot.stray


def _read_back(
    path: Path, snapshot: ZoneSnapshot, found: Sequence[Finding], plain: PlainZone, zone_file: str
) -> tuple[Finding, ...]:
    """Return what the zone file says otherwise; raises UnsafeError where the lossless files do not hold."""
    try:
        written, written_found = read_backup(path)
    except InputError as exc:
        raise UnsafeError(f"The backup could not be read back, so it was not kept: {exc}") from exc
    contents = {document.content for document in snapshot.native}
    sound = (
        written.digest() == snapshot.digest()
        and _beside_content(written) == _beside_content(snapshot)
        and written_found == tuple(found)
        and {document.content for document in written.native} == contents
    )
    if not sound:
        raise UnsafeError(
            f"{text_of(snapshot.origin)}: what was read back from the backup is not what was written, so it was "
            "not kept. This is a defect of dns-migrator; please report it."
        )
    return zone_file_findings(snapshot.origin, plain.entries, (path / zone_file).read_bytes(), zone_file)


def _published(partial: PartialFolder, target: Path, others: Iterable[Path]) -> Path:
    if publish(partial, target, sums.FILE_NAME):
        return target
    for other in others:
        if other != target and publish(partial, other, sums.FILE_NAME):
            return other
    raise InputError(f"{target}: something was put there meanwhile; name another folder with -o.")


def _free_names(snapshot: ZoneSnapshot, provider: str) -> Iterator[Path]:
    """Yield the name for a backup, then with `-2`, `-3` ...: two backups of one second are two folders."""
    moment = datetime.now(UTC) if snapshot.read_at is None else snapshot.read_at.astimezone(UTC)
    stem = file_stem(snapshot.origin, longest_name(ROOT_FOLDER))
    first = ROOT_FOLDER / stem / f"{moment:%Y%m%dT%H%M%SZ}-{quote(provider, safe='')}"
    number = 1
    while True:
        name = first if number == 1 else first.with_name(f"{first.name}-{number}")
        number += 1
        if not name.exists():
            yield name


def _raw_names(documents: Sequence[NativeDocument], longest: int) -> Iterator[tuple[str, NativeDocument]]:
    taken: set[str] = set()
    for document in documents:
        name = quote(document.name, safe=" @+=,()", errors="surrogateescape") or "document"
        if set(name) == {"."}:
            name = name.replace(".", "%2E")
        name = _fitting(name, longest)
        number = 2
        unique = name
        while unique.casefold() in taken:
            unique = _fitting(f"{number}-{name}", longest)
            number += 1
        taken.add(unique.casefold())
        yield unique, document


def _fitting(name: str, longest: int) -> str:
    """Return the name, cut and with a digest of the whole where it is too long for a file system."""
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_CUT_DIGEST]
    return f"{name[: longest - _CUT_DIGEST - 1]}-{digest}"


def _verify(folder: Path, digests: dict[str, str]) -> None:
    for path, digest in digests.items():
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise InputError(f"{folder / sums.FILE_NAME}: '{path}' leads out of the backup.")
        if not (folder / path).is_file():
            raise InputError(f"{folder / path}: the file is missing; the backup is not whole any more.")
        with (folder / path).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != digest:
            raise InputError(
                f"{folder / path}: the file was changed after it was written, or is damaged: {sums.FILE_NAME} "
                "gives another digest."
            )


def _native(folder: Path, digests: dict[str, str]) -> Iterator[NativeDocument]:
    for path in digests:
        if path.startswith(f"{RAW}/"):
            yield NativeDocument(unquote(path.removeprefix(f"{RAW}/")), (folder / path).read_bytes())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as exc:
        raise InputError(f"{path}: not UTF-8 at octet {exc.start}.") from exc
