"""Rdata of rare types with which BIND refuses a zone, judged by their octets. No IO here.

The parser takes them: it asks less of the type, as of an empty certificate, or knows it by number alone, as MINFO.
Each rule is BIND's, which is the strictest of the three; all were tried with BIND 9.18, Knot 3.2 and NSD 4.6
(`tests/plain/test_rare.py` tries them again, 2026-11-22).
"""

from collections.abc import Callable

from dns.rdata import GenericRdata, Rdata
from dns.rdatatype import RdataType

from migrator.codec import rdata as codec
from migrator.zonefile.loadable import after_name, is_loaded
from migrator.zonefile.wires import MNEMONICS

NO_RDATA = "its octets do not make up rdata of this type"
_DIGESTS = {1: 20, 2: 32, 4: 48}
_WKS_HEADER = 5
_SIGNATURE_HEADER = 18
_NO_KEY = 0xC000  # RFC 2535 section 3.1.2
_NXT_OCTETS = 16
_PRIVATE = 253


def rare_fault(rdata: Rdata) -> str:
    """Return why BIND refuses the rdata; empty where it does not, and for types without a rule."""
    rules = _RULES.get(rdata.rdtype, ())
    if not rules or is_malformed(rdata):
        return ""
    wire = rdata.to_wire()
    assert wire is not None
    return next((reason for is_taken, reason in rules if not is_taken(wire)), "")


def is_malformed(rdata: Rdata) -> bool:
    """Tell whether the octets are not what their type asks for: a server refuses them, or hangs as Knot does."""
    return (
        isinstance(rdata, GenericRdata)
        and codec.is_known(rdata.rdtype)
        and not is_loaded(rdata.rdtype, rdata.data)
        and not codec.is_parsed_by_default(rdata)
    )


def _longer_than(octets: int) -> Callable[[bytes], bool]:
    return lambda wire: len(wire) > octets


def _is_name(wire: bytes) -> bool:
    return after_name(wire) == b""


def _are_names(wire: bytes) -> bool:
    rest = after_name(wire)
    return rest is not None and _is_name(rest)


def _is_nxt(wire: bytes) -> bool:
    types = after_name(wire)
    if not types:
        return types is not None
    return len(types) <= _NXT_OCTETS and types[0] < 0x80 and types[-1] != 0  # noqa: PLR2004


def _is_a6(wire: bytes) -> bool:
    """Tell whether prefix length, address suffix and prefix name belong to each other (RFC 2874 section 3.1)."""
    if not wire or wire[0] > 128:  # noqa: PLR2004
        return False
    octets, spare = divmod(128 - wire[0], 8)
    suffix = wire[1 : 1 + octets + bool(spare)]
    if len(suffix) < octets + bool(spare) or (spare and suffix[0] >> spare):
        return False
    rest = wire[1 + len(suffix) :]
    return _is_name(rest) if wire[0] else not rest


def _is_ta(wire: bytes) -> bool:
    digest = wire[4:]
    return bool(digest) and len(digest) == _DIGESTS.get(wire[3], len(digest))


def _is_atm_address(wire: bytes) -> bool:
    return len(wire) > 1 and (wire[0] != 1 or wire[1:].isdigit())


def _is_object(wire: bytes) -> bool:
    """Tell whether it is a DOA with the media type that it promises."""
    return len(wire) > 9 and len(wire) >= 10 + wire[9]  # noqa: PLR2004


def _is_identity(wire: bytes) -> bool:
    """Tell whether a HIP has a tag and a key."""
    return len(wire) > 3 and wire[0] > 0 and any(wire[2:4])  # noqa: PLR2004


def _has_key_behind_gateway(wire: bytes) -> bool:
    kind, rest = wire[1], wire[3:]
    key = after_name(rest) if kind == 3 else rest[{1: 4, 2: 16}.get(kind, 0) :]  # noqa: PLR2004
    return bool(key)


def _is_signature(wire: bytes) -> bool:
    return bool(after_name(wire[_SIGNATURE_HEADER:]))


def _has_labels_of_signer(wire: bytes) -> bool:
    """Tell whether an RRSIG is of a name as long as its signer's."""
    signer, at, labels = wire[_SIGNATURE_HEADER:], 0, 0
    while signer[at]:
        at, labels = at + 1 + signer[at], labels + 1
    return wire[3] >= labels


def _begins_with_name(wire: bytes) -> bool:
    """Tell whether a key of a private algorithm says whose it is."""
    return wire[3:4] != bytes([_PRIVATE]) or len(wire) <= 4 or after_name(wire[4:]) is not None  # noqa: PLR2004


def _has_key_as_promised(wire: bytes) -> bool:
    return int.from_bytes(wire[:2]) & _NO_KEY != _NO_KEY or len(wire) <= 4  # noqa: PLR2004


_Rule = tuple[Callable[[bytes], bool], str]
_DIGEST: _Rule = (_longer_than(4), "its digest is empty (RFC 4034 section 5.1.4)")
_KEY: _Rule = (_begins_with_name, "its private algorithm has no name (RFC 4034 appendix A.1.1)")
_NAME: _Rule = (_is_name, NO_RDATA)
_TWO_NAMES: _Rule = (_are_names, NO_RDATA)
_NOT_EMPTY: _Rule = (_longer_than(0), "it is empty")
_RULES: dict[int, tuple[_Rule, ...]] = {
    RdataType.A6: ((_is_a6, NO_RDATA),),
    RdataType.BRID: (_NOT_EMPTY,),
    RdataType.CDNSKEY: (_KEY,),
    RdataType.CDS: (_DIGEST,),
    RdataType.CERT: ((_longer_than(5), "its certificate is empty (RFC 4398 section 2)"),),
    RdataType.DHCID: (_NOT_EMPTY,),
    RdataType.DLV: (_DIGEST,),
    RdataType.DNSKEY: (_KEY,),
    RdataType.DS: (_DIGEST,),
    RdataType.HHIT: (_NOT_EMPTY,),
    RdataType.HIP: ((_is_identity, "its tag or its key is empty (RFC 8005 section 5)"),),
    RdataType.IPSECKEY: ((_has_key_behind_gateway, "its key is empty (RFC 4025 section 2.6)"),),
    RdataType.KEY: ((_has_key_as_promised, "it has a key, and its flags say no (RFC 2535 section 3.1.2)"), _KEY),
    RdataType.MB: (_NAME,),
    RdataType.MG: (_NAME,),
    RdataType.MINFO: (_TWO_NAMES,),
    RdataType.MR: (_NAME,),
    RdataType.NXT: ((_is_nxt, NO_RDATA),),
    RdataType.RRSIG: (
        (_is_signature, "its signature is empty (RFC 4034 section 3.1.8)"),
        (_has_labels_of_signer, "its name has less labels than its signer's (RFC 4034 section 3.1.3)"),
    ),
    RdataType.SIG: ((_is_signature, "its signature is empty (RFC 2535 section 4.1.8)"),),
    RdataType.TA: ((_is_ta, NO_RDATA),),
    RdataType.WKS: ((lambda wire: wire[_WKS_HEADER:][-1:] != b"\0", "its list of ports ends in zeros"),),
    MNEMONICS[b"ATMA"]: ((_is_atm_address, NO_RDATA),),
    MNEMONICS[b"DOA"]: ((_is_object, NO_RDATA),),
    MNEMONICS[b"EID"]: (_NOT_EMPTY,),
    MNEMONICS[b"NIMLOC"]: (_NOT_EMPTY,),
    MNEMONICS[b"RKEY"]: ((lambda wire: wire[:2] == b"\0\0" and len(wire) > 4, NO_RDATA), _KEY),  # noqa: PLR2004
    MNEMONICS[b"SINK"]: ((_longer_than(2), NO_RDATA),),
    MNEMONICS[b"TALINK"]: (_TWO_NAMES,),
}
# The signatures of a zone are too many to look at each: `is_strict` has a quicker look for them.
RARE_TYPES = frozenset(_RULES) - {RdataType.RRSIG}
