"""`dns-migrator lint` and `explain`, run as a user runs them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrator.checks.catalogue import catalogue
from migrator.cli import main

SOUND = """\
$ORIGIN example.org.
$TTL 3600
@ SOA ns1.example.net. host.example.net. 1 7200 900 1209600 300
@ NS ns1.example.net.
@ NS ns2.example.net.
@ MX 10 mail
mail A 192.0.2.25
"""


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command: the exit code, and what it wrote."""

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["dns-migrator", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return command


@pytest.fixture
def linted(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lint a zone of this text, in the folder of the test."""
    monkeypatch.chdir(tmp_path)

    def lint(text: str, *options: str) -> tuple[int, dict[str, Any]]:
        (tmp_path / "example.org.zone").write_text(text)
        code, out, _ = run("lint", "example.org.zone", "--format", "json", *options)
        return code, json.loads(out)

    return lint


def test_a_sound_zone_has_no_finding(linted: Any) -> None:
    code, found = linted(SOUND)

    assert code == 0
    assert (found["schema"], found["zone"], found["findings"]) == ("dns-migrator/lint/1", "example.org.", [])


def test_what_the_reader_and_the_checks_find_stands_in_one_list(linted: Any) -> None:
    code, found = linted(SOUND + "www CNAME mail\nwww TXT x\n@ MX 20 gone\nbad A 192.0.2.300\n")

    assert code == 1
    assert sorted(
        (each["check"], each["severity"], each["subject"], each["line"]) for each in found["findings"]
    ) == [
        ("zone.cname-clash", "error", "www.example.org. CNAME", 8),
        ("zone.target-missing", "error", "example.org. MX", None),
        ("zonefile.unreadable-rdata", "error", "bad.example.org.", 11),
    ]
    assert {each["file"] for each in found["findings"]} == {"example.org.zone", None}


def test_who_refuses_the_zone_for_a_record_is_told(linted: Any) -> None:
    ds = f"20326 13 2 {32 * '00'}"
    code, found = linted(f"{SOUND}@ DS {ds}\n")

    assert code == 0
    assert found["findings"] == [
        {
            "check": "zone.refused",
            "severity": "warning",
            "subject": "example.org. DS",
            "message": "BIND refuses the whole zone: a DS record of the apex belongs into the parent zone "
            "(RFC 4035 section 2.4).",
            "remedy": "Delete it here; the registrar has the parent publish it.",
            "file": None,
            "line": None,
            "evidence": [f"example.org. DS: {ds[:29]}…{ds[-30:]}"],
        }
    ]
    assert linted(f"{SOUND}@ DS {ds}\n", "--fail-on", "warning")[0] == 1


def test_the_threshold_decides_on_the_exit_code(linted: Any) -> None:
    one_server = SOUND.replace("@ NS ns2.example.net.\n", "")

    assert linted(one_server)[0] == 0
    assert linted(one_server, "--fail-on", "warning")[0] == 1
    assert linted(SOUND + "www CNAME mail\nwww TXT x\n", "--fail-on", "never")[0] == 0


@pytest.mark.parametrize(
    ("format_", "parts"),
    [
        ("text", ["example.org: 1 error\n", "  error    zone.target-missing\n", "    example.org. MX\n"]),
        ("markdown", ["# example.org: 1 error\n", "- **error** `example.org. MX`: "]),
        (
            "junit",
            ['<testsuites name="dns-migrator lint" tests="2" failures="1"', 'classname="example.org.zone.tar'],
        ),
    ],
)
def test_a_finding_is_shown_in_every_form(format_: str, parts: list[str], tmp_path: Path, run: Run) -> None:
    file = tmp_path / "example.org.zone"
    file.write_text(SOUND.replace("mail A", "post A"))

    code, out, _ = run("lint", str(file), "--format", format_)

    assert code == 1
    assert [part for part in parts if part not in out] == []


def test_a_zone_that_cannot_be_read_is_one_line(tmp_path: Path, run: Run) -> None:
    code, out, err = run("lint", str(tmp_path / "none.zone"))

    assert (code, out) == (2, "")
    assert err == f"dns-migrator: {tmp_path / 'none.zone'}: cannot be read: No such file or directory.\n"


def test_explain_prints_the_specification(run: Run) -> None:
    check = next(check for check in catalogue() if check.id == "ns.udp")

    code, out, _ = run("explain", "ns.udp")

    assert code == 0
    assert out.startswith("ns.udp\n\n  area      Name servers\n  phases    ready, ")
    assert " ".join(check.specification.split()) in " ".join(out.split())
    assert " ".join(check.remedy.split()) in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 80


def test_explain_alone_lists_every_check(run: Run) -> None:
    _, out, _ = run("explain")
    _, document, _ = run("explain", "--format", "json")
    _, table, _ = run("explain", "--format", "markdown")

    ids = [check.id for check in catalogue()]
    assert [
        line.split()[0] for line in out.splitlines() if line.startswith("  ") and "." in line.split()[0]
    ] == ids
    assert [each["check"] for each in json.loads(document)["checks"]] == ids
    assert [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")] == ids
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("ns.udq", "There is no check 'ns.udq'. Perhaps ns.udp? 'dns-migrator explain' lists all."),
        ("zzz", "There is no check 'zzz'. 'dns-migrator explain' lists all."),
        ("", "There is no check ''. 'dns-migrator explain' lists all."),
    ],
)
def test_explain_says_what_was_perhaps_meant(asked: str, message: str, run: Run) -> None:
    assert run("explain", asked) == (2, "", f"dns-migrator: {message}\n")


@pytest.mark.parametrize("check", catalogue(), ids=lambda check: check.id)
def test_every_check_is_specified(check: Any) -> None:
    assert check.source
    assert check.remedy, "explain says how to mend it"
    assert len(check.summary) < 120
    assert not check.summary.endswith(":")
    assert check.phases
