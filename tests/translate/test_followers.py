"""What is said of names that stop answering, or answer something else, since a set is left out."""

from dataclasses import replace

import pytest

from migrator.model.extras import Alias, Geolocation, Proxied
from migrator.model.names import ROOT
from migrator.model.rrset import RRset
from migrator.translate import translate
from tests.snapshots import alias, rrset, zone
from tests.translate.targets import TARGETS

CDN = "d1.cloudfront.net."
SHOP = rrset("shop", "CNAME", "@")
AT_APEX = alias("@", "A", CDN)
GEO = rrset("geo", "A", "192.0.2.1", variant="de", extras=(Geolocation(country="DE"),))
ANY = rrset("*", "A", "192.0.2.9")
IP = rrset("@", "A", extras=(Alias(ROOT, "/subscriptions/1/publicIPAddresses/web"),))
NOWHERE = rrset("go", "A", "192.0.2.1", extras=(Proxied(),))
SILENT = "What leads to it does not answer either: "
INSTEAD = "The name answers what *.example.org has instead."
MANY = tuple(rrset(f"n{number}", "CNAME", "geo") for number in range(5))

# A zone, its provider, the target, the name that is left out, and what its loss says at the end.
ROWS: dict[str, tuple[tuple[RRset, ...], str, str, str, str]] = {
    "a CNAME to an alias": ((AT_APEX, SHOP), "route53", "azure", "@", f"{SILENT}shop.example.org."),
    "a CNAME to a resource": ((IP, SHOP), "azure", "route53", "@", f"{SILENT}shop.example.org."),
    "through another CNAME": (
        (AT_APEX, SHOP, rrset("old", "CNAME", "shop")),
        *("route53", "file", "@"),
        f"{SILENT}old.example.org, shop.example.org.",
    ),
    "a CNAME to a CNAME at the apex": (
        (rrset("@", "CNAME", "shop.example.net."), rrset("www", "CNAME", "@")),
        *("cloudflare", "azure", "@"),
        f"{SILENT}www.example.org.",
    ),
    "a CNAME to an address that leads nowhere": (
        (NOWHERE, rrset("www", "CNAME", "go")),
        *("cloudflare", "route53", "go"),
        f"{SILENT}www.example.org.",
    ),
    "a CNAME below a wildcard": (
        (AT_APEX, rrset("*.dev", "CNAME", "@")),
        *("route53", "file", "@"),
        f"{SILENT}*.dev.example.org.",
    ),
    "many CNAMEs": (
        (GEO, *MANY),
        *("route53", "cloudflare", "geo"),
        f"{SILENT}n0.example.org, n1.example.org, n2.example.org and 2 more.",
    ),
    "data that stays beside it": (
        (AT_APEX, SHOP, rrset("@", "MX", "10 mx.example.net.")),
        *("route53", "file", "@"),
        f"{SILENT}shop.example.org.",
    ),
    "a CNAME that a wildcard answered": (
        (replace(GEO, key=replace(GEO.key, owner=ANY.owner)), rrset("www", "CNAME", "any")),
        *("route53", "file", "*"),
        f"{SILENT}www.example.org.",
    ),
    "a CNAME to what else is left": (
        (rrset("@", "HINFO", '"a" "b"'), rrset("@", "MX", "10 mx.example.net."), SHOP),
        *("file", "azure", "@", ""),
    ),
    "addresses of the other family": (
        (AT_APEX, rrset("@", "AAAA", "2001:db8::1"), SHOP),
        "route53",
        "file",
        "@",
        "",
    ),
    "a CNAME that led nowhere before": ((GEO, rrset("www", "CNAME", "gone")), "route53", "file", "geo", ""),
    "a CNAME into a delegated zone": (
        (rrset("sub", "NS", "ns1.example.net."), GEO, rrset("www", "CNAME", "geo.sub")),
        *("route53", "file", "geo", ""),
    ),
    "a wildcard": ((GEO, ANY), "route53", "azure", "geo", INSTEAD),
    "a wildcard and a CNAME": ((GEO, ANY, rrset("www", "CNAME", "geo")), "route53", "azure", "geo", INSTEAD),
    "a wildcard of another type": ((GEO, rrset("*", "MX", "10 mx.example.net.")), "route53", "azure", "geo", ""),
    "a wildcard, and other data at the name": (
        (GEO, ANY, rrset("geo", "TXT", '"x"')),
        "route53",
        "azure",
        "geo",
        "",
    ),
    "a wildcard, and a name below": ((GEO, ANY, rrset("a.geo", "A", "192.0.2.2")), "route53", "azure", "geo", ""),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_loss_says_what_follows_from_it(row: str) -> None:
    sets, source, target, owner, said = ROWS[row]
    found = translate(zone(*sets), TARGETS[target], source_scheme=source)
    messages = {loss.message for loss in found.undecided if loss.key.owner == rrset(owner, "A").owner}

    assert messages
    assert all(message.endswith(said) for message in messages)
    assert said or not any(SILENT in message or INSTEAD in message for message in messages)
