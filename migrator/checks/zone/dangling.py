"""Records that lead to names which nobody has any more, outside the zone. No IO here."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask, Registered, Registration
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.overlay import Absent, Failed, Found, Lookup, Pending, look_up, pending
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.planned import keys_in_words
from migrator.checks.zone.rules import PLANNING, judged_side, served_zone, unread
from migrator.checks.zone.takeovers import claimable_at
from migrator.diff.wording import named
from migrator.meaning.suffixes import registered_domain
from migrator.meaning.targets import targets_of
from migrator.model.extras import Alias
from migrator.model.finding import Severity
from migrator.model.names import ROOT, address_literal, folded, for_people, is_within, text_of
from migrator.model.observation import Answer
from migrator.model.phrases import counted
from migrator.model.rrset import RRset
from migrator.model.values import dataclass
from migrator.model.zone import subject_of

_POINTING = frozenset({RdataType.CNAME, RdataType.DNAME, RdataType.NS, RdataType.MX, RdataType.SRV})
_MOST_SHOWN = 5
_ACME = b"_acme-challenge"


@dataclass(frozen=True, slots=True)
class _Aim:
    """A name outside the zone, all RRsets that point at it, and what a resolver finds there."""

    target: Name
    rrsets: tuple[RRset, ...]
    lookup: Lookup

    @property
    def gone(self) -> Name | None:
        """The name that does not exist: the target, or the end of its CNAMEs; None where nobody says so."""
        if not isinstance(self.lookup, Absent) or not self.lookup.no_such_name:
            return None
        return self.lookup.chain[-1] if self.lookup.chain else self.target

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the resolvers answered."""
        return () if isinstance(self.lookup, Pending) else self.lookup.evidence


def _aims(facts: Facts, side: ZoneSide) -> list[_Aim]:
    """Return what the records that are answered point at outside the zone."""
    if side.zone is None:
        return []
    zone = served_zone(side.zone)
    by_target: dict[tuple[bytes, ...], tuple[Name, list[RRset]]] = {}
    for rrset in side.zone.rrsets:
        aliases = [extra.target for extra in rrset.extras if isinstance(extra, Alias)]
        for target in targets_of(rrset.rdatas) if rrset.rdtype in _POINTING else aliases:
            is_host = target != ROOT and address_literal(target) is None
            is_apex_ns = rrset.rdtype == RdataType.NS and rrset.key.folded == folded(zone.origin)
            is_seen = zone.cover(rrset.owner, rrset.rdtype) is None and not is_apex_ns
            if is_host and is_seen and not zone.within(target):
                by_target.setdefault(folded(target), (target, []))[1].append(rrset)
    return [
        _Aim(target, tuple(rrsets), look_up(facts, side, target, RdataType.A))
        for target, rrsets in by_target.values()
    ]


def _asks(facts: Facts) -> Iterable[Ask]:
    """Ask a resolver for each target, and the registry for the domain of those that do not exist."""
    aims = _aims(facts, judged_side(facts))
    yield from pending(aim.lookup for aim in aims)
    for aim in aims if facts.registrar is not None else ():
        domain = _perhaps_free(aim)
        if domain is not None:
            yield Registration(domain)


def _perhaps_free(aim: _Aim) -> Name | None:
    """Return the registrable domain of a name that does not exist, unless its denial shows the domain."""
    if aim.gone is None or claimable_at(aim.gone) is not None:
        return None
    domain = registered_domain(aim.gone)
    denials = [rrset.owner for each in aim.evidence if isinstance(each, Answer) for rrset in each.authority]
    if domain is None or any(is_within(zone, domain) for zone in denials):
        return None
    return domain


@check(
    "zone.dangling",
    phases=PLANNING,
    source="https://github.com/EdOverflow/can-i-take-over-xyz; RFC 9083",
    remedy="Delete the record instead of copying it.",
    asks=_asks,
)
def dangling(facts: Facts) -> Iterator[Point]:
    """Targets outside the zone exist.

    Asked of a resolver: A at each target of CNAME, DNAME, NS, MX, SRV and of aliases outside the domain; CNAMEs
    are followed. It fails where the name does not exist (NXDOMAIN) and lies below a hosting domain where anybody
    can claim it, or in a domain that its registry does not know, which anybody can register: whoever does
    answers in the place of the zone's owner. It warns for other names that do not exist (of mail servers,
    `mail.mx-target` tells), but not of `_acme-challenge`, whose target is there only while a certificate is
    issued. It is unchecked where resolvers fail. Targets inside the zone are
    `zone.target-missing`'s, name servers of the zone itself `delegation.ns-resolves`'s.
    """
    side = judged_side(facts)
    if side.zone is None:
        yield unread(facts, side)
        return
    aims = _aims(facts, side)
    if not aims:
        yield NotNeeded("nothing in the zone points outside it")
        return
    problems = [problem for aim in aims if (problem := _problem(facts, aim)) is not None]
    yield from problems
    yield from _unknown(aims)
    known = [aim for aim in aims if isinstance(aim.lookup, Found | Absent)]
    if known and not problems:
        shown = tuple(item for aim in known[:_MOST_SHOWN] for item in aim.evidence)
        idle = ", but for what only a certificate needs" if any(aim.gone is not None for aim in known) else ""
        message = f"{counted(len(known), 'target')} outside the zone: all exist{idle}."
        yield Passed(text_of(facts.domain), message, shown)


def _problem(facts: Facts, aim: _Aim) -> Problem | None:
    if aim.gone is None:
        return None
    keys = [rrset.key for rrset in aim.rrsets]
    subject = subject_of(keys[0])
    through = "" if folded(aim.gone) == folded(aim.target) else f" (by way of {for_people(aim.target)})"
    also = f" The same holds for {keys_in_words(keys[1:])}." if keys[1:] else ""
    leads = f"It leads to {for_people(aim.gone)}{through}, which does not exist"
    advice = f"Delete {keys_in_words(keys)}; do not copy what leads nowhere."
    service = claimable_at(aim.gone)
    if service is not None:
        message = f"{leads}; at {service} anybody can claim that name, and answer in your place.{also}"
        return Problem(subject, message, aim.evidence, advice)
    domain = _perhaps_free(aim)
    reply = None if domain is None else facts.replies.get(Registration(domain))
    if domain is not None and isinstance(reply, Registered) and reply.known is False:
        message = (
            f"{leads}; {for_people(domain)} is not registered: anybody can do so, and answer in your place.{also}"
        )
        return Problem(subject, message, (*aim.evidence, reply), advice)
    if all(key.rdtype == RdataType.MX or key.folded[0] == _ACME for key in keys):
        return None
    evidence = (*aim.evidence, reply) if isinstance(reply, Registered) else aim.evidence
    return Problem(subject, f"{leads}.{also}", evidence, advice, Severity.WARNING)


def _unknown(aims: list[_Aim]) -> Iterator[Unchecked]:
    reasons: dict[str, list[_Aim]] = {}
    for aim in aims:
        if isinstance(aim.lookup, Failed):
            reasons.setdefault(aim.lookup.reason, []).append(aim)
    for reason, failed in reasons.items():
        targets = named(aim.target for aim in failed)
        evidence = tuple(item for aim in failed[:_MOST_SHOWN] for item in aim.evidence)
        subject = subject_of(failed[0].rrsets[0].key)
        yield Unchecked(subject, f"{targets} could not be looked up: {reason}", evidence)
