"""`dns-migrator rollback`: takes the last import of a zone back."""

from typing import Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, Format
from migrator.cli.options import (
    DatabaseOption,
    FormatOption,
    NetworkOption,
    NoColorOption,
    QuietOption,
    VerboseOption,
    YesOption,
)

_LIVE = "Take it back although the parent lists the name servers of the zone since the import."
_TARGET = "The target of the import, where the zone was imported into several; else that of the last one."


def rollback(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The zone whose last import is taken back.")],
    *,
    target: Annotated[str | None, typer.Option("--target", metavar="LOCATOR", help=_TARGET)] = None,
    live: Annotated[bool, typer.Option("--live", help=_LIVE)] = False,
    yes: YesOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and ask nothing.")] = False,
    format_: FormatOption = Format.TEXT,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Put the target of the last import back as it was; what somebody changed since is left alone."""
    from migrator.cli.undoing import run_rollback
    from migrator.cli.writing import Manner, Relay, interruptible
    from migrator.model.domains import domain_named
    from migrator.workflow.world import open_world
    from providers import parse_locator

    manner = Manner(yes, dry_run, database, format_, quiet, verbose, no_color)
    zone = domain_named(domain)
    where = None if target is None else parse_locator(target)
    relay = Relay(quiet=quiet)
    with interruptible():
        run_rollback(open_world(network, progress=relay), zone, where, manner, relay, live=live)
