"""`dns-migrator import`, `apply` and `rollback` as a user runs them: the installed command, on zone files."""

import os
import pty
import re
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.backup.folder import read_backup
from migrator.codec.zone import dumps
from migrator.model.extras import Proxied
from migrator.model.names import absolute
from migrator.state.journal import Journal
from migrator.state.store import open_store
from tests.installed import COMMAND, PATIENCE, Run, run
from tests.snapshots import rrset, zone

SOURCE = """\
$TTL 300
@ SOA ns1.old.example. hostmaster 1 7200 900 1209600 300
@ NS ns1.old.example.
@ MX 10 mail
mail A 192.0.2.25
www A 192.0.2.1
lab NS ns2.old.example.
"""
TARGET = """\
$TTL 300
@ SOA ns1.old.example. hostmaster 1 7200 900 1209600 300
@ NS ns1.old.example.
@ MX 10 mail
mail A 198.51.100.25
own TXT "kept"
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(own_folder: Path) -> None:
    (own_folder / "source.zone").write_text(SOURCE)
    (own_folder / "example.org.zone").write_text(TARGET)


def import_(*options: str) -> Run:
    return run("import", "source.zone?origin=example.org", "example.org.zone", *options)


PLAN = """\
example.org: import
  from source.zone?origin=example.org: 6 RRsets, 6 records
  to   example.org.zone: 5 RRsets, 5 records

Reading the source (1 warning)
  warning  import.sub-zone-at-source
    lab.example.org. NS
      lab.example.org is a zone of its own, served by ns2.old.example: where
      this zone comes from, too. The delegation is carried over, and the zone
      does not move with it.
    -> Move it too before the account at the old provider is closed.

Plan: 2 to create, 2 to replace
  create   www.example.org A  300 s
      + 192.0.2.1
  create   lab.example.org NS  300 s
      + ns2.old.example.
  replace  mail.example.org A  300 s
      - 198.51.100.25
      + 192.0.2.25
  replace  example.org SOA  300 s
      - ns1.old.example. hostmaster.example.org. 1 7200 900 1209600 300
      + ns1.old.example. hostmaster.example.org. 2 7200 900 1209600 300
                                                 ^

Kept at the target, which the source does not have (1)
  own.example.org TXT

Ledger  6 sets read = 5 copied + 1 translated + 0 dropped; 0 unaccounted for; 2
        sets at the target already.
Calls   0 reads so far, 1 more to write.
Serial  1 -> 2: later, so that secondaries take the zone.
Note    The file is written anew, one record a line: its comments, directives
        and order stay in the backup alone.
"""


def test_without_consent_the_plan_is_shown_and_nothing_is_written() -> None:
    done = import_()

    assert (done.code, done.out) == (0, PLAN)
    assert done.err == "dns-migrator: This is the plan; nothing was written. Add --yes to apply it.\n"
    assert Path("example.org.zone").read_text() == TARGET
    assert sorted(path.name for path in Path().iterdir()) == ["example.org.zone", "source.zone"]


def test_with_yes_it_is_written_proved_and_backed_up() -> None:
    done = import_("--yes")
    (backup,) = Path("backups/example.org").iterdir()

    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"{PLAN}\n"
        f"The target as it was: {backup}\n"
        "4 changes written, read again and compared: as planned (0 reads, 1 write).\n"
        "Next: dns-migrator diff 'source.zone?origin=example.org' example.org.zone\n"
    )
    assert [r.owner.to_text() for r in read_backup(backup)[0].rrsets][-1] == "own.example.org."
    assert run("diff", "source.zone?origin=example.org", "example.org.zone").code == 0


def test_json_is_what_scripts_rely_on() -> None:
    done = import_("--yes", "--format", "json")
    found = done.json
    (backup,) = Path("backups/example.org").iterdir()

    assert done.code == 0
    assert {key: found[key] for key in found if key not in {"changes", "findings", "digests"}} == {
        "schema": "dns-migrator/import/1",
        "zone": "example.org.",
        "source": "source.zone?origin=example.org",
        "target": "example.org.zone",
        "applied": True,
        "verified": True,
        "creates_zone": False,
        "ledger": {"read": 6, "copied": 5, "translated": 1, "dropped": 0, "unaccounted": 0},
        "losses": [],
        "fates": [
            {
                "owner": "example.org.",
                "rdtype": "SOA",
                "variant": "",
                "fate": "translated",
                "reason": "The serial of the SOA is counted on: secondaries take a zone only where it is later.",
            }
        ],
        "serial": {"present": 1, "incoming": 1, "planned": 2, "later": True},
        "kept": [{"owner": "own.example.org.", "rdtype": "TXT", "variant": ""}],
        "same": 2,
        "refused": [],
        "brakes": [],
        "conflicts": [],
        "calls": {"reads": 0, "writes": 1},
        "planned_calls": 0,
        "rewriting": "",
        "backup": str(backup),
        "differences": [],
        "appeared": [],
        "error": None,
        "plan_file": None,
        "name_servers": [],
        "target_findings": [],
    }
    assert found["changes"][-2] == {
        "action": "replace",
        "owner": "mail.example.org.",
        "rdtype": "A",
        "variant": "",
        "old": {"ttl": 300, "rdatas": ["198.51.100.25"], "extras": []},
        "new": {"ttl": 300, "rdatas": ["192.0.2.25"], "extras": []},
        "outcome": "done",
        "detail": "",
    }


def test_json_of_a_plan_says_that_nothing_was_applied() -> None:
    found = import_("--format", "json").json

    assert (found["applied"], found["verified"], found["calls"], found["planned_calls"]) == (
        False,
        False,
        {"reads": 0, "writes": 0},
        1,
    )
    assert {change["outcome"] for change in found["changes"]} == {"planned"}


def test_markdown_is_markdown() -> None:
    done = import_("--format", "markdown")

    assert done.out.splitlines()[0] == "## Import of example.org"
    assert "| replace | `mail.example.org A` | 300 s<br>`198.51.100.25` | 300 s<br>`192.0.2.25` |  |" in done.out
    assert done.out.endswith("**Nothing was written: this is the plan.**\n")


def test_quiet_says_nothing_where_all_is_well() -> None:
    assert import_("--yes", "--quiet") == Run(0, "", "")
    assert import_("--yes", "--quiet") == Run(0, "", "")


def test_a_finished_import_has_nothing_to_do() -> None:
    import_("--yes")
    before = Path("example.org.zone").stat().st_mtime_ns
    done = import_("--yes")

    assert (done.code, done.out.splitlines()[-2]) == (
        0,
        "Nothing to do: the target is as it should be (0 reads, 0 writes).",
    )
    assert Path("example.org.zone").stat().st_mtime_ns == before


def test_a_serial_is_never_lowered_and_a_serial_alone_writes_nothing() -> None:
    """Neither by an import over the zone, nor by the way back, nor by a second run of either."""
    Path("example.org.zone").write_text(TARGET.replace("hostmaster 1", "hostmaster 2026112209"))
    shown, done, again = import_("--dry-run"), import_("--yes", "--quiet"), import_("--yes", "--format", "json")
    imported = Path("example.org.zone").read_text()
    back = run("rollback", "example.org", "--yes")
    returned = Path("example.org.zone").read_text()
    twice = run("rollback", "example.org", "--yes", "--format", "json").json["changes"]

    said = "2026112209 -> 2026112210 (the source has 1): later, so that secondaries take the zone."
    assert f"Serial {said}" in " ".join(shown.out.split())
    assert done == Run(0, "", "")
    assert " 2026112210 7200 " in imported
    assert (again.json["changes"], again.json["verified"], again.json["serial"]) == ([], True, None)
    back_said = "2026112210 -> 2026112211 (before it was 2026112209): later, so that secondaries take the zone."
    assert (back.code, back_said in " ".join(back.out.split())) == (0, True)
    assert (" 2026112211 7200 " in returned, twice) == (True, [])


def test_a_new_file_has_the_serial_of_its_source() -> None:
    run("import", "source.zone?origin=example.org", "file:x.zone", "--yes", "--quiet")
    again = run("import", "source.zone?origin=example.org", "file:x.zone", "--yes", "--format", "json")

    assert " hostmaster.example.org. 1 7200 " in Path("x.zone").read_text()
    assert (again.json["changes"], again.json["verified"]) == ([], True)


def test_a_reviewed_plan_has_the_serial_that_is_written() -> None:
    import_("--plan-out", "plan.json", "--quiet")

    assert run("apply", "plan.json", "--yes", "--quiet") == Run(0, "", "")
    assert " hostmaster.example.org. 2 7200 " in Path("example.org.zone").read_text()
    assert run("apply", "plan.json", "--yes", "--format", "json").json["changes"] == []


ROLLBACK = """\
example.org: rollback
  at     example.org.zone
  undoes the import of TIME from
         source.zone?origin=example.org
  backup BACKUP

Plan: 2 to replace, 2 to delete
  replace  mail.example.org A  300 s
      - 192.0.2.25
      + 198.51.100.25
  replace  example.org SOA  300 s
      - ns1.old.example. hostmaster.example.org. 2 7200 900 1209600 300
      + ns1.old.example. hostmaster.example.org. 3 7200 900 1209600 300
                                                 ^
  delete   lab.example.org NS  300 s
      - ns2.old.example.
  delete   www.example.org A  300 s
      - 192.0.2.1

Serial  2 -> 3 (before it was 1): later, so that secondaries take the zone.
"""


def masked(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME", text)
    return re.sub(r"backups/example.org/\S+", "BACKUP", text)


def test_a_rollback_is_shown_first_and_puts_everything_back() -> None:
    Path("before.zone").write_text(TARGET)
    import_("--yes")
    shown = run("rollback", "example.org")
    done = run("rollback", "example.org", "--yes")
    again = run("rollback", "example.org", "--yes", "--format", "json")

    assert (shown.code, masked(shown.out)) == (0, ROLLBACK)
    assert shown.err == "dns-migrator: This is the plan; nothing was written. Add --yes to apply it.\n"
    taken_back = "4 changes taken back, read again and compared (0 reads, 1 write)."
    assert (done.code, masked(done.out)) == (0, f"{ROLLBACK}\nThe target as it was: BACKUP\n{taken_back}\n")
    assert run("diff", "before.zone?origin=example.org", "example.org.zone").code == 0
    assert (again.code, again.json["changes"], again.json["already_back"]) == (0, [], 4)


def test_what_somebody_changed_since_is_reported_and_left_alone() -> None:
    import_("--yes")
    path = Path("example.org.zone")
    path.write_text(path.read_text().replace("192.0.2.25", "203.0.113.1"))
    done = run("rollback", "example.org", "--yes", "--format", "json")

    assert (done.code, done.json["verified"]) == (1, True)
    assert [(since["owner"], since["present"]["rdatas"]) for since in done.json["changed_since"]] == [
        ("mail.example.org.", ["203.0.113.1"])
    ]
    assert "203.0.113.1" in path.read_text()
    assert "www" not in path.read_text()


@pytest.mark.parametrize(
    ("more", "with_it"),
    [("; by hand\n", ""), ("$INCLUDE own.zone\n", ", what it includes with it")],
    ids=["comments", "other files"],
)
def test_the_plan_says_what_a_file_that_is_written_anew_loses(more: str, with_it: str) -> None:
    Path("own.zone").write_text("other A 192.0.2.9\n")
    Path("example.org.zone").write_text(f"{TARGET}{more}")

    planned, done = import_("--dry-run"), import_("--yes")
    again = run("rollback", "example.org", "--dry-run"), import_("--dry-run", "--format", "json")

    said = f"The file is written anew, one record a line{with_it}: its comments, directives and order stay in the"
    for shown in (planned, done):
        assert f"{said} backup alone." in " ".join(shown.out.split())
    (backup,) = Path("backups/example.org").iterdir()
    assert (backup / "raw" / "example.org.zone").read_text() == f"{TARGET}{more}"
    assert "written anew" not in again[0].out
    assert again[1].json["rewriting"] == ""


@pytest.mark.parametrize(
    ("events", "code", "said"),
    [
        ("'intent'", 3, "Nothing was written."),
        ("'end'", 3, "All the changes are made, and were seen when the target was read again."),
        ("'done', 'end'", 3, "So far 4 of 4 changes are done; the same command goes on from there."),
    ],
    ids=["before", "at the end", "from the first result on"],
)
def test_a_full_disk_takes_nothing_from_what_is_said(events: str, code: int, said: str) -> None:
    with open_store("dns-migrator.db") as store:
        Journal(store).runs(absolute("example.org."))
    with closing(sqlite3.connect("dns-migrator.db")) as database:
        database.execute(
            f"CREATE TRIGGER full BEFORE INSERT ON migrator_steps WHEN NEW.event IN ({events}) "
            "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )

    done = import_("--yes")

    assert (done.code, " ".join(done.err.split())) == (
        code,
        "dns-migrator: dns-migrator.db: the state database cannot be written: database or disk is full. " + said,
    )
    is_written = "192.0.2.25" in Path("example.org.zone").read_text()
    assert is_written is ("Nothing" not in said)
    assert ("4 changes written" in done.out) is is_written


def test_a_rollback_works_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_("--yes")
    (tmp_path / "else").mkdir()
    monkeypatch.chdir(tmp_path / "else")

    assert run("rollback", "example.org", "--yes", "--database", "../dns-migrator.db").code == 0
    assert "198.51.100.25" in (tmp_path / "example.org.zone").read_text()


def test_a_new_file_is_gone_after_its_rollback() -> None:
    assert run("import", "source.zone?origin=example.org", "file:new/x.zone", "--yes").code == 2
    assert run("import", "source.zone?origin=example.org", "file:x.zone", "--yes").code == 0
    assert Path("x.zone").exists()
    assert run("rollback", "example.org", "--target", "x.zone", "--yes").code == 0
    assert not Path("x.zone").exists()


REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "two different zones": (
        ("source.zone?origin=example.net", "example.org.zone"),
        2,
        "Two different zones: the source is example.net and the target example.org. An import keeps the name of",
    ),
    "a zone of another name at a provider": (
        ("source.zone?origin=example.org", "route53:example.net"),
        2,
        "Two different zones: the source is example.org and the target example.net.",
    ),
    "no such source": (("none.zone", "example.org.zone"), 2, "none.zone: cannot be read"),
    "a folder": (("source.zone?origin=example.org", "."), 2, ".: a folder"),
    "the domain alone as the target": (
        ("source.zone?origin=example.org", "Example.ORG"),
        2,
        "Example.ORG: there is no such file. Say where the zone is to go, as in cloudflare:example.org; a new",
    ),
    "the provider alone as the target": (
        ("source.zone?origin=example.org", "cloudflare"),
        2,
        "cloudflare: there is no such file. Say where the zone is to go, as in cloudflare:example.org; a new",
    ),
    "a name server alone as the target": (
        ("source.zone?origin=example.org", "ns1.example.net"),
        2,
        "ns1.example.net: there is no such file. Say where the zone is to go, as in cloudflare:example.org; a new",
    ),
    "a zone transfer": (
        ("source.zone?origin=example.org", "axfr:example.org@192.0.2.1"),
        2,
        "a zone transfer only reads",
    ),
    "a live server": (
        ("source.zone?origin=example.org", "dns:example.org@192.0.2.1"),
        2,
        "dns:example.org@192.0.2.1: live name servers are only asked, so 'dns:' is no target: import into",
    ),
    "an unknown scheme": (("source.zone?origin=example.org", "bind:example.org"), 2, "no known scheme"),
    "an unknown loss": (
        ("source.zone?origin=example.org", "example.org.zone", "--accept", "everything"),
        2,
        "--accept everything: no loss is called so",
    ),
    "a warning that needs no word": (
        ("source.zone?origin=example.org", "example.org.zone", "--accept", "ttl-raised"),
        2,
        "--accept ttl-raised: no loss is called so",
    ),
    "half an identifier": (
        ("source.zone?origin=example.org", "example.org.zone", "--identifier", "hc-1"),
        2,
        "--identifier hc-1: OLD=NEW was expected",
    ),
    "both at once": (
        ("source.zone?origin=example.org", "example.org.zone", "--yes", "--dry-run"),
        2,
        "--yes writes and --dry-run does not",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_one_line(case: str) -> None:
    arguments, code, message = REFUSED[case]
    done = run("import", *arguments)

    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1), done
    assert done.err.startswith("dns-migrator: ")
    assert message in done.err
    assert Path("example.org.zone").read_text() == TARGET


@pytest.mark.parametrize("target", ["file:example.org", "./example.org"])
def test_a_file_may_be_named_as_the_domain(target: str) -> None:
    assert run("import", "source.zone?origin=example.org", target, "--yes").code == 0
    assert Path("example.org").is_file()


def test_a_line_of_the_source_that_cannot_be_read_stops_the_import() -> None:
    Path("source.zone").write_text(SOURCE + "bad A 192.0.2.256\n")
    refused = import_("--yes", "--format", "json")
    taken = import_("--yes", "--allow-broken-source")

    assert (refused.code, refused.json["refused"]) == (4, ["--allow-broken-source"])
    assert refused.err == (
        "dns-migrator: Refused; nothing was written. To go on, decide with: --allow-broken-source\n"
    )
    assert "source.zone:8" in refused.json["brakes"][0]["message"]
    assert taken.code == 0


def test_a_line_of_the_target_that_cannot_be_read_stops_the_import() -> None:
    Path("example.org.zone").write_text(TARGET + "theirs A 192.0.2.256\n")

    assert import_("--yes", "--format", "json").json["refused"] == ["--allow-broken-target"]
    assert "theirs" in Path("example.org.zone").read_text()


DIALECT = {
    "an alias": "al AWS ALIAS A www.example.net. Z1 false",
    "a routed answer": 'w A 192.0.2.2 ; AWS routing="WEIGHTED" weight=1 identifier="one"',
    "a proxied record": "p A 192.0.2.3 ; cf_tags=cf-proxied:true",
    "a TTL of a single record": "m 60 A 192.0.2.4\nm 90 A 192.0.2.5",
}


@pytest.mark.parametrize("case", DIALECT)
def test_what_only_the_dialect_of_the_target_says_is_not_lost_unasked(case: str) -> None:
    Path("example.org.zone").write_text(f"{TARGET}{DIALECT[case]}\n")
    refused = import_("--yes", "--format", "json")

    assert (refused.code, refused.json["refused"]) == (4, ["--allow-broken-target"])
    assert f"The first is {DIALECT[case].split()[0]}.example.org. A" in refused.json["brakes"][0]["message"]
    assert Path("example.org.zone").read_text() == f"{TARGET}{DIALECT[case]}\n"


def test_a_comment_in_the_target_s_dialect_stops_nothing() -> None:
    Path("example.org.zone").write_text(f"{TARGET}p A 192.0.2.3 ; ours cf_tags=team:web\n")

    assert import_("--yes").code == 0


def test_what_must_be_decided_comes_first_and_is_exit_code_4() -> None:
    hosts = "".join(f"h{n} A 192.0.2.1\n" for n in range(12))
    Path("source.zone").write_text(SOURCE + hosts.replace("192.0.2.1", "192.0.2.2") + "own CNAME x.example.net.\n")
    Path("example.org.zone").write_text(TARGET + hosts)
    done = import_("--yes")

    assert (done.code, done.err.partition(" with: ")[2]) == (4, "--delete-conflicting --allow-mass-replace\n")
    blocks = done.out.split("\n\n")
    assert blocks[1] == (
        "The target has what excludes a set of the source\n"
        "  own.example.org TXT is in the way of own.example.org CNAME\n"
        "  To go on: --delete-conflicting deletes what is in the way"
    )
    assert blocks[2] == (
        "Stopped as unsafe\n"
        "  13 of the 15 sets that the target has would be replaced: 86 %, where more than\n"
        "  30 % is unusual. Is it the right zone?\n"
        "    to take the risk: --allow-mass-replace"
    )
    assert import_("--yes", "--delete-conflicting", "--allow-mass-replace").code == 0


def test_nothing_is_remembered_where_nothing_was_imported() -> None:
    done = run("rollback", "example.org")
    import_("--yes")
    other = run("rollback", "example.net")

    assert (done.code, other.code) == (2, 2)
    assert "there is no such state database, so no import of example.org is remembered" in done.err
    assert "no import of example.net is remembered here" in other.err


def test_a_database_that_cannot_be_written_stops_before_the_first_write() -> None:
    Path("folder").mkdir()
    done = import_("--yes", "--database", "folder")

    assert (done.code, done.err.count("\n"), Path("example.org.zone").read_text()) == (2, 1, TARGET)


def at_a_terminal(answers: str, *arguments: str) -> tuple[int, str, str]:
    """Run with a terminal for questions and answers; return exit code, output, and what the terminal saw."""
    master, slave = pty.openpty()
    started = subprocess.Popen(
        [str(COMMAND), *arguments], stdin=slave, stderr=slave, stdout=subprocess.PIPE, text=True
    )
    os.close(slave)
    os.write(master, answers.encode())
    out, _ = started.communicate(timeout=PATIENCE)
    seen = b""
    while True:
        try:
            found = os.read(master, 4096)
        except OSError:
            break
        if not found:
            break
        seen += found
    os.close(master)
    return started.returncode, out, seen.decode()


ARGUMENTS = ("import", "source.zone?origin=example.org", "example.org.zone")


@pytest.mark.parametrize(("answer", "written"), [("y\n", True), ("n\n", False)])
def test_a_person_at_a_terminal_is_asked(answer: str, *, written: bool) -> None:
    code, out, seen = at_a_terminal(answer, *ARGUMENTS)

    assert code == 0
    assert out.startswith(PLAN)
    assert "Write 4 changes now? [y/N]" in seen
    assert ("dns-migrator: Nothing was written." in seen) is not written
    assert ("read again and compared: as planned" in out) is written
    assert (Path("example.org.zone").read_text() != TARGET) is written


def test_the_end_of_answers_is_an_interruption_and_writes_nothing() -> None:
    code, _, seen = at_a_terminal("\x04", *ARGUMENTS)

    assert (code, Path("example.org.zone").read_text()) == (3, TARGET)
    assert "dns-migrator: Interrupted before an answer; nothing was written." in seen


def test_a_dry_run_asks_nobody() -> None:
    code, out, seen = at_a_terminal("", *ARGUMENTS, "--dry-run")

    assert (code, out) == (0, PLAN)
    assert "This is the plan; nothing was written." in seen
    assert "Write" not in seen


def proxied_source() -> None:
    """A snapshot of Cloudflare with two proxied records, as a backup has it."""
    sets = [replace(rrset(owner, "A", "198.51.100.7"), extras=(Proxied(),)) for owner in ("a", "b")]
    Path("zone.json").write_text(dumps(replace(zone(*sets), source="cloudflare:example.org")))


@pytest.mark.parametrize(
    ("answers", "code", "written"), [("y\ny\n", 0, True), ("n\n", 4, False), ("y\nn\n", 0, False)]
)
def test_a_person_is_asked_about_each_loss_before_the_plan(answers: str, code: int, *, written: bool) -> None:
    proxied_source()
    found, out, seen = at_a_terminal(answers, "import", "zone.json", "new.zone")

    assert (found, Path("new.zone").exists()) == (code, written)
    assert "Accept origin-exposed for 2 sets? [y/N]" in seen
    _, word, question = seen.partition("Accept origin-exposed for")[0].partition("origin-exposed:")
    assert max(map(len, f"{word}{question}".splitlines())) <= 80
    assert ("Write 4 changes now? [y/N]" in seen) is (code == 0)
    assert ("To be decided before anything is written (1)" in out) is (code == 4)


def test_yes_is_no_answer_to_a_loss() -> None:
    proxied_source()
    refused = run("import", "zone.json", "new.zone", "--yes", "--format", "json")
    accepted = run("import", "zone.json", "new.zone", "--yes", "--format", "json", "--accept", "origin-exposed")

    assert (refused.code, refused.json["refused"], refused.json["losses"][0]["accepted"]) == (
        4,
        ["--accept origin-exposed"],
        False,
    )
    assert (accepted.code, accepted.json["verified"], accepted.json["losses"][0]["accepted"]) == (0, True, True)
    assert accepted.json["ledger"] == {"read": 4, "copied": 2, "translated": 2, "dropped": 0, "unaccounted": 0}
