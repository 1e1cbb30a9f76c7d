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
from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from migrator.model.rrset import Record, RRset, RRsetKey


class _Computed(NamedTuple):
    """What a type is called, what its server does, and what to do about it elsewhere."""

    word: str
    does: str
    remedy: str


_ALIAS = RdataType.make(65401)
# What DNS of Windows asks where the zone has no answer.
LOOKUPS: Mapping[str, str] = MappingProxyType(
    {
        "WINS": "asks WINS servers for the address of a name that the zone does not have",
        "WINS-R": "asks a host for its NetBIOS name where the zone has no PTR record",
    }
)
_LOOKUP_TYPES = RdataType.make(65281), RdataType.make(65282)
_WINS_AT_LEAST, _BEFORE_NAME = 20, 12
_FOR_WINS = "Find out which names and addresses clients get by it, and put records for them into the zone."
COMPUTED: Mapping[RdataType, _Computed] = MappingProxyType(
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
        **{
            rdtype: _Computed(word, f"DNS of Windows {does}", _FOR_WINS)
            for rdtype, (word, does) in zip(_LOOKUP_TYPES, LOOKUPS.items(), strict=True)
        },
    }
)


def read_computed(key: RRsetKey, members: Sequence[Record]) -> tuple[list[RRset], tuple[Finding, ...]]:
    """Return the aliases that records of this key stand for, none where these are carried, and what to say."""
    if any(isinstance(extra, Opaque) for extra in members[0].extras):
        return [], ()  # a type of a provider's own, which got its number by chance
    if key.rdtype in _LOOKUP_TYPES and not any(_may_look_up(key.rdtype, record.rdata) for record in members):
        return [], ()  # a type of somebody's own: the numbers are for private use
    word, does, remedy = COMPUTED[key.rdtype]
    check, said = "zone.computed-type", f"{does}. {_CARRIED}"
    aliases = _aliases(key, members)
    if aliases:
        check, said, remedy = "zone.alias-type", _OF_ALIAS, _REMEDY_FOR_ALIAS
    subject = f"{text_of(key.owner)} {word}"
    return aliases, (Finding(check, Severity.WARNING, subject, said, members[0].position, remedy),)


def _may_look_up(rdtype: RdataType, rdata: Rdata) -> bool:
    """Tell whether the octets can be those of WINS or WINS-R, which begin with a flag and two timeouts.

    WINS goes on with a number of addresses and so many of them, WINS-R with a name.
    """
    wire = rdata.to_wire()
    assert wire is not None
    if rdtype == _LOOKUP_TYPES[0]:
        return len(wire) >= _WINS_AT_LEAST and len(wire) % 4 == 0
    return len(wire) > _BEFORE_NAME


def _aliases(key: RRsetKey, members: Sequence[Record]) -> list[RRset]:
    """Return the aliases that the records are; none where they are of another type, no names, or several."""
    targets = {_target(record.rdata) for record in members} if key.rdtype == _ALIAS else {None}
    target = targets.pop()
    if target is None or targets:
        return []
    ttl, extras = min(record.ttl for record in members), (Alias(target), *members[0].extras)
    keys = (RRsetKey(key.owner, rdtype, key.variant) for rdtype in (RdataType.A, RdataType.AAAA))
    return [RRset(each, ttl, (), extras) for each in keys]


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
