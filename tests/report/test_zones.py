"""The table of an account's zones."""

import json
from dataclasses import replace

from migrator.codec import zones as codec
from migrator.model.names import absolute
from migrator.model.zone_info import ZoneInfo
from migrator.report.zones import markdown, text

ZONES = (
    ZoneInfo(
        absolute("example.org."),
        "Z0123456789ABCDEFGHIJ",
        "public",
        1204,
        "",
        (absolute("ns-1.awsdns-01.example."), absolute("ns-2.awsdns-02.example.")),
    ),
    ZoneInfo(
        absolute("xn--bcher-kva.example."), "Z2", "private", None, "active", None, "managed by servicediscovery"
    ),
)


def test_the_table_fits_80_columns_and_identifiers_stay_whole() -> None:
    long = replace(ZONES[0], name=absolute("a-very-long-name-of-a-zone-that-goes-on-and-on.example.org."))

    assert (
        text((*ZONES, long))
        == """\
zone                          id                     visibility  records  status
example.org                   Z0123456789ABCDEFGHIJ  public        1,204  -
  ns-1.awsdns-01.example, ns-2.awsdns-02.example
bücher.example                Z2                     private           -  active
  managed by servicediscovery
a-very-long-n…on.example.org  Z0123456789ABCDEFGHIJ  public        1,204  -
  ns-1.awsdns-01.example, ns-2.awsdns-02.example
3 zones."""
    )


def test_an_identifier_as_long_as_a_line_has_a_line_of_its_own() -> None:
    identifier = "/subscriptions/01234567/resourceGroups/dns/providers/dnszones/example.org"
    found = text((ZoneInfo(absolute("example.org."), identifier, "public", 3, "", None, "resource group dns"),))

    assert (
        found
        == f"""\
zone         id  visibility  records  status
example.org  -   public            3  -
  {identifier}
  resource group dns
1 zone.
Name servers that are not shown were not asked for: list one zone by its name."""
    )


def test_an_account_without_zones_is_said_so() -> None:
    assert text(()) == "0 zones."


def test_markdown_names_every_name_server() -> None:
    assert markdown(ZONES).splitlines() == [
        "| zone | id | visibility | records | status | name servers | note |",
        "|---|---|---|---|---|---|---|",
        (
            "| example.org | Z0123456789ABCDEFGHIJ | public | 1,204 | - | ns-1.awsdns-01.example, "
            "ns-2.awsdns-02.example | - |"
        ),
        "| bücher.example | Z2 | private | - | active | - | managed by servicediscovery |",
    ]


def test_json_says_null_for_what_the_service_does_not_say() -> None:
    assert json.loads(codec.dumps("route53:", ZONES)) == {
        "schema": "dns-migrator/zones/1",
        "source": "route53:",
        "zones": [
            {
                "name": "example.org.",
                "id": "Z0123456789ABCDEFGHIJ",
                "visibility": "public",
                "records": 1204,
                "status": "",
                "name_servers": ["ns-1.awsdns-01.example.", "ns-2.awsdns-02.example."],
                "note": "",
            },
            {
                "name": "xn--bcher-kva.example.",
                "id": "Z2",
                "visibility": "private",
                "records": None,
                "status": "active",
                "name_servers": None,
                "note": "managed by servicediscovery",
            },
        ],
    }
