"""Zones that move between two accounts of one provider, each with credentials of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from migrator.demo.clouds.azure import SECRET, SUBSCRIPTION, TOKEN, Azure
from migrator.demo.clouds.cloudflare_zones import Token
from migrator.demo.clouds.route53_zones import Account, Zone
from tests.cloud.azure_environment import log_in_with_secret
from tests.cloud.feature_zones import ZONE, make_feature_zone
from tests.cloud.round_trips import NEW, OLD, Clouds, flags_for, imported, own_digest, run, three_clouds, words_of

SECOND = "fedcba98-89ab-cdef-0123-456789abcdef"
MINE, THEIRS = "00000000-0000-0000-0000-0000000000aa", "00000000-0000-0000-0000-0000000000cc"
A, B = "a" * 32, "b" * 32


@pytest.fixture
def clouds(tmp_path: Path) -> Iterator[Clouds]:
    with three_clouds(tmp_path) as running:
        yield running


def carried(found: Any) -> dict[str, int]:
    return {fate: found["ledger"][fate] for fate in ("copied", "translated", "dropped")}


# ---- Route 53: two profiles


@pytest.fixture
def second_account(clouds: Clouds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Another AWS account, known to the profile `new`; `old` opens the first one."""
    credentials = tmp_path / "credentials"
    credentials.write_text(
        "[old]\naws_access_key_id = AKIAOLDEXAMPLE\naws_secret_access_key = s1\n"
        "[new]\naws_access_key_id = AKIANEWEXAMPLE\naws_secret_access_key = s2\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    other = clouds.route53.open_account("AKIANEWEXAMPLE")
    other.health_checks = {"check-of-new"}
    other.newer_types.add("FOO")
    return other


OLD_AWS, NEW_AWS = f"route53:{ZONE}?profile=old", f"route53:{ZONE}?profile=new"


def old_zone(clouds: Clouds, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The feature zone, in the account of the profile `old`."""
    monkeypatch.setenv("AWS_PROFILE", "old")
    make_feature_zone(clouds, "route53", tmp_path / f"{ZONE}.zone")
    monkeypatch.delenv("AWS_PROFILE")


def test_a_zone_moves_to_another_aws_account_with_what_is_route_53_s(
    clouds: Clouds, second_account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_zone(clouds, monkeypatch, tmp_path)
    refused = run("import", OLD_AWS, NEW_AWS, "--yes", "--format", "json")
    assert refused.code == 4, refused.err
    assert {loss["what"] for loss in refused.json["losses"] if loss["severity"] == "error"} >= {
        "health-check-lost"
    }
    assert not second_account.zones

    flags = flags_for(OLD_AWS, NEW_AWS)
    found = imported(clouds, OLD_AWS, NEW_AWS, *flags)
    (here,) = clouds.route53.account.zones.values()
    (there,) = second_account.zones.values()
    assert found["creates_zone"] is True
    aliases = {raw["AliasTarget"]["HostedZoneId"] for raw in there.record_sets if "AliasTarget" in raw}
    assert (here.identifier in aliases, there.identifier in aliases) == (False, True)
    assert not any("HealthCheckId" in raw for raw in there.record_sets)
    # What Route 53 alone has is there, but for what is bound to the old account: health checks, client networks.
    assert routed(there) == {found for found in routed(here) if not found[0].startswith("office")}
    assert ("office A", "geo-default-only") in words_of(found)


def routed(zone: Zone) -> set[tuple[str, str]]:
    return {(raw["Name"], raw["SetIdentifier"]) for raw in zone.record_sets if "SetIdentifier" in raw}


def test_checks_and_networks_of_the_old_account_get_their_names_of_the_new_one(
    clouds: Clouds, second_account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_zone(clouds, monkeypatch, tmp_path)
    renamed = ("--identifier", "check-1=check-of-new", "--identifier", "nets-1=nets-of-new")
    flags = [flag for flag in flags_for(OLD_AWS, NEW_AWS) if flag != "health-check-lost"]
    words = [part for word in flags if word != "--accept" for part in ("--accept", word)]
    found = imported(clouds, OLD_AWS, NEW_AWS, *renamed, *words)
    (there,) = second_account.zones.values()
    assert {raw["HealthCheckId"] for raw in there.record_sets if "HealthCheckId" in raw} == {"check-of-new"}
    networks = {
        raw["CidrRoutingConfig"]["CollectionId"] for raw in there.record_sets if "CidrRoutingConfig" in raw
    }
    assert networks == {"nets-of-new"}
    (here,) = clouds.route53.account.zones.values()
    assert routed(there) == routed(here)
    assert {word for _, word in words_of(found)} >= {"identifier-rewritten", "alias-rewritten"}


def test_a_backup_of_one_account_is_imported_into_the_other(
    clouds: Clouds, second_account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_zone(clouds, monkeypatch, tmp_path)
    assert run("export", OLD_AWS, "-o", "backup").code == 0
    imported(clouds, "backup", NEW_AWS, *flags_for("backup", NEW_AWS))
    from_backup = own_digest(the_zone_of(second_account))
    second_account.zones.clear()
    imported(clouds, OLD_AWS, NEW_AWS, *flags_for(OLD_AWS, NEW_AWS))
    assert own_digest(the_zone_of(second_account)) == from_backup


def the_zone_of(account: Account) -> str:
    (identifier,) = account.zones
    return f"{NEW_AWS}&zone-id={identifier}"


# ---- Azure: two subscriptions, two tenants


def test_a_zone_moves_to_another_subscription_with_its_aliases(clouds: Clouds, tmp_path: Path) -> None:
    make_feature_zone(clouds, "azure", tmp_path / f"{ZONE}.zone")
    clouds.azure.cloud.group(SECOND, NEW)
    source = f"azure:{ZONE}?subscription={SUBSCRIPTION}&resource-group={OLD}"
    target = f"azure:{ZONE}?subscription={SECOND}&resource-group={NEW}"
    found = imported(clouds, source, target)
    assert words_of(found) == {
        ("inside A", "alias-rewritten"),
        ("@ A", "alias-elsewhere"),
        ("api CNAME", "alias-elsewhere"),
    }
    assert found["ledger"]["dropped"] == 0
    there = clouds.azure.cloud.zone(SECOND, NEW, ZONE)
    here = clouds.azure.cloud.zone(SUBSCRIPTION, OLD, ZONE)
    assert there is not None
    assert here is not None
    assert there.sets["A", "inside"].target == f"{there.identifier}/A/a"
    assert there.sets["A", "@"].target == here.sets["A", "@"].target
    assert there.sets["A", "noted"].properties["metadata"] == {"owner": "web team", "since": "1"}


@pytest.fixture
def two_tenants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Clouds, Azure]]:
    """A login of two tenants, by the real azure-identity; each of them has a subscription."""
    folder = tmp_path / "tls"
    folder.mkdir()
    with three_clouds(tmp_path) as clouds, Azure(folder=folder) as azure:
        clouds.azure = azure
        azure.cloud.group(SUBSCRIPTION, OLD)
        azure.cloud.group(SECOND, NEW)
        azure.cloud.move_to_tenant(MINE, SUBSCRIPTION)
        azure.cloud.move_to_tenant(THEIRS, SECOND)
        monkeypatch.setenv("AZURE_DNS_ENDPOINT", azure.url)
        monkeypatch.setenv("AZURE_CA_BUNDLE", str(azure.ca_bundle))
        log_in_with_secret(azure, monkeypatch)
        monkeypatch.setenv("AZURE_SUBSCRIPTION_ID", SUBSCRIPTION)
        yield clouds, azure


def test_a_zone_moves_to_another_tenant(two_tenants: tuple[Clouds, Azure]) -> None:
    clouds, azure = two_tenants
    zone = azure.cloud.create(SUBSCRIPTION, OLD, ZONE)
    zone.put("www", "A", ARecords=[{"ipv4Address": "192.0.2.1"}], metadata={"owner": "web"})
    zone.put("shop", "A", targetResource={"id": f"{zone.identifier}/A/www"})
    target = f"azure:{ZONE}?tenant={THEIRS}"
    found = imported(clouds, f"azure:{ZONE}", target)
    assert carried(found) == {"copied": 1, "translated": 3, "dropped": 0}
    there = azure.cloud.zone(SECOND, NEW, ZONE)
    assert there is not None
    assert there.sets["A", "shop"].target == f"{there.identifier}/A/www"
    assert "AZURE_CLIENT_SECRET" not in found["target"]
    assert SECRET not in str(found)


def test_an_alias_that_the_other_tenant_may_not_read_fails_alone(two_tenants: tuple[Clouds, Azure]) -> None:
    clouds, azure = two_tenants
    network = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{OLD}/providers/Microsoft.Network"
    zone = azure.cloud.create(SUBSCRIPTION, OLD, ZONE)
    zone.put("www", "A", ARecords=[{"ipv4Address": "192.0.2.1"}])
    zone.put("front", "A", targetResource={"id": f"{network}/publicIPAddresses/front"})
    target = f"azure:{ZONE}?tenant={THEIRS}"
    done = run("import", f"azure:{ZONE}", target, "--yes", "--format", "json")
    assert done.code == 3, done.err
    outcomes = {change["owner"]: (change["outcome"], change["detail"]) for change in done.json["changes"]}
    assert outcomes[f"www.{ZONE}."][0] == "done"
    assert outcomes[f"front.{ZONE}."][0] == "failed"
    assert "not authorized to access linked subscription" in outcomes[f"front.{ZONE}."][1]
    found = imported(clouds, f"azure:{ZONE}", target, "--accept", "alias-dropped")
    assert words_of(found) == {("front A", "alias-dropped")}


def test_a_token_of_the_other_tenant_may_stand_in_a_variable_of_its_own(
    clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = clouds.azure.cloud
    cloud.group(SECOND, NEW)
    cloud.move_to_tenant(MINE, SUBSCRIPTION)
    cloud.move_to_tenant(THEIRS, SECOND)
    cloud.logins = {TOKEN: MINE, "token-of-theirs": THEIRS}
    clouds.azure.tokens.add("token-of-theirs")
    cloud.create(SUBSCRIPTION, OLD, ZONE).put("www", "A", ARecords=[{"ipv4Address": "192.0.2.1"}])
    target = f"azure:{ZONE}?token-env=OTHER_TOKEN"
    missing = run("import", f"azure:{ZONE}", target, "--yes")
    assert (missing.code, "environment variable OTHER_TOKEN" in missing.err) == (3, True)
    monkeypatch.setenv("OTHER_TOKEN", "token-of-theirs")
    found = imported(clouds, f"azure:{ZONE}", target)
    assert (found["target"], "token-of-theirs" in str(found)) == (target, False)
    assert cloud.zone(SECOND, NEW, ZONE) is not None
    wrong = run("import", f"azure:{ZONE}", f"azure:{ZONE}?subscription={SECOND}&resource-group={NEW}", "--yes")
    assert (wrong.code, "InvalidAuthenticationTokenTenant" in wrong.err) == (3, True)


# ---- Cloudflare: two tokens


@pytest.fixture
def two_tokens(clouds: Clouds, monkeypatch: pytest.MonkeyPatch) -> Clouds:
    """Two accounts, each with a token that sees nothing of the other one."""
    account = clouds.cloudflare.account
    account.accounts[B] = "New"
    account.tokens["test-token"].accounts = frozenset({A})
    account.tokens["token-of-new"] = Token(accounts=frozenset({B}))
    monkeypatch.setenv("NEW_TOKEN", "token-of-new")
    return clouds


TARGET = f"cloudflare:{ZONE}?token-env=NEW_TOKEN"


def test_a_zone_moves_to_another_account_of_cloudflare(two_tokens: Clouds, tmp_path: Path) -> None:
    make_feature_zone(two_tokens, "cloudflare", tmp_path / f"{ZONE}.zone")
    account = two_tokens.cloudflare.account
    there = account.create(ZONE, account=B, plan="pro", newer_types=frozenset({"FOO"}))
    found = imported(two_tokens, f"cloudflare:{ZONE}", TARGET, "--accept", "managed-record")
    assert (words_of(found), found["target"]) == ({("routed MX", "managed-record")}, TARGET)
    assert own_digest(TARGET) == own_digest(f"cloudflare:{ZONE}")
    assert len(there.records) > 30
    assert "token-of-new" not in str(found)


def test_a_zone_is_made_in_the_account_of_the_other_token(two_tokens: Clouds) -> None:
    account = two_tokens.cloudflare.account
    account.create(ZONE, account=A).seed({"type": "A", "name": "www", "content": "192.0.2.1", "proxied": True})
    found = imported(two_tokens, f"cloudflare:{ZONE}", TARGET)
    assert found["creates_zone"] is True
    assert [zone.account for zone in account.zones.values()] == [A, B]


def test_a_plan_is_applied_with_the_token_that_its_target_names(two_tokens: Clouds) -> None:
    account = two_tokens.cloudflare.account
    account.create(ZONE, account=A).seed({"type": "A", "name": "www", "content": "192.0.2.1", "ttl": 300})
    planned = run("import", f"cloudflare:{ZONE}", TARGET, "--plan-out", "plan.json")
    assert planned.code == 0, planned.err
    assert "token-of-new" not in Path("plan.json").read_text()
    applied = run("apply", "plan.json", "--yes", "--format", "json")
    assert (applied.code, applied.json["verified"]) == (0, True), applied.err
    undone = run("rollback", ZONE, "--yes", "--format", "json")
    assert undone.code == 0, undone.err
    (there,) = (zone for zone in account.zones.values() if zone.account == B)
    assert there.records == []


def test_a_token_that_is_wrong_is_named_by_its_variable(
    two_tokens: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_TOKEN", "never-heard-of")
    wrong = run("zones", "cloudflare:?token-env=NEW_TOKEN")
    assert (wrong.code, "Look at NEW_TOKEN" in wrong.err, "never-heard-of" in wrong.err) == (3, True, False)


@pytest.mark.parametrize("scheme", ["cloudflare", "azure"])
def test_a_secret_in_the_place_of_a_variable_is_refused_and_not_shown(clouds: Clouds, scheme: str) -> None:
    refused = run("export", f"{scheme}:{ZONE}?token-env=v1-S3cret", "-o", "backup")
    assert (refused.code, "S3cret" in refused.err) == (2, False)
    assert "takes the name of an environment variable" in refused.err
