"""Files that a command line names: what never begins or never ends is refused, and a pipe is read."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from migrator.errors import InputError
from migrator.files import given
from migrator.files.given import octets_of, text_of
from tests.installed import PATIENCE, run

ZERO = "/dev/zero: is a device; a regular file or a pipe was expected."


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero here")
@pytest.mark.parametrize(
    "line",
    [
        "apply /dev/zero",
        "fleet add /dev/zero",
        "lint a.zone --network /dev/zero",
        "check example.org --phase prepare --profile /dev/zero",
        "check example.org --replay /dev/zero",
        "discover example.org --file /dev/zero",
    ],
)
@pytest.mark.usefixtures("own_folder")
def test_a_device_without_an_end_is_refused_wherever_a_file_is_named(line: str) -> None:
    done = run(*line.split())

    assert (done.code, done.out, done.err) == (2, "", f"dns-migrator: {ZERO}\n")


def test_a_pipe_that_nobody_writes_to_is_refused(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "_WAITS", 0.01)

    with pytest.raises(InputError, match=r"pipe: is a pipe that nobody writes to\.$"):
        octets_of(pipe)


def test_who_writes_to_a_pipe_may_take_any_time(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "_WAITS", 0.05)

    # As a writer it need not wait for who reads.
    handle = os.open(pipe, os.O_RDWR)

    def write() -> None:
        with os.fdopen(handle, "wb", buffering=0) as file:
            for piece in (b"\xef\xbb\xbfexample.org\n", b"example.net\n"):
                time.sleep(0.2)
                file.write(piece)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert text_of(pipe) == "example.org\nexample.net\n"
    finally:
        writer.join()


def test_a_pipe_without_a_name_is_read_to_its_end() -> None:
    code = "from pathlib import Path; from migrator.files.given import text_of\n"
    code += "print(repr(text_of(Path('/dev/stdin'))))"
    for written in ("example.org\n" * 20_000, ""):
        done = subprocess.run(
            [sys.executable, "-c", code],
            input=written,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )

        assert done.stdout == f"{written!r}\n"


def test_what_holds_nothing_is_empty() -> None:
    assert octets_of(Path(os.devnull)) == b""


@pytest.mark.parametrize("size", [0, 1])
def test_no_more_is_read_than_may_be(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "LARGEST_FILE", 1 << 20)
    file = tmp_path / "large"
    file.write_bytes(b"\n" * ((1 << 20) + size))

    if size:
        with pytest.raises(InputError, match=r"large: has more than 1 MiB, the most that is read\.$"):
            octets_of(file)
    else:
        assert len(octets_of(file)) == 1 << 20


def test_folders_sockets_and_what_is_no_text_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"b\xfccher")
    with pytest.raises(InputError, match=r"latin: not UTF-8 at octet 1\.$"):
        text_of(tmp_path / "latin")
    with pytest.raises(InputError, match=r"is a folder; a regular file or a pipe was expected\.$"):
        octets_of(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        with pytest.raises(OSError, match=r"socket"):
            octets_of(tmp_path / "socket")
