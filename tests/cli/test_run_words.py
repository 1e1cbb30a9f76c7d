"""What cannot be said to `run`, `approve`, `pause` and the others, and what `status` shows of a migration."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer

from migrator.cli import screen
from migrator.clock import instant
from migrator.demo.clouds import cloudflare
from migrator.journey.events import Event, Kind, Worst
from migrator.journey.options import Options
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.state.locks import only_writer
from migrator.state.migrations import Migrations
from migrator.state.store import open_store
from migrator.workflow import attempting
from migrator.workflow.stages.job import Attempt, Job
from tests.cli.journeying import CF, R53, Journey, journey
from tests.cli.killing import Lives

SIDES = ("--from", R53, "--to", CF)
UNDER_WAY = f"example.org moves from {R53} to {CF} already"


@pytest.fixture
def there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    with journey(tmp_path, capsys, monkeypatch) as found:
        yield found


NOT_BEGUN = {
    "no sides": (
        ("run", "example.org"),
        "example.org has no migration yet: name both sides, as in 'dns-migrator run example.org --from ",
    ),
    "one side": (("run", "example.org", "--from", R53), "example.org has no migration yet: name both sides"),
    "another zone": (
        ("run", "example.org", "--from", "route53:example.net", "--to", CF),
        "--from 'route53:example.net' is not the zone example.org: the same domain was expected.",
    ),
    "no old zone file": (
        ("run", "example.org", "--from", "absent.zone", "--to", CF),
        "--from 'absent.zone': there is no such zone file or backup: name what has the zone of today.",
    ),
    "a provider without a colon": (
        ("run", "example.org", "--from", "route53", "--to", CF),
        "name what has the zone of today. To name a zone there: route53:ZONE.",
    ),
    "a target without a colon": (
        ("run", "example.org", "--from", R53, "--to", "cloudflare"),
        "cloudflare: there is no such file. Say where the zone is to go, as in cloudflare:example.org; a new file",
    ),
    "live servers": (
        ("run", "example.org", "--from", "dns:example.org@192.0.2.1", "--to", CF),
        "--from 'dns:example.org@192.0.2.1': live servers answer, but do not list their zone",
    ),
    "a secret": (
        ("run", "example.org", "--from", "axfr:example.org@192.0.2.1?tsig=k:c2VjcmV0", "--to", CF),
        "--from 'axfr:example.org@192.0.2.1?tsig=***': a migration keeps its locators for days, and a secret is",
    ),
    "a target that is read": (
        ("run", "example.org", "--from", R53, "--to", "axfr:example.org@192.0.2.1"),
        "--to 'axfr:example.org@192.0.2.1' cannot be written to: name a provider, or a zone file.",
    ),
    "one zone": (("run", "example.org", "--from", R53, "--to", R53), f"--from and --to both name '{R53}'."),
    "no scheme": (("run", "example.org", "--from", "godaddy:example.org", "--to", CF), "godaddy:example.org"),
    "no loss": (("run", "example.org", *SIDES, "--accept", "everything"), "everything"),
    "no strategy": (("run", "example.org", *SIDES, "--strategy", "hope"), "hope"),
    "no check": (("run", "example.org", *SIDES, "--skip", "x.y=z"), "x.y"),
    "no file": (("run", "example.org", *SIDES, "--profile", "absent.toml"), "absent.toml"),
    "no network": (("run", "example.org", *SIDES, "--network", "absent.toml"), "absent.toml"),
    "no folder": (("run", "example.org", *SIDES, "--database", "absent/state.db"), "absent/state.db"),
    "in memory": (
        ("run", "example.org", *SIDES, "--database", "sqlite://"),
        "--database: a database in memory keeps",
    ),
    "no name": (("run", "example..org", *SIDES), "example..org"),
    "status": (("status",), "dns-migrator.db: there is no such state database, so nothing is remembered;"),
    "approve": (("approve", "example.org", "import"), "dns-migrator.db: there is no such state database"),
    "pause": (("pause", "example.org"), "dns-migrator.db: there is no such state database"),
}


@pytest.mark.parametrize("case", NOT_BEGUN)
def test_what_cannot_be_begun_is_refused_with_one_line_and_nothing_is_kept(there: Journey, case: str) -> None:
    arguments, message = NOT_BEGUN[case]

    said = there.run(*arguments, code=2)

    assert message in said.err
    assert (said.out, said.err.count("\n"), said.err.startswith("dns-migrator: ")) == ("", 1, True)
    if (there.folder / "dns-migrator.db").exists():
        with open_store(str(there.folder / "dns-migrator.db")) as store:
            assert Migrations(store).all() == ()


NO_MARKDOWN = (
    "--format markdown: text or json was expected; 'dns-migrator report DOMAIN -o FILE.md' writes Markdown.\n"
)
AT_EXPIRE = {
    "another source": (("run", "example.org", "--from", "old.zone"), UNDER_WAY),
    "another target": (("run", "example.org", "--to", "new.zone"), UNDER_WAY),
    "no stage": (
        ("approve", "example.org", "imports"),
        f"imports: no stage is called so: {', '.join(STAGES)}.",
    ),
    "another stage": (
        ("approve", "example.org", "switch", "--because", "x"),
        "example.org is at the stage expire, not switch: running: as the test says.",
    ),
    "a stage to come": (
        ("again", "example.org", "switch"),
        "example.org is at the stage expire: switch is yet to come.",
    ),
    "not paused": (("resume", "example.org"), "example.org is not paused."),
    "another domain": (
        ("pause", "example.net"),
        "example.net has no migration under way here: there never was one.",
    ),
    "another status": (
        ("status", "example.net"),
        "example.net has no migration in dns-migrator.db: 'dns-migrator run example.net --from",
    ),
    "no markdown": (("status", "-f", "markdown"), NO_MARKDOWN),
    "a run without markdown": (("run", "example.org", "--no-wait", "-f", "markdown"), NO_MARKDOWN),
    "a fleet without markdown": (("fleet", "run", "--no-wait", "-f", "markdown"), NO_MARKDOWN),
    "a list without markdown": (("fleet", "status", "-f", "markdown"), NO_MARKDOWN),
}


@pytest.mark.parametrize("case", AT_EXPIRE)
def test_what_cannot_be_said_to_a_migration_changes_nothing(there: Journey, case: str) -> None:
    there.stands_at(Stage.EXPIRE)
    before = there.told
    arguments, message = AT_EXPIRE[case]

    said = there.run(*arguments, code=2)

    assert said.err.startswith(f"dns-migrator: {message}")
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert there.told == before


def test_an_import_that_nobody_offers_is_not_approved(there: Journey) -> None:
    there.stands_at(Stage.LOWER_TTLS)
    there.goes_on(code=1)
    before = there.told

    said = there.run("approve", "example.org", "import", code=2)

    assert said.err.startswith(
        "dns-migrator: example.org is at the stage lower-ttls, not import: asking: may 10 TTLs"
    )
    assert there.told == before


def test_a_paused_migration_does_nothing_until_it_is_resumed(there: Journey) -> None:
    there.stands_at(Stage.DNSSEC)

    paused = there.run("pause", "example.org", "--because", "holidays", code=0)
    twice = there.run("pause", "example.org", code=2)
    run = there.goes_on(code=2)
    assert there.told.migration.status is Status.PAUSED
    resumed = there.run("resume", "example.org", code=0)
    there.goes_on()

    assert [paused.err, twice.err, run.err, resumed.err] == [
        "dns-migrator: example.org is paused; 'dns-migrator resume example.org' goes on.\n",
        "dns-migrator: example.org is paused already.\n",
        "dns-migrator: example.org is paused; 'dns-migrator resume example.org' goes on.\n",
        "dns-migrator: example.org goes on. If nothing runs: dns-migrator run example.org\n",
    ]
    assert ("dnssec", "done") in there.events()


def test_the_line_that_began_a_move_begins_no_second_one_after_its_end(there: Journey) -> None:
    there.stands_at(Stage.RESTORE_TTLS)
    with open_store(str(there.folder / "dns-migrator.db")) as store:
        told = there.told
        done = Event(Kind.DONE, Stage.RESTORE_TTLS, datetime.now(UTC), "as the test says")
        Migrations(store).ended(told.migration, told.state.turn, done)

    again = there.goes_on(*SIDES, "--yes", "--accept", "weights-merged", code=0)
    number = there.told.migration.number
    anew = there.goes_on("--anew", code=1)
    under_way = there.goes_on("--anew", code=4)

    assert again.err == (
        "dns-migrator: example.org has moved from route53:example.org to cloudflare:example.org already, and "
        "nothing is done; --anew moves it once more.\n"
    )
    # Of the test's own words nobody kept a checklist.
    assert " ".join(again.out.split()) == (
        "example.org has moved. Keep the old zone: no look has seen the switch. "
        "Let 'check --phase close' say go before it is deleted."
    )
    assert number == 1
    assert "import        asks you" in anew.out
    assert (there.told.state.stage, there.told.migration.number) == (Stage.IMPORT, 2)
    assert "a migration of this domain is under way" in under_way.err


def test_nor_does_it_after_the_way_back(there: Journey) -> None:
    there.stands_at(Stage.RESTORE_TTLS)
    with open_store(str(there.folder / "dns-migrator.db")) as store:
        migrations, told = Migrations(store), there.told
        migrations.ended(told.migration, told.state.turn, Event(Kind.DONE, Stage.RESTORE_TTLS, datetime.now(UTC)))
        back = migrations.begin(absolute("example.org"), Options(CF, R53))
        for turn, stage in enumerate(STAGES):
            migrations.ended(back, turn, Event(Kind.DONE, stage, datetime.now(UTC)))

    again = there.goes_on(*SIDES, "--yes", code=0)

    assert again.err == (
        "dns-migrator: example.org has moved from route53:example.org to cloudflare:example.org already, and "
        "nothing is done; --anew moves it once more.\n"
    )
    assert " ".join(again.out.split()) == (
        f"example.org has moved. A move from {CF} to {R53} was begun since: 'dns-migrator status example.org' "
        "says where that stands."
    )
    assert (there.told.migration.number, there.told.migration.options.source) == (2, CF)


def test_a_migration_that_was_aborted_says_the_ways_back_and_makes_room_for_another(there: Journey) -> None:
    there.stands_at(Stage.SWITCH)

    ended = there.run("abort", "example.org", "--because", "another plan", "--yes", code=0)
    again = there.run("abort", "example.org", code=2)
    shown = there.goes_on(code=1)

    assert ended.err == (
        "dns-migrator: example.org: ended at switch; nothing was undone. What was imported goes back with "
        "'dns-migrator rollback example.org --target cloudflare:example.org', lowered TTLs with "
        "'dns-migrator ttl restore example.org'.\n"
    )
    assert again.err == ("dns-migrator: example.org has no migration under way here: the last one is aborted.\n")
    assert " ".join(shown.out.splitlines()[-2:]) == (
        "example.org: this migration was ended at switch; that undid nothing. "
        "'dns-migrator run example.org --anew' begins another."
    )
    there.goes_on(*SIDES, "--accept", "weights-merged", code=1)
    assert (there.told.state.stage, there.told.migration.number) == (Stage.IMPORT, 2)


@pytest.mark.parametrize("words", [("--yes",), ()], ids=["at a terminal", "in a script"])
def test_who_says_that_it_is_meant_and_who_cannot_be_asked_is_not_asked(
    there: Journey, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    there.stands_at(Stage.SWITCH)
    monkeypatch.setattr(screen, "is_interactive", lambda: bool(words))

    there.run("abort", "example.org", *words, code=0)

    assert there.told.migration.status is Status.ABORTED


@pytest.mark.parametrize(
    ("answer", "code", "says", "status"),
    [
        (True, 0, "dns-migrator: example.org: ended at switch; nothing was undone. ", Status.ABORTED),
        (False, 0, "dns-migrator: example.org: nothing was ended.\n", Status.RUNNING),
        (None, 3, "\ndns-migrator: Interrupted before an answer; nothing was written.\n", Status.RUNNING),
    ],
)
def test_a_person_at_a_terminal_is_asked_before_a_migration_is_ended(
    there: Journey,
    monkeypatch: pytest.MonkeyPatch,
    answer: bool | None,
    code: int,
    says: str,
    status: Status,
) -> None:
    there.stands_at(Stage.SWITCH)
    asked: list[str] = []

    def confirm(question: str, *, err: bool) -> bool:
        assert err
        asked.append(question)
        if answer is None:
            raise typer.Abort
        return answer

    monkeypatch.setattr(screen, "is_interactive", lambda: True)
    monkeypatch.setattr(typer, "confirm", confirm)
    said = there.run("abort", "example.org", code=code)

    assert asked == [
        "End the migration of example.org at switch? It cannot be gone on with, and nothing is undone."
    ]
    assert said.err.startswith(says)
    assert there.told.migration.status is status


def test_a_second_run_of_a_domain_is_kept_away(there: Journey) -> None:
    there.stands_at(Stage.SWITCH)
    before = there.told

    with open_store(str(there.folder / "dns-migrator.db")) as store, only_writer(store, "run:example.org."):
        said = there.goes_on(code=4)

    assert said.err == (
        "dns-migrator: example.org: another 'dns-migrator run' carries this migration out; 'dns-migrator status "
        "example.org' says where it stands.\n"
    )
    assert there.told == before


def test_a_database_that_is_locked_for_long_ends_the_run_with_one_line(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_store, "__kwdefaults__", {"patience": 0.2})
    there.stands_at(Stage.SWITCH)
    before = there.told
    holder = sqlite3.connect(there.folder / "dns-migrator.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    said = there.goes_on(code=3)

    holder.execute("ROLLBACK")
    holder.close()
    assert said.err == (
        "dns-migrator: dns-migrator.db: the state database cannot be written: database is locked (another process "
        "holds its lock).\n"
    )
    assert there.told == before


def test_a_disk_that_is_full_ends_the_run_with_one_line_and_nothing_is_done_again(there: Journey) -> None:
    there.stands_at(Stage.BACKUP)
    full(there, "CREATE TRIGGER full BEFORE INSERT ON migrator_documents BEGIN SELECT RAISE(FAIL, 'no room'); END")

    said = there.goes_on(code=3)

    assert said.err == "dns-migrator: dns-migrator.db: the state database cannot be written: no room.\n"
    assert (there.told.state.stage, there.told.state.turn) == (Stage.BACKUP, 0)
    assert len(list((there.folder / "backups" / "example.org").iterdir())) == 1, "one attempt"
    full(there, "DROP TRIGGER full")
    there.goes_on(code=1)
    assert ("backup", "done") in there.events()


def test_a_mistake_of_ours_ends_the_run_and_nothing_is_tried_again_and_again(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def mistaken(job: Job) -> Attempt:
        tried.append(job.stage)
        raise ZeroDivisionError

    monkeypatch.setattr(attempting, "_STAGES", {Stage.BACKUP: mistaken})
    there.stands_at(Stage.BACKUP)

    with pytest.raises(ZeroDivisionError):
        there.goes_on()

    assert (tried, there.told.state.turn) == ([Stage.BACKUP], 0)


def test_a_queue_that_cannot_be_used_ends_the_run_with_one_line(there: Journey) -> None:
    there.stands_at(Stage.BACKUP)
    (there.folder / "dns-migrator.queue.db").write_text(
        "no database at all, and long enough to look like one\n" * 30
    )

    said = there.goes_on(code=3)

    assert said.err == (
        "dns-migrator: dns-migrator.queue.db: the queue of migrations cannot be used: file is not a database. "
        "It may be deleted while nothing runs.\n"
    )
    (there.folder / "dns-migrator.queue.db").unlink()
    there.goes_on(code=1)


def test_a_queue_that_has_no_room_any_more_ends_the_run_with_one_line(there: Journey) -> None:
    there.stands_at(Stage.SWITCH)
    there.goes_on(code=1)
    no_room = "BEGIN SELECT RAISE(FAIL, 'no room'); END"
    full(there, f"CREATE TRIGGER full BEFORE INSERT ON workflow_status {no_room}", "dns-migrator.queue.db")

    said = there.goes_on(code=3)

    assert said.err == (
        "dns-migrator: dns-migrator.queue.db: the queue of migrations cannot be used: no room. "
        "It may be deleted while nothing runs.\n"
    )


def full(there: Journey, statement: str, name: str = "dns-migrator.db") -> None:
    with closing(sqlite3.connect(there.folder / name)) as connection, connection:
        connection.execute(statement)


def test_ctrl_c_ends_a_run_that_waits_and_the_next_one_goes_on(there: Journey) -> None:
    there.stands_at(Stage.SWITCH)
    lives = Lives(there.folder)

    found = lives.live_until(lambda: there.last.kind is Kind.ASKS, signal.SIGINT, "run", "example.org")

    assert found.code == 130
    assert found.err.splitlines()[-1] == (
        "dns-migrator: Interrupted; nothing is lost. 'dns-migrator run example.org' goes on."
    )
    there.switch()
    # Nothing was imported here, and that is asked about too.
    there.run("approve", "example.org", "switch", "--because", "the test stands here", code=0)
    there.goes_on()
    assert ("switch", "done") in there.events()


def test_a_run_whose_output_nobody_reads_any_more_does_what_can_be_done_and_ends(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.stands_at(Stage.DNSSEC)
    monkeypatch.setattr(screen, "is_read", lambda: False)

    there.run("run", "example.org", code=1)

    assert ("dnssec", "done") in there.events()
    assert there.last.kind is Kind.ASKS


def test_ctrl_c_in_the_midst_of_a_write_lets_it_come_to_its_end(there: Journey) -> None:
    there.stands_at(Stage.IMPORT, replace(there.options, yes=True))
    lives = Lives(there.folder)
    there.accounts.cloudflare.fail(cloudflare.Fault("Batch", edit=lives.interrupt))

    found = lives.live("run", "example.org")

    assert found.code == 130
    assert there.events()[-1] in {("import", "resumed"), ("import", "done")}
    there.goes_on()
    assert ("import", "done") in there.events()
    assert there.accounts.cloudflare.operations().count("Batch") == 1


def test_status_says_that_something_is_done_only_while_somebody_does_it(there: Journey) -> None:
    there.stands_at(Stage.IMPORT, replace(there.options, yes=True))
    lives = Lives(there.folder)
    seen: list[str] = []

    def look(_: object) -> None:
        seen.append(status_of(there.folder))

    there.accounts.cloudflare.fail(cloudflare.Fault("Batch", edit=look))
    lives.live("run", "example.org", kill_at="before event")

    assert seen == ["example.org   3 import        running   now"]
    assert status_of(there.folder) == "example.org   3 import        to do     -"


def status_of(folder: Path) -> str:
    """The line of the one domain, as a process of its own says it."""
    done = subprocess.run(
        [sys.executable, "-m", "migrator", "status"], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[1].rstrip()


def test_status_shows_a_line_a_domain_in_80_columns_and_no_colour_in_a_pipe(there: Journey) -> None:
    now = datetime.now(UTC)
    until = now + timedelta(hours=1)
    there.stands_at(Stage.EXPIRE)
    with open_store(str(there.folder / "dns-migrator.db")) as store:
        migrations = Migrations(store)
        first = migrations.all()[0]
        waits = Event(
            Kind.WAITS, Stage.EXPIRE, now, "TTLs", until, worst=Worst(Severity.WARNING, "x.y: " + "z" * 90)
        )
        migrations.ended(first, first.turn, waits)
        second = "a-very-long-name-of-a-domain.example.net"
        migrations.ended(
            migrations.begin(absolute(second), Options("a", "b")),
            0,
            Event(Kind.ASKS, Stage.BACKUP, now, "may " + "many " * 20 + "be written?"),
        )

    table = there.run("status", code=0)
    found = there.run("status", "-f", "json", code=0).json

    cut = "\N{HORIZONTAL ELLIPSIS}"
    shown = [
        "DOMAIN                STAGE            STATE     NEXT          WORST",
        f"example.org            7 expire        waiting   {until:%m-%d %H:%MZ}  warning: x.y: zz{cut}",
        f"{second[:19]}{cut}   1 backup        asking    you           may many many ma{cut}",
    ]
    assert table.out.splitlines() == shown
    assert max(map(len, table.out.splitlines())) <= 80
    assert found["schema"] == "dns-migrator/status/1"
    assert found["migrations"][0] == {
        "domain": "example.org.",
        "from": R53,
        "to": CF,
        "fleet": None,
        "wave": 0,
        "begun": instant(first.begun),
        "stage": "expire",
        "status": "waiting",
        "text": "TTLs",
        "since": instant(now),
        "until": instant(until),
        "worst": {"severity": "warning", "message": "x.y: " + "z" * 90},
        "turns": 7,
    }


def test_status_of_a_domain_shows_its_journey(there: Journey) -> None:
    there.stands_at(Stage.IMPORT, replace(there.options, yes=False))
    there.goes_on(code=1)
    there.run("approve", "example.org", "import", "--because", "as agreed", code=0)
    told = there.told
    times = [f"{event.at:%H:%M:%S}Z" for event in told.events]

    text = there.run("status", "example.org", code=0).out.splitlines()
    (found,) = there.run("status", "example.org", "-f", "json", code=0).json["migrations"]

    assert text[:9] == [
        "example.org",
        "  from   route53:example.org",
        "  to     cloudflare:example.org",
        f"  begun  {instant(told.migration.begun)}",
        "",
        f"  [x] backup        Back up the old zone  {instant(told.events[1].at)}",
        f"  [x] prepare       Look at the domain before anything changes  {instant(told.events[2].at)}",
        "  [>] import        Make the new zone and import into it",
        "  [ ] verify        Ask every new name server",
    ]
    assert text[19:] == [
        f"{told.events[0].at:%Y-%m-%d}",
        f"{times[0]}  backup        begun",
        f"{times[1]}  backup        done: as the test says",
        f"{times[2]}  prepare       done: as the test says",
        f"{times[3]}  import        asks you: may 7 changes be written to",
        "                         cloudflare:example.org, with 8 losses?",
        f"                         $ dns-migrator import {R53} \\",
        f"                             {CF} --accept weights-merged \\",
        "                             --dry-run",
        "                         $ dns-migrator approve example.org import",
        f"{times[4]}  import        approved: because: as agreed",
        "",
        "example.org is at stage 3 of 13, import: it waits for a person, as said above.",
    ]
    assert [(each["event"], each["stage"]) for each in found["events"]] == [
        (kind, stage) for stage, kind in there.events()
    ]
    assert found["events"][-1]["because"] == "as agreed"
