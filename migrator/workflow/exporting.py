"""One zone that was read, into its backup folder: what the zone file serves, aliases looked up where wanted."""

from pathlib import Path

from migrator.backup.folder import write_backup
from migrator.codec.export import Export
from migrator.interfaces import Progress, ReadResult, no_progress
from migrator.model.finding import Finding
from migrator.model.observation import Server
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.network.aliases import look_up, unchecked_finding
from migrator.plain import PlainZone, plain_zone
from migrator.workflow.world import World


@dataclass(frozen=True, slots=True)
class Exported:
    """A backup that was written; `unchecked`: an alias that its zone file should serve was looked up in vain."""

    export: Export
    unchecked: bool


def write_export(
    world: World,
    result: ReadResult,
    *,
    provider: str,
    folder: Path | None = None,
    resolve_aliases: bool = False,
    progress: Progress = no_progress,
) -> Exported:
    """Write a zone into its backup folder, and read it back; raises as `write_backup` does."""
    snapshot = result.snapshot
    plain, unchecked = _plain_zone(world, snapshot, resolve_aliases=resolve_aliases)
    backup = write_backup(snapshot, result.findings, plain, provider=provider, folder=folder, progress=progress)
    findings = (*result.findings, *plain.findings, *unchecked, *backup.findings)
    export = Export(str(backup.folder), backup.zone_file, snapshot, result.reads, findings)
    return Exported(export, bool(unchecked))


def _plain_zone(
    world: World, snapshot: ZoneSnapshot, *, resolve_aliases: bool
) -> tuple[PlainZone, tuple[Finding, ...]]:
    """Return what the zone file serves, and a finding for each alias that no resolver could look up."""
    plain = plain_zone(snapshot)
    if not resolve_aliases or not plain.unresolved:
        return plain, ()
    resolvers = [Server(resolver.address, resolver.port) for resolver in world.profile.resolvers]
    found, unchecked = look_up(world.client, resolvers, plain.unresolved, world.environment.progress)
    return plain_zone(snapshot, found), tuple(map(unchecked_finding, unchecked))
