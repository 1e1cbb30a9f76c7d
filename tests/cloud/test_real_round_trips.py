"""Real zones of other people: from their file to a provider, and on to the next one, in all nine directions.

Each zone takes one of the directions; with DNS_MIGRATOR_ALL_ZONES=1 each takes all of them (a quarter of an hour).
"""

import functools
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.loaders import JSONFileLoader
from publicsuffixlist import PublicSuffixList

from tests.cloud.round_trips import NEW, OLD, Clouds, imported, three_clouds

PROVIDERS = ("route53", "azure", "cloudflare")
JOURNEYS = tuple(itertools.product(PROVIDERS, PROVIDERS))
# All that real zones lose: that a domain takes no mail; the timers of the SOA, and TTLs below a minute.
LOST = {"azure": {"null-mx"}, "cloudflare": {"soa-values", "ttl-raised"}, "route53": set[str]()}
# Cloudflare makes zones of registered domains only; of a name below one somebody must have made it.
SUFFIXES = PublicSuffixList(only_icann=True)
ACCOUNTS = ("a" * 32, "b" * 32)


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clouds]:
    with three_clouds(tmp_path_factory.mktemp("real")) as running, pytest.MonkeyPatch.context() as patch:
        # botocore reads megabytes of descriptions for each client; hundreds of clients may share them.
        load = JSONFileLoader.load_file
        patch.setattr(JSONFileLoader, "load_file", functools.lru_cache(maxsize=None)(load))
        patch.setattr(JSONFileLoader, "__hash__", lambda _: 0, raising=False)
        patch.setattr(JSONFileLoader, "__eq__", lambda one, other: type(one) is type(other), raising=False)
        running.cloudflare.account.accounts |= dict.fromkeys(ACCOUNTS, "Example")
        yield running


def place(clouds: Clouds, provider: str, zone: str, number: int) -> str:
    """A locator of the first or the second zone of that name at a provider."""
    match provider:
        case "route53":
            return f"route53:{zone}?zone-id={clouds.route53.account.create(zone).identifier}"
        case "azure":
            return f"azure:{zone}?resource-group={(OLD, NEW)[number]}"
        case _:
            if SUFFIXES.privatesuffix(zone) != zone:
                clouds.cloudflare.account.create(zone, account=ACCOUNTS[number])
            return f"cloudflare:{zone}?account-id={ACCOUNTS[number]}"


def chosen(paths: list[Path], journey: int) -> list[Path]:
    return paths if os.environ.get("DNS_MIGRATOR_ALL_ZONES") else paths[journey :: len(JOURNEYS)]


@pytest.mark.corpus
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("journey", range(len(JOURNEYS)), ids=["-".join(journey) for journey in JOURNEYS])
def test_real_zones_travel_whole(clouds: Clouds, corpus: Path, journey: int) -> None:
    paths = sorted((corpus / "derived-real-zones").rglob("*.zone"))
    assert len(paths) >= 100
    for path in chosen(paths, journey):
        zone = path.name.removesuffix(".zone")
        here = f"file:{path}"
        for number, provider in enumerate(JOURNEYS[journey]):
            there = place(clouds, provider, zone, number)
            found = imported(clouds, here, there, "--accept", "null-mx")
            assert found["ledger"]["dropped"] == sum(loss["what"] == "null-mx" for loss in found["losses"]), (
                path.name
            )
            assert {loss["what"] for loss in found["losses"]} <= LOST[provider], path.name
            here = there
        for state in (clouds.route53.account, clouds.azure.cloud, clouds.cloudflare.account):
            state.zones.clear()
