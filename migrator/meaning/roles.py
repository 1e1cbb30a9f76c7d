"""What a record is for, told from its owner, type and rdata alone. No IO here.

A role is what breaks when the record goes. One RRset may have several: the TXT set of an apex holds an SPF
and the verifications of ten services.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.meaning import services
from migrator.meaning.targets import target_of
from migrator.model.finding import Severity
from migrator.model.names import folded, is_wildcard
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass


class Role(StrEnum):
    """What a record is for; the gravest comes first."""

    MX = "mail.mx"
    SPF = "mail.spf"
    DKIM = "mail.dkim"
    DMARC = "mail.dmarc"
    MTA_STS = "mail.mta-sts"
    TLS_RPT = "mail.tls-rpt"
    BIMI = "mail.bimi"
    AUTODISCOVER = "mail.autodiscover"
    DANE = "mail.dane"
    CAA = "cert.caa"
    ACME = "cert.acme"
    VERIFICATION = "verification"
    DELEGATION = "delegation"
    DNSSEC = "dnssec"
    SERVICE = "service"
    WEB = "web"
    WILDCARD = "wildcard"
    ADDRESS = "address"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a difference does to one role: how grave, and in a sentence that needs no DNS to be understood.

    `breaks` is true where what the record is for is gone or cannot work, false where it differs and may work.
    """

    role: Role
    severity: Severity
    sentence: str
    breaks: bool = False


ORDER = tuple(Role)

HOST_TYPES = frozenset({RdataType.A, RdataType.AAAA, RdataType.CNAME, RdataType.SVCB, RdataType.HTTPS})
TEXT_TYPES = frozenset({RdataType.TXT, RdataType.SPF})
# Made by whoever signs the zone: a new provider makes its own.
SIGNATURE_TYPES = frozenset(
    {RdataType.RRSIG, RdataType.NSEC, RdataType.NSEC3, RdataType.NSEC3PARAM, RdataType.ZONEMD, RdataType(65534)}
)
KEY_TYPES = frozenset({RdataType.DNSKEY, RdataType.CDNSKEY, RdataType.CDS, RdataType.DS, RdataType.DLV})
_DNSSEC = SIGNATURE_TYPES | KEY_TYPES
MAIL_SRV = frozenset(
    {
        *(b"_imap", b"_imaps", b"_pop3", b"_pop3s", b"_submission", b"_submissions", b"_autodiscover", b"_jmap"),
        *(b"_sieve", b"_caldav", b"_caldavs", b"_carddav", b"_carddavs", b"_smtp", b"_smtps", b"_autoconfig"),
    }
)
_BY_TYPE = {
    RdataType.MX: Role.MX,
    RdataType.CAA: Role.CAA,
    RdataType.SRV: Role.SERVICE,
    RdataType.NAPTR: Role.SERVICE,
    RdataType.URI: Role.SERVICE,
    RdataType.SSHFP: Role.SERVICE,
    RdataType.TLSA: Role.SERVICE,
    RdataType.SMIMEA: Role.DANE,
    RdataType.OPENPGPKEY: Role.DANE,
    RdataType.HTTPS: Role.WEB,
    RdataType.SVCB: Role.SERVICE,
    RdataType.DNAME: Role.ADDRESS,
    RdataType.A: Role.ADDRESS,
    RdataType.AAAA: Role.ADDRESS,
    RdataType.CNAME: Role.ADDRESS,
    RdataType.PTR: Role.ADDRESS,
}
_SPF = re.compile(rb"v=spf1", re.IGNORECASE)


def in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Return the distinct roles, the gravest first; `other` alone where there is none."""
    found = set(roles)
    if len(found) > 1:
        found.discard(Role.OTHER)
    return tuple(sorted(found, key=ORDER.index)) or (Role.OTHER,)


def roles_of(key: RRsetKey, rdatas: Iterable[Rdata], origin: Name) -> tuple[Role, ...]:
    """Return the roles of these records of an RRset, the gravest first."""
    found = {_by_owner(key, origin)}
    for rdata in rdatas:
        found.add(_by_rdata(key, rdata))
    if is_wildcard(key.owner):
        found.add(Role.WILDCARD)
    by_type = _by_type(key, origin)
    if not (found - {None, Role.WILDCARD}) or by_type in {Role.MX, Role.CAA, Role.DELEGATION, Role.DNSSEC}:
        found.add(by_type)
    return in_order(role for role in found if role is not None)


def is_spf(rdata: Rdata) -> bool:
    """Tell whether a TXT or SPF record begins as an SPF policy does."""
    return rdata.rdtype in TEXT_TYPES and _SPF.match(octets(rdata)) is not None


def readable(text: str) -> str:
    """Return text that was read as Latin-1 as people wrote it, in UTF-8; what cannot be seen is escaped."""
    written = text.encode("latin-1", "replace").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in written)


def octets(rdata: Rdata) -> bytes:
    """Return the strings of a TXT or SPF record, joined as those who read them do."""
    strings = getattr(rdata, "strings", None)
    return b"".join(strings) if strings is not None else rdata.to_digestable()


def _by_type(key: RRsetKey, origin: Name) -> Role:
    if key.rdtype in _DNSSEC:
        return Role.DNSSEC
    if key.rdtype == RdataType.NS:
        return Role.DELEGATION
    role = _BY_TYPE.get(key.rdtype, Role.OTHER)
    if key.rdtype in HOST_TYPES and _is_web(key.owner, origin):
        return Role.WEB
    return role


def _is_web(owner: Name, origin: Name) -> bool:
    labels = folded(owner)
    return labels == folded(origin) or labels[0] == b"www"


def _by_owner(key: RRsetKey, origin: Name) -> Role | None:
    labels = folded(key.owner)[: len(key.owner.labels) - len(origin.labels)] or (b"",)
    first, second = labels[0], labels[1] if len(labels) > 1 else b""
    if key.rdtype in _DNSSEC:
        return None
    if b"_domainkey" in labels:
        return Role.DKIM
    if first == b"_dmarc" or (b"_report" in labels and b"_dmarc" in labels):
        return Role.DMARC
    if first == b"_mta-sts" or (first == b"mta-sts" and key.rdtype in HOST_TYPES):
        return Role.MTA_STS
    if (first, second) == (b"_smtp", b"_tls"):
        return Role.TLS_RPT
    if b"_bimi" in labels:
        return Role.BIMI
    if key.rdtype == RdataType.TLSA and first in {b"_25", b"_465", b"_587", b"_143", b"_993", b"_995", b"_110"}:
        return Role.DANE
    if first == b"_acme-challenge":
        return Role.ACME
    return _by_host_label(key, first)


def _by_host_label(key: RRsetKey, first: bytes) -> Role | None:
    if key.rdtype == RdataType.SRV and first in MAIL_SRV:
        return Role.AUTODISCOVER
    if first in {b"autodiscover", b"autoconfig"} and key.rdtype in HOST_TYPES:
        return Role.AUTODISCOVER
    if key.rdtype in HOST_TYPES and services.of_host_label(first) is not None:
        return Role.SERVICE
    if services.of_verification_label(first) is not None and key.rdtype in TEXT_TYPES | {RdataType.CNAME}:
        return Role.VERIFICATION
    return None


def _by_rdata(key: RRsetKey, rdata: Rdata) -> Role | None:
    if key.rdtype in TEXT_TYPES:
        if is_spf(rdata):
            return Role.SPF
        return Role.VERIFICATION if services.of_text(octets(rdata)) is not None else None
    if key.rdtype == RdataType.CNAME:
        target = target_of(rdata)
        found = None if target is None else services.of_cname(target)
        if found is None or (found.use is services.Use.DKIM and b"_domainkey" not in folded(key.owner)):
            return None
        return _OF_USE[found.use]
    return None


_OF_USE = {
    services.Use.CERTIFICATE: Role.ACME,
    services.Use.VERIFICATION: Role.VERIFICATION,
    services.Use.DKIM: Role.DKIM,
    services.Use.AUTODISCOVER: Role.AUTODISCOVER,
    services.Use.WEB: Role.WEB,
    services.Use.SERVICE: Role.SERVICE,
}
