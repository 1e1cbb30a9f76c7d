"""An RRset as the JSON that creates it at Azure: the inverse of `convert`. No IO here.

A PUT replaces a set whole, so everything goes into it: records, alias, metadata, and the fields that nobody knows,
each where it stood.
"""

import json

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.extras import Alias, ForRecord, Metadata, Opaque
from migrator.model.names import ROOT, folded, is_within
from migrator.model.rrset import RRset
from providers.azure.capabilities import SOURCE, WHOLE_SET
from providers.azure.convert import ALIAS_FIELD, ENTRY, PROFILE_FIELD, scope_of
from providers.azure.names import relative_of
from providers.azure.values import LAYOUTS, Native, UnwritableError, native_of

_PROPERTIES = "properties."
# What the service puts before the type of a set: `Microsoft.Network/dnszones/A`.
_RESOURCES = "Microsoft.Network/"
# Every set states a TTL. For that of an alias to a Traffic Manager profile Azure puts the profile's own, by
# default 30 (azure-cli, network traffic-manager profile create --ttl, 2026-11-20).
_ALIAS_TTL = 30


def type_name_of(rrset: RRset) -> str:
    """Return the type as it stands in the set's URL; raises UnwritableError for a set carried whole."""
    for extra in rrset.extras:
        if isinstance(extra, Opaque) and extra.source == SOURCE and extra.field == "type":
            named = json.loads(extra.document)
            if isinstance(named, str) and named.startswith(_RESOURCES) and named.rpartition("/")[2].isalnum():
                return named.rpartition("/")[2]
            raise UnwritableError(f"{extra.document} is no type")
        if isinstance(extra, Opaque) and extra.field == WHOLE_SET:
            raise UnwritableError("the set could not be read when it was fetched, so it cannot be written")
    return RdataType.to_text(rrset.rdtype)


def body_of(rrset: RRset, origin: Name, zone_id: str) -> Native:
    """Return the body of the PUT that makes the set as it is; raises UnwritableError where there is none."""
    properties: Native = {}
    _put_ttl(rrset, properties)
    _put_records(rrset, properties)
    body: Native = {"properties": properties}
    metadata: dict[str, object] = {}
    aliases: list[Alias] = []
    for extra in rrset.extras:
        match extra:
            case Metadata():
                metadata[extra.name] = extra.text
            case Alias():
                aliases.append(extra)
            case Opaque() if extra.source == SOURCE:
                _put_opaque(extra, body, properties, metadata)
            case ForRecord():
                pass  # with its record
            case _:
                raise UnwritableError(f"Azure has no {extra.kind}")
    if metadata:
        properties["metadata"] = metadata
    if len(aliases) > 1 or (aliases and rrset.rdatas):
        raise UnwritableError("a set is either records or one alias")
    if aliases and PROFILE_FIELD not in properties:
        properties[ALIAS_FIELD] = {"id": _resource(rrset, aliases[0], origin, zone_id)}
    return body


def _put_ttl(rrset: RRset, properties: Native) -> None:
    if rrset.ttl is not None:
        properties["TTL"] = rrset.ttl
    elif any(isinstance(extra, Alias) for extra in rrset.extras):
        properties["TTL"] = _ALIAS_TTL


def _put_records(rrset: RRset, properties: Native) -> None:
    layout = LAYOUTS.get(rrset.rdtype)
    records = [native_of(rdata) for rdata in rrset.rdatas]
    texts = [rdata.to_text() for rdata in rrset.rdatas]
    for extra in rrset.extras:
        if not isinstance(extra, ForRecord):
            continue
        inner = extra.extra
        if not isinstance(inner, Opaque) or inner.source != SOURCE or extra.rdata not in texts:
            raise UnwritableError(f"Azure has no {inner.kind} for one record of a set")
        _put_deep(records[texts.index(extra.rdata)], inner.field.split(".")[2:], json.loads(inner.document))
    if layout is None:
        return
    if layout.single:
        if len(records) > 1:
            raise UnwritableError(f"Azure holds one {RdataType.to_text(rrset.rdtype)} record in a set")
        if records:
            properties[layout.field] = records[0]
    elif not any(isinstance(extra, Alias) for extra in rrset.extras):
        properties[layout.field] = records


def _put_opaque(extra: Opaque, body: Native, properties: Native, metadata: dict[str, object]) -> None:
    """Put a field back where it stood; a record that could not be read goes behind the others."""
    found = json.loads(extra.document)
    if extra.field == "type":
        return
    if extra.field == "properties":
        raise UnwritableError("the properties of the set could not be read, so it cannot be written")
    if not extra.field.startswith(_PROPERTIES):
        body[extra.field] = found
        return
    field = extra.field.removeprefix(_PROPERTIES)
    if field.startswith("metadata."):
        metadata[field.removeprefix("metadata.")] = found
    elif field.endswith(ENTRY):
        records = properties.setdefault(field.removesuffix(ENTRY), [])
        assert isinstance(records, list)
        records.append(found)
    else:
        properties[field] = found


def _put_deep(record: Native, path: list[str], found: object) -> None:
    *outer, last = path
    for name in outer:
        inner = record.setdefault(name, {})
        assert isinstance(inner, dict)
        record = inner
    record[last] = found


def _resource(rrset: RRset, alias: Alias, origin: Name, zone_id: str) -> str:
    """Return the resource that an alias names; a set of the zone itself always by its present id."""
    if zone_id and alias.scope.lower().startswith(f"{zone_id.lower()}/"):
        return alias.scope
    own = alias.target != ROOT and is_within(alias.target, origin)
    if own and (folded(alias.target) != folded(rrset.owner) or not alias.scope):
        return scope_of(zone_id, RdataType.to_text(rrset.rdtype), relative_of(alias.target, origin))
    if not alias.scope:
        raise UnwritableError("Azure has no alias to a name outside the zone, only to resources")
    return alias.scope
