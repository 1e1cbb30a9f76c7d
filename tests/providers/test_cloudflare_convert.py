"""Records of Cloudflare into RRsets and back: pure, total, and nothing collapses."""

import json
from typing import Any

import pytest
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.demo.clouds.cloudflare_records import Raw, normal_record
from migrator.model.extras import (
    AutomaticTTL,
    Flattened,
    ForRecord,
    Managed,
    Note,
    Opaque,
    Proxied,
    RecordTTL,
    Tags,
)
from migrator.model.finding import Severity
from migrator.model.names import is_within
from migrator.model.rrset import Record, RRset, RRsetKey, canonical_wire, make
from migrator.model.zone import Assembly, assemble
from providers.cloudflare.bodies import entries_of
from providers.cloudflare.capabilities import CAPABILITIES, of_plan
from providers.cloudflare.convert import Ways, contents, convert
from providers.cloudflare.wording import UnwritableError
from tests.providers.cloudflare_reading import ORIGIN, raw, rrset
from tests.strategies import names, rdatas

AUTO = (AutomaticTTL(),)


def converted(*natives: Any, ways: Ways | None = None) -> Assembly:
    return contents(list(natives), ORIGIN, ways=ways or Ways())


def sets_of(*natives: Any) -> tuple[RRset, ...]:
    return converted(*natives).snapshot.rrsets


def data(name: str, rdtype: str, /, **fields: Any) -> Raw:
    """A record whose content says something else than its data."""
    return raw(name, rdtype, "9 9 nonsense", data=fields)


KEY = "xn--bcher-kva.example.com"
READ: list[tuple[Raw, RRset]] = [
    (raw("www.example.com", "A", "192.0.2.1"), rrset("www", "A", 300, "192.0.2.1")),
    (raw("example.com", "AAAA", "2001:db8::1"), rrset("@", "AAAA", 300, "2001:db8::1")),
    (raw("*.example.com", "CNAME", "x.example.net"), rrset("*", "CNAME", 300, "x.example.net.")),
    (raw("bücher.example.com", "NS", "ns1.example.net."), rrset(f"{KEY}.", "NS", 300, "ns1.example.net.")),
    (raw("1.example.com", "PTR", "host.example.net"), rrset("1", "PTR", 300, "host.example.net.")),
    (raw("example.com", "MX", "mx.example.net", priority=10.0), rrset("@", "MX", 300, "10 mx.example.net.")),
    (raw("example.com", "MX", "mx.example.net", data={"priority": 5}), rrset("@", "MX", 300, "5 mx.example.net.")),
    (raw("null.example.com", "MX", ".", priority=0), rrset("null", "MX", 300, "0 .")),
    (raw("t.example.com", "TXT", "bare; words \\"), rrset("t", "TXT", 300, r'"bare; words \\"')),
    (raw("t.example.com", "TXT", r'"a" "b\"\\\009"'), rrset("t", "TXT", 300, r'"a" "b\"\\\009"')),
    (raw("t.example.com", "TXT", '"a" or "b"'), rrset("t", "TXT", 300, r'"\"a\" or \"b\""')),
    (raw("t.example.com", "TXT", "x" * 300), rrset("t", "TXT", 300, f'"{"x" * 255}" "{"x" * 45}"')),
    (raw("t.example.com", "TXT", f'"{"x" * 300}"'), rrset("t", "TXT", 300, f'"{"x" * 255}" "{"x" * 45}"')),
    (raw("t.example.com", "TXT", "grüße"), rrset("t", "TXT", 300, r'"gr\195\188\195\159e"')),
    (raw("t.example.com", "TXT", '"'), rrset("t", "TXT", 300, r'"\""')),
    (raw("s.example.com", "SPF", "v=spf1 -all"), rrset("s", "SPF", 300, '"v=spf1 -all"')),
    (raw("k.example.com", "OPENPGPKEY", "AQID"), rrset("k", "OPENPGPKEY", 300, "AQID")),
    (
        data("example.com", "CAA", flags=0, tag="issue", value='ca.example.net; x="y"'),
        rrset("@", "CAA", 300, r'0 issue "ca.example.net; x=\"y\""'),
    ),
    (
        data("c.example.com", "CERT", type=1, key_tag=2, algorithm="13", certificate="AQID"),
        rrset("c", "CERT", 300, "1 2 13 AQID"),
    ),
    (
        data("d.example.com", "DNSKEY", flags=257, protocol=3, algorithm=13, public_key="AQID"),
        rrset("d", "DNSKEY", 300, "257 3 13 AQID"),
    ),
    (
        data("child.example.com", "DS", key_tag=1, algorithm=13, digest_type=2, digest="AB" * 32),
        rrset("child", "DS", 300, "1 13 2 " + "ab" * 32),
    ),
    (
        data("h.example.com", "HTTPS", priority=1, target=".", value='alpn="h3,h2" ipv4hint="192.0.2.1"'),
        rrset("h", "HTTPS", 300, '1 . alpn="h3,h2" ipv4hint=192.0.2.1'),
    ),
    (
        data("h.example.com", "HTTPS", priority=0, target="x.example.net."),
        rrset("h", "HTTPS", 300, "0 x.example.net."),
    ),
    (
        data("v.example.com", "SVCB", priority=1, target="x.example.net", value="port=8443"),
        rrset("v", "SVCB", 300, "1 x.example.net. port=8443"),
    ),
    (
        raw(
            "l.example.com",
            "LOC",
            "IN LOC 53 14 10 N 2 18 26 W 20m 10m 1000m 2m",
            data={
                "lat_degrees": 53,
                "lat_minutes": 13,
                "lat_seconds": 10.5,
                "lat_direction": "N",
                "long_degrees": 2,
                "long_minutes": 18,
                "long_seconds": 26,
                "long_direction": "W",
                "altitude": -20.5,
                "size": 10,
                "precision_horz": 1000,
                "precision_vert": 2,
            },
        ),
        rrset("l", "LOC", 300, "53 13 10.500 N 2 18 26.000 W -20.50m 10m 1000m 2m"),
    ),
    (
        data(
            "n.example.com",
            "NAPTR",
            order=1,
            preference=2,
            flags="u",
            service="E2U+sip",
            regex=r"!^(.*)$!\1!",
            replacement=".",
        ),
        rrset("n", "NAPTR", 300, r'1 2 "u" "E2U+sip" "!^(.*)$!\\1!" .'),
    ),
    (
        data("_25._tcp.example.com", "TLSA", usage=3, selector=1, matching_type=1, certificate="AB" * 32),
        rrset("_25._tcp", "TLSA", 300, "3 1 1 " + "ab" * 32),
    ),
    (
        data("m.example.com", "SMIMEA", usage=3, selector=1, matching_type=1, certificate="AB" * 32),
        rrset("m", "SMIMEA", 300, "3 1 1 " + "ab" * 32),
    ),
    (
        data("_sip._tcp.example.com", "SRV", priority=1, weight=2, port=3, target="sip.example.net"),
        rrset("_sip._tcp", "SRV", 300, "1 2 3 sip.example.net."),
    ),
    (
        data(
            "_sip._tcp.example.com",
            "SRV",
            service="_sip",
            proto="_tcp",
            name="example.com",
            priority=1,
            weight=2,
            port=3,
            target=False,
        ),
        rrset("_sip._tcp", "SRV", 300, "1 2 3 ."),
    ),
    (
        raw("_sip._tcp.example.com", "SRV", "2 3 sip.example.net", priority=1),
        rrset("_sip._tcp", "SRV", 300, "1 2 3 sip.example.net."),
    ),
    (
        data("host.example.com", "SSHFP", algorithm=4, type=2, fingerprint="AB" * 32),
        rrset("host", "SSHFP", 300, "4 2 " + "ab" * 32),
    ),
    (
        {**data("u.example.com", "URI", weight=1, target="https://example.net/"), "priority": 10},
        rrset("u", "URI", 300, '10 1 "https://example.net/"'),
    ),
    (raw("l.example.com", "LOC", "IN LOC 1 2 3 N 4 5 6 E 7m"), rrset("l", "LOC", 300, "1 2 3 N 4 5 6 E 7m")),
    (raw("example.com", "CAA", '0 issue "ca.example.net"'), rrset("@", "CAA", 300, '0 issue "ca.example.net"')),
    (
        raw("example.com", "CAA", "0 issue ca.example.net;policy=(ev)"),
        rrset("@", "CAA", 300, '0 issue "ca.example.net;policy=(ev)"'),
    ),
    (raw("example.com", "CAA", '0 issue ";"'), rrset("@", "CAA", 300, '0 issue ";"')),
    (raw("example.com", "CAA", r"0 issue \059\;\a"), rrset("@", "CAA", 300, '0 issue ";;a"')),
    (raw("example.com", "CAA", "0 issue ;"), rrset("@", "CAA", 300, '0 issue ";"')),
    (raw("new.example.com", "HINFO", '"a" "b"'), rrset("new", "HINFO", 300, '"a" "b"')),
]


@pytest.mark.parametrize(("native", "expected"), READ, ids=[f"{n['type']}-{i}" for i, (n, _) in enumerate(READ)])
def test_a_record_is_read_by_its_data_else_by_its_content(native: Raw, expected: RRset) -> None:
    assert sets_of(native) == (expected,)


EXTRAS: list[tuple[Raw, int, tuple[Any, ...]]] = [
    ({"ttl": 1}, 300, AUTO),
    ({"ttl": 1, "proxied": True}, 300, (AutomaticTTL(), Proxied())),
    ({"comment": "why", "tags": ["b:2", "a"]}, 300, (Note("why"), Tags(("a", "b:2")))),
    ({"comment": "", "tags": [], "settings": {}, "meta": {}}, 300, ()),
    (
        {"settings": {"ipv4_only": True, "ipv6_only": False}},
        300,
        (Opaque("cloudflare", "settings.ipv4_only", "true"),),
    ),
    ({"private_routing": True}, 300, (Opaque("cloudflare", "private_routing", "true"),)),
    ({"private_routing": False, "locked": False}, 300, ()),
    ({"meta": {"read_only": True, "email_routing": True}}, 300, (Managed("Email Routing"),)),
    ({"meta": {"read_only": True, "origin_worker_id": "x"}}, 300, (Managed("Workers"),)),
    ({"meta": {"read_only": True}}, 300, (Managed("another product of Cloudflare"),)),
    ({"meta": {"managed_by_argo_tunnel": True}}, 300, ()),
    ({"locked": True}, 300, (Managed("another product of Cloudflare"),)),
    ({"id": "1", "zone_id": "2", "created_on": "3", "proxiable": True, "zone_name": "x"}, 300, ()),
]


@pytest.mark.parametrize(("more", "ttl", "extras"), EXTRAS, ids=[json.dumps(more)[:50] for more, _, _ in EXTRAS])
def test_what_a_record_says_beyond_dns_is_kept(more: Raw, ttl: int, extras: tuple[Any, ...]) -> None:
    assembly = converted({**raw("www.example.com", "A", "192.0.2.1"), **more})
    assert assembly.snapshot.rrsets == (rrset("www", "A", ttl, "192.0.2.1", extras=extras),)
    assert [f.check for f in assembly.findings if f.check.startswith("cloudflare")] == []


def test_records_of_one_set_keep_what_is_their_own() -> None:
    found = converted(
        raw("www.example.com", "A", "192.0.2.1", ttl=1, proxied=True, comment="one", tags=["t"]),
        raw("www.example.com", "A", "192.0.2.2", ttl=120, tags=["t"]),
    )
    own = (RecordTTL(300), AutomaticTTL(), Proxied(), Note("one"))
    extras = (Tags(("t",)), *(ForRecord("192.0.2.1", extra) for extra in own))
    assert found.snapshot.rrsets == (rrset("www", "A", 120, "192.0.2.1", "192.0.2.2", extras=extras),)
    assert "zone.mixed-ttl" in {finding.check for finding in found.findings}


def test_a_cname_is_flattened_at_the_apex_by_its_setting_and_by_the_zone_s() -> None:
    apex = raw("example.com", "CNAME", "x.example.net")
    plain = raw("a.example.com", "CNAME", "x.example.net", settings={"flatten_cname": False})
    flat = raw("b.example.com", "CNAME", "x.example.net", settings={"flatten_cname": True})

    def flattened(ways: Ways) -> list[bool]:
        return [Flattened() in r.extras for r in converted(apex, plain, flat, ways=ways).snapshot.rrsets]

    assert flattened(Ways()) == [True, False, True]
    assert flattened(Ways(flatten_all=True)) == [True, True, True]


UNREADABLE: list[tuple[Any, str, str, str]] = [
    (raw("www.example.com", "A", "not-an-ip"), "www.example.com. A", "cloudflare.unreadable-record", "error"),
    (
        raw("www.example.com", "MX", "mx.example.net"),
        "www.example.com. MX",
        "cloudflare.unreadable-record",
        "error",
    ),
    (raw("www.example.com", "CNAME", "a..b"), "www.example.com. CNAME", "cloudflare.unreadable-record", "error"),
    (
        data("www.example.com", "SRV", priority=1, weight=70000, port=1, target="x"),
        "www.example.com. SRV",
        "cloudflare.unreadable-record",
        "error",
    ),
    (
        data("www.example.com", "DS", key_tag=True, algorithm=1, digest_type=1, digest="zz"),
        "www.example.com. DS",
        "cloudflare.unreadable-record",
        "error",
    ),
    (raw("a..b", "A", "192.0.2.1"), "example.com. A", "cloudflare.unreadable-record", "error"),
    (raw("www.example.com", "HINFO", "x"), "www.example.com. HINFO", "cloudflare.unreadable-record", "warning"),
    (raw("www.example.com", "FOO", "x"), "www.example.com. FOO", "cloudflare.unknown-type", "warning"),
    (
        raw("example.com", "CAA", "0 issue ca.example.net; policy=ev"),
        "example.com. CAA",
        "cloudflare.unreadable-record",
        "error",
    ),
    (raw("www.example.com", "ANY", "x"), "www.example.com. ANY", "cloudflare.unknown-type", "warning"),
    ({"name": "www.example.com"}, "www.example.com. null", "cloudflare.unknown-type", "warning"),
    (raw("www.example.net", "FOO", "x"), "www.example.net. FOO", "cloudflare.unknown-type", "warning"),
    (None, "example.com.", "cloudflare.unreadable-record", "error"),
]


@pytest.mark.parametrize(("native", "subject", "check", "severity"), UNREADABLE)
def test_what_cannot_be_read_is_carried_whole_and_named(
    native: Any, subject: str, check: str, severity: str
) -> None:
    assembly = converted(native)
    (found,) = [f for f in assembly.findings if f.check.startswith("cloudflare")]
    assert found.check == check
    assert found.subject.startswith(subject)
    assert found.severity == Severity(severity)
    (carried,) = assembly.snapshot.rrsets
    assert is_within(carried.owner, ORIGIN)
    (extra,) = carried.extras
    assert isinstance(extra, Opaque)
    assert (extra.source, extra.field, json.loads(extra.document)) == ("cloudflare", "record", native)


def test_an_unreadable_record_stands_beside_the_others_of_its_set() -> None:
    bad = raw("www.example.com", "A", "x", id="1", modified_on="now")
    (found,) = sets_of(bad, raw("www.example.com", "A", "192.0.2.1"), bad)
    kept = {name: bad[name] for name in ("name", "type", "content", "ttl")}
    extras = (Opaque("cloudflare", "record", json.dumps(kept, sort_keys=True)),)
    assert found == rrset("www", "A", 300, "192.0.2.1", extras=extras)


@pytest.mark.parametrize(
    ("more", "field", "ttl"),
    [
        ({"ttl": "soon"}, "ttl", 300),
        ({"ttl": 2**31}, "ttl", 300),
        ({"proxied": "yes"}, "proxied", 300),
        ({"comment": 7}, "comment", 300),
        ({"tags": "x"}, "tags", 300),
        ({"settings": [1]}, "settings", 300),
        ({"shiny": {"new": 1}}, "shiny", 300),
        ({"settings": {"shiny": 1}}, "settings.shiny", 300),
    ],
)
def test_a_field_that_is_not_known_or_not_as_documented_is_carried(more: Raw, field: str, ttl: int) -> None:
    native = {**raw("www.example.com", "A", "192.0.2.1"), **more}
    assembly = converted(native)
    (extra,) = assembly.snapshot.rrsets[0].extras
    assert isinstance(extra, Opaque)
    assert extra.field == field
    assert assembly.snapshot.rrsets[0].ttl == ttl
    assert len([f for f in assembly.findings if f.check.startswith("cloudflare")]) == 1


def test_an_unknown_part_of_the_data_is_carried_and_an_unknown_mark_is_told_once() -> None:
    native = data("s.example.com", "SSHFP", algorithm=4, type=2, fingerprint="AB" * 32, shiny=1)
    marked = [raw(f"h{n}.example.com", "A", "192.0.2.1", meta={"shiny": True}) for n in range(3)]
    assembly = converted(native, *marked)
    assert assembly.snapshot.rrsets[-1].extras == (Opaque("cloudflare", "data.shiny", "1"),)
    assert sorted(f.check for f in assembly.findings if f.check.startswith("cloudflare")) == [
        "cloudflare.unknown-field",
        "cloudflare.unknown-mark",
    ]


def test_name_servers_of_the_apex_that_are_not_answered_are_carried_whole() -> None:
    native = raw("example.com", "NS", "ns1.example.net")
    assert sets_of(native) == (rrset("@", "NS", 300, "ns1.example.net."),)
    assembly = converted(native, ways=Ways(apex_ns=False))
    (carried,) = assembly.snapshot.rrsets
    assert (carried.rdatas, len(carried.extras)) == ((), 1)
    assert "cloudflare.ignored-name-servers" in {finding.check for finding in assembly.findings}


# ---- laws

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 70000) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
texts = st.sampled_from(
    [
        "",
        ".",
        "@",
        "a..b",
        "192.0.2.1",
        "x.example.net",
        '"a" "b',
        "\\",
        "\\256",
        "\ud800",
        "grüße",
        "1 2 3 4 5",
        "0 x",
    ]
)
_FIELDS = "type name content data priority ttl proxied comment tags settings meta locked id private_routing new"
_PARTS = (
    "flags tag value type key_tag algorithm certificate protocol public_key digest digest_type priority target "
    "weight lat_degrees order preference service regex replacement usage selector matching_type port fingerprint"
)
field_names = st.sampled_from(_FIELDS.split())
type_names = st.sampled_from(
    [*map(RdataType.to_text, CAPABILITIES.types), "SPF", "SOA", "FOO", "TYPE65280", "ANY", ""]
)
parts = st.sampled_from(_PARTS.split())
natives = st.one_of(
    json_values,
    st.dictionaries(field_names, json_values | texts, max_size=8),
    st.builds(
        lambda rdtype, name, content, data, more: {
            "type": rdtype,
            "name": name,
            "content": content,
            "data": data,
            **more,
        },
        type_names,
        texts | st.just("www.example.com"),
        texts | json_values,
        st.dictionaries(parts, json_values | texts, max_size=6) | json_values,
        st.dictionaries(field_names.filter(lambda n: n not in {"type", "name"}), json_values, max_size=4),
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(natives, max_size=4))
def test_any_json_is_carried_and_nothing_raises(found: list[Any]) -> None:
    snapshot = contents(found, ORIGIN).snapshot
    carried = len(snapshot.stray)
    for each in snapshot.rrsets:
        assert is_within(each.owner, ORIGIN)
        whole = sum(isinstance(e, Opaque) and e.field == "record" for e in each.extras)
        assert each.rdatas or whole
        carried += len(each.rdatas) + whole
    distinct = {json.dumps(native, sort_keys=True) for native in found}
    assert carried <= len(found)
    assert bool(carried) == bool(distinct)
    assert snapshot.digest() == contents(found, ORIGIN).snapshot.digest()


@pytest.mark.parametrize("altitude", [-18515.44, 1188088.4, -100000, 42849672.95])
def test_an_altitude_is_read_to_the_centimetre(altitude: float) -> None:
    record = data(
        "l.example.com",
        "LOC",
        lat_degrees=53,
        lat_minutes=13,
        lat_seconds=10.5,
        lat_direction="N",
        long_degrees=2,
        long_minutes=18,
        long_seconds=26,
        long_direction="W",
        altitude=altitude,
    )

    (rrset,) = contents([record], ORIGIN).snapshot.rrsets

    wire = rrset.rdatas[0].to_wire()
    assert wire is not None
    assert int.from_bytes(wire[-4:], "big") == 10_000_000 + round(altitude * 100)


PAID = of_plan("enterprise")
owners = names(ORIGIN, st.from_regex(r"_?[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).map(str.encode))
comments = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=40)
record_extras = st.builds(
    lambda auto, note, tags: tuple(filter(None, (AutomaticTTL() if auto else None, note, tags))),
    st.booleans(),
    st.none() | comments.map(Note),
    st.none()
    | st.lists(st.sampled_from(["a", "b:1", "c:x y"]), min_size=1, max_size=3, unique=True).map(
        lambda t: Tags(tuple(sorted(t)))
    ),
)


@st.composite
def held_sets(draw: st.DrawFn) -> tuple[RRset, ...]:
    """Sets that Cloudflare holds: any mix of TTLs, comments, tags and proxies inside one set."""
    records = []
    rdtype = draw(st.sampled_from(sorted(CAPABILITIES.types)))
    owner = draw(owners)
    for rdata in draw(st.lists(rdatas(rdtype), min_size=1, max_size=1 if rdtype == RdataType.CNAME else 3)):
        extras = draw(record_extras)
        if rdtype in {RdataType.A, RdataType.AAAA, RdataType.CNAME} and draw(st.booleans()):
            extras = (AutomaticTTL(), Proxied(), *(e for e in extras if not isinstance(e, AutomaticTTL)))
        if rdtype == RdataType.CNAME and owner == ORIGIN:
            extras = (*extras, Flattened())
        ttl = 300 if AutomaticTTL() in extras else draw(st.sampled_from([30, 60, 300, 86400]))
        records.append(Record(owner, ttl, rdata, extras))
    return assemble(ORIGIN, records).snapshot.rrsets


@settings(max_examples=300, deadline=None)
@given(held_sets())
def test_what_is_written_is_read_back_equal(rrsets: tuple[RRset, ...]) -> None:
    stored = []
    for each in rrsets:
        try:
            entries = entries_of(each, ORIGIN)
        except UnwritableError:
            assert each.rdtype in {RdataType.CAA, RdataType.NAPTR, RdataType.URI}
            return
        stored += [
            normal_record(entry.body, "example.com", "enterprise")
            for entry in entries
            if not _too_much(entry.body)
        ]
    if len(stored) < sum(len(each.rdatas) for each in rrsets):
        return
    assert canonical(contents(stored, ORIGIN).snapshot.rrsets) == canonical(rrsets)


def _too_much(body: Any) -> bool:
    content = str(body.get("content", ""))
    return body["type"] == "TXT" and (content == '""' or not content.strip('" '))


def canonical(rrsets: tuple[RRset, ...]) -> list[Any]:
    """Sets with their rdatas by octets and their extras in any order."""
    return [
        (each.key, each.ttl, [canonical_wire(rdata) for rdata in each.rdatas], set(each.extras)) for each in rrsets
    ]


UNWRITABLE: list[tuple[RRset, str]] = [
    (rrset("a", "TXT", 300, '"x"', extras=(Proxied(),)), "can be proxied"),
    (rrset("a", "A", 300, "192.0.2.1", extras=(Managed("Workers"),)), "belongs to Workers"),
    (rrset("a", "TYPE65300", 300, r"\# 1 00"), "no records of type TYPE65300"),
    (rrset("a", "CAA", 300, r'0 issue "\255"'), "no UTF-8"),
    (RRset(RRsetKey(ORIGIN, RdataType.A), None, ()), "no records"),
    (make(RRsetKey(ORIGIN, RdataType.A), 300, (), (Opaque("cloudflare", "record", "7"),)), "is no record"),
    (rrset("a", "A", 300, "192.0.2.1", extras=(Opaque("route53", "Weight", "7"),)), "no opaque"),
]


@pytest.mark.parametrize(("given_set", "words"), UNWRITABLE)
def test_what_cloudflare_cannot_say_is_refused_with_the_reason(given_set: RRset, words: str) -> None:
    with pytest.raises(UnwritableError, match=words):
        entries_of(given_set, ORIGIN)


def test_what_was_carried_goes_home_as_it_came() -> None:
    native = raw("www.example.com", "FOO", "x", comment="why")
    (carried,) = sets_of({**native, "id": "1", "created_on": "then"})
    assert [entry.body for entry in entries_of(carried, ORIGIN)] == [native]
    private = {**raw("p.example.com", "A", "192.0.2.1"), "private_routing": True, "settings": {"ipv4_only": True}}
    (kept,) = sets_of(private)
    assert [entry.body for entry in entries_of(kept, ORIGIN)] == [{**private, "proxied": False}]


def test_every_claim_has_a_source_and_a_date() -> None:
    for plan in ("free", "pro", "business", "enterprise"):
        for field, claim in of_plan(plan).claims():
            assert claim.source, field
            assert claim.verified.year >= 2022, field
    assert convert(raw("a.example.com", "A", "192.0.2.1"), ORIGIN).record is not None
