"""Tells the journey: prints each step, runs its commands as a person would, and checks that the story holds."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO, assert_never

from migrator.demo.accounts import Accounts
from migrator.demo.journey import Action, Elsewhere, Run, Step, WaitForInstant, World
from migrator.errors import MigratorError
from migrator.model.values import dataclass
from migrator.report.layout import Palette, folded, wrapped

_LONGEST_WAIT = 30.0
_TO_END = 5.0
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class StoryError(MigratorError):
    """A step of the demo did not go as the story says."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Teller:
    """Where the story is told: the screen, in colours or silence, and a transcript without either."""

    screen: TextIO | None
    transcript: TextIO
    palette: Palette

    def say(self, text: str = "", style: str = "") -> None:
        """Print a text, which keeps its own line breaks."""
        self._on_screen(text, style)
        self._in_transcript(text)

    def show(self, output: str, sections: Sequence[str]) -> None:
        """Print what a command printed: on the screen the named sections, in the transcript the whole."""
        self._on_screen(excerpt(output, sections, self.palette) if sections else output, "")
        self._in_transcript(output)

    def _on_screen(self, text: str, style: str) -> None:
        for line in text.split("\n") if self.screen is not None else ():
            print(self.palette.paint(line, style) if line else "", file=self.screen, flush=True)

    def _in_transcript(self, text: str) -> None:
        print(plain(text), file=self.transcript, flush=True)


def tell(steps: Sequence[Step], folder: Path, world: World, teller: Teller, pause: Callable[[], None]) -> None:
    """Take the steps one after another; raises StoryError at the first that goes another way than told."""
    for number, step in enumerate(steps, 1):
        heading = f"{number}. {step.title}"
        teller.say(f"{heading}\n{'-' * len(heading)}", teller.palette.strong)
        teller.say(wrapped(step.why))
        teller.say()
        for action in step.actions:
            _act(action, folder, world, teller)
        if isinstance(step.actions[-1], Run) and step.actions[-1].report:
            teller.say()
        pause()


def typed(words: str) -> str:
    """Return a command of the tool as a person types it, a long one on several lines."""
    return folded(f"dns-migrator {words}", "$ ", "    ")


def _act(action: Action, folder: Path, world: World, teller: Teller) -> None:
    match action:
        case Run():
            _run(action, folder, world.accounts, teller)
        case Elsewhere():
            teller.say(wrapped(f"[{action.who}] {action.told}") + "\n", teller.palette.warning)
            action.act(world)
        case WaitForInstant():
            _wait(action, folder, teller)
        case _:
            assert_never(action)


def _run(run: Run, folder: Path, accounts: Accounts, teller: Teller) -> None:
    teller.say(typed(run.words), teller.palette.strong)
    code, output = _result(run.words, folder, accounts, coloured=bool(teller.palette.strong))
    if output:
        teller.show(_on_a_terminal(output.rstrip("\n")), run.sections)
    if code != run.code:
        raise StoryError(
            f"The demo stops: `dns-migrator {run.words}` exited with {code}, and the story needs {run.code}."
        )
    missing = [words for words in run.output_has if words not in plain(output)]
    if missing:
        raise StoryError(f"The demo stops: the output of `dns-migrator {run.words}` lacks {', '.join(missing)}.")
    if run.report and not (folder / run.report).is_file():
        raise StoryError(f"The demo stops: `dns-migrator {run.words}` wrote no {run.report}.")
    if run.meaning:
        teller.say(f"(exit code {code}: {run.meaning})", teller.palette.quiet)
    if not run.report:
        teller.say()


def excerpt(report: str, headings: Sequence[str], palette: Palette) -> str:
    """Return the head of a report and the sections that are named, and say which others were left out.

    Sections are parted by empty lines; one without a heading of its own belongs to the head.
    """
    parts = report.split("\n\n")
    titles = [plain(part).partition("\n")[0] for part in parts]
    is_section = [number > 0 and not title.startswith(" ") for number, title in enumerate(titles)]
    is_wanted = [any(title.startswith(heading) for heading in headings) for title in titles]
    shown = [part for part, apart, wanted in zip(parts, is_section, is_wanted, strict=True) if wanted or not apart]
    left_out = [
        title.partition(",")[0].partition(":")[0]
        for title, apart, wanted in zip(titles, is_section, is_wanted, strict=True)
        if apart and not wanted
    ]
    if left_out:
        note = f"[{', '.join(left_out)}: cut here, whole in journey.txt]"
        shown.append(palette.paint(wrapped(note), palette.quiet))
    return "\n\n".join(shown)


def _on_a_terminal(output: str) -> str:
    """Return the output with its long lines of stderr as a terminal would have shown them."""
    return "\n".join(wrapped(line) if line.startswith("dns-migrator: ") else line for line in output.split("\n"))


def plain(text: str) -> str:
    """Return the text without the sequences that colour it."""
    return _COLOURS.sub("", text)


def _result(words: str, folder: Path, accounts: Accounts, *, coloured: bool) -> tuple[int, str]:
    """Run the command in the folder with the demo's settings; return its exit code and all that it printed."""
    environment = accounts.environment(os.environ) | {"PYTHONUTF8": "1"}
    environment.pop("FORCE_COLOR", None)
    if coloured:
        # What a terminal would show, although the output passes through this program.
        environment["FORCE_COLOR"] = "1"
    with subprocess.Popen(  # noqa: S603 - this interpreter, and words that stand in journey.py
        [sys.executable, "-m", "migrator", *words.split()],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            output, _ = process.communicate()
        except BaseException:
            process.terminate()
            process.wait(_TO_END)
            raise
    return process.returncode, output.decode("utf-8", "replace")


def _wait(action: WaitForInstant, folder: Path, teller: Teller) -> None:
    named = json.loads((folder / action.report).read_text("utf-8")).get(action.key)
    if named is None:
        raise StoryError(f"The demo stops: {action.report} names no {action.key}.")
    seconds = (datetime.fromisoformat(named) - datetime.now(UTC)).total_seconds()
    if seconds > _LONGEST_WAIT:
        raise StoryError(f"The demo stops: {action.key} in {action.report} is {named}, too long to wait for.")
    teller.say(f"{action.told} {named}: {max(0, round(seconds))} seconds from now ...\n", teller.palette.quiet)
    if seconds > 0:
        time.sleep(seconds)
