r"""Tokens -> names, TTLs, numbers and octets: the fields that records are made of. No IO here.

A token is what the lexer cuts: octets with their escapes, a quoted string with its quotes. What cannot be
read raises `Unreadable` with the reason, and the reader turns that into a finding for the line.
"""

import re

import dns.exception
import dns.name
from dns.name import Name

from migrator.model.expression import expression
from migrator.model.names import name_of_labels

# More octets of text than any name of 255 octets can take, each written as \DDD.
_LONGEST_NAME_TEXT = 4 * 255
_MANY_NAMES = 65536
_LONGEST_NAME = 255
# Up to 127 labels of up to 63 printable octets, none of which means anything else in a zone file.
_PLAIN_NAME = re.compile(rb"[!#-'*-\-/-:<-?A-\[\]-~]{1,63}(?:\.[!#-'*-\-/-:<-?A-\[\]-~]{1,63}){0,126}\.?")
_LONGEST_TTL_TEXT = 64
_TTL_UNITS = {b"w": 604800, b"d": 86400, b"h": 3600, b"m": 60, b"s": 1, b"": 1}
_TTL_PART = expression(rb"([0-9]+)([wdhms]|\Z)")
_TTL = expression(rb"(?:[0-9]+[wdhms])*(?:[0-9]+[wdhms]?)", re.IGNORECASE)
_ESCAPE = expression(rb"\\([0-9]{3}|[^0-9])", re.DOTALL)


class Unreadable(Exception):  # noqa: N818
    """A token or line cannot be read; the text says what is wrong with it, `check` which rule it breaks."""

    def __init__(self, message: str, check: str = "zonefile.unreadable-rdata") -> None:
        """Say what is wrong; without another word it is the rdata."""
        super().__init__(message)
        self.check = check


class NoOrigin(Unreadable):
    """A name is relative, and what it is relative to is not known."""


class Names:
    """Reads names below the current origin, and remembers them: a name that is written often is made once.

    `unicode` collects the names that were written beyond ASCII, each when it is met first, until it is cleared:
    servers take their octets as they stand, people mean the IDNA form.
    """

    __slots__ = ("_beyond_ascii", "_known", "_room", "_tail", "origin", "unicode")

    def __init__(self, origin: Name | None) -> None:
        self.unicode: list[Name] = []
        self._beyond_ascii: set[Name] = set()
        self._known: dict[bytes, Name] = {}
        self.enter(origin)

    def enter(self, origin: Name | None) -> None:
        """Go on with another origin; None where it is not known."""
        self.origin = origin
        self._tail = origin.labels if origin else ()
        # How long the text of a relative name may be: its wire form has one octet more, for the first length.
        self._room = _LONGEST_NAME - 1 - sum(len(label) + 1 for label in self._tail)
        self._known.clear()

    def read(self, token: bytes) -> Name:
        """Return the absolute name that the token means; raises Unreadable."""
        known = self._known.get(token)
        if known is not None:
            return known
        name = self._made(token)
        if len(self._known) >= _MANY_NAMES:
            self._known.clear()
        self._known[token] = name
        return name

    def _made(self, token: bytes) -> Name:
        if _PLAIN_NAME.fullmatch(token) is not None:
            labels = tuple(token.split(b"."))
            if not labels[-1]:
                if len(token) < _LONGEST_NAME:
                    return name_of_labels(labels)
            elif self._tail and len(token) <= self._room:
                return name_of_labels(labels + self._tail)
        return self._judged(token)

    def _judged(self, token: bytes) -> Name:
        """Return the name of a token that is not plain, or refuse it: dnspython has the word."""
        if token == b"@" and self.origin is not None:
            return self.origin
        if token[:1] == b'"' or b'="' in token:
            raise Unreadable(f"{shown(token)} stands in quotes where a name is expected")
        if len(token) > _LONGEST_NAME_TEXT:
            raise Unreadable(f"{shown(token)} is longer than a name can be")
        relative = token == b"@" or token[-1:] != b"." or _ends_in_escaped_dot(token)
        if relative and self.origin is None:
            raise NoOrigin(f"{shown(token)} is relative, and no origin is known here")
        try:
            return self._unusual(token)
        except (dns.exception.DNSException, UnicodeError) as exc:
            raise Unreadable(f"{shown(token)} is no domain name: {_reason(exc)}") from exc

    def _unusual(self, token: bytes) -> Name:
        if token.isascii():
            return dns.name.from_text(token, self.origin)
        try:
            name = dns.name.from_text(token.decode(), self.origin, dns.name.IDNA_2008_Practical)
        except (dns.exception.DNSException, UnicodeError):
            # No text that IDNA knows: the octets themselves are the name, as servers read it.
            name = dns.name.from_text(token, self.origin)
        self.tell(name)
        return name

    def tell(self, name: Name) -> None:
        """Remember that the name was written beyond ASCII."""
        if name not in self._beyond_ascii:
            self._beyond_ascii.add(name)
            self.unicode.append(name)


def ttl_of(token: bytes) -> int | None:
    """Return the seconds of `300`, `1h30m` or `1w2d3h4m5`, however many; None where the token is no TTL."""
    if not token[:1].isdigit() or len(token) > _LONGEST_TTL_TEXT:
        return None
    if token.isdigit():
        return int(token)
    if _TTL.fullmatch(token) is None:
        return None
    return sum(int(digits) * _TTL_UNITS[unit] for digits, unit in _TTL_PART.findall(token.lower()))


def octets_of(token: bytes) -> bytes:
    r"""Return the octets of a character-string, quoted or not, its escapes resolved; raises Unreadable."""
    text = token[1:-1] if token[:1] == b'"' else token
    if b"\\" not in text:
        return text
    return _ESCAPE.sub(_octet, _checked(text))


def shown(token: bytes) -> str:
    """Return the token for a message: in quotes, cut where it is long, nothing in it unprintable."""
    text = token[:60].decode("ascii", "backslashreplace")
    printable = "".join(char if char.isprintable() else f"\\{ord(char):03d}" for char in text)
    return f"'{printable}{'...' if len(token) > 60 else ''}'"  # noqa: PLR2004


def _octet(escape: re.Match[bytes]) -> bytes:
    written = escape[1]
    return bytes([int(written)]) if written.isdigit() else written


_BAD_ESCAPE = expression(rb"[^\\]*+(?:\\(?:[^0-9]|[01][0-9]{2}|2[0-4][0-9]|25[0-5])[^\\]*+)*", re.DOTALL)


def _checked(text: bytes) -> bytes:
    if _BAD_ESCAPE.fullmatch(text) is None:
        raise Unreadable(f"{shown(text)} has an escape that is neither \\X nor \\DDD up to \\255")
    return text


def _ends_in_escaped_dot(token: bytes) -> bool:
    backslashes = len(token) - 1 - len(token[:-1].rstrip(b"\\"))
    return backslashes % 2 == 1


def _reason(exc: Exception) -> str:
    return str(exc).rstrip(".") or type(exc).__name__
