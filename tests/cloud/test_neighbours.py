"""Some sets, or some records of one, go: what stays beside them is right, and what falls with them is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.demo.clouds.azure import SUBSCRIPTION
from tests.cloud.round_trips import OLD, Clouds, imported, run, three_clouds, words_of


@pytest.fixture
def clouds(tmp_path: Path) -> Iterator[Clouds]:
    with three_clouds(tmp_path) as running:
        yield running


@pytest.mark.parametrize("target", ["cloudflare", "route53", "azure"])
def test_what_stands_beside_a_record_of_email_routing_keeps_its_own_ttl_and_comment(
    clouds: Clouds, target: str
) -> None:
    account = clouds.cloudflare.account
    old, new = account.create("example.com", plan="pro"), account.create("example.com", plan="pro")
    owned = {"meta": {"email_routing": True, "read_only": True}, "ttl": 1}
    old.put({"type": "TXT", "name": "example.com", "content": '"v=spf1 ~all"', **owned})
    old.seed({"type": "TXT", "name": "@", "content": '"proof=1"', "ttl": 3600, "comment": "for the shop"})
    locator = {
        "cloudflare": f"cloudflare:example.com?zone-id={new.identifier}",
        "route53": "route53:example.com",
        "azure": f"azure:example.com?resource-group={OLD}",
    }[target]

    found = imported(
        clouds, f"cloudflare:example.com?zone-id={old.identifier}", locator, "--accept", "managed-record"
    )

    words = {word for subject, word in words_of(found) if subject == "@ TXT"}
    assert words == {"managed-record"} | {"route53": {"notes-lost"}, "azure": {"notes-converted"}}.get(
        target, set()
    )
    if target == "cloudflare":
        assert [(raw["content"], raw["ttl"], raw["comment"]) for raw in new.records] == [
            ('"proof=1"', 3600, "for the shop")
        ]
    ttls = [change["new"]["ttl"] for change in found["changes"] if change["rdtype"] == "TXT"]
    assert ttls == [3600]


HEAD = "$ORIGIN example.com.\n$TTL 300\n@ SOA ns1.example.net. h 1 7200 900 1209600 300\n@ NS ns1.example.net.\n"


def test_an_alias_that_stays_while_its_set_gives_way_to_a_cname_is_told(clouds: Clouds, tmp_path: Path) -> None:
    (tmp_path / "s.zone").write_text(HEAD + "www CNAME web.example.net.\n")
    zone = clouds.azure.cloud.create(SUBSCRIPTION, OLD, "example.com")
    zone.put("www", "A", ARecords=[{"ipv4Address": "192.0.2.1"}])
    zone.put("shop", "A", targetResource={"id": f"{zone.identifier}/A/www"})

    planned = run("import", "s.zone", "azure:example.com", "--delete-conflicting", "--dry-run")

    assert planned.code == 0, planned.err
    assert "shop.example.com. A is an alias to www.example.com A, which goes" in " ".join(planned.out.split())


def test_a_delegation_that_gives_way_at_cloudflare_goes_with_its_ds(clouds: Clouds, tmp_path: Path) -> None:
    (tmp_path / "s.zone").write_text(HEAD + "sub A 192.0.2.7\n")
    zone = clouds.cloudflare.account.create("example.com")
    zone.seed({"type": "NS", "name": "sub", "content": "ns1.example.net"})
    zone.seed({"type": "DS", "name": "sub", "content": f"1 13 2 {'ab' * 32}"})
    there = list(zone.records)
    refused = run("import", "s.zone", "cloudflare:example.com", "--yes", "--format", "json")
    assert (refused.code, [each["existing"]["rdtype"] for each in refused.json["conflicts"]]) == (4, ["NS", "DS"])

    imported(clouds, "s.zone", "cloudflare:example.com", "--delete-conflicting")
    assert [(raw["type"], raw["content"]) for raw in zone.records] == [("A", "192.0.2.7")]
    back = run("rollback", "example.com", "--yes", "--format", "json")
    assert (back.code, back.json["verified"]) == (0, True), back.err
    assert [(raw["type"], raw["content"]) for raw in zone.records] == [(r["type"], r["content"]) for r in there]


def test_the_comment_of_the_only_record_that_stays_stays_with_it(clouds: Clouds, tmp_path: Path) -> None:
    (tmp_path / "s.zone").write_text(HEAD + "www A 192.0.2.1\n")
    zone = clouds.cloudflare.account.create("example.com")
    zone.seed({"type": "A", "name": "www", "content": "192.0.2.1", "ttl": 60, "comment": "web"})
    zone.seed({"type": "A", "name": "www", "content": "192.0.2.2", "ttl": 60})

    imported(clouds, "s.zone", "cloudflare:example.com")

    assert [(raw["content"], raw["ttl"], raw["comment"]) for raw in zone.records] == [("192.0.2.1", 300, "web")]


def test_an_alias_that_led_nowhere_does_not_hold_up_a_rollback(clouds: Clouds, tmp_path: Path) -> None:
    (tmp_path / "s.zone").write_text(HEAD + "www A 192.0.2.2\nnew A 192.0.2.3\n")
    zone = clouds.route53.account.create("example.com")
    nowhere = {"HostedZoneId": zone.identifier, "DNSName": "gone.example.com.", "EvaluateTargetHealth": False}
    zone.put({"Name": "www.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]})
    zone.put({"Name": "lost.example.com", "Type": "A", "AliasTarget": nowhere})
    done = run("import", "s.zone", "route53:example.com", "--delete", "--allow-mass-delete", "--yes")
    assert done.code == 0, done.err

    back = run("rollback", "example.com", "--yes", "--format", "json")

    assert (back.code, "leads to gone.example.com. A, which is not there" in back.err) == (3, True)
    assert {change["owner"]: change["outcome"] for change in back.json["changes"]} == {
        "lost.example.com.": "failed",
        "www.example.com.": "done",
        "new.example.com.": "done",
        "example.com.": "done",
    }
    assert [raw["Name"] for raw in zone.listed() if raw["Type"] == "A"] == ["www.example.com."]
