"""What one provider's proxy and flattening hide: origins, placeholders, CNAMEs at the apex, managed records."""

import pytest

from migrator.model.capabilities import Capabilities
from migrator.model.extras import AutomaticTTL, Flattened, ForRecord, Managed, Opaque, Proxied, RecordTTL
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot
from migrator.translate import Relation, translate
from tests.snapshots import rrset, zone
from tests.translate.targets import CLOUDFLARE, CLOUDFLARE_PAID, ROUTE53, TARGETS
from tests.translate.telling import fates, lost, told

PROXIED = (Proxied(), AutomaticTTL())
ELSEWHERE = ["route53", "azure", "file"]

# A set, and what becomes of it where there is no such proxy.
ROWS: dict[str, tuple[RRset, list[str], list[str]]] = {
    "a proxied address": (
        rrset("www", "A", "198.51.100.7", extras=PROXIED),
        ["www 300 A 198.51.100.7"],
        ["error www A origin-exposed", "notice www A automatic-ttl"],
    ),
    "a proxied address with the TTL that stands for automatic": (
        rrset("www", "A", "198.51.100.7", ttl=1, extras=PROXIED),
        ["www 300 A 198.51.100.7"],
        ["error www A origin-exposed", "notice www A automatic-ttl"],
    ),
    "a proxied CNAME": (
        rrset("www", "CNAME", "origin.example.net.", extras=PROXIED),
        ["www 300 CNAME origin.example.net."],
        ["error www CNAME origin-exposed", "notice www CNAME automatic-ttl"],
    ),
    "a proxied CNAME at the apex, which stays hidden since it is left out": (
        rrset("@", "CNAME", "shop.example.net.", extras=PROXIED),
        [],
        ["error @ CNAME apex-cname-dropped"],
    ),
    "one that is not proxied": (
        rrset("www", "A", "198.51.100.7", extras=(Proxied(enabled=False),)),
        ["www 300 A 198.51.100.7"],
        [],
    ),
    "one proxied record of two": (
        rrset("www", "A", "198.51.100.7", "198.51.100.8", extras=(ForRecord("198.51.100.7", Proxied()),)),
        ["www 300 A 198.51.100.7 | 198.51.100.8"],
        ["error www A origin-exposed"],
    ),
    "an address that leads nowhere": (
        rrset("go", "A", "192.0.2.1", extras=PROXIED),
        [],
        ["error go A originless-placeholder"],
    ),
    "a tunnel of the proxy": (
        rrset("go", "CNAME", "0a0b.CFArgoTunnel.com.", extras=PROXIED),
        [],
        ["error go CNAME originless-placeholder"],
    ),
    "an IPv6 address that leads nowhere": (
        rrset("go", "AAAA", "100::", extras=PROXIED),
        [],
        ["error go AAAA originless-placeholder"],
    ),
    "a placeholder beside an origin": (
        rrset("go", "A", "192.0.2.1", "198.51.100.7", extras=PROXIED),
        ["go 300 A 198.51.100.7"],
        ["error go A originless-placeholder", "error go A origin-exposed", "notice go A automatic-ttl"],
    ),
    "the same address without a proxy is the user's own": (
        rrset("go", "A", "192.0.2.1"),
        ["go 300 A 192.0.2.1"],
        [],
    ),
    "a flattened CNAME": (
        rrset("www", "CNAME", "a.example.net.", extras=(Flattened(),)),
        ["www 300 CNAME a.example.net."],
        ["warning www CNAME flattening-lost"],
    ),
    "a managed record": (
        rrset("@", "MX", "10 route1.mx.example.net.", extras=(Managed("Email Routing"),)),
        [],
        ["error @ MX managed-record"],
    ),
    "one managed record of two": (
        rrset(
            "@",
            "MX",
            "10 mx.example.net.",
            "20 route1.example.net.",
            extras=(ForRecord("20 route1.example.net.", Managed("Email Routing")),),
        ),
        ["@ 300 MX 10 mx.example.net."],
        ["error @ MX managed-record"],
    ),
    "one managed record of three, and the only one with the smallest TTL": (
        rrset(
            "@",
            "TXT",
            '"v=spf1 -all"',
            '"one=1"',
            '"two=2"',
            extras=(
                ForRecord('"v=spf1 -all"', Managed("Email Routing")),
                ForRecord('"v=spf1 -all"', AutomaticTTL()),
                ForRecord('"one=1"', RecordTTL(3600)),
                ForRecord('"two=2"', RecordTTL(3600)),
            ),
        ),
        ['@ 3600 TXT "one=1" | "two=2"'],
        ["error @ TXT managed-record"],
    ),
    "a setting that nobody here knows": (
        rrset("www", "A", "198.51.100.7", extras=(Opaque("cloudflare", "private_routing", "true"),)),
        ["www 300 A 198.51.100.7"],
        ["error www A unknown-field"],
    ),
}


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("row", ROWS)
def test_what_a_proxy_hides_comes_to_light(row: str, target: str) -> None:
    sets, desired, losses = ROWS[row]
    found = translate(zone(sets), TARGETS[target], source_scheme="cloudflare")

    assert (told(found), lost(found)) == (desired, losses)


@pytest.mark.parametrize("row", [row for row in ROWS if "managed" not in row and "stands for" not in row])
def test_what_a_proxy_hides_stays_hidden_in_another_account_of_the_provider(row: str) -> None:
    found = translate(zone(ROWS[row][0]), CLOUDFLARE_PAID, source_scheme="cloudflare")

    assert (set(fates(found).values()), lost(found)) == ({"copied"}, [])


# TTLs that only a zone file can say of proxied records, and what Cloudflare has of them.
OWN_TTLS: dict[str, tuple[RRset, list[str], list[str]]] = {
    "of a set": (
        rrset("www", "A", "198.51.100.7", ttl=3600, extras=(Proxied(),)),
        ["www 300 A 198.51.100.7 [proxied enabled=true] [automatic-ttl]"],
        ["notice www A proxied-ttl"],
    ),
    "below what the plan takes": (
        rrset("www", "A", "198.51.100.7", ttl=30, extras=(Proxied(),)),
        ["www 300 A 198.51.100.7 [proxied enabled=true] [automatic-ttl]"],
        ["notice www A proxied-ttl"],
    ),
    "of one record of two": (
        rrset(
            "www", "A", "198.51.100.7", "198.51.100.8", ttl=3600, extras=(ForRecord("198.51.100.7", Proxied()),)
        ),
        [
            (
                "www 300 A 198.51.100.7 | 198.51.100.8"
                ' [for-record rdata="198.51.100.7" extra=(proxied enabled=true)]'
                ' [for-record rdata="198.51.100.8" extra=(record-ttl ttl=3600)]'
                ' [for-record rdata="198.51.100.7" extra=(automatic-ttl)]'
            )
        ],
        ["notice www A proxied-ttl"],
    ),
    "of one record, longer than the others'": (
        rrset("www", "A", "198.51.100.7", "198.51.100.8", ttl=120, extras=(ForRecord("198.51.100.7", Proxied()),)),
        [
            (
                "www 120 A 198.51.100.7 | 198.51.100.8"
                ' [for-record rdata="198.51.100.7" extra=(proxied enabled=true)]'
                ' [for-record rdata="198.51.100.7" extra=(record-ttl ttl=300)]'
                ' [for-record rdata="198.51.100.7" extra=(automatic-ttl)]'
            )
        ],
        ["notice www A proxied-ttl"],
    ),
    "of what is not proxied": (
        rrset("www", "A", "198.51.100.7", ttl=3600, extras=(Proxied(enabled=False),)),
        ["www 3600 A 198.51.100.7 [proxied enabled=false]"],
        [],
    ),
}


@pytest.mark.parametrize("row", OWN_TTLS)
def test_the_ttl_of_what_is_proxied_is_left_to_the_proxy(row: str) -> None:
    sets, desired, losses = OWN_TTLS[row]
    found = translate(zone(sets), CLOUDFLARE, source_scheme="file")

    assert (told(found), lost(found)) == (desired, losses)


def test_the_other_addresses_of_a_proxied_name_come_to_light_too() -> None:
    found = translate(
        zone(
            rrset("www", "A", "198.51.100.7", "198.51.100.8", extras=(ForRecord("198.51.100.7", Proxied()),)),
            rrset("www", "AAAA", "2001:db8::7"),
            rrset("www", "TXT", '"t"'),
            rrset("web", "AAAA", "2001:db8::8"),
        ),
        ROUTE53,
        source_scheme="cloudflare",
    )

    assert {loss.key.rdtype.name: loss.message.partition(";")[0] for loss in found.losses} == {
        "A": "The proxy hid 198.51.100.7, 198.51.100.8",
        "AAAA": "The proxy hid 2001:db8::7",
    }
    assert set(lost(found)) == {"error www A origin-exposed", "error www AAAA origin-exposed"}


def test_a_flattened_cname_at_the_apex_needs_no_setting_where_all_are() -> None:
    apex = zone(rrset("@", "CNAME", "a.example.net.", extras=(Flattened(),)))
    found = translate(apex, CLOUDFLARE, source_scheme="cloudflare")

    assert told(found) == ["@ 300 CNAME a.example.net."]
    assert lost(found) == ["notice @ CNAME flattened-anyway"]
    assert found.ledger[-1].reason == "Cloudflare flattens every CNAME at the apex."


@pytest.mark.parametrize("target", [CLOUDFLARE, CLOUDFLARE_PAID], ids=["free", "paid"])
def test_a_proxied_cname_is_flattened_without_a_setting(target: Capabilities) -> None:
    cname = rrset("www", "CNAME", "a.example.net.", extras=(*PROXIED, Flattened()))
    found = translate(zone(cname), target, source_scheme="cloudflare")

    assert (told(found), lost(found)) == (
        ["www 300 CNAME a.example.net. [proxied enabled=true] [automatic-ttl]"],
        ["notice www CNAME flattened-anyway"],
    )
    assert found.ledger[-1].reason == "Cloudflare flattens every CNAME that it proxies."


@pytest.mark.parametrize("target", [CLOUDFLARE, ROUTE53], ids=["cloudflare", "route53"])
def test_what_no_proxy_takes_loses_the_mark_of_one(target: Capabilities) -> None:
    sets = zone(
        rrset("t", "TXT", '"t"', ttl=3600, extras=(Proxied(),)),
        rrset("u", "TXT", '"u"', ttl=3600, extras=(Proxied(enabled=False),)),
    )
    found = translate(sets, target, source_scheme="file")

    assert (told(found)[0], lost(found)) == ('t 3600 TXT "t"', ["notice t TXT proxy-unmeant"])
    assert fates(found) == {"t TXT": "translated", "u TXT": "copied"}


def test_many_origins_are_counted() -> None:
    sets = zone(rrset("www", "A", *(f"198.51.100.{n}" for n in range(5)), extras=(Proxied(),)))

    assert "198.51.100.0, 198.51.100.1, 198.51.100.2 and 2 more" in translate(sets, ROUTE53).losses[0].message


def test_managed_records_come_along_to_the_same_zone_only() -> None:
    managed = zone(ROWS["a managed record"][0])

    assert lost(translate(managed, CLOUDFLARE, relation=Relation.SAME_ACCOUNT)) == ["error @ MX managed-record"]
    same = translate(managed, CLOUDFLARE, relation=Relation.SAME_ZONE, source_scheme="cloudflare")
    assert (fates(same), lost(same)) == ({"@ MX": "copied"}, [])


def test_the_message_names_the_origin_and_the_product() -> None:
    sets = zone(ROWS["a proxied address"][0], ROWS["a managed record"][0])
    messages = [loss.message for loss in translate(sets, ROUTE53).losses]

    assert messages[:2] == [
        "Email Routing owns the set and does not come along.",
        "The proxy hid 198.51.100.7; Route 53 answers it to everybody, without the proxy's protection.",
    ]


def apex_cname(target: str) -> ZoneSnapshot:
    return zone(
        rrset("@", "CNAME", target, extras=(Flattened(),)),
        rrset("@", "MX", "10 mx.example.net."),
        rrset("web", "A", "198.51.100.7", ttl=60),
        rrset("cdn", "CNAME", "shop.example.net."),
        rrset("www", "CNAME", "d1.cloudfront.net."),
    )


AROUND = [
    "@ 300 MX 10 mx.example.net.",
    "cdn 300 CNAME shop.example.net.",
    "web 60 A 198.51.100.7",
    "www 300 CNAME d1.cloudfront.net.",
]
ALIASES = {
    target: [f'@ - A [alias target={target} scope="{scope}"]', f'@ - AAAA [alias target={target} scope="{scope}"]']
    for target, scope in (
        ("d1.cloudfront.net.", "Z2FDTNDATAQYW2"),
        ("a1.awsglobalaccelerator.com.", "Z2BJ6XQ5FK7U4H"),
    )
}
APEX_ROWS: dict[tuple[str, str], tuple[list[str], list[str]]] = {
    ("d1.cloudfront.net.", "route53"): (ALIASES["d1.cloudfront.net."], ["notice @ CNAME apex-cname-as-alias"]),
    ("a1.awsglobalaccelerator.com.", "route53"): (
        ALIASES["a1.awsglobalaccelerator.com."],
        ["notice @ CNAME apex-cname-as-alias"],
    ),
    ("d1.cloudfront.net.", "azure"): ([], ["error @ CNAME apex-cname-dropped"]),
    ("d1.cloudfront.net.", "file"): ([], ["error @ CNAME apex-cname-dropped"]),
    ("d1.cloudfront.net.", "cloudflare"): (
        ["@ 300 CNAME d1.cloudfront.net."],
        ["notice @ CNAME flattened-anyway"],
    ),
    ("shop.example.net.", "route53"): ([], ["error @ CNAME apex-cname-dropped"]),
    ("cloudfront.net.", "route53"): ([], ["error @ CNAME apex-cname-dropped"]),
    ("web", "route53"): (["@ - A [alias target=web.example.org.]"], ["notice @ CNAME apex-cname-as-alias"]),
    ("web", "azure"): (["@ 300 A [alias target=web.example.org.]"], ["notice @ CNAME apex-cname-as-alias"]),
    ("web", "file"): (["@ 60 A 198.51.100.7"], ["warning @ CNAME apex-cname-copied"]),
    ("web", "cloudflare"): (["@ 300 CNAME web.example.org."], ["notice @ CNAME flattened-anyway"]),
    ("cdn", "azure"): ([], ["error @ CNAME apex-cname-dropped"]),
    ("www", "route53"): (ALIASES["d1.cloudfront.net."], ["notice @ CNAME apex-cname-as-alias"]),
    ("www", "azure"): ([], ["error @ CNAME apex-cname-dropped"]),
}


@pytest.mark.parametrize(("name", "target"), APEX_ROWS)
def test_a_cname_at_the_apex(name: str, target: str) -> None:
    desired, losses = APEX_ROWS[name, target]
    found = translate(apex_cname(name), TARGETS[target], source_scheme="cloudflare")

    assert sorted(told(found)) == sorted([*desired, *AROUND])
    assert lost(found) == losses


def test_the_addresses_behind_a_cname_at_the_apex_are_taken_when_somebody_accepts_it() -> None:
    answers = (rrset("shop.example.net.", "A", "203.0.113.1", ttl=60), rrset("shop.example.net.", "AAAA", ttl=60))
    addresses = {answer.key: answer for answer in answers}
    source = apex_cname("cdn")
    asked = translate(source, ROUTE53, source_scheme="cloudflare")
    found = translate(
        source,
        ROUTE53,
        addresses=addresses,
        accepts=frozenset({"apex-cname-addresses"}),
        source_scheme="cloudflare",
    )

    assert set(asked.unresolved) == set(addresses)
    assert "@ 60 A 203.0.113.1" in told(found)
    assert (lost(found), found.undecided) == (["error @ CNAME apex-cname-addresses"], ())
    refused = translate(
        source,
        ROUTE53,
        addresses=addresses,
        accepts=frozenset({"apex-cname-dropped"}),
        source_scheme="cloudflare",
    )
    assert (told(refused), refused.undecided) == (AROUND, ())
