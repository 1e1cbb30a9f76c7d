"""The command lines that show what a check saw."""

from dataclasses import replace

import pytest

from migrator.checks.asks import Ask, Fetch, Handshake, Probe, ProbeKind, Registration
from migrator.checks.points import Noted
from migrator.checks.reproduce import command_for, command_of
from migrator.model.names import absolute
from migrator.model.observation import Server, Transport
from tests.checks.build import DOMAIN, asking, server, silent

NOWHERE = Server("", name=absolute("ns3.nic.example."))
V6 = Server("2001:db8::53", 5300)
AT = server("ns1.new.example.")


@pytest.mark.parametrize(
    ("ask", "line"),
    [
        (asking("ns1.new.example.", "www A"), "dig +norecurse @203.0.113.1 www.example.test. A"),
        (
            asking("ns1.new.example.", "@ DNSKEY", dnssec_ok=True, transport=Transport.TCP),
            "dig +norecurse +dnssec +tcp @203.0.113.1 example.test. DNSKEY",
        ),
        (asking("resolver", "@ SOA", checking_disabled=True), "dig +dnssec +cdflag @192.0.2.53 example.test. SOA"),
        (asking(NOWHERE, "@ NS"), "dig +norecurse @ns3.nic.example example.test. NS"),
        (asking(V6, "@ TYPE65280"), "dig +norecurse -p 5300 @2001:db8::53 example.test. TYPE65280"),
        (
            replace(asking(AT, "www A"), qname=absolute(r"a\032b;c.example.test.")),
            r"dig +norecurse @203.0.113.1 'a\032b\;c.example.test.' A",
        ),
        (Probe(AT, ProbeKind.PLAIN, DOMAIN), "dig +norecurse +noedns @203.0.113.1 example.test. SOA"),
        (
            Probe(AT, ProbeKind.EDNS_VERSION, DOMAIN),
            "dig +norecurse +edns=1 +noednsnegotiation +nocookie @203.0.113.1 example.test. SOA",
        ),
        (Probe(AT, ProbeKind.TRANSFER, DOMAIN), "dig @203.0.113.1 example.test. AXFR"),
        (
            Fetch(absolute("example.test"), "/mta-sts.txt", "2001:db8::1"),
            "curl -v --resolve 'example.test:443:[2001:db8::1]' https://example.test/mta-sts.txt",
        ),
        (
            Handshake(absolute("www.example.test"), "192.0.2.1"),
            "openssl s_client -connect 192.0.2.1:443 -servername www.example.test",
        ),
        (Registration(absolute("example.net")), "curl -L https://rdap.org/domain/example.net"),
    ],
)
def test_command_line(ask: Ask, line: str) -> None:
    assert command_for(ask) == line


def test_a_reply_is_shown_by_what_was_asked_and_a_note_by_nothing() -> None:
    assert command_of(silent("ns1.new.example.", "www A")) == "dig +norecurse @203.0.113.1 www.example.test. A"
    assert not command_of(Noted("old.zone", "line 3"))
