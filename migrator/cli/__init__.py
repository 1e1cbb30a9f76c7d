"""The command line: parse, call, render, exit. The one place where errors become a line and an exit code."""

import atexit
import gc
import io
import os
import signal
import sys
from pathlib import Path

import typer

from migrator.cli import (
    apply,
    approve,
    check,
    confirm,
    demo,
    diff,
    discover,
    explain,
    export,
    fleet,
    fleet_report,
    history,
    import_,
    lint,
    plan,
    report,
    rollback,
    run,
    serve,
    status,
    ttl,
    zones,
)
from migrator.cli.interrupting import InterruptibleGroup, StoppedError, end_at_once_when_asked_again
from migrator.errors import InputError, MigratorError

_BROKEN_PIPE = 141
app = typer.Typer(
    name="dns-migrator",
    cls=InterruptibleGroup,
    help="Moves the DNS of a domain from one provider to another without losing a record, an e-mail or a minute, "
    "and proves it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo.demo)
app.command()(zones.zones)
app.command()(export.export)
app.command()(discover.discover)
app.command()(diff.diff)
app.command()(lint.lint)
app.command("import")(import_.import_)
app.command()(apply.apply)
app.command()(rollback.rollback)
app.command()(check.check)
app.command()(confirm.confirm)
app.command()(plan.plan)
app.add_typer(ttl.app, name="ttl")
app.command()(run.run)
app.command()(status.status)
app.command()(approve.approve)
app.command()(approve.again)
app.command()(approve.pause)
app.command()(approve.resume)
app.command()(approve.abort)
fleet.app.command("report")(fleet_report.fleet_report)
app.add_typer(fleet.app, name="fleet")
app.command()(fleet.worker)
app.command()(history.history)
app.command()(report.report)
app.command()(serve.serve)
app.command()(explain.explain)


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
    """Run the command line; whatever stops it becomes one line on stderr and an exit code."""
    try:
        _run()
    except (KeyboardInterrupt, StoppedError) as exc:
        end_at_once_when_asked_again()
        said = exc if isinstance(exc, StoppedError) else StoppedError()
        _say(f"dns-migrator: {said}")
        sys.exit(said.exit_code)


def _run() -> None:
    _prepare_streams()
    # A zone is millions of objects without a cycle, through which the collector would look again and again.
    gc.set_threshold(500_000, 20, 100)
    # And once more before the end, where the system takes everything back anyway.
    atexit.register(gc.freeze)
    try:
        app()
    except StoppedError:
        raise
    except MigratorError as exc:
        _say(f"dns-migrator: {exc}")
        sys.exit(exc.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong, and nothing more can be said.
        _abandon_output()
        sys.exit(_BROKEN_PIPE)
    except OSError as exc:
        # What the system refuses and nobody below had better words for: a folder without permission, a full disk.
        _abandon_output()
        where = f"{exc.filename}: " if exc.filename else ""
        _say(f"dns-migrator: {where}{exc.strerror or exc}.")
        sys.exit(InputError.exit_code)
    finally:
        # What is left is the end of the interpreter, which nobody gains by stopping.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


def _say(text: str) -> None:
    from migrator.cli import screen

    screen.note(text)


def _prepare_streams() -> None:
    """Make both streams take any text; where one is closed (`>&-`), what goes there is dropped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  (until the end)
        elif isinstance(stream, io.TextIOWrapper):
            # What a terminal's encoding lacks (an ellipsis, a letter of an IDN) is no reason to say nothing.
            stream.reconfigure(errors="replace")


def _abandon_output() -> None:
    """Let what is still buffered for stdout go nowhere: the end of the program would stumble over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
