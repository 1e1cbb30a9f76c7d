"""Driving a writer: what becomes of each change when an answer is lost, a change refused, the work interrupted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.errors import ProviderError
from migrator.interfaces import ChangeResult, Outcome
from migrator.model.change import Change, Create, Delete, Replace, key_of
from migrator.model.rrset import RRset
from migrator.plan import ordered
from migrator.plan.steps import HELD_OTHERWISE, State, Step
from migrator.state.journal import End, Journal, Kind, NewRun
from migrator.state.store import open_store
from migrator.writing.apply import InterruptedRunError, Written, write_changes
from migrator.writing.importing import said
from tests.importing.memory import NS, SOA, Service, Writer
from tests.snapshots import ORIGIN, rrset, zone

A, A2 = rrset("a", "A", "192.0.2.1"), rrset("a", "A", "192.0.2.2")
B, C, D = (rrset(owner, "A", "192.0.2.1") for owner in "bcd")
CHANGES: tuple[Change, ...] = ordered((Create(B), Create(C), Replace(A, A2), Delete(D)), ORIGIN)
DONE, FAILED, UNKNOWN, PLANNED, OVERTAKEN = (
    State.DONE,
    State.FAILED,
    State.UNKNOWN,
    State.PLANNED,
    State.OVERTAKEN,
)
# A fault -> the states of the four changes, the writes in all, and what ended the work.
CASES: dict[str, tuple[int, tuple[State, ...], int, type[Exception] | None]] = {
    "": (1, (DONE, DONE, DONE, DONE), 4, None),
    "lost:2": (1, (DONE, DONE, DONE, DONE), 4, None),
    "refused:2": (1, (DONE, FAILED, DONE, DONE), 4, None),
    "edited:3": (1, (DONE, DONE, OVERTAKEN, DONE), 4, None),
    "expired:3": (1, (DONE, DONE, PLANNED, PLANNED), 3, ProviderError),
    "interrupt:2": (1, (DONE, UNKNOWN, UNKNOWN, UNKNOWN), 2, InterruptedRunError),
    "lost:1": (4, (DONE, DONE, DONE, DONE), 1, None),
    "refused:1": (4, (FAILED, FAILED, FAILED, FAILED), 1, None),
    "edited:1": (4, (OVERTAKEN, FAILED, FAILED, FAILED), 1, None),
    "expired:1": (4, (PLANNED, PLANNED, PLANNED, PLANNED), 1, ProviderError),
    "interrupt:1": (4, (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), 1, InterruptedRunError),
}


def begun(tmp_path: Path, fault: str, batch: int) -> tuple[Written, Service, Journal]:
    service = Service(tmp_path / "state")
    service.make(A, D)
    service.fail(*filter(None, [fault]))
    writer = Writer(service, "memory:example.org", ORIGIN, batch)
    writer.read()
    journal = Journal(open_store(str(tmp_path / "journal.db")))
    new = NewRun(
        Kind.IMPORT, ORIGIN, "memory:example.org.", "memory:example.org", "a.zone", "sha256:1", zone(A, D)
    )
    writing = journal.begin(new, CHANGES)
    written = write_changes(writer, CHANGES, writing, lambda *_: None)
    writing.end(End.COMPLETE)
    return written, service, journal


@pytest.mark.parametrize(("fault", "batch"), [(fault, case[0]) for fault, case in CASES.items()])
def test_every_change_ends_in_a_state_that_reading_again_shows(tmp_path: Path, fault: str, batch: int) -> None:
    _, states, writes, error = CASES[fault]
    written, service, journal = begun(tmp_path, fault, batch)

    assert tuple(step.change for step in written.steps) == CHANGES
    assert tuple(step.state for step in written.steps) == states
    assert service.writes == writes
    assert type(written.error) is (error or type(None))
    assert (written.present is None) is (error is InterruptedRunError)
    journal._store.close()


def test_a_write_that_was_lost_on_its_way_is_sent_again(tmp_path: Path) -> None:
    """The writer says that it does not know, and the set is as before: once more."""

    class Forgetful(Writer):
        forgotten = False

        def apply(self, changes: Sequence[Change]) -> Iterator[ChangeResult]:
            if self.forgotten:
                yield from super().apply(changes)
                return
            self.forgotten = True
            yield from (ChangeResult(change, Outcome.UNKNOWN) for change in changes)

    service = Service(tmp_path / "state")
    service.make(A, D)
    writer = Forgetful(service, "memory:example.org", ORIGIN, 4)
    writer.read()
    with open_store(str(tmp_path / "journal.db")) as store:
        new = NewRun(Kind.IMPORT, ORIGIN, "memory:x", "memory:x", "a.zone", "sha256:1", zone(A, D))
        writing = Journal(store).begin(new, CHANGES)
        written = write_changes(writer, CHANGES, writing, lambda *_: None)
        (run,) = Journal(store).runs(ORIGIN)

    assert [step.state for step in written.steps] == [DONE] * 4
    assert service.writes == 1
    assert dict(run.outcomes) == dict.fromkeys(range(4), Outcome.DONE)


def test_what_was_accepted_and_reads_otherwise_is_not_put_on_somebody_else_alone(tmp_path: Path) -> None:
    """A service may take a set and keep another form of it, again and again."""

    class Rounding(Writer):
        def apply(self, changes: Sequence[Change]) -> Iterator[ChangeResult]:
            yield from super().apply(changes)
            self.service.put(*(replace(found, ttl=60) if found.key == B.key else found for found in _held(self)))

    service = Service(tmp_path / "state")
    service.make(A, D)
    writer = Rounding(service, "memory:example.org", ORIGIN)
    writer.read()
    with open_store(str(tmp_path / "journal.db")) as store:
        new = NewRun(Kind.IMPORT, ORIGIN, "memory:x", "memory:x", "a.zone", "sha256:1", zone(A, D))
        writing = Journal(store).begin(new, CHANGES)
        written = write_changes(writer, CHANGES, writing, lambda *_: None)

    assert {step.state for step in written.steps if key_of(step.change) != B.key} == {DONE}
    (step,) = (step for step in written.steps if key_of(step.change) == B.key)
    assert (step.state, step.detail) == (OVERTAKEN, HELD_OTHERWISE)
    assert said(written) == f"3 of 4 changes are done. Of the others: {HELD_OTHERWISE}. Look at them with diff."
    refused = Step(CHANGES[0], FAILED, "The service refuses it: no such address.")
    assert said(replace(written, steps=(*written.steps, refused))) == (
        "3 of 5 changes are done; the others were not carried out. The service refuses it: no such address."
    )


def _held(writer: Writer) -> tuple[RRset, ...]:
    return writer.service.rrsets or ()


def test_the_journal_has_what_was_intended_and_what_came_of_it(tmp_path: Path) -> None:
    _, _, journal = begun(tmp_path, "refused:2", 1)
    (run,) = journal.runs(ORIGIN)
    journal._store.close()

    assert run.changes == CHANGES
    assert run.outcomes == {0: Outcome.DONE, 1: Outcome.FAILED, 2: Outcome.DONE, 3: Outcome.DONE}
    assert (run.end, run.new.existing) == (End.COMPLETE, zone(A, D))


def test_progress_counts_the_changes(tmp_path: Path) -> None:
    service = Service(tmp_path / "state")
    service.make(A, D)
    writer = Writer(service, "memory:example.org", ORIGIN)
    writer.read()
    seen: list[tuple[str, int, int | None]] = []
    with open_store(str(tmp_path / "journal.db")) as store:
        new = NewRun(Kind.IMPORT, ORIGIN, "memory:x", "memory:x", "a.zone", "sha256:1", zone(A, D))
        writing = Journal(store).begin(new, CHANGES)
        write_changes(writer, CHANGES, writing, lambda what, done, total: seen.append((what, done, total)))

    assert seen == [("changes", n, 4) for n in (1, 2, 3, 4)]
    assert service.rrsets == (SOA, NS, A2, B, C)
