"""The middle of a line, looked up: TTL, class and type as the exact reader judges them, remembered. No IO here."""

from functools import lru_cache
from typing import NamedTuple

import dns.rdatatype

from migrator.zonefile.dialects import is_text_kind
from migrator.zonefile.fast.forms import FORMS, Form
from migrator.zonefile.fields import Unreadable
from migrator.zonefile.header import INTERNET, Headers
from migrator.zonefile.ttls import MAX_TTL

_MOST_REMEMBERED = 65536


class Middle(NamedTuple):
    """What stands before the rdata in canonical text (`A 300 `), and what brings the rdata to its form."""

    head: bytes
    form: Form


class Middles(dict[bytes, Middle | None]):
    """Middles by their spelling under one default TTL; None for those that the exact reader must see."""

    def __init__(self, default_ttl: int | None) -> None:
        """Read middles without a TTL as having this one; None leaves them to the exact reader."""
        super().__init__()
        self._default_ttl = default_ttl

    def __missing__(self, middle: bytes) -> Middle | None:
        """Judge a spelling that was not met before."""
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[middle] = _judged(middle, self._default_ttl)
        return found


@lru_cache(maxsize=256)
def _judged(middle: bytes, default_ttl: int | None) -> Middle | None:
    tokens = middle.split()
    try:
        header = Headers().read(tokens, 0)
    except Unreadable:
        return None
    form = FORMS.get(header.rdtype)
    ttl = default_ttl if header.ttl is None else header.ttl
    if form is None or ttl is None or ttl > MAX_TTL or header.class_ is not INTERNET:
        return None
    if is_text_kind(tokens[-1]) or header.rdata != len(tokens) or any(_lacks_unit(token) for token in tokens[:-1]):
        return None
    return Middle(f"{dns.rdatatype.to_text(header.rdtype)} {ttl} ".encode(), form)


def _lacks_unit(token: bytes) -> bool:
    """Tell whether the token is a TTL such as `1h5`, of which the exact reader has something to say."""
    return token[-1:].isdigit() and not token.isdigit()
