"""The exit codes, and which one wins where several apply."""

from collections.abc import Iterable
from typing import Final

CLEAN: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
UNCHECKED: Final = 3
UNSAFE: Final = 4

_GRAVEST_FIRST = (UNSAFE, USAGE, FINDINGS, UNCHECKED, CLEAN)


def gravest(codes: Iterable[int]) -> int:
    """Return the code that wins: unsafe over usage over findings over unchecked over clean."""
    present = set(codes) | {CLEAN}
    return next(code for code in _GRAVEST_FIRST if code in present)
