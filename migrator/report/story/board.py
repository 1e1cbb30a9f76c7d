"""The board of many moves as one page that can be handed on, and the table that `serve` shows too. Pure."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from migrator.clock import instant
from migrator.journey.state import Status
from migrator.model.names import for_people, text_of
from migrator.model.phrases import counted, safe
from migrator.report.story.html import rendered, shown_table, whole_page
from migrator.report.story.page import PARTS
from migrator.report.story.values import Cell, Table, when
from migrator.story.board import Board, Row

if TYPE_CHECKING:
    from markupsafe import Markup

Link = Callable[[Row], str]
STATUS_MARKS = {
    Status.RUNNING: "wait",
    Status.WAITING: "wait",
    Status.ASKING: "ask",
    Status.FAILED: "fail",
    Status.PAUSED: "warn",
    Status.ABORTED: "note",
    Status.COMPLETE: "good",
}
_SEVERITIES = {"error": "fail", "warning": "warn", "notice": "note"}
_HEADS = ("Domain", "Status", "Stage", "Since", "Next", "Worst finding")

FLEET = """\
<header>
<h1>{{ title }}</h1>
<p class="quiet">As of <time datetime="{{ at }}">{{ at }}</time></p>
<div class="verdict {{ mark }}"><p>{{ sentence }}</p></div>
</header>
{%- if stages %}
<section aria-labelledby="by-stage"><h2 id="by-stage">By stage</h2>
<ul class="counts">
{%- for name, number, purpose in stages %}
<li><strong>{{ number }}</strong> {{ name }} <span class="below">{{ purpose }}</span></li>
{%- endfor %}
</ul></section>
{%- endif %}
<section aria-labelledby="all"><h2 id="all">One by one</h2>
{{ table_of(table) }}
</section>
<footer class="quiet"><p>Made from {{ database }}.</p></footer>
"""


def fleet_report(board: Board, title: str = "The fleet", link: Link = lambda _: "") -> str:
    """Return the page of a board that has all its moves; `link` leads from a move to its own report."""
    return whole_page(
        title,
        rendered(
            PARTS + FLEET,
            {
                "title": safe(title),
                "at": instant(board.at),
                "sentence": sentence(board),
                "mark": mark(board),
                "stages": [(str(stage), number, stage.purpose) for stage, number in board.counts.stages],
                "table": shown_table(board_table(board, link)),
                "database": safe(board.database),
            },
        ),
    )


def table_html(board: Board, link: Link) -> "Markup":
    """Return the table alone."""
    return rendered(PARTS + "{{ table_of(table) }}", {"table": shown_table(board_table(board, link))})


def board_table(board: Board, link: Link) -> Table:
    """Return the table of a board."""
    caption = f"{counted(board.matching, 'move')}, what needs a person first"
    return Table(caption, _HEADS, tuple(_row(row, link) for row in board.rows))


def sentence(board: Board) -> str:
    """Return how many moves there are, and what they do."""
    parts = ", ".join(f"{number} {status}" for status, number in board.counts.statuses)
    known = f"{counted(board.counts.total, 'move')}{f': {parts}' if parts else ''}."
    return " ".join([known, *map(safe, board.unread)])


def mark(board: Board) -> str:
    """Return the mark of the most urgent status."""
    return STATUS_MARKS[board.counts.statuses[0][0]] if board.counts.statuses else "note"


def _row(row: Row, link: Link) -> tuple[Cell, ...]:
    worst = row.worst
    place = f"{row.stage.number} of 13"
    batch = (f"{row.fleet}, wave {row.wave}",) if row.fleet else ()
    following = when(row.next) if row.next is not None and not row.status.is_over else Cell(_waits_for(row.status))
    return (
        Cell(for_people(row.domain), lines=batch, href=link(row), id=f"domain-{text_of(row.domain).rstrip('.')}"),
        Cell(str(row.status), STATUS_MARKS[row.status], (row.text,) if row.text else ()),
        Cell(str(row.stage), lines=(place,)),
        when(row.since),
        following,
        Cell("-") if worst is None else Cell(str(worst.severity), _SEVERITIES[worst.severity], (worst.message,)),
    )


def _waits_for(status: Status) -> str:
    return "-" if status.is_over else "a person"
