"""How the names of the old zone are known, and whether they are still what is served. Pure."""

from collections.abc import Iterator

from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, without_old_servers
from migrator.checks.points import Noted, Passed, Point, Problem, Unchecked
from migrator.checks.zone.asking import compared, everything, left_out
from migrator.checks.zone.planned import command_to_import
from migrator.checks.zone.rules import unread
from migrator.diff import Kind
from migrator.diff.result import REAL
from migrator.diff.wording import answered
from migrator.model.finding import Phase, Severity, is_incomplete
from migrator.model.names import for_people, text_of
from migrator.model.zone import ZoneSnapshot, subject_of
from migrator.report.layout import counted

# The finding on a zone file that `discover` has written.
GUESSED = "zonefile.guessed"
_LISTED = {"axfr": "a zone transfer", "route53": "Route 53", "azure": "Azure DNS", "cloudflare": "Cloudflare"}


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
    at names that are asked anyway. Unchecked where no old server answers.
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
    if not drifted:
        unknown = sum(d.kind is Kind.UNCHECKED and d.old is not None for d in found.found.differences)
        evidence = tuple(one.soa for one in found.serving)
        if unknown:
            yield Unchecked(text_of(facts.domain), f"{counted(unknown, 'RRset')} without an answer", evidence)
        else:
            yield Passed(
                text_of(facts.domain), f"{counted(found.found.same, 'RRset')} served as in {place}.", evidence
            )
