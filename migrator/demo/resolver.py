"""A small caching resolver, so that old answers can be watched until their TTL has run out.

It walks from its root hints, keeps every answer and referral for its TTL and no longer, and believes the
parent's referral rather than the child's own NS records. It asks through the `DnsClient` that it is given.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import dns.flags
from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.SOA import SOA

from migrator.demo.authority import encoded, read_query
from migrator.demo.served import REFUSED, Reply
from migrator.interfaces import DnsClient
from migrator.model.names import ROOT, folded, is_within
from migrator.model.observation import Answer, Question, Server, Transport
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass

_MAX_REFERRALS = 20
_MAX_DEPTH = 6
_FAILED = Reply(Rcode.SERVFAIL, authoritative=False)


@dataclass(frozen=True, slots=True)
class _Held:
    """A reply in the cache, when it came, and the instant at which it goes."""

    reply: Reply
    since: float
    until: float

    def at(self, now: float) -> Reply:
        """Return the reply with the TTLs that remain."""
        age = int(now - self.since)
        return replace(
            self.reply,
            answer=tuple(_aged(rrset, age) for rrset in self.reply.answer),
            authority=tuple(_aged(rrset, age) for rrset in self.reply.authority),
        )


@dataclass(frozen=True, slots=True)
class _Cut:
    """A delegation in the cache: the addresses of the zone's servers, and the instant at which it goes."""

    zone: Name
    addresses: tuple[str, ...]
    until: float


class CachingResolver:
    """Answers from its cache while TTLs last, else asks from the closest delegation that it remembers."""

    def __init__(
        self, root_servers: Sequence[str], port: int, client: DnsClient, clock: Callable[[], float]
    ) -> None:
        self._root = _Cut(ROOT, tuple(root_servers), float("inf"))
        self._port = port
        self._client = client
        self._clock = clock
        self._held: dict[RRsetKey, _Held] = {}
        self._cuts: dict[tuple[bytes, ...], _Cut] = {}
        self._lock = threading.Lock()

    def respond(self, wire: bytes, transport: Transport) -> Sequence[bytes]:
        """Return the answer to a stub resolver; a question that wants no recursion is refused."""
        query = read_query(wire)
        if isinstance(query, bytes):
            return [query] if query else []
        question = query.question[0]
        reply = REFUSED
        if query.flags & dns.flags.RD:
            with self._lock:
                reply = self._resolve(question.name, question.rdtype, 0)
        return [encoded(query, reply, transport, recursion_available=True)]

    def _resolve(self, name: Name, rdtype: RdataType, depth: int) -> Reply:
        now = self._clock()
        key = RRsetKey(name, rdtype)
        held = self._held.get(key)
        if held is not None and held.until > now:
            return held.at(now)
        reply = self._look_up(name, rdtype, depth) if depth < _MAX_DEPTH else _FAILED
        if reply.rcode != Rcode.SERVFAIL:
            self._held[key] = _Held(reply, now, now + _lifetime(reply))
        return reply

    def _look_up(self, name: Name, rdtype: RdataType, depth: int) -> Reply:
        """Follow referrals down to the zone's own servers, and an alias on to where it leads."""
        cut = self._closest_cut(name, rdtype)
        for _ in range(_MAX_REFERRALS):
            answer = self._ask(cut, name, rdtype)
            if answer is None:
                return _FAILED
            if answer.authoritative:
                return self._completed(answer, name, rdtype, depth)
            below = next((r for r in answer.authority if _is_deeper(r, cut.zone, name)), None)
            if below is None:
                return _FAILED
            cut = self._remembered(below, answer.additional, depth)
        return _FAILED

    def _closest_cut(self, name: Name, rdtype: RdataType) -> _Cut:
        """Return the deepest delegation in the cache; a DS is asked above its own cut."""
        now = self._clock()
        labels = folded(name)
        first = 1 if rdtype == RdataType.DS else 0
        known = (self._cuts.get(labels[cut:]) for cut in range(first, len(labels)))
        return next((cut for cut in known if cut is not None and cut.until > now), self._root)

    def _ask(self, cut: _Cut, name: Name, rdtype: RdataType) -> Answer | None:
        """Ask the zone's servers one after another until one gives an answer that can be used."""
        for address in cut.addresses:
            (seen,) = self._client.ask([Question(Server(address, self._port), name, rdtype)])
            if isinstance(seen, Answer) and seen.rcode in {Rcode.NOERROR, Rcode.NXDOMAIN}:
                return seen
        return None

    def _remembered(self, ns: RRset, additional: Iterable[RRset], depth: int) -> _Cut:
        hosts = [rdata.target for rdata in ns.rdatas if isinstance(rdata, NS)]
        addresses = _addresses(rrset for rrset in additional if rrset.owner in hosts)
        for host in hosts if not addresses else ():
            addresses += _addresses(self._resolve(host, RdataType.A, depth + 1).answer)
        cut = _Cut(ns.owner, addresses, self._clock() + (ns.ttl or 0))
        self._cuts[folded(ns.owner)] = cut
        return cut

    def _completed(self, answer: Answer, name: Name, rdtype: RdataType, depth: int) -> Reply:
        """Return the reply of an authoritative answer, with the rest of an alias that left the zone."""
        reply = Reply(answer.rcode, authoritative=False, answer=answer.answer)
        if answer.rcode == Rcode.NXDOMAIN or any(r.rdtype == RdataType.SOA for r in answer.authority):
            return replace(reply, authority=answer.authority)
        end = _end_of_aliases(name, answer.answer)
        if end == name or rdtype == RdataType.CNAME or any(r.owner == end for r in answer.answer):
            return reply
        rest = self._resolve(end, rdtype, depth + 1)
        return replace(rest, answer=(*reply.answer, *rest.answer))


def _is_deeper(rrset: RRset, above: Name, name: Name) -> bool:
    inside = is_within(rrset.owner, above) and is_within(name, rrset.owner)
    return rrset.rdtype == RdataType.NS and inside and rrset.owner != above


def _addresses(rrsets: Iterable[RRset]) -> tuple[str, ...]:
    return tuple(rdata.to_text() for rrset in rrsets if rrset.rdtype == RdataType.A for rdata in rrset.rdatas)


def _end_of_aliases(name: Name, answer: Sequence[RRset]) -> Name:
    aliases = {rrset.owner: rdata.target for rrset in answer for rdata in rrset.rdatas if isinstance(rdata, CNAME)}
    for _ in range(len(aliases)):
        name = aliases.get(name, name)
    return name


def _lifetime(reply: Reply) -> int:
    """Return how long the whole reply may be kept: its smallest TTL, and for an absence RFC 2308's."""
    ttls = [rrset.ttl or 0 for rrset in (*reply.answer, *reply.authority)]
    ttls += [rdata.minimum for rrset in reply.authority for rdata in rrset.rdatas if isinstance(rdata, SOA)]
    return min(ttls, default=0)


def _aged(rrset: RRset, age: int) -> RRset:
    return replace(rrset, ttl=max(0, (rrset.ttl or 0) - age))
