"""A folder appears whole or not at all: under kills, faults, and other runs at the same time."""

import errno
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.errors import InputError
from migrator.files.whole import expect_new_or_empty, longest_name, partial_folder, publish, remove_leftovers

FILES = {"a": b"first", "in/b": b"second" * 1000, "LAST": b"end"}
WRITE = """
import sys
from pathlib import Path
from migrator.files.whole import partial_folder, publish

target = Path(sys.argv[1])
with partial_folder(target) as folder:
    folder.write("a", [b"first"])
    folder.make_folder("in")
    folder.write("in/b", [b"second" * 1000])
    folder.write("LAST", [b"end"])
    assert publish(folder, target, "LAST")
"""
# Kills the process at its nth call that changes a file system, before the call is made.
KILL_AT = """
import os, signal, sys

count = 0

def hook(event, args):
    global count
    changes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if changes or event in {"os.rename", "os.mkdir", "os.chmod", "os.rmdir", "os.remove", "fcntl.flock"}:
        count += 1
        if count == int(os.environ["KILL_AT"]):
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
"""


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def fill(target: Path) -> bool:
    with partial_folder(target) as folder:
        folder.write("a", [FILES["a"]])
        folder.make_folder("in")
        folder.write("in/b", [FILES["in/b"][:6], FILES["in/b"][6:]])
        folder.write("LAST", [FILES["LAST"]])
        return publish(folder, target, "LAST")


def killed_at(number: int, target: Path, script: str = WRITE) -> int:
    environment = {**os.environ, "KILL_AT": str(number), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", KILL_AT + script, str(target)]
    return subprocess.run(command, env=environment, check=False, capture_output=True).returncode


def test_a_folder_appears_with_its_files_and_parents_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "x" / "y" / "z"

    assert fill(target)
    assert tree(tmp_path) == {f"x/y/z/{name}": content for name, content in FILES.items()}


def test_the_mode_is_what_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        assert fill(tmp_path / "new")
    finally:
        os.umask(before)

    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o750


def test_an_empty_folder_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "empty"
    target.mkdir()
    target.chmod(0o700)

    assert fill(target)
    assert tree(target) == FILES
    assert target.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_not_empty_stays_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "full"
    target.mkdir()
    (target / "mine").write_text("kept")

    assert not fill(target)
    assert tree(tmp_path) == {"full/mine": b"kept"}


def test_the_working_folder_is_filled_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inode = tmp_path.stat().st_ino

    assert fill(Path())
    assert tree(tmp_path) == FILES
    assert tmp_path.stat().st_ino == inode


def test_a_folder_that_got_a_file_meanwhile_is_not_filled_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with partial_folder(tmp_path) as folder:
        folder.write("LAST", [b"end"])
        (tmp_path / "mine").write_text("kept")

        assert not publish(folder, tmp_path, "LAST")
    assert tree(tmp_path) == {"mine": b"kept"}


def test_an_error_while_it_is_filled_leaves_nothing(tmp_path: Path) -> None:
    def stop() -> None:
        with partial_folder(tmp_path / "x") as folder:
            folder.write("a", [b"first"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError) as full:  # noqa: PT011
            fill(tmp_path / "x")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)

    assert full.value.errno == errno.EFBIG
    assert list(tmp_path.iterdir()) == []


def test_killed_at_any_moment_it_leaves_no_folder_that_looks_whole(tmp_path: Path) -> None:
    kills = 0
    for number in range(1, 100):
        target = tmp_path / str(number) / "deep" / "target"
        code = killed_at(number, target)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        kills += 1
        # The rename itself is one of the moments: after it the folder is there, and whole.
        assert not target.exists() or tree(target) == FILES

        if not target.exists():
            assert fill(target)
        assert tree(target) == FILES
        assert [path.name for path in target.parent.iterdir()] == ["target"], "what was left is gone"
    assert kills >= 9
    assert tree(target) == FILES


def test_killed_while_it_is_filled_in_place_the_last_file_is_not_there(tmp_path: Path) -> None:
    in_place = WRITE.replace("target = Path(sys.argv[1])", "target = Path(sys.argv[1])\nos.chdir(target)")
    for number in range(1, 100):
        target = tmp_path / str(number)
        target.mkdir()
        if killed_at(number, target, in_place) == 0:
            break
        assert not (target / "LAST").exists() or {k: v for k, v in tree(target).items() if k in FILES} == FILES
    assert number > 9
    assert tree(target) == FILES


def test_what_a_living_run_is_filling_is_left_alone(tmp_path: Path) -> None:
    with partial_folder(tmp_path / "x") as living:
        living.write("a", [b"first"])
        assert fill(tmp_path / "y")
        remove_leftovers(tmp_path)

        assert tree(living.path) == {"a": b"first"}
        assert publish(living, tmp_path / "x", "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x", "y"]


def test_other_peoples_folders_are_left_alone(tmp_path: Path) -> None:
    for name in (".dns-migrator-x", "x.partial", ".dns-migrator.toml"):
        (tmp_path / name).mkdir()
    (tmp_path / ".dns-migrator-file.partial").write_text("a file")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("kept")
    (tmp_path / ".dns-migrator-link.partial").symlink_to(elsewhere)
    before = sorted(path.name for path in tmp_path.iterdir())

    remove_leftovers(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert tree(elsewhere) == {"kept": b"kept"}


def full_folder(path: Path) -> None:
    path.mkdir()
    (path / "x").write_text("x")


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file": (lambda path: path.write_text("x"), "a folder was expected here"),
    "a full folder": (full_folder, "the folder is not empty"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "a folder was expected here"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_in_the_way_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    make, message = REFUSED[case]
    target = tmp_path / "target"
    make(target)

    with pytest.raises(InputError, match=rf"^{re.escape(str(target))}: {message}.*name another with -o\.$"):
        expect_new_or_empty(target)


def test_a_folder_with_nothing_but_our_leftovers_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / ".dns-migrator-abc.partial").mkdir()

    expect_new_or_empty(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_the_longest_name_is_asked_of_the_nearest_folder_that_exists(tmp_path: Path) -> None:
    assert longest_name(tmp_path / "a" / "b") == os.pathconf(tmp_path, "PC_NAME_MAX")
