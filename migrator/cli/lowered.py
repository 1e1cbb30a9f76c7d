"""What `import`, `export` and `diff` tell of TTLs that `ttl lower` has lowered, and that are not put back yet."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from migrator.cli.keeping import is_there
from migrator.errors import MigratorError

if TYPE_CHECKING:
    from dns.name import Name

    from migrator.model.zone import ZoneSnapshot
    from migrator.state.store import Store
    from migrator.state.ttlmemory import Remembered

_NAMED = 20
_Told = TypeVar("_Told")


def tell_lowered(database: str, zone: "ZoneSnapshot", then: str, *, quiet: bool = False) -> None:
    """Say on stderr that the zone which was read has lowered TTLs; `then` says what to do, and when."""
    lowered = Lowered(database, (zone.origin,))
    lowered.look_at(zone, then)
    lowered.tell(quiet=quiet)


class Lowered:
    """Tells the same of many zones together; the state database is asked once, before the first is read."""

    def __init__(self, database: str, domains: "Iterable[Name]") -> None:
        """Ask for what is lowered of these domains."""
        self._notes: list[str] = []

        def pending(store: "Store") -> "Iterable[tuple[Name, tuple[Remembered, ...]]]":
            from migrator.state.ttlmemory import TtlMemory

            memory = TtlMemory(store)
            return [(domain, memory.pending(domain)) for domain in domains]

        self._pending = dict(asked_of(database, pending))

    def look_at(self, zone: "ZoneSnapshot", then: str) -> None:
        """Note what is lowered of a zone that was read; `then` says what to do, and when."""
        pending = self._pending.get(zone.origin)
        if not pending:
            return
        from migrator.model.names import for_people
        from migrator.workflow.lowered import lowered_of

        name = for_people(zone.origin)
        self._notes += [f"{name} has {clause}; {then}" for clause in lowered_of(zone, pending)]

    def tell(self, *, quiet: bool) -> None:
        """Say what was noted, on stderr."""
        if not self._notes:
            return
        from migrator.cli import screen

        for note in self._notes[:_NAMED]:
            screen.note(f"dns-migrator: {note}", quiet=quiet)
        more = len(self._notes) - _NAMED
        if more > 0:
            screen.note(f"dns-migrator: the same of {more:,} more.", quiet=quiet)


def asked_of(database: str, ask: "Callable[[Store], Iterable[_Told]]") -> "Iterable[_Told]":
    """Return what the state database says, if it is there; one that cannot be used is told where it is needed."""
    if not is_there(database):
        return ()
    from migrator.state.store import open_store

    try:
        with open_store(database) as store:
            return ask(store)
    except MigratorError:
        return ()
