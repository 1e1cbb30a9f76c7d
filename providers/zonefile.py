"""Zone files, for reading and as a target, and the backup folders and `zone.json` that this program writes.

What is read from the file system, and what is not, says `localfiles`.
"""

import contextlib
import marshal
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from dns.name import Name

from migrator.errors import InputError
from migrator.interfaces import ReadResult
from migrator.model.compact import CompactZone, overlay
from migrator.model.domains import domain_named
from migrator.model.finding import INCOMPLETE, Finding, Position, Severity
from migrator.model.names import folded, for_people, text_of
from migrator.model.values import dataclass
from migrator.model.zone import NativeDocument, ZoneSnapshot, with_compact
from migrator.zonefile import paused_collector, zone_of_file_name
from migrator.zonefile.fast import CompactReading, assemble_reading, read_compactly
from migrator.zonefile.fast.compact import Source
from migrator.zonefile.fast.engine import FewBlocksError
from migrator.zonefile.fast.ordinary import read_ordinary
from migrator.zonefile.provenance import broken_off, is_guessed
from providers.localfiles import BYTE_ORDER_MARK, Includes, content_of, is_json, text_of_file

if TYPE_CHECKING:
    from migrator.interfaces import Environment, ZoneInfo
    from migrator.model.locator import Locator
    from migrator.model.processes import Beside, Later
    from migrator.model.rrset import Record
    from migrator.zonefile.fast.over import Taken
    from providers.zonefile_writer import Writer

ZONE_JSON = "zone.json"
_ELSEWHERE = (
    "JSON of a provider is not read: name the zone where it is served, by route53:, azure:, cloudflare: or axfr:, "
    "or a zone file."
)
_RAW = "raw/"
_MEBI = 1 << 20
# From so many octets on it pays to start a second process; to take whole blocks, and to look for what two files
# have in common.
_LARGE = 2 * _MEBI
_WORTH_ALIGNING = _MEBI >> 3
_TEXTS_IN_A_PART = 50_000


def open_reader(locator: "Locator", environment: "Environment") -> "Reader":
    """Return a reader for the file or backup folder; raises InputError for an option that is not known."""
    return Reader(locator, environment, _origin(locator))


def open_writer(locator: "Locator", environment: "Environment") -> "Writer":
    """Return a writer for the zone file; raises InputError for an option that is not known."""
    from providers.zonefile_writer import Writer

    origin = _origin(locator)
    return Writer(locator, origin, Reader(locator, environment, origin))


def list_zones(locator: "Locator", environment: "Environment") -> "Iterator[ZoneInfo]":
    """Refuse: files have no account that could be listed."""
    del environment
    raise InputError(
        f"{locator.text}: a zone file is one zone, and there is no account to list; use export or diff."
    )


def assigned_name_servers(locator: "Locator", environment: "Environment") -> tuple[Name, ...]:
    """Return none: nobody assigns name servers to a file."""
    del locator, environment
    return ()


def _guessed(path: str, origin: Name) -> Finding:
    return Finding(
        "zonefile.guessed",
        Severity.WARNING,
        text_of(origin),
        "The file was made by asking and guessing (discover): names that nobody guessed are missing.",
        Position(path, 1),
        "Export the zone at its provider, if you can.",
    )


def _broken_off(path: str, line: int, origin: Name) -> Finding:
    return Finding(
        f"zonefile.{INCOMPLETE}",
        Severity.ERROR,
        text_of(origin),
        "The zone transfer that dig printed broke off, as dig says itself: records are missing.",
        Position(path, line),
        "Transfer the zone again, or export it at its provider.",
    )


def _origin(locator: "Locator") -> Name | None:
    """Return the origin that the locator states; raises InputError where it cannot be used."""
    for option in locator.options:
        if option != "origin":
            raise InputError(f"{locator.text}: there is no option '{option}'; file: knows origin.")
    if not locator.path:
        raise InputError(f"{locator.text}: the path is missing, as in file:example.com.zone.")
    written = locator.option("origin")
    if written == "":
        raise InputError(f"{locator.text}: origin= is empty; it is the zone's name, as in ?origin=example.com.")
    return domain_named(written) if written is not None else None


def read_both(
    old: "Locator", new: "Locator", environment: "Environment", beside: "Beside", later: "Later"
) -> tuple[ReadResult, ReadResult]:
    """Return two zones as readers of their files would, in less time and room where they are large or equal.

    `beside` does two pieces of work at once, and `later` begins one, if they can.
    """
    one, other = open_reader(old, environment), open_reader(new, environment)
    text, other_text = one.content(), other.content()
    if text is None or other_text is None:
        return one.read(), other.read()
    equal = text == other_text and one.origin == other.origin and _are_named_alike(one, other)
    octets = len(text) + len(other_text)
    is_worth_both_cores = octets > _LARGE and not equal
    both = None
    with contextlib.suppress(FewBlocksError):
        if octets > (_LARGE if equal else _WORTH_ALIGNING):
            both = parse_alike(one, text, other, other_text, later)
        if both is None and is_worth_both_cores:
            both = parse_apart(one, text, other, other_text, beside)
    if both is None and is_worth_both_cores:
        both = beside(lambda: one.parse(text), lambda: other.parse(other_text), write_parsed, read_parsed_over)
    if both is None:
        parsed = one.parse(text)
        # Findings name their file, and what is included may be another file.
        plain = not any(parsed.findings) and not parsed.included
        both = parsed, parsed if equal and plain else other.parse(other_text)
    return one.result(text, both[0]), other.result(other_text, both[1])


def _are_named_alike(one: "Reader", other: "Reader") -> bool:
    """Tell whether both files are named after one zone, or none; most have the same object of it."""
    named, other_named = one.named(), other.named()
    return named is other_named or named == other_named


def glance(locator: "Locator", environment: "Environment", later: "Later") -> ReadResult:
    """Return a zone as its reader would, in less time where it is a large file and few RRsets of it are looked at.

    `later` begins a piece of work in another process, if it can.
    """
    reader = open_reader(locator, environment)
    content = reader.content()
    if content is None:
        return reader.read()
    parsed = parse_by_blocks(reader, content, later) if len(content) > _WORTH_ALIGNING else None
    return reader.result(content, parsed or reader.parse(content))


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a zone file says; findings of its lines, and of the sets that they make up."""

    origin: Name
    zone: CompactZone
    stray: "tuple[Record, ...]"
    findings: tuple[tuple[Finding, ...], tuple[Finding, ...]]
    included: tuple[NativeDocument, ...]


def parsed_of(
    reading: CompactReading, texts: Mapping[bytes, bytes] | None, included: tuple[NativeDocument, ...]
) -> Parsed:
    """Return what was read as a zone; `texts` are those of its ordinary owners, where they are kept elsewhere."""
    assembly = assemble_reading(reading, texts=texts)
    snapshot = assembly.snapshot
    assert snapshot.compact is not None
    findings = (reading.findings, assembly.findings)
    return Parsed(snapshot.origin, snapshot.compact, snapshot.stray, findings, included)


def parse_by_blocks(reader: "Reader", text: bytes, later: "Later") -> Parsed | None:
    """Return what a file says of which most owners stay lines; None where it is not ordinary enough."""
    from migrator.zonefile.fast.over import includes, plain, read_by_blocks

    source = plain(reader.source(text))
    with paused_collector():
        found = None if includes(source.text) else read_by_blocks(source, later=later)
        return None if found is None else parsed_of(found.reading, found.texts, ())


def parse_alike(
    one: "Reader", text: bytes, other: "Reader", other_text: bytes, later: "Later"
) -> tuple[Parsed, Parsed] | None:
    """Return what two files say that are mostly the same text; None where they are not, or not ordinary enough.

    Raises FewBlocksError where it is no use reading them by blocks in any way.
    """
    from migrator.zonefile.fast.over import read_alike

    with paused_collector():
        return _both_parsed(read_alike(one.source(text), other.source(other_text), later))


def parse_apart(
    one: "Reader", text: bytes, other: "Reader", other_text: bytes, beside: "Beside"
) -> tuple[Parsed, Parsed] | None:
    """Return what two files say in whatever layouts; None where one of them is not ordinary enough."""
    from migrator.zonefile.fast.apart import read_apart

    with paused_collector():
        return _both_parsed(read_apart(one.source(text), other.source(other_text), beside))


def _both_parsed(found: "tuple[Taken, Taken] | None") -> tuple[Parsed, Parsed] | None:
    if found is None:
        return None
    old, new = found
    return parsed_of(old.reading, old.texts, ()), parsed_of(new.reading, new.texts, ())


def write_parsed(parsed: Parsed, file: BinaryIO) -> None:
    """Write what was parsed for another process; the texts in parts, lest they be there twice."""
    from migrator.codec import pickling

    zone = parsed.zone
    texts = iter(zone.texts.items())
    pickling.dump(replace(parsed, zone=replace(zone, texts={})), file)
    while part := dict(islice(texts, _TEXTS_IN_A_PART)):
        marshal.dump(part, file)
    marshal.dump({}, file)


def read_parsed_over(base: Parsed, file: BinaryIO) -> Parsed:
    """Read what was written, as what differs from the other zone that was parsed."""
    from migrator.codec import pickling

    parsed: Parsed = pickling.load(file)
    parts = iter(lambda: marshal.load(file), {})  # noqa: S302
    return replace(parsed, zone=replace(parsed.zone, texts=overlay(base.zone.texts, parts)))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what one path holds."""

    locator: "Locator"
    environment: "Environment"
    origin: Name | None

    def read(self) -> ReadResult:
        """Return the zone; raises InputError where the path holds none, or may not be read."""
        path = self.locator.path
        if os.path.isdir(path):  # noqa: PTH112  (Path.is_dir raises for what may not be looked at)
            return self._backup(Path(path))
        content = content_of(path, path)
        if is_json(content):
            return self._document(path, content)
        return self.result(content, self.parse(content))

    def content(self) -> bytes | None:
        """Return the content of a zone file; None where the path is a backup folder or a document of ours."""
        path = self.locator.path
        if os.path.isdir(path):  # noqa: PTH112
            return None
        content = content_of(path, path)
        return None if is_json(content) else content

    def parse(self, content: bytes) -> "Parsed":
        """Return what the zone file of this content says: all of the work, and nothing else."""
        ordinary = read_ordinary(content, self.origin, self.named())
        if ordinary is not None:
            return Parsed(ordinary.origin, ordinary.zone, (), ((), ()), ())
        path = self.locator.path
        includes = Includes(path, anywhere=self.environment.allow_include_outside)
        with paused_collector():
            reading = read_compactly(
                content, file=path, origin=self.origin, include=includes.open, fallback=self.named()
            )
            return parsed_of(reading, None, tuple(includes.native()))

    def source(self, content: bytes) -> Source:
        """Return the content as what is to be read, where it includes nothing."""
        return Source(content, self.locator.path, self.origin, None, self.named())

    def result(self, content: bytes, parsed: "Parsed") -> ReadResult:
        """Return the zone that was parsed from this content."""
        path = self.locator.path
        self.environment.progress("records", parsed.zone.records, parsed.zone.records)
        snapshot = ZoneSnapshot(
            parsed.origin,
            (),
            source=self.locator.text,
            read_at=datetime.now(UTC).replace(microsecond=0),
            native=(NativeDocument(_file_name(path), content), *parsed.included),
            stray=parsed.stray,
        )
        of_lines, of_sets = parsed.findings
        findings = (*of_lines, *self._disagreement(parsed.origin), *of_sets)
        if line := broken_off(content):
            findings = (_broken_off(path, line, parsed.origin), *findings)
        if is_guessed(content):
            findings = (_guessed(path, parsed.origin), *findings)
        return ReadResult(with_compact(snapshot, parsed.zone), findings)

    def named(self) -> Name | None:
        """Return the zone that the file's name speaks of, or None."""
        return zone_of_file_name(_file_name(self.locator.path))

    def _disagreement(self, origin: Name) -> Iterator[Finding]:
        """Report a file name that speaks of another zone; `example.com-2026-03.zone` speaks of none other."""
        named = self.named()
        if self.origin is not None or named is None or folded(named) == folded(origin):
            return
        zone = for_people(origin)
        if zone.lower() not in _file_name(self.locator.path).lower():
            yield Finding(
                "zonefile.file-name",
                Severity.WARNING,
                text_of(origin),
                f"The file name speaks of {for_people(named)} and the content of {zone}, which is followed.",
                remedy="If that is not the zone you mean, add ?origin=ZONE.",
            )

    def _document(self, path: str, content: bytes) -> ReadResult:
        """Read a `zone.json`: what the snapshot was read from stays its source."""
        from migrator.codec import zone as codec

        try:
            text = content.decode().removeprefix(BYTE_ORDER_MARK)
        except UnicodeDecodeError as exc:
            raise InputError(f"{path}: not UTF-8 at octet {exc.start}.") from exc
        if text.lstrip().startswith("["):
            raise InputError(
                f"{path}: holds a JSON list; a zone file or the {ZONE_JSON} of a backup was expected. {_ELSEWHERE}"
            )
        try:
            snapshot, findings = codec.loads(text, file=path)
        except InputError as exc:
            if '"schema"' in text:
                raise
            raise InputError(f"{exc} {_ELSEWHERE}") from exc
        if self.origin is not None and self.origin != snapshot.origin:
            zone = for_people(snapshot.origin)
            raise InputError(f"{path}: holds the zone {zone}, not {for_people(self.origin)}; leave out ?origin=.")
        return ReadResult(snapshot, findings)

    def _backup(self, folder: Path) -> ReadResult:
        """Read a backup folder, every file of which must be the one that was written."""
        import hashlib

        from migrator.codec import sums

        document = folder / ZONE_JSON
        if os.access(folder, os.X_OK) and not document.exists():
            raise InputError(f"{folder}: a folder without {ZONE_JSON}, so no backup: name a zone file in it.")
        digests = sums.loads(text_of_file(folder / sums.FILE_NAME), str(folder / sums.FILE_NAME))
        content: dict[str, bytes] = {}
        for name in sorted({ZONE_JSON, *digests}):
            if ".." in Path(name).parts:
                raise InputError(f"{folder / sums.FILE_NAME}: '{name}' leads out of the backup.")
            content[name] = content_of(folder / name, str(folder / name))
            if hashlib.sha256(content[name]).hexdigest() != digests.get(name):
                raise InputError(
                    f"{folder / name}: not the file that was written: {sums.FILE_NAME} has another digest. A zone "
                    "file that was edited can be named itself."
                )
        result = self._document(str(document), content.pop(ZONE_JSON))
        native = tuple(
            NativeDocument(unquote(name.removeprefix(_RAW)), found)
            for name, found in content.items()
            if name.startswith(_RAW)
        )
        return replace(result, snapshot=result.snapshot.with_native(native))


@lru_cache(maxsize=16)
def _file_name(path: str) -> str:
    """Return the last part of a path: asked several times in each reading."""
    name = os.path.basename(path)  # noqa: PTH119  (a path object takes ten times as long)
    return name if name not in {"", "."} else Path(path).name
