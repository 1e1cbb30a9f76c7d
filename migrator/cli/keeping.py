"""What commands found, kept as the documents that they print: where that fails, a command says so and goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.errors import MigratorError

if TYPE_CHECKING:
    from dns.name import Name

    from migrator.state.documents import Documents


def keep_document(database: str, domain: "Name", text: str) -> bool:
    """Keep a document in the state database; False where it could not be, which is said."""
    from migrator.state.documents import Documents
    from migrator.state.store import open_store

    try:
        with open_store(database) as store:
            Documents(store).keep(domain, text)
    except MigratorError as exc:
        _say_what_is_missing(exc)
        return False
    return True


def keep_where_there_is(database: str, domain: "Name", text: Callable[[], str]) -> None:
    """Keep a document where the state database is there already: who only reads makes none."""
    if is_there(database):
        keep_document(database, domain, text())


@contextmanager
def keeping_where_there_is(database: str) -> Iterator["Keeper"]:
    """Give what keeps many documents, as `keep_where_there_is` does one; the database is opened once."""
    if not is_there(database):
        yield Keeper(None)
        return
    from migrator.state.documents import Documents
    from migrator.state.store import open_store

    try:
        store = open_store(database)
    except MigratorError as exc:
        _say_what_is_missing(exc)
        yield Keeper(None)
        return
    with store:
        yield Keeper(Documents(store))


class Keeper:
    """Keeps documents until that fails once, which is said; without any, it keeps nothing."""

    def __init__(self, documents: "Documents | None") -> None:
        """Keep in these documents."""
        self._documents = documents

    def __call__(self, domain: "Name", text: Callable[[], str]) -> None:
        """Keep a document of a domain."""
        if self._documents is None:
            return
        try:
            self._documents.keep(domain, text())
        except MigratorError as exc:
            self._documents = None
            _say_what_is_missing(exc)


def is_there(database: str) -> bool:
    """Tell whether the state database is there, or may be: a server's is not looked for."""
    return "://" in database or Path(database).exists()


def _say_what_is_missing(exc: MigratorError) -> None:
    from migrator.cli import screen

    screen.note(f"dns-migrator: {exc} The result is shown, and will be missing from `report`.")
