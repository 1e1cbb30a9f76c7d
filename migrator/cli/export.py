"""`dns-migrator export`: a zone into a backup folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, Format, Threshold
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.options import (
    FailOnOption,
    FormatOption,
    IncludeOption,
    KeepOption,
    NetworkOption,
    NoColorOption,
    QuietOption,
    VerboseOption,
)

if TYPE_CHECKING:
    from migrator.codec.export import Export
    from migrator.model.finding import Finding
    from migrator.model.zone import ZoneSnapshot
    from migrator.plain import PlainZone
    from migrator.workflow.world import World


def export(
    locator: Annotated[
        str, typer.Argument(metavar="LOCATOR", help="The zone: route53:example.com, axfr:..., or a zone file.")
    ],
    *,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="The folder of the backup, new or empty; default: backups/ZONE/TIME-PROVIDER.",
        ),
    ] = None,
    resolve_aliases: Annotated[
        bool,
        typer.Option(
            "--resolve-aliases",
            help="Serve in the zone file the addresses that an alias answers now, where no CNAME can stand.",
        ),
    ] = False,
    format_: FormatOption = Format.TEXT,
    fail_on: FailOnOption = Threshold.ERROR,
    network: NetworkOption = None,
    database: KeepOption = DEFAULT_DATABASE,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Write a backup of a zone that loses nothing, and read it back."""
    from migrator.backup import write_backup
    from migrator.cli import screen
    from migrator.cli.keeping import keep_where_there_is
    from migrator.codec.export import Export, dumps
    from migrator.wholefolder import expect_new_or_empty
    from migrator.workflow.world import open_world
    from providers import parse_locator

    where = parse_locator(locator)
    if folder is not None:
        expect_new_or_empty(folder)
    with screen.progress_bar(quiet=quiet) as progress:
        world = open_world(network, allow_include_outside=allow_include_outside, progress=progress)
        result = world.read(where)
        plain, unchecked = _plain_zone(world, result.snapshot, resolve_aliases=resolve_aliases)
        backup = write_backup(
            result.snapshot, result.findings, plain, provider=where.scheme, folder=folder, progress=progress
        )
    findings = (*result.findings, *plain.findings, *unchecked, *backup.findings)
    done = Export(str(backup.folder), backup.zone_file, result.snapshot, result.reads, findings)
    keep_where_there_is(database, result.snapshot.origin, lambda: dumps(done))
    failing = any(fail_on.reached_by(finding.severity) for finding in findings)
    if not quiet or failing or format_ is not Format.TEXT:
        screen.emit(_rendered(done, format_, verbose=verbose, no_color=no_color), None)
    raise typer.Exit(gravest([FINDINGS if failing else CLEAN, UNCHECKED if unchecked else CLEAN]))


def _plain_zone(
    world: "World", snapshot: "ZoneSnapshot", *, resolve_aliases: bool
) -> tuple["PlainZone", tuple["Finding", ...]]:
    """Return what the zone file serves, and a finding for each alias that no resolver could look up."""
    from migrator.aliases import look_up, unchecked_finding
    from migrator.model.observation import Server
    from migrator.plain import plain_zone

    plain = plain_zone(snapshot)
    if not resolve_aliases or not plain.unresolved:
        return plain, ()
    resolvers = [Server(resolver.address, resolver.port) for resolver in world.profile.resolvers]
    found, unchecked = look_up(world.client, resolvers, plain.unresolved, world.environment.progress)
    return plain_zone(snapshot, found), tuple(map(unchecked_finding, unchecked))


def _rendered(done: "Export", format_: Format, *, verbose: bool, no_color: bool) -> str:
    from migrator.cli import screen
    from migrator.codec.export import dumps
    from migrator.report import export as report

    match format_:
        case Format.JSON:
            return dumps(done)
        case Format.MARKDOWN:
            return report.markdown(done)
        case Format.TEXT:
            return report.text(done, screen.palette(no_color=no_color), verbose=verbose)
