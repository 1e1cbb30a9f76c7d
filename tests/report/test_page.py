"""The pages of a checklist and a plan in a browser: on a telephone and a screen, light and dark, and on paper."""

import re
from datetime import timedelta

import pytest

from migrator.checks.facts import Strategy
from migrator.checks.points import Problem
from migrator.model.names import absolute
from migrator.report.checklist_html import checklist_html
from migrator.report.timeline.html import timeline_html
from migrator.timeline import Party, make_timeline
from migrator.timeline.runbook import Options, runbook
from tests.browser import Browser, find_browser
from tests.checks.build import answers
from tests.checks.checklists import EVERY, check_saying, checklist
from tests.timeline.build import measured

LONG = f"{'a' * 60}.{'b' * 60}.example.test."
KEY = f'"v=DKIM1; p={"A" * 240}"'


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return find_browser(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def plan_page() -> str:
    names = tuple(absolute(f"ns-{number}.awsdns-{number % 64}.co.uk") for number in (1543, 1031, 519, 7))
    facts = measured(
        old=Party(f"file:{'folder-of-zones/' * 12}old.zone", "file", names),
        new=Party("azure:example.com?subscription=00000000-0000-0000-0000-000000000000", "azure", names),
        strategy=Strategy.GO_INSECURE,
        unseen=(f"{LONG} does not show its TTLs",),
    )
    found = make_timeline(facts, facts.now + timedelta(days=9))
    book = runbook(found, Options("a-network-profile.toml", "postgresql://somebody@db.example/a-state-database"))
    return timeline_html(found, book, lambda at: at)


@pytest.fixture(scope="module")
def page() -> str:
    long = check_saying(
        "zone.long", f"The name {LONG} is long", Problem(LONG, KEY, (answers("192.0.2.1", "x TXT", KEY),))
    )
    return checklist_html(checklist(*EVERY, long))


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_stands_out_of_the_page(browser: Browser, page: str, width: int) -> None:
    found = browser.measured(page, width)

    assert found["width"] == found["content"] == width
    assert (found["beyond"], found["parted"], found["broken"]) == ([], [], [])


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 600, 768, 1280])
def test_nothing_stands_out_of_the_page_of_a_plan(browser: Browser, plan_page: str, width: int) -> None:
    found = browser.measured(plan_page, width)

    assert found["width"] == found["content"] == width
    assert (found["beyond"], found["parted"], found["broken"]) == ([], [], [])


@pytest.mark.browser
def test_the_dark_is_dark_and_the_light_is_light(browser: Browser, page: str) -> None:
    light = browser.measured(page, 1280)
    dark = browser.measured(page, 1280, "--blink-settings=preferredColorScheme=0")

    assert (light["page"], dark["text"]) > (700, 600)
    assert (light["text"], dark["page"]) < (120, 60)


@pytest.mark.browser
def test_it_can_be_printed(browser: Browser, page: str) -> None:
    path = browser.folder / "page.html"
    path.write_text(page, "utf-8")
    browser.run(f"--print-to-pdf={browser.folder / 'page.pdf'}", path.as_uri())

    assert (browser.folder / "page.pdf").read_bytes().startswith(b"%PDF")


def test_what_the_keyboard_comes_to_in_a_plan_has_a_name(plan_page: str) -> None:
    reached = re.findall(r'<(\w+)[^>]* tabindex="0"([^>]*)>', plan_page)

    assert reached == [("figure", ' aria-label="The timeline as a picture"')]
