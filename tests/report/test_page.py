"""The page of a checklist in a browser: on a telephone and a screen, in light and dark, and on paper."""

import pytest

from migrator.checks.points import Problem
from migrator.report.checklist_html import checklist_html
from tests.browser import Browser, find_browser
from tests.checks.build import answers
from tests.checks.checklists import EVERY, check_saying, checklist

LONG = f"{'a' * 60}.{'b' * 60}.example.test."
KEY = f'"v=DKIM1; p={"A" * 240}"'


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return find_browser(tmp_path_factory.mktemp("browser"))


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

    assert (found["width"], found["content"], found["beyond"]) == (width, width, [])


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
