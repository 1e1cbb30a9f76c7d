"""Migrations that this version cannot read, damaged or written by a newer one: they stop no other. No IO here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from migrator.errors import InputError
from migrator.journey.stages import Stage
from migrator.journey.state import Status
from migrator.model.phrases import safe
from migrator.state.tables import MIGRATIONS

Found = TypeVar("Found")

# True of the rows whose stage and status this version knows.
IS_KNOWN = sa.and_(MIGRATIONS.c.stage.in_(map(str, Stage)), MIGRATIONS.c.status.in_(map(str, Status)))


def unread(row: sa.RowMapping, database: str, cause: Exception) -> InputError:
    """Return which migration cannot be read, and why."""
    domain, why = safe(str(row["domain"])).rstrip("."), str(cause).removesuffix(".")
    return InputError(
        f"{database}: migration {row['id']}, of {domain}, cannot be read ({why}): it is damaged, or a newer "
        "dns-migrator wrote it."
    )


def read_each(
    rows: Iterable[sa.RowMapping], read: Callable[[sa.RowMapping], Found]
) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """Return what can be read, and what to say of each of the others."""
    found, messages = [], []
    for row in rows:
        try:
            found.append(read(row))
        except InputError as exc:
            messages.append(str(exc))
    return tuple(found), tuple(messages)


def counts_known(found: Iterable[Sequence[Any]]) -> Iterator[tuple[Stage, Status, int]]:
    """Yield how many migrations stand where, of those that stand where this version knows it."""
    for stage, status, number in found:
        if stage in tuple(Stage) and status in tuple(Status):
            yield Stage(stage), Status(status), number
