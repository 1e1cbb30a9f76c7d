"""`dns-migrator ttl`: lowers the TTLs of the old zone before a move, and puts them back after it."""

from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, Format
from migrator.cli.examples import examples_of
from migrator.cli.group import PlainCommand, PlainGroup
from migrator.cli.options import (
    DatabaseOption,
    FormatOption,
    IncludeOption,
    NetworkOption,
    NoColorOption,
    QuietOption,
    VerboseOption,
    YesOption,
    usable_ttl,
    words,
)

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.cli.ttling import Session
    from migrator.cli.writing import Manner

_FROM = "The old zone: route53:example.com, azure:..., cloudflare:..., a zone file or axfr:... (changed by hand)."
_TO = "The TTL in seconds that sets with a longer one get."
_ONLY = "Lower these alone: types in capitals, or names as in a zone file (repeated, or several with commas)."
_WAIT = "For how many seconds the name servers are asked again until all show the TTLs."
_DRY_RUN = "Show the plan and ask nothing."
_RESTORE_FROM = "Put back only what was lowered here; by default wherever this domain's TTLs were lowered."
_EARLY = "Put them back although the switch is under way, or nobody can tell."
_RESTORE_TO = "The new zone, too: sets that an import copied with the lowered TTL get the original."
WaitOption = Annotated[float, typer.Option("--wait", min=0, metavar="SECONDS", help=_WAIT)]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_DRY_RUN)]

app = typer.Typer(
    cls=PlainGroup,
    help="Lower the TTLs of the old zone before a move, and put them back after it: asked at every server.",
    no_args_is_help=True,
)


@app.command(cls=PlainCommand, epilog=examples_of("ttl lower"))
def lower(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The domain that moves.")],
    *,
    from_: Annotated[str, typer.Option("--from", metavar="LOCATOR", help=_FROM)],
    to: Annotated[int, typer.Option("--to", callback=usable_ttl, metavar="SECONDS", help=_TO)] = 300,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="TYPE|NAME", help=_ONLY)] = None,
    wait: WaitOption = 60.0,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    format_: FormatOption = Format.TEXT,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Lower the TTLs of the old zone, remember the originals, and see that every name server shows it."""
    from migrator.cli.ttl_lowering import run_lower
    from migrator.cli.writing import Manner, interruptible
    from migrator.workflow.sides import side_of

    manner = Manner(yes, dry_run, database, format_, quiet, verbose, no_color)
    with interruptible():
        session = _session(domain, manner, wait, network, allow_include_outside=allow_include_outside)
        run_lower(session, side_of(from_, session.domain), to, words(only))


@app.command(cls=PlainCommand, epilog=examples_of("ttl restore"))
def restore(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The domain that has moved.")],
    *,
    from_: Annotated[str, typer.Option("--from", metavar="LOCATOR", help=_RESTORE_FROM)] = "",
    to: Annotated[str, typer.Option("--to", metavar="LOCATOR", help=_RESTORE_TO)] = "",
    early: Annotated[bool, typer.Option("--early", help=_EARLY)] = False,
    wait: WaitOption = 60.0,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    format_: FormatOption = Format.TEXT,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Put the original TTLs back; one that somebody has changed meanwhile is reported and left alone."""
    from migrator.cli.ttl_restoring import run_restore
    from migrator.cli.writing import Manner, interruptible
    from migrator.workflow.sides import side_of

    manner = Manner(yes, dry_run, database, format_, quiet, verbose, no_color)
    with interruptible():
        session = _session(domain, manner, wait, network, allow_include_outside=allow_include_outside)
        run_restore(session, side_of(from_, session.domain), side_of(to, session.domain), early=early)


def _session(
    domain: str, manner: "Manner", wait: float, network: "Path | None", *, allow_include_outside: bool
) -> "Session":
    from migrator.cli.ttling import Session
    from migrator.cli.writing import Relay
    from migrator.workflow.wishes import domain_of
    from migrator.workflow.world import open_world

    relay = Relay(quiet=manner.quiet)
    world = open_world(network, allow_include_outside=allow_include_outside, progress=relay)
    return Session(world, domain_of(domain), manner, relay, wait)
