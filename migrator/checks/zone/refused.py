"""Records with which one name server or two refuse a zone that the others load. No IO here."""

from collections.abc import Iterator
from itertools import islice

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, Point, Problem
from migrator.checks.zone.rules import PLANNING, zone_points
from migrator.codec.rdata import to_text
from migrator.meaning.hostnames import OF_HOSTS, hosts_in, odd_in, odd_in_owner
from migrator.meaning.served import ServedZone
from migrator.model.finding import Severity
from migrator.model.names import text_of
from migrator.model.phrases import shortened
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of
from migrator.plain.strictness import BIND, KNOT, NSD, Refusal, is_strict, strict_refusals, too_many

_LONGEST_SHOWN = 60


@check(
    "zone.refused",
    phases=PLANNING,
    severity=Severity.WARNING,
    in_lint=True,
    source="measured with BIND 9.18, Knot 3.2 and NSD 4.6 (2026-11)",
    remedy="Delete the record, or keep the zone off the servers that refuse it.",
)
def refused(facts: Facts) -> Iterator[Point]:
    """Every name server loads the zone.

    Looked at: the zone itself. One record is enough for BIND, Knot or NSD to refuse a whole zone that the others
    load. It warns, and names who refuses: BIND more than 100 records in a set, a DS at the apex, NS at a wildcard,
    a NAPTR whose expression nobody can read, CDS and CDNSKEY without a key of their algorithm or beside one that
    asks for deletion, MD and MF, keys, TLSA, certificates, digests and signatures that are empty, an NSEC without
    types, an X25 of less than four digits, octets that are no rdata of a rare type such as MINFO, a `dohpath`
    without its variable, and unless told otherwise a name that no host has in an SOA, in HTTPS, SVCB, AFSDB or RT,
    in the PTR of an address, or below a delegation; Knot a DNAME beside a delegation; Knot and NSD a KEY beside a
    CNAME, and a DNAME of a delegated name with records below it; BIND and Knot an NSEC3 hash that nobody knows.
    What no server loads is told by `zone.cname-clash`, `zone.apex`, `zone.rdata` and `zone.rrset-size`, what
    stands below any other DNAME by `zone.hidden`, and other names that no host has by `zone.owner-name` and
    `zone.target-name`.
    """
    yield from zone_points(facts, _refused, "BIND, Knot and NSD load every record.")


def _refused(zone: ServedZone) -> Iterator[Problem]:
    for rrset in zone.snapshot.rrsets:
        refusals = [*_no_hosts(rrset)] if rrset.rdtype in _NAMING_HOSTS else [*_hidden_hosts(zone, rrset)]
        refusals += filter(None, [too_many(rrset)])
        if is_strict(rrset):
            served = {each.rdtype: each for each in zone.at(rrset.owner)}
            refusals += [*strict_refusals(rrset, zone.origin, served), *_below_hidden_dname(zone, rrset)]
        yield from (_problem(rrset, refusal) for refusal in refusals)


# Beside those of MX, NS and SRV, of which `zone.target-name` tells.
_NAMING_HOSTS = frozenset(
    {RdataType.AFSDB, RdataType.HTTPS, RdataType.PTR, RdataType.RT, RdataType.SOA, RdataType.SVCB}
)


def _no_hosts(rrset: RRset) -> Iterator[Refusal]:
    """Yield where BIND expects the name of a host, and finds none: it refuses that unless told to pass it."""
    for rdata in rrset.rdatas:
        for name in hosts_in(rdata, rrset.owner):
            if odd := odd_in(name):
                yield _no_host(rrset, name, odd)


def _hidden_hosts(zone: ServedZone, rrset: RRset) -> Iterator[Refusal]:
    """Yield the owners that BIND minds below a delegation; of others `zone.owner-name` tells."""
    is_hidden = rrset.rdtype in OF_HOSTS and zone.cover(rrset.owner, rrset.rdtype) is not None
    if is_hidden and (odd := odd_in_owner(rrset.owner)):
        yield _no_host(rrset, rrset.owner, odd)


def _no_host(rrset: RRset, name: Name, odd: str) -> Refusal:
    reason = f"{text_of(name)} has {odd}, and no host has such a name (unless check-names ignores it)"
    return Refusal(rrset.rdtype, rrset.rdatas, reason, "Give the host another name.", (BIND,))


def _below_hidden_dname(zone: ServedZone, rrset: RRset) -> Iterator[Refusal]:
    """Yield what is refused below a DNAME that a delegation hides; of others `zone.hidden` tells."""
    if rrset.rdtype == RdataType.DNAME and zone.cover(rrset.owner, rrset.rdtype) is not None:
        for first in islice(zone.index.below(rrset.key.folded), 1):
            reason = f"{subject_of(first.key)} stands below it (RFC 6672 section 2.4)"
            advice = "Delete the DNAME or what is below it; the delegation hides both."
            yield Refusal(rrset.rdtype, rrset.rdatas, reason, advice, (KNOT, NSD))


def _problem(rrset: RRset, refusal: Refusal) -> Problem:
    verb = "refuses" if len(refusal.servers) == 1 else "refuse"
    return Problem(
        subject_of(rrset.key),
        f"{' and '.join(refusal.servers)} {verb} the whole zone: {refusal.reason}.",
        tuple(Noted(subject_of(rrset.key), shortened(to_text(rdata), _LONGEST_SHOWN)) for rdata in refusal.rdatas),
        refusal.advice,
    )
