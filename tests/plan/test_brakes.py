"""Brakes: on above the limit and not at it, each with the flag that names its risk."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from migrator.model.change import Change, Replace
from migrator.model.finding import Finding, Position, Severity
from migrator.model.rrset import RRset
from migrator.plan import (
    LIMITS,
    Brake,
    Deletions,
    Limits,
    Risk,
    left_out,
    make_plan,
    publishing_brakes,
    reading_brakes,
)
from migrator.zonefile.capabilities import ZONE_FILE
from tests.snapshots import rrset, zone
from tests.translate.targets import AZURE, ROUTE53


def hosts(number: int, address: str = "192.0.2.1") -> list[RRset]:
    return [rrset(f"h{n:03}", "A", address) for n in range(number)]


def risks(existing: list[RRset], desired: list[RRset], approved: Collection[Change] = ()) -> list[Risk]:
    plan = make_plan(
        zone(*existing), zone(*desired), ROUTE53, deletions=Deletions(all=True), approved=frozenset(approved)
    )
    return [brake.risk for brake in plan.brakes]


def test_the_limits_are_those_that_people_know() -> None:
    assert Limits(replaced_percent=30, deleted_percent=30, least=10) == LIMITS


@pytest.mark.parametrize(
    ("total", "replaced", "stopped"),
    [(10, 3, False), (10, 4, True), (100, 30, False), (100, 31, True), (9, 9, False), (1, 1, False)],
)
def test_a_share_of_replacements_stops_above_its_limit(total: int, replaced: int, *, stopped: bool) -> None:
    existing = hosts(total)
    desired = [*hosts(replaced, "192.0.2.2"), *existing[replaced:]]

    assert risks(existing, desired) == ([Risk.MASS_REPLACE] if stopped else [])


@pytest.mark.parametrize(
    ("total", "deleted", "stopped"),
    [(10, 3, False), (10, 4, True), (100, 30, False), (100, 31, True), (9, 9, False)],
)
def test_a_share_of_deletions_stops_above_its_limit(total: int, deleted: int, *, stopped: bool) -> None:
    existing = hosts(total)

    assert risks(existing, existing[deleted:]) == ([Risk.MASS_DELETE] if stopped else [])


def test_creations_stop_nothing() -> None:
    assert risks(hosts(10), hosts(500)) == []


def test_the_limits_are_data() -> None:
    plan = make_plan(
        zone(*hosts(2)), zone(*hosts(2, "192.0.2.2")), ROUTE53, limits=Limits(replaced_percent=99, least=2)
    )

    assert plan.brakes == (
        Brake(
            Risk.MASS_REPLACE,
            "2 of the 2 sets that the target has would be replaced: 100 %, where more than 99 % is unusual. Is it "
            "the right zone?",
        ),
    )
    assert plan.brakes[0].flag == "--allow-mass-replace"


def test_what_an_interrupted_import_was_allowed_is_not_asked_again() -> None:
    existing, desired = hosts(20), hosts(20, "192.0.2.2")
    approved = [Replace(one, other) for one, other in zip(existing, desired, strict=True)]

    assert risks(existing, desired) == [Risk.MASS_REPLACE]
    assert risks(existing, desired, approved) == []
    assert risks(existing, desired, approved[:14]) == []
    assert risks(existing, desired, approved[:13]) == [Risk.MASS_REPLACE]


NS_MORE = rrset("@", "NS", "ns1.example.net.", "ns2.example.net.", "ns9.example.com.", ttl=900)
SOA = rrset("@", "SOA", "ns1.example.net. hostmaster 1 7200 900 1209600 300", ttl=900)

NS_WORDS = (
    "The NS set of the apex would change from ns1.example.net, ns2.example.net to ns1.example.net, "
    "ns2.example.net, ns9.example.com: resolvers follow it, and a name server in it that does not serve the zone "
    "loses answers."
)


def test_another_ns_set_at_the_apex_stops_a_zone_in_use() -> None:
    plan = make_plan(zone(*hosts(1)), zone(SOA, NS_MORE, *hosts(1), bare=True), ROUTE53)

    assert [brake.message for brake in plan.brakes] == [NS_WORDS]
    assert plan.brakes[0].flag == "--allow-apex-ns"


def test_a_zone_that_nobody_uses_has_no_brakes() -> None:
    assert make_plan(zone(), zone(SOA, NS_MORE, *hosts(20), bare=True), ROUTE53).brakes == ()


def test_a_delegation_is_no_apex() -> None:
    there, then = rrset("sub", "NS", "ns1.example.net."), rrset("sub", "NS", "ns2.example.net.")

    assert risks([there], [then]) == []


SIGNED = {
    "a signature": rrset("www", "RRSIG", "A 13 3 300 20300101000000 20200101000000 1 example.org. AAAA"),
    "a key of its own": rrset("@", "DNSKEY", "256 3 13 AAAA"),
    "a chain": rrset("@", "NSEC", "www.example.org. A"),
}


@pytest.mark.parametrize("case", SIGNED)
def test_a_signed_target_stops(case: str) -> None:
    plan = make_plan(zone(SIGNED[case]), zone(SIGNED[case], *hosts(1)), ROUTE53)

    assert [brake.flag for brake in plan.brakes] == ["--allow-signed-zone"]


def test_a_signed_target_with_nothing_to_write_does_not_stop() -> None:
    assert make_plan(zone(SIGNED["a signature"]), zone(), ROUTE53).brakes == ()


def test_a_target_that_its_provider_signs_stops_too() -> None:
    signing = replace(ROUTE53, signing="SIGNING")
    plan = make_plan(zone(*hosts(1)), zone(*hosts(2)), signing)

    assert [brake.flag for brake in plan.brakes] == ["--allow-signed-zone"]
    assert "Route 53 signs the target zone itself (DNSSEC: SIGNING)" in plan.brakes[0].message
    assert make_plan(zone(*hosts(1)), zone(*hosts(1)), signing).brakes == ()
    assert make_plan(zone(), zone(*hosts(1)), signing).brakes == ()


def test_the_ds_of_a_sub_zone_signs_nothing() -> None:
    ds = rrset("sub", "DS", "1 13 2 " + "00" * 32)

    assert risks([ds], [ds, *hosts(1)]) == []


UNREAD = Finding("zonefile.unreadable-rdata", Severity.ERROR, "bad.", "The line ...", Position("a.zone", 9))
DOUBTFUL = Finding(
    "zonefile.doubtful-rdata", Severity.ERROR, "bad.", "Servers refuse this.", Position("a.zone", 3)
)
WARNING = Finding("zonefile.unreadable-rdata", Severity.WARNING, "bad.", "...", Position("a.zone", 4))
OTHER = Finding("route53.unreadable", Severity.ERROR, "bad.", "carried as it came")


def test_lines_that_could_not_be_read_stop_on_either_side() -> None:
    found = list(reading_brakes([UNREAD, DOUBTFUL, WARNING, OTHER], [UNREAD]))

    assert left_out([UNREAD, DOUBTFUL, WARNING, OTHER]) == (UNREAD,)
    assert [(brake.flag, "a.zone:9" in brake.message) for brake in found] == [
        ("--allow-broken-source", True),
        ("--allow-broken-target", True),
    ]
    assert list(reading_brakes([DOUBTFUL, WARNING, OTHER], [])) == []


def test_a_transfer_that_broke_off_stops_at_the_source_only() -> None:
    torn = Finding("zonefile.incomplete", Severity.ERROR, "a.", "The transfer broke off.", Position("a.zone", 3))
    (brake,) = reading_brakes([UNREAD, torn], [torn])

    assert (brake.flag, brake.message) == (
        "--allow-broken-source",
        (
            "a.zone:3: The transfer broke off. What is missing here would be missing at the target. Read the "
            "source again first."
        ),
    )


def test_a_source_of_which_not_all_was_listed_stops() -> None:
    said = "Route 53 counts 12 record sets in the zone and listed 2, 3 times over: not all of them are here."
    short = Finding("route53.incomplete", Severity.ERROR, "example.org.", said)
    (brake,) = reading_brakes([OTHER, short, UNREAD], [short])

    assert (brake.flag, brake.message) == (
        "--allow-broken-source",
        f"{said} What is missing here would be missing at the target. Read the source again first.",
    )


def test_a_source_that_is_by_its_kind_only_a_part_stops() -> None:
    said = "Cloudflare holds only the names that lead to its proxy."
    part = Finding("cloudflare.partial-zone", Severity.WARNING, "example.org.", said, remedy="Read the other one.")
    (brake,) = reading_brakes([part], [part])

    assert (brake.flag, brake.message) == (
        "--allow-broken-source",
        f"{said} What is missing here would be missing at the target. Read the other one.",
    )


@pytest.mark.parametrize("check", ["zonefile.no-ttl", "zonefile.origin-without-dot"])
def test_what_is_read_by_a_guess_stops_at_the_source_only(check: str) -> None:
    guess = Finding(check, Severity.ERROR, "a.", "BIND refuses the file.", Position("a.zone", 3))
    (brake,) = reading_brakes([guess], [guess])

    assert (brake.flag, brake.message) == (
        "--allow-broken-source",
        "a.zone:3: BIND refuses the file. What is read by a guess would be written by it; mend the source first.",
    )
    assert [brake.flag for brake in reading_brakes([UNREAD, guess], [])] == ["--allow-broken-source"]
    assert list(reading_brakes([replace(guess, severity=Severity.WARNING)], [])) == []


@pytest.mark.parametrize("check", ["route53.private-zone", "azure.private-zone", "cloudflare.internal-zone"])
def test_a_zone_that_only_a_private_network_sees_is_not_published_by_the_way(check: str) -> None:
    found = [Finding(check, Severity.WARNING, "example.org.", "The zone is private.")]
    (brake,) = publishing_brakes(found, AZURE)

    assert (brake.flag, "at Azure DNS everybody would" in brake.message) == ("--allow-private-source", True)
    assert list(publishing_brakes(found, ZONE_FILE)) == []
    assert list(publishing_brakes([OTHER], AZURE)) == []
