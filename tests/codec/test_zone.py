"""`zone.json`: nothing of a snapshot is lost, and nothing broken is believed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import dns.rdata
import pytest
from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.codec.zone import dumps, loads
from migrator.errors import InputError
from migrator.model.extras import (
    Alias,
    AutomaticTTL,
    ClientNetwork,
    Extra,
    Failover,
    Flattened,
    ForRecord,
    Geolocation,
    Geoproximity,
    HealthCheck,
    Latency,
    Managed,
    Metadata,
    MultiValueAnswer,
    Note,
    Opaque,
    Proxied,
    RecordTTL,
    Tags,
    TrafficPolicy,
    Weighted,
)
from migrator.model.finding import Finding, Position, Severity
from migrator.model.names import absolute
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble_rrsets

ORIGIN = absolute("example.org.")
READ_AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
EXTRAS: tuple[Extra, ...] = (
    Alias(absolute("LB.example.net."), "Z123", evaluate_target_health=True),
    Weighted(0),
    Latency("eu-central-1"),
    Geolocation(continent="EU", country="*", subdivision="x"),
    Geoproximity("", "eu-central-1-ham-1", "53.55", "-9.99", -99),
    ClientNetwork("offices", "*"),
    Failover("PRIMARY"),
    MultiValueAnswer(enabled=False),
    HealthCheck("5f3c"),
    TrafficPolicy("b2a1"),
    Proxied(),
    Flattened(enabled=False),
    AutomaticTTL(),
    Note('a "note"\nof two lines, ünïcode, \ud800'),
    Tags(("team:dns", "")),
    Metadata("owner", "web"),
    Managed("email routing"),
    Opaque("route53", "NewThing", '{"a": [1, null]}'),
    ForRecord("192.0.2.1", RecordTTL(60)),
    ForRecord("192.0.2.1", Note("here")),
)


def name(text: str) -> Name:
    return absolute(text, ORIGIN)


def rdata(rdtype: str, text: str) -> Rdata:
    return dns.rdata.from_text(RdataClass.IN, rdtype, text, ORIGIN, relativize=False)


def rrset(owner: str, rdtype: str, *texts: str, ttl: int | None = 300, variant: str = "") -> RRset:
    key = RRsetKey(name(owner), RdataType.make(rdtype), variant)
    return make(key, ttl, tuple(rdata(rdtype, text) for text in texts))


def snapshot(*rrsets: RRset) -> ZoneSnapshot:
    return assemble_rrsets(ORIGIN, rrsets).snapshot


def of_generic(rdtype: RdataType, data: bytes) -> ZoneSnapshot:
    return snapshot(make(RRsetKey(name("g"), rdtype), 60, (GenericRdata(RdataClass.IN, rdtype, data),)))


FULL = ZoneSnapshot(
    ORIGIN,
    snapshot(
        rrset("@", "SOA", "ns1 hostmaster 1 7200 900 1209600 300"),
        rrset("@", "NS", "ns1.EXAMPLE.net.", "ns2"),
        rrset("@", "TXT", r'"v=spf1 -all" "" "\255\000\"\\;"'),
        make(RRsetKey(name("a"), RdataType.A, "eu 1\n"), None, (), EXTRAS),
        rrset("a", "A", "192.0.2.7", "192.0.2.1", variant="us"),
        rrset(r"We\.ird\032\200", "TYPE65280", r"\# 3 C00002", ttl=0),
    ).rrsets,
    "route53:example.org?zone-id=Z1",
    READ_AT,
    (absolute("NS-1.example.com."), absolute("ns-2.example.com.")),
    (),
    (
        Record(absolute("stray.test."), 5, rdata("A", "192.0.2.9"), (Note("n"),), "v", Position("a.zone", 7)),
        Record(absolute("stray.test."), 5, rdata("A", "192.0.2.9")),
    ),
)
FINDINGS = (
    Finding("zone.x", Severity.ERROR, "a.example.org. A", "Seen, expected.", Position("a.zone", 3), "Do.", ("e",)),
    Finding("zone.y", Severity.NOTICE, "example.org.", "Seen."),
)


def test_everything_of_a_snapshot_comes_back() -> None:
    assert loads(dumps(FULL, FINDINGS)) == (FULL, FINDINGS)


def test_what_equality_does_not_compare_comes_back_too() -> None:
    back, _ = loads(dumps(FULL))

    assert [record.position for record in back.stray] == [Position("a.zone", 7), None]
    assert back.name_servers[0].to_text() == "NS-1.example.com."
    assert back.rrsets[1].rdatas[0].to_text() == "ns1.EXAMPLE.net."


def test_the_text_is_the_same_after_a_round() -> None:
    text = dumps(FULL, FINDINGS)

    assert dumps(*loads(text)) == text


def test_one_rrset_is_one_line_of_the_promised_shape() -> None:
    text = dumps(snapshot(rrset("@", "MX", "20 mx2", "10 mx1.example.net.")))

    line = next(line for line in text.splitlines() if '"MX"' in line)
    assert json.loads(line) == {
        "owner": "example.org.",
        "rdtype": "MX",
        "variant": "",
        "ttl": 300,
        "rdatas": ["10 mx1.example.net.", "20 mx2.example.org."],
        "extras": [],
    }


def test_the_head_is_of_the_promised_shape() -> None:
    document = json.loads(dumps(FULL, FINDINGS))

    assert {key: document[key] for key in ("schema", "origin", "source", "read_at", "digest", "name_servers")} == {
        "schema": "dns-migrator/zone/1",
        "origin": "example.org.",
        "source": "route53:example.org?zone-id=Z1",
        "read_at": "2026-12-01T09:00:00Z",
        "digest": FULL.digest(),
        "name_servers": ["NS-1.example.com.", "ns-2.example.com."],
    }
    assert document["findings"] == [
        {
            "check": "zone.x",
            "severity": "error",
            "subject": "a.example.org. A",
            "message": "Seen, expected.",
            "file": "a.zone",
            "line": 3,
            "remedy": "Do.",
            "evidence": ["e"],
        },
        {
            "check": "zone.y",
            "severity": "notice",
            "subject": "example.org.",
            "message": "Seen.",
            "file": None,
            "line": None,
        },
    ]


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    east = ZoneSnapshot(ORIGIN, (), read_at=READ_AT.astimezone(timezone(timedelta(hours=5, minutes=30))))

    assert json.loads(dumps(east))["read_at"] == "2026-12-01T09:00:00Z"
    assert loads(dumps(east))[0] == east


@pytest.mark.parametrize(
    ("rdtype", "data"),
    [
        (RdataType.A, b"\xc0\x00\x02"),  # no address, kept as it came
        (RdataType.A, b"\xc0\x00\x02\x01"),  # an address that the reader kept as octets
        (RdataType.MX, b"\x00\x0a\x02MX\x00"),  # upper case inside octets is not folded by canonical form
        (RdataType.TXT, b""),  # a TXT without a string has no presentation form
        (RdataType.make(65280), b""),
    ],
)
def test_bare_octets_stay_bare_octets(rdtype: RdataType, data: bytes) -> None:
    kept = of_generic(rdtype, data)
    back, _ = loads(dumps(kept))

    assert back == kept
    assert type(back.rrsets[0].rdatas[0]) is GenericRdata
    assert dumps(back) == dumps(kept)


def test_a_name_that_looks_like_unicode_or_an_escape_is_kept_octet_for_octet() -> None:
    owner = Name([*[bytes([i]) for i in range(256) if i != 46][:100], b"example", b"org", b""])
    kept = snapshot(make(RRsetKey(owner, RdataType.A), 1, (rdata("A", "192.0.2.1"),)))

    assert loads(dumps(kept))[0].rrsets[0].owner.labels == owner.labels


def edited(change: Callable[[dict[str, Any]], object]) -> str:
    document = json.loads(dumps(FULL, FINDINGS))
    change(document)
    return json.dumps(document)


BROKEN: dict[str, tuple[str, str]] = {
    "nothing": ("", "zone.json:1: not JSON: Expecting value."),
    "cut": ('{\n "a": [', "zone.json:2: not JSON: Expecting value."),
    "a list": ("[]", "zone.json: a JSON object was expected, found a list."),
    "deep": ("[" * 100_000, "zone.json: not JSON that can be read: maximum recursion depth exceeded"),
    "foreign": ("{}", "zone.json: no 'schema' that names the kind of document; dns-migrator/zone/1 was expected."),
    "another schema": (
        '{"schema": "dns-migrator/diff/1"}',
        "zone.json: the document is 'dns-migrator/diff/1', and dns-migrator/zone/1 was expected.",
    ),
    "newer": (
        '{"schema": "dns-migrator/zone/2"}',
        (
            "zone.json: written in 'dns-migrator/zone/2', and this version reads dns-migrator/zone/1: use the "
            "dns-migrator that wrote it, or a newer one."
        ),
    ),
    "no origin": (edited(lambda d: d.pop("origin")), "zone.json: origin is missing."),
    "relative origin": (
        edited(lambda d: d.update(origin="example.org")),
        "zone.json: origin: 'example.org' has no final dot; an absolute name was expected.",
    ),
    "no rrsets": (edited(lambda d: d.pop("rrsets")), "zone.json: rrsets is missing."),
    "rrsets of text": (
        edited(lambda d: d.update(rrsets=["x"])),
        "zone.json: rrsets[0]: an object was expected, found text.",
    ),
    "a label too long": (
        edited(lambda d: d["rrsets"][0].update(owner="a" * 64 + ".")),
        f"zone.json: rrsets[0].owner: '{'a' * 64}.' is not a domain name: A DNS label is > 63 octets long.",
    ),
    "outside": (
        edited(lambda d: d["rrsets"][0].update(owner="example.net.")),
        "zone.json: rrsets[0].owner: 'example.net.' lies outside the zone example.org.",
    ),
    "type": (
        edited(lambda d: d["rrsets"][0].update(rdtype="BOGUS")),
        "zone.json: rrsets[0].rdtype: 'BOGUS' is no type of record.",
    ),
    "ttl": (
        edited(lambda d: d["rrsets"][0].update(ttl=True)),
        "zone.json: rrsets[0].ttl: a number from 0 on was expected, found true or false.",
    ),
    "long ttl": (
        edited(lambda d: d["rrsets"][0].update(ttl=2**32)),
        "zone.json: rrsets[0].ttl: 4294967296 is longer than a TTL can be.",
    ),
    "rdata": (
        edited(lambda d: d["rrsets"][0].update(rdtype="A")),
        (
            "zone.json: rrsets[0].rdatas: 'ns1.example.org. hostmaster.example.org. 1 7200 900 1209600 300' is no "
            "A rdata: Text input is malformed."
        ),
    ),
    "generic": (
        edited(lambda d: d["rrsets"][0].update(rdatas=[r"\# 9 00"])),
        r"zone.json: rrsets[0].rdatas: '\# 9 00' is not the generic form of rdata, as in '\# 2 C000'.",
    ),
    "twice": (
        edited(lambda d: d["rrsets"].append(d["rrsets"][0])),
        "zone.json: rrsets: two of them have the same owner, type and variant.",
    ),
    "unknown extra": (
        edited(lambda d: d["rrsets"][0].update(extras=[{"kind": "quantum"}])),
        (
            "zone.json: rrsets[0].extras[0].kind: 'quantum' is unknown to this version; use the dns-migrator that "
            "wrote it."
        ),
    ),
    "unknown field of an extra": (
        edited(lambda d: d["rrsets"][0].update(extras=[{"kind": "note", "text": "", "by": "me"}])),
        (
            "zone.json: rrsets[0].extras[0].by: unknown to this version for 'note'; use the dns-migrator that "
            "wrote it."
        ),
    ),
    "a field of an extra of another type": (
        edited(lambda d: d["rrsets"][0].update(extras=[{"kind": "weighted", "weight": True}])),
        "zone.json: rrsets[0].extras[0].weight: a whole number was expected, found true or false.",
    ),
    "nested for-record": (
        edited(
            lambda d: d["rrsets"][0].update(
                extras=[
                    {
                        "kind": "for-record",
                        "rdata": "",
                        "extra": {"kind": "for-record", "rdata": "", "extra": {"kind": "note", "text": ""}},
                    }
                ]
            )
        ),
        "zone.json: rrsets[0].extras[0].extra: 'for-record' cannot stand within another extra.",
    ),
    "time": (
        edited(lambda d: d.update(read_at="yesterday")),
        "zone.json: read_at: 'yesterday' is no time such as 2026-12-01T09:00:00Z.",
    ),
    "time without a zone": (
        edited(lambda d: d.update(read_at="2026-12-01T09:00:00")),
        "zone.json: read_at: '2026-12-01T09:00:00' does not say that it is UTC, as in 2026-12-01T09:00:00Z.",
    ),
    "severity": (
        edited(lambda d: d["findings"][0].update(severity="fatal")),
        "zone.json: findings[0].severity: 'fatal' is none of error, warning, notice.",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_document_is_one_clear_line(case: str) -> None:
    text, message = BROKEN[case]

    with pytest.raises(InputError) as refused:
        loads(text)

    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_an_edited_document_is_named_as_such() -> None:
    text = dumps(snapshot(rrset("www", "A", "192.0.2.1")))

    with pytest.raises(InputError, match=r"^backup/zone\.json: the content was changed after it was written: "):
        loads(text.replace("192.0.2.1", "192.0.2.2"), file="backup/zone.json")


def test_keys_that_nobody_knows_yet_are_passed_over() -> None:
    assert loads(edited(lambda d: d.update(mood="fine"))) == (FULL, FINDINGS)
