"""The old zone while it is being left: what changes after the import is noticed, TTLs that were lowered not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.journey.stages import Stage
from tests.cli.journeying import CF, R53, Journey, journey

ADDED = {"Name": "late.example.org", "Type": "A", "TTL": 3600, "ResourceRecords": [{"Value": "192.0.2.77"}]}


@pytest.fixture
def there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    with journey(tmp_path, capsys, monkeypatch, ttl=3600) as found:
        found.run("import", R53, CF, "--yes", "--accept", "weights-merged", "--quiet", code=0)
        yield found


def lowered(there: Journey) -> None:
    there.run("ttl", "lower", "example.org", "--from", R53, "--to", "300", "--yes", "--wait", "2", code=0)


def test_ttls_that_were_lowered_for_the_move_are_no_drift(there: Journey) -> None:
    lowered(there)
    there.stands_at(Stage.SWITCH)

    said = there.goes_on(code=1)

    assert "asks you: give the registrar (Example Registrar) these" in said.out
    assert there.told.state.last.plan == ""


def test_ttls_that_somebody_changed_by_hand_are_no_drift(there: Journey) -> None:
    zone = there.accounts.old_zone
    (mx,) = (found for found in zone.record_sets if found["Type"] == "MX")
    mx["TTL"] = 60
    there.stands_at(Stage.SWITCH)

    assert "asks you: give the registrar" in there.goes_on(code=1).out


def test_what_changed_since_the_import_is_offered_with_the_ttls_of_before(there: Journey) -> None:
    lowered(there)
    there.accounts.old_zone.put(ADDED)
    there.stands_at(Stage.SWITCH)

    said = there.goes_on(code=1)
    asked = there.last
    approved = there.run("approve", "example.org", "import", code=0)
    events = there.told.events[-1].number
    there.goes_on()

    assert "asks you: the zones have drifted apart since the" in said.out
    assert asked.text == "the zones have drifted apart since the import: 1 change would make them equal"
    assert asked.commands == (f"dns-migrator diff {R53} {CF}", "dns-migrator approve example.org import")
    assert approved.err.startswith(
        "dns-migrator: example.org: import is approved (the zones have drifted apart since the import: 1 change "
    )
    assert there.events(events)[:1] == [("import", "done")]
    assert there.export(CF)["late.example.org.", "A"] == (3600, ("192.0.2.77",))
    assert there.export(CF)["mail.example.org.", "A"] == (3600, ("192.0.2.25",))


def test_with_yes_the_second_import_is_made_by_itself(there: Journey) -> None:
    lowered(there)
    there.accounts.old_zone.put(ADDED)
    there.stands_at(Stage.SWITCH, replace(there.options, yes=True, lowered_ttl=300))
    before = there.last.number

    there.goes_on()

    assert there.events(before)[:4] == [
        ("switch", "waits"),
        ("import", "again"),
        ("import", "done"),
        ("verify", "done"),
    ]
    assert there.export(CF)["late.example.org.", "A"] == (3600, ("192.0.2.77",))


def test_what_somebody_changed_in_the_new_zone_is_written_over_by_nobody_s_word_but_a_person_s(
    there: Journey,
) -> None:
    lowered(there)
    (api,) = there.accounts.new_zone.named("api.example.org")
    api["content"] = "192.0.2.200"
    there.accounts.old_zone.put(ADDED)
    there.stands_at(Stage.SWITCH, replace(there.options, yes=True, lowered_ttl=300))

    there.goes_on(code=1)
    asked = there.last

    assert asked.stage is Stage.SWITCH
    assert asked.text == (
        "the zones have drifted apart since the import: 2 changes would make them equal, over what somebody has "
        "changed in the new zone: api.example.org. A"
    )
    assert there.export(CF)["api.example.org.", "A"][1] == ("192.0.2.200",)
    there.run("approve", "example.org", "import", code=0)
    there.goes_on()
    assert there.export(CF)["api.example.org.", "A"][1] == ("192.0.2.1",)


def test_the_import_itself_takes_no_lowered_ttl_along(there: Journey) -> None:
    lowered(there)
    there.accounts.old_zone.put(ADDED)
    there.stands_at(Stage.IMPORT, replace(there.options, yes=True))

    there.goes_on()

    assert {ttl for (owner, _), (ttl, _) in there.export(CF).items() if owner != "example.org."} == {3600, 60}


@pytest.mark.parametrize("yes", [False, True])
def test_what_changed_right_before_the_switch_is_not_passed_over(there: Journey, *, yes: bool) -> None:
    there.stands_at(Stage.SWITCH, replace(there.options, yes=yes))
    there.accounts.old_zone.put(ADDED)
    there.switch()

    there.goes_on(code=1)
    asked = there.last
    # Who wrote into the new zone meanwhile meant it: nothing is written over by itself.
    assert ("late.example.org.", "A") not in there.export(CF)
    there.accounts.new_zone.seed({"type": "A", "name": "late", "content": "192.0.2.77", "ttl": 3600})
    there.goes_on()

    assert asked.text == (
        "the parent lists the new name servers already, and the zones have drifted apart since the import: "
        "1 change would make them equal; write into the new zone what it lacks"
    )
    assert asked.commands == (
        f"dns-migrator diff {R53} {CF}",
        "dns-migrator approve example.org switch --because REASON",
    )
    assert ("switch", "done") in there.events()
