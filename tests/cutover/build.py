"""Builds looks at a switch from short texts: parents, servers, hosts, resolvers. No network, no clock."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import dns.rdata
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.cutover.look import Host, HostState, Look, ResolverView, ServerView, Side, Unasked
from migrator.cutover.registrar import Registrar
from migrator.model.delegation import Delegation, ParentView, WalkEnd
from migrator.model.names import absolute
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence, Transport
from migrator.model.rrset import RRset, RRsetKey, make

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
DOMAIN = absolute("example.test.")
PARENT = absolute("test.")
OLD = ("ns1.old.example.", "ns2.old.example.")
NEW = ("ns1.new.example.", "ns2.new.example.")
PARKED = ("ns1.parking.example.", "ns2.parking.example.")
SOA = {Side.OLD: "ns1.old.example. host.old.example.", Side.NEW: "ns1.new.example. host.new.example."}
DOCUMENTATION = {
    "ns1.old.example.": "198.51.100.1",
    "ns2.old.example.": "198.51.100.2",
    "ns1.new.example.": "203.0.113.1",
    "ns2.new.example.": "203.0.113.2",
}


def names(*texts: str) -> tuple[Name, ...]:
    return tuple(map(absolute, texts))


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def rrset(owner: Name, rdtype: str, ttl: int, *texts: str) -> RRset:
    kind = RdataType.from_text(rdtype)
    rdatas = tuple(dns.rdata.from_text(RdataClass.IN, kind, text) for text in texts)
    return make(RRsetKey(owner, kind), ttl, rdatas)


def question(server: Server, qname: Name, rdtype: str) -> Question:
    return Question(server, qname, RdataType.from_text(rdtype))


def answer(
    asked: Question,
    *records: RRset,
    authority: Iterable[RRset] = (),
    additional: Iterable[RRset] = (),
    rcode: Rcode = Rcode.NOERROR,
    authoritative: bool = True,
    at: datetime = NOW,
) -> Answer:
    return Answer(
        asked,
        at,
        rcode,
        authoritative,
        truncated=False,
        recursion_available=False,
        authenticated=False,
        transport=Transport.UDP,
        elapsed=0.01,
        answer=records,
        authority=tuple(authority),
        additional=tuple(additional),
    )


def silent(asked: Question, reason: Silence = Silence.TIMEOUT, at: datetime = NOW) -> NoAnswer:
    return NoAnswer(asked, at, reason)


def parent_server(number: int) -> Server:
    return Server(f"192.0.2.{number}", 53, absolute(f"{'abcdefgh'[number - 1]}.nic.test."))


def parent(
    number: int,
    listed: Iterable[str] | Rcode | Silence,
    *,
    ttl: int = 3600,
    ds: Iterable[str] | Silence = (),
    glue: Iterable[RRset] = (),
    at: datetime = NOW,
) -> ParentView:
    """A view of the parent: it refers to these names, gives this code, or is silent in this way."""
    server = parent_server(number)
    asked = question(server, DOMAIN, "NS")
    match listed:
        case Silence():
            ns: Observation = silent(asked, listed, at)
        case Rcode():
            ns = answer(asked, rcode=listed, authoritative=listed is Rcode.NXDOMAIN, at=at)
        case _:
            referral = rrset(DOMAIN, "NS", ttl, *listed)
            ns = answer(asked, authority=[referral], additional=glue, authoritative=False, at=at)
    asked = question(server, DOMAIN, "DS")
    match ds:
        case Silence():
            signer: Observation = silent(asked, ds, at)
        case _:
            texts = tuple(ds)
            signer = answer(asked, *([rrset(DOMAIN, "DS", ttl, *texts)] if texts else []), at=at)
    return ParentView(server, ns, signer)


def server_view(
    name: str,
    side: Side,
    apex: Iterable[str] | None,
    *,
    address: str = "",
    ttl: int = 600,
    soa: str = "",
    soa_ttl: int = 300,
    rcode: Rcode = Rcode.NOERROR,
    authoritative: bool = True,
    silence: Silence | None = None,
    canary: str = "",
    dnskey: Observation | None = None,
    own: Iterable[Observation] = (),
    at: datetime = NOW,
) -> ServerView:
    """What a name server says: its apex NS set and SOA, one code for all, or nothing."""
    server = Server(address or DOCUMENTATION.get(name, "203.0.113.99"), 53, absolute(name))

    def give(qname: Name, rdtype: str, *records: RRset) -> Observation:
        asked = question(server, qname, rdtype)
        if silence is not None:
            return silent(asked, silence, at)
        serves = rcode == Rcode.NOERROR
        return answer(asked, *(records if serves else ()), rcode=rcode, authoritative=authoritative, at=at)

    mark = f"{soa or SOA.get(side, name + ' host.' + name)} 1 7200 900 1209600 300"
    label = absolute("_migcheck", DOMAIN)
    return ServerView(
        server,
        side,
        give(DOMAIN, "NS", *([rrset(DOMAIN, "NS", ttl, *apex)] if apex else [])),
        give(DOMAIN, "SOA", rrset(DOMAIN, "SOA", soa_ttl, mark)),
        give(label, "TXT", *([rrset(label, "TXT", 60, f'"{canary}"')] if canary else [])),
        dnskey,
        tuple(own),
    )


def host(name: str, side: Side, *addresses: str, state: HostState = HostState.FOUND, detail: str = "") -> Host:
    if state is HostState.FOUND and not addresses:
        addresses = (DOCUMENTATION[name],)
    return Host(absolute(name), side, state, addresses, detail)


def resolver(name: str, *sides: Side | Rcode | None, remaining: int = 100, at: datetime = NOW) -> ResolverView:
    """A resolver whose samples have the SOA of these sides; a code or None stand for no SOA."""
    server = Server("192.0.2.53")
    samples: list[Observation] = []
    for side in sides:
        asked = question(server, DOMAIN, "SOA")
        match side:
            case None:
                samples.append(silent(asked, at=at))
            case Rcode():
                samples.append(answer(asked, rcode=side, authoritative=False, at=at))
            case _:
                mark = SOA.get(side, "ns.elsewhere.example. host.elsewhere.example.")
                soa = rrset(DOMAIN, "SOA", remaining, f"{mark} 1 7200 900 1209600 300")
                samples.append(answer(asked, soa, authoritative=False, at=at))
    return ResolverView(name, server, tuple(samples))


def usual_servers(old_apex: Iterable[str] = OLD, new_apex: Iterable[str] = NEW) -> tuple[ServerView, ...]:
    """Both providers serve the zone, each with its own SOA and apex NS set."""
    old_apex, new_apex = tuple(old_apex), tuple(new_apex)
    return (
        *(server_view(name, Side.NEW, new_apex) for name in NEW),
        *(server_view(name, Side.OLD, old_apex) for name in OLD),
    )


def usual_hosts() -> tuple[Host, ...]:
    return (*(host(name, Side.NEW) for name in NEW), *(host(name, Side.OLD) for name in OLD))


def look(
    *parents: ParentView,
    end: WalkEnd = WalkEnd.DELEGATED,
    expected: Iterable[str] = NEW,
    old: Iterable[str] = OLD,
    hosts: tuple[Host, ...] | None = None,
    servers: tuple[ServerView, ...] | None = None,
    resolvers: tuple[ResolverView, ...] = (),
    registrar: Registrar | Unasked | None = None,
    special: bool = True,
) -> Look:
    return Look(
        DOMAIN,
        names(*expected),
        names(*old),
        Delegation(DOMAIN, PARENT, end, parents),
        usual_hosts() if hosts is None else hosts,
        usual_servers() if servers is None else servers,
        resolvers,
        registrar,
        special,
    )
