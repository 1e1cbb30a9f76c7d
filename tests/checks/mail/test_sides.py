"""Where the checks of mail look: new servers, the old zone, and old servers where that has no answer."""

from dataclasses import replace

import pytest
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask
from migrator.checks.check import Check
from migrator.checks.mail.encryption import mta_sts
from migrator.checks.mail.forging import dmarc
from migrator.checks.mail.incoming import mx_same, mx_target
from migrator.checks.mail.sending import spf_limits, spf_one, spf_same
from migrator.checks.mail.signing import dkim
from migrator.cutover.look import Side
from migrator.model.extras import Alias
from migrator.model.names import absolute
from migrator.model.observation import Question, Silence
from migrator.model.rrset import RRsetKey, make
from tests.checks.build import (
    asked_by,
    facts,
    host,
    new_side,
    old_side,
    points,
    silent,
    told,
    zone,
)

ZONE = """
@ MX 10 mx
mx A 192.0.2.25
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.test"
"""


def questions(asked: list[Ask]) -> list[str]:
    """Return each question as server and name and type."""
    return [
        f"{ask.server.address} {ask.qname} {RdataType.to_text(ask.rdtype)}"
        for ask in asked
        if isinstance(ask, Question)
    ]


def test_the_old_zone_is_read_and_the_new_servers_are_asked() -> None:
    assert questions(asked_by(spf_one, facts(ZONE, ZONE))) == ["203.0.113.1 example.test. TXT"]


@pytest.mark.parametrize("check", [mx_same, mx_target, spf_one, spf_limits, spf_same, dmarc], ids=lambda c: c.id)
def test_without_the_old_zone_its_servers_are_asked(check: Check) -> None:
    known = facts(old_side(None), ZONE)

    found = told(points(check, known, ns1_old_example=ZONE))

    assert {line.partition(" ")[0] for line in found} == {"pass"}


@pytest.mark.parametrize("check", [mx_same, spf_same, dmarc], ids=lambda c: c.id)
def test_without_the_old_zone_and_its_servers_nothing_can_be_compared(check: Check) -> None:
    found = told(points(check, facts(old_side(None), ZONE)))

    assert {line.partition(" ")[0] for line in found} == {"unchecked"}


@pytest.mark.parametrize("check", [dmarc, mta_sts, dkim], ids=lambda c: c.id)
def test_without_both_zones_the_apex_is_asked_for(check: Check) -> None:
    known = facts(old_side(None), new_side(None))

    assert told(points(check, known, ns1_old_example="@ A 192.0.2.1", ns1_new_example="@ A 192.0.2.1"))


def test_an_alias_of_the_old_zone_is_asked_of_its_servers() -> None:
    text = '@ TXT "v=spf1 a:web.example.test -all"'
    plain = zone(text)
    alias = make(
        RRsetKey(absolute("web.example.test."), RdataType.A), None, (), (Alias(absolute("lb.example.net.")),)
    )
    old = old_side(replace(plain, rrsets=(*plain.rrsets, alias)))
    new = f"{text}\nweb A 192.0.2.80"

    found = points(spf_same, facts(old, new), ns1_old_example=f"{text}\nweb A 192.0.2.80")

    assert told(found) == ["pass example.test. TXT: The same senders pass as before (1 network)."]


def test_an_include_of_a_delegated_name_is_asked_of_a_resolver() -> None:
    text = '@ TXT "v=spf1 include:_spf.sub.example.test -all"\nsub NS ns.example.net.'

    assert questions(asked_by(spf_same, facts(text, text))) == [
        "198.51.100.1 _spf.sub.example.test. TXT",
        "203.0.113.1 example.test. TXT",
        "192.0.2.53 _spf.sub.example.test. TXT",
        "203.0.113.1 _spf.sub.example.test. TXT",
    ]


def test_cnames_without_an_end_are_a_fault_of_the_target() -> None:
    loop = "@ MX 10 a\na CNAME b\nb CNAME a"

    found = told(points(mx_target, facts("", loop)))

    assert [line.partition("; ")[0] for line in found] == [
        "problem example.test. MX: MX names a.example.test, which is a CNAME to b.example.test",
        "problem example.test. MX: MX names a.example.test, which has no address",
    ]


def test_an_ipv6_address_without_a_route_is_left_out() -> None:
    two = tuple(
        replace(host(name, Side.NEW), addresses=(*host(name, Side.NEW).addresses, f"2001:db8::{number}"))
        for number, name in enumerate(["ns1.new.example.", "ns2.new.example."], 1)
    )
    known = facts(ZONE, new_side(ZONE, hosts=two))
    unreachable = [silent(f"2001:db8::{number}", "@ MX", Silence.UNREACHABLE) for number in (1, 2)]
    timeout = [silent(f"2001:db8::{number}", "@ MX") for number in (1, 2)]

    assert told(points(mx_same, known, *unreachable)) == [
        "pass example.test. MX: All 2 new name servers answer 10 mx.example.test."
    ]
    assert {line.partition(" ")[0] for line in told(points(mx_same, known, *timeout))} == {"unchecked"}
