"""The fake Route 53 refuses what the service refuses, and lists as it lists; told to it by the real boto3."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from types_boto3_route53 import Route53Client

from migrator.demo.clouds.route53 import Route53
from migrator.demo.clouds.route53_zones import Raw, Zone
from tests.cloud.aws import point_aws_at


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Route53]:
    with Route53() as running:
        point_aws_at(running.url, monkeypatch)
        yield running


@pytest.fixture
def client(cloud: Route53) -> Iterator[Route53Client]:
    client = boto3.client("route53", region_name="us-east-1")
    yield client
    client.close()


def a(name: str = "www.example.com", *values: str, **more: Any) -> Raw:
    records = [{"Value": value} for value in values or ("192.0.2.1",)]
    return {"Name": name, "Type": "A", "TTL": 300, "ResourceRecords": records, **more}


def typed(rdtype: str, *values: str, name: str = "www.example.com", **more: Any) -> Raw:
    return {**a(name, *values), "Type": rdtype, **more}


def change(client: Route53Client, zone: Zone, *changes: tuple[str, Raw]) -> None:
    batch: Any = {"Changes": [{"Action": action, "ResourceRecordSet": raw} for action, raw in changes]}
    client.change_resource_record_sets(HostedZoneId=zone.identifier, ChangeBatch=batch)


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        act()
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


ALIAS: Raw = {"HostedZoneId": "Z1", "DNSName": "x.example.net.", "EvaluateTargetHealth": False}
EXISTING = a("there.example.com")
APEX: Raw = {"Name": "example.com", "Type": "NS", "TTL": 172800}
REFUSED: list[tuple[tuple[str, Raw], str]] = [
    (("CREATE", EXISTING), "but it already exists"),
    (("DELETE", a()), "but it was not found"),
    (("DELETE", a("there.example.com", "192.0.2.2")), "do not match the current values"),
    (("CREATE", a("www.example.org")), "is not permitted in zone example.com."),
    (("CREATE", typed("CNAME", "x.example.net", name="there.example.com")), "conflicts with other records"),
    (("CREATE", typed("CNAME", "x.example.net", name="example.com")), "is not permitted at apex"),
    (("CREATE", a("www.example.com", "192.0.2.1", "192.0.2.1")), "Duplicate Resource Record: '192.0.2.1'"),
    (("CREATE", a("www.example.com", "192.0.2.999")), "ARRDATAInvalid"),
    (("CREATE", typed("TXT", "bare words")), "enclosed in quotation marks"),
    (("CREATE", typed("TXT", '"' + "x" * 256 + '"')), "CharacterStringTooLong"),
    (("CREATE", typed("MX", "mail.example.com")), "MXRRDATAInvalid"),
    (("CREATE", a("there.example.com", SetIdentifier="x", Weight=1)), "another routing policy exists"),
    (("CREATE", a("www.example.com", SetIdentifier="x")), "Missing field 'SetIdentifier' or a routing policy"),
    (("CREATE", a("www.example.com", Weight=1)), "Missing field 'SetIdentifier' or a routing policy"),
    (
        ("CREATE", a("www.example.com", SetIdentifier="x", Weight=1, Region="eu-west-1")),
        "Expected exactly one of ['Weight', 'Region']",
    ),
    (("CREATE", {"Name": "www.example.com", "Type": "A"}), "but found none"),
    (("CREATE", {**a(), "AliasTarget": ALIAS}), "but found more than one"),
    (("UPSERT", a("www.example.com", *(f"192.0.{n // 256}.{n % 256}" for n in range(501)))), "limit of 1000"),
    (("CREATE", a("www.example.com", *(f"192.0.{n // 256}.{n % 256}" for n in range(401)))), "limit of 400"),
    (("UPSERT", typed("TXT", *(f'"{n:0200d}"' for n in range(80)))), "limit of 32000"),
]


@pytest.mark.parametrize(("last", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_a_batch_with_one_bad_change_is_refused_whole(
    cloud: Route53, client: Route53Client, last: tuple[str, Raw], message: str
) -> None:
    zone = cloud.account.create("example.com")
    zone.put(EXISTING)
    before = zone.listed()
    code, said = refusal(lambda: change(client, zone, ("CREATE", a("good.example.com")), last))
    assert code in {"InvalidChangeBatch", "InvalidInput"}
    assert message in said
    assert zone.listed() == before


def test_all_bad_changes_are_told_at_once(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    code, said = refusal(
        lambda: change(client, zone, ("DELETE", a("x.example.com")), ("DELETE", a("y.example.com")))
    )
    assert (code, said[0], said[-1]) == ("InvalidChangeBatch", "[", "]")
    assert "x.example.com." in said
    assert "y.example.com." in said


@pytest.mark.parametrize("rdtype", ["SOA", "NS"])
def test_the_apex_keeps_its_soa_and_ns(cloud: Route53, client: Route53Client, rdtype: str) -> None:
    zone = cloud.account.create("example.com")
    own = next(raw for raw in zone.record_sets if raw["Type"] == rdtype)
    assert "A HostedZone must contain" in refusal(lambda: change(client, zone, ("DELETE", own)))[1]


def test_an_address_takes_the_place_of_a_cname_within_one_batch(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    cname = typed("CNAME", "x.example.net")
    change(client, zone, ("CREATE", cname))
    change(client, zone, ("DELETE", cname), ("CREATE", a()))
    assert [raw["Type"] for raw in zone.listed()] == ["NS", "SOA", "A"]


def test_what_is_written_is_listed_in_the_service_s_own_form_and_order(
    cloud: Route53, client: Route53Client
) -> None:
    zone = cloud.account.create("Example.COM")
    change(
        client,
        zone,
        ("CREATE", a("*.Example.com")),
        ("CREATE", a("b.a.example.com")),
        ("CREATE", a("w.example.com", SetIdentifier="2", Weight=0)),
        ("CREATE", a("w.example.com", SetIdentifier="1", Weight=9)),
        ("CREATE", typed("TXT", r'"\011 \"x\""', name="a.example.com")),
    )
    listed = client.list_resource_record_sets(HostedZoneId=zone.identifier)
    shown = [(raw["Name"], raw["Type"], raw.get("SetIdentifier")) for raw in listed["ResourceRecordSets"]]
    assert shown == [
        ("example.com.", "NS", None),
        ("example.com.", "SOA", None),
        (r"\052.example.com.", "A", None),
        ("a.example.com.", "TXT", None),
        ("b.a.example.com.", "A", None),
        ("w.example.com.", "A", "1"),
        ("w.example.com.", "A", "2"),
    ]
    assert listed["ResourceRecordSets"][3]["ResourceRecords"] == [{"Value": r'"\011 \"x\""'}]


def test_pages_have_100_sets_unless_asked_and_never_more_than_300(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    zone.put(*(a(f"h{n}.example.com") for n in range(400)))
    plain = client.list_resource_record_sets(HostedZoneId=zone.identifier)
    assert (len(plain["ResourceRecordSets"]), plain["IsTruncated"]) == (100, True)
    largest = client.list_resource_record_sets(HostedZoneId=zone.identifier, MaxItems="999")
    assert len(largest["ResourceRecordSets"]) == 300
    pages = client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone.identifier)
    names = [raw["Name"] for page in pages for raw in page["ResourceRecordSets"]]
    assert len(names) == 402
    assert len(set(names)) == 401


def test_a_zone_is_created_once_for_a_caller_reference(cloud: Route53, client: Route53Client) -> None:
    created = client.create_hosted_zone(Name="example.com", CallerReference="1")
    assert created["Location"].endswith(created["HostedZone"]["Id"])
    assert len(created["DelegationSet"]["NameServers"]) == 4
    code, _ = refusal(lambda: client.create_hosted_zone(Name="example.com", CallerReference="1"))
    assert code == "HostedZoneAlreadyExists"
    again = client.create_hosted_zone(Name="example.com", CallerReference="2")
    assert again["DelegationSet"]["NameServers"] != created["DelegationSet"]["NameServers"]
    assert refusal(lambda: client.create_hosted_zone(Name="a..b", CallerReference="3"))[0] == "InvalidDomainName"


def test_a_change_is_pending_before_it_is_in_sync(cloud: Route53, client: Route53Client) -> None:
    identifier = client.create_hosted_zone(Name="example.com", CallerReference="1")["ChangeInfo"]["Id"]
    states = [client.get_change(Id=identifier)["ChangeInfo"]["Status"] for _ in range(3)]
    assert states == ["PENDING", "INSYNC", "INSYNC"]
    assert refusal(lambda: client.get_change(Id="C404"))[0] == "NoSuchChange"


def test_limits_and_dnssec_of_a_zone_are_told(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    limit = client.get_hosted_zone_limit(HostedZoneId=zone.identifier, Type="MAX_RRSETS_BY_ZONE")
    assert (limit["Limit"]["Value"], limit["Count"]) == (10_000, 2)
    dnssec = client.get_dnssec(HostedZoneId=zone.identifier)
    assert dnssec["Status"]["ServeSignature"] == "NOT_SIGNING"
    assert client.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone.identifier)["ResourceTagSet"]


def test_a_zone_is_deleted_only_when_it_is_empty(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    zone.put(a())
    assert refusal(lambda: client.delete_hosted_zone(Id=zone.identifier))[0] == "HostedZoneNotEmpty"
    change(client, zone, ("DELETE", a()))
    client.delete_hosted_zone(Id=zone.identifier)
    assert refusal(lambda: client.get_hosted_zone(Id=zone.identifier))[0] == "NoSuchHostedZone"


def alias_into(zone: Zone, target: str) -> Raw:
    found = {"HostedZoneId": zone.identifier, "DNSName": target, "EvaluateTargetHealth": False}
    return {"Name": "alias.example.com", "Type": "A", "AliasTarget": found}


def test_an_alias_into_its_own_zone_needs_its_target_before_it(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    alias = ("CREATE", alias_into(zone, "Www.example.com"))
    assert "that target was not found" in refusal(lambda: change(client, zone, alias))[1]
    assert "that target was not found" in refusal(lambda: change(client, zone, alias, ("CREATE", a())))[1]
    outside = ("CREATE", alias_into(zone, "www.example.net"))
    assert "does not lie within the target zone" in refusal(lambda: change(client, zone, outside))[1]
    change(client, zone, ("CREATE", a()), alias)
    assert zone.listed()[2]["AliasTarget"]["DNSName"] == "www.example.com."


def test_a_protected_name_and_type_refuses_every_change(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    zone.put(EXISTING)
    zone.protect("there.example.com", "A", "mine")
    for action in ("CREATE", "DELETE", "UPSERT"):
        code, said = refusal(lambda action=action: change(client, zone, (action, EXISTING)))  # type: ignore[misc]
        assert (code, "is protected" in said, "(mine)" in said) == ("InvalidChangeBatch", True, True)
    change(client, zone, ("CREATE", typed("TXT", '"x"', name="there.example.com")))


def test_a_zone_of_another_service_cannot_be_changed(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com", linked_service=("mesh.example.com", "made by mesh"))
    code, said = refusal(lambda: change(client, zone, ("CREATE", a())))
    assert (code, "can only be managed through mesh.example.com" in said) == ("AccessDenied", True)


def test_a_zone_has_no_more_sets_than_its_quota(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    zone.most_record_sets = 3
    change(client, zone, ("CREATE", a()))
    assert "more than 3" in refusal(lambda: change(client, zone, ("CREATE", a("b.example.com"))))[1]


def test_a_health_check_must_be_there(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    cloud.account.health_checks = {"here"}
    change(client, zone, ("CREATE", a(HealthCheckId="here")))
    code, _ = refusal(lambda: change(client, zone, ("CREATE", a("b.example.com", HealthCheckId="there"))))
    assert code == "NoSuchHealthCheck"


def test_the_form_of_a_set_is_refused_by_its_place_in_the_request(cloud: Route53, client: Route53Client) -> None:
    zone = cloud.account.create("example.com")
    code, said = refusal(lambda: change(client, zone, ("CREATE", a()), ("CREATE", typed("FOO", "x"))))
    assert (code, "'changeBatch.changes.2.member.resourceRecordSet.type'" in said) == ("InvalidInput", True)
    cloud.account.newer_types.add("FOO")
    change(client, zone, ("CREATE", typed("FOO", "x")))


def test_the_reference_of_a_deleted_zone_stays_taken(cloud: Route53, client: Route53Client) -> None:
    created = client.create_hosted_zone(Name="example.com", CallerReference="1")
    client.delete_hosted_zone(Id=created["HostedZone"]["Id"])
    code, _ = refusal(lambda: client.create_hosted_zone(Name="example.com", CallerReference="1"))
    assert code == "HostedZoneAlreadyExists"


def test_a_change_is_everywhere_at_once_where_nobody_has_to_wait(cloud: Route53, client: Route53Client) -> None:
    cloud.account.polls_until_insync = 0
    created = client.create_hosted_zone(Name="example.com", CallerReference="1")
    assert created["ChangeInfo"]["Status"] == "INSYNC"
    assert client.list_health_checks()["HealthChecks"] == []
