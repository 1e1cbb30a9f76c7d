"""A domain that waits for its switch: what was go is looked at again, for weeks may pass."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.journey.events import Kind
from migrator.journey.stages import Stage
from tests.cli.journeying import CF, LOSS, R53, Journey, journey

HOUSEHOLD = ("--lowered-ttl", "1", "--every", "1", "--accept", LOSS, "--yes")


@pytest.fixture
def there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    """All is done up to the switch, and what was told then is believed no more."""
    with journey(tmp_path, capsys, monkeypatch) as found:
        found.goes_on("--from", R53, "--to", CF, *HOUSEHOLD)
        while found.told.state.stage is not Stage.SWITCH:
            found.goes_on()
        monkeypatch.setattr("migrator.workflow.stages.sides._LOOKS", 0)
        yield found


def raised(there: Journey) -> None:
    zone = there.accounts.old_zone
    (ns,) = (found for found in zone.record_sets if found["Type"] == "NS")
    ns["TTL"] = 172800


def test_what_is_ready_still_goes_on_asking_for_the_switch(there: Journey) -> None:
    there.goes_on(code=1)
    before = there.last.number

    there.goes_on(code=1)

    assert (there.events(before), there.last.stage, there.last.kind) == ([], Stage.SWITCH, Kind.ASKS)


def test_ttls_that_somebody_raised_again_close_the_gate(there: Journey) -> None:
    before = there.last.number
    raised(there)

    there.goes_on(code=1)

    assert there.events(before) == [("switch", "waits"), ("ready", "again"), ("ready", "asks")]
    # What a person has to lower again is named before what time mends afterwards.
    assert there.last.text == (
        "ready: no-go: ttl.apex-ns-low: TTL 172800 s at every old server; 3600 s at most were expected. (and 1 "
        "more)"
    )


def test_what_a_person_has_overruled_is_not_asked_again(there: Journey) -> None:
    raised(there)
    there.goes_on(code=1)
    before = there.last.number

    there.run("approve", "example.org", "ready", "--because", "two days of old answers do no harm", code=0)
    there.goes_on(code=1)
    there.goes_on(code=1)

    assert there.events(before) == [("ready", "approved"), ("ready", "done"), ("switch", "asks")]
