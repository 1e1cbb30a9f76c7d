"""A step along NSEC records, and the signs that a walk leads nowhere."""

from datetime import UTC, datetime

import dns.rdata
import pytest
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.discovery.chain import Link, is_made_up, link_of
from migrator.model.names import absolute
from migrator.model.observation import Answer, NoAnswer, Question, Server, Silence, Transport
from migrator.model.rrset import RRset, RRsetKey, make

ZONE = absolute("example.test")
MAIL = absolute("mail", ZONE)
QUESTION = Question(Server("192.0.2.1"), MAIL, RdataType.NSEC, dnssec_ok=True)
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def answered(*found: RRset, authority: tuple[RRset, ...] = ()) -> Answer:
    return Answer(
        QUESTION,
        NOW,
        Rcode.NOERROR,
        authoritative=True,
        truncated=False,
        recursion_available=False,
        authenticated=False,
        transport=Transport.UDP,
        elapsed=0.01,
        answer=found,
        authority=authority,
    )


def rrset(owner: Name, rdtype: RdataType, text: str) -> RRset:
    return make(RRsetKey(owner, rdtype), 300, (dns.rdata.from_text(RdataClass.IN, rdtype, text),))


def test_a_link_has_the_types_and_the_name_that_follows() -> None:
    seen = answered(rrset(MAIL, RdataType.NSEC, "www.example.test. A TXT RRSIG NSEC TYPE65280"))

    assert link_of(seen, MAIL, ZONE) == Link(
        MAIL,
        (RdataType.A, RdataType.TXT, RdataType.RRSIG, RdataType.NSEC, RdataType.make(65280)),
        absolute("www", ZONE),
    )


def test_at_a_zone_cut_the_link_comes_with_the_referral() -> None:
    seen = answered(authority=(rrset(MAIL, RdataType.NSEC, "www.example.test. NS RRSIG NSEC"),))

    assert link_of(seen, MAIL, ZONE) == Link(
        MAIL, (RdataType.NS, RdataType.RRSIG, RdataType.NSEC), absolute("www", ZONE)
    )


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (NoAnswer(QUESTION, NOW, Silence.TIMEOUT), "no answer for NSEC"),
        (answered(), "the zone is not signed with NSEC"),
        (
            answered(authority=(rrset(MAIL, RdataType.NSEC3, "1 0 0 - 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A"),)),
            "NSEC3: names are hidden",
        ),
        (answered(rrset(MAIL, RdataType.NSEC, "www.example.net. A")), "the next name is outside the zone"),
        (
            answered(rrset(MAIL, RdataType.NSEC, "\\000.mail.example.test. A")),
            "minimal answers: the next name is made up",
        ),
    ],
)
def test_a_walk_ends_where_there_is_no_real_next_name(seen: Answer | NoAnswer, why: str) -> None:
    assert link_of(seen, MAIL, ZONE) == why


def test_the_least_successor_of_a_name_is_made_up() -> None:
    assert is_made_up(MAIL, Name([b"mail\x00", *ZONE.labels]))
    assert not is_made_up(MAIL, absolute("mail2", ZONE))
    assert not is_made_up(MAIL, absolute("a.mail", ZONE))
