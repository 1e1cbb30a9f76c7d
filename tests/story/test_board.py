"""Many moves at once: filtered, paged, sorted by who is needed; the page and the JSON of a fleet."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrator.codec.board import document
from migrator.journey.events import Event, Kind, Worst
from migrator.journey.stages import Stage
from migrator.journey.state import Status
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.report.story.board import fleet_report, sentence
from migrator.state.boards import read_board
from migrator.state.migrations import Migrations
from migrator.state.store import Store, open_store
from migrator.state.tables import MIGRATIONS
from migrator.story.board import Counts, Filter, Row
from tests.installed import Run, run
from tests.story.moves import ASKING, COMPLETE, FAILED, WAITING, begun, fill

NOW = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(str(tmp_path_factory.mktemp("moves") / "state.db")) as found:
        fill(found, NOW)
        yield found


def test_what_needs_a_person_stands_first(store: Store) -> None:
    board = read_board(store, Filter(), NOW)

    assert [row.domain for row in board.rows] == [FAILED, ASKING, WAITING, COMPLETE]
    assert board.rows[0] == Row(
        FAILED,
        Stage.VERIFY,
        Status.FAILED,
        "1 of 33 RRsets is not answered by the new name servers",
        NOW - timedelta(minutes=7),
        NOW + timedelta(minutes=3),
        Worst(Severity.ERROR, "mail2026._domainkey.shop.example.com. TXT: missing at both new name servers."),
        "spring",
        2,
    )
    assert board.counts == Counts(
        4,
        ((Stage.IMPORT, 1), (Stage.VERIFY, 1), (Stage.EXPIRE, 1)),
        ((Status.FAILED, 1), (Status.ASKING, 1), (Status.WAITING, 1), (Status.COMPLETE, 1)),
    )
    assert (board.matching, board.pages, board.fleets) == (4, 1, ("spring",))
    assert sentence(board) == "4 moves: 1 failed, 1 asking, 1 waiting, 1 complete."


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(status=Status.ASKING), [ASKING]),
        (Filter(stage=Stage.EXPIRE), [WAITING]),
        (Filter(stage=Stage.RESTORE_TTLS), []),
        (Filter(fleet="spring"), [FAILED, ASKING, WAITING]),
        (Filter(text="SHOP"), [FAILED]),
        (Filter(text="weights"), [ASKING]),
        (Filter(text="100%"), []),
        (Filter(fleet="spring", status=Status.COMPLETE), []),
    ],
)
def test_a_filter_leaves_what_is_like_it(store: Store, wanted: Filter, found: list[object]) -> None:
    assert [row.domain for row in read_board(store, wanted).rows] == found


def test_pages_follow_one_another(store: Store) -> None:
    pages = [read_board(store, Filter(page=page), page_size=3) for page in (1, 2, 3)]

    assert [[row.domain for row in page.rows] for page in pages] == [[FAILED, ASKING, WAITING], [COMPLETE], []]
    assert {(page.matching, page.pages) for page in pages} == {(4, 2)}


def test_only_the_last_migration_of_a_domain_is_on_the_board(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "state.db")) as found:
        first = begun(found, WAITING, NOW)
        Migrations(found).said(first, Event(Kind.ABORTED, Stage.BACKUP, NOW))
        begun(found, WAITING, NOW, fleet="autumn")

        board = read_board(found, Filter())

    assert [(row.status, row.fleet) for row in board.rows] == [(Status.RUNNING, "autumn")]
    assert board.counts.total == 1


def test_a_name_beyond_ascii_is_found_as_it_is_written(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "state.db")) as found:
        begun(found, absolute("bücher.example.org"), NOW)

        board = read_board(found, Filter(text="bücher.example.org"))
        page = fleet_report(board)

    assert [row.domain for row in board.rows] == [absolute("xn--bcher-kva.example.org")]
    assert "bücher.example.org" in page


def test_the_json_has_one_object_for_each_move(store: Store) -> None:
    found = document(read_board(store, Filter(status=Status.WAITING), NOW))

    assert found == {
        "schema": "dns-migrator/migrations/1",
        "at": "2026-12-03T10:00:00Z",
        "matching": 1,
        "page": 1,
        "pages": 1,
        "stages": {"import": 1, "verify": 1, "expire": 1},
        "statuses": {"failed": 1, "asking": 1, "waiting": 1, "complete": 1},
        "migrations": [
            {
                "domain": "example.org.",
                "stage": "expire",
                "status": "waiting",
                "text": "Caches keep the longer TTLs",
                "since": "2026-12-03T10:00:00Z",
                "next": "2026-12-04T06:05:00Z",
                "severity": "warning",
                "worst": "example.org. NS: ns2.oldhost.example answers slowly.",
                "fleet": "spring",
                "wave": 1,
            }
        ],
        "unread": [],
    }


def test_a_move_that_a_newer_version_wrote_hides_no_other(own_folder: Path) -> None:
    with open_store("dns-migrator.db") as found:
        newer = begun(found, WAITING, NOW)
        begun(found, FAILED, NOW)
        with found.writing() as connection:
            row = sa.update(MIGRATIONS).where(MIGRATIONS.c.id == newer.number)
            connection.execute(row.values(stage="hop"))

        board = read_board(found, Filter(), NOW)
        migrations = Migrations(found)
        (listed, unread), due = migrations.listed(), migrations.due(NOW, 1)

    (message,) = board.unread
    assert message == (
        "dns-migrator.db: migration 1, of example.org, cannot be read ('hop' is not a valid Stage): it is "
        "damaged, or a newer dns-migrator wrote it."
    )
    assert unread == board.unread
    assert [row.domain for row in board.rows] == [each.domain for each in listed] == [FAILED]
    assert [each.domain for each in due] == [FAILED]
    assert board.counts.total == 1
    assert sentence(board) == f"1 move: 1 running. {message}"
    assert document(board)["unread"] == [message]
    for command in (("status",), ("fleet", "status"), ("fleet", "report"), ("fleet", "pause")):
        done = run(*command)
        assert (done.code, done.err.splitlines()[0]) == (3, f"dns-migrator: {message}"), command
    assert run("status", "example.org") == Run(2, "", f"dns-migrator: {message}\n")


def test_the_fleet_is_one_page_with_a_place_for_each_domain(own_folder: Path) -> None:
    with open_store("dns-migrator.db") as found:
        fill(found, NOW)

    assert run("fleet", "report", "--links", "reports", "-o", "fleet.html").code == 0
    page = (own_folder / "fleet.html").read_text()

    assert '<a href="reports/shop.example.com.html">shop.example.com</a>' in page
    assert 'id="domain-example.org"' in page
    assert page.count('<tr role="row">') == 5
    assert "<script" not in page
    spring = run("fleet", "report", "--fleet", "spring", "--format", "json").json
    assert [each["domain"] for each in spring["migrations"]] == [
        "shop.example.com.",
        "example.net.",
        "example.org.",
    ]
    assert run("fleet", "report", "--database", "other.db").code == 2

    unknown = run("fleet", "report", "--fleet", "sprnig", "-o", "other.html")
    assert (unknown.code, unknown.out, Path("other.html").exists()) == (2, "", False)
    assert unknown.err == (
        "dns-migrator: --fleet sprnig: no domain of dns-migrator.db belongs to a fleet of this name; "
        "there are spring.\n"
    )
