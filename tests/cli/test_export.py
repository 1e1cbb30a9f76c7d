"""`dns-migrator export`, run as a user runs it: zone files and a Route 53 account, good and bad."""

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.backup.folder import read_backup
from migrator.demo.clouds.route53 import Fault, Route53
from tests.cloud.aws import SECRETS, point_aws_at
from tests.cloud.route53 import sample
from tests.faulty import ALL, FaultyServer, Reply
from tests.installed import COMMAND, Run, run

ZONE = """\
$TTL 300
@ SOA ns1.example.net. hostmaster 1 7200 900 1209600 300
@ NS ns1.example.net.
@ NS ns2.example.net.
@ MX 10 mx1.example.net.
www 60 A 192.0.2.1
www 60 A 192.0.2.2
k1._domainkey TXT "v=DKIM1; p=AAAA" "BBBB"
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(own_folder: Path) -> None:
    (own_folder / "example.org.zone").write_text(ZONE)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Route53]:
    cloud = Route53()
    sample(cloud.account)
    with cloud:
        point_aws_at(cloud.url, monkeypatch, tries=2)
        yield cloud


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_standard_output_holds_no_backup() -> None:
    done = run("export", "example.org.zone", "-o", "-")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "dns-migrator: -o -: a backup is a folder, which standard output cannot hold. Name one, as in -o backup.\n"
    )
    assert not Path("-").exists()


def test_a_zone_file_becomes_a_backup_under_a_name_of_zone_time_and_provider() -> None:
    done = run("export", "example.org.zone")

    folders = list(Path("backups/example.org").iterdir())
    assert (done.code, done.err, len(folders)) == (0, "", 1)
    assert re.fullmatch(r"\d{8}T\d{6}Z-file", folders[0].name)
    assert files(folders[0]) >= {"example.org.zone", "zone.json", "SHA256SUMS"}
    digest = read_backup(folders[0])[0].digest()
    assert (
        done.out
        == f"""\
Zone     example.org.
From     example.org.zone
Backup   {folders[0]}
Digest   {digest}

  type   sets  records
  SOA       1        1
  NS        1        2
  A         1        2
  MX        1        1
  TXT       1        1
  total     5        7

Name servers of the apex NS records:
  ns1.example.net.
  ns2.example.net.

7 records in 5 sets written, read back and compared: equal.
Next: dns-migrator diff {folders[0]} NEW
"""
    )


def test_json_is_what_scripts_rely_on() -> None:
    done = run("export", "example.org.zone", "-o", "backup", "--format", "json")

    snapshot, _ = read_backup(Path("backup"))
    assert done.code == 0
    assert {key: done.json[key] for key in done.json if key not in {"zone", "source", "zone_file"}} == {
        "schema": "dns-migrator/export/1",
        "folder": "backup",
        "records": 7,
        "rrsets": 5,
        "by_type": {"SOA": 1, "NS": 2, "A": 2, "MX": 1, "TXT": 1},
        "digest": snapshot.digest(),
        "name_servers": ["ns1.example.net.", "ns2.example.net."],
        "calls": {"reads": done.json["calls"]["reads"]},
        "findings": [],
    }
    assert isinstance(done.json["calls"]["reads"], int)


def test_markdown_is_markdown() -> None:
    done = run("export", "example.org.zone", "-o", "backup", "--format", "markdown")

    assert (done.code, done.out.splitlines()[0]) == (0, "## Backup of example.org.")


def test_quiet_says_nothing_where_all_is_well_and_all_where_not() -> None:
    assert run("export", "example.org.zone", "--quiet") == Run(0, "", "")

    Path("example.org.zone").write_text(ZONE + "bad A 192.0.2.256\n")
    done = run("export", "example.org.zone", "--quiet")
    assert done.code == 1
    assert "example.org.zone:9" in done.out


def test_a_broken_line_is_named_with_file_and_line_and_the_rest_is_kept() -> None:
    Path("example.org.zone").write_text(ZONE + "bad A 192.0.2.256\nmore A 192.0.2.3\n")
    done = run("export", "example.org.zone", "-o", "backup", "--format", "json")

    assert done.code == 1
    assert [(f["severity"], Path(f["file"]).name, f["line"]) for f in done.json["findings"]] == [
        ("error", "example.org.zone", 9)
    ]
    assert done.json["records"] == 8
    assert run("export", "example.org.zone", "-o", "other", "--fail-on", "never").code == 0


def test_the_threshold_decides_the_exit_code_and_the_backup_is_written_anyhow() -> None:
    Path("example.org.zone").write_text(ZONE + "www 90 A 192.0.2.3\n")

    assert run("export", "example.org.zone", "-o", "a").code == 0
    assert run("export", "example.org.zone", "-o", "b", "--fail-on", "warning").code == 1
    assert files(Path("a")) == files(Path("b"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no UTF-8")
def test_a_file_whose_name_is_no_utf_8_is_exported_like_any_other() -> None:
    name = os.fsdecode(b"\xff.zone")
    Path("example.org.zone").rename(name)

    done = run("export", f"{name}?origin=example.org", "-o", "backup")

    assert (done.code, done.err) == (0, "")
    snapshot, _ = read_backup(Path("backup"))
    assert snapshot.source.startswith(name)
    assert files(Path("backup/raw")) == {"%FF.zone"}


def test_a_backup_is_a_source_too_and_its_content_the_same() -> None:
    first = run("export", "example.org.zone", "-o", "first", "--format", "json")
    folder = run("export", "first", "-o", "second", "--format", "json")
    document = run("export", "first/zone.json", "-o", "third", "--format", "json")
    zone_file = run("export", "first/example.org.zone", "-o", "fourth", "--format", "json")

    assert [d.code for d in (first, folder, document, zone_file)] == [0, 0, 0, 0]
    assert {d.json["digest"] for d in (first, folder, document, zone_file)} == {first.json["digest"]}


def test_the_zone_file_of_a_backup_that_says_less_has_a_digest_of_its_own_and_keeps_it() -> None:
    Path("example.org.zone").write_text(ZONE + "www 90 A 192.0.2.3\n")
    backup = run("export", "example.org.zone", "-o", "first", "--format", "json").json
    once = run("export", "first/example.org.zone", "-o", "second", "--format", "json").json
    twice = run("export", "second/example.org.zone", "-o", "third", "--format", "json").json

    assert backup["digest"] != once["digest"] == twice["digest"]


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "no such file": (("nothing.zone",), "nothing.zone"),
    "a full folder": (("example.org.zone", "-o", "full"), "full: the folder is not empty"),
    "a file as the folder": (("example.org.zone", "-o", "example.org.zone"), "a folder was expected here"),
    "below a file": (("example.org.zone", "-o", "example.org.zone/x"), "Not a directory"),
    "a live server": (("dns:example.org@127.0.0.1",), "'dns:' is no source of a whole zone"),
    "an unknown scheme": (("bind:example.org",), "'bind:' is no known scheme"),
    "an empty locator": (("",), "An empty locator"),
    "a profile that is not there": (("example.org.zone", "--network", "none.toml"), "none.toml"),
    "an empty file": (("empty.zone",), "empty.zone"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_one_line_and_exit_code_2(case: str) -> None:
    arguments, message = REFUSED[case]
    Path("full").mkdir()
    Path("full/mine").write_text("kept")
    Path("empty.zone").write_text("")
    before = files(Path())

    done = run("export", *arguments)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("dns-migrator: ")
    assert done.err.count("\n") == 1
    assert message in done.err
    assert files(Path()) == before


def test_a_route53_zone_is_exported_with_all_that_a_zone_file_cannot_say(cloud: Route53) -> None:
    done = run("export", "route53:example.com?private=false", "-o", "backup", "--format", "json")

    assert done.code == 0
    assert done.json["rrsets"] == 16
    assert len(done.json["name_servers"]) == 4
    assert done.json["calls"] == {"reads": len(cloud.operations())}
    assert {f["check"] for f in done.json["findings"] if f["check"].startswith("plain.")} == {
        "plain.alias",
        "plain.health-check",
        "plain.managed",
        "plain.no-records",
        "plain.routing",
    }
    text = Path("backup/example.com.zone").read_text()
    comments = [line for line in text.splitlines() if line.startswith(";")]
    served = [line for line in text.splitlines() if line.startswith("www.example.com. ")]
    assert any('alias target=d111111abcdef8.cloudfront.example.net. scope="Z2FDTNDATAQYW2"' in c for c in comments)
    assert any("[weighted weight=0]" in comment for comment in comments)
    assert served == ["www.example.com. 300 IN A 192.0.2.1", "www.example.com. 300 IN A 192.0.2.2"]
    assert files(Path("backup/raw"))
    assert re.search(rb"tpi-1", b"".join(path.read_bytes() for path in Path("backup/raw").iterdir()))


def profile(*resolvers: FaultyServer) -> str:
    """A network profile with these resolvers; silence is noticed at once."""
    panel = "".join(f'[[resolvers]]\nname = "r"\naddress = "127.0.0.1:{r.server.port}"\n' for r in resolvers)
    Path("network.toml").write_text(f"timeout = 0.2\nattempts = 1\nallow_special_addresses = true\n{panel}")
    return "network.toml"


APEX_ALIAS = "route53:example.com?private=false"
TARGET = "d111111abcdef8.cloudfront.example.net"


@pytest.mark.usefixtures("cloud")
def test_an_apex_alias_is_served_with_the_addresses_that_it_answers_now() -> None:
    chain = [f"{TARGET}. 300 CNAME edge.example.net.", "edge.example.net. 240 A 192.0.2.77"]
    with FaultyServer({(TARGET, "A"): Reply(answer=chain)}) as resolver:
        done = run("export", APEX_ALIAS, "-o", "b", "--resolve-aliases", "--network", profile(resolver))

    assert done.code == 0, done
    assert "example.com. 240 IN A 192.0.2.77" in Path("b/example.com.zone").read_text().splitlines()
    assert [query.recursion_desired for query in resolver.queries] == [True]
    assert "192.0.2.77" not in Path("b/zone.json").read_text(), "the snapshot is the provider's, not the moment's"


@pytest.mark.usefixtures("cloud")
def test_an_alias_that_no_resolver_looks_up_is_exit_code_3_and_the_backup_is_there() -> None:
    with FaultyServer({(None, None): Reply(drop=ALL)}) as silent, FaultyServer({}) as refusing:
        network = profile(silent, refusing)
        done = run("export", APEX_ALIAS, "-o", "b", "--resolve-aliases", "--network", network, "--format", "json")

    assert done.code == 3
    assert [f["subject"] for f in done.json["findings"] if f["check"] == "plain.alias-unchecked"] == [
        f"{TARGET}. A"
    ]
    assert read_backup(Path("b"))


@pytest.mark.usefixtures("cloud")
def test_without_the_option_no_resolver_is_asked() -> None:
    with FaultyServer({(None, None): Reply()}) as resolver:
        assert run("export", APEX_ALIAS, "-o", "b", "--network", profile(resolver)).code == 0

    assert resolver.queries == []


def test_no_credential_enters_the_backup(cloud: Route53) -> None:
    run("export", "route53:example.com?private=false", "-o", "backup")

    everything = b"".join(path.read_bytes() for path in Path("backup").rglob("*") if path.is_file())
    assert everything
    assert not any(secret.encode() in everything for secret in SECRETS)


def test_a_provider_that_fails_is_exit_code_3_and_leaves_nothing(cloud: Route53) -> None:
    cloud.fail(Fault(drop="before", times=1000))

    done = run("export", "route53:example.com?private=false", "-o", "backup")

    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)
    assert not Path("backup").exists()


def test_killed_at_any_moment_there_is_no_folder_that_looks_whole() -> None:
    """Killed after ever longer: from before the first import to after the last line."""
    Path("example.org.zone").write_text(ZONE + "$GENERATE 1-3000 h$ A 192.0.2.1\n")
    whole = run("export", "example.org.zone", "-o", "whole", "--format", "json")
    assert whole.code == 0
    kills = 0
    for step in range(100):
        folder = Path(f"killed-{step}")
        started = subprocess.Popen(
            [str(COMMAND), "export", "example.org.zone", "-o", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            started.wait(0.05 * step)
        except subprocess.TimeoutExpired:
            os.kill(started.pid, signal.SIGKILL)
        if started.wait() == 0:
            break
        kills += 1
        if folder.exists():
            assert read_backup(folder)[0].digest() == whole.json["digest"]
    else:
        pytest.fail("the export never ended by itself")
    assert kills > 3
    assert run("export", "example.org.zone", "-o", "again").code == 0
    assert list(Path().glob(".dns-migrator-*")) == [], "what the killed ones left is gone"


def test_it_ends_quietly_when_its_reader_goes_away() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{COMMAND} export example.org.zone -o backup | true"], capture_output=True, check=False
    )

    assert done.stderr == b""
    assert read_backup(Path("backup"))


def test_help_is_instant_and_names_the_options() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run("export", "--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5
    assert done.code == 0
    for option in ("--output", "--format", "--resolve-aliases", "--network", "--fail-on", "--quiet"):
        assert option in done.out
