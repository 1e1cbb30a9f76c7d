"""Does the new zone refer to the old servers, and would anything be lost with the old zone? Pure."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.close.rules import CLOSE, SHOWN, moved_of, old_only
from migrator.checks.facts import Facts
from migrator.checks.points import Evidence, Noted, Passed, Point, Problem, Unchecked
from migrator.checks.reproduce import own_command
from migrator.checks.zone.asking import compared, everything
from migrator.checks.zone.planned import has_in_words, in_its_place, place_in_words, rerouted_between
from migrator.cutover.memory import ADDRESS_TYPES
from migrator.cutover.places import addresses_of
from migrator.diff import Difference, Kind, ZoneDiff, compare_sides
from migrator.diff.result import REAL
from migrator.diff.wording import answered
from migrator.meaning.targets import targets_of
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people, text_of
from migrator.model.phrases import counted, ended
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot, subject_of

_OF_SIGNER = frozenset({RdataType.DNSKEY, RdataType.CDS, RdataType.CDNSKEY})


def _asked_of_live(facts: Facts) -> Iterable[Ask]:
    """Ask new servers that do not list their zone everything that the old one has."""
    last = _last(facts)
    if facts.new is not None and facts.new.is_live and last is not None:
        yield from everything(facts, facts.new, last)


def _last(facts: Facts) -> ZoneSnapshot | None:
    """Return the old zone as it is, else as it was kept."""
    return facts.old.zone or (None if facts.backup is None else facts.backup.zone)


def _against_new(facts: Facts, last: ZoneSnapshot) -> ZoneDiff | None:
    """Return the old zone against the new one, or against what its live servers answer."""
    if facts.new is None:
        return None
    if facts.new.zone is not None:
        return compare_sides(last, facts.new.zone)
    return compared(facts, facts.new, last).found if facts.new.is_live else None


def _of_new(facts: Facts) -> tuple[RRset, ...] | None:
    """Return the RRsets of the new zone, or those that its live servers answer; None where nobody knows any."""
    if facts.new is None:
        return None
    if facts.new.zone is not None:
        return facts.new.zone.rrsets
    last = _last(facts)
    serving = compared(facts, facts.new, last).serving if facts.new.is_live and last is not None else ()
    # Servers that do not agree each say something of their own.
    every = {(r.key, r.rdatas): r for one in serving if one.seen is not None for r in one.seen.rrsets.values()}
    return tuple(every.values()) if serving else None


@check(
    "close.refs",
    phases=CLOSE,
    blocks=True,
    source="RFC 1912 section 2.8",
    remedy="Change what still refers to the old name servers before the old zone goes.",
    asks=_asked_of_live,
)
def refs(facts: Facts) -> Iterator[Point]:
    """Nothing refers to the old servers.

    Nothing that can be seen refers to the old name servers any more.

    Looked at: every RRset of the new zone (delegations of sub-zones, MX, CNAME, SRV and the like); of live
    servers, what they answer for everything in the old zone. Of name servers that keep their names and move, what
    leads to their former addresses is a warning: the machine may stay for that. Other domains that use the same
    name servers, secondaries and monitoring cannot be seen from here, which a notice says.
    """
    rrsets = _of_new(facts)
    if facts.new is None or rrsets is None:
        why = "the new zone is not readable" if facts.new is not None else "the new side is not known"
        yield Unchecked(text_of(facts.domain), f"{why}: --to names it")
        return
    old, moved = old_only(facts), moved_of(facts)
    evidence = (Noted(facts.new.locator, counted(len(rrsets), "RRset")),)
    if not old and not moved:
        yield Unchecked(text_of(facts.domain), "the old name servers are not known: --from names them", evidence)
        return
    referring: list[tuple[str, Name]] = [
        (subject_of(rrset.key), target)
        for rrset in rrsets
        for target in targets_of(rrset.rdatas)
        if folded(target) in old
    ]
    for subject, target in referring[:SHOWN]:
        yield Problem(subject, f"Refers to the old name server {for_people(target)}.", evidence)
    there = {address: name for name, left in moved for address in left}
    leading = [
        (subject_of(rrset.key), there[address])
        for rrset in rrsets
        for address in addresses_of(rrset)
        if address in there
    ]
    for subject, name in leading[:SHOWN]:
        message = f"Leads to where the name server {for_people(name)} was before."
        yield Problem(subject, message, evidence, "Make sure that this machine stays.", Severity.WARNING)
    unanswered = _unanswered(facts)
    if unanswered:
        asked = f"{counted(unanswered, 'RRset')} of the old zone could not be asked of every new name server"
        yield Unchecked(text_of(facts.domain), asked, evidence)
    elif not referring and not leading:
        yield Passed(text_of(facts.domain), "The new zone does not refer to the old name servers.", evidence)
    yield Problem(
        text_of(facts.domain),
        "Other domains, secondaries and tools that use the old name servers cannot be seen from here.",
        evidence,
        "Look at the account of the old provider for them.",
        Severity.NOTICE,
    )


def _unanswered(facts: Facts) -> int:
    """Count the RRsets of the old zone of which the live servers of the new side did not say what they have."""
    last = _last(facts)
    if facts.new is None or facts.new.zone is not None or last is None:
        return 0  # the zone itself was read
    found = _against_new(facts, last)
    return 0 if found is None else len(_unchecked(found))


def _unchecked(found: ZoneDiff) -> list[Difference]:
    return [each for each in found.differences if each.kind is Kind.UNCHECKED and each.old is not None]


@check(
    "close.final-backup",
    phases=CLOSE,
    blocks=True,
    source="none: what is deleted can be put back from a backup alone",
    remedy="Export the old zone a last time, and compare it with the new one.",
    asks=_asked_of_live,
)
def final_backup(facts: Facts) -> Iterator[Point]:
    """Nothing is deleted that was not kept.

    There is a whole backup of the old zone, and nothing in the old zone is missing in the new one.

    Fails without a backup, and where somebody has changed the old zone and not the new one: that change would be
    deleted. New servers that do not list their zone are asked for everything that the old one has. Keys go with
    the zone that they sign: `close.dnssec` looks at them.
    """
    subject = for_people(facts.domain)
    export = own_command("export", facts.old.locator or "LOCATOR")
    kept = facts.backup
    if kept is None or kept.zone is None:
        trouble = (
            "No backup of the old zone was found" if kept is None else f"The backup cannot be used: {kept.trouble}"
        )
        looked = Noted("backups/" if kept is None else kept.place, trouble, facts.now)
        message = f"{trouble}; one was expected before the zone is deleted."
        yield Problem(subject, message, (looked,), f"Run: {export}")
        return
    evidence: tuple[Evidence, ...] = (Noted(kept.place, f"{len(kept.zone.rrsets)} RRsets", kept.taken),)
    found = _against_new(facts, facts.old.zone or kept.zone)
    if found is None:
        yield Unchecked(subject, "the new zone is not readable, so nothing compares it with the old one", evidence)
        return
    unknown = _unchecked(found)
    if unknown:
        yield Unchecked(subject, f"{counted(len(unknown), 'RRset')} could not be compared", evidence)
    lost = [
        each
        for each in found.differences
        if each.kind in REAL and each.old is not None and each.key.rdtype not in _OF_SIGNER
    ]
    # What the name servers had for addresses before they moved is not to be in the new zone.
    before = {folded(name) for name, _ in moved_of(facts)}
    lost = [each for each in lost if each.key.rdtype not in ADDRESS_TYPES or folded(each.key.owner) not in before]
    last, now = facts.old.zone or kept.zone, None if facts.new is None else facts.new.zone
    for each in lost[:SHOWN]:
        place = () if each.new else in_its_place(now, each.key)
        has = place_in_words(place) if place else answered(each.new)
        yield Problem(
            subject_of(each.key),
            ended(f"The old zone has {has_in_words(last, each.old)}, the new one {has}") + f" {each.impact}",
            evidence,
            _ROUTING_GOES if _is_kept(last, now, each) else _DECIDE,
            each.severity,
        )
    if not lost and not unknown:
        yield Passed(
            subject, f"A whole backup in {kept.place}, and nothing of it is missing in the new zone.", evidence
        )


_DECIDE = "Decide which one is right, and put it into the new zone before the old one goes."
_ROUTING_GOES = "All that it answers is in the new zone; make sure that you can do without its routing."


def _is_kept(old: ZoneSnapshot, new: ZoneSnapshot | None, difference: Difference) -> bool:
    """Tell whether a routed set has an ordinary one in its place that answers the same."""
    sides = rerouted_between(old, new, difference.key)
    if sides is None or difference.old is None:
        return False
    return sides.is_gone and not sides.lost(difference.old)
