"""What every form of a checklist's report says the same way: titles, counts, evidence in one line. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.checks.asks import (
    Certificate,
    Fetched,
    NoCertificate,
    NotFetched,
    NotProbed,
    Probed,
    Registered,
)
from migrator.checks.check import Check
from migrator.checks.points import Evidence, Noted, Point, Problem, Unchecked
from migrator.checks.reproduce import command_of
from migrator.checks.verdict import Checklist, Result, Status, Verdict
from migrator.clock import instant
from migrator.cutover.look import Unasked, explained
from migrator.cutover.signing import ds_unsaid
from migrator.model.finding import Phase, Severity
from migrator.model.names import for_people
from migrator.model.observation import Answer, NoAnswer
from migrator.model.phrases import counted
from migrator.report.confirm_words import distance_to
from migrator.report.strategies import strategy_text

# What a phase asks, and what its answers mean.
QUESTIONS = {
    Phase.PREPARE: "may the move be prepared",
    Phase.READY: "may the name servers be switched",
    Phase.SWITCH: "has the switch been made well",
    Phase.SETTLE: "have all old answers ended",
    Phase.CLOSE: "may the old zone be deleted",
}
AREA_TITLES = {
    "backup": "Backup",
    "inventory": "Inventory",
    "plan": "Plan",
    "zone": "Zone",
    "ns": "Name servers",
    "delegation": "Delegation",
    "ttl": "TTLs",
    "timing": "Timing",
    "dnssec": "DNSSEC",
    "mail": "Mail",
    "caa": "CAA",
    "cert": "Certificates",
    "registrar": "Registrar",
    "resolvers": "Resolvers",
    "after": "After the switch",
    "close": "Closing",
}
_SHORT = 72  # characters of a reason
STATUS_ORDER = (Status.FAIL, Status.UNCHECKED, Status.WARN, Status.PASS, Status.NOT_NEEDED)
STATUS_WORDS = {
    Status.FAIL: "failed",
    Status.UNCHECKED: "not checked",
    Status.WARN: "warned",
    Status.PASS: "passed",
    Status.NOT_NEEDED: "not needed",
}


def by_area(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Return the results by area, areas and results in the order in which they came."""
    areas: dict[str, list[Result]] = {}
    for result in results:
        areas.setdefault(result.check.area, []).append(result)
    return areas


def area_title(area: str) -> str:
    """Return the title of an area."""
    return AREA_TITLES.get(area, area.capitalize())


def title(checklist: Checklist) -> str:
    """Return the domain, the phase and the verdict."""
    facts = checklist.facts
    asked = QUESTIONS[facts.phase]
    if checklist.left_out:
        count = len(checklist.results)
        asked = f"what do {count:,} of the {count + checklist.left_out:,} checks of the phase {facts.phase} say"
    return f"{for_people(facts.domain)}: {asked}? {checklist.verdict}"


def sides(checklist: Checklist) -> list[tuple[str, str]]:
    """Return what was compared: each side's locator and its name servers, and the strategy for DNSSEC."""
    facts = checklist.facts
    found = []
    for side in facts.sides:
        names = ", ".join(for_people(name) for name in side.names) or "name servers not known"
        found.append((str(side.side), f"{side.locator}: {names}" if side.locator else names))
    views = () if facts.delegation is None else facts.delegation.views
    return [*found, ("DNSSEC", strategy_text(facts.strategy, ds_unsaid(views)))]


def counts_line(checklist: Checklist) -> str:
    """Return `1 failed, 2 warned, 30 passed, 4 not needed`."""
    statuses = [result.status for result in checklist.results]
    numbers = [(status, statuses.count(status)) for status in STATUS_ORDER]
    said = ", ".join(f"{number} {STATUS_WORDS[status]}" for status, number in numbers if number)
    asked = counted(len(checklist.facts.replies), "answer")
    return f"{counted(len(checklist.results), 'check')} on {asked}: {said or 'nothing to check'}"


def meaning(checklist: Checklist) -> str:
    """Return the verdict in words."""
    match checklist.verdict:
        case Verdict.GO if checklist.left_out:
            return f"Of the others nothing is said: this is no verdict on the phase {checklist.facts.phase}."
        case Verdict.GO if checklist.facts.phase is Phase.SWITCH and any(map(_is_half_made, checklist.results)):
            return "No check fails; the parent does not list the new set everywhere yet."
        case Verdict.GO if decided := _decided(checklist):
            return f"No check that counts fails; not counted, as you decided: {', '.join(decided)}."
        case Verdict.GO:
            return f"{_GO[checklist.facts.phase]}."
        case Verdict.NO_GO:
            failed = sum(result.status is Status.FAIL for result in checklist.results)
            return f"{counted(failed, 'check')} failed: mend what is wrong, and check again."
        case Verdict.INCOMPLETE:
            left = sum(result.status is Status.UNCHECKED and result.blocks for result in checklist.results)
            return f"{counted(left, 'check')} could not be judged, and must be before you go on."


def _is_half_made(result: Result) -> bool:
    """Tell whether the parent is seen not to list the right set everywhere, and nobody calls that an error."""
    return result.check.id == "delegation.parent" and any(
        (problem.severity or result.severity).at_least(Severity.WARNING) for problem in result.problems
    )


def _decided(checklist: Checklist) -> list[str]:
    """Return the checks that may stand in the way, and do not for a person's word alone."""
    return [
        result.check.id
        for result in checklist.results
        if result.check.severity is Severity.ERROR and (result.skipped or _is_played_down(result))
    ]


def _is_played_down(result: Result) -> bool:
    is_in_the_way = result.status is Status.WARN or (result.status is Status.UNCHECKED and result.check.blocks)
    return is_in_the_way and result.severity is not Severity.ERROR


def last_line(checklist: Checklist) -> str:
    """Return the verdict, with the latest instant that a check waits for, or has waited for."""
    not_before = checklist.not_before
    if not_before is None:
        return str(checklist.verdict)
    distance = distance_to(not_before, checklist.facts.now)
    return f"{checklist.verdict}, not before {instant(not_before)} ({distance})"


class Told:
    """Which check of a report was the first to say why something could not be checked.

    A side that cannot be read leaves two dozen checks without an answer, for one reason.
    """

    def __init__(self) -> None:
        """Begin with a report that has said nothing."""
        self._first: dict[tuple[Point, ...], str] = {}

    def instead(self, points: Sequence[Point], check: Check) -> str | None:
        """Return what to say instead of points that stand at another check already; None where they do not.

        What is short is told again: that is sooner read than looked up.
        """
        first = points[0]
        if not isinstance(first, Unchecked) or len(first.reason) <= _SHORT:
            return None
        before = self._first.setdefault(tuple(points), check.id)
        return None if before == check.id else f"for the same reason as {before}"


def severity_of(point: Point, result: Result) -> Severity | None:
    """Return the severity of a problem."""
    return (point.severity or result.severity) if isinstance(point, Problem) else None


def command(point: Point) -> str:
    """Return the first command line that shows what a point says."""
    return next(filter(None, map(command_of, point.evidence)), "")


def message(point: Point) -> str:
    """Return what a point says."""
    return point.reason if isinstance(point, Unchecked) else str(getattr(point, "message", ""))


def evidence_lines(evidence: Sequence[Evidence]) -> Iterator[str]:
    """Yield one line for each piece of evidence: who, what came back, how, and when."""
    for each in evidence:
        yield evidence_line(each)


def evidence_line(each: Evidence) -> str:
    """Return one piece of evidence in one line."""
    match each:
        case Noted():
            return f"{each.source}: {each.text}{_at(each.at)}"
        case Answer() | NoAnswer():
            asked = f"{for_people(each.question.qname)} {RdataType.to_text(each.question.rdtype)}"
            return f"{each.question.server}: {asked}: {_answered(each)}{_at(each.at)}"
        case Probed():
            return f"{each.probe.server}: {each.probe.kind}: {Rcode.to_text(Rcode.make(each.rcode))}{_at(each.at)}"
        case NotProbed():
            return f"{each.probe.server}: {each.probe.kind}: {each.reason}{_at(each.at)}"
        case Fetched():
            return f"{_url(each)}: HTTP {each.status} {each.content_type}{_at(each.at)}"
        case NotFetched():
            return f"{_url(each)}: {each.failure}: {each.reason}{_at(each.at)}"
        case Certificate():
            shaken = each.handshake
            until = instant(each.not_after)
            return f"{for_people(shaken.host)} ({shaken.address}): certificate of {each.issuer} until {until}"
        case NoCertificate():
            return f"{for_people(each.handshake.host)} ({each.handshake.address}): {each.reason}{_at(each.at)}"
        case Registered():
            view = each.view
            said = view.reason if isinstance(view, Unasked) else ", ".join(view.statuses) or "registered"
            return f"RDAP {for_people(each.registration.domain)}: {said}{_at(each.at)}"


def _answered(seen: Answer | NoAnswer) -> str:
    if isinstance(seen, NoAnswer):
        return explained(seen)
    flags = [name for name, is_set in (("aa", seen.authoritative), ("tc", seen.truncated)) if is_set]
    flags += [name for name, is_set in (("ra", seen.recursion_available), ("ad", seen.authenticated)) if is_set]
    rrset = seen.answered()
    values = "" if rrset is None else f" {rrset.ttl} {'; '.join(rdata.to_text() for rdata in rrset.rdatas)}"
    errors = "".join(f" EDE {code}{f' ({text})' if text else ''}" for code, text in seen.extended_errors)
    marks = f" {' '.join(flags)}" if flags else ""
    return f"{Rcode.to_text(seen.rcode)}{marks}{values}{errors} [{seen.transport}]"


def _url(each: Fetched | NotFetched) -> str:
    return f"https://{for_people(each.fetch.host)}{each.fetch.path} ({each.fetch.address})"


def _at(moment: datetime | None) -> str:
    return "" if moment is None else f", {instant(moment)}"


_GO = {
    Phase.PREPARE: "Nothing stands in the way of preparing the move",
    Phase.READY: "The name servers may be switched",
    Phase.SWITCH: "The switch is made, and no check fails",
    Phase.SETTLE: "The old answers have ended",
    Phase.CLOSE: "The old zone may be deleted",
}
