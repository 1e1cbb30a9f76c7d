"""What the old name servers answer at this moment against what the new ones do. No IO here."""

from collections.abc import Iterable, Iterator
from dataclasses import field

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.answers.settle import is_special, of_observation
from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.asking import Asked, Compared, compared, everything
from migrator.checks.zone.planned import (
    advice_to_add,
    command_to_import,
    is_of_signer,
    keys_in_words,
    planned_side,
    rrset_of,
    source_of,
    zone_diff,
)
from migrator.checks.zone.rules import served_zone, unread
from migrator.diff import Difference, Kind, compare
from migrator.diff.compare import Settled
from migrator.diff.equality import by_meaning, mean_the_same
from migrator.diff.result import REAL
from migrator.diff.routed import Said, said
from migrator.diff.wording import answered
from migrator.meaning.roles import SIGNATURE_TYPES
from migrator.model.finding import Phase, Severity
from migrator.model.names import is_wildcard, text_of
from migrator.model.observation import Observation
from migrator.model.phrases import counted
from migrator.model.rrset import RRset, RRsetKey, canonical_order, make
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot, subject_of

_MOST_SHOWN = 5


def _both_sides(facts: Facts) -> Iterator[Ask]:
    """Ask the servers of both sides everything that the old zone has, or the new one where that is not known."""
    zone = _known_zone(facts)
    if zone is not None:
        for side in facts.sides:
            yield from everything(facts, side, zone)


def _known_zone(facts: Facts) -> ZoneSnapshot | None:
    if facts.old.zone is not None:
        return facts.old.zone
    return None if facts.new is None else facts.new.zone


@check(
    "zone.vs-old",
    phases=(Phase.READY,),
    blocks=True,
    source="RFC 2181 section 5.2",
    remedy="Export the old zone again and import what has changed, or let nobody change it until the end.",
    asks=_both_sides,
)
def versus_old(facts: Facts) -> Iterator[Point]:
    """Old and new servers answer alike.

    Each name and type of the old zone (of the new zone, where the old one could not be read) is asked of every
    address of both sides, and the answers are compared, not what providers' interfaces say: a record that
    somebody has changed at the old provider since the export is seen here. It fails where rdata differ and
    neither `zone.diff` nor `zone.served` has told that difference. What the old servers do not agree on among
    themselves passes where one of them answers as the new ones do. Of routed sets a server answers one or
    another: the new servers have to answer what these may. Proxied and alias sets are each provider's own; TTLs
    are `ttl.*`'s. It is unchecked where no server of a side answers; single servers that are silent are told by
    `ns.*`.
    """
    zone = _known_zone(facts)
    if facts.new is None:
        yield NotNeeded("there is no new side: --to names it")
        return
    if zone is None:
        yield unread(facts, facts.old)
        return
    looks = [_Look(facts, side, compared(facts, side, zone)) for side in (facts.old, facts.new)]
    for look in looks:
        if not look.servers:
            what = "answers" if look.side.servers else "is known"
            evidence = tuple(one.soa for one in look.found.asked)
            yield Unchecked(text_of(facts.domain), f"no name server of the {look.side.side} side {what}", evidence)
    if all(look.servers for look in looks):
        yield from _drift(facts, zone, *looks)


@dataclass(slots=True)
class _Look:
    """What all servers of a side answered together: each RRset with all rdatas that any of them gave."""

    facts: Facts
    side: ZoneSide
    found: Compared
    servers: tuple[Asked, ...] = ()
    rrsets: dict[RRsetKey, RRset] = field(default_factory=dict)
    varying: set[RRsetKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Put the answers of the servers together."""
        self.servers = self.found.serving
        for one in self.servers:
            assert one.seen is not None
            for key, rrset in one.seen.rrsets.items():
                if not self.found.questions.is_of_nobody(key.folded) and not is_of_signer(key, self.facts.domain):
                    self._add(key, rrset)

    def _add(self, key: RRsetKey, rrset: RRset) -> None:
        known = self.rrsets.get(key)
        if known is None:
            self.rrsets[key] = rrset
        elif not mean_the_same(known.rdatas, rrset.rdatas):
            self.varying.add(key)
            self.rrsets[key] = make(key, known.ttl, (*known.rdatas, *rrset.rdatas))

    def snapshot(self, origin: Name) -> ZoneSnapshot:
        """Return what was answered as a zone."""
        ordered = sorted(self.rrsets.values(), key=lambda rrset: canonical_order(rrset.key))
        return ZoneSnapshot(origin, tuple(ordered), f"the servers of the {self.side.side} side")

    def is_known(self, owner: Name, rdtype: RdataType) -> bool:
        """Tell whether every server that serves has answered the question."""
        return all(
            one.seen is not None and of_observation(one.seen.observation(owner, rdtype)) is None
            for one in self.servers
        )

    def answers(self, key: RRsetKey) -> Iterator[Observation]:
        """Yield what the servers answered."""
        for one in self.servers:
            yield from self.found.answers(one, key)


def _drift(facts: Facts, zone: ZoneSnapshot, old: _Look, new: _Look) -> Iterator[Point]:
    told = _told_elsewhere(facts)
    settled = dict(_settled(facts, zone, old, new))
    found = compare(old.snapshot(zone.origin), new.snapshot(zone.origin), settled)
    drifted = [d for d in found.differences if d.kind in REAL and d.key not in told]
    for difference in drifted:
        message = (
            f"The old name servers answer {answered(difference.old)}, the new ones {answered(difference.new)}. "
            f"{difference.impact}"
        )
        evidence = (*old.answers(difference.key), *new.answers(difference.key))
        advice = _advice(facts, difference)
        yield Problem(subject_of(difference.key), message, evidence, advice, difference.severity)
    unknown = [key for key, known in settled.items() if known.kind is Kind.UNCHECKED and key not in told]
    if unknown:
        evidence = tuple(
            answer for key in unknown[:_MOST_SHOWN] for look in (old, new) for answer in look.answers(key)
        )
        yield Unchecked(
            text_of(facts.domain), f"without an answer on one side: {keys_in_words(unknown)}", evidence
        )
    if not drifted and not unknown:
        elsewhere = sum(d.kind in REAL for d in found.differences)
        more = f"; {counted(elsewhere, 'difference')} told by zone.diff or zone.served" if elsewhere else ""
        evidence = tuple(one.soa for look in (old, new) for one in look.servers)
        yield Passed(text_of(facts.domain), f"{counted(found.same, 'RRset')} answered alike{more}.", evidence)


def _advice(facts: Facts, difference: Difference) -> str:
    if facts.old.zone is None or facts.new is None:
        return advice_to_add(difference)
    had = rrset_of(facts.old.zone, difference.key)
    has = difference.old
    same = had is not None and has is not None and mean_the_same(had.rdatas, has.rdatas)
    if same or (had is None and has is None):
        return advice_to_add(difference)
    command = command_to_import(facts)
    then = f"export it again, then {command}" if command else "bring the change to the new side"
    return f"The old zone has changed since {source_of(facts.old)} was read: {then}"


def _told_elsewhere(facts: Facts) -> set[RRsetKey]:
    """Return the RRsets of which `zone.diff` and `zone.served` speak."""
    told: set[RRsetKey] = set()
    by_zone = zone_diff(facts)
    if by_zone is not None:
        told.update(_unrouted(d.key) for d in by_zone.differences if d.kind in REAL)
    side = planned_side(facts)
    if facts.new is not None and side is not None and side.zone is not None:
        by_servers = compared(facts, facts.new, side.zone).found
        if by_servers is not None:
            told.update(_unrouted(d.key) for d in by_servers.differences if d.kind in REAL)
    return told


def _unrouted(key: RRsetKey) -> RRsetKey:
    """Return the key of what a server answers: it shows one of several routed sets, and not which one."""
    return RRsetKey(key.owner, key.rdtype)


def _settled(facts: Facts, zone: ZoneSnapshot, old: _Look, new: _Look) -> Iterable[tuple[RRsetKey, Settled]]:
    """Yield what cannot be compared: silence, answers that a provider computes, servers that do not agree."""
    computed = set(_computed(facts))
    for rrset in zone.rrsets:
        key = RRsetKey(rrset.owner, rrset.rdtype)
        if (
            rrset.rdtype in SIGNATURE_TYPES
            or is_of_signer(key, zone.origin)
            or served_zone(zone).cover(rrset.owner, rrset.rdtype) is not None
        ):
            continue
        if key in computed:
            yield key, Settled(Kind.EQUIVALENT, "The provider computes the answer.")
        elif not is_wildcard(key.owner) and not all(look.is_known(key.owner, key.rdtype) for look in (old, new)):
            yield key, Settled(Kind.UNCHECKED, "Not known: a server does not answer.", severity=Severity.WARNING)
        elif _routed_alike(facts, key, old, new):
            yield (
                key,
                Settled(Kind.EQUIVALENT, "The old servers answer one of several routed sets, or the new ones."),
            )
    for key in old.varying | new.varying:
        one, other = old.rrsets.get(key), new.rrsets.get(key)
        if one is not None and other is not None and _shares(one, other):
            yield key, Settled(Kind.EQUIVALENT, "The servers of one side do not agree.")


def _routed_alike(facts: Facts, key: RRsetKey, old: _Look, new: _Look) -> bool:
    """Tell whether a side is routed here, each answers what it may, and the other one could answer that, too."""
    may_be: list[set[Said]] = []
    for side, look in ((facts.old, old), (facts.new, new)):
        sets = served_zone(side.zone).sets(key.owner, key.rdtype) if side is not None and side.zone else ()
        rrset = look.rrsets.get(key)
        answers = set(said([rrset])) if rrset is not None else set()
        is_routed = any(each.key.variant for each in sets)
        may_be.append(set(said(sets)) if is_routed else set())
        if not answers or (is_routed and not answers <= may_be[-1]):
            return False
    had, has = (set(said([look.rrsets[key]])) for look in (old, new))
    of_old, of_new = may_be
    if of_old and of_new:
        return bool(of_old & of_new)
    return has <= of_old if of_old else bool(of_new) and has <= had


def _shares(one: RRset, other: RRset) -> bool:
    return bool(by_meaning(one.rdatas).keys() & by_meaning(other.rdatas).keys())


def _computed(facts: Facts) -> Iterator[RRsetKey]:
    for side in facts.sides:
        for rrset in side.zone.rrsets if side.zone else ():
            if is_special([RRset(_unrouted(rrset.key), rrset.ttl, rrset.rdatas, rrset.extras)]):
                # The answer may come as addresses where the zone has a CNAME, and the other way round.
                for rdtype in (RdataType.A, RdataType.AAAA, RdataType.CNAME):
                    yield RRsetKey(rrset.owner, rdtype)
