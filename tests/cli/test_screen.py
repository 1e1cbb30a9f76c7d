"""Where a result goes: into a file that is whole, through a link, or to a device that stays one."""

import fcntl
import os
import pty
import stat
import struct
import subprocess
import sys
import termios
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from migrator.cli.screen import emit, note, palette, progress_bar
from migrator.errors import InputError
from migrator.report.layout import COLOUR, PLAIN, Palette
from tests.installed import PATIENCE


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    before = target.stat()

    emit("new", target)

    assert target.read_text() == "new\n"
    assert target.stat().st_ino != before.st_ino
    assert list(tmp_path.iterdir()) == [target]


def test_who_may_read_a_file_stays_who_may_read_the_next(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    target.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(target, 12345, 54321)
    before = target.stat()

    emit("new", target)

    after = target.stat()
    assert target.read_text() == "new\n"
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "report.txt"
    link.symlink_to(target)

    emit("new", link)

    assert link.is_symlink()
    assert target.read_text() == "new\n"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()

    emit("new", pipe)

    reader.join(PATIENCE)
    assert read == ["new\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("place", ["folder", "missing/report.txt"])
def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(InputError, match="cannot be written: "):
        emit("new", tmp_path / place)

    assert list(tmp_path.rglob("*")) == [tmp_path / "folder"]


def test_a_text_with_the_name_of_a_file_that_is_no_utf_8_is_written(tmp_path: Path) -> None:
    emit(os.fsdecode(b"bad\xff.zone"), tmp_path / "report.txt")

    assert (tmp_path / "report.txt").read_bytes() == b"bad\\udcff.zone\n"


@pytest.mark.parametrize(
    ("wanted", "expected"), [("", COLOUR), ("1", PLAIN), ("0", PLAIN), ("please", PLAIN), (" ", PLAIN)]
)
def test_no_color_of_any_value_wins(wanted: str, expected: Palette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", wanted)

    assert palette(no_color=False) is expected


@pytest.mark.parametrize(("terminal", "expected"), [("xterm-256color", COLOUR), ("", COLOUR), ("dumb", PLAIN)])
def test_a_dumb_terminal_gets_no_escapes(
    terminal: str, expected: Palette, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    assert palette(no_color=False) is expected


LONG_NOTE = "dns-migrator: " + "word " * 30 + "end.\n  and a line of a table   that stays as it is"


def test_a_note_is_wrapped_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    note(LONG_NOTE)

    lines = capsys.readouterr().err.splitlines()
    assert max(map(len, lines)) <= 80
    assert " ".join(lines[:-1]) == LONG_NOTE.splitlines()[0]
    assert lines[-1] == LONG_NOTE.splitlines()[1]


ABORT = "'dns-migrator abort long-name.example.org'"
RUN = "dns-migrator run long-name.example.org --database postgresql://dns@db.example.com:5432/moves-of-the-spring"
FLAGS = "--accept alias-addresses --accept weights-merged --accept health-check-dropped --delete-conflicting"


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        (
            f"dns-migrator: long-name.example.org: a migration of it is under way; {ABORT} ends it.",
            [
                "dns-migrator: long-name.example.org: a migration of it is under way;",
                f"{ABORT} ends it.",
            ],
        ),
        (
            f"dns-migrator: long-name.example.org goes on. If nothing runs: {RUN}",
            ["dns-migrator: long-name.example.org goes on. If nothing runs:", RUN],
        ),
        (
            f"dns-migrator: Refused; nothing was written. To go on, decide with: {FLAGS}",
            ["dns-migrator: Refused; nothing was written. To go on, decide with:", FLAGS],
        ),
        (
            "dns-migrator: Whether the switch of example.org has settled is not known: --to names the new side.",
            [
                "dns-migrator: Whether the switch of example.org has settled is not known: --to",
                "names the new side.",
            ],
        ),
    ],
)
def test_what_is_to_be_typed_is_not_broken_on_a_terminal(
    said: str, lines: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    note(said)

    assert capsys.readouterr().err.splitlines() == lines


def test_what_is_printed_beside_a_bar_stays_in_the_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    with progress_bar(quiet=False) as progress:
        progress("zones", 1, 2)
        emit("a result", None)

    assert capsys.readouterr().out == "a result\n"


def test_a_command_beside_a_bar_is_not_broken_on_a_terminal_that_is_narrower(tmp_path: Path) -> None:
    command = "$ dns-migrator import route53:example.org cloudflare:example.org --dry-run"
    shown = tmp_path / "shown"
    master, slave = pty.openpty()
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    reader = threading.Thread(target=lambda: shown.write_bytes(_read_until_closed(master)))
    reader.start()

    usual = {name: text for name, text in os.environ.items() if name != "COLUMNS"} | {"TERM": "xterm"}
    arguments = [sys.executable, "-c", BESIDE_A_BAR, command]
    subprocess.run(arguments, stdout=slave, stderr=slave, env=usual, check=True)

    os.close(slave)
    reader.join(PATIENCE)
    os.close(master)
    assert command in shown.read_text()


BESIDE_A_BAR = """
import sys
from migrator.cli.screen import emit, progress_bar

with progress_bar(quiet=False) as progress:
    progress("zones", 1, 2)
    emit(sys.argv[1], None)
"""


def _read_until_closed(terminal: int) -> bytes:
    read = b""
    # Linux says EIO where the other end of a terminal is closed.
    with suppress(OSError):
        while more := os.read(terminal, 4096):
            read += more
    return read


def test_a_note_keeps_its_line_where_programs_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    note(LONG_NOTE)

    assert capsys.readouterr().err == f"{LONG_NOTE}\n"


SAYS = """
from migrator.cli.screen import emit, note, palette
from migrator.report.layout import wrapped
import sys
from pathlib import Path

style = palette(no_color=True, output=Path(sys.argv[1]) if sys.argv[1:] else None)
emit(wrapped("word " * 40), Path(sys.argv[1]) if sys.argv[1:] else None)
note("word " * 40)
"""


def said_on_a_terminal(columns: int, *arguments: str, said: Path, **environment: str) -> list[str]:
    """Run that on a terminal of so many columns: the lines that it shows."""
    master, slave = pty.openpty()
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    reader = threading.Thread(target=lambda: said.write_bytes(_read_until_closed(master)))
    reader.start()
    usual = {name: text for name, text in os.environ.items() if name != "COLUMNS"} | environment
    subprocess.run([sys.executable, "-c", SAYS, *arguments], stdout=slave, stderr=slave, env=usual, check=True)
    os.close(slave)
    reader.join(PATIENCE)
    os.close(master)
    return said.read_text().splitlines()


@pytest.mark.parametrize(
    ("columns", "environment", "widest"),
    [
        (60, {}, 59),
        (40, {}, 39),
        (20, {}, 39),
        (0, {}, 79),
        (200, {}, 79),
        (60, {"COLUMNS": "50"}, 49),
        (60, {"COLUMNS": "x"}, 59),
    ],
)
def test_text_fits_a_terminal_that_is_narrower(
    columns: int, environment: dict[str, str], widest: int, tmp_path: Path
) -> None:
    lines = said_on_a_terminal(columns, said=tmp_path / "said", **environment)

    assert max(map(len, lines)) == widest
    assert " ".join(lines).split() == ["word"] * 80


def test_a_file_gets_80_columns_from_a_terminal_that_is_narrower(tmp_path: Path) -> None:
    noted = said_on_a_terminal(60, str(tmp_path / "result"), said=tmp_path / "said")

    assert max(map(len, (tmp_path / "result").read_text().splitlines())) == 79
    assert max(map(len, noted)) == 59
