"""Ctrl-C: one line that says what is done and what is not, and exit code 130, whenever it comes.

Commands that write to a provider say more themselves, from their journal, and end as unchecked.
"""

import os
import signal
from collections.abc import Mapping
from typing import TYPE_CHECKING

from migrator.cli.exits import INTERRUPTED
from migrator.errors import MigratorError

if TYPE_CHECKING:
    from types import FrameType

_NO_RESULT = "there is no result, and nothing was written"
_GOES_ON = "nothing is lost, and the same command goes on; what was being done may be there or not"
# By command; whoever is not here was stopped before anything could be written.
_SAYS: Mapping[str, str] = {
    "export": "a backup is there whole, or not at all",
    "discover": "the search was not finished, and what it had found is gone",
    "check": "nothing was judged; what was seen may be remembered",
    "plan": "nothing was planned; what was seen may be remembered",
    "confirm": "there is no verdict; what was seen may be remembered",
    "diff": _NO_RESULT,
    "lint": _NO_RESULT,
    "zones": _NO_RESULT,
    "history": _NO_RESULT,
    "run": _GOES_ON,
    "fleet": _GOES_ON,
    "worker": _GOES_ON,
}


class StoppedError(MigratorError):
    """Somebody pressed Ctrl-C; the text says what is done and what is not."""

    exit_code = INTERRUPTED

    def __init__(self, command: str = "", *, says: str = "") -> None:
        """Say what that means for the command, in its own words where it has some."""
        super().__init__(f"Interrupted: {says or _SAYS.get(command, 'nothing was written')}.")


def end_at_once_when_asked_again() -> None:
    """Let another Ctrl-C end the program without waiting for threads that are still at work."""
    signal.signal(signal.SIGINT, _end)


def _end(_number: int, _frame: "FrameType | None") -> None:
    os._exit(INTERRUPTED)
