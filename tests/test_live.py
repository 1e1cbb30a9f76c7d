"""A live server as the new side: real sockets on loopback, zones served whole, and servers that misbehave."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest
from dns.rdatatype import RdataType

from migrator.diff import Kind, Verdict, ZoneDiff, compare
from migrator.errors import DnsError, InputError
from migrator.interfaces import Progress, no_progress
from migrator.live.compare import NOTE, compare_live
from migrator.live.locators import live_locators
from migrator.model.extras import Alias, Failover, Flattened, HealthCheck, Proxied, Weighted
from migrator.model.names import absolute, for_people
from migrator.model.observation import Observation, Question, Transport
from tests.diffing import BASE, name_of, only, rrset, told, zone
from tests.faulty import ALL, FaultyServer, Reply, patience
from tests.live import Decoding, compared, environment, live, nonces, serving

WHOLE = """
@ 300 A 192.0.2.1
www 300 CNAME @
@ 300 MX 10 mail
mail 300 A 192.0.2.25
@ 300 TXT "v=spf1 mx -all"
s1._domainkey 300 TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_sip._tls 300 SRV 0 0 443 www
sub 300 NS ns1.sub
sub 300 NS ns.example.net.
sub 300 DS 1 13 2 abababababababababababababababababababababababababababababababab
ns1.sub 300 A 192.0.2.53
hidden.sub 300 A 192.0.2.54
old 300 DNAME new.example.net.
"""
HIDDEN = (
    "notice equivalent hidden.sub.example.com. A address: It stands below sub.example.com, so no server of "
    "this zone "
    "answers it."
)
LOAD_BALANCER = Alias(absolute("lb.example.net."), "Z1")


def kinds(found: ZoneDiff) -> list[str]:
    """Return what differs, but for records that no server answers."""
    return [name_of(difference) for difference in found.differences if told(difference) != HIDDEN]


def without(line: str) -> str:
    kept = [each for each in WHOLE.splitlines() if not each.startswith(line)]
    assert len(kept) < len(WHOLE.splitlines())
    return "\n".join(kept)


def test_a_server_of_the_same_zone_is_the_same() -> None:
    found = compared(zone(WHOLE), zone(WHOLE))

    assert [told(difference) for difference in found.differences] == [HIDDEN]
    assert found.verdict is Verdict.SAME
    assert found.same == len(zone(WHOLE).rrsets) - 1
    assert [verdict.state for verdict in found.mail] == ["same"]
    assert found.notes == (NOTE,)
    assert found.findings == ()


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("@ 300 MX", ["missing example.com. MX"]),
        ("www", ["missing www.example.com. CNAME"]),
        ("s1.", ["missing s1._domainkey.example.com. TXT"]),
        ("_sip", ["missing _sip._tls.example.com. SRV"]),
        ("sub 300 NS ns.", ["changed sub.example.com. NS"]),
        ("sub 300 DS", ["missing sub.example.com. DS"]),
        ("ns1.sub", ["missing ns1.sub.example.com. A"]),
        ("old", ["missing old.example.com. DNAME"]),
    ],
)
def test_what_a_server_lacks_is_found(gone: str, expected: list[str]) -> None:
    assert kinds(compared(zone(WHOLE), zone(without(gone)))) == expected


LETS_WWW = 'www 300 CAA 0 issue "le.test"'
TWO = 'two 300 A 192.0.2.1\ntwo 300 CAA 0 issue "xx.test"'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("www 300 CNAME host", "www 300 A 192.0.2.1"),
        ("www 300 CNAME host", f"www 300 A 192.0.2.1\n{LETS_WWW}"),
        ("www 300 CNAME host", 'www 300 A 192.0.2.1\nwww 300 CAA 0 issue "xx.test"'),
        ("www 300 CNAME host", '* 300 A 192.0.2.1\n* 300 CAA 0 issue "xx.test"'),
        ("www 300 A 192.0.2.1", "www 300 CNAME host"),
        ("www 300 A 192.0.2.1", f"www 300 CNAME two\n{TWO}"),
        (f"www 300 A 192.0.2.1\n{LETS_WWW}", f"www 300 CNAME two\n{TWO}"),
    ],
)
def test_who_may_issue_for_a_host_that_is_or_was_a_cname_is_told_as_of_files(old: str, new: str) -> None:
    hosts = 'host 300 A 192.0.2.1\nhost 300 CAA 0 issue "le.test"\n@ 300 CAA 0 issue "dc.test"\n'
    before, after = zone(hosts + old), zone(hosts + new)

    expected = list(map(told, compare(before, after).differences))
    assert list(map(told, compared(before, after).differences)) == expected


def test_a_cname_that_stays_is_not_asked_for_caa() -> None:
    hosts = "host 300 A 192.0.2.1\nwww 300 CNAME host\n_a 300 CNAME host\ngone 300 CNAME host\n"
    new = hosts.replace("_a 300 CNAME host\ngone 300 CNAME host", "gone 300 A 192.0.2.1")
    asked: list[Question] = []

    class Listening(Decoding):
        def ask(self, questions: Sequence[Question], progress: Progress = no_progress) -> tuple[Observation, ...]:
            asked.extend(questions)
            return super().ask(questions, progress)

    with serving(zone(new)) as world:
        listening = replace(world, client=Listening(world.client))
        compare_live(zone(hosts), [live("dns:example.com@127.0.0.1")], listening, partial(next, nonces()))

    names = [for_people(question.qname) for question in asked if question.rdtype == RdataType.CAA]
    assert names == ["example.com", "gone.example.com", "nonce0.example.com"]


MAIL_BEHIND = "@ 300 MX 10 mail\n@ 300 MX 20 mx.example.net.\n"
TO_MADE_UP = "Mail for example.com goes to _dc-mx.abc.example.com"
MADE_UP = (
    f"{TO_MADE_UP}, a name that the provider makes up for mail.example.com, which is behind its proxy: a policy "
    "of MTA-STS, TLSA and a certificate do not fit it."
)


@pytest.mark.parametrize(
    ("address", "also", "expected", "state"),
    [
        ("_dc-mx.abc 300 A 192.0.2.25", "", f"warning changed example.com. MX mail.mx: {MADE_UP}", "changed"),
        (
            "_dc-mx.abc 300 A 192.0.2.99",
            "",
            f"error changed example.com. MX mail.mx: {TO_MADE_UP}, which is at another address. {MADE_UP}",
            "changed",
        ),
        (
            "",
            "",
            f"error changed example.com. MX mail.mx: {TO_MADE_UP}, which has no address. {MADE_UP}",
            "lost",
        ),
        (
            "_dc-mx.abc 300 A 192.0.2.25",
            '_mta-sts 300 TXT "v=STSv1; id=1"\n',
            f"error changed example.com. MX mail.mx: {MADE_UP}",
            "changed",
        ),
    ],
)
@pytest.mark.parametrize("is_proxied", [True, False])
def test_the_name_that_a_provider_makes_up_for_a_proxied_mail_server(
    address: str, also: str, expected: str, state: str, *, is_proxied: bool
) -> None:
    mail = rrset("mail 300 A 192.0.2.25", *([Proxied()] if is_proxied else []))
    served = MAIL_BEHIND.replace("10 mail", "10 _dc-mx.abc") + f"mail 300 A 198.51.100.1\n{address}\n{also}"

    found = compared(zone(MAIL_BEHIND + also, mail), zone(served))

    assert told(found.differences[0]) == expected
    assert [verdict.state for verdict in found.mail] == [state]


def test_a_mail_server_that_only_the_new_side_has_is_asked_for_its_address() -> None:
    found = compared(zone("@ 300 MX 10 mx.example.net."), zone("@ 300 MX 10 mail\nmail 300 A 192.0.2.25"))

    assert kinds(found) == ["changed example.com. MX", "extra mail.example.com. A"]
    assert not any("no address" in reason for reason in found.mail[0].reasons)


def test_a_delegation_that_is_gone_takes_its_glue_along() -> None:
    new = without("sub 300 NS").replace("ns1.sub 300 A 192.0.2.53\n", "")

    assert kinds(compared(zone(WHOLE), zone(new))) == [
        "missing sub.example.com. NS",
        "missing ns1.sub.example.com. A",
    ]


def test_a_delegation_that_only_the_server_has_hides_what_is_below() -> None:
    old = "a.dev 300 A 192.0.2.1\nb.dev 300 A 192.0.2.2"

    found = compared(zone(old), zone(f"{old}\ndev 300 NS ns.example.net."))

    assert [told(difference).partition(": ")[0] for difference in found.differences] == [
        "error extra dev.example.com. NS delegation",
        "error missing a.dev.example.com. A address",
        "error missing b.dev.example.com. A address",
    ]


def test_ttls_and_rdata_are_compared() -> None:
    new = WHOLE.replace("mail 300", "mail 60").replace("192.0.2.1\n", "192.0.2.9\n")

    assert kinds(compared(zone(WHOLE), zone(new))) == ["changed example.com. A", "ttl mail.example.com. A"]


def test_soa_and_name_servers_are_expected_to_differ() -> None:
    base = BASE.replace("old.test", "new.test")

    found = compared(zone(WHOLE), zone(WHOLE, base=base))

    assert kinds(found) == ["expected example.com. SOA", "expected example.com. NS"]
    assert found.verdict is Verdict.SAME


def test_a_name_server_of_both_sides_may_have_moved() -> None:
    base = f"{BASE}@ 60 NS ns1\n"
    old, new = (zone(f"{WHOLE}ns1 300 A 192.0.2.{last}", base=base) for last in (53, 54))

    assert [
        f"{difference.severity}: {name_of(difference)}"
        for difference in compared(old, new).differences
        if told(difference) != HIDDEN
    ] == ["warning: changed ns1.example.com. A"]


def test_addresses_in_place_of_a_cname_are_seen() -> None:
    found = compared(zone(WHOLE), zone(WHOLE.replace("www 300 CNAME @", "www 300 A 192.0.2.1")))

    assert kinds(found) == ["extra www.example.com. A", "missing www.example.com. CNAME"]


def test_a_cname_in_place_of_addresses_is_seen() -> None:
    found = compared(zone(WHOLE), zone(WHOLE.replace("mail 300 A 192.0.2.25", "mail 300 CNAME mx.example.net.")))

    assert kinds(found) == ["missing mail.example.com. A", "extra mail.example.com. CNAME"]


def test_a_host_that_only_a_new_cname_leads_to_is_seen() -> None:
    moved = "mail 300 CNAME a\na 300 CNAME b\nb 300 A 192.0.2.25"

    found = compared(zone(WHOLE), zone(WHOLE.replace("mail 300 A 192.0.2.25", moved)))

    told_of = {name_of(difference): difference.impact for difference in found.differences}
    assert told_of["missing mail.example.com. A"].endswith(
        "leads wherever a.example.com does: to 192.0.2.25 as before."
    )
    assert {"extra a.example.com. CNAME", "extra b.example.com. A"} <= told_of.keys()


def test_a_key_in_place_of_a_cname_is_seen() -> None:
    key = 's1._domainkey 300 TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'
    led_to = key.replace("s1._domainkey", "key")
    aliased = WHOLE.replace(key, f"s1._domainkey 300 CNAME key\n{led_to}")

    found = compared(zone(aliased), zone(f"{aliased}\n".replace("s1._domainkey 300 CNAME key", key)))

    assert [verdict.state for verdict in found.mail] == ["same"]
    assert kinds(found) == ["missing s1._domainkey.example.com. CNAME", "extra s1._domainkey.example.com. TXT"]


def test_usual_types_that_only_the_server_has_at_the_apex_are_seen() -> None:
    found = compared(zone(WHOLE), zone(WHOLE + '@ 300 CAA 0 issue "a.test"\n@ 300 AAAA 2001:db8::1\n'))

    assert kinds(found) == ["extra example.com. AAAA", "extra example.com. CAA"]


def test_a_wildcard_hides_a_missing_name() -> None:
    old = "api 300 A 192.0.2.1\nweb 300 CNAME host.example.net.\nhost 300 A 192.0.2.2"
    found = compared(zone(old), zone("host 300 A 192.0.2.2\n* 300 A 192.0.2.80"))

    assert [told(difference) for difference in found.differences] == [
        (
            "error extra *.example.com. A wildcard,address: Names below example.com without records of "
            "their own are "
            "answered with 192.0.2.80 (A): forgotten and mistyped names seem to work, and what is missing "
            "is hidden."
        ),
        (
            "error missing api.example.com. A address: api.example.com is gone, and *.example.com hides that: it "
            "answers 192.0.2.80 instead."
        ),
        (
            "error missing web.example.com. CNAME address: web.example.com is gone, and *.example.com hides "
            "that: it "
            "answers 192.0.2.80 instead."
        ),
    ]


def test_a_wildcard_that_gives_the_right_answer_is_named() -> None:
    found = compared(zone("api 300 A 192.0.2.80"), zone("* 300 A 192.0.2.80"))

    assert kinds(found) == ["extra *.example.com. A"]
    assert [(finding.check, finding.message) for finding in found.findings] == [
        (
            "live.wildcard-hides",
            "1 name (api.example.com) may be missing: *.example.com gives the same A answer to any name.",
        )
    ]


def test_a_wildcard_below_another_name_is_placed_there() -> None:
    found = compared(zone("a.dev 300 A 192.0.2.1"), zone("a.dev 300 A 192.0.2.1\n*.dev 300 A 192.0.2.9"))

    assert kinds(found) == ["extra *.dev.example.com. A"]


def test_a_wildcard_of_both_sides_is_compared_by_what_it_answers() -> None:
    old = "* 300 A 192.0.2.1\n* 300 MX 10 mx.example.net."

    assert kinds(compared(zone(old), zone(old))) == []
    assert kinds(compared(zone(old), zone(""))) == ["missing *.example.com. A", "missing *.example.com. MX"]
    assert kinds(compared(zone(old), zone(old.replace("192.0.2.1", "192.0.2.2")))) == ["changed *.example.com. A"]


def test_an_explicit_record_beside_a_wildcard_is_not_taken_for_its_answer() -> None:
    old = '* 300 A 192.0.2.80\nwww 300 A 192.0.2.1\nwww 300 TXT "x"'

    assert kinds(compared(zone(old), zone(old.replace("192.0.2.1", "192.0.2.80")))) == [
        "changed www.example.com. A"
    ]


def test_an_alias_is_right_when_its_target_has_the_answer() -> None:
    old = zone("", rrset("@ - A -", LOAD_BALANCER), rrset("@ - AAAA -", LOAD_BALANCER))
    hosts = {"lb.example.net": ("192.0.2.7", "192.0.2.8")}

    found = compared(old, zone("@ 60 A 192.0.2.8"), hosts)

    assert [told(difference) for difference in found.differences] == [
        (
            "notice equivalent example.com. A web: The alias leads to lb.example.net, which has the answered "
            "addresses now."
        ),
        (
            "notice equivalent example.com. AAAA web: The alias leads to lb.example.net, which has no AAAA "
            "address now; "
            "nor is one answered."
        ),
    ]
    assert found.verdict is Verdict.SAME


@pytest.mark.parametrize(
    ("new", "hosts", "expected"),
    [
        ("www 60 A 192.0.2.8", {}, ["unchecked www.example.com. A"]),
        ("www 60 A 192.0.2.8", {"lb.example.net": ("192.0.2.7",)}, ["unchecked www.example.com. A"]),
        ("", {"lb.example.net": ("192.0.2.7",)}, ["missing www.example.com. A"]),
        ("", {"lb.example.net": ("2001:db8::1",)}, ["equivalent www.example.com. A"]),
        ("www 60 CNAME lb.example.net.", {}, ["equivalent www.example.com. A"]),
        ("www 60 CNAME b.example.net.", {}, ["changed www.example.com. A"]),
    ],
)
def test_an_alias_is_never_missing_where_something_may_be_right(
    new: str, hosts: dict[str, tuple[str, ...]], expected: list[str]
) -> None:
    assert kinds(compared(zone("", rrset("www - A -", LOAD_BALANCER)), zone(new), hosts)) == expected


def test_an_alias_is_not_right_by_one_address_beside_another() -> None:
    hosts = {"lb.example.net": ("192.0.2.7",)}

    found = compared(
        zone("", rrset("www - A -", LOAD_BALANCER)), zone("www 60 A 192.0.2.7\nwww 60 A 192.0.2.8"), hosts
    )

    assert [told(difference) for difference in found.differences] == [
        (
            "warning unchecked www.example.com. A web: The alias leads to lb.example.net, which does not have all "
            "of these addresses now; the server answers 192.0.2.7 and 192.0.2.8. Compare them yourself."
        )
    ]
    assert found.verdict is not Verdict.SAME


def test_an_alias_within_the_zone_needs_no_resolver() -> None:
    old = zone("web 60 A 192.0.2.1", rrset("@ - A -", Alias(absolute("web.example.com."))))

    assert kinds(compared(old, zone("web 60 A 192.0.2.1\n@ 60 A 192.0.2.1"))) == ["equivalent example.com. A"]


def test_any_of_several_routed_answers_is_right() -> None:
    old = zone(
        "",
        rrset("www 60 A 192.0.2.1", Weighted(90), variant="blue"),
        rrset("www 60 A 192.0.2.2", Failover("SECONDARY"), variant="green"),
    )

    right, wrong, none = (compared(old, zone(text)) for text in ("www 60 A 192.0.2.2", "www 60 A 192.0.2.3", ""))

    assert [str(difference.kind) for difference in right.differences] == ["equivalent", "equivalent"]
    assert [str(difference.kind) for difference in wrong.differences] == ["changed", "changed"]
    assert [str(difference.kind) for difference in none.differences] == ["missing", "missing"]


def test_what_an_answer_cannot_show_is_no_difference() -> None:
    old = zone("", rrset("www 60 A 192.0.2.1", HealthCheck("h1")))

    assert kinds(compared(old, zone("www 60 A 192.0.2.1"))) == []


def test_a_proxy_is_seen_to_be_gone_or_not_known() -> None:
    old = zone("", rrset("www 60 A 192.0.2.1", Proxied()))

    assert kinds(compared(old, zone("www 60 A 192.0.2.1"))) == ["changed www.example.com. A"]
    assert kinds(compared(old, zone("www 60 A 192.0.2.2"))) == ["unchecked www.example.com. A"]
    assert kinds(compared(old, zone(""))) == ["missing www.example.com. A"]


def test_a_flattened_cname_is_an_alias() -> None:
    old = zone("", rrset("@ 60 CNAME lb.example.net.", Flattened()))
    hosts = {"lb.example.net": ("192.0.2.7",)}

    assert kinds(compared(old, zone("@ 60 A 192.0.2.7"), hosts)) == ["equivalent example.com. CNAME"]


def test_each_of_several_servers_is_compared_and_named() -> None:
    with serving(zone(WHOLE), zone(without("s1.")), zone(without("s1."))) as world:
        found = compare_live(zone(WHOLE), [live("dns:example.com@127.0.0.1,127.0.0.2,127.0.0.3")], world)
        port = world.port

    assert kinds(found) == ["missing s1._domainkey.example.com. TXT"]
    assert [difference.servers for difference in found.differences if difference.kind is Kind.MISSING] == [
        (f"127.0.0.2:{port}", f"127.0.0.3:{port}")
    ]
    (mail,) = found.mail
    assert mail.reasons == (f"At 127.0.0.2:{port}, 127.0.0.3:{port}: Mail signed by selector s1 will fail DKIM.",)
    assert found.same == len(zone(WHOLE).rrsets) - 2


def test_a_server_without_the_zone_fails_and_its_mail_is_lost() -> None:
    with serving(zone(WHOLE), None) as world:
        found = compare_live(zone(WHOLE), [live("dns:example.com@127.0.0.2")], world)

    errors = [difference for difference in found.differences if difference.kind is not Kind.UNCHECKED]
    assert [told(difference) for difference in errors] == [
        (
            "error missing example.com. SOA other: The server answers REFUSED for example.com: it does not "
            "serve the zone, "
            "and nothing of it would work."
        )
    ]
    assert found.counts()[Kind.UNCHECKED] == len(zone(WHOLE).rrsets) - 1
    assert [(verdict.state, verdict.reasons) for verdict in found.mail] == [
        ("lost", ("The server does not serve the zone: it answers REFUSED.",))
    ]


def test_a_silent_server_is_unchecked_never_missing_and_never_the_same() -> None:
    found = compare_live(zone(WHOLE), [live("dns:example.com@127.0.0.9:1")], environment())

    assert {difference.kind for difference in found.differences} == {Kind.UNCHECKED}
    assert len(found.differences) == len(zone(WHOLE).rrsets)
    assert found.verdict is Verdict.DIFFERENT
    assert found.same == 0
    (mail,) = found.mail
    assert (mail.state, mail.reasons) == ("changed", ())
    assert mail.unchecked == ("MX", "SPF", "DKIM s1._domainkey.example.com")


SOA = "example.com. 3600 SOA ns1.old.test. hostmaster.example.com. 1 7200 3600 1209600 300"
NS = "example.com. 3600 NS ns1.old.test."
SERVED = {
    ("example.com", "SOA"): Reply(answer=[SOA]),
    ("example.com", "NS"): Reply(answer=[NS]),
    (None, None): Reply(rcode="NXDOMAIN", authority=[SOA]),
}


def faulty(old: str, rules: dict[tuple[str | None, str | None], Reply]) -> ZoneDiff:
    with FaultyServer({**SERVED, **rules}) as server:
        world = environment(server.server.port, timeout=patience(rules))
        labels = nonces()
        return compare_live(
            zone(old), [live(f"dns:example.com@{server.server.address}")], world, lambda: next(labels)
        )


def test_one_question_without_an_answer_is_unchecked() -> None:
    found = faulty("www 300 A 192.0.2.1", {("www.example.com", "A"): Reply(drop=ALL)})

    assert kinds(found) == ["unchecked www.example.com. A"]
    assert found.differences[0].impact.startswith("Not known: no answer: timeout")


def test_a_wildcard_is_not_known_where_a_server_does_not_answer_for_a_name_that_nobody_has() -> None:
    old = "www 300 A 192.0.2.1\na.b 300 A 192.0.2.2"
    answers: dict[tuple[str | None, str | None], Reply] = {
        ("www.example.com", "A"): Reply(answer=["www.example.com. 300 A 192.0.2.1"]),
        ("a.b.example.com", "A"): Reply(answer=["a.b.example.com. 300 A 192.0.2.2"]),
        ("b.example.com", "A"): Reply(authority=[SOA]),
    }

    silent = faulty(old, {**answers, (None, None): Reply(drop=ALL)})
    failing = faulty(old, {**answers, ("nonce1.b.example.com", None): Reply(rcode="SERVFAIL")})

    assert kinds(silent) == [
        *(f"unchecked example.com. {rdtype}" for rdtype in ("A", "MX", "TXT", "AAAA", "HTTPS", "CAA")),
        *(f"unchecked *.example.com. {rdtype}" for rdtype in ("A", "MX", "TXT", "AAAA")),
        "unchecked *.b.example.com. A",
    ]
    assert silent.differences[0].impact.startswith("Not known whether there is one: no answer: timeout")
    assert silent.same == len(zone(old).rrsets)
    assert told(only(failing)) == (
        "warning unchecked *.b.example.com. A wildcard: Not known whether there is one: the server answers "
        "SERVFAIL for a name that nobody has."
    )


def test_a_usual_type_at_the_apex_is_not_known_where_the_server_fails_for_it() -> None:
    answers: dict[tuple[str | None, str | None], Reply] = {
        ("www.example.com", "A"): Reply(answer=["www.example.com. 300 A 192.0.2.1"]),
        ("example.com", "CAA"): Reply(rcode="SERVFAIL"),
        ("example.com", "HTTPS"): Reply(rcode="NOTIMP"),
        ("example.com", None): Reply(authority=[SOA]),
        (None, None): Reply(rcode="NXDOMAIN", authority=[SOA]),
    }

    assert told(only(faulty("www 300 A 192.0.2.1", answers))) == (
        "warning unchecked example.com. CAA cert.caa: Not known whether there is one: the server answers SERVFAIL."
    )


def test_a_caa_set_that_a_cname_may_have_given_way_to_is_unchecked_where_the_server_fails_for_it() -> None:
    answers: dict[tuple[str | None, str | None], Reply] = {
        ("www.example.com", "A"): Reply(answer=["www.example.com. 300 A 192.0.2.1"]),
        ("www.example.com", "CAA"): Reply(rcode="SERVFAIL"),
        ("www.example.com", None): Reply(authority=[SOA]),
        ("example.com", None): Reply(authority=[SOA]),
        (None, None): Reply(rcode="NXDOMAIN", authority=[SOA]),
    }

    found = faulty("www 300 CNAME host.example.net.", answers)

    assert kinds(found)[-1] == "unchecked www.example.com. CAA"


def test_the_address_of_another_mail_server_is_unchecked_where_the_server_fails_for_it() -> None:
    answers: dict[tuple[str | None, str | None], Reply] = {
        ("example.com", "MX"): Reply(answer=["example.com. 300 MX 10 mail.example.com."]),
        ("mail.example.com", "A"): Reply(rcode="SERVFAIL"),
        ("mail.example.com", None): Reply(authority=[SOA]),
        ("example.com", None): Reply(authority=[SOA]),
        (None, None): Reply(rcode="NXDOMAIN", authority=[SOA]),
    }

    found = faulty("@ 300 MX 10 mx.example.net.", answers)

    assert kinds(found) == ["changed example.com. MX", "unchecked mail.example.com. A"]
    assert found.mail[0].unchecked == ("the address of mail.example.com",)


DNSKEY = f"@ 300 DNSKEY 257 3 13 {'A' * 86}=="
SIGNATURE = "@ 300 RRSIG A 13 2 300 20300101000000 20200101000000 1 example.com. AAAA"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", DNSKEY, ["The server signs the zone"]),
        (SIGNATURE, "", ["The server does not sign the zone"]),
        (SIGNATURE, DNSKEY, []),
        ("", "", []),
        (DNSKEY, DNSKEY, []),
    ],
)
def test_a_side_that_alone_is_signed_is_a_notice_and_no_difference(old: str, new: str, said: list[str]) -> None:
    found = compared(zone(f"@ 300 A 192.0.2.1\n{old}"), zone(f"@ 300 A 192.0.2.1\n{new}"))

    assert found.verdict is Verdict.SAME
    assert [(f.check, str(f.severity)) for f in found.findings] == [("live.signing", "notice")] * len(said)
    assert [f.message.partition(" (")[0] for f in found.findings] == said


def test_keys_that_are_gone_are_a_difference_like_any_other() -> None:
    found = compared(zone(DNSKEY), zone(""))

    assert kinds(found) == ["missing example.com. DNSKEY"]
    assert found.findings == ()


@pytest.mark.parametrize(
    ("reply", "said"), [(Reply(drop=ALL), "no answer: timeout"), (Reply(rcode="SERVFAIL"), "answers SERVFAIL")]
)
def test_whether_a_server_signs_may_stay_unknown(reply: Reply, said: str) -> None:
    found = faulty("www 300 A 192.0.2.1", {("example.com", "DNSKEY"): reply})

    assert [finding.check for finding in found.findings] == ["live.signing"]
    assert found.findings[0].message.startswith("Whether the server signs the zone is not known: ")
    assert said in found.findings[0].message


def test_one_question_that_fails_is_missing() -> None:
    found = faulty("www 300 A 192.0.2.1", {("www.example.com", "A"): Reply(rcode="SERVFAIL")})

    assert [told(difference) for difference in found.differences] == [
        (
            "error missing www.example.com. A web: The server answers SERVFAIL for this name and type: who asks "
            "gets nothing."
        )
    ]


def test_a_long_answer_is_fetched_over_tcp() -> None:
    text = "x" * 250
    lines = [f'www.example.com. 300 TXT "{number}{text}"' for number in range(8)]
    with FaultyServer({**SERVED, ("www.example.com", "TXT"): Reply(answer=lines, truncated=True)}) as server:
        world = environment(server.server.port)
        old = zone("\n".join(line.replace(".example.com.", "") for line in lines))
        found = compare_live(old, [live("dns:example.com@127.0.0.1")], world)
        transports = {q.transport for q in server.queries if q.rdtype == "TXT"}

    assert kinds(found) == []
    assert transports == {Transport.UDP, Transport.TCP}


def test_a_long_answer_that_tcp_does_not_bring_is_unchecked() -> None:
    reply = Reply(answer=['www.example.com. 300 TXT "x"'], truncated=True, over_tcp=False)

    assert kinds(faulty('www 300 TXT "x"', {("www.example.com", "TXT"): reply})) == [
        "unchecked www.example.com. TXT"
    ]


def test_answers_without_authority_are_an_error() -> None:
    reply = Reply(answer=["www.example.com. 300 A 192.0.2.1"], authoritative=False)

    found = faulty("www 300 A 192.0.2.1", {("www.example.com", "A"): reply})

    assert [(finding.check, finding.severity) for finding in found.findings] == [
        ("live.not-authoritative", "error")
    ]


def test_a_resolver_does_not_serve_the_zone() -> None:
    found = faulty("", {("example.com", "SOA"): Reply(answer=[SOA], authoritative=False)})

    assert "answers without authority (AA), as a resolver does" in found.differences[0].impact
    assert found.differences[0].severity == "error"


def test_a_server_that_refers_elsewhere_does_not_serve_the_zone() -> None:
    referral = Reply(authority=["example.com. 3600 NS ns.example.net."], authoritative=False)

    found = faulty("", {("example.com", "SOA"): referral})

    assert "refers to other servers" in found.differences[0].impact


def test_a_name_between_others_must_exist() -> None:
    found = faulty(
        "_sip._tcp 300 SRV 0 0 1 x.example.net.",
        {("_sip._tcp.example.com", "SRV"): Reply(answer=["_sip._tcp.example.com. 300 SRV 0 0 1 x.example.net."])},
    )

    assert [(finding.check, finding.severity) for finding in found.findings] == [
        ("live.empty-non-terminal", "warning")
    ]


def test_questions_are_not_recursive_and_each_is_asked_once() -> None:
    with FaultyServer(SERVED) as server:
        compare_live(zone(WHOLE), [live("dns:example.com@127.0.0.1")], environment(server.server.port))
        asked = [(query.name, query.rdtype) for query in server.queries]

    assert len(asked) == len(set(asked))


def test_names_that_nobody_has_cannot_be_guessed() -> None:
    def asked_names() -> set[object]:
        with FaultyServer(SERVED) as server:
            compare_live(
                zone("www 300 A 192.0.2.1"), [live("dns:example.com@127.0.0.1")], environment(server.server.port)
            )
            return {query.name for query in server.queries}

    first, second = asked_names(), asked_names()

    assert len(first) == len(second)
    assert len(first - second) == 1


def test_all_addresses_of_a_host_are_compared() -> None:
    with serving(zone(WHOLE), zone(WHOLE), hosts={"ns.new.test": ("127.0.0.1", "127.0.0.2")}) as world:
        found = compare_live(zone(WHOLE), [live("dns:example.com@ns.new.test")], world)

    assert len(found.new.servers) == 2
    assert all(server.startswith("ns.new.test (127.0.0.") for server in found.new.servers)


def test_a_host_without_an_address_stops_the_comparison() -> None:
    with pytest.raises(DnsError, match=r"nobody\.test"):
        compare_live(zone(WHOLE), [live("dns:example.com@nobody.test")], environment())


def test_another_zone_is_refused() -> None:
    with pytest.raises(InputError, match="Two different zones"):
        compare_live(zone(WHOLE), [live("dns:example.net@127.0.0.1")], environment())


def test_servers_come_from_locators_and_options() -> None:
    found = live_locators(
        [live("dns:example.com@127.0.0.1"), live("dns:EXAMPLE.com@127.0.0.2:5")], ["[::1]:7", "h"]
    )

    assert [locator.servers for locator in found] == [
        (("127.0.0.1", None),),
        (("127.0.0.2", 5),),
        (("::1", 7),),
        (("h", None),),
    ]


@pytest.mark.parametrize(
    ("sides", "servers", "message"),
    [
        (["dns:example.com"], [], "which server"),
        (["dns:example.com@192.0.2.1?tsig=a:b"], [], "there is no option 'tsig'; dns: has none"),
        (["dns:@127.0.0.1"], [], "the zone is missing"),
        (["dns:example.com@127.0.0.1", "dns:example.net@127.0.0.2"], [], "one comparison is of one zone"),
    ],
)
def test_locators_that_do_not_agree_are_refused(sides: list[str], servers: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        live_locators([live(side) for side in sides], servers)
