"""`dns-migrator confirm` in each stage of a switch, against real parents, providers and resolvers."""

import signal
from datetime import UTC, datetime, timedelta

import pytest

from tests.lab.command import Command, Run
from tests.lab.confirming import CLEAN, FINDINGS, RECORDS, UNCHECKED, confirm, expecting
from tests.lab.lab import Lab
from tests.lab.waiting import wait_until

PARKED = ("ns1.parking.example.", "ns2.parking.example.")


def parent_sets(run: Run) -> set[tuple[str, ...]]:
    return {tuple(sorted(view["ns"])) for view in run.document["parent"]}


def test_a_domain_that_nobody_delegates_is_not_delegated(laboratory: Lab, command: Command) -> None:
    run = confirm(command, laboratory, "nobody.test.")

    assert (run.code, run.document["stage"]) == (FINDINGS, "not-delegated")
    assert run.document["schema"] == "dns-migrator/confirm/1"


def test_before_the_switch_it_is_not_started(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    run = confirm(command, lab, served)

    assert (run.code, run.document["stage"]) == (FINDINGS, "not-started")
    assert parent_sets(run) == {lab.old.name_servers}
    assert {view["address"] for view in run.document["parent"]} == {
        lab.registry.first.addresses[0],
        lab.registry.second.addresses[0],
    }
    assert {view["ttl"] for view in run.document["parent"]} == {1}


def test_resolvers_are_never_asked_for_ns_before_the_switch(
    laboratory: Lab, command: Command, served: str
) -> None:
    run = confirm(command, laboratory, served)

    assert run.document["stage"] == "not-started"
    for resolver in laboratory.resolvers:
        asked = {question.rdtype for question in resolver.questions(served)}
        assert asked
        assert "NS" not in asked
    assert {view["state"] for view in run.document["resolvers"]} == {"old"}


def test_neither_set_at_the_parent_is_a_placeholder(laboratory: Lab, command: Command, served: str) -> None:
    assert confirm(command, laboratory, served).document["stage"] == "not-started"
    laboratory.delegate(served, PARKED, ttl=1)

    run = confirm(command, laboratory, served)

    assert (run.code, run.document["stage"]) == (FINDINGS, "placeholder")
    assert parent_sets(run) == {PARKED}


def test_parents_that_differ_are_mixed(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    lab.delegate(served, lab.new.name_servers, ttl=1, everywhere=False)

    run = confirm(command, lab, served)
    lab.registry.catch_up("test.")

    assert (run.code, run.document["stage"]) == (FINDINGS, "mixed")
    by_address = {view["address"]: tuple(sorted(view["ns"])) for view in run.document["parent"]}
    assert by_address == {
        lab.registry.first.addresses[0]: lab.new.name_servers,
        lab.registry.second.addresses[0]: lab.old.name_servers,
    }


@pytest.mark.parametrize("listed", ["both sets", "a part of the new set"])
def test_anything_but_exactly_the_new_set_is_mixed(
    laboratory: Lab, command: Command, served: str, listed: str
) -> None:
    lab = laboratory
    new = lab.new.name_servers
    lab.delegate(served, (*lab.old.name_servers, *new) if listed == "both sets" else new[:1], ttl=1)

    run = confirm(command, lab, served, "--from", lab.locator("axfr", served, lab.old.servers[0]))

    assert (run.code, run.document["stage"]) == (FINDINGS, "mixed")


def test_a_silent_parent_server_leaves_it_unchecked(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    lab.delegate(served, lab.new.name_servers, ttl=1)

    with lab.stopped(lab.registry.first):
        run = confirm(command, lab, served)

    assert run.code == UNCHECKED
    assert run.document["stage"] != "settled"


def test_a_parent_server_that_refuses_is_an_error(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    lab.delegate(served, lab.new.name_servers, ttl=1)

    lab.registry.second.remove("test.")
    run = confirm(command, lab, served)
    lab.registry.catch_up("test.")

    assert run.code == FINDINGS
    assert run.document["stage"] not in {"switched", "settled"}
    (found,) = [found for found in run.document["findings"] if found["check"] == "delegation.parent-fails"]
    assert found["severity"] == "error"
    assert "REFUSED" in found["message"]


def test_a_switch_that_is_seen_for_the_first_time_is_not_settled(
    laboratory: Lab, command: Command, served: str
) -> None:
    """Nobody knows how long ago it happened, so the TTLs are still ahead."""
    lab = laboratory
    lab.serve(lab.old, served, RECORDS, ttl=100)
    lab.delegate(served, lab.new.name_servers, ttl=200)
    before = datetime.now(UTC)

    old = lab.locator("axfr", served, lab.old.servers[0])
    run = confirm(command, lab, served, "--from", old, "--database", "other.db")

    assert (run.code, run.document["stage"]) == (CLEAN, "switched")
    assert datetime.fromisoformat(run.document["last_stale_answer"]) >= before + timedelta(seconds=300)
    assert (command.folder / "other.db").exists()


def test_after_the_switch_it_is_switched_and_in_time_settled(
    laboratory: Lab, command: Command, served: str
) -> None:
    lab = laboratory
    assert confirm(command, lab, served).document["stage"] == "not-started"
    lab.delegate(served, lab.new.name_servers, ttl=1)
    run = confirm(command, lab, served)

    assert (run.code, run.document["stage"]) == (CLEAN, "switched")
    assert parent_sets(run) == {lab.new.name_servers}
    wait_until(lambda: confirm(command, lab, served).document["stage"] == "settled", "it is settled", 20)
    settled = confirm(command, lab, served)
    assert settled.code == CLEAN
    assert {view["state"] for view in settled.document["resolvers"]} == {"new"}


def test_the_last_stale_answer_is_computed_from_measured_ttls(
    laboratory: Lab, command: Command, served: str
) -> None:
    """The old zone still lists itself, so its own TTL comes on top of the parent's."""
    lab = laboratory
    lab.serve(lab.old, served, RECORDS, ttl=400)
    lab.delegate(served, lab.old.name_servers, ttl=700)
    confirm(command, lab, served)
    lab.delegate(served, lab.new.name_servers, ttl=700)
    before = datetime.now(UTC)

    run = confirm(command, lab, served)

    after = datetime.now(UTC)
    assert run.document["stage"] == "switched"
    end = datetime.fromisoformat(run.document["last_stale_answer"])
    assert before + timedelta(seconds=1100 - 1) <= end <= after + timedelta(seconds=1100 + 1)
    assert datetime.fromisoformat(run.document["safe_to_delete_old_zone"]) >= end


def test_a_resolver_that_keeps_the_old_servers_is_seen(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    lab.serve(lab.old, served, RECORDS, ttl=300)
    lab.delegate(served, lab.old.name_servers, ttl=300)
    confirm(command, lab, served)
    lab.delegate(served, lab.new.name_servers, ttl=300)

    run = confirm(command, lab, served)

    assert run.document["stage"] == "switched"
    for view in run.document["resolvers"]:
        assert view["state"] == "old"
        assert 250 <= view["remaining_ttl"] <= 300


def test_a_canary_tells_the_sides_apart(laboratory: Lab, command: Command, served: str) -> None:
    """Both sides have the same SOA, as where a zone was copied as it is."""
    lab = laboratory
    apex = (
        "@ 1 SOA ns1.example.net. hostmaster.example.com. {serial} 86400 7200 2419200 1\n@ 1 NS ns1.example.net.\n"
    )
    for provider, word in ((lab.old, "old"), (lab.new, "new")):
        text = f"$ORIGIN {served}\n{apex.format(serial=2_000_000)}_migcheck 1 TXT provider={word}\n"
        for server in provider.servers:
            server.put(served, text)

    run = confirm(command, lab, served)

    assert run.document["stage"] == "not-started"
    assert {view["state"] for view in run.document["resolvers"]} == {"old"}
    for resolver in lab.resolvers:
        assert {question.name for question in resolver.questions(served)} == {f"_migcheck.{served}"}


def test_the_target_locator_gives_the_expected_set(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    target = lab.locator("axfr", served, lab.new.servers[0])
    lab.delegate(served, lab.new.name_servers, ttl=1)

    run = command("confirm", served, "--to", target, "--format", "json")

    assert (run.code, run.document["stage"]) == (CLEAN, "switched")


def test_rdap_shows_the_registrar_s_view_or_is_unchecked(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    without = confirm(command, lab, served)
    lab.rdap.tell(served, lab.old.name_servers, status=["client transfer prohibited"])
    told = confirm(command, lab, served)
    lab.rdap.tell(served, (), http_status=503)
    broken = confirm(command, lab, served)

    assert told.document["registrar"]["name_servers"] == list(lab.old.name_servers)
    assert told.document["registrar"]["registrar"] == "Example Registrar"
    assert "client transfer prohibited" in told.document["registrar"]["status"]
    for run, status in ((without, "404"), (broken, "503")):
        assert (run.code, run.document["stage"]) == (FINDINGS, "not-started")
        assert run.document["registrar"]["state"] == "unchecked"
        assert status in run.document["registrar"]["reason"]


def test_a_watch_prints_a_line_for_each_change_and_ends_when_settled(
    laboratory: Lab, command: Command, served: str
) -> None:
    lab = laboratory
    arguments = ["confirm", served, *expecting(lab.new.name_servers), "--watch", "--interval", "1"]
    with command.start(arguments) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            lab.delegate(served, lab.new.name_servers, ttl=1)
            lines += process.stdout
            assert process.wait(timeout=30) == CLEAN
            assert process.stderr is not None
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()

    assert "not-started" in lines[0]
    assert any("switched" in line for line in lines)
    assert "settled" in lines[-1]


def test_a_watch_that_is_interrupted_says_how_far_it_is(laboratory: Lab, command: Command, served: str) -> None:
    arguments = ["confirm", served, *expecting(laboratory.new.name_servers), "--watch"]
    with command.start(arguments) as process:
        try:
            assert process.stdout is not None
            assert "not-started" in process.stdout.readline()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == FINDINGS
            assert process.stderr is not None
            said = process.stderr.read()
        finally:
            process.kill()

    assert "Traceback" not in said
    assert "not-started" in said


@pytest.mark.parametrize("hosted", ["elsewhere", "by the parent's servers too"])
def test_the_parent_may_be_any_zone(laboratory: Lab, command: Command, served: str, hosted: str) -> None:
    """A child zone is moved that its parent's own servers host as well, or another operator."""
    lab = laboratory
    child = f"shop.{served}"
    operator = f"ns1.{child}"
    glue = f"{operator} A {lab.operator.addresses[0]}\n"
    lab.serve(lab.new, child, RECORDS, ttl=1)
    if hosted == "elsewhere":
        lab.serve_child(child, RECORDS + glue, [operator])
        lab.serve(lab.old, served, f"{RECORDS}{child} NS {operator}\n{glue}", ttl=1)
    else:
        lab.serve(lab.old, child, RECORDS, ttl=1)
        lab.serve(lab.old, served, f"{RECORDS}{child} NS ns1.example.net.\n{child} NS ns2.example.net.\n", ttl=1)

    before = confirm(command, lab, child)
    for server in lab.old.servers:
        server.remove(child)
    lab.serve(lab.old, served, f"{RECORDS}{child} NS ns1.example.org.\n{child} NS ns2.example.org.\n", ttl=1)
    after = confirm(command, lab, child)

    assert (before.code, before.document["stage"]) == (FINDINGS, "not-started")
    assert (after.code, after.document["stage"]) == (CLEAN, "switched")
    for run in (before, after):
        assert run.document["parent_zone"] == served
        assert {view["address"] for view in run.document["parent"]} == set(lab.old.addresses)


def test_what_a_person_reads_fits_80_columns(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    signed = lab.serve_signed(lab.old, served, RECORDS, ttl=1)
    lab.delegate(served, (*lab.new.name_servers, "192.0.2.1."), ttl=1, ds=[signed.ds])

    run = command("confirm", served, *expecting(lab.new.name_servers))

    assert run.code == FINDINGS
    assert [line for line in run.out.splitlines() if len(line) > 80] == []
