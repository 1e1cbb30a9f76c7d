r"""The content of a TXT record: quoted strings, or bare text as somebody once typed it. No IO here.

    "v=DKIM1; k=rsa; p=MIGf..." "...AQAB"      two strings, with the escapes of RFC 1035
    v=spf1 include:_spf.example.net -all       one, without escapes; beyond 255 octets the service cuts it

The service returns a text as it was entered; since 2026 the dashboard enters quotes. A text that begins and ends
with a quote and is no row of strings (`"a" or "b"`) is bare.
"""

from collections.abc import Sequence

from dns.rdata import Rdata

_LONGEST = 255
_LARGEST_OCTET = 255


def strings_of(content: str) -> tuple[bytes, ...]:
    """Return the strings that a content means."""
    quoted = _quoted_strings(content.strip())
    if quoted is not None:
        return tuple(piece for string in quoted for piece in _pieces(string))
    return tuple(_pieces(content.encode("utf-8", "surrogatepass")))


def content_of(rdata: Rdata) -> str:
    """Return TXT rdata as quoted strings of at most 255 octets each."""
    return rdata.to_text()


def length_of(contents: Sequence[str]) -> int:
    """Return the characters that Cloudflare counts for the records of one name and type."""
    return sum(map(len, contents))


def _pieces(octets: bytes) -> list[bytes]:
    return [octets[at : at + _LONGEST] for at in range(0, len(octets), _LONGEST)] or [b""]


def _quoted_strings(content: str) -> list[bytes] | None:
    """Return the strings of a row of quoted strings, or None where the content is none."""
    found: list[bytes] = []
    at = 0
    while at < len(content):
        if content[at].isspace():
            at += 1
            continue
        if content[at] != '"':
            return None
        string, at = _quoted(content, at + 1)
        if string is None:
            return None
        found.append(string)
    return found or None


def _quoted(content: str, at: int) -> tuple[bytes | None, int]:
    """Return the string that begins here, and the place after its closing quote."""
    out = bytearray()
    while at < len(content):
        char = content[at]
        if char == '"':
            return bytes(out), at + 1
        if char == "\\":
            digits = content[at + 1 : at + 4]
            if len(digits) == 3 and digits.isascii() and digits.isdecimal() and int(digits) <= _LARGEST_OCTET:  # noqa: PLR2004
                out.append(int(digits))
                at += 4
                continue
            at += 1
            if at == len(content):
                return None, at
            char = content[at]
        out += char.encode("utf-8", "surrogatepass")
        at += 1
    return None, at
