"""Reads from a state database, and the backup folders that it names, what a report on a domain is made from."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from dns.name import Name

from migrator.backup.kept import kept_in
from migrator.codec.observation import parse_instant
from migrator.codec.shape import parse_object
from migrator.errors import InputError
from migrator.journey.migration import Told
from migrator.model.finding import Phase
from migrator.model.names import text_of
from migrator.past import Past
from migrator.state.documents import unpacked
from migrator.state.migrations import Migrations
from migrator.state.remembered import is_remembered, outline_of
from migrator.state.store import Store, tool
from migrator.state.tables import DOCUMENTS
from migrator.story.account import Account
from migrator.story.given import Folder, Given, Paper
from migrator.story.papers import papers_of
from migrator.story.telling import account_of, referenced_folders

_CHECKLIST = "dns-migrator/checklist/1"
# Of these all count; of others the newest.
_ALL = frozenset({"dns-migrator/import/1", "dns-migrator/export/1"})
# How far back a checklist of each phase is looked for: a gate may be looked at for days.
_MOST_CHECKLISTS = 60
_MOST = 100


def read_account(store: Store, domain: Name, now: datetime | None = None, *, folders: bool = True) -> Account:
    """Return the report on a domain; backup folders are read and verified unless that is not wanted."""
    return account_of(given_of(store, domain, now or datetime.now(UTC), folders=folders))


def read_known(store: Store, domain: Name) -> Account | None:
    """Return the report on a domain as it is now, without its backup folders; None where nothing is known."""
    if not is_remembered(store, domain):
        return None
    return account_of(given_of(store, domain, datetime.now(UTC), folders=False))


def given_of(store: Store, domain: Name, now: datetime, *, folders: bool = True) -> Given:
    """Return all that is known of a domain."""
    past = outline_of(store, domain)
    papers = papers_about(store, domain)
    return Given(
        domain,
        now,
        past,
        _journey(store, domain),
        papers,
        _folders(past, papers) if folders else (),
        tool(),
    )


def papers_about(store: Store, domain: Name) -> tuple[Paper, ...]:
    """Return the documents of a domain that count, in the order in which they were kept."""
    mine = DOCUMENTS.c.domain == text_of(domain)
    found: list[Paper] = []
    with store.reading() as connection:
        for schema in connection.execute(sa.select(DOCUMENTS.c.schema).where(mine).distinct()).scalars().all():
            most = _MOST if schema in _ALL else _MOST_CHECKLISTS if schema == _CHECKLIST else 1
            query = sa.select(DOCUMENTS).where(mine, DOCUMENTS.c.schema == schema)
            rows = connection.execute(query.order_by(DOCUMENTS.c.id.desc()).limit(most)).mappings()
            papers = (
                Paper(row["id"], parse_instant(row["utc"]), row["tool"], row["schema"], unpacked(row["text"]))
                for row in rows
            )
            found += _newest_of_each_phase(papers) if schema == _CHECKLIST else papers
    return tuple(sorted(found, key=lambda paper: paper.number))


def _newest_of_each_phase(papers: Iterable[Paper]) -> list[Paper]:
    found: dict[str, Paper] = {}
    for paper in papers:
        try:
            phase = parse_object(paper.text, "document").text("phase")
        except InputError:
            phase = f"document {paper.number}"
        found.setdefault(phase, paper)
        if len(found.keys() & set(map(str, Phase))) == len(Phase):
            break
    return list(found.values())


def _journey(store: Store, domain: Name) -> Told | None:
    migrations = Migrations(store)
    migration = migrations.of(domain)
    return None if migration is None else migrations.told(migration)


def _folders(past: Past, papers: tuple[Paper, ...]) -> tuple[Folder, ...]:
    return tuple(_folder(path) for path in referenced_folders(past, papers_of(papers)))


def _folder(path: str) -> Folder:
    if not Path(path).is_dir():
        return Folder(path, trouble="it is not on this machine, or not below this folder")
    kept = kept_in(Path(path))
    if kept.zone is None:
        return Folder(path, trouble=kept.trouble)
    return Folder(path, kept.taken, kept.zone.digest(), kept.zone.record_count())
