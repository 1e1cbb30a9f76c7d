"""Aliases, routed sets, proxies: compared by what they mean, also against plain records."""

import pytest

from migrator.diff import Difference, Verdict, ZoneDiff, compare
from migrator.model.extras import (
    Alias,
    Extra,
    Failover,
    ForRecord,
    Geolocation,
    HealthCheck,
    Latency,
    MultiValueAnswer,
    Note,
    Opaque,
    Proxied,
    Weighted,
)
from migrator.model.names import ROOT, absolute
from migrator.model.rrset import RRset
from tests.diffing import only, rrset, told, zone

TARGET = Alias(absolute("lb.example.net."), "Z1")


def between(old: list[RRset], new: list[RRset], also: str = "") -> ZoneDiff:
    return compare(zone(also, *old), zone(also, *new))


def one(old: list[RRset], new: list[RRset]) -> Difference:
    return only(between(old, new))


def test_an_alias_that_is_gone_is_an_error() -> None:
    found = one([rrset("@ - A -", TARGET)], [])

    assert told(found) == (
        "error missing example.com. A web: Visitors of example.com reach nothing; it led to the alias "
        "lb.example.net."
    )
    assert found.lost == ("(alias to lb.example.net.)",)


def test_addresses_in_place_of_an_alias_are_a_change() -> None:
    found = one([rrset("@ - A -", TARGET)], [rrset("@ 60 A 192.0.2.1")])

    assert told(found) == (
        "error changed example.com. A web: example.com leads to 192.0.2.1 instead of the alias "
        "lb.example.net; the "
        "addresses stay behind when that moves."
    )
    assert (found.lost, found.gained) == (("(alias to lb.example.net.)",), ("192.0.2.1",))


def test_an_alias_to_another_target_is_an_error() -> None:
    other = Alias(absolute("other.example.net."), "Z1")
    found = one([rrset("api - A -", TARGET)], [rrset("api - A -", other)])

    assert told(found) == (
        "error changed api.example.com. A address: api.example.com leads to the alias other.example.net "
        "instead of "
        "the alias lb.example.net."
    )


def test_an_alias_to_another_resource_without_a_name_is_told_by_its_id() -> None:
    front, back = Alias(ROOT, "/subscriptions/1/front"), Alias(ROOT, "/subscriptions/1/back")
    found = one([rrset("api 300 A -", front)], [rrset("api 300 A -", back)])
    assert (found.lost, found.gained) == (
        ("(alias to /subscriptions/1/front)",),
        ("(alias to /subscriptions/1/back)",),
    )
    assert found.impact == (
        "api.example.com leads to the alias /subscriptions/1/back instead of the alias /subscriptions/1/front."
    )


@pytest.mark.parametrize("target", ["www.example.com.", "lb.example.net."])
def test_an_alias_to_the_same_name_is_the_same_whatever_the_provider_calls_its_zone(target: str) -> None:
    there, here = (
        Alias(absolute(target), scope) for scope in ("Z1", "/subscriptions/1/dnszones/example.com/A/www")
    )
    also = "www 300 A 192.0.2.80"
    found = between([rrset("@ - A -", there)], [rrset("@ 300 A -", here)], also)

    assert told(only(found)) == (
        "notice equivalent example.com. A web: It means the same; only what the provider calls the zone that its "
        "alias leads to differs."
    )
    assert found.verdict is Verdict.SAME
    routed = [rrset("@ - A -", here, Weighted(1), variant="one")]
    assert between([rrset("@ - A -", there, Weighted(1), variant="one")], routed, also).verdict is Verdict.SAME
    assert between([rrset("@ - A -", there, Weighted(2), variant="one")], routed, also).verdict is not Verdict.SAME


def test_a_cname_to_the_target_of_the_aliases_is_equivalent_both_ways() -> None:
    aliases = [rrset("www - A -", TARGET), rrset("www - AAAA -", TARGET)]
    cname = [rrset("www 60 CNAME lb.example.net.")]

    there, back = between(aliases, cname), between(cname, aliases)

    sentence = "It leads to the same target: as a provider's alias on one side, as a CNAME on the other."
    assert [told(difference) for difference in there.differences] == [
        f"notice equivalent www.example.com. A web: {sentence}",
        f"notice equivalent www.example.com. CNAME web: {sentence}",
        f"notice equivalent www.example.com. AAAA web: {sentence}",
    ]
    assert there.verdict is back.verdict is Verdict.SAME


def test_a_cname_elsewhere_is_not_equivalent_to_an_alias() -> None:
    found = between([rrset("www - A -", TARGET)], [rrset("www 60 CNAME other.example.net.")])

    assert [str(difference.kind) for difference in found.differences] == ["missing", "extra"]


def test_the_health_of_an_alias_target_is_a_part_of_it() -> None:
    careful = Alias(TARGET.target, TARGET.scope, evaluate_target_health=True)

    assert one([rrset("www - A -", careful)], [rrset("www - A -", TARGET)]).kind == "changed"


def test_a_weight_that_differs_is_a_change_of_its_variant() -> None:
    def sets(weight: int) -> list[RRset]:
        return [
            rrset("www 60 A 192.0.2.1", Weighted(90), variant="blue"),
            rrset("www 60 A 192.0.2.2", Weighted(weight), variant="green"),
        ]

    found = one(sets(10), sets(20))

    assert told(found) == (
        "warning changed www.example.com. A web: www.example.com is answered otherwise: (weighted "
        "weight=20) instead "
        "of (weighted weight=10)."
    )
    assert found.key.variant == "green"


def test_routed_sets_against_a_plain_one_lose_their_routing() -> None:
    routed = [
        rrset("www 60 A 192.0.2.1", Weighted(90), variant="blue"),
        rrset("www 60 A 192.0.2.2", Weighted(10), variant="green"),
    ]
    found = between(routed, [rrset("www 60 A 192.0.2.1")])

    assert [(d.kind, d.key.variant, d.severity) for d in found.differences] == [
        ("extra", "", "warning"),
        ("missing", "blue", "warning"),
        ("missing", "green", "warning"),
    ]
    assert "its routing is gone" in found.differences[1].impact


BLUE = rrset("www 60 A 192.0.2.1", Weighted(90), variant="blue")
GREEN = rrset("www 60 A 192.0.2.2", Weighted(10), variant="green")
PRIMARY = rrset("www 60 A 192.0.2.1", Failover("PRIMARY"), variant="blue")
STANDBY = rrset("www 60 A 192.0.2.2", Failover("SECONDARY"), variant="green")
DEFAULT = rrset("www 60 A 192.0.2.1", Geolocation(country="*"), variant="blue")
GERMANY = rrset("www 60 A 192.0.2.2", Geolocation(country="DE"), variant="green")
EACH = [rrset(f"www 60 A 192.0.2.{n}", MultiValueAnswer(), variant=v) for n, v in ((1, "blue"), (2, "green"))]
REGIONS = [rrset(f"www 60 A 192.0.2.{n}", Latency(v), variant=v) for n, v in ((1, "blue"), (2, "green"))]
CNAMES = [
    rrset("www 60 CNAME a.example.net.", Weighted(90), variant="blue"),
    rrset("www 60 CNAME b.example.net.", Weighted(10), variant="green"),
]


@pytest.mark.parametrize(
    ("routed", "plain", "blue", "green"),
    [
        ([BLUE, GREEN], "www 60 A 192.0.2.1\nwww 60 A 192.0.2.2", "warning", "warning"),
        ([BLUE, GREEN], "www 60 A 203.0.113.66", "error", "error"),
        ([BLUE, GREEN], "www 60 A 192.0.2.1", "warning", "warning"),
        ([BLUE, GREEN], "www 60 A 192.0.2.2", "error", "warning"),
        ([BLUE, GREEN], "www 60 A 192.0.2.1\nwww 60 A 203.0.113.66", "warning", "error"),
        ([BLUE, GREEN], "www 60 A 192.0.2.1\nwww 60 A 192.0.2.2\nwww 60 A 203.0.113.66", "warning", "warning"),
        ([BLUE, GREEN], "web 60 A 192.0.2.1\nwww 60 CNAME web", "warning", "warning"),
        ([BLUE, GREEN], "web 60 A 203.0.113.66\nwww 60 CNAME web", "error", "error"),
        ([BLUE, GREEN], "* 60 A 192.0.2.1", "error", "error"),
        (CNAMES, "www 60 CNAME a.example.net.", "warning", "warning"),
        (CNAMES, "www 60 CNAME b.example.net.", "error", "warning"),
        (CNAMES, "www 60 CNAME c.example.net.", "error", "error"),
        (CNAMES, "www 60 A 203.0.113.66", "warning", "warning"),  # where they lead is another zone's to say
        ([PRIMARY, STANDBY], "www 60 A 192.0.2.1", "warning", "warning"),
        ([PRIMARY, STANDBY], "www 60 A 192.0.2.2", "error", "warning"),
        ([PRIMARY, STANDBY], "www 60 A 203.0.113.66", "error", "error"),
        ([DEFAULT, GERMANY], "www 60 A 192.0.2.1", "warning", "warning"),
        ([DEFAULT, GERMANY], "www 60 A 192.0.2.2", "error", "warning"),
        (EACH, "www 60 A 192.0.2.1", "warning", "error"),
        (REGIONS, "www 60 A 192.0.2.1", "warning", "warning"),
        (REGIONS, "www 60 A 203.0.113.66", "error", "error"),
    ],
)
def test_a_plain_set_has_to_have_what_most_got_of_the_routed_ones(
    routed: list[RRset], plain: str, blue: str, green: str
) -> None:
    found = compare(zone("", *routed), zone(plain))

    severities = {d.key.variant: str(d.severity) for d in found.differences if d.key.variant}
    assert severities == {"blue": blue, "green": green}


def test_the_words_on_an_ordinary_set_in_the_place_of_routed_ones_are_true() -> None:
    def told_of(plain: str) -> list[str]:
        return [difference.impact for difference in compare(zone("", BLUE, GREEN), zone(plain)).differences]

    assert told_of("www 60 A 192.0.2.1\nwww 60 A 192.0.2.2") == [
        "www.example.com leads to 192.0.2.1 and 192.0.2.2 for everybody; so far its routing chose among 2 sets.",
        *["www.example.com gives everybody the same answer (192.0.2.1 and 192.0.2.2); its routing is gone."] * 2,
    ]
    assert told_of("www 60 A 203.0.113.66") == [
        "www.example.com leads to 203.0.113.66, and did not so far.",
        (
            "www.example.com leads to 203.0.113.66 instead of 192.0.2.1, one of its routed answers ('blue', "
            "weight 90 of 100)."
        ),
        (
            "www.example.com leads to 203.0.113.66 instead of 192.0.2.2, one of its routed answers ('green', "
            "weight 10 of 100)."
        ),
    ]
    assert told_of("www 60 A 192.0.2.2\nwww 60 A 192.0.2.1\nwww 60 A 203.0.113.66")[0] == (
        "www.example.com leads to 203.0.113.66 besides."
    )
    assert told_of("www 60 A 192.0.2.1")[2] == (
        "www.example.com no longer leads to 192.0.2.2, one of its routed answers ('green', weight 10 of 100), "
        "only to 192.0.2.1."
    )


def test_a_set_of_weight_0_was_answered_to_nobody() -> None:
    drained = rrset("www 60 A 192.0.2.3", Weighted(0), variant="red")

    gone = compare(zone("", BLUE, drained), zone("www 60 A 192.0.2.1"))
    put_in_use = compare(zone("", BLUE, drained), zone("www 60 A 192.0.2.3"))
    begun = compare(zone("www 60 A 192.0.2.3"), zone("", BLUE, drained))

    assert gone.differences[-1].impact == (
        "A routed answer of www.example.com that nobody got ('red', weight 0 of 90) is gone."
    )
    assert [d.severity for d in put_in_use.differences] == ["warning", "error", "warning"]
    assert put_in_use.differences[0].impact == "www.example.com leads to 192.0.2.3, and did not so far."
    assert begun.differences[0].severity == "error"
    assert begun.differences[0].impact == (
        "www.example.com is routed now, and leads to 192.0.2.1 ('blue', weight 90 of 90); nobody gets 192.0.2.3 "
        "any more."
    )


def test_mail_does_not_go_to_a_set_of_weight_0() -> None:
    mail = '@ 60 MX 10 www\n@ 60 TXT "v=spf1 a:www.example.com -all"'
    drained = rrset("www 60 A 192.0.2.3", Weighted(0), variant="red")

    found = compare(zone(mail, BLUE, drained), zone(f"{mail}\nwww 60 A 192.0.2.1"))

    assert [str(d.severity) for d in found.differences] == ["warning"] * 3
    assert [str(verdict.state) for verdict in found.mail] == ["same"]


def test_a_set_of_weight_0_is_the_standby_of_others_whose_health_is_watched() -> None:
    watched = rrset("www 60 A 192.0.2.1", Weighted(90), HealthCheck("h1"), variant="blue")
    spare = rrset("www 60 A 192.0.2.3", Weighted(0), variant="red")

    found = compare(zone("", watched, spare), zone("www 60 A 192.0.2.1"))

    assert [d.impact for d in found.differences[1:]] == [
        (
            "www.example.com gives everybody the same answer (192.0.2.1); its routing is gone. www.example.com is "
            "answered also while the server behind it is down: (health-check identifier='h1') is gone."
        ),
        (
            "www.example.com no longer leads to 192.0.2.3, one of its routed answers ('red', weight 0 of 90), "
            "only to 192.0.2.1."
        ),
    ]


def test_routing_that_begins_is_judged_by_the_addresses() -> None:
    def told_of(plain: str, *routed: RRset) -> list[tuple[str, str]]:
        found = compare(zone(plain), zone("", *routed))
        return [(str(d.severity), d.impact) for d in found.differences]

    leads = (
        "www.example.com is routed now, and leads to 192.0.2.1 ('blue', weight 90 of 100) or 192.0.2.2 ('green', "
        "weight 10 of 100)"
    )
    both = "192.0.2.1 and 192.0.2.2"
    assert told_of("www 60 A 192.0.2.1\nwww 60 A 192.0.2.2", BLUE, GREEN) == [
        ("warning", f"{leads}; so far everybody got {both}."),
        (
            "warning",
            (
                "www.example.com leads to 192.0.2.1 as before, by one of its routed answers ('blue', weight 90 of "
                "100)."
            ),
        ),
        (
            "warning",
            (
                "www.example.com leads to 192.0.2.2 as before, by one of its routed answers ('green', weight 10 "
                "of 100)."
            ),
        ),
    ]
    assert told_of("www 60 A 203.0.113.66", BLUE, GREEN)[:2] == [
        ("error", f"{leads}; nobody gets 203.0.113.66 any more."),
        (
            "warning",
            (
                "www.example.com leads to 192.0.2.1 by one of its routed answers ('blue', weight 90 of 100), and "
                "did not so far."
            ),
        ),
    ]
    assert told_of("www 60 A 192.0.2.2", PRIMARY, STANDBY)[0] == (
        "error",
        (
            "www.example.com is routed now, and leads to 192.0.2.1 ('blue', the primary) or 192.0.2.2 ('green', "
            "the standby); not everybody gets 192.0.2.2 any more."
        ),
    )


def test_what_points_at_a_routed_name_arrives_where_it_did() -> None:
    also = 'shop 60 CNAME www\n@ 60 TXT "v=spf1 a:www.example.com -all"'
    merged = "www 60 A 192.0.2.1\nwww 60 A 192.0.2.2"

    kept = compare(zone(also, BLUE, GREEN), zone(f"{also}\n{merged}"))
    lost = compare(zone(also, BLUE, GREEN), zone(f"{also}\nwww 60 A 203.0.113.66"))

    assert not any("arrives at another" in d.impact or "SPF" in d.impact for d in kept.differences)
    assert any(
        "shop.example.com points here and arrives at another address." in d.impact for d in lost.differences
    )


def test_a_proxy_before_an_ordinary_set_in_the_place_of_routed_ones_is_told() -> None:
    proxied = [rrset("www 60 A 192.0.2.1", Proxied())]

    (first, *_) = between([BLUE], proxied).differences

    assert "www.example.com is behind the new provider's proxy" in first.impact


def test_routed_aliases_are_judged_by_their_targets() -> None:
    routed = [rrset("www - A -", TARGET, Weighted(1), variant="blue")]
    other = Alias(absolute("other.example.net."), "Z1")

    assert [str(d.severity) for d in between(routed, [rrset("www - A -", TARGET)]).differences] == ["warning"] * 2
    elsewhere = between(routed, [rrset("www - A -", other)]).differences
    assert [str(d.severity) for d in elsewhere] == ["warning", "error"]
    changed = between(routed, [rrset("www 60 A 192.0.2.1")])
    assert told(changed.differences[1]) == (
        "error missing www.example.com. A web: www.example.com leads to 192.0.2.1 instead of the alias "
        "lb.example.net, one of its routed answers ('blue', weight 1 of 1)."
    )


def test_a_cname_to_where_a_routed_alias_leads_is_that_alias() -> None:
    standby = Alias(absolute("spare.example.net."), "Z1")
    routed = [
        rrset("www - A -", TARGET, Failover("PRIMARY"), variant="main"),
        rrset("www - A -", standby, Failover("SECONDARY"), variant="spare"),
    ]

    which = "one of its routed answers ('spare', the standby)"
    found = between(routed, [rrset("www 60 CNAME lb.example.net.")]).differences

    assert [told(each) for each in found if each.lost] == [
        f"warning missing www.example.com. A web: www.example.com {end}"
        for end in (
            "gives everybody the same answer (the alias lb.example.net); its routing is gone.",
            f"no longer leads to the alias spare.example.net, {which}, only to the alias lb.example.net.",
        )
    ]
    (lost, *_) = between(routed[::-1], [rrset("www 60 CNAME spare.example.net.")]).differences
    assert (str(lost.severity), lost.lost[0]) == ("error", "(alias to lb.example.net.)")


def test_other_types_than_hosts_are_told_as_answers() -> None:
    routed = [rrset('note 60 TXT "one"', Weighted(1), variant="blue")]

    found = between(routed, [rrset('note 60 TXT "two"')])

    assert any('note.example.com answers "two" instead of "one"' in d.impact for d in found.differences)
    assert not any("the old zone does not have it" in d.impact for d in found.differences)


@pytest.mark.parametrize(
    "record",
    [
        'TXT "a"',
        'TXT "google-site-verification=abc"',
        "SRV 1 1 1 a.example.net.",
        "PTR a.example.net.",
        'CAA 0 issue "ca.example.net"',
        "TLSA 3 1 1 " + "ab" * 32,
        'NAPTR 1 1 "S" "SIP+D2U" "" _sip._udp.example.net.',
    ],
)
def test_what_is_answered_as_before_is_not_said_to_be_gone(record: str) -> None:
    routed = [rrset(f"x 60 {record}", Weighted(1), variant=variant) for variant in "ab"]
    plain = [rrset(f"x 60 {record}")]

    for found in (between(routed, plain), between(plain, routed)):
        assert [str(each.severity) for each in found.differences] == ["warning"] * 3
        assert not any("gone" in told(each).replace("its routing is gone", "") for each in found.differences)


def test_a_routed_set_with_nothing_in_its_place_is_an_error() -> None:
    found = one([rrset("www 60 A 192.0.2.1", Weighted(90), variant="blue")], [])

    assert found.severity == "error"


def test_a_proxy_that_is_gone_shows_the_server_behind_it() -> None:
    found = one([rrset("www 300 A 192.0.2.1", Proxied())], [rrset("www 300 A 192.0.2.1")])

    assert told(found) == (
        "warning changed www.example.com. A web: www.example.com is no longer behind the old provider's proxy: "
        "visitors see and reach its own address, and what the proxy did (certificate, cache, protection) is gone."
    )


@pytest.mark.parametrize("said", [Proxied(enabled=False), ForRecord("192.0.2.1", Proxied(enabled=False))])
def test_a_record_that_is_said_to_have_no_proxy_is_a_record_without_one(said: Extra) -> None:
    """Cloudflare's export has `cf-proxied:false` behind every such record; no service says it."""
    silent, telling = rrset("www 300 A 192.0.2.1"), rrset("www 300 A 192.0.2.1", said)

    for found in (between([telling], [silent]), between([silent], [telling])):
        assert found.differences == ()


def test_a_health_check_that_is_gone_is_a_change() -> None:
    found = one([rrset("www 300 A 192.0.2.1", HealthCheck("h1"))], [rrset("www 300 A 192.0.2.1")])

    assert (found.kind, found.severity) == ("changed", "warning")
    assert found.lost == ("(health-check identifier='h1')",)


def test_an_unknown_setting_is_never_overlooked() -> None:
    found = one([rrset("www 300 A 192.0.2.1", Opaque("azure", "x", "1"))], [rrset("www 300 A 192.0.2.1")])

    assert (found.kind, found.severity) == ("changed", "warning")
    assert found.impact.startswith("A setting of the old provider for www.example.com is not on the new side: ")


def test_a_record_that_could_not_be_read_is_no_setting() -> None:
    unread = Opaque("azure", "properties.ARecords[]", "{}")
    found = one([rrset("www 300 A 192.0.2.1", unread)], [rrset("www 300 A 192.0.2.1")])

    assert (found.kind, found.severity) == ("changed", "warning")
    assert found.impact.startswith(
        "A record that could not be read of the old provider for www.example.com is not "
    )


def test_notes_are_no_difference_in_what_is_answered() -> None:
    found = one([rrset("www 300 A 192.0.2.1", Note("the old web server"))], [rrset("www 300 A 192.0.2.1")])

    assert told(found) == (
        "notice equivalent www.example.com. A web: It means the same; only notes, tags or settings that answer "
        "nothing differs."
    )


def weighted(address: str, weight: int, variant: str, ttl: int = 60, *also: Extra) -> RRset:
    return rrset(f"www {ttl} A {address}", Weighted(weight), *also, variant=variant)


ROUTED = [weighted("192.0.2.1", 90, "a"), weighted("192.0.2.2", 10, "b")]
SOONER = "; resolvers keep it for 30 seconds instead of 60."


def test_routed_sets_under_other_identifiers_are_the_same() -> None:
    found = between(ROUTED, [weighted("192.0.2.1", 90, "x"), weighted("192.0.2.2", 10, "y", 30)])

    assert found.verdict is Verdict.SAME
    assert [told(difference) for difference in found.differences] == [
        "notice equivalent www.example.com. A web: The same routed set is called 'x' on the new side.",
        f"notice equivalent www.example.com. A web: The same routed set is called 'y' on the new side{SOONER}",
        "notice equivalent www.example.com. A web: It is the routed set that the old side calls 'a'.",
        f"notice equivalent www.example.com. A web: It is the routed set that the old side calls 'b'{SOONER}",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Failover("PRIMARY"), Failover("SECONDARY")),
        (Latency("eu-west-1"), Latency("us-east-1")),
        (Geolocation(country="*"), Geolocation(country="DE")),
    ],
)
def test_other_kinds_of_routing_may_be_called_otherwise_too(old: Extra, new: Extra) -> None:
    here = [rrset("www 60 A 192.0.2.1", old, variant="a"), rrset("www 60 A 192.0.2.2", new, variant="b")]
    there = [rrset("www 60 A 192.0.2.1", old, variant="x"), rrset("www 60 A 192.0.2.2", new, variant="y")]
    exchanged = [rrset("www 60 A 192.0.2.1", new, variant="x"), rrset("www 60 A 192.0.2.2", old, variant="y")]

    assert between(here, there).verdict is Verdict.SAME
    assert {str(d.kind) for d in between(here, exchanged).differences} == {"missing", "extra"}


def test_identifiers_that_are_exchanged_are_no_other_routing() -> None:
    assert (
        between(ROUTED, [weighted("192.0.2.1", 90, "b"), weighted("192.0.2.2", 10, "a")]).verdict is Verdict.SAME
    )


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        # The weight, the answer, a health check: each makes it another set.
        ([weighted("192.0.2.1", 50, "x"), weighted("192.0.2.2", 10, "y")], ["missing", "extra"]),
        ([weighted("192.0.2.9", 90, "x"), weighted("192.0.2.2", 10, "y")], ["missing", "extra"]),
        (
            [weighted("192.0.2.1", 90, "x", 60, HealthCheck("h")), weighted("192.0.2.2", 10, "y")],
            ["missing", "extra"],
        ),
        # One that is gone, and one too many.
        ([weighted("192.0.2.2", 10, "y")], ["missing"]),
        (
            [weighted("192.0.2.1", 90, "x"), weighted("192.0.2.1", 90, "z"), weighted("192.0.2.2", 10, "y")],
            ["extra"],
        ),
        # Nobody can tell which of the three is which.
        ([weighted("192.0.2.2", 10, "a"), weighted("192.0.2.3", 10, "c")], ["changed", "missing", "extra"]),
    ],
)
def test_other_routing_under_other_identifiers_is_told(new: list[RRset], expected: list[str]) -> None:
    found = between(ROUTED, new)

    kinds = [str(difference.kind) for difference in found.differences if difference.kind != "equivalent"]
    assert kinds == expected
    assert found.verdict is Verdict.DIFFERENT


def cname(target: str, routing: Extra, variant: str) -> RRset:
    return rrset(f"www 60 CNAME {target}", routing, variant=variant)


CNAMES = [cname("blue", Weighted(10), "a"), cname("green", Weighted(90), "b")]
LED_TO = "blue 60 A 192.0.2.1\ngreen 60 A 192.0.2.2"
FOR_EVERYBODY = (
    "www.example.com keeps fixed addresses ({}) for everybody instead of following {}.example.com, one of "
)
BY_BLUE = FOR_EVERYBODY + "its routed answers ('a', weight 10 of 100)"
BY_GREEN = FOR_EVERYBODY + "its routed answers ('b', weight 90 of 100)"
STAYS = "; it stays behind when that moves."


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        # What most got is lost: an error, though the first of the sets is answered still.
        (
            "192.0.2.1",
            [
                "warning A: www.example.com leads to 192.0.2.1 itself, and so far by the CNAME blue.example.com.",
                f"warning CNAME: {BY_BLUE.format('192.0.2.1', 'blue')}{STAYS}",
                f"error CNAME: {BY_GREEN.format('192.0.2.1', 'green')}, and no longer leads to 192.0.2.2.",
            ],
        ),
        (
            "192.0.2.2",
            [
                "warning A: www.example.com leads to 192.0.2.2 itself, and so far by the CNAME green.example.com.",
                f"warning CNAME: {BY_BLUE.format('192.0.2.2', 'blue')}, and no longer leads to 192.0.2.1.",
                f"warning CNAME: {BY_GREEN.format('192.0.2.2', 'green')}{STAYS}",
            ],
        ),
        # Nobody was sent there.
        (
            "192.0.2.9",
            [
                "warning A: www.example.com leads to 192.0.2.9, and did not so far.",
                f"error CNAME: {BY_BLUE.format('192.0.2.9', 'blue')}, and no longer leads to 192.0.2.1.",
                f"error CNAME: {BY_GREEN.format('192.0.2.9', 'green')}, and no longer leads to 192.0.2.2.",
            ],
        ),
    ],
)
def test_addresses_in_the_place_of_routed_cnames_are_compared_with_each(address: str, expected: list[str]) -> None:
    found = between(CNAMES, [rrset(f"www 60 A {address}")], LED_TO)

    assert [f"{d.severity} {d.key.rdtype.name}: {d.impact}" for d in found.differences] == expected


def test_addresses_in_the_place_of_routed_cnames_to_other_zones_are_not_said_to_be_new() -> None:
    outside = [
        cname("a.example.net.", Failover("PRIMARY"), "a"),
        cname("b.example.net.", Failover("SECONDARY"), "b"),
    ]
    plain = "www.example.com keeps fixed addresses (192.0.2.1) for everybody instead of following "
    either = "a.example.net or b.example.net"

    found = between(outside, [rrset("www 60 A 192.0.2.1")])

    assert [f"{d.severity}: {d.impact}" for d in found.differences] == [
        f"warning: www.example.com leads to 192.0.2.1 itself, and so far wherever {either} did.",
        f"warning: {plain}a.example.net, one of its routed answers ('a', the primary){STAYS}",
        f"warning: {plain}b.example.net, one of its routed answers ('b', the standby){STAYS}",
    ]


def test_a_routed_cname_that_nobody_got_is_told_so() -> None:
    idle = [cname("blue", Weighted(1), "a"), cname("green", Weighted(0), "b")]

    found = between(idle, [rrset("www 60 A 192.0.2.1")], LED_TO)

    assert "that nobody got ('b', weight 0 of 1) is gone" in found.differences[-1].impact
    assert {str(d.severity) for d in found.differences} == {"warning"}


def test_routed_cnames_in_the_place_of_an_address_are_followed_all() -> None:
    found = between([rrset("www 60 A 192.0.2.9")], CNAMES, LED_TO).differences[0]

    assert told(found) == (
        "error missing www.example.com. A web: www.example.com leads wherever green.example.com or "
        "blue.example.com does: to 192.0.2.2 and 192.0.2.1 instead of 192.0.2.9."
    )


def test_latency_that_led_elsewhere_is_an_error() -> None:
    routed = [cname("blue", Latency("eu-west-1"), "a"), cname("green", Latency("us-east-1"), "b")]

    found = between(routed, [rrset("www 60 A 192.0.2.9")], LED_TO)

    assert [str(d.severity) for d in found.differences] == ["warning", "error", "error"]
