r"""How an ordinary zone file begins: comments, $ORIGIN, $TTL, and the SOA, taken by one expression. No IO here.

    ; exported by hand
    $ORIGIN example.org.
    $TTL 1h
    @  IN  SOA  ns1 hostmaster ( 2026112001 ; serial
                                 7200 3600 1209600 3600 )

Taken is what the exact reader would read in the same way and say nothing of; any other beginning is left to it: a
comment of a tool's dialect, names without plain letters, an SOA that states no TTL and has none by $TTL.
"""

import re
from typing import NamedTuple

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.compact import key_of, name_of
from migrator.model.rrset import RRset, RRsetKey
from migrator.zonefile.dialects import Header, outcommented
from migrator.zonefile.fast.context import LONGEST_ORIGIN, Context
from migrator.zonefile.fast.engine import COMMENT_LOOKED_AT, speaks
from migrator.zonefile.fields import Names, ttl_of
from migrator.zonefile.rdata import fast_rdata

_REST = rb"[ \t]*(?:;[^\n]*)?\n"
_NAME = rb"(?:[A-Za-z0-9_*/-]{1,63}\.)+"
_WORD = rb"(?:@|[A-Za-z0-9_.*/-]+)"
_TTL = rb"[0-9]{1,9}"
_END = rb"(?=[ \t\n;)])"
_SERIAL = rb"[0-9]{1,10}" + _END
# Of such numbers none is too large, whatever its unit.
_WITH_UNIT = rb"(?:[0-9]{1,9}|[0-9]{1,3}[wdhmsWDHMS])"
_SECONDS = _WITH_UNIT + _END
# Within parentheses; each octet in one way only.
_GAP = rb"(?:[ \t\n]|;[^\n]*\n)"
_OPENING = re.compile(
    rb"(?P<before>(?:%b|\$ORIGIN[ \t]+(?P<origin>%b)%b|\$TTL[ \t]+(?P<ttl>%b)%b)*)"
    rb"(?P<owner>@|%b)[ \t]+(?P<header>(?:(?:IN|%b)[ \t]+){0,2})SOA[ \t]+(?P<mname>%b)[ \t]+(?P<rname>%b)"
    rb"(?:(?P<line>[ \t]+%b(?:[ \t]+%b){4})|[ \t]*\((?P<held>%b*%b(?:%b+%b){4})%b*\))%b"
    % (
        *(_REST, _NAME, _REST, _WITH_UNIT, _REST),
        *(_NAME, _TTL, _WORD, _WORD),
        *(_SERIAL, _SECONDS, _GAP, _SERIAL, _GAP, _SECONDS, _GAP, _REST),
    )
)
_COMMENT = re.compile(rb";[^\n]*")
_LARGEST_SERIAL = (1 << 32) - 1


class Opening(NamedTuple):
    """What the beginning says: the zone's name, its SOA, what the next lines are read in, and where they begin.

    `owner` is the owner of the SOA in its own letters, and `rdata` are the tokens of its rdata.
    """

    apex: Name
    owner: bytes
    ttl: int
    rdata: list[bytes]
    context: Context
    end: int

    def soa(self) -> RRset:
        """Return the SOA as the exact reader would."""
        rdata = fast_rdata(RdataType.SOA, self.rdata, Names(name_of(self.context.origin)))
        assert rdata is not None
        return RRset(RRsetKey(name_of(self.owner), RdataType.SOA), self.ttl, (rdata,))


def opening_of(text: bytes, given: Name | None, fallback: Name | None) -> Opening | None:
    """Return the beginning of unified text; None where it is not ordinary.

    `given` is the zone's name for sure, `fallback` the name that relative names end in before any $ORIGIN.
    """
    found = _OPENING.match(text)
    if found is None or not _are_mere_comments(found["before"]) or speaks(found[0]):
        return None
    origin = name_of(found["origin"]) if found["origin"] else given or fallback
    if origin is None:
        return None
    owner = origin if found["owner"] == b"@" else name_of(found["owner"])
    apex = given or owner
    context = Context(origin, apex, ttl_of(found["ttl"]) if found["ttl"] else None)
    key = context.apex
    if {context.key_of_origin, key_of(owner.labels)} != {key} or key == b"." or len(key) > LONGEST_ORIGIN:
        return None
    ttl = _ttl(found["header"].split(), context.default_ttl)
    hosts = [found["mname"], found["rname"]]
    if ttl is None or None in map(context.target, hosts):
        return None
    numbers = _COMMENT.sub(b"", found["line"] or found["held"]).split()
    if int(numbers[0]) > _LARGEST_SERIAL:
        return None
    return Opening(apex, b".".join(owner.labels), ttl, hosts + numbers, context, found.end())


def _ttl(header: list[bytes], default: int | None) -> int | None:
    """Return the TTL of a record by the words before its type; None where it has none, or a word stands twice."""
    stated = [token for token in header if token.isdigit()]
    if len(stated) > 1 or len(header) - len(stated) > 1:
        return None
    return int(stated[0]) if stated else default


def _are_mere_comments(lines: bytes) -> bool:
    """Tell whether no comment line says how the file was made, or holds a record that a tool took out."""
    if b";" not in lines:
        return True
    tool = Header()
    for line in lines.split(b"\n"):
        comment = line.lstrip(b" \t")
        if comment[:1] == b";":
            text = comment[1 : 1 + COMMENT_LOOKED_AT]
            tool.read(text)
            if outcommented(text) is not None:
                return False
    return not (tool.tool or tool.zone)
