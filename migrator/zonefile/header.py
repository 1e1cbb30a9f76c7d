"""The words between owner and rdata: TTL, class and type, in the orders that servers take. No IO here."""

from typing import NamedTuple

import dns.exception
import dns.rdatatype
from dns.rdatatype import RdataType

from migrator.zonefile.dialects import ALIAS_CLASSES, LOOKUPS, TEXT_KINDS
from migrator.zonefile.fields import Unreadable, shown, ttl_of
from migrator.zonefile.wires import MNEMONICS

INTERNET = b"IN"
_CLASSES = frozenset({b"CH", b"CHAOS", b"HS", b"HESIOD", b"NONE", b"ANY"})
_CHECK = "zonefile.unreadable-record"


class Header(NamedTuple):
    """Class, TTL and type of a record, and where its rdata begins among the tokens.

    `ttl` is None where none is stated. For an alias of a dialect (`AWS`, `AZURE`) the type is NONE.
    """

    class_: bytes
    ttl: int | None
    rdtype: RdataType
    rdata: int


class Headers:
    """Reads headers; remembers the spelling of types."""

    __slots__ = ("_types",)

    def __init__(self) -> None:
        self._types = dict(_TYPES)

    def read(self, tokens: list[bytes], index: int) -> Header:
        """Return the header that begins at the index; raises Unreadable."""
        class_: bytes | None = None
        ttl: int | None = None
        for position in range(index, min(index + 3, len(tokens))):
            token = tokens[position]
            rdtype = self._types.get(token)
            if rdtype is not None:
                return Header(class_ or INTERNET, ttl, rdtype, position + 1)
            if token == INTERNET and class_ is None:
                class_ = INTERNET
                continue
            if ttl is None and (seconds := ttl_of(token)) is not None:
                ttl = seconds
                continue
            word = token.upper()
            if class_ is None and _is_class(word):
                class_ = INTERNET if word in {INTERNET, b"CLASS1"} else word
                if class_ in ALIAS_CLASSES:
                    return Header(class_, ttl, RdataType.NONE, position + 1)
                continue
            return Header(class_ or INTERNET, ttl, self._unusual(token, ttl, class_), position + 1)
        raise Unreadable("the line ends before its type", _CHECK)

    def _unusual(self, token: bytes, ttl: int | None, class_: bytes | None) -> RdataType:
        """Return the type of a spelling that was not met before; raises Unreadable."""
        word = token.upper()
        rdtype = self._types.get(word)
        if rdtype is None and word[:4] == b"TYPE" and word[4:].isdigit():
            try:
                rdtype = RdataType.make(word.decode("ascii"))
            except (dns.exception.DNSException, ValueError) as exc:
                raise Unreadable(f"{shown(token)} is no type: they end at TYPE65535", _CHECK) from exc
        if rdtype is None and word in TEXT_KINDS:
            rdtype = RdataType.TXT
        if rdtype is None and word in LOOKUPS:
            lookup = f"{word.decode()} is no DNS record: by it, DNS of Windows {LOOKUPS[word]}"
            raise Unreadable(f"{lookup}; no other server does, and what it finds so is lost", "zonefile.wins")
        if rdtype is None:
            wanted = [name for name, found in (("TTL", ttl), ("class", class_)) if found is None]
            neither = f"neither {', '.join(wanted)} nor type" if wanted else "no type"
            raise Unreadable(f"{shown(token)} is {neither}", _CHECK)
        self._types[token] = rdtype
        return rdtype


def _is_class(word: bytes) -> bool:
    return (
        word == INTERNET
        or word in _CLASSES
        or word in ALIAS_CLASSES
        or (word[:5] == b"CLASS" and word[5:].isdigit())
    )


_TYPES: dict[bytes, RdataType] = {
    **{
        dns.rdatatype.to_text(rdtype).encode(): rdtype
        for rdtype in RdataType
        if not dns.rdatatype.to_text(rdtype).startswith("TYPE")
    },
    **{mnemonic: RdataType.make(number) for mnemonic, number in MNEMONICS.items()},
}
