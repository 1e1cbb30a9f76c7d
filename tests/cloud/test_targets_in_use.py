"""Imports into zones that somebody uses: what is there counts, and what the provider does by itself is seen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrator.demo.clouds.azure import SUBSCRIPTION
from tests.cloud.round_trips import OLD, Clouds, imported, run, three_clouds

ZONE = "example.com"
FILE = f"$ORIGIN {ZONE}.\n$TTL 3600\n@ SOA ns1.example.net. h 1 7200 900 1209600 300\n@ NS ns1.example.net.\n"
NEW = "www A 192.0.2.1\napi A 192.0.2.2\n"


@pytest.fixture
def clouds(tmp_path: Path) -> Iterator[Clouds]:
    Path(tmp_path / f"{ZONE}.zone").write_text(FILE + NEW)
    with three_clouds(tmp_path) as running:
        yield running


def at_route53(clouds: Clouds, *, room: int = 0, signed: bool = False) -> str:
    zone = clouds.route53.account.create(ZONE)
    zone.put({"Name": f"own.{ZONE}", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.9"}]})
    zone.most_record_sets = len(zone.record_sets) + room
    zone.signing = "SIGNING" if signed else "NOT_SIGNING"
    return f"route53:{ZONE}"


def at_azure(clouds: Clouds, *, room: int = 0, signed: bool = False) -> str:
    zone = clouds.azure.cloud.create(SUBSCRIPTION, OLD, ZONE)
    zone.put("own", "A", ARecords=[{"ipv4Address": "192.0.2.9"}])
    zone.most_record_sets = len(zone.sets) + room
    if signed:
        zone.dnssec = {"properties": {"provisioningState": "Succeeded", "signingKeys": [{"keyTag": 1}]}}
    return f"azure:{ZONE}"


def at_cloudflare(clouds: Clouds, *, room: int = 0, signed: bool = False) -> str:
    zone = clouds.cloudflare.account.create(ZONE)
    zone.seed({"type": "A", "name": "own", "content": "192.0.2.9", "ttl": 60})
    zone.quota = len(zone.records) + room
    if signed:
        zone.dnssec = {"status": "active", "ds": f"{ZONE}. 3600 IN DS 2371 13 2 {'AB' * 32}"}
    return f"cloudflare:{ZONE}"


Place = Callable[..., str]
PLACES = {"route53": at_route53, "azure": at_azure, "cloudflare": at_cloudflare}
FULL = {
    "route53": "The target has 3 RRsets, and 2 more would come: 5, where Route 53 takes 4.",
    "azure": "The target has 3 RRsets, and 2 more would come: 5, where Azure DNS takes 4.",
    "cloudflare": "The target has 1 record, and 2 more would come: 3, where Cloudflare takes 2.",
}


@pytest.mark.parametrize("provider", PLACES)
def test_what_does_not_fit_beside_what_is_there_is_refused_before_the_first_write(
    clouds: Clouds, provider: str
) -> None:
    target = PLACES[provider](clouds, room=1)
    refused = run("import", f"{ZONE}.zone", target, "--yes", "--format", "json")

    assert (refused.code, refused.json["refused"]) == (4, ["--accept zone-too-large"])
    assert [loss["message"] for loss in refused.json["losses"] if loss["what"] == "zone-too-large"] == [
        FULL[provider]
    ]
    assert clouds.writes() == []


@pytest.mark.parametrize("provider", PLACES)
def test_what_just_fits_is_written(clouds: Clouds, provider: str) -> None:
    done = run("import", f"{ZONE}.zone", PLACES[provider](clouds, room=2), "--yes", "--format", "json")

    assert (done.code, done.json["verified"]) == (0, True), done.err
    assert [kept["owner"] for kept in done.json["kept"]] == [f"own.{ZONE}."]


@pytest.mark.parametrize("provider", PLACES)
def test_a_zone_that_its_provider_signs_is_changed_only_by_who_knows_it(clouds: Clouds, provider: str) -> None:
    target = PLACES[provider](clouds, room=10, signed=True)
    refused = run("import", f"{ZONE}.zone", target, "--yes", "--format", "json")

    assert (refused.code, refused.json["refused"]) == (4, ["--allow-signed-zone"])
    assert "signs the target zone itself (DNSSEC: " in refused.json["brakes"][0]["message"]
    assert clouds.writes() == []
    done = run("import", f"{ZONE}.zone", target, "--allow-signed-zone", "--yes", "--format", "json")
    assert (done.code, done.json["verified"]) == (0, True), done.err


def test_the_ttl_of_a_traffic_manager_profile_is_written_once_and_not_again(clouds: Clouds) -> None:
    profile = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{OLD}/providers/Microsoft.Network/trafficManagerProfiles/x"
    )
    source = clouds.azure.cloud.create(SUBSCRIPTION, OLD, ZONE)
    source.put("api", "CNAME", TTL=3600, targetResource={"id": profile})
    source.put("web", "CNAME", TTL=3600, trafficManagementProfile={"id": profile})
    exported = run("export", f"azure:{ZONE}", "-o", "backup")
    assert exported.code == 0, exported.err

    clouds.azure.cloud.group(SUBSCRIPTION, "again")
    found = imported(clouds, "backup", f"azure:{ZONE}?resource-group=again")

    assert found["losses"] == []
    assert {change["new"]["ttl"] for change in found["changes"] if change["rdtype"] == "CNAME"} == {None}


def test_what_people_wrote_beside_a_set_of_the_target_outlives_its_records(clouds: Clouds) -> None:
    azure = clouds.azure.cloud.create(SUBSCRIPTION, OLD, ZONE)
    azure.put("www", "A", ARecords=[{"ipv4Address": "192.0.2.9"}], metadata={"team": "web"})
    cloudflare = clouds.cloudflare.account.create(ZONE, plan="pro")
    cloudflare.seed({"type": "A", "name": "www", "content": "192.0.2.9", "comment": "web", "tags": ["team:web"]})
    for target in (f"azure:{ZONE}", f"cloudflare:{ZONE}"):
        done = run("import", f"{ZONE}.zone", target, "--yes", "--format", "json")
        assert (done.code, done.json["verified"]) == (0, True), done.err

    www = azure.find("www", "A")
    assert www is not None
    assert www.properties == {"TTL": 3600, "ARecords": [{"ipv4Address": "192.0.2.1"}], "metadata": {"team": "web"}}
    (record,) = cloudflare.named("www")
    said = {name: record[name] for name in ("content", "ttl", "comment", "tags")}
    assert said == {"content": "192.0.2.1", "ttl": 3600, "comment": "web", "tags": ["team:web"]}


def test_a_private_zone_becomes_public_only_when_somebody_takes_the_risk(clouds: Clouds) -> None:
    networks = [("vpc-0123456789abcdef0", "eu-central-1")]
    source = clouds.route53.account.create(ZONE, private=True, vpcs=networks)
    records = [{"Value": "10.0.0.1"}]
    source.put({"Name": f"db.{ZONE}", "Type": "A", "TTL": 60, "ResourceRecords": records})
    private = f"route53:{ZONE}?private=true"
    assert run("export", private, "-o", "backup").code == 0
    public = f"route53:{ZONE}?zone-id={clouds.route53.account.create(ZONE).identifier}"

    for there in (public, f"cloudflare:{ZONE}", f"azure:{ZONE}?resource-group={OLD}"):
        for here in (private, "backup"):
            refused = run("import", here, there, "--yes", "--format", "json")
            assert (refused.code, refused.json["refused"]) == (4, ["--allow-private-source"]), (here, there)
    assert clouds.writes() == []
    inside = clouds.route53.account.create(ZONE, private=True, vpcs=networks)
    for there in (f"route53:{ZONE}?zone-id={inside.identifier}", "file:copy.zone"):
        done = run("import", "backup", there, "--yes", "--format", "json")
        assert (done.code, done.json["verified"]) == (0, True), (there, done.err)
    done = run("import", "backup", public, "--allow-private-source", "--yes", "--format", "json")
    assert (done.code, done.json["verified"]) == (0, True), done.err
