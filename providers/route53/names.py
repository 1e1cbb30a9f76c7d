r"""Domain names as Route 53 spells them: octal escapes, lower case, always absolute. No IO here.

Route 53 returns every octet beyond a-z, 0-9, `-` and `_` as `\ooo`, three OCTAL digits: the wildcard is
`\052.example.com.`. Zone files escape in DECIMAL (RFC 1035 section 5.1), where `\052` would be the digit 4.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html (2026-11-20)
"""

import dns.exception
import dns.name
from dns.name import Name

_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_")
_OCTAL = frozenset("01234567")
_LARGEST_OCTET = 255


class UnreadableError(ValueError):
    """A name or value of Route 53 that cannot be put into DNS terms; the text says why."""


def decode(text: str) -> Name:
    r"""Return the absolute name that Route 53 wrote, with or without its final dot.

    What stands unescaped means itself, `*` and `@` too; a dot inside a label is `\056`. Raises UnreadableError
    for a label that is empty or longer than 63 octets, a name of more than 255, an escape that is not octal.
    """
    if text == ".":
        return dns.name.root
    labels: list[bytes] = []
    label = bytearray()
    at = 0
    while at < len(text):
        char = text[at]
        if char == ".":
            labels.append(bytes(label))
            label.clear()
            at += 1
        elif char == "\\":
            octets, at = escaped(text, at)
            label += octets
        else:
            label += char.encode("utf-8", "surrogatepass")
            at += 1
    if label or not text.endswith("."):
        labels.append(bytes(label))
    if b"" in labels:
        raise UnreadableError(f"the name '{text}' has an empty label")
    try:
        return Name([*labels, b""])
    except dns.exception.DNSException as exc:
        raise UnreadableError(f"'{text}' is no domain name: {exc}") from exc


def encode(name: Name) -> str:
    """Return the absolute name as Route 53 itself would return it: lower case, octal escapes, a final dot."""
    labels = (label.lower() for label in name.labels[:-1])
    return ".".join("".join(chr(o) if o in _PLAIN else f"\\{o:03o}" for o in label) for label in labels) + "."


def escaped(text: str, at: int) -> tuple[bytes, int]:
    r"""Return the octets that the escape at this backslash means, and the place after it.

    Three octal digits are an octet, a backslash before anything but a digit is that character. Raises
    UnreadableError for the rest: `\400`, `\128` and `\5` would have to be guessed.
    """
    following = text[at + 1 : at + 2]
    digits = text[at + 1 : at + 4]
    if len(digits) == 3 and _OCTAL.issuperset(digits):  # noqa: PLR2004 - the three digits of an octal escape
        octet = int(digits, 8)
        if octet <= _LARGEST_OCTET:
            return bytes([octet]), at + 4
    elif following and not following.isdecimal():
        return following.encode("utf-8", "surrogatepass"), at + 2
    raise UnreadableError(f"'{text[at : at + 4]}' is no octal escape")
