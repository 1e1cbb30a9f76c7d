"""A document of which ordinary sets are text, written or read, is what it is with each set, and refused alike."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.codec import ordinary, zone
from migrator.codec.export import type_counts
from migrator.errors import InputError
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.zonefile import read_zone
from migrator.zonefile.fast import assemble_reading, read_compactly

TEXT = rb"""$ORIGIN example.org.
$TTL 300
@ SOA ns1 host 1 2 3 4 5
@ NS ns1
@ A 192.0.2.1
ns1 A 192.0.2.53
ns1 A 192.0.2.54
ns1 AAAA 2001:db8::1
WWW CNAME Host.Example.NET.
m MX 10 ns1
m MX 20 .
m TXT "v=spf1 mx" " -all" "a;b"
odd TXT "caf\195\169" "q\"q\\q\\034"
odd SPF "\000\127\255"
k._domainkey TXT "v=DKIM1; p=AA"
_sip._tcp SRV 0 5 5060 ns1
c CAA 0 issue "ca.example.net"
s SSHFP 4 2 0123456789012345678901234567890123456789012345678901234567890123
t TLSA 3 1 1 ABCDEF6789012345678901234567890123456789012345678901234567890123
n NAPTR 1 2 "u" "x" "!a!b!" .
sub NS ns1.sub
sub DS 1 8 2 0123456789012345678901234567890123456789012345678901234567890123
a\.b A 192.0.2.9
h HTTPS 1 . alpn=h2
h HTTPS 2 Host.example.net. ipv6hint="::1,2001:DB8::0" port=0443
g HTTPS 1 . key7="/q{?dns}"
p PTR host.example.net.
"""
_VALUES: list[Any] = [
    *(None, "", 0, -1, 1.5, True, [], {}, "x", "A", "a", "TXT", "TYPE1", "CNAME", 300, 2**31, 2**32, "."),
    *("example.org.", "www.example.org.", "WWW.example.org", "ns1.example.org.", "NS1.Example.org."),
    *("a.example.net.", "192.0.2.1", ["2001:DB8::1"], [{"kind": "alias"}], [0], "route", 'x"y', ["0 issue a"]),
    *(["192.0.2.1"], ["192.0.2.1", "192.0.2.1"], ["192.0.2.2", "192.0.2.1"], ["192.0.2.300"], ["::1"]),
    *(["host"], ["host."], [""], ['"a"'], ['"a" "b"'], ['"a"  "b"'], ['"a\nb"'], ['"é"'], ['"a\\"b"']),
    *(['"' + 256 * "a" + '"'], ["\\# 4 C0000201"], ["10 host."], ["10 host"], ["@"], ["70000 host."], [1], [None]),
    *(["192.0.2.1 "], ["*.a."], ["a..b."], ["1 ."], ["1 host"], ["1  host."], ["0 host. alpn=h2"], ["1"]),
    *("HTTPS", ['1 . port="1" alpn="h2"'], ['1 . ipv6hint="2001:DB8::1"'], ['1 . alpn="h2" alpn="h2"']),
]  # fmt: skip
_members = st.sampled_from(["owner", "rdtype", "variant", "ttl", "rdatas", "extras", "octets", "more"])
_changes = st.lists(st.tuples(st.integers(0, 60), _members, st.sampled_from(_VALUES)), max_size=3)
_moves = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=2)


def snapshot() -> ZoneSnapshot:
    reading = read_zone(TEXT, file="x")
    return assemble(reading.origin, reading.records, rrsets=reading.rrsets).snapshot


def outcome(text: str) -> object:
    """What comes of the document, to the letter."""
    try:
        found, _ = zone.loads(text)
    except InputError as exc:
        return str(exc)
    sets = [(r.owner.labels, r.rdtype, r.ttl, [d.to_wire() for d in r.rdatas], r.extras) for r in found.rrsets]
    return sets, found.digest(), found.rrset_count(), found.record_count(), found.origin


def parsed_one_by_one(text: str) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordinary, "ordinary_sets", lambda *_: None)
        return outcome(text)


def test_most_of_a_document_is_kept_as_text() -> None:
    found, _ = zone.loads(zone.dumps(snapshot()))

    assert found.compact is not None
    owners = {key.removesuffix(b"example.org.") for key in found.compact.objects}
    assert owners == {b"", b"a\\.b.", b"g."}
    assert found.compact.made() == frozenset()
    assert found.digest() == snapshot().digest()
    assert found.compact.made() == frozenset()


def test_a_document_is_written_from_text_as_from_sets() -> None:
    found = assemble_reading(read_compactly(TEXT, file="x")).snapshot
    assert found.compact is not None

    assert zone.dumps(found) == zone.dumps(snapshot())
    assert type_counts(found) == type_counts(snapshot())
    assert found.compact.made() == frozenset()
    assert len(found.compact.texts) > len(found.compact.objects)


def test_a_document_is_what_it_is_with_each_set_parsed() -> None:
    text = zone.dumps(snapshot())

    assert outcome(text) == parsed_one_by_one(text)
    assert [r.owner.labels for r in zone.loads(text)[0].rrsets] == [r.owner.labels for r in snapshot().rrsets]


@settings(max_examples=1000)
@given(_changes, _moves)
def test_a_document_that_was_edited_is_refused_alike(
    changes: list[tuple[int, str, Any]], moves: list[tuple[int, int]]
) -> None:
    document = json.loads(zone.dumps(snapshot()))
    sets = document["rrsets"]
    for place, member, value in changes:
        sets[place % len(sets)][member] = value
    for place, other in moves:
        sets.insert(other % len(sets), sets[place % len(sets)])

    text = json.dumps(document)
    assert outcome(text) == parsed_one_by_one(text)


@pytest.mark.parametrize("entry", [None, 1, "x", [], {}, {"owner": 1}, {"owner": "a.example.org."}])
def test_what_is_no_set_is_refused_alike(entry: object) -> None:
    document = json.loads(zone.dumps(snapshot()))
    document["rrsets"].insert(3, entry)

    text = json.dumps(document)
    assert outcome(text) == parsed_one_by_one(text)
    assert "rrsets[3]" in str(outcome(text))


def test_an_owner_that_is_spelt_in_two_ways_is_one() -> None:
    document = json.loads(zone.dumps(snapshot()))
    (place,) = [i for i, entry in enumerate(document["rrsets"]) if entry["owner"] == "c.example.org."]
    document["rrsets"].append({**document["rrsets"][place], "owner": "\\099.example.org."})

    text = json.dumps(document)
    assert outcome(text) == parsed_one_by_one(text)
    assert "two of them have the same owner" in str(outcome(text))


def test_the_zone_of_the_root_is_what_it_was() -> None:
    reading = read_zone(b". 1 SOA a. b. 1 2 3 4 5\n. 1 NS a.\na. 1 A 192.0.2.1\n", file="x")
    root = assemble(reading.origin, reading.records).snapshot

    found, _ = zone.loads(zone.dumps(root))

    assert found.digest() == root.digest()
    assert found.rrsets == root.rrsets
