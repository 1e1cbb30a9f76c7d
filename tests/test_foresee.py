"""What is asked of a zone and foretold of the answers: of texts the same as of RRsets."""

from collections.abc import Mapping
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.answers.plainsets import Wanted
from migrator.answers.questions import Questions, questions_for
from migrator.dnsclient.expectation import Expectation
from migrator.live.foresee import foresee
from migrator.meaning.served import ServedZone
from migrator.model.names import folded, text_of
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot
from tests import strategies
from tests.checks.build import zone
from tests.live import compacted, nonces

ORDINARY = """\
@             NS   ns1
@             MX   10 Mail
Mail          A    192.0.2.1
              A    192.0.2.2
              AAAA 2001:db8::1
WWW           CNAME Mail
_dmarc        TXT  "v=DMARC1; p=none"
a._domainkey  TXT  "v=DKIM1; " "p=abc"
_sip._tcp     SRV  0 5 5060 Mail
sub           NS   ns.sub
              DS   1 8 2 2BB183AF5F22588179A53B0A98631FAD1A292118A99A3D5F3A8DEB2D4D3D2D22
ns.sub        A    192.0.2.3
www.sub       A    192.0.2.4
*.wild        A    192.0.2.5
x.y.wild      PTR  Mail
n             NAPTR 10 10 "u" "E2U+sip" "" Mail
Upper.Deep    TXT  "v=spf1 -all"
"""


def shape(expected: Expectation) -> tuple[object, ...]:
    found = [getattr(expected, name) for name in expected.__slots__]
    return tuple(tuple(each) if isinstance(each, list) else each for each in found)


def asked_and_foretold(snapshot: ZoneSnapshot) -> tuple[Questions, Mapping[Wanted, object]]:
    served = ServedZone(snapshot)
    questions = questions_for(served, partial(next, nonces()))
    foreseen, expected = foresee(served, questions)
    found = {(folded(each.qname), each.rdtype): (str(each.qname), shape(each)) for each in expected}
    assert len(found) == len(expected)
    assert all(wanted in foreseen for wanted in found)
    return questions, found


def told(rrsets: list[RRset]) -> list[str]:
    return sorted(map(repr, rrsets))


def same_of_texts(snapshot: ZoneSnapshot) -> int:
    """Compare what is asked of a snapshot and of its texts; return how many owners are texts."""
    questions, found = asked_and_foretold(snapshot)
    others, of_texts = asked_and_foretold(compacted(snapshot))
    assert of_texts == found
    for name in ("hidden", "glue", "signatures", "wildcards"):
        assert told(getattr(others, name)) == told(getattr(questions, name))
    assert others.nonces == questions.nonces
    assert others.non_terminals == questions.non_terminals
    assert sorted(map(repr, others.asked())) == sorted(map(repr, questions.asked()))
    assert told(others.plain_sets.all()) == told(questions.plain_sets.all())
    return len(others.plain_sets.texts)


def test_of_an_ordinary_zone_most_is_foretold_by_its_texts() -> None:
    snapshot = zone(ORDINARY)

    owners = same_of_texts(snapshot)

    plain = questions_for(ServedZone(compacted(snapshot)), lambda: b"nonce").plain_sets
    assert sorted(key.decode().removesuffix("example.test.") for key in plain.texts) == [
        "_dmarc.",
        "_sip._tcp.",
        "a._domainkey.",
        "mail.",
        "n.",
        "upper.deep.",
        "www.",
        "x.y.wild.",
    ]
    assert owners == len(plain.texts)
    assert [text_of(rrset.owner) for rrset in plain.all() if rrset.rdtype.name == "AAAA"] == ["mail.example.test."]


@given(st.lists(strategies.rrsets(), min_size=1, max_size=12))
@settings(max_examples=150)
def test_of_any_zone_texts_foretell_what_rrsets_do(found: list[RRset]) -> None:
    rrsets = tuple({rrset.key: rrset for rrset in found}.values())
    same_of_texts(ZoneSnapshot(strategies.ORIGIN, rrsets, source="generated"))
