"""The demo's resolver: it walks, it keeps what it learnt for its TTL, and for no longer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import dns.flags
import dns.message
import dns.rcode
import pytest
from dns.message import Message
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.demo.authority import Authority
from migrator.demo.resolver import CachingResolver
from migrator.interfaces import Progress, TsigKey, no_progress
from migrator.model.observation import (
    Answer,
    NoAnswer,
    Observation,
    Question,
    Server,
    Silence,
    Transport,
)
from migrator.model.rrset import Record
from tests.demo.zones import zone

ROOT, ORG, OLD, NEW, DEAD = "127.53.0.1", "127.53.1.1", "127.53.2.1", "127.53.3.1", "127.53.8.1"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass
class Wires:
    """A DnsClient that hands questions to authorities in the same process, and counts them."""

    authorities: dict[str, Authority]
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def ask(self, questions: Sequence[Question], progress: Progress = no_progress) -> tuple[Observation, ...]:
        progress("answers", len(questions), len(questions))
        return tuple(map(self._one, questions))

    def transfer(
        self,
        zone: Name,
        server: Server,
        tsig: TsigKey | None = None,
        received: Callable[[bytes], object] | None = None,
    ) -> Iterator[Record]:
        raise AssertionError(f"a resolver transfers no zones: {zone} {server} {tsig} {received}")

    def _one(self, question: Question) -> Observation:
        address = question.server.address
        self.asked.append((address, question.qname.to_text(), RdataType.to_text(question.rdtype)))
        if address not in self.authorities:
            return NoAnswer(question, NOW, Silence.TIMEOUT)
        reply = self.authorities[address].reply(question.qname, question.rdtype)
        return Answer(
            question,
            NOW,
            reply.rcode,
            reply.authoritative,
            truncated=False,
            recursion_available=False,
            authenticated=False,
            transport=Transport.UDP,
            elapsed=0.0,
            answer=reply.answer,
            authority=reply.authority,
            additional=reply.additional,
        )


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


SOA = "a.registry.test. h.registry.test. 1 7200 3600 1209600"


def delegation(server: str, *, ttl: int = 10) -> str:
    return f"""
    @ 60 SOA {SOA} 7
    @ 60 NS a.registry.test.
    example {ttl} NS ns.{server}.test.
    """


def hosted(address: str) -> str:
    return f"""
    @ 30 SOA {SOA} 20
    @ 30 NS ns.old.test.
    www 4 A {address}
    alias 9 CNAME www.other.test.
    """


TEST = zone(
    "test.",
    f"""
    @ 60 SOA {SOA} 7
    @ 60 NS a.registry.test.
    ns.old 600 A {OLD}
    ns.new 600 A {NEW}
    ns.dead 600 A {DEAD}
    www.other 600 A 192.0.2.33
    """,
)


@pytest.fixture
def wires() -> Wires:
    root = zone(
        ".",
        f"""
        . 60 SOA {SOA} 7
        . 60 NS a.root.test.
        org. 600 NS a.registry.test.
        test. 600 NS a.registry.test.
        a.registry.test. 600 A {ORG}
        """,
    )
    return Wires(
        {
            ROOT: Authority([root]),
            ORG: Authority([zone("org.", delegation("old")), TEST]),
            OLD: Authority([zone("example.org.", hosted("192.0.2.1"))]),
            NEW: Authority([zone("example.org.", hosted("192.0.2.2"))]),
        }
    )


class Stub:
    """Asks the resolver as a program would, and reads its message."""

    def __init__(self, wires: Wires) -> None:
        self.clock = Clock()
        self.resolver = CachingResolver([ROOT], 5300, wires, self.clock)

    def ask(self, qname: str, rdtype: str = "A", *, recursion: bool = True) -> Message:
        flags = dns.flags.RD if recursion else 0
        query = dns.message.make_query(qname, rdtype, flags=flags)
        (wire,) = self.resolver.respond(query.to_wire(), Transport.UDP)
        return dns.message.from_wire(wire)

    def lines(self, qname: str, rdtype: str = "A") -> list[str]:
        return [line for rrset in self.ask(qname, rdtype).answer for line in rrset.to_text().splitlines()]


@pytest.fixture
def stub(wires: Wires) -> Stub:
    return Stub(wires)


def test_an_answer_is_found_from_the_root_and_remembered(stub: Stub, wires: Wires) -> None:
    assert stub.lines("www.example.org.") == ["www.example.org. 4 IN A 192.0.2.1"]
    assert [address for address, *_ in wires.asked] == [ROOT, ORG, ROOT, ORG, OLD]
    wires.asked.clear()
    stub.clock.now += 3

    assert stub.lines("www.example.org.") == ["www.example.org. 1 IN A 192.0.2.1"]
    assert wires.asked == []


def test_after_its_ttl_an_answer_is_asked_again_where_the_delegation_in_the_cache_points(
    stub: Stub, wires: Wires
) -> None:
    stub.ask("www.example.org.")
    wires.authorities[ORG].serve([zone("org.", delegation("new")), TEST])
    stub.clock.now += 5

    assert stub.lines("www.example.org.") == ["www.example.org. 4 IN A 192.0.2.1"]

    stub.clock.now += 5
    assert stub.lines("www.example.org.") == ["www.example.org. 4 IN A 192.0.2.2"]


def test_an_absence_is_remembered_as_long_as_the_soa_says(stub: Stub, wires: Wires) -> None:
    first = stub.ask("nothing.example.org.")
    wires.asked.clear()
    stub.clock.now += 19
    second = stub.ask("nothing.example.org.")
    stub.clock.now += 2
    stub.ask("nothing.example.org.")

    assert (first.rcode(), second.rcode()) == (dns.rcode.NXDOMAIN, dns.rcode.NXDOMAIN)
    assert (first.authority[0].ttl, second.authority[0].ttl) == (20, 1)
    assert wires.asked[-1] == (OLD, "nothing.example.org.", "A")


def test_an_alias_is_followed_into_another_zone(stub: Stub) -> None:
    assert stub.lines("alias.example.org.") == [
        "alias.example.org. 9 IN CNAME www.other.test.",
        "www.other.test. 600 IN A 192.0.2.33",
    ]


def test_the_ds_is_asked_above_the_cut(stub: Stub, wires: Wires) -> None:
    stub.ask("www.example.org.")
    wires.asked.clear()

    response = stub.ask("example.org.", "DS")

    assert (response.rcode(), wires.asked) == (dns.rcode.NOERROR, [(ORG, "example.org.", "DS")])


@pytest.mark.parametrize("server", ["dead", "nowhere"])
def test_servers_that_cannot_be_reached_fail_the_question_and_nothing_is_remembered(
    stub: Stub, wires: Wires, server: str
) -> None:
    wires.authorities[ORG].serve([zone("org.", delegation(server, ttl=0)), TEST])
    failed = stub.ask("www.example.org.")
    wires.authorities[ORG].serve([zone("org.", delegation("new")), TEST])

    assert failed.rcode() == dns.rcode.SERVFAIL
    assert stub.lines("www.example.org.") == ["www.example.org. 4 IN A 192.0.2.2"]


def test_a_question_that_wants_no_recursion_is_refused(stub: Stub, wires: Wires) -> None:
    assert stub.ask("www.example.org.", recursion=False).rcode() == dns.rcode.REFUSED
    assert wires.asked == []
