"""Judges one zone by itself, without asking anybody: the checks that can, and what its reader found. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from migrator.checks.check import Check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.faultless import doubtful
from migrator.checks.points import Evidence, Noted, Point, Problem
from migrator.checks.points import Unchecked as Unjudged
from migrator.checks.zone.rules import served_zone
from migrator.cutover.look import Side
from migrator.meaning.index import CompactIndex
from migrator.model.finding import Finding, Phase, Position, Unchecked
from migrator.model.processes import Later
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot


@dataclass(frozen=True, slots=True)
class Lint:
    """What is wrong with a zone, the gravest first, and what could not be judged without the network."""

    zone: ZoneSnapshot
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]


def lint(
    zone: ZoneSnapshot,
    read: Iterable[Finding],
    checks: Iterable[Check],
    now: datetime,
    later: Later | None = None,
) -> Lint:
    """Return what the reader found, and what the checks that need no network say of the zone.

    `later` does a piece of work in another process, if there is one.
    """
    read = tuple(read)
    judged = _worth_judging(zone, later)
    facts = Facts(zone.origin, Phase.READY, now, ZoneSide(Side.OLD, zone.source, "", judged, read))
    said: list[Finding] = []
    unchecked = []
    for check in checks:
        points = list(check.judge(facts)) if check.in_lint else []
        said += _findings(check, points)
        unchecked += [
            Unchecked(check.id, point.subject, point.reason) for point in points if isinstance(point, Unjudged)
        ]
    return Lint(zone, tuple(sorted(_merged(read, said), key=lambda found: found.severity.rank)), tuple(unchecked))


def _worth_judging(zone: ZoneSnapshot, later: Later | None) -> ZoneSnapshot:
    """Return the zone without the RRsets of which nothing is to be said, where their text tells so."""
    if zone.compact is None:
        return zone
    index = served_zone(zone).index
    assert isinstance(index, CompactIndex)
    return zone.narrowed(doubtful(zone.compact, index, zone.origin, later))


def _merged(read: Sequence[Finding], said: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings of both; where a check says again what the reader found, it is given its place."""
    of_checks = {(finding.check, finding.subject) for finding in said}
    places: dict[tuple[str, str], Position] = {}
    for finding in read:
        same = (_SAID_AGAIN.get(finding.check, ""), finding.subject)
        if same not in of_checks:
            yield finding
        elif finding.position is not None:
            places.setdefault(same, finding.position)
    for finding in dict.fromkeys(said):
        place = finding.position or places.get((finding.check, finding.subject))
        yield replace(finding, position=place)


def _findings(check: Check, points: Iterable[Point]) -> Iterator[Finding]:
    shown: tuple[Evidence, ...] = ()
    texts: tuple[str, ...] = ()
    for point in points:
        if isinstance(point, Problem):
            if point.evidence is not shown:  # of a large set with many faults, each has all its records to show
                shown = point.evidence
                texts = tuple(f"{each.source}: {each.text}" for each in shown if isinstance(each, Noted))
            severity = point.severity or check.severity
            yield Finding(check.id, severity, point.subject, point.message, point.position, point.remedy, texts)


# What the reading and the assembly of a zone find, and the checks that judge the same.
_SAID_AGAIN = {
    "zonefile.generic-rdata": "zone.rdata",
    "zonefile.owner-without-dot": "zone.owner-name",
    "zonefile.target-without-dot": "zone.target-name",
    "zone.cname-and-other-data": "zone.cname-clash",
    "zone.several-cnames": "zone.cname-clash",
    "zone.several-dnames": "zone.cname-clash",
    "zone.mixed-ttl": "ttl.uniform",
    "zone.no-soa": "zone.apex",
    "zone.no-ns": "zone.apex",
    "zone.several-soas": "zone.apex",
    "zone.soa-below-apex": "zone.apex",
}
