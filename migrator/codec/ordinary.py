"""The ordinary RRsets of a `zone.json`, text when they are written and when they are read. No IO here.

A document of a million sets would be a million small objects several times over. Sets without extras, of common
types and with plain names, become the canonical text of their owners, by the forms of the fast reader
(`migrator.zonefile.fast`); of all others the places are told, and they are parsed one by one. What is taken here
is what parsing would have made of it: the digest of the document is computed from it either way. What is written
is what RRsets made of the text would be: `tests/codec/test_ordinary.py`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from dns.name import Name

from migrator.codec.extras import document
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.forms import FORMS, Form
from migrator.zonefile.fast.harvest import Harvest
from migrator.zonefile.fast.sets import sets_of

_MEMBERS = {"owner", "rdtype", "variant", "ttl", "rdatas", "extras"}
_FORMS: dict[str, tuple[bytes, Form]] = {
    rdtype.name: (rdtype.name.encode(), form) for rdtype, form in FORMS.items()
}
# Where names stand in these: names are absolute in a document, and a form would take others as relative ones.
_NAMES: dict[str, slice] = {
    **dict.fromkeys(("CNAME", "NS", "PTR", "MX", "SRV", "NAPTR"), slice(-1, None)),
    **dict.fromkeys(("HTTPS", "SVCB"), slice(1, 2)),
    "NSEC": slice(1),
    "RRSIG": slice(7, 8),
    "RP": slice(None),
}
_PRINTABLE = re.compile(r"[ -~]+")


def documents(key: bytes, text: bytes) -> Iterator[str]:
    """Yield the JSON text of each RRset that an owner's text stands for, in canonical order."""
    owner, sets = sets_of(key, text)
    for found in sets:
        # Of what such text holds, JSON escapes quotes and backslashes alone.
        listed = '", "'.join([rdata.replace("\\", r"\\").replace('"', r"\"") for rdata in found.rdatas])
        own = "[]" if found.own is None else json.dumps([*map(document, found.own.extras(found.rdatas))])
        yield (
            f'{{"owner": "{owner}", "rdtype": "{found.rdtype}", "variant": "", "ttl": {found.ttl}, '
            f'"rdatas": ["{listed}"], "extras": {own}}}'
        )


def ordinary_sets(sets: Sequence[object], origin: Name, most_ttl: int) -> tuple[Harvest, list[int]] | None:
    """Return the owners of which all sets are ordinary, and the places of the other sets.

    None where the sets of an owner do not stand together: the document is no one that this program wrote.
    """
    context = Context(origin, origin, None)
    harvest = Harvest()
    others: list[int] = []
    seen: set[str] = set()
    place = 0
    while place < len(sets):
        first = place
        owner = _owner(sets[first])
        place += 1
        while place < len(sets) and _owner(sets[place]) == owner:
            place += 1
        if owner.lower() in seen:
            return None
        seen.add(owner.lower())
        if not _take(harvest, owner, sets[first:place], context, most_ttl):
            others.extend(range(first, place))
    return harvest, others


def _owner(entry: object) -> str:
    """Return the owner of a set; nothing where it has none that a set of this program has."""
    found = entry.get("owner") if isinstance(entry, dict) else None
    return found if isinstance(found, str) else ""


def _take(harvest: Harvest, owner: str, sets: Sequence[object], context: Context, most_ttl: int) -> bool:
    """Take all sets of an owner, or none."""
    named = context.owner(owner.encode("ascii", "replace")) if owner[-1:] == "." else None
    if named is None:
        return False
    records: list[bytes] = []
    shape = b""
    types = set()
    for entry in sets:
        found = _records(entry, context, most_ttl)
        if found is None:
            return False
        rdtype, members = found
        for head, rdata in members:
            records.append(head + rdata)
            shape += head
        types.add(rdtype)
    return len(types) == len(sets) and harvest.take(*named, records, shape)


def _records(entry: object, context: Context, most_ttl: int) -> tuple[bytes, list[tuple[bytes, bytes]]] | None:
    """Return a set's type; and of each record type and TTL as text, with a blank behind, and what it says."""
    if not isinstance(entry, dict) or entry.keys() != _MEMBERS or entry["variant"] != "":
        return None
    rdtype, ttl, rdatas = entry["rdtype"], entry["ttl"], entry["rdatas"]
    form = _FORMS.get(rdtype) if isinstance(rdtype, str) else None
    if form is None or not _is_ttl(ttl, most_ttl) or not isinstance(rdatas, list):
        return None
    found = []
    for rdata in rdatas:
        if not isinstance(rdata, str) or _PRINTABLE.fullmatch(rdata) is None:
            return None
        if rdtype in _NAMES and not _are_absolute(rdata.split(" ")[_NAMES[rdtype]]):
            return None
        text = form[1](rdata.encode(), context)
        if text is None:
            return None
        found.append(text)
    own = _own_ttls(entry, found, most_ttl)
    if not found or own is None:
        return None
    return form[0], [(f"{rdtype} {own.get(rdata, ttl)} ".encode(), rdata) for rdata in found]


def _own_ttls(entry: Mapping[str, object], rdatas: Sequence[bytes], most_ttl: int) -> dict[bytes, int] | None:
    """Return the TTLs of single signatures by their text; None where the extras say anything else."""
    extras, ttl = entry["extras"], entry["ttl"]
    if extras == []:
        return {}
    if entry["rdtype"] != "RRSIG" or not isinstance(extras, list) or len(extras) >= len(rdatas):
        return None
    texts = iter(rdatas)
    found = {}
    for extra in extras:
        match extra:
            case {"kind": "for-record", "rdata": str(rdata), "extra": {"kind": "record-ttl", "ttl": own}} if (
                len(extra) == _OF_EXTRA
                and len(extra["extra"]) == _OF_TTL
                and _is_ttl(own, most_ttl)
                and own > ttl
                and rdata.encode() in texts  # in their order, each once
            ):
                found[rdata.encode()] = own
            case _:
                return None
    return found


def _is_ttl(ttl: object, most_ttl: int) -> bool:
    return type(ttl) is int and 0 <= ttl <= most_ttl


_OF_EXTRA, _OF_TTL = 3, 2


def _are_absolute(names: Sequence[str]) -> bool:
    return len(names) > 0 and all(name.endswith(".") for name in names)
