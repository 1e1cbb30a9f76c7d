"""Services for the tests of the adapters.

`cloud`, `zone` and `slept` are Cloudflare's; a module of tests of another service, or one that wants its service
in another state, has its own by these names.
"""

from collections.abc import Iterator

import pytest
from moto.server import ThreadedMotoServer

from migrator.demo.clouds.cloudflare import Cloudflare
from migrator.demo.clouds.cloudflare_zones import Zone
from tests.cloud.cloudflare_environment import point_cloudflare_at


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloudflare]:
    with Cloudflare() as running:
        point_cloudflare_at(running.url, monkeypatch)
        yield running


@pytest.fixture
def zone(cloud: Cloudflare) -> Zone:
    return cloud.account.create("example.com", plan="pro")


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made before asking again, none of which takes time."""
    found: list[float] = []
    monkeypatch.setattr("providers.cloudflare.service.sleep", found.append)
    return found


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    """Another fake of Route 53, by other people."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
