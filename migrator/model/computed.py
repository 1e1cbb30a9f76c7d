r"""Types that are none of DNS, of which a server computes answers: what each stands for. No IO here.

    @  300  IN  ALIAS      app.example.net.                in zone files of PowerDNS and others, some as ANAME
    @  300  IN  TYPE65401  \# 17 036170700765786d706c...   in zone transfers of PowerDNS

    ->  @  A     alias to app.example.net.
        @  AAAA  alias to app.example.net.

Nobody else can do what LUA of PowerDNS does, nor WINS and WINS-R of Windows: they are carried as they stand.
https://doc.powerdns.com/authoritative/guides/alias.html, .../lua-records/ (2026-11-22); [MS-DNSP] 2.2.2.1.1
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import dns.exception
import dns.name
from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.model.extras import Alias, Opaque
from migrator.model.finding import Finding, Position, Severity
from migrator.model.names import text_of
from migrator.model.rrset import Record, RRset, RRsetKey


class _Computed(NamedTuple):
    """What a type is called, what its server does, and what to do about it elsewhere."""

    word: str
    does: str
    remedy: str


_ALIAS = RdataType.make(65401)
_FOR_WINS = "Find out which names and addresses clients get by it, and put records for them into the zone."
_COMPUTED: Mapping[RdataType, _Computed] = MappingProxyType(
    {
        _ALIAS: _Computed(
            "ALIAS",
            "PowerDNS looks up a name here and answers its addresses; which name, this does not tell",
            "Ask the old servers what they answer, and put an alias of the new provider in its place.",
        ),
        RdataType.make(65402): _Computed(
            "LUA",
            "PowerDNS runs a program here, which says what it answers of other types",
            "Ask the old servers what they answer, and put records or the new provider's routing in its place.",
        ),
        RdataType.make(65281): _Computed(
            "WINS",
            "DNS of Windows asks WINS servers for the address of a name that the zone does not have",
            _FOR_WINS,
        ),
        RdataType.make(65282): _Computed(
            "WINS-R",
            "DNS of Windows asks a host for its NetBIOS name where the zone has no PTR record",
            _FOR_WINS,
        ),
    }
)
COMPUTED = frozenset(_COMPUTED)


def is_computed(record: Record) -> bool:
    """Tell whether the record is of such a type: a type of a provider's own may have got its number by chance."""
    return record.rdata.rdtype in COMPUTED and not any(isinstance(extra, Opaque) for extra in record.extras)


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
    word, does, remedy = _COMPUTED[key.rdtype]
    check, said = "zone.computed-type", f"{does}. {_CARRIED}"
    if is_alias:
        check, said, remedy = "zone.alias-type", _OF_ALIAS, _REMEDY_FOR_ALIAS
    return Finding(check, Severity.WARNING, f"{text_of(key.owner)} {word}", said, position, remedy)


_CARRIED = "No other server does: the record is carried as it stands, and answers nothing elsewhere."
_OF_ALIAS = (
    "ALIAS (ANAME) is no type of DNS, and BIND, Knot and NSD answer nothing for it. It is read as what it does "
    "where it comes from: an alias, of A and of AAAA, to the name that it has."
)
_REMEDY_FOR_ALIAS = "See what becomes of it: an import says so, and does not begin where an alias would be lost."


def _target(rdata: Rdata) -> Name | None:
    wire = rdata.to_wire()
    assert wire is not None
    try:
        name, used = dns.name.from_wire(wire, 0)
    except dns.exception.DNSException:
        return None
    return name if used == len(wire) else None
