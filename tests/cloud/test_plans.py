"""`plan` towards a zone that the provider does not have yet, in a network where nobody answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.round_trips import Clouds, run, three_clouds
from tests.importing.test_ttl_interruptions import HINTS, PROFILE

ZONE = """\
$ORIGIN example.com.
$TTL 3600
@ SOA ns1.example.net. hostmaster 1 7200 900 1209600 300
@ NS ns1.example.net.
www A 192.0.2.1
"""


@pytest.fixture
def clouds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clouds]:
    (tmp_path / "network.toml").write_text(PROFILE)
    (tmp_path / "named.root").write_text(HINTS)
    (tmp_path / "old.zone").write_text(ZONE)
    with three_clouds(tmp_path) as running:
        monkeypatch.setenv("DNS_MIGRATOR_NETWORK", "network.toml")
        yield running


@pytest.mark.parametrize(
    "target", ["route53:example.com", "azure:example.com?resource-group=new", "cloudflare:example.com"]
)
def test_a_zone_that_is_still_to_be_made_is_said_and_nothing_is_written(clouds: Clouds, target: str) -> None:
    done = run("plan", "example.com", "--from", "old.zone", "--to", target, "--format", "json")

    assert done.code == 3, done.err
    assert "the new zone: it is not there yet: the import makes it" in done.json["remarks"]
    assert done.json["to"]["scheme"] == target.partition(":")[0]
    assert done.json["earliest_switch"] is None
    assert clouds.writes() == []
