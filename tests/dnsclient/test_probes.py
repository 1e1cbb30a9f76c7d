"""Messages that are odd on purpose reach a server as they are, and its answer is reported as it is."""

from dataclasses import replace
from datetime import UTC, datetime

import dns.message
import dns.rcode
import pytest
from dns.name import Name

from migrator.checks.asks import NotProbed, Probe, Probed, ProbeKind
from migrator.dnsclient.probes import mixed_case, probe_all
from migrator.model.names import absolute
from migrator.model.observation import Server, Transport
from migrator.network.profile import load_profile
from tests.faulty import ALL, FaultyServer, Reply

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ZONE = absolute("example.test")
SOA = "example.test. 300 SOA ns1.example.test. hostmaster.example.test. 1 7200 3600 1209600 300"
NS = "example.test. 300 NS ns1.example.test."
PROFILE = replace(load_profile(None), timeout=0.2, attempts=2)


def probed(server: Server, kind: ProbeKind) -> Probed | NotProbed:
    (reply,) = probe_all(PROFILE, [Probe(server, kind, ZONE)], lambda: NOW)
    return reply


def answered(wire: bytes, **changes: int) -> bytes:
    """Return the message with another EDNS version or other flags."""
    message = dns.message.from_wire(wire)
    message.use_edns(changes.get("edns", 0), changes.get("ednsflags", 0), 1232)
    message.set_rcode(dns.rcode.Rcode(changes.get("rcode", 0)))
    return message.to_wire()


@pytest.mark.parametrize("kind", [kind for kind in ProbeKind if kind is not ProbeKind.TRANSFER])
def test_a_probe_of_the_soa_reports_the_answer(kind: ProbeKind) -> None:
    with FaultyServer({("example.test", "SOA"): Reply(answer=[SOA])}) as server:
        reply = probed(server.server, kind)
    has_edns = kind not in {ProbeKind.PLAIN, ProbeKind.MIXED_CASE}

    assert isinstance(reply, Probed)
    assert (reply.rcode, reply.authoritative, reply.records, reply.transport) == (0, True, 1, "udp")
    assert (reply.edns_version is not None) == has_edns
    assert server.queries[0].edns == has_edns
    assert reply.sent == reply.echoed == ZONE


def test_an_answer_that_a_rate_limit_cut_off_is_asked_for_over_tcp() -> None:
    with FaultyServer({("example.test", "SOA"): Reply(answer=[SOA], truncated=True)}) as server:
        reply = probed(server.server, ProbeKind.MIXED_CASE)

    assert isinstance(reply, Probed)
    assert (reply.rcode, reply.records, reply.transport) == (0, 1, "tcp")
    assert [query.transport for query in server.queries] == [Transport.UDP, Transport.TCP]
    assert reply.echoed is not None
    assert reply.echoed.labels == reply.sent.labels


def test_an_extended_response_code_and_flags_are_read_from_the_opt_record() -> None:
    bad_version = Reply(answer=[SOA], rewrite=lambda wire: answered(wire, rcode=16, ednsflags=0x40))
    with FaultyServer({("example.test", "SOA"): bad_version}) as server:
        reply = probed(server.server, ProbeKind.EDNS_VERSION)

    assert isinstance(reply, Probed)
    assert (reply.rcode, reply.edns_version, reply.flags) == (16, 0, 0x40)


def test_the_beginning_of_a_transfer_is_enough() -> None:
    messages = [[SOA, NS], [SOA]]
    with FaultyServer({("example.test", "AXFR"): Reply(transfer=messages)}) as server:
        reply = probed(server.server, ProbeKind.TRANSFER)

    assert isinstance(reply, Probed)
    assert (reply.rcode, reply.records, reply.transport) == (0, 2, "tcp")


def test_a_transfer_that_is_refused_is_an_answer() -> None:
    with FaultyServer({("example.test", "AXFR"): Reply(rcode="REFUSED")}) as server:
        reply = probed(server.server, ProbeKind.TRANSFER)

    assert isinstance(reply, Probed)
    assert (dns.rcode.Rcode(reply.rcode), reply.records) == (dns.rcode.Rcode.REFUSED, 0)


@pytest.mark.parametrize("kind", [ProbeKind.EDNS_OPTION, ProbeKind.TRANSFER])
def test_silence_is_no_answer_after_all_tries(kind: ProbeKind) -> None:
    with FaultyServer({(None, None): Reply(drop=ALL)}) as server:
        reply = probed(server.server, kind)

    assert reply == NotProbed(Probe(server.server, kind, ZONE), NOW, "no answer in time")
    assert len(server.queries) == PROFILE.attempts


def test_an_answer_to_something_else_is_passed_over() -> None:
    forged = dns.message.make_response(dns.message.make_query("other.invalid", "A")).to_wire()
    with FaultyServer({("example.test", "SOA"): Reply(answer=[SOA], before=forged)}) as server:
        reply = probed(server.server, ProbeKind.MIXED_CASE)

    assert isinstance(reply, Probed)
    assert (reply.rcode, reply.records) == (0, 1)
    assert len(server.queries) == 1


def test_a_lost_packet_is_asked_again() -> None:
    with FaultyServer({("example.test", "SOA"): Reply(answer=[SOA], drop=1)}) as server:
        reply = probed(server.server, ProbeKind.PLAIN)

    assert isinstance(reply, Probed)
    assert len(server.queries) == PROFILE.attempts


def test_replies_come_in_the_order_of_the_probes() -> None:
    with FaultyServer({(None, None): Reply(answer=[SOA])}) as one, FaultyServer({(None, None): Reply()}) as other:
        probes = [Probe(found.server, ProbeKind.PLAIN, ZONE) for found in (one, other, one)]
        replies = probe_all(PROFILE, probes, lambda: NOW)

    assert [reply.probe for reply in replies] == probes
    assert [reply.records for reply in replies if isinstance(reply, Probed)] == [1, 0, 1]


def test_mixed_case_spells_the_same_name_otherwise() -> None:
    found = mixed_case(ZONE)

    assert found == ZONE
    assert found.labels != ZONE.labels
    assert mixed_case(Name([b"1", b"2", b""])).labels == (b"1", b"2", b"")


def test_a_silent_server_is_asked_again_once_and_then_each_probe_once_until_it_answers() -> None:
    kinds = [ProbeKind.PLAIN, ProbeKind.EDNS, ProbeKind.MIXED_CASE, ProbeKind.EDNS_VERSION]
    lost = PROFILE.attempts + 1
    with FaultyServer({("example.test", "SOA"): Reply(answer=[SOA], drop=lost)}) as server:
        replies = probe_all(PROFILE, [Probe(server.server, kind, ZONE) for kind in kinds], lambda: NOW)

    assert [type(reply) for reply in replies] == [NotProbed, NotProbed, Probed, Probed]
    assert len(server.queries) == lost + 2
