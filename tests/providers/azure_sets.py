"""Record sets as Azure lists them and what each means: one of every type and of every field."""

import json
from typing import Any

from migrator.demo.clouds.azure import SUBSCRIPTION
from migrator.demo.clouds.azure_zones import Raw
from migrator.model.extras import Alias, Metadata, Opaque
from migrator.model.names import ROOT, absolute
from migrator.model.rrset import RRset
from tests.providers.azure_reading import rrset

NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/dns/providers/Microsoft.Network"
ZONE_ID = f"{NETWORK}/dnszones/example.com"
LINKS = ("targetResource", "trafficManagementProfile")
PROFILE = f"{NETWORK}/trafficManagerProfiles/shop"
ADDRESS = f"{NETWORK}/publicIPAddresses/front"


def native(name: str, rdtype: str, ttl: object = 300, **properties: Any) -> Raw:
    """A record set as Azure lists it."""
    fqdn = "example.com." if name == "@" else f"{name}.example.com."
    return {
        "id": f"{ZONE_ID}/{rdtype}/{name}",
        "name": name,
        "type": f"Microsoft.Network/dnszones/{rdtype}",
        "etag": "b5f3b3ee-0000-4000-8000-000000000001",
        "properties": {
            "fqdn": fqdn,
            "TTL": ttl,
            "targetResource": {},
            "provisioningState": "Succeeded",
            **properties,
        },
    }


def opaque(field: str, found: object) -> Opaque:
    return Opaque("azure", field, json.dumps(found, sort_keys=True))


TXT_BORDERS = ["v=DKIM1; k=rsa; p=" + "A" * 200, "B" * 120]
# What Azure says, what it means; both ways.
SETS: list[tuple[Raw, RRset]] = [
    (
        native("www", "A", ARecords=[{"ipv4Address": "192.0.2.2"}, {"ipv4Address": "192.0.2.1"}]),
        rrset("www", "A", 300, "192.0.2.1", "192.0.2.2"),
    ),
    (native("@", "A", 0, ARecords=[{"ipv4Address": "192.0.2.1"}]), rrset("@", "A", 0, "192.0.2.1")),
    (native("*", "A", ARecords=[{"ipv4Address": "192.0.2.1"}]), rrset("*", "A", 300, "192.0.2.1")),
    (native("*.b", "A", ARecords=[{"ipv4Address": "192.0.2.1"}]), rrset("*.b", "A", 300, "192.0.2.1")),
    (
        native("www", "AAAA", AAAARecords=[{"ipv6Address": "2001:db8::1"}]),
        rrset("www", "AAAA", 300, "2001:db8::1"),
    ),
    (
        native("@", "CAA", caaRecords=[{"flags": 128, "tag": "issue", "value": 'ca.example.net; x="1"'}]),
        rrset("@", "CAA", 300, r'128 issue "ca.example.net; x=\"1\""'),
    ),
    (
        native("docs", "CNAME", CNAMERecord={"cname": "docs.example.net."}),
        rrset("docs", "CNAME", 300, "docs.example.net."),
    ),
    (
        native(
            "child",
            "DS",
            DSRecords=[{"keyTag": 60485, "algorithm": 13, "digest": {"algorithmType": 2, "value": "AB" * 32}}],
        ),
        rrset("child", "DS", 300, "60485 13 2 " + "ab" * 32),
    ),
    (
        native("@", "MX", MXRecords=[{"preference": 10, "exchange": "mx1.example.net."}]),
        rrset("@", "MX", 300, "10 mx1.example.net."),
    ),
    (
        native(
            "enum",
            "NAPTR",
            NAPTRRecords=[
                {
                    "order": 100,
                    "preference": 50,
                    "flags": "U",
                    "services": "E2U+sip",
                    "regexp": "!^.* x$!sip:a@example.com!",
                    "replacement": ".",
                }
            ],
        ),
        rrset("enum", "NAPTR", 300, '100 50 "U" "E2U+sip" "!^.* x$!sip:a@example.com!" .'),
    ),
    (
        native("child", "NS", 172800, NSRecords=[{"nsdname": "ns1.example.net."}]),
        rrset("child", "NS", 172800, "ns1.example.net."),
    ),
    (
        native("1", "PTR", PTRRecords=[{"ptrdname": "host.example.net."}]),
        rrset("1", "PTR", 300, "host.example.net."),
    ),
    (
        native(
            "@",
            "SOA",
            3600,
            SOARecord={
                "host": "ns1-01.azure-dns.com.",
                "email": "hostmaster.example.com.",
                "serialNumber": 4294967295,
                "refreshTime": 3600,
                "retryTime": 300,
                "expireTime": 2419200,
                "minimumTTL": 300,
            },
        ),
        rrset("@", "SOA", 3600, "ns1-01.azure-dns.com. hostmaster.example.com. 4294967295 3600 300 2419200 300"),
    ),
    (
        native(
            "_sip._tcp",
            "SRV",
            SRVRecords=[{"priority": 0, "weight": 5, "port": 5060, "target": "sip.example.com."}],
        ),
        rrset("_sip._tcp", "SRV", 300, "0 5 5060 sip.example.com."),
    ),
    (
        native(
            "_25._tcp",
            "TLSA",
            TLSARecords=[{"usage": 3, "selector": 1, "matchingType": 1, "certAssociationData": "AB" * 32}],
        ),
        rrset("_25._tcp", "TLSA", 300, "3 1 1 " + "ab" * 32),
    ),
    (
        native("s1._domainkey", "TXT", TXTRecords=[{"value": TXT_BORDERS}]),
        rrset("s1._domainkey", "TXT", 300, " ".join(f'"{text}"' for text in TXT_BORDERS)),
    ),
    (
        native("@", "TXT", TXTRecords=[{"value": ['say "hi"', "back\\slash", "tab\t", "ä"]}]),
        rrset("@", "TXT", 300, r'"say \"hi\"" "back\\slash" "tab\009" "\195\164"'),
    ),
    (native("empty", "A", ARecords=[]), rrset("empty", "A", 300)),
    (native("empty", "CNAME"), rrset("empty", "CNAME", 300)),
    (
        native("www", "A", ARecords=[{"ipv4Address": "192.0.2.1"}], metadata={"owner": "web", "cost": "17"}),
        rrset("www", "A", 300, "192.0.2.1", extras=(Metadata("cost", "17"), Metadata("owner", "web"))),
    ),
    (
        native("shop", "A", targetResource={"id": f"{ZONE_ID}/A/www"}),
        rrset("shop", "A", 300, extras=(Alias(absolute("www.example.com."), f"{ZONE_ID}/A/www"),)),
    ),
    (native("@", "A", targetResource={"id": ADDRESS}), rrset("@", "A", 300, extras=(Alias(ROOT, ADDRESS),))),
    (
        native("shop", "CNAME", 30, targetResource={"id": PROFILE}, metadata={"a": "b"}),
        rrset("shop", "CNAME", None, extras=(Alias(ROOT, PROFILE), Metadata("a", "b"))),
    ),
    (
        native("shop", "CNAME", 30, trafficManagementProfile={"id": PROFILE}),
        rrset(
            "shop",
            "CNAME",
            None,
            extras=(Alias(ROOT, PROFILE), opaque("properties.trafficManagementProfile", {"id": PROFILE})),
        ),
    ),
    (
        native("both", "CNAME", 30, targetResource={"id": PROFILE}, trafficManagementProfile={"id": PROFILE}),
        rrset(
            "both",
            "CNAME",
            None,
            extras=(
                Alias(ROOT, PROFILE),
                *(opaque(f"properties.{field}", {"id": PROFILE}) for field in LINKS),
            ),
        ),
    ),
]
