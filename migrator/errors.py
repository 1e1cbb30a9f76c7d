"""The error tree: every way the program stops, and the exit code that goes with it.

Bad data in a zone is a `Finding`, and silence on the network a `NoAnswer`: neither is an exception.
An exception means that the command cannot go on, and its text is the one line that the user reads:
what, where, and what to do next.
"""

from collections.abc import Iterator
from typing import ClassVar


class MigratorError(Exception):
    """The command cannot go on; the text says why, where, and what to do next."""

    exit_code: ClassVar[int] = 2


class InputError(MigratorError):
    """What the user gave cannot be used: an option, a locator, a file."""

    exit_code = 2


class ZoneFileError(InputError):
    """Nothing can be made of a zone file, or a limit was hit; `file` and `line` say where."""

    def __init__(self, message: str, file: str, line: int | None = None) -> None:
        """Put the place before the message, as compilers do."""
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {message}")
        self.file = file
        self.line = line


class ProviderError(MigratorError):
    """A provider refused, failed or could not be reached.

    `of_account`: whatever else is asked with the same login fails alike, as where it has expired.
    """

    exit_code = 3

    def __init__(self, message: str = "", *, of_account: bool = False) -> None:
        """Say what went wrong, and whether that is the whole account's trouble."""
        super().__init__(message)
        self.of_account = of_account


class DnsError(MigratorError):
    """A question that the command cannot do without got no usable answer."""

    exit_code = 3


class StoreError(MigratorError):
    """The state database cannot be read or written now: what is seen will not be remembered."""

    exit_code = 3


class LostError(StoreError):
    """The state database was deleted or replaced while it was in use: nothing can be kept in it any more."""


class NotifyError(MigratorError):
    """Nobody could be told what happened; what happened is kept all the same."""

    exit_code = 3


class UnsafeError(MigratorError):
    """What was asked for could lose data; nothing was written."""

    exit_code = 4


def causes_of(exc: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and what led to it, link by link; of a group, what led to each."""
    while exc is not None:
        yield exc
        if isinstance(exc, BaseExceptionGroup):
            for each in exc.exceptions:
                yield from causes_of(each)
        exc = exc.__cause__ or exc.__context__
