"""`fleet`: many domains in waves on one machine, stopped and gone on with."""

import json
import os
import pty
import re
import select
import signal
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

from migrator.demo.clouds.route53 import Fault
from migrator.journey.events import Event, Kind
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import Status
from migrator.model.names import absolute, for_people
from migrator.state.migrations import Migration, Migrations
from migrator.state.store import open_store
from migrator.state.workers import Workers
from tests.fleet.conftest import Fleet
from tests.lab.waiting import wait_until

_LONG = 140


def stages_in_order(fleet: Fleet, domains: Sequence[str]) -> list[tuple[str, Stage]]:
    """Return which domain had which stage behind it, in the order in which that happened."""
    done = [
        (event.number, domain, event.stage)
        for domain in domains
        for event in fleet.told(domain).events
        if event.kind is Kind.DONE
    ]
    return [(domain, stage) for _, domain, stage in sorted(done)]


def test_a_domain_that_fails_stops_no_other_and_goes_on_by_itself_later(fleet: Fleet) -> None:
    first, failing, third, later = fleet.take(4)
    fleet.add([f"{first},1", f"{failing},1", f"{third},1", f"{later},2"])
    fleet.world.cloudflare.account.banned.add(failing)

    with fleet.world.watching(fleet.located):
        run = fleet.begin("fleet", "run", "--wave", "1", "-j", "2")
        wait_until(lambda: fleet.count(Status.COMPLETE) == 2, "the others are complete", _LONG)
        run.send_signal(signal.SIGTERM)
        out, err = run.communicate(timeout=30)

        assert run.returncode == 130
        assert err.endswith("dns-migrator: Stopped; nothing is lost. The same command goes on.\n")
        assert f"{failing}  import  failed" in out
        assert f"{later}" not in out

        failed = fleet.command("fleet", "status", "--only-failing", "--format", "json")
        shown = json.loads(failed.stdout)["migrations"]
        assert [(each["domain"], each["stage"], each["status"]) for each in shown] == [
            (f"{failing}.", "import", "failed")
        ]

        fleet.world.cloudflare.account.banned.clear()
        mended = fleet.command("fleet", "run", "--only-failing", "--quiet")

    assert (mended.returncode, mended.stdout) == (0, "")
    stands = {domain: (each.stage, each.status) for domain, each in fleet.migrations().items()}
    over = (Stage.RESTORE_TTLS, Status.COMPLETE)
    assert stands == {first: over, failing: over, third: over, later: (Stage.BACKUP, Status.RUNNING)}


def test_one_at_a_time_all_advance_and_an_interrupted_run_is_gone_on_with(fleet: Fleet) -> None:
    domains = fleet.take(3)
    fleet.add([f"{domain}," for domain in domains])

    with fleet.world.watching(fleet.located):
        run = fleet.begin("fleet", "run", "-j", "1", "-v")
        wait_until(lambda: all(each.turn > 2 for each in fleet.migrations().values()), "all are under way", _LONG)
        run.send_signal(signal.SIGINT)
        out, _ = run.communicate(timeout=30)
        before = {domain: fleet.told(domain).events for domain in domains}
        again = fleet.command("fleet", "run", "-j", "1", "--format", "json", "--quiet")

    assert run.returncode == 130
    assert f"{domains[0]}  backup  done: 14 records in 10 sets, backed up in backups/{domains[0]}/" in out
    assert again.returncode == 0, again.stderr
    ended = json.loads(again.stdout)["migrations"]
    assert [(each["domain"], each["status"]) for each in ended] == [(f"{each}.", "complete") for each in domains]
    after = {domain: fleet.told(domain).events for domain in domains}
    assert all(events == after[domain][: len(events)] for domain, events in before.items())

    # Nobody is two stages ahead of anybody: who has waited longest is next. From the switch on each waits for
    # instants of its own.
    reached = dict.fromkeys(domains, 0)
    for domain, stage in stages_in_order(fleet, domains):
        reached[domain] = min(stage.number, Stage.SWITCH.number)
        assert max(reached.values()) - min(reached.values()) <= 2, (domain, stage, reached)


def test_each_line_that_a_script_reads_meanwhile_names_its_domain(fleet: Fleet) -> None:
    names = ["a1.test", "b1.test"]  # nobody has them: each attempt fails
    fleet.add([f"{name}," for name in names])

    run = fleet.command("fleet", "run", "-j", "1", "--no-wait", "--format", "json")

    told = [json.loads(line) for line in run.stderr.splitlines()]
    assert run.returncode == 3
    assert {each["domain"]: (each["event"], each["stage"]) for each in told} == {
        f"{name}.": ("failed", "backup") for name in names
    }
    assert [each["domain"] for each in json.loads(run.stdout)["migrations"]] == [f"{name}." for name in names]

    quiet = fleet.command("fleet", "run", "-j", "1", "--no-wait", "--quiet")
    assert (quiet.returncode, quiet.stderr) == (3, "")
    assert quiet.stdout.startswith("2 domains, 0 complete\n")


def test_what_dbos_keeps_of_attempts_does_not_grow_with_them(fleet: Fleet) -> None:
    names = [f"{'abcdefgh'[number]}{number}.test" for number in range(8)]  # nobody has them: each attempt fails
    fleet.add([f"{name}," for name in names])

    run = fleet.begin("fleet", "run", "-j", "4", "-q")
    wait_until(lambda: sum(each.turn for each in fleet.migrations().values()) > 160, "many attempts", _LONG)
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=30)

    with closing(sqlite3.connect(fleet.folder / "state.queue.db")) as queue:
        (kept,) = queue.execute("SELECT count(*) FROM workflow_status").fetchone()
        (outputs,) = queue.execute("SELECT count(*) FROM operation_outputs").fetchone()
    assert kept < 120
    assert outputs < 120


def test_a_terminal_sees_how_far_all_are(fleet: Fleet) -> None:
    fleet.add([f"{name}," for name in ("x0.test", "x1.test")])  # nobody has them
    terminal, slave = pty.openpty()
    run = fleet.begin("fleet", "run", stderr=slave)
    os.close(slave)

    seen = ""
    while not re.search(r"stages done .*0/26.*domains moved .*0/2", seen, re.DOTALL):
        ready, _, _ = select.select([terminal], [], [], _LONG)
        assert ready, seen
        seen += os.read(terminal, 65_536).decode()
    run.kill()
    run.communicate(timeout=30)
    os.close(terminal)


def test_what_nobody_reads_any_more_ends_as_it_stands(fleet: Fleet) -> None:
    fleet.add(["x0.test,"])  # nobody has it
    read, write = os.pipe()
    os.close(read)

    run = fleet.begin("fleet", "run", stdout=write)
    os.close(write)
    run.communicate(timeout=_LONG)

    assert run.returncode == 3
    assert fleet.count(Status.FAILED) == 1


def test_a_state_database_that_is_deleted_meanwhile_ends_it_in_one_line(fleet: Fleet) -> None:
    fleet.add([f"{name}," for name in fleet.take(3)])
    running = fleet.begin("fleet", "run")
    wait_until(lambda: any(each.turn for each in fleet.migrations().values()), "an attempt has ended", _LONG)

    for name in ("state.db", "state.db-wal", "state.db-shm"):
        (fleet.folder / name).unlink(missing_ok=True)
    _, err = running.communicate(timeout=_LONG)

    assert running.returncode == 3
    assert err == (
        "dns-migrator: state.db: the state database was deleted or replaced while it was in use, and what happens "
        "now is not kept. Put the right one in its place, and type the command again.\n"
    )
    assert not (fleet.folder / "state.db").exists()


def test_what_is_paused_is_left_alone_until_it_is_resumed(fleet: Fleet) -> None:
    one, two = fleet.take(2)
    fleet.add([f"{one},1", f"{two},2"])

    paused = fleet.command("fleet", "pause", "--wave", "1", "--because", "a freeze")
    again = fleet.command("fleet", "pause", "--wave", "1")
    run = fleet.command("fleet", "run", "--no-wait", "--wave", "1")

    assert paused.stderr == "dns-migrator: 1 migration paused.\n"
    assert again.stderr == "dns-migrator: 0 migrations paused.\n"
    assert (run.returncode, run.stdout) == (1, "1 domain, 0 complete\n   1 backup        1 paused\n")
    assert fleet.told(one).events[-1].because == "a freeze"

    resumed = fleet.command("fleet", "resume")

    assert resumed.stderr == "dns-migrator: 1 migration resumed.\n"
    assert {each.status for each in fleet.migrations().values()} == {Status.RUNNING}


def test_a_run_that_does_not_wait_ends_when_nothing_can_be_done(fleet: Fleet) -> None:
    (domain,) = fleet.take(1)
    (fleet.folder / "list.txt").write_text(domain, "ascii")
    sides = ("--from", "route53:", "--to", "cloudflare:")
    fleet.command("fleet", "add", "list.txt", *sides, "--every", "1000")

    run = fleet.command("fleet", "run", "--no-wait")
    stands = fleet.migrations()[domain]

    assert run.returncode == 1
    assert (stands.stage, stands.status, stands.turn) == (Stage.IMPORT, Status.ASKING, 3)
    assert f"{domain}  import  asks you: may a new zone and 8 changes be written" in run.stdout
    assert run.stdout.endswith("1 domain, 0 complete\n   3 import        1 asking\n")


def test_what_a_newer_version_wrote_of_one_domain_stops_no_other(fleet: Fleet) -> None:
    theirs, ours = fleet.take(2)
    fleet.add([f"{theirs},1", f"{ours},1"])
    number = fleet.migrations()[theirs].number
    with closing(sqlite3.connect(fleet.located)) as database, database:
        database.execute("UPDATE migrator_events SET kind = 'rested' WHERE migration = ?", (number,))

    found = fleet.command("fleet", "run", "--no-wait", "--quiet")
    again = fleet.command("fleet", "run", "--no-wait", "--quiet")

    why = f"dns-migrator: {theirs}: state.db: event 1 cannot be read"
    # 1 where the other waits for a person by then.
    assert {found.returncode, again.returncode} <= {1, 3}
    assert {line.split(" (")[0].split(": it is")[0] for line in found.stderr.splitlines()} == {why}
    assert again.stderr == f"{why}: it is damaged, or a newer dns-migrator wrote it.\n"
    assert fleet.migrations()[ours].stage.number > Stage.BACKUP.number


def test_a_run_that_does_not_wait_sees_at_once_what_a_person_has_done(fleet: Fleet) -> None:
    (domain,) = fleet.take(1)
    (fleet.folder / "list.txt").write_text(domain, "ascii")
    sides = ("--from", "route53:", "--to", "cloudflare:")
    fleet.command("fleet", "add", "list.txt", *sides, "--every", "1000", "--lowered-ttl", "2", "--yes")

    def run() -> Migration:
        fleet.command("fleet", "run", "--no-wait")
        return fleet.migrations()[domain]

    wait_until(lambda: run().stage is Stage.SWITCH, "it is to be switched", _LONG)
    asked = fleet.migrations()[domain]
    fleet.world.switch(domain)
    switched = run()

    assert asked.status is Status.ASKING
    assert switched.stage.number > Stage.SWITCH.number


def test_a_run_that_does_not_wait_leaves_a_computed_instant_alone(fleet: Fleet) -> None:
    names = ("asks.test", "failed.test", "looks.test", "waits.test")
    fleet.add([f"{name}," for name in names], "--every", "1000")  # nobody has them: what is tried fails
    now = datetime.now(UTC)
    ends = zip(names, (Kind.ASKS, Kind.FAILED, Kind.WAITS, Kind.WAITS), (900, 900, 900, 1100), strict=True)
    with open_store(fleet.located) as store:
        migrations = Migrations(store)
        for name, kind, seconds in ends:
            event = Event(kind, Stage.BACKUP, now, "as the test says", now + timedelta(seconds=seconds))
            migrations.ended(fleet.migrations()[name], 0, event)

    fleet.command("fleet", "run", "--no-wait")

    assert {name: each.turn for name, each in fleet.migrations().items()} == {
        "asks.test": 2,
        "failed.test": 2,
        "looks.test": 2,
        "waits.test": 1,
    }


def test_what_a_worker_had_begun_that_left_no_trace_is_begun_anew(fleet: Fleet) -> None:
    (domain,) = fleet.take(1)
    fleet.add([f"{domain},", "d.example,1"])
    fleet.command("fleet", "pause", "--wave", "1")
    fleet.command("fleet", "run", "--no-wait", "--quiet", "--wave", "1")  # makes the queue
    key = fleet.migrations()[domain].key
    # A worker was stopped after it had taken the first attempt out of the queue, and before it began it.
    with closing(sqlite3.connect(fleet.folder / "state.queue.db")) as queue, queue:
        queue.execute(
            "INSERT INTO workflow_status (workflow_uuid, status, name, executor_id, created_at, updated_at) "
            "VALUES (?, 'PENDING', 'turn', 'gone-1-1', 1, 1)",
            [f"{key}-0-0"],
        )

    run = fleet.begin("fleet", "run", "-j", "1")
    wait_until(lambda: fleet.migrations()[domain].turn > 0, "the first attempt has ended", 60)
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=30)

    assert run.returncode == 130


def test_a_worker_that_is_stopped_is_known_until_its_last_attempt_has_ended(fleet: Fleet) -> None:
    (domain,) = fleet.take(1)
    fleet.add([f"{domain},"])
    fleet.world.route53.fail(Fault("*", delay=4.0, times=1))
    worker = fleet.begin("worker", "-j", "1", "-q")
    wait_until(lambda: bool(fleet.migrations()[domain].worker), "an attempt has begun", _LONG)
    worker.send_signal(signal.SIGTERM)

    unknown: list[bool] = []
    with open_store(fleet.located) as store:

        def has_ended() -> bool:
            known = Workers(store).names()
            unknown.append(not known and bool(fleet.migrations()[domain].worker))
            return worker.poll() is not None

        wait_until(has_ended, "the worker has ended", _LONG)
        left = Workers(store).names()

    assert (worker.returncode, any(unknown), left) == (0, False, ())


def test_the_end_of_an_attempt_that_was_under_way_when_it_was_stopped_is_told(fleet: Fleet) -> None:
    (domain,) = fleet.take(1)
    fleet.add([f"{domain},"])
    fleet.world.route53.fail(Fault("*", delay=4.0, times=1))
    run = fleet.begin("fleet", "run", "-j", "1", "-v")
    wait_until(lambda: bool(fleet.migrations()[domain].worker), "an attempt has begun", _LONG)
    run.send_signal(signal.SIGTERM)
    out, err = run.communicate(timeout=_LONG)

    assert (run.returncode, err) == (130, "dns-migrator: Stopped; nothing is lost. The same command goes on.\n")
    assert f"{domain}  backup  done: 14 records in 10 sets, backed up in backups/{domain}/" in out


def test_a_domain_is_added_once(fleet: Fleet) -> None:
    rows = [f"{domain}," for domain in ("a.example", "b.example")]
    fleet.add(rows)
    fleet.add([*rows, "c.example,7"], "--fleet", "others")

    found = {domain: (each.fleet, each.wave) for domain, each in fleet.migrations().items()}
    again = fleet.command("fleet", "add", "list.csv", "--from", "route53:", "--to", "cloudflare:")

    assert found == {"a.example": ("fleet", 0), "b.example": ("fleet", 0), "c.example": ("others", 7)}
    assert again.returncode == 0
    assert again.stderr == (
        "dns-migrator: list.csv:2: a.example is under way already, and left so.\n"
        "dns-migrator: list.csv:3: b.example is under way already, and left so.\n"
        "dns-migrator: list.csv:4: c.example is under way already, and left so.\n"
        "dns-migrator: 0 domains added to fleet. 3 under way already.\n"
    )


def test_a_list_that_is_added_again_begins_nothing_that_is_over(fleet: Fleet) -> None:
    fleet.add(["a.example,", "b.example,"])
    with open_store(fleet.located) as store:
        migrations = Migrations(store)
        moved = migrations.of(absolute("a.example."))
        assert moved is not None
        for turn, stage in enumerate(STAGES):
            migrations.ended(moved, turn, Event(Kind.DONE, stage, datetime.now(UTC), "as the test says"))
    assert fleet.command("abort", "b.example", "--yes").returncode == 0
    (fleet.folder / "list.csv").write_text("a.example\nb.example\nc.example\n", "ascii")

    again = fleet.command("fleet", "add", "list.csv", "--from", "route53:", "--to", "cloudflare:", "--yes")
    elsewhere = fleet.command("fleet", "add", "list.csv", "--from", "cloudflare:", "--to", "azure:")

    assert again.returncode == 0
    assert again.stderr == (
        "dns-migrator: list.csv:1: a.example has moved already, and left so.\n"
        "dns-migrator: list.csv:2: b.example was aborted, and left so.\n"
        "dns-migrator: 1 domain added to fleet. 1 moved already. 1 aborted. "
        "Begin: dns-migrator fleet run --database state.db\n"
    )
    assert elsewhere.returncode == 1
    assert elsewhere.stderr == (
        "dns-migrator: list.csv:3: c.example is under way elsewhere (from route53:c.example to "
        "cloudflare:c.example: 'dns-migrator abort c.example --database state.db' ends that), and left so.\n"
        "dns-migrator: 2 domains added to fleet. 1 under way elsewhere. "
        "Begin: dns-migrator fleet run --database state.db\n"
    )


def test_a_bad_row_refuses_all_before_the_first_is_added(fleet: Fleet) -> None:
    rows = ["domain,from,to,accept", "a.example,,,", "b.example,route53:c.example,,", "c.example,,,no-such-loss"]
    (fleet.folder / "list.csv").write_text("\n".join(rows), "ascii")

    side = fleet.command("fleet", "add", "list.csv", "--from", "route53:", "--to", "cloudflare:")
    (fleet.folder / "list.csv").write_text("\n".join([rows[0], rows[1], rows[3]]), "ascii")
    word = fleet.command("fleet", "add", "list.csv", "--from", "route53:", "--to", "cloudflare:")

    assert (side.returncode, word.returncode) == (2, 2)
    assert side.stderr == (
        "dns-migrator: list.csv:3: --from 'route53:c.example' is not the zone b.example: the same domain was "
        "expected.\n"
    )
    assert word.stderr.startswith("dns-migrator: list.csv:3: ")
    assert "no-such-loss" in word.stderr
    with open_store(fleet.located):
        assert fleet.migrations() == {}


def test_status_fits_a_terminal_and_is_json_for_machines(fleet: Fleet) -> None:
    long = f"{'a' * 60}.{'b' * 60}.example"
    fleet.add([f"{long},1", "b.example,2"])

    text = fleet.command("fleet", "status").stdout
    shown = json.loads(fleet.command("fleet", "status", "--wave", "2", "--format", "json").stdout)

    assert max(map(len, text.splitlines())) <= 80
    assert text == (
        "2 domains, 0 complete\n"
        "   1 backup        2 to do\n"
        "\n"
        "DOMAIN                STAGE            STATE     NEXT          WORST\n"
        f"{'a' * 19}\N{HORIZONTAL ELLIPSIS}   1 backup        to do     -\n"
        "b.example              1 backup        to do     -\n"
    )
    assert [(each["domain"], each["wave"], each["turns"]) for each in shown["migrations"]] == [
        ("b.example.", 2, 0)
    ]


def test_nothing_chosen_is_told(fleet: Fleet) -> None:
    fleet.add(["a.example,1"])

    run = fleet.command("fleet", "run", "--fleet", "others")
    status = fleet.command("fleet", "status", "--fleet", "others")

    assert (run.returncode, status.returncode) == (2, 0)
    assert status.stdout == (
        "No migration of a fleet is chosen so; 1 other is there:\n"
        "    $ dns-migrator fleet status --database state.db\n"
        "    $ dns-migrator status --database state.db\n"
    )
    assert run.stderr == (
        "dns-migrator: No migration is chosen so: 'dns-migrator fleet status --database state.db' lists them, "
        "'fleet add' adds.\n"
    )
    assert for_people(fleet.migrations()["a.example"].domain) == "a.example"


def test_the_database_is_named_in_every_command_that_is_printed(fleet: Fleet) -> None:
    fleet.add(["a.example,1"])

    waiting = fleet.command("run", "a.example", "--no-wait").stdout
    unknown = fleet.command("status", "b.example").stderr
    anew = fleet.command("run", "a.example", "--anew").stderr

    told = " ".join(waiting.split())
    assert "'dns-migrator run a.example --database state.db'" in told
    assert (
        told.split("is at stage")[1]
        == " ".join(fleet.command("status", "a.example").stdout.split()).split("is at stage")[1]
    )
    assert "'dns-migrator run b.example --from ... --to ... --database state.db' begins one." in unknown
    assert anew == (
        "dns-migrator: a.example: a migration of this domain is under way; "
        "'dns-migrator status a.example --database state.db' says where it stands, and "
        "'dns-migrator abort a.example --database state.db' ends it.\n"
    )


def test_without_waiting_each_that_fails_is_tried_once(fleet: Fleet) -> None:
    names = [
        f"n{number}.test" for number in range(16)
    ]  # nobody has them: each fails, to be tried again in a second
    fleet.add([f"{name}," for name in names])

    run = fleet.command("fleet", "run", "--no-wait", "-j", "1")

    assert (run.returncode, run.stdout.count("  backup  failed")) == (3, 16), run.stderr
    assert [each.turn for each in fleet.migrations().values()] == [1] * 16

    again = fleet.command("fleet", "run", "--no-wait", "-j", "1")

    assert again.returncode == 3
    assert fleet.migrations()[names[0]].turn == 2
