"""What `import`, `export` and `diff` tell of TTLs that `ttl lower` has lowered, and that are not put back yet."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from migrator.cli.keeping import is_there
from migrator.errors import MigratorError

if TYPE_CHECKING:
    from dns.name import Name

    from migrator.model.zone import ZoneSnapshot
    from migrator.state.store import Store
    from migrator.state.ttlmemory import Remembered

_NAMED = 20


def tell_lowered(database: str, zone: "ZoneSnapshot", then: str, *, quiet: bool = False) -> None:
    """Say on stderr that the zone which was read has lowered TTLs; `then` says what to do, and when."""
    if not is_there(database):
        return
    from migrator.cli import screen
    from migrator.model.names import for_people
    from migrator.workflow.lowered import lowered_in

    for clause in asked_of(database, lambda store: lowered_in(store, zone)):
        screen.note(f"dns-migrator: {for_people(zone.origin)} has {clause}; {then}", quiet=quiet)


class Lowered:
    """Tells the same of many zones together; the state database is asked once, before the first is read."""

    def __init__(self, database: str, domains: "Iterable[Name]") -> None:
        """Ask for what is lowered of these domains."""
        self._pending: dict[Name, tuple[Remembered, ...]] = {}
        self._notes: list[str] = []

        def ask(store: "Store") -> tuple[str, ...]:
            from migrator.state.ttlmemory import TtlMemory

            memory = TtlMemory(store)
            self._pending = {domain: memory.pending(domain) for domain in domains}
            return ()

        asked_of(database, ask)

    def look_at(self, zone: "ZoneSnapshot", then: str) -> None:
        """Note what is lowered of a zone that was read; `then` is what to do, before the name of the domain."""
        pending = self._pending.get(zone.origin)
        if not pending:
            return
        from migrator.model.names import for_people
        from migrator.workflow.lowered import lowered_of

        name = for_people(zone.origin)
        self._notes += [f"{name} has {clause}; {then} {name}" for clause in lowered_of(zone, pending)]

    def tell(self, *, quiet: bool) -> None:
        """Say what was noted."""
        from migrator.cli import screen

        for note in self._notes[:_NAMED]:
            screen.note(f"dns-migrator: {note}", quiet=quiet)
        more = len(self._notes) - _NAMED
        if more > 0:
            screen.note(f"dns-migrator: the same of {more:,} more.", quiet=quiet)


def asked_of(database: str, ask: "Callable[[Store], tuple[str, ...]]") -> tuple[str, ...]:
    """Return what the state database says, if it is there; one that cannot be used is told where it is needed."""
    if not is_there(database):
        return ()
    from migrator.state.store import open_store

    try:
        with open_store(database) as store:
            return ask(store)
    except MigratorError:
        return ()
