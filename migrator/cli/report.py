"""`dns-migrator report`: the hand-over of a move, made from the state database alone."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE
from migrator.cli.expecting import expect_database
from migrator.cli.options import DatabaseOption, OutputOption, as_named

if TYPE_CHECKING:
    from dns.name import Name

    from migrator.state.store import Store
    from migrator.story.account import Account


class StoryFormat(StrEnum):
    """How a report is written."""

    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


_FORMAT = "How the result is written: markdown, json or html."


def report(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The domain that moves, or has moved.")],
    *,
    format_: Annotated[
        StoryFormat, typer.Option("--format", "-f", metavar="FORMAT", callback=as_named, help=_FORMAT)
    ] = StoryFormat.MARKDOWN,
    output: OutputOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
) -> None:
    """Write the hand-over of a move: where it stands, what was compared, decided, written, seen; asks nobody."""
    from migrator.cli import screen
    from migrator.model.domains import domain_named
    from migrator.state.reading import read_account
    from migrator.state.store import open_store

    name = domain_named(domain)
    expect_database(database)
    with open_store(database) as store:
        _expect_known(store, name)
        account = read_account(store, name)
    screen.emit(_rendered(account, format_), output)


def _expect_known(store: "Store", domain: "Name") -> None:
    """Raise InputError where nothing is remembered of the domain: a report would calm whoever mistyped it."""
    from migrator.errors import InputError
    from migrator.model.names import for_people
    from migrator.state.remembered import is_remembered, similar_domains

    if is_remembered(store, domain):
        return
    similar = ", ".join(map(for_people, similar_domains(store, domain)))
    raise InputError(
        f"Nothing is remembered of {for_people(domain)} in {store.shown_as}; check the spelling or --database."
        f"{similar and f' It has: {similar}.'}"
    )


def _rendered(account: "Account", format_: StoryFormat) -> str:
    match format_:
        case StoryFormat.JSON:
            from migrator.codec.story import dumps

            return dumps(account)
        case StoryFormat.HTML:
            from migrator.report.story.html import account_html

            return account_html(account)
        case StoryFormat.MARKDOWN:
            from migrator.report.story.markdown import account_markdown

            return account_markdown(account)
