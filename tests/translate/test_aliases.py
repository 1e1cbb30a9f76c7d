"""Aliases: each kind in each direction, and what becomes of them where the target has none."""

from dataclasses import replace

import pytest

from migrator.model.extras import Alias, Geolocation, HealthCheck, Opaque
from migrator.model.names import ROOT
from migrator.model.rrset import RRset
from migrator.translate import Relation, translate
from tests.snapshots import alias, name, rrset, zone
from tests.translate.targets import AZURE, CLOUDFLARE, ROUTE53, TARGETS
from tests.translate.telling import fates, lost, told


def named(owner: str, rdtype: str, target: str) -> RRset:
    """An alias as zone files have it, by name alone."""
    return rrset(owner, rdtype, extras=(Alias(name(target)),))


WEB = rrset("web", "A", "192.0.2.80", ttl=60)
CDN = "d1.cloudfront.net."
PUBLIC_IP = "/subscriptions/1/publicIPAddresses/web"
IP_ALIAS = rrset("www", "A", ttl=3600, extras=(Alias(ROOT, PUBLIC_IP),))
IP_KEPT = f'www 3600 A [alias target=. scope="{PUBLIC_IP}"]'
OWN = ["web 60 A 192.0.2.80"]
BESIDE = (rrset("a", "TXT", '"x"'), rrset("b", "TXT", '"x"'))
IN_GERMANY = Geolocation(country="DE")
EVERYWHERE_ELSE = rrset("web", "AAAA", "2001:db8::80", variant="de", extras=(IN_GERMANY,))

# A zone, the provider it is read from, and for each target the sets desired there and the losses.
ROWS: dict[str, tuple[tuple[RRset, ...], str, dict[str, tuple[list[str], list[str]]]]] = {
    "to a set of the zone": (
        (WEB, alias("www", "A", "web")),
        "route53",
        {
            "route53": ([*OWN, "www - A [alias target=web.example.org.]"], ["notice www A alias-rewritten"]),
            "azure": ([*OWN, "www 60 A [alias target=web.example.org.]"], ["notice www A alias-rewritten"]),
            "cloudflare": ([*OWN, "www 300 CNAME web.example.org."], ["notice www A alias-as-cname"]),
            "file": ([*OWN, "www 300 CNAME web.example.org."], ["notice www A alias-as-cname"]),
        },
    ),
    "to a set of the zone, from the apex": (
        (alias("@", "A", "web"), WEB),
        "route53",
        {
            "route53": (["@ - A [alias target=web.example.org.]", *OWN], ["notice @ A alias-rewritten"]),
            "azure": (["@ 60 A [alias target=web.example.org.]", *OWN], ["notice @ A alias-rewritten"]),
            "cloudflare": (["@ 60 A 192.0.2.80", *OWN], ["warning @ A alias-copied"]),
            "file": (["@ 60 A 192.0.2.80", *OWN], ["warning @ A alias-copied"]),
        },
    ),
    "of another type, to a set of the zone": (
        (alias("a", "MX", "mail"), rrset("mail", "MX", "10 mx.example.net.", ttl=900)),
        "route53",
        {
            "azure": (
                ["a 900 MX 10 mx.example.net.", "mail 900 MX 10 mx.example.net."],
                ["warning a MX alias-copied"],
            ),
            "file": (
                ["a 900 MX 10 mx.example.net.", "mail 900 MX 10 mx.example.net."],
                ["warning a MX alias-copied"],
            ),
        },
    ),
    "to a service, A and AAAA": (
        (alias("www", "A", CDN), alias("www", "AAAA", CDN)),
        "route53",
        {
            "route53": (
                [f'www - A [alias target={CDN} scope="Z1"]', f'www - AAAA [alias target={CDN} scope="Z1"]'],
                [],
            ),
            "azure": (
                [f"www 300 CNAME {CDN}"],
                ["notice www A alias-as-cname", "notice www AAAA alias-as-cname"],
            ),
            "cloudflare": (
                [f"www 300 CNAME {CDN}"],
                ["notice www A alias-as-cname", "notice www AAAA alias-as-cname"],
            ),
            "file": (
                [f"www 300 CNAME {CDN}"],
                ["notice www A alias-as-cname", "notice www AAAA alias-as-cname"],
            ),
        },
    ),
    "to a service, A, AAAA and HTTPS": (
        (alias("www", "A", CDN), alias("www", "AAAA", CDN), alias("www", "HTTPS", CDN)),
        "route53",
        {
            "route53": (
                [f'www - {rdtype} [alias target={CDN} scope="Z1"]' for rdtype in ("A", "AAAA", "HTTPS")],
                [],
            ),
            **{
                target: (
                    [f"www 300 CNAME {CDN}"],
                    [f"notice www {rdtype} alias-as-cname" for rdtype in ("A", "AAAA", "HTTPS")],
                )
                for target in ("azure", "cloudflare", "file")
            },
        },
    ),
    "to a service, A, AAAA and HTTPS at the apex": (
        (alias("@", "A", CDN), alias("@", "AAAA", CDN), alias("@", "HTTPS", CDN)),
        "route53",
        {
            "azure": (
                [],
                ["error @ A alias-dropped", "error @ AAAA alias-dropped", "error @ HTTPS type-unsupported"],
            ),
            "cloudflare": (
                [f"@ 300 CNAME {CDN}"],
                [
                    "warning @ A alias-flattened",
                    "warning @ AAAA alias-flattened",
                    "error @ HTTPS alias-dropped",
                ],
            ),
            "file": ([], [f"error @ {rdtype} alias-dropped" for rdtype in ("A", "AAAA", "HTTPS")]),
        },
    ),
    "to a service, of type HTTPS alone": (
        (alias("www", "HTTPS", CDN),),
        "route53",
        {
            "azure": ([], ["error www HTTPS type-unsupported"]),
            "cloudflare": ([], ["error www HTTPS alias-dropped"]),
        },
    ),
    "to a service, beside other data": (
        (alias("www", "A", CDN), rrset("www", "TXT", '"x"')),
        "route53",
        {
            "route53": ([f'www - A [alias target={CDN} scope="Z1"]', 'www 300 TXT "x"'], []),
            "azure": (['www 300 TXT "x"'], ["error www A alias-dropped"]),
            "cloudflare": ([f"www 300 CNAME {CDN}", 'www 300 TXT "x"'], ["notice www A alias-as-cname"]),
            "file": (['www 300 TXT "x"'], ["error www A alias-dropped"]),
        },
    ),
    "to two services": (
        (alias("www", "A", CDN), alias("www", "AAAA", "lb.example.net.")),
        "route53",
        {
            "azure": ([], ["error www A alias-dropped", "error www AAAA alias-dropped"]),
            "cloudflare": ([], ["error www A alias-dropped", "error www AAAA alias-dropped"]),
        },
    ),
    "to a service, at the apex": (
        (alias("@", "A", CDN), alias("@", "AAAA", CDN)),
        "route53",
        {
            "route53": (
                [f'@ - A [alias target={CDN} scope="Z1"]', f'@ - AAAA [alias target={CDN} scope="Z1"]'],
                [],
            ),
            "azure": ([], ["error @ A alias-dropped", "error @ AAAA alias-dropped"]),
            "cloudflare": (
                [f"@ 300 CNAME {CDN}"],
                ["warning @ A alias-flattened", "warning @ AAAA alias-flattened"],
            ),
            "file": ([], ["error @ A alias-dropped", "error @ AAAA alias-dropped"]),
        },
    ),
    "to an alias to a service": (
        (alias("api", "A", "gw"), alias("gw", "A", CDN)),
        "route53",
        {
            "azure": (
                ["api 300 CNAME gw.example.org.", f"gw 300 CNAME {CDN}"],
                ["notice api A alias-as-cname", "notice gw A alias-as-cname"],
            ),
        },
    ),
    "to an alias that is left out": (
        (alias("www", "A", "@"), alias("www", "AAAA", "@"), alias("@", "A", CDN), alias("@", "AAAA", CDN)),
        "route53",
        {
            "azure": (
                [f"www 300 CNAME {CDN}"],
                [
                    *("error @ A alias-dropped", "error @ AAAA alias-dropped"),
                    *("notice www A alias-as-cname", "notice www AAAA alias-as-cname"),
                ],
            ),
            "cloudflare": (
                [f"@ 300 CNAME {CDN}", "www 300 CNAME example.org."],
                [
                    *("warning @ A alias-flattened", "warning @ AAAA alias-flattened"),
                    *("notice www A alias-as-cname", "notice www AAAA alias-as-cname"),
                ],
            ),
            "file": (
                [f"www 300 CNAME {CDN}"],
                [
                    *("error @ A alias-dropped", "error @ AAAA alias-dropped"),
                    *("notice www A alias-as-cname", "notice www AAAA alias-as-cname"),
                ],
            ),
        },
    ),
    "through two aliases that are left out": (
        (alias("api", "A", "a"), alias("a", "A", "b"), alias("b", "A", CDN), *BESIDE),
        "route53",
        {
            "file": (
                ['a 300 TXT "x"', f"api 300 CNAME {CDN}", 'b 300 TXT "x"'],
                ["error a A alias-dropped", "notice api A alias-as-cname", "error b A alias-dropped"],
            ),
        },
    ),
    "of two types, one of which leads to nothing": (
        (alias("www", "A", "web"), alias("www", "AAAA", "web"), WEB, EVERYWHERE_ELSE),
        "route53",
        {
            "file": (
                [*OWN, "www 60 A 192.0.2.80"],
                [
                    "error web AAAA/de routing-dropped",
                    "warning www A alias-copied",
                    "error www AAAA alias-dropped",
                ],
            ),
        },
    ),
    "to routed sets of which none is for everybody": (
        (alias("www", "A", "geo"), rrset("geo", "A", "192.0.2.1", variant="de", extras=(IN_GERMANY,))),
        "route53",
        {"cloudflare": ([], ["error geo A/de routing-dropped", "error www A alias-dropped"])},
    ),
    "of Azure, to a set of the zone": (
        (WEB, rrset("www", "A", ttl=3600, extras=(Alias(name("web"), "/subscriptions/1/dnsZones/x/A/web"),))),
        "azure",
        {
            "route53": ([*OWN, "www - A [alias target=web.example.org.]"], ["notice www A alias-rewritten"]),
            "azure": ([*OWN, "www 3600 A [alias target=web.example.org.]"], ["notice www A alias-rewritten"]),
            "cloudflare": ([*OWN, "www 3600 CNAME web.example.org."], ["notice www A alias-as-cname"]),
        },
    ),
    "of Azure, to a public IP": (
        (IP_ALIAS,),
        "azure",
        {
            "route53": ([], ["error www A alias-dropped"]),
            "azure": ([IP_KEPT], []),
            "cloudflare": ([], ["error www A alias-dropped"]),
            "file": ([], ["error www A alias-dropped"]),
        },
    ),
    "of Azure, through a zone file": ((IP_ALIAS,), "file", {"azure": ([IP_KEPT], [])}),
    "of Route 53, through a zone file": (
        (alias("@", "A", CDN),),
        "file",
        {"route53": ([f'@ - A [alias target={CDN} scope="Z1"]'], [])},
    ),
    "to a set that is not carried": (
        (alias("www", "HTTPS", "web"), rrset("web", "HTTPS", "1 . alpn=h2")),
        "route53",
        {"azure": ([], ["error web HTTPS type-unsupported", "error www HTTPS type-unsupported"])},
    ),
    "to a CNAME of the zone": (
        (alias("www", "A", "c"), rrset("c", "CNAME", "web", ttl=120), WEB),
        "route53",
        {
            "route53": (
                ["c 120 CNAME web.example.org.", *OWN, "www 300 CNAME c.example.org."],
                ["notice www A alias-as-cname"],
            ),
        },
    ),
    "to a CNAME of the zone, from the apex": (
        (alias("@", "A", "c"), rrset("c", "CNAME", "web", ttl=120), WEB),
        "route53",
        {"file": (["@ 60 A 192.0.2.80", "c 120 CNAME web.example.org.", *OWN], ["warning @ A alias-copied"])},
    ),
    "to a CNAME of the zone that leads to a service, from the apex": (
        (named("@", "A", "c"), named("@", "AAAA", "c"), rrset("c", "CNAME", CDN)),
        "file",
        {
            "route53": (
                [
                    f'@ - A [alias target={CDN} scope="Z2FDTNDATAQYW2"]',
                    f'@ - AAAA [alias target={CDN} scope="Z2FDTNDATAQYW2"]',
                    f"c 300 CNAME {CDN}",
                ],
                ["notice @ A alias-rewritten", "notice @ AAAA alias-rewritten"],
            ),
            "azure": ([f"c 300 CNAME {CDN}"], ["error @ A alias-dropped", "error @ AAAA alias-dropped"]),
        },
    ),
    "to a CNAME at the apex": (
        (rrset("@", "CNAME", CDN), alias("www", "A", "@")),
        "file",
        {
            "route53": (
                [
                    f'@ - A [alias target={CDN} scope="Z2FDTNDATAQYW2"]',
                    f'@ - AAAA [alias target={CDN} scope="Z2FDTNDATAQYW2"]',
                    "www 300 CNAME example.org.",
                ],
                ["notice @ CNAME apex-cname-as-alias", "notice www A alias-as-cname"],
            ),
        },
    ),
    "of a type that the provider has no aliases of": (
        (rrset("www", "TXT", ttl=60, extras=(Alias(ROOT, PUBLIC_IP),)),),
        "azure",
        {"azure": ([], ["error www TXT alias-dropped"])},
    ),
    "to a name of the zone that has no such set": (
        (alias("www", "A", "gone"),),
        "route53",
        {
            target: (["www 300 CNAME gone.example.org."], ["notice www A alias-as-cname"])
            for target in ("route53", "azure", "file")
        },
    ),
    "to a name of the zone that has no such set, where no CNAME can stand": (
        (named("www", "A", "web"), named("www", "AAAA", "web"), rrset("www", "MX", "10 mail.example.net."), WEB),
        "file",
        {
            "route53": (
                [*OWN, "www - A [alias target=web.example.org.]", "www 300 MX 10 mail.example.net."],
                ["notice www A alias-rewritten", "notice www AAAA empty-set"],
            ),
            "file": (
                [*OWN, "www 60 A 192.0.2.80", "www 300 MX 10 mail.example.net."],
                ["warning www A alias-copied", "notice www AAAA empty-set"],
            ),
        },
    ),
    "to a name below a cut of the zone, of which others know more": (
        (named("@", "A", "web.sub"), rrset("sub", "NS", "ns1.example.net.", "ns2.example.net.")),
        "file",
        {"route53": (["sub 300 NS ns1.example.net. | ns2.example.net."], ["error @ A alias-dropped"])},
    ),
    "by name alone, to a service that the provider knows by its name": (
        (named("@", "A", CDN), named("@", "AAAA", CDN)),
        "file",
        {
            "route53": (
                [
                    f'@ - A [alias target={CDN} scope="Z2FDTNDATAQYW2"]',
                    f'@ - AAAA [alias target={CDN} scope="Z2FDTNDATAQYW2"]',
                ],
                ["notice @ A alias-rewritten", "notice @ AAAA alias-rewritten"],
            ),
            "azure": ([], ["error @ A alias-dropped", "error @ AAAA alias-dropped"]),
            "cloudflare": (
                [f"@ 300 CNAME {CDN}"],
                ["warning @ A alias-flattened", "warning @ AAAA alias-flattened"],
            ),
        },
    ),
    "by name alone, to some other name": (
        (named("@", "A", "app.example.net."), named("www", "A", "app.example.net.")),
        "file",
        {
            "route53": (
                ["www 300 CNAME app.example.net."],
                ["error @ A alias-dropped", "notice www A alias-as-cname"],
            ),
        },
    ),
    "in a circle": (
        (alias("a", "A", "b"), alias("b", "A", "a"), rrset("a", "TXT", '"x"'), rrset("b", "TXT", '"x"')),
        "route53",
        {"file": (['a 300 TXT "x"', 'b 300 TXT "x"'], ["error a A alias-dropped", "error b A alias-dropped"])},
    ),
    "in a circle that is none at first": (
        (
            alias("@", "A", "a"),
            alias("a", "A", "b"),
            alias("b", "A", "a"),
            *(rrset(o, "TXT", '"x"') for o in "ab"),
        ),
        "route53",
        {
            "file": (
                ['a 300 TXT "x"', 'b 300 TXT "x"'],
                ["error @ A alias-dropped", "error a A alias-dropped", "error b A alias-dropped"],
            ),
        },
    ),
    "where mail goes": (
        (rrset("@", "MX", "10 mail"), alias("mail", "A", "web"), WEB),
        "route53",
        {
            "file": (
                ["@ 300 MX 10 mail.example.org.", "mail 60 A 192.0.2.80", *OWN],
                ["warning mail A alias-copied"],
            ),
        },
    ),
    "where mail goes, to a service": (
        (rrset("@", "MX", "10 mail"), alias("mail", "A", "mx.example.net.")),
        "route53",
        {
            "file": (
                ["@ 300 MX 10 mail.example.org.", "mail 300 CNAME mx.example.net."],
                ["notice mail A alias-as-cname", "warning mail A cname-for-mail"],
            ),
        },
    ),
    "to a name of the zone that has no such set, from the apex": (
        (alias("@", "A", "gone"),),
        "route53",
        {target: ([], ["notice @ A empty-set"]) for target in ("route53", "azure", "file")},
    ),
    "that looks at its target's health": (
        (WEB, rrset("www", "A", ttl=None, extras=(Alias(name("web"), "Z1", evaluate_target_health=True),))),
        "route53",
        {
            "azure": (
                [*OWN, "www 60 A [alias target=web.example.org.]"],
                ["warning www A target-health-lost", "notice www A alias-rewritten"],
            ),
            "cloudflare": (
                [*OWN, "www 300 CNAME web.example.org."],
                ["warning www A target-health-lost", "notice www A alias-as-cname"],
            ),
        },
    ),
}
CASES = [(row, target) for row, (_, _, directions) in ROWS.items() for target in directions]


@pytest.mark.parametrize(("row", "target"), CASES, ids=" | ".join)
def test_an_alias(row: str, target: str) -> None:
    sets, source, directions = ROWS[row]
    found = translate(zone(*sets), TARGETS[target], source_scheme=source)

    assert (told(found), lost(found)) == directions[target]


def test_an_a_and_an_aaaa_alias_are_both_translated_by_one_cname() -> None:
    found = translate(zone(alias("www", "A", CDN), alias("www", "AAAA", CDN)), CLOUDFLARE)

    assert fates(found) == {"www A": "translated", "www AAAA": "translated"}


def test_an_alias_to_its_own_zone_takes_the_scope_of_the_new_zone() -> None:
    target = replace(ROUTE53, aliases=replace(ROUTE53.aliases, scope="Z2"))
    found = translate(
        zone(WEB, alias("www", "A", "web")), target, relation=Relation.SAME_ACCOUNT, source_scheme="route53"
    )

    assert told(found) == [*OWN, 'www - A [alias target=web.example.org. scope="Z2"]']


def test_why_an_alias_that_leads_nowhere_is_not_kept_is_told() -> None:
    found = translate(
        zone(alias("www", "A", "gone")), ROUTE53, relation=Relation.SAME_ACCOUNT, source_scheme="route53"
    )

    assert [loss.message for loss in found.losses] == [
        "Route 53 takes no alias to a set that is not there: it becomes a CNAME to gone.example.org."
    ]


def test_an_alias_that_leads_nowhere_stays_in_its_own_zone() -> None:
    found = translate(
        zone(alias("www", "A", "gone")), ROUTE53, relation=Relation.SAME_ZONE, source_scheme="route53"
    )

    assert (told(found), lost(found)) == (['www - A [alias target=gone.example.org. scope="Z1"]'], [])


def test_the_scope_of_an_azure_alias_names_type_and_owner() -> None:
    target = replace(AZURE, aliases=replace(AZURE.aliases, scope="/subscriptions/2/{rdtype}/{owner}"))
    found = translate(zone(alias("www", "A", "@"), rrset("@", "A", "192.0.2.1")), target)

    assert told(found)[1] == 'www 300 A [alias target=example.org. scope="/subscriptions/2/A/@"]'


@pytest.mark.parametrize(
    ("accepts", "desired", "losses", "undecided"),
    [
        ([], ["@ 60 A 203.0.113.1 | 203.0.113.2"], ["error @ A alias-addresses"], ["alias-addresses"]),
        (["alias-addresses"], ["@ 60 A 203.0.113.1 | 203.0.113.2"], ["error @ A alias-addresses"], []),
        (["alias-dropped"], [], ["error @ A alias-dropped"], []),
        (
            ["alias-dropped", "alias-addresses"],
            ["@ 60 A 203.0.113.1 | 203.0.113.2"],
            ["error @ A alias-addresses"],
            [],
        ),
    ],
)
def test_the_present_addresses_of_an_alias_are_taken_when_somebody_accepts_it(
    accepts: list[str], desired: list[str], losses: list[str], undecided: list[str]
) -> None:
    answer = rrset(CDN, "A", "203.0.113.1", "203.0.113.2", ttl=60)
    found = translate(
        zone(alias("@", "A", CDN)), AZURE, addresses={answer.key: answer}, accepts=frozenset(accepts)
    )

    assert (told(found), lost(found), list(found.undecided_words())) == (desired, losses, undecided)
    assert found.unresolved == ()


def test_an_alias_that_nobody_looked_up_is_named_so_that_somebody_can() -> None:
    found = translate(zone(alias("@", "A", CDN)), AZURE)

    assert found.unresolved == (rrset(CDN, "A").key,)
    assert "--accept alias-addresses" in found.losses[0].advice


def test_an_alias_whose_target_answers_nothing_is_left_out_without_a_question() -> None:
    answer = rrset(CDN, "AAAA", ttl=60)
    found = translate(zone(alias("@", "AAAA", CDN)), AZURE, addresses={answer.key: answer})

    assert (told(found), lost(found)) == ([], ["notice @ AAAA empty-set"])


def test_an_alias_to_a_resource_without_a_name_takes_what_its_own_name_answers() -> None:
    answer = rrset("www", "A", "203.0.113.9", ttl=60)
    found = translate(zone(IP_ALIAS), ROUTE53, addresses={answer.key: answer}, source_scheme="azure")

    assert told(found) == ["www 60 A 203.0.113.9"]
    assert "/subscriptions/1/publicIPAddresses/web" in found.losses[0].message


def test_a_field_that_repeats_the_link_of_an_alias_is_no_unknown_field() -> None:
    profile = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Network/trafficManagerProfiles/shop"
    fields = [Opaque("azure", "properties.trafficManagementProfile", f'{{"id": "{profile}"}}')]
    shop = rrset("shop", "CNAME", ttl=30, extras=(Alias(ROOT, profile), *fields))
    found = translate(zone(shop), ROUTE53, source_scheme="azure")

    assert (told(found), lost(found)) == ([], ["error shop CNAME alias-dropped"])

    other = Opaque("azure", "properties.moon", f'{{"id": "{profile}", "phase": "full"}}')
    found = translate(zone(replace(shop, extras=(*shop.extras, other))), ROUTE53, source_scheme="azure")
    assert lost(found) == ["error shop CNAME unknown-field", "error shop CNAME alias-dropped"]


def test_a_cname_alias_to_a_resource_becomes_the_cname_that_it_answers() -> None:
    answer = rrset("www", "CNAME", "x.trafficmanager.net.", ttl=30)
    sets = rrset("www", "CNAME", ttl=3600, extras=(Alias(ROOT, "/subscriptions/1/trafficManagerProfiles/x"),))
    found = translate(zone(sets), CLOUDFLARE, addresses={answer.key: answer}, source_scheme="azure")

    assert (told(found), lost(found)) == (
        ["www 60 CNAME x.trafficmanager.net."],
        ["notice www CNAME alias-as-cname", "warning www CNAME ttl-raised"],
    )


def test_addresses_too_many_for_a_set_are_not_cut() -> None:
    answer = rrset(CDN, "A", *(f"203.0.113.{number}" for number in range(21)), ttl=60)
    found = translate(
        zone(alias("@", "A", CDN)), AZURE, addresses={answer.key: answer}, accepts=frozenset({"alias-addresses"})
    )

    assert (told(found), list(found.undecided_words())) == ([], ["set-too-large"])


def test_what_else_is_said_of_an_alias_is_not_forgotten() -> None:
    found = translate(zone(WEB, alias("www", "A", "web", HealthCheck("h1"))), CLOUDFLARE, source_scheme="route53")

    assert lost(found) == ["error www A health-check-lost", "notice www A alias-as-cname"]


MINE, THEIRS = "/subscriptions/1/resourceGroups/a/x/y/front", "/subscriptions/2/resourceGroups/a/x/y/front"
ONE_SUBSCRIPTION = replace(AZURE, aliases=replace(AZURE.aliases, own_account="/subscriptions/1/"))


def test_an_alias_to_another_account_s_resource_is_kept_and_told() -> None:
    mine = rrset("a", "A", extras=(Alias(ROOT, MINE.upper()),))
    theirs = rrset("b", "A", extras=(Alias(ROOT, THEIRS),))
    found = translate(zone(mine, theirs), ONE_SUBSCRIPTION, source_scheme="azure")

    assert fates(found) == {"a A": "copied", "b A": "copied"}
    assert lost(found) == ["notice b A alias-elsewhere"]
    without = translate(
        zone(mine, theirs), ONE_SUBSCRIPTION, source_scheme="azure", accepts=frozenset({"alias-dropped"})
    )
    assert fates(without) == {"a A": "copied", "b A": "dropped"}
    assert lost(without) == ["error b A alias-dropped"]


def test_what_a_cname_at_the_apex_does_not_answer_is_told() -> None:
    found = translate(
        zone(*(alias("@", rdtype, CDN) for rdtype in ("A", "HTTPS"))), CLOUDFLARE, source_scheme="route53"
    )

    (loss,) = (loss for loss in found.losses if loss.what == "alias-dropped")
    assert (loss.message, loss.advice) == (
        (
            "Cloudflare has no alias to d1.cloudfront.net, and the CNAME there answers addresses alone; it is "
            "left out."
        ),
        (
            "Programs connect by the addresses, without what the record says of the service. To take the records "
            "that it answers now: --accept alias-addresses."
        ),
    )
