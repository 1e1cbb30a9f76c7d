"""Zones that are really signed, with keys made once; and the DS records that fit them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

import dns.dnssec
import dns.dnssectypes
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.RRSIG import RRSIG

from migrator.cutover.look import Side
from migrator.model.rrset import Record
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.zonefile import read_zone
from tests.checks.build import DOMAIN, NOW, zone

KSK, ZSK = 257, 256
WEEK = timedelta(days=7)


@cache
def _private(name: str) -> ec.EllipticCurvePrivateKey:
    """Return the private key of that name: the same one as long as the tests run."""
    return ec.generate_private_key(ec.SECP256R1())


def key(name: str, flags: int = KSK) -> DNSKEY:
    """Return the public key of that name; a CSK unless it is a ZSK by its flags."""
    return dns.dnssec.make_dnskey(
        _private(name).public_key(), dns.dnssectypes.Algorithm.ECDSAP256SHA256, flags=flags
    )


def ds(name: str, digest: str = "SHA256", flags: int = KSK) -> str:
    """Return the DS that fits the key."""
    policy = dns.dnssec.allow_all_policy
    return dns.dnssec.make_ds(DOMAIN, key(name, flags), digest, policy=policy).to_text()


def signed(
    text: str = "",
    *,
    by: str,
    published: Iterable[DNSKEY] = (),
    side: Side = Side.OLD,
    ttl: int = 300,
    begins: datetime = NOW - WEEK,
    ends: datetime = NOW + WEEK,
) -> ZoneSnapshot:
    """Return the zone signed with one key, whose DNSKEY set has those that are published besides."""
    plain = zone(text, side=side, ttl=ttl)
    own = key(by)
    keys = [own, *published]
    records = [Record(r.owner, r.ttl or ttl, rdata) for r in plain.rrsets for rdata in r.rdatas]
    records += [Record(DOMAIN, ttl, each) for each in keys]
    sets: dict[tuple[object, RdataType], list[Record]] = {}
    for record in records:
        sets.setdefault((record.owner, record.rdata.rdtype), []).append(record)
    records += [
        Record(found[0].owner, found[0].ttl, _signature(found, own, by, begins, ends)) for found in sets.values()
    ]
    return assemble(DOMAIN, records, source="test", read_at=NOW).snapshot


def _signature(found: Sequence[Record], own: DNSKEY, by: str, begins: datetime, ends: datetime) -> RRSIG:
    rrset = dns.rrset.from_rdata_list(found[0].owner, found[0].ttl, [record.rdata for record in found])
    return dns.dnssec.sign(
        rrset, _private(by), DOMAIN, own, inception=begins.timestamp(), expiration=ends.timestamp()
    )


def signed_text(text: str, *, by: str) -> str:
    """Return zone-file text of one set with its signature."""
    found = [record for record in read(text) if record.rdata.rdtype != RdataType.RRSIG]
    signature = _signature(found, key(by), by, NOW - WEEK, NOW + WEEK)
    return f"{text}\n{found[0].owner} {found[0].ttl} RRSIG {signature.to_text()}"


def read(text: str) -> tuple[Record, ...]:
    """Return the records of zone-file text below DOMAIN."""
    return read_zone(f"$ORIGIN {DOMAIN}\n{text}\n".encode(), file="test", origin=DOMAIN).records
