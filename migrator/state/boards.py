"""Reads the board from a state database, which filters, sorts and pages it: ten thousand moves are no load."""

from datetime import UTC, datetime

import sqlalchemy as sa
from dns.exception import DNSException

from migrator.codec.observation import parse_instant
from migrator.errors import InputError
from migrator.journey.events import Worst
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.model.finding import Severity
from migrator.model.names import absolute, text_of
from migrator.state.store import Store
from migrator.state.tables import MIGRATIONS
from migrator.state.unread import counts_known, read_each, unread
from migrator.story.board import URGENCY, Board, Filter, Row, counts_of

PAGE = 100
_HERE = MIGRATIONS.c


def read_board(store: Store, wanted: Filter, now: datetime | None = None, *, page_size: int = PAGE) -> Board:
    """Return one page of the board; only the last migration of each domain is on it."""
    newest = _HERE.id.in_(sa.select(sa.func.max(_HERE.id)).group_by(_HERE.domain))
    some = sa.and_(newest, *_some(wanted))
    exact = sa.and_(some, *_exact(wanted))
    by_urgency = sa.case({str(status): place for place, status in enumerate(URGENCY)}, value=_HERE.status)
    by_stage = sa.case({str(stage): stage.number for stage in STAGES}, value=_HERE.stage)
    rows = (
        sa.select(*(column for column in _HERE if column.name != "options"))
        .where(exact)
        .order_by(by_urgency, by_stage, _HERE.domain)
        .limit(page_size)
        .offset(page_size * (wanted.page - 1))
    )
    grouped = sa.select(_HERE.stage, _HERE.status, sa.func.count()).where(some)
    fleets = sa.select(_HERE.fleet).where(newest, _HERE.fleet != "").distinct().order_by(_HERE.fleet)
    with store.reading() as connection:
        found, messages = read_each(connection.execute(rows).mappings(), lambda row: _row(row, store.shown_as))
        matching = connection.execute(sa.select(sa.func.count()).select_from(MIGRATIONS).where(exact)).scalar_one()
        counted = connection.execute(grouped.group_by(_HERE.stage, _HERE.status)).all()
        names = tuple(connection.execute(fleets).scalars())
    counts = counts_of(counts_known(counted))
    at = now or datetime.now(UTC)
    return Board(at, store.shown_as, wanted, found, matching, page_size, counts, names, messages)


def _some(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """Return the conditions under which the stages and statuses are counted."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.fleet:
        found.append(_HERE.fleet == wanted.fleet)
    if wanted.text:
        texts = {wanted.text.lower(), *_as_dns(wanted.text)}
        columns = (_HERE.domain, sa.func.lower(_HERE.text), sa.func.lower(_HERE.worst))
        found.append(sa.or_(*(column.contains(text, autoescape=True) for column in columns for text in texts)))
    return found


def _exact(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.stage is not None:
        over = [str(status) for status in Status if status.is_over]
        found += [_HERE.stage == str(wanted.stage), _HERE.status.not_in(over)]
    if wanted.status is not None:
        found.append(_HERE.status == str(wanted.status))
    return found


def _as_dns(text: str) -> list[str]:
    """Return the text as the database has it in domain names, where it can be one (letters beyond ASCII)."""
    try:
        return [] if text.isascii() else [text_of(absolute(text)).rstrip(".")]
    except (InputError, DNSException):
        return []


def _row(row: sa.RowMapping, file: str) -> Row:
    due = row["due"] or (row["until"] if row["status"] != str(Status.PAUSED) else None)
    try:
        return Row(
            absolute(row["domain"]),
            Stage(row["stage"]),
            Status(row["status"]),
            row["text"],
            parse_instant(row["since"]),
            None if due is None else parse_instant(due),
            None if row["severity"] is None else Worst(Severity(row["severity"]), row["worst"]),
            row["fleet"],
            row["wave"],
        )
    except ValueError as exc:
        raise unread(row, file, exc) from exc
