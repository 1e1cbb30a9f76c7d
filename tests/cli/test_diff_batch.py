"""`dns-migrator diff --batch`, run as a user runs it: two folders, one summary, the exit code of the worst."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).with_name("dns-migrator")
SAME, FINDINGS, USAGE = 0, 1, 2
ZONE = """\
$ORIGIN {zone}.
$TTL 300
@ SOA ns1.example.net. hostmaster 1 7200 900 1209600 300
@ NS ns1.example.net.
@ MX 10 mail
mail A 192.0.2.25
www A 192.0.2.80
"""


def run(*arguments: str, cores: int | None = None) -> subprocess.CompletedProcess[str]:
    before = (lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})) if cores == 1 else None
    done = subprocess.run(
        [str(COMMAND), "diff", "--batch", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=before,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def outcomes(*arguments: str, cores: int | None = None) -> Any:
    return json.loads(run("old", "new", "--format", "json", *arguments, cores=cores).stdout)


def put(path: str, zone: str, *, without: str = "", more: str = "") -> None:
    lines = [line for line in ZONE.format(zone=zone).splitlines() if not without or not line.startswith(without)]
    file = Path(path)
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join([*lines, more]) + "\n")


@pytest.fixture(autouse=True)
def two_folders_with_three_zones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for zone in ("a.example", "b.example", "c.example"):
        put(f"old/{zone}.zone", zone)
        put(f"new/{zone}.zone", zone)


def test_folders_with_the_same_zones_are_the_same() -> None:
    done = run("old", "new")

    assert done.returncode == SAME
    assert done.stdout.splitlines() == [
        "3 zones: old and new compared",
        "  old  old",
        "  new  new",
        "",
        "3 zones the same.",
        "The same: nothing would be lost.",
    ]


def test_zones_that_are_the_same_are_counted_in_full_however_they_are_written() -> None:
    put("new/b.example.zone", "b.example", more="; a comment")
    put("old/c.example.zone", "c.example", more="www.a A 192.0.2.80")
    put("new/c.example.zone", "c.example", more="www.A A 192.0.2.80")

    zones = outcomes()["zones"]

    none = dict.fromkeys(("missing", "extra", "changed", "ttl", "expected", "equivalent", "unchecked"), 0)
    assert [zone["counts"] for zone in zones] == [
        {**none, "same": 5},
        {**none, "same": 5},
        {**none, "equivalent": 1, "same": 5},
    ]
    assert {(zone["verdict"], zone["exit_code"], zone["errors"], zone["warnings"]) for zone in zones} == {
        ("same", 0, 0, 0)
    }
    assert all(zone["mail"] == {"lost": [], "changed": []} for zone in zones)


def test_quiet_says_nothing_where_all_is_well() -> None:
    assert run("old", "new", "--quiet").stdout == ""


def test_the_worst_zone_decides_and_all_are_compared() -> None:
    put("new/a.example.zone", "a.example", without="mail")
    put("new/c.example.zone", "c.example", more="new A 192.0.2.99")

    done = run("old", "new")

    assert done.returncode == FINDINGS
    assert "  a.example  1        0      0        1       lost" in done.stdout.splitlines()
    assert "  c.example  0        1      0        0       same" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-2:] == [
        "1 zone the same, 2 different.",
        "Do not switch yet: look at 1 zone first.",
    ]


def test_the_json_has_the_whole_comparison_of_each_zone_that_is_not_the_same() -> None:
    put("new/a.example.zone", "a.example", without="www")

    found = outcomes()

    assert found["schema"] == "dns-migrator/diff-batch/1"
    assert found["verdict"] == "different"
    assert found["exit_code"] == FINDINGS
    assert found["counts"] == {"zones": 3, "same": 2, "different": 1, "missing": 0, "extra": 0, "failed": 0}
    zone = found["zones"][0]
    alone = subprocess.run(
        [str(COMMAND), "diff", zone["old"], zone["new"], "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    expected = json.loads(alone.stdout)
    for side in ("old", "new"):  # they were read at different moments
        del expected[side]["read_at"], zone["diff"][side]["read_at"]
    assert zone["diff"] == expected
    assert (zone["zone"], zone["verdict"], zone["exit_code"]) == ("a.example", "different", alone.returncode)
    assert "diff" not in found["zones"][1]


def test_a_zone_on_one_side_only_is_told() -> None:
    Path("new/a.example.zone").unlink()
    put("new/d.example.zone", "d.example")

    done = run("old", "new")

    assert done.returncode == FINDINGS
    assert done.stdout.splitlines()[0] == "4 zones, 2 of them there on both sides and compared"
    assert "On the old side only (1)\n  a.example: old/a.example.zone" in done.stdout
    assert "On the new side only (1)\n  d.example: new/d.example.zone" in done.stdout


def test_where_both_sides_have_zones_without_a_pair_it_is_said_how_they_are_paired() -> None:
    said = """
Zones are paired as their files are named: example.com.zone and db.example.com
are one zone. Give the files of one zone one name, if there are any here.

"""
    Path("new/a.example.zone").rename("new/export-1.txt")

    assert said in run("old", "new").stdout

    Path("new/export-1.txt").rename("new/db.a.example")

    assert run("old", "new").stdout.endswith("3 zones the same.\nThe same: nothing would be lost.\n")


def test_a_new_zone_alone_is_no_error() -> None:
    put("new/d.example.zone", "d.example")

    assert run("old", "new").returncode == SAME
    assert run("old", "new", "--fail-on", "warning").returncode == FINDINGS


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being_compared() -> None:
    Path("new/a.example.zone").write_text("nonsense\n")
    put("new/b.example.zone", "b.example", without="www")

    found = outcomes()

    assert [zone["verdict"] for zone in found["zones"]] == ["failed", "different", "same"]
    assert found["zones"][0]["message"].startswith("new/a.example.zone:1: No record of the file can be read.")
    assert found["exit_code"] == USAGE


def test_a_file_with_a_line_in_error_is_no_clean_zone_even_where_both_are_equal() -> None:
    for side in ("old", "new"):
        put(f"{side}/a.example.zone", "a.example", more="x A 192.0.2.300")

    found = outcomes()

    assert [(zone["verdict"], zone["errors"], zone["exit_code"]) for zone in found["zones"][:2]] == [
        ("same", 2, FINDINGS),
        ("same", 0, SAME),
    ]


def test_files_are_matched_by_the_zone_that_their_names_speak_of() -> None:
    Path("new/a.example.zone").rename("new/db.A.example")

    assert [zone["verdict"] for zone in outcomes()["zones"]] == ["same", "same", "same"]


def test_folders_within_are_told_and_hidden_files_are_not() -> None:
    Path("new/more").mkdir()
    Path("new/.swp").write_text("x")

    assert outcomes()["skipped"] == ["new/more"]
    assert "Taken for no zones: new/more." in run("old", "new").stdout


def test_a_link_that_leads_to_itself_is_told() -> None:
    Path("new/loop").symlink_to("loop")

    assert outcomes()["skipped"] == ["new/loop"]


def back_up(zone: str, folder: str, **changes: str) -> None:
    put("exported/zone.zone", zone, **changes)
    subprocess.run(
        [str(COMMAND), "export", "exported/zone.zone", "-o", folder], check=True, capture_output=True, text=True
    )


def test_a_backup_is_one_zone() -> None:
    back_up("a.example", "backup")

    found = json.loads(run("backup", "backup", "--format", "json").stdout)

    assert [(zone["zone"], zone["verdict"], zone["old"]) for zone in found["zones"]] == [
        ("a.example", "same", "backup")
    ]
    assert found["skipped"] == []
    assert found["exit_code"] == SAME


def test_a_backup_of_each_zone_is_compared_with_zone_files() -> None:
    for zone in ("a.example", "b.example", "c.example"):
        back_up(zone, f"backups/{zone}")
    put("new/b.example.zone", "b.example", without="www")

    found = json.loads(run("backups", "new", "--format", "json").stdout)

    assert [(zone["verdict"], zone["old"], zone["new"]) for zone in found["zones"]] == [
        ("same", "backups/a.example", "new/a.example.zone"),
        ("different", "backups/b.example", "new/b.example.zone"),
        ("same", "backups/c.example", "new/c.example.zone"),
    ]


def test_of_several_backups_of_a_zone_the_newest_is_compared() -> None:
    back_up("a.example", "backups/a.example/20261201T090000Z-route53", without="www")
    back_up("a.example", "backups/a.example/20261202T090000Z-file")
    Path("backups/a.example/notes").mkdir()

    whole = json.loads(run("backups", "old", "--format", "json").stdout)
    alone = json.loads(run("backups/a.example", "old", "--format", "json").stdout)

    for found in (whole, alone):
        zone = found["zones"][0]
        assert (zone["zone"], zone["verdict"], zone["old"]) == (
            "a.example",
            "same",
            "backups/a.example/20261202T090000Z-file",
        )
        assert found["skipped"] == ["backups/a.example/notes"]


def test_two_backups_of_a_zone_of_which_none_is_the_newer_are_refused() -> None:
    back_up("a.example", "backups/one")
    back_up("a.example", "backups/two")

    done = run("backups", "old")

    assert done.returncode == USAGE
    assert done.stderr == "dns-migrator: backups: one and two are both of the zone a.example.\n"


def test_a_damaged_backup_does_not_keep_the_others_from_being_compared() -> None:
    back_up("a.example", "backups/a.example")
    back_up("b.example", "backups/b.example")
    Path("backups/a.example/zone.json").write_text("{}")

    found = json.loads(run("backups", "old", "--format", "json").stdout)

    assert [zone["verdict"] for zone in found["zones"]] == ["failed", "same", "extra"]
    assert "not the file that was written" in found["zones"][0]["message"]


def test_a_list_of_checksums_is_no_zone_and_is_told_once() -> None:
    Path("old/SHA256SUMS").write_text("")

    assert json.loads(run("old", "old", "--format", "json").stdout)["skipped"] == ["old/SHA256SUMS"]


@pytest.mark.parametrize("cores", [1, 2])
def test_many_zones_come_in_their_order_from_one_process_or_two(cores: int) -> None:
    for number in range(71):
        put(f"old/z{number:02}.example.zone", f"z{number:02}.example")
        put(f"new/z{number:02}.example.zone", f"z{number:02}.example", without="www" if number % 5 == 0 else "")

    found = outcomes(cores=cores)

    names = ["a.example", "b.example", "c.example", *(f"z{number:02}.example" for number in range(71))]
    assert [zone["zone"] for zone in found["zones"]] == names
    assert [zone["zone"] for zone in found["zones"] if zone["verdict"] != "same"] == names[3::5]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("old", "none"), "none: is no folder; --batch compares two folders of zone files or backups."),
        (("old", "empty"), "empty: no zone file and no backup in it."),
        (("old", "twice"), "twice: a.example.zone and db.a.example are both of the zone a.example."),
        (("old", "new", "--format", "junit"), "--batch writes text or JSON: add --format text or --format json."),
        (("old", "new", "new"), "--batch takes two folders, and neither --server nor --ignore."),
        (("old", "new", "--ignore", "x=y"), "--batch takes two folders, and neither --server nor --ignore."),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_line(arguments: tuple[str, ...], says: str) -> None:
    Path("empty").mkdir()
    put("twice/a.example.zone", "a.example")
    put("twice/db.a.example", "a.example")

    done = run(*arguments)

    assert done.returncode == USAGE
    assert says in " ".join(done.stderr.replace("│", " ").split())
