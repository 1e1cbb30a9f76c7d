"""Canonical text of an owner -> RRsets, by the exact reader's own paths. No IO here."""

from itertools import groupby

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.model.compact import name_of, records_of, written_in
from migrator.model.extras import canonical_text
from migrator.model.names import ROOT
from migrator.model.rrset import RRset, RRsetKey, canonical_order, make
from migrator.zonefile.fast.forms import FORMS
from migrator.zonefile.fast.harvest import Block
from migrator.zonefile.fast.ownttls import own_ttls_of
from migrator.zonefile.fast.wires import canonical_wire_of
from migrator.zonefile.fields import Names
from migrator.zonefile.lexer import line_at
from migrator.zonefile.rdata import exact_rdata, fast_rdata


class Builder:
    """Makes RRsets; remembers the names that it met."""

    def __init__(self) -> None:
        """Begin without any."""
        self._names = Names(ROOT)

    def __reduce__(self) -> tuple[type["Builder"], tuple[()]]:
        """Go to another process without the names."""
        return Builder, ()

    def rrsets_of(self, key: bytes, text: bytes) -> tuple[RRset, ...]:
        """Return the RRsets of an owner, in canonical order."""
        records, owner = records_of(text), name_of(written_in(key, text))
        own = own_ttls_of(records)
        made = [
            self._rrset(owner, head, [record[len(head) :] for record in members])
            for head, members in groupby(own.with_one(records) if own else records, _head)
        ]
        if own:
            made[:] = map(own.beside, made)
        if len(made) > 1:
            made.sort(key=lambda rrset: canonical_order(rrset.key))
        return tuple(made)

    def rrsets_of_blocks(self, blocks: list[Block]) -> tuple[RRset, ...]:
        """Return the RRsets of an owner whose blocks spell its name in different letters."""
        own = own_ttls_of([record for _, records in blocks for record in records])
        sets: dict[bytes, tuple[Name, list[bytes]]] = {}
        for written, records in blocks:
            for record in own.with_one(records) if own else records:
                head = _head(record)
                sets.setdefault(head, (name_of(written), []))[1].append(record[len(head) :])
        made = [self._rrset(owner, head, rdatas) for head, (owner, rdatas) in sets.items()]
        if own:
            made[:] = map(own.beside, made)
        return tuple(sorted(made, key=lambda rrset: canonical_order(rrset.key)))

    def digest_lines_of(self, key: bytes, text: bytes) -> list[str]:
        """Return the lines for the digest: owner, type and TTL, and below them each rdata in wire form."""
        owner, records, lines = key.decode("ascii"), records_of(text), []
        if len(records) == 1:
            number, ttl, wire = line_of(records[0])
            return [f"{owner} {number} {ttl} ''", f"  {wire.hex()}"]
        own = own_ttls_of(records)
        sets: dict[tuple[int, int], list[bytes]] = {}
        for number, ttl, wire in map(line_of, own.with_one(records) if own else records):
            sets.setdefault((number, ttl), []).append(wire)
        # NS comes first, as in `canonical_order`; it has the number 2, and A the number 1.
        for number, ttl in sorted(sets, key=lambda head: (head[0] != RdataType.NS, head[0])):
            lines.append(f"{owner} {number} {ttl} ''")
            lines.extend([f"  {wire.hex()}" for wire in sorted(sets[number, ttl])])
            if own and number == RdataType.RRSIG:
                lines.extend([f"  + {line}" for line in sorted(map(canonical_text, own.extras(own.others)))])
        return lines

    def _rrset(self, owner: Name, head: bytes, rdatas: list[bytes]) -> RRset:
        rdtype_text, ttl = head.split()
        rdtype = RdataType[rdtype_text.decode("ascii")]
        key = RRsetKey(owner, rdtype)
        return make(key, int(ttl), tuple([self._rdata(rdtype, rdata) for rdata in rdatas]))

    def _rdata(self, rdtype: RdataType, text: bytes) -> Rdata:
        if b'"' in text:
            line = line_at(b"a " + text + b"\n", 0, 1)[0]
            assert line is not None
            tokens = line.tokens[1:]
        else:
            tokens = text.split()
        return fast_rdata(rdtype, tokens, self._names) or exact_rdata(rdtype, tokens, self._names)[0]


def line_of(record: bytes) -> tuple[int, int, bytes]:
    """Return the number of a record's type, its TTL, and its rdata in canonical wire form."""
    rdtype, ttl, rdata = record.split(b" ", 2)
    return _NUMBERS[rdtype], int(ttl), canonical_wire_of(rdtype, rdata)


_NUMBERS = {rdtype.name.encode(): int(rdtype) for rdtype in FORMS}


def _head(record: bytes) -> bytes:
    """Return type and TTL, with the blank after them."""
    return record[: record.index(b" ", record.index(b" ") + 1) + 1]
