"""`dns-migrator report`, run as a user runs it, on what the commands before it have kept."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migrator.model.names import absolute
from migrator.state.documents import Documents
from migrator.state.store import Role, open_store
from tests.installed import run
from tests.story.moves import COMPLETE, fill, looked

SOURCE = """\
$ORIGIN example.test.
$TTL 300
@ SOA ns1.old.example. hostmaster 1 7200 900 1209600 300
@ NS ns1.old.example.
@ MX 10 mail
@ TXT "v=spf1 mx -all"
mail A 192.0.2.25
www A 192.0.2.1
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(own_folder: Path) -> None:
    Path("source.zone").write_text(SOURCE)


def kept(domain: str = "example.test") -> list[str]:
    with open_store("dns-migrator.db") as store:
        return [document.schema for document in Documents(store).of(absolute(domain))]


def test_what_only_reads_makes_no_database() -> None:
    assert run("export", "source.zone", "-o", "backup").code == 0
    assert run("diff", "source.zone", "backup").code == 0
    assert run("import", "source.zone", "example.test.zone", "--dry-run").code == 0
    found = run("report", "example.test")

    assert not Path("dns-migrator.db").exists()
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("dns-migrator: dns-migrator.db: there is no such state database")


def test_commands_keep_what_they_print() -> None:
    assert run("import", "source.zone", "example.test.zone", "--yes").code == 0
    assert run("export", "source.zone", "-o", "backup").code == 0
    diff = run("diff", "source.zone", "example.test.zone", "--format", "json")
    back = run("rollback", "example.test", "--yes", "--format", "json")

    with open_store("dns-migrator.db") as store:
        documents = Documents(store).of(absolute("example.test"))
    assert [document.schema.split("/")[1] for document in documents] == ["import", "export", "diff", "rollback"]
    assert json.loads(documents[2].text) == diff.json
    assert json.loads(documents[3].text) == back.json


def test_a_report_is_made_from_the_database_of_manual_commands() -> None:
    run("import", "source.zone", "example.test.zone", "--yes")
    run("export", "source.zone", "-o", "backup")
    run("diff", "source.zone", "example.test.zone")

    found = run("report", "example.test", "--format", "json").json

    assert (found["schema"], found["domain"], found["verdict"]) == (
        "dns-migrator/report/1",
        "example.test.",
        "under-way",
    )
    assert found["sentence"] == "Under way: the new zone is at example.test.zone, and no switch was seen."
    assert found["deletion"] == {
        "verdict": "not-known",
        "at": None,
        "sentence": "Keep the old zone: no look has seen the switch.",
    }
    assert {line["stage"]: line["state"] for line in found["stages"] if line["state"] != "unseen"} == {
        "backup": "passed",
        "import": "passed",
        "verify": "passed",
    }
    assert [(mail["domain"], mail["verdict"]) for mail in found["comparison"]["mail"]] == [
        ("example.test.", "same")
    ]
    assert found["open"] == []
    (write,) = found["writes"]
    assert (write["kind"], write["end"], write["done"]) == ("import", "complete", 6)
    (backup,) = found["backups"]
    assert backup["digest"] == backup["digest_now"]


def test_a_result_that_cannot_be_kept_is_said_and_shown_all_the_same() -> None:
    Path("dns-migrator.db").write_text("no database\n" * 100)
    Path("copy.zone").write_text(Path("source.zone").read_text())

    found = run("diff", "source.zone", "copy.zone", "--format", "json")

    assert (found.code, found.json["verdict"]) == (0, "same")
    assert found.err.startswith("dns-migrator: dns-migrator.db: damaged, or no state database")
    assert found.err.endswith("The result is shown, and will be missing from `report`.\n")


def test_an_import_that_was_taken_back_does_not_count() -> None:
    run("import", "source.zone", "example.test.zone", "--yes")
    run("rollback", "example.test", "--yes")

    found = run("report", "example.test", "--format", "json").json

    assert {line["state"] for line in found["stages"]} == {"unseen"}
    assert (found["verdict"], found["sentence"]) == (
        "not-begun",
        "Not begun: no import has come to its end, or the last was taken back.",
    )


def test_the_way_back_that_was_taken_back_leaves_the_import_that_stands() -> None:
    run("import", "source.zone", "example.test.zone", "--yes")
    Path("source.zone").write_text(Path("source.zone").read_text().replace("www", "web"))
    run("import", "example.test.zone", "source.zone", "--delete", "--yes")
    run("rollback", "example.test", "--yes")

    found = run("report", "example.test", "--format", "json").json

    assert [(write["kind"], write["target"]) for write in found["writes"]] == [
        ("import", "example.test.zone"),
        ("import", "source.zone"),
        ("rollback", "source.zone"),
    ]
    assert (found["verdict"], found["old"], found["new"]) == ("under-way", "source.zone", "example.test.zone")


def test_the_name_of_the_file_says_its_format() -> None:
    with open_store("dns-migrator.db") as store:
        fill(store, datetime.now(UTC))
    for name in ("report.html", "report.md", "report.json"):
        assert run("report", "example.com", "-o", name).code == 0

    assert Path("report.html").read_text().startswith("<!DOCTYPE html>\n")
    assert Path("report.md").read_text().startswith("# example.com: report on the move\n")
    assert json.loads(Path("report.json").read_text())["verdict"] == "moved"
    assert run("report", "example.com").out.startswith("# example.com: report on the move\n")
    assert kept("example.com").count("dns-migrator/checklist/1") == 4
    assert absolute("example.com") == COMPLETE


def test_a_domain_of_which_nothing_is_known_has_no_report() -> None:
    with open_store("dns-migrator.db"):
        pass
    nothing = run("report", "exmaple.com", "-o", "report.html")
    with open_store("dns-migrator.db") as store:
        fill(store, datetime.now(UTC))

    similar = run("report", "exmaple.com")

    said = (
        "dns-migrator: Nothing is remembered of exmaple.com in dns-migrator.db; check the spelling or --database."
    )
    assert (nothing.code, nothing.out, nothing.err) == (2, "", f"{said}\n")
    assert (similar.code, similar.out, similar.err) == (2, "", f"{said} It has: example.com.\n")
    assert not Path("report.html").exists()


def test_a_domain_that_was_only_looked_at_is_not_begun() -> None:
    with open_store("dns-migrator.db") as store:
        looked(store, absolute("example.org"), Role.RESOLVER, ["ns1.old.example."], datetime.now(UTC), 300)

    found = run("report", "Example.org")

    assert found.code == 0
    assert "**Not begun: nothing was written, and no switch was seen.**" in found.out
