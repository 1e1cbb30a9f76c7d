"""`dns-migrator run`: how each stage ends, what a person is asked, and what follows when they answer."""

import re
import shlex
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer

from migrator.cli import screen
from migrator.demo.clouds import cloudflare, route53
from migrator.demo.clouds.cloudflare_api import error
from migrator.demo.clouds.route53_api import error as error_of_route53
from migrator.demo.internet import OLD_HOSTS, REGISTRY_ADDRESSES
from migrator.journey.events import Event, Kind
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.state.migrations import Migrations
from migrator.state.store import open_store
from tests.cli.journeying import CF, LOSS, MAY_GO, R53, Journey, journey
from tests.cli.killing import Lives

SIDES = ("--from", R53, "--to", CF)
HOUSEHOLD = ("--lowered-ttl", "1", "--every", "1")


@pytest.fixture
def there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    with journey(tmp_path, capsys, monkeypatch) as found:
        yield found


def stages(there: Journey, kind: Kind) -> list[Stage]:
    return [event.stage for event in there.told.events if event.kind is kind]


def pause(failed: Event, stage: Stage = Stage.BACKUP) -> int:
    """For how many seconds nothing is tried after a failure."""
    assert (failed.kind, failed.stage) == (Kind.FAILED, stage)
    assert failed.until is not None
    return round((failed.until - (failed.latest or failed.at)) / timedelta(seconds=1))


def test_a_domain_is_taken_through_its_whole_journey_by_the_same_command(there: Journey) -> None:
    first = there.goes_on(*SIDES, *HOUSEHOLD, "--accept", LOSS, "--yes")
    assert (first.code, there.told.state.status) in {(0, Status.WAITING), (1, Status.ASKING)}
    assert stages(there, Kind.DONE)[:6] == list(STAGES[:6])

    while there.told.state.stage is not Stage.SWITCH:
        there.goes_on()
    asked = there.goes_on()
    assert asked.code == 1
    assert asked.out.splitlines()[-1] == (
        "example.org is at stage 9 of 13, switch: it waits for a person, as said above."
    )
    there.switch()
    end = there.run("run", "example.org")

    assert (end.code, MAY_GO.search(" ".join(end.out.split())) is not None) == (0, True)
    assert stages(there, Kind.DONE) == list(STAGES)
    assert {event.by for event in there.told.events if event.kind is Kind.DONE} == {
        f"run-{there.told.migration.key}"
    }
    # Nothing but what was found is in the database: whoever may read it has no key to an account.
    secrets = [text for name, text in there.accounts.settings.items() if "KEY" in name or "TOKEN" in name]
    files = [path for path in there.folder.rglob("*") if path.is_file() and path.suffix != ".sh"]
    assert len(secrets) == 3
    assert {path.name for path in files} >= {"dns-migrator.db", "dns-migrator.queue.db"}
    assert not [path for path in files for secret in secrets if secret.encode() in path.read_bytes()]
    # The queue keeps what is being done, and the last of what was.
    with closing(sqlite3.connect(there.folder / "dns-migrator.queue.db")) as queue:
        (kept,) = queue.execute("SELECT count(*) FROM workflow_status").fetchone()
    assert kept <= 3
    # Who types it again is told the same, and nothing is done.
    again = there.run("run", "example.org")
    assert (again.code, again.out.splitlines()[-2:], there.told.state.turn) == (
        0,
        end.out.splitlines()[-2:],
        there.told.state.turn,
    )
    # Somebody goes back at the registrar, and a look shows it.
    for address in REGISTRY_ADDRESSES:
        there.move.net.delegate(OLD_HOSTS, address)
    there.run("confirm", "example.org", "--to", CF, code=1)
    back = (
        "example.org has moved. Keep the old zone: the parent lists the old name servers. "
        "Let 'check --phase close' say go before it is deleted."
    )
    assert " ".join(there.run("run", "example.org", code=0).out.split()) == back
    assert " ".join(there.run("status", "example.org", code=0).out.split()).endswith(back)


def test_an_approved_plan_that_has_changed_since_is_asked_again(there: Journey) -> None:
    there.stands_at(Stage.IMPORT)

    asked = there.goes_on(code=1)
    first = there.last
    there.run("approve", "example.org", "import", code=0)
    there.accounts.old_zone.put(
        {"Name": "late.example.org", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.77"}]}
    )
    there.goes_on(code=1)
    second = there.last

    assert asked.out.splitlines()[1:] == [
        f"{first.at:%H:%M:%S}Z  import        asks you: may 7 changes be written to",
        "                         cloudflare:example.org, with 8 losses?",
        f"                         $ dns-migrator import {R53} \\",
        f"                             {CF} --accept weights-merged \\",
        "                             --dry-run",
        "                         $ dns-migrator approve example.org import",
        "example.org is at stage 3 of 13, import: it waits for a person, as said above.",
    ]
    assert (first.text, second.text) == (
        "may 7 changes be written to cloudflare:example.org, with 8 losses?",
        "may 8 changes be written to cloudflare:example.org, with 8 losses?",
    )
    assert first.plan != second.plan
    assert there.accounts.cloudflare.operations().count("Batch") == 0
    there.run("approve", "example.org", "import", code=0)
    there.goes_on()
    assert Stage.IMPORT in stages(there, Kind.DONE)
    assert there.accounts.cloudflare.operations().count("Batch") == 1


def test_a_quiet_run_says_what_is_asked(there: Journey) -> None:
    there.stands_at(Stage.IMPORT)

    asked = there.goes_on("--quiet", code=1)
    again = there.goes_on("--quiet", code=1)

    assert [line[11:] for line in asked.out.splitlines()[1:]] == [line[11:] for line in again.out.splitlines()[1:]]
    assert "asks you: may 7 changes be written to" in asked.out
    assert asked.out.splitlines()[-1] == (
        "example.org is at stage 3 of 13, import: it waits for a person, as said above."
    )


def test_a_quiet_run_of_a_move_that_is_over_says_nothing(there: Journey) -> None:
    there.stands_at(Stage.RESTORE_TTLS)
    with open_store(str(there.folder / "dns-migrator.db")) as store:
        migration = there.told.migration
        done = Event(Kind.DONE, Stage.RESTORE_TTLS, datetime.now(UTC), "as the test says")
        assert Migrations(store).ended(migration, migration.turn, done)

    quiet = there.goes_on("--quiet", code=0)

    assert (quiet.out, quiet.err) == ("", "")
    assert there.goes_on(code=0).out.startswith("example.org has moved.")


def test_whoever_sits_at_the_terminal_is_asked_there(there: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answered(question: str, *, err: bool) -> bool:
        asked.append(question)
        if len(asked) == 2:
            raise typer.Abort
        return err

    monkeypatch.setattr(screen, "is_interactive", lambda: True)
    monkeypatch.setattr(typer, "confirm", answered)
    there.stands_at(Stage.IMPORT)

    said = there.run("run", "example.org", code=130)

    assert asked == [
        "May 7 changes be written to cloudflare:example.org, with 8 losses?",
        "May 10 TTLs be lowered to 1 s at route53:example.org?",
    ]
    assert said.err == ("\ndns-migrator: Interrupted; nothing is lost. 'dns-migrator run example.org' goes on.\n")
    assert (there.last.stage, there.last.kind) == (Stage.LOWER_TTLS, Kind.ASKS)


def test_a_run_in_the_foreground_is_told_of_what_is_said_elsewhere(there: Journey) -> None:
    there.stands_at(Stage.LOWER_TTLS)
    lives = Lives(there.folder)

    def approved_elsewhere() -> bool:
        if there.last.kind is Kind.ASKS and there.last.stage is Stage.LOWER_TTLS:
            there.run("approve", "example.org", "lower-ttls", code=0)
        return ("dnssec", "done") in there.events()

    found = lives.live_until(approved_elsewhere, signal.SIGTERM, "run", "example.org")

    assert "lower-ttls    approved" in found.out
    assert "lower-ttls    done: 10 TTLs lowered to 1 s" in found.out


def test_consent_to_an_import_that_was_interrupted_is_not_asked_twice(there: Journey) -> None:
    there.stands_at(Stage.IMPORT)
    there.goes_on(code=1)
    there.run("approve", "example.org", "import", code=0)
    # One change arrives, then the token is taken away.
    zone = there.accounts.new_zone
    record = {"type": "A", "name": "api", "content": "192.0.2.1", "ttl": 60, "proxied": False}
    there.accounts.cloudflare.fail(
        cloudflare.Fault("Batch", error(403, 10000, "Authentication error"), edit=lambda _: zone.seed(record))
    )
    failed = there.goes_on(code=3)
    assert "So far 1 of 7 changes are done" in there.last.text
    assert pause(there.last, Stage.IMPORT) == 5
    before = there.last.number

    there.goes_on()

    assert "import        failed: " in failed.out
    assert failed.out.splitlines()[-2:] == [
        "example.org is at stage 3 of 13, import: what failed is tried again by",
        "'dns-migrator run example.org'.",
    ]
    assert there.events(before)[:2] == [("import", "done"), ("verify", "done")]
    assert there.export(CF)["mail.example.org.", "A"] == (60, ("192.0.2.25",))


def test_losses_are_decided_before_consent_is_asked(there: Journey) -> None:
    there.stands_at(Stage.IMPORT, replace(there.options, accepts=()))

    there.goes_on(code=1)
    undecided = there.last
    alone = there.run("approve", "example.org", "import", code=2)
    reason = there.run("approve", "example.org", "import", "--because", "it is late", code=2)
    wrong = there.run("approve", "example.org", "import", "--accept", "weights-lost", code=2)
    there.run("approve", "example.org", "import", "--accept", LOSS, code=0)
    there.goes_on(code=1)
    asked = there.last

    assert undecided.text.startswith("before anything is written, decide: ")
    assert undecided.commands == (
        f"dns-migrator import {R53} {CF} --dry-run",
        f"dns-migrator approve example.org import --accept {LOSS}",
    )
    assert undecided.plan == ""
    assert alone.err == (
        f"dns-migrator: example.org: import waits for more than a word: {undecided.text} Decide with "
        f"dns-migrator approve example.org import --accept {LOSS}\n"
    )
    assert reason.err == alone.err
    assert wrong.err.startswith("dns-migrator: ")
    assert wrong.err.count("\n") == 1
    assert asked.text == "may 7 changes be written to cloudflare:example.org, with 8 losses?"
    assert there.told.migration.options.accepts == (LOSS,)
    # The command that is shown shows the plan that is asked about.
    assert asked.commands[0] == f"dns-migrator import {R53} {CF} --accept {LOSS} --dry-run"
    shown = there.run(*shlex.split(asked.commands[0])[1:], "--format", "json", code=0)
    assert len(shown.json["changes"]) == 7


def test_the_import_s_gate_names_what_it_would_delete_and_prepare_what_it_left_out(there: Journey) -> None:
    there.accounts.old_zone.put(
        {"Name": "late.example.org", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.77"}]}
    )
    there.accounts.new_zone.seed({"type": "CNAME", "name": "late", "content": "x.example.net", "ttl": 300})
    there.stands_at(Stage.PREPARE)

    there.goes_on(code=1)
    prepared = next(event for event in there.told.events if event.stage is Stage.PREPARE and event.text)

    assert prepared.text.endswith("; left out plan.features: the import asks about every loss)")
    assert there.last.text == (
        "before anything is written, decide: --delete-conflicting deletes in the new zone what excludes a set of "
        "the old one: late.example.org. CNAME."
    )


def test_the_log_names_all_that_was_decided_with_an_approval(there: Journey) -> None:
    there.stands_at(Stage.IMPORT, replace(there.options, accepts=()))
    there.goes_on(code=1)

    there.run("approve", "example.org", "import", "--accept", LOSS, "--delete-conflicting", "--delete", code=0)
    approved = there.last
    there.goes_on("--allow", "mass-delete", code=1)
    decided = there.told.events[-2]
    log = there.run("status", "example.org", code=0).out

    assert approved.words == (LOSS, "--delete", "--delete-conflicting")
    assert (decided.text, decided.words) == ("other decisions", ("--allow mass-delete",))
    assert f"approved: {LOSS}, --delete,\n{' ' * 25}--delete-conflicting\n" in log
    assert there.last.commands[0] == (
        f"dns-migrator import {R53} {CF} --accept {LOSS} --allow-mass-delete --delete --delete-conflicting "
        "--dry-run"
    )


def test_a_check_that_says_no_is_overruled_with_a_reason(there: Journey) -> None:
    # Nothing was imported, so that the new name servers lack every name.
    there.stands_at(Stage.VERIFY)

    there.goes_on(code=1)
    asked = there.last
    plain = there.run("approve", "example.org", "verify", code=2)
    there.run("approve", "example.org", "verify", "--because", "the web team knows", code=0)
    there.goes_on(code=1)
    done = next(event for event in there.told.events if event.kind is Kind.DONE and event.stage is Stage.VERIFY)

    assert asked.kind is Kind.ASKS
    assert asked.text.startswith("ready: no-go: ")
    assert asked.commands == (
        "dns-migrator report example.org -o verify.html",
        "dns-migrator approve example.org verify --because REASON",
    )
    assert asked.worst is not None
    assert plain.err.startswith("dns-migrator: example.org: verify waits for more than a word: ready: no-go: ")
    assert not re.search(r"[.?]\.", plain.err)
    assert re.fullmatch(r".+ goes on all the same: the web team knows \(.+\)", done.text)


def test_an_old_zone_that_may_not_go_is_not_said_to_be_needed_by_nobody(there: Journey) -> None:
    # Nothing was switched: the parent lists the old name servers, and somebody goes on all the same.
    there.stands_at(Stage.CLOSE)
    there.goes_on(code=1)
    there.run("approve", "example.org", "close", "--because", "nobody asks it", code=0)

    end = there.run("run", "example.org", "--no-wait", code=0)

    close = next(event for event in there.told.events if event.kind is Kind.DONE and event.stage is Stage.CLOSE)
    assert re.match(r".+ goes on all the same: nobody asks it \(.*delegation\.parent, ", close.text)
    said = " ".join(end.out.split())
    assert "may be deleted:" not in said
    assert re.search(
        r"moved\. Keep the old zone: the checklist of phase close said no-go on [0-9TZ:-]{20}\. "
        r"Let 'check --phase close' say go before it is deleted\.$",
        said,
    )


def test_what_time_alone_does_not_mend_is_said_first(there: Journey) -> None:
    there.stands_at(Stage.RESOLVERS)
    there.run("confirm", "example.org", "--from", R53, "--to", CF, code=1)
    there.run("import", R53, CF, "--yes", "--accept", LOSS, code=0)
    there.switch()
    there.accounts.new_zone.records[:] = [r for r in there.accounts.new_zone.records if r["type"] != "MX"]

    there.goes_on(code=1)

    assert there.last.text.startswith("settle: no-go: mail.mx-same: ")
    assert there.last.text.endswith(" (and 1 more)")


def test_an_outage_is_a_failure_that_is_tried_again_with_growing_pauses(there: Journey) -> None:
    there.stands_at(Stage.BACKUP)
    service = there.accounts.route53
    service.fail(route53.Fault(answer=error_of_route53(500, "InternalFailure", "out of order"), times=10**6))
    there.goes_on(code=3)
    pauses = [pause(there.last)]
    service.fail_no_more()
    # The same for a key that is refused, which nobody asks for again and again.
    service.fail(route53.Fault(answer=error_of_route53(403, "AccessDenied", "not authorized"), times=10**6))

    for _ in range(2):
        found = there.goes_on(code=3)
        pauses.append(pause(there.last))
    service.fail_no_more()

    assert pauses == [5, 10, 20]
    assert "(tried again at " in " ".join(found.out.split())
    assert found.out.splitlines()[-3:] == [
        "example.org is at stage 1 of 13, backup: what failed is tried again by",
        "'dns-migrator run example.org'. 'dns-migrator abort example.org' ends this",
        "migration.",
    ]
    there.goes_on()
    assert Stage.BACKUP in stages(there, Kind.DONE)


def test_ttls_that_somebody_changed_meanwhile_are_left_alone_and_named(there: Journey) -> None:
    there.stands_at(Stage.LOWER_TTLS, replace(there.options, yes=True))
    there.goes_on()
    (mx,) = (found for found in there.accounts.old_zone.record_sets if found["Type"] == "MX")
    mx["TTL"] = 777
    there.run("abort", "example.org", "--yes", code=0)
    there.stands_at(Stage.RESTORE_TTLS, replace(there.options, yes=True))

    end = there.goes_on(code=0)

    assert there.told.migration.status is Status.COMPLETE
    assert there.last.text == (
        "9 TTLs put back; every name server shows them; 1 TTL that somebody has changed meanwhile left alone"
    )
    assert "1 TTL that somebody has changed meanwhile left alone" in " ".join(end.out.split())
    assert there.export(R53)["example.org.", "MX"][0] == 777


def test_the_queue_of_attempts_may_be_deleted_while_nothing_runs(there: Journey) -> None:
    there.stands_at(Stage.IMPORT)
    there.goes_on(code=1)
    for path in there.folder.glob("dns-migrator.queue.db*"):
        path.unlink()
    there.run("approve", "example.org", "import", code=0)

    there.goes_on(code=1)

    assert Stage.VERIFY in stages(there, Kind.DONE)
    assert (there.folder / "dns-migrator.queue.db").exists()


def test_what_an_earlier_version_left_in_the_queue_is_deleted(there: Journey) -> None:
    there.stands_at(Stage.IMPORT)
    there.goes_on(code=1)
    queue = there.folder / "dns-migrator.queue.db"
    with closing(sqlite3.connect(queue)) as found, found:
        name = f"{there.told.migration.key}-3-notice"
        found.execute("UPDATE workflow_status SET workflow_uuid = ?, status = 'SUCCESS'", (name,))

    again = there.goes_on(code=1)

    with closing(sqlite3.connect(queue)) as found:
        names = [name for (name,) in found.execute("SELECT workflow_uuid FROM workflow_status")]
    assert "Traceback" not in again.err
    assert not [name for name in names if name.endswith("-notice")]


def test_going_back_to_an_earlier_stage_goes_on_from_there(there: Journey) -> None:
    there.stands_at(Stage.SWITCH)

    later = there.run("again", "example.org", "resolvers", code=2)
    said = there.run("again", "example.org", "prepare", "--because", "another registrar", code=0)
    back = there.told
    there.goes_on(code=1)

    assert later.err == "dns-migrator: example.org is at the stage switch: resolvers is yet to come.\n"
    assert said.err == (
        "dns-migrator: example.org goes on from prepare. If nothing runs: dns-migrator run example.org\n"
    )
    assert (back.state.stage, [event.stage for event in back.state.done]) == (Stage.PREPARE, [Stage.BACKUP])
    assert (there.last.stage, there.last.kind) == (Stage.IMPORT, Kind.ASKS)


def test_commands_can_be_typed_whatever_the_locators_have_for_a_shell(there: Journey) -> None:
    source = f"{R53}?zone-id={there.accounts.old_zone.identifier}"
    there.stands_at(Stage.IMPORT, replace(there.options, source=source))

    there.goes_on(code=1)

    assert there.last.commands == (
        f"dns-migrator import '{source}' {CF} --accept {LOSS} --dry-run",
        "dns-migrator approve example.org import",
    )
