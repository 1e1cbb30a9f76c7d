"""Real zones of other people, to every target: each set accounted for, and nothing that the target refuses."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.model.zone import ZoneSnapshot, assemble
from migrator.translate import BY_WHAT, translate
from migrator.zonefile import read_zone, zone_of_file_name
from tests.translate.holding import complaints
from tests.translate.targets import TARGETS


@pytest.fixture(scope="module")
def zones(corpus: Path) -> list[ZoneSnapshot]:
    found = []
    for path in sorted((corpus / "derived-real-zones").rglob("*.zone")):
        named = zone_of_file_name(path.name)
        reading = read_zone(path.read_bytes(), file=path.name, fallback=named)
        assembly = assemble(reading.origin, reading.records, rrsets=reading.rrsets, source=path.name)
        found.append(assembly.snapshot)
    return found


@pytest.mark.corpus
@pytest.mark.parametrize("target", TARGETS)
def test_every_set_of_real_zones_is_accounted_for(zones: list[ZoneSnapshot], target: str) -> None:
    fates: Counter[str] = Counter()
    for zone in zones:
        found = translate(zone, TARGETS[target])
        assert found.counts().unaccounted == 0
        assert complaints(TARGETS[target], found.desired) == []
        assert all(loss.what.partition("=")[0] in BY_WHAT for loss in found.losses)
        fates.update(str(entry.fate) for entry in found.ledger)
    assert len(zones) >= 100
    assert fates["copied"] > 5 * fates["dropped"]


@pytest.mark.corpus
def test_real_zones_come_through_a_zone_file_as_they_are(zones: list[ZoneSnapshot]) -> None:
    for zone in zones:
        found = translate(zone, TARGETS["file"])
        if not found.losses:
            assert replace(found.desired, source="") == replace(zone, source="", native=())
