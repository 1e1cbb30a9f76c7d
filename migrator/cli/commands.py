"""The commands and the options that belong to none of them, as Typer knows them."""

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
from migrator.cli.examples import examples_of
from migrator.cli.group import InterruptibleGroup, PlainCommand

app = typer.Typer(
    name="dns-migrator",
    cls=InterruptibleGroup,
    help="Moves the DNS of a domain from one provider to another without losing a record, an e-mail or a minute, "
    "and proves it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# In the order of a move; a name is that of the function, but for what Python has as a word of its own.
for command in (
    *(demo.demo, zones.zones, export.export, discover.discover, diff.diff, lint.lint, import_.import_),
    *(apply.apply, rollback.rollback, check.check, confirm.confirm, plan.plan),
    *(run.run, status.status, approve.approve, approve.again, approve.pause, approve.resume, approve.abort),
    *(fleet.worker, history.history, report.report, serve.serve, explain.explain),
):
    named = command.__name__.rstrip("_")
    app.command(named, cls=PlainCommand, epilog=examples_of(named))(command)
fleet.app.command("report", cls=PlainCommand, epilog=examples_of("fleet report"))(fleet_report.fleet_report)
app.add_typer(ttl.app, name="ttl")
app.add_typer(fleet.app, name="fleet")


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
