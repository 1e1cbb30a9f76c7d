"""`dns-migrator export`: a zone into a backup folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, Format, Threshold
from migrator.cli.exits import CLEAN
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


def export(
    locator: Annotated[
        str,
        typer.Argument(
            metavar="LOCATOR",
            help="The zone: route53:example.com, axfr:..., or a zone file; 'route53:' for all of an account.",
        ),
    ],
    *,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="The folder of the backup, new or empty; default: backups/ZONE/TIME-PROVIDER. "
            "For an account, the one with a folder for each zone.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="PATTERN",
            help="Of an account, only the zones with such names: '*.example.com'. Repeatable.",
        ),
    ] = None,
    concurrency: Annotated[
        int,
        typer.Option(
            "--concurrency",
            "-j",
            min=1,
            max=64,
            metavar="N",
            help="Of an account, so many zones are read at once.",
        ),
    ] = 8,
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
    """Write a backup of a zone, or of each zone of an account, that loses nothing, and read it back."""
    from migrator.cli import screen
    from migrator.cli.export_batch import Asked, exit_code, export_account
    from migrator.cli.keeping import keep_where_there_is
    from migrator.cli.lowered import tell_lowered
    from migrator.cli.naming import naming
    from migrator.codec.export import dumps
    from migrator.errors import InputError
    from migrator.files.whole import expect_new_or_empty
    from migrator.interfaces import AccountProvider
    from migrator.model.names import for_people
    from migrator.workflow.exporting import write_export
    from migrator.workflow.world import open_world
    from providers import load, parse_locator

    if folder == Path("-"):
        raise InputError(
            "-o -: a backup is a folder, which standard output cannot hold. Name one, as in -o backup."
        )
    where = parse_locator(locator)
    provider = load(where.scheme)
    if where.zone is None and isinstance(provider, AccountProvider):
        asked = Asked(
            where, folder, tuple(only or ()), concurrency, resolve_aliases, format_, fail_on, network, database,
            quiet, verbose, no_color,
        )  # fmt: skip
        raise typer.Exit(export_account(asked, provider))
    if only:
        raise InputError(f"{where.text}: --only chooses among the zones of an account, as in 'route53:'.")
    if folder is not None:
        expect_new_or_empty(folder)
    with screen.progress_bar(quiet=quiet) as progress:
        world = open_world(network, allow_include_outside=allow_include_outside, progress=progress)
        exported = write_export(
            world,
            world.read(where),
            provider=where.scheme,
            folder=folder,
            resolve_aliases=resolve_aliases,
            progress=progress,
        )
    done = exported.export
    keep_where_there_is(database, done.snapshot.origin, lambda: dumps(done))
    zone = for_people(done.snapshot.origin)
    then = f"the backup has them so. After the move: dns-migrator ttl restore {zone}{naming(database)}"
    tell_lowered(database, done.snapshot, then, quiet=quiet)
    code = exit_code(exported, fail_on)
    if not quiet or code != CLEAN or format_ is not Format.TEXT:
        whole = f"The backup {done.folder} is whole all the same."
        screen.emit(_rendered(done, format_, verbose=verbose, no_color=no_color), None, instead=whole)
    raise typer.Exit(code)


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
