"""Who carries out migrations: a row for each worker of a state database, with when it was last seen alive."""

from datetime import timedelta

import sqlalchemy as sa

from migrator.codec.observation import instant, parse_instant
from migrator.state.locks import host, is_running, now_of, this_process
from migrator.state.store import Store
from migrator.state.tables import WORKERS


class Workers:
    """The workers of a state database."""

    def __init__(self, store: Store) -> None:
        """Use the table of this database."""
        self._store = store

    def arrive(self, name: str) -> None:
        """Add a worker: this process."""
        with self._store.writing() as connection:
            connection.execute(sa.delete(WORKERS).where(WORKERS.c.name == name))
            connection.execute(sa.insert(WORKERS).values(name=name, **this_process(now_of(connection))))

    def beat(self, name: str) -> None:
        """Note that a worker lives: this process, also where another took it for dead meanwhile."""
        with self._store.writing() as connection:
            mine = sa.update(WORKERS).where(WORKERS.c.name == name)
            found = connection.execute(mine.values(beat=instant(now_of(connection))))
            if not found.rowcount:
                connection.execute(sa.insert(WORKERS).values(name=name, **this_process(now_of(connection))))

    def leave(self, name: str) -> None:
        """Take a worker away."""
        with self._store.writing() as connection:
            connection.execute(sa.delete(WORKERS).where(WORKERS.c.name == name))

    def names(self) -> tuple[str, ...]:
        """Return every worker that came and has not left."""
        with self._store.reading() as connection:
            return tuple(connection.execute(sa.select(WORKERS.c.name).order_by(WORKERS.c.utc)).scalars())

    def dead(self, silence: timedelta) -> tuple[str, ...]:
        """Return the workers that are gone: their process on this host, or silent for so long elsewhere."""
        here = host()
        with self._store.reading() as connection:
            now = now_of(connection)
            rows = connection.execute(sa.select(WORKERS)).mappings().all()
        return tuple(
            row["name"]
            for row in rows
            if (row["host"] == here and not is_running(row["process"], row["started"]))
            or (row["host"] != here and now - parse_instant(row["beat"]) > silence)
        )
