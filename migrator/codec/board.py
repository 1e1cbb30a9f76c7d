"""What `serve` tells a script of many moves: the document `dns-migrator/migrations/1`. No IO here."""

from datetime import datetime

from migrator.clock import instant
from migrator.codec import jsontext
from migrator.model.names import text_of
from migrator.story.board import Board, Row

SCHEMA = "dns-migrator/migrations/1"


def dumps(board: Board) -> str:
    """Return the document as JSON text."""
    return jsontext.dumps(document(board), indent=1)


def document(board: Board) -> dict[str, object]:
    """Return the document; `migrations` are those of one page."""
    return {
        "schema": SCHEMA,
        "at": instant(board.at),
        "matching": board.matching,
        "page": board.wanted.page,
        "pages": board.pages,
        "stages": {str(stage): number for stage, number in board.counts.stages},
        "statuses": {str(status): number for status, number in board.counts.statuses},
        "migrations": [_row(row) for row in board.rows],
        "unread": list(board.unread),
    }


def _row(row: Row) -> dict[str, object]:
    return {
        "domain": text_of(row.domain),
        "stage": str(row.stage),
        "status": str(row.status),
        "text": row.text,
        "since": instant(row.since),
        "next": _moment(row.next),
        "severity": None if row.worst is None else str(row.worst.severity),
        "worst": None if row.worst is None else row.worst.message,
        "fleet": row.fleet or None,
        "wave": row.wave,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
