"""The lines of a zone file, of which the exact reader gets only those that need it. No IO here.

Lines are looked at by blocks: those of one owner, from the line that names it to the next that names another. A
block is taken into the harvest when it ends, or left to the exact reader from its first line on as soon as one of
its lines is not taken. So the exact reader never stands in the middle of what it has not seen.
"""

from collections.abc import Iterator

from migrator.zonefile.dialects import outcommented
from migrator.zonefile.fast.context import Context, context_of
from migrator.zonefile.fast.cutting import Cut, chunk_end, cut, unfolded
from migrator.zonefile.fast.harvest import Harvest
from migrator.zonefile.fast.headers import Middles
from migrator.zonefile.lexer import Line, line_at
from migrator.zonefile.state import State

_COMMENT_LOOKED_AT = 500


class FastLines:
    """Takes ordinary lines into a harvest, and yields all others as the lexer would, in their places.

    Whoever takes a yielded line must have dealt with it before asking for the next: what it changes in the state
    is what the following lines are read in.
    """

    def __init__(self, state: State, harvest: Harvest) -> None:
        """Read in the light of the state that the exact reader keeps."""
        self._state = state
        self._harvest = harvest
        self._middles: dict[int | None, Middles] = {}

    def lines(self, text: bytes) -> Iterator[Line]:
        """Yield the lines of unified text that are not taken."""
        if not text.endswith(b"\n"):
            text += b"\n"
        position, number = 0, 1
        exact_until = len(text) if self._harvest.everything else 0
        while position < len(text):
            context = context_of(self._state) if position >= exact_until else None
            if context is None:
                line, position, number = line_at(text, position, number)
                if line is not None:
                    yield line
                continue
            end = chunk_end(text, position)
            chunk = _Chunk(self._state, self._harvest, self._middles, text, position, number)
            yield from chunk.lines(context, end)
            number = chunk.number
            position = chunk.offset()
            # Where a chunk stops early, its rest is read line by line: no text is cut twice.
            exact_until = end


class _Chunk:
    """One chunk of the text: what has been read of it, and where in the text that is."""

    def __init__(
        self,
        state: State,
        harvest: Harvest,
        middles: dict[int | None, Middles],
        text: bytes,
        position: int,
        number: int,
    ) -> None:
        self.number = number
        self._state = state
        self._harvest = harvest
        self._all_middles = middles
        self._text = text
        self._mark = (number, position)  # a line of the text and where it begins

    def offset(self) -> int:
        """Return where the line `number` begins; each call goes on where the last one was."""
        number, position = self._mark
        for _ in range(self.number - number):
            position = self._text.index(b"\n", position) + 1
        self._mark = (self.number, position)
        return position

    def lines(self, context: Context, end: int) -> Iterator[Line]:  # noqa: C901, PLR0912, PLR0915  (the inner loop)
        """Take the lines up to the end, or as far as there is a context to take them in; yield the others.

        `block` are the cuts of the open block, from line `first` on, and `records` what they say. `slow` tells
        that its lines go to the exact reader. `token` is its owner as it was written.
        """
        state, harvest = self._state, self._harvest
        middles = self._middles(context)
        token = key = name = last_head = b""
        records: list[bytes] = []
        block: list[Cut] = []
        first = number = self.number
        slow = True
        cuts = iter(cut(self._text, self._mark[1], end))
        for found in cuts:
            owner, middle, rdata, comment, held, other = found
            taken = 1
            if held:
                taken = held.count(b"\n") + 1
                owner, middle, rdata = unfolded(held) or _NO_FIELDS
            if middle:
                if owner and owner != token:
                    if records and not harvest.take(key, name, records):
                        yield from _replayed(block, first)
                    token, first, block, records = owner, number, [], []
                    named = context.owner(owner)
                    slow = named is None or named[0] in harvest.left
                    if named is not None:
                        key, name = named
                if not slow:
                    known = middles[middle]
                    text = None if known is None else known.form(rdata, context)
                    if known is not None and text is not None and not (comment and _speaks(comment)):
                        last_head = known.head
                        records.append(last_head + text)
                        block.append(found)
                        number += taken
                        continue
                line = _exact_line(found, number)
            elif held:
                line = _exact_line(found, number)
            elif not other or other.isspace() or _is_mere_comment(other):
                block.append(found)
                number += 1
                continue
            elif b"(" in other:
                self.number = number
                line, _, after = line_at(self._text, self.offset(), number)
                taken = after - number
            else:
                line = line_at(other + b"\n", 0, number)[0]
            if line is None:
                number += taken
                continue
            # The line is the exact reader's, and with it the rest of its block.
            if last_head and context.default_ttl is None:
                state.ttls.last, last_head = int(last_head.split()[1]), b""
            begins = bool(line.tokens) and not line.inherits and line.tokens[0] != token
            if records:
                if not begins or not harvest.take(key, name, records):
                    yield from _replayed(block, first)
                else:
                    state.owner = state.names.read(token)  # for $INCLUDE, and for what follows a directive
            if begins:
                token = b"" if line.tokens[0][:1] == b"$" else line.tokens[0]
            slow, block, records = True, [], []
            yield line
            aligned = _skip(cuts, taken - 1) if other else True
            number += taken
            if not aligned:
                self.number = number
                return
            if not context.holds(state):
                changed = context_of(state)
                if changed is None:
                    self.number = number
                    return
                context, middles, token = changed, self._middles(changed), b""
        self.number = number
        if records:
            if harvest.take(key, name, records):
                state.owner = state.names.read(token)
            else:
                yield from _replayed(block, first)
        if last_head and context.default_ttl is None:
            state.ttls.last = int(last_head.split()[1])

    def _middles(self, context: Context) -> Middles:
        self._harvest.apexes.add(context.apex)
        found = self._all_middles.get(context.default_ttl)
        if found is None:
            found = self._all_middles[context.default_ttl] = Middles(context.default_ttl)
        return found


_NO_FIELDS = (b"", b"", b"")


def _exact_line(found: Cut, number: int) -> Line | None:
    """Return the cut line as the lexer would have cut it."""
    owner, middle, rdata, comment, held, other = found
    text = held or other or b"%b %b %b %b" % (owner, middle, rdata, comment)
    return line_at(text + b"\n", 0, number)[0]


def _replayed(block: list[Cut], first: int) -> Iterator[Line]:
    """Yield the lines of a block that was not taken after all."""
    number = first
    for found in block:
        line = _exact_line(found, number)
        if line is not None:
            yield line
        number += found[4].count(b"\n") + 1


def _skip(cuts: Iterator[Cut], lines: int) -> bool:
    """Skip the cuts of so many lines; false where one of them is cut across, or the chunk ends before."""
    while lines > 0:
        found = next(cuts, None)
        if found is None:
            return False
        lines -= found[4].count(b"\n") + 1
    return not lines


def _speaks(comment: bytes) -> bool:
    """Tell whether the comment behind a record may be one of those that tools write for tools."""
    return b"AWS " in comment or b"cf_tags=" in comment


def _is_mere_comment(line: bytes) -> bool:
    comment = line.lstrip(b" \t")
    return comment[:1] == b";" and outcommented(comment[1 : 1 + _COMMENT_LOOKED_AT]) is None
