"""The embedded servers answer as NSD and Knot do: one zone, the same questions, the same sections."""

from collections.abc import Iterator

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest
from dns.message import Message
from dns.rrset import RRset

from migrator.demo.authority import Authority
from migrator.demo.server import Servers
from tests.demo.test_served import CASES
from tests.demo.zones import CHILD, PARENT, zone
from tests.lab.addresses import Block
from tests.lab.knot import Knot
from tests.lab.nsd import Nsd

QUESTIONS = [(f"{owner}example.org.", rdtype) for owner, rdtype, *_ in CASES]
QUESTIONS += [
    ("example.net.", "A"),
    ("other.org.", "A"),
    ("org.", "SOA"),
    ("org.", "DS"),
    ("a.b.moved.example.org.", "MX"),
]
WAIT = 5.0


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory, name_servers: None) -> Iterator[dict[str, tuple[str, int]]]:
    """NSD, Knot and the embedded server, each with both zones: name -> address and port."""
    folder = tmp_path_factory.mktemp("agreement")
    with Block(privileged=False) as block:
        address = [block.address(1, host) for host in (1, 2, 3)]
        nsd = Nsd("nsd", folder / "nsd", (address[0],), block.dns_port)
        knot = Knot("knot", folder / "knot", (address[1],), block.dns_port)
        both = [zone("org.", PARENT), zone("example.org.", CHILD)]
        with Servers({address[2]: Authority(both)}, port=block.dns_port):
            try:
                for server in (nsd, knot):
                    server.start()
                    server.wait_until_it_answers()
                    server.put("org.", f"$ORIGIN org.\n{PARENT}")
                    server.put("example.org.", f"$ORIGIN example.org.\n{CHILD}")
                names = ("nsd", "knot", "embedded")
                yield {name: (address[i], block.dns_port) for i, name in enumerate(names)}
            finally:
                for server in (nsd, knot):
                    server.stop()


def ask(where: tuple[str, int], qname: str, rdtype: str) -> Message:
    query = dns.message.make_query(qname, rdtype, use_edns=0, payload=1232)
    query.flags &= ~dns.flags.RD
    return dns.query.tcp(query, where[0], port=where[1], timeout=WAIT)


def shown(section: list[RRset]) -> list[str]:
    lines = [f"{r.name.to_text().lower()} {r.ttl} {rdata.to_text()}" for r in section for rdata in r]
    return sorted(lines)


def summary(message: Message) -> dict[str, object]:
    """What a resolver acts on; the addresses beside an answer are a courtesy and differ between programs."""
    referral = not message.flags & dns.flags.AA
    denial_or_referral = message.authority if referral or not _complete(message) else []
    return {
        "rcode": dns.rcode.to_text(message.rcode()),
        "flags": dns.flags.to_text(message.flags),
        "answer": shown(message.answer),
        "authority": shown(denial_or_referral),
        "additional": shown(message.additional) if referral else [],
    }


def _complete(message: Message) -> bool:
    """Tell whether the answer has what was asked, so that the authority section is a courtesy too."""
    return any(r.rdtype == message.question[0].rdtype for r in message.answer)


@pytest.mark.parametrize("program", ["nsd", "knot"])
@pytest.mark.parametrize(("qname", "rdtype"), QUESTIONS, ids=lambda part: part)
def test_the_embedded_server_answers_as_the_program_does(
    ports: dict[str, tuple[str, int]], program: str, qname: str, rdtype: str
) -> None:
    expected = summary(ask(ports[program], qname, rdtype))

    assert summary(ask(ports["embedded"], qname, rdtype)) == expected
