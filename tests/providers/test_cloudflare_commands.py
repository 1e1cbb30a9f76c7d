"""The commands on Cloudflare as a person runs them: in processes of their own, against the fake."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from migrator.demo.clouds.cloudflare import TOKEN, Cloudflare, Fault
from migrator.demo.clouds.cloudflare_zones import Account
from tests.cloud.cloudflare import sample
from tests.cloud.cloudflare_environment import point_cloudflare_at
from tests.installed import Run
from tests.installed import run as run_command

A, B = "a" * 32, "b" * 32
TEXT = """\
$ORIGIN example.test.
$TTL 300
@ SOA ns1.example.org. hostmaster 1 7200 900 1209600 300
@ NS ns1.example.org.
@ MX 10 mx1.example.org.
www A 192.0.2.1
docs CNAME www
child NS ns1.child
ns1.child A 192.0.2.9
"""


def run(*arguments: str) -> Run:
    done = run_command(*arguments)
    assert TOKEN not in done.out + done.err
    return done


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(own_folder: Path) -> None:
    (own_folder / "example.test.zone").write_text(TEXT)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloudflare]:
    with Cloudflare() as running:
        sample(running.account)
        point_cloudflare_at(running.url, monkeypatch)
        yield running


def test_zones_are_listed_with_account_and_state(cloud: Cloudflare) -> None:
    found = run("zones", "cloudflare:", "--format", "json").json["zones"]
    assert [(zone["name"], zone["status"]) for zone in found] == [
        ("example.com.", "active"),
        ("example.net.", "moved"),
        ("example.org.", "active"),
        ("example.org.", "pending"),
    ]
    shown = run("zones", "cloudflare:").out
    assert f'  account "Another Account" {B}, free plan' in shown.splitlines()
    assert max(map(len, shown.splitlines())) <= 80


def test_a_zone_is_exported_with_all_that_a_zone_file_cannot_say(cloud: Cloudflare) -> None:
    done = run("export", "cloudflare:example.com", "-o", "backup", "--format", "json")
    assert done.code == 0
    assert done.json["calls"] == {"reads": 5} == {"reads": len(cloud.requests)}
    assert done.json["name_servers"] == ["ada1.ns.cloudflare.com.", "bob1.ns.cloudflare.com."]
    assert {path.name for path in Path("backup/raw").iterdir()} == {
        "zone.json",
        "dns-settings.json",
        "dnssec.json",
        "load-balancers.json",
        "dns-records-0001.json",
    }
    assert not [path for path in Path("backup").rglob("*") if path.is_file() and TOKEN in path.read_text()]
    assert run("diff", "backup", "cloudflare:example.com").code == 0


def test_load_balancers_that_could_not_be_read_are_told_by_export_and_diff(cloud: Cloudflare) -> None:
    token = cloud.account.tokens[TOKEN]
    token.permissions = token.permissions - {"balancers:read"}
    exported = run("export", "cloudflare:example.com", "-o", "backup")
    compared = [
        run("diff", *sides)
        for sides in (("cloudflare:example.com", "backup"), ("backup", "cloudflare:example.com"))
    ]
    for done in (exported, *compared):
        said = " ".join(done.out.split())
        assert done.code == 0
        assert (
            "whether names of the zone are answered by one, of which no record tells, could not be checked" in said
        )
        assert "Give the token the permission 'Zone: Load Balancers: Read'." in said


def test_a_name_that_stands_twice_is_exit_code_2_and_a_zone_that_is_not_there_3(cloud: Cloudflare) -> None:
    twice = run("export", "cloudflare:example.org")
    assert (twice.code, twice.out) == (2, "")
    assert "'cloudflare:example.org?zone-id=00000000000000000000000000000003'" in twice.err
    none = run("export", "cloudflare:example.test")
    assert (none.code, none.err.count("\n")) == (3, 1)
    assert "see no zone example.test" in none.err


def test_a_zone_file_is_imported_proved_and_imported_again_without_a_write(cloud: Cloudflare) -> None:
    asked = run("import", "example.test.zone", "cloudflare:example.test", "--yes")
    assert (asked.code, f"'cloudflare:example.test?account-id={B}'" in asked.err) == (2, True)
    target = f"cloudflare:example.test?account-id={B}"
    first = run("import", "example.test.zone", target, "--yes", "--format", "json")
    assert first.code == 0, first.err
    assert (first.json["applied"], first.json["verified"]) == (True, True)
    assert first.json["ledger"]["unaccounted"] == 0
    assert first.json["calls"]["writes"] == 2  # the zone, and one batch
    assert run("diff", "example.test.zone", target).code == 0
    cloud.requests.clear()
    again = run("import", "example.test.zone", target, "--yes", "--format", "json")
    assert (again.code, again.json["calls"]["writes"]) == (0, 0)
    assert {request.method for request in cloud.requests} == {"GET"}


def test_an_import_that_a_token_ended_goes_on_with_a_new_one(cloud: Cloudflare) -> None:
    lines = [f"h{n} A 192.0.2.1" for n in range(450)]
    Path("example.test.zone").write_text(TEXT + "\n".join(lines) + "\n")
    zone = cloud.account.create("example.test", quota=1_000)

    def expire(account: Account) -> None:
        account.tokens[TOKEN].valid = False

    cloud.fail(Fault("Batch", edit=expire, skip=1))
    ended = run("import", "example.test.zone", "cloudflare:example.test", "--yes")
    assert (ended.code, len(zone.records)) == (3, 200)
    assert "does not accept the credentials" in ended.err
    assert "the same command goes on from there" in ended.err
    cloud.account.tokens[TOKEN].valid = True
    done = run("import", "example.test.zone", "cloudflare:example.test", "--yes", "--format", "json")
    assert (done.code, done.json["verified"]) == (0, True), done.err
    assert len(zone.records) == 455


def test_a_zone_that_somebody_edits_during_an_import_is_left_alone(cloud: Cloudflare) -> None:
    zone = cloud.account.create("example.test", plan="pro")
    zone.seed({"type": "A", "name": "www", "content": "192.0.2.77"})

    def edit(account: Account) -> None:
        account.of_name("example.test").records[0]["content"] = "192.0.2.78"

    cloud.fail(Fault("ListRecords", edit=edit, skip=1))
    refused = run("import", "example.test.zone", "cloudflare:example.test", "--yes", "--allow-mass-replace")
    assert refused.code == 4, refused.err
    assert [record["content"] for record in zone.records] == ["192.0.2.78"]
    assert "Batch" not in cloud.operations()


def test_a_zone_moves_to_another_account_with_all_that_is_cloudflare_s(cloud: Cloudflare) -> None:
    new = cloud.account.create("example.com", account=B, plan="pro", newer_types=frozenset({"FOO"}))
    accepted = ("--accept", "managed-record", "--accept", "unreadable-set")
    source, target = f"cloudflare:example.com?account-id={A}", f"cloudflare:example.com?account-id={B}"
    words = [word for word in accepted[1::2] if word in run("import", source, target).err]
    flags = [part for word in words for part in ("--accept", word)]
    done = run("import", source, target, "--yes", *flags, "--format", "json")
    assert (done.code, done.json["verified"]) == (0, True), done.err
    old = cloud.account.zones[f"{1:032x}"]
    own = [record for record in old.records if not record.get("meta", {}).get("read_only")]
    assert sorted(map(kept, new.records)) == sorted(map(kept, own))


def kept(record: Any) -> str:
    """What a record says, its text in quotes as it is written."""
    content = str(record["content"])
    if record["type"] == "TXT" and not content.startswith('"'):
        content = f'"{content}"'
    fields = ("name", "type", "ttl", "proxied", "comment", "tags", "settings")
    return json.dumps([content, *(record.get(field) for field in fields)])
