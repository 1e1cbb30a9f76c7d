"""What a zone file serves of what only a provider can say: tables of sets and of the lines that they become."""

from dataclasses import replace

import pytest
from dns.rdata import GenericRdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.backup.readback import zone_file_findings
from migrator.codec import rdata as codec
from migrator.model.compact import key_of
from migrator.model.extras import (
    Alias,
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
    MultiValueAnswer,
    Note,
    Opaque,
    Proxied,
    RecordTTL,
    RoutingPolicy,
    Tags,
    TrafficPolicy,
    Weighted,
)
from migrator.model.finding import Severity
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.plain import PlainZone, plain_zone
from migrator.zonefile.fast import assemble_reading, read_compactly
from migrator.zonefile.writer import write_zone
from tests.plain.entries import made_entries
from tests.snapshots import NS, SOA, alias, name, rdata, rrset, zone


def shown(plain: PlainZone) -> list[str]:
    """The file as lines, without SOA and NS of the apex: comments with a semicolon, records shortened."""
    lines: list[str] = []
    for entry in made_entries(plain):
        if entry.rrset in {SOA, NS}:
            assert entry.comments == ()
            continue
        lines += [f"; {comment}" for comment in entry.comments]
        if entry.rrset is not None:
            owner = entry.rrset.owner.relativize(name("@")).to_text()
            lines += [
                f"{owner} {entry.rrset.ttl} {entry.rrset.rdtype.name} {codec.to_text(found)}"
                for found in entry.rrset.rdatas
            ]
    return lines


def served(*rrsets: RRset) -> list[str]:
    return [line for line in shown(plain_zone(zone(*rrsets))) if not line.startswith(";")]


def checks(plain: PlainZone) -> list[tuple[str, str, str]]:
    return [(finding.check, str(finding.severity), finding.subject) for finding in plain.findings]


def test_an_ordinary_zone_is_served_as_it_is_without_a_word() -> None:
    www = rrset("www", "A", "192.0.2.1", "192.0.2.2", ttl=60)
    plain = plain_zone(zone(www, rrset("www", "TXT", '"a" "b"')))

    assert shown(plain) == ["www 60 A 192.0.2.1", "www 60 A 192.0.2.2", 'www 300 TXT "a" "b"']
    assert plain.findings == ()
    assert [entry.rrset for entry in made_entries(plain)][2] is www


def routed(variant: str, address: str, policy: RoutingPolicy, ttl: int = 60, *more: Extra) -> RRset:
    return rrset("w", "A", address, ttl=ttl, variant=variant, extras=(policy, *more))


ROUTED: dict[str, tuple[tuple[RRset, ...], list[str], str]] = {
    "weights": (
        (
            routed("a", "192.0.2.1", Weighted(1), 300),
            routed("b", "192.0.2.2", Weighted(0), 10),
            routed("c", "192.0.2.3", Weighted(255), 60),
        ),
        ["w 60 A 192.0.2.1", "w 60 A 192.0.2.3"],
        "Routed by weight: the sets whose weight is not 0; the zone file serves 2 of 3.",
    ),
    "all weights 0": (
        (routed("a", "192.0.2.1", Weighted(0)), routed("b", "192.0.2.2", Weighted(0))),
        ["w 60 A 192.0.2.1", "w 60 A 192.0.2.2"],
        "All weights are 0, which counts as equal: all sets; the zone file serves 2 of 2.",
    ),
    "failover": (
        (routed("a", "192.0.2.1", Failover("SECONDARY")), routed("b", "192.0.2.2", Failover("PRIMARY"))),
        ["w 60 A 192.0.2.2"],
        "Failover: the primary set; the zone file serves 1 of 2.",
    ),
    "failover without a primary": (
        (routed("a", "192.0.2.1", Failover("SECONDARY")),),
        [],
        "Failover without a primary set: none; the zone file serves 0 of 1.",
    ),
    "country": (
        (
            routed("de", "192.0.2.1", Geolocation(country="DE")),
            routed("eu", "192.0.2.2", Geolocation(continent="EU")),
            routed("default", "192.0.2.3", Geolocation(country="*")),
        ),
        ["w 60 A 192.0.2.3"],
        "Routed by where the client is: the default set; the zone file serves 1 of 3.",
    ),
    "country without a default": (
        (
            routed("de", "192.0.2.1", Geolocation(country="DE")),
            routed("fr", "192.0.2.2", Geolocation(country="FR")),
        ),
        [],
        "Routed by where the client is: there is no default set: none; the zone file serves 0 of 2.",
    ),
    "client network": (
        (
            routed("office", "192.0.2.1", ClientNetwork("c", "office")),
            routed("default", "192.0.2.2", ClientNetwork("c", "*")),
        ),
        ["w 60 A 192.0.2.2"],
        "Routed by where the client is: the default set; the zone file serves 1 of 2.",
    ),
    "distance": (
        (
            routed("a", "192.0.2.1", Geoproximity("eu-central-1")),
            routed("b", "192.0.2.2", Geoproximity("us-east-1")),
        ),
        [],
        "Routed by where the client is: there is no default set: none; the zone file serves 0 of 2.",
    ),
    "latency": (
        (routed("a", "192.0.2.1", Latency("eu-central-1")), routed("b", "192.0.2.2", Latency("us-east-1"))),
        ["w 60 A 192.0.2.1", "w 60 A 192.0.2.2"],
        "Routed by latency: all sets; the zone file serves 2 of 2.",
    ),
    "multi-value answer": (
        (routed("a", "192.0.2.1", MultiValueAnswer()), routed("b", "192.0.2.2", MultiValueAnswer())),
        ["w 60 A 192.0.2.1", "w 60 A 192.0.2.2"],
        "Multi-value answer: all sets; the zone file serves 2 of 2.",
    ),
    "one address in two sets": (
        (routed("a", "192.0.2.1", MultiValueAnswer()), routed("b", "192.0.2.1", MultiValueAnswer())),
        ["w 60 A 192.0.2.1"],
        "Multi-value answer: all sets; the zone file serves 2 of 2.",
    ),
}


@pytest.mark.parametrize("case", ROUTED)
def test_routed_sets_serve_what_a_plain_server_should_answer(case: str) -> None:
    rrsets, lines, message = ROUTED[case]
    plain = plain_zone(zone(*rrsets))

    assert [line for line in shown(plain) if not line.startswith(";")] == lines
    assert [(f.severity, f.subject, f.message) for f in plain.findings] == [
        (Severity.WARNING, "w.example.org. A", message)
    ]
    assert plain.findings[0].check == ("plain.routing" if lines else "plain.no-default")


def test_every_value_of_routed_sets_stands_right_above_the_records() -> None:
    plain = plain_zone(
        zone(
            routed("blue", "192.0.2.1", Weighted(70), 60, HealthCheck("hc-1")),
            routed("green", "192.0.2.2", Weighted(0), 30),
        )
    )

    assert shown(plain) == [
        "; routed: 2 sets; routed by weight: the sets whose weight is not 0",
        '; served: A set "blue" ttl=60 [weighted weight=70] [health-check identifier="hc-1"]',
        ";   w.example.org. 60 IN A 192.0.2.1",
        '; not chosen: A set "green" ttl=30 [weighted weight=0]',
        ";   w.example.org. 30 IN A 192.0.2.2",
        "w 60 A 192.0.2.1",
    ]
    assert checks(plain) == [
        ("plain.routing", "warning", "w.example.org. A"),
        ("plain.health-check", "warning", "w.example.org. A"),
    ]


def test_an_alias_below_the_apex_is_a_cname() -> None:
    plain = plain_zone(zone(alias("app", "A", "LB.example.net."), alias("app", "AAAA", "lb.example.net.")))

    assert shown(plain) == [
        '; alias: A [alias target=LB.example.net. scope="Z1" evaluate_target_health=false]',
        '; alias: AAAA [alias target=lb.example.net. scope="Z1" evaluate_target_health=false]',
        "app 300 CNAME LB.example.net.",
    ]
    assert checks(plain) == [
        ("plain.alias-as-cname", "notice", "app.example.org. A"),
        ("plain.alias-as-cname", "notice", "app.example.org. AAAA"),
    ]
    assert plain.unresolved == ()


NO_CNAME = {
    "at the apex": (alias("@", "A", "lb.example.net."),),
    "beside other data": (alias("app", "A", "lb.example.net."), rrset("app", "TXT", '"x"')),
    "to two targets": (alias("app", "A", "lb.example.net."), alias("app", "AAAA", "lb6.example.net.")),
    "to itself": (alias("app", "A", "app"),),
    "to a resource without a name": (alias("app", "A", "."), alias("app", "AAAA", ".")),
}


@pytest.mark.parametrize("case", NO_CNAME)
def test_an_alias_where_no_cname_can_stand_is_a_comment_and_a_finding(case: str) -> None:
    plain = plain_zone(zone(*NO_CNAME[case]))
    aliases = [member for member in NO_CNAME[case] if not member.rdatas]

    others = served(*(member for member in NO_CNAME[case] if member.rdatas))
    assert [line for line in shown(plain) if not line.startswith(";")] == others
    assert sum(line.startswith("; not served: A") for line in shown(plain)) == len(aliases)
    assert {finding.check for finding in plain.findings} == {"plain.alias"}
    assert all("--resolve-aliases" in finding.remedy for finding in plain.findings)
    assert len(plain.unresolved) == len(aliases)


@pytest.mark.parametrize("rdtypes", [("A",), ("A", "AAAA")])
def test_an_alias_to_one_that_is_not_served_leads_to_where_that_one_leads(rdtypes: tuple[str, ...]) -> None:
    chain = (("www", "@"), ("old", "www"), ("@", "gw"), ("gw", "LB.example.net."))
    sets = [alias(owner, rdtype, target) for owner, target in chain for rdtype in rdtypes]
    plain = plain_zone(zone(*sets, rrset("gw", "TXT", '"x"')))

    assert [line for line in shown(plain) if " CNAME " in line] == [
        "old 300 CNAME www.example.org.",
        "www 300 CNAME LB.example.net.",
    ]
    assert {subject for check, _, subject in checks(plain) if check == "plain.alias"} == {
        f"{owner}example.org. {rdtype}" for owner in ("", "gw.") for rdtype in rdtypes
    }


def test_an_alias_to_sets_of_which_none_is_for_everybody_is_a_comment() -> None:
    routed = rrset("geo", "A", "192.0.2.1", variant="de", extras=(Geolocation(country="DE"),))
    plain = plain_zone(zone(alias("www", "A", "gw"), alias("gw", "A", "geo"), routed))

    assert not [line for line in shown(plain) if " CNAME " in line]
    assert [(check, subject) for check, _, subject in checks(plain) if check == "plain.alias"] == [
        ("plain.alias", "gw.example.org. A"),
        ("plain.alias", "www.example.org. A"),
    ]


def test_addresses_that_were_looked_up_take_the_place_of_an_apex_alias() -> None:
    snapshot = zone(alias("@", "A", "lb.example.net."), alias("@", "AAAA", "lb.example.net."))
    asked = plain_zone(snapshot).unresolved
    assert [(key.owner, key.rdtype.name) for key in asked] == [
        (name("lb.example.net."), "A"),
        (name("lb.example.net."), "AAAA"),
    ]

    plain = plain_zone(
        snapshot,
        {
            asked[0]: RRset(asked[0], 60, (rdata("A", "192.0.2.80"), rdata("A", "192.0.2.81"))),
            asked[1]: RRset(asked[1], 60, ()),
        },
    )

    assert [line for line in shown(plain) if not line.startswith(";")] == [
        "@ 60 A 192.0.2.80",
        "@ 60 A 192.0.2.81",
    ]
    assert checks(plain) == [
        ("plain.alias-answers", "notice", "example.org. A"),
        ("plain.alias-answers", "notice", "example.org. AAAA"),
    ]


def test_an_alias_to_a_resource_without_a_name_is_looked_up_by_its_own_name() -> None:
    snapshot = zone(rrset("app", "CNAME", ttl=30, extras=(Alias(name("."), "/subscriptions/1/front"),)))
    asked = plain_zone(snapshot)
    assert [(key.owner, key.rdtype.name) for key in asked.unresolved] == [(name("app"), "CNAME")]
    (told,) = asked.findings
    assert told.message.startswith("The alias to the resource /subscriptions/1/front is a comment")

    found = RRset(asked.unresolved[0], 60, (rdata("CNAME", "front.example.net."),))
    plain = plain_zone(snapshot, {asked.unresolved[0]: found})

    assert [line for line in shown(plain) if not line.startswith(";")] == ["app 60 CNAME front.example.net."]


def test_an_apex_alias_to_a_name_of_the_zone_has_the_records_of_that_name() -> None:
    plain = plain_zone(
        zone(
            alias("@", "A", "a"),
            alias("a", "A", "b", variant=""),
            rrset("a", "TXT", '"x"'),
            rrset("b", "CNAME", "c", ttl=70),
            rrset("c", "A", "192.0.2.1", "192.0.2.2", ttl=80),
        )
    )

    assert [line for line in shown(plain) if line.startswith("@")] == ["@ 80 A 192.0.2.1", "@ 80 A 192.0.2.2"]
    assert ("plain.alias-answers", "notice", "example.org. A") in checks(plain)


def test_an_apex_alias_to_a_name_of_the_zone_without_such_a_set_answers_nothing() -> None:
    plain = plain_zone(zone(alias("@", "AAAA", "a"), rrset("a", "A", "192.0.2.1")))

    assert [line for line in shown(plain) if line.startswith("@")] == []
    assert (plain.unresolved, checks(plain)) == ((), [("plain.alias-answers", "notice", "example.org. AAAA")])
    assert plain.findings[0].message == (
        "The alias to a.example.org. answers no record now, and the zone file has none; when that changes, the "
        "file does not."
    )


def test_a_name_below_a_dname_that_an_alias_leads_to_is_a_comment() -> None:
    plain = plain_zone(
        zone(alias("@", "DNAME", "a"), rrset("a", "DNAME", "example.net."), rrset("b", "A", "192.0.2.1"))
    )

    assert [line for line in shown(plain) if not line.startswith(";")] == ["@ 300 DNAME example.net."]
    assert ("plain.not-loadable", "warning", "example.org. A") not in checks(plain)
    assert ("plain.not-loadable", "warning", "b.example.org. A") in checks(plain)


def test_aliases_that_chase_each_other_are_comments() -> None:
    plain = plain_zone(
        zone(
            alias("a", "A", "b"),
            rrset("a", "TXT", '"x"'),
            alias("b", "A", "a"),
            rrset("b", "TXT", '"x"'),
        )
    )

    assert [line for line in shown(plain) if not line.startswith(";")] == ['a 300 TXT "x"', 'b 300 TXT "x"']
    assert [check for check, _, _ in checks(plain)] == ["plain.alias", "plain.alias"]


def test_a_chain_of_aliases_without_end_is_not_followed() -> None:
    links = [alias(f"n{i}", "A", f"n{i + 1}", variant="") for i in range(5000)]
    plain = plain_zone(zone(alias("@", "A", "n0"), *links, rrset("n5000", "A", "192.0.2.1")))

    assert ("plain.alias", "warning", "example.org. A") in checks(plain)


def test_weighted_aliases_to_one_target_are_one_cname_and_to_several_the_heaviest() -> None:
    plain = plain_zone(
        zone(
            alias("w", "A", "light.example.net.", Weighted(1), variant="1"),
            alias("w", "A", "heavy.example.net.", Weighted(9), variant="2"),
        )
    )

    assert [line for line in shown(plain) if not line.startswith(";")] == ["w 300 CNAME heavy.example.net."]
    assert checks(plain) == [("plain.routing", "warning", "w.example.org. A")]
    assert "light.example.net. cannot stand beside it" in plain.findings[0].message


def test_a_cname_for_the_alias_that_is_chosen_says_what_is_not() -> None:
    plain = plain_zone(
        zone(
            rrset("w", "A", "192.0.2.1", variant="de", extras=(Geolocation(country="DE"),)),
            alias("w", "A", "lb.example.net.", Geolocation(country="*"), variant="rest"),
            RRset(RRsetKey(name("w"), rrset("w", "AAAA").rdtype), 300, ()),
        )
    )

    assert shown(plain) == [
        "; routed: 2 sets; routed by where the client is: the default set",
        '; not chosen: A set "de" ttl=300 [geolocation country="DE"]',
        ";   w.example.org. 300 IN A 192.0.2.1",
        (
            '; alias: A set "rest" [alias target=lb.example.net. scope="Z1" evaluate_target_health=false] '
            '[geolocation country="*"]'
        ),
        "; empty: AAAA ttl=300",
        "w 300 CNAME lb.example.net.",
    ]
    assert [(f.severity, f.message) for f in plain.findings] == [
        (Severity.NOTICE, "The alias to lb.example.net. is a CNAME in the zone file."),
        (Severity.WARNING, "Routed by where the client is: the default set; the zone file serves 1 of 2."),
        (Severity.NOTICE, "The set is empty; it is a comment."),
    ]


def test_of_weighted_aliases_to_one_target_the_routing_is_told() -> None:
    plain = plain_zone(
        zone(
            alias("w", "A", "lb.example.net.", Weighted(1), variant="1"),
            alias("w", "A", "lb.example.net.", Weighted(0), variant="2"),
        )
    )

    assert [line.partition(" set ")[0] for line in shown(plain)] == [
        "; routed: 2 sets; routed by weight: the sets whose weight is not 0",
        "; alias: A",
        "; not chosen: A",
        "w 300 CNAME lb.example.net.",
    ]
    assert [f.message for f in plain.findings] == [
        "The alias to lb.example.net. is a CNAME in the zone file.",
        "Routed by weight: the sets whose weight is not 0; the zone file serves 1 of 2.",
    ]


def test_weighted_aliases_to_names_of_the_zone_have_the_records_of_all() -> None:
    assert served(
        alias("w", "A", "blue", Weighted(1), variant="1"),
        alias("w", "A", "green", Weighted(1), variant="2"),
        alias("w", "A", "red", Weighted(0), variant="3"),
        rrset("blue", "A", "192.0.2.1"),
        rrset("green", "A", "192.0.2.2"),
        rrset("red", "A", "192.0.2.3"),
    ) == [
        "blue 300 A 192.0.2.1",
        "green 300 A 192.0.2.2",
        "red 300 A 192.0.2.3",
        "w 300 A 192.0.2.1",
        "w 300 A 192.0.2.2",
    ]


def test_of_routed_cnames_the_heaviest_is_served() -> None:
    plain = plain_zone(
        zone(
            rrset("w", "CNAME", "a.example.net.", variant="1", extras=(Weighted(10),)),
            rrset("w", "CNAME", "b.example.net.", variant="2", extras=(Weighted(20),)),
        )
    )

    assert [line for line in shown(plain) if not line.startswith(";")] == ["w 300 CNAME b.example.net."]
    assert plain.findings[0].message.endswith("the zone file serves 1 of 2.")


def test_a_routed_set_with_records_and_an_alias_serves_the_records() -> None:
    plain = plain_zone(
        zone(
            rrset("w", "A", "192.0.2.1", variant="1", extras=(Weighted(1),)),
            alias("w", "A", "lb.example.net.", Weighted(1), variant="2"),
        )
    )

    assert [line for line in shown(plain) if not line.startswith(";")] == ["w 300 A 192.0.2.1"]
    assert [check for check, _, _ in checks(plain)] == ["plain.routing", "plain.alias"]
    assert plain.unresolved == (RRsetKey(name("lb.example.net."), rrset("w", "A").rdtype),)


EXTRAS: dict[str, tuple[Extra, str, list[tuple[str, str]]]] = {
    "note": (Note('two\nlines "ü"'), r'; note text="two\nlines \"\u00fc\""', [("plain.words", "notice")]),
    "tags": (Tags(("a:b", "c")), '; tags tags=["a:b", "c"]', [("plain.words", "notice")]),
    "proxied": (Proxied(), "; proxied enabled=true", [("plain.proxied", "warning")]),
    "not proxied": (Proxied(enabled=False), "; proxied enabled=false", []),
    "health": (HealthCheck("x"), '; health-check identifier="x"', [("plain.health-check", "warning")]),
    "managed": (Managed("mail"), '; managed by="mail"', [("plain.managed", "notice")]),
    "unknown": (
        Opaque("r53", "New", '{"x": 1}'),
        r'; opaque source="r53" field="New" document="{\"x\": 1}"',
        [("plain.unknown-field", "warning")],
    ),
    "a TTL of its own": (
        ForRecord("192.0.2.1", RecordTTL(900)),
        '; for-record rdata="192.0.2.1" extra=(record-ttl ttl=900)',
        [],
    ),
}


@pytest.mark.parametrize("case", EXTRAS)
def test_what_is_said_of_records_stands_above_them_and_they_are_served(case: str) -> None:
    extra, comment, expected = EXTRAS[case]
    plain = plain_zone(zone(rrset("www", "A", "192.0.2.1", extras=(extra,))))

    assert shown(plain) == [comment, "www 300 A 192.0.2.1"]
    assert checks(plain) == [(check, severity, "www.example.org. A") for check, severity in expected]


def test_the_ttls_of_signatures_stand_in_the_file_and_in_no_comment() -> None:
    of_txt, of_a = [f"{covered} 13 3 300 20300101000000 20200101000000 1 @ AAAA" for covered in ("TXT", "A")]
    own = ForRecord(rdata("RRSIG", of_txt).to_text(), RecordTTL(900))
    signatures = rrset("www", "RRSIG", of_txt, of_a, ttl=60, extras=(own, Note("words")))
    plain = plain_zone(zone(rrset("www", "A", "192.0.2.1", ttl=60), signatures))

    lines = [line for line in write_zone(name("@"), plain.entries) if " RRSIG " in line or line[0] == ";"]
    assert lines == [
        '; note text="words"',
        "www.example.org. 60 IN RRSIG A 13 3 300 20300101000000 20200101000000 1 example.org. AAAA",
        "www.example.org. 900 IN RRSIG TXT 13 3 300 20300101000000 20200101000000 1 example.org. AAAA",
    ]
    text = "\n".join([*write_zone(name("@"), plain.entries), ""]).encode()
    assert zone_file_findings(name("@"), plain.entries, text, "x") == ()
    changed = text.replace(b"www.example.org. 900 IN", b"www.example.org. 60 IN")
    assert [found.check for found in zone_file_findings(name("@"), plain.entries, changed, "x")] != []


def test_a_flattened_cname_at_the_apex_is_replaced_by_addresses_or_a_comment() -> None:
    snapshot = zone(rrset("@", "CNAME", "site.example.net.", extras=(Flattened(),)))
    plain = plain_zone(snapshot)

    assert shown(plain) == [
        "; flattened enabled=true",
        "; not served: the apex has other data, and a CNAME stands alone",
        "; example.org. 300 IN CNAME site.example.net.",
    ]
    assert [check for check, _, _ in checks(plain)] == ["plain.flattened", "plain.apex-cname"]
    key = plain.unresolved[0]
    assert shown(plain_zone(snapshot, {key: RRset(key, 60, (rdata("A", "192.0.2.5"),))}))[-1] == "@ 60 A 192.0.2.5"


def test_empty_sets_and_sets_of_the_unknown_are_comments() -> None:
    plain = plain_zone(
        zone(
            rrset("empty", "TXT"),
            rrset("future", "A", ttl=None, extras=(Opaque("route53", "QuantumRouting", "{}"),)),
            rrset("policy", "A", ttl=None, extras=(TrafficPolicy("i-1"),)),
        )
    )

    assert shown(plain) == [
        "; empty: TXT ttl=300",
        '; empty: A [opaque source="route53" field="QuantumRouting" document="{}"]',
        '; empty: A [traffic-policy instance="i-1"]',
    ]
    assert checks(plain) == [
        ("plain.empty-set", "notice", "empty.example.org. TXT"),
        ("plain.no-records", "warning", "future.example.org. A"),
        ("plain.no-records", "warning", "policy.example.org. A"),
    ]


def test_of_what_stands_below_a_dname_those_are_named_that_refuse_it() -> None:
    plain = plain_zone(zone(rrset("w", "DNAME", "a.example.net."), rrset("x.w", "A", "192.0.2.1")))

    (message,) = [found.message for found in plain.findings if found.subject == "x.w.example.org. A"]
    assert message.startswith(
        "The records are comments, since Knot and NSD would not load the file: a DNAME above"
    )


NOT_LOADABLE: dict[str, tuple[tuple[RRset, ...], list[str]]] = {
    "a CNAME beside other data": (
        (rrset("w", "CNAME", "a.example.net."), rrset("w", "A", "192.0.2.1"), rrset("w", "TXT", '"x"')),
        ["w 300 CNAME a.example.net."],
    ),
    "two CNAMEs": ((rrset("w", "CNAME", "a.example.net.", "b.example.net."),), ["w 300 CNAME a.example.net."]),
    "a CNAME at the apex": ((rrset("@", "CNAME", "a.example.net."),), []),
    "two DNAMEs": ((rrset("w", "DNAME", "a.example.net.", "b.example.net."),), ["w 300 DNAME a.example.net."]),
    "data below a DNAME": (
        (rrset("w", "DNAME", "a.example.net."), rrset("x.w", "A", "192.0.2.1")),
        ["w 300 DNAME a.example.net."],
    ),
    "data below a DNAME, beside a delegation that is a comment": (
        (
            rrset("w", "DNAME", "a.example.net."),
            rrset("w", "NS", "ns1.example.net.", variant="de", extras=(Geolocation(country="DE"),)),
            rrset("x.w", "A", "192.0.2.1"),
        ),
        ["w 300 DNAME a.example.net."],
    ),
    "an SOA below the apex": ((rrset("w", "SOA", "a. b. 1 2 3 4 5"),), []),
    "a DS at the apex": ((rrset("@", "DS", "1 8 1 " + "00" * 20),), []),
    "NS at a wildcard": ((rrset("*", "NS", "ns1.example.net."),), []),
    "a NAPTR without an expression that can be read": (
        (
            rrset(
                "w",
                "NAPTR",
                '1 1 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .',
                '2 1 "u" "E2U+sip" "!(!sip:b@example.com!" .',
            ),
        ),
        [r'w 300 NAPTR 1 1 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .'],
    ),
    "more than a message can hold": ((rrset("w", "TXT", *(f'"{number:0119d}"' for number in range(500))),), []),
    "an address of three octets": (
        (
            make(
                RRsetKey(name("w"), RdataType.A),
                300,
                (GenericRdata(RdataClass.IN, RdataType.A, b"\xc0\x00\x02"), rdata("A", "192.0.2.1")),
            ),
        ),
        ["w 300 A 192.0.2.1"],
    ),
    "a URI without a whole weight": (
        (
            make(
                RRsetKey(name("w"), RdataType.URI),
                300,
                (GenericRdata(RdataClass.IN, RdataType.URI, b"\x00\x0a\x00"),),
            ),
        ),
        [],
    ),
    "octets that BIND looks at": (
        (
            make(
                RRsetKey(name("w"), RdataType.LOC),
                300,
                (GenericRdata(RdataClass.IN, RdataType.LOC, b"\x00\x12\x16"),),
            ),
            make(
                RRsetKey(name("w"), RdataType.TLSA),
                300,
                (GenericRdata(RdataClass.IN, RdataType.TLSA, b"\x03"), rdata("TLSA", "3 1 0 00")),
            ),
        ),
        ["w 300 TLSA 3 1 0 00"],
    ),
    "an NSEC without types": ((rrset("w", "NSEC", "a"),), []),
}


@pytest.mark.parametrize("compact", [False, True])
def test_a_set_that_bind_finds_too_large_is_served_with_a_warning(*, compact: bool) -> None:
    lines = "".join(f"w A 192.0.2.{number}\n" for number in range(101))
    text = f"$ORIGIN example.org.\n$TTL 300\n@ SOA ns1.example.net. a. 1 2 3 4 5\n@ NS ns1.example.net.\n{lines}"
    snapshot = assemble_reading(read_compactly(text.encode(), file="x")).snapshot
    assert snapshot.compact is not None
    assert key_of(name("w").labels) in snapshot.compact.texts
    plain = plain_zone(snapshot if compact else replace(snapshot))
    written = [line for line in write_zone(name("@"), plain.entries) if line.startswith("w.")]

    assert checks(plain) == [("plain.large-set", "warning", "w.example.org. A")]
    assert "BIND would not load the file: the set has 101 records, and it takes 100" in plain.findings[0].message
    assert len(written) == 101


@pytest.mark.parametrize("case", NOT_LOADABLE)
def test_what_makes_servers_refuse_the_zone_is_a_comment_and_a_finding(case: str) -> None:
    rrsets, lines = NOT_LOADABLE[case]
    plain = plain_zone(zone(*rrsets))

    assert [line for line in shown(plain) if not line.startswith(";")] == lines
    comments = "\n".join(line for line in shown(plain) if line.startswith(";"))
    for member in rrsets:
        for found in member.rdatas:
            text = codec.to_text(found)
            assert f"{member.rdtype.name} {text}" in comments or any(line.endswith(text) for line in lines)


def test_a_comment_says_who_would_not_load_the_file() -> None:
    beside = (
        rrset("w", "CNAME", "a.example.net."),
        rrset("w", "A", "192.0.2.1"),
        rrset("w", "KEY", "256 3 13 AAAA"),
    )
    plain = plain_zone(zone(*beside, rrset("*", "NS", "ns1.example.net.")))

    says = "A record is a comment, since"
    assert {finding.subject: finding.message for finding in plain.findings} == {
        "*.example.org. NS": f"{says} BIND would not load the file: NS records at a wildcard have no defined "
        "meaning (RFC 4592 section 4.2).",
        "w.example.org. A": f"{says} no server would load the file: a name with a CNAME has no other data "
        "(RFC 1034 section 3.6.2).",
        "w.example.org. KEY": f"{says} Knot and NSD would not load the file: it stands beside a CNAME, as "
        "RFC 2181 section 10.1 allows.",
    }


def test_signatures_stay_beside_a_cname() -> None:
    signature = "CNAME 13 3 300 20300101000000 20200101000000 1 example.org. AAAA"

    assert served(rrset("w", "CNAME", "a.example.net."), rrset("w", "RRSIG", signature)) == [
        "w 300 CNAME a.example.net.",
        f"w 300 RRSIG {signature}",
    ]


def test_records_outside_the_zone_are_comments_at_the_end() -> None:
    outside = Record(name("x.test."), 5, rdata("A", "192.0.2.1"), (Note("n"),))
    snapshot = replace(zone(), stray=(outside,))

    assert shown(plain_zone(snapshot)) == ['; outside the zone [note text="n"]:', ";   x.test. 5 IN A 192.0.2.1"]


def test_records_without_a_ttl_get_one() -> None:
    assert served(rrset("w", "A", "192.0.2.1", ttl=None)) == ["w 300 A 192.0.2.1"]


STAND_INS = {
    "neither": (
        zone(bare=True),
        ["@ 3600 SOA ns.invalid. hostmaster.invalid. 1 7200 900 1209600 300", "@ 3600 NS ns.invalid."],
        ["example.org. SOA", "example.org. NS"],
    ),
    "no SOA": (
        zone(rrset("@", "NS", "ns2.example.net."), bare=True),
        ["@ 3600 SOA ns2.example.net. hostmaster.invalid. 1 7200 900 1209600 300", "@ 300 NS ns2.example.net."],
        ["example.org. SOA"],
    ),
    "assigned name servers, one of them inside the zone without an address": (
        zone(bare=True, name_servers=(name("ns1"), name("ns9.example.net."))),
        ["@ 3600 SOA ns9.example.net. hostmaster.invalid. 1 7200 900 1209600 300", "@ 3600 NS ns9.example.net."],
        ["example.org. SOA", "example.org. NS"],
    ),
    "assigned name servers": (
        zone(bare=True, name_servers=(name("ns9.example.net."),)),
        ["@ 3600 SOA ns9.example.net. hostmaster.invalid. 1 7200 900 1209600 300", "@ 3600 NS ns9.example.net."],
        ["example.org. SOA", "example.org. NS"],
    ),
}


@pytest.mark.parametrize("case", STAND_INS)
def test_an_apex_that_no_server_would_load_gets_stand_ins_and_says_so(case: str) -> None:
    snapshot, lines, subjects = STAND_INS[case]
    plain = plain_zone(snapshot)

    assert [line for line in shown(plain) if not line.startswith(";")] == lines
    assert checks(plain) == [("plain.stand-in", "notice", subject) for subject in subjects]
    assert sum(line.startswith("; no ") for line in shown(plain)) == len(subjects)


LAME: dict[str, tuple[tuple[RRset, ...], bool]] = {
    "no such name": ((), False),
    "no address": ((rrset("ns1", "TXT", '"x"'),), False),
    "an address": ((rrset("NS1", "AAAA", "2001:db8::1"),), True),
    "a wildcard's address": ((rrset("*", "A", "192.0.2.1"),), True),
    "hidden from a wildcard": ((rrset("*", "A", "192.0.2.1"), rrset("x.ns1", "A", "192.0.2.1")), False),
    "a CNAME": ((rrset("ns1", "CNAME", "a.example.net."),), False),
    "below a zone cut": ((rrset("ns1", "NS", "ns.example.net."),), True),
}


@pytest.mark.parametrize("case", LAME)
def test_an_apex_name_server_without_an_address_in_the_zone_is_a_comment(case: str) -> None:
    others, kept = LAME[case]
    plain = plain_zone(zone(SOA, rrset("@", "NS", "ns1", "ns2.example.net."), *others, bare=True))
    hosts = [line for line in shown(plain) if line.startswith("@ 300 NS")]

    assert hosts == [*["@ 300 NS ns1.example.org."] * kept, "@ 300 NS ns2.example.net."]
    assert (";   example.org. 300 IN NS ns1.example.org." in shown(plain)) is not kept
    assert checks(plain) == ([] if kept else [("plain.not-loadable", "warning", "example.org. NS")])
