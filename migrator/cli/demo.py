"""`dns-migrator demo`: the whole journey on this machine, with no account."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.exits import INTERRUPTED
from migrator.cli.options import NoColorOption, QuietOption
from migrator.errors import InputError


def demo(
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="DIR", help="The folder for backup and reports: new, or a former demo's."
        ),
    ] = Path("demo"),
    step: Annotated[bool, typer.Option("--step", help="Wait for Enter after each step.")] = False,
    keep_running: Annotated[
        bool, typer.Option("--keep-running", help="Leave the servers running afterwards, to try commands on them.")
    ] = False,
    quiet: QuietOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Show the whole journey in half a minute: export, diff, import, switch and undo, with no account and no root.

    This program plays Route 53, Cloudflare and the internet around them on
    loopback addresses. No key of yours is used. Backup and reports stay in the
    folder; --keep-running leaves everything to you, to type commands yourself.
    """
    if step and not sys.stdin.isatty():
        raise InputError("--step waits for Enter, and there is no terminal to press it on.")
    from migrator.cli import screen
    from migrator.demo.run import run

    def pause() -> None:
        if step:
            typer.prompt("Enter for the next step", default="", show_default=False, prompt_suffix=" ...")

    try:
        run(
            output,
            palette=screen.palette(no_color=no_color),
            quiet=quiet,
            pause=pause,
            keep_running=keep_running,
        )
    except (KeyboardInterrupt, typer.Abort) as exc:
        screen.note("\nStopped; the servers are gone.", quiet=quiet)
        raise typer.Exit(INTERRUPTED) from exc
