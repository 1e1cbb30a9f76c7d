"""`dns-migrator confirm`, run as a user runs it, against servers of the tests' own: root, parent, providers."""

import json
import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from migrator.cli import main
from migrator.model.names import absolute, text_of
from migrator.state.documents import Documents
from migrator.state.store import open_store
from tests.faulty import ALL, FaultyServer, Reply, Rules, patience
from tests.installed import PATIENCE

COMMAND = Path(sys.executable).with_name("dns-migrator")
OLD = ("ns1.old.test.", "ns2.old.test.")
NEW = ("ns1.new.test.", "ns2.new.test.")
PARKED = ("ns1.parked.test.", "ns2.parked.test.")
ADDRESSES = {
    "ns1.old.test.": "127.61.2.1",
    "ns2.old.test.": "127.61.2.2",
    "ns1.new.test.": "127.61.3.1",
    "ns2.new.test.": "127.61.3.2",
}
EXPECT_NEW = ("--expect", "ns1.new.test,ns2.new.test")
DS = "20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"


def root_rules() -> Rules:
    referral = Reply(
        authority=["test. 60 NS a.nic.test.", "test. 60 NS b.nic.test."],
        additional=["a.nic.test. 60 A 127.61.1.1", "b.nic.test. 60 A 127.61.1.2"],
        authoritative=False,
    )
    apex = Reply(answer=[". 60 NS a.root.test."], additional=["a.root.test. 60 A 127.61.0.1"])
    return {(None, None): referral, (".", "NS"): apex}


def parent_rules(
    listed: Iterable[str], *, ttl: int = 1, ds: Iterable[str] = (), glue: Iterable[str] = ()
) -> Rules:
    """The zone test., with this delegation of example.test. and the addresses of all name servers."""
    soa = "test. 60 SOA a.nic.test. host.nic.test. 1 1 1 1 1"
    names = tuple(listed)
    rules: Rules = {
        (None, None): Reply(rcode="NXDOMAIN", authority=[soa]),
        ("test", "NS"): Reply(
            answer=["test. 60 NS a.nic.test.", "test. 60 NS b.nic.test."],
            additional=["a.nic.test. 60 A 127.61.1.1", "b.nic.test. 60 A 127.61.1.2"],
        ),
        ("example.test", "DS"): Reply(answer=[f"example.test. 60 DS {text}" for text in ds], authority=[soa]),
    }
    for name, address in ADDRESSES.items():
        owner = name.rstrip(".")
        rules[owner, "A"] = Reply(answer=[f"{name} 60 A {address}"])
        rules[owner, "AAAA"] = Reply(authority=[soa])
    if names:
        authority = [f"example.test. {ttl} NS {name}" for name in names]
        rules["example.test", None] = Reply(authority=authority, additional=tuple(glue), authoritative=False)
    return rules


def provider_rules(names: Iterable[str], side: str, *, ttl: int = 1, canary: str = "") -> Rules:
    """The zone example.test. as one provider serves it."""
    soa = f"example.test. {ttl} SOA ns1.{side}.test. host.{side}.test. 7 7200 900 1209600 {ttl}"
    return {
        ("example.test", "NS"): Reply(answer=[f"example.test. {ttl} NS {name}" for name in names]),
        ("example.test", "SOA"): Reply(answer=[soa]),
        ("example.test", None): Reply(authority=[soa]),
        ("_migcheck.example.test", "TXT"): Reply(
            answer=[f'_migcheck.example.test. 1 TXT "{canary}"'] if canary else [], authority=[soa]
        ),
        (None, None): Reply(rcode="NXDOMAIN", authority=[soa]),
    }


def resolver_rules(side: str, *, remaining: int = 1, canary: str = "") -> Rules:
    """A resolver that has the SOA of this side in its cache."""
    rules = provider_rules((), side, ttl=remaining, canary=canary)
    return {
        question: Reply(reply.answer, rcode=reply.rcode, authoritative=False, recursion_available=True)
        for question, reply in rules.items()
        if isinstance(reply, Reply)
    }


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
    def verdict(self) -> tuple[int, str | None]:
        return self.code, self.document["stage"]

    def findings(self) -> set[tuple[str, str]]:
        return {(found["check"], found["severity"]) for found in self.document["findings"]}


@dataclass
class Net:
    """All servers, on one port of many addresses, and the command with a profile that leads there."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    servers: dict[str, FaultyServer] = field(default_factory=dict)
    domain: str = "example.test"

    def start(self, stack: ExitStack) -> None:
        port = 0
        for name, address, rules in (
            ("root", "127.61.0.1", root_rules()),
            ("a", "127.61.1.1", parent_rules(OLD)),
            ("b", "127.61.1.2", parent_rules(OLD)),
            *((name, ADDRESSES[name], provider_rules(OLD, "old")) for name in OLD),
            *((name, ADDRESSES[name], provider_rules(NEW, "new")) for name in NEW),
            ("resolver", "127.61.9.1", resolver_rules("old")),
        ):
            server = FaultyServer(rules, address, port)
            self.servers[name] = stack.enter_context(server)
            port = server.port
        (self.folder / "hints").write_text(". 60 IN NS a.root.test.\na.root.test. 60 IN A 127.61.0.1\n")

    def parents(self, listed: Iterable[str], **options: Any) -> None:
        for name in ("a", "b"):
            self.servers[name].rules = parent_rules(tuple(listed), **options)

    def silence(self, *names: str) -> None:
        for name in names:
            self.servers[name].rules = {(None, None): Reply(drop=ALL)}

    def profile(self) -> Path:
        file = self.folder / "network.toml"
        file.write_text(
            f'root_hints = "hints"\nport = {self.servers["root"].port}\nipv6 = false\n'
            f"timeout = {patience(*(server.rules for server in self.servers.values()))}\nattempts = 2\n"
            f'rdap_bootstrap = ""\nallow_special_addresses = true\n'
            f'[[resolvers]]\nname = "One"\naddress = "127.61.9.1:{self.servers["resolver"].port}"\n'
        )
        return file

    def command(self, *arguments: str) -> list[str]:
        return [str(COMMAND), "confirm", self.domain, *arguments, "--network", str(self.profile())]

    def __call__(self, *arguments: str) -> Run:
        """Run the command line whole, in this process: that is faster, and an unclosed file is an error here."""
        self.monkeypatch.setattr(sys, "argv", self.command(*arguments))
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self.capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Run(ended.value.code, out, err)

    def json(self, *arguments: str) -> Run:
        return self(*arguments, "--format", "json")


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Net]:
    monkeypatch.chdir(tmp_path)
    here = Net(tmp_path, monkeypatch, capsys)
    with ExitStack() as stack:
        here.start(stack)
        yield here


def test_a_switch_from_its_beginning_to_its_end(net: Net) -> None:
    assert net.json(*EXPECT_NEW).verdict == (1, "not-started")
    assert net.servers["resolver"].asked("example.test", "NS") == 0
    assert net.servers["resolver"].asked("example.test", "SOA") == 20

    net.servers["a"].rules = parent_rules(NEW)
    assert net.json(*EXPECT_NEW).verdict == (1, "mixed")

    net.parents(NEW)
    net.servers["resolver"].rules = resolver_rules("new")
    before = datetime.now(UTC)
    run = net.json(*EXPECT_NEW)
    after = datetime.now(UTC)
    document = run.document
    assert run.verdict == (0, "switched")
    assert document["old"] == list(OLD)
    assert [resolver["state"] for resolver in document["resolvers"]] == ["new"]
    end = datetime.fromisoformat(document["last_stale_answer"])
    assert before + timedelta(seconds=2) <= end <= after + timedelta(seconds=3)
    assert document["safe_to_delete_old_zone"] == document["last_stale_answer"]

    time.sleep(max(0.0, (end - datetime.now(UTC)).total_seconds()))
    settled = net.json(*EXPECT_NEW)
    assert settled.verdict == (0, "settled")
    assert settled.document["last_stale_answer"] == document["last_stale_answer"]


def test_a_set_of_neither_side_is_a_placeholder_by_memory_or_by_the_old_side(net: Net) -> None:
    net(*EXPECT_NEW)
    net.parents(PARKED)
    assert net.json(*EXPECT_NEW).verdict == (1, "placeholder")

    old_side = f"dns:example.test@127.61.2.1,127.61.2.2:{net.servers['root'].port}"
    run = net.json(*EXPECT_NEW, "--from", old_side, "--database", "other.db")
    assert run.verdict == (1, "placeholder")
    assert run.document["old"] == list(OLD)


def test_a_domain_that_the_parent_does_not_know_is_not_delegated(net: Net) -> None:
    net.parents(())

    assert net.json(*EXPECT_NEW).verdict == (1, "not-delegated")


def test_a_silent_parent_server_leaves_the_switch_unchecked(net: Net) -> None:
    net.parents(NEW)
    net.silence("b")

    run = net.json(*EXPECT_NEW)

    assert run.verdict == (3, None)
    assert [view["lists"] for view in run.document["parent"]] == ["new", "silent"]
    assert run.document["last_stale_answer"] is None


def test_a_parent_server_whose_address_nobody_tells_leaves_the_switch_unchecked(net: Net) -> None:
    net.parents(NEW)
    for name in ("a", "b"):
        rules = dict(parent_rules(NEW))
        apex = rules["test", "NS"]
        assert isinstance(apex, Reply)
        rules["test", "NS"] = replace(apex, answer=[*apex.answer, "test. 60 NS c.nic.example."])
        net.servers[name].rules = rules

    run = net.json(*EXPECT_NEW)

    assert run.verdict == (3, None)
    assert [(view["server"], view["address"], view["lists"]) for view in run.document["parent"]] == [
        ("a.nic.test.", "127.61.1.1", "new"),
        ("b.nic.test.", "127.61.1.2", "new"),
        ("c.nic.example.", None, "not asked"),
    ]
    assert run.document["unchecked"][0] == {
        "check": "delegation.parent",
        "subject": "c.nic.example",
        "reason": "not asked (its addresses could not be looked up: no server of . gave an answer of use)",
    }


def test_a_truncated_referral_without_tcp_says_nothing(net: Net) -> None:
    net.parents(NEW)
    rules = dict(parent_rules(NEW))
    rules["example.test", "NS"] = Reply(truncated=True, over_tcp=False, authoritative=False)
    net.servers["b"].rules = rules

    assert net.json(*EXPECT_NEW).verdict == (3, None)


@pytest.mark.parametrize("silent", [("root",), ("a", "b")])
def test_where_nobody_can_be_asked_there_is_no_stage(net: Net, silent: tuple[str, ...]) -> None:
    net.silence(*silent)

    run = net.json(*EXPECT_NEW)

    assert run.verdict == (3, None)
    assert "nothing can be said" in net(*EXPECT_NEW).out.replace("\n  ", " ")


def test_a_parent_server_that_refuses_fails(net: Net) -> None:
    net.parents(NEW)
    rules = dict(parent_rules(NEW))
    rules["example.test", None] = Reply(rcode="REFUSED", authoritative=False)
    net.servers["b"].rules = rules

    run = net.json(*EXPECT_NEW)

    assert run.verdict == (1, "mixed")
    assert ("delegation.parent-fails", "error") in run.findings()


def test_an_error_makes_a_switch_fail_that_has_happened(net: Net) -> None:
    net.parents(NEW, ds=[DS])

    run = net.json(*EXPECT_NEW)

    assert run.verdict == (1, "switched")
    assert ("dnssec.ds-left-behind", "error") in run.findings()
    assert net.json(*EXPECT_NEW, "--fail-on", "never").code == 0
    assert "SERVFAIL" in net(*EXPECT_NEW).out


def test_a_ds_that_has_just_left_the_parent_is_in_caches_yet(net: Net) -> None:
    net.parents(OLD, ds=[DS])
    net(*EXPECT_NEW)
    net.parents(NEW)

    run = net.json(*EXPECT_NEW)

    assert run.verdict == (1, "switched")
    assert ("dnssec.ds-cached", "error") in run.findings()
    assert run.document["safe_to_delete_old_zone"] is None
    assert "+ max(DS TTL 60, DNSKEY TTL 0)" in " ".join(net(*EXPECT_NEW).out.split())


def test_warnings_fail_where_the_person_wants_that(net: Net) -> None:
    net.parents(OLD)
    net(*EXPECT_NEW)
    net.parents(NEW)

    assert net.json(*EXPECT_NEW).code == 0
    assert net.json(*EXPECT_NEW, "--fail-on", "warning").code == 1


def test_a_silent_new_server_is_unchecked_and_a_silent_old_one_or_resolver_is_only_said(net: Net) -> None:
    net.parents(NEW)
    net.silence(OLD[0], "resolver")
    run = net.json(*EXPECT_NEW)
    assert run.verdict == (0, "switched")
    assert [view["state"] for view in run.document["resolvers"]] == ["no-answer"]

    net.silence(NEW[0])
    run = net.json(*EXPECT_NEW)
    assert run.code == 3
    assert run.document["stage"] in {"switched", "settled"}
    assert run.document["safe_to_delete_old_zone"] is None


def test_it_is_settled_and_the_old_zone_not_to_be_deleted_while_no_new_server_answers(net: Net) -> None:
    net(*EXPECT_NEW)
    net.parents(NEW)
    net.servers["resolver"].rules = resolver_rules("new")
    end = datetime.fromisoformat(net.json(*EXPECT_NEW).document["last_stale_answer"])
    time.sleep(max(0.0, (end - datetime.now(UTC)).total_seconds()))

    net.silence(*NEW)
    run = net.json(*EXPECT_NEW)
    words = " ".join(net(*EXPECT_NEW).out.split())

    assert run.verdict == (3, "settled")
    assert run.document["safe_to_delete_old_zone"] is None
    assert [item["check"] for item in run.document["against_deletion"]] == ["delegation.lame"] * 2
    assert "may be deleted" not in words
    port = net.servers["root"].port
    assert (
        "Next 2 of 2 addresses of the new name servers give no answer for the zone: "
        f"ns1.new.test (127.61.3.1:{port}), ns2.new.test (127.61.3.2:{port})."
    ) in words


def test_the_canary_is_asked_where_both_sides_have_it(net: Net) -> None:
    for name in OLD:
        net.servers[name].rules = provider_rules(OLD, "same", canary="provider=old")
    for name in NEW:
        net.servers[name].rules = provider_rules(NEW, "same", canary="provider=new")
    net.servers["resolver"].rules = resolver_rules("same", remaining=9, canary="provider=old")

    resolver = net.json(*EXPECT_NEW).document["resolvers"][0]

    assert (resolver["asked"], resolver["state"], resolver["old"], resolver["samples"]) == ("TXT", "old", 20, 20)
    assert {query.rdtype for query in net.servers["resolver"].queries} == {"TXT"}
    assert all(query.recursion_desired for query in net.servers["resolver"].queries)
    assert len({query.port for query in net.servers["resolver"].queries}) > 1


def test_resolvers_are_not_guessed_at_where_both_sides_answer_alike(net: Net) -> None:
    for name in (*OLD, *NEW):
        net.servers[name].rules = provider_rules(OLD if name in OLD else NEW, "same")

    run = net.json(*EXPECT_NEW)

    assert run.document["resolvers"][0]["state"] == "no-answer"
    assert "add a TXT _migcheck.example.test." in run.document["resolvers"][0]["reason"]
    assert net.servers["resolver"].queries == []


def test_after_the_switch_the_ns_set_tells_the_sides_apart_too(net: Net) -> None:
    for name in (*OLD, *NEW):
        net.servers[name].rules = provider_rules(OLD if name in OLD else NEW, "same")
    net.json(*EXPECT_NEW)
    net.parents(NEW)
    rules = dict(resolver_rules("same"))
    rules["example.test", "NS"] = Reply(answer=[f"example.test. 1 NS {name}" for name in OLD], authoritative=False)
    net.servers["resolver"].rules = rules

    run = net.json(*EXPECT_NEW)

    assert run.verdict == (0, "switched")
    assert (run.document["resolvers"][0]["asked"], run.document["resolvers"][0]["state"]) == ("NS", "old")


HOST_NAME = "a host name such as ns1.example.net was expected. A locator goes to --to."
ZONE = "$ORIGIN example.test.\n@ 1 SOA ns1.new.test. host 1 1 1 1 1\n@ 1 NS ns1.new.test.\n@ 1 NS ns2.new.test.\n"


def test_the_target_gives_the_expected_set(net: Net) -> None:
    (net.folder / "new.zone").write_text(ZONE)
    port = net.servers["root"].port
    for target in ("new.zone", f"dns:example.test@127.61.3.1:{port}", f"dns:EXAMPLE.test@127.61.3.2:{port}"):
        run = net.json("--to", target)
        assert run.document["expected"] == list(NEW)
    assert net.json("--to", "new.zone", *EXPECT_NEW).document["expected"] == list(NEW)


def test_name_servers_inside_the_domain_are_asked_before_the_parent_has_glue(net: Net) -> None:
    inside = ("ns1.example.test.", "ns2.example.test.")
    hosts = zip(inside, ("127.61.3.1", "127.61.3.2"), strict=True)
    lines = [
        *(f"example.test. 60 NS {name}" for name in inside),
        *(f"{name} 60 A {address}" for name, address in hosts),
    ]
    soa = "example.test. 60 SOA ns1.example.test. host.example.test. 7 7200 900 1209600 60"
    (net.folder / "new.zone").write_text("\n".join(["$ORIGIN example.test.", soa, *lines, ""]))
    net.servers[NEW[0]].rules = provider_rules(inside, "example")

    document = net.json("--to", "new.zone").document

    assert [view["server"] for view in document["child"] if view["side"] == "new"] == list(inside)
    assert "delegation.ns-resolves" not in {item["check"] for item in document["unchecked"]}


def test_the_old_side_need_not_be_named_twice(net: Net) -> None:
    for name in OLD:
        net.servers[name].rules = provider_rules(OLD, "old", ttl=86400)
    net.parents(NEW)
    old_side = f"dns:example.test@127.61.2.1,127.61.2.2:{net.servers['root'].port}"

    first = net.json(*EXPECT_NEW, "--from", old_side).document
    again = net.json(*EXPECT_NEW).document

    assert again["old"] == first["old"] == list(OLD)
    assert again["timing"] == first["timing"]
    assert first["safe_to_delete_old_zone"] == first["last_stale_answer"]

    # The old servers list the new set now, as is advised, so that nothing names the old set any more.
    for name in OLD:
        net.servers[name].rules = provider_rules(NEW, "old")
    after = net.json(*EXPECT_NEW, "--from", old_side).document
    assert (after["old"], after["timing"]["unknown"]) == (list(OLD), [])


def test_an_old_side_that_was_named_is_not_what_the_parent_listed_between(net: Net) -> None:
    net.parents(PARKED)
    old_side = f"dns:example.test@127.61.2.1,127.61.2.2:{net.servers['root'].port}"

    net(*EXPECT_NEW, "--from", old_side)

    assert net.json(*EXPECT_NEW).document["old"] == list(OLD)


def test_a_name_server_that_keeps_its_name_is_switched_by_its_glue(net: Net) -> None:
    names = ("ns1.example.test.", "ns2.new.test.")
    own = Reply(answer=["ns1.example.test. 1 A 127.61.2.1"])
    new = Reply(answer=["ns1.example.test. 1 A 127.61.3.1"])
    net.parents(names, glue=["ns1.example.test. 1 A 127.61.2.1"])
    net.servers[OLD[0]].rules = {**provider_rules(names, "old"), ("ns1.example.test", "A"): own}
    for server in NEW:
        net.servers[server].rules = {**provider_rules(names, "new"), ("ns1.example.test", "A"): new}
    (net.folder / "new.zone").write_text(
        "$ORIGIN example.test.\n@ 1 SOA ns1 host 1 1 1 1 1\n@ 1 NS ns1\n@ 1 NS ns2.new.test.\nns1 1 A 127.61.3.1\n"
    )
    port = net.servers["root"].port

    for target in ("new.zone", f"dns:example.test@127.61.3.1:{port}"):
        run = net.json("--to", target)
        assert (run.code, run.findings()) == (1, {("delegation.glue-differs", "error")})
    assert "hands out 127.61.2.1, the new zone has 127.61.3.1;" in run.document["findings"][0]["message"]

    net.parents(names, glue=["ns1.example.test. 1 A 127.61.3.1"])
    assert net.json("--to", "new.zone").findings() == set()


def test_name_servers_inside_the_domain_that_are_left_are_asked_for_their_own_addresses(net: Net) -> None:
    inside = ("ns1.example.test.", OLD[1])
    own = Reply(answer=["ns1.example.test. 1 A 127.61.2.1"])
    net.parents(inside, glue=["ns1.example.test. 1 A 127.61.2.1"])
    for server in OLD:
        net.servers[server].rules = {**provider_rules(inside, "old"), ("ns1.example.test", "A"): own}

    document = net.json(*EXPECT_NEW, "--from", f"dns:example.test@127.61.2.1:{net.servers['root'].port}").document

    assert (document["stage"], document["unchecked"]) == ("not-started", [])


def test_name_servers_inside_the_domain_that_were_left_are_where_the_old_zone_has_them(net: Net) -> None:
    net.parents(NEW)
    (net.folder / "old.zone").write_text(
        "$ORIGIN example.test.\n@ 1 SOA ns1 host 1 1 1 1 1\n@ 1 NS ns1\n@ 1 NS ns2\n"
        "ns1 1 A 127.61.2.1\nns2 1 A 127.61.2.2\n"
    )

    document = net.json(*EXPECT_NEW, "--from", "old.zone").document

    left = [(view["server"], view["address"]) for view in document["child"] if view["side"] == "old"]
    assert left == [("ns1.example.test.", "127.61.2.1"), ("ns2.example.test.", "127.61.2.2")]
    assert document["unchecked"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "Which name servers are expected? Give --to route53:example.com, or each one with --expect"),
        (("--expect", " , "), 2, "Which name servers are expected?"),
        (("--expect", "@"), 2, "--expect names the root; the host name of a name server was expected."),
        (("--expect", "a..b"), 2, "'a..b' is not a domain name"),
        (("--expect", "ns1.new.test,127.61.3.2"), 2, f"--expect 127.61.3.2: it is an IP address; {HOST_NAME}"),
        (("--expect", "2001:db8::1"), 2, f"--expect 2001:db8::1: it is an IP address; {HOST_NAME}"),
        (("--expect", "nosuch.zone:"), 2, f"--expect nosuch.zone:: a ':' is no part of it; {HOST_NAME}"),
        (("--expect", "route53:a.test"), 2, f"--expect route53:a.test: it looks like a locator; {HOST_NAME}"),
        (("--expect", "new/zone.test"), 2, f"--expect new/zone.test: a '/' is no part of it; {HOST_NAME}"),
        (("--expect", "ns1.new.test:53"), 2, f"--expect ns1.new.test:53: a port is no part of it; {HOST_NAME}"),
        (("--expect", "https://new.test"), 2, f"--expect https://new.test: it looks like a URL; {HOST_NAME}"),
        (("--expect", "https://u:p@new.test"), 2, f"--expect https://new.test: it looks like a URL; {HOST_NAME}"),
        (("--expect", "0/25.new.test"), 2, f"--expect 0/25.new.test: it is no host name; {HOST_NAME}"),
        (("--expect", "*.new.test"), 2, f"--expect *.new.test: it is no host name; {HOST_NAME}"),
        (("--expect", "-ns1.new.test"), 2, f"--expect -ns1.new.test: it is no host name; {HOST_NAME}"),
        (("--expect", r"ns1\032.new.test"), 2, rf"--expect ns1\032.new.test: it is no host name; {HOST_NAME}"),
        (
            ("--to", "new.zone", "--expect", "ns1.new.test"),
            2,
            "--expect and --to do not agree: ns1.new.test, and ns1.new.test, ns2.new.test. Give one of them.",
        ),
        (("--to", "nothing.zone"), 2, "nothing.zone"),
        (("--to", "other.zone"), 2, "'other.zone' is the zone example.org, not example.test."),
        (("--to", "dns:example.org@127.61.3.1"), 2, "is not the zone example.test: the same domain was expected."),
        (("--to", "dns:example.test"), 2, "which server? Write dns:example.test@192.0.2.53."),
        (("--to", "dns:example.test@127.61.1.1:{port}"), 3, "did not give the NS set of example.test"),
        ((*EXPECT_NEW, "--watch", "--format", "junit"), 2, "--watch prints changes: for a final report as junit"),
        ((*EXPECT_NEW, "--interval", "0"), 2, "Invalid value for '--interval': 1 or more was expected."),
        ((*EXPECT_NEW, "--database", ""), 2, "--database is empty: a file or an SQLAlchemy URL was expected"),
        ((*EXPECT_NEW, "--database", "no/where.db"), 2, "no/where.db: the folder no does not exist"),
    ],
)
def test_bad_input_is_one_line_and_asks_nobody_for_the_delegation(
    net: Net, arguments: tuple[str, ...], code: int, message: str
) -> None:
    (net.folder / "new.zone").write_text(ZONE)
    (net.folder / "other.zone").write_text(ZONE.replace("example.test", "example.org"))

    run = net(*(word.format(port=net.servers["root"].port) for word in arguments))

    assert (run.code, run.out) == (code, "")
    assert message in " ".join(re.sub("[│╭╮╰╯─]", " ", run.err).split())
    assert net.servers["root"].queries == []


def test_the_root_has_no_parent(net: Net) -> None:
    net.domain = "."

    assert net(*EXPECT_NEW) == Run(
        2, "", "dns-migrator: The root has no parent that could be asked: name a domain.\n"
    )


@pytest.mark.parametrize(
    "written",
    [
        ("--expect", "ns1.new.test", "--expect", "NS2.New.test."),
        ("--expect", "ns1.new.test ns2.new.test"),
        ("--expect", " ns1.new.test,\n\tns2.new.test, ns1.new.test."),
    ],
)
def test_expected_names_may_stand_in_one_word_or_several(net: Net, written: tuple[str, ...]) -> None:
    assert net.json(*written).document["expected"] == list(NEW)


@pytest.mark.parametrize(
    "name", ["ns1_a.new.test", "1.new.test", "n.new.test", "xn--bcher-kva.test", "bücher.test"]
)
def test_a_host_name_may_be_expected(net: Net, name: str) -> None:
    assert net.json("--expect", name).document["expected"] == [text_of(absolute(name))]


def test_an_address_that_the_parent_lists_is_called_what_it_is(net: Net) -> None:
    net.parents(["127.61.3.1.", "ns2.new.test."])

    run = net.json(*EXPECT_NEW)

    assert run.verdict == (1, "mixed")
    assert ("delegation.ns-is-address", "error") in run.findings()


class TestMemory:
    def test_a_damaged_database_is_refused_before_anybody_is_asked(self, net: Net) -> None:
        (net.folder / "dns-migrator.db").write_text("no database\n" * 100)

        run = net(*EXPECT_NEW)

        assert (run.code, run.out) == (2, "")
        assert run.err.startswith("dns-migrator: dns-migrator.db: damaged, or no state database")
        assert net.servers["root"].queries == []

    def test_a_newer_database_is_refused(self, net: Net) -> None:
        net(*EXPECT_NEW)
        with closing(sqlite3.connect(net.folder / "dns-migrator.db")) as connection, connection:
            connection.execute("UPDATE migrator_schema SET version = 99")

        run = net(*EXPECT_NEW)

        assert run.code == 2
        assert "was written by a newer dns-migrator" in run.err

    def test_what_cannot_be_remembered_is_shown_and_the_code_says_so(self, net: Net) -> None:
        net.parents(NEW)
        run = net.json(*EXPECT_NEW, "--quiet", "--database", "/proc/self/state.db")

        assert run.verdict == (3, "switched")
        assert run.err == (
            "dns-migrator: /proc/self/state.db: the state database cannot be opened: unable to open database "
            "file; the file and its folder have to be writable; --database names another one. What was seen "
            "is shown, and will not be remembered.\n"
        )
        net.parents(OLD)
        assert net(*EXPECT_NEW, "--database", "/proc/self/state.db").code == 1

    def test_two_at_once_both_remember(self, net: Net) -> None:
        running = [
            subprocess.Popen(net.command(*EXPECT_NEW), cwd=net.folder, stdout=subprocess.DEVNULL) for _ in range(2)
        ]
        assert [process.wait(PATIENCE) for process in running] == [1, 1]

        with closing(sqlite3.connect(net.folder / "dns-migrator.db")) as connection, connection:
            query = "SELECT count(*) FROM migrator_observations WHERE role = 'parent' AND qtype = 'NS'"
            assert connection.execute(query).fetchone() == (4,)


class TestOutput:
    def test_each_format_goes_to_a_file_that_appears_whole(self, net: Net) -> None:
        for format_, begins in (
            ("text", "example.test: not-started\n"),
            ("json", '{\n "schema": "dns-migrator/confirm/1"'),
            ("markdown", "# example.test: not-started\n"),
            ("junit", "<?xml"),
        ):
            run = net(*EXPECT_NEW, "--format", format_, "--output", "report")
            assert (run.code, run.out) == (1, "")
            assert (net.folder / "report").read_text().startswith(begins)

    def test_quiet_says_nothing_where_all_is_well(self, net: Net) -> None:
        assert net(*EXPECT_NEW, "--quiet").out.startswith("example.test: not-started\n")
        net.parents(NEW)
        run = net(*EXPECT_NEW, "--quiet")

        assert (run.code, run.out, run.err) == (0, "", "")


class TestWatch:
    def test_without_a_terminal_each_change_is_a_line(self, net: Net) -> None:
        with subprocess.Popen(
            net.command(*EXPECT_NEW, "--watch", "--interval", "1", "--output", "end.json"),
            cwd=net.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            net.parents(NEW)
            net.servers["resolver"].rules = resolver_rules("new")
            lines += process.stdout
            assert process.wait(PATIENCE) == 0
            assert process.stderr is not None
            assert process.stderr.read() == ""

        port = net.servers["root"].port
        assert "example.test: not-started: 2 of 2 server addresses of test list the old name servers" in lines[0]
        assert [line.split(" ", 1)[1] for line in lines[1:4]] == [
            f"parent a.nic.test (127.61.1.1:{port}): old -> new\n",
            f"parent b.nic.test (127.61.1.2:{port}): old -> new\n",
            "resolver One: old -> new\n",
        ]
        assert sum("example.test: switched: " in line for line in lines) == 1
        assert "example.test: settled: " in lines[-1]
        assert json.loads((net.folder / "end.json").read_text())["stage"] == "settled"
        with open_store(str(net.folder / "dns-migrator.db")) as store:
            kept = [
                json.loads(document.text)["stage"] for document in Documents(store).of(absolute("example.test"))
            ]
        # One for each stage, although there were more looks.
        assert [stage for stage in kept if stage != "mixed"] == ["not-started", "switched", "settled"]

    def test_it_goes_on_while_a_new_server_does_not_answer(self, net: Net) -> None:
        net(*EXPECT_NEW)
        net.parents(NEW)
        net.servers["resolver"].rules = resolver_rules("new")
        net.silence(NEW[1])
        with subprocess.Popen(
            net.command(*EXPECT_NEW, "--watch", "--interval", "1", "--output", "end.json"),
            cwd=net.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline(), process.stdout.readline()]
            while "settled" not in lines[-1]:
                lines.append(process.stdout.readline())
            assert process.poll() is None
            net.servers[NEW[1]].rules = provider_rules(NEW, "new")
            last = process.stdout.readlines()
            assert process.wait(PATIENCE) == 0

        said = f"unchecked delegation.lame ns2.new.test (127.61.3.2:{net.servers['root'].port}): no answer for "
        assert sum(f" found: {said}" in line for line in lines) == 1
        assert sum(f" gone: {said}" in line for line in last) == 1
        end = json.loads((net.folder / "end.json").read_text())
        assert (end["stage"], end["against_deletion"]) == ("settled", [])
        with open_store(str(net.folder / "dns-migrator.db")) as store:
            kept = [json.loads(paper.text) for paper in Documents(store).of(absolute("example.test"))]
        assert [(paper["stage"], bool(paper["against_deletion"])) for paper in kept[-2:]] == [
            ("settled", True),
            ("settled", False),
        ]

    @pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_an_interrupt_ends_it_with_the_last_stage_and_its_code(self, net: Net, end: signal.Signals) -> None:
        with subprocess.Popen(
            net.command(*EXPECT_NEW, "--watch", "--format", "json"),
            cwd=net.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["stage"] == "not-started"
            process.send_signal(end)
            out, err = process.communicate(timeout=PATIENCE)

        assert (process.returncode, out) == (1, "")
        assert err.startswith("The watch was ended. ")
        assert "example.test: not-started: " in err
        assert "Traceback" not in err

    def test_a_reader_that_goes_away_ends_it_with_its_code(self, net: Net) -> None:
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            net.command(*EXPECT_NEW, "--watch"),
            cwd=net.folder,
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        os.close(write)

        assert (done.returncode, done.stderr) == (1, "")

    def test_on_a_terminal_it_is_drawn_again(self, net: Net) -> None:
        master, slave = pty.openpty()
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "40"}
        with subprocess.Popen(
            net.command(*EXPECT_NEW, "--watch", "--interval", "1"),
            cwd=net.folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
        ) as process:
            os.close(slave)
            drawn = read_until(master, "not-started")
            net.parents(NEW)
            drawn += read_until(master, "settled", "Ctrl-C")
            assert process.wait(PATIENCE) == 0
        os.close(master)

        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn)
        assert f"parent a.nic.test (127.61.1.1:{net.servers['root'].port}): old -> new" in plain
        assert "Resolvers: One old" in plain
        assert "Traceback" not in plain


def read_until(terminal: int, *words: str) -> str:
    """Read what is drawn until the words have come, in this order."""
    text = ""
    deadline = time.monotonic() + PATIENCE
    while not re.search(".*".join(map(re.escape, words)), text, re.DOTALL):
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, text
        text += os.read(terminal, 65_536).decode()
    return text
