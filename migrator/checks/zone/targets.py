"""Targets inside the zone: that they exist, have addresses and are no CNAMEs; and glue. No IO here."""

from collections.abc import Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, Point, Problem
from migrator.checks.zone.names import lost_dot
from migrator.checks.zone.rules import LOOKED_UP, PLANNING, zone_points
from migrator.codec.rdata import to_text
from migrator.meaning.served import ADDRESS_TYPES, Reach, ServedZone
from migrator.meaning.targets import targets_of
from migrator.model.finding import Severity
from migrator.model.names import ROOT, address_literal, folded, for_people, is_within, text_of
from migrator.model.phrases import counted
from migrator.model.rrset import RRset, alias_of
from migrator.model.zone import subject_of

_TO_HOSTS = frozenset({RdataType.MX, RdataType.NS, RdataType.SRV})
_SERVICE_BINDINGS = frozenset({RdataType.SVCB, RdataType.HTTPS})
_POINTING = frozenset({*_TO_HOSTS, *_SERVICE_BINDINGS, RdataType.CNAME})
_GRAVE = frozenset({RdataType.MX, RdataType.NS})
_LONGEST_CHAIN = 8
_MOST_FOLLOWED = 20


@check(
    "zone.target-missing",
    phases=PLANNING,
    in_lint=True,
    source="RFC 1912 section 2.4; RFC 5321 section 5.1; RFC 2782",
    remedy="Add the records of the target, or point at a host that exists.",
)
def target_missing(facts: Facts) -> Iterator[Point]:
    """Targets inside the zone exist.

    Looked at: the targets of MX, NS, SRV, HTTPS, SVCB, CNAME and aliases that lie in the zone itself. Those of MX
    and NS need an address (CNAMEs and wildcards of the zone are followed): without one, mail is lost or a name
    server is not found, and the check fails. A service without an address, and a CNAME or alias to a name that the
    zone does not have, warns. What other zones decide is asked elsewhere (`zone.dangling`, `mail.mx-target`).
    """
    yield from zone_points(
        facts,
        _missing,
        "Every target within the zone is there.",
        wanted=_points_at_a_name,
        without="no record of the zone points at a name",
        looked_up=LOOKED_UP,
    )


def _points_at_a_name(rrset: RRset) -> bool:
    return rrset.rdtype in _POINTING or alias_of(rrset) is not None


def _missing(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        if zone.cover(rrset.owner, rrset.rdtype) is not None:
            continue
        lacks = [(target, lack) for target in dict.fromkeys(_aims(rrset)) if (lack := _lack(zone, rrset, target))]
        evidence = _evidence(rrset) if lacks else ()
        for target, lack in lacks:
            yield Problem(
                subject_of(rrset.key),
                f"It points at {text_of(target)}, which {lack}.",
                evidence,
                f"Add {_wanted_record(rrset, target)}, or point elsewhere.",
                Severity.ERROR if rrset.rdtype in _GRAVE else Severity.WARNING,
            )


def _aims(rrset: RRset) -> Iterator[Name]:
    alias = alias_of(rrset)
    if alias is not None:
        yield alias.target
    elif rrset.rdtype in _POINTING:
        yield from targets_of(rrset.rdatas)


def _is_slip(zone: ServedZone, target: Name) -> bool:
    """Tell whether `zone.target-name` has said what is wrong with the target."""
    return address_literal(target) is not None or lost_dot(zone, target)


def _lack(zone: ServedZone, rrset: RRset, target: Name) -> str | None:
    """Return what a target within the zone lacks, as the end of a sentence."""
    if not zone.within(target) or target == ROOT or _is_slip(zone, target):
        return None
    exists = target in zone or zone.wildcard(target) is not None or zone.cover(target, RdataType.A) is not None
    if not exists:
        return "the zone does not have"
    needs_address = rrset.rdtype in _TO_HOSTS or alias_of(rrset) is not None
    return "has no address" if needs_address and zone.reach(target) is Reach.NO else None


def _wanted_record(rrset: RRset, target: Name) -> str:
    if rrset.rdtype == RdataType.CNAME:
        return f"the records of {text_of(target)}"
    return f"{text_of(target)} A or AAAA"


@check(
    "zone.target-cname",
    phases=PLANNING,
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 2181 section 10.3; RFC 5321 section 5.1; RFC 2782",
    remedy="Point at the host that the CNAME leads to, or give the target addresses of its own.",
)
def target_cname(facts: Facts) -> Iterator[Point]:
    """MX, NS and SRV point at no CNAME.

    Looked at: the zone itself. Many programs follow such a CNAME and some do not: it warns for MX and SRV. It
    fails for NS, where resolvers ignore the name server.
    """
    yield from zone_points(
        facts,
        _aliased,
        "No MX, NS or SRV record points at a CNAME of the zone.",
        wanted=lambda rrset: rrset.rdtype in _TO_HOSTS,
        without="the zone has no MX, NS or SRV record",
        looked_up=LOOKED_UP,
    )


def _aliased(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        if rrset.rdtype not in _TO_HOSTS:
            continue
        for target in dict.fromkeys(targets_of(rrset.rdatas)):
            cnames = zone.answer(target, RdataType.CNAME) if zone.within(target) else ()
            for cname in cnames:
                leads = ", ".join(for_people(name) for name in targets_of(cname.rdatas))
                yield Problem(
                    subject_of(rrset.key),
                    f"It points at {text_of(target)}, which is a CNAME to {leads}; a host was expected.",
                    (*_evidence(rrset), *_evidence(cname)),
                    f"Point at {leads}.",
                    Severity.ERROR if rrset.rdtype == RdataType.NS else Severity.WARNING,
                )


@check(
    "zone.cname-loop",
    phases=PLANNING,
    in_lint=True,
    source="RFC 1034 section 3.6.2",
    remedy="Let the chain of CNAMEs end at a name with addresses.",
)
def cname_loop(facts: Facts) -> Iterator[Point]:
    """Chains of CNAMEs come to an end.

    Looked at: the zone itself. It fails where a chain comes back to a name that it has passed, and warns where it
    has more than eight links: resolvers give up.
    """
    yield from zone_points(
        facts,
        _loops,
        "Every chain of CNAMEs comes to an end.",
        wanted=lambda rrset: rrset.rdtype == RdataType.CNAME,
        without="the zone has no CNAME",
    )


def _loops(zone: ServedZone) -> Iterator[Problem]:
    told: set[tuple[bytes, ...]] = set()
    for rrset in zone.snapshot.rrsets:
        if rrset.rdtype != RdataType.CNAME or rrset.key.folded in told:
            continue
        chain = _chain(zone, rrset.owner)
        shown = " -> ".join(for_people(name) for name in chain[: _LONGEST_CHAIN + 1])
        if folded(chain[-1]) in told:
            told.add(rrset.key.folded)
        elif folded(chain[-1]) in set(map(folded, chain[:-1])):
            told.update(map(folded, chain))
            message = f"The CNAMEs come back to where they were ({shown}); an end was expected."
            yield Problem(subject_of(rrset.key), message, _evidence(rrset))
        elif len(chain) > _LONGEST_CHAIN + 1:
            message = f"The chain has {counted(len(chain) - 1, 'CNAME')} or more ({shown} ...); resolvers give up."
            yield Problem(subject_of(rrset.key), message, _evidence(rrset), severity=Severity.WARNING)


def _chain(zone: ServedZone, owner: Name) -> list[Name]:
    """Return the names that CNAMEs lead through from an owner, ending at the first that is passed again."""
    chain, passed = [owner], {folded(owner)}
    while len(chain) < _MOST_FOLLOWED:
        cname = next(iter(zone.answer(chain[-1], RdataType.CNAME)), None)
        target = None if cname is None else next(iter(targets_of(cname.rdatas)), None)
        if target is None:
            return chain
        chain.append(target)
        if folded(target) in passed or not zone.within(target):
            return chain
        passed.add(folded(target))
    return chain


@check(
    "zone.glue",
    phases=PLANNING,
    in_lint=True,
    source="RFC 1034 section 4.2.1; RFC 9471 section 3",
    remedy="Add the addresses of the name server to this zone, beside the delegation.",
)
def glue(facts: Facts) -> Iterator[Point]:
    """Delegations have their glue.

    Looked at: the delegations to zones below this one, in the zone itself. A name server inside the delegated
    zone without an A or AAAA record here cannot be found by anybody: it fails where no name server of the
    delegation can be found, and warns where others remain.
    """
    yield from zone_points(
        facts,
        _unglued,
        "Every delegated name server that needs an address here has one.",
        wanted=lambda rrset: rrset.rdtype == RdataType.NS and folded(rrset.owner) != folded(facts.domain),
        without="the zone delegates nothing",
    )


def _unglued(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        if rrset.rdtype != RdataType.NS or folded(rrset.owner) == folded(zone.origin):
            continue
        servers = targets_of(rrset.rdatas)
        lacking = [
            server for server in servers if is_within(server, rrset.owner) and not _has_address(zone, server)
        ]
        for server in lacking:
            yield Problem(
                subject_of(rrset.key),
                f"Its name server {for_people(server)} lies in the delegated zone and has no address here; "
                "nobody can find it.",
                _evidence(rrset),
                f"Add {text_of(server)} A or AAAA with the address of that name server.",
                Severity.ERROR if len(lacking) == len(servers) else Severity.WARNING,
            )


def _has_address(zone: ServedZone, host: Name) -> bool:
    return any(zone.sets(host, rdtype) for rdtype in ADDRESS_TYPES)


def _evidence(rrset: RRset) -> tuple[Noted, ...]:
    alias = alias_of(rrset)
    if alias is not None:
        return (Noted(subject_of(rrset.key), f"an alias to {text_of(alias.target)}"),)
    return tuple(Noted(subject_of(rrset.key), to_text(rdata)) for rdata in rrset.rdatas)
