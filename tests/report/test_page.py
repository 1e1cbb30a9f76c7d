"""The pages of a checklist and a plan in a browser: on a telephone and a screen, light and dark, and on paper.

A copy of a page is given a script that measures it; the page itself has none.
"""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest

from migrator.checks.facts import Strategy
from migrator.checks.points import Problem
from migrator.model.names import absolute
from migrator.report.checklist_html import checklist_html
from migrator.report.timeline.html import timeline_html
from migrator.timeline import Party, make_timeline
from migrator.timeline.runbook import Options, runbook
from tests.checks.build import answers
from tests.checks.checklists import EVERY, check_saying, checklist
from tests.timeline.build import measured

LONG = f"{'a' * 60}.{'b' * 60}.example.test."
KEY = f'"v=DKIM1; p={"A" * 240}"'
MEASURE = """\
<script>
const root = document.documentElement;
const beyond = [...document.querySelectorAll("body *")].filter(
  (each) => !each.closest("figure > *") && each.getBoundingClientRect().right > root.clientWidth + 1).map(
  (each) => each.tagName);
const parted = [...document.querySelectorAll("time, .whole")].filter((each) =>
  each.textContent.length < 28 && each.getBoundingClientRect().height > 30).map((each) => each.textContent);
const style = getComputedStyle(document.body);
const light = (colour) => colour.match(/\\d+/g).slice(0, 3).reduce((sum, each) => sum + Number(each), 0);
parent.document.title = "measured" + JSON.stringify({ width: root.clientWidth, content: root.scrollWidth, beyond,
  parted, page: light(style.backgroundColor), text: light(style.color) });
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
def plan_page(browser: Browser) -> Path:
    names = tuple(absolute(f"ns-{number}.awsdns-{number % 64}.co.uk") for number in (1543, 1031, 519, 7))
    facts = measured(
        old=Party(f"file:{'folder-of-zones/' * 12}old.zone", "file", names),
        new=Party("azure:example.com?subscription=00000000-0000-0000-0000-000000000000", "azure", names),
        strategy=Strategy.GO_INSECURE,
        unseen=(f"{LONG} does not show its TTLs",),
    )
    found = make_timeline(facts, facts.now + timedelta(days=9))
    book = runbook(found, Options("a-network-profile.toml", "postgresql://somebody@db.example/a-state-database"))
    path = browser.folder / "plan.html"
    path.write_text(timeline_html(found, book, lambda at: at).replace("</body>", f"{MEASURE}</body>"), "utf-8")
    return path


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

    assert (found["width"], found["content"], found["beyond"], found["parted"]) == (width, width, [], [])


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 600, 768, 1280])
def test_nothing_stands_out_of_the_page_of_a_plan(browser: Browser, plan_page: Path, width: int) -> None:
    found = browser.measured(plan_page, width)

    assert (found["width"], found["content"], found["beyond"], found["parted"]) == (width, width, [], [])


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
