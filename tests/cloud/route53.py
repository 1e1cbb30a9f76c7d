"""The fake Route 53 to play with: `python -m tests.cloud.route53`."""

import argparse
import json
import threading
from pathlib import Path
from typing import Any

from migrator.demo.clouds.route53 import Route53
from migrator.demo.clouds.route53_zones import Account


def sample(account: Account) -> None:
    """A public and a private zone with one of everything that a zone file cannot say."""
    zone = account.create("example.com", comment="sample")

    def simple(name: str, rdtype: str, *values: str, ttl: int = 300, **more: Any) -> None:
        records = [{"Value": value} for value in values]
        zone.put({"Name": name, "Type": rdtype, **more, "TTL": ttl, "ResourceRecords": records})

    alias = {
        "HostedZoneId": "Z2FDTNDATAQYW2",
        "DNSName": "d111111abcdef8.cloudfront.example.net.",
        "EvaluateTargetHealth": False,
    }
    zone.put({"Name": "example.com", "Type": "A", "AliasTarget": alias})
    simple("example.com", "MX", "10 mx1.example.net", "20 mx2.example.net.")
    simple("example.com", "TXT", '"v=spf1 include:_spf.example.net -all"')
    simple("s1._domainkey.example.com", "TXT", '"v=DKIM1; k=rsa; p=' + "A" * 200 + '" "' + "B" * 150 + '"')
    simple("_dmarc.example.com", "TXT", '"v=DMARC1; p=reject"')
    simple("*.example.com", "A", "192.0.2.10")
    simple("example.com", "CAA", '0 issue "ca.example.net"')
    for number, weight in ((1, 70), (2, 30), (3, 0)):
        simple("www.example.com", "A", f"192.0.2.{number}", SetIdentifier=f"node-{number}", Weight=weight)
    simple("api.example.com", "A", "192.0.2.20", SetIdentifier="main", Failover="PRIMARY", HealthCheckId="hc-1")
    simple("api.example.com", "A", "192.0.2.21", SetIdentifier="spare", Failover="SECONDARY")
    simple("policy.example.com", "A", "192.0.2.30", TrafficPolicyInstanceId="tpi-1")
    simple("future.example.com", "FOO", "something new")
    private = account.create(
        "example.com", comment="inside", private=True, vpcs=[("vpc-0123456789abcdef0", "eu-central-1")]
    )
    private.put({"Name": "db.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.99"}]})


def main() -> None:
    """Run until interrupted, with the sample zones or those of a JSON file: {"example.com": [record sets]}."""
    parser = argparse.ArgumentParser(prog="python -m tests.cloud.route53", description=main.__doc__)
    parser.add_argument("--port", type=int, default=5353)
    parser.add_argument("--zones", type=Path, metavar="FILE", help="JSON: zone name -> list of record sets")
    options = parser.parse_args()
    cloud = Route53(options.port)
    if options.zones:
        for name, record_sets in json.loads(options.zones.read_text()).items():
            cloud.account.create(name).put(*record_sets)
    else:
        sample(cloud.account)
    with cloud:
        print(f"export AWS_ENDPOINT_URL_ROUTE_53={cloud.url} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test")
        print("dns-migrator zones route53:")
        print("dns-migrator export 'route53:example.com?private=false'")
        print(f"curl '{cloud.url}/fail?operation=ListResourceRecordSets&kind=throttle&times=3'")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
