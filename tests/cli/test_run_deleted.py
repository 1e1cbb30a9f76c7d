"""The old zone deleted by a person before the migration is over: what is left to do comes to its end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from dns.message import from_wire

from migrator.codec.checklist import SCHEMA
from migrator.demo.clouds import route53
from migrator.demo.clouds.route53_api import error as error_of_route53
from migrator.demo.internet import DOMAIN
from migrator.journey.events import Kind
from migrator.journey.stages import Stage
from migrator.journey.state import Status
from migrator.model.finding import Severity
from migrator.model.observation import Transport
from migrator.state.documents import Documents
from migrator.state.store import open_store
from migrator.workflow.stages import sides
from tests.cli.journeying import CF, R53, Journey, journey


@pytest.fixture
def there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    """The TTLs were lowered, and what was imported has them too."""
    with journey(tmp_path, capsys, monkeypatch, ttl=3600) as found:
        found.run(
            "ttl", "lower", "example.org", "--from", R53, "--to", "300", "--yes", "--wait", "2", "--quiet", code=0
        )
        found.run("import", R53, CF, "--yes", "--accept", "weights-merged", "--quiet", code=0)
        yield found


def deleted(there: Journey) -> None:
    there.accounts.route53.account.zones.clear()


def test_the_new_zone_gets_its_ttls_back_when_the_old_one_is_gone(there: Journey) -> None:
    there.stands_at(Stage.RESTORE_TTLS)
    there.goes_on(code=1)
    assert there.last.text.endswith(" be put back at both providers?")
    there.run("approve", "example.org", "restore-ttls", code=0)
    deleted(there)

    there.goes_on(code=1)
    asked = there.last
    there.run("approve", "example.org", "restore-ttls", code=0)
    there.goes_on(code=0)

    # What was agreed to was more than is written now.
    assert (asked.kind, asked.text) == (Kind.ASKS, f"may 6 TTLs be put back at {CF}?")
    assert there.told.migration.status is Status.COMPLETE
    assert there.last.text.startswith(f"6 TTLs put back; {R53} is not there any more; ")
    assert there.export(CF)["mail.example.org.", "A"][0] == 3600
    said = there.run("report", "example.org").out
    assert "still have their lowered TTLs" not in said


def test_an_old_zone_that_is_gone_is_not_backed_up_again_before_it_may_go(there: Journey) -> None:
    there.run("export", R53, "--quiet", code=0)
    there.stands_at(Stage.CLOSE, replace(there.options, every=1))
    there.switch()
    deleted(there)

    there.goes_on()

    assert there.last.text.startswith("close: ")


def test_no_old_zone_may_go_while_no_new_name_server_answers(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.run("export", R53, "--quiet", code=0)
    there.stands_at(Stage.CLOSE, replace(there.options, every=1))
    there.switch()
    answer = there.accounts.new.respond

    def silent_for_the_domain(wire: bytes, transport: Transport) -> Sequence[bytes]:
        asked = from_wire(wire).question[0].name
        return () if asked.is_subdomain(DOMAIN) else answer(wire, transport)

    monkeypatch.setattr(there.accounts.new, "respond", silent_for_the_domain)

    there.goes_on(code=1)

    assert there.last.kind is Kind.ASKS
    assert there.last.text.startswith(
        "close: no-go: delegation.child-ns: not checked: the zone is not served there"
    )
    with open_store(str(there.folder / "dns-migrator.db")) as store:
        kept = Documents(store).last(DOMAIN, SCHEMA)
    assert kept is not None
    results = {each.text("check"): each for each in kept.shape().shapes("results")}
    assert results["delegation.child-ns"].text("status") == "unchecked"
    said = {each.text("message").partition(" (")[0] for each in results["delegation.child-ns"].shapes("findings")}
    assert said == {"the zone is not served there: timeout"}


def test_an_old_zone_that_cannot_be_read_is_left_where_a_person_says_so(there: Journey) -> None:
    there.stands_at(Stage.RESTORE_TTLS, replace(there.options, yes=True))
    refusal = route53.Fault(answer=error_of_route53(403, "AccessDenied", "the account was closed"), times=10**6)
    there.accounts.route53.fail(refusal)
    there.goes_on(code=3)
    failed = there.last
    there.run("approve", "example.org", "restore-ttls", "--because", "the account is closed", code=0)

    there.goes_on(code=0)

    assert failed.commands == ("dns-migrator approve example.org restore-ttls --because REASON",)
    assert there.told.migration.status is Status.COMPLETE
    assert there.last.text.startswith(f"6 TTLs put back; {R53} could not be read and is left as it is; ")


def test_a_switch_is_seen_although_the_old_zone_was_deleted_with_it(there: Journey) -> None:
    there.stands_at(Stage.SWITCH, replace(there.options, every=1))
    there.goes_on(code=1)
    deleted(there)
    there.switch()

    there.goes_on(code=1)
    asked = there.last
    there.run("approve", "example.org", "switch", "--because", "it was backed up", code=0)
    there.goes_on()

    assert asked.kind is Kind.ASKS
    assert asked.text == (
        f"the parent lists the new name servers already, and {R53} is not there any more: whether it was changed "
        "after the import nobody can tell; what is missing goes into the new zone"
    )
    assert asked.commands == ("dns-migrator approve example.org switch --because REASON",)
    assert there.events(asked.number)[:3] == [("switch", "approved"), ("switch", "done"), ("parent", "done")]


@pytest.mark.parametrize("looked", [True, False], ids=["after a look", "without one"])
def test_an_old_zone_that_goes_before_the_switch_makes_it_urgent(
    there: Journey, monkeypatch: pytest.MonkeyPatch, *, looked: bool
) -> None:
    there.stands_at(Stage.SWITCH, replace(there.options, every=1))
    if looked:
        there.goes_on(code=1)
    deleted(there)
    monkeypatch.setattr(sides, "_LOOKS", 0)  # the providers are asked again

    there.goes_on(code=1)
    asked = there.last
    there.goes_on(code=1)
    again = there.last
    there.switch()
    there.goes_on(code=1)

    assert asked.kind is Kind.ASKS
    assert asked.text == (
        f"{R53} is not there any more: give the registrar (Example Registrar) these name servers, and no others: "
        "ada.ns.cloudflare.com bob.ns.cloudflare.com"
    )
    assert asked.worst is not None
    assert (asked.worst.severity, again.times) == (Severity.ERROR, 2)
    assert there.last.text.startswith("the parent lists the new name servers already, and ")


def test_the_parent_is_watched_although_the_old_zone_is_gone(there: Journey) -> None:
    there.stands_at(Stage.PARENT, replace(there.options, every=1))
    deleted(there)
    there.switch()

    there.goes_on()

    assert ("parent", "done") in there.events()


def test_an_old_zone_that_cannot_be_read_after_the_switch_is_left_where_a_person_says_so(there: Journey) -> None:
    there.stands_at(Stage.SWITCH, replace(there.options, every=1))
    there.goes_on(code=1)
    refusal = route53.Fault(answer=error_of_route53(403, "AccessDenied", "the account was closed"), times=10**6)
    there.accounts.route53.fail(refusal)
    there.switch()

    there.goes_on(code=3)
    failed = there.last
    there.run("approve", "example.org", "switch", "--because", "the account is closed", code=0)
    there.goes_on()

    assert (failed.kind, failed.commands) == (
        Kind.FAILED,
        ("dns-migrator approve example.org switch --because REASON",),
    )
    assert "the account was closed" in failed.text
    assert ("switch", "done") in there.events(failed.number)


def test_by_hand_the_new_zone_gets_its_ttls_back_too(there: Journey) -> None:
    there.switch()
    deleted(there)

    alone = there.run("ttl", "restore", "example.org", "--yes", "--wait", "2")
    wanted = ("ttl", "restore", "example.org", "--to", CF, "--yes", "--wait", "2")
    there.run(*wanted, code=4)
    both = there.run(*wanted, "--early")

    assert (alone.code, "see no hosted zone example.org" in alone.err) == (3, True)
    assert f"dns-migrator: {R53} is not there any more; its TTLs went with it." in both.err.splitlines()
    assert both.code == 0
    assert there.export(CF)["mail.example.org.", "A"][0] == 3600
    assert "still have their lowered TTLs" not in there.run("report", "example.org").out
