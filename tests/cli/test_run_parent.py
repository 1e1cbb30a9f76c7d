"""The parent while a domain is switched: what passes is waited for, what was entered wrongly is asked about."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dns.name import Name

from migrator.demo.internet import NEW_HOSTS, OLD_HOSTS, REGISTRY_ADDRESSES
from migrator.journey.events import Kind
from migrator.journey.stages import Stage
from migrator.model.finding import Severity
from migrator.model.names import absolute
from tests.cli.journeying import CF, R53, Journey, journey

NEW, OLD = list(NEW_HOSTS.items()), list(OLD_HOSTS.items())
WANTED = "these name servers, and no others"
NAMES = "ada.ns.cloudflare.com bob.ns.cloudflare.com"


@pytest.fixture
def there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    with journey(tmp_path, capsys, monkeypatch) as found:
        found.run("import", R53, CF, "--yes", "--accept", "weights-merged", "--quiet", code=0)
        yield found


@pytest.mark.parametrize(
    ("entered", "shown"),
    [
        (NEW[:1], "ada.ns.cloudflare.com"),
        ([*NEW, *OLD[:1]], f"{NAMES} ns-7.awsdns-01.com"),
    ],
    ids=["a part of the new set", "the new set beside an old server"],
)
def test_what_was_entered_wrongly_at_the_registrar_is_asked_about(
    there: Journey, entered: list[tuple[object, str]], shown: str
) -> None:
    there.stands_at(Stage.PARENT)
    for address in REGISTRY_ADDRESSES:
        there.move.net.delegate(dict(entered), address)  # type: ignore[arg-type]

    there.goes_on(code=1)
    asked = there.last

    assert (asked.kind, asked.stage, asked.text) == (
        Kind.ASKS,
        Stage.PARENT,
        f"the parent lists {shown}; give the registrar these name servers, and no others: {NAMES}",
    )
    assert asked.worst is not None
    assert asked.worst.severity is Severity.ERROR
    assert asked.commands == (
        f"dns-migrator confirm example.org --to {CF} --network {there.folder / 'network.toml'}",
        "dns-migrator approve example.org parent --because REASON",
    )
    # What is mended there opens the gate by itself.
    there.switch()
    there.goes_on()
    assert ("parent", "done") in there.events(asked.number)


def test_servers_of_the_parent_that_differ_are_waited_for(there: Journey) -> None:
    there.stands_at(Stage.PARENT)
    there.switch(REGISTRY_ADDRESSES[0])

    there.goes_on(code=0)

    assert (there.last.kind, there.last.text) == (
        Kind.WAITS,
        "the parent: 1 of 2 servers list the new name servers",
    )


def test_a_switch_that_somebody_took_back_is_asked_for_again(there: Journey) -> None:
    there.stands_at(Stage.PARENT)
    before = there.last.number

    there.goes_on(code=1)

    assert there.events(before) == [("parent", "waits"), ("switch", "again"), ("switch", "asks")]
    old = " ".join(sorted(str(name).rstrip(".") for name in OLD_HOSTS))
    assert there.told.events[-2].text == f"the parent lists the new name servers no more, but {old}"
    report = there.run("report", "example.org", "--format", "markdown").out
    decided = report.partition("What persons decided")[2].partition("## ")[0]
    assert "| begun |" in decided
    assert "back to this stage" not in decided


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ({}, "the parent has no delegation of example.org: is it registered, paid and not on hold?"),
        (
            {absolute("ns1.parking.test"): "192.0.2.53"},
            "the parent lists ns1.parking.test, name servers of neither side: who has entered them?",
        ),
    ],
    ids=["none", "others"],
)
def test_a_domain_that_somebody_takes_away_before_the_switch_is_told(
    there: Journey, listed: dict[Name, str], said: str
) -> None:
    there.stands_at(Stage.SWITCH, replace(there.options, every=1))
    there.goes_on(code=1)
    before = there.last.number
    for address in REGISTRY_ADDRESSES:
        there.move.net.delegate(listed, address)

    there.goes_on(code=1)

    assert there.events(before) == [("switch", "asks")]
    assert there.last.text == f"{said} If it is to move, give the registrar (Example Registrar) {WANTED}: {NAMES}"
    assert there.last.worst is not None
    assert there.last.worst.severity is Severity.ERROR
    assert there.last.worst.message == said


def test_a_person_goes_on_whatever_the_parent_lists(there: Journey) -> None:
    there.stands_at(Stage.PARENT)
    for address in REGISTRY_ADDRESSES:
        there.move.net.delegate(dict(NEW[:1]), address)
    there.goes_on(code=1)
    before = there.last.number

    there.run("approve", "example.org", "parent", "--because", "the second one is being built", code=0)
    there.goes_on()

    assert there.events(before)[:2] == [("parent", "approved"), ("parent", "done")]
    assert there.told.events[-2].text.startswith("a person goes on all the same: the second one is being built (")


def test_what_the_report_says_of_the_parent_is_what_was_seen_last(there: Journey) -> None:
    there.stands_at(Stage.PARENT)
    there.switch(REGISTRY_ADDRESSES[0])
    there.goes_on(code=0)

    there.switch()
    there.goes_on()

    assert there.run("report", "example.org", "--format", "json").json["switch"]["stage"] == "switched"


def test_sides_that_are_swapped_write_nothing_into_the_zone_that_serves_the_domain(there: Journey) -> None:
    before = there.export(R53)

    found = there.run("run", "example.org", "--from", CF, "--to", R53, "--yes", "--no-wait", code=1)

    assert "are the two sides swapped?" in " ".join(found.out.split())
    assert there.events()[-1] == ("prepare", "asks")
    assert there.export(R53) == before
