"""What every form of a report is made from: text that is not escaped yet. No IO here."""

from collections.abc import Sequence
from datetime import datetime

from migrator.clock import instant
from migrator.model.names import absolute, for_people
from migrator.model.phrases import counted
from migrator.model.values import dataclass

MOST_ROWS = 200
LONGEST_WHOLE = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: `mark` says what it means, `lines` stand below it, `href` leads elsewhere.

    `at` is there where the cell is an instant, which `text` shows; `id` names it for links.
    """

    text: str
    mark: str = ""
    lines: tuple[str, ...] = ()
    is_code: bool = False
    href: str = ""
    at: datetime | None = None
    id: str = ""

    @property
    def is_of_words(self) -> bool:
        """Whether all of it is words that any column has room for, none of which needs to be broken.

        At a hyphen a line can always end.
        """
        words = " ".join((self.text, *self.lines)).replace("-", " ").split()
        return self.at is None and all(len(word) <= LONGEST_WHOLE for word in words)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; the first cell of each row is its header. `more` says what was left out."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing with its mark: a word, what it is about, what there is to say of it, what can be typed."""

    mark: str
    word: str
    title: str
    lines: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under a heading."""

    id: str
    title: str
    says: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.says or self.items or self.tables)


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], rest: str = "") -> tuple[Table, ...]:
    """Return the table, none where it has no rows; the first rows of a long one, with a word on the `rest`."""
    if not rows:
        return ()
    left = len(rows) - MOST_ROWS
    more = f"{counted(left, 'more line')}{rest}" if left > 0 else ""
    return (Table(caption, tuple(heads), tuple(map(tuple, rows[:MOST_ROWS])), more),)


def when(at: datetime | None) -> Cell:
    """Return the cell of an instant; a dash for none."""
    return Cell("-" if at is None else instant(at), at=at)


def name_text(text: str) -> str:
    """Return a domain name as people write it; empty for none."""
    return for_people(absolute(text)) if text else ""
