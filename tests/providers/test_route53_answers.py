"""The XML of Route 53 as JSON values: as botocore gives them, and what botocore drops."""

import boto3
import pytest

from migrator.demo.clouds.route53 import Route53
from providers.route53.answers import NotRoute53Error, error_code, error_messages, parse
from tests.cloud.aws import point_aws_at
from tests.cloud.route53 import sample

NAMESPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'


USUAL_ERROR = (
    f"<ErrorResponse {NAMESPACE}><Error><Code>Throttling</Code><Message>Rate</Message></Error></ErrorResponse>"
)
BARE_ERROR = (
    f"<InvalidChangeBatch {NAMESPACE}><Messages><Message>a</Message><Message>b</Message></Messages>"
    "</InvalidChangeBatch>"
)


def test_what_botocore_knows_is_given_as_botocore_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies: list[bytes] = []
    with Route53() as cloud:
        sample(cloud.account)
        point_aws_at(cloud.url, monkeypatch)
        client = boto3.client("route53", region_name="us-east-1")
        client.meta.events.register(
            "before-parse.route-53", lambda response_dict, **_: bodies.append(response_dict["body"])
        )
        for identifier in cloud.account.zones:
            known = client.list_resource_record_sets(HostedZoneId=identifier)
            assert parse(bodies[-1], "ListResourceRecordSets")["ResourceRecordSets"] == known["ResourceRecordSets"]
            described = client.get_hosted_zone(Id=identifier)
            mine = parse(bodies[-1], "GetHostedZone")
            assert mine["HostedZone"] == described["HostedZone"]
            assert mine.get("VPCs") == described.get("VPCs")
            assert mine.get("DelegationSet") == described.get("DelegationSet")
        zones = client.list_hosted_zones()
        assert parse(bodies[-1], "ListHostedZones")["HostedZones"] == zones["HostedZones"]
        client.close()


def test_elements_that_nobody_knows_stay() -> None:
    body = f"""<?xml version="1.0"?>
    <ListResourceRecordSetsResponse {NAMESPACE}>
      <ResourceRecordSets>
        <ResourceRecordSet>
          <Name>a.</Name><Moon phase="full">bright</Moon><Tide>1</Tide><Tide>2</Tide>
        </ResourceRecordSet>
        <Marker>x</Marker>
      </ResourceRecordSets>
      <IsTruncated>maybe</IsTruncated>
    </ListResourceRecordSetsResponse>""".encode()
    assert parse(body, "ListResourceRecordSets") == {
        "ResourceRecordSets": [
            {"Name": "a.", "Moon": {"@phase": "full", "#text": "bright"}, "Tide": ["1", "2"]},
            {"Marker": "x"},
        ],
        "IsTruncated": "maybe",
    }


@pytest.mark.parametrize("text", ["1.5", "", "x", "9" * 30, "\u00b2"])
def test_a_number_that_is_none_stays_text(text: str) -> None:
    body = f"<GetHostedZoneResponse><TTL>{text}</TTL></GetHostedZoneResponse>".encode()
    assert parse(body, "GetHostedZone") == {"TTL": text}


@pytest.mark.parametrize("body", [b"", b"text", b"<a>", b"<html/>", b"\xff\xfe", b"<ListHostedZonesResponse/>"])
def test_another_document_is_refused(body: bytes) -> None:
    with pytest.raises(NotRoute53Error):
        parse(body, "GetHostedZone")


@pytest.mark.parametrize(
    ("body", "code", "messages"),
    [
        (USUAL_ERROR, "Throttling", ("Rate",)),
        (BARE_ERROR, "InvalidChangeBatch", ("a", "b")),
        ("<html><body>no</body></html>", "", ()),
        ("no", "", ()),
        ("<ErrorResponse/>", "", ()),
    ],
)
def test_errors_are_read_in_both_forms(body: str, code: str, messages: tuple[str, ...]) -> None:
    assert (error_code(body.encode()), error_messages(body.encode())) == (code, messages)
