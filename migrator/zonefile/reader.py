"""Zone file text -> records and findings. No IO here: the text of $INCLUDE files comes from the caller.

A line that cannot be read is a finding of severity error, and the other lines are read; a file of which nothing
can be made is a `ZoneFileError`. Nothing is guessed: where servers read a line in a way that nobody means, it
is read as servers do and told. Where RFC 1035 leaves a choice, BIND's is taken: after $INCLUDE the origin and
the owner are what they were before it, and the owner after $GENERATE too, while $TTL stays as the included file
left it.
"""

from collections.abc import Callable, Iterator
from itertools import chain

from dns.name import Name
from dns.rdatatype import RdataType, is_metatype

from migrator.errors import InputError, ZoneFileError
from migrator.model.finding import Position, Severity
from migrator.model.names import for_people, text_of
from migrator.model.values import dataclass
from migrator.zonefile import apex as apexes
from migrator.zonefile import records, suspicion
from migrator.zonefile.collector import paused_collector
from migrator.zonefile.dialects import AZURE, outcommented
from migrator.zonefile.directives import Date, Directive, Generate, Include, Origin, Ttl, directive_of
from migrator.zonefile.fields import Names, NoOrigin, Unreadable, shown
from migrator.zonefile.foreign import foreign
from migrator.zonefile.generate import CEILING, generated, span_of
from migrator.zonefile.lexer import Line, logical_lines, unified
from migrator.zonefile.rdata import Remark
from migrator.zonefile.reading import IncludeOpener, Reading
from migrator.zonefile.state import State
from migrator.zonefile.ttls import MAX_TTL, range_remark, unit_remark

DEEPEST_INCLUDE = 20
MOST_INCLUDES = 10_000
MOST_OCTETS = 1 << 30
_TEXT_LOOKED_AT = 4096
_EVIDENCE = 500


def read_zone(
    text: bytes,
    *,
    file: str,
    origin: Name | None = None,
    include: IncludeOpener | None = None,
    fallback: Name | None = None,
) -> Reading:
    """Return the records of a zone file.

    `origin` is the zone's name; without it the owner of the SOA record is, or the first $ORIGIN, and `fallback`
    where the file says neither. Raises ZoneFileError where nothing can be made of the text: it is no text, has
    no record or no origin, an $INCLUDE fails, or a limit is hit.
    """
    state = new_state(origin, fallback)
    with paused_collector():
        zone = read_into(state, text, file, include)
    return Reading(zone, tuple(state.records), state.findings.all(), tuple(state.rrsets))


def new_state(origin: Name | None, fallback: Name | None) -> State:
    """Return the state before the first line."""
    return State(apexes.Apex(origin, fallback), Names(origin or fallback))


def read_into(
    state: State,
    text: bytes,
    file: str,
    include: IncludeOpener | None,
    lines: Callable[[bytes], Iterator[Line]] = logical_lines,
) -> Name:
    """Read the lines of the text, and of what it includes, into the state; return the zone's name.

    `lines` cuts them; what it keeps to itself is in `state.taken`.
    """
    return _Reader(state, include, lines).read(text, file)


@dataclass(slots=True)
class _Frame:
    """A file that is being read, and what is to be restored when it ends."""

    file: str
    lines: Iterator[Line]
    origin: Name | None
    owner: Name | None
    default_ttl: int | None


class _Reader:
    """One reading: the files that are open, and the state that their lines share."""

    def __init__(
        self, state: State, include: IncludeOpener | None, lines: Callable[[bytes], Iterator[Line]]
    ) -> None:
        self.state = state
        self.lines = lines
        self.include = include
        self.frames: list[_Frame] = []
        self.file = ""
        self.text = b""
        self.octets = self.includes = self.generated = 0

    def read(self, text: bytes, file: str) -> Name:
        self._open(text, file)
        self.text = unified(text[:_TEXT_LOOKED_AT])
        while self.frames:
            for line in self.frames[-1].lines:
                if self._line(line):
                    break
            else:
                self._close()
        return self._zone(file)

    def _zone(self, file: str) -> Name:
        state = self.state
        if not state.records and not state.rrsets:
            raise _nothing(state, file, foreign(self.text))
        records.finish(state)
        origin = state.apex.known() or state.names.origin
        if origin is None:
            raise ZoneFileError(
                "The file does not say which zone it is: it has no SOA record and no $ORIGIN. Add ?origin=ZONE.",
                file,
            )
        owners = chain((record.owner for record in state.records), (rrset.owner for rrset in state.rrsets))
        if not state.taken and not any(owner.is_subdomain(origin) for owner in owners):
            raise _elsewhere(state, origin, file)
        return origin

    # Files: the one that was given, and those that it includes.

    def _open(self, text: bytes, file: str) -> None:
        _refuse_binary(text, file)
        self.octets += len(text)
        if self.octets > MOST_OCTETS:
            raise ZoneFileError(f"The files of the zone have more than {MOST_OCTETS:,} octets together.", file)
        state = self.state
        lines = self.lines(unified(text))
        self.frames.append(_Frame(file, lines, state.names.origin, state.owner, state.ttls.default))
        self.file = file

    def _close(self) -> None:
        frame = self.frames.pop()
        if not self.frames:
            return
        self.file = self.frames[-1].file
        state = self.state
        state.names.enter(frame.origin)
        state.go_back_to(frame.owner, "$INCLUDE")
        if state.ttls.default != frame.default_ttl:
            state.ttls.left_by_include = True

    def _include(self, directive: Include, position: Position) -> None:
        self.includes += 1
        if self.include is None:
            raise _refused("$INCLUDE: this text has no folder from which files could be included.", position)
        if len(self.frames) > DEEPEST_INCLUDE or self.includes > MOST_INCLUDES:
            limit = f"{DEEPEST_INCLUDE} deep or {MOST_INCLUDES:,} times"
            raise _refused(f"$INCLUDE: files include each other more than {limit}.", position)
        try:
            text, name = self.include(directive.path, self.file)
        except InputError as exc:
            raise _refused(f"$INCLUDE: {exc}", position) from exc
        if any(frame.file == name for frame in self.frames):
            raise _refused(f"$INCLUDE: {name} includes itself, through this line.", position)
        self._open(text, name)
        if directive.origin is not None:
            self.state.names.enter(directive.origin)

    # Lines.

    def _line(self, line: Line) -> bool:
        """Take one line; tell whether it opened another file."""
        tokens = line.tokens
        position = Position(self.file, line.number)
        opened = False
        try:
            if line.defect:
                self._defect(line)
            elif not tokens:
                self._comment(line.comment, position)
            elif _is_directive(line):
                opened = self._directive(directive_of(tokens, self.state.names), position)
            else:
                records.take(self.state, line, position)
        except Unreadable as exc:
            self._unreadable(exc, line, position, "The line cannot be read and is left out")
        if self.state.names.unicode:
            self._unicode_names(position)
        return opened

    def _unreadable(self, exc: Unreadable, line: Line, position: Position, consequence: str) -> None:
        if isinstance(exc, NoOrigin) and self.state.apex.known() is None:
            no_zone = f"{exc}: the file does not say which zone it is. Add ?origin=ZONE."
            raise _refused(foreign(self.text) or no_zone, position) from exc
        owner = None if _is_directive(line) else self.state.owner
        message = f"{consequence}: {exc}."
        text = b" ".join(line.tokens[:_EVIDENCE])[:_EVIDENCE].decode("utf-8", "backslashreplace")
        subject = text_of(owner) if owner else ""
        self.state.findings.add(Remark(exc.check, Severity.ERROR, message), subject, position, (text,))

    def _defect(self, line: Line) -> None:
        """Raise Unreadable; before that, find whose the lines are that follow and name no owner."""
        if not line.inherits:
            self.state.own(None)
            if line.tokens and not _is_directive(line):
                self.state.owner = self.state.names.read(line.tokens[0])
        raise Unreadable(line.defect, "zonefile.unreadable-line")

    def _comment(self, comment: bytes, position: Position) -> None:
        state = self.state
        if not state.records:
            state.tool.read(comment[:_EVIDENCE])
            if state.tool.zone and state.apex.stands_open():
                state.apex.fallback = apexes.named(state.tool.zone) or state.apex.fallback
                state.names.enter(state.apex.fallback)
        remark = outcommented(comment[:_EVIDENCE])
        if remark is not None:
            state.findings.add(remark, "", position)

    def _unicode_names(self, position: Position) -> None:
        for name in self.state.names.unicode:
            self.state.findings.add(suspicion.unicode_remark(name), text_of(name), position)
        self.state.names.unicode.clear()

    # Directives.

    def _directive(self, directive: Directive, position: Position) -> bool:
        match directive:
            case Ttl(ttl, token):
                self._default_ttl(ttl, token, position)
            case Origin(token):
                self._origin(token, position)
            case Include():
                self._include(directive, position)
                return True
            case Generate(span, tokens):
                self._generate(span_of(span), tokens, position)
            case Date():
                pass
        return False

    def _default_ttl(self, ttl: int, token: bytes, position: Position) -> None:
        if ttl > MAX_TTL:
            self.state.findings.add(range_remark(ttl), "$TTL", position)
            ttl = 0
        elif token[-1:].isdigit() and not token.isdigit():
            self.state.findings.add(unit_remark(token.decode("ascii"), ttl), "$TTL", position)
        self.state.ttls.set_default(ttl)

    def _origin(self, token: bytes, position: Position) -> None:
        state = self.state
        try:
            origin, remark = state.apex.origin_of(token, state.names, always_absolute=state.tool.tool == AZURE)
        except Unreadable as exc:
            # Relative names that follow would be read below the wrong origin: better not at all.
            state.names.enter(None)
            raise Unreadable(f"{exc}, so relative names after it have no origin", "zonefile.bad-origin") from exc
        if remark is not None:
            state.findings.add(remark, text_of(origin), position)
        state.names.enter(origin)

    def _generate(self, span: range, tokens: list[bytes], position: Position) -> None:
        self.generated += len(span)
        if self.generated > CEILING:
            limit = f"{self.generated:,} records; {CEILING:,} are made for a zone at most"
            raise _refused(f"$GENERATE asks for {limit}.", position)
        header = self.state.headers.read(tokens, 1)
        if header.rdata != len(tokens) - 1:
            raise Unreadable(
                f"{shown(tokens[-1])} stands after the rdata, which is one token", "zonefile.generate"
            )
        if is_metatype(header.rdtype):
            raise Unreadable(
                f"{RdataType.to_text(header.rdtype)} is no type of records in a zone", "zonefile.meta-type"
            )
        owner = self.state.owner
        try:
            for made in generated(tokens, span):
                if not self._made(Line(position.line, inherits=False, tokens=made), position):
                    break
        finally:
            self.state.go_back_to(owner, "$GENERATE")

    def _made(self, line: Line, position: Position) -> bool:
        """Take a record of a $GENERATE line; tell whether it could be read."""
        try:
            records.take(self.state, line, position)
        except Unreadable as exc:
            self._unreadable(exc, line, position, "$GENERATE makes neither this record nor those after it")
            return False
        return True


def _is_directive(line: Line) -> bool:
    return bool(line.tokens) and line.tokens[0][:1] == b"$" and not line.inherits


def _nothing(state: State, file: str, looks: str) -> ZoneFileError:
    """Return the refusal of a file without any record, with how it looks, or its first error where it has one."""
    errors = [finding for finding in state.findings.found if finding.severity is Severity.ERROR]
    if not errors:
        return ZoneFileError("The file holds no record.", file)
    first = errors[0]
    line = first.position.line if first.position else None
    return ZoneFileError(f"No record of the file can be read. {looks or first.message}", file, line)


def _elsewhere(state: State, origin: Name, file: str) -> ZoneFileError:
    first = state.records[0].owner if state.records else state.rrsets[0].owner
    zone, owner = for_people(origin), for_people(first)
    return ZoneFileError(
        f"No record lies in {zone}; the first is of {owner}. Name the zone by ?origin=ZONE.", file
    )


def _refused(message: str, position: Position) -> ZoneFileError:
    return ZoneFileError(message, position.file, position.line)


def _refuse_binary(text: bytes, file: str) -> None:
    """Raise ZoneFileError for what is no text at all, and say what it is where that shows."""
    start = text[:_TEXT_LOOKED_AT]
    zeros = start.count(0)
    every_second = zeros and (start[1::2].count(0) or start[::2].count(0))
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"} or every_second > len(start) // 4:
        raise ZoneFileError(
            "The file is no text, or UTF-16 text: a zone file is ASCII or UTF-8; convert it.", file, 1
        )
    if start[:2] == b"\x1f\x8b":
        raise ZoneFileError("The file is compressed by gzip: unpack it first.", file, 1)
    if zeros > len(start) // 20:
        raise ZoneFileError("The file is binary and no zone file (BIND's raw format: named-compilezone).", file, 1)
