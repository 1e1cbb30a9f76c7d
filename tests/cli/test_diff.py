"""`dns-migrator diff`, run as a user runs it: files, backup folders and live servers, good and bad."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from migrator.model.names import absolute
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.zonefile import read_zone
from tests.installed import Run
from tests.installed import run as run_command
from tests.live import serving

SAME, FINDINGS, USAGE, UNCHECKED = 0, 1, 2, 3
ZONE = """\
$TTL 300
@ SOA ns1.example.net. hostmaster 1 7200 900 1209600 300
@ NS ns1.example.net.
@ MX 10 mx1.example.net.
@ TXT "v=spf1 mx -all"
@ TXT "MS=ms1"
www A 192.0.2.1
k1._domainkey TXT "v=DKIM1; p=AAAA" "BBBB"
"""


def run(*arguments: str) -> Run:
    return run_command("diff", *arguments)


def without(text: str, start: str) -> str:
    kept = [line for line in text.splitlines() if not line.startswith(start)]
    assert len(kept) < len(text.splitlines())
    return "\n".join(kept) + "\n"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(own_folder: Path) -> None:
    (own_folder / "old.zone").write_text(f"$ORIGIN example.org.\n{ZONE}")


def put(name: str, text: str) -> str:
    Path(name).write_text(f"$ORIGIN example.org.\n{text}")
    return name


def network(port: int) -> str:
    Path("network.toml").write_text(
        f"port = {port}\ntimeout = 10.0\nattempts = 1\nallow_special_addresses = true\n"
    )
    return "network.toml"


def test_the_same_zone_is_the_same() -> None:
    found = run("old.zone", put("copy.zone", ZONE))

    assert (found.code, found.err) == (SAME, "")
    assert found.out.endswith("The same: nothing would be lost.\n")


@pytest.mark.parametrize("new", ["old.zone", "./old.zone", "file:old.zone", "link.zone"])
def test_a_zone_that_is_compared_with_itself_is_said_to_be(new: str) -> None:
    Path("link.zone").symlink_to("old.zone")

    found = run("old.zone", new, "--quiet")

    said = "dns-migrator: OLD and NEW are one zone: 'old.zone' was compared with itself.\n"
    assert found == Run(SAME, "", said)


def test_mail_of_which_nobody_can_tell_is_not_known() -> None:
    text = ZONE.replace("v=spf1 mx", "v=spf1 exists:%{i}._spf.%{d}")

    found = run(put("a.zone", text), put("b.zone", text + "1._spf A 127.0.0.2\n"))

    assert found.code == UNCHECKED
    assert "\nNot known: what becomes of the mail of 1 domain." in found.out


def test_a_missing_record_is_an_error_with_its_effect() -> None:
    found = run("old.zone", put("new.zone", without(ZONE, "k1")))

    assert (found.code, found.err) == (FINDINGS, "")
    assert "Mail signed by selector k1 will fail DKIM." in found.out
    assert found.out.endswith("Do not switch yet: 1 error to mend at the new side.\n")


def test_json_is_as_specified() -> None:
    found = run("old.zone", put("new.zone", without(ZONE, "www").replace("300", "60")), "--format", "json").json

    assert found["schema"] == "dns-migrator/diff/1"
    assert found["verdict"] == "different"
    assert found["counts"]["missing"] == 1
    assert [(d["kind"], d["owner"], d["rdtype"], d["role"]) for d in found["differences"]] == [
        ("expected", "example.org.", "SOA", "other"),
        ("expected", "example.org.", "NS", "delegation"),
        ("ttl", "example.org.", "MX", "mail.mx"),
        ("ttl", "example.org.", "TXT", "mail.spf"),
        ("ttl", "k1._domainkey.example.org.", "TXT", "mail.dkim"),
        ("missing", "www.example.org.", "A", "web"),
    ]
    assert found["mail"] == [
        {"domain": "example.org.", "verdict": "same", "services": [], "reasons": [], "unchecked": []}
    ]


@pytest.mark.parametrize(
    ("change", "threshold", "code"),
    [
        (("", ""), "notice", SAME),
        (("300\n", "600\n"), "error", SAME),
        (("www A", "www 60 A"), "error", SAME),
        (("www A", "www 60 A"), "warning", SAME),
        (("www A", "www 60 A"), "notice", FINDINGS),
        (("SOA ns1", "SOA ns2"), "notice", SAME),
        (("www A", "api A 192.0.2.2\nwww A"), "error", SAME),
        (("www A", "api A 192.0.2.2\nwww A"), "warning", FINDINGS),
        (("www A 192.0.2.1", ""), "error", FINDINGS),
        (("www A 192.0.2.1", ""), "never", SAME),
    ],
)
def test_the_threshold_decides(change: tuple[str, str], threshold: str, code: int) -> None:
    new = put("new.zone", ZONE.replace(*change))

    assert run("old.zone", new, "--fail-on", threshold).code == code


def test_an_ignored_difference_does_not_count_and_is_shown() -> None:
    new = put("new.zone", without(ZONE, "www"))

    found = run("old.zone", new, "--ignore", "www/A=moved to the CDN", "--ignore", "typo=x", "-f", "json")

    assert found.code == SAME
    assert [each["reason"] for each in found.json["ignored"]] == ["moved to the CDN"]
    assert [finding["subject"] for finding in found.json["findings"]] == ["typo"]


def test_an_ignore_without_a_reason_is_refused() -> None:
    found = run("old.zone", "old.zone", "--ignore", "www")

    assert (found.code, found.out) == (USAGE, "")
    assert "a reason is missing" in found.err


def test_a_side_with_an_unreadable_line_is_a_finding() -> None:
    found = run("old.zone", put("new.zone", ZONE + "bad A 192.0.2.999\n"))

    assert found.code == FINDINGS
    assert "new.zone:10" in found.out


def test_two_zones_are_refused_with_one_line() -> None:
    Path("other.zone").write_text(f"$ORIGIN example.net.\n{ZONE}")

    found = run("old.zone", "other.zone")

    assert (found.code, found.out) == (USAGE, "")
    assert "Two different zones: example.org" in found.err
    assert len(found.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("dns:example.org@192.0.2.1", "old.zone"), "discover"),
        (("old.zone", "dns:example.org"), "which server"),
        (("old.zone", "old.zone", "old.zone"), "Only one new side"),
        (("old.zone", "old.zone", "dns:example.org@192.0.2.1"), "no live server"),
        (("old.zone", "old.zone", "--server", "192.0.2.1"), "no live server"),
        (("old.zone", "dns:example.net@127.0.0.1:1"), "Two different zones"),
        (("old.zone", "absent.zone"), "absent.zone"),
        (("old.zone",), "NEW"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: tuple[str, ...], message: str) -> None:
    found = run(*arguments)

    assert (found.code, found.out) == (USAGE, "")
    assert message in found.err


def test_two_folders_of_zones_are_refused_with_the_option_that_compares_them() -> None:
    for name in ("before", "after"):
        Path(name).mkdir()
        Path(name, "example.org.zone").write_text(ZONE)

    found = run("before", "after")

    said = (
        "before and after: two folders, and no backups; --batch compares the zones of one with those of the other."
    )
    assert (found.code, found.out, found.err) == (USAGE, "", f"dns-migrator: {said}\n")
    assert "name a zone file in it" in run("before", "old.zone").err


def test_markdown_and_junit_are_written_to_a_file() -> None:
    new = put("new.zone", without(ZONE, "www"))

    assert run("old.zone", new, "--format", "markdown", "-o", "diff.md").out == ""
    assert run("old.zone", new, "--format", "junit", "-o", "diff.xml").code == FINDINGS
    assert "| ❌ | missing `www.example.org A` |" in Path("diff.md").read_text(encoding="utf-8")
    document = ET.fromstring(Path("diff.xml").read_text(encoding="utf-8"))
    assert document.attrib["failures"] == "1"


def test_quiet_says_nothing_where_all_is_well() -> None:
    new = put("new.zone", without(ZONE, "www"))

    assert run("old.zone", put("copy.zone", ZONE), "--quiet") == Run(SAME, "", "")
    assert run("old.zone", new, "--quiet").out != ""


def snapshot(text: str) -> ZoneSnapshot:
    origin = absolute("example.org.")
    return assemble(origin, read_zone(text.encode(), file="new", origin=origin).records).snapshot


@pytest.fixture
def live() -> Iterator[list[str]]:
    """A server with the whole zone, one without DKIM, one without the zone: options to reach them."""
    with serving(snapshot(ZONE), snapshot(without(ZONE, "k1")), None) as world:
        yield ["--network", network(world.port)]


def test_a_live_server_is_the_new_side(live: list[str]) -> None:
    found = run("old.zone", "dns:example.org@127.0.0.1", *live)

    assert (found.code, found.err) == (SAME, "")
    assert "A live server cannot be listed" in found.out
    assert found.out.endswith("The same: nothing would be lost.\n")


@pytest.mark.parametrize(
    "servers",
    [
        ["dns:example.org@127.0.0.1,127.0.0.2"],
        ["dns:example.org@127.0.0.1", "dns:example.org@127.0.0.2"],
        ["dns:example.org@127.0.0.1", "--server", "127.0.0.2"],
        ["dns:example.org", "--server", "127.0.0.1", "--server", "127.0.0.2"],
    ],
)
def test_several_live_servers_are_each_compared(live: list[str], servers: list[str]) -> None:
    found = run("old.zone", *servers, *live, "--format", "json")

    assert found.code == FINDINGS
    (difference,) = found.json["differences"]
    assert (difference["kind"], difference["owner"]) == ("missing", "k1._domainkey.example.org.")
    assert [server.rpartition(":")[0] for server in difference["servers"]] == ["127.0.0.2"]


def test_a_live_server_that_refuses_fails(live: list[str]) -> None:
    found = run("old.zone", "dns:example.org@127.0.0.3", *live)

    assert found.code == FINDINGS
    assert "The server answers REFUSED for example.org" in found.out


def test_a_silent_server_is_unchecked(live: list[str]) -> None:
    found = run("old.zone", "dns:example.org@127.0.0.1:1", *live, "--format", "json")
    text = run("old.zone", "dns:example.org@127.0.0.1:1", *live)

    assert (found.code, found.json["counts"]["unchecked"], found.json["verdict"]) == (UNCHECKED, 6, "different")
    assert "6 RRsets could not be checked" in text.out


def test_both_a_failure_and_silence_are_a_failure(live: list[str]) -> None:
    assert run("old.zone", "dns:example.org@127.0.0.1:1,127.0.0.2", *live).code == FINDINGS


def test_a_backup_is_a_side(tmp_path: Path) -> None:
    assert run_command("export", "old.zone", "-o", "backup").code == SAME

    kept = run("backup", "old.zone")
    both = json.loads(run("backup", "backup/zone.json", "--format", "json").out)
    read_at = datetime.fromisoformat(both["old"]["read_at"])

    when = f"as it was on {read_at:%d %B %Y at %H:%M} UTC."
    assert kept.code == SAME
    assert f"The old side is what backup holds of old.zone, {when}" in " ".join(kept.out.split())
    assert both["notes"] == [
        f"The old side is what backup holds of old.zone, {when}",
        f"The new side is what backup/zone.json holds of old.zone, {when}",
    ]
    assert run("old.zone", "old.zone").out.count(" holds of ") == 0
