"""The commands on Azure DNS as a person runs them: in processes of their own, against the fake."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.demo.clouds.azure import SUBSCRIPTION, TOKEN, Azure, Fault
from migrator.demo.clouds.azure_api import expired
from tests.cloud.azure import sample
from tests.cloud.azure_environment import log_in_with_secret, point_azure_at
from tests.installed import Run
from tests.installed import run as run_command

TEXT = """\
$ORIGIN example.net.
$TTL 300
@ SOA ns1.example.org. hostmaster 1 7200 900 1209600 300
@ NS ns1.example.org.
@ MX 10 mx1.example.org.
www A 192.0.2.1
docs CNAME www
_25._tcp.mx TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
"""
TARGET = "azure:example.net?resource-group=dns-test"


def run(*arguments: str) -> Run:
    done = run_command(*arguments)
    assert TOKEN not in done.out + done.err
    return done


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(own_folder: Path) -> None:
    (own_folder / "example.net.zone").write_text(TEXT)


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Azure]:
    with Azure() as running:
        sample(running.cloud)
        point_azure_at(running, monkeypatch)
        yield running


def test_zones_are_listed_with_what_to_type(azure: Azure) -> None:
    found = run("zones", "azure:", "--format", "json").json["zones"]
    assert [(zone["name"], zone["records"]) for zone in found] == [
        ("example.com.", 13),
        ("example.org.", 3),
        ("example.org.", 3),
    ]
    assert found[0]["id"] == azure.cloud.zones[SUBSCRIPTION, "dns-production", "example.com"].identifier
    shown = run("zones", "azure:")
    assert shown.code == 0
    assert "  resource group dns-test" in shown.out.splitlines()


def test_a_zone_is_exported_with_all_that_a_zone_file_cannot_say(azure: Azure) -> None:
    done = run("export", "azure:example.com", "-o", "backup", "--format", "json")
    assert done.code == 0
    assert (done.json["rrsets"], len(done.json["name_servers"])) == (13, 4)
    assert done.json["calls"] == {"reads": len(azure.operations())}
    served = [line for line in Path("backup/example.com.zone").read_text().splitlines() if line[:1] != ";"]
    assert "shop.example.com. 3600 IN CNAME www.example.com." in served
    assert not [line for line in served if line.endswith(" CNAME .")]
    assert {path.name for path in Path("backup/raw").iterdir()} == {"zone.json", "record-sets-0001.json"}
    assert not [path for path in Path("backup").rglob("*") if path.is_file() and TOKEN in path.read_text()]
    assert run("diff", "backup", "azure:example.com").code == 0


def test_a_name_that_stands_twice_is_exit_code_2_and_a_zone_that_is_not_there_3(azure: Azure) -> None:
    twice = run("export", "azure:example.org")
    assert (twice.code, twice.out) == (2, "")
    assert f"'azure:example.org?resource-group=dns-test&subscription={SUBSCRIPTION}'" in twice.err
    none = run("export", "azure:example.test")
    assert (none.code, none.err.count("\n")) == (3, 1)
    assert "see no public DNS zone example.test" in none.err


def test_a_zone_file_is_imported_proved_and_imported_again_without_a_write(azure: Azure) -> None:
    first = run("import", "example.net.zone", TARGET, "--yes", "--format", "json")
    assert first.code == 0, first.err
    assert (first.json["applied"], first.json["verified"]) == (True, True)
    assert first.json["ledger"]["unaccounted"] == 0
    assert first.json["calls"]["writes"] == 1 + 4 + 1  # the zone, its sets, and the SOA's timers
    assert run("diff", "example.net.zone", TARGET).code == 0
    azure.requests.clear()
    again = run("import", "example.net.zone", TARGET, "--yes", "--format", "json")
    assert (again.code, again.json["calls"]["writes"]) == (0, 0)
    assert {request.method for request in azure.requests} == {"GET"}


def test_an_import_that_a_token_ended_goes_on_with_a_new_one(azure: Azure) -> None:
    azure.fail(Fault("PutSet", expired(), times=99, skip=2))
    ended = run("import", "example.net.zone", TARGET, "--yes")
    assert ended.code == 3
    assert "the access token has expired" in ended.err
    azure.fail_no_more()
    done = run("import", "example.net.zone", TARGET, "--yes", "--format", "json")
    assert (done.code, done.json["verified"]) == (0, True)
    zone = azure.cloud.zones[SUBSCRIPTION, "dns-test", "example.net"]
    assert len(zone.sets) == 2 + 4


def test_a_new_zone_needs_a_group_where_there_are_several(azure: Azure) -> None:
    refused = run("import", "example.net.zone", "azure:example.net", "--yes")
    assert refused.code == 2
    assert "2 resource groups could hold it" in refused.err
    assert not [request for request in azure.requests if request.method == "PUT"]


def test_the_real_login_is_used_over_tls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Azure(folder=tmp_path) as azure:
        sample(azure.cloud)
        point_azure_at(azure, monkeypatch)
        log_in_with_secret(azure, monkeypatch)
        done = run("export", "azure:example.com", "-o", "backup", "--format", "json")
        assert (done.code, done.json["rrsets"]) == (0, 13), done.err
        monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong-client-secret")
        refused = run("zones", "azure:")
        assert (refused.code, refused.out, refused.err.count("\n")) == (3, "", 1)
        assert "does not accept the client secret" in refused.err


def test_a_zone_whose_name_azure_cannot_have_is_refused_before_anything_is_sent_that_writes(
    azure: Azure, own_folder: Path
) -> None:
    name = "0/25.2.0.192.in-addr.arpa"
    (own_folder / "reverse.zone").write_text(
        f"$ORIGIN {name}.\n$TTL 300\n@ SOA ns1.example.org. h.example.org. 1 7200 900 1209600 300\n"
        "@ NS ns1.example.org.\n1 PTR host.example.org.\n"
    )
    for how in ("--yes", "--dry-run"):
        done = run("import", "reverse.zone", f"azure:{name}?resource-group=dns-test", how)
        assert done.code == 2
        assert "Azure DNS takes no '/' in the name of a zone, so it cannot be created there." in done.err
    assert not [request for request in azure.requests if request.method == "PUT"]
