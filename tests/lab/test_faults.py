"""A new name server that misbehaves, among real ones: what `diff` and `confirm` make of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faulty import ALL, FaultyServer, Reply
from tests.lab.command import Command, Run
from tests.lab.lab import Lab
from tests.lab.zones import zone_text

CLEAN, FINDINGS, UNCHECKED = 0, 1, 3
HOST = "ns.faulty.test."
RECORDS = "@ A 192.0.2.10\nwww A 192.0.2.11\n"

Changes = Mapping[tuple[str | None, str | None], Reply | list[Reply]]


def good(zone: str, name_servers: tuple[str, ...]) -> dict[tuple[str | None, str | None], Reply | list[Reply]]:
    """Return the rules of a server that serves the zone as it should."""
    soa = f"{zone} 5 SOA {name_servers[0]} hostmaster.example.com. 77 86400 7200 2419200 1"
    bare = zone.rstrip(".")
    return {
        (bare, "SOA"): Reply(answer=[soa]),
        (bare, "NS"): Reply(answer=[f"{zone} 5 NS {name}" for name in name_servers]),
        (bare, "A"): Reply(answer=[f"{zone} 5 A 192.0.2.10"]),
        (f"www.{bare}", "A"): Reply(answer=[f"www.{zone} 5 A 192.0.2.11"]),
        (bare, None): Reply(authority=[soa]),
        (f"www.{bare}", None): Reply(authority=[soa]),
        (f"*.{bare}", None): Reply(rcode="NXDOMAIN", authority=[soa]),
    }


@contextmanager
def faulty(lab: Lab, zone: str, changes: Changes) -> Iterator[FaultyServer]:
    """Let the second of the new name servers, `ns.faulty.test`, serve the zone but for the changes."""
    address = lab.block.address(8, 1)
    lab.serve(lab.new, "faulty.test.", f"ns A {address}")
    lab.delegate("faulty.test.", lab.new.name_servers)
    rules = good(zone, (lab.new.name_servers[0], HOST))
    with FaultyServer({**rules, **changes}, address, lab.port) as server:
        yield server


def confirm(lab: Lab, command: Command, zone: str) -> Run:
    new = (lab.new.name_servers[0], HOST)
    lab.serve(lab.new, zone, RECORDS, name_servers=new, only=lab.new.servers[0])
    lab.delegate(zone, new, ttl=1)
    return command("confirm", zone, "--expect", ",".join(new), "--format", "json")


def diff(lab: Lab, command: Command, folder: Path, zone: str, server: FaultyServer) -> Run:
    (folder / "old.zone").write_text(zone_text(zone, RECORDS, lab.old.name_servers))
    return command("diff", "old.zone", f"dns:{zone}@{server.address}", "--format", "json")


def differences(run: Run) -> list[tuple[str, str, str]]:
    return sorted(
        (found["kind"], found["owner"], found["rdtype"])
        for found in run.document["differences"]
        if found["kind"] not in {"expected", "equivalent"}
    )


def test_a_server_without_faults_is_clean(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    zone = "faultless.test."
    with faulty(laboratory, zone, {}) as server:
        compared = diff(laboratory, command, tmp_path, zone, server)
        confirmed = confirm(laboratory, command, zone)

    assert (compared.code, compared.document["verdict"]) == (CLEAN, "same")
    assert (confirmed.code, confirmed.document["stage"]) == (CLEAN, "switched")


LAME = {
    "SERVFAIL": (Reply(rcode="SERVFAIL"), "SERVFAIL"),
    "without authority": (
        Reply(
            answer=["lame.test. 5 SOA ns.example.org. hostmaster.example.com. 77 1 1 1 1"],
            authoritative=False,
        ),
        "without authority",
    ),
    "upward": (Reply(authority=[". 5 NS a.root-servers.test."], authoritative=False), "referral"),
    "of no data": (Reply(), "no data"),
}


@pytest.mark.parametrize("answer", list(LAME))
def test_a_server_that_does_not_serve_the_zone_is_lame(laboratory: Lab, command: Command, answer: str) -> None:
    reply, words = LAME[answer]
    with faulty(laboratory, "lame.test.", {("lame.test", "SOA"): reply, ("lame.test", "NS"): reply}):
        run = confirm(laboratory, command, "lame.test.")

    assert (run.code, run.document["stage"]) == (FINDINGS, "switched")
    (found,) = [found for found in run.document["findings"] if found["check"] == "delegation.lame"]
    assert (found["severity"], found["subject"].split()[0]) == ("error", HOST.rstrip("."))
    assert words in found["message"]


def test_a_server_that_never_answers_is_unchecked(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    zone = "mute.test."
    rules: Changes = {key: Reply(drop=ALL) for key in good(zone, (HOST,))}
    with faulty(laboratory, zone, rules) as server:
        confirmed = confirm(laboratory, command, zone)
        compared = diff(laboratory, command, tmp_path, zone, server)

    assert (confirmed.code, confirmed.document["stage"]) == (UNCHECKED, "switched")
    assert not [found for found in confirmed.document["findings"] if found["severity"] == "error"]
    assert compared.code == UNCHECKED
    assert {kind for kind, _, _ in differences(compared)} == {"unchecked"}


def test_a_lost_packet_is_asked_for_again(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    zone = "lossy.test."
    www = Reply(answer=["www.lossy.test. 5 A 192.0.2.11"], drop=1)
    with faulty(laboratory, zone, {("www.lossy.test", "A"): www}) as server:
        run = diff(laboratory, command, tmp_path, zone, server)

    assert (run.code, run.document["verdict"]) == (CLEAN, "same")


def test_one_question_without_an_answer_is_one_unchecked_set(
    laboratory: Lab, command: Command, tmp_path: Path
) -> None:
    zone = "gap.test."
    with faulty(laboratory, zone, {("www.gap.test", "A"): Reply(drop=ALL)}) as server:
        run = diff(laboratory, command, tmp_path, zone, server)

    assert run.code == UNCHECKED
    assert differences(run) == [("unchecked", "www.gap.test.", "A")]


def test_a_truncated_answer_without_tcp_is_unchecked(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    zone = "cut.test."
    www = Reply(answer=["www.cut.test. 5 A 192.0.2.11"], truncated=True, over_tcp=False)
    with faulty(laboratory, zone, {("www.cut.test", "A"): www}) as server:
        run = diff(laboratory, command, tmp_path, zone, server)

    assert run.code == UNCHECKED
    assert differences(run) == [("unchecked", "www.cut.test.", "A")]


@pytest.mark.parametrize("lie", ["another id", "another question", "garbage"])
def test_a_forged_answer_is_never_believed(laboratory: Lab, command: Command, tmp_path: Path, lie: str) -> None:
    zone = "forged.test."
    www = Reply(
        answer=["www.forged.test. 5 A 192.0.2.66"],
        wrong_id=lie == "another id",
        wrong_question=lie == "another question",
        garbage=b"\xff" * 40 if lie == "garbage" else None,
    )
    with faulty(laboratory, zone, {("www.forged.test", "A"): www}) as server:
        run = diff(laboratory, command, tmp_path, zone, server)

    assert run.code == UNCHECKED
    assert differences(run) == [("unchecked", "www.forged.test.", "A")]


def test_a_server_that_fails_for_one_name_is_an_error_that_says_so(
    laboratory: Lab, command: Command, tmp_path: Path
) -> None:
    zone = "servfail.test."
    with faulty(laboratory, zone, {("www.servfail.test", "A"): Reply(rcode="SERVFAIL")}) as server:
        run = diff(laboratory, command, tmp_path, zone, server)

    assert run.code == FINDINGS
    (found,) = [found for found in run.document["differences"] if found["owner"] == "www.servfail.test."]
    assert found["severity"] == "error"
    assert "SERVFAIL" in found["impact"]
