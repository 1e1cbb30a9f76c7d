"""The pages of `serve`: the board, a domain, the login. Pure; works without the script, which only refreshes.

The style and the script carry the nonce of one answer, so that what stands in the database adds no other.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from migrator.clock import instant
from migrator.codec import board as board_codec
from migrator.codec import story as story_codec
from migrator.journey.stages import STAGES
from migrator.journey.state import Status
from migrator.model.names import for_people, text_of
from migrator.model.phrases import counted, safe
from migrator.report.story.board import sentence, table_html
from migrator.report.story.html import account_body, rendered
from migrator.report.story.live import SCRIPT
from migrator.report.story.site_page import BOARD, DOMAIN, LOGIN, MESSAGE, SITE, SITE_STYLE
from migrator.report.story.style import STYLE
from migrator.story.account import Account
from migrator.story.board import Board, Filter, Row

if TYPE_CHECKING:
    from markupsafe import Markup


def board_page(board: Board, nonce: str) -> str:
    """Return the board."""
    wanted = board.wanted
    body = rendered(
        BOARD,
        {
            "at": instant(board.at),
            "sentence": sentence(board),
            "state": _digest(board_codec.document(board)),
            "stages": [(str(stage), dict(board.counts.stages).get(stage, 0)) for stage in STAGES],
            "statuses": [(str(status), dict(board.counts.statuses).get(status, 0)) for status in Status],
            "fleets": [safe(each) for each in board.fleets],
            "stage": "" if wanted.stage is None else str(wanted.stage),
            "status": "" if wanted.status is None else str(wanted.status),
            "fleet": safe(wanted.fleet),
            "text": safe(wanted.text),
            "is_filtered": wanted != Filter(page=wanted.page),
            "table": table_html(board, domain_link) if board.rows else "",
            "page": wanted.page,
            "pages": board.pages,
            "matching": counted(board.matching, "move"),
            "earlier": board_link(wanted, wanted.page - 1) if wanted.page > 1 else "",
            "later": board_link(wanted, wanted.page + 1) if wanted.page < board.pages else "",
        },
    )
    return _site("All moves", body, nonce, live=True)


def domain_page(account: Account, nonce: str) -> str:
    """Return the page of a domain: the parts of its report."""
    found = {"body": account_body(account), "state": _digest(story_codec.document(account))}
    return _site(f"{for_people(account.domain)}: the move", rendered(DOMAIN, found), nonce, live=True)


def login_page(nonce: str, *, is_wrong: bool) -> str:
    """Return the form that takes the token."""
    return _site("Log in", rendered(LOGIN, {"is_wrong": is_wrong}), nonce, live=False)


def message_page(title: str, text: str, nonce: str) -> str:
    """Return a page that says one thing."""
    return _site(title, rendered(MESSAGE, {"title": safe(title), "text": safe(text)}), nonce, live=False)


def domain_link(row: Row) -> str:
    """Return the path of a domain's page."""
    return f"/domains/{quote(text_of(row.domain).rstrip('.') or '.', safe='')}"


def board_link(wanted: Filter, page: int) -> str:
    """Return the path of a page of the board with the same filters."""
    found = {
        "stage": "" if wanted.stage is None else str(wanted.stage),
        "status": "" if wanted.status is None else str(wanted.status),
        "fleet": wanted.fleet,
        "q": wanted.text,
        "page": str(page),
    }
    return f"/?{urlencode({key: value for key, value in found.items() if value})}"


def _site(title: str, body: "Markup", nonce: str, *, live: bool) -> str:
    from markupsafe import Markup

    values: Mapping[str, object] = {
        "title": safe(title),
        "nonce": nonce,
        "style": Markup(STYLE + SITE_STYLE),  # noqa: S704  (ours)
        "script": Markup(SCRIPT) if live else "",  # noqa: S704  (ours)
        "body": body,
    }
    return str(rendered(SITE, values))


_OF_THE_MOMENT = frozenset({"at", "timeline", "tools"})


def _digest(document: Mapping[str, object]) -> str:
    """Return what stays the same while nothing that is shown has changed but the time."""
    shown = {key: value for key, value in document.items() if key not in _OF_THE_MOMENT}
    return sha256(repr(shown).encode()).hexdigest()[:16]
