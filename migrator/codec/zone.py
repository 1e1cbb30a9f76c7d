"""A zone snapshot as JSON, `zone.json` of the backup folder: lossless, but for the native documents. No IO.

One RRset is one line, so that two backups of a zone can be compared by any tool for text. The native
documents of the provider stand beside it as files (`raw/`).
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdatatype import RdataType

from migrator.codec import extras, findings, rdata
from migrator.codec.shape import Shape, expect_schema, parse_object
from migrator.errors import InputError
from migrator.model.compact import key_of
from migrator.model.finding import Finding
from migrator.model.names import is_within, written
from migrator.model.rrset import Record, RRset, RRsetKey, canonical_order, make
from migrator.model.zone import ZoneSnapshot

SCHEMA = "dns-migrator/zone/1"
MAX_TTL = 2**32 - 1


def dumps(snapshot: ZoneSnapshot, found: Iterable[Finding] = ()) -> str:
    """Return the JSON text of a snapshot and the findings of its reading; equal for equal ones."""
    return "".join(lines(snapshot, found))


def lines(snapshot: ZoneSnapshot, found: Iterable[Finding] = ()) -> Iterator[str]:
    """Yield the same text line by line: a zone of a million records is never one string."""
    yield "{\n"
    yield _member("schema", SCHEMA)
    yield _member("origin", snapshot.origin.to_text())
    yield _member("source", snapshot.source)
    yield _member("read_at", None if snapshot.read_at is None else instant(snapshot.read_at))
    yield _member("digest", snapshot.digest())
    yield _member("name_servers", [name.to_text() for name in snapshot.name_servers])
    yield from _list("rrsets", _rrsets(snapshot))
    yield ",\n"
    yield from _list("stray", map(json.dumps, map(_record_document, snapshot.stray)))
    yield ",\n"
    yield from _list("findings", map(json.dumps, map(findings.document, found)))
    yield "\n}\n"


def loads(text: str, *, file: str = "zone.json") -> tuple[ZoneSnapshot, tuple[Finding, ...]]:
    """Return the snapshot and the findings of its reading; `file` is the document's name for messages.

    Raises InputError, one line, where the text is no such document, or its content is not the one that its
    digest was made of: somebody edited it, and a backup that was edited proves nothing.
    """
    document = parse_object(text, file)
    expect_schema(document, SCHEMA)
    snapshot = _snapshot(document)
    stated = document.text("digest")
    if snapshot.digest() != stated:
        raise InputError(
            f"{file}: the content was changed after it was written: its digest is {snapshot.digest()}, the file "
            f"says {stated}. To change a zone, edit its zone file instead."
        )
    return snapshot, tuple(findings.parse(shape) for shape in document.shapes("findings"))


def instant(moment: datetime) -> str:
    """Return an aware time in UTC as `2026-12-01T09:00:00Z`."""
    assert moment.tzinfo is not None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _member(name: str, found: object) -> str:
    return f" {json.dumps(name)}: {json.dumps(found)},\n"


def _list(name: str, documents: Iterable[str]) -> Iterator[str]:
    yield f" {json.dumps(name)}: ["
    before = "\n  "
    for document in documents:
        yield before + document
        before = ",\n  "
    yield "]" if before == "\n  " else "\n ]"


def _rrsets(snapshot: ZoneSnapshot) -> Iterator[str]:
    """Yield the JSON text of each RRset; that of ordinary ones is made of their text."""
    zone = snapshot.compact
    if zone is None:
        yield from map(json.dumps, map(rrset_document, snapshot.rrsets))
        return
    from migrator.codec.ordinary import documents

    for key in zone.ordered():
        text = zone.texts.get(key)
        if text is None:
            yield from map(json.dumps, map(rrset_document, zone.objects[key]))
        else:
            yield from documents(key, text)


def rrset_document(rrset: RRset) -> dict[str, object]:
    """Return the JSON object of an RRset."""
    document: dict[str, object] = {
        "owner": written(rrset.owner),
        "rdtype": RdataType.to_text(rrset.rdtype),
        "variant": rrset.key.variant,
        "ttl": rrset.ttl,
        "rdatas": [rdata.to_text(found) for found in rrset.rdatas],
        "extras": [extras.document(extra) for extra in rrset.extras],
    }
    octets = [i for i, found in enumerate(rrset.rdatas) if _is_kept_as_octets(found)]
    if octets:
        document["octets"] = octets
    return document


def _record_document(record: Record) -> dict[str, object]:
    position = record.position
    document: dict[str, object] = {
        "owner": written(record.owner),
        "rdtype": RdataType.to_text(record.rdata.rdtype),
        "variant": record.variant,
        "ttl": record.ttl,
        "rdata": rdata.to_text(record.rdata),
        "extras": [extras.document(extra) for extra in record.extras],
        "file": None if position is None else position.file,
        "line": None if position is None else position.line,
    }
    if _is_kept_as_octets(record.rdata):
        document["octets"] = [0]
    return document


def _is_kept_as_octets(found: Rdata) -> bool:
    """Tell whether the reader kept the bare octets of a type that can be parsed: to be kept so again."""
    return isinstance(found, GenericRdata) and rdata.is_parsed_by_default(found)


def _snapshot(document: Shape) -> ZoneSnapshot:
    from migrator.codec.ordinary import ordinary_sets
    from migrator.zonefile.fast.compact import compact_beside

    origin = extras.name_at(document, "origin")
    sets = document.members.get("rrsets")
    found = ordinary_sets(sets, origin, MAX_TTL) if isinstance(sets, list) else None
    harvest, others = found or (None, None)
    rrsets = [parse_rrset(shape, origin) for shape in document.shapes("rrsets", required=True, only=others)]
    if harvest is not None and any(key_of(rrset.key.folded) in harvest for rrset in rrsets):
        harvest = None  # an owner that is spelt in two ways
        rrsets = [parse_rrset(shape, origin) for shape in document.shapes("rrsets", required=True)]
    if len({rrset.key for rrset in rrsets}) != len(rrsets):
        raise document.error("rrsets", "two of them have the same owner, type and variant.")
    snapshot = ZoneSnapshot(
        origin,
        tuple(sorted(rrsets, key=lambda rrset: canonical_order(rrset.key))),
        document.text("source", ""),
        _read_at(document),
        tuple(extras.name_of(document, "name_servers", text) for text in document.texts("name_servers")),
        (),
        tuple(_record(shape) for shape in document.shapes("stray")),
    )
    return snapshot if harvest is None else compact_beside(snapshot, harvest)


def _read_at(document: Shape) -> datetime | None:
    if document.members.get("read_at") is None:
        return None
    text = document.text("read_at")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise document.error("read_at", f"'{text}' is no time such as 2026-12-01T09:00:00Z.") from exc
    if moment.tzinfo is None:
        raise document.error("read_at", f"'{text}' does not say that it is UTC, as in 2026-12-01T09:00:00Z.")
    return moment


def parse_rrset(shape: Shape, origin: Name) -> RRset:
    """Return the RRset that such an object is; raises InputError where it is none of the zone."""
    key = RRsetKey(extras.name_at(shape, "owner"), rdata.type_of(shape), shape.text("variant", ""))
    if not is_within(key.owner, origin):
        raise shape.error("owner", f"'{key.owner.to_text()}' lies outside the zone {origin.to_text()}")
    texts = shape.texts("rdatas", required=True)
    octets = _octets(shape)
    rdatas = tuple(_rdata(shape, "rdatas", key.rdtype, text, octets=i in octets) for i, text in enumerate(texts))
    return make(key, _ttl(shape), rdatas, tuple(map(extras.parse, shape.shapes("extras"))))


def _record(shape: Shape) -> Record:
    ttl = shape.integer("ttl")
    return Record(
        extras.name_at(shape, "owner"),
        ttl,
        _rdata(shape, "rdata", rdata.type_of(shape), shape.text("rdata"), octets=bool(_octets(shape))),
        tuple(map(extras.parse, shape.shapes("extras"))),
        shape.text("variant", ""),
        findings.position(shape),
    )


def _ttl(shape: Shape) -> int | None:
    ttl = shape.optional_integer("ttl")
    if ttl is not None and ttl > MAX_TTL:
        raise shape.error("ttl", f"{ttl} is longer than a TTL can be.")
    return ttl


def _octets(shape: Shape) -> frozenset[object]:
    found = shape.members.get("octets", [])
    if not isinstance(found, list) or not all(isinstance(item, int) for item in found):
        raise shape.wrong("octets", "a list of positions in the list of rdata", found)
    return frozenset(found)


def _rdata(shape: Shape, member: str, rdtype: RdataType, text: str, *, octets: bool) -> Rdata:
    try:
        return rdata.from_generic_text(rdtype, text) if octets else rdata.from_text(rdtype, text)
    except InputError as exc:
        raise shape.error(member, str(exc)) from exc
