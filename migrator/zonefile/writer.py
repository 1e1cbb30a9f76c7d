r"""Records -> zone file text that BIND, Knot and NSD load, and that `read_zone` reads as the same. No IO here.

One record a line, absolute names, every TTL stated; sets in canonical order, the SOA first. What a label holds
beyond letters, digits and `-_*/` is written `\DDD` (a dot `\.`), which all three servers take in every place.
A type or rdata whose text one of them refuses is written in its generic form (RFC 3597), `TYPE65 \# 3 000100`:
which ones was found by trying BIND 9.18, Knot 3.2 and NSD 4.6 (`tests/zonefile/test_servers.py` tries them again).
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdatatype import RdataType, is_metatype
from dns.rdtypes.ANY.CAA import CAA
from dns.rdtypes.ANY.CERT import CERT
from dns.rdtypes.dnskeybase import DNSKEYBase
from dns.rdtypes.IN.APL import APL
from dns.rdtypes.IN.IPSECKEY import IPSECKEY
from dns.rdtypes.svcbbase import ALPNParam, ParamKey, SVCBBase

from migrator.model.compact import labels_of
from migrator.model.extras import ForRecord, RecordTTL
from migrator.model.names import ROOT, plain_text
from migrator.model.rdatas import presented
from migrator.model.rrset import RRset, canonical_order
from migrator.model.values import dataclass
from migrator.zonefile.fast.sets import sets_of
from migrator.zonefile.fields import Names, Unreadable
from migrator.zonefile.lexer import logical_lines
from migrator.zonefile.rdata import exact_rdata, fast_rdata


@dataclass(frozen=True, slots=True)
class Entry:
    """An RRset, and the comments above it; without an RRset the comments stand alone."""

    rrset: RRset | None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerText:
    """All that an owner has, as canonical text (`migrator.model.compact`) that `is_written_as_it_stands`.

    No entry beside it has a set of that owner.
    """

    key: bytes
    text: bytes


def write_zone(origin: Name, entries: Iterable[Entry | OwnerText], header: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of the zone file, without line ends.

    Sets are put in canonical order; a comment that stands alone stays behind the set before it.
    """
    yield from _comments(header)
    yield f"$ORIGIN {name_text(origin)}"
    for entry in _ordered(entries):
        if isinstance(entry, OwnerText):
            yield from _lines_of_text(entry)
            continue
        yield from _comments(entry.comments)
        if entry.rrset is not None:
            yield from _records(entry.rrset)


def is_written_as_it_stands(text: bytes) -> bool:
    """Tell whether the records of a canonical text are lines of the file, but for the words between them."""
    return b"CAA " not in text or _ODD_TAG.search(text) is None  # see `_doubtful_text`


def written_ttls(rrset: RRset) -> list[int]:
    """Return the TTL of each record in the file: that of the set, but for signatures with one of their own.

    Each of these has that of what it signs (RFC 4034 section 3); of another set with two, servers complain.
    """
    if not rrset.rdatas:
        return []
    assert rrset.ttl is not None
    own = {extra.rdata: extra.extra.ttl for extra in own_ttls(rrset) if isinstance(extra.extra, RecordTTL)}
    if not own:
        return [rrset.ttl] * len(rrset.rdatas)
    return [own.get(rdata.to_text(), rrset.ttl) for rdata in rrset.rdatas]


def own_ttls(rrset: RRset) -> list[ForRecord]:
    """Return of all that is said of the set what the file says by the TTLs of its records."""
    if rrset.rdtype != RdataType.RRSIG:
        return []
    own = (extra for extra in rrset.extras if isinstance(extra, ForRecord))
    return [extra for extra in own if isinstance(extra.extra, RecordTTL)]


def name_text(name: Name) -> str:
    """Return the absolute presentation form of the name, in its own case, as every server reads it."""
    plain = plain_text(name)
    if plain is not None:
        return plain
    return "".join([f"{_label_text(label)}." for label in name.labels[:-1]]) or "."


def _ordered(entries: Iterable[Entry | OwnerText]) -> list[Entry | OwnerText]:
    groups: list[list[Entry | OwnerText]] = [[]]
    for entry in entries:
        if isinstance(entry, OwnerText) or entry.rrset is not None:
            groups.append([])
        groups[-1].append(entry)
    first, *rest = groups
    rest.sort(key=lambda group: _order(group[0]))
    return [entry for group in (first, *rest) for entry in group]


def _order(entry: Entry | OwnerText) -> tuple[tuple[bytes, ...], int, str]:
    if isinstance(entry, OwnerText):
        return labels_of(entry.key)[::-1], 0, ""
    assert entry.rrset is not None
    return canonical_order(entry.rrset.key)


def _comments(comments: Iterable[str]) -> Iterator[str]:
    for comment in comments:
        for line in comment.splitlines() or [""]:
            yield f"; {_CONTROL.sub(_escaped, line)}".rstrip()


def _escaped(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}"


def _lines_of_text(entry: OwnerText) -> Iterator[str]:
    owner, sets = sets_of(entry.key, entry.text)
    for found in sets:
        for rdata in found.rdatas:
            yield f"{owner} {found.ttl_of(rdata)} IN {found.rdtype} {rdata}"


def _records(rrset: RRset) -> Iterator[str]:
    owner = name_text(rrset.owner)
    for rdata, ttl in zip(rrset.rdatas, written_ttls(rrset), strict=True):
        yield f"{owner} {ttl} IN {_typed_text(rdata)}"


def _typed_text(rdata: Rdata) -> str:
    rdtype = rdata.rdtype
    text = presented(rdata) or (rdata.to_text() if rdtype in _PLAIN_TYPES else _doubtful_text(rdata))
    if text is None or (rdtype in _NAME_TYPES and _ODD.search(text) is not None):
        text = _proven_text(rdata) if rdtype in _NAME_TYPES else None
    if text is None:
        return f"TYPE{int(rdtype)} {_generic_text(rdata)}"
    return f"{RdataType.to_text(rdtype)} {text}".rstrip()


def _doubtful_text(rdata: Rdata) -> str | None:
    """Return text that all three servers read, proven by reading it back; None where there is none."""
    if rdata.rdtype in _UNKNOWN_TO_SOME or isinstance(rdata, GenericRdata):
        return None
    match rdata:
        case CAA() if rdata.tag != rdata.tag.lower() or len(rdata.tag) > _LONGEST_TAG:
            return None  # NSD takes tags in small letters alone, and none that is longer
        case CERT() if not _has_known_algorithm(rdata):
            return None  # BIND, Knot and NSD have other words for some algorithms, and none for others
        case IPSECKEY() if rdata.algorithm == 0:
            return None  # Knot takes no key where there is no algorithm
        case IPSECKEY() if any(name.labels[0][:1] == b"\0" for name in _names(rdata)):
            return None  # NSD takes no gateway that begins with an octet 0
        case DNSKEYBase() if not rdata.key:
            return None  # NSD and Knot want one, even where the flags of KEY say that there is none
        case APL() if any(item.family not in _FAMILIES for item in rdata.items):
            return None  # no server reads addresses of other families than IPv4 and IPv6
        case SVCBBase() if not _has_plain_alpn(rdata):
            return None  # Knot stumbles over protocol ids of one octet
        case SVCBBase() if not _has_known_parameters(rdata):
            return None  # Knot knows no dohpath, BIND and NSD no ohttp, and a newer dnspython more than that
        case _:
            return _proven_text(rdata)


def _has_known_algorithm(rdata: CERT) -> bool:
    word = rdata.to_text().split(" ")[2]
    return word.isdigit() or word in _ALGORITHMS


def _has_plain_alpn(rdata: SVCBBase) -> bool:
    alpn = rdata.params.get(ParamKey.ALPN)
    return not isinstance(alpn, ALPNParam) or all(_PROTOCOL.fullmatch(protocol) for protocol in alpn.ids)


def _has_known_parameters(rdata: SVCBBase) -> bool:
    """Tell whether each parameter has a name of RFC 9460, or none and so a number."""
    return all(key <= ParamKey.IPV6HINT or key not in _NAMED_PARAMETERS for key in rdata.params)


def _proven_text(rdata: Rdata) -> str | None:
    """Return the text with names and types as every server reads them; None where it reads back as another."""
    words = rdata.to_text().split(" ")
    safe = {name.to_text(): name_text(name) for name in _names(rdata)}
    if rdata.rdtype in _BITMAP_TYPES:
        safe |= _NUMBERED
    elif rdata.rdtype == RdataType.RRSIG:
        words[0] = _NUMBERED.get(words[0], words[0])
    if rdata.rdtype in _TYPED and _NO_TYPE in words:
        return None  # NSD knows no type of that number
    text = " ".join([safe.get(word, word) for word in words])
    (line,) = logical_lines(b"a " + text.encode("ascii") + b"\n")
    names, tokens = Names(ROOT), line.tokens[1:]
    try:
        read = fast_rdata(rdata.rdtype, tokens, names) or exact_rdata(rdata.rdtype, tokens, names)[0]
    except Unreadable:
        return None
    return text if not line.defect and read.to_wire() == rdata.to_wire() else None


def _names(rdata: Rdata) -> Iterator[Name]:
    for slot in rdata.__slots__:
        field = getattr(rdata, slot)
        candidates = field if isinstance(field, tuple) else (field,)
        yield from (candidate for candidate in candidates if isinstance(candidate, Name))


def _generic_text(rdata: Rdata) -> str:
    wire = rdata.to_wire()
    assert wire is not None
    return rf"\# {len(wire)} {wire.hex()}".rstrip()


def _label_text(label: bytes) -> str:
    if _SAFE_LABEL.fullmatch(label) is not None:
        return label.decode("ascii")
    return "".join(_octet_text(octet) for octet in label)


def _octet_text(octet: int) -> str:
    if octet in _SAFE:
        return chr(octet)
    # The dot in `host\.master` is the one escape that people write and read in an SOA.
    return "\\." if octet == _DOT else f"\\{octet:03d}"


_DOT = 0x2E
_SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*/")
_SAFE_LABEL = re.compile(rb"[A-Za-z0-9_*/-]+")
# In the text of `_NAME_TYPES`: an octet of a name that needs the escape with digits.
_ODD = re.compile(r"[^A-Za-z0-9_*/. -]")
_LONGEST_TAG = 15
_ODD_TAG = re.compile(rb"^CAA [0-9]+ [0-9]+ (?:[a-z0-9]*[A-Z]|[a-z0-9]{16})", re.MULTILINE)
_FAMILIES = (1, 2)
_PROTOCOL = re.compile(rb"[A-Za-z0-9./_-]{2,}")
_NAMED_PARAMETERS = frozenset(map(int, ParamKey))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NAME_TYPES = frozenset(
    {
        RdataType.CNAME,
        RdataType.DNAME,
        RdataType.MX,
        RdataType.NS,
        RdataType.PTR,
        RdataType.SOA,
        RdataType.SRV,
    }
)
# Types whose text dnspython writes in the one way that everybody reads, but for odd octets in names.
_PLAIN_TYPES = _NAME_TYPES | {RdataType.A, RdataType.AAAA, RdataType.TXT, RdataType.SPF}
_BITMAP_TYPES = frozenset({RdataType.NSEC, RdataType.NSEC3, RdataType.CSYNC})
_TYPED = _BITMAP_TYPES | {RdataType.RRSIG}
_NO_TYPE = RdataType.to_text(RdataType.NONE)
# The algorithms that dnspython calls as BIND, Knot and NSD do (2026-11-22).
_ALGORITHMS = frozenset(
    {
        *("RSAMD5", "DH", "DSA", "RSASHA1", "RSASHA256", "RSASHA512", "ECDSAP256SHA256", "ECDSAP384SHA384"),
        *("ED25519", "ED448", "INDIRECT", "PRIVATEDNS", "PRIVATEOID"),
    }
)
# Types that Knot 3.2 does not know by name; NSD 4.6 does not know most of them either.
_UNKNOWN_TO_SOME = frozenset(
    {
        RdataType.A6,
        RdataType.AMTRELAY,
        RdataType.AVC,
        RdataType.BRID,
        RdataType.DLV,
        RdataType.DSYNC,
        RdataType.GPOS,
        RdataType.HHIT,
        RdataType.HIP,
        RdataType.ISDN,
        RdataType.MB,
        RdataType.MD,
        RdataType.MF,
        RdataType.MG,
        RdataType.MR,
        RdataType.NINFO,
        RdataType.NSAP,
        RdataType.NSAP_PTR,
        RdataType.NULL,
        RdataType.NXT,
        RdataType.PX,
        RdataType.RESINFO,
        RdataType.SIG,
        RdataType.TA,
        RdataType.UNSPEC,
        RdataType.WALLET,
        RdataType.WKS,
        RdataType.X25,
    }
)
# Of these there are no records, and yet a list of types or a signature can name them.
_METATYPES = frozenset(rdtype for rdtype in RdataType if is_metatype(rdtype))
_NUMBERED = {RdataType.to_text(rdtype): f"TYPE{int(rdtype)}" for rdtype in _UNKNOWN_TO_SOME | _METATYPES}
