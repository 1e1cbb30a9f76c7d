"""Makes large zones of two kinds: a company's zone with many hosts, and one of many departments, written by hand.

Deterministic: the same size gives the same bytes. The new zone of a pair is the old one with about 0.1 % of its
records added, removed or altered, and about 0.2 % only spelled differently, which is no difference.
"""

import base64
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

ORIGIN = "example.org"


def write_pair(folder: Path, records: int, *, sections: bool = False) -> tuple[Path, Path]:
    """Write the old and the new zone of about that many records; existing files of the size are kept.

    With `sections`, below many origins, with comments, sets, keys and types of all kinds.
    """
    kind, lines = ("sections-", _sections) if sections else ("", _lines)
    old, new = folder / f"old-{kind}{records}.zone", folder / f"new-{kind}{records}.zone"
    if not (old.exists() and new.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        old.write_text("\n".join(lines(records, altered=False)) + "\n", encoding="ascii")
        new.write_text("\n".join(lines(records, altered=True)) + "\n", encoding="ascii")
    return old, new


def write_portfolio(folder: Path, zones: int) -> tuple[Path, Path]:
    """Write folders `old` and `new` of that many small zones of about 26 records; two in a hundred differ."""
    sides = folder / f"portfolio-{zones}" / "old", folder / f"portfolio-{zones}" / "new"
    for side, altered in zip(sides, (False, True), strict=True):
        if side.exists():
            continue
        side.mkdir(parents=True)
        for number in range(zones):
            lines = [line.replace(ORIGIN, f"domain{number}.test") for line in _small(number)]
            if altered and number % 50 == 7:
                lines = [line.replace("192.0.2.", "198.51.100.") for line in lines[:-1]]
            (side / f"domain{number}.test.zone").write_text("\n".join(lines) + "\n", encoding="ascii")
    return sides


def _serial(altered: bool) -> int:
    """Return the serial of the zone: no two providers have the same SOA."""
    return 2026112001 + altered


def _small(number: int) -> Iterator[str]:
    yield from _lines(22, altered=False)
    yield '\tIN\tTXT\t"v=spf1 mx -all"'
    yield f"@ IN MX 10 mail\nmail IN A 192.0.2.{number % 250 + 1}\nwww IN CNAME {ORIGIN}."


def _lines(records: int, *, altered: bool) -> Iterator[str]:
    yield f"; {records} records\n$ORIGIN {ORIGIN}.\n$TTL 3600"
    yield f"@ IN SOA ns1.{ORIGIN}. hostmaster.{ORIGIN}. (\n\t{_serial(altered)} ; serial"
    yield "\t7200 3600 1209600 3600 )"
    yield "\tIN NS ns1\n\tIN NS ns2\nns1 IN A 192.0.2.1\nns2 IN A 192.0.2.2"
    rng = random.Random(records)
    made = 5
    host = 0
    while made < records:
        host += 1
        lines = list(_host(host, rng))
        fate = host % 1000 if altered else 0
        if fate == 7:
            lines = lines[:-1] or lines
        elif fate == 11:
            lines = [line.replace("192.0.2.", "198.51.100.") for line in lines]
        elif fate in {13, 17}:
            lines = [line.replace("host", "HOST") for line in lines]
        yield from lines
        made += len(lines)


def _host(number: int, rng: random.Random) -> Iterator[str]:
    name = f"host{number}"
    kind = rng.randrange(20)
    yield f"{name}\tIN\tA\t192.0.2.{rng.randrange(1, 255)}"
    if kind < 7:
        yield f"\t\tIN\tAAAA\t2001:db8::{number % 65536:x}"
    elif kind < 10:
        yield f"www.{name}\t300\tIN\tCNAME\t{name}"
    elif kind < 12:
        yield f'\t\tIN\tMX\t10 mail.{name}\n\t\tIN\tTXT\t"v=spf1 a mx -all"'
        yield f"mail.{name}\tIN\tA\t192.0.2.{rng.randrange(1, 255)}"
    elif kind == 12:
        key = key_of(number)
        yield f's1._domainkey.{name} IN TXT ( "v=DKIM1; k=rsa; p={key[:200]}"\n\t"{key[200:]}" )'
    elif kind == 13:
        yield f"_sip._tcp.{name}\tIN\tSRV\t0 5 5060 {name}"
    elif kind == 14:
        yield '\t\tIN\tCAA\t0 issue "ca.example.net"'
    elif kind == 15:
        yield f"sub.{name}\tIN\tNS\tns1.sub.{name}\nns1.sub.{name}\tIN\tA\t192.0.2.{rng.randrange(1, 255)}"


def key_of(number: int) -> str:
    """Return what looks like a public RSA key of 2048 bits, in base64."""
    digest = b"".join(hashlib.sha512(b"%d %d" % (number, part)).digest() for part in range(4))
    modulus = bytes([digest[0] | 0x80, *digest[1:-1], digest[-1] | 1])
    return base64.b64encode(_BEFORE_MODULUS + modulus + _BEHIND_MODULUS).decode("ascii")


# A SubjectPublicKeyInfo (RFC 3279 section 2.3.1): algorithm rsaEncryption, the modulus, the exponent 65537.
_BEFORE_MODULUS = bytes.fromhex("30820122300d06092a864886f70d01010105000382010f003082010a0282010100")
_BEHIND_MODULUS = bytes.fromhex("0203010001")


def _sections(records: int, *, altered: bool) -> Iterator[str]:
    yield f"; {ORIGIN}, written by hand\n$ORIGIN {ORIGIN}.\n$TTL 1h"
    yield f"@\tIN SOA ns1.{ORIGIN}. hostmaster.{ORIGIN}. (\n\t\t{_serial(altered)} ; serial\n\t\t7200\t; refresh"
    yield "\t\t3600\t; retry\n\t\t1209600\t; expire\n\t\t3600 )\t; minimum\n\tIN NS ns1\n\tIN NS ns2"
    yield '\tIN MX 10 mail\n\tIN TXT "v=spf1 mx -all"\nns1\tIN A 192.0.2.1\nns2\tIN A 192.0.2.2'
    yield "mail\tIN A 192.0.2.3\nmx1\tIN A 192.0.2.4\nmx2\tIN A 192.0.2.5"
    rng = random.Random(records)
    made, host, section = 10, 0, 0
    while made < records:
        section += 1
        yield f"\n; ---- department {section} ----\n$ORIGIN dept{section}.{ORIGIN}."
        yield f"$TTL {rng.choice(['3600', '1h', '300', '86400', '1d'])}\nhub\tIN\tA\t192.0.2.{section % 250 + 1}"
        for _ in range(rng.randrange(150, 250)):
            host += 1
            lines = _entry(host, rng)
            fate = host % 1000 if altered else 0
            if fate == 7:
                lines = [] if "(" in lines[0] else lines[:-1]
            elif fate == 11:
                lines = [line.replace("A\t198.1", "A\t192.0.2.1 ; 198.1") for line in lines]
            elif fate in {13, 17}:
                lines = [line.replace("host", "HOST") for line in lines]
            elif fate == 19:
                lines = [line.replace("\tIN\tA\t", "\t120\tIN\tA\t") for line in lines]
            elif fate == 23:
                lines.append(f"new{host}\tIN\tA\t192.0.2.77")
            yield from lines
            made += len(lines)
            if not rng.randrange(100):
                yield "; moved here from the old building\n"


def _entry(number: int, rng: random.Random) -> list[str]:
    """Return the lines of one name: nearly half have an address, the others one each of what zones have."""
    (entry,) = rng.choices(tuple(_ENTRIES), tuple(_ENTRIES.values()))
    digest, key = hashlib.sha512(b"%d" % number).hexdigest(), key_of(number) if entry.startswith("s{n}") else ""
    net = f"198.{18 + (number >> 16 & 1)}.{number >> 8 & 255}"  # the range for benchmarks: RFC 2544
    colons = f"2001:db8:{number & 65535:x}::{number >> 8:x}"
    text = entry.format(
        n=number, a=f"{net}.{number & 255}", b=f"{net}.{number + 1 & 255}", v6=colons, tag=number % 65536,
        digest=digest[:64].upper(), one=key[:200], two=key[200:], origin=ORIGIN,
    )  # fmt: skip
    return text.splitlines()


# What a name has, and how many in a hundred have it.
_ENTRIES = {
    "host{n}\tIN\tA\t{a}\t; rack 7": 4,
    "host{n}\tIN\tA\t{a}\n\tIN\tA\t{b}": 6,
    "host{n}\tIN\tA\t{a}\n\tIN\tAAAA\t{v6}": 8,
    "host{n}\tIN\tA\t{a}": 22,
    "host{n}\tIN\tAAAA\t{v6}": 15,
    "www{n}\t300\tIN\tCNAME\thub": 12,
    'm{n}\tIN\tMX\t10 mx1.{origin}.\n\tIN\tMX\t20 mx2.{origin}.\n\tIN\tTXT\t"v=spf1 mx -all"': 5,
    'text{n}\tIN\tTXT\t"some text {n}" "and more"': 5,
    's{n}._domainkey\tIN\tTXT\t( "v=DKIM1; k=rsa; "\n\t\t"p={one}"\n\t\t"{two}" )': 3,
    "_sip._tcp.h{n}\tIN\tSRV\t0 5 5060 hub": 4,
    'c{n}\tIN\tCAA\t0 issue "ca.example.net"': 3,
    "sub{n}\tIN\tNS\tns1.sub{n}\n\tIN\tNS\tns2.sub{n}\nns1.sub{n}\tIN\tA\t{a}\nns2.sub{n}\tIN\tA\t{b}": 2,
    "sub{n}\tIN\tNS\tns1.sub{n}\nns1.sub{n}\tIN\tA\t{a}\nsub{n}\tIN\tDS\t{tag} 13 2 {digest}": 2,
    "ssh{n}\tIN\tSSHFP\t4 2 {digest}": 3,
    "_443._tcp.h{n}\tIN\tTLSA\t3 1 1 {digest}": 3,
    'n{n}\tIN\tNAPTR\t100 10 "u" "E2U+sip" "!^.*$!sip:info@{origin}!" .': 3,
}
