"""What stops the program from outside: a path that the system refuses, and an output that takes nothing."""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from migrator.cli import app
from migrator.demo.samples import sample_zones

OLD, NEW = (str(sample_zones() / name) for name in ("old-provider.zone", "new-provider-incomplete.zone"))
TOO_LONG = "a" * 300
UNWRITTEN = "standard output: the result cannot be written whole: "


def run(*arguments: str, cwd: Path | None = None, stdout: int = subprocess.PIPE) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "migrator", *arguments],
        cwd=cwd,
        env=os.environ | {"NO_COLOR": "1"},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", TOO_LONG),
        ("export", f"{TOO_LONG}?origin=example.com"),
        ("export", f"file:{TOO_LONG}"),
        ("export", OLD, "-o", TOO_LONG),
        ("diff", OLD, TOO_LONG),
        ("diff", OLD, NEW, "-o", TOO_LONG),
        ("diff", OLD, NEW, "--network", TOO_LONG),
        ("confirm", "example.org", "--expect", "ns1.example.net", "--database", TOO_LONG),
        ("demo", "-o", TOO_LONG),
    ],
)
def test_a_path_that_the_system_refuses_is_one_line(arguments: tuple[str, ...], tmp_path: Path) -> None:
    code, said = run(*arguments, cwd=tmp_path)

    assert code == 2
    assert said.count("\n") == 1
    assert said.startswith("dns-migrator: ")
    assert TOO_LONG in said
    assert "File name too long" in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    ("arguments", "what", "instead"),
    [
        (("diff", OLD, NEW), UNWRITTEN, ""),
        (("--help",), "", ""),
        (("export", OLD, "-o", "kept"), UNWRITTEN, " The backup kept is whole all the same."),
        (("import", OLD, "file:new.zone"), UNWRITTEN, " Nothing was written to the target."),
        (("import", OLD, "file:new.zone", "-f", "json"), UNWRITTEN, " Nothing was written to the target."),
    ],
)
def test_a_result_that_finds_no_space_is_not_taken_for_findings(
    arguments: tuple[str, ...], what: str, instead: str, tmp_path: Path
) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        code, said = run(*arguments, cwd=tmp_path, stdout=full)
    finally:
        os.close(full)

    said = said.removeprefix("dns-migrator: This is the plan; nothing was written. Add --yes to apply it.\n")
    assert (code, said) == (2, f"dns-migrator: {what}No space left on device.{instead}\n")
    assert not (tmp_path / "new.zone").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("format_", ["json", "markdown"])
def test_a_report_that_finds_no_space_says_what_was_done(format_: str, tmp_path: Path) -> None:
    (tmp_path / "old.zone").write_text(SOURCE)
    said = []
    beginning = f"dns-migrator: {UNWRITTEN}No space left on device. Only the report is missing. "
    for arguments in (("import", "old.zone", "new.zone"), ("rollback", "example.org")):
        with Path("/dev/full").open("w") as full:
            code, line = run(*arguments, "--yes", "--format", format_, cwd=tmp_path, stdout=full.fileno())
        assert code == 2
        said.append(line.removeprefix(beginning))
        assert (tmp_path / "new.zone").exists() is (arguments[0] == "import")

    assert said[0] == "3 changes written, read again and compared: as planned (0 reads, 1 write).\n"
    assert said[1].startswith("3 changes taken back, read again and compared (0 reads, 1 write).")
    assert "The target as it was: " in said[1]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_result_that_is_cut_off_is_told(unbuffered: str, tmp_path: Path) -> None:
    with (tmp_path / "result.json").open("w") as file:
        done = subprocess.run(
            [sys.executable, "-m", "migrator", "diff", OLD, NEW, "--format", "json"],
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stderr) == (2, f"dns-migrator: {UNWRITTEN}File too large.\n")
    assert (tmp_path / "result.json").stat().st_size == 4096


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    ("arguments", "ends", "printed"),
    [
        (("lint", "absent.zone"), 2, b""),
        (("diff", "absent.zone", OLD), 2, b""),
        (("dif",), 2, b""),
        (("import", OLD, "file:new.zone", "--format", "json"), 0, b'"dns-migrator/import/1"'),
    ],
)
def test_a_log_on_a_full_disk_changes_neither_the_result_nor_the_code(
    arguments: tuple[str, ...], ends: int, printed: bytes, tmp_path: Path
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "migrator", *arguments],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=full,
            check=False,
        )

    assert (done.returncode, bool(done.stdout)) == (ends, bool(printed))
    assert printed in done.stdout


SOURCE = """\
$ORIGIN example.org.
$TTL 300
@ SOA ns1.example.net. hostmaster 1 7200 900 1209600 300
@ NS ns1.example.net.
@ A 192.0.2.1
"""
# What each writes, and ends with, whoever reads it: in this order, each after the ones before it.
UNREAD = (
    (("import", "old.zone", "new.zone", "--yes"), 0),
    (("import", "old.zone", "new.zone", "--yes", "--format", "json"), 0),
    (("rollback", "example.org", "--yes"), 0),
    (("import", "old.zone", "new.zone", "--plan-out", "plan.json"), 0),
    (("apply", "plan.json", "--yes"), 0),
    (("export", "old.zone", "-o", "backup"), 0),
    (("diff", OLD, NEW), 1),
    (("lint", "old.zone"), 0),
    (("run", "example.org", "--from", "old.zone", "--to", "new.zone", "--network", "absent.toml"), 2),
)


@pytest.mark.parametrize("streams", ["stdout", "both"])
def test_a_reader_that_goes_away_changes_neither_what_is_done_nor_the_code(streams: str, tmp_path: Path) -> None:
    (tmp_path / "old.zone").write_text(SOURCE)
    read, write = os.pipe()
    os.close(read)
    codes = []
    for arguments, _ in UNREAD:
        done = subprocess.run(
            [sys.executable, "-m", "migrator", *arguments],
            cwd=tmp_path,
            stdout=write,
            stderr=write if streams == "both" else subprocess.PIPE,
            check=False,
        )
        assert b"Traceback" not in (done.stderr or b"")
        codes.append(done.returncode)
    os.close(write)

    assert codes == [code for _, code in UNREAD]
    assert "192.0.2.1" in (tmp_path / "new.zone").read_text()
    assert (tmp_path / "backup").exists()


@pytest.mark.parametrize("arguments", [("--help",), ("diff", "--help"), ("--version",)])
def test_help_that_nobody_reads_to_its_end_is_no_failure(arguments: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        code, said = run(*arguments, stdout=write)
    finally:
        os.close(write)

    # As a shell tells of a program that SIGPIPE ends: 1 would mean findings.
    assert (code, said) == (141, "")


def test_a_closed_output_changes_nothing_else() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", '"$@" >&-', "sh", sys.executable, "-m", "migrator", "diff", OLD, NEW],
        stderr=subprocess.PIPE,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("import", OLD, "file:new.zone"), 0),
        (("import", OLD, "file:new.zone", "--yes"), 0),
        (("demo", "--step"), 2),
        (("lint", OLD), 0),
    ],
    ids=["import", "import --yes", "demo --step", "lint"],
)
def test_a_closed_input_is_one_from_which_nobody_answers(
    arguments: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", '"$@" <&-', "sh", sys.executable, "-m", "migrator", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Traceback" not in done.stderr
    assert done.returncode == code


TOP = getattr(get_command(app), "commands", {})
COMMANDS: list[tuple[str, ...]] = [(name,) for name in TOP]
COMMANDS += [(name, inner) for name, group in TOP.items() for inner in getattr(group, "commands", ())]


@pytest.mark.parametrize("command", [(), *COMMANDS], ids=" ".join)
def test_help_names_every_option_whole_at_80_columns(command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "migrator", *command, "--help"],
        env=os.environ | {"COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "…" not in done.stdout
    # A switch takes no value, and does not look as if it did.
    assert "bool" not in done.stdout.lower()


WITH_A_DOMAIN = [
    ("confirm", "{}", "--expect", "ns1.example.net"),
    ("check", "{}", "--phase", "prepare"),
    ("discover", "{}"),
    ("plan", "{}", "--from", OLD, "--to", NEW),
    ("run", "{}", "--from", OLD, "--to", NEW),
    ("ttl", "lower", "{}", "--from", OLD),
    ("report", "{}"),
    ("history", "{}"),
    ("rollback", "{}"),
    ("export", "route53:{}"),
    ("diff", OLD, "dns:{}@192.0.2.53"),
    ("lint", f"{OLD}?origin={{}}"),
]


@pytest.mark.parametrize("arguments", WITH_A_DOMAIN, ids=lambda words: words[0])
def test_a_url_in_the_place_of_a_domain_is_called_what_it_is(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*(word.format("https://example.org/") for word in arguments), cwd=tmp_path)

    assert done == (
        2,
        "dns-migrator: 'https://example.org/' is no domain: it looks like a URL; did you mean example.org?\n",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", WITH_A_DOMAIN[:9], ids=lambda words: words[0])
def test_an_empty_text_in_the_place_of_a_domain_is_not_the_root(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    done = run(*(word.format("") for word in arguments), cwd=tmp_path)

    assert done == (2, "dns-migrator: The domain is empty; a name such as example.com was expected.\n")
    assert list(tmp_path.iterdir()) == []


FORM = r"\b(text|json|markdown|html|junit)\b"


def with_a_format(group: object, *before: str) -> Iterator[tuple[str, ...]]:
    """The words of each command that has --format, those inside a group too."""
    for name, command in getattr(group, "commands", {}).items():
        if any("--format" in parameter.opts for parameter in command.params):
            yield (*before, name)
        yield from with_a_format(command, *before, name)


@pytest.mark.parametrize("command", list(with_a_format(get_command(app))), ids=" ".join)
def test_a_command_offers_the_forms_that_it_takes_and_no_other(command: tuple[str, ...]) -> None:
    helped = subprocess.run(
        [sys.executable, "-m", "migrator", *command, "--help"],
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    code, said = run(*command, "--format", "none")

    listed = re.search(r"How the result is written: (.*?)\.", helped.stdout)
    assert listed
    offered, taken = re.findall(FORM, listed[1]), re.findall(FORM, said)
    assert (code, offered) == (2, taken)
    assert ("junit" in taken) is (command in {("check",), ("confirm",), ("diff",), ("lint",)})
    assert ("markdown" in taken) is (command[-1] not in {"discover", "run", "status"} and command[0] != "fleet")


@pytest.mark.parametrize(("command", "hint"), [("lint", " (Possible options: --format json)"), ("serve", "")])
def test_whoever_types_the_option_of_other_tools_for_json_is_told_ours(command: str, hint: str) -> None:
    code, said = run(command, "x", "--json")

    assert (code, said.splitlines()[-2].strip("│ ")) == (2, f"No such option: --json{hint}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "ttl lower example.org --from a.zone --to 5m",
            "Invalid value for '--to': a whole number of seconds was expected.",
        ),
        (
            "ttl restore example.org --wait soon",
            "Invalid value for '--wait': a number of seconds was expected.",
        ),
        (
            "confirm example.org --interval 0",
            "Invalid value for '--interval': 1 or more was expected.",
        ),
        ("serve --port 80800", "Invalid value for '--port': 65535 or less was expected."),
        ("serve --port http", "Invalid value for '--port': a whole number was expected."),
        (
            "export a.zone --fail-on warn",
            "Invalid value for '--fail-on': 'warn' is not one of 'error', 'warning', 'notice', 'never'.",
        ),
    ],
)
def test_a_value_of_another_kind_is_refused_in_words_that_are_no_programmer_s(words: str, said: str) -> None:
    code, found = run(*words.split())

    assert code == 2
    assert said in " ".join(re.sub("[│╭╮╰╯─]", " ", found).split())
