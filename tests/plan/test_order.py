"""The order of changes: nothing that answers stops to answer on the way."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.model.change import Change, Create, Delete, Replace, carried_out, key_of
from migrator.plan import ordered
from tests.snapshots import NS, ORIGIN, SOA, alias, rrset, zone
from tests.translate.zones import snapshots

A = rrset("www", "A", "192.0.2.1")
CNAME = rrset("www", "CNAME", "a.example.net.")
CUT = rrset("sub", "NS", "ns1.sub")
GLUE = rrset("ns1.sub", "A", "192.0.2.53")
DS = rrset("sub", "DS", "1 13 2 " + "00" * 32)
MX = rrset("@", "MX", "10 mail")
MAIL = rrset("mail", "A", "192.0.2.25")
TO_WWW = alias("a", "A", "www")
TO_A = alias("@", "A", "a")
NEW_NS = rrset("@", "NS", "ns9.example.net.", ttl=900)

ORDERS: dict[str, tuple[Change, ...]] = {
    "addresses, then what leads to them": (Create(MAIL), Create(MX)),
    "glue, delegation, DS": (Create(GLUE), Create(CUT), Create(DS)),
    "DS, delegation, glue when they go": (Delete(DS), Delete(CUT), Delete(GLUE)),
    "the end of an alias before the alias": (Create(A), Create(TO_WWW), Create(TO_A)),
    "the alias before its end when they go": (Delete(TO_A), Delete(TO_WWW), Delete(A)),
    "at one name the old goes and the new comes at once": (Delete(CNAME), Create(A), Create(TO_WWW)),
    "new things, other things, the apex, old things": (
        Create(MAIL),
        Replace(A, rrset("www", "A", "192.0.2.2")),
        Replace(SOA, SOA),
        Replace(NS, NEW_NS),
        Delete(MX),
    ),
    "an alias leaves before what it led to": (
        Replace(TO_WWW, alias("a", "A", "mail")),
        Delete(A),
    ),
}


@pytest.mark.parametrize("case", ORDERS)
def test_changes_come_in_this_order_whatever_order_they_are_given_in(case: str) -> None:
    wanted = ORDERS[case]
    for seed in range(6):
        given_order = list(wanted)
        random.Random(seed).shuffle(given_order)
        assert ordered(given_order, ORIGIN) == wanted


def test_aliases_in_a_ring_have_an_order_too() -> None:
    ring = (Create(alias("a", "A", "b")), Create(alias("b", "A", "a")))

    assert set(ordered(ring, ORIGIN)) == set(ring)


@given(st.data())
def test_every_change_comes_once(data: st.DataObject) -> None:
    here = data.draw(snapshots())
    changes = [Create(rrset) if n % 2 else Delete(rrset) for n, rrset in enumerate(here.rrsets)]
    found = ordered(changes, here.origin)

    assert sorted(map(hash, found)) == sorted(map(hash, changes))
    assert carried_out(zone(bare=True).rrsets, found) == carried_out(zone(bare=True).rrsets, changes)
    assert {key_of(change) for change in found} == {rrset.key for rrset in here.rrsets}


def test_names_below_the_apex_are_no_apex() -> None:
    cut = Replace(rrset("sub", "NS", "ns1.example.net."), rrset("sub", "NS", "ns2.example.net."))

    assert ordered((Replace(NS, NEW_NS), cut), ORIGIN) == (cut, Replace(NS, NEW_NS))
