"""Some sets, or some records of one, go: what stays beside them is right, and what falls with them is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.round_trips import OLD, Clouds, imported, three_clouds, words_of


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
