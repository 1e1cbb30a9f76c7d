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
from migrator.cli.group import InterruptibleGroup

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
