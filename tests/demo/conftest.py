"""The small internet of the demo as a fixture."""

from collections.abc import Iterator

import pytest

from migrator.demo.internet import Internet, snapshot_of
from migrator.demo.samples import sample_zones


@pytest.fixture
def internet() -> Iterator[Internet]:
    text = (sample_zones() / "old-provider.zone").read_text("utf-8")
    with Internet(snapshot_of(text, "old-provider.zone")) as running:
        yield running
