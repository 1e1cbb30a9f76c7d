"""Whether the new name servers answer: over UDP, over TCP, with authority, and as the assigned set."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from dns.rcode import Rcode

from migrator.checks.asks import Reply
from migrator.checks.ns.answers import authoritative, right_account, tcp, udp
from migrator.model.observation import Server, Silence, Transport
from tests.checks.build import NEW, OLD, facts, gives, new_side, points, records, silent, told
from tests.cutover.build import names

ONE, TWO = NEW
FIRST, SECOND = "ns1.new.example (203.0.113.1)", "ns2.new.example (203.0.113.2)"


def soa(name: str, *, over_tcp: bool, reason: Silence = Silence.TIMEOUT) -> Reply:
    """Return silence for the SOA over one transport."""
    return silent(name, "@ SOA", reason, transport=Transport.TCP if over_tcp else Transport.UDP)


def test_servers_that_answer_over_both_transports_pass() -> None:
    assert told(points(udp, facts())) == [f"pass {FIRST}: Answers in 10 ms.", f"pass {SECOND}: Answers in 10 ms."]
    assert told(points(tcp, facts())) == [f"pass {FIRST}: Answers over TCP.", f"pass {SECOND}: Answers over TCP."]


def test_a_server_without_udp_fails_and_one_without_tcp_too() -> None:
    assert told(points(udp, facts(), soa(TWO, over_tcp=False)))[1] == (
        f"problem {SECOND}: No answer over UDP (timeout), and one over TCP; both were expected."
    )
    assert told(points(tcp, facts(), soa(ONE, over_tcp=True, reason=Silence.REFUSED)))[0] == (
        f"problem {FIRST}: No answer over TCP (connection refused), and one over UDP; both were expected."
    )


def test_a_server_that_is_silent_over_both_is_unchecked() -> None:
    quiet = (soa(TWO, over_tcp=False), soa(TWO, over_tcp=True))

    assert told(points(udp, facts(), *quiet))[1] == f"unchecked {SECOND}: no answer over UDP: timeout"
    assert told(points(tcp, facts(), *quiet))[1] == f"unchecked {SECOND}: no answer over TCP: timeout"
    assert told(points(authoritative, facts(), *quiet))[1] == f"unchecked {SECOND}: no answer: timeout"


def test_an_address_without_a_route_is_a_notice() -> None:
    away = replace(new_side(), out_of_reach=(Server("2001:db8::1", 53, names(ONE)[0]),))

    assert told(points(udp, facts(new=away)))[2:] == [
        "notice ns1.new.example (2001:db8::1): Not asked: this machine has no route to the address."
    ]


@pytest.mark.parametrize("code", [Rcode.REFUSED, Rcode.SERVFAIL])
def test_a_server_that_refuses_the_zone_is_lame(code: Rcode) -> None:
    assert told(points(authoritative, facts(), gives(TWO, "@ SOA", code))) == [
        f"pass {FIRST}: Serves the zone with authority.",
        (
            f"problem {SECOND}: Asked for the SOA of the zone, the server gave {code.name}; an authoritative "
            "answer was expected."
        ),
    ]


def test_an_answer_without_authority_is_lame() -> None:
    cached = records(ONE, "@ SOA", "@ SOA a.example. b.example. 1 2 3 4 5", authoritative=False)

    assert "gave an answer without authority" in told(points(authoritative, facts(), cached))[0]


def test_lameness_over_tcp_alone_is_found() -> None:
    lame = gives(ONE, "@ SOA", Rcode.REFUSED, transport=Transport.TCP)

    assert told(points(authoritative, facts(), lame))[0].startswith(f"problem {FIRST}: ")


def test_without_addresses_nothing_is_known_and_without_a_new_side_nothing_needed() -> None:
    for check in (udp, tcp, authoritative):
        assert told(points(check, facts(new=new_side(hosts=())))) == [
            "unchecked example.test. NS: no address of a new name server is known"
        ]
        assert told(points(check, facts(new=None))) == ["not-needed: the new side is not known: --to names it"]


def test_a_zone_that_cannot_be_read_or_has_no_set_does_not_show_the_assigned_one() -> None:
    read = new_side(assigned=names(*NEW))
    assert read.zone is not None
    bare = replace(read.zone, rrsets=read.zone.rrsets[:1])

    assert told(points(right_account, facts(new=replace(read, zone=None, unread="gone"))))[0].startswith(
        "unchecked "
    )
    assert told(points(right_account, facts(new=replace(read, zone=bare)))) == [
        "not-needed: the provider keeps the NS set outside the zone"
    ]


@pytest.mark.parametrize(
    ("assigned", "line"),
    [
        ((), "not-needed: nobody assigns name servers to the zone: it is no zone of a provider"),
        (NEW, "pass example.test. NS: The zone's own set is the assigned one: ns1.new.example, ns2.new.example."),
        (
            OLD,
            (
                "problem example.test. NS: The zone lists ns1.new.example, ns2.new.example; the provider assigned "
                "ns1.old.example, ns2.old.example."
            ),
        ),
    ],
)
def test_the_zone_lists_the_set_that_its_provider_assigned(assigned: Iterable[str], line: str) -> None:
    assert told(points(right_account, facts(new=new_side(assigned=names(*assigned))))) == [line]
