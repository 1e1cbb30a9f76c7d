"""The zones that are set against each other: what is planned, what was there, and how they differ. No IO here.

The plan is the new side's zone as its provider has it, and the old zone where the new side names live servers
only.
"""

from collections.abc import Iterable, Sequence

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import Noted
from migrator.checks.reproduce import own_command
from migrator.checks.zone.memo import Latest
from migrator.checks.zone.rules import served_zone
from migrator.codec.rdata import to_text
from migrator.diff import Difference, ZoneDiff, compare
from migrator.diff.equality import by_meaning, shown
from migrator.diff.routed import Rerouted, rerouted, together, which
from migrator.diff.wording import answered, capital
from migrator.meaning.served import ADDRESS_TYPES
from migrator.model.names import folded, text_of
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot, subject_of

_KEYS = frozenset({RdataType.DNSKEY, RdataType.CDS, RdataType.CDNSKEY})
_MOST_NAMED = 3
_USUAL_TTL = 300


def planned_side(facts: Facts) -> ZoneSide | None:
    """Return the side whose zone the new name servers have to serve; None where no zone could be read."""
    if facts.new is not None and facts.new.zone is not None:
        return facts.new
    return facts.old if facts.old.zone is not None else None


def zone_diff(facts: Facts) -> ZoneDiff | None:
    """Return the differences of the two zones, None where one of them could not be read."""
    old, new = facts.old.zone, None if facts.new is None else facts.new.zone
    return None if old is None or new is None else _DIFFS.of((old, new), lambda: compare(old, new))


def held_by(side: ZoneSide, key: RRsetKey) -> Noted:
    """Return what a side's zone has of an RRset."""
    assert side.zone is not None
    return Noted(source_of(side), f"{subject_of(key)}: {values_of(rrset_of(side.zone, key))}", side.zone.read_at)


def rrset_of(zone: ZoneSnapshot, key: RRsetKey) -> RRset | None:
    """Return the RRset with that key."""
    return _INDEXES.of((zone,), zone.by_key).get(key)


def source_of(side: ZoneSide) -> str:
    """Return where a side's zone comes from, in words."""
    return side.locator or (side.zone.source if side.zone else "") or f"the {side.side} zone"


def is_of_signer(key: RRsetKey, origin: Name) -> bool:
    """Tell whether an RRset is a signer's own key or note to the parent, of which the checks of DNSSEC speak."""
    return key.rdtype in _KEYS and key.folded == folded(origin)


def values_of(rrset: RRset | None) -> str:
    """Return all that a set says: its TTL, its rdatas, and what its provider adds."""
    if rrset is None:
        return "nothing"
    said = " | ".join([*map(to_text, rrset.rdatas), *map(shown, rrset.extras)])
    return said if rrset.ttl is None else f"{rrset.ttl} {said}"


def records_to_add(difference: Difference) -> tuple[str, ...]:
    """Return the records that the other side lacks, as lines of a zone file."""
    old = difference.old
    if old is None:
        return ()
    has = by_meaning(difference.new.rdatas if difference.new else ())
    head = f"{text_of(old.owner)} {old.ttl or _USUAL_TTL} IN {old.rdtype.name}"
    return tuple(f"{head} {to_text(rdata)}" for key, rdata in by_meaning(old.rdatas).items() if key not in has)


def command_to_import(facts: Facts) -> str:
    """Return the command that imports the old zone again; empty where the new side cannot be written to."""
    if facts.new is None or facts.new.capabilities is None or not facts.old.locator:
        return ""
    return own_command("import", facts.old.locator, facts.new.locator)


def advice_to_add(difference: Difference, instead: str = "", *, in_place: bool = False) -> str:
    """Return what to add, with the first of the records themselves; `instead` is another way, said before.

    `in_place` is true where something stands there that the records cannot stand beside.
    """
    lines = records_to_add(difference)
    if not lines:
        return instead
    more = f" (and {len(lines) - _MOST_NAMED:,} more)" if len(lines) > _MOST_NAMED else ""
    verb = "put in the place of what is there" if in_place else "add"
    # No full stop at the end: what is copied from here must be the record.
    return f"{instead + ', or ' + verb if instead else capital(verb)}{more}: {' ; '.join(lines[:_MOST_NAMED])}"


def in_its_place(zone: ZoneSnapshot | None, key: RRsetKey) -> tuple[RRset, ...]:
    """Return what a zone without this RRset has there: routed or ordinary sets, or a CNAME and not addresses."""
    if zone is None:
        return ()
    served = served_zone(zone)
    found = served.sets(key.owner, key.rdtype)
    if found or (key.rdtype != RdataType.CNAME and key.rdtype not in ADDRESS_TYPES):
        return found
    others = ADDRESS_TYPES if key.rdtype == RdataType.CNAME else (RdataType.CNAME,)
    return tuple(rrset for rdtype in others for rrset in served.sets(key.owner, rdtype))


def has_in_words(zone: ZoneSnapshot | None, rrset: RRset | None) -> str:
    """Return what a zone has as this RRset; of one of several routed sets, also which one it is."""
    if zone is None or rrset is None or not rrset.key.variant:
        return answered(rrset)
    return f"{answered(rrset)} ({which(rrset, served_zone(zone).sets(rrset.owner, rrset.rdtype))})"


def place_in_words(place: Sequence[RRset]) -> str:
    """Return what stands in the place of an RRset."""
    of_cname = bool(place) and place[0].rdtype == RdataType.CNAME
    return f"a CNAME to {together(place)}" if of_cname else together(place)


def rerouted_between(old: ZoneSnapshot | None, new: ZoneSnapshot | None, key: RRsetKey) -> Rerouted | None:
    """Return what both zones have there where one of them alone is routed."""
    if old is None or new is None:
        return None
    return rerouted(served_zone(old), served_zone(new), key.owner, key.rdtype)


def keys_in_words(keys: Iterable[RRsetKey]) -> str:
    """Return a few of many RRsets: the first three, and how many more."""
    every = list(keys)
    first = ", ".join(subject_of(key) for key in every[:_MOST_NAMED])
    return f"{first} and {len(every) - _MOST_NAMED:,} more" if len(every) > _MOST_NAMED else first


_DIFFS = Latest[ZoneDiff]()
_INDEXES = Latest[dict[RRsetKey, RRset]]()
