"""The demo from end to end, as a person runs it: one whole run, with the servers kept for commands afterwards."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrator.backup.folder import read_backup
from migrator.demo.folder import MARK
from migrator.demo.internet import PARENT_TTL, RESOLVERS
from migrator.demo.journey import STEPS
from migrator.model.finding import Severity

WAIT = 60.0
LEFT_BEHIND = {
    MARK,
    "backup",
    "backups",
    "dns-migrator.db",
    "journey.txt",
    "named.root",
    "network.toml",
    "rdap.json",
    "report.html",
    "reports",
    "settings.sh",
}
# What a person may have set for their own accounts: it has no part in the story, and is not to be reached.
OWN = {
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AZURE_CLIENT_SECRET": "mine",
    "CLOUDFLARE_API_TOKEN": "mine",
    "CLOUDFLARE_EMAIL": "me@example.net",
    "DNS_MIGRATOR_DATABASE": "/nowhere/mine.db",
    "DNS_MIGRATOR_NETWORK": "/nowhere/mine.toml",
    "HTTP_PROXY": "http://127.0.0.1:9",
}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "migrator", *words]


def environment(**added: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"FORCE_COLOR", "NO_COLOR"}}
    return kept | OWN | {"PYTHONUNBUFFERED": "1"} | added


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("demo", "-o", str(folder), *words),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=environment(),
    )


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """The output up to the line that has these words."""
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if words in line:
            return seen
    raise AssertionError(f"The demo ended without '{words}':\n{seen}")


@dataclass(frozen=True)
class Told:
    folder: Path
    output: str
    process: subprocess.Popen[str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Type a command in the folder while the servers still run, as the last words of the demo say."""
        return subprocess.run(
            ["sh", "-c", f". ./settings.sh; exec {shlex.join(command(*words))}"],
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=WAIT,
        )

    def report(self, name: str) -> dict[str, object]:
        document = json.loads((self.folder / "reports" / name).read_text("utf-8"))
        assert isinstance(document, dict)
        return document


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A whole run in a folder where a former one was killed in the middle."""
    folder = tmp_path_factory.mktemp("demo") / "here"
    with start(folder) as killed:
        read_until(killed, "2. Compare")
        killed.kill()
    with start(folder, "--keep-running") as process:
        try:
            output = read_until(process, "Ctrl-C")
            yield Told(folder, output, process)
        finally:
            process.kill()


def test_the_story_is_told_whole_and_sleeps_no_longer_than_for_the_ttls_that_it_names(told: Told) -> None:
    titles = re.findall(r"^\d+\. .+(?=\n-+\n)", told.output, re.MULTILINE)
    report = (told.folder / "reports" / "switched.json").read_text("utf-8")
    named = re.search(r"\+ parent NS TTL (\d+) \+ old apex NS TTL (\d+)", report)
    (slept,) = re.findall(r"(\d+) seconds from now", told.output)

    assert titles == [f"{number}. {step.title}" for number, step in enumerate(STEPS, 1)]
    assert named is not None
    assert [int(ttl) for ttl in named.groups()] == [PARENT_TTL, PARENT_TTL]
    assert int(slept) <= 2 * PARENT_TTL
    assert "--keep-running" not in told.output  # the option that is on already


def test_nothing_of_the_screen_is_wider_than_eighty_columns(told: Told) -> None:
    wide = [line for line in told.output.splitlines() if len(line) > 80 and str(told.folder) not in line]

    # An error is one line; a word is not broken.
    assert [line for line in wide if not line.startswith("dns-migrator: ") and len(line.split()) > 1] == []


def test_each_gap_is_found_with_what_it_breaks(told: Told) -> None:
    report = told.report("before.json")
    differences = report["differences"]
    assert isinstance(differences, list)

    missing = {(d["owner"], d["rdtype"]): d["role"] for d in differences if d["kind"] == "missing"}
    assert missing == {
        ("example.org.", "MX"): "mail.mx",
        ("mail2026._domainkey.example.org.", "TXT"): "mail.dkim",
        ("lab.example.org.", "NS"): "delegation",
        ("lab.example.org.", "DS"): "dnssec",
        ("ns1.lab.example.org.", "A"): "delegation",
        ("ns1.lab.example.org.", "AAAA"): "delegation",
        ("ns2.lab.example.org.", "A"): "delegation",
        ("shop.example.org.", "A"): "address",
    }
    assert "Mail signed by selector mail2026 will fail DKIM; DMARC p=reject makes" in told.output


def test_the_import_leaves_only_the_loss_that_was_accepted(told: Told) -> None:
    differences = told.report("after.json")["differences"]
    assert isinstance(differences, list)

    left = {(d["owner"], d["severity"]) for d in differences if d["kind"] not in {"expected", "equivalent"}}
    assert left == {("shop.example.org.", "warning")}


def test_each_loss_is_told_and_the_ledgers_close(told: Told) -> None:
    for word in ("weights-merged", "alias-flattened", "origin-exposed"):
        assert re.search(rf"^  (error|warning)\s+{word} ", told.output, re.MULTILINE), word
    ledgers = re.findall(
        r"Ledger  (\d+) sets read = (\d+) copied \+ (\d+) translated \+ (\d+) dropped; 0", told.output
    )
    assert len(ledgers) == 4
    for read, *ends in ledgers:
        assert int(read) == sum(map(int, ends))
    assert told.output.count("read again and compared: as planned") == 2


def test_the_way_back_is_undone(told: Told) -> None:
    found = told.run("diff", "backup", "route53:example.org")

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.endswith("35 RRsets the same.\nThe same: nothing would be lost.\n")


def test_the_stages_follow_each_other(told: Told) -> None:
    headlines = [
        line
        for line in told.output.splitlines()
        if line.startswith("example.org: ") and line.split()[1] not in {"old", "import", "rollback"}
    ]

    assert headlines == [
        "example.org: not-started",
        "example.org: mixed",
        "example.org: switched",
        "example.org: settled",
    ]
    assert [told.report(f"{stage}.json")["stage"] for stage in ("switched", "settled")] == ["switched", "settled"]


@pytest.mark.parametrize("resolver", list(RESOLVERS))
def test_each_resolver_turns_when_its_cache_is_empty(told: Told, resolver: str) -> None:
    transcript = (told.folder / "journey.txt").read_text("utf-8")
    rows = [line.split()[:5] for line in transcript.splitlines() if line.startswith(f"  {resolver} ")]

    assert [rows[0][2:], rows[-1][2:]] == [["old", "20", "0"], ["new", "0", "20"]]


def test_the_files_left_behind_are_whole(told: Told) -> None:
    snapshot, findings = read_backup(told.folder / "backup")

    assert {path.name for path in told.folder.iterdir()} == LEFT_BEHIND
    assert (snapshot.record_count(), {finding.severity for finding in findings}) == (44, {Severity.NOTICE})
    assert {path.name for path in (told.folder / "reports").iterdir()} == {
        *("before.md", "before.json", "after.json", "switched.json", "settled.json"),
    }


def test_the_story_ends_with_a_report_and_its_path(told: Told) -> None:
    page = told.folder / "report.html"
    text = page.read_text("utf-8")

    assert f"\nThe report: {page.resolve().as_uri()}\n" in told.output
    assert text.startswith("<!DOCTYPE html>")
    assert "example.org: report on the move" in text


def test_the_transcript_has_all_that_was_printed_and_what_was_cut(told: Told) -> None:
    transcript = (told.folder / "journey.txt").read_text("utf-8")
    on_screen = re.sub(
        r"\[[^\]]*cut here, whole in\s+journey\.txt\]", "", told.output.partition("The servers go on")[0]
    )

    assert [line for line in on_screen.splitlines() if line not in transcript] == []
    assert transcript.count("Registry (RDAP)\n") == 4


def test_the_name_servers_answer_what_the_account_holds_by_now(told: Told) -> None:
    found = told.run("diff", "backup", "dns:example.org@127.53.3.1", "--format", "json")

    differences = json.loads(found.stdout)["differences"]
    errors = {(d["owner"], d["rdtype"], *d["gained"]) for d in differences if d["severity"] == "error"}
    assert (found.returncode, found.stderr) == (1, "")
    assert errors == {("shop.example.org.", "A", "203.0.113.200")}


def test_the_servers_stay_for_commands_of_ones_own(told: Told, tmp_path: Path) -> None:
    exported = told.run("export", "cloudflare:example.org", "-o", str(tmp_path / "mine"))
    confirmed = told.run("confirm", "example.org", "--expect", "ada.ns.cloudflare.com,bob.ns.cloudflare.com")

    assert (exported.returncode, exported.stderr) == (0, "")
    assert (confirmed.returncode, confirmed.stderr) == (0, "")
    assert confirmed.stdout.startswith("example.org: settled\n")


def test_ctrl_c_ends_the_servers_that_were_kept(told: Told) -> None:
    told.process.send_signal(signal.SIGINT)

    assert told.process.wait(WAIT) == 0


def test_ctrl_c_in_the_middle_cleans_up_at_once(tmp_path: Path) -> None:
    with start(tmp_path / "demo") as process:
        read_until(process, "$ dns-migrator diff")
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=WAIT)

    assert process.returncode == 130
    assert rest.endswith("Stopped; the servers are gone.\n")
    assert "Traceback" not in rest


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "is not empty and no former demo's"),
        (("--step",), "--step waits for Enter, and there is no terminal"),
    ],
    ids=["foreign folder", "step without terminal"],
)
def test_what_cannot_be_done_is_refused_with_one_line(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with start(tmp_path, *words) as process:
        output, _ = process.communicate(timeout=WAIT)

    assert process.returncode == 2
    assert len(output.splitlines()) == 1
    assert message in output
    assert {path.name for path in tmp_path.iterdir()} == {"mine.txt"}
