"""The command line: parse, call, render, exit. The one place where errors become a line and an exit code."""

import gc
import io
import os
import sys

import typer

from migrator.cli import confirm, demo, diff, export, zones
from migrator.errors import MigratorError

app = typer.Typer(
    name="dns-migrator",
    help="Moves the DNS of a domain from one provider to another without losing a record, an e-mail or a minute, "
    "and proves it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo.demo)
app.command()(zones.zones)
app.command()(export.export)
app.command()(diff.diff)
app.command()(confirm.confirm)


def _show_version(*, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dns-migrator {version('dns-migrator')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: bool = typer.Option(
        False,
        "--version",
        help="Print the version and stop.",
        callback=lambda v: _show_version(wanted=v),
        is_eager=True,
    ),
) -> None:
    """Hold the options that belong to no command."""


def main() -> None:
    """Run the command line; every MigratorError becomes one line on stderr and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What a terminal's encoding lacks (an ellipsis, a letter of an IDN) is no reason to say nothing.
            stream.reconfigure(errors="replace")
    # A zone is millions of objects without a cycle, through which the collector would look again and again.
    gc.set_threshold(500_000, 20, 100)
    try:
        app()
    except MigratorError as exc:
        typer.echo(f"dns-migrator: {exc}", err=True)
        sys.exit(exc.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
