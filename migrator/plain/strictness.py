"""What one or two of BIND, Knot and NSD refuse a whole zone for, although no other server minds it. No IO here.

    example.org.    DS     1 8 2 ...                   BIND does not load the zone
    *.example.org.  NS     ns1.example.net.            BIND does not
    a.example.org.  NAPTR  1 1 "u" "E2U+sip" "!(!" .   BIND does not
    b.example.org.  CNAME  host.example.net.
    b.example.org.  KEY    256 3 13 AAAA               Knot and NSD do not

Each rule was tried with BIND 9.18, Knot 3.2 and NSD 4.6: the servers themselves, since their checkers overlook
some of it (kzonecheck does not look at the hash of NSEC3PARAM, and knotd does).
"""

import re
from collections.abc import Iterator, Mapping

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CDNSKEY import CDNSKEY
from dns.rdtypes.ANY.CDS import CDS
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.KEY import KEY
from dns.rdtypes.ANY.NSEC import NSEC
from dns.rdtypes.ANY.NSEC3 import NSEC3
from dns.rdtypes.ANY.NSEC3PARAM import NSEC3PARAM
from dns.rdtypes.ANY.OPENPGPKEY import OPENPGPKEY
from dns.rdtypes.ANY.RRSIG import RRSIG
from dns.rdtypes.ANY.X25 import X25
from dns.rdtypes.IN.NAPTR import NAPTR
from dns.rdtypes.IN.NSAP import NSAP
from dns.rdtypes.svcbbase import GenericParam, SVCBBase
from dns.rdtypes.tlsabase import TLSABase

from migrator.model.names import folded, is_wildcard
from migrator.model.rrset import RRset
from migrator.model.values import dataclass
from migrator.plain.rare import NO_RDATA, RARE_TYPES, rare_fault
from migrator.plain.regexps import is_loadable
from migrator.zonefile.loadable import is_path_of_doh

BIND, KNOT, NSD = "BIND", "Knot", "NSD"
ALL = (BIND, KNOT, NSD)
OTHERS = "perhaps others"  # of octets that are no rdata: which of them Knot and NSD look at differs by type
# `max-records-per-type` of BIND since 9.18.28 and 9.20.0 (CVE-2024-1737); measured with 9.18.49, 2026-11-22.
MOST_RECORDS = 100
Served = Mapping[RdataType, RRset]
Fault = tuple[str, str, tuple[str, ...]]  # the reason, the advice, the servers

# The types that a rule of this module is about.
STRICT_TYPES = frozenset(
    {
        *(RdataType.CDNSKEY, RdataType.CDS, RdataType.DNAME, RdataType.DNSKEY, RdataType.DS, RdataType.HTTPS),
        *(RdataType.KEY, RdataType.MD, RdataType.MF, RdataType.NAPTR, RdataType.NS, RdataType.NSAP),
        *(RdataType.NSEC, RdataType.NSEC3, RdataType.NSEC3PARAM, RdataType.OPENPGPKEY, RdataType.SMIMEA),
        *(RdataType.SVCB, RdataType.TLSA, RdataType.X25),
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rdata of one type with which some servers, or all, load no zone; why, and what to do."""

    rdtype: RdataType
    rdatas: tuple[Rdata, ...]
    reason: str
    advice: str = ""
    servers: tuple[str, ...] = ALL


def who_minds(refusal: Refusal) -> str:
    """Return who does not load the records, as in `BIND would not`."""
    return "no server would" if refusal.servers == ALL else f"{' and '.join(refusal.servers)} would not"


def too_many(rrset: RRset) -> Refusal | None:
    """Return what BIND minds of a large set; the signatures of one name are several sets to it."""
    if len(rrset.rdatas) <= MOST_RECORDS or rrset.rdtype == RdataType.RRSIG:
        return None
    reason = (
        f"the set has {len(rrset.rdatas)} records, and it takes {MOST_RECORDS} (unless max-records-per-type says "
        "otherwise); as a resolver it answers SERVFAIL for the set"
    )
    advice = "Make the set smaller, or raise max-records-per-type where BIND serves the zone."
    return Refusal(rrset.rdtype, (), reason, advice, (BIND,))


def is_strict(rrset: RRset) -> bool:
    """Tell whether a rule of this module can concern the set: of many NSEC and RRSIG of a zone, hardly one."""
    match rrset.rdtype:
        case RdataType.NSEC:
            return any(isinstance(rdata, NSEC) and not rdata.windows for rdata in rrset.rdatas)
        case RdataType.RRSIG:
            return not all(map(_is_sound_signature, rrset.rdatas))
        case _:
            return rrset.rdtype in STRICT_TYPES or rrset.rdtype in RARE_TYPES


def _is_sound_signature(rdata: Rdata) -> bool:
    return isinstance(rdata, RRSIG) and bool(rdata.signature) and rdata.labels >= len(rdata.signer.labels) - 1


def strict_refusals(rrset: RRset, origin: Name, served: Served) -> Iterator[Refusal]:
    """Yield what servers refuse of a set that a zone may have; `served` are all sets of its owner.

    It is the whole set once, or some of its rdata.
    """
    whole = _of_set(rrset, folded(rrset.owner) == folded(origin), served)
    if whole is not None:
        yield whole
        return
    found: dict[Fault, list[Rdata]] = {}
    for rdata in rrset.rdatas:
        fault = _of_rdata(rdata)
        if fault is not None:
            found.setdefault(fault, []).append(rdata)
    for (reason, advice, servers), rdatas in found.items():
        yield Refusal(rrset.rdtype, tuple(rdatas), reason, advice, servers)


def _of_set(rrset: RRset, at_apex: bool, served: Served) -> Refusal | None:
    def refusal(reason: str, advice: str, *servers: str) -> Refusal:
        return Refusal(rrset.rdtype, rrset.rdatas, reason, advice, servers)

    match rrset.rdtype:
        case RdataType.DS if at_apex:
            reason = "a DS record of the apex belongs into the parent zone (RFC 4035 section 2.4)"
            return refusal(reason, "Delete it here; the registrar has the parent publish it.", BIND)
        case RdataType.NS if is_wildcard(rrset.owner):
            reason = "NS records at a wildcard have no defined meaning (RFC 4592 section 4.2)"
            return refusal(reason, "Delete them, and delegate each name by itself.", BIND)
        case RdataType.NSEC3 if is_wildcard(rrset.owner):
            return refusal("the owner of an NSEC3 is a hash, and no wildcard (RFC 5155 section 3)", _DELETE, BIND)
        case RdataType.KEY if RdataType.CNAME in served:
            reason = "it stands beside a CNAME, as RFC 2181 section 10.1 allows"
            return refusal(reason, "Delete the KEY record, unless something uses it, or the CNAME.", KNOT, NSD)
        case RdataType.DNAME if RdataType.NS in served and not at_apex:
            reason = "it stands beside NS records below the apex (RFC 6672 section 2.3)"
            return refusal(reason, "Keep the DNAME or the delegation.", KNOT)
        case RdataType.MD | RdataType.MF:
            return refusal("its type is obsolete since 1986 (RFC 973)", "Delete it; mail has MX.", BIND)
        case RdataType.CDS | RdataType.CDNSKEY if at_apex:
            reason = _of_child_keys(rrset, served)
            advice = "Delete it, or publish the keys that it stands for, before the zone is loaded there."
            return refusal(reason, advice, BIND) if reason else None
        case RdataType.NSEC3PARAM if at_apex:
            return _of_hashes(rrset)
        case _:
            return None


def _of_child_keys(rrset: RRset, served: Served) -> str:
    """Return what is wrong with CDS or CDNSKEY: BIND compares their algorithms with those of the keys alone."""
    published = [rdata for rdata in rrset.rdatas if isinstance(rdata, CDS | CDNSKEY)]
    algorithms = {rdata.algorithm for rdata in published if not _asks_for_deletion(rdata)}
    keys = served[RdataType.DNSKEY].rdatas if RdataType.DNSKEY in served else ()
    if algorithms and any(map(_asks_for_deletion, published)):
        return "the record that asks for the deletion of DS stands alone (RFC 8078 section 4)"
    if algorithms - {key.algorithm for key in keys if isinstance(key, DNSKEY) and key.key}:
        return "no DNSKEY of the zone has its algorithm (RFC 7344 section 4.1)"
    return ""


def _asks_for_deletion(rdata: CDS | CDNSKEY) -> bool:
    return rdata.to_wire() == (b"\0\0\0\0\0" if isinstance(rdata, CDS) else b"\0\0\x03\0\0")


def _of_hashes(rrset: RRset) -> Refusal | None:
    """Judge NSEC3PARAM: Knot minds any unknown hash, BIND only where it knows none."""
    unknown = [r for r in rrset.rdatas if isinstance(r, NSEC3PARAM) and r.algorithm != _SHA1]
    if not unknown:
        return None
    servers = (BIND, KNOT) if len(unknown) == len(rrset.rdatas) else (KNOT,)
    reason = "its hash algorithm is not 1, the only one that is defined (RFC 5155 section 11)"
    return Refusal(rrset.rdtype, tuple(unknown), reason, "Delete it, or sign the zone anew.", servers)


_SHA1, _SHA1_OCTETS = 1, 20
_PHONE = re.compile(rb"[0-9]{4,}")
_NO_KEY = 0xC000  # RFC 2535 section 3.1.2
_DOHPATH = 7
_DELETE = "Delete it, or copy it again from where it was made."


def _of_rdata(rdata: Rdata) -> Fault | None:
    match rdata:
        case NAPTR() if not is_loadable(rdata.regexp):
            reason = "its Regexp is none that can be read (RFC 3402 section 3.2)"
            return reason, "Write it as delimiter, expression, delimiter, replacement, delimiter.", (BIND,)
        case NSEC3() if rdata.algorithm == _SHA1 and len(rdata.next) != _SHA1_OCTETS:
            return "its next hash is not one of 20 octets (RFC 5155 section 5)", _DELETE, (BIND,)
        case NSAP() if not rdata.address:
            return "its address is empty", _DELETE, (BIND, KNOT)
        case OPENPGPKEY() if not rdata.key:
            return "its key is empty (RFC 7929 section 2.1)", _DELETE, (BIND, KNOT)
        case DNSKEY() | CDNSKEY() if not rdata.key:
            return "its key is empty (RFC 4034 section 2.1.4)", _DELETE, (BIND,)
        case KEY() if not rdata.key and rdata.flags & _NO_KEY != _NO_KEY:
            return "its key is empty, and its flags promise one (RFC 2535 section 3.1.2)", _DELETE, (BIND,)
        case SVCBBase() if _DOHPATH in rdata.params:
            return _of_path(rdata.params[_DOHPATH])
        case _:
            return _of_short(rdata)


def _of_short(rdata: Rdata) -> Fault | None:
    """Judge what lacks something that its type always has."""
    match rdata:
        case NSEC() if not rdata.windows:
            return "it lists no type (RFC 4034 section 4.1.2)", _DELETE, (BIND,)
        case TLSABase() if not rdata.cert:
            return "its data is empty (RFC 6698 section 2.1.4)", _DELETE, (BIND,)
        case X25() if not _PHONE.fullmatch(rdata.address):
            return "its address is not four digits or more (RFC 1183 section 3.1)", _DELETE, (BIND,)
        case _:
            return _of_rare(rdata)


def _of_rare(rdata: Rdata) -> Fault | None:
    reason = rare_fault(rdata)
    if not reason:
        return None
    servers = (BIND, KNOT) if rdata.rdtype == RdataType.DHCID else (BIND,)
    return reason, _DELETE, (BIND, OTHERS) if reason == NO_RDATA else servers


def _of_path(path: object) -> Fault | None:
    """Judge the path of DNS over HTTPS."""
    if isinstance(path, GenericParam) and is_path_of_doh(path.value):
        return None
    reason = "its dohpath is no path with the variable dns (RFC 9461 section 5)"
    return reason, "Write the path as in dohpath=/dns-query{?dns}.", (BIND,) if path else (BIND, NSD)
