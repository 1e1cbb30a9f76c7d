"""A zone file as the target of an import: read, changed in memory, and put in its place whole or not at all.

The file is written only by changes that were computed from what it held when it was read: if a single octet of it
has changed since, every change fails and the file stays as it is. Comments and $-directives of a file that is
written again are not kept (the backup has it byte for byte). A zone without any record is no file at all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from pathlib import Path

from dns.name import Name

from migrator.errors import InputError, ProviderError
from migrator.files.replacing import replace_content
from migrator.interfaces import Calls, ChangeResult, Outcome, ReadResult, ZoneReader
from migrator.model.capabilities import Capabilities
from migrator.model.change import Change, before, carried_out, key_of
from migrator.model.locator import Locator
from migrator.model.names import text_of
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot, subject_of
from migrator.zonefile.capabilities import ZONE_FILE
from migrator.zonefile.writer import Entry, write_zone
from providers.localfiles import is_json

_INCLUDE = re.compile(rb"(?im)^\$INCLUDE[ \t]")
_CHANGED = "the file has changed since it was read; it is left as it is: run the command again for a new plan"


@dataclass(slots=True)
class Writer:
    """Writes the zone file that a locator names; `origin` is needed for a file that is not there yet."""

    locator: Locator
    origin: Name | None
    reader: ZoneReader
    calls: Calls = field(default_factory=Calls)
    _content: bytes | None = None
    _snapshot: ZoneSnapshot | None = None

    def capabilities(self) -> Capabilities:
        """Return what a zone file can hold: all of DNS."""
        return ZONE_FILE

    def exists(self) -> bool:
        """Tell whether the file is there; raises InputError for what is no place for a zone file."""
        path = self._path
        if path.is_dir():
            raise InputError(f"{path}: a folder; the target of an import is a zone file, such as {path}/new.zone.")
        if not path.parent.is_dir():
            raise InputError(f"{path}: the folder {path.parent} does not exist.")
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: a device or a pipe; the target of an import is a zone file.")
        content = self._octets()
        if content is not None and is_json(content):
            raise InputError(f"{path}: a JSON document; the target of an import is a zone file.")
        return content is not None

    def create(self) -> None:
        """Do nothing: the file appears with its records."""

    def read(self) -> ReadResult:
        """Return what the file holds; nothing where it is not there."""
        self._content = self._octets()
        if self._content is None:
            if self.origin is None:
                raise InputError(
                    f"{self.locator.text}: a new zone file needs the zone's name, as in ?origin=ZONE."
                )
            self._snapshot = ZoneSnapshot(self.origin, (), self.locator.text)
            return ReadResult(self._snapshot)
        result = self.reader.read()
        self._snapshot = result.snapshot
        return result

    def apply(self, changes: Sequence[Change]) -> Iterator[ChangeResult]:
        """Write the file with all changes, or with none of them."""
        assert self._snapshot is not None, "apply comes after read"
        refused = self._refused(changes)
        if not refused:
            self._write(self._snapshot, carried_out(self._snapshot.rrsets, changes))
        for change in changes:
            if refused:
                yield ChangeResult(change, Outcome.FAILED, refused.get(change, "nothing was written"))
            else:
                yield ChangeResult(change, Outcome.DONE)

    def calls_for(self, changes: Sequence[Change]) -> int:
        """Return 1: a file is written whole."""
        return 1 if changes else 0

    def rewriting(self) -> str:
        """Return what is lost of a file that somebody has written by hand."""
        content, snapshot = self._content, self._snapshot
        if content is None or snapshot is None or content.startswith(f"; {_head(snapshot.origin)}\n".encode()):
            return ""
        included = ", what it includes with it" if _INCLUDE.search(content) else ""
        return (
            f"The file is written anew, one record a line{included}: "
            "its comments, directives and order stay in the backup alone."
        )

    def _refused(self, changes: Sequence[Change]) -> dict[Change, str]:
        assert self._snapshot is not None
        if self._octets() != self._content:
            return dict.fromkeys(changes, _CHANGED)
        there = self._snapshot.by_key()
        return {
            change: f"{subject_of(key_of(change))}: {_CHANGED}"
            for change in changes
            if there.get(key_of(change)) != before(change)
        }

    def _write(self, snapshot: ZoneSnapshot, rrsets: tuple[RRset, ...]) -> None:
        self.calls.writes += 1
        stray = [make(RRsetKey(r.owner, r.rdata.rdtype), r.ttl, (r.rdata,)) for r in snapshot.stray]
        try:
            if not rrsets and not stray:
                self._path.unlink(missing_ok=True)
                return
            lines = write_zone(
                snapshot.origin,
                (Entry(rrset) for rrset in (*rrsets, *stray)),
                (_head(snapshot.origin),),
            )
            replace_content(self._path, "".join(f"{line}\n" for line in lines).encode())
        except OSError as exc:
            raise ProviderError(
                f"{self._path}: cannot be written: {exc.strerror or exc}. The file is as it was."
            ) from exc

    @property
    def _path(self) -> Path:
        return Path(self.locator.path)

    def _octets(self) -> bytes | None:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as exc:
            raise InputError(f"{self._path}: cannot be read: {getattr(exc, 'strerror', None) or exc}.") from exc


def _head(origin: Name) -> str:
    return f"{text_of(origin)} as dns-migrator wrote it."
