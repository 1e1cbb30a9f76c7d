"""Aliases, routed sets, proxies: compared by what they mean, also against plain records."""

import pytest

from migrator.diff import Difference, Verdict, ZoneDiff, compare
from migrator.model.extras import Alias, Extra, ForRecord, HealthCheck, Note, Opaque, Proxied, Weighted
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
