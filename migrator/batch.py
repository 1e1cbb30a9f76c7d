"""Two folders of zones compared zone by zone, in one process or two: start-up is paid once.

Files and backups belong together when they are of the same zone by their names (`example.com.zone`,
`db.example.com`), else when they have the same name. A zone that one side does not have is an outcome too, and so
is one that cannot be read: the others are compared.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from migrator.concurrency.beside import beside, can_fork
from migrator.diff import Kind, ZoneDiff, alike
from migrator.diff.batch import BatchDiff, Outcome, ZoneOutcome
from migrator.errors import MigratorError
from migrator.files.zones import zones_in
from migrator.interfaces import Progress, ReadResult
from migrator.mail.verdict import MailState, unlike
from migrator.model.finding import Severity
from migrator.model.names import for_people
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot

# Both sides of a zone, read; then compared; and the exit code of a comparison.
ReadPair = Callable[[Path, Path], tuple[ReadResult, ReadResult]]
Compare = Callable[[ReadResult, ReadResult], ZoneDiff]
ExitCode = Callable[[ZoneDiff], int]
# With fewer, a second process takes longer to begin than it saves.
_FEWEST_FOR_TWO = 64
_NO_DIFFERENCES = dict.fromkeys(map(str, Kind), 0)


@dataclass(frozen=True, slots=True)
class _Pair:
    zone: str
    old: Path | None
    new: Path | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the caller decides: how two files are read and compared, and what the exit codes are.

    `alike` is the code of a comparison that finds nothing.
    """

    read: ReadPair
    compare: Compare
    exit_code: ExitCode
    alike: int
    only_old: int
    only_new: int
    as_text: bool
    as_json: bool


def compare_folders(old: Path, new: Path, rules: Rules, progress: Progress) -> BatchDiff:
    """Return the comparison of all zones of two folders; raises InputError where either has none."""
    skipped: list[str] = []
    files = [zones_in(folder, skipped) for folder in (old, new)]
    pairs = [_Pair(zone, files[0].get(zone), files[1].get(zone)) for zone in sorted({*files[0], *files[1]})]

    def outcomes(some: Sequence[_Pair]) -> list[ZoneOutcome]:
        found = []
        for done, pair in enumerate(some, 1):
            found.append(_outcome(pair, rules))
            progress("zones", done, len(some))
        return found

    if len(pairs) < _FEWEST_FOR_TWO or not can_fork():
        return BatchDiff(str(old), str(new), tuple(outcomes(pairs)), tuple(dict.fromkeys(skipped)))
    # Every second one each: neighbours are of a kind, and so both have as much to do.
    here, there = beside(lambda: outcomes(pairs[::2]), lambda: outcomes(pairs[1::2]))
    zones: list[ZoneOutcome] = [*here, *there]
    zones[::2], zones[1::2] = here, there
    return BatchDiff(str(old), str(new), tuple(zones), tuple(dict.fromkeys(skipped)))


def _outcome(pair: _Pair, rules: Rules) -> ZoneOutcome:
    old, new = str(pair.old or ""), str(pair.new or "")
    if pair.new is None:
        return ZoneOutcome(pair.zone, Outcome.MISSING, rules.only_old, old=old)
    if pair.old is None:
        return ZoneOutcome(pair.zone, Outcome.EXTRA, rules.only_new, new=new)
    try:
        one, other = rules.read(pair.old, pair.new)
        if not (one.findings or other.findings) and alike(one.snapshot, other.snapshot):
            return _of_alike(one.snapshot, rules, old, new)
        found = rules.compare(one, other)
    except MigratorError as exc:
        return ZoneOutcome(pair.zone, Outcome.FAILED, exc.exit_code, old, new, message=str(exc))
    return _of_comparison(found, rules, old, new)


def _of_alike(zone: ZoneSnapshot, rules: Rules, old: str, new: str) -> ZoneOutcome:
    """Return what `_of_comparison` says of two sides that are the same to the letter: most of them are."""
    counts = {**_NO_DIFFERENCES, "same": zone.rrset_count()}
    return ZoneOutcome(for_people(zone.origin), Outcome.SAME, rules.alike, old, new, counts)


def _of_comparison(found: ZoneDiff, rules: Rules, old: str, new: str) -> ZoneOutcome:
    findings = found.all_findings()
    errors, warnings = (
        sum(d.severity is severity and d.kind is not Kind.EXPECTED for d in found.differences)
        + sum(finding.severity is severity for finding in findings)
        for severity in (Severity.ERROR, Severity.WARNING)
    )
    mail = unlike(found.mail)
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
        tuple(for_people(verdict.domain) for verdict in mail if verdict.state is MailState.LOST),
        tuple(for_people(verdict.domain) for verdict in mail if verdict.state is MailState.CHANGED),
        "" if silent or not rules.as_json else _as_json(found),
        "" if silent or not rules.as_text else _as_text(found),
    )


def _as_json(found: ZoneDiff) -> str:
    from migrator.codec.diff import dumps

    return dumps(found)


def _as_text(found: ZoneDiff) -> str:
    from migrator.report.diff import text

    return text(found)
