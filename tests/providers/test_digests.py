"""Digests that are not as long as their hash: each provider's records mean what a zone file with the same does."""

from collections.abc import Callable
from typing import Any

import pytest
from dns.rdata import GenericRdata

from migrator.diff.equality import mean_the_same
from migrator.model.finding import Finding, Severity
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.zonefile import read_zone
from providers.azure import convert as azure
from providers.azure.body import body_of
from providers.azure.values import UnwritableError as AzureUnwritableError
from providers.cloudflare import convert as cloudflare
from providers.cloudflare.bodies import entries_of
from providers.cloudflare.wording import UnwritableError as CloudflareUnwritableError
from providers.route53 import convert as route53
from providers.route53.native import native_of
from tests.providers.azure_sets import ZONE_ID, native
from tests.providers.azure_sets import opaque as azure_opaque
from tests.providers.cloudflare_reading import raw

ORIGIN = absolute("example.com.")
DIGEST = "ABCD" * 4
SAID = "A digest of 8 octets is not as long as its hash. The record is kept octet by octet."

CERTIFICATE = {"usage": 3, "selector": 1, "matching_type": 1, "certificate": DIGEST.lower()}
KEY = {"key_tag": 1, "algorithm": 8, "digest_type": 2, "digest": DIGEST.lower()}
FINGERPRINT = {"algorithm": 1, "type": 1, "fingerprint": DIGEST.lower()}
LINES = {
    "TLSA": f"TLSA 3 1 1 {DIGEST}",
    "SMIMEA": f"SMIMEA 3 1 1 {DIGEST}",
    "DS": f"DS 1 8 2 {DIGEST}",
    "SSHFP": f"SSHFP 1 1 {DIGEST}",
}
OF_CLOUDFLARE: list[tuple[str, dict[str, Any]]] = [
    ("TLSA", CERTIFICATE),
    ("SMIMEA", CERTIFICATE),
    ("DS", KEY),
    ("SSHFP", FINGERPRINT),
]
OF_AZURE: list[tuple[str, dict[str, Any]]] = [
    (
        "TLSA",
        {"TLSARecords": [{"usage": 3, "selector": 1, "matchingType": 1, "certAssociationData": DIGEST}]},
    ),
    (
        "DS",
        {"DSRecords": [{"keyTag": 1, "algorithm": 8, "digest": {"algorithmType": 2, "value": DIGEST}}]},
    ),
]


def in_a_file(rdtype: str) -> RRset:
    """What a zone file with the record says."""
    return of_line(LINES[rdtype])


def of_line(line: str) -> RRset:
    (record,) = read_zone(f"x 300 {line}\n".encode(), file="x", origin=ORIGIN).records
    return make(RRsetKey(record.owner, record.rdata.rdtype), record.ttl, (record.rdata,))


def told(findings: tuple[Finding, ...]) -> list[tuple[str, Severity, str]]:
    return [(f.check, f.severity, f.message) for f in findings if not f.check.startswith("zone.")]


def assert_same(found: RRset, rdtype: str) -> None:
    expected = in_a_file(rdtype)
    assert (found.key, found.ttl, found.extras) == (expected.key, expected.ttl, ())
    assert mean_the_same(found.rdatas, expected.rdatas)
    assert [type(rdata) for rdata in found.rdatas] == [GenericRdata]


@pytest.mark.parametrize(("rdtype", "fields"), OF_CLOUDFLARE)
def test_cloudflare_s_are_read_from_data_and_content_and_written_again(
    rdtype: str, fields: dict[str, Any]
) -> None:
    content = LINES[rdtype].removeprefix(f"{rdtype} ")
    for given in (
        raw("x.example.com", rdtype, "9 9 nonsense", data=fields),
        raw("x.example.com", rdtype, content),
    ):
        assembly = cloudflare.contents([given], ORIGIN)
        (found,) = assembly.snapshot.rrsets
        assert_same(found, rdtype)
        assert told(assembly.findings) == [("cloudflare.odd-digest", Severity.WARNING, SAID)]
        (entry,) = entries_of(found, ORIGIN)
        assert entry.body == {"type": rdtype, "name": "x.example.com", "data": fields, "ttl": 300}


@pytest.mark.parametrize(("rdtype", "records"), OF_AZURE)
def test_azure_s_are_read_and_written_again(rdtype: str, records: dict[str, Any]) -> None:
    conversion = azure.convert(native("x", rdtype, **records), ORIGIN, ZONE_ID)
    assert_same(conversion.rrset, rdtype)
    assert told(conversion.findings) == [("azure.odd-digest", Severity.WARNING, SAID)]
    assert body_of(conversion.rrset, ORIGIN, ZONE_ID) == {"properties": {"TTL": 300, **records}}


@pytest.mark.parametrize("rdtype", ["TLSA", "DS", "SSHFP"])
def test_route53_s_are_read_and_written_again(rdtype: str) -> None:
    value = LINES[rdtype].removeprefix(f"{rdtype} ")
    given = {"Name": "x.example.com.", "Type": rdtype, "TTL": 300, "ResourceRecords": [{"Value": value}]}
    conversion = route53.convert(given, ORIGIN)
    assert_same(conversion.rrset, rdtype)
    assert told(conversion.findings) == [("route53.odd-digest", Severity.WARNING, SAID)]
    assert native_of(conversion.rrset, "Z1") == given


@pytest.mark.parametrize("digest", ["ABC", "xyz", "AB-CD"])
def test_digits_that_make_up_no_octets_are_carried_as_they_came(digest: str) -> None:
    given = native("x", "TLSA", TLSARecords=[{**OF_AZURE[0][1]["TLSARecords"][0], "certAssociationData": digest}])
    conversion = azure.convert(given, ORIGIN, ZONE_ID)
    assert conversion.rrset.extras == (
        azure_opaque("properties.TLSARecords[]", given["properties"]["TLSARecords"][0]),
    )
    value = {"Value": f"3 1 1 {digest}"}
    found = route53.convert(
        {"Name": "x.example.com.", "Type": "TLSA", "TTL": 300, "ResourceRecords": [value]}, ORIGIN
    )
    assert found.rrset.rdatas == ()
    assert told(found.findings)[0][:2] == ("route53.unreadable-value", Severity.ERROR)


@pytest.mark.parametrize(
    ("write", "error"),
    [
        (lambda rrset: entries_of(rrset, ORIGIN), CloudflareUnwritableError),
        (lambda rrset: body_of(rrset, ORIGIN, ZONE_ID), AzureUnwritableError),
    ],
)
def test_octets_that_make_up_no_numbers_are_not_written(
    write: Callable[[RRset], object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        write(of_line(r"TLSA \# 1 03"))
