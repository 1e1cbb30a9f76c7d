"""`dns-migrator check`, run as a user runs it, on the small internet of the demo."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dns.name import Name

from migrator.checks.catalogue import catalogue
from migrator.cli import main
from migrator.demo.authority import Authority
from migrator.demo.hierarchy import home_zone, homes_of
from migrator.demo.internet import DOMAIN, NEW_HOSTS, OLD_HOSTS, REGISTRY_ADDRESSES, Internet
from migrator.model.finding import Phase
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.state.documents import Documents
from migrator.state.store import open_store
from migrator.workflow.remembering import OLD_SIDE
from migrator.zonefile import read_zone

BODY = """\
@ A 192.0.2.1
www CNAME @
@ MX 10 mail
mail A 192.0.2.25
@ TXT "v=spf1 mx -all"
"""
# What the engine is tested by: checks that ask servers and parents, and that no other area changes.
READY = ("--phase", "ready", "--to", "new.zone")
FEW = ("--only", "ns.udp,ns.aa,delegation.parent,delegation.child-ns,zone.cname-clash")


@dataclass
class Run:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def statuses(self) -> dict[str, str]:
        return {result["check"]: result["status"] for result in self.document["results"]}


@dataclass
class World:
    """The internet, both zones as files, and the command in their folder."""

    net: Internet
    old: Authority
    new: Authority
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def serve(self, new: str = BODY, old: str = BODY) -> None:
        self.old.serve([_zone(OLD_HOSTS, old), *_homes(OLD_HOSTS)])
        self.new.serve([_zone(NEW_HOSTS, new), *_homes(NEW_HOSTS)])

    def delegate(self, hosts: dict[Name, str]) -> None:
        for address in REGISTRY_ADDRESSES:
            self.net.delegate(hosts, address)

    def in_new_zone(self, name_servers: str) -> None:
        """Write the new zone with other name servers; a profile that waits for them but shortly."""
        soa = "@ SOA ns1.silent host 1 7200 900 1209600 300\n"
        (self.folder / "new.zone").write_text(f"$ORIGIN example.org.\n$TTL 300\n{soa}{name_servers}{BODY}")
        profile = self.folder / "network.toml"
        profile.write_text(profile.read_text().replace("timeout = 1.0", "timeout = 0.1"))

    def run(self, *arguments: str, code: int | None = None) -> Run:
        self.capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr("sys.argv", ["dns-migrator", *arguments])
            with pytest.raises(SystemExit) as stopped:
                main()
        said = self.capsys.readouterr()
        found = Run(int(stopped.value.code or 0), said.out, said.err)
        assert code is None or found.code == code, found
        return found

    def check(self, phase: str, *more: str, code: int | None = None) -> Run:
        sides = ("--from", "old.zone", "--to", "new.zone", "--network", "network.toml")
        return self.run("check", "example.org", "--phase", phase, *sides, *more, code=code)


@pytest.fixture(scope="module")
def internet() -> Iterator[tuple[Internet, Authority, Authority]]:
    old, new = Authority(), Authority()
    with closing(Internet(old, new)) as net:
        yield net, old, new


@pytest.fixture
def world(
    internet: tuple[Internet, Authority, Authority], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> World:
    net, old, new = internet
    found = World(net, old, new, tmp_path, capsys)
    net.write_profile(tmp_path)
    (tmp_path / "old.zone").write_text(_text(OLD_HOSTS, BODY))
    (tmp_path / "new.zone").write_text(_text(NEW_HOSTS, BODY))
    found.serve()
    found.delegate(OLD_HOSTS)
    return found


def _text(hosts: dict[Name, str], body: str) -> str:
    first = next(iter(hosts))
    apex = "".join(f"@ NS {host}\n" for host in hosts)
    return f"$ORIGIN example.org.\n$TTL 300\n@ SOA {first} host.{first} 1 7200 900 1209600 300\n{apex}{body}"


def _zone(hosts: dict[Name, str], body: str) -> ZoneSnapshot:
    reading = read_zone(_text(hosts, body).encode(), file="test", origin=DOMAIN)
    return assemble(DOMAIN, reading.records).snapshot


def _homes(hosts: dict[Name, str]) -> list[ZoneSnapshot]:
    return [home_zone(home, hosts) for home in homes_of(hosts)]


def test_a_sound_move_may_go_on(world: World) -> None:
    found = world.check("ready", *FEW, "--format", "json", code=0).document

    assert (found["schema"], found["domain"], found["phase"], found["verdict"], found["not_before"]) == (
        "dns-migrator/checklist/1",
        "example.org.",
        "ready",
        "go",
        None,
    )
    assert found["old"]["name_servers"] == [str(name) for name in OLD_HOSTS]
    assert [server["address"] for server in found["new"]["servers"]] == list(NEW_HOSTS.values())
    assert {result["status"] for result in found["results"]} == {"pass"}
    assert all(
        finding["evidence"] and finding["status"] == "pass" for r in found["results"] for finding in r["findings"]
    )


def test_what_is_wrong_is_named_with_its_evidence(world: World) -> None:
    world.new.serve(_homes(NEW_HOSTS))

    found = world.check("ready", *FEW, "--format", "json", code=1).document
    (udp,) = [result for result in found["results"] if result["check"] == "ns.udp"]
    text = world.check("ready", *FEW, code=1).out

    assert found["verdict"] == "no-go"
    assert udp["status"] == "pass", "the servers answer, if only REFUSED"
    assert re.search(r"^  fail       ns\.aa", text, re.MULTILINE)
    assert re.search(r"^        \$ dig \+norecurse -p \d+ @127\.53\.3\.1 example\.org\. SOA$", text, re.MULTILINE)
    assert max(map(len, text.splitlines())) <= 80
    assert text.splitlines()[-1] == "no-go"


def test_silence_of_what_must_answer_is_incomplete(world: World) -> None:
    world.in_new_zone("@ NS ns1.silent\n@ NS ns2.silent\nns1.silent A 127.53.99.1\nns2.silent A 127.53.99.2\n")

    found = world.check("ready", "--only", "ns.udp", "--format", "json", code=3)

    assert found.document["verdict"] == "incomplete"
    assert found.statuses == {"ns.udp": "unchecked"}


def test_fail_and_silence_together_are_a_failure(world: World) -> None:
    world.in_new_zone("@ NS ns1.silent\n@ NS bob.ns.cloudflare.com.\nns1.silent A 127.53.99.1\n")
    world.new.serve(_homes(NEW_HOSTS))

    found = world.check("ready", "--only", "ns.udp,ns.aa", "--format", "json", code=1)

    assert found.statuses == {"ns.aa": "fail", "ns.udp": "unchecked"}


def test_a_check_that_is_left_out_is_shown_with_its_reason(world: World) -> None:
    world.in_new_zone("@ NS ns1.silent\n@ NS ns2.silent\nns1.silent A 127.53.99.1\nns2.silent A 127.53.99.2\n")

    found = world.check("ready", "--only", "ns.udp", "--skip", "ns.udp=known, ticket 12", code=0)

    assert "  skipped    ns.udp                     known, ticket 12\n" in found.out


def test_a_severity_of_ones_own_and_the_threshold_decide_on_the_exit_code(world: World) -> None:
    world.new.serve(_homes(NEW_HOSTS))
    (world.folder / "mine.toml").write_text('[severity]\n"ns.aa" = "warning"\n')
    only = ("--only", "ns.aa", "--format", "json")

    assert world.check("ready", *only, code=1).document["verdict"] == "no-go"
    assert world.check("ready", *only, "--profile", "mine.toml", code=0).document["verdict"] == "go"
    assert world.check("ready", *only, "--profile", "mine.toml", "--fail-on", "warning", code=1).statuses == {
        "ns.aa": "warn"
    }
    world.check("ready", *only, "--fail-on", "never", code=0)


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_comes_to_a_verdict_live_and_from_its_recording(world: World, phase: Phase) -> None:
    if phase not in {Phase.PREPARE, Phase.READY}:
        world.delegate(NEW_HOSTS)

    found = world.check(phase, "--format", "json", "--record", "seen.json")
    again = world.run("check", "example.org", "--replay", "seen.json", "--format", "json", code=found.code)

    assert again.document == found.document
    assert [result["check"] for result in found.document["results"]] == [
        check.id for check in catalogue() if phase in check.phases
    ]
    assert {"go": 0, "no-go": 1, "incomplete": 3}[found.document["verdict"]] == found.code
    # The replay judged what was seen before, and is not kept.
    assert kept(world) == [found.document]


def test_a_part_of_a_checklist_is_no_verdict_and_is_not_kept(world: World) -> None:
    world.check("ready", *FEW, code=0)

    assert kept(world) == []


def kept(world: World) -> list[object]:
    """Return what is kept of the domain, but for the old side that was named."""
    with open_store(str(world.folder / "dns-migrator.db")) as store:
        found = [json.loads(document.text) for document in Documents(store).of(DOMAIN)]
    return [document for document in found if document["schema"] != OLD_SIDE]


def test_the_move_is_prepared_without_a_target(world: World) -> None:
    arguments = ("--phase", "prepare", "--from", "old.zone", "--network", "network.toml", "--format", "json")

    found = world.run("check", "example.org", *arguments).document

    assert found["new"] is None
    assert found["old"]["name_servers"] == [str(name) for name in OLD_HOSTS]


def test_the_old_side_is_what_the_parent_lists_where_it_is_not_named(world: World) -> None:
    arguments = ("--to", "new.zone", "--network", "network.toml", "--format", "json", *FEW)

    before = world.run("check", "example.org", "--phase", "ready", *arguments).document
    world.delegate(NEW_HOSTS)
    after = world.run(
        "check", "example.org", "--phase", "switch", *arguments[:-2], "--only", "delegation"
    ).document

    assert set(before["old"]["name_servers"]) == {str(name) for name in OLD_HOSTS}
    assert set(after["old"]["name_servers"]) == {str(name) for name in OLD_HOSTS}, "remembered"


def test_live_servers_are_a_side_without_a_zone(world: World) -> None:
    address = next(iter(NEW_HOSTS.values()))

    found = world.run(
        *("check", "example.org", "--phase", "ready", "--from", "old.zone", "--to", f"dns:example.org@{address}"),
        *("--network", "network.toml", "--format", "json", "--only", "ns.udp,delegation.child-ns"),
        code=0,
    ).document

    assert found["new"]["unread"] == "live servers answer, but do not list their zone"
    assert set(found["new"]["name_servers"]) == {str(name) for name in NEW_HOSTS}


def test_live_servers_are_compared_with_the_old_zone_and_may_be_moved_to(world: World) -> None:
    address = next(iter(NEW_HOSTS.values()))

    found = world.run(
        *("check", "example.org", "--phase", "ready", "--from", "old.zone", "--to", f"dns:example.org@{address}"),
        *("--network", "network.toml", "--format", "json", "--ttl-lowered-at", "2026-01-01T00:00:00Z"),
        *("--only", "zone,ttl,ns,mail"),
        code=0,
    ).document
    status = {result["check"]: result["status"] for result in found["results"]}

    assert found["verdict"] == "go"
    assert "unchecked" not in status.values()
    assert (status["zone.diff"], status["zone.served"]) == ("not-needed", "pass")


def test_a_side_that_cannot_be_read_is_said_and_no_crash(world: World) -> None:
    found = world.run(
        *("check", "example.org", "--phase", "ready", "--to", "new.zone", "--network", "network.toml"),
        *("--from", "axfr:example.org@127.53.2.1", "--format", "json"),
    )

    assert found.code in {1, 3}
    assert found.document["old"]["unread"].startswith("the old side cannot be read: ")


def test_what_was_recorded_is_judged_again_without_a_network(world: World) -> None:
    world.new.serve(_homes(NEW_HOSTS))
    first = world.check("ready", "--record", "seen.json", "--skip", "ns.case=known", "--format", "json", code=1)
    (world.folder / "network.toml").unlink()
    (world.folder / "new.zone").unlink()

    again = world.run("check", "example.org", "--replay", "seen.json", "--format", "json", code=1)

    assert again.document == first.document
    assert (
        world.run("check", "example.org", "--replay", "seen.json", "--only", "ns.udp", code=0).out.count("ns.udp")
        == 1
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_neither_result_nor_recording_is_lost_with_the_other(world: World) -> None:
    shown = world.check("ready", *FEW, "--record", "/dev/full", code=2)
    world.check("ready", *FEW, "--output", "/dev/full", "--record", "seen.json", code=2)

    assert "ns.udp" in shown.out
    assert "ns.udp" in (world.folder / "seen.json").read_text()


def test_a_recording_is_judged_by_the_statements_of_this_run(world: World) -> None:
    world.check("ready", "--only", "ttl.elapsed", "--record", "seen.json", "--database", "first.db", code=3)
    replay = ("check", "example.org", "--replay", "seen.json", "--format", "json")

    as_it_was = world.run(*replay, code=3)
    stated = world.run(*replay, "--ttl-lowered-at", "2026-01-01T00:00:00Z", code=0)

    assert (as_it_was.statuses, stated.statuses) == ({"ttl.elapsed": "unchecked"}, {"ttl.elapsed": "warn"})


def test_a_recording_has_no_secret(world: World) -> None:
    secret = "c2VjcmV0LXNlY3JldA=="
    world.run(
        *("check", "example.org", "--phase", "prepare", "--network", "network.toml", "--record", "seen.json"),
        *("--from", f"axfr:example.org@127.53.2.1?tsig=transfer-key:{secret}"),
    )

    seen = (world.folder / "seen.json").read_text()
    assert secret not in seen
    assert "axfr:example.org@127.53.2.1?tsig=***" in seen


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--phase", "ready"), "The phase ready looks at the new side: name it with --to, such as --to route53:"),
        ((), "--phase is missing: one of prepare, ready, switch, settle, close."),
        (
            ("--phase", "ready", "--to", "new.zone", "--only", "ns.udq"),
            "There is no check 'ns.udq'. Perhaps ns.udp",
        ),
        ((*READY, "--skip", "ns.udp"), "--skip ns.udp: the reason is missing"),
        (
            ("--phase", "ready", "--to", "new.zone", "--strategy", "none"),
            "--strategy none: one of unsigned, go-insec",
        ),
        (
            ("--phase", "ready", "--to", "new.zone", "--ttl-lowered-at", "noon"),
            "--ttl-lowered-at: 'noon' is no time",
        ),
        (
            ("--phase", "ready", "--to", "new.zone", "--ttl-lowered-at", "2999-01-01T00:00:00Z"),
            "--ttl-lowered-at: 2999-01-01T00:00:00Z is yet to come",
        ),
        (("--phase", "ready", "--to", "absent.zone"), "absent.zone: cannot be read: No such file or directory."),
        (("--phase", "ready", "--to", "other.zone"), "'other.zone' is the zone example.net, not example.org."),
        (("--phase", "ready", "--to", "route53:example.net"), "'route53:example.net' is not the zone example.org"),
        (("--replay", "old.zone"), "old.zone:1: not JSON"),
        (
            ("--phase", "ready", "--to", "new.zone", "--profile", "old.zone"),
            "old.zone: the profile of checks is not TO",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(
    world: World, arguments: tuple[str, ...], message: str
) -> None:
    (world.folder / "other.zone").write_text("$ORIGIN example.net.\n$TTL 60\n@ SOA a b 1 1 1 1 1\n@ NS a\n")

    found = world.run("check", "example.org", "--network", "network.toml", *arguments, code=2)

    assert found.out == ""
    assert found.err.startswith(f"dns-migrator: {message}")
    assert found.err.count("\n") == 1


def test_a_recording_of_another_domain_or_phase_is_refused(world: World) -> None:
    world.check("ready", *FEW, "--record", "seen.json")

    other = world.run("check", "example.net", "--replay", "seen.json", code=2)
    later = world.run("check", "example.org", "--phase", "close", "--replay", "seen.json", code=2)

    assert other.err == "dns-migrator: seen.json: recorded of example.org, not of example.net.\n"
    assert later.err == (
        "dns-migrator: seen.json: recorded in the phase ready; close asks other questions, so record it anew.\n"
    )


@pytest.mark.parametrize(
    ("format_", "beginning"),
    [
        ("text", "example.org: what do 5 of the "),
        ("json", "{\n"),
        ("markdown", "# example.org: what do 5 of the "),
        ("html", "<!DOCTYPE html>\n"),
        ("junit", '<?xml version="1.0" encoding="UTF-8"?>\n'),
    ],
)
def test_every_form_can_be_had_and_goes_to_a_file(world: World, format_: str, beginning: str) -> None:
    shown = world.check("ready", *FEW, "--format", format_, code=0).out
    world.check("ready", *FEW, "--format", format_, "-o", "result", code=0)

    assert shown.startswith(beginning)
    assert (world.folder / "result").read_text().startswith(beginning)


def test_quiet_says_nothing_where_all_is_well(world: World) -> None:
    found = world.check("ready", *FEW, "--quiet", code=0)

    assert (found.out, found.err) == ("", "")


def test_a_memory_that_cannot_be_kept_is_said_and_makes_the_code_3(world: World) -> None:
    (world.folder / "closed").mkdir(mode=0o555)

    found = world.check("ready", *FEW, "--database", "sqlite:////proc/nowhere/state.db", code=3)

    assert found.out.splitlines()[-1] == "go"
    assert "will not be remembered" in found.err


def test_the_backup_of_a_rollback_is_not_taken_for_the_old_zone(world: World) -> None:
    (world.folder / "other.zone").write_text(_text(OLD_HOSTS, BODY.replace("192.0.2.1\n", "192.0.2.9\n")))
    drift = ("--only", "inventory.drift", "--format", "json")
    network = ("--network", "network.toml")

    imported = world.run("import", "other.zone", "old.zone", "--yes", *network, code=0)
    world.run("rollback", "example.org", "--yes", *network, code=0)
    after_rollback = world.check("ready", *drift, code=0)

    assert "2 changes written" in imported.out
    assert len(list((world.folder / "backups" / "example.org").iterdir())) == 2
    assert after_rollback.statuses == {"inventory.drift": "pass"}
