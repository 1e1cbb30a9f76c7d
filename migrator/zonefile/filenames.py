"""The zone that a file name speaks of: `example.com.zone`, `db.example.com`, `root`. No IO here."""

from functools import lru_cache
from urllib.parse import unquote

from dns.name import Name

from migrator.errors import InputError
from migrator.model.names import ROOT, absolute

_PREFIXES = ("db.", "pri.", "named.")
_SUFFIXES = (".signed", ".zone", ".db", ".txt", ".dns", ".hosts", ".bind")
# Endings of files that are not the name of their zone, and no top-level domains either.
_NO_DOMAINS = frozenset(
    [
        "bak",
        "backup",
        "cfg",
        "conf",
        "csv",
        "doc",
        "gz",
        "htm",
        "html",
        "ini",
        "include",
        "jnl",
        "js",
        "json",
        "log",
        "old",
        "orig",
        "out",
        "pdf",
        "raw",
        "save",
        "sql",
        "swp",
        "tar",
        "tmp",
        "toml",
        "xml",
        "yaml",
        "yml",
        "zonefile",
    ]
)


@lru_cache(maxsize=4096)
def zone_of_file_name(name: str) -> Name | None:
    """Return the zone that the last part of a path names; None where it names none for sure.

    `%2F` stands for the `/` of a zone, `root` for the root zone. Any other name of one label is taken for no
    zone: `main.zone` and `zonefile.txt` say nothing.
    """
    stem = name
    for suffix in _SUFFIXES:
        if stem.lower().endswith(suffix):
            stem = stem[: -len(suffix)]
    for prefix in _PREFIXES:
        if stem.lower().startswith(prefix):
            stem = stem[len(prefix) :]
    stem = unquote(stem.removesuffix("."))
    if stem.lower() == "root":
        return ROOT
    first, dot, last = stem.rpartition(".")
    if not dot or not first or not _may_be_top_level(last.lower()):
        return None
    if any(char.isspace() or char in "()\\" for char in stem):
        return None
    try:
        return absolute(stem)
    except InputError:
        return None


def _may_be_top_level(label: str) -> bool:
    """Tell whether a label may be a top-level domain; `zone~`, `org,v` and `org-2026-11-22` cannot."""
    letters = label.isalnum() and not label.isdigit()
    return (letters or label.startswith("xn--")) and label not in _NO_DOMAINS
