"""What a line means depends on what came before: origin, apex and default TTL, as texts. No IO here."""

import re
from collections.abc import Sequence
from functools import lru_cache

from dns.name import Name

from migrator.model.compact import key_of
from migrator.zonefile import suspicion
from migrator.zonefile.fast.blocks import Columns, Names, block_pattern, columns_of
from migrator.zonefile.state import State

# A name of labels that mean nothing else anywhere; half of what a name may have, so that an origin fits behind it.
_NAME = re.compile(rb"[A-Za-z0-9_*/-]{1,63}(?:\.[A-Za-z0-9_*/-]{1,63})*\.?")
_ORIGIN_ITSELF = re.compile(rb"@[ \t\n;]")
_LONGEST = 100
LONGEST_ORIGIN = 150
_LONGEST_LABEL = 63


class Context:
    """Names below one origin, in a zone whose apex is known as well as the lines so far tell it."""

    __slots__ = (
        "_at_apex",
        "_behind_origin",
        "_below_apex",
        "_has_relative",
        "_made_of",
        "_plain_names",
        "_suspicious",
        "apex",
        "default_ttl",
        "has_blocks",
        "key_of_origin",
        "origin",
        "says",
    )

    def __init__(self, origin: Name, apex: Name, default_ttl: int | None) -> None:
        """Take both; below an origin that is no plain name in the zone, only absolute names are read.

        Two contexts are the same where they `say` the same. `has_blocks` tells that `blocks` may be read in it.
        """
        self._made_of = (origin, apex, default_ttl)
        self.default_ttl = default_ttl
        self.origin = _text(origin)
        self._behind_origin = _behind_dot(self.origin)
        self._has_relative = (origin is apex or origin.is_subdomain(apex)) and _is_plain(self.origin)
        self.apex = key_of(apex.labels)
        self._at_apex = key_of(origin.labels) == self.apex
        self._below_apex = _behind_dot(self.apex)
        self._suspicious = _suspicious(self.apex)
        self.says = (self.origin, self.apex, default_ttl)
        self.has_blocks = self.apex != b"."
        self.key_of_origin = self.origin.lower()
        self._plain_names = self._names_of_blocks()

    def _names_of_blocks(self) -> Names:
        if not self._has_relative or not self.has_blocks:
            return Names.ABSOLUTE
        if self._at_apex:
            return Names.AT_APEX
        # No name below this origin looks as if it lacked its final dot, whatever stands before the origin.
        last = self.key_of_origin.removesuffix(self._below_apex).rpartition(b".")[2]
        dotless = last in suspicion.TOP_LEVEL or last == self.apex.split(b".")[-2]
        return Names.ABSOLUTE if dotless else Names.BELOW_APEX

    def holds(self, state: State) -> bool:
        """Tell whether the following lines are still read in this context."""
        origin, apex, default_ttl = self._made_of
        return (
            state.names.origin is origin
            and state.apex.known() is apex
            and _default_ttl(state) == default_ttl
            and not state.tool.tool
        )

    def enter(self, state: State) -> None:
        """Let the following lines be read in this context."""
        if not self.holds(state):
            origin, _, default_ttl = self._made_of
            state.names.enter(origin)
            if default_ttl is not None:
                state.ttls.set_default(default_ttl)

    def target(self, token: bytes) -> bytes | None:
        """Return the absolute name in its own letters; None where the exact reader must look at it."""
        if token[-1:] == b".":
            return token if token == b"." or (_NAME.fullmatch(token) and len(token) <= _LONGEST) else None
        if not self._has_relative:
            return None
        if token == b"@":
            return self.origin if self._at_apex else None
        if _NAME.fullmatch(token) is None or len(token) > _LONGEST:
            return None
        name = token + self._behind_origin
        if (b"." in token or not self._at_apex) and self._looks_dotless(name.lower()):
            return None
        return name

    def owner(self, token: bytes) -> tuple[bytes, bytes] | None:
        """Return key and absolute name of an owner below the apex; None where the exact reader must look at it."""
        if b"." in token or len(token) > _LONGEST_LABEL:
            if _NAME.fullmatch(token) is None or len(token) > _LONGEST:
                return None
            if token[-1:] == b".":
                key = token.lower()
                return (key, token) if key.endswith(self._below_apex) else None
            if not self._has_relative:
                return None
            name = token + self._behind_origin
            key = name.lower()
            return None if self._looks_dotless(key) else (key, name)
        if not self._has_relative:
            return None
        name = token + self._behind_origin
        key = name.lower()
        return key, key if key == name else name

    def columns_of(
        self,
        text: bytes,
        start: int,
        end: int,
        *,
        remarks: bool = True,
        detailed: bool = False,
        any_order: bool = False,
    ) -> Columns:
        """Return the blocks of a piece of the text, and its other lines, in a context that has blocks.

        With `remarks`, no comment behind a record is one that speaks to a tool; the rest is told at
        `block_pattern`.
        """
        names, stated = self._plain_names, self.default_ttl is None
        if names is Names.BELOW_APEX and not _ORIGIN_ITSELF.search(text, start, end):
            names = Names.AT_APEX  # means the same here, and is known already: expressions take long to compile
        pattern = block_pattern(
            self.apex, names, stated=stated, remarks=remarks, detailed=detailed, any_order=any_order
        )
        return columns_of(pattern, text, start, end)

    def keys_of(self, names: Sequence[bytes]) -> list[bytes]:
        """Return the keys of names of blocks."""
        return _absolute(b"\n".join(names).lower(), self.key_of_origin)

    def written(self, names: Sequence[bytes]) -> Sequence[bytes]:
        """Return names of blocks as absolute ones in their own letters, and what is empty as it is."""
        some = [*filter(None, names)]
        found = _absolute(b"\n".join(some), self.origin) if some else some
        if len(found) == len(names):
            return found
        each = iter(found)
        return [name and next(each) for name in names]

    def inherited(self, owner: Name | None) -> tuple[bytes, bytes] | None:
        """Return key and absolute name of the owner that the exact reader had last; None as above."""
        if owner is None:
            return None
        name = _text(owner)
        if _NAME.fullmatch(name) is None or len(name) > _LONGEST + LONGEST_ORIGIN:
            return None
        key = name.lower()
        return (key, name) if key.endswith(self._below_apex) else None

    def _looks_dotless(self, key: bytes) -> bool:
        """Tell whether the exact reader might say that a final dot was forgotten."""
        return key.endswith(self._suspicious) or b"." + key == self._suspicious[-1]


def context_of(state: State) -> Context | None:
    """Return what the next lines are read in; None where the exact reader must read them.

    The first record is always the exact reader's, and so is all of a file in a dialect of its tool.
    """
    origin = state.names.origin
    apex = state.apex.known()
    if origin is None or apex is None or not state.records or state.tool.tool:
        return None
    if not _is_plain(_text(apex)):
        return None
    return Context(origin, apex, _default_ttl(state))


def _is_plain(name: bytes) -> bool:
    return name == b"." or (_NAME.fullmatch(name) is not None and len(name) <= LONGEST_ORIGIN)


def _default_ttl(state: State) -> int | None:
    """Return the TTL of lines that state none; None where the exact reader has something to say of them."""
    return None if state.ttls.left_by_include else state.ttls.default


def _text(name: Name) -> bytes:
    """Return the name as text; where a label has a dot in it, text that is no plain name."""
    text = b".".join(name.labels) or b"."
    return text if text == b"." or text.count(b".") == len(name.labels) - 1 else b"\\"


def _absolute(lines: bytes, origin: bytes) -> list[bytes]:
    """Return the names, one a line, with this origin where they are relative."""
    below = b"." + origin
    absolute = lines.count(b".\n") + lines.endswith(b".")
    if not absolute and b"@" not in lines:
        return (lines.replace(b"\n", below + b"\n") + below).split(b"\n")
    names = lines.split(b"\n")
    if absolute == len(names):
        return names
    return [name if name[-1:] == b"." else origin if name == b"@" else name + below for name in names]


def _behind_dot(name: bytes) -> bytes:
    return name if name == b"." else b"." + name


@lru_cache(maxsize=64)
def _suspicious(apex: bytes) -> tuple[bytes, ...]:
    """Return how names end that the exact reader might suspect; the last is the apex with itself before it."""
    below = _behind_dot(apex)
    return (*[end + below for end in _TOP_LEVEL_ENDS], below[:-1] + below)


_TOP_LEVEL_ENDS = tuple([b"." + domain for domain in sorted(suspicion.TOP_LEVEL)])
