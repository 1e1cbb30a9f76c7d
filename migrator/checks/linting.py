"""Judges one zone by itself, without asking anybody: the checks that can, and what its reader found. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from migrator.checks.check import Check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import Noted, Point, Problem
from migrator.checks.points import Unchecked as Unjudged
from migrator.cutover.look import Side
from migrator.model.finding import Finding, Phase, Severity, Unchecked
from migrator.model.zone import ZoneSnapshot


@dataclass(frozen=True, slots=True)
class Lint:
    """What is wrong with a zone, the gravest first, and what could not be judged without the network."""

    zone: ZoneSnapshot
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]


def lint(zone: ZoneSnapshot, read: Iterable[Finding], checks: Iterable[Check], now: datetime) -> Lint:
    """Return what the reader found, and what the checks that need no network say of the zone."""
    read = tuple(read)
    side = ZoneSide(Side.OLD, zone.source, "", zone, read)
    facts = Facts(zone.origin, Phase.READY, now, side)
    findings = list(read)
    unchecked = []
    for check in checks:
        if check.in_lint:
            for point in check.judge(facts):
                findings += _findings(check, point)
                if isinstance(point, Unjudged):
                    unchecked.append(Unchecked(check.id, point.subject, point.reason))
    # The reader and a check may both see a clash: it is one finding.
    distinct = {_key(finding): finding for finding in reversed(findings)}
    ordered = [finding for finding in findings if distinct.get(_key(finding)) is finding]
    return Lint(zone, tuple(sorted(ordered, key=_gravity)), tuple(unchecked))


def _findings(check: Check, point: Point) -> Iterator[Finding]:
    if isinstance(point, Problem):
        evidence = tuple(f"{each.source}: {each.text}" for each in point.evidence if isinstance(each, Noted))
        severity = point.severity or check.severity
        yield Finding(check.id, severity, point.subject, point.message, point.position, point.remedy, evidence)


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.check, finding.subject, finding.position


def _gravity(finding: Finding) -> int:
    return (Severity.ERROR, Severity.WARNING, Severity.NOTICE).index(finding.severity)
