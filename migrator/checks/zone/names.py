"""Names that cannot be meant: lost final dots, addresses, characters that no host has. No IO here."""

from collections.abc import Iterator, Sequence

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, Point, Problem
from migrator.checks.zone.misplaced import Misplaced
from migrator.checks.zone.rules import LOOKED_UP, PLANNING, zone_points
from migrator.codec.rdata import to_text
from migrator.meaning.hostnames import OF_HOSTS, odd_in, odd_in_owner
from migrator.meaning.served import ServedZone
from migrator.meaning.targets import target_of
from migrator.model.finding import Severity
from migrator.model.names import ROOT, address_literal, folded, for_people, text_of
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of
from migrator.zonefile.suspicion import dotless, doubled

_TO_HOSTS = frozenset({RdataType.MX, RdataType.NS, RdataType.SRV})
_TARGETS = frozenset({*_TO_HOSTS, RdataType.CNAME, RdataType.DNAME, RdataType.PTR})


@check(
    "zone.owner-name",
    phases=PLANNING,
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 1912 section 2.2; RFC 952; RFC 1123 section 2.1; RFC 8552; RFC 6698 section 3",
    remedy="End absolute names in zone files with a dot; name hosts with letters, digits and hyphens only.",
)
def owner_name(facts: Facts) -> Iterator[Point]:
    """Owners are names somebody asks for.

    Looked at: the zone itself. It warns where an owner has the zone's name in it twice
    (`www.example.org.example.org.`: a final dot was forgotten), and where an owner of A, AAAA or MX has
    characters that no host name has; BIND refuses such a zone unless told otherwise, and some programs refuse
    the name. A wildcard is fine, and underscores are in all other types. It warns, too, where a policy of mail
    stands beside the name at which receivers ask for it, which has none: DMARC at the domain itself or at `dmarc`,
    a DKIM key below `domainkey`, at `_domainkey` without a selector or at the domain, and the like of MTA-STS, TLS
    reports and BIMI, and TLSA at the name of a host without port and protocol (`_25._tcp`); a wildcard is meant,
    and so is a name to which a CNAME of the zone leads.
    """
    yield from zone_points(facts, _owners, "Every owner is a name that can be asked for.")


def _owners(zone: ServedZone) -> Iterator[Problem]:
    told: set[tuple[bytes, ...]] = set()
    misplaced = Misplaced(zone)
    secured = any(rrset.rdtype == RdataType.TLSA for rrset in zone.snapshot.rrsets)
    led_to = _led_to(zone) if secured else frozenset()
    for rrset in zone.snapshot.rrsets:
        labels = rrset.key.folded
        if labels in told or zone.cover(rrset.owner, rrset.rdtype) is not None:
            continue
        if doubled(rrset.owner, zone.origin):
            told.add(labels)
            inside = rrset.owner.relativize(zone.origin)
            yield Problem(
                text_of(rrset.owner),
                "The zone's name is in the owner twice; most likely a final dot was forgotten.",
                _evidence(rrset),
                f"Rename it to {inside.to_text()}. if that was meant.",
            )
        elif rrset.rdtype in OF_HOSTS and (odd := odd_in_owner(rrset.owner.relativize(zone.origin))):
            told.add(labels)
            yield Problem(
                subject_of(rrset.key),
                f"The owner has {odd}; the name of a host has letters, digits and hyphens.",
                _evidence(rrset),
                "Rename the host, or make sure that the new name servers take such names.",
            )
        elif rrset.rdtype == RdataType.TXT:
            yield from misplaced.problems(rrset)
        elif rrset.rdtype == RdataType.TLSA and is_bare(labels) and labels not in led_to:
            yield Problem(
                subject_of(rrset.key),
                "Nobody asks for TLSA at the name of a host alone: it belongs to a port (RFC 6698 section 3).",
                _evidence(rrset),
                f"Let it stand at _PORT._tcp.{text_of(rrset.owner)} instead, as in _25._tcp or _443._tcp.",
            )


def is_bare(labels: Sequence[bytes]) -> bool:
    """Tell whether an owner is that of a host, not of a service, nor a wildcard, which answers for such."""
    return labels[0][:1] != b"_" and labels[0] != b"*"


def _led_to(zone: ServedZone) -> frozenset[tuple[bytes, ...]]:
    """Return where CNAMEs of ports and services lead within the zone."""
    cnames = [rrset for rrset in zone.snapshot.rrsets if rrset.rdtype == RdataType.CNAME]
    asked = [rrset.owner for rrset in cnames if not is_bare(rrset.key.folded)]
    return frozenset(folded(name) for owner in asked for name in zone.chain(owner))


@check(
    "zone.target-name",
    phases=PLANNING,
    in_lint=True,
    source="RFC 1912 sections 2.2 and 2.8; RFC 2181 sections 10.3 and 11; RFC 5321 section 5.1",
    remedy="Write the name of a host, with a final dot where it is outside the zone.",
)
def target_name(facts: Facts) -> Iterator[Point]:
    """Targets are names of hosts.

    Looked at: the targets of MX, NS, SRV, CNAME, DNAME and PTR in the zone itself. An IP address in the place of a
    name fails, for it is taken for a name that nobody has. A target that does not exist and looks like one outside
    the zone that lost its final dot (`mx.example.net.example.org.`) fails for MX and NS and warns for others. A
    target of MX, NS or SRV with characters that no host name has warns, and BIND refuses such a zone unless told
    otherwise.
    """
    yield from zone_points(
        facts,
        _targets,
        "Every target is the name of a host.",
        wanted=lambda rrset: rrset.rdtype in _TARGETS,
        without="no record of the zone points at a name",
        looked_up=LOOKED_UP,
    )


def _targets(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        if rrset.rdtype not in _TARGETS:
            continue
        faults = list(_faults(zone, rrset))
        evidence = _evidence(rrset) if faults else ()
        for message, advice, severity in faults:
            yield Problem(subject_of(rrset.key), message, evidence, advice, severity)


def _faults(zone: ServedZone, rrset: RRset) -> Iterator[tuple[str, str, Severity | None]]:
    """Yield what is wrong with the targets of a set, what to do, and how grave it is."""
    grave = Severity.ERROR if rrset.rdtype in {RdataType.MX, RdataType.NS} else Severity.WARNING
    for rdata in rrset.rdatas:
        target = target_of(rdata)
        if target is None or target == ROOT:
            continue
        literal = address_literal(target)
        points = f"It points at {text_of(target)}, which"
        if literal is not None and rrset.rdtype != RdataType.PTR:
            message = f"It points at the IP address {literal}; the name of a host was expected."
            yield message, f"Give a host the address {literal}, and point at that host.", None
        elif lost_dot(zone, target):
            meant = for_people(target.relativize(zone.origin))
            message = f"{points} does not exist; most likely the final dot is missing."
            yield message, f"Point at {meant}. instead.", grave
        elif rrset.rdtype in _TO_HOSTS and (odd := odd_in(target)):
            yield f"{points} has {odd}; no host has such a name.", "", Severity.WARNING


def lost_dot(zone: ServedZone, target: Name) -> bool:
    """Tell whether a target is a name outside the zone that lost its final dot; nothing is outside the root."""
    return (
        zone.origin != ROOT
        and dotless(target, zone.origin)
        and target not in zone
        and zone.wildcard(target) is None
    )


def _evidence(rrset: RRset) -> tuple[Noted, ...]:
    return tuple(Noted(subject_of(rrset.key), to_text(rdata)) for rdata in rrset.rdatas)
