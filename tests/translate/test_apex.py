"""The SOA and the NS set of the apex, of which each provider has its own."""

from dataclasses import replace

import pytest
from dns.rdata import GenericRdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.capabilities import Capabilities
from migrator.model.extras import Metadata
from migrator.model.rrset import RRset
from migrator.translate import Relation, Translation, translate
from providers.cloudflare.capabilities import of_plan
from tests.snapshots import NS, SOA, name, rrset, zone
from tests.translate.targets import AZURE, CLOUDFLARE, ROUTE53, TARGETS
from tests.translate.telling import lost, told

ASSIGNED = (name("ns1-01.azure-dns.example."), name("ns2-01.azure-dns.example."))
OWN_SOA = rrset("@", "SOA", "ns1-01.azure-dns.example. hostmaster.example.com. 1 3600 300 2419200 300", ttl=3600)
OWN_NS = rrset("@", "NS", *(str(found) for found in ASSIGNED), ttl=172800)
OWN_LINES = [
    "@ 3600 SOA ns1-01.azure-dns.example. hostmaster.example.com. 1 3600 300 2419200 300",
    "@ 172800 NS ns1-01.azure-dns.example. | ns2-01.azure-dns.example.",
]
BOTH = "ns1-01.azure-dns.example. | ns2-01.azure-dns.example."
SOA_LINE = "@ 900 SOA ns1.example.net. hostmaster.example.org. 1 7200 900 1209600 300"
NS_LINE = "@ 900 NS ns1.example.net. | ns2.example.net."
JOINED = "@ 900 SOA ns1-01.azure-dns.example. hostmaster.example.org. 1 7200 900 1209600 300"
ALL = {"translated"}


def ends(found: Translation) -> list[str]:
    return [str(entry.fate) for entry in found.ledger]


def test_the_targets_sets_stay_with_the_sources_timers_and_contact() -> None:
    found = translate(zone(), AZURE, assigned=ASSIGNED, target_apex=(OWN_SOA, OWN_NS))

    assert (told(found, apex=True), lost(found), ends(found)) == ([JOINED, OWN_LINES[1]], [], ["translated"] * 2)
    assert found.desired.name_servers == ASSIGNED


def test_what_cannot_be_set_in_the_soa_is_a_notice() -> None:
    found = translate(zone(), CLOUDFLARE, target_apex=(OWN_SOA, OWN_NS))

    assert (told(found, apex=True), lost(found)) == (OWN_LINES, ["notice @ SOA soa-values"])
    assert found.losses[0].message == (
        "The SOA's rname hostmaster.example.org, refresh 7200, retry 900, expire 1209600 cannot be set at "
        "Cloudflare, which keeps its own."
    )


@pytest.mark.parametrize(
    "contact", ["awsdns-hostmaster.amazon.com.", "azuredns-hostmaster.microsoft.com.", "dns.cloudflare.com."]
)
def test_the_contact_of_another_provider_is_nobodys_own(contact: str) -> None:
    source = zone(rrset("@", "SOA", f"ns1.example.net. {contact} 1 3600 300 2419200 300", ttl=3600), NS, bare=True)

    assert told(translate(source, AZURE, target_apex=(OWN_SOA, OWN_NS)), apex=True) == OWN_LINES


def test_a_zone_that_does_not_exist_yet_writes_its_own() -> None:
    found = translate(zone(), ROUTE53)

    assert (told(found, apex=True), lost(found), ends(found)) == ([], [], ["translated"] * 2)
    assert {entry.reason for entry in found.ledger} == {
        "Route 53 has its own SOA set.",
        "Route 53 has its own NS set.",
    }


def test_assigned_name_servers_are_enough_for_the_ns_set() -> None:
    found = translate(zone(), ROUTE53, assigned=ASSIGNED)

    assert told(found, apex=True) == [f"@ 900 NS {BOTH}"]


def test_a_zone_file_takes_both_sets_as_they_are() -> None:
    found = translate(zone(), TARGETS["file"])

    assert (told(found, apex=True), ends(found)) == ([SOA_LINE, NS_LINE], ["copied"] * 2)


def test_a_provider_that_has_the_same_sets_already_copies_them() -> None:
    found = translate(zone(), AZURE, target_apex=(SOA, NS))

    assert ends(found) == ["copied"] * 2


def test_the_targets_own_sets_are_there_where_the_source_has_none() -> None:
    found = translate(zone(bare=True), AZURE, target_apex=(OWN_SOA, OWN_NS))

    assert (told(found, apex=True), found.ledger) == (OWN_LINES, ())


DUAL = zone(SOA, rrset("@", "NS", "ns1.example.net.", "ns2.other.example.", ttl=900), bare=True)
DUAL_ASSIGNED = replace(DUAL, name_servers=(name("ns1.example.net."),))
VANITY = replace(DUAL, name_servers=(name("a.assigned.example."),))
WITH_OTHER = f"{BOTH} | ns2.other.example."


@pytest.mark.parametrize(
    ("target", "apex", "line", "losses"),
    [
        (ROUTE53, (OWN_NS,), f"@ 172800 NS {WITH_OTHER}", []),
        (AZURE, (OWN_NS,), f"@ 172800 NS {WITH_OTHER}", []),
        (AZURE, (), f"@ 900 NS {WITH_OTHER}", []),
        (CLOUDFLARE, (OWN_NS,), f"@ 172800 NS {BOTH}", ["warning @ NS extra-name-servers"]),
    ],
)
def test_name_servers_of_other_providers_stay_in_the_set(
    target: Capabilities, apex: tuple[RRset, ...], line: str, losses: list[str]
) -> None:
    found = translate(DUAL_ASSIGNED, target, assigned=ASSIGNED, target_apex=apex)
    names = sorted(line.split(" NS ")[1].split(" | "))

    (shown,) = (text for text in told(found, apex=True) if " NS " in text)
    assert (shown.split(" NS ")[0], sorted(shown.split(" NS ")[1].split(" | "))) == (
        line.split(" NS ", maxsplit=1)[0],
        names,
    )
    assert [loss for loss in lost(found) if "SOA" not in loss] == losses


def test_names_that_nobody_assigned_are_replaced_and_told() -> None:
    found = translate(VANITY, ROUTE53, target_apex=(OWN_NS,))

    assert (told(found, apex=True), lost(found)) == ([OWN_LINES[1]], ["warning @ NS own-name-servers"])


def test_names_of_a_source_that_assigns_none_are_the_old_providers() -> None:
    found = translate(DUAL, ROUTE53, target_apex=(OWN_NS,))

    assert (told(found, apex=True), lost(found)) == ([OWN_LINES[1]], [])


def test_what_was_noted_of_the_sources_sets_comes_along_or_is_told() -> None:
    noted = replace(NS, extras=(Metadata("who", "web"), Metadata("since", "1")))
    own = replace(OWN_NS, extras=(Metadata("who", "us"), Metadata("cost", "17")))
    there = translate(zone(SOA, noted, bare=True), AZURE, assigned=ASSIGNED, target_apex=(OWN_SOA, own))
    lost_there = translate(zone(SOA, noted, bare=True), ROUTE53, assigned=ASSIGNED, target_apex=(OWN_SOA, OWN_NS))
    not_yet = translate(zone(SOA, noted, bare=True), ROUTE53)

    assert told(there, apex=True)[1] == (
        f'@ 172800 NS {BOTH} [metadata name="cost" text="17"] [metadata name="who" text="web"] '
        '[metadata name="since" text="1"]'
    )
    assert lost(there) == []
    assert "notice @ NS notes-lost" in lost(lost_there)
    (loss,) = [loss for loss in lost_there.losses if loss.what == "notes-lost"]
    assert loss.message == "Route 53 has no place for what was noted of the set: who=web, since=1."
    assert lost(not_yet) == ["notice @ NS notes-lost"]


def test_what_the_target_noted_of_its_own_sets_stays() -> None:
    noted = replace(OWN_NS, extras=(Metadata("team", "dns"),))
    found = translate(DUAL_ASSIGNED, AZURE, target_apex=(noted,))

    assert told(found, apex=True)[0].endswith('[metadata name="team" text="dns"]')


ENTERPRISE = of_plan("enterprise")
TIMERS: dict[str, tuple[int, str, str, str]] = {
    "too short": (
        60,
        "30 900 600 5",
        "300 SOA ns1-01.azure-dns.example. hostmaster.example.org. 1 600 900 86400 60",
        "refresh 30 becomes 600, expire 600 becomes 86400, minimum 5 becomes 60, TTL 60 becomes 300",
    ),
    "too long": (
        604800,
        "7200 900 3600000 604800",
        "86400 SOA ns1-01.azure-dns.example. hostmaster.example.org. 1 7200 900 2419200 86400",
        "expire 3600000 becomes 2419200, minimum 604800 becomes 86400, TTL 604800 becomes 86400",
    ),
    "just right": (
        300,
        "600 600 86400 60",
        "300 SOA ns1-01.azure-dns.example. hostmaster.example.org. 1 600 600 86400 60",
        "",
    ),
}


@pytest.mark.parametrize("row", TIMERS)
def test_timers_of_the_soa_are_as_near_as_the_target_takes_them(row: str) -> None:
    ttl, timers, desired, moved = TIMERS[row]
    source = zone(rrset("@", "SOA", f"ns1.example.net. hostmaster 1 {timers}", ttl=ttl), NS, bare=True)
    found = translate(source, ENTERPRISE, target_apex=(OWN_SOA, OWN_NS))

    assert told(found, apex=True)[0] == f"@ {desired}"
    said = [f"The SOA's {moved}, the nearest that Cloudflare takes."] if moved else []
    assert [loss.message for loss in found.losses] == said


@pytest.mark.parametrize("octets", [b"\1\2", b""])
def test_an_soa_that_nobody_can_read_leaves_the_targets_as_it_is(octets: bytes) -> None:
    data = (GenericRdata(RdataClass.IN, RdataType.SOA, octets),) if octets else ()
    source = zone(RRset(SOA.key, 900, data), bare=True)

    assert told(translate(source, AZURE, target_apex=(OWN_SOA,)), apex=True) == OWN_LINES[:1]


def test_a_zone_that_goes_back_to_itself_is_copied_whole() -> None:
    source = replace(zone(rrset("x", "A", "192.0.2.1", ttl=0)), source="cloudflare:example.org")
    found = translate(source, CLOUDFLARE, relation=Relation.SAME_ZONE)

    assert (found.desired, set(ends(found)), found.losses) == (source, {"copied"}, ())
