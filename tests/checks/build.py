"""Builds the facts of a check from short texts, and a small world that answers what the check asks. No network.

    ready = facts(old="www A 192.0.2.1", new="www A 192.0.2.2")
    found = points(some_check, ready, silent("ns1.new.example.", "www A"), outside="mx.example.net. A 192.0.2.9")
    assert told(found) == ["error www.example.test. A: ..."]

Zones are zone-file text below `DOMAIN` with a TTL of 300; SOA and apex NS are added where they are missing. Each
server answers from its side's zone, each resolver from the old side's zone and from `outside`; `replies` win over
both, and what is no question of DNS (probes, fetches, handshakes) comes from `replies` or is silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.RRSIG import RRSIG

from migrator.checks.asks import (
    Ask,
    Fetch,
    FetchFailure,
    Handshake,
    NoCertificate,
    NotFetched,
    NotProbed,
    Probe,
    Registered,
    Registration,
    Reply,
    ask_of,
)
from migrator.checks.check import Check
from migrator.checks.facts import Facts, Panelist, Replies, ZoneSide
from migrator.checks.history import History, Sight
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import Side, Unasked
from migrator.demo.served import Reply as Served
from migrator.demo.served import ServedZone
from migrator.model.delegation import Delegation, ParentView, WalkEnd
from migrator.model.extras import Extra
from migrator.model.finding import Phase
from migrator.model.names import absolute, folded, is_within
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence, Transport
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.zonefile import read_zone
from tests.cutover.build import DOCUMENTATION, DOMAIN, NEW, NOW, OLD, PARENT, after, host, names, parent

__all__ = [
    "DOMAIN",
    "NEW",
    "NOW",
    "OLD",
    "RESOLVER",
    "after",
    "answers",
    "as_answer",
    "asked_by",
    "asking",
    "delegation",
    "facts",
    "gives",
    "history",
    "host",
    "new_side",
    "old_side",
    "parent",
    "points",
    "records",
    "replied",
    "server",
    "silent",
    "told",
    "zone",
]

RESOLVER = Panelist("Resolver", Server("192.0.2.53"))
_BEFORE = {Phase.PREPARE, Phase.READY}
_MOST_ROUNDS = 60


# Zones and sides.


def zone(text: str = "", *, origin: str = "example.test.", side: Side = Side.OLD, ttl: int = 300) -> ZoneSnapshot:
    """Return the zone that the text makes up; `@ SOA` and `@ NS` are added unless the text has them."""
    apex = absolute(origin)

    def read(more: str) -> tuple[Record, ...]:
        whole = f"$ORIGIN {origin}\n$TTL {ttl}\n{more}\n{text}\n"
        return read_zone(whole.encode(), file="test", origin=apex).records

    # The first record only keeps a text without any from being refused.
    own = read("@ TXT placeholder")[1:]
    given = {record.rdata.rdtype for record in own if record.owner == apex}
    added = [record for record in read(_apex(side))[: len(OLD) + 1] if record.rdata.rdtype not in given]
    return assemble(apex, [*added, *own], source="test", read_at=NOW).snapshot


def with_extras(made: ZoneSnapshot, what: str, *extras: Extra) -> ZoneSnapshot:
    """Return the zone whose set `what` (`www A`) has these extras."""
    owner, rdtype = _asked(what)
    rrsets = tuple(replace(r, extras=extras) if (r.owner, r.rdtype) == (owner, rdtype) else r for r in made.rrsets)
    return replace(made, rrsets=rrsets)


def old_side(text: str | ZoneSnapshot | None = "", **changes: Any) -> ZoneSide:
    """Return the old side: `ns1.old.example.` 198.51.100.1 and `ns2.old.example.` 198.51.100.2."""
    return _side(Side.OLD, "old.zone", OLD, text, changes)


def new_side(text: str | ZoneSnapshot | None = "", **changes: Any) -> ZoneSide:
    """Return the new side: `ns1.new.example.` 203.0.113.1 and `ns2.new.example.` 203.0.113.2."""
    return _side(Side.NEW, "new.zone", NEW, text, changes)


def delegation(
    *views: ParentView, listed: Iterable[str] = OLD, end: WalkEnd = WalkEnd.DELEGATED, **more: Any
) -> Delegation:
    """Return what the parents say: the views, else two servers that list these names (`ttl`, `ds`, `glue`)."""
    seen = views or (parent(1, listed, **more), parent(2, listed, **more))
    return Delegation(DOMAIN, PARENT, end, seen)


def history(*sights: tuple[str, str, int | None, str, float, float]) -> History:
    """Return a history of `(server, "@ NS", ttl, "rdata | rdata", first, last)`, seconds from NOW (negative)."""
    runs: dict[tuple[str, tuple[bytes, ...], RdataType], tuple[Sight, ...]] = {}
    for where, what, ttl, rdatas, first, last in sights:
        owner, rdtype = _asked(what)
        key = (server(where).address, folded(owner), rdtype)
        texts = tuple(sorted(part.strip() for part in rdatas.split("|") if part.strip()))
        runs[key] = (*runs.get(key, ()), Sight(ttl, texts, after(first), after(last)))
    return History(runs)


def facts(
    old: str | ZoneSnapshot | ZoneSide = "",
    new: str | ZoneSnapshot | ZoneSide | None = "",
    *,
    phase: Phase = Phase.READY,
    **changes: Any,
) -> Facts:
    """Return the facts of example.test at NOW; the parents list the old set until the switch, then the new one."""
    made = Facts(
        DOMAIN,
        phase,
        NOW,
        old if isinstance(old, ZoneSide) else old_side(old),
        new if new is None or isinstance(new, ZoneSide) else new_side(new),
        delegation(listed=OLD if phase in _BEFORE else NEW),
        resolvers=(RESOLVER,),
        allow_special_addresses=True,
    )
    return replace(made, **changes)


# Questions and what comes back.


def server(text: str) -> Server:
    """Return a server by its name (`ns1.new.example.`), or its address."""
    for name, address in DOCUMENTATION.items():
        if text.rstrip(".") == name.rstrip(".") or text == address:
            return Server(address, 53, absolute(name))
    return RESOLVER.server if text in {"resolver", RESOLVER.server.address} else Server(text)


def asking(where: str | Server, what: str, **flags: Any) -> Question:
    """Return the question `what` (`www A`, names below DOMAIN): of a resolver with RD and DO, as checks ask it."""
    to = server(where) if isinstance(where, str) else where
    owner, rdtype = _asked(what)
    if to == RESOLVER.server:
        flags = {"recursion_desired": True, "dnssec_ok": True} | flags
    return Question(to, owner, rdtype, **flags)


def answers(
    where: str | Server, what: str, *rdatas: str, ttl: int = 300, authoritative: bool = True, **flags: Any
) -> Answer:
    """Return an answer with these rdatas at the name asked for; none is NODATA."""
    owner, _, rdtype = what.partition(" ")
    return records(
        where,
        what,
        "\n".join(f"{owner} {ttl} {rdtype} {rdata}" for rdata in rdatas),
        authoritative=authoritative,
        **flags,
    )


def records(
    where: str | Server,
    what: str,
    answer: str = "",
    *,
    authority: str = "",
    additional: str = "",
    rcode: Rcode = Rcode.NOERROR,
    authoritative: bool = True,
    at: datetime = NOW,
    **flags: Any,
) -> Answer:
    """Return an answer whose sections are zone-file text (names below DOMAIN)."""
    asked = asking(where, what, **flags)
    sections = tuple(map(_rrsets, (answer, authority, additional)))
    return as_answer(asked, Served(rcode, authoritative, *sections), at)


def gives(where: str | Server, what: str, rcode: Rcode, **flags: Any) -> Answer:
    """Return an empty answer with this code: `gives("ns1.new.example.", "www A", Rcode.REFUSED)`."""
    return records(where, what, rcode=rcode, authoritative=rcode == Rcode.NXDOMAIN, **flags)


def silent(where: str | Server, what: str, reason: Silence = Silence.TIMEOUT, **flags: Any) -> NoAnswer:
    """Return that nothing came back."""
    return NoAnswer(asking(where, what, **flags), NOW, reason)


# What a check asks and says.


def points(check: Check, known: Facts, *replies: Reply, outside: str = "", **served: str | None) -> list[Point]:
    """Return all that the check says when all that it asks is answered."""
    return list(check.judge(replied(check, known, *replies, outside=outside, served=served)))


def replied(
    check: Check,
    known: Facts,
    *replies: Reply,
    outside: str = "",
    served: Mapping[str, str | None] | None = None,
) -> Facts:
    """Return the facts with all that the check asks, round after round.

    `served` overrides the zone of a single server, by its name with `_` for dots (`ns1_new_example="www A ..."`),
    or by address; None makes it silent.
    """
    world = _World(known, outside, served or {})
    known = replace(known, replies=known.replies.with_more(replies))
    for _ in range(_MOST_ROUNDS):
        wanted = [ask for ask in check.asks(known) if ask not in known.replies]
        if not wanted:
            return known
        known = replace(known, replies=known.replies.with_more(map(world.reply, wanted)))
    raise AssertionError(f"{check.id} asks without end: {wanted[:3]}")


def asked_by(check: Check, known: Facts, *replies: Reply, **more: Any) -> list[Ask]:
    """Return all that the check asks, in the order in which it does."""
    before = Replies([*known.replies, *replies])
    return [
        ask_of(reply) for reply in replied(check, known, *replies, **more).replies if ask_of(reply) not in before
    ]


def told(found: Iterable[Point]) -> list[str]:
    """Return each point as one line: `pass`, the severity, `unchecked` or `not-needed`, and what it says."""
    return [_told(point) for point in found]


def _told(point: Point) -> str:
    match point:
        case Passed():
            return f"pass {point.subject}: {point.message}"
        case Problem():
            return f"{point.severity or 'problem'} {point.subject}: {point.message}"
        case Unchecked():
            return f"unchecked {point.subject}: {point.reason}"
        case NotNeeded():
            return f"not-needed: {point.reason}"


class _World:
    """Answers as the servers and resolvers of both sides would."""

    def __init__(self, known: Facts, outside: str, served: Mapping[str, str | None]) -> None:
        self._known = known
        self._outside = _rrsets(outside)
        self._zones: dict[str, ServedZone | None] = {}
        for side in known.sides:
            found = None if side.zone is None else ServedZone(side.zone)
            self._zones.update({each.address: found for each in side.servers})
        for where, text in served.items():
            address = server(where.replace("_", ".")).address
            side_of = (
                Side.NEW if address in {h for h in DOCUMENTATION.values() if h.startswith("203.")} else Side.OLD
            )
            self._zones[address] = None if text is None else ServedZone(zone(text, side=side_of))

    def reply(self, ask: Ask) -> Reply:
        match ask:
            case Question():
                return self._observed(ask)
            case Probe():
                return NotProbed(ask, NOW, "timeout")
            case Fetch():
                return NotFetched(ask, NOW, FetchFailure.SILENT, "timeout")
            case Handshake():
                return NoCertificate(ask, NOW, "timeout")
            case Registration():
                return Registered(ask, NOW, Unasked("no RDAP server is known"))

    def _observed(self, asked: Question) -> Observation:
        if asked.server.address in {resolver.server.address for resolver in self._known.resolvers}:
            return as_answer(asked, self._resolved(asked))
        found = self._zones.get(asked.server.address)
        if found is None:
            return NoAnswer(asked, NOW, Silence.TIMEOUT)
        if not is_within(asked.qname, found.origin):
            return as_answer(asked, Served(Rcode.REFUSED, authoritative=False))
        return as_answer(asked, _signed(found, found.reply(asked.qname, asked.rdtype), asked))

    def _resolved(self, asked: Question) -> Served:
        chain: list[RRset] = []
        owner = asked.qname
        zone_of_old = self._known.old.zone
        for _ in range(16):
            if is_within(owner, DOMAIN) and zone_of_old is not None:
                inside = ServedZone(zone_of_old).reply(owner, asked.rdtype)
                chain += inside.answer
                leaves = inside.answer and inside.answer[-1].rdtype == RdataType.CNAME != asked.rdtype
                target = _target(inside.answer[-1]) if leaves else owner
                if is_within(target, DOMAIN):
                    return replace(inside, authoritative=False, answer=tuple(chain))
                owner = target
            at_owner = [rrset for rrset in self._outside if folded(rrset.owner) == folded(owner)]
            found = next((rrset for rrset in at_owner if rrset.rdtype == asked.rdtype), None)
            if found is not None:
                return Served(Rcode.NOERROR, authoritative=False, answer=(*chain, found))
            alias = next((rrset for rrset in at_owner if rrset.rdtype == RdataType.CNAME), None)
            if alias is None:
                break
            chain.append(alias)
            owner = _target(alias)
        exists = any(is_within(rrset.owner, owner) for rrset in self._outside)
        return Served(Rcode.NOERROR if exists else Rcode.NXDOMAIN, authoritative=False, answer=tuple(chain))


def _signed(served: ServedZone, reply: Served, asked: Question) -> Served:
    """Return the reply with the signatures that the zone holds, where they are wanted."""
    if not asked.dnssec_ok or asked.rdtype == RdataType.RRSIG:
        return reply

    def with_signatures(section: tuple[RRset, ...]) -> tuple[RRset, ...]:
        found = list(section)
        for rrset in section:
            made = served.snapshot.by_key().get(RRsetKey(rrset.owner, RdataType.RRSIG))
            covering = tuple(
                rdata
                for rdata in (made.rdatas if made else ())
                if isinstance(rdata, RRSIG) and rdata.type_covered == rrset.rdtype
            )
            if made is not None and covering:
                found.append(make(made.key, rrset.ttl, covering))
        return tuple(found)

    return replace(reply, answer=with_signatures(reply.answer), authority=with_signatures(reply.authority))


def _side(which: Side, locator: str, listed: Iterable[str], text: Any, changes: Mapping[str, Any]) -> ZoneSide:
    read = zone(text, side=which) if isinstance(text, str) else text
    made = ZoneSide(
        which, locator, "file", read, names=names(*listed), hosts=tuple(host(name, which) for name in listed)
    )
    return replace(made, **changes)


def _apex(side: Side) -> str:
    listed = OLD if side is Side.OLD else NEW
    soa = f"@ SOA {listed[0]} hostmaster.{listed[0].partition('.')[2]} 1 7200 900 1209600 300"
    return "\n".join([soa, *(f"@ NS {name}" for name in listed)])


def _asked(what: str) -> tuple[Name, RdataType]:
    owner, rdtype = what.split()
    return absolute(owner, DOMAIN), RdataType.from_text(rdtype)


def _rrsets(text: str) -> tuple[RRset, ...]:
    """Return the RRsets of zone-file text, owners anywhere, in the order of the text."""
    if not text.strip():
        return ()
    reading = read_zone(f"$ORIGIN {DOMAIN}\n$TTL 300\n{text}\n".encode(), file="test", origin=absolute("."))
    assert not [f for f in reading.findings if f.severity == "error"], reading.findings
    grouped: dict[RRsetKey, list[Any]] = {}
    for record in reading.records:
        grouped.setdefault(RRsetKey(record.owner, record.rdata.rdtype), []).append(record)
    return tuple(make(key, found[0].ttl, tuple(r.rdata for r in found)) for key, found in grouped.items())


def _target(alias: RRset) -> Name:
    rdata = alias.rdatas[0]
    assert isinstance(rdata, CNAME)
    return rdata.target


def as_answer(asked: Question, reply: Served, at: datetime = NOW) -> Answer:
    """Return the answer that a reply of a served zone becomes."""
    recursive = asked.recursion_desired
    return Answer(
        asked,
        at,
        reply.rcode,
        reply.authoritative,
        truncated=False,
        recursion_available=recursive,
        authenticated=False,
        transport=asked.transport or Transport.UDP,
        elapsed=0.01,
        answer=reply.answer,
        authority=reply.authority,
        additional=reply.additional,
    )
