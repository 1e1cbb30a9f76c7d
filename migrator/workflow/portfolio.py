"""All zones of an account, each into a backup folder of its own.

Several threads read, and one writes: what is whole is whole, whenever the work is stopped, and no more zones are
held than are being read and written at the moment.
"""

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from fnmatch import fnmatchcase
from pathlib import Path

from dns.name import Name

from migrator.backup.folder import ROOT_FOLDER, folder_name
from migrator.codec.export import Export
from migrator.codec.export import dumps as export_json
from migrator.codec.export_batch import Outcome, ZoneExport
from migrator.concurrency.ahead import done_ahead
from migrator.errors import InputError, MigratorError, ProviderError
from migrator.files.whole import expect_new_or_empty, longest_name
from migrator.interfaces import ListedZone
from migrator.model.names import for_people, text_of
from migrator.model.values import dataclass
from migrator.report.export import text as export_text
from migrator.report.layout import PLAIN
from migrator.workflow.exporting import Exported, write_export
from migrator.workflow.world import World

# When so many zones one after another have failed alike, the others are not tried.
_ALIKE = 20
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A zone and where its backup goes; without a `folder` to the usual one, with `provider` in its name."""

    listed: ListedZone
    folder: Path | None
    provider: str

    @property
    def zone(self) -> Name:
        """The name of the zone."""
        return self.listed.info.name


@dataclass(frozen=True, slots=True)
class Rules:
    """What the caller decides: how many threads read, what the exit codes are, and who is told of each backup."""

    threads: int
    resolve_aliases: bool
    exit_code: Callable[[Exported], int]
    written: Callable[[Export], None]
    as_text: bool
    as_json: bool


def chosen(
    zones: Sequence[ListedZone], only: Sequence[str], scheme: str, root: Path | None, account: str
) -> tuple[Place, ...]:
    """Return the zones that the patterns name, by their names, and where each goes: below `root`, if there is one.

    Raises InputError where a pattern names none, or where a folder is taken; ProviderError where there is no zone.
    """
    if not zones:
        raise ProviderError(f"{account} these credentials see no zone, so that there is nothing to export.")
    for pattern in only:
        if not any(_is_named(zone, pattern) for zone in zones):
            raise InputError(f"--only '{pattern}': none of the {len(zones):,} zones of {account} has such a name.")
    longest = longest_name(root or ROOT_FOLDER)
    namesakes = Counter(text_of(zone.info.name) for zone in zones)
    places = [
        _place(zone, scheme, root, longest, is_alone=namesakes[text_of(zone.info.name)] == 1)
        for zone in sorted(zones, key=lambda zone: (text_of(zone.info.name), zone.mark))
        if not only or any(_is_named(zone, pattern) for pattern in only)
    ]
    if root is not None:
        _expect_room(root, places)
    return tuple(places)


def exported(world: World, places: Sequence[Place], rules: Rules) -> Generator[ZoneExport]:
    """Write the zones as they are read, and yield what became of each; one that fails stops no other.

    Only what every zone would meet ends the work: the rest is yielded as not tried.
    """
    left = {id(place): place for place in places}
    row = _Row()
    with closing(done_ahead(places, lambda place: place.listed.read(), rules.threads)) as reading:
        for place, end in reading:
            del left[id(place)]
            try:
                done = write_export(
                    world,
                    end.result(),
                    provider=place.provider,
                    folder=place.folder,
                    resolve_aliases=rules.resolve_aliases,
                )
            except MigratorError as exc:
                failed = _without_backup(place, Outcome.FAILED, exc.exit_code, str(exc))
                row.failed(failed, exc)
                yield failed
                if row.ended_by:
                    break
                continue
            row.written()
            yield _with_backup(place, done, rules)
            rules.written(done.export)
    for place in left.values():
        yield _without_backup(place, Outcome.NOT_TRIED, ProviderError.exit_code, row.ended_by)


class _Row:
    """Zones that failed alike one after another; `ended_by` is why it is no use to go on, if it is none."""

    def __init__(self) -> None:
        self.ended_by = ""
        self._reason = ""
        self._length = 0

    def written(self) -> None:
        self._length = 0

    def failed(self, zone: ZoneExport, exc: MigratorError) -> None:
        self._length = self._length + 1 if zone.reason == self._reason else 1
        self._reason = zone.reason
        if self._length >= _ALIKE or (isinstance(exc, ProviderError) and exc.of_account):
            self.ended_by = zone.reason


def _with_backup(place: Place, done: Exported, rules: Rules) -> ZoneExport:
    export = done.export
    info = place.listed.info
    says = bool(export.findings)
    return ZoneExport(
        place.zone,
        info.identifier,
        info.visibility,
        Outcome.WRITTEN,
        rules.exit_code(done),
        export.folder,
        export.snapshot.record_count(),
        export.snapshot.rrset_count(),
        Counter(finding.severity for finding in export.findings),
        tuple(dict.fromkeys((finding.severity, finding.check) for finding in export.findings)),
        export_json(export) if rules.as_json else "",
        export_text(export, PLAIN, verbose=True) if rules.as_text and says else "",
    )


def _without_backup(place: Place, outcome: Outcome, code: int, message: str) -> ZoneExport:
    info = place.listed.info
    return ZoneExport(place.zone, info.identifier, info.visibility, outcome, code, message=message)


def _place(zone: ListedZone, scheme: str, root: Path | None, longest: int, *, is_alone: bool) -> Place:
    mark = "" if is_alone else zone.mark
    folder = None if root is None else root / folder_name(zone.info.name, mark, longest)
    return Place(zone, folder, f"{scheme}-{mark}" if mark else scheme)


def _is_named(zone: ListedZone, pattern: str) -> bool:
    """Tell whether a pattern of the shell fits the name of a zone, as people write it or as DNS has it."""
    wanted = pattern.removesuffix(".").lower()
    names = {for_people(zone.info.name).lower(), text_of(zone.info.name).removesuffix(".")}
    return any(fnmatchcase(name, wanted) for name in names)


def _expect_room(root: Path, places: Sequence[Place]) -> None:
    """Raise InputError, before any zone is read, where a backup would find its folder full."""
    taken = []
    for place in places:
        try:
            expect_new_or_empty(place.folder or root)
        except InputError:
            taken.append(for_people(place.zone))
    if taken:
        more = f" and {len(taken) - _NAMED:,} more" if len(taken) > _NAMED else ""
        raise InputError(
            f"{root}: the folders of {', '.join(taken[:_NAMED])}{more} are there and not empty, and a backup "
            "overwrites nothing; name another folder with -o, or other zones with --only."
        )
