"""What Cloudflare, cli53 and az write beyond DNS: carried as extras, and nothing of it lost."""

import pytest
from dns.rdatatype import RdataType

from migrator.model.extras import (
    Alias,
    AutomaticTTL,
    Extra,
    Failover,
    Flattened,
    Geolocation,
    HealthCheck,
    Latency,
    MultiValueAnswer,
    Note,
    Opaque,
    Proxied,
    Tags,
    Weighted,
)
from migrator.model.finding import Severity
from migrator.model.names import ROOT, absolute
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import assemble
from tests.zonefile.shown import lines, read, told

CLOUDFLARE = ";;\n;; Domain:     example.com.\n;; Exported:   2026-03-14 11:24:11\n;;\n"
AZURE = "; Exported zone file from Azure DNS\n;      Zone name: example.com\n\n"


@pytest.mark.parametrize(
    ("comment", "extras"),
    [
        ("cf_tags=cf-proxied:true", (Proxied(),)),
        ("cf_tags=cf-proxied:false", (Proxied(enabled=False),)),
        ("web farm cf_tags=cf-proxied:true", (Note("web farm"), Proxied())),
        ("cf_tags=team:web,cf-proxied:true, owner ", (Proxied(), Tags(("owner", "team:web")))),
        ("cf_tags=cf-flatten-cname", (Flattened(),)),
        ("cf_tags=", ()),
        ("see xcf_tags=a", ()),
        ("an ordinary remark", ()),
    ],
)
def test_cloudflares_tags(comment: str, extras: tuple[Extra, ...]) -> None:
    reading = read(f"www 60 A 192.0.2.1 ; {comment}")

    assert reading.records[0].extras == extras
    assert told(reading) == []


def test_an_unknown_tag_of_cloudflare_is_carried_and_told() -> None:
    reading = read("www 60 A 192.0.2.1 ; cf_tags=cf-new:1,cf-proxied:true")

    assert reading.records[0].extras == (Opaque("cloudflare-export", "cf_tags", '"cf-new:1"'), Proxied())
    assert told(reading) == ["warning unknown-extra example.com.zone:1"]


def test_cloudflares_export_has_its_zone_its_remarks_and_automatic_ttls() -> None:
    reading = read(
        f"{CLOUDFLARE}example.com\t3600\tIN\tSOA\ta.example.net. b.example.net. 1 10000 2400 604800 3600\n"
        "example.com.\t86400\tIN\tNS\ta.example.net.\n"
        "www.example.com.\t1\tIN\tA\t192.0.2.1 ; cf_tags=cf-proxied:true\n"
        "mail.example.com.\t1\tIN\tMX\t10 mail.example.net. ; do not touch\n"
        "ftp.example.com.\t60\tIN\tA\t192.0.2.2\n",
        origin=None,
    )

    assert reading.origin == absolute("example.com.")
    assert lines(reading) == [
        "example.com. 3600 SOA a.example.net. b.example.net. 1 10000 2400 604800 3600",
        "example.com. 86400 NS a.example.net.",
        "www.example.com. 300 A 192.0.2.1",
        "mail.example.com. 300 MX 10 mail.example.net.",
        "ftp.example.com. 60 A 192.0.2.2",
    ]
    assert [record.extras for record in reading.records[2:]] == [
        (Proxied(), AutomaticTTL()),
        (Note("do not touch"), AutomaticTTL()),
        (),
    ]
    assert told(reading) == ["warning soa-without-dot example.com.zone:5", "notice automatic-ttl -"]
    assert reading.findings[1].message.startswith("2 records have the TTL 1,")


@pytest.mark.parametrize("said", ["", " ; cf_tags=cf-proxied:false", " ; cf_tags=cf-flatten-cname"])
def test_cloudflare_flattens_the_cname_at_the_apex_and_no_other(said: str) -> None:
    reading = read(
        f"{CLOUDFLARE}example.com\t3600\tIN\tSOA\ta.example.net. b.example.net. 1 10000 2400 604800 3600\n"
        f"Example.com.\t300\tIN\tCNAME\tshop.example.net.{said}\n"
        "www.example.com.\t300\tIN\tCNAME\tshop.example.net.\n",
        origin=None,
    )

    assert [record.extras.count(Flattened()) for record in reading.records] == [0, 1, 0]
    assert read("@ 300 CNAME shop.example.net.").records[0].extras == ()


def test_a_ttl_of_one_second_is_one_second_elsewhere() -> None:
    reading = read("www 1 A 192.0.2.1 ; remark\n")

    assert (reading.records[0].ttl, reading.records[0].extras, told(reading)) == (1, (), [])


@pytest.mark.parametrize(
    ("comment", "variant", "extras"),
    [
        ('routing="WEIGHTED" weight=1 identifier="One"', "One", (Weighted(1),)),
        ('routing="WEIGHTED" weight=0 identifier="a \\"b\\""', 'a "b"', (Weighted(0),)),
        ('routing="LATENCY" region="us-west-1" identifier="x"', "x", (Latency("us-west-1"),)),
        (
            'routing="FAILOVER" failover="PRIMARY" healthCheckId="6bb5" identifier="f"',
            "f",
            (Failover("PRIMARY"), HealthCheck("6bb5")),
        ),
        ('routing="MULTIVALUE" identifier="One"', "One", (MultiValueAnswer(),)),
        ('routing="GEOLOCATION" continentCode="AF" identifier="a"', "a", (Geolocation("AF"),)),
        (
            'routing="GEOLOCATION" countryCode="US" subdivisionCode="CA" identifier="a"',
            "a",
            (Geolocation("", "US", "CA"),),
        ),
        ('routing="GEOLOCATION" subdivisonCode="CA" identifier="a"', "a", (Geolocation("", "", "CA"),)),
    ],
)
def test_routing_of_cli53(comment: str, variant: str, extras: tuple[Extra, ...]) -> None:
    reading = read(f"www 60 A 192.0.2.1 ; AWS {comment}")

    assert (reading.records[0].variant, reading.records[0].extras) == (variant, extras)
    assert told(reading) == []


@pytest.mark.parametrize(
    ("comment", "variant", "extras"),
    [
        (
            'routing="GEOPROXIMITY" bias=3 identifier="x"',
            "x",
            (Opaque("cli53", "routing", '"GEOPROXIMITY"'), Opaque("cli53", "bias", '"3"')),
        ),
        (
            'routing="WEIGHTED" weight="x"',
            "",
            (Opaque("cli53", "routing", '"WEIGHTED"'), Opaque("cli53", "weight", '"x"')),
        ),
        ("and words", "", (Opaque("cli53", "", '"and words"'),)),
        ('identifier="x" "broken', "x", (Opaque("cli53", "", '"\\"broken"'),)),
    ],
)
def test_what_of_cli53_is_not_known_is_carried_and_told(
    comment: str, variant: str, extras: tuple[Extra, ...]
) -> None:
    reading = read(f"www 60 A 192.0.2.1 ; AWS {comment}")

    assert (reading.records[0].variant, reading.records[0].extras) == (variant, extras)
    assert told(reading) == ["warning unknown-extra example.com.zone:1"] * len(extras)


def test_aliases_of_route_53_and_azure_are_sets_without_rdata() -> None:
    reading = read(
        "www 60 A 192.0.2.1\n"
        "a 86400 AWS ALIAS A www $self false\n"
        'a 60 AWS ALIAS A lb.example.net. Z1 true ; AWS routing="GEOLOCATION" countryCode="GB" identifier="UK"\n'
        "  86400 AWS ALIAS AAAA www $self false\n"
        "b 120 AZURE ALIAS CNAME /subscriptions/0/resourceGroups/g/providers/Microsoft.Network/x\n"
        "$TTL 7\n"
        "c AZURE ALIAS A /subscriptions/0\n"
    )

    assert told(reading) == []
    assert lines(reading) == ["www.example.com. 60 A 192.0.2.1"]
    www = absolute("www.example.com.")
    assert list(reading.rrsets) == [
        alias("a", RdataType.A, "", None, Alias(www, "$self")),
        alias(
            "a",
            RdataType.A,
            "UK",
            None,
            Alias(absolute("lb.example.net."), "Z1", evaluate_target_health=True),
            Geolocation("", "GB"),
        ),
        alias("a", RdataType.AAAA, "", None, Alias(www, "$self")),
        alias(
            "b",
            RdataType.CNAME,
            "",
            120,
            Alias(ROOT, "/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/x"),
        ),
        alias("c", RdataType.A, "", 7, Alias(ROOT, "/subscriptions/0")),
    ]


def alias(owner: str, rdtype: RdataType, variant: str, ttl: int | None, *extras: Extra) -> RRset:
    return RRset(RRsetKey(absolute(owner, absolute("example.com.")), rdtype, variant), ttl, (), extras)


@pytest.mark.parametrize(
    "line",
    [
        "a 60 AWS A www $self false",
        "a 60 AWS ALIAS A www $self",
        "a 60 AWS ALIAS A www $self maybe",
        "a 60 AWS ALIAS NOTYPE www $self false",
        "a 60 AWS ALIAS A a..b $self false",
        "a 60 AWS",
        "a 60 AZURE ALIAS A",
        "a 60 AZURE ALIAS A /x /y",
    ],
)
def test_a_malformed_alias_is_an_error(line: str) -> None:
    reading = read(f"www 60 A 192.0.2.1\n{line}\n")

    assert reading.rrsets == ()
    assert [finding.split()[0] + finding.split()[2] for finding in told(reading)] == ["errorexample.com.zone:2"]


def test_the_ttl_of_an_alias_has_the_bound_of_every_ttl() -> None:
    reading = read("a 2147483648 AZURE ALIAS A /x\n")

    assert reading.rrsets[0].ttl == 0
    assert told(reading) == ["error ttl-range example.com.zone:1"]


def test_a_zone_of_aliases_alone_is_a_zone() -> None:
    assert len(read("a 60 AWS ALIAS A www $self false\n").rrsets) == 1


def test_an_alias_beside_records_and_one_outside_the_zone_are_told() -> None:
    reading = read(
        "a 60 A 192.0.2.1\na 60 AWS ALIAS A www $self false\nb.example.net. 60 AWS ALIAS A www $self false\n"
    )
    assembly = assemble(reading.origin, reading.records, rrsets=reading.rrsets)

    (rrset,) = assembly.snapshot.rrsets
    assert (len(rrset.rdatas), rrset.extras) == (1, (Alias(absolute("www.example.com."), "$self"),))
    assert [(found.check, found.subject) for found in assembly.findings[:2]] == [
        ("zone.alias-beside-records", "a.example.com. A"),
        ("zone.out-of-zone", "b.example.net. A"),
    ]


def test_azures_portal_forgets_the_dot_of_the_origin_and_writes_soa_twice() -> None:
    text = (
        "$TTL 86400\n$ORIGIN example.com\n@ 3600 SOA SOA dns1.example.net. (\n 0 1 2 3 4\n)\nwww 60 A 192.0.2.1\n"
    )
    for origin in (None, "example.com."):
        reading = read(AZURE + text, origin=origin)

        assert reading.origin == absolute("example.com.")
        assert lines(reading) == [
            "example.com. 3600 SOA SOA.example.com. dns1.example.net. 0 1 2 3 4",
            "www.example.com. 60 A 192.0.2.1",
        ]
        assert told(reading) == [
            "warning origin-without-dot example.com.zone:5",
            "warning soa-twice example.com.zone:6",
        ]


def test_a_whole_soa_behind_the_second_word_soa_is_read() -> None:
    reading = read(AZURE + "@ 60 SOA SOA a.example.net. b.example.net. 0 1 2 3 4\n")

    assert lines(reading) == ["example.com. 60 SOA a.example.net. b.example.net. 0 1 2 3 4"]
    assert told(reading) == ["warning soa-twice example.com.zone:4"]


@pytest.mark.parametrize(
    ("comment", "told_of"),
    [
        ("@ IN ALIAS foo.example.net.", True),
        ("www 300 IN R53_ALIAS A foo", True),
        ("IN URL301 http://example.net/", True),
        ("www IN CLOUDFLAREAPI_SINGLE_REDIRECT x", True),
        ("www IN A 192.0.2.1", False),
        ("used IN PRODUCTION only", False),
        ("IN ALIAS", False),
        ("QUESTION SECTION:", False),
    ],
)
def test_a_record_that_a_tool_commented_out_is_told(comment: str, told_of: bool) -> None:
    expected = ["notice commented-out-record example.com.zone:2"] if told_of else []

    assert told(read(f"www 60 A 192.0.2.1\n;{comment}\n")) == expected


def test_the_ages_that_windows_writes_are_left_out_and_told_once() -> None:
    reading = read(
        "@ [AGE:3600000] 600 A 192.0.2.1\n"
        " [Aging:3600001] 600 IN AAAA 2001:db8::1\n"
        "dc1 [age:0] IN 1200 A 192.0.2.2\n"
        "dc2 A 192.0.2.3\n"
    )

    assert lines(reading) == [
        "example.com. 600 A 192.0.2.1",
        "example.com. 600 AAAA 2001:db8::1",
        "dc1.example.com. 1200 A 192.0.2.2",
        "dc2.example.com. 1200 A 192.0.2.3",
    ]
    assert told(reading) == [
        "notice aging example.com.zone:1",
        "warning no-default-ttl example.com.zone:4",
    ]
    assert reading.findings[0].message == (
        "Windows wrote the ages of records into the file, by which it deletes those that nobody refreshes. They "
        "are no part of the records and are left out; elsewhere, no record is deleted for its age."
    )


def test_the_types_that_ovh_writes_for_txt_are_read_as_such_and_told_once() -> None:
    reading = read(
        's1._domainkey 60 IN DKIM ( "v=DKIM1;k=rsa;p=" "AQID" )\n'
        '_dmarc IN 60 dmarc "v=DMARC1;p=none"\n'
        'www 60 IN TXT "x"\n'
    )

    assert lines(reading) == [
        's1._domainkey.example.com. 60 TXT "v=DKIM1;k=rsa;p=" "AQID"',
        '_dmarc.example.com. 60 TXT "v=DMARC1;p=none"',
        'www.example.com. 60 TXT "x"',
    ]
    assert told(reading) == ["warning text-kind example.com.zone:1"]


@pytest.mark.parametrize("line", ["a [AGE:1] [AGE:1] 60 A 192.0.2.1", "a [AGE:x] 60 A 192.0.2.1", "a [AGE:1]"])
def test_an_age_stands_once_and_is_a_number(line: str) -> None:
    reading = read(f"www 60 A 192.0.2.1\n{line}\n")

    assert lines(reading) == ["www.example.com. 60 A 192.0.2.1"]
    assert "error unreadable-record example.com.zone:2" in told(reading)


@pytest.mark.parametrize(
    ("line", "lookup"),
    [
        (
            "@ 0 WINS LOCAL L5 C900 ( 192.0.2.2 )",
            "asks WINS servers for the address of a name that the zone does not have",
        ),
        (
            "@ IN WINSR L5 C900 ( example.com. )",
            "asks a host for its NetBIOS name where the zone has no PTR record",
        ),
        ("@ wins-r L5 C900 ( example.com. )", "asks a host for its NetBIOS name where the zone has no PTR record"),
    ],
)
def test_the_lookups_of_windows_are_an_error_that_says_what_is_lost(line: str, lookup: str) -> None:
    reading = read(f"www 60 A 192.0.2.1\n{line}\n")

    assert lines(reading) == ["www.example.com. 60 A 192.0.2.1"]
    (found,) = reading.findings
    assert (found.check, found.severity, found.subject) == ("zonefile.wins", Severity.ERROR, "example.com.")
    assert found.message.endswith(
        f" is no DNS record: by it, DNS of Windows {lookup}; no other server does, and what it finds so is lost."
    )
