"""How the names of the old zone are known, and whether they are still what is served. Pure."""

from collections.abc import Iterator

from migrator.answers.settle import is_special
from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, without_old_servers
from migrator.checks.points import Noted, Passed, Point, Problem, Unchecked
from migrator.checks.zone.asking import Compared, compared, everything, left_out
from migrator.checks.zone.planned import command_to_import, held_by, keys_in_words
from migrator.checks.zone.rules import unread
from migrator.checks.zone.served import lowered
from migrator.diff import Difference, Kind, compare
from migrator.diff.result import REAL
from migrator.diff.wording import answered
from migrator.model.finding import Phase, Severity, is_incomplete
from migrator.model.names import for_people, text_of
from migrator.model.phrases import counted
from migrator.model.zone import ZoneSnapshot, subject_of

# The finding on a zone file that `discover` has written.
GUESSED = "zonefile.guessed"
_LISTED = {"axfr": "a zone transfer", "route53": "Route 53", "azure": "Azure DNS", "cloudflare": "Cloudflare"}
_SHOWN = 3


@check(
    "inventory.source",
    phases=(Phase.PREPARE, Phase.READY),
    source="RFC 5936; RFC 4034 section 4; RFC 8482",
    remedy="Export the zone at the old provider (API key, its own export, or a zone transfer) before you go on.",
)
def source(facts: Facts) -> Iterator[Point]:
    """All names of the old zone are known.

    All names of the old zone are known from who has them: its provider, a zone transfer, or a file.

    A zone cannot be listed by asking its servers. Names that were found by guessing (`discover`) prove nothing
    about those that were not guessed: a warning, whatever their number. The check fails where the file is what
    dig printed of a transfer that broke off, where the provider listed fewer records than it counts in the zone,
    and in `prepare` without any list of names: nobody can say what would be lost.
    """
    subject = for_people(facts.domain)
    side = facts.old
    if side.zone is None:
        reason = side.unread or "the old zone was not named"
        advice = "Name the old zone with --from: a provider, a zone transfer, a backup or a zone file."
        if facts.phase is Phase.PREPARE and not side.locator:
            given = Noted("--from", reason, facts.now)
            message = "Nothing lists the names of the old zone; a list was expected."
            yield Problem(subject, message, (given,), advice)
        else:
            yield Unchecked(subject, f"the names of the old zone are not known: {reason}", (), advice)
        return
    number = counted(len(side.zone.rrsets), "RRset")
    evidence = (Noted(side.locator, f"{number} read"),)
    short = next(filter(is_incomplete, side.findings), None)
    if short is not None:
        yield Problem(subject, short.message, evidence, short.remedy)
    elif any(finding.check == GUESSED for finding in side.findings):
        yield Problem(
            subject,
            f"{number} were found by asking and guessing: that they are all is not proven.",
            evidence,
            "Names that nobody guessed are missing, DKIM selectors above all: export the zone there.",
            Severity.WARNING,
        )
    else:
        how = _LISTED.get(side.scheme, "a file")
        yield Passed(subject, f"{number} from {how}.", evidence)


def _baseline(facts: Facts) -> ZoneSnapshot | None:
    """Return the old zone as it was kept, else as it was read now."""
    kept = facts.backup
    return kept.zone if kept is not None and kept.zone is not None else facts.old.zone


def _served_by_old(facts: Facts) -> Iterator[Ask]:
    zone = _baseline(facts)
    if zone is not None:
        yield from everything(facts, facts.old, zone)


@check(
    "inventory.drift",
    phases=(Phase.READY, Phase.SWITCH),
    blocks=True,
    source="none: two zones are compared, and a third is what people use",
    remedy="Export and import again, and let nobody change the old zone until the end.",
    asks=_served_by_old,
)
def drift(facts: Facts) -> Iterator[Point]:
    """The old zone is still as it was kept.

    The old servers still serve what the backup holds: nobody has changed the old zone since.

    Everything in the newest backup (without one: in the old zone as it was read now) is asked of every old
    server; what an import or a rollback kept of the old zone before it wrote there itself does not count. Fails
    where an RRset is other or gone, which calls for a second import; records that were added since are seen only
    at names that are asked anyway. An alias, a proxied or a routed set is answered as its provider computes it:
    one that is answered is judged by what the provider has now, with a notice. Unchecked, by name, where that
    could not be read, and where no old server answers.
    """
    zone = _baseline(facts)
    if zone is None:
        yield unread(facts, facts.old)
        return
    if not facts.old.servers:
        yield Unchecked(text_of(facts.domain), without_old_servers(facts))
        return
    found = compared(facts, facts.old, zone)
    yield from left_out(found)
    if found.found is None:
        return
    drifted = [difference for difference in found.found.differences if difference.kind in REAL]
    command = command_to_import(facts)
    then = (
        f"export it again, then {command}" if command else "export it again, and bring the change to the new side"
    )
    kept = facts.backup
    place = kept.place if kept is not None and kept.zone is not None else facts.old.locator
    for difference in drifted:
        yield Problem(
            subject_of(difference.key),
            f"{place} has {answered(difference.old)}, the old servers answer {answered(difference.new)} now.",
            found.evidence(difference),
            f"The old zone has changed since: {then}",
            difference.severity,
        )
    unknown = [d for d in found.found.differences if d.kind is Kind.UNCHECKED and d.old is not None]
    computed = [d for d in unknown if d.new is not None and d.old is not None and is_special([d.old])]
    if computed and _is_read_now(facts):
        of_provider = tuple(_of_provider(facts, zone, found, computed, f"The old zone has changed since: {then}"))
        yield from of_provider
        drifted += [d for d, point in zip(computed, of_provider, strict=True) if point.severity is None]
        unknown = [d for d in unknown if d not in computed]
    if unknown:
        reason = "; ".join(dict.fromkeys(lowered(d.impact) for d in unknown[:_SHOWN]))
        evidence = tuple(answer for d in unknown[:_SHOWN] for answer in found.evidence(d))
        shown = keys_in_words(dict.fromkeys(d.key for d in unknown))
        yield Unchecked(text_of(facts.domain), f"not compared: {shown}: {reason}", evidence)
    elif not drifted:
        evidence = tuple(one.soa for one in found.serving)
        yield Passed(
            text_of(facts.domain), f"{counted(found.found.same, 'RRset')} served as in {place}.", evidence
        )


def _is_read_now(facts: Facts) -> bool:
    """Tell whether the old zone was read just now from who answers for it, and not from a file of some time."""
    return facts.old.zone is not None and facts.old.scheme not in {"", "file"}


def _of_provider(
    facts: Facts, kept: ZoneSnapshot, found: Compared, computed: list[Difference], advice: str
) -> Iterator[Problem]:
    """Judge answers that the old provider computes by what it has now: a notice where that is as it was kept."""
    now = facts.old.zone
    assert now is not None
    changed = {d.key for d in compare(kept, now).differences if d.kind in REAL}
    for difference in computed:
        subject = subject_of(difference.key)
        evidence = (held_by(facts.old, difference.key), *found.evidence(difference))
        if difference.key in changed:
            message = f"{facts.old.locator} has another set now than was kept."
            yield Problem(subject, message, evidence, advice)
        else:
            message = (
                f"The provider computes the answer ({answered(difference.new)}), and has the set as it was kept."
            )
            yield Problem(subject, message, evidence, severity=Severity.NOTICE)
