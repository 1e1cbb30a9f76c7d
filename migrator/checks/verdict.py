"""From what the checks say to one answer: may I go on? Pure.

A check fails where it has a problem of severity error, warns at a lesser one, and passes with notices. Its points
together: fail over unchecked over warn over pass over not-needed. A check that comes to no result is unchecked.
The verdict is no-go where a check fails; else incomplete where a check that blocks is unchecked; else go.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from migrator.checks.check import Check
from migrator.checks.facts import Facts
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.model.finding import Severity
from migrator.model.values import dataclass


class Status(StrEnum):
    """What became of one check."""

    PASS = "pass"  # noqa: S105 a status, no secret
    FAIL = "fail"
    WARN = "warn"
    UNCHECKED = "unchecked"
    NOT_NEEDED = "not-needed"


class Verdict(StrEnum):
    """The answer to the question whether one may go on."""

    GO = "go"
    NO_GO = "no-go"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Result:
    """One check and all that it said; `reason` is why it was not needed, `skipped` that a person left it out."""

    check: Check
    status: Status
    severity: Severity
    points: tuple[Point, ...] = ()
    reason: str = ""
    skipped: bool = False

    @property
    def blocks(self) -> bool:
        """Tell whether nobody may go on while this is unchecked."""
        return self.check.blocks and self.severity is Severity.ERROR

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems, the gravest first."""
        found = [point for point in self.points if isinstance(point, Problem)]
        return tuple(sorted(found, key=lambda p: _ORDER.index(p.severity or self.severity)))

    @property
    def unchecked(self) -> tuple[Unchecked, ...]:
        """What could not be judged."""
        return tuple(point for point in self.points if isinstance(point, Unchecked))


@dataclass(frozen=True, slots=True)
class Policy:
    """What the person has decided: other severities by check, and checks left out, each with the reason given."""

    severities: Mapping[str, Severity] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checklist:
    """The results of one run of the checks of a phase, and what they come to.

    `left_out` is how many checks of the phase were not run: a part of them is no verdict on the phase.
    """

    facts: Facts
    results: tuple[Result, ...]
    left_out: int = 0

    @property
    def verdict(self) -> Verdict:
        """The answer: whether one may go on."""
        if any(result.status is Status.FAIL for result in self.results):
            return Verdict.NO_GO
        if any(result.status is Status.UNCHECKED and result.blocks for result in self.results):
            return Verdict.INCOMPLETE
        return Verdict.GO

    @property
    def not_before(self) -> datetime | None:
        """The latest instant that one of the checks waits for, or has waited for."""
        moments = [
            point.not_before
            for result in self.results
            for point in result.points
            if not isinstance(point, NotNeeded) and point.not_before is not None
        ]
        return max(moments, default=None)


def judge_all(checks: Iterable[Check], facts: Facts, policy: Policy) -> Checklist:
    """Return what the checks say of the facts."""
    return Checklist(facts, tuple(judge_one(check, facts, policy) for check in checks))


def judge_one(check: Check, facts: Facts, policy: Policy) -> Result:
    """Return what one check says of the facts, in the severity that the policy gives it."""
    severity = policy.severities.get(check.id, check.severity)
    if check.id in policy.skipped:
        return Result(check, Status.NOT_NEEDED, severity, reason=policy.skipped[check.id], skipped=True)
    points = tuple(_weighed(point, check.severity, severity) for point in check.judge(facts))
    if not points:
        points = (Unchecked(check.id, "the check came to no result"),)
    status = _status(points)
    reasons = [point.reason for point in points if isinstance(point, NotNeeded)]
    return Result(check, status, severity, points, reasons[0] if status is Status.NOT_NEEDED else "")


def _weighed(point: Point, own: Severity, severity: Severity) -> Point:
    """Return the point with its severity: as the policy has it, and never graver than that."""
    if not isinstance(point, Problem):
        return point
    if point.severity is None or point.severity is own:
        return replace(point, severity=severity)
    return point if severity.at_least(point.severity) else replace(point, severity=severity)


def _status(points: Sequence[Point]) -> Status:
    severities = {point.severity for point in points if isinstance(point, Problem)}
    if Severity.ERROR in severities:
        return Status.FAIL
    if any(isinstance(point, Unchecked) for point in points):
        return Status.UNCHECKED
    if Severity.WARNING in severities:
        return Status.WARN
    if severities or any(isinstance(point, Passed) for point in points):
        return Status.PASS
    return Status.NOT_NEEDED


_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTICE, None)
