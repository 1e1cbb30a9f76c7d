"""`python -m tests.lab` starts the laboratory for a person; with words after it, tells the running one to act."""

import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

from tests.lab.command import COMMAND
from tests.lab.lab import Lab
from tests.lab.play import Play, introduction
from tests.lab.waiting import LabError

_SOCKET = "play.socket"
_LONGEST_LINE = 1000


def main(words: list[str]) -> int:
    """Run the laboratory or, with words, send them to the one that runs."""
    try:
        if words:
            print(_send(" ".join(words)))
        else:
            _run()
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    return 0


def _run() -> None:
    _on_end(signal.default_int_handler)
    with suppress(KeyboardInterrupt), Lab() as lab:
        try:
            play = Play(lab)
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
                listener.bind(str(lab.folder / _SOCKET))
                listener.listen()
                print(introduction(lab, COMMAND, sys.executable), flush=True)
                while True:
                    _serve(listener, play)
        finally:
            # A second Ctrl-C must not leave half of it behind.
            _on_end(signal.SIG_IGN)
    print("The laboratory has ended.")


def _on_end(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    """Treat a polite end from outside, or a closed terminal, as Ctrl-C, which a shell may have switched off."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _serve(listener: socket.socket, play: Play) -> None:
    """Perform one line; in the main thread, since the servers die with the thread that started them."""
    connection, _ = listener.accept()
    with connection:
        line = connection.recv(_LONGEST_LINE).decode(errors="replace")
        try:
            reply = "+" + play.perform(line)
        except LabError as error:
            reply = f"-{error}"
        print(f"> {line.strip()}\n{reply[1:]}", flush=True)
        connection.sendall(reply.encode())


def _send(line: str) -> str:
    for path in Path(tempfile.gettempdir()).glob(f"dns-lab-*/{_SOCKET}"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            try:
                connection.connect(str(path))
            except OSError:
                continue
            connection.sendall(line.encode())
            with connection.makefile(encoding="utf-8") as file:
                reply = file.read()
        if not reply.startswith("+"):
            raise LabError(reply[1:])
        return reply[1:]
    raise LabError("none is running: start one with `make lab`, or `python -m tests.lab`")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
