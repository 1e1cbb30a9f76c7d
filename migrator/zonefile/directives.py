"""Directives: which there are, and what their tokens say. No IO here."""

from dns.name import Name

from migrator.model.values import dataclass
from migrator.zonefile.fields import Names, NoOrigin, Unreadable, octets_of, shown, ttl_of


@dataclass(frozen=True, slots=True)
class Ttl:
    """`$TTL seconds`: for the records after it that state none (RFC 2308 section 4)."""

    ttl: int
    token: bytes


@dataclass(frozen=True, slots=True)
class Origin:
    """`$ORIGIN name`: what relative names after it end in."""

    token: bytes


@dataclass(frozen=True, slots=True)
class Include:
    """`$INCLUDE path [origin]`: the records of another file, in its place."""

    path: str
    origin: Name | None


@dataclass(frozen=True, slots=True)
class Generate:
    """`$GENERATE range owner [ttl] [class] type rdata`."""

    span: bytes
    tokens: list[bytes]


@dataclass(frozen=True, slots=True)
class Date:
    """`$DATE stamp`: when a server dumped the file; it says nothing of the zone."""


Directive = Ttl | Origin | Include | Generate | Date
_FEWEST_GENERATE_TOKENS = 4


def directive_of(tokens: list[bytes], names: Names) -> Directive:
    """Return what the line means; raises Unreadable where it is no directive or its tokens do not fit."""
    try:
        return _read(tokens, names)
    except NoOrigin:
        raise
    except Unreadable as exc:
        raise Unreadable(str(exc), "zonefile.unreadable-directive") from exc


def _read(tokens: list[bytes], names: Names) -> Directive:
    name, *arguments = tokens
    word = name.upper()
    match word, len(arguments):
        case b"$TTL", 1:
            ttl = ttl_of(arguments[0])
            if ttl is None:
                raise Unreadable(f"{shown(arguments[0])} is no TTL")
            return Ttl(ttl, arguments[0])
        case b"$ORIGIN", 1:
            return Origin(arguments[0])
        case b"$INCLUDE", 1 | 2:
            path = octets_of(arguments[0]).decode("utf-8", "surrogateescape")
            return Include(path, names.read(arguments[1]) if len(arguments) > 1 else None)
        case b"$DATE", 1:
            return Date()
        case b"$GENERATE", count if count >= _FEWEST_GENERATE_TOKENS:
            return Generate(arguments[0], arguments[1:])
        case ((b"$TTL" | b"$ORIGIN" | b"$INCLUDE" | b"$DATE" | b"$GENERATE"), 0):
            raise Unreadable(f"{word.decode()} stands alone")
        case ((b"$TTL" | b"$ORIGIN" | b"$INCLUDE" | b"$DATE"), _):
            raise Unreadable(f"{shown(arguments[-1])} stands after the end of {word.decode()}")
        case b"$GENERATE", _:
            raise Unreadable("$GENERATE needs a range, an owner, a type and one token of rdata")
        case _:
            raise Unreadable(f"{shown(name)} is no directive; known are $TTL, $ORIGIN, $INCLUDE and $GENERATE")
