"""Regular expressions that are compiled when they are first used: half of those that a run loads it never uses."""

import re
from typing import TYPE_CHECKING, Any, AnyStr

__all__ = ["Expression", "expression"]


class Expression:
    """Stands for a `re.Pattern`, and has all that it has."""

    def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
        """Say what is to be compiled."""
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Compile, and keep the methods at hand: each is found as fast as the pattern's own from now on."""
        compiled = re.compile(self.pattern, self._flags)
        for each in _METHODS:
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")

if TYPE_CHECKING:

    def expression(pattern: AnyStr, flags: int = 0, /) -> re.Pattern[AnyStr]:
        """Return what is compiled when it is first used."""

else:
    expression = Expression
