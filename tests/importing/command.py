"""The command line with the provider `memory:` in it, for tests that kill it.

`KILL_AT_JOURNAL=N-` kills the process right before the N-th transaction of the journal, `N+` right after it.
"""

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

import providers
from migrator import cli
from migrator.state.store import Store


def run(arguments: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
    """Be the command in a process of one's own: its output goes to `.out` and `.err` in its folder."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for handle, name, flags in ((0, os.devnull, os.O_RDONLY), (1, ".out", _NEW), (2, ".err", _NEW)):
        os.dup2(os.open(name, flags, 0o644), handle)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - it lives as long as the process
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["dns-migrator", *arguments]
    try:
        main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def main() -> None:
    providers._BUILT_IN["memory"] = "tests.importing.memory"
    where = os.environ.get("KILL_AT_JOURNAL", "")
    if where:
        _kill_at(int(where[:-1]), before=where[-1] == "-")
    cli.main()


def _kill_at(number: int, *, before: bool) -> None:
    writing = Store.writing
    count = 0

    @contextmanager
    def counted(self: Store) -> Iterator[sa.Connection]:
        nonlocal count
        count += 1
        if count == number and before:
            os.kill(os.getpid(), signal.SIGKILL)
        with writing(self) as connection:
            yield connection
        if count == number and not before:
            os.kill(os.getpid(), signal.SIGKILL)

    Store.writing = counted  # type: ignore[method-assign]


_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC

if __name__ == "__main__":
    main()
