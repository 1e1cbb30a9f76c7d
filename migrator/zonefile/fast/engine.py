"""The lines of a zone file, of which the exact reader gets only those that need it. No IO here.

Lines are looked at by blocks: those of one owner, from the line that names it to the next that names another. A
block is taken into the harvest when it ends, or left to the exact reader from its first line on as soon as one of
its lines is not taken. So the exact reader never stands in the middle of what it has not seen.
"""

from collections.abc import Iterator
from typing import Protocol

from migrator.zonefile.dialects import outcommented
from migrator.zonefile.fast.context import Context, context_of
from migrator.zonefile.fast.cutting import Cut, chunk_end, cut, unfolded
from migrator.zonefile.fast.harvest import Harvest
from migrator.zonefile.fast.headers import Middles
from migrator.zonefile.lexer import Line, line_at
from migrator.zonefile.state import State

COMMENT_LOOKED_AT = 500
# What comments have in them that tools write for tools.
SPEAKING = (b"AWS ", b"cf_tags=")
_MOST_DEFAULTS = 64  # TTLs of $TTL lines, for each of which middles are remembered


class FastLines:
    """Takes ordinary lines into a harvest, and yields all others as the lexer would, in their places.

    Whoever takes a yielded line must have dealt with it before asking for the next: what it changes in the state
    is what the following lines are read in.
    """

    def __init__(self, state: State, harvest: Harvest, ahead: "Ahead | None" = None) -> None:
        """Read in the light of the state that the exact reader keeps; `ahead` is asked before each chunk."""
        self._state = state
        self._harvest = harvest
        self._ahead = ahead
        self._middles: dict[int | None, Middles] = {}
        self._last: Context | None = None

    def _context(self) -> Context | None:
        if self._last is None or not self._last.holds(self._state):
            self._last = context_of(self._state)
        return self._last

    def lines(self, text: bytes) -> Iterator[Line]:
        """Yield the lines of unified text that are not taken."""
        if not text.endswith(b"\n"):
            text += b"\n"
        position, number = 0, 1
        exact_until = len(text) if self._harvest.everything else 0
        while position < len(text):
            context = self._context() if position >= exact_until else None
            if context is None:
                line, position, number = line_at(text, position, number)
                if line is not None:
                    yield line
                continue
            chunk = Chunk(self._state, self._harvest, self._middles, text, position, number)
            if self._ahead is not None:
                yield from self._ahead.lines(chunk, context)
                if chunk.position != position:
                    position, number = chunk.position, chunk.number
                    continue
                end = self._ahead.end(text, position)
            else:
                end = chunk_end(text, position)
            yield from chunk.lines(context, end)
            position, number = chunk.position, chunk.number
            # Where a chunk stops early, its rest is read line by line: no text is cut twice.
            exact_until = end


class FewBlocksError(Exception):
    """Much of the text is in no blocks, and whoever asked for them has no use for the rest."""


class Ahead(Protocol):
    """Takes of a text what need not be cut into lines."""

    def lines(self, chunk: "Chunk", context: Context) -> Iterator[Line]:
        """Take what stands at the chunk's position, if anything, and go on behind it; yield as the chunk does."""

    def end(self, text: bytes, position: int) -> int:
        """Return where the chunk ends that begins there: at the latest where there is something to take."""


class Chunk:
    """One chunk of the text: what has been read of it, and where in the text that is.

    `position` is where the line `number` begins.
    """

    def __init__(
        self,
        state: State,
        harvest: Harvest,
        middles: dict[int | None, Middles],
        text: bytes,
        position: int,
        number: int,
    ) -> None:
        self.position = position
        self.number = number
        self.text = text
        self.state = state
        self._harvest = harvest
        self._all_middles = middles

    def skip_to(self, position: int) -> None:
        """Go on to a position behind a line end."""
        self.number += self.text.count(b"\n", self.position, position)
        self.position = position

    def go_to(self, number: int) -> None:
        """Go on to a later line: what is passed is looked at once."""
        for _ in range(number - self.number):
            self.position = self.text.index(b"\n", self.position) + 1
        self.number = number

    def lines(self, context: Context, end: int) -> Iterator[Line]:  # noqa: C901, PLR0912, PLR0915  (the inner loop)
        """Take the lines up to the end, or as far as there is a context to take them in; yield the others.

        The open block begins with the cut at `first`, on line `first_number`; `records` is what it says, and
        `shape` the heads of its records. `slow` tells that its lines go to the exact reader. `token` is its owner
        as it was written. A cut stands on the line `above` plus its place.
        """
        state, harvest = self.state, self._harvest
        middles = self._middles(context)
        token = key = name = shape = last_head = b""
        records: list[bytes] = []
        first, above = 0, self.number
        first_number = above
        slow = True
        cuts = cut(self.text, self.position, end)
        places = iter(range(len(cuts)))
        for place in places:
            owner, middle, rdata, comment, held, other = cuts[place]
            if held:
                owner, middle, rdata = unfolded(held) or _NO_FIELDS
            if middle:
                if owner and owner != token:
                    if records and not harvest.take(key, name, records, shape):
                        yield from _replayed(cuts[first:place], first_number)
                    token, first, first_number, records, shape = owner, place, above + place, [], b""
                    named = context.owner(owner)
                    slow = named is None or named[0] in harvest.left
                    if named is not None:
                        key, name = named
                if not slow:
                    known = middles[middle]
                    if known is not None:
                        head, form = known
                        text = form(rdata, context)
                        if text is not None and not (comment and speaks(comment)):
                            records.append(head + text)
                            shape += head
                            last_head = head
                            if held:
                                above += held.count(b"\n")
                            continue
                line = _exact_line(cuts[place], above + place)
            elif held:
                line = _exact_line(cuts[place], above + place)
            elif not other.strip(b" \t") or is_mere_comment(other):
                continue
            elif b"(" in other:
                self.go_to(above + place)
                line, _, behind = line_at(self.text, self.position, self.number)
            else:
                line = line_at(other + b"\n", 0, above + place)[0]
            # The line is the exact reader's, and with it the rest of its block.
            if line is not None:
                if last_head and context.default_ttl is None:
                    state.ttls.last, last_head = int(last_head.split()[1]), b""
                begins = bool(line.tokens) and not line.inherits and line.tokens[0] != token
                if records:
                    if not begins or not harvest.take(key, name, records, shape):
                        yield from _replayed(cuts[first:place], first_number)
                    else:
                        state.own(state.names.read(token))  # for $INCLUDE, and for what follows a directive
                if begins:
                    token = b"" if line.tokens[0][:1] == b"$" else line.tokens[0]
                slow, records, shape = True, [], b""
                yield line
            after = above + place + 1 + held.count(b"\n")
            if b"(" in other:
                after = behind
                skipped = _skipped(places, cuts, after - above - place - 1)
                if skipped is None:
                    self.go_to(after)
                    return
                place += skipped  # noqa: PLW2901
            above = after - place - 1
            if not context.holds(state):
                changed = context_of(state)
                if changed is None:
                    self.go_to(after)
                    return
                context, middles, token = changed, self._middles(changed), b""
        self.position, self.number = end, above + len(cuts)
        if records:
            if harvest.take(key, name, records, shape):
                state.own(state.names.read(token))
            else:
                yield from _replayed(cuts[first:], first_number)
        if last_head and context.default_ttl is None:
            state.ttls.last = int(last_head.split()[1])

    def _middles(self, context: Context) -> Middles:
        self._harvest.apexes.add(context.apex)
        found = self._all_middles.get(context.default_ttl)
        if found is None:
            if len(self._all_middles) >= _MOST_DEFAULTS:
                self._all_middles.clear()
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


def _skipped(places: Iterator[int], cuts: list[Cut], lines: int) -> int | None:
    """Skip the cuts of so many lines; return how many, None where one is cut across or the chunk ends before."""
    skipped = 0
    while lines > 0:
        place = next(places, None)
        if place is None:
            return None
        skipped += 1
        lines -= cuts[place][4].count(b"\n") + 1
    return None if lines else skipped


def speaks(comment: bytes) -> bool:
    """Tell whether the comment behind a record may be one of those that tools write for tools."""
    return any(mark in comment for mark in SPEAKING)


def is_mere_comment(line: bytes) -> bool:
    """Tell whether the line is a comment, and not a record that a tool took out."""
    comment = line.lstrip(b" \t")
    return comment[:1] == b";" and outcommented(comment[1 : 1 + COMMENT_LOOKED_AT]) is None
