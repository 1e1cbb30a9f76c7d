"""The fake Azure DNS to play with: `python -m tests.cloud.azure`."""

import argparse
import threading

from migrator.demo.clouds.azure import SUBSCRIPTION, TOKEN, Azure
from migrator.demo.clouds.azure_zones import Cloud


def sample(cloud: Cloud) -> None:
    """A zone with one of everything that a zone file cannot say, and one whose name stands in two groups."""
    zone = cloud.create(SUBSCRIPTION, "dns-production", "example.com", tags={"team": "web"})
    zone.put("@", "MX", MXRecords=[{"preference": 10, "exchange": "mx1.example.net"}])
    zone.put("@", "TXT", TXTRecords=[{"value": ["v=spf1 include:_spf.example.net -all"]}])
    zone.put("@", "CAA", caaRecords=[{"flags": 0, "tag": "issue", "value": "ca.example.net"}])
    zone.put("s1._domainkey", "TXT", TXTRecords=[{"value": ["v=DKIM1; k=rsa; p=" + "A" * 200, "B" * 150]}])
    zone.put("*", "A", TTL=300, ARecords=[{"ipv4Address": "192.0.2.10"}])
    zone.put("www", "A", TTL=300, ARecords=[{"ipv4Address": "192.0.2.1"}], metadata={"owner": "web team"})
    zone.put("shop", "A", targetResource={"id": f"{zone.identifier}/A/www"})
    zone.put("empty", "A", ARecords=[])
    network = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/dns-production/providers/Microsoft.Network"
    zone.put("@", "A", targetResource={"id": f"{network}/publicIPAddresses/front"})
    zone.put("api", "CNAME", targetResource={"id": f"{network}/trafficManagerProfiles/api"})
    zone.put("_25._tcp.mail", "TLSA", TLSARecords=[
        {"usage": 3, "selector": 1, "matchingType": 1, "certAssociationData": "AB" * 32}
    ])  # fmt: skip
    for group in ("dns-production", "dns-test"):
        twin = cloud.create(SUBSCRIPTION, group, "example.org")
        twin.put("www", "A", ARecords=[{"ipv4Address": "192.0.2.2"}])


def main() -> None:
    """Run until interrupted, with sample zones."""
    parser = argparse.ArgumentParser(prog="python -m tests.cloud.azure", description=main.__doc__)
    parser.add_argument("--port", type=int, default=5354)
    parser.add_argument("--empty", action="store_true", help="a resource group and no zone")
    options = parser.parse_args()
    azure = Azure(options.port)
    if options.empty:
        azure.cloud.group(SUBSCRIPTION, "dns-production")
    else:
        sample(azure.cloud)
    with azure:
        print(f"export AZURE_DNS_ENDPOINT={azure.url} AZURE_ACCESS_TOKEN={TOKEN}")
        print("dns-migrator zones azure:")
        print("dns-migrator export azure:example.com")
        print("dns-migrator export azure:example.org     # stands twice")
        print(f"curl '{azure.url}/fail?operation=ListSets&kind=throttle&times=3'")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
