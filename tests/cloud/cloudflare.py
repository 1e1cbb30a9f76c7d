"""The fake Cloudflare to play with: `python -m tests.cloud.cloudflare`."""

import argparse
import json
import threading
from pathlib import Path

from migrator.demo.clouds.cloudflare import TOKEN, Cloudflare
from migrator.demo.clouds.cloudflare_api import PREFIX
from migrator.demo.clouds.cloudflare_zones import Account


def sample(account: Account) -> None:
    """A zone with one of everything that a zone file cannot say, and the same name in another account."""
    zone = account.create("example.com", plan="pro")
    zone.dnssec = {
        "status": "active",
        "ds": "example.com. 3600 IN DS 2371 13 2 " + "AB" * 32,
        "key_tag": 2371,
        "algorithm": "13",
    }
    zone.seed(
        {"type": "CNAME", "name": "@", "content": "shop.example.net"},
        {"type": "MX", "name": "@", "content": "mx1.example.net", "priority": 10, "ttl": 3600},
        {"type": "TXT", "name": "@", "content": "v=spf1 include:_spf.example.net -all"},
        {
            "type": "TXT",
            "name": "s1._domainkey",
            "content": '"v=DKIM1; k=rsa; p=' + "A" * 200 + '" "' + "B" * 150 + '"',
        },
        {"type": "TXT", "name": "_dmarc", "content": '"v=DMARC1; p=reject"', "comment": "asked for by legal"},
        {"type": "A", "name": "www", "content": "198.51.100.7", "proxied": True, "tags": ["team:web"]},
        {"type": "A", "name": "mixed", "content": "198.51.100.8", "proxied": True},
        {"type": "A", "name": "mixed", "content": "198.51.100.9", "ttl": 120},
        {"type": "CNAME", "name": "docs", "content": "docs.example.net", "settings": {"flatten_cname": True}},
        {"type": "NS", "name": "child", "content": "ns1.example.net", "ttl": 3600},
        {
            "type": "DS",
            "name": "child",
            "data": {"key_tag": 1, "algorithm": 13, "digest_type": 2, "digest": "CD" * 32},
        },
        {
            "type": "SRV",
            "name": "_sip._tcp",
            "data": {"priority": 0, "weight": 5, "port": 5060, "target": "sip.example.com"},
        },
        {"type": "CAA", "name": "@", "data": {"flags": 0, "tag": "issue", "value": "ca.example.net"}},
    )
    zone.put(
        {
            "type": "MX",
            "name": "mail.example.com",
            "content": "route1.mx.cloudflare.net",
            "priority": 30,
            "ttl": 1,
            "meta": {"email_routing": True, "read_only": True},
        },
    )
    zone.newer_types = frozenset({"FOO"})
    zone.seed({"type": "FOO", "name": "future.example.com", "content": "something new", "ttl": 300})
    account.accounts["b" * 32] = "Another Account"
    account.create("example.net", account="b" * 32, status="moved")
    account.create("example.org")
    account.create("example.org", account="b" * 32, status="pending")


def main() -> None:
    """Run until interrupted, with the sample zones or those of a JSON file: {"example.com": [records]}."""
    parser = argparse.ArgumentParser(prog="python -m tests.cloud.cloudflare", description=main.__doc__)
    parser.add_argument("--port", type=int, default=5380)
    parser.add_argument("--zones", type=Path, metavar="FILE", help="JSON: zone name -> list of records")
    options = parser.parse_args()
    cloud = Cloudflare(options.port)
    if options.zones:
        for name, records in json.loads(options.zones.read_text()).items():
            cloud.account.create(name, plan="pro").seed(*records)
    else:
        sample(cloud.account)
    with cloud:
        print(f"export CLOUDFLARE_BASE_URL={cloud.url} CLOUDFLARE_API_TOKEN={TOKEN}")
        print("dns-migrator zones cloudflare:")
        print("dns-migrator export cloudflare:example.com")
        print(f"curl '{cloud.url.removesuffix(PREFIX)}/fail?operation=ListRecords&kind=throttle&times=3'")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
