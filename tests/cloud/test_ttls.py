"""`ttl lower` and `ttl restore` at the three fakes, each with a zone of everything that the provider holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.model.names import absolute
from migrator.model.zone import ZoneSnapshot
from migrator.ttls.originals import longest_ttl
from migrator.workflow.world import open_world
from providers import parse_locator
from tests.cloud.feature_zones import make_feature_zone
from tests.cloud.round_trips import Clouds, run, three_clouds
from tests.importing.test_ttl_interruptions import HINTS, PROFILE

PROVIDERS = ("route53", "azure", "cloudflare")
# Nobody answers for these zones: what the API has is proved, what is served is not.
UNCHECKED = 3


@pytest.fixture
def clouds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clouds]:
    (tmp_path / "network.toml").write_text(PROFILE)
    (tmp_path / "named.root").write_text(HINTS)
    with three_clouds(tmp_path) as running:
        monkeypatch.setenv("DNS_MIGRATOR_NETWORK", "network.toml")
        yield running


def read(locator: str) -> ZoneSnapshot:
    return open_world(None).read(parse_locator(locator)).snapshot


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_zone_with_everything_is_lowered_and_comes_back_to_the_letter(
    clouds: Clouds, tmp_path: Path, provider: str
) -> None:
    where = make_feature_zone(clouds, provider, tmp_path / "example.com.zone")
    before = read(where)

    done = run("ttl", "lower", "example.com", "--from", where, "--yes", "--wait", "0", "--format", "json")
    low = read(where)

    (zone,) = done.json["zones"]
    assert (done.code, zone["applied"], zone["verified"], zone["shown"]) == (UNCHECKED, True, True, None), done.err
    assert zone["unasked"] == "no address of a name server of the zone could be found"
    kept = {(absolute(each["owner"]), each["rdtype"], each["variant"]) for each in zone["kept"]}
    high = {
        (each.owner, each.rdtype.name, each.key.variant) for each in low.rrsets if (longest_ttl(each) or 0) > 300
    }
    assert high <= kept
    assert len(zone["changes"]) > 10
    assert {each["outcome"] for each in zone["changes"]} == {"done"}

    back = run("ttl", "restore", "example.com", "--yes", "--wait", "0", "--format", "json")
    (restored,) = back.json["zones"]
    assert (restored["verified"], restored["changed_since"], restored["gone"]) == (True, [], []), back.err
    assert read(where).digest() == before.digest()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_second_time_nothing_is_written(clouds: Clouds, tmp_path: Path, provider: str) -> None:
    where = make_feature_zone(clouds, provider, tmp_path / "example.com.zone")
    lower = ("ttl", "lower", "example.com", "--from", where, "--yes", "--wait", "0", "--format", "json")
    run(*lower)
    before = clouds.writes()

    (zone,) = run(*lower).json["zones"]

    assert (zone["changes"], clouds.writes()) == ([], before)
