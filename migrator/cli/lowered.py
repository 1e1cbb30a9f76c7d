"""What `import`, `export` and `diff` tell of TTLs that `ttl lower` has lowered, and that are not put back yet."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from migrator.cli.keeping import is_there
from migrator.errors import MigratorError

if TYPE_CHECKING:
    from migrator.model.zone import ZoneSnapshot
    from migrator.state.store import Store


def tell_lowered(database: str, zone: "ZoneSnapshot", then: str, *, quiet: bool = False) -> None:
    """Say on stderr that the zone which was read has lowered TTLs; `then` says what to do, and when."""
    if not is_there(database):
        return
    from migrator.cli import screen
    from migrator.model.names import for_people
    from migrator.workflow.lowered import lowered_in

    for clause in asked_of(database, lambda store: lowered_in(store, zone)):
        screen.note(f"dns-migrator: {for_people(zone.origin)} has {clause}; {then}", quiet=quiet)


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
