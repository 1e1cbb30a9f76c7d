"""RRsets as the records that Cloudflare takes: one JSON body for each rdata. No IO here.

A body says everything, so that writing it leaves nothing of what stood there before; what the service writes by
itself is not in it. Bodies of what is there and of what shall be are made the same way, and can be compared.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.model.extras import (
    AutomaticTTL,
    Extra,
    Flattened,
    ForRecord,
    Managed,
    Note,
    Opaque,
    PlainExtra,
    Proxied,
    RecordTTL,
    Tags,
)
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey, canonical_wire
from migrator.model.values import dataclass
from providers.cloudflare.answers import Native, mapping, text
from providers.cloudflare.convert import convert
from providers.cloudflare.fields import AUTOMATIC, SOURCE, WHOLE_RECORD, owner_of
from providers.cloudflare.names import owner_text
from providers.cloudflare.wording import UnwritableError, fields_of

PROXIABLE = frozenset({RdataType.A, RdataType.AAAA, RdataType.CNAME})
_SETTINGS = "settings."
_DATA = "data."


@dataclass(frozen=True, slots=True)
class Entry:
    """One record to be; `identity` is equal for equal rdata of one RRset."""

    identity: bytes
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Held:
    """One record that is there; `owned_by` names the product that lets nobody else edit it."""

    identifier: str
    key: RRsetKey
    identity: bytes
    body: Mapping[str, object]
    owned_by: str = ""


def entries_of(rrset: RRset, origin: Name, *, flatten_all: bool = False) -> tuple[Entry, ...]:
    """Return the records of an RRset as they shall be written; raises UnwritableError with the reason.

    `flatten_all` tells that a setting of the zone flattens every CNAME, as the apex always does: no record has to
    say so.
    """
    anyway = flatten_all or folded(rrset.owner) == folded(origin)
    shared = [extra for extra in rrset.extras if not isinstance(extra, ForRecord) and not _is_whole(extra)]
    entries = [
        Entry(canonical_wire(rdata), _body(rrset, rdata, [*shared, *_own(rrset.extras, rdata)], anyway=anyway))
        for rdata in rrset.rdatas
    ]
    entries += (_carried(extra) for extra in rrset.extras if isinstance(extra, Opaque) and _is_whole(extra))
    if not entries:
        kinds = ", ".join(extra.kind for extra in rrset.extras)
        raise UnwritableError(f"it has no records{f', only {kinds}' if kinds else ''}")
    return tuple(entries)


def held_record(native: object, origin: Name, *, flatten_all: bool = False) -> Held | None:
    """Return a record of the zone as it would be written; None for one without an identifier."""
    said: Native = mapping(native)
    identifier = text(said.get("id"))
    if not identifier:
        return None
    conversion = convert(native, origin)
    record = conversion.record
    owned_by = owner_of(said)
    if record is None:
        (entry,) = [_carried(extra) for extra in conversion.extras if isinstance(extra, Opaque)]
        return Held(identifier, conversion.key, entry.identity, entry.body, owned_by)
    extras = tuple(extra for extra in record.extras if not isinstance(extra, Managed))
    rrset = RRset(conversion.key, record.ttl, (record.rdata,), extras)
    try:
        (entry,) = entries_of(rrset, origin, flatten_all=flatten_all)
        body = entry.body
    except UnwritableError as exc:
        # It can stand there, and it can be deleted; what it would be like to write it nobody needs to know.
        body = {"unwritable": str(exc), "id": identifier}
    return Held(identifier, conversion.key, canonical_wire(record.rdata), body, owned_by)


def _own(extras: Iterable[Extra], rdata: Rdata) -> Iterator[PlainExtra]:
    shown = rdata.to_text()
    return (extra.extra for extra in extras if isinstance(extra, ForRecord) and extra.rdata == shown)


def _is_whole(extra: Extra) -> bool:
    return isinstance(extra, Opaque) and extra.source == SOURCE and extra.field == WHOLE_RECORD


def _carried(extra: Opaque) -> Entry:
    found = json.loads(extra.document)
    if not isinstance(found, dict):
        raise UnwritableError("what was read there is no record")
    return Entry(extra.document.encode(), found)


def _body(rrset: RRset, rdata: Rdata, extras: Iterable[Extra], *, anyway: bool) -> dict[str, object]:
    body: dict[str, object] = {
        "type": RdataType.to_text(rrset.rdtype),
        "name": owner_text(rrset.owner),
        **fields_of(rdata),
        "ttl": AUTOMATIC if rrset.ttl is None else rrset.ttl,
    }
    if rrset.rdtype in PROXIABLE:
        body["proxied"] = False
    for extra in sorted(extras, key=lambda each: isinstance(each, AutomaticTTL)):
        _add(body, extra, anyway=anyway)
    if body.get("proxied") is True:
        body["ttl"] = AUTOMATIC
        _leave_flattening(body)
    return body


def _leave_flattening(body: dict[str, object]) -> None:
    """Take out the setting that flattens a CNAME: what is proxied always is, and the service refuses both."""
    settings = {
        name: found for name, found in mapping(body.pop("settings", None)).items() if name != "flatten_cname"
    }
    body |= {"settings": settings} if settings else {}


def _add(body: dict[str, object], extra: Extra, *, anyway: bool) -> None:  # noqa: C901 - a case for each extra
    match extra:
        case AutomaticTTL():
            body["ttl"] = AUTOMATIC
        case RecordTTL():
            body["ttl"] = extra.ttl
        case Proxied():
            if extra.enabled and "proxied" not in body:
                raise UnwritableError("only A, AAAA and CNAME records can be proxied")
            if extra.enabled:
                body["proxied"] = True
        case Note():
            body["comment"] = extra.text
        case Tags():
            body["tags"] = sorted(extra.tags)
        case Flattened():
            if extra.enabled and not anyway:
                _inside(body, "settings")["flatten_cname"] = True
        case Opaque() if extra.source == SOURCE:
            _add_unknown(body, extra)
        case Managed():
            raise UnwritableError(f"it belongs to {extra.by or 'another product'}, which alone can make it")
        case _:
            raise UnwritableError(f"Cloudflare has no {extra.kind} of records")


def _add_unknown(body: dict[str, object], extra: Opaque) -> None:
    found = json.loads(extra.document)
    for prefix in (_SETTINGS, _DATA):
        if extra.field.startswith(prefix):
            _inside(body, prefix[:-1])[extra.field.removeprefix(prefix)] = found
            return
    body[extra.field] = found


def _inside(body: dict[str, object], name: str) -> dict[str, object]:
    found = body.get(name)
    inner = dict(found) if isinstance(found, dict) else {}
    body[name] = inner
    return inner
