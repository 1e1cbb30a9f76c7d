"""`dns-migrator import`: a zone from one provider to another, planned, approved, written, and proved."""

from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, Format
from migrator.cli.options import (
    DatabaseOption,
    FormatOption,
    IncludeOption,
    NetworkOption,
    NoColorOption,
    QuietOption,
    VerboseOption,
    YesOption,
)
from migrator.cli.outputs import replaceable
from migrator.errors import InputError

_SOURCE = "The zone as it is: route53:example.com, axfr:..., a backup folder or a zone file."
_TARGET = "Where it shall be: route53:example.com, azure:..., cloudflare:... or file:example.com.zone."
_ACCEPT = "Accept a loss by its word, as the plan names it (repeated)."
_DELETE = "Delete at the target what the source does not have; without this it is kept."
_CONFLICTING = "Delete at the target only what excludes a set of the source, such as a CNAME beside addresses."
_RESOLVE = "Look up what aliases answer now, and write that where the target has no alias: it will drift."
_IDENTIFIER = "What a health check or client network of the old account is called in the new one (repeated)."
_PLAN_OUT = "Write the plan to a file for review; `apply` applies it."
_DRY_RUN = "Show the plan and ask nothing."


def import_(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=_SOURCE)],
    target: Annotated[str, typer.Argument(metavar="TARGET", help=_TARGET)],
    *,
    yes: YesOption = False,
    accept: Annotated[list[str] | None, typer.Option("--accept", metavar="WHAT", help=_ACCEPT)] = None,
    delete: Annotated[bool, typer.Option("--delete", help=_DELETE)] = False,
    delete_conflicting: Annotated[bool, typer.Option("--delete-conflicting", help=_CONFLICTING)] = False,
    allow_mass_replace: Annotated[
        bool, typer.Option("--allow-mass-replace", help="Replace a large share of what the target has.")
    ] = False,
    allow_mass_delete: Annotated[
        bool, typer.Option("--allow-mass-delete", help="Delete a large share of what the target has.")
    ] = False,
    allow_apex_ns: Annotated[
        bool, typer.Option("--allow-apex-ns", help="Change the name servers that the target zone itself names.")
    ] = False,
    allow_signed_zone: Annotated[
        bool, typer.Option("--allow-signed-zone", help="Change a target whose signatures cannot follow.")
    ] = False,
    allow_broken_source: Annotated[
        bool, typer.Option("--allow-broken-source", help="Leave out what cannot be read of the source.")
    ] = False,
    allow_broken_target: Annotated[
        bool, typer.Option("--allow-broken-target", help="Lose lines of the target that cannot be read or kept.")
    ] = False,
    allow_private_source: Annotated[
        bool, typer.Option("--allow-private-source", help="Let everybody see a zone that a private network has.")
    ] = False,
    resolve_aliases: Annotated[bool, typer.Option("--resolve-aliases", help=_RESOLVE)] = False,
    identifier: Annotated[
        list[str] | None, typer.Option("--identifier", metavar="OLD=NEW", help=_IDENTIFIER)
    ] = None,
    plan_out: Annotated[
        Path | None, typer.Option("--plan-out", metavar="FILE", callback=replaceable, help=_PLAN_OUT)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_DRY_RUN)] = False,
    format_: FormatOption = Format.TEXT,
    network: NetworkOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Copy a zone to another provider: plan, losses and calls first, then writing, then proof."""
    import shlex

    from migrator.cli.lowered import tell_lowered
    from migrator.cli.naming import naming
    from migrator.cli.writing import Manner, Relay, interruptible, run_import
    from migrator.model.names import for_people
    from migrator.model.phrases import safe
    from migrator.workflow.choices import choices_of
    from migrator.workflow.wishes import refuse_one_zone
    from migrator.workflow.world import open_world
    from providers import parse_locator

    if plan_out is not None and yes:
        raise InputError("--plan-out writes a plan for review and --yes applies it: give one of them.")
    manner = Manner(yes, dry_run or plan_out is not None, database, format_, quiet, verbose, no_color)
    allowed = {
        "mass-replace": allow_mass_replace,
        "mass-delete": allow_mass_delete,
        "apex-ns": allow_apex_ns,
        "signed-zone": allow_signed_zone,
        "broken-source": allow_broken_source,
        "broken-target": allow_broken_target,
        "private-source": allow_private_source,
    }
    allows = [word for word, given in allowed.items() if given]
    choices = choices_of(accept or [], allows, identifier or [], delete=delete, conflicting=delete_conflicting)
    where, there = parse_locator(source), parse_locator(target)
    refuse_one_zone(source, target, named="SOURCE and TARGET")
    relay = Relay(quiet=quiet)
    with interruptible():
        world = open_world(network, allow_include_outside=allow_include_outside, progress=relay)
        with relay.shown():
            read = world.read(where)
        words = shlex.join((for_people(read.snapshot.origin), "--to", safe(there.text)))
        then = f"they are copied so. After the move: dns-migrator ttl restore {words}{naming(database)}"
        tell_lowered(database, read.snapshot, then)
        run_import(world, read, there, choices, manner, relay, resolve_aliases=resolve_aliases, plan_out=plan_out)
