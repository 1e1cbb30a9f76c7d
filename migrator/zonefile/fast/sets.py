r"""Canonical text of an owner -> its sets, still as text, in the order of RRsets and their rdata. No IO here.

    www.example.org.   A 300 192.0.2.10      ->  ("A", "300", ["192.0.2.9", "192.0.2.10"])
                       A 300 192.0.2.9           ("MX", "300", ["10 mx.example.net."])
                       MX 300 10 mx.example.net.

Such text is printable ASCII, and its strings are presented as dnspython presents them, so that what is written of
it is what was read.
"""

from typing import NamedTuple

from migrator.model.compact import headed, records_of, written_in
from migrator.model.rrset import type_rank
from migrator.model.strings import presented_of_spelled
from migrator.zonefile.fast.forms import FORMS
from migrator.zonefile.fast.ownttls import OwnTtls, own_ttls_of
from migrator.zonefile.fast.wires import canonical_wire_of


class TextSet(NamedTuple):
    """An RRset as text: its type, its TTL, and its rdata in canonical order (RFC 4034 section 6.3).

    `own` are the TTLs of signatures that differ from that of the set, by their rdata.
    """

    rdtype: str
    ttl: str
    rdatas: list[str]
    own: OwnTtls | None = None

    def ttl_of(self, rdata: str) -> int | str:
        """Return the TTL of a record of the set."""
        return self.ttl if self.own is None else self.own.others.get(rdata, self.ttl)


def sets_of(key: bytes, text: bytes) -> tuple[str, list[TextSet]]:
    """Return an owner's name as it was written, and its sets in canonical order."""
    own = own_ttls_of(records_of(text)) if b"\nRRSIG " in text else None
    if own is not None:
        text = headed(key, written_in(key, text), b"\n".join(own.with_one(records_of(text))))
    records = text.decode("ascii").split("\n")[text[:1] == b"=" :]
    owner = written_in(key, text).decode("ascii")
    rdtype, ttl, rdata = records[0].split(" ", 2)
    if len(records) == 1:
        return owner, [TextSet(rdtype, ttl, [presented_of_spelled(rdata)])]
    sets: dict[str, TextSet] = {}
    for record in records:
        rdtype, ttl, rdata = record.split(" ", 2)
        if rdtype in sets:
            sets[rdtype].rdatas.append(rdata)
        else:
            sets[rdtype] = TextSet(rdtype, ttl, [rdata], own if rdtype == "RRSIG" else None)
    for found in sets.values():
        if len(found.rdatas) > 1:
            _put_in_order(found)
        if b"\\" in text:
            found.rdatas[:] = map(presented_of_spelled, found.rdatas)
    return owner, sorted(sets.values(), key=_rank) if len(sets) > 1 else [*sets.values()]


def _put_in_order(found: TextSet) -> None:
    rdtype = found.rdtype.encode()
    found.rdatas.sort(key=lambda rdata: canonical_wire_of(rdtype, rdata.encode("ascii")))


def _rank(found: TextSet) -> int:
    return _RANKS[found.rdtype]


_RANKS = {rdtype.name: type_rank(rdtype) for rdtype in FORMS}
