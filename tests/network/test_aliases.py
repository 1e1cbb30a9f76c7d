"""Targets of aliases are looked up through the resolvers, one after the other, and silence is told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import dns.rcode
import pytest
from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.interfaces import Progress, TsigKey, no_progress
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence, Transport
from migrator.model.rrset import Record, RRset, RRsetKey
from migrator.network.aliases import look_up, unchecked_finding
from tests.snapshots import name, rrset

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FIRST, SECOND = Server("127.0.0.1", 5301), Server("127.0.0.2", 5301)
TARGET = RRsetKey(name("lb.example.net."), RdataType.A)
OTHER = RRsetKey(name("cdn.example.net."), RdataType.AAAA)


@dataclass(frozen=True, slots=True)
class Says:
    """What a resolver answers to one question."""

    rrsets: tuple[RRset, ...] = ()
    rcode: Rcode = dns.rcode.NOERROR
    truncated: bool = False


@dataclass(slots=True)
class Resolvers:
    """Answers by a table; what is not in it is silence."""

    table: dict[tuple[Server, RRsetKey], Says]
    asked: list[Question] = field(default_factory=list)

    def ask(self, questions: Sequence[Question], progress: Progress = no_progress) -> tuple[Observation, ...]:
        self.asked += questions
        progress("answers", len(questions), len(questions))
        return tuple(map(self._answer, questions))

    def transfer(
        self,
        zone: Name,
        server: Server,
        tsig: TsigKey | None = None,
        received: Callable[[bytes], object] | None = None,
    ) -> Iterator[Record]:
        raise AssertionError(f"{zone} is transferred from {server} with {tsig} for {received}")

    def _answer(self, question: Question) -> Observation:
        says = self.table.get((question.server, RRsetKey(question.qname, question.rdtype)))
        if says is None:
            return NoAnswer(question, NOW, Silence.TIMEOUT)
        return Answer(
            question,
            NOW,
            says.rcode,
            authoritative=False,
            truncated=says.truncated,
            recursion_available=True,
            authenticated=False,
            transport=Transport.UDP,
            elapsed=0.01,
            answer=says.rrsets,
        )


ADDRESSES = rrset("lb.example.net.", "A", "192.0.2.1", "192.0.2.2", ttl=240)
CHAIN = (
    rrset("LB.example.net.", "CNAME", "x.example.com.", ttl=400),
    rrset("x.example.com.", "CNAME", "y.example.com.", ttl=90),
    rrset("y.example.com.", "A", "192.0.2.7", ttl=300),
)
LOOP = (rrset("lb.example.net.", "CNAME", "x.test."), rrset("x.test.", "CNAME", "lb.example.net."))
CASES: dict[str, tuple[Says, tuple[int, list[str]]]] = {
    "addresses": (Says((ADDRESSES,)), (240, ["192.0.2.1", "192.0.2.2"])),
    "a chain, with its smallest TTL": (Says(CHAIN), (90, ["192.0.2.7"])),
    "the last second of a TTL": (Says((rrset("lb.example.net.", "A", "192.0.2.1", ttl=1),)), (60, ["192.0.2.1"])),
    "nothing of the type": (Says(), (60, [])),
    "no such name": (Says(rcode=dns.rcode.NXDOMAIN), (60, [])),
    "a chain that ends in nothing": (Says(CHAIN[:2]), (60, [])),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_resolver_says_is_taken(case: str) -> None:
    says, (ttl, texts) = CASES[case]
    found, unchecked = look_up(Resolvers({(FIRST, TARGET): says}), [FIRST, SECOND], [TARGET])

    assert unchecked == ()
    assert found[TARGET].ttl == ttl
    assert [rdata.to_text() for rdata in found[TARGET].rdatas] == texts
    assert found[TARGET].key == TARGET


UNUSABLE = {
    "SERVFAIL": (Says(rcode=dns.rcode.SERVFAIL), "127.0.0.1:5301: SERVFAIL"),
    "REFUSED": (Says(rcode=dns.rcode.REFUSED), "127.0.0.1:5301: REFUSED"),
    "cut": (Says((ADDRESSES,), truncated=True), "127.0.0.1:5301: truncated"),
    "a loop": (Says(LOOP), "127.0.0.1:5301: a chain of CNAMEs without end"),
    "silence": (None, "127.0.0.1:5301: timeout"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_no_resolver_can_say_is_unchecked(case: str) -> None:
    says, reason = UNUSABLE[case]
    table = {} if says is None else {(FIRST, TARGET): says}

    assert look_up(Resolvers(table), [FIRST], [TARGET]) == (
        {},
        (Unchecked("plain.alias-unchecked", "lb.example.net. A", reason),),
    )


def test_the_next_resolver_is_asked_for_the_rest_only() -> None:
    cdn = rrset("cdn.example.net.", "AAAA", "2001:db8::1")
    client = Resolvers({(FIRST, TARGET): Says((ADDRESSES,)), (SECOND, OTHER): Says((cdn,))})

    found, unchecked = look_up(client, [FIRST, SECOND], [TARGET, OTHER])

    assert (set(found), unchecked) == ({TARGET, OTHER}, ())
    assert [(q.server, q.qname, q.recursion_desired) for q in client.asked] == [
        (FIRST, TARGET.owner, True),
        (FIRST, OTHER.owner, True),
        (SECOND, OTHER.owner, True),
    ]


def test_without_a_resolver_nothing_is_known() -> None:
    found, unchecked = look_up(Resolvers({}), [], [TARGET])

    assert found == {}
    assert [item.reason for item in unchecked] == ["the network profile names no resolver"]
    assert unchecked_finding(unchecked[0]) == Finding(
        "plain.alias-unchecked",
        Severity.WARNING,
        "lb.example.net. A",
        "No resolver said what the target answers (the network profile names no resolver), so the alias is only a "
        "comment.",
    )
