"""Text that fits 80 columns, or fewer: wrapping, tables, and a palette that is empty where colour is off. Pure.

Files and pipes get 80 columns; a terminal that is narrower gets as many as it has (`fit`).
"""

import textwrap
from collections.abc import Sequence

from migrator.model.expression import expression
from migrator.model.finding import Severity
from migrator.model.phrases import shortened
from migrator.model.values import dataclass

WIDTH = 80
# What stands in columns has no room on less.
NARROWEST_SCREEN = 40


@dataclass(slots=True)
class _Screen:
    columns: int = WIDTH


_SCREEN = _Screen()


def fit(columns: int) -> None:
    """Let all text from here on fit a screen of so many columns, within reason."""
    _SCREEN.columns = min(max(columns, NARROWEST_SCREEN), WIDTH)


def columns() -> int:
    """Return how wide a line of text may be."""
    return _SCREEN.columns


@dataclass(frozen=True, slots=True)
class Palette:
    """ANSI sequences by meaning; all empty for plain text."""

    error: str = ""
    warning: str = ""
    good: str = ""
    quiet: str = ""
    strong: str = ""
    reset: str = ""

    def paint(self, text: str, style: str) -> str:
        """Return the text in one of this palette's styles."""
        return f"{style}{text}{self.reset}" if style else text

    def of(self, severity: Severity) -> str:
        """Return the style of a severity."""
        match severity:
            case Severity.ERROR:
                return self.error
            case Severity.WARNING:
                return self.warning
            case Severity.NOTICE:
                return self.quiet


PLAIN = Palette()
COLOUR = Palette(
    error="\x1b[1;31m",
    warning="\x1b[33m",
    good="\x1b[32m",
    quiet="\x1b[2m",
    strong="\x1b[1m",
    reset="\x1b[0m",
)


def wrapped(text: str, indent: str = "", hanging: str | None = None, width: int = 0) -> str:
    """Return the text wrapped to fit the screen, or at `width`.

    Later lines begin with `hanging`, else with `indent`. A word longer than the line (a key, a digest) stays
    whole: a copied record must stay copyable.
    """
    return textwrap.fill(
        text,
        width or columns(),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def folded(command: str, indent: str = "", hanging: str = "    ") -> str:
    r"""Return a command on lines that a shell takes for one: all but the last end in a backslash.

    An option keeps its value beside it. Words are never parted, so that one longer than the line stands alone.
    """
    room = columns() - len(hanging) - len(_GOES_ON)
    pieces = [
        piece
        for part in _OPTION_OR_WORD.findall(command)
        for piece in ([part] if len(part) <= room else _WORD.findall(part))
    ]
    lines = [indent + pieces[0]]
    for number, piece in enumerate(pieces[1:], 2):
        end = "" if number == len(pieces) else _GOES_ON
        if len(lines[-1]) + 1 + len(piece) + len(end) <= columns():
            lines[-1] += f" {piece}"
        else:
            lines.append(hanging + piece)
    return f"{_GOES_ON}\n".join(lines)


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], indent: str = "") -> str:
    """Return a table with two blanks between columns; the widest columns are shortened to fit the screen."""
    lines = [headers, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headers))]
    spare = columns() - len(indent) - 2 * (len(headers) - 1) - sum(widths)
    while spare < 0:
        widest = widths.index(max(widths))
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
        spare += 1
    out = []
    for line in lines:
        cells = [shortened(cell, width).ljust(width) for cell, width in zip(line, widths, strict=True)]
        out.append(f"{indent}{'  '.join(cells)}".rstrip())
    return "\n".join(out)


_NARROWEST = 8
_GOES_ON = " \\"
# A word as a shell reads it, quotes and escapes within it; an option with the word after it, if that is none.
_WORD_PATTERN = r"""(?>(?:[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.|['"\\])+)"""
_WORD = expression(_WORD_PATTERN)
_OPTION_OR_WORD = expression(rf"-{_WORD_PATTERN}\s+(?!-){_WORD_PATTERN}|{_WORD_PATTERN}")
