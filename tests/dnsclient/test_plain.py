"""Records as text: what is plain means what the exact reader reads there, and everything else is left to it."""

import struct

import dns.message
import dns.rrset
import pytest
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.diff.equality import identical
from migrator.dnsclient import wire
from migrator.dnsclient.plain import PlainReader
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.zonefile.fast.building import Builder
from tests import strategies

HEADER = struct.pack("!HHIH", RdataType.A, RdataClass.IN, 60, 4)
ADDRESS = b"\xc0\0\2\1"
# Of an A record of a name with one label, up to the signer.
SIGNATURE = struct.pack("!HBBIIIH", RdataType.A, 13, 1, 60, 1924128000, 1795305600, 7)


def message(rrsets: list[RRset]) -> bytes:
    """A message of a server that compresses names, with the records of each set one after the other."""
    found = dns.message.make_response(dns.message.make_query("example.org.", "AXFR", flags=0))
    found.answer += [
        dns.rrset.from_rdata(rrset.owner, rrset.ttl or 0, rdata) for rrset in rrsets for rdata in rrset.rdatas
    ]
    return found.to_wire(max_size=65535)


def read(octets: bytes) -> tuple[list[RRset], list[RRset]]:
    """What the plain reader and the exact one make of each record that is plain, as sets of one."""
    reader = wire.MessageReader(octets)
    reader.skip_questions(int.from_bytes(octets[4:6], "big"))
    begin = reader.go_to(0)
    plain, exact = list[RRset](), list[RRset]()
    for found in PlainReader(octets).records(begin, int.from_bytes(octets[6:8], "big")):
        if isinstance(found, int):
            continue
        name, head, text, brought, start = found
        assert text.startswith(head)
        assert brought is octets
        key = name.lower()
        plain += Builder().rrsets_of(key, text if key == name else b"=%b\n%b" % (name, text))
        reader.go_to(start)
        record = next(reader.records(1))
        rdata = wire.rdata_of(octets, record)
        exact.append(make(RRsetKey(record.owner, record.rdtype), record.ttl, (rdata,)))
    return plain, exact


@given(st.lists(strategies.rrsets(), max_size=4, unique_by=lambda rrset: rrset.key))
@settings(max_examples=200, deadline=None)
def test_text_means_what_the_exact_reader_reads(rrsets: list[RRset]) -> None:
    plain, exact = read(message(rrsets))

    assert all(identical(*pair) for pair in zip(plain, exact, strict=True))


@given(
    st.lists(strategies.rrsets(), min_size=1, max_size=3, unique_by=lambda rrset: rrset.key),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
    st.floats(0, 1),
)
@settings(max_examples=200, deadline=None)
def test_a_damaged_message_is_read_alike_or_refused(
    rrsets: list[RRset], damage: list[tuple[float, int]], length: float
) -> None:
    octets = bytearray(message(rrsets))
    for place, octet in damage:
        octets[12 + int(place * (len(octets) - 12))] = octet
    try:
        plain, exact = read(bytes(octets[: 12 + int(length * (len(octets) - 12))]))
    except wire.BROKEN:
        return

    assert all(identical(*pair) for pair in zip(plain, exact, strict=True))


COMMON = """
example.org. 3600 NS NS1.example.org.
www.example.org. 300 A 192.0.2.1
www.example.org. 300 AAAA 2001:db8::1
v4.example.org. 300 AAAA ::ffff:192.0.2.1
Mail.example.org. 300 MX 10 mx.example.net.
_sip._tcp.example.org. 300 SRV 0 5 5060 sip.example.org.
example.org. 300 TXT "v=spf1 -all" "two"
example.org. 300 CAA 0 issue "ca.example.net"
sub.example.org. 300 DS 1 13 2 ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB
host.example.org. 300 SSHFP 4 2 abababababababababababababababababababababababababababababababab
_25._tcp.example.org. 300 TLSA 3 1 1 abababababababababababababababababababababababababababababababab
1.2.0.192.example.org. 300 PTR www.example.org.
*.example.org. 300 CNAME .
www.example.org. 300 RRSIG A 13 3 300 20301222000000 20261122000000 7 Example.org. AQIDBAUGBwgJCgsMDQ4PEBES AQ==
www.example.org. 60 NSEC *.EXAMPLE.org. A AAAA RRSIG NSEC CAA
2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.org. 60 NSEC3 1 1 10 aabb 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG
2t7b4g4vsa5smi47k61mv5bv1a22bojs.example.org. 60 NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr
org. 60 RRSIG DS 8 1 60 20301222000000 20261122000000 7 . AQID
"""


def test_the_common_types_are_plain() -> None:
    lines = [line.split(None, 3) for line in COMMON.strip().splitlines()]
    octets = message(
        [
            make(
                RRsetKey(absolute(owner), RdataType.from_text(rdtype)),
                int(ttl),
                tuple(dns.rrset.from_text(owner, 0, "IN", rdtype, rdata)),
            )
            for owner, ttl, rdtype, rdata in lines
        ]
    )

    plain, exact = read(octets)

    assert len(plain) == len(lines)
    assert all(identical(*pair) for pair in zip(plain, exact, strict=True))


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(b"\0" + HEADER + ADDRESS, id="the root"),
        pytest.param(b"\3a.b\0" + HEADER + ADDRESS, id="a dot in a label"),
        pytest.param(b"\3a\\b\0" + HEADER + ADDRESS, id="a backslash in a label"),
        pytest.param(b"\2a\xff\0" + HEADER + ADDRESS, id="an octet beyond ASCII"),
        pytest.param(b"\1a\0" + HEADER[:-1] + b"\3" + ADDRESS[:3], id="an address of three octets"),
        pytest.param(b"\1a\0" + HEADER[:3] + b"\3" + HEADER[4:] + ADDRESS, id="class CH"),
        pytest.param(b"\1a\0" + HEADER[:4] + b"\x80" + HEADER[5:] + ADDRESS, id="a TTL beyond 31 bits"),
        pytest.param(b"\1a\0\0\x10" + HEADER[2:-1] + b'\4\3a"b', id="a quote in a text"),
        pytest.param(b"\1a\0\0\x10" + HEADER[2:-1] + b"\4\4abc", id="a string longer than its text"),
        pytest.param(b"\1a\0\0\x10" + HEADER[2:-1] + b"\0", id="a text without a string"),
        pytest.param(b"\1a\0\0\x05" + HEADER[2:-1] + b"\4\1b\0\0", id="octets behind a target"),
        pytest.param(
            b"\1a\0\0\x2e" + HEADER[2:-1] + b"\x15" + SIGNATURE + b"\xc0\x0c\1", id="a signer by a pointer"
        ),
        pytest.param(b"\1a\0\0\x2e" + HEADER[2:-1] + b"\x13" + SIGNATURE + b"\0", id="an empty signature"),
        pytest.param(b"\1a\0\0\x2e" + HEADER[2:-1] + b"\3\0\1\x0d", id="an RRSIG that breaks off"),
        pytest.param(
            b"\1a\0\0\x2e" + HEADER[2:-1] + b"\x18" + SIGNATURE + b"\1b\1c\0\1", id="less labels than the signer's"
        ),
        pytest.param(b"\1a\0\0\x2f" + HEADER[2:-1] + b"\x03\1b\0", id="an NSEC without types"),
        pytest.param(b"\1a\0\0\x2f" + HEADER[2:-1] + b"\x07\1b\0\0\2\x40\0", id="a bitmap that ends in zeros"),
        pytest.param(b"\1a\0\0\x32" + HEADER[2:-1] + b"\x08\1\0\0\0\0\2ab", id="a hash of two octets"),
        pytest.param(b"\1a\0\0\x23" + HEADER[2:-1] + b"\0", id="a type that has no plain form"),
    ],
)
def test_what_is_not_plain_is_left_by_its_place(record: bytes) -> None:
    octets = struct.pack("!HHHHHH", 7, 0x8400, 0, 1, 0, 0) + record

    assert PlainReader(octets).records(12, 1) == [12]


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(b"\xc0\x0c" + HEADER + ADDRESS, id="a pointer to itself"),
        pytest.param(b"\1a\xc0\x0c" + HEADER + ADDRESS, id="a pointer into its own name"),
        pytest.param(b"\xc0\x20" + HEADER + ADDRESS + b"\0" * 9, id="a pointer forward"),
        pytest.param(b"\x40a\0" + HEADER + ADDRESS, id="a label type that is none"),
        pytest.param(b"\1a\0" + HEADER + ADDRESS[:2], id="rdata longer than the message"),
        pytest.param(b"\1a\0" + HEADER[:5], id="the end within a record"),
        pytest.param(b"\x3f" + b"a" * 20, id="a label longer than the message"),
    ],
)
def test_a_broken_message_is_refused(record: bytes) -> None:
    octets = struct.pack("!HHHHHH", 7, 0x8400, 0, 1, 0, 0) + record

    with pytest.raises(wire.BROKEN):
        PlainReader(octets).records(12, 1)
