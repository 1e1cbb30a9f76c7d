"""The form of single records: their octets, CAA, SRV, addresses, sizes. No IO here."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import dns.exception
import dns.rdata
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CAA import CAA
from dns.rdtypes.IN.SRV import SRV
from dns.rdtypes.tlsabase import TLSABase

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, NotNeeded, Point, Problem
from migrator.checks.zone.rules import PLANNING, zone_points
from migrator.codec.rdata import to_text
from migrator.meaning.caa import CRITICAL, KNOWN_TAGS, tag_of, value_of
from migrator.meaning.roles import SIGNATURE_TYPES, readable
from migrator.meaning.served import ADDRESS_TYPES, ServedZone
from migrator.model.finding import Severity
from migrator.model.names import ROOT, folded
from migrator.model.phrases import counted, shortened
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of

_LONGEST_SHOWN = 60

_MOST_TLSA = (3, 1, 2)  # usage, selector, matching type (RFC 6698 section 7)


@check(
    "zone.rdata",
    phases=PLANNING,
    in_lint=True,
    source="RFC 3597 section 5; RFC 6698 section 2.1; RFC 4255 section 3.1; RFC 4034 section 5.1; RFC 9460",
    remedy="Copy the record again from where it was made.",
)
def rdata_of_types(facts: Facts) -> Iterator[Point]:
    """Records are whole for their type.

    Looked at: the zone itself. It fails for a record of a known type that was carried as bare octets, because they
    are none: a digest (TLSA, SSHFP, DS) that was cut when it was copied, an HTTPS record without a parameter that
    it calls mandatory. Whoever reads it ignores it, and what relies on it fails. A TLSA record of a kind that
    nobody has defined warns, and so does an HTTPS alias with parameters, which are ignored. Types that nobody
    knows are carried as they are, and are fine.
    """
    yield from zone_points(facts, _rdatas, "Every record makes up one of its type.")


def _rdatas(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        for each in rrset.rdatas:
            if isinstance(each, GenericRdata) and _is_alias_with_parameters(each):
                message = "The alias (priority 0) has parameters, which whoever reads it ignores."
                yield Problem(subject_of(rrset.key), message, _evidence(rrset, each), severity=Severity.WARNING)
            elif isinstance(each, GenericRdata) and (fault := _unreadable(each)):
                yield Problem(subject_of(rrset.key), fault, _evidence(rrset, each))
            elif isinstance(each, TLSABase):
                kind = (each.usage, each.selector, each.mtype)
                if any(one > most for one, most in zip(kind, _MOST_TLSA, strict=True)):
                    shown = " ".join(map(str, kind))
                    message = (
                        f"The kind {shown} (usage, selector, matching type) is not defined; nobody can use it."
                    )
                    yield Problem(
                        subject_of(rrset.key), message, _evidence(rrset, each), severity=Severity.WARNING
                    )


def _is_alias_with_parameters(each: GenericRdata) -> bool:
    """Tell whether the octets would be a service's if their priority were not 0 (RFC 9460 section 2.4.2)."""
    if each.rdtype not in {RdataType.SVCB, RdataType.HTTPS} or each.data[:2] != b"\x00\x00":
        return False
    service = GenericRdata(RdataClass.IN, each.rdtype, b"\x00\x01" + each.data[2:])
    return _unreadable(service) is None


def _unreadable(each: GenericRdata) -> str | None:
    """Return why the octets are no rdata of their type; None where nobody knows the type, or they are."""
    try:
        # What nobody knows is read as octets, whatever they are.
        dns.rdata.from_wire(RdataClass.IN, each.rdtype, each.data, 0, len(each.data))
    except dns.exception.DNSException as exc:
        reason = str(exc).rstrip(".")
        why = "" if reason in _SAYING_NOTHING else f" ({reason})"
        return f"The octets make up no {RdataType.to_text(each.rdtype)} record{why}."
    return None


# What dnspython says where it has no reason of its own.
_SAYING_NOTHING = frozenset({"DNS message is malformed", "Text input is malformed"})


_CAA_ISSUE = frozenset({"issue", "issuewild", "issuemail", "issuevmc"})
_ISSUER = re.compile(
    r"[ \t]*(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)?[ \t]*", re.IGNORECASE
)
_PARAMETER = re.compile(r"[ \t]*[a-z0-9]+(?:-[a-z0-9]+)*[ \t]*=[ \t]*[\x21-\x3a\x3c-\x7e]*[ \t]*", re.IGNORECASE)
_REPORT = re.compile(r"(?:mailto:[^@\s]+@\S+|https?://\S+)", re.IGNORECASE)


@check(
    "zone.caa-syntax",
    phases=PLANNING,
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 8659 sections 4.1 to 4.4; RFC 9495; RFC 8657",
    remedy='Write CAA as 0 issue "ca.example", with the domain that the certificate authority names.',
)
def caa_syntax(facts: Facts) -> Iterator[Point]:
    """CAA records can be read.

    Looked at: the zone itself. It fails for an unknown tag that is marked critical: no authority may issue then.
    It warns for an issuer that is no domain (a URL, a name in quotes), which authorities take for nobody, for
    flags other than 0 and 128, and for a report address that is no mailto: or https: URL. An unknown tag is a
    notice.
    """
    yield from zone_points(
        facts,
        _caa,
        "Every CAA record can be read.",
        wanted=lambda rrset: rrset.rdtype == RdataType.CAA,
        without="the zone has no CAA record",
    )


def _caa(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        for rdata in rrset.rdatas if rrset.rdtype == RdataType.CAA else ():
            fault = _caa_fault(rdata) if isinstance(rdata, CAA) else None
            if fault is not None:
                severity, message = fault
                yield Problem(subject_of(rrset.key), message, _evidence(rrset, rdata), severity=severity)


def _caa_fault(rdata: CAA) -> tuple[Severity, str] | None:
    tag, value = tag_of(rdata), value_of(rdata)
    shown = rdata.tag.lower().decode("ascii", "backslashreplace")
    if tag not in KNOWN_TAGS:
        if rdata.flags & CRITICAL:
            return Severity.ERROR, f"The tag '{shown}' is not known and marked critical; no authority may issue."
        return Severity.NOTICE, f"The tag '{shown}' is not known; authorities ignore it."
    if rdata.flags not in {0, CRITICAL}:
        return Severity.WARNING, f"The flags are {rdata.flags}; 0 or 128 was expected."
    if tag in _CAA_ISSUE and not _names_issuer(value):
        return (
            Severity.WARNING,
            f"The issuer '{readable(value)}' is no domain, so authorities read 'nobody' in it.",
        )
    if tag == "iodef" and not _REPORT.fullmatch(value):
        return Severity.WARNING, f"The report address '{value}' is no mailto: or https: URL."
    return None


def _names_issuer(value: str) -> bool:
    issuer, *parameters = value.split(";")
    return _ISSUER.fullmatch(issuer) is not None and all(
        _PARAMETER.fullmatch(parameter) or not parameter.strip() for parameter in parameters
    )


_SERVICE_LABELS = 2


@check(
    "zone.srv",
    phases=PLANNING,
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 2782",
    remedy="Name services _service._protocol; let '.' stand alone where a service is not offered.",
)
def srv(facts: Facts) -> Iterator[Point]:
    """SRV records can be found and used.

    Looked at: the zone itself. It warns where a record that says "not offered" (target '.') stands beside others,
    where a service is offered on port 0, and where the owner does not begin with two labels with underscores: no
    program asks there.
    """
    yield from zone_points(
        facts,
        _srv,
        "Every SRV record can be used.",
        wanted=lambda rrset: rrset.rdtype == RdataType.SRV,
        without="the zone has no SRV record",
    )


def _srv(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        services = [rdata for rdata in rrset.rdatas if isinstance(rdata, SRV)]
        if not services:
            continue
        labels = folded(rrset.owner)[:_SERVICE_LABELS]
        if not all(label.startswith(b"_") or label == b"*" for label in labels):
            message = "The owner does not begin with _service._protocol; no program asks for it."
            yield Problem(subject_of(rrset.key), message, _evidence(rrset, services[0]))
        if len(services) > 1 and any(rdata.target == ROOT for rdata in services):
            message = "'.' (not offered) stands beside other targets; it was expected alone."
            yield Problem(subject_of(rrset.key), message, _evidence(rrset, *services))
        for rdata in services:
            if rdata.port == 0 and rdata.target != ROOT:
                message = "The service is offered on port 0, where nothing can listen."
                yield Problem(subject_of(rrset.key), message, _evidence(rrset, rdata))


# IANA's special-purpose registries, but for documentation: those are seen in examples alone.
_UNREACHABLE = (
    (IPv4Network("10.0.0.0/8"), "private"),
    (IPv4Network("172.16.0.0/12"), "private"),
    (IPv4Network("192.168.0.0/16"), "private"),
    (IPv4Network("100.64.0.0/10"), "shared by a carrier's customers"),
    (IPv4Network("127.0.0.0/8"), "the reader's own machine"),
    (IPv4Network("169.254.0.0/16"), "link-local"),
    (IPv4Network("0.0.0.0/8"), "no host's"),
    (IPv4Network("224.0.0.0/4"), "for groups (multicast)"),
    (IPv4Network("240.0.0.0/4"), "reserved"),
    (IPv6Network("::1/128"), "the reader's own machine"),
    (IPv6Network("::/128"), "no host's"),
    (IPv6Network("fc00::/7"), "private"),
    (IPv6Network("fe80::/10"), "link-local"),
    (IPv6Network("ff00::/8"), "for groups (multicast)"),
)


@check(
    "zone.private-address",
    phases=PLANNING,
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 1918; RFC 4193; RFC 6890",
    remedy="Keep names of internal hosts in an internal zone.",
)
def private_address(facts: Facts) -> Iterator[Point]:
    """Public names have public addresses.

    Looked at: the A and AAAA records of the zone itself. A private, loopback, link-local, carrier's, reserved or
    group address warns: nobody outside reaches it, and some resolvers take such an answer for an attack and drop
    it. The usual `localhost` is fine. Not needed where the network profile allows special addresses.
    """
    if facts.allow_special_addresses:
        yield NotNeeded("the network profile allows special addresses")
        return
    yield from zone_points(
        facts,
        _private,
        "Every address can be reached by the public.",
        wanted=lambda rrset: rrset.rdtype in ADDRESS_TYPES,
        without="the zone has no A or AAAA record",
    )


def _private(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        if rrset.rdtype not in ADDRESS_TYPES or folded(rrset.owner)[0] == b"localhost":
            continue
        for rdata in rrset.rdatas:
            kind = _kind_of(ip_address(getattr(rdata, "address", "192.0.2.1")))
            if kind is not None:
                message = f"The address {to_text(rdata)} is {kind}; one that the public reaches was expected."
                yield Problem(subject_of(rrset.key), message, _evidence(rrset, rdata))


def _kind_of(address: IPv4Address | IPv6Address) -> str | None:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return "an IPv4 address in the form of IPv6"
    return next((kind for network, kind in _UNREACHABLE if address in network), None)


_PER_RECORD = 12  # a pointer to the owner, type, class, TTL, length
_HEADER = 12 + 4
_OF_UDP, _OF_EDNS, _OF_TCP = 1232, 4096, 65_535


@check(
    "zone.rrset-size",
    phases=PLANNING,
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 6891 section 6.2.5; RFC 9715; RFC 7766",
    remedy="Delete records that nobody needs any more, such as old verification texts.",
)
def rrset_size(facts: Facts) -> Iterator[Point]:
    """Every RRset fits into an answer.

    Computed from the zone itself, without signatures. It fails above 65,535 octets, which no message holds, and
    warns above 4,096; above 1,232 octets, where resolvers have to ask again over TCP, it is a notice.
    """
    yield from zone_points(facts, _sizes, "Every RRset fits into an answer.")


def _sizes(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        is_small = len(rrset.rdatas) == 1 and rrset.rdtype not in _LONG_TYPES
        if is_small or rrset.rdtype in SIGNATURE_TYPES:  # signatures are never answered as one set
            continue
        owner = sum(len(label) + 1 for label in rrset.owner.labels)
        size = _HEADER + owner + sum(_PER_RECORD + len(rdata.to_wire() or b"") for rdata in rrset.rdatas)
        if size <= _OF_UDP:
            continue
        severity, effect = Severity.NOTICE, "resolvers have to ask for it over TCP"
        if size > _OF_TCP:
            severity, effect = Severity.ERROR, "no message holds it"
        elif size > _OF_EDNS:
            severity, effect = Severity.WARNING, "it fits into no message over UDP, and TCP is blocked for some"
        message = f"An answer with its {counted(len(rrset.rdatas), 'record')} takes {size:,} octets; {effect}."
        yield Problem(subject_of(rrset.key), message, (Noted("computed", f"{size} octets"),), severity=severity)


_LONG_TYPES = frozenset({RdataType.TXT, RdataType.OPENPGPKEY, RdataType.CERT, RdataType.DNSKEY, RdataType.SMIMEA})


def _evidence(rrset: RRset, *rdatas: Rdata) -> tuple[Noted, ...]:
    return tuple(Noted(subject_of(rrset.key), shortened(to_text(rdata), _LONGEST_SHOWN)) for rdata in rdatas)
