"""Which RRsets an answer can hold, by our own count and by dnspython's rendering of the message."""

import dns.exception
import dns.message
import dns.rdata
import dns.rrset
import pytest
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.sizes import fits_into_message
from migrator.model.zone import assemble_rrsets

OWNER = absolute("www.example.org.")


def rrset(rdtype: RdataType, texts: list[str]) -> RRset:
    rdatas = tuple(dns.rdata.from_text(RdataClass.IN, rdtype, text) for text in texts)
    return make(RRsetKey(OWNER, rdtype), 300, rdatas)


def is_rendered(rrset: RRset) -> bool:
    """Whether dnspython can make a response of it."""
    response = dns.message.make_response(dns.message.make_query(rrset.owner, rrset.rdtype))
    response.answer.append(dns.rrset.from_rdata_list(rrset.owner, 300, rrset.rdatas))
    try:
        response.to_wire(max_size=65_535)
    except dns.exception.TooBig:
        return False
    return True


TEXTS = [f'"{number:0119d}"' for number in range(500)]  # 132 octets a record


@pytest.mark.parametrize(
    ("rdtype", "texts", "expected"),
    [
        (RdataType.A, ["192.0.2.1"], True),
        (RdataType.A, [f"10.0.{i // 250}.{i % 250}" for i in range(4_000)], True),
        (RdataType.A, [f"10.0.{i // 250}.{i % 250}" for i in range(4_100)], False),
        (RdataType.TXT, TEXTS[:496], True),
        (RdataType.TXT, [*TEXTS[:496], f'"{"x" * 17}"'], True),
        (RdataType.TXT, [*TEXTS[:496], f'"{"x" * 18}"'], False),
        (RdataType.TXT, TEXTS, False),
        (RdataType.NS, [f"ns{i}.a-name-that-is-written-once.example.net." for i in range(2_000)], True),
        (RdataType.NS, [f"ns{i}.a-name-that-is-written-once.example.net." for i in range(4_000)], False),
        (RdataType.TXT, [], True),
    ],
)
def test_what_a_message_can_hold_fits(rdtype: RdataType, texts: list[str], expected: bool) -> None:
    found = rrset(rdtype, texts)

    assert fits_into_message(found) is expected
    assert not texts or is_rendered(found) is expected


def test_a_set_that_no_server_can_answer_is_an_error() -> None:
    apex = absolute("example.org.")
    assembly = assemble_rrsets(apex, [rrset(RdataType.TXT, TEXTS)])
    (finding,) = [finding for finding in assembly.findings if finding.check == "zone.rrset-too-large"]

    assert (finding.severity, finding.subject) == (Severity.ERROR, "www.example.org. TXT")
    assert finding.message == (
        "The 500 records need more room than the 65,535 octets of a DNS message; no server can answer them."
    )
