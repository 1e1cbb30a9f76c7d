"""A result replaces an earlier result, and nothing that the command reads or that nobody can make again."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.cli import main
from migrator.demo.internet import OLD_HOSTS
from migrator.state.store import open_store
from tests.cli.moving import zone_text

ZONE = zone_text(OLD_HOSTS, "")
# As programs write it: without a directive.
COMPILED = "example.org.\t\t3600 IN SOA\tns1.example.net. host.example.net. 1 7200 900 1209600 300\n"
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{8}(Z| UTC)?")
MARKED = "; Listed by dns-migrator discover: complete.\n" + ZONE


@pytest.fixture(autouse=True)
def there(own_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two zone files that are alike, a backup of one, and a state database."""
    for name in ("old.zone", "new.zone"):
        Path(name).write_text(ZONE)
    Path("compiled").write_text(COMPILED)
    Path("bare").write_text("@ A 192.0.2.1\n")
    assert run(monkeypatch, capsys, "export old.zone -o backup --quiet") == (0, "")
    with open_store("dns-migrator.db"):
        pass


def run(patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str]:
    """Run the command in this process: the exit code, and what it said on stderr."""
    patch.setattr("sys.argv", ["dns-migrator", *line.split()])
    with pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("diff old.zone new.zone -o old.zone", "old.zone is named twice in this command"),
        ("diff old.zone file:new.zone --output=new.zone", "new.zone is named twice in this command"),
        ("lint bare?origin=example.org -o old.zone", "old.zone is a zone file"),
        ("lint ./bare -o bare", "bare is named twice in this command"),
        ("lint bare?origin=example.org -o bare", "bare is named twice in this command"),
        ("lint file:./bare?origin=example.org -obare", "bare is named twice in this command"),
        ("check example.org --from=bare?origin=example.org -o bare", "bare is named twice in this command"),
        ("lint old.zone -o compiled", "compiled is a zone file"),
        ("discover example.org -o old.zone", "old.zone is a zone file"),
        ("import old.zone file:other.zone --plan-out new.zone", "new.zone is a zone file"),
        ("diff backup new.zone -o backup/zone.json", "backup/zone.json is a file of a backup"),
        ("diff backup new.zone -o backup/SHA256SUMS", "backup/SHA256SUMS is a file of a backup"),
        ("check example.org --from old.zone --record old.zone", "old.zone is named twice in this command"),
        ("report example.org -o dns-migrator.db", "dns-migrator.db is a database"),
    ],
)
def test_what_would_be_lost_stays(
    line: str, lost: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}

    said = run(monkeypatch, capsys, line)

    assert said == (2, f"dns-migrator: {lost}, and the result would replace it: name another file.\n")
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == files


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no /dev/stdout here")
def test_a_pipe_that_has_no_path_is_written_to() -> None:
    command = [sys.executable, "-m", "migrator", "lint", "old.zone"]
    plain, named = (
        subprocess.run([*command, *more], capture_output=True, check=False) for more in ([], ["-o", "/dev/stdout"])
    )

    assert (named.stdout, named.stderr, named.returncode) == (plain.stdout, plain.stderr, plain.returncode)
    assert named.stdout


@pytest.mark.parametrize("line", ["lint old.zone", "diff old.zone new.zone -f json", "status", "fleet report"])
def test_a_hyphen_is_standard_output_and_no_file(
    line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def printed(more: str) -> str:
        monkeypatch.setattr("sys.argv", ["dns-migrator", *line.split(), *more.split()])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert stopped.value.code == 0
        return TIME.sub("", capsys.readouterr().out)

    assert printed("-o -") == printed("--output=-") == printed("") != ""
    assert not Path("-").exists()


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("check example.org --phase prepare --record -", "--record"),
        ("import old.zone file:copy.zone --plan-out - --yes", "--plan-out"),
    ],
)
def test_what_comes_beside_the_result_needs_a_file(
    line: str, option: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = f"dns-migrator: {option} -: standard output has the result; name a file.\n"

    assert run(monkeypatch, capsys, line) == (2, said)
    assert not Path("-").exists()
    assert not Path("copy.zone").exists()


def test_as_a_module_it_keeps_what_it_reads_too() -> None:
    before = Path("bare").read_bytes()

    done = subprocess.run(
        [sys.executable, "-m", "migrator", "lint", "bare", "-o", "bare"],
        capture_output=True,
        text=True,
        check=False,
    )

    said = (
        "dns-migrator: bare is named twice in this command, and the result would replace it: name another file.\n"
    )
    assert (done.returncode, done.stderr) == (2, said)
    assert Path("bare").read_bytes() == before


@pytest.mark.parametrize("before", ["an earlier result: example.org. SOA ns1.example.net.\n", MARKED, ""])
@pytest.mark.parametrize("name", ["diff", "result.txt", "backup/diff.txt"])
def test_an_earlier_result_is_replaced(
    before: str, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(name).write_text(before)

    assert run(monkeypatch, capsys, f"diff old.zone new.zone -o {name}") == (0, "")
    assert Path(name).read_text().endswith("2 RRsets the same.\nThe same: nothing would be lost.\n")


NOWHERE = (
    ("x/found.zone", "there is no folder {}/x"),
    ("backup", "it is a folder; name a file in it"),
    ("closed/found.zone", "no permission to write in {}/closed"),
)


@pytest.mark.parametrize(("file", "why"), NOWHERE, ids=[file for file, _ in NOWHERE])
@pytest.mark.parametrize("line", ["discover example.org -o", "check example.org --phase prepare --record"])
def test_what_cannot_be_written_is_said_before_anybody_is_asked(
    line: str, file: str, why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("closed").mkdir()
    # Whoever runs the tests as root may write everywhere.
    monkeypatch.setattr("os.access", lambda path, _: Path(path).name != "closed")

    said = f"dns-migrator: {file}: cannot be written: {why.format(Path.cwd())}.\n"
    assert run(monkeypatch, capsys, f"{line} {file}") == (2, said)


BEGINNINGS = (
    ("diff old.zone new.zone -o x.json", "{"),
    ("diff old.zone new.zone --output x.MD", "## "),
    ("diff old.zone new.zone -o x.xml", "<?xml "),
    ("diff old.zone new.zone -o x.txt", "example.org: old and new compared\n"),
    ("diff old.zone new.zone --format text -o x.json", "example.org: old and new compared\n"),
    ("diff old.zone new.zone -o x.html -f markdown", "## "),
    ("lint old.zone -o x.json", "{"),
    ("history example.org -o x.md", "# "),
    ("status -o x.json", "{"),
    ("fleet status -o x.json", "{"),
    ("fleet report -o x.json", "{"),
    ("fleet report -o x", "<!DOCTYPE html>"),
)


@pytest.mark.parametrize(("line", "begins"), BEGINNINGS, ids=[line for line, _ in BEGINNINGS])
def test_the_name_of_the_file_says_the_format_where_nothing_else_does(
    line: str, begins: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, capsys, line)

    (file,) = Path().glob("x*")
    assert file.read_text().startswith(begins)


VERDICTS = "text, json, markdown or junit"
WITHOUT = (
    ("diff old.zone new.zone -o x.html", "html", VERDICTS),
    ("lint old.zone -o x.htm", "html", VERDICTS),
    ("confirm example.org --expect ns1.example.net -o x.html", "html", VERDICTS),
    ("check example.org --phase prepare -o x.ics", "ics", "text, json, markdown, html or junit"),
    ("plan example.org --from old.zone --to new.zone -o x.xml", "junit", "text, markdown, json, html or ics"),
    ("history example.org -o x.xml", "junit", "text, json or markdown"),
    ("fleet report -o x.md", "markdown", "html or json"),
    ("status -o x.md", "markdown", "text or json"),
)


@pytest.mark.parametrize(("line", "named", "forms"), WITHOUT, ids=[line for line, _, _ in WITHOUT])
def test_a_name_of_another_format_is_refused_before_anything_is_done(
    line: str, named: str, forms: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = line.rpartition(" ")[2]
    said = f"{file}: its name means {named}, and this command writes {forms}: name it otherwise, or say which with"

    assert run(monkeypatch, capsys, line) == (2, f"dns-migrator: {said} --format.\n")
    assert not Path(file).exists()
