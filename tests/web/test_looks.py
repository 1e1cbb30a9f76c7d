"""The report, the fleet and the served pages in a browser: nothing stands out, nothing is logged, updates come."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from migrator.journey.events import Event, Kind
from migrator.journey.stages import Stage
from migrator.model.names import absolute
from migrator.report.story.board import fleet_report
from migrator.report.story.html import account_html
from migrator.state.boards import read_board
from migrator.state.migrations import Migrations
from migrator.state.reading import read_account
from migrator.state.store import Store, open_store
from migrator.story.board import Filter
from migrator.web.access import Access
from migrator.web.pages import make_app
from tests.browser import Browser, find_browser
from tests.story.moves import FAILED, WAITING, begun, ends, fill

pytestmark = pytest.mark.browser
LONG = absolute(f"{'a' * 60}.{'b' * 60}.example.org")
WIDTHS = (390, 794, 1280)
SHEET = 718
MOST_SHEETS = 6  # of 10 with the layout of a telephone


class Between:
    """Does something right before one of the requests for the board."""

    def __init__(self, app: ASGIApp, number: int, act: Callable[[], None]) -> None:
        self.app, self.left, self.act = app, number, act

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            self.left -= 1
            if self.left == 0:
                self.act()
        await self.app(scope, receive, send)


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """Serve in a thread, on a free port."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return find_browser(tmp_path_factory.mktemp("browser"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "state.db")) as found:
        fill(found, datetime.now(UTC))
        long = begun(found, LONG, datetime.now(UTC))
        ends(found, long, Event(Kind.FAILED, Stage.BACKUP, datetime.now(UTC), "x" * 300, by="y" * 80))
        yield found


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_stands_out_of_a_report_or_a_fleet(browser: Browser, store: Store, width: int) -> None:
    pages = {
        name: account_html(read_account(store, domain)) for name, domain in (("one", WAITING), ("long", LONG))
    }
    pages["fleet"] = fleet_report(read_board(store, Filter()))

    for name, page in pages.items():
        found = browser.measured(page, width)
        seen = (name, found["width"], found["content"], found["beyond"], found["broken"])
        assert seen == (name, width, width, [], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_stands_out_of_the_served_pages_and_nothing_is_logged(
    browser: Browser, store: Store, width: int
) -> None:
    with listening(make_app(store, Access("x" * 20))) as locked:
        login = httpx.get(f"{locked}/login", trust_env=False).text
    with listening(make_app(store, Access())) as url:
        paths = ("/", "/domains/example.org", f"/domains/{LONG}", "/?q=nothing")
        pages = [httpx.get(f"{url}{path}", trust_env=False).text for path in paths]
        logged = [browser.logged(f"{url}{path}") for path in paths]

    assert logged == [[]] * len(paths)
    for page in (*pages, login):
        found = browser.measured(page, width)
        assert (found["width"], found["content"], found["beyond"], found["broken"]) == (width, width, [], [])


def test_the_dark_is_dark_and_the_light_is_light(browser: Browser, store: Store) -> None:
    page = account_html(read_account(store, WAITING))
    light = browser.measured(page, 1280)
    dark = browser.measured(page, 1280, "--blink-settings=preferredColorScheme=0")

    assert (light["page"] > 700, dark["page"] < 60) == (True, True)


def test_a_report_is_printed_as_tables_and_not_as_on_a_telephone(browser: Browser, store: Store) -> None:
    page = browser.folder / "report.html"
    page.write_text(account_html(read_account(store, WAITING)), "utf-8")
    browser.run(f"--print-to-pdf={browser.folder / 'report.pdf'}", page.as_uri())

    printed = (browser.folder / "report.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type */Page\b", printed)) <= MOST_SHEETS


def test_nothing_stands_out_of_a_printed_sheet(browser: Browser, store: Store) -> None:
    """In the place of a printer: the style of paper alone, as wide as A4 within the margins of a browser."""
    pages = {
        "one": account_html(read_account(store, WAITING)),
        "fleet": fleet_report(read_board(store, Filter())),
    }

    for name, page in pages.items():
        on_paper = page.replace("@media print", "@media all").replace("@media screen", "@media not all")
        found = browser.measured(on_paper, SHEET)
        seen = (name, found["width"], found["content"], found["beyond"], found["broken"])
        assert seen == (name, SHEET, SHEET, [], [])


def test_the_board_shows_what_has_changed_and_says_so(browser: Browser, store: Store) -> None:
    migrations = Migrations(store)
    migration = migrations.of(FAILED)
    assert migration is not None

    def pause() -> None:
        migrations.said(migration, Event(Kind.PAUSED, Stage.VERIFY, datetime.now(UTC), by="anna"))

    with listening(Between(make_app(store, Access()), 2, pause)) as url:
        shown = browser.after(url, 15_000)

    assert "Updated: something has changed." in shown
    assert '<span class="mark warn">paused</span>' in shown


def test_while_nothing_changes_nothing_is_said(browser: Browser, store: Store) -> None:
    with listening(make_app(store, Access())) as url:
        shown = browser.after(url, 25_000)

    assert 'aria-live="polite"></p>' in shown
    assert ">Pause updates</button>" in shown
