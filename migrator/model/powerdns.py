r"""Types of PowerDNS that are none of DNS: what they stand for, or what is to be said of them. No IO here.

    @  300  IN  ALIAS      app.example.net.                in zone files; other services have it too, some as ANAME
    @  300  IN  TYPE65401  \# 17 036170700765786d706c...   in zone transfers

    ->  @  A     alias to app.example.net.
        @  AAAA  alias to app.example.net.

A LUA record is a program that computes an answer. It is carried as it stands, for nobody else can run it.
https://doc.powerdns.com/authoritative/guides/alias.html, .../lua-records/ (2026-11-22)
"""

from collections.abc import Sequence

import dns.exception
import dns.name
from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.model.extras import Alias
from migrator.model.finding import Finding, Position, Severity
from migrator.model.names import text_of
from migrator.model.rrset import Record, RRset, RRsetKey

_ALIAS, _LUA = RdataType.make(65401), RdataType.make(65402)
NOT_OF_DNS = frozenset({_ALIAS, _LUA})


def alias_sets(key: RRsetKey, members: Sequence[Record]) -> list[RRset]:
    """Return the aliases that records of this key stand for; none where they are no names, or several."""
    targets = {_target(record.rdata) for record in members} if key.rdtype == _ALIAS else {None}
    target = targets.pop()
    if target is None or targets:
        return []
    ttl, extras = min(record.ttl for record in members), (Alias(target), *members[0].extras)
    keys = (RRsetKey(key.owner, rdtype, key.variant) for rdtype in (RdataType.A, RdataType.AAAA))
    return [RRset(each, ttl, (), extras) for each in keys]


def finding_of(key: RRsetKey, position: Position | None, *, is_alias: bool) -> Finding:
    """Return what is to be said of records of this key, which are read as aliases or carried as they stand."""
    if is_alias:
        check, said, remedy = "zone.alias-type", _OF_ALIAS, _REMEDY_FOR_ALIAS
    else:
        check, said, remedy = "zone.computed-type", _OF_OTHERS, _REMEDY_FOR_OTHERS
    subject = f"{text_of(key.owner)} {'ALIAS' if key.rdtype == _ALIAS else 'LUA'}"
    return Finding(check, Severity.WARNING, subject, said, position, remedy)


_OF_ALIAS = (
    "ALIAS (ANAME) is no type of DNS, and BIND, Knot and NSD answer nothing for it. It is read as what it does "
    "where it comes from: an alias, of A and of AAAA, to the name that it has."
)
_REMEDY_FOR_ALIAS = "See what becomes of it: an import says so, and does not begin where an alias would be lost."
_OF_OTHERS = (
    "PowerDNS computes an answer here, of other types. No other server does: the record is carried as it stands, "
    "and answers nothing elsewhere."
)
_REMEDY_FOR_OTHERS = (
    "Ask the old servers what they answer, and put records or the new provider's routing in its place."
)


def _target(rdata: Rdata) -> Name | None:
    wire = rdata.to_wire()
    assert wire is not None
    try:
        name, used = dns.name.from_wire(wire, 0)
    except dns.exception.DNSException:
        return None
    return name if used == len(wire) else None
