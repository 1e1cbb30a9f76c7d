"""`dns-migrator history`, run as a user runs it, on a memory that earlier commands would have left."""

import json
from importlib.metadata import version
from pathlib import Path

import pytest

from migrator.state.store import Entry, Role, Store, open_store
from tests.installed import run
from tests.state.test_store import DOMAIN, NEW, OLD, parent, server, silence

SOURCE = """\
$ORIGIN example.test.
$TTL 300
@ SOA ns1.old.example. hostmaster 1 7200 900 1209600 300
@ NS ns1.old.example.
www A 192.0.2.1
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(own_folder: Path) -> None:
    with open_store("dns-migrator.db") as store:
        fill(store)


def fill(store: Store) -> None:
    store.append([parent(OLD, 0), parent(OLD, 1), parent(NEW, 2), server(OLD, 3, "192.0.2.9", 60)])
    store.append([Entry(DOMAIN, Role.SERVER, silence(4, "192.0.2.10"))])


TEXT = f"""\
example.test: what is remembered
  in dns-migrator.db
  5 observations from 2026-12-01T09:00:00Z to 2026-12-01T09:04:00Z
  by dns-migrator {version("dns-migrator")}

The parent's servers
  example.test NS
    a.nic.test 192.0.2.1  TTL 172800
      2026-12-01T09:00:00Z to 2026-12-01T09:01:00Z, 2 looks
      ns1.old.example.
      ns2.old.example.
    a.nic.test 192.0.2.1  TTL 172800
      2026-12-01T09:02:00Z, 1 look
      ns1.new.example.
      ns2.new.example.

The name servers of the domain
  example.test NS
    192.0.2.10
      2026-12-01T09:04:00Z, 1 look
      not shown: timeout
    a.nic.test 192.0.2.9  TTL 60
      2026-12-01T09:03:00Z, 1 look
      ns1.old.example.
      ns2.old.example.
"""


def test_the_evidence_is_told_by_role_question_and_address() -> None:
    done = run("history", "example.test")

    assert (done.code, done.err) == (0, "")
    assert done.out == TEXT


def test_the_json_has_each_row_as_it_was_written_and_the_stretches() -> None:
    found = run("history", "example.test", "--format", "json").json

    assert {
        key: found[key]
        for key in ("schema", "domain", "database", "tools", "writes", "ttls", "registrations", "backups")
    } == {
        "schema": "dns-migrator/history/1",
        "domain": "example.test.",
        "database": "dns-migrator.db",
        "tools": [version("dns-migrator")],
        "writes": [],
        "ttls": [],
        "registrations": [],
        "backups": [],
    }
    assert [row["number"] for row in found["observations"]] == [1, 2, 3, 4, 5]
    first = found["observations"][0]
    assert (first["at"], first["role"], first["ttl"]) == ("2026-12-01T09:00:00.000000Z", "parent", 172800)
    assert first["rdatas"] == OLD.split()
    assert first["observation"]["authority"][0]["rdatas"] == OLD.split()
    assert found["seen"][0] == {
        "role": "parent",
        "server": "a.nic.test.",
        "address": "192.0.2.1",
        "qname": "example.test.",
        "qtype": "NS",
        "rdatas": OLD.split(),
        "trouble": None,
        "ttl": {"least": 172800, "most": 172800},
        "first": "2026-12-01T09:00:00Z",
        "last": "2026-12-01T09:01:00Z",
        "looks": 2,
        "tools": [version("dns-migrator")],
    }
    silent = next(each for each in found["seen"] if each["address"] == "192.0.2.10")
    assert (silent["rdatas"], silent["trouble"], silent["ttl"]) == (None, "timeout", {"least": None, "most": None})


def test_writes_and_their_backups_are_part_of_it() -> None:
    Path("source.zone").write_text(SOURCE)
    Path("example.test.zone").write_text(SOURCE.replace("192.0.2.1", "192.0.2.2"))
    assert run("import", "source.zone", "example.test.zone", "--yes").code == 0

    found = run("history", "example.test", "--format", "json").json
    text = run("history", "example.test").out
    (backup,) = Path("backups/example.test").iterdir()

    (write,) = found["writes"]
    assert (write["run"], write["kind"], write["end"], write["tool"]) == (
        1,
        "import",
        "complete",
        version("dns-migrator"),
    )
    assert [(each["owner"], each["rdtype"], each["outcome"]) for each in write["changes"]] == [
        ("www.example.test.", "A", "done"),
        ("example.test.", "SOA", "done"),  # its serial
    ]
    assert found["backups"] == [str(backup)]
    assert "1 run that wrote, 1 backup made before them" in text
    assert f"    2 changes: 2 done\n    backup {backup}\n" in text


def test_markdown_is_a_table_for_each_role() -> None:
    out = run("history", "example.test", "--format", "markdown").out

    assert out.startswith("# example.test: what is remembered\n")
    assert (
        "| example.test NS | a.nic.test 192.0.2.1 | `ns1.old.example.`<br>`ns2.old.example.` | 172800 "
        "| 2026-12-01T09:00:00Z | 2026-12-01T09:01:00Z | 2 |\n"
    ) in out


def test_what_was_never_looked_at_is_said_and_no_database_is_an_error() -> None:
    unknown = run("history", "example.org")
    missing = run("history", "example.test", "--database", "other.db")

    assert unknown.code == 0
    assert "Nothing: no command that remembers has looked at this domain" in unknown.out
    assert json.loads(run("history", "example.org", "-f", "json").out)["observations"] == []
    assert (missing.code, missing.out) == (2, "")
    assert missing.err.startswith("dns-migrator: other.db: there is no such state database")
    assert not Path("other.db").exists()


def test_a_domain_that_is_mistyped_is_told_from_those_that_are_remembered() -> None:
    mistyped, other = run("history", "exmaple.test"), run("history", "0.2.192.in-addr.arpa")

    said = "Nothing is remembered of exmaple.test, but of example.test; check the spelling."
    assert (mistyped.code, mistyped.err) == (0, f"dns-migrator: {said}\n")
    assert (other.code, other.err) == (0, "")
