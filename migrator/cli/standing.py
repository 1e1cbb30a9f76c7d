"""What was seen of a domain after its migration had come to its end: it wins over what was so then."""

from migrator.journey.migration import Migration
from migrator.journey.state import Status
from migrator.model.names import for_people
from migrator.model.phrases import safe
from migrator.state.migrations import Migrations
from migrator.state.reading import read_known
from migrator.state.store import Store
from migrator.story.account import Deletion


def seen_since(store: Store, migration: Migration, named: str) -> str:
    """Return what speaks against deleting the old zone of a migration that is complete; empty where nothing does.

    `named` is what commands have to name besides.
    """
    if migration.status is not Status.COMPLETE:
        return ""
    last = Migrations(store).of(migration.domain)
    if last is not None and last.number != migration.number:
        zone = f"{for_people(migration.domain)}{named}"
        sides = f"from {safe(last.options.source)} to {safe(last.options.target)}"
        return f"A move {sides} was begun since: 'dns-migrator status {zone}' says where that stands."
    account = read_known(store, migration.domain)
    if account is None or account.verdict.deletion is Deletion.SAFE:
        return ""
    return account.verdict.deletion_sentence
