"""What a zone file cannot say, as one-line comments in ASCII: each extra with all its values. No IO here."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import cast

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.codec import rdata as codec
from migrator.model.extras import Extra
from migrator.model.rrset import Record, RRset


def extra_text(extra: Extra) -> str:
    """Return `weighted weight=70`: the kind and each field; empty texts are left out."""
    parts = [extra.kind]
    for field in fields(extra):
        found = getattr(extra, field.name)
        if found not in ("", ()):
            parts.append(f"{field.name}={_written(found)}")
    return " ".join(parts)


def extra_lines(rrset: RRset) -> Iterator[str]:
    """Yield a line for each extra of an RRset that stands in the file as it is."""
    for extra in rrset.extras:
        yield extra_text(extra)


def set_lines(rrset: RRset, mark: str) -> Iterator[str]:
    """Yield an RRset whole: type, identifier, TTL and extras in one line, then a line for each record."""
    identifier = f" set {json.dumps(rrset.key.variant)}" if rrset.key.variant else ""
    ttl = "" if rrset.ttl is None else f" ttl={rrset.ttl}"
    extras = "".join(f" [{extra_text(extra)}]" for extra in rrset.extras)
    yield f"{mark}: {RdataType.to_text(rrset.rdtype)}{identifier}{ttl}{extras}"
    for rdata in rrset.rdatas:
        yield f"  {record_text(rrset.owner, rrset.ttl, rdata)}"


def stray_lines(record: Record) -> Iterator[str]:
    """Yield a record whose owner lies outside the zone."""
    variant = f" set {json.dumps(record.variant)}" if record.variant else ""
    extras = "".join(f" [{extra_text(extra)}]" for extra in record.extras)
    yield f"outside the zone{variant}{extras}:"
    yield f"  {record_text(record.owner, record.ttl, record.rdata)}"


def record_text(owner: Name, ttl: int | None, rdata: Rdata) -> str:
    """Return a record as a line of a zone file, to be copied out of the comment if need be."""
    shown = "" if ttl is None else f" {ttl}"
    return f"{owner.to_text()}{shown} IN {RdataType.to_text(rdata.rdtype)} {codec.to_text(rdata)}"


def _written(found: object) -> str:
    match found:
        case Name():
            return found.to_text()
        case str() | bool() | int():
            return json.dumps(found)
        case tuple():
            return json.dumps(list(found))
        case _:
            return f"({extra_text(cast('Extra', found))})"
