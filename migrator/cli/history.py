"""`dns-migrator history`: the evidence of a domain, as the state database has it."""

from typing import Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE, Format
from migrator.cli.options import DatabaseOption, FormatOption, NoColorOption, OutputOption


def history(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The domain whose evidence is shown.")],
    *,
    format_: FormatOption = Format.TEXT,
    output: OutputOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    no_color: NoColorOption = False,
) -> None:
    """Print what was seen of a domain, where and when, and what was written; asks nobody."""
    from migrator.cli import screen
    from migrator.cli.expecting import expect_database
    from migrator.codec.history import dumps
    from migrator.model.domains import domain_named
    from migrator.model.names import for_people
    from migrator.report.history import history_markdown, history_text
    from migrator.state.remembered import is_remembered, past_of, similar_domains
    from migrator.state.store import open_store

    name = domain_named(domain)
    expect_database(database)
    with open_store(database) as store:
        past = past_of(store, name)
        similar = () if is_remembered(store, name) else similar_domains(store, name)
    match format_:
        case Format.JSON:
            text = dumps(past)
        case Format.MARKDOWN:
            text = history_markdown(past)
        case Format.TEXT:
            text = history_text(past, screen.palette(no_color=no_color, output=output))
    screen.emit(text, output)
    if similar:
        has = ", ".join(map(for_people, similar))
        screen.note(
            f"dns-migrator: Nothing is remembered of {for_people(name)}, but of {has}; check the spelling."
        )
