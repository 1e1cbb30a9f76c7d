"""Notices are kept with their events, sent by one worker at a time, and taken away when they were sent."""

import errno
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from migrator.journey.events import Event, Kind
from migrator.journey.options import Options
from migrator.journey.stages import Stage
from migrator.model.names import absolute
from migrator.notices import document, notice_of
from migrator.notifying import Notifier
from migrator.notifying.tries import Patience
from migrator.state.locks import only_writer
from migrator.state.migrations import Migrations
from migrator.state.store import Store, open_store
from migrator.state.untold import Untold
from migrator.workflow.attempting import Worker
from migrator.workflow.telling import tell_on, telling
from tests.lab.waiting import wait_until
from tests.notifying.receiver import Receiver, receiving

DOMAINS = ("example.com", "example.net", "example.org")
OPTIONS = Options("route53:", "cloudflare:")


@pytest.fixture
def store(state_database: str) -> Iterator[Store]:
    with open_store(state_database) as found:
        yield found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as here:
        yield here


def worker(store: Store, database: str, receiver: Receiver, said: list[str]) -> Worker:
    notifier = Notifier.from_environment({"DNS_MIGRATOR_WEBHOOK": receiver.url}, patience=Patience(tries=1))
    return Worker(store, "one", lambda: open_store(database), say=said.append, notifier=notifier)


def asked(store: Store, domain: str, *, tells: bool = True) -> Event:
    migrations = Migrations(store)
    event = Event(Kind.ASKS, Stage.BACKUP, datetime.now(UTC), "decide")
    migrations.ended(migrations.begin(absolute(domain), OPTIONS), 0, event, tells=tells)
    return event


def test_what_several_domains_need_is_one_message(store: Store, state_database: str, receiver: Receiver) -> None:
    events = [asked(store, domain) for domain in DOMAINS]

    for _ in range(2):
        with telling(worker(store, state_database, receiver, [])):
            pass

    notices = [notice_of(absolute(domain), event) for domain, event in zip(DOMAINS, events, strict=True)]
    (told,) = receiver.told
    assert told["schema"] == "dns-migrator/notices/1"
    assert told["notices"] == [document(notice) for notice in notices if notice is not None]


def test_nothing_is_kept_where_nobody_tells(store: Store) -> None:
    asked(store, DOMAINS[0], tells=False)

    assert not Untold(store).there_are()


def test_the_same_again_is_not_told_again(store: Store, state_database: str, receiver: Receiver) -> None:
    migrations = Migrations(store)
    event = asked(store, DOMAINS[0])
    found = migrations.of(absolute(DOMAINS[0]))
    assert found is not None
    with telling(worker(store, state_database, receiver, [])):
        pass

    migrations.ended(found, 1, event, tells=True)

    assert (len(receiver.told), Untold(store).there_are()) == (1, False)


def test_another_worker_tells(store: Store, state_database: str, receiver: Receiver) -> None:
    asked(store, DOMAINS[0])

    with open_store(state_database) as other, only_writer(other, "notices"):
        with telling(worker(store, state_database, receiver, [])):
            pass
        assert (receiver.told, Untold(store).there_are()) == ([], True)


def test_what_was_told_is_not_told_again_after_an_end_in_the_middle(
    store: Store, state_database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrator.workflow.telling._LAST_WORDS", 0.0)
    for domain in DOMAINS:
        asked(store, domain)
    # One at a time, as commands are told.
    monkeypatch.setattr("migrator.notifying._AT_ONCE", 1)
    lives = 0
    while Untold(store).there_are():
        teller = worker(store, state_database, receiver, [])
        stopped = threading.Event()
        stopped.set()
        tell_on(teller, stopped)
        lives += 1

    assert [told["domain"] for told in receiver.told] == [f"{domain}." for domain in DOMAINS]
    assert lives == len(DOMAINS)


def test_a_machine_that_hinders_ends_no_telling(
    store: Store, state_database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrator.workflow.telling._COLLECTS", 0.01)
    asked(store, DOMAINS[0])
    said: list[str] = []
    teller = worker(store, state_database, receiver, said)
    trouble = iter([OSError(errno.EMFILE, "Too many open files")])

    def hindered_once() -> Store:
        for exc in trouble:
            raise exc
        return open_store(state_database)

    with telling(replace(teller, open_store=hindered_once)):
        wait_until(lambda: bool(receiver.told), "the notice is told")

    assert said == ["dns-migrator: nobody can be told now: Too many open files"]


def test_what_was_answered_before_it_could_be_told_is_not_told(
    store: Store, state_database: str, receiver: Receiver
) -> None:
    migrations = Migrations(store)
    asked(store, DOMAINS[0])
    found = migrations.of(absolute(DOMAINS[0]))
    assert found is not None
    migrations.said(found, Event(Kind.APPROVED, Stage.BACKUP, datetime.now(UTC)))

    with telling(worker(store, state_database, receiver, [])):
        pass

    assert (receiver.told, Untold(store).there_are()) == ([], False)


def test_what_nobody_takes_is_said_and_given_up(store: Store, state_database: str, receiver: Receiver) -> None:
    receiver.answers.append((503, {}))
    said: list[str] = []
    asked(store, DOMAINS[0])

    with telling(worker(store, state_database, receiver, said)):
        pass

    line = "dns-migrator: example.com: the webhook of DNS_MIGRATOR_WEBHOOK answers HTTP 503; given up after 1 try."
    assert (said, Untold(store).there_are()) == ([line], False)
