"""Kinds and equality, and the laws that every comparison keeps."""

from dataclasses import replace

import pytest
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.diff import Kind, Verdict, ZoneDiff, compare, compare_sides, compare_whole
from migrator.errors import InputError
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.model.rrset import RRsetKey
from migrator.model.zone import ZoneSnapshot
from tests import strategies
from tests.diffing import ORIGIN, diff, name_of, only, zone

TIMED = [f"@ {ttl} A 192.0.2.{ttl}\n" for ttl in (1, 2, 3)]
SIGNED = f"13 2 9 20300101000000 20200101000000 1 {ORIGIN} AAAA\n"
SIGNATURES = [f"@ {ttl} RRSIG {covered} {SIGNED}" for ttl, covered in enumerate(("A", "MX", "TXT"))]
KINDS = [
    ("identical", "www 300 A 192.0.2.1", "www 300 A 192.0.2.1", []),
    ("missing", "www 300 A 192.0.2.1", "", ["missing www.example.com. A"]),
    ("extra", "", "www 300 A 192.0.2.1", ["extra www.example.com. A"]),
    ("one of two", "@ 1 A 192.0.2.1\n@ 1 A 192.0.2.2", "@ 1 A 192.0.2.2", ["changed example.com. A"]),
    ("ttl", "www 300 A 192.0.2.1", "www 60 A 192.0.2.1", ["ttl www.example.com. A"]),
    ("ttl and rdata", "www 300 A 192.0.2.1", "www 60 A 192.0.2.2", ["changed www.example.com. A"]),
    ("order", "@ 1 A 192.0.2.1\n@ 1 A 192.0.2.2", "@ 1 A 192.0.2.2\n@ 1 A 192.0.2.1", []),
    ("order, each with a TTL", "".join(TIMED), "".join(TIMED[::-1]), []),
    ("order of signatures", "".join(SIGNATURES), "".join(SIGNATURES[::-1]), []),
    ("case of the owner", "WWW 1 A 192.0.2.1", "www 1 A 192.0.2.1", ["equivalent www.example.com. A"]),
    ("case of a target", "@ 1 MX 1 Mail", "@ 1 MX 1 mail", ["equivalent example.com. MX"]),
    ("case of a target of HTTPS", "@ 1 HTTPS 0 Www", "@ 1 HTTPS 0 www", ["equivalent example.com. HTTPS"]),
    ("case of a relay", "@ 1 AMTRELAY 1 0 3 R", "@ 1 AMTRELAY 1 0 3 r", ["equivalent example.com. AMTRELAY"]),
    ("another relay", "@ 1 AMTRELAY 1 1 1 192.0.2.1", "@ 1 AMTRELAY 1 0 3 r", ["changed example.com. AMTRELAY"]),
    ("case of a server of HIP", "@ 1 HIP 2 20 AQID R", "@ 1 HIP 2 20 AQID r", ["equivalent example.com. HIP"]),
    ("another server of HIP", "@ 1 HIP 2 20 AQID R", "@ 1 HIP 2 20 AQID s", ["changed example.com. HIP"]),
    ("strings cut elsewhere", '@ 1 TXT "ab" "c"', '@ 1 TXT "a" "bc"', ["equivalent example.com. TXT"]),
    ("a blank between strings", '@ 1 TXT "a" "b"', '@ 1 TXT "a b"', ["changed example.com. TXT"]),
    ("case of a text", '@ 1 TXT "abc"', '@ 1 TXT "Abc"', ["changed example.com. TXT"]),
    ("IPv6 spelling", "@ 1 AAAA 2001:DB8:0:0::1", "@ 1 AAAA 2001:db8::1", []),
    ("hex spelling", "@ 1 TLSA 3 1 0 ABCD ef01", "@ 1 TLSA 3 1 0 abcdef01", []),
    ("base64 blanks", "@ 1 OPENPGPKEY AAEC AwQF", "@ 1 OPENPGPKEY AAECAwQF", []),
    ("unknown type spelling", "@ 1 TYPE1 \\# 4 C0000201", "@ 1 A 192.0.2.1", []),
    ("svcb parameters", "@ 1 HTTPS 1 . port=1 alpn=h2", "@ 1 HTTPS 1 . alpn=h2 port=1", []),
    ("tag of a CAA", '@ 1 CAA 0 ISSUE "a.test"', '@ 1 CAA 0 issue "a.test"', ["equivalent example.com. CAA"]),
    ("canary", '_migcheck 1 TXT "old"', '_migcheck 1 TXT "new"', ["expected _migcheck.example.com. TXT"]),
    ("canary of one side", "", '_migcheck 1 TXT "new"', ["expected _migcheck.example.com. TXT"]),
    ("no canary", '_migcheck.www 1 TXT "a"', "", ["missing _migcheck.www.example.com. TXT"]),
    (
        "TXT for SPF",
        '@ 1 SPF "v=spf1 -all"',
        '@ 1 TXT "v=spf1 -all"',
        ["extra example.com. TXT", "missing example.com. SPF"],
    ),
    (
        "signatures",
        "@ 1 NSEC www.example.com. A RRSIG NSEC\n@ 1 NSEC3PARAM 1 0 0 -",
        "",
        ["expected example.com. NSEC", "expected example.com. NSEC3PARAM"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "kinds"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_each_difference_has_its_kind(old: str, new: str, kinds: list[str]) -> None:
    assert [name_of(difference) for difference in diff(old, new).differences] == kinds


def test_soa_and_apex_ns_are_expected_to_differ() -> None:
    new = zone(
        "www 60 A 192.0.2.1", base="@ 60 SOA ns.new.test. admin.new.test. 9 1 2 3 4\n@ 60 NS ns.new.test.\n"
    )

    found = compare(zone("www 300 A 192.0.2.1"), new)

    assert [name_of(difference) for difference in found.differences] == [
        "expected example.com. SOA",
        "expected example.com. NS",
        "ttl www.example.com. A",
    ]
    assert found.verdict is Verdict.SAME
    assert found.differences[1].lost == ("ns1.old.test.",)
    assert found.differences[1].gained == ("ns.new.test.",)


_OWN_SERVER = "@ 60 NS ns1\n@ 60 NS ns.new.test."


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        pytest.param(
            f"{_OWN_SERVER}\nns1 60 A 192.0.2.1\nns1 60 AAAA 2001:db8::1",
            f"{_OWN_SERVER}\nns1 60 A 203.0.113.1",
            ["warning: changed ns1.example.com. A", "warning: missing ns1.example.com. AAAA"],
            id="it keeps its name and moves",
        ),
        pytest.param(
            f"{_OWN_SERVER}\nns1 60 A 192.0.2.1",
            _OWN_SERVER,
            ["error: missing ns1.example.com. A"],
            id="it has no address any more",
        ),
        pytest.param(
            f"{_OWN_SERVER}\nns1 60 A 192.0.2.1",
            "@ 60 NS ns.new.test.\nns1 60 A 203.0.113.1",
            ["notice: expected example.com. NS", "error: changed ns1.example.com. A"],
            id="it is no name server of the new side",
        ),
        pytest.param(
            f"{_OWN_SERVER}\n@ 60 MX 1 ns1\nns1 60 A 192.0.2.1",
            f"{_OWN_SERVER}\n@ 60 MX 1 ns1\nns1 60 A 203.0.113.1",
            ["error: changed ns1.example.com. A"],
            id="mail goes there too",
        ),
    ],
)
def test_the_addresses_of_a_name_server_that_keeps_its_name(old: str, new: str, kinds: list[str]) -> None:
    base = "@ 60 SOA ns1 admin 1 2 3 4 5\n"
    found = compare_sides(zone(old, base=base), zone(new, base=base))

    assert [f"{difference.severity}: {name_of(difference)}" for difference in found.differences] == kinds


@pytest.mark.parametrize(
    ("more", "listed"),
    [
        ("", "ns1.example.com and ns2.sub.example.com as name servers"),
        ("ns1 60 A 192.0.2.1", "ns2.sub.example.com as a name server"),
        ("ns1 60 CNAME a.example.net.\nsub 60 NS ns.example.net.", ""),
        ("*.sub 60 AAAA 2001:db8::1\nns1 60 TXT nothing", "ns1.example.com as a name server"),
    ],
)
def test_a_new_name_server_in_the_zone_needs_an_address(more: str, listed: str) -> None:
    base = "@ 60 SOA ns admin 1 2 3 4 5\n"
    old = zone("@ 60 NS ns.example.net.\n@ 60 NS kept", base=base)
    new = zone(f"@ 60 NS kept\n@ 60 NS ns1\n@ 60 NS ns2.sub\n@ 60 NS ns.example.org.\n{more}", base=base)
    expected = next(each for each in compare_sides(old, new).differences if each.key.rdtype == RdataType.NS)
    found = next(each for each in compare_whole(old, new).differences if each.key == expected.key)

    assert expected.severity is Severity.NOTICE
    if listed:
        impact = f"The new zone lists {listed}, without an address: who is sent there reaches none."
        expected = replace(expected, kind=Kind.CHANGED, severity=Severity.ERROR, impact=impact)
    assert found == expected


def test_one_side_at_two_times_has_one_address_of_a_name_server() -> None:
    now, then = (zone(f"@ 60 NS ns1\nns1 60 A 192.0.2.{last}") for last in (1, 2))

    assert name_of(only(compare(now, then))) == "changed ns1.example.com. A"


def test_lost_and_gained_are_the_rdatas_of_one_side_alone() -> None:
    old = "@ 300 MX 10 a\n@ 300 MX 20 b\na 1 A 192.0.2.1\nb 1 A 192.0.2.1"

    found = only(diff(old, old.replace("20 b", "30 b")))

    assert (found.lost, found.gained) == (("20 b.example.com.",), ("30 b.example.com.",))
    assert found.role == "mail.mx"


def test_two_different_zones_are_refused() -> None:
    other = replace(zone(), origin=absolute("example.net."))

    with pytest.raises(InputError, match=r"Two different zones: example\.com .* and example\.net"):
        compare(zone(), other)


def test_the_case_of_the_origin_does_not_matter() -> None:
    assert compare(zone(), replace(zone(), origin=absolute("EXAMPLE.com."))).verdict is Verdict.SAME


def test_counts_name_every_kind() -> None:
    found = diff("a 300 A 192.0.2.1\nb 300 A 192.0.2.1", "b 60 A 192.0.2.1")

    assert found.counts() == {
        Kind.MISSING: 1,
        Kind.EXTRA: 0,
        Kind.CHANGED: 0,
        Kind.TTL: 1,
        Kind.EXPECTED: 0,
        Kind.EQUIVALENT: 0,
        Kind.UNCHECKED: 0,
    }
    assert found.same == 2


def keys_of(snapshot: ZoneSnapshot) -> set[RRsetKey]:
    return set(snapshot.by_key())


def shape(found: ZoneDiff) -> list[tuple[RRsetKey, Kind]]:
    return [(difference.key, difference.kind) for difference in found.differences]


@st.composite
def two_sides(draw: st.DrawFn) -> tuple[ZoneSnapshot, ZoneSnapshot]:
    """Two zones that share much: each RRset of one is kept, dropped, or replaced in the other."""
    one, further = draw(strategies.snapshots(ORIGIN)), draw(strategies.snapshots(ORIGIN))
    kept = [rrset for rrset in one.rrsets if draw(st.booleans())]
    by_key = {rrset.key: rrset for rrset in (*kept, *further.rrsets)}
    ttl = draw(st.sampled_from([None, 60]))
    rrsets = [replace(rrset, ttl=rrset.ttl if ttl is None else ttl) for rrset in by_key.values()]
    return one, replace(one, rrsets=tuple(rrsets))


@settings(max_examples=60, deadline=None)
@given(strategies.snapshots(ORIGIN))
def test_a_zone_is_the_same_as_itself(snapshot: ZoneSnapshot) -> None:
    found = compare(snapshot, replace(snapshot, rrsets=tuple(reversed(snapshot.rrsets))))

    assert shape(found) == []
    assert found.verdict is Verdict.SAME
    assert found.same == len(snapshot.rrsets)


@settings(max_examples=60, deadline=None)
@given(two_sides())
def test_every_key_of_either_side_is_the_same_or_one_difference(sides: tuple[ZoneSnapshot, ZoneSnapshot]) -> None:
    old, new = sides
    found = compare(old, new)
    differing = [difference.key for difference in found.differences]

    assert len(differing) == len(set(differing))
    assert found.same + len(differing) == len(keys_of(old) | keys_of(new))
    assert {d.key for d in found.differences if d.kind is Kind.MISSING} <= keys_of(old) - keys_of(new)
    assert {d.key for d in found.differences if d.kind is Kind.EXTRA} <= keys_of(new) - keys_of(old)


@settings(max_examples=60, deadline=None)
@given(two_sides())
def test_the_other_way_round_missing_is_extra_and_the_rest_stays(
    sides: tuple[ZoneSnapshot, ZoneSnapshot],
) -> None:
    swapped = {Kind.MISSING: Kind.EXTRA, Kind.EXTRA: Kind.MISSING}
    old, new = sides

    there, back = compare(old, new), compare(new, old)

    assert {(key, swapped.get(kind, kind)) for key, kind in shape(there)} == set(shape(back))
    assert there.same == back.same


@settings(max_examples=60, deadline=None)
@given(two_sides())
def test_every_difference_says_something_for_a_role(sides: tuple[ZoneSnapshot, ZoneSnapshot]) -> None:
    for difference in compare(*sides).differences:
        assert difference.impact.endswith(".")
        assert difference.role in difference.roles
        assert difference.kind is not Kind.UNCHECKED
