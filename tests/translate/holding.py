"""What a target would refuse of a zone: written apart from the rules, by the capabilities alone."""

from collections.abc import Iterator
from functools import partial

from dns.rdata import GenericRdata, Rdata
from dns.rdatatype import RdataType

from migrator.codec.rdata import is_parsed_by_default, to_text
from migrator.meaning.roles import TEXT_TYPES, octets
from migrator.model.capabilities import Capabilities
from migrator.model.extras import Alias, AutomaticTTL, ForRecord, Opaque, Proxied, RecordTTL
from migrator.model.names import folded, is_wildcard
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot, subject_of

SIGNED = {RdataType.RRSIG, RdataType.NSEC, RdataType.NSEC3, RdataType.NSEC3PARAM}
BESIDE = {RdataType.CNAME, RdataType.RRSIG, RdataType.NSEC}


def complaints(target: Capabilities, zone: ZoneSnapshot) -> list[str]:
    """Return a line for everything that the target would refuse."""
    return [
        f"{subject_of(rrset.key)}: {why}"
        for rrset in zone.rrsets
        if target.every_type or rrset.key not in (RRsetKey(zone.origin, t) for t in (RdataType.SOA, RdataType.NS))
        for why in refused(target, zone, rrset)
    ]


def refused(target: Capabilities, zone: ZoneSnapshot, rrset: RRset) -> Iterator[str]:
    yield from refused_forms(target, zone, rrset)
    yield from refused_extras(target, zone, rrset)
    apex = folded(rrset.owner) == folded(zone.origin)
    types = {other.rdtype for other in zone.rrsets if folded(other.owner) == folded(rrset.owner)}
    if RdataType.CNAME in types:
        beside = (
            {RdataType.A, RdataType.AAAA, RdataType.NS} & types
            if target.cname_beside_other.holds
            else types - BESIDE
        )
        beside -= {RdataType.SOA, RdataType.NS} if apex else set()
        if beside:
            yield "beside a CNAME"
        if apex and not target.apex_cname.holds:
            yield "a CNAME at the apex"
    if rrset.rdtype == RdataType.CNAME and len(rrset.rdatas) > 1:
        yield "several CNAMEs"
    if rrset.rdtype == RdataType.NS and is_wildcard(rrset.owner) and not target.wildcard_ns.holds:
        yield "NS at a wildcard"
    if rrset.rdtype == RdataType.DS and (apex or RdataType.NS not in types):
        yield "DS without NS"
    cut = not target.ns_beside_other.holds and not apex and RdataType.NS in types
    if cut and rrset.rdtype not in {RdataType.NS, RdataType.DS}:
        yield "beside NS"
    if rrset.rdtype == RdataType.SOA and not apex:
        yield "SOA below the apex"


def refused_forms(target: Capabilities, zone: ZoneSnapshot, rrset: RRset) -> Iterator[str]:
    own = bool(target.opaque) and zone.source.startswith(f"{target.scheme}:")
    newer = own and (target.newer_types or not rrset.rdatas)
    if not (target.holds_type(rrset.rdtype) or newer) or (rrset.rdtype in SIGNED and not target.every_type):
        yield "type"
    empty = not rrset.rdatas and not any(isinstance(extra, Alias | Opaque) for extra in rrset.extras)
    if empty and not target.empty_rrsets.holds:
        yield "empty"
    labels = rrset.owner.labels[1:] if is_wildcard(rrset.owner) else rrset.owner.labels
    if target.label_octets is not None and set(b"".join(labels).lower()) - target.label_octets:
        yield "name"
    if Proxied in target.extras and any(map(partial(is_proxied_for_a_time, rrset), rrset.rdatas)):
        yield "a TTL of what is proxied"
    automatic = any(isinstance(extra, AutomaticTTL) for extra in rrset.extras)
    ttls = [] if rrset.ttl is None or automatic else [rrset.ttl]
    ttls += [e.extra.ttl for e in rrset.extras if isinstance(e, ForRecord) and isinstance(e.extra, RecordTTL)]
    if not all(target.ttl_min.bound <= ttl <= target.ttl_max.bound for ttl in ttls):
        yield "TTL"
    if rrset.ttl is None and rrset.rdatas:
        yield "no TTL"
    limit = target.records_limit(rrset.rdtype)
    if limit and len(rrset.rdatas) > limit.bound:
        yield "too many records"
    together = target.characters_in.get(rrset.rdtype)
    if together and sum(len(to_text(rdata)) for rdata in rrset.rdatas) > together.bound:
        yield "too many characters"
    yield from refused_rdata(target, rrset)


def is_proxied_for_a_time(rrset: RRset, rdata: Rdata) -> bool:
    """Tell whether a proxied record has a TTL other than what the proxy answers with."""
    said = [e for e in rrset.extras if not isinstance(e, ForRecord)]
    said += [e.extra for e in rrset.extras if isinstance(e, ForRecord) and e.rdata == rdata.to_text()]
    ttl = next((extra.ttl for extra in said if isinstance(extra, RecordTTL)), rrset.ttl)
    return Proxied() in said and AutomaticTTL() not in said and ttl != 300


def refused_rdata(target: Capabilities, rrset: RRset) -> Iterator[str]:
    for rdata in rrset.rdatas:
        if isinstance(rdata, GenericRdata) and not target.generic_rdata.holds and not is_parsed_by_default(rdata):
            yield "octets"
        if target.value_length and len(to_text(rdata)) > target.value_length.bound:
            yield "too long"
        if target.wire_in_record and len(rdata.to_wire() or b"") > target.wire_in_record.bound:
            yield "too long on the wire"
        if rrset.rdtype == RdataType.MX and to_text(rdata).endswith(" .") and not target.null_mx.holds:
            yield "null MX"
    if rrset.rdtype in TEXT_TYPES:
        yield from refused_texts(target, rrset)


def refused_texts(target: Capabilities, rrset: RRset) -> Iterator[str]:
    texts = [octets(rdata) for rdata in rrset.rdatas]
    strings = [string for rdata in rrset.rdatas for string in getattr(rdata, "strings", ())]
    if not all(strings) and not target.empty_text.holds:
        yield "empty string"
    if not target.binary_text.holds and any(s != s.decode(errors="replace").encode() for s in strings):
        yield "binary text"
    if target.text_in_record and any(len(text) > target.text_in_record.bound for text in texts):
        yield "long text"
    if target.text_in_rrset and sum(map(len, texts)) > target.text_in_rrset.bound:
        yield "long texts"


def refused_extras(target: Capabilities, zone: ZoneSnapshot, rrset: RRset) -> Iterator[str]:
    for extra in rrset.extras:
        inner = extra.extra if isinstance(extra, ForRecord) else extra
        match inner:
            case Alias():
                yield from refused_alias(target, zone, rrset, inner)
            case Opaque():
                if inner.source not in target.opaque:
                    yield "opaque"
            case _:
                held = target.record_extras if isinstance(extra, ForRecord) else target.extras
                if type(inner) not in held:
                    yield inner.kind
    texts = {form for rdata in rrset.rdatas for form in (rdata.to_text(), to_text(rdata))}
    if not all(extra.rdata in texts for extra in rrset.extras if isinstance(extra, ForRecord)):
        yield "an extra of a record that is gone"
    if rrset.key.variant and not target.extras:
        yield "variant"


def refused_alias(target: Capabilities, zone: ZoneSnapshot, rrset: RRset, alias: Alias) -> Iterator[str]:
    held = target.aliases
    if not held.types and not held.schemes:
        yield "alias"
    if rrset.rdatas:
        yield "alias beside rdata"
    if not held.has_ttl and rrset.ttl is not None:
        yield "alias with TTL"
    if alias.evaluate_target_health and not held.health:
        yield "health of the target"
