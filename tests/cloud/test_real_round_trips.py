"""Real zones of other people: from their file to a provider, and on to the next one."""

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.loaders import JSONFileLoader

from tests.cloud.round_trips import OLD, Clouds, imported, three_clouds

# Where each zone goes; the next zone of a journey takes the next line.
JOURNEYS = (
    ("route53", "azure"),
    ("azure", "cloudflare"),
    ("cloudflare", "route53"),
    ("azure", "route53"),
    ("route53", "cloudflare"),
    ("cloudflare", "azure"),
)
# All that real zones lose: that a domain takes no mail; the timers of the SOA, and TTLs below a minute.
LOST = {"azure": {"null-mx"}, "cloudflare": {"soa-values", "ttl-raised"}, "route53": set[str]()}


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clouds]:
    with three_clouds(tmp_path_factory.mktemp("real")) as running, pytest.MonkeyPatch.context() as patch:
        # botocore reads megabytes of descriptions for each client; hundreds of clients may share them.
        load = JSONFileLoader.load_file
        patch.setattr(JSONFileLoader, "load_file", functools.lru_cache(maxsize=None)(load))
        patch.setattr(JSONFileLoader, "__hash__", lambda _: 0, raising=False)
        patch.setattr(JSONFileLoader, "__eq__", lambda one, other: type(one) is type(other), raising=False)
        yield running


@pytest.mark.corpus
@pytest.mark.parametrize("journey", range(len(JOURNEYS)), ids=["-".join(journey) for journey in JOURNEYS])
def test_real_zones_travel_whole(clouds: Clouds, corpus: Path, journey: int) -> None:
    paths = sorted((corpus / "derived-real-zones").rglob("*.zone"))
    assert len(paths) >= 100
    for path in paths[journey :: len(JOURNEYS)]:
        zone = path.name.removesuffix(".zone")
        if "cloudflare" in JOURNEYS[journey]:
            # The service makes zones of registered domains only; of others somebody else has made them.
            clouds.cloudflare.account.create(zone)
        here = f"file:{path}"
        for provider in JOURNEYS[journey]:
            there = f"{provider}:{zone}" + (f"?resource-group={OLD}" if provider == "azure" else "")
            found = imported(clouds, here, there, "--accept", "null-mx")
            lost = {loss["what"] for loss in found["losses"]}
            assert lost <= LOST[provider], path.name
            here = there
