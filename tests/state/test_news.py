"""What happens from now on in many migrations: each event is told once, in whatever order they are kept."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from migrator.journey.events import Event, Kind
from migrator.journey.options import Options
from migrator.journey.stages import Stage
from migrator.model.names import absolute
from migrator.state.migrations import Migration, Migrations, Selection
from migrator.state.news import News
from migrator.state.store import Store, open_store
from migrator.state.tables import EVENTS
from tests.postgres import Postgres

FLEET = Selection("spring")


def begun(store: Store, name: str, fleet: str = "spring") -> Migration:
    return Migrations(store).begin(absolute(name), Options("route53:", "cloudflare:"), fleet=fleet)


def failed(text: str) -> Event:
    return Event(Kind.FAILED, Stage.BACKUP, datetime.now(UTC), text)


def told(news: News) -> list[tuple[str, str]]:
    return [(str(domain), event.text) for domain, event in news.since_last()]


def test_what_has_happened_since_the_last_look_is_told_once(
    state_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrator.state.news._OVERTAKEN", 2)
    with open_store(state_database) as store:
        migrations, other, one = (
            Migrations(store),
            begun(store, "example.net", "other"),
            begun(store, "example.org"),
        )
        migrations.ended(one, 0, failed("before"))
        migrations.ended(other, 0, failed("of no interest"))
        news = News(migrations, FLEET)
        first = told(news)
        migrations.ended(one, 1, failed("no answer"))

        assert (first, told(news), told(news)) == ([], [("example.org.", "no answer")], [])


def test_an_event_of_a_newer_version_stops_no_other(state_database: str) -> None:
    with open_store(state_database) as store:
        migrations, one, other = Migrations(store), begun(store, "example.org"), begun(store, "example.net")
        with store.writing() as connection:
            connection.execute(sa.update(EVENTS).where(EVENTS.c.migration == one.number).values(kind="rested"))
        news = News(migrations, FLEET)
        migrations.ended(other, 0, failed("no answer"))

        assert told(news) == [("example.net.", "no answer")]


def test_an_event_that_was_kept_after_one_with_a_greater_number_is_told(postgres: Postgres) -> None:
    database = postgres.new()
    with open_store(database) as store, open_store(database) as other:
        slow, quick = begun(store, "example.org"), begun(store, "example.net")
        news = News(Migrations(store), FLEET)
        with other.writing() as connection:
            # The number is given now, and others see the event at the end of the transaction.
            row = sa.select(EVENTS).where(EVENTS.c.migration == slow.number)
            begins = dict(connection.execute(row).mappings().one())
            late = {**begins, "text": "slow", "kind": "failed"}
            del late["id"]
            connection.execute(sa.insert(EVENTS).values(**late))
            Migrations(store).ended(quick, 0, failed("quick"))
            first = told(news)

        assert (first, told(news), told(news)) == ([("example.net.", "quick")], [("example.org.", "slow")], [])
