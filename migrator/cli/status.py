"""`dns-migrator status`: where each migration stands, one line a domain, or the whole journey of one."""

from typing import Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, StatusFormat
from migrator.cli.expecting import expect_database
from migrator.cli.options import DatabaseOption, NoColorOption, OutputOption, StatusFormatOption
from migrator.errors import InputError


def status(
    domain: Annotated[str, typer.Argument(metavar="[DOMAIN]", help="One domain, with all that happened.")] = "",
    *,
    format_: StatusFormatOption = StatusFormat.TEXT,
    output: OutputOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    no_color: NoColorOption = False,
) -> None:
    """Say where migrations stand: the stage, what is waited for and until when, the worst finding."""
    from migrator.cli import screen
    from migrator.cli.naming import naming
    from migrator.cli.standing import of_the_old_zone
    from migrator.cli.unread import tell_unread
    from migrator.codec.migrations import status_json
    from migrator.model.domains import domain_named
    from migrator.model.names import for_people
    from migrator.report.migrations import status_table, status_text
    from migrator.state.migrations import Migrations
    from migrator.state.store import open_store

    expect_database(database)
    palette, named = screen.palette(no_color=no_color, output=output), naming(database)
    with open_store(database) as store:
        migrations = Migrations(store)
        if not domain:
            found, messages = migrations.listed()
            every, code = tuple(map(migrations.as_done_now, found)), tell_unread(messages)
            width = screen.width(output)
            text = (
                status_json(every) if format_ is StatusFormat.JSON else status_table(every, palette, width, named)
            )
            screen.emit(text, output)
            raise typer.Exit(code)
        name = domain_named(domain.lower())
        migration = migrations.of(name)
        if migration is None:
            raise InputError(
                f"{for_people(name)} has no migration in {store.shown_as}: 'dns-migrator run {for_people(name)} "
                f"--from ... --to ...{named}' begins one."
            )
        told = migrations.told(migration)
        old_zone = of_the_old_zone(store, migration, named)
    is_json = format_ is StatusFormat.JSON
    screen.emit(
        status_json([told.migration], told.events) if is_json else status_text(told, palette, named, old_zone),
        output,
    )
