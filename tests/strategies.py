"""Hypothesis strategies for what zones are made of: names, TTLs, rdata of every type, records, snapshots.

Rdata is made from its wire form: a row of fields for each type, so that nothing here depends on how a type is
written as text, which is what most tests are about.
"""

import struct
from collections.abc import Mapping, Sequence

import dns.rdata
import dns.rdatatype
from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from migrator.model.names import ROOT, absolute
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble

ORIGIN = absolute("example.org.")

# Names, TTLs, text.


def octets(least: int = 0, most: int = 60) -> SearchStrategy[bytes]:
    """Octets: half of the time printable ones, else of any value."""
    text = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=least, max_size=most)
    return st.one_of(text.map(str.encode), st.binary(min_size=least, max_size=most))


host_labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).map(str.encode)
labels = st.one_of(host_labels, host_labels.map(lambda label: b"_" + label), octets(1, 12))


def names(origin: Name = ORIGIN, parts: SearchStrategy[bytes] = labels, least: int = 0) -> SearchStrategy[Name]:
    """Absolute names at or below the origin."""
    return st.lists(parts, min_size=least, max_size=3).map(lambda found: Name((*found, *origin.labels)))


owners = names()
hosts = st.one_of(names(parts=host_labels), names(absolute("example.net."), host_labels), names(), st.just(ROOT))
ttls = st.one_of(st.sampled_from([0, 60, 300, 3600, 86400]), st.integers(0, 0x7FFFFFFF))

# Wire forms: fields, and rows of fields.

Wire = SearchStrategy[bytes]


def _row(*fields: Wire) -> Wire:
    return st.tuples(*fields).map(b"".join)


def _number(size: int, values: SearchStrategy[int] | None = None) -> Wire:
    found = values if values is not None else st.integers(0, (1 << 8 * size) - 1)
    return found.map(lambda value: value.to_bytes(size, "big"))


def _counted(text: bytes) -> bytes:
    return bytes([len(text)]) + text


def _digest(lengths: Mapping[int, int]) -> Wire:
    """A digest type and a digest of the length that belongs to it."""
    return st.sampled_from(sorted(lengths)).flatmap(
        lambda kind: st.binary(min_size=lengths[kind], max_size=lengths[kind]).map(lambda d: bytes([kind]) + d)
    )


def _bitmap(numbers: Sequence[int]) -> bytes:
    windows: dict[int, bytearray] = {}
    for number in numbers:
        windows.setdefault(number >> 8, bytearray(32))[(number & 255) // 8] |= 0x80 >> number % 8
    return b"".join(bytes([window]) + _counted(bytes(windows[window]).rstrip(b"\0")) for window in sorted(windows))


u8, u16, u32 = _number(1), _number(2), _number(4)
_name = hosts.map(lambda name: name.to_wire() or b"")
_string = octets(most=255).map(_counted)
_strings = st.lists(_string, min_size=1, max_size=3).map(b"".join)
_digits = st.from_regex(r"[0-9]{4,15}", fullmatch=True).map(lambda text: _counted(text.encode()))
_regexp = st.one_of(
    st.just(""), st.from_regex(r"!\\^[a-z .]{0,9}\\(\\.\\*\\)\\$!sip:\\\\1@[a-z.]{1,9}!i?", fullmatch=True)
).map(lambda text: _counted(text.encode()))
_degrees = st.decimals(-89, 89, places=3, allow_nan=False).map(lambda number: _counted(str(number).encode()))
_data = st.binary(min_size=1, max_size=80)
_types = st.lists(st.integers(1, 1200).filter(lambda n: not 128 <= n <= 255 and n != 41), min_size=1, max_size=6)
_windows = _types.map(_bitmap)
_ipv4 = st.binary(min_size=4, max_size=4)
_ipv6 = st.binary(min_size=16, max_size=16)
_ds = _row(u16, u8, _digest({1: 20, 2: 32, 4: 48}))
# Flags that say there is a key (RFC 2535 section 3.1.2).
_key = _row(
    _number(2, st.sampled_from([0, 256, 257, 385])),
    st.just(b"\x03"),
    st.sampled_from([5, 8, 13, 15]).map(lambda n: bytes([n])),
    _data,
)


@st.composite
def _signature(draw: st.DrawFn) -> bytes:
    signer = draw(hosts)
    covered = draw(st.sampled_from([1, 2, 6, 15, 16, 28, 48, 55, 257, 261, 65280]))
    labels_signed = draw(st.integers(len(signer.labels) - 1, 20))
    algorithm, times = draw(st.sampled_from([5, 8, 13, 15])), draw(_row(u32, _moment, _moment, u16))
    return struct.pack("!HBB", covered, algorithm, labels_signed) + times + (signer.to_wire() or b"") + draw(_data)


# Moments that servers write as dates of this century, whatever year it is.
_moment = _number(4, st.integers(0, 0x7FFFFFFF))
_tlsa = _row(_number(1, st.integers(0, 3)), _number(1, st.integers(0, 1)), _digest({1: 32, 2: 64}))
# LOC (RFC 1876): size and precisions are a digit and a power of ten; coordinates count from 2^31.
_power = st.tuples(st.integers(1, 9), st.integers(0, 9)).map(lambda pair: bytes([pair[0] << 4 | pair[1]]))
_latitude = _number(4, st.integers(-90 * 3600000, 90 * 3600000).map(lambda angle: angle + (1 << 31)))
_longitude = _number(4, st.integers(-180 * 3600000, 180 * 3600000).map(lambda angle: angle + (1 << 31)))


def _gateway(kind: int) -> Wire:
    return {0: st.just(b""), 1: _ipv4, 2: _ipv6, 3: _name}[kind]


_ipseckey = st.integers(0, 3).flatmap(
    lambda kind: _row(u8, st.just(bytes([kind])), _number(1, st.integers(0, 3)), _gateway(kind), _data)
)
_amtrelay = st.tuples(st.integers(0, 3), st.booleans()).flatmap(
    lambda pair: _row(u8, st.just(bytes([pair[0] | pair[1] << 7])), _gateway(pair[0]))
)


@st.composite
def _hip(draw: st.DrawFn) -> bytes:
    hit, key = draw(st.binary(min_size=1, max_size=20)), draw(_data)
    servers = draw(st.lists(_name, max_size=2))
    return struct.pack("!BBH", len(hit), draw(st.integers(0, 3)), len(key)) + hit + key + b"".join(servers)


@st.composite
def _apl(draw: st.DrawFn) -> bytes:
    items = []
    for family, size, longest in draw(st.lists(st.sampled_from([(1, 4, 32), (2, 16, 128)]), max_size=3)):
        address = draw(st.binary(min_size=size, max_size=size)).rstrip(b"\0")
        prefix, negated = draw(st.integers(0, longest)), draw(st.booleans())
        items.append(struct.pack("!HBB", family, prefix, negated << 7 | len(address)) + address)
    return b"".join(items)


_PARAMETERS: Mapping[int, Wire] = {
    1: st.lists(octets(1, 8), min_size=1, max_size=3).map(lambda ids: b"".join(map(_counted, ids))),
    2: st.just(b""),
    3: u16,
    4: st.lists(_ipv4, min_size=1, max_size=2).map(b"".join),
    5: st.binary(min_size=4, max_size=30).map(lambda configs: struct.pack("!H", len(configs)) + configs),
    6: st.lists(_ipv6, min_size=1, max_size=2).map(b"".join),
    65000: octets(most=40),
}


@st.composite
def _service(draw: st.DrawFn) -> bytes:
    priority = draw(st.integers(0, 0xFFFF))
    chosen = sorted(draw(st.sets(st.sampled_from(sorted(_PARAMETERS))))) if priority else []
    if 2 in chosen and 1 not in chosen:  # no-default-alpn needs alpn (RFC 9460 section 7.1.1)
        chosen.remove(2)
    wire = struct.pack("!H", priority) + draw(_name)
    mandatory = draw(st.sets(st.sampled_from(chosen))) if chosen else set()
    if mandatory:
        wire += struct.pack(f"!HH{len(mandatory)}H", 0, 2 * len(mandatory), *sorted(mandatory))
    for number in chosen:
        parameter = draw(_PARAMETERS[number])
        wire += struct.pack("!HH", number, len(parameter)) + parameter
    return wire


_LAYOUTS: Mapping[RdataType, Wire] = {
    RdataType.A: _ipv4,
    RdataType.AAAA: _ipv6,
    RdataType.AFSDB: _row(u16, _name),
    RdataType.AMTRELAY: _amtrelay,
    RdataType.APL: _apl(),
    RdataType.AVC: _strings,
    RdataType.BRID: _data,
    RdataType.CAA: _row(
        u8,
        st.from_regex(r"[A-Za-z0-9]{1,15}", fullmatch=True).map(lambda t: _counted(t.encode())),
        octets(most=300),
    ),
    RdataType.CDNSKEY: _key,
    RdataType.CDS: _ds,
    RdataType.CERT: _row(_number(2, st.integers(1, 8)), u16, _number(1, st.sampled_from([5, 8, 13])), _data),
    RdataType.CNAME: _name,
    RdataType.CSYNC: _row(u32, u16, _windows),
    RdataType.DHCID: st.binary(min_size=3, max_size=80),
    RdataType.DLV: _ds,
    RdataType.DNAME: _name,
    RdataType.DNSKEY: _key,
    RdataType.DS: _ds,
    RdataType.DSYNC: _row(_number(2, st.sampled_from([59, 62])), _number(1, st.integers(0, 255)), u16, _name),
    RdataType.EUI48: st.binary(min_size=6, max_size=6),
    RdataType.EUI64: st.binary(min_size=8, max_size=8),
    RdataType.GPOS: _row(_degrees, _degrees, _degrees),
    RdataType.HHIT: _data,
    RdataType.HINFO: _row(_string, _string),
    RdataType.HIP: _hip(),
    RdataType.HTTPS: _service(),
    RdataType.IPSECKEY: _ipseckey,
    RdataType.ISDN: st.one_of(_digits, _row(_digits, _digits)),
    RdataType.KEY: _key,
    RdataType.KX: _row(u16, _name),
    RdataType.L32: _row(u16, _ipv4),
    RdataType.L64: _row(u16, st.binary(min_size=8, max_size=8)),
    RdataType.LOC: _row(st.just(b"\0"), _power, _power, _power, _latitude, _longitude, u32),
    RdataType.LP: _row(u16, _name),
    RdataType.MX: _row(u16, _name),
    RdataType.NAPTR: _row(
        u16,
        u16,
        st.sampled_from([b"", b"u", b"s", b"A"]).map(_counted),
        _string,
        _regexp,
        _name,
    ),
    RdataType.NID: _row(u16, st.binary(min_size=8, max_size=8)),
    RdataType.NINFO: _strings,
    RdataType.NS: _name,
    RdataType.NSAP: st.binary(min_size=1, max_size=20),
    RdataType.NSAP_PTR: _name,
    RdataType.NSEC: _row(_name, _windows),
    RdataType.NSEC3: _row(
        st.just(b"\x01"),
        u8,
        u16,
        st.binary(max_size=12).map(_counted),
        st.binary(min_size=20, max_size=20).map(_counted),
        _windows,
    ),
    RdataType.NSEC3PARAM: _row(st.just(b"\x01"), u8, u16, st.binary(max_size=12).map(_counted)),
    RdataType.OPENPGPKEY: _data,
    RdataType.PTR: _name,
    RdataType.PX: _row(u16, _name, _name),
    RdataType.RESINFO: _strings,
    RdataType.RP: _row(_name, _name),
    RdataType.RRSIG: _signature(),
    RdataType.RT: _row(u16, _name),
    RdataType.SIG: _signature(),
    RdataType.SMIMEA: _tlsa,
    RdataType.SOA: _row(_name, _name, u32, *[_number(4, st.integers(0, 0x7FFFFFFF))] * 4),
    RdataType.SPF: _strings,
    RdataType.SRV: _row(u16, u16, u16, _name),
    RdataType.SSHFP: _row(u8, _digest({1: 20, 2: 32})),
    RdataType.SVCB: _service(),
    RdataType.TLSA: _tlsa,
    RdataType.TXT: _strings,
    RdataType.URI: _row(u16, u16, octets(1, 80)),
    RdataType.WALLET: _strings,
    RdataType.WKS: _row(
        _ipv4, st.sampled_from([b"\x06", b"\x11"]), st.binary(max_size=16).map(lambda b: b.rstrip(b"\0"))
    ),
    RdataType.X25: _digits,
    RdataType.ZONEMD: _row(u32, u8.filter(lambda n: n != b"\0"), _digest({1: 48, 2: 64})),
}

# Every type that dnspython reads from text and that can stand in a zone.
KNOWN_TYPES = tuple(_LAYOUTS)
# What may stand at any name with nothing else needed and nothing else forbidden beside it.
PLAIN_TYPES = tuple(t for t in KNOWN_TYPES if t not in {RdataType.SOA, RdataType.CNAME, RdataType.DNAME})
_unknown_types = st.one_of(st.integers(270, 32767), st.integers(32770, 65534)).map(RdataType.make)


def rdatas(rdtype: RdataType) -> SearchStrategy[Rdata]:
    """Rdata of one known type."""
    return _LAYOUTS[rdtype].map(lambda wire: dns.rdata.from_wire(RdataClass.IN, rdtype, wire, 0, len(wire)))


def unknown_rdatas() -> SearchStrategy[Rdata]:
    """Rdata of types that nobody has named."""
    return st.tuples(_unknown_types, st.binary(max_size=60)).map(
        lambda pair: GenericRdata(RdataClass.IN, pair[0], pair[1])
    )


any_rdatas = st.one_of(st.sampled_from(KNOWN_TYPES).flatmap(rdatas), unknown_rdatas())


def records(origin: Name = ORIGIN) -> SearchStrategy[Record]:
    """Records in a zone, of any type, without extras."""
    return st.builds(Record, names(origin), ttls, any_rdatas)


def rrsets(origin: Name = ORIGIN, types: Sequence[RdataType] = KNOWN_TYPES) -> SearchStrategy[RRset]:
    """RRsets in a zone, of one to three records, without extras."""

    def of(rdtype: RdataType) -> SearchStrategy[RRset]:
        several = st.lists(rdatas(rdtype), min_size=1, max_size=3).map(tuple)
        return st.builds(
            lambda owner, ttl, found: make(RRsetKey(owner, rdtype), ttl, found), names(origin), ttls, several
        )

    return st.sampled_from(types).flatmap(of)


def snapshots(origin: Name = ORIGIN) -> SearchStrategy[ZoneSnapshot]:
    """Zones of any records; not all of them would be loaded by a server."""
    return st.lists(records(origin), max_size=8).map(lambda found: assemble(origin, found).snapshot)
