"""The page of a checklist in a browser: on a telephone and a screen, in the light and in the dark, and on paper.

A copy of the page is given a script that measures it; the page itself has none.
"""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest

from migrator.checks.points import Problem
from migrator.report.checklist_html import checklist_html
from tests.checks.build import answers
from tests.checks.checklists import EVERY, check_saying, checklist

LONG = f"{'a' * 60}.{'b' * 60}.example.test."
KEY = f'"v=DKIM1; p={"A" * 240}"'
MEASURE = """\
<script>
const root = document.documentElement;
const beyond = [...document.querySelectorAll("body *")].filter(
  (each) => each.getBoundingClientRect().right > root.clientWidth + 1).map((each) => each.tagName);
const style = getComputedStyle(document.body);
const light = (colour) => colour.match(/\\d+/g).slice(0, 3).reduce((sum, each) => sum + Number(each), 0);
parent.document.title = "measured" + JSON.stringify({ width: root.clientWidth, content: root.scrollWidth, beyond,
  page: light(style.backgroundColor), text: light(style.color) });
</script>
"""


@dataclass(frozen=True)
class Browser:
    program: str
    folder: Path

    def run(self, *arguments: str) -> str:
        base = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={self.folder / 'profile'}")
        done = subprocess.run(
            [self.program, *base, *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=90,
            cwd=self.folder,
        )
        return done.stdout

    def measured(self, page: Path, width: int, *arguments: str) -> dict[str, object]:
        # A window has a least width; a frame has none.
        frame = f'<iframe style="border: 0; width: {width}px; height: 900px" srcdoc="{escape(page.read_text())}">'
        outer = self.folder / "outer.html"
        outer.write_text(f"<!DOCTYPE html><title></title>{frame}</iframe>", "utf-8")
        shown = self.run("--window-size=1400,1000", "--hide-scrollbars", "--dump-dom", *arguments, outer.as_uri())
        found = re.search(r"<title>measured(.*?)</title>", shown)
        assert found, shown[:500]
        measures = json.loads(found[1])
        assert isinstance(measures, dict)
        return measures


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no browser: install chromium to look at the pages")
    return Browser(program, tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def page(browser: Browser) -> Path:
    long = check_saying(
        "zone.long", f"The name {LONG} is long", Problem(LONG, KEY, (answers("192.0.2.1", "x TXT", KEY),))
    )
    text = checklist_html(checklist(*EVERY, long))
    path = browser.folder / "page.html"
    path.write_text(text.replace("</body>", f"{MEASURE}</body>"), "utf-8")
    return path


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_stands_out_of_the_page(browser: Browser, page: Path, width: int) -> None:
    found = browser.measured(page, width)

    assert (found["width"], found["content"], found["beyond"]) == (width, width, [])


@pytest.mark.browser
def test_the_dark_is_dark_and_the_light_is_light(browser: Browser, page: Path) -> None:
    light = browser.measured(page, 1280)
    dark = browser.measured(page, 1280, "--blink-settings=preferredColorScheme=0")

    assert (light["page"], dark["text"]) > (700, 600)
    assert (light["text"], dark["page"]) < (120, 60)


@pytest.mark.browser
def test_it_can_be_printed(browser: Browser, page: Path) -> None:
    browser.run(f"--print-to-pdf={browser.folder / 'page.pdf'}", page.as_uri())

    assert (browser.folder / "page.pdf").read_bytes().startswith(b"%PDF")
