"""What is written to the journal and to the memory of TTLs comes back whole, from a file and from a server."""

from datetime import UTC, datetime, timedelta

from migrator.interfaces import ChangeResult, Outcome
from migrator.model.change import Create, Delete, Replace
from migrator.model.zone import assemble_rrsets
from migrator.state.journal import End, Journal, Kind, NewRun
from migrator.state.store import open_store
from migrator.state.ttlmemory import Place, Remembered, TtlMemory
from migrator.ttls import Original
from tests.snapshots import ORIGIN, SOA, rrset

TARGET = "memory:example.org."
# Letters that no ASCII has, and octets that a text of PostgreSQL cannot have: they are escaped in rdata.
TEXT = rrset("text", "TXT", '"grüße"', r'"\000\255"')
CHANGES = (
    Create(TEXT),
    Replace(rrset("www", "A", "192.0.2.1"), rrset("www", "A", "192.0.2.2", ttl=2**31 - 1)),
    Delete(rrset("gone", "A", "192.0.2.3")),
)


def test_a_run_comes_back_as_it_was_written(state_database: str) -> None:
    existing = assemble_rrsets(ORIGIN, (SOA, rrset("www", "A", "192.0.2.1"))).snapshot
    new = NewRun(Kind.IMPORT, ORIGIN, TARGET, TARGET, "source", "sha256:0", existing, "backups/1")
    with open_store(state_database) as store:
        first = Journal(store).begin(new, CHANGES)
        first.results(
            [(0, ChangeResult(CHANGES[0], Outcome.DONE)), (2, ChangeResult(CHANGES[2], Outcome.FAILED, "nö"))]
        )
        first.end(End.INCOMPLETE, "one change was refused")
        second = Journal(store).begin(NewRun(Kind.IMPORT, ORIGIN, TARGET, TARGET, "", "", None, continues=1), None)
        second.zone_made(CHANGES[1:])

    with open_store(state_database) as store:
        done, open_ = Journal(store).runs(ORIGIN)
        assert Journal(store).unfinished(ORIGIN, TARGET) == (open_, done)

    assert (done.number, done.new, done.changes, done.end) == (first.number, new, CHANGES, End.INCOMPLETE)
    assert done.outcomes == {0: Outcome.DONE, 2: Outcome.FAILED}
    assert (open_.number, open_.changes, open_.outcomes, open_.end) == (second.number, CHANGES[1:], {}, None)


def test_the_first_original_counts_until_it_is_put_back(state_database: str) -> None:
    place = Place(TARGET, "memory:example.org?state=file")
    www = Original(rrset("www", "A", "192.0.2.1").key, 3600, 300)
    text = Original(TEXT.key, 2**31 - 1, 300, (('"grüße"', 7200), ('"\\000\\255"', 60)))
    with open_store(state_database) as store:
        memory = TtlMemory(store)
        memory.lowered(ORIGIN, place, (www, text))
        memory.restored(ORIGIN, place, (www,))

    with open_store(state_database) as store:
        memory = TtlMemory(store)
        (pending,), (latest,) = memory.pending(ORIGIN), memory.latest(ORIGIN)
        assert pending == Remembered(place, {text.key: text}, pending.since)
        assert latest == Remembered(place, {www.key: www, text.key: text}, pending.since)
        assert timedelta(0) <= datetime.now(UTC) - pending.since < timedelta(minutes=5)
