"""A zone with one of everything that a provider holds: all its types, and all that only it has."""

from pathlib import Path
from typing import Any

from migrator.demo.clouds.azure import SUBSCRIPTION
from tests.cloud.round_trips import NEW, OLD, Clouds, imported

ZONE = "example.com"
_KEY = "ab" * 32
# Of each type, by name; a provider gets those that it holds.
RECORDS = f"""\
a A 192.0.2.1
a A 192.0.2.2
a AAAA 2001:db8::1
* A 192.0.2.9
@ MX 10 mx1.example.net.
@ MX 20 mx2
@ TXT "v=spf1 include:_spf.example.net -all"
@ CAA 0 issue "ca.example.net"
mx2 A 192.0.2.3
s1._domainkey TXT "v=DKIM1; k=rsa; p={"A" * 220}" "{"B" * 170}"
quoted TXT "a \\"quoted\\" word; and a \\\\ backslash" "second"
docs CNAME docs.example.net.
_sip._tcp SRV 0 5 5060 sip.example.net.
ptr PTR host.example.net.
naptr NAPTR 100 10 "S" "SIP+D2T" "" _sip._tcp.example.net.
naptr NAPTR 102 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .
child NS ns1.example.net.
child NS ns2.example.net.
child DS 12345 13 2 {_KEY}
_443._tcp TLSA 3 1 1 {_KEY}
https HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.1
svcb SVCB 1 svc.example.net. port=8443
sshfp SSHFP 4 2 {_KEY}
spf SPF "v=spf1 -all"
loc LOC 52 22 23.000 N 4 53 32.000 E -2.00m 1.00m 10000m 10m
uri URI 10 1 "https://www.example.net/path"
cert CERT PGP 0 0 AAAA
dnskey DNSKEY 256 3 13 {"A" * 86}==
smimea SMIMEA 3 1 1 {_KEY}
pgp OPENPGPKEY AAAA
"""
COMMON = frozenset(["A", "AAAA", "CAA", "CNAME", "DS", "MX", "NAPTR", "NS", "PTR", "SRV", "TLSA", "TXT"])
TYPES = {
    "route53": COMMON | {"HTTPS", "SVCB", "SSHFP", "SPF"},
    "azure": COMMON,
    "cloudflare": COMMON | {"HTTPS", "SVCB", "SSHFP", "LOC", "URI", "CERT", "DNSKEY", "SMIMEA", "OPENPGPKEY"},
}


def zone_file(types: frozenset[str] | None = None) -> str:
    """A zone file with the records of those types, or of all."""
    head = (
        f"$ORIGIN {ZONE}.\n$TTL 3600\n@ SOA ns1.example.net. hostmaster 1 7200 900 1209600 300\n"
        "@ NS ns1.example.net.\n"
    )
    chosen = [line for line in RECORDS.splitlines() if types is None or line.split()[1] in types]
    return head + "".join(f"{line}\n" for line in chosen)


def make_feature_zone(clouds: Clouds, provider: str, path: Path) -> str:
    """Fill a zone at the provider and return its locator: first by an import, then with what a file cannot say."""
    path.write_text(zone_file(TYPES[provider]))
    locator = _FILLERS[provider](clouds)
    imported(clouds, f"file:{path}", locator)
    _FEATURES[provider](clouds)
    return locator


def _route53(clouds: Clouds) -> str:
    zone = clouds.route53.account.create(ZONE)
    return f"route53:{ZONE}?zone-id={zone.identifier}"


def _azure(clouds: Clouds) -> str:
    return f"azure:{ZONE}?resource-group={OLD}"


def _cloudflare(clouds: Clouds, plan: str = "pro") -> str:
    zone = clouds.cloudflare.account.create(ZONE, plan=plan, newer_types=frozenset({"FOO"}))
    return f"cloudflare:{ZONE}?zone-id={zone.identifier}"


def _route53_features(clouds: Clouds) -> None:
    (zone,) = clouds.route53.account.zones.values()
    clouds.route53.account.newer_types.add("FOO")

    def put(name: str, value: str, rdtype: str = "A", **more: Any) -> None:
        zone.put(
            {
                "Name": f"{name}.{ZONE}",
                "Type": rdtype,
                **more,
                "TTL": 60,
                "ResourceRecords": [{"Value": value}],
            }
        )

    def alias(name: str, scope: str, target: str, *, rdtype: str = "A", health: bool = False) -> None:
        there = {"HostedZoneId": scope, "DNSName": target, "EvaluateTargetHealth": health}
        zone.put({"Name": f"{name}{ZONE}", "Type": rdtype, "AliasTarget": there})

    alias("", "Z2FDTNDATAQYW2", "d111111abcdef8.cloudfront.net.")
    alias("cdn.", "Z2FDTNDATAQYW2", "d111111abcdef8.cloudfront.net.")
    alias("inside.", zone.identifier, f"a.{ZONE}.", health=True)
    alias("inside.", zone.identifier, f"a.{ZONE}.", rdtype="AAAA")
    put("weighted", "192.0.2.11", SetIdentifier="blue", Weight=70)
    put("weighted", "192.0.2.12", SetIdentifier="green", Weight=30, HealthCheckId="check-1")
    put("weighted", "192.0.2.13", SetIdentifier="grey", Weight=0)
    put("shares", "blue.example.net", "CNAME", SetIdentifier="blue", Weight=9)
    put("shares", "green.example.net", "CNAME", SetIdentifier="green", Weight=1)
    put("failover", "192.0.2.21", SetIdentifier="main", Failover="PRIMARY", HealthCheckId="check-1")
    put("failover", "192.0.2.22", SetIdentifier="spare", Failover="SECONDARY")
    put("latency", "192.0.2.31", SetIdentifier="eu", Region="eu-central-1")
    put("latency", "192.0.2.32", SetIdentifier="us", Region="us-east-1")
    put("geo", "192.0.2.41", SetIdentifier="all", GeoLocation={"CountryCode": "*"})
    put("geo", "192.0.2.42", SetIdentifier="de", GeoLocation={"CountryCode": "DE"})
    put("geo", "192.0.2.43", SetIdentifier="asia", GeoLocation={"ContinentCode": "AS"})
    put("near", "192.0.2.51", SetIdentifier="fra", GeoProximityLocation={"AWSRegion": "eu-central-1", "Bias": 5})
    put(
        "office",
        "192.0.2.71",
        SetIdentifier="in",
        CidrRoutingConfig={"CollectionId": "nets-1", "LocationName": "o1"},
    )
    put(
        "office",
        "192.0.2.72",
        SetIdentifier="else",
        CidrRoutingConfig={"CollectionId": "nets-1", "LocationName": "*"},
    )
    put("policy", "192.0.2.75", TrafficPolicyInstanceId="policy-1")
    put("moon", "192.0.2.76", Moon={"Phase": "full"})
    put("future", "what a service of tomorrow holds", "FOO")
    put("multi", "192.0.2.61", SetIdentifier="one", MultiValueAnswer=True)
    put("multi", "192.0.2.62", SetIdentifier="two", MultiValueAnswer=True)


def _azure_features(clouds: Clouds) -> None:
    zone = clouds.azure.cloud.only_zone()
    network = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{OLD}/providers/Microsoft.Network"
    zone.put("@", "A", targetResource={"id": f"{network}/publicIPAddresses/front"})
    zone.put("api", "CNAME", targetResource={"id": f"{network}/trafficManagerProfiles/api"})
    zone.put("inside", "A", TTL=300, targetResource={"id": f"{zone.identifier}/A/a"})
    zone.put("noted", "A", ARecords=[{"ipv4Address": "192.0.2.71"}], metadata={"owner": "web team", "since": "1"})
    zone.put("empty", "A", ARecords=[])
    zone.put("moon", "A", ARecords=[{"ipv4Address": "192.0.2.76"}], Moon={"phase": "full"})
    zone.put("future", "FOO", FOORecords=[{"bar": "what a service of tomorrow holds"}])
    clouds.azure.cloud.newer_types.add("FOO")


def _cloudflare_features(clouds: Clouds) -> None:
    (zone,) = clouds.cloudflare.account.zones.values()
    zone.seed(
        {"type": "CNAME", "name": "@", "content": "shop.example.net"},
        {"type": "A", "name": "proxied", "content": "198.51.100.7", "proxied": True},
        {"type": "AAAA", "name": "bare", "content": "100::", "proxied": True},
        {"type": "A", "name": "mixed", "content": "198.51.100.8", "proxied": True},
        {"type": "A", "name": "mixed", "content": "198.51.100.9", "ttl": 120},
        {"type": "A", "name": "auto", "content": "198.51.100.10", "ttl": 1},
        {"type": "A", "name": "noted", "content": "198.51.100.11", "ttl": 300, "comment": "asked for by legal"},
        {"type": "A", "name": "tagged", "content": "198.51.100.12", "ttl": 300, "tags": ["team:web", "old"]},
        {"type": "A", "name": "ttls", "content": "198.51.100.13", "ttl": 300},
        {"type": "A", "name": "ttls", "content": "198.51.100.14", "ttl": 600},
        {
            "type": "CNAME",
            "name": "flat",
            "content": "flat.example.net",
            "ttl": 300,
            "settings": {"flatten_cname": True},
        },
        {"type": "CNAME", "name": "beside", "content": "beside.example.net", "ttl": 300},
        {"type": "TXT", "name": "beside", "content": '"text"', "ttl": 300},
        {"type": "A", "name": "inner", "content": "198.51.100.15", "ttl": 300, "private_routing": True},
        {"type": "A", "name": "four", "content": "198.51.100.16", "ttl": 300, "settings": {"ipv4_only": True}},
        {"type": "FOO", "name": "future", "content": "what a service of tomorrow holds", "ttl": 300},
    )
    zone.put(
        {
            "type": "MX",
            "name": f"routed.{ZONE}",
            "content": "route1.mx.cloudflare.net",
            "priority": 30,
            "ttl": 1,
            "meta": {"email_routing": True, "read_only": True},
        }
    )


_FILLERS = {"route53": _route53, "azure": _azure, "cloudflare": _cloudflare}
_FEATURES = {"route53": _route53_features, "azure": _azure_features, "cloudflare": _cloudflare_features}


def fresh(clouds: Clouds, provider: str, *, group: str = NEW) -> str:
    """A locator of a zone at the provider that is not there yet, or, where one of its name is, of an empty one."""
    match provider:
        case "azure":
            clouds.azure.cloud.group(SUBSCRIPTION, group)
            return f"azure:{ZONE}?resource-group={group}"
        case "cloudflare" if clouds.cloudflare.account.zones:
            return _cloudflare(clouds)
        case "route53" if clouds.route53.account.zones:
            return _route53(clouds)
        case _:
            return f"{provider}:{ZONE}"
