"""What people are still to be told: kept with the event itself, so that nothing is lost with the process."""

import contextlib
from collections.abc import Iterable

import sqlalchemy as sa

from migrator.errors import InputError
from migrator.model.names import absolute
from migrator.notices import Notice, notice_of
from migrator.state.migrations import event_of
from migrator.state.store import Store
from migrator.state.tables import EVENTS, MIGRATIONS, NOTICES


class Untold:
    """The notices of a state database that were not sent yet."""

    def __init__(self, store: Store) -> None:
        """Use the table of this database."""
        self._store = store

    def there_are(self) -> bool:
        """Tell whether there is a notice to be sent."""
        with self._store.reading() as connection:
            return connection.execute(sa.select(NOTICES.c.event).limit(1)).first() is not None

    def notices(self) -> dict[int, Notice | None]:
        """Return the notices in the order of their events, by the number of the event.

        None where nobody need be told any more: something else has happened in the migration since then.
        """
        later = EVENTS.alias()
        latest = sa.select(sa.func.max(later.c.id)).where(later.c.migration == EVENTS.c.migration)
        query = (
            sa.select(EVENTS, MIGRATIONS.c.domain, latest.scalar_subquery().label("latest"))
            .join(NOTICES, NOTICES.c.event == EVENTS.c.id)
            .join(MIGRATIONS, MIGRATIONS.c.id == EVENTS.c.migration)
            .order_by(EVENTS.c.id)
        )
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
        found: dict[int, Notice | None] = {}
        for row in rows:
            # A row that a newer version wrote, or that is damaged, stops no other.
            with contextlib.suppress(InputError):
                notice = notice_of(absolute(row["domain"]), event_of(row, self._store.shown_as))
                found[row["id"]] = notice if row["id"] == row["latest"] else None
        return found

    def told(self, events: Iterable[int]) -> None:
        """Take away the notices of these events: they were sent, or given up."""
        with self._store.writing() as connection:
            connection.execute(sa.delete(NOTICES).where(NOTICES.c.event.in_(list(events))))
