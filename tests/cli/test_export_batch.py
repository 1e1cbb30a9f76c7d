"""`dns-migrator export SCHEME:`, run as a user runs it: whole accounts of the three services, good and bad."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from migrator.backup.folder import read_backup
from migrator.demo.clouds import azure, cloudflare, route53
from migrator.demo.clouds.azure_api import arm_error
from migrator.demo.clouds.azure_api import expired as azure_expired
from migrator.demo.clouds.cloudflare_api import error as cloudflare_error
from migrator.demo.clouds.route53_api import error as route53_error
from migrator.model.names import absolute, text_of
from migrator.state.documents import Documents
from migrator.state.store import open_store
from tests.cloud.aws import point_aws_at
from tests.cloud.azure_environment import point_azure_at
from tests.cloud.cloudflare_environment import point_cloudflare_at
from tests.installed import COMMAND, PATIENCE, run
from tests.lab.waiting import wait_until
from tests.providers.route53_reading import raw

NAMES = ("example.com", "example.net", "0-25.2.0.192.in-addr.arpa", "www.example.org", "xn--bcher-kva.example")
FOLDERS = set(NAMES)


@dataclass
class Played:
    """A service with the five zones, the operation that reads one, what it costs, and answers that refuse."""

    cloud: Any
    scheme: str
    reading: str
    of_zone: int
    denied: Any
    expired: Any
    fault: Any

    def fail(self, answer: Any, **more: Any) -> None:
        self.cloud.fail(self.fault(self.reading, answer, **more))


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(own_folder: Path) -> None:
    """Stand where nothing is."""


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    with route53.Route53() as cloud:
        for name in NAMES:
            cloud.account.create(name)
        point_aws_at(cloud.url, monkeypatch, tries=2)
        denied, expired = (route53_error(403, code, "no") for code in ("AccessDenied", "ExpiredToken"))
        yield Played(cloud, "route53", "ListResourceRecordSets", 2, denied, expired, route53.Fault)


@pytest.fixture
def microsoft(monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    with azure.Azure() as cloud:
        for name in NAMES:
            cloud.cloud.create(azure.SUBSCRIPTION, "dns", name)
        point_azure_at(cloud, monkeypatch, subscription=azure.SUBSCRIPTION)
        denied = arm_error(403, "AuthorizationFailed", "no")
        yield Played(cloud, "azure", "ListSets", 1, denied, azure_expired(), azure.Fault)


@pytest.fixture
def flare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    with cloudflare.Cloudflare() as cloud:
        for name in NAMES:
            cloud.account.create(name)
        point_cloudflare_at(cloud.url, monkeypatch)
        denied, expired = (cloudflare_error(403, code, "no") for code in (10000, 9109))
        yield Played(cloud, "cloudflare", "ListRecords", 4, denied, expired, cloudflare.Fault)


@pytest.fixture(params=["amazon", "microsoft", "flare"])
def played(request: pytest.FixtureRequest) -> Played:
    found: Played = request.getfixturevalue(request.param)
    return found


def folders(root: str = "all") -> set[str]:
    return {path.name for path in Path(root).iterdir()} if Path(root).exists() else set()


def visible() -> set[str]:
    return {name for name in folders() if not name.startswith(".")}


def test_each_zone_gets_a_folder_by_as_few_requests_as_can_be(played: Played) -> None:
    done = run("export", f"{played.scheme}:", "-o", "all", "--format", "json")

    assert (done.code, done.err) == (0, "")
    assert folders() == FOLDERS
    requests = 1 + len(NAMES) * played.of_zone
    assert len(played.cloud.requests) == done.json["calls"]["reads"] == requests
    assert [zone["zone"] for zone in done.json["zones"]] == sorted(f"{name}." for name in NAMES)
    for zone in done.json["zones"]:
        snapshot, _ = read_backup(Path(zone["folder"]))
        assert (text_of(snapshot.origin), snapshot.digest()) == (zone["zone"], zone["export"]["digest"])
        assert (zone["outcome"], zone["records"]) == ("written", snapshot.record_count())
        assert zone["export"]["calls"] == {"reads": played.of_zone}
        alone = run("export", snapshot.source, "-o", f"alone/{Path(zone['folder']).name}", "--format", "json")
        own = {"folder", "calls", "source"}
        assert {k: v for k, v in alone.json.items() if k not in own} == {
            k: v for k, v in zone["export"].items() if k not in own
        }


def test_without_a_folder_each_goes_where_its_own_export_puts_it(amazon: Played) -> None:
    done = run("export", "route53:")

    stamps = {path.name for zone in Path("backups").iterdir() for path in zone.iterdir()}
    assert (done.code, folders("backups")) == (0, FOLDERS)
    assert all(re.fullmatch(r"\d{8}T\d{6}Z-route53", stamp) for stamp in stamps)
    assert (
        re.sub(r"\d{8}T\d{6}Z", "20261120T090000Z", done.out)
        == """\
route53: 5 zones
  into  backups

zone                       records  worst  folder
0-25.2.0.192.in-addr.arpa        5  -      20261120T090000Z-route53
example.com                      5  -      20261120T090000Z-route53
example.net                      5  -      20261120T090000Z-route53
www.example.org                  5  -      20261120T090000Z-route53
bücher.example                   5  -      20261120T090000Z-route53

5 zones with 25 records written, read back and compared (11 requests).
Next: dns-migrator diff --batch backups NEW
"""
    )


def test_zones_of_one_name_have_folders_that_tell_which_they_are(amazon: Played, microsoft: Played) -> None:
    amazon.cloud.account.create("example.com", private=True, vpcs=[("vpc-1", "eu-central-1")])
    microsoft.cloud.cloud.create(azure.SUBSCRIPTION, "other", "Example.com")

    for root in ("all", "again"):
        assert run("export", "route53:", "-o", root).code == 0
        both = {f"example.com@Z{number:020d}" for number in (1, 6)}
        assert folders(root) == FOLDERS - {"example.com"} | both
    assert run("export", "route53:", "--only", "example.com").code == 0
    assert {name.partition("Z-")[2] for name in folders("backups/example.com")} == {
        f"route53-Z{number:020d}" for number in (1, 6)
    }
    assert run("export", "azure:", "-o", "azure", "--only", "example.com").code == 0
    assert folders("azure") == {f"example.com@{group}.{azure.SUBSCRIPTION}" for group in ("dns", "other")}


def test_a_name_that_no_folder_can_have_is_written_as_for_one_zone(amazon: Played) -> None:
    amazon.cloud.account.create("0/26.2.0.192.in-addr.arpa")
    amazon.cloud.account.create("*.example.com")

    assert run("export", "route53:", "-o", "all", "--only", "0/*", "--only", "[*].*").code == 0
    assert folders() == {"0%2F26.2.0.192.in-addr.arpa", "%2A.example.com"}


def test_zones_are_chosen_by_patterns_of_their_names(amazon: Played) -> None:
    done = run("export", "route53:", "-o", "all", "--only", "*.NET.", "--only", "bücher*", "--format", "markdown")

    assert (done.code, folders()) == (0, {"example.net", "xn--bcher-kva.example"})
    assert done.out.splitlines()[0] == "## Backup of 2 zones of `route53:`"
    assert len(amazon.cloud.requests) == 1 + 2 * 2


def test_a_zone_that_fails_stops_no_other_and_is_named_with_its_reason(played: Played) -> None:
    played.fail(played.denied, skip=1)

    done = run("export", f"{played.scheme}:", "-o", "all", "-j", "1", "--format", "json")

    failed = [zone for zone in done.json["zones"] if zone["outcome"] == "failed"]
    assert (done.code, done.json["exit_code"], done.json["verdict"]) == (3, 3, "incomplete")
    assert [zone["zone"] for zone in failed] == ["example.com."]
    assert "docs/" in failed[0]["message"]
    assert folders() == FOLDERS - {"example.com"}
    assert run("export", f"{played.scheme}:", "-o", "all", "--only", "example.com").code == 0
    assert folders() == FOLDERS


def test_a_permission_that_all_zones_lack_is_one_line(played: Played) -> None:
    played.fail(played.denied, times=1000)

    done = run("export", f"{played.scheme}:", "-o", "all")

    assert (done.code, done.out, done.err.count("\n"), folders()) == (3, "", 1, set())
    assert done.err.startswith(f"dns-migrator: None of the 5 zones of {played.scheme}: could be exported: ")


def test_a_login_that_expires_ends_the_work_and_what_is_whole_stays(played: Played) -> None:
    played.fail(played.expired, skip=2, times=1000)

    done = run("export", f"{played.scheme}:", "-o", "all", "-j", "1", "--format", "json")

    outcomes = [zone["outcome"] for zone in done.json["zones"]]
    assert (done.code, outcomes) == (3, ["written", "written", "failed", "not-tried", "not-tried"])
    assert len({zone["message"] for zone in done.json["zones"][2:]}) == 1
    assert folders() == {"0-25.2.0.192.in-addr.arpa", "example.com"}


def test_a_login_that_is_refused_is_one_line(played: Played) -> None:
    played.cloud.fail(played.fault("*", played.expired, times=1000))

    done = run("export", f"{played.scheme}:", "-o", "all")

    assert (done.code, done.out, done.err.count("\n"), folders()) == (3, "", 1, set())


def test_so_many_that_fail_alike_from_the_first_on_are_enough(amazon: Played) -> None:
    for number in range(60):
        amazon.cloud.account.create(f"{number}.example.org")
    amazon.fail(route53_error(500, "InternalError", "no"), times=1000)

    done = run("export", "route53:", "-o", "all", "-j", "1")

    assert (done.code, done.err.count("\n")) == (3, 1)
    assert "None of the 65 zones of route53: could be exported: " in done.err
    # Two tries each; while the last of them is judged, another may be on its way.
    assert 41 <= len(amazon.cloud.requests) <= 41 + 2 * 3


def test_so_many_that_fail_alike_later_on_are_enough_too(amazon: Played) -> None:
    for number in range(60):
        amazon.cloud.account.create(f"{number}.example.org")
    # The first five zones are read.
    amazon.fail(route53_error(500, "InternalError", "no"), skip=5, times=1000)

    done = run("export", "route53:", "-o", "all", "-j", "1", "--format", "json")

    counts = {key: done.json["counts"][key] for key in ("zones", "written", "failed", "not-tried")}
    assert (done.code, counts) == (3, {"zones": 65, "written": 5, "failed": 20, "not-tried": 40})


def test_the_gravest_finding_and_the_threshold_decide_the_exit_code(amazon: Played) -> None:
    amazon.cloud.account.zones["Z00000000000000000001"].put(raw("www.example.com", "A", "192.0.2.999"))

    done = run("export", "route53:", "-o", "all", "--format", "json")
    assert (done.code, done.json["verdict"]) == (1, "whole")
    assert {zone["zone"]: zone["exit_code"] for zone in done.json["zones"] if zone["exit_code"]} == {
        "example.com.": 1
    }
    assert run("export", "route53:", "-o", "never", "--fail-on", "never", "--quiet") == type(done)(0, "", "")


def test_what_was_exported_is_kept_where_there_is_a_state_database(amazon: Played) -> None:
    run("export", "route53:", "-o", "none")
    assert not Path("dns-migrator.db").exists()

    with open_store("dns-migrator.db") as store:
        done = run("export", "route53:", "-o", "all", "--format", "json")
        kept = Documents(store).of(absolute("example.com."), "dns-migrator/export/1")

    (own,) = (zone["export"] for zone in done.json["zones"] if zone["zone"] == "example.com.")
    assert [json.loads(each.text) for each in kept] == [own]


def test_a_state_database_that_cannot_be_used_is_said_once(amazon: Played) -> None:
    Path("dns-migrator.db").write_text("no database at all, and long enough to be seen as none" * 20)

    done = run("export", "route53:", "-o", "all")

    assert (done.code, done.err.count("\n"), folders()) == (0, 1, FOLDERS)
    assert "will be missing from `report`" in done.err


REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "a file": (("file:",), 2, "the path is missing"),
    "a transfer": (("axfr:",), 2, "zone and server are needed"),
    "a live server": (("dns:",), 2, "'dns:' is no source of a whole zone"),
    "a zone and a pattern": (("route53:example.com", "--only", "*"), 2, "--only chooses among the zones"),
    "an id without a zone": (("route53:?zone-id=Z1",), 2, "a whole account takes no zone-id="),
    "an option nobody knows": (("route53:?zone=a",), 2, "there is no option 'zone'"),
    "a pattern that names none": (
        ("route53:", "--only", "*.com", "--only", "*.test"),
        2,
        "--only '*.test': none of the 5 zones of route53: has such a name.",
    ),
    "a file for a folder": (("route53:", "-o", "here"), 2, "here: a folder was expected here"),
    "a folder that is taken": (
        ("route53:", "-o", "full"),
        2,
        "full: the folders of example.com are there and not",
    ),
    "no zone": (("route53:?private=true",), 3, "route53:?private=true these credentials see no zone"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.usefixtures("amazon")
def test_what_cannot_be_is_one_line(case: str) -> None:
    arguments, code, message = REFUSED[case]
    Path("here").write_text("a file")
    Path("full/example.com").mkdir(parents=True)
    Path("full/example.com/mine").write_text("kept")

    done = run("export", *arguments)

    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1)
    assert message in done.err
    assert (folders("full"), Path("backups").exists()) == ({"example.com"}, False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_what_ends_it_in_the_middle_leaves_whole_folders_alone(amazon: Played, number: signal.Signals) -> None:
    amazon.fail(None, skip=3, delay=3.0, times=2)
    with subprocess.Popen(
        [str(COMMAND), "export", "route53:", "-o", "all", "-j", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until(lambda: len(visible()) == 3, "that three zones are written", PATIENCE)
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=PATIENCE)

    assert len(visible()) == 3
    for name in visible():
        read_backup(Path("all") / name)
    if number == signal.SIGINT:
        said = "every folder in all is a whole backup, of at least [23] of the 5 zones"
        assert (process.returncode, out) == (130, "")
        assert re.fullmatch(rf"dns-migrator: Interrupted: {said}\.\n", err)
        assert folders() == visible()
