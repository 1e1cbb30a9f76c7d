"""Two folders of zone files compared zone by zone, in one process or two: start-up is paid once.

Files belong together when they are of the same zone by their names (`example.com.zone`, `db.example.com`), else
when they have the same name. A zone of which one side has no file is an outcome too, and so is a file that cannot
be read: the others are compared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrator.beside import beside, can_fork
from migrator.codec.diff import dumps
from migrator.diff import Kind, ZoneDiff
from migrator.diff.batch import BatchDiff, Outcome, ZoneOutcome
from migrator.errors import InputError, MigratorError
from migrator.interfaces import Progress
from migrator.mail.verdict import MailState
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.report.diff import text as report
from migrator.zonefile import zone_of_file_name

# Both sides of a zone, read; and the exit code of a comparison.
ReadPair = Callable[[Path, Path], ZoneDiff]
ExitCode = Callable[[ZoneDiff], int]
_FEWEST_FOR_TWO = 16


@dataclass(frozen=True, slots=True)
class _Pair:
    zone: str
    old: Path | None
    new: Path | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the caller decides: how two files are compared, and what the exit codes are."""

    compare: ReadPair
    exit_code: ExitCode
    only_old: int
    only_new: int
    as_text: bool
    as_json: bool


def compare_folders(old: Path, new: Path, rules: Rules, progress: Progress) -> BatchDiff:
    """Return the comparison of all zones of two folders; raises InputError where either has none."""
    skipped: list[str] = []
    files = [_files(folder, skipped) for folder in (old, new)]
    pairs = [_Pair(zone, files[0].get(zone), files[1].get(zone)) for zone in sorted({*files[0], *files[1]})]

    def outcomes(some: Sequence[_Pair]) -> list[ZoneOutcome]:
        found = []
        for done, pair in enumerate(some, 1):
            found.append(_outcome(pair, rules))
            progress("zones", done, len(some))
        return found

    if len(pairs) < _FEWEST_FOR_TWO or not can_fork():
        return BatchDiff(str(old), str(new), tuple(outcomes(pairs)), tuple(skipped))
    # Every second one each: neighbours are of a kind, and so both have as much to do.
    here, there = beside(lambda: outcomes(pairs[::2]), lambda: outcomes(pairs[1::2]))
    zones: list[ZoneOutcome] = [*here, *there]
    zones[::2], zones[1::2] = here, there
    return BatchDiff(str(old), str(new), tuple(zones), tuple(skipped))


def _files(folder: Path, skipped: list[str]) -> dict[str, Path]:
    """Return the zone files of a folder by zone; raises InputError where there is none, or two of one zone."""
    if not folder.is_dir():
        raise InputError(f"{folder}: is no folder; --batch compares two folders of zone files.")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if not path.is_file():
            skipped.append(str(path))
            continue
        named = zone_of_file_name(path.name)
        zone = path.name if named is None else for_people(named).lower()
        if zone in found:
            raise InputError(f"{folder}: {found[zone].name} and {path.name} are both of the zone {zone}.")
        found[zone] = path
    if not found:
        raise InputError(f"{folder}: no zone file in it.")
    return found


def _outcome(pair: _Pair, rules: Rules) -> ZoneOutcome:
    old, new = str(pair.old or ""), str(pair.new or "")
    if pair.new is None:
        return ZoneOutcome(pair.zone, Outcome.MISSING, rules.only_old, old=old)
    if pair.old is None:
        return ZoneOutcome(pair.zone, Outcome.EXTRA, rules.only_new, new=new)
    try:
        found = rules.compare(pair.old, pair.new)
    except MigratorError as exc:
        return ZoneOutcome(pair.zone, Outcome.FAILED, exc.exit_code, old, new, message=str(exc))
    return _of_comparison(found, rules, old, new)


def _of_comparison(found: ZoneDiff, rules: Rules, old: str, new: str) -> ZoneOutcome:
    findings = found.all_findings()
    errors, warnings = (
        sum(d.severity is severity and d.kind is not Kind.EXPECTED for d in found.differences)
        + sum(finding.severity is severity for finding in findings)
        for severity in (Severity.ERROR, Severity.WARNING)
    )
    silent = not any(d.kind is not Kind.EXPECTED for d in found.differences) and not findings
    return ZoneOutcome(
        for_people(found.origin),
        Outcome(str(found.verdict)),
        rules.exit_code(found),
        old,
        new,
        {str(kind): count for kind, count in found.counts().items()} | {"same": found.same},
        errors,
        warnings,
        tuple(for_people(verdict.domain) for verdict in found.mail if verdict.state is MailState.LOST),
        tuple(for_people(verdict.domain) for verdict in found.mail if verdict.state is MailState.CHANGED),
        "" if silent or not rules.as_json else dumps(found),
        "" if silent or not rules.as_text else report(found),
    )
