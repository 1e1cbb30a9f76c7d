"""The exit codes, and which one wins where several apply."""

from collections.abc import Iterable
from typing import Final

CLEAN: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
UNCHECKED: Final = 3
UNSAFE: Final = 4
INTERRUPTED: Final = 130  # as a shell tells of SIGINT: 128 + 2

MEANING: Final = {
    CLEAN: "clean: nothing at or above the threshold was found",
    FINDINGS: "findings at or above the threshold (`--fail-on`, default `error`)",
    USAGE: "the command was used wrongly, its input cannot be read, or its result cannot be written",
    UNCHECKED: "a provider or the network failed, or something could not be checked",
    UNSAFE: "refused as unsafe; nothing was written",
    INTERRUPTED: "ended by Ctrl-C; an import, or what else writes, ends with 3, and goes on when it is run again",
}

_GRAVEST_FIRST = (UNSAFE, USAGE, FINDINGS, UNCHECKED, CLEAN)


def gravest(codes: Iterable[int]) -> int:
    """Return the code that wins: unsafe over usage over findings over unchecked over clean."""
    present = set(codes) | {CLEAN}
    return next(code for code in _GRAVEST_FIRST if code in present)
