r"""Character-strings in quotes, brought to the one spelling in which two that are the same are equal. No IO here.

    "caf\195\169 \"x\"\; y"      as people and programs write it, among others; here too with octets beyond ASCII
    "caf\195\169 \034x\034; y"   in canonical text: what is no printable ASCII, quotes and backslashes as \DDD
    "caf\195\169 \"x\"; y"       as it is presented, by dnspython and servers

In canonical text a quote begins or ends a string wherever it stands, and a backslash has three digits behind it.
"""

from migrator.model.expression import expression

# What may be spelled in another way; a backslash with no escape behind it is by itself, and has no spelling.
_ODD = expression(rb"\\(?:[0-9]{3}|[^0-9]|)|[\x80-\xff]")
_ESCAPE = expression(rb"\\([0-9]{3})")
_QUOTE, _BACKSLASH = 0x22, 0x5C


def _spelling(octet: int) -> bytes:
    plain = 0x20 <= octet < 0x7F and octet not in (_QUOTE, _BACKSLASH)  # noqa: PLR2004
    return bytes((octet,)) if plain else b"\\%03d" % octet


_SPELLINGS = {
    **{b"\\%03d" % octet: _spelling(octet) for octet in range(256)},
    **{b"\\%c" % octet: _spelling(octet) for octet in range(256) if not 0x30 <= octet <= 0x39},  # noqa: PLR2004
    **{b"%c" % octet: _spelling(octet) for octet in range(0x80, 256)},
}


def in_one_spelling(strings: bytes) -> bytes | None:
    """Return strings in quotes in their canonical spelling; None where a backslash begins no escape."""
    if rb"\\" not in strings:
        strings = strings.replace(rb"\;", b";")  # most have no other
    if b"\\" not in strings and strings.isascii():
        return strings
    try:
        return _ODD.sub(lambda found: _SPELLINGS[found[0]], strings)
    except KeyError:
        return None


def octets_of_spelled(text: bytes) -> bytes:
    """Return what canonical text says."""
    return _ESCAPE.sub(lambda found: b"%c" % int(found[1]), text) if b"\\" in text else text


def length_of_spelled(text: bytes) -> int:
    """Return how many octets canonical text says."""
    return len(text) - 3 * text.count(b"\\")


def presented_of_spelled(text: str) -> str:
    """Return strings in canonical text as they are presented."""
    return text.replace("\\034", '\\"').replace("\\092", "\\\\") if "\\" in text else text
