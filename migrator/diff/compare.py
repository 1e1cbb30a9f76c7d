"""Two zones, RRset by RRset: each key of either side is the same, or one difference. No IO here.

First everything is keyed by owner, type and variant, and what is equal to the letter, nearly all, is counted
and forgotten. What is left gets a kind:

    missing, extra   the key is on one side only
    changed          it says something else: `lost` and `gained` are the rdatas of one side alone
    ttl              it says the same for another time
    equivalent       it means the same in another form (strings cut elsewhere, letter case, notes)
    expected         SOA, apex NS, signatures: each provider makes its own; the canary, which is to differ
    unchecked        a live server gave no answer

Only then are roles and effects looked for, with both zones at hand: what an RRset breaks depends on who points
at it. An alias whose other side is a CNAME to its target is equivalent, though the types differ; so is a routed
set that the other side has under another identifier.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from dns.rdatatype import RdataType

from migrator.diff.change import Context, change_of, lost_and_gained
from migrator.diff.effects import effects_of, roles_with
from migrator.diff.equality import only_spelling, record_ttls
from migrator.diff.identifiers import called_otherwise
from migrator.diff.narrowing import differing_owners
from migrator.diff.pairs import Pair, unlike_pairs
from migrator.diff.result import Difference, Kind, ZoneDiff, side_of
from migrator.diff.sharing import shared
from migrator.diff.wording import named
from migrator.errors import InputError
from migrator.mail.verdict import mail_verdicts
from migrator.meaning.canary import is_canary
from migrator.meaning.index import CompactIndex
from migrator.meaning.roles import SIGNATURE_TYPES, roles_of
from migrator.meaning.served import ADDRESS_TYPES, ServedZone, Sides
from migrator.meaning.targets import servers_inside, targets_of
from migrator.model.compact import key_of
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people
from migrator.model.processes import Later
from migrator.model.rrset import RRset, RRsetKey, alias_of
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of an RRset of the old side beforehand: how it differs, and why, in a sentence."""

    kind: Kind
    impact: str
    new: RRset | None = None
    severity: Severity = Severity.NOTICE


NOTHING_SETTLED: Mapping[RRsetKey, Settled] = MappingProxyType({})


def compare_sides(
    old: ZoneSnapshot | ServedZone,
    new: ZoneSnapshot,
    settled: Mapping[RRsetKey, Settled] = NOTHING_SETTLED,
    later: Later | None = None,
) -> ZoneDiff:
    """Return what `compare` does of the two sides of a move.

    Name servers inside the zone that both list may keep their names and move.
    """
    before = old.snapshot if isinstance(old, ServedZone) else old
    return compare(old, new, settled, servers_inside(before) & servers_inside(new), later)


def compare_whole(old: ZoneSnapshot, new: ZoneSnapshot, later: Later | None = None) -> ZoneDiff:
    """Return what `compare_sides` does of two zones of which all is known: what is not there is nowhere."""
    found = compare_sides(old, new, later=later)
    lost = servers_inside(new) - servers_inside(old)
    if not lost:
        return found
    served = ServedZone(new)
    return replace(found, differences=tuple(_of_servers(each, served, lost) for each in found.differences))


def _of_servers(difference: Difference, new: ServedZone, gained: Collection[tuple[bytes, ...]]) -> Difference:
    """Return the difference of the name servers at the apex, as an error where one in the zone has no address."""
    if difference.kind is not Kind.EXPECTED or difference.key.rdtype != RdataType.NS or difference.new is None:
        return difference
    nowhere = [
        name
        for name in targets_of(difference.new.rdatas)
        if folded(name) in gained
        and new.cover(name, RdataType.A) is None
        and not any(new.answer(name, rdtype) for rdtype in ADDRESS_TYPES)
    ]
    if not nowhere:
        return difference
    servers = f"{named(nowhere)} as {'a name server' if len(nowhere) == 1 else 'name servers'}"
    sentence = f"The new zone lists {servers}, without an address: who is sent there reaches none."
    return replace(difference, kind=Kind.CHANGED, severity=Severity.ERROR, impact=sentence)


def compare(
    old: ZoneSnapshot | ServedZone,
    new: ZoneSnapshot,
    settled: Mapping[RRsetKey, Settled] = NOTHING_SETTLED,
    moving: Collection[tuple[bytes, ...]] = (),
    later: Later | None = None,
) -> ZoneDiff:
    """Return all differences between two snapshots of one zone, in canonical order, and the mail verdicts.

    `settled` are RRsets of which more is known than the snapshots say: they are not compared. `moving` are hosts
    that may well have other addresses, as long as they have some: a warning. `later` does a piece of work in
    another process, if there is one. Raises InputError where the snapshots are of different zones.
    """
    old_zone = old if isinstance(old, ServedZone) else ServedZone(old)
    old = old_zone.snapshot
    if folded(old.origin) != folded(new.origin):
        raise InputError(
            f"Two different zones: {for_people(old.origin)} ({old.source}) and {for_people(new.origin)} "
            f"({new.source}). Name one zone twice; for a zone file, ?origin= says which it is."
        )
    unchecked = frozenset(key for key, known in settled.items() if known.kind is Kind.UNCHECKED)
    news = {key: known.new for key, known in settled.items()}
    differing = None
    if old.compact is not None and new.compact is not None:
        unlike = differing_owners(old.compact, new.compact, {key_of(key.folded) for key in settled})
        differing = unlike.otherwise
        found = [*unlike.rrsets_of(old.compact)]
        pairs, same = unlike_pairs(found, unlike.rrsets_of(new.compact), news)
        same += old.compact.rrsets - len(found)
        assert isinstance(old_zone.index, CompactIndex)
        index = CompactIndex(new, new.compact, old_zone.index, unlike.owners)
        new_zone = ServedZone(new, index) if pairs else old_zone
    else:
        pairs, same = unlike_pairs(old.rrsets, new.rrsets, news)
        new_zone = ServedZone(new) if pairs else old_zone
    sides = Sides(old_zone, new_zone, unchecked)
    context = Context(sides, moving)
    equivalents = _aliases_as_cnames(pairs) | called_otherwise((pair.old, pair.new) for pair in pairs)

    def judge(pair: Pair) -> Difference:
        known = settled.get(pair.key)
        if known is not None:
            return _known(sides, pair, known)
        return _difference(context, pair, equivalents.get(pair.key))

    differences, mail = shared(pairs, judge, lambda: mail_verdicts(sides, differing), later)
    return ZoneDiff(old.origin, side_of(old), side_of(new), differences, mail, same)


def alike(old: ZoneSnapshot, new: ZoneSnapshot) -> bool:
    """Tell, where that is soon found out, that two zones are the same to the letter: `compare` finds nothing."""
    if old.compact is None or new.compact is None or folded(old.origin) != folded(new.origin):
        return False
    return not differing_owners(old.compact, new.compact)


def _difference(context: Context, pair: Pair, equivalent: str | None) -> Difference:
    if equivalent is not None:
        return _of_kind(context, pair, Kind.EQUIVALENT, equivalent)
    if _is_expected(context, pair.key):
        return _of_kind(context, pair, Kind.EXPECTED, _expected(pair))
    lost, gained = lost_and_gained(pair.old, pair.new)
    if pair.old is not None and pair.new is not None and not lost and not gained:
        return _of_kind(context, pair, *_same_meaning(pair.old, pair.new))
    change = change_of(context, pair.key, pair.old, pair.new)
    effects = effects_of(change)
    return Difference(
        change.kind,
        pair.key,
        roles_with(change, effects),
        effects[0].severity,
        " ".join(dict.fromkeys(effect.sentence for effect in effects)),
        pair.old,
        pair.new,
        lost,
        gained,
    )


def _same_meaning(old: RRset, new: RRset) -> tuple[Kind, str]:
    spelling = only_spelling(old, new)
    timed = old.ttl != new.ttl and old.ttl is not None and new.ttl is not None
    if timed:
        also = f" Besides, it differs in {spelling}." if spelling else ""
        return Kind.TTL, f"Resolvers keep it for {new.ttl} seconds instead of {old.ttl}.{also}"
    if record_ttls(old.extras) != record_ttls(new.extras):
        return Kind.TTL, "The TTLs of its single records differ."
    return Kind.EQUIVALENT, f"It means the same; only {spelling or 'the way its TTL is chosen'} differs."


def _is_expected(context: Context, key: RRsetKey) -> bool:
    if key.rdtype in SIGNATURE_TYPES or is_canary(key, context.sides.old.origin):
        return True
    at_apex = key.folded == folded(context.sides.old.origin)
    return at_apex and key.rdtype in {RdataType.SOA, RdataType.NS}


def _expected(pair: Pair) -> str:
    if pair.key.rdtype == RdataType.SOA:
        return "Each provider writes its own SOA."
    if pair.key.rdtype == RdataType.NS:
        return "Each provider lists its own name servers."
    if pair.key.rdtype == RdataType.TXT:
        return "The canary: by it one sees which side a resolver follows."
    return "Whoever signs the zone makes its own."


def _of_kind(context: Context, pair: Pair, kind: Kind, impact: str) -> Difference:
    lost, gained = lost_and_gained(pair.old, pair.new) if kind is Kind.EXPECTED else ((), ())
    return Difference(
        kind,
        pair.key,
        roles_of(pair.key, pair.rdatas(), context.sides.old.origin),
        Severity.NOTICE,
        impact,
        pair.old,
        pair.new,
        lost,
        gained,
    )


def _known(sides: Sides, pair: Pair, settled: Settled) -> Difference:
    roles = roles_of(pair.key, pair.rdatas(), sides.old.origin)
    lost, gained = lost_and_gained(pair.old, settled.new) if settled.kind is Kind.CHANGED else ((), ())
    if settled.kind is Kind.MISSING:
        lost, gained = lost_and_gained(pair.old, None)
    return Difference(
        settled.kind, pair.key, roles, settled.severity, settled.impact, pair.old, settled.new, lost, gained
    )


def _aliases_as_cnames(pairs: list[Pair]) -> dict[RRsetKey, str]:
    """Return the keys of aliases that the other side writes as a CNAME to the same target, and of those CNAMEs."""
    found: dict[RRsetKey, str] = {}
    by_owner: dict[tuple[bytes, ...], list[Pair]] = {}
    for pair in pairs:
        if pair.key.rdtype == RdataType.CNAME or pair.key.rdtype in ADDRESS_TYPES:
            by_owner.setdefault(pair.key.folded, []).append(pair)
    for here in by_owner.values():
        for aliases, cnames in (
            ([p.old for p in here if p.new is None], [p.new for p in here if p.old is None]),
            ([p.new for p in here if p.old is None], [p.old for p in here if p.new is None]),
        ):
            found.update(_matching([r for r in aliases if r], [r for r in cnames if r]))
    return found


def _matching(aliases: list[RRset], others: list[RRset]) -> dict[RRsetKey, str]:
    cname = next((rrset for rrset in others if rrset.rdtype == RdataType.CNAME and not rrset.key.variant), None)
    targets = [alias_of(rrset) for rrset in aliases if rrset.rdtype in ADDRESS_TYPES]
    if cname is None or not targets or any(rrset.key.variant for rrset in aliases):
        return {}
    wanted = [folded(target) for target in targets_of(cname.rdatas)]
    if not wanted or any(alias is None or [folded(alias.target)] != wanted for alias in targets):
        return {}
    sentence = "It leads to the same target: as a provider's alias on one side, as a CNAME on the other."
    return dict.fromkeys([cname.key, *(rrset.key for rrset in aliases)], sentence)
