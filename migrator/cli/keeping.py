"""What commands found, kept as the documents that they print: where that fails, a command says so and goes on."""

from pathlib import Path
from typing import TYPE_CHECKING

from migrator.errors import MigratorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dns.name import Name


def keep_document(database: str, domain: "Name", text: str) -> bool:
    """Keep a document in the state database; False where it could not be, which is said."""
    from migrator.cli import screen
    from migrator.documents import Documents
    from migrator.store import open_store

    try:
        with open_store(database) as store:
            Documents(store).keep(domain, text)
    except MigratorError as exc:
        screen.note(f"dns-migrator: {exc} The result is shown, and will be missing from `report`.")
        return False
    return True


def keep_where_there_is(database: str, domain: "Name", text: "Callable[[], str]") -> None:
    """Keep a document where the state database is there already: who only reads makes none."""
    if "://" in database or Path(database).exists():
        keep_document(database, domain, text())
