"""What a zone says of the addresses behind the terms of an SPF policy, and of which terms it says nothing."""

import time
from ipaddress import ip_address, ip_network

import pytest
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.diff import compare
from migrator.mail.permitted import Permitted
from migrator.mail.policies import Spf
from migrator.mail.spf.addresses import EVERYBODY, single, union
from migrator.meaning.served import ServedZone, Sides
from migrator.model.extras import Alias, Extra, Note, Proxied, Weighted
from migrator.model.names import absolute
from migrator.model.rrset import RRsetKey
from tests.diffing import ORIGIN, rrset, zone

HOST = absolute("out", ORIGIN)


def permitted(served: ServedZone, *terms: str, unchecked: frozenset[RRsetKey] = frozenset()) -> Permitted:
    """Return the policy of a zone on the new side."""
    return Permitted(Sides(ServedZone(zone()), served, unchecked), served, ORIGIN, Spf(terms))


def networks(policy: Permitted) -> list[str]:
    return [str(network) for network in policy.passing().networks()]


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ("a:out.example.com", ["192.0.2.7/32"]),
        ("a:out.example.com/24", ["192.0.2.0/24"]),
        ("a:alias.example.com", ["192.0.2.7/32"]),
        ("a:x.wild.example.com", ["192.0.2.8/32"]),
        ("mx", ["192.0.2.7/32"]),
        ("include:_spf.example.com", ["198.51.100.0/24"]),
        ("redirect=_spf.example.com", ["198.51.100.0/24"]),
        ("redirect=_spf.example.com -all", []),
        ("~a:out.example.com ip4:192.0.2.0/29", ["192.0.2.0/30", "192.0.2.4/31", "192.0.2.6/32"]),
        ("a:nowhere.example.com", []),
        ("a:outside.example.com", []),
        ("a:host.example.net", []),
        ("a:%{i}.example.com", []),
        ("include:example.com", []),
        ("include:none.example.com", []),
        ("include:open.example.com", []),
        ("exists:out.example.com", ["0.0.0.0/0", "::/0"]),
        ("exists:nowhere.example.com", []),
        ("exists:%{i}.example.com", []),
        ("ptr", []),
        ("ip5:1 a:out.example.com", []),
    ],
)
def test_the_addresses_that_a_zone_knows_of(terms: str, found: list[str]) -> None:
    served = ServedZone(
        zone("""
            @ 300 MX 10 out
            out 300 A 192.0.2.7
            alias 300 CNAME out
            outside 300 CNAME host.example.net.
            *.wild 300 A 192.0.2.8
            _spf 300 TXT "v=spf1 -ip4:192.0.2.0/24 ip4:198.51.100.0/24 ~all"
            open 300 TXT "v=spf1 ptr -all"
        """)
    )

    assert networks(permitted(served, *terms.split(" "))) == found


@pytest.mark.parametrize(
    ("extras", "variant", "found"),
    [
        ((Note("the mail server"),), "", ["192.0.2.7/32"]),
        ((Proxied(enabled=False),), "", ["192.0.2.7/32"]),
        ((Proxied(),), "", []),
        ((Weighted(1),), "a", []),
    ],
)
def test_what_a_provider_makes_up_is_not_known(extras: tuple[Extra, ...], variant: str, found: list[str]) -> None:
    served = ServedZone(zone("", rrset("out 300 A 192.0.2.7", *extras, variant=variant)))

    assert networks(permitted(served, "a:out.example.com")) == found


def test_an_alias_is_not_known() -> None:
    served = ServedZone(zone("", rrset("out 300 A -", Alias(absolute("lb.example.net.")))))

    assert networks(permitted(served, "a:out.example.com")) == []


def test_a_cname_whose_target_is_proxied_is_not_known() -> None:
    served = ServedZone(zone("out 300 A 192.0.2.7", rrset("www 300 CNAME out.example.com.", Proxied())))

    assert networks(permitted(served, "a:www.example.com")) == []


def test_a_host_that_was_not_answered_is_not_known() -> None:
    served = ServedZone(zone("out 300 A 192.0.2.7"))
    unchecked = frozenset({RRsetKey(HOST, RdataType.AAAA)})

    assert networks(permitted(served, "a:out.example.com", unchecked=unchecked)) == []


@pytest.mark.parametrize(
    ("terms", "end"),
    [
        ("mx -all", "-"),
        ("mx", "?"),
        ("redirect=_spf.example.com", "~"),
        ("redirect=two.example.com", "?"),
        ("redirect=loop.example.com", "?"),
        ("redirect=_spf.example.net", "?"),
        ("redirect=_spf.example.com +all", "+"),
    ],
)
def test_the_end_of_a_policy_is_that_of_the_one_it_leads_to(terms: str, end: str) -> None:
    served = ServedZone(
        zone("""
            _spf 300 TXT "v=spf1 ~all"
            two 300 TXT "v=spf1 ~all"
            two 300 TXT "v=spf1 -all"
            loop 300 TXT "v=spf1 redirect=loop.example.com"
        """)
    )

    assert permitted(served, *terms.split(" ")).end() == end


@given(st.lists(st.tuples(st.sampled_from("+-~?"), st.integers(0, 20), st.integers(27, 32)), max_size=9))
@settings(max_examples=200)
def test_of_several_terms_that_hold_an_address_the_first_decides(found: list[tuple[str, int, int]]) -> None:
    said = [(qualifier, ip_network((start, length), strict=False)) for qualifier, start, length in found]
    policy = permitted(ServedZone(zone()), *(f"{qualifier}ip4:{network}" for qualifier, network in said), "-all")
    passing, by_qualifier = policy.passing(), policy.by_qualifier()
    everybody = union(by_qualifier.values())

    for address in map(ip_address, range(60)):
        says = [qualifier for qualifier, network in said if address in network]
        assert (address in passing) == (says[:1] == ["+"])
        assert policy.covers(single(address)) == (set(says) == {"+"})
        assert [q for q, held in by_qualifier.items() if address in held] == (says or ["-"])[:1]
    assert everybody == EVERYBODY


def test_a_policy_of_many_networks_takes_as_long_as_they_are_many() -> None:
    def spent(terms: int) -> float:
        old, new = (zone(f'@ 300 TXT "v=spf1" {networks_of(first, terms)} " -all"') for first in (10, 11))
        began = time.process_time()
        assert len(compare(old, new).differences) == 1
        return time.process_time() - began

    spent(1)
    assert spent(800) < 32 * spent(100)  # eight times the terms


def networks_of(first: int, number: int) -> str:
    """Return so many terms, none beside another one."""
    return " ".join(f'" ip4:{first}.0.{each // 128}.{each % 128 * 2}"' for each in range(number))
