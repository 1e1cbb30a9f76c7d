"""Chromium without a window, where it is installed: what a page measures, logs, and what its script does."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pytest

MEASURE = """\
<script>
const root = document.documentElement;
const within = (each) => each.closest("figure") === null;
const beyond = [...document.querySelectorAll("body *")].filter((each) => within(each) && !each.closest(".skip") &&
  getComputedStyle(each).position !== "absolute" && each.getBoundingClientRect().right > root.clientWidth + 1)
  .map((each) => each.tagName);
const parted = [...document.querySelectorAll("time, .whole")].filter((each) =>
  each.textContent.length < 28 && each.getBoundingClientRect().height > 30).map((each) => each.textContent);
// Words of cells that any column has room for, and that stand on two lines all the same.
const broken = [];
for (const cell of document.querySelectorAll("th, td")) {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    for (const word of text.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (word[0].length <= 12 && range.getClientRects().length > 1) broken.push(word[0]);
    }
  }
}
const style = getComputedStyle(document.body);
const light = (colour) => colour.match(/\\d+/g).slice(0, 3).reduce((sum, each) => sum + Number(each), 0);
parent.document.title = "measured" + JSON.stringify({ width: root.clientWidth, content: root.scrollWidth, beyond,
  parted, broken, page: light(style.backgroundColor), text: light(style.color) });
</script>
"""


@dataclass(frozen=True)
class Browser:
    program: str
    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        base = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={self.folder / 'profile'}")
        return subprocess.run(
            [self.program, *base, *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=90,
            cwd=self.folder,
        )

    def measured(self, page: str, width: int, *arguments: str) -> dict[str, Any]:
        """What a copy of the page measures in a frame of this width: a window has a least width.

        The copy is given a script that measures it.
        """
        copy = page.replace("</body>", f"{MEASURE}</body>")
        frame = f'<iframe style="border: 0; width: {width}px; height: 900px" srcdoc="{escape(copy)}"></iframe>'
        outer = self.folder / "outer.html"
        outer.write_text(f"<!DOCTYPE html><title></title>{frame}", "utf-8")
        found = self.run("--window-size=1400,1000", "--hide-scrollbars", "--dump-dom", *arguments, outer.as_uri())
        title = re.search(r"<title>measured(.*?)</title>", found.stdout)
        assert title, found.stdout[:500]
        measures = json.loads(title[1])
        assert isinstance(measures, dict)
        return measures

    def logged(self, url: str) -> list[str]:
        """What the console of the page says."""
        done = self.run("--enable-logging=stderr", "--dump-dom", url)
        return [line for line in done.stderr.splitlines() if ":CONSOLE" in line]

    def after(self, url: str, milliseconds: int) -> str:
        """The page as it stands after a time, which passes faster here."""
        return self.run(f"--virtual-time-budget={milliseconds}", "--dump-dom", url).stdout


def find_browser(folder: Path) -> Browser:
    """Return the browser; skips the test where there is none."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no browser: install chromium to look at the pages")
    return Browser(program, folder)
