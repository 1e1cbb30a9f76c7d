"""What cannot be said by zones alone: evidence, counts of questions, aliases, registries."""

from dataclasses import replace

import pytest
from dns.rcode import Rcode

from migrator.checks.asks import Registered, Registration, identity
from migrator.checks.check import REGISTERED, Check
from migrator.checks.facts import Strategy
from migrator.checks.points import Evidence, Noted, Passed, Problem
from migrator.checks.zone.clashes import apex
from migrator.checks.zone.cnames import cname_target
from migrator.checks.zone.dangling import dangling
from migrator.checks.zone.differences import diff
from migrator.checks.zone.lost import misc_lost
from migrator.checks.zone.names import target_name
from migrator.checks.zone.served import served
from migrator.checks.zone.soa import soa
from migrator.checks.zone.svcb import svcb
from migrator.checks.zone.takeovers import claimable_at
from migrator.checks.zone.targets import target_cname, target_missing
from migrator.cutover.registrar import Registrar
from migrator.model.extras import Alias, ForRecord, HealthCheck, Proxied
from migrator.model.finding import Phase
from migrator.model.names import absolute
from migrator.model.observation import Answer, Server
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from providers.cloudflare.capabilities import CAPABILITIES
from providers.route53.convert import CAPABILITIES as ROUTE53
from tests.checks.build import (
    DOMAIN,
    NEW,
    NOW,
    RESOLVER,
    answers,
    asked_by,
    facts,
    gives,
    new_side,
    points,
    records,
    server,
    silent,
    told,
    with_extras,
    zone,
)
from tests.checks.zone.linting import linted
from tests.cutover.build import names
from tests.diffing import rrset

NS1, NS2 = "ns1.new.example.", "ns2.new.example."
AS_PLANNED = [
    "pass ns1.new.example (203.0.113.1): 3 RRsets answered as planned.",
    "pass ns2.new.example (203.0.113.2): 3 RRsets answered as planned.",
]
WWW = "www A 192.0.2.1"
GONE = "www CNAME gone.example.net."
ALIAS = rrset("www.example.test. - A -", Alias(absolute("cdn.example.net.")))
PROXIED = rrset("www.example.test. 300 A 198.51.100.9", Proxied())
BESIDE_PROXIED = rrset("www.example.test. 300 A 198.51.100.9", ForRecord("198.51.100.8", Proxied()))
OUTSIDE = "cdn.example.net. A 192.0.2.5"


def computed(*sets: RRset) -> ZoneSnapshot:
    """A zone with sets whose answers its provider computes."""
    return assemble_rrsets(DOMAIN, [*zone().rrsets, *sets], source="test").snapshot


def shown(evidence: Evidence) -> str:
    if isinstance(evidence, Noted):
        return f"{evidence.source}: {evidence.text}"
    assert isinstance(evidence, Answer)
    found = evidence.answered()
    return f"{evidence.question.server.address}: {found.rdatas[0] if found else 'nothing'}"


def test_a_difference_shows_both_zones_and_what_every_server_says() -> None:
    (found,) = points(diff, facts(WWW, "www A 192.0.2.2"))

    assert isinstance(found, Problem)
    assert [shown(each) for each in found.evidence] == [
        "old.zone: www.example.test. A: 300 192.0.2.1",
        "new.zone: www.example.test. A: 300 192.0.2.2",
        "203.0.113.1: 192.0.2.2",
        "203.0.113.2: 192.0.2.2",
        "198.51.100.1: 192.0.2.1",
        "198.51.100.2: 192.0.2.1",
    ]
    assert found.remedy == "Add: www.example.test. 300 IN A 192.0.2.1"


def test_where_the_new_side_can_be_written_to_the_import_is_advised_as_one_types_it() -> None:
    target = new_side("", locator="route53:example.test?zone-id=Z1&profile=prod", capabilities=CAPABILITIES)
    (found,) = points(diff, facts(WWW, target))

    assert isinstance(found, Problem)
    assert found.remedy == (
        "Import again: dns-migrator import old.zone 'route53:example.test?zone-id=Z1&profile=prod', "
        "or add: www.example.test. 300 IN A 192.0.2.1"
    )


def test_where_only_a_proxy_is_lost_nothing_is_to_be_imported() -> None:
    """What an import can do is done, and another one would bring the TTLs along that were lowered meanwhile."""
    proxied, switched_off = ((Proxied(),), (Proxied(enabled=False), HealthCheck("h1")))
    remedies = [
        next(
            p.remedy
            for p in points(diff, facts(with_extras(zone(WWW), "www A", *extras), new_side(WWW, capabilities=can)))
            if isinstance(p, Problem)
        )
        for extras, can in ((proxied, ROUTE53), (proxied, CAPABILITIES), (switched_off, ROUTE53))
    ]

    found = [remedy.partition(":")[0] for remedy in remedies]
    assert found == ["Nothing is to be imported", "Import again", "Import again"]


def test_a_referral_is_no_answer_of_the_old_servers() -> None:
    cut = "sub NS ns1.sub\nsub NS ns2.sub\nns1.sub A 192.0.2.1\nns2.sub A 192.0.2.2"
    (found, *_) = points(diff, facts(cut, ""))

    assert isinstance(found, Problem)
    assert found.message.startswith(
        "The new zone lacks it; the old one has ns1.sub.example.test and ns2.sub.example.test. Everything under"
    )


def test_what_is_served_otherwise_shows_the_plan_and_the_answers() -> None:
    (found, _) = points(served, facts(WWW, WWW), answers(NS1, "www A", "192.0.2.9"))

    assert isinstance(found, Problem)
    assert [shown(each) for each in found.evidence] == [
        "new.zone: www.example.test. A: 300 192.0.2.1",
        "203.0.113.1: 192.0.2.9",
    ]
    assert found.remedy.startswith("new.zone has it, so nothing is left to import")


def test_without_addresses_of_new_servers_nothing_is_known() -> None:
    assert told(points(served, facts(WWW, new_side(WWW, hosts=())))) == [
        "unchecked example.test.: no address of a new name server is known"
    ]


def test_each_question_is_asked_once_of_each_server() -> None:
    text = "\n".join(f"h{number} A 192.0.2.{number}" for number in range(200))

    asked = asked_by(served, facts(text, text))

    assert len(asked) == len(set(map(identity, asked)))
    # SOA, apex NS and seven more types there, 200 hosts, four types of a name that nobody has.
    assert len(asked) == 2 * (2 + 7 + 200 + 4)


def test_a_server_that_refuses_the_zone_is_asked_nothing_else() -> None:
    asked = asked_by(served, facts(WWW, WWW), gives(NS1, "@ SOA", Rcode.REFUSED))

    assert {ask.server.address for ask in asked if hasattr(ask, "server")} == {"203.0.113.2"}


@pytest.mark.parametrize("plan", [computed(each) for each in (ALIAS, PROXIED, BESIDE_PROXIED)])
def test_what_the_new_provider_computes_is_a_notice(plan: ZoneSnapshot) -> None:
    replies = [answers(server, "www A", "192.0.2.77") for server in (NS1, NS2)]

    (notice, *passed) = told(points(served, facts("", plan), *replies, outside=OUTSIDE))

    assert notice.startswith("notice www.example.test. A: The provider computes the answer (192.0.2.77); the plan")
    assert passed == AS_PLANNED


def test_an_alias_that_answers_what_its_target_has_is_as_planned() -> None:
    replies = [answers(server, "www A", "192.0.2.5") for server in (NS1, NS2)]

    assert told(points(served, facts("", computed(ALIAS)), *replies, outside=OUTSIDE)) == AS_PLANNED


def test_what_the_old_provider_computed_is_unchecked_where_it_is_the_plan() -> None:
    served_now = dict.fromkeys(("ns1_new_example", "ns2_new_example"), "www A 192.0.2.77")

    found = points(served, facts(computed(ALIAS), new_side(None)), outside=OUTSIDE, **served_now)

    (line,) = told(found)
    assert line.startswith(
        "unchecked www.example.test. A: Every new name server: the alias leads to cdn.example.net, "
    )
    assert line.endswith("which has other addresses now; the server answers 192.0.2.77. Compare them yourself")


def registry(*, known: bool | None) -> Registered:
    ask = Registration(absolute("example.net."))
    return Registered(ask, NOW, Registrar("https://rdap.example/domain/example.net"), known)


def test_a_domain_that_anybody_can_register_is_an_error() -> None:
    known = facts("", GONE, registrar=Registrar("https://rdap.example/domain/example.test"))

    assert Registration(absolute("example.net.")) in asked_by(dangling, known)
    (free,) = told(points(dangling, known, registry(known=False)))
    assert free.startswith("problem www.example.test. CNAME: It leads to gone.example.net, which does not exist; ")
    assert free.endswith("; example.net is not registered: anybody can do so, and answer in your place.")
    assert told(points(dangling, known, registry(known=True))) == [
        "warning www.example.test. CNAME: It leads to gone.example.net, which does not exist."
    ]


def test_no_registry_is_asked_where_the_domain_itself_denies_the_name() -> None:
    known = facts("", GONE, registrar=Registrar("https://rdap.example/domain/example.test"))
    denial = records(
        "resolver",
        "gone.example.net. A",
        authority="example.net. SOA ns1.example.net. host 1 2 3 4 5",
        rcode=Rcode.NXDOMAIN,
    )

    assert [ask for ask in asked_by(dangling, known, denial) if isinstance(ask, Registration)] == []


def test_an_address_that_a_resolver_has_for_every_name_shows_no_target() -> None:
    page = "203.0.113.66"
    searching = (
        answers("resolver", "gone.example.net. A", page),
        answers("resolver", "migcheck-nonce.net. A", page),
    )
    plain = answers("resolver", "gone.example.net. A", "192.0.2.1"), searching[1]

    assert told(points(dangling, facts("", GONE), *searching)) == [
        (
            "unchecked www.example.test. CNAME: gone.example.net could not be looked up: a resolver gives this "
            "address for names that do not exist, too"
        )
    ]
    assert told(points(dangling, facts("", GONE), *plain)) == [
        "pass example.test.: 1 target outside the zone: all exist."
    ]
    second = replace(RESOLVER, server=Server("192.0.2.54"))
    panel = replace(facts("", GONE), resolvers=(RESOLVER, second))
    (found,) = told(points(dangling, panel, *searching))
    assert found == "warning www.example.test. CNAME: It leads to gone.example.net, which does not exist."


def test_no_registry_is_asked_where_that_is_switched_off() -> None:
    assert [ask for ask in asked_by(dangling, facts("", GONE)) if isinstance(ask, Registration)] == []


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("shop.azurewebsites.net.", "Microsoft Azure"),
        ("a.b.elasticbeanstalk.com.", "AWS Elastic Beanstalk"),
        ("myazurewebsites.net.", None),
        ("azurewebsites.net.", None),
        ("azurewebsites.net.example.org.", None),
    ],
)
def test_claimable_hosts_are_told_by_whole_labels(host: str, service: str | None) -> None:
    assert claimable_at(absolute(host)) == service


def test_records_that_rest_on_signatures_are_told_when_these_go() -> None:
    text = f"h SSHFP 4 2 {'00' * 32}"

    assert told(points(misc_lost, facts(text, text, strategy=Strategy.GO_INSECURE))) == [
        "pass example.test.: 1 RRset: rare types as in the old zone.",
        "warning example.test.: h.example.test. SSHFP: worth nothing while the zone is unsigned.",
    ]


def test_the_soa_is_judged_as_it_is_served() -> None:
    odd = answers(NS2, "@ SOA", "ns1.new.example. hostmaster.new.example. 1 900 900 1209600 300")

    found = points(soa, facts(WWW, WWW), odd)

    assert told(found) == [
        "pass example.test. SOA: The values work: refresh 7200, retry 900, expire 1209600, minimum 300.",
        "warning example.test. SOA: Retry (900) is not below refresh (900); a failed look waits longer.",
        "notice example.test. SOA: Refresh is 900 seconds; 20 minutes or more are usual.",
    ]
    assert isinstance(found[0], Passed)
    assert [shown(each).partition(":")[0] for each in found[0].evidence] == ["203.0.113.1"]


def test_the_address_of_a_new_name_server_is_no_difference_to_be_mended() -> None:
    vanity = new_side(f"{WWW}\nns1 A 203.0.113.1\nns3 A 203.0.113.3", names=names("ns1.example.test.", NEW[1]))

    assert told(points(diff, facts(WWW, vanity))) == [
        ("notice ns1.example.test. A: The new zone has 203.0.113.1, and the old one nothing: a new name server."),
        (
            "warning ns3.example.test. A: The new zone has 203.0.113.3, and the old one nothing. "
            "ns3.example.test leads to 203.0.113.3; the old zone does not have it."
        ),
    ]


def test_name_servers_that_are_looked_up_are_not_judged_by_the_zone_as_well() -> None:
    lonely = new_side("@ NS ns1.new.example.", names=names(NEW[0]))

    assert told(points(apex, facts(new=lonely, phase=Phase.READY)))[0].startswith("pass")
    assert "one name server alone" in told(points(apex, facts("@ NS ns1.old.example.", phase=Phase.PREPARE)))[0]


def test_other_keys_at_the_apex_are_left_to_the_checks_of_dnssec() -> None:
    octets = "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
    key = f"@ DNSKEY 257 3 13 {octets}"
    (found,) = told(points(diff, facts(f"{WWW}\n{key}", WWW)))

    assert found.startswith("notice example.test. DNSKEY: The new zone has nothing; the old one")


def test_without_addresses_of_new_servers_no_cname_is_asked_for() -> None:
    assert told(points(cname_target, facts("x CNAME www", new_side("x CNAME www", hosts=())))) == [
        "unchecked example.test.: no address of a new name server is known"
    ]


@pytest.mark.parametrize(
    ("check", "zone_text"),
    [
        (target_missing, "@ MX 10 mail"),
        (target_cname, "@ MX 10 mail\nmail CNAME mx.example.net."),
        (target_name, "@ MX 10 192.0.2.1."),
    ],
)
def test_targets_of_mx_are_looked_up_elsewhere_before_the_switch(check: Check, zone_text: str) -> None:
    assert told(points(check, facts(zone_text, phase=Phase.PREPARE)))[0].split()[0] != "pass"
    assert told(points(check, facts("", zone_text)))[0].startswith("pass")


def test_a_name_server_inside_the_domain_may_keep_its_name_and_move() -> None:
    new = new_side("@ NS ns1\nns1 A 192.0.2.2", names=names("ns1.example.test."))
    (found,) = points(diff, facts("@ NS ns1\nns1 A 192.0.2.1", new))

    assert told([found]) == [
        (
            "notice ns1.example.test. A: The new zone has 192.0.2.2, the old one 192.0.2.1: a name server whose "
            "name stays, at a new address."
        )
    ]
    live = replace(new, zone=None, extra_servers=(server(NS1),))
    moved = dict.fromkeys(("ns1_new_example", "ns2_new_example"), "@ NS ns1\nns1 A 192.0.2.2")
    seen = told(points(served, facts("@ NS ns1\nns1 A 192.0.2.1", live), **moved))
    assert seen[0].startswith("notice ns1.example.test. A: ")


def test_a_cut_whose_ds_nobody_tells_is_unchecked() -> None:
    zone = "sub NS ns.sub\nns.sub A 192.0.2.9"
    quiet = [silent(name, "sub DS") for name in NEW]
    found = told(points(REGISTERED["zone.subdelegation"], facts(zone, zone), *quiet))

    assert [line for line in found if line.startswith("unchecked")] == [
        f"unchecked sub.example.test. DS: {server(name)} does not say whether there is a DS: timeout"
        for name in NEW
    ]


@pytest.mark.timeout(30)
def test_each_name_of_a_chain_of_aliases_is_gone_through_once() -> None:
    chain = "\n".join(f"h{at} HTTPS 0 h{at + 1}" for at in range(3000))

    (said,) = linted(svcb, chain)

    assert said.endswith("Every HTTPS and SVCB record can be used. Looked at: 3,000 RRsets.")
