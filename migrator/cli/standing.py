"""What becomes of the old zone once a migration has come to its end, by all that was seen until now."""

from migrator.journey.migration import Migration
from migrator.journey.state import Status
from migrator.model.names import for_people
from migrator.model.phrases import safe
from migrator.state.migrations import Migrations
from migrator.state.reading import read_known
from migrator.state.store import Store
from migrator.story.account import Deletion


def of_the_old_zone(store: Store, migration: Migration, named: str) -> str:
    """Return whether the old zone of a migration that is complete may go, in sentences; empty before its end.

    The report on the domain says the same: what was seen last wins over what was so at the end. `named` is what
    commands have to name besides.
    """
    if migration.status is not Status.COMPLETE:
        return ""
    last = Migrations(store).of(migration.domain)
    if last is not None and last.number != migration.number:
        zone = f"{for_people(migration.domain)}{named}"
        sides = f"from {safe(last.options.source)} to {safe(last.options.target)}"
        return f"A move {sides} was begun since: 'dns-migrator status {zone}' says where that stands."
    account = read_known(store, migration.domain)
    assert account is not None, "a migration is remembered"
    said = safe(account.verdict.deletion_sentence)
    if account.verdict.deletion is not Deletion.SAFE:
        return f"{said} Let 'check --phase close' say go before it is deleted."
    return (
        f"{said} It is {safe(migration.options.source)}, and nothing here deletes it by itself. "
        "Later than that, ask 'check --phase close' once more."
    )
