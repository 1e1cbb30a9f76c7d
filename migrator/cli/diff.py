"""`dns-migrator diff`: what is missing, extra and changed between two sides of a zone, and what it breaks."""

from typing import Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, Threshold, VerdictFormat
from migrator.cli.options import (
    FailOnOption,
    IncludeOption,
    KeepOption,
    NetworkOption,
    NoColorOption,
    OutputOption,
    QuietOption,
    VerboseOption,
    VerdictFormatOption,
)

_OLD = "The zone as it is: route53:example.com, axfr:..., a backup folder or a zone file."
_NEW = "The zone as it shall be: any of these, or live servers as dns:example.com@ADDRESS[,ADDRESS...]."
_SERVER = "A further live server for the dns: of the new side (repeated)."
_IGNORE = (
    "Leave a difference out, with the reason that the result shows (repeated); OWNER and TYPE may have * and ?."
)
_BATCH = (
    "OLD and NEW are folders of zone files or backups: compare each zone of one with that of the other, as the "
    "files are named (example.com.zone, db.example.com); as text or json."
)


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_OLD)],
    new: Annotated[list[str], typer.Argument(metavar="NEW", help=_NEW)],
    *,
    server: Annotated[list[str] | None, typer.Option("--server", metavar="ADDRESS", help=_SERVER)] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="OWNER[/TYPE]=REASON", help=_IGNORE)
    ] = None,
    batch: Annotated[bool, typer.Option("--batch", help=_BATCH)] = False,
    format_: VerdictFormatOption = VerdictFormat.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = Threshold.ERROR,
    network: NetworkOption = None,
    database: KeepOption = DEFAULT_DATABASE,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Compare a zone with its copy elsewhere: what is missing, what that breaks, and what becomes of mail."""
    from migrator.cli.diffing import Asked, run

    if batch and (server or ignore or len(new) > 1):
        raise typer.BadParameter("--batch takes two folders, and neither --server nor --ignore.")
    asked = Asked(
        old=old,
        new=tuple(new),
        servers=tuple(server or ()),
        ignored=tuple(ignore or ()),
        batch=batch,
        format_=format_,
        output=output,
        fail_on=fail_on,
        network=network,
        database=database,
        allow_include_outside=allow_include_outside,
        quiet=quiet,
        verbose=verbose,
        no_color=no_color,
    )
    raise typer.Exit(run(asked))
