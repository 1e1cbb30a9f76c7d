"""`dns-migrator fleet report`: all moves of a state database on one page."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from migrator.cli.choices import DEFAULT_DATABASE
from migrator.cli.options import DatabaseOption, OutputOption, as_named

if TYPE_CHECKING:
    from migrator.story.board import Row


class BoardFormat(StrEnum):
    """How a board is written."""

    HTML = "html"
    JSON = "json"


_FORMAT = "How the result is written: html or json."
_FLEET = "Only the moves of this fleet."
_LINKS = "Link each domain to its own report, DOMAIN.html in this folder or URL."
# One page has them all.
_MOST = 1_000_000


def fleet_report(
    *,
    fleet: Annotated[str, typer.Option("--fleet", metavar="NAME", help=_FLEET)] = "",
    links: Annotated[str, typer.Option("--links", metavar="FOLDER", help=_LINKS)] = "",
    format_: Annotated[
        BoardFormat, typer.Option("--format", "-f", metavar="FORMAT", callback=as_named, help=_FORMAT)
    ] = BoardFormat.HTML,
    output: OutputOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
) -> None:
    """Write all moves as one page: where each stands, what comes next, and its worst finding; asks nobody."""
    from migrator.cli import screen
    from migrator.cli.expecting import expect_database, expect_name
    from migrator.cli.unread import tell_unread
    from migrator.codec.board import dumps
    from migrator.errors import InputError
    from migrator.model.names import text_of
    from migrator.model.phrases import safe
    from migrator.report.story.board import fleet_report as page
    from migrator.state.boards import read_board
    from migrator.state.store import open_store
    from migrator.story.board import Filter

    def link(row: "Row") -> str:
        name = text_of(row.domain).rstrip(".")
        return f"{links.rstrip('/')}/{quote(name, safe='')}.html" if links else ""

    expect_name(fleet)
    expect_database(database)
    with open_store(database) as store:
        board = read_board(store, Filter(fleet=fleet), page_size=_MOST)
    if fleet and fleet not in board.fleets:
        there = f"there are {', '.join(map(safe, board.fleets))}" if board.fleets else "there is none"
        raise InputError(
            f"--fleet {fleet}: no domain of {board.database} belongs to a fleet of this name; {there}."
        )
    title = f"Fleet {fleet}" if fleet else "All moves"
    screen.emit(dumps(board) if format_ is BoardFormat.JSON else page(board, title, link), output)
    raise typer.Exit(tell_unread(board.unread))
