"""All reading of the file system for `file:`: regular files of a bounded size only.

$INCLUDE leads only to the folder of the zone file or below it, unless the caller allows more.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import field
from functools import partial
from pathlib import Path

from migrator.errors import InputError
from migrator.model.expression import expression
from migrator.model.filekinds import kind_of
from migrator.model.values import dataclass
from migrator.model.zone import NativeDocument

_PROVIDERS = ("azure", "cloudflare", "route53")
_DOMAIN = expression(r"(?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z]{2,63}\.?")
# What people type for a name server: an address of IPv4, or a name that says what it is.
_SERVER = expression(
    r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}|(?i:ns|dns)[0-9]*\.(?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z]{2,63}\.?"
)
# How the names of zone files end, and of other files that are taken for one.
_SUFFIXES = frozenset(
    ["bak", "conf", "csv", "db", "dns", "hosts", "inc", "json", "new", "old", "txt", "xml", "yaml", "yml", "zone"]
)
LARGEST_FILE = 512 << 20
# Editors of Windows put it before UTF-8.
BYTE_ORDER_MARK = "\ufeff"
_MEBI = 1 << 20
_BEGINNING = 4096
# An owner may be called `[1]`: what follows a word in brackets tells whether it stands in a list.
_JSON = re.compile(rb"""\{|\[\s*+(?:[\[{"\]]|(?:-?[0-9][0-9.eE+-]*+|true|false|null)\s*+(?:,|\]\s*\Z))""")
# Octets: some file systems say that a file has none.
_AT_ONCE = 1 << 16


@dataclass(slots=True)
class Includes:
    """Opens the files that a zone file includes, and keeps what was read."""

    top: str
    anywhere: bool
    read: dict[str, bytes] = field(default_factory=dict)

    def open(self, path: str, including: str) -> tuple[bytes, str]:
        """Return a file's content and name; raises InputError where it is not there or lies outside."""
        name = os.path.normpath(Path(including).parent / path)
        if "\0" in name:
            raise InputError("the path has a NUL octet in it.")
        folder = os.path.realpath(Path(self.top).parent)
        if not self.anywhere and os.path.commonpath([folder, os.path.realpath(name)]) != folder:
            raise InputError(
                f"{name}: lies outside the folder of {self.top}; move it there, or add --allow-include-outside."
            )
        if name not in self.read:
            self.read[name] = content_of(name, name)
        return self.read[name], name

    def native(self) -> Iterator[NativeDocument]:
        """Yield the included files, named by their path from the folder of the zone file."""
        if not self.read:
            return
        folder = Path(self.top).parent
        for name, content in self.read.items():
            yield NativeDocument(os.path.relpath(name, folder), content)


def text_of_file(path: Path) -> str:
    """Return the text of a file; raises InputError as `content_of` does, and for what is not UTF-8."""
    try:
        return content_of(path, str(path)).decode()
    except UnicodeDecodeError as exc:
        raise InputError(f"{path}: not UTF-8 at octet {exc.start}.") from exc


def content_of(path: str | Path, shown: str) -> bytes:
    """Return the octets of a regular file; raises InputError, naming it, where that cannot be."""
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            found = os.fstat(handle)
            _expect_readable(found, shown)
            return b"".join(iter(partial(os.read, handle, max(found.st_size + 1, _AT_ONCE)), b""))
        finally:
            os.close(handle)
    except ValueError as exc:  # each version of Python has other words for it
        raise InputError(f"{shown!r}: is no path: an octet of it is 0.") from exc
    except OSError as exc:
        more = meant_instead(shown) if isinstance(exc, FileNotFoundError) else ""
        raise InputError(f"{shown}: cannot be read: {exc.strerror or exc}.{more}") from exc


def is_server(shown: str) -> bool:
    """Tell whether a name server is meant: an address, or a name that says what it is."""
    return _SERVER.fullmatch(shown) is not None and shown.rpartition(".")[2].lower() not in _SUFFIXES


def meant_instead(shown: str) -> str:
    """Return how to name a zone, for who named the zone, the provider or a name server alone."""
    if shown.rpartition(".")[2].lower() in _SUFFIXES:
        return ""
    if _SERVER.fullmatch(shown):
        servers = f"axfr:ZONE@{shown}, or dns:ZONE@{shown} as the new side of a diff"
        return f" Of a name server, name the zone too: {servers}."
    if _DOMAIN.fullmatch(shown):
        return f" Of a domain, say where its zone is: route53:{shown}, azure:{shown} or cloudflare:{shown}."
    return f" To name a zone there: {shown}:ZONE." if shown in _PROVIDERS else ""


def is_json(content: bytes) -> bool:
    """Tell whether an object or a list of JSON begins; an owner may begin with `[`, but not as a list does."""
    return _JSON.match(content.removeprefix(BYTE_ORDER_MARK.encode())[:_BEGINNING].lstrip()) is not None


def _expect_readable(found: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{shown}: is {kind_of(found.st_mode)}; a zone file is a regular file.")
    if found.st_size > LARGEST_FILE:
        size = f"has {found.st_size / _MEBI:,.0f} MiB; {LARGEST_FILE // _MEBI} MiB are read at most"
        raise InputError(f"{shown}: {size}.")
