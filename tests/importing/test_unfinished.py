"""Which import is gone on from, which backups are overtaken, and which zone a run and its lock belong to."""

from pathlib import Path

import pytest

from migrator.model.zone import ZoneSnapshot
from migrator.state.journal import End, Journal, Kind, NewRun
from migrator.state.store import open_store
from migrator.workflow.ttls import key_of_place
from migrator.writing.importing import Target
from providers import parse_locator
from tests.importing.memory import Service, Writer
from tests.snapshots import ORIGIN

PLACE = "memory:example.org."


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        pytest.param([], [1], id="nothing since"),
        pytest.param([(Kind.TTL_LOWER, End.COMPLETE)], [1], id="TTLs were lowered"),
        pytest.param([(Kind.TTL_LOWER, None), (Kind.TTL_RESTORE, End.INCOMPLETE)], [1], id="or half restored"),
        pytest.param([(Kind.ROLLBACK, End.COMPLETE)], [], id="undone"),
        pytest.param([(Kind.ROLLBACK, None), (Kind.TTL_LOWER, None)], [], id="undone in part, and TTLs lowered"),
        pytest.param([(Kind.IMPORT, End.COMPLETE), (Kind.TTL_LOWER, None)], [], id="imported whole"),
    ],
)
def test_an_interrupted_import_is_forgotten_by_imports_and_rollbacks_only(
    later: list[tuple[Kind, End | None]], expected: list[int], state_database: str
) -> None:
    with open_store(state_database) as store:
        journal = Journal(store)
        for kind, end in [(Kind.IMPORT, None), *later]:
            writing = journal.begin(NewRun(kind, ORIGIN, PLACE, PLACE, "", "", None), ())
            if end is not None:
                writing.end(end)

        assert [run.number for run in journal.unfinished(ORIGIN, PLACE)] == expected


IMPORT, ROLLBACK, LOWER = Kind.IMPORT, Kind.ROLLBACK, Kind.TTL_LOWER


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param([], set(), id="none"),
        pytest.param([(IMPORT, 0, 0, End.COMPLETE)], {"1"}, id="before an import"),
        pytest.param([(IMPORT, 0, 0, None)], {"1"}, id="before one that was interrupted"),
        pytest.param([(LOWER, 0, 0, End.COMPLETE)], set(), id="TTLs are no records"),
        pytest.param([(IMPORT, 0, 0, End.COMPLETE), (ROLLBACK, 0, 1, End.COMPLETE)], {"2"}, id="taken back"),
        pytest.param([(IMPORT, 0, 0, End.COMPLETE), (ROLLBACK, 0, 1, None)], {"1", "2"}, id="taken back in part"),
        pytest.param(
            [(IMPORT, 0, 0, None), (IMPORT, 1, 0, End.COMPLETE), (ROLLBACK, 0, 2, End.COMPLETE)],
            {"2", "3"},
            id="gone on, then taken back",
        ),
        pytest.param(
            [(IMPORT, 0, 0, End.COMPLETE), (ROLLBACK, 0, 1, End.COMPLETE), (IMPORT, 0, 0, End.COMPLETE)],
            {"1", "2", "3"},
            id="imported again",
        ),
    ],
)
def test_a_backup_that_a_run_took_is_overtaken_by_what_it_wrote(
    runs: list[tuple[Kind, int, int, End | None]], expected: set[str], tmp_path: Path
) -> None:
    with open_store(str(tmp_path / "state.db")) as store:
        journal = Journal(store)
        for number, (kind, continues, undoes, end) in enumerate(runs, 1):
            new = NewRun(kind, ORIGIN, PLACE, PLACE, "", "", None, str(number), continues or None, undoes or None)
            writing = journal.begin(new, ())
            if end is not None:
                writing.end(end)

        assert journal.overtaken(ORIGIN) == expected


def test_what_is_written_elsewhere_overtakes_nothing(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "state.db")) as store:
        journal = Journal(store)
        for place, undoes in (("memory:one.", None), ("memory:two.", None), ("memory:one.", 1)):
            kind = Kind.IMPORT if undoes is None else Kind.ROLLBACK
            new = NewRun(kind, ORIGIN, place, place, "", "", None, f"{place}{kind}", None, undoes)
            journal.begin(new, ()).end(End.COMPLETE)

        assert journal.overtaken(ORIGIN) == {"memory:two.import", "memory:one.rollback"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("route53:example.org", "route53:example.org."),
        ("route53:example.org?zone-id=Z1", "route53:example.org.?zone-id=Z1"),
        ("azure:example.org?resource-group=two", "azure:example.org.?resource-group=two"),
        ("cloudflare:example.org?account-id=a", "cloudflare:example.org.?account-id=a"),
        ("file:example.org.zone", f"file:{Path('example.org.zone').resolve()}"),
    ],
)
def test_import_and_ttl_have_one_key_for_a_zone(text: str, expected: str) -> None:
    target = Target(parse_locator(text), Writer(Service(Path("none")), text, ORIGIN))

    keys = target.key(ZoneSnapshot(ORIGIN, ())), key_of_place(text, ORIGIN)

    assert keys == (expected, expected)
