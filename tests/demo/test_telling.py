"""How the story is told: what is printed, what stops it, and how long it waits."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from migrator.demo.journey import STEPS, Elsewhere, Run, Step, WaitForInstant, World
from migrator.demo.telling import StoryError, Teller, tell, typed
from migrator.report.layout import COLOUR, PLAIN, WIDTH


def told(folder: Path, world: World, *actions: Run | Elsewhere | WaitForInstant) -> str:
    out = io.StringIO()
    steps = [Step("A title", "A reason.", actions)]
    tell(steps, folder, world, Teller(out, io.StringIO(), PLAIN), lambda: None)
    return out.getvalue()


def test_a_step_is_its_title_its_reason_the_command_and_its_output(tmp_path: Path, world: World) -> None:
    text = told(tmp_path, world, Run("--version", 0, "as always", ("dns-migrator",)))

    lines = text.splitlines()
    assert lines[:5] == ["1. A title", "----------", "A reason.", "", "$ dns-migrator --version"]
    assert lines[5].startswith("dns-migrator ")
    assert lines[6:] == ["(exit code 0: as always)", ""]


def test_another_exit_code_stops_the_story(tmp_path: Path, world: World) -> None:
    with pytest.raises(
        StoryError, match=r"`dns-migrator --version` exited with 0, and the story needs 1\.$"
    ) as caught:
        told(tmp_path, world, Run("--version", 1))

    assert caught.value.exit_code == 1


def test_an_output_without_the_words_of_the_story_stops_it(tmp_path: Path, world: World) -> None:
    with pytest.raises(StoryError, match=r"lacks settled\.$"):
        told(tmp_path, world, Run("--version", 0, output_has=("settled",)))


def test_a_report_that_was_not_written_stops_the_story(tmp_path: Path, world: World) -> None:
    with pytest.raises(StoryError, match=r"wrote no reports/x\.json\.$"):
        told(tmp_path, world, Run("--version", 0, report="reports/x.json"))


def test_what_happens_elsewhere_is_told_and_done(tmp_path: Path, world: World) -> None:
    done: list[World] = []

    text = told(tmp_path, world, Elsewhere("registrar", "takes a note", done.append))

    assert "[registrar] takes a note\n" in text
    assert done == [world]


@pytest.mark.parametrize(
    ("named", "why"),
    [
        (None, r"names no last_stale_answer"),
        ((datetime.now(UTC) + timedelta(days=2)).isoformat(), r"too long to wait for"),
    ],
    ids=["none", "in two days"],
)
def test_an_instant_that_cannot_be_awaited_stops_the_story(
    tmp_path: Path, world: World, named: str | None, why: str
) -> None:
    (tmp_path / "report.json").write_text(json.dumps({"last_stale_answer": named}))

    with pytest.raises(StoryError, match=why):
        told(tmp_path, world, WaitForInstant("report.json", "last_stale_answer", "Until"))


def test_an_instant_in_the_past_is_not_waited_for(tmp_path: Path, world: World) -> None:
    (tmp_path / "report.json").write_text('{"last_stale_answer": "2026-01-01T00:00:00Z"}')

    text = told(tmp_path, world, WaitForInstant("report.json", "last_stale_answer", "Until"))

    assert "Until 2026-01-01T00:00:00Z" in text


@pytest.mark.parametrize(
    "run", [a for step in STEPS for a in step.actions if isinstance(a, Run)], ids=lambda r: r.words
)
def test_each_command_of_the_story_fits_the_screen_and_can_be_copied(run: Run) -> None:
    shown = typed(run.words)

    assert max(map(len, shown.splitlines())) <= WIDTH
    assert shown.replace("\\\n", "").split() == ["$", "dns-migrator", *run.words.split()]


def test_a_long_line_on_stderr_is_shown_as_on_a_terminal(tmp_path: Path, world: World) -> None:
    text = told(
        tmp_path, world, Run("lint some.zone", 2, output_has=("cannot be read: No such file or directory",))
    )

    assert text.splitlines()[-3:] == [
        "dns-migrator: network.toml: the network profile cannot be read: No such file or",
        "directory. --network or DNS_MIGRATOR_NETWORK names it.",
        "",
    ]


def test_the_transcript_has_no_colours_and_the_screen_may_be_silent() -> None:
    screen, transcript = io.StringIO(), io.StringIO()

    Teller(screen, transcript, COLOUR).say("\x1b[31mbold\x1b[0m", COLOUR.strong)
    Teller(None, transcript, COLOUR).say("silent", COLOUR.strong)

    assert screen.getvalue() == "\x1b[1m\x1b[31mbold\x1b[0m\x1b[0m\n"
    assert transcript.getvalue() == "bold\nsilent\n"
