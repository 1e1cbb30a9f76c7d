"""Migrations in a state database: events in, the state beside them, one end for each attempt."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from migrator.cli.deciding import Decisions
from migrator.errors import InputError, UnsafeError
from migrator.journey.events import Event, Kind, Worst
from migrator.journey.options import Options, dumps, loads
from migrator.journey.stages import Stage
from migrator.journey.state import Status
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.state.documents import Documents
from migrator.state.migrations import Migrations, Selection
from migrator.state.reading import papers_about
from migrator.state.store import Store, open_store
from migrator.state.tables import DOCUMENTS, EVENTS, MIGRATIONS

DOMAIN = absolute("example.org")
OPTIONS = Options(
    "route53:example.org",
    "cloudflare:example.org",
    accepts=("weights-merged",),
    identifiers=("a=b",),
    old_queries=0,
    every=7,
)


@pytest.fixture
def store(state_database: str) -> Iterator[Store]:
    with open_store(state_database) as found:
        yield found


def now() -> datetime:
    return datetime.now(UTC)


def test_a_migration_is_as_it_was_begun(store: Store) -> None:
    begun = Migrations(store).begin(DOMAIN, OPTIONS, by="anna", fleet="spring", wave=2)

    assert Migrations(store).of(DOMAIN) == begun
    assert (begun.domain, begun.options, begun.fleet, begun.wave) == (DOMAIN, OPTIONS, "spring", 2)
    assert (begun.stage, begun.status, begun.turn, begun.due) == (Stage.BACKUP, Status.RUNNING, 0, begun.begun)


def test_a_domain_has_one_migration_at_a_time(store: Store) -> None:
    migrations = Migrations(store)
    first = migrations.begin(DOMAIN, OPTIONS)

    with pytest.raises(UnsafeError, match="under way"):
        migrations.begin(DOMAIN, OPTIONS)

    migrations.said(first, Event(Kind.ABORTED, Stage.BACKUP, now(), because="another plan"))
    second = migrations.begin(DOMAIN, OPTIONS)
    assert migrations.of(DOMAIN) == second
    assert migrations.all() == (second,)


def test_an_attempt_has_one_end(store: Store) -> None:
    migrations = Migrations(store)
    migration = migrations.begin(DOMAIN, OPTIONS)
    done = Event(Kind.DONE, Stage.BACKUP, now(), "backed up", documents=(1, 2), by="one", worst=None)

    first = migrations.ended(migration, 0, done)
    second = migrations.ended(migration, 0, replace(done, by="another"))

    assert first is not None
    assert (first.stage, first.turn, second) == (Stage.PREPARE, 1, None)
    told = migrations.told(migration)
    assert [(each.kind, each.by, each.documents) for each in told.events] == [
        (Kind.BEGUN, "", ()),
        (Kind.DONE, "one", (1, 2)),
    ]


def test_no_attempt_begins_after_a_person_has_paused(store: Store) -> None:
    migrations = Migrations(store)
    migration = migrations.begin(DOMAIN, OPTIONS)

    migrations.said(migration, Event(Kind.PAUSED, Stage.BACKUP, now()))
    while_paused = migrations.taken(migration, 0, "one")
    resumed = migrations.said(migration, Event(Kind.RESUMED, Stage.BACKUP, now()))

    assert (while_paused, resumed.worker) == (False, "")
    assert migrations.taken(migration, 0, "one")


def test_the_same_end_again_is_one_event_with_a_count(store: Store) -> None:
    migrations = Migrations(store)
    migration = migrations.begin(DOMAIN, OPTIONS)
    start = now()
    looks = [
        Event(Kind.ASKS, Stage.BACKUP, start + timedelta(hours=hour), "the registrar", start, by=str(hour))
        for hour in range(3)
    ]

    for turn, look in enumerate(looks):
        migrations.ended(migration, turn, look)
    migrations.said(migration, Event(Kind.APPROVED, Stage.BACKUP, now()))
    after = migrations.ended(migration, 3, looks[2])

    told = migrations.told(migration)
    assert [(each.kind, each.turn, each.times, each.by) for each in told.events] == [
        (Kind.BEGUN, None, 1, ""),
        (Kind.ASKS, 2, 3, "2"),
        (Kind.APPROVED, None, 1, ""),
        (Kind.ASKS, 3, 1, "2"),
    ]
    assert (told.events[1].at, told.events[1].latest) == (looks[0].at, looks[2].at)
    assert after is not None
    assert (after.turn, migrations.ended(migration, 3, looks[0])) == (4, None)


def test_events_are_kept_whole(store: Store) -> None:
    migrations = Migrations(store)
    migration = migrations.begin(DOMAIN, OPTIONS)
    until = now() + timedelta(hours=1)
    asks = Event(
        Kind.ASKS,
        Stage.BACKUP,
        now(),
        "decide",
        until,
        ("dns-migrator approve example.org import",),
        Worst(Severity.ERROR, "weights are lost"),
        plan="sha256:0",
        by="one",
        saw=1,
    )
    said = Event(Kind.APPROVED, Stage.BACKUP, now(), words=("weights-merged",), because="as agreed", by="anna")

    migrations.ended(migration, 0, asks)
    migrations.said(migration, said, change=lambda known: replace(known, yes=True))

    told = migrations.told(migration)
    assert [replace(each, number=0) for each in told.events[1:]] == [replace(asks, turn=0), said]
    assert told.migration.options == replace(OPTIONS, yes=True)
    assert told.migration.worst == Worst(Severity.ERROR, "weights are lost")
    assert told.migration.due == said.at


def test_what_two_persons_decide_at_once_is_decided_by_both(store: Store) -> None:
    migrations = Migrations(store)
    seen_by_both = migrations.begin(DOMAIN, OPTIONS)
    said = Event(Kind.APPROVED, Stage.BACKUP, now())
    anna, ben = Decisions(accepts=["weights-merged"]), Decisions(accepts=["alias-addresses"], old_queries=0)

    migrations.said(seen_by_both, said, change=anna.over)
    after = migrations.said(seen_by_both, said, change=ben.over)

    assert after.options == replace(OPTIONS, accepts=("weights-merged", "alias-addresses"), old_queries=0)


def test_a_stage_of_a_newer_version_is_not_counted(store: Store) -> None:
    migrations = Migrations(store)
    migrations.begin(DOMAIN, OPTIONS)
    newer = migrations.begin(absolute("example.net"), OPTIONS)
    with store.writing() as connection:
        connection.execute(sa.update(MIGRATIONS).where(MIGRATIONS.c.id == newer.number).values(status="resting"))

    assert migrations.counts() == {(Stage.BACKUP, Status.RUNNING): 1}


def test_what_is_due_comes_in_the_order_of_its_waiting(store: Store) -> None:
    migrations = Migrations(store)
    begun = [migrations.begin(absolute(f"{name}.example.org"), OPTIONS) for name in ("a", "b", "c", "d")]
    start = now()
    waits = Event(Kind.WAITS, Stage.BACKUP, start, until=start + timedelta(hours=1))
    migrations.ended(begun[0], 0, waits)
    migrations.ended(begun[1], 0, replace(waits, until=start - timedelta(hours=1)))
    migrations.said(begun[3], Event(Kind.PAUSED, Stage.BACKUP, start))

    def names(at: datetime, limit: int = 9) -> list[str]:
        return [str(each.domain)[0] for each in migrations.due(at, limit)]

    assert names(now()) == ["b", "c"]
    assert names(now() + timedelta(hours=2)) == ["b", "c", "a"]
    assert names(now() + timedelta(hours=2), 1) == ["b"]
    assert [each.number for each in migrations.due(now(), 9, Selection(numbers=frozenset({begun[2].number})))] == [
        begun[2].number
    ]


def test_what_is_put_off_is_the_attempt_that_another_makes_and_not_the_next(store: Store) -> None:
    migrations = Migrations(store)
    begun = migrations.begin(DOMAIN, OPTIONS)
    after = migrations.ended(begun, 0, Event(Kind.DONE, Stage.BACKUP, now()))

    migrations.postpone(begun.key, 0, timedelta(hours=1))
    untouched = migrations.numbered(begun.number)
    migrations.postpone(begun.key, 1, timedelta(hours=1))

    assert untouched == after
    assert migrations.due(now() + timedelta(minutes=59), 9) == ()
    assert [each.number for each in migrations.due(now() + timedelta(minutes=61), 9)] == [begun.number]


def test_what_cannot_be_read_takes_no_place_of_what_is_due(store: Store) -> None:
    migrations = Migrations(store)
    ours = [migrations.begin(absolute(f"d{each}.example.org"), OPTIONS) for each in range(3)]
    with store.writing() as connection:
        theirs = sa.update(MIGRATIONS).where(MIGRATIONS.c.id != ours[2].number)
        connection.execute(theirs.values(options='{"from": '))

    due = migrations.due(now(), 1)

    assert [each.domain for each in due] == [ours[2].domain]


@pytest.mark.parametrize("values", [{"kind": "rested"}, {"more": "{"}], ids=["newer", "damaged"])
def test_an_event_that_cannot_be_read_is_told_with_its_domain(store: Store, values: dict[str, str]) -> None:
    migrations = Migrations(store)
    begun = migrations.begin(absolute("example.org"), OPTIONS)
    with store.writing() as connection:
        connection.execute(sa.update(EVENTS).values(**values))

    with pytest.raises(
        InputError, match=r"^example\.org: .*: event 1 cannot be read \(.*[^.]\): it is damaged, or a"
    ):
        migrations.told(begun)


def test_a_listing_names_what_has_an_event_of_a_newer_version(store: Store) -> None:
    migrations = Migrations(store)
    theirs, ours = (migrations.begin(absolute(name), OPTIONS) for name in ("example.org", "example.net"))
    with store.writing() as connection:
        connection.execute(sa.update(EVENTS).where(EVENTS.c.migration == theirs.number).values(kind="rested"))

    found, messages = migrations.listed()

    assert [each.domain for each in found] == [theirs.domain, ours.domain]
    assert messages == (
        f"example.org: {store.shown_as}: event 1 cannot be read: it is damaged, or a newer dns-migrator wrote it.",
    )


def test_options_of_a_newer_version_are_refused() -> None:
    assert loads(dumps(OPTIONS), file="x") == OPTIONS
    for text in ('{"source":"a","target":"b","haste":1}', '{"source":"a"}', '{"source":"a","target":1}'):
        with pytest.raises(InputError):
            loads(text, file="x")


def test_documents_are_found_by_domain_and_schema(store: Store) -> None:
    documents = Documents(store)
    first = documents.keep(DOMAIN, '{"schema":"dns-migrator/diff/1","a":1}')
    second = documents.keep(DOMAIN, '{"schema":"dns-migrator/lint/1"}')
    documents.keep(absolute("example.net"), '{"schema":"dns-migrator/lint/1"}')

    assert [each.number for each in documents.of(DOMAIN)] == [first, second]
    assert [each.text for each in documents.of(DOMAIN, "dns-migrator/diff/1")] == [
        '{"schema":"dns-migrator/diff/1","a":1}'
    ]
    assert [each.number for each in documents.numbered([second])] == [second]


def test_a_long_document_is_kept_small_and_told_whole(store: Store) -> None:
    text = json.dumps({"schema": "dns-migrator/diff/1", "names": [f"host{n}.bücher.example" for n in range(9000)]})
    documents = Documents(store)
    number = documents.keep(DOMAIN, text)

    with store.reading() as connection:
        kept = connection.execute(sa.select(DOCUMENTS.c.text)).scalar_one()
    assert len(kept) < len(text) / 4
    assert [each.text for each in documents.numbered([number])] == [text]
    assert [each.text for each in papers_about(store, DOMAIN)] == [text]


def test_a_document_that_is_damaged_stops_no_other(store: Store) -> None:
    documents = Documents(store)
    whole = '{"schema":"dns-migrator/lint/1"}'
    damaged = documents.keep(DOMAIN, whole)
    documents.keep(DOMAIN, whole)
    with store.writing() as connection:
        row = sa.update(DOCUMENTS).where(DOCUMENTS.c.id == damaged)
        connection.execute(row.values(text="zlib;base64,AAAA"))

    first, second = documents.of(DOMAIN)
    assert second.text == whole
    with pytest.raises(InputError, match=f"document {damaged}:1: not JSON"):
        first.shape()


def test_what_happened_is_told_of_the_chosen_migrations_alone(store: Store) -> None:
    migrations = Migrations(store)
    for wave, name in enumerate(("a", "b"), 1):
        migrations.begin(absolute(f"{name}.example.org"), OPTIONS, fleet="spring", wave=wave)

    told = migrations.events_after(0, Selection(wave=2, in_fleet=True))

    assert [(str(domain), event.kind) for domain, event in told] == [("b.example.org.", Kind.BEGUN)]
    assert len(migrations.events_after(0)) == 2
