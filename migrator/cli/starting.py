"""Ctrl-C while the program is still being loaded: exit code 130 without a word, for nothing has been begun.

Loaded first, and of nothing but what Python itself has loaded by then.
"""

import os
import sys

TYPE_CHECKING = False  # of typing, which would be loaded first
if TYPE_CHECKING:
    from types import TracebackType

_INTERRUPTED = 130  # `exits.INTERRUPTED`, which would be loaded first


def begin() -> None:
    """Let Ctrl-C end the process silently from here on; whatever else goes wrong is told as ever."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _end


def end() -> None:
    """Let Ctrl-C be told by whoever has loaded the program."""
    if sys.excepthook is _end:
        sys.excepthook = sys.__excepthook__


def _end(kind: type[BaseException], exc: BaseException, traceback: "TracebackType | None") -> None:
    if issubclass(kind, KeyboardInterrupt):
        os._exit(_INTERRUPTED)
    sys.__excepthook__(kind, exc, traceback)


begin()
