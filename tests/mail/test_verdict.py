"""The mail verdict of each domain: same, changed, lost, and why."""

import pytest
from dns.rdatatype import RdataType

from migrator.diff import Kind, compare
from migrator.diff.compare import Settled
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.model.rrset import RRsetKey
from tests.diffing import ORIGIN, diff, only, zone
from tests.mail.keys import ED25519, quoted, rsa_key

KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7"
WHOLE = f"""
@ 300 MX 10 mx1
@ 300 MX 20 mx2
mx1 300 A 192.0.2.1
mx2 300 A 192.0.2.2
@ 300 TXT "v=spf1 mx include:_spf.google.com -all"
s1._domainkey 300 TXT "v=DKIM1; k=rsa; p={KEY}"
_dmarc 300 TXT "v=DMARC1; p=reject; sp=quarantine"
news 300 MX 10 feedback-smtp.eu-west-1.amazonses.com.
news 300 TXT "v=spf1 include:amazonses.com ~all"
abc._domainkey.news 300 CNAME abc.dkim.amazonses.com.
www 300 A 192.0.2.80
"""


def states(old: str, new: str) -> dict[str, str]:
    """Return the state of each mail domain."""
    return {verdict.domain.to_text(): str(verdict.state) for verdict in diff(old, new).mail}


def without(line: str) -> str:
    """Return the whole zone without the lines that begin so."""
    kept = [each for each in WHOLE.splitlines() if not each.startswith(line)]
    assert len(kept) < len(WHOLE.splitlines())
    return "\n".join(kept)


APEX, NEWS = "example.com.", "news.example.com."


@pytest.mark.parametrize(
    ("new", "apex", "news"),
    [
        (WHOLE, "same", "same"),
        (WHOLE.replace("300", "60"), "same", "same"),
        (without("www"), "same", "same"),
        (without("@ 300 MX"), "lost", "same"),
        (without("@ 300 MX 20"), "changed", "same"),
        (WHOLE.replace("MX 20", "MX 30"), "changed", "same"),
        (without("mx1"), "lost", "same"),
        (WHOLE.replace("192.0.2.1", "192.0.2.9"), "changed", "same"),
        (WHOLE.replace("MX 10 mx1", "MX 10 mx3"), "lost", "same"),
        (WHOLE.replace("MX 10 mx1", "MX 10 192.0.2.1"), "lost", "same"),
        (WHOLE.replace("MX 10 mx1", "MX 10 192.0.2.1."), "lost", "same"),
        (WHOLE.replace("MX 10 mx1", "MX 10 2001:db8::1."), "lost", "same"),
        (WHOLE.replace("MX 10 mx1", "MX 10 192.0.2.1.mx.example.net."), "changed", "same"),
        (without("@ 300 TXT"), "lost", "same"),
        (WHOLE.replace("mx include", "a mx include"), "changed", "same"),
        (WHOLE + '@ 300 TXT "v=spf1 -all"\n', "lost", "same"),
        (WHOLE + '@ 300 TXT "hello"\n', "same", "same"),
        (without("s1._domainkey"), "lost", "same"),
        (WHOLE.replace(KEY, KEY[:20]), "lost", "same"),
        (WHOLE.replace(KEY, "x" + KEY[1:]), "changed", "same"),
        (WHOLE.replace(f"p={KEY}", f'p={KEY[:9]}" "{KEY[9:]}'), "same", "same"),
        (WHOLE + 's2._domainkey 300 TXT "v=DKIM1; p=AAAA"\n', "same", "same"),
        (without("_dmarc"), "lost", "lost"),
        (WHOLE.replace("p=reject", "p=none"), "changed", "same"),
        (WHOLE.replace("sp=quarantine", "sp=none"), "changed", "changed"),
        (without("abc._domainkey"), "same", "lost"),
        (without("news 300 MX"), "same", "lost"),
    ],
)
def test_a_domain_is_judged_by_its_own_records(new: str, apex: str, news: str) -> None:
    assert states(WHOLE, new) == {APEX: apex, NEWS: news}


def test_a_verdict_names_services_and_reasons() -> None:
    apex, news = diff(WHOLE, without("abc._domainkey")).mail

    assert apex.services == ("Google Workspace",)
    assert news.services == ("Amazon SES",)
    assert news.reasons == (
        (
            "Mail signed by selector abc of news.example.com (Amazon SES) will fail DKIM; DMARC p=quarantine "
            "makes receivers put it into the spam folder."
        ),
    )


def test_what_breaks_comes_before_what_differs() -> None:
    new = WHOLE.replace("MX 20", "MX 30").replace(f"p={KEY}", "p=")

    (apex, _) = diff(WHOLE, new).mail

    assert apex.reasons == (
        (
            "Mail signed by selector s1 will fail DKIM: the key is revoked (p= is empty); DMARC p=reject makes "
            "receivers reject it."
        ),
        "The mail servers of example.com have other preferences; senders try them in the same order.",
    )


def test_a_domain_that_only_the_new_side_has_is_a_change() -> None:
    assert states("", "shop 300 MX 10 mx.example.net.") == {"shop.example.com.": "changed"}


def test_a_selector_belongs_to_the_nearest_mail_domain_above_it() -> None:
    old = '@ 300 MX 10 mx.example.net.\ns1._domainkey.list 300 TXT "v=DKIM1; p=AAAA"'

    assert states(old, "@ 300 MX 10 mx.example.net.") == {APEX: "lost"}


def test_an_spf_that_includes_another_name_of_the_zone_breaks_with_it() -> None:
    old = '@ 300 TXT "v=spf1 include:_spf.example.com -all"\n_spf 300 TXT "v=spf1 ip4:192.0.2.0/24 -all"'

    assert states(old, old.splitlines()[0]) == {APEX: "lost", "_spf.example.com.": "lost"}


def test_a_mail_server_behind_a_cname_is_followed() -> None:
    old = "@ 300 MX 10 mx\nmx 300 CNAME host\nhost 300 A 192.0.2.1"

    assert states(old, "@ 300 MX 10 mx\nmx 300 CNAME host") == {APEX: "lost"}


def test_a_mail_server_that_only_a_wildcard_answers_for_has_changed() -> None:
    old = "@ 300 MX 10 mx\nmx 300 A 192.0.2.1"

    assert states(old, "@ 300 MX 10 mx\n* 300 A 192.0.2.80") == {APEX: "changed"}


def test_a_zone_without_mail_has_no_verdict() -> None:
    assert diff("www 300 A 192.0.2.1", "").mail == ()


STS = '@ 300 MX 10 mx.example.net.\n_mta-sts 300 TXT "v=STSv1; id=1"\n'
STS_LEFT = (
    "Senders cannot fetch the encryption policy (MTA-STS) of example.com, while the record that announces it stays"
)


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        (STS + "mta-sts 300 A 192.0.2.1", STS, "changed"),
        (STS + "mta-sts 300 CNAME policy.example.net.", STS, "changed"),
        (STS + "mta-sts 300 CNAME web\nweb 300 A 192.0.2.1", STS + "mta-sts 300 CNAME web", "changed"),
        (STS + "mta-sts 300 CNAME web\nweb 300 A 192.0.2.1", STS + "mta-sts 300 A 192.0.2.1", "same"),
        (STS + "mta-sts 300 A 192.0.2.1\nmta-sts 300 AAAA 2001:db8::1", STS + "mta-sts 300 A 192.0.2.1", "same"),
        (STS + "mta-sts 300 A 192.0.2.1", STS + "* 300 A 192.0.2.1", "same"),
        (STS + "mta-sts 300 A 192.0.2.1", STS + "mta-sts 300 NS ns.example.net.", "same"),
        (STS, STS, "same"),
    ],
)
def test_a_policy_host_that_leads_nowhere_any_more_changes_the_mail(old: str, new: str, state: str) -> None:
    (verdict,) = diff(old, new).mail

    assert str(verdict.state) == state
    assert [reason.startswith(STS_LEFT) for reason in verdict.reasons] == ([True] if state == "changed" else [])


@pytest.mark.parametrize(
    ("announced", "state"),
    [
        ('_mta-sts 300 TXT "v=STSv1; id=1"', "changed"),
        ("_mta-sts 300 CNAME _mta-sts.example.net.", "changed"),
        ('_mta-sts 300 CNAME sts\nsts 300 TXT "v=STSv1; id=1"', "changed"),
        ('_mta-sts 300 TXT "hello"', "same"),
        ("* 300 CNAME web.example.net.", "same"),
    ],
)
def test_a_host_called_mta_sts_counts_where_a_policy_is_announced(announced: str, state: str) -> None:
    new = f"@ 300 MX 10 mx.example.net.\n{announced}"
    new = new.replace("* 300", "web 300")  # else the wildcard would answer for the host

    assert states(f"@ 300 MX 10 mx.example.net.\n{announced}\nmta-sts 300 A 192.0.2.1", new) == {APEX: state}


def test_a_mail_domain_may_have_a_name_so_long_that_nothing_fits_below_it() -> None:
    longest = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 49])

    found = diff(f"{longest} 300 MX 10 mx.example.net.", f"{longest} 300 MX 10 mx.example.org.").mail

    assert [str(verdict.state) for verdict in found] == ["changed"]


DEEP = """
@ 300 TXT "v=spf1 include:_spf.example.com -all"
_spf 300 TXT "v=spf1 redirect=_spf2.example.com"
_spf2 300 TXT "v=spf1 a:out.example.com mx:lists.example.com include:_spf.example.com ~all"
out 300 A 192.0.2.1
out 300 A 192.0.2.2
lists 300 MX 10 mx
lists 300 MX 20 mx.example.net.
mx 300 A 192.0.2.25
"""
ALLOWS = "SPF of example.com allows the"
INCLUDES = "SPF of example.com includes _spf2.example.com"
LEFT_OUT = "which differ; mail from an address that is left out fails it."


@pytest.mark.parametrize(
    ("new", "state", "reason"),
    [
        (DEEP, "same", None),
        (DEEP.replace("300", "60"), "same", None),
        (
            DEEP.replace('_spf2 300 TXT "v', '_spf2 300 TXT "x'),
            "lost",
            f"{INCLUDES}, which has no single SPF policy any more; receivers take that for a permanent error.",
        ),
        (
            DEEP.replace("~all", "-all"),
            "changed",
            f"{INCLUDES}, which says something else now.",
        ),
        (
            DEEP.replace("192.0.2.1\n", "192.0.2.3\n"),
            "changed",
            f"{ALLOWS} addresses of out.example.com, {LEFT_OUT}",
        ),
        (DEEP.replace("lists 300 MX 10", "out 300 A 192.0.2.3\nlists 300 MX 10"), "same", None),
        (
            DEEP.replace("192.0.2.25", "192.0.2.26"),
            "changed",
            f"{ALLOWS} mail servers of lists.example.com, which differ; mail from one that is left out fails it.",
        ),
        (
            DEEP.replace("mx.example.net", "mx.example.org"),
            "changed",
            f"{ALLOWS} mail servers of lists.example.com, which differ; mail from one that is left out fails it.",
        ),
        (DEEP.replace("MX 20 mx.", "MX 30 mx."), "same", None),
    ],
)
def test_an_spf_leans_on_all_that_its_includes_lead_to(new: str, state: str, reason: str | None) -> None:
    apex = diff(DEEP, new).mail[0]

    assert (str(apex.state), apex.reasons) == (state, () if reason is None else (reason,))


@pytest.mark.parametrize(
    ("new", "covered"),
    [
        ("v=spf1 a:out.example.com mx ip4:192.0.2.1 ip4:192.0.2.25 -all", True),
        ("v=spf1 a:out.example.com mx ip4:192.0.2.0/24 -all", True),
        ("v=spf1 a:out.example.com mx ip4:192.0.2.1 -all", False),
        ("v=spf1 a:out.example.com mx ~ip4:192.0.2.0/24 -all", False),
        ("v=spf1 a:out.example.com mx ip4:192.0.2.1 include:elsewhere.example.net -all", False),
        ("v=spf1 a:out.example.com mx a:old.example.com mx:old.example.com -all", True),
        ("v=spf1 a:out.example.com mx a:old.example.com -all", False),
        ("v=spf1 ~a:new.example.com a:out.example.com mx a:old.example.com mx:old.example.com -all", False),
    ],
)
def test_old_addresses_may_be_allowed_by_other_terms(new: str, covered: bool) -> None:
    old = """
@ 300 MX 10 mx
@ 300 TXT "v=spf1 a:out.example.com mx -all"
out 300 A 192.0.2.1
mx 300 A 192.0.2.25
old 300 MX 10 old2
"""
    there = "old 300 A 192.0.2.1\nold2 300 A 192.0.2.25\nnew 300 A 203.0.113.1"
    moved = old.replace("192.0.2.", "203.0.113.").replace("v=spf1 a:out.example.com mx -all", new) + there

    apex = diff(old, moved).mail[0]

    assert any("left out fails it" in reason for reason in apex.reasons) is not covered


@pytest.mark.parametrize(
    ("term", "by", "covered"),
    [
        ("a:out.example.com/24", "ip4:192.0.2.1", False),
        ("a:out.example.com/24", "ip4:192.0.2.0/24", True),
        ("a:out.example.com/24", "a:old.example.com", False),
        ("a:out.example.com/24", "a:old.example.com/24", True),
        ("mx/24", "ip4:192.0.2.1", False),
        ("mx/24//64", "ip4:192.0.2.0/24", True),
    ],
)
def test_the_network_of_a_host_that_has_moved_is_let_send_as_a_whole_or_not(
    term: str, by: str, covered: bool
) -> None:
    records = "old 300 A 192.0.2.1\n@ 300 MX 10 out.example.com.\n"
    old = f'{records}@ 300 TXT "v=spf1 {term} -all"\nout 300 A 192.0.2.1'
    new = f'{records}@ 300 TXT "v=spf1 {term} {by} -all"\nout 300 A 203.0.113.1'

    apex = diff(old, new).mail[0]

    assert any("left out fails it" in reason for reason in apex.reasons) is not covered


REFUSES = "has a term that refuses 192.0.2.25 before the one that lets them send: mail sent from there fails it."


SOFTFAILED = (
    "SPF of example.com says 'fail' of mail from 192.0.2.0/28, 192.0.2.16/29, 192.0.2.24 and 5 more, and said "
    "'softfail' so far: -mx:h.example.com/24 holds it now."
)


@pytest.mark.parametrize(
    ("policies", "reasons"),
    [
        ('@ 300 TXT "v=spf1 ?a:h.example.com/24 mx ~all"', (f"SPF of example.com {REFUSES}",)),
        (
            '@ 300 TXT "v=spf1 -mx:h.example.com/24 mx ~all"',
            (
                SOFTFAILED,
                f"SPF of example.com {REFUSES}",
            ),
        ),
        ('@ 300 TXT "v=spf1 ~include:s.example.com mx ~all"', (f"SPF of example.com {REFUSES}",)),
        (
            '@ 300 TXT "v=spf1 include:t.example.com ~all"',
            (f"SPF of example.com includes t.example.com, which {REFUSES}",),
        ),
        (
            '@ 300 TXT "v=spf1 ?a:h.example.com/24 ip4:192.0.2.0/25 ~all"',
            (f"SPF of example.com {REFUSES}".replace("192.0.2.25", "192.0.2.0/25"),),
        ),
        (
            '@ 300 TXT "v=spf1 ?a:h.example.com ip4:192.0.2.0/25 ~all"',
            (f"SPF of example.com {REFUSES}".replace("192.0.2.25", "192.0.2.1"),),
        ),
        (
            '@ 300 TXT "v=spf1 ?a:h.example.com/24 ip4:192.0.2.0 ip4:192.0.2.2 ip4:192.0.2.4 ip4:192.0.2.6 ~all"',
            (f"SPF of example.com {REFUSES}".replace(".25", ".0, 192.0.2.2, 192.0.2.4 and 1 more"),),
        ),
        ('@ 300 TXT "v=spf1 include:t.example.com mx ~all"', ()),
        ('@ 300 TXT "v=spf1 mx ?a:h.example.com/24 ~all"', ()),
        ('@ 300 TXT "v=spf1 a:h.example.com/24 mx ~all"', ()),
        ('@ 300 TXT "v=spf1 ?a:h.example.com mx ~all"', ()),
        ('@ 300 TXT "v=spf1 ?ip4:198.51.100.1 mx ~all"', ()),
        ('@ 300 TXT "v=spf1 ?a:h.example.com/24 mx ~all"\n@ 300 TXT "v=spf1 -all"', ()),
    ],
)
def test_a_term_that_lets_nobody_pass_and_gains_addresses_takes_them_from_later_ones(
    policies: str, reasons: tuple[str, ...]
) -> None:
    old = f"""
@ 300 MX 10 mail
mail 300 A 192.0.2.25
h 300 A 198.51.100.1
h 300 MX 10 h
s 300 TXT "v=spf1 a:h.example.com/24 -all"
t 300 TXT "v=spf1 ?a:h.example.com/24 mx:example.com -all"
{policies}
"""

    apex = diff(old, f"{old}h 300 A 192.0.2.1").mail[0]

    assert apex.reasons == reasons


def test_a_host_that_gains_an_address_says_whom_its_spf_term_keeps_out() -> None:
    hosts = "mail 300 A 192.0.2.25\nh 300 A 198.51.100.1"
    old = f'@ 300 MX 10 mail\n@ 300 TXT "v=spf1 ?a:h.example.com/24 mx ~all"\n{hosts}'

    (difference,) = diff(old, f"{old}\nh 300 A 192.0.2.1").differences

    assert f"SPF of example.com {REFUSES}" in difference.impact
    assert difference.severity is Severity.ERROR


def test_terms_that_stay_are_followed_where_others_of_an_spf_differ() -> None:
    old = '@ 300 TXT "v=spf1 a:out.example.com -all"\nout 300 A 192.0.2.1'

    (apex,) = diff(old, old.replace("-all", "~all").replace("192.0.2.1", "192.0.2.2")).mail

    assert apex.reasons == (
        "SPF of example.com is weaker against forged mail ('-all' became '~all').",
        f"{ALLOWS} addresses of out.example.com, {LEFT_OUT}",
    )


LEADS = """
@ 300 MX 10 mx
@ 300 TXT "v=spf1 include:_spf.example.com mx:lists.example.com -all"
_spf 300 TXT "v=spf1 a:out.example.com -all"
_dmarc 300 CNAME dmarc
dmarc 300 TXT "v=DMARC1; p=reject"
s1._domainkey 300 CNAME key
key 300 TXT "v=DKIM1; p=AAAA"
_mta-sts 300 TXT "v=STSv1; id=1"
mta-sts 300 CNAME web
*.hosts 300 A 192.0.2.9
web 300 CNAME a.hosts
mx 300 CNAME host
host 300 A 192.0.2.25
host 300 AAAA 2001:db8::25
out 300 CNAME sender
sender 300 A 192.0.2.26
lists 300 MX 10 relay
relay 300 A 192.0.2.27
"""


@pytest.mark.parametrize(
    ("owner", "rdtype", "unchecked"),
    [
        ("@", "MX", ("MX",)),
        ("@", "TXT", ("SPF",)),
        ("mx", "CNAME", ("the address of mx.example.com",)),
        ("host", "A", ("the address of mx.example.com",)),
        ("host", "AAAA", ("the address of mx.example.com",)),
        ("_spf", "TXT", ("SPF by _spf.example.com",)),
        ("out", "CNAME", ("SPF by out.example.com",)),
        ("sender", "A", ("SPF by out.example.com",)),
        ("lists", "MX", ("SPF by lists.example.com",)),
        ("relay", "A", ("SPF by relay.example.com",)),
        ("dmarc", "TXT", ("DMARC",)),
        ("key", "TXT", ("DKIM s1._domainkey.example.com",)),
        ("web", "CNAME", ("MTA-STS",)),
        ("*.hosts", "A", ("MTA-STS",)),
    ],
)
def test_mail_is_not_the_same_while_what_it_leads_to_is_not_known(
    owner: str, rdtype: str, unchecked: tuple[str, ...]
) -> None:
    old = zone(LEADS)
    key = RRsetKey(absolute(owner, ORIGIN), RdataType.make(rdtype))

    apex = compare(old, zone(LEADS), {key: Settled(Kind.UNCHECKED, "Not known.")}).mail[0]

    assert (str(apex.state), apex.reasons, apex.unchecked) == ("changed", (), unchecked)


RSA = rsa_key(2048)
SIGNED = "Mail signed by selector s1"


@pytest.mark.parametrize(
    ("old", "new", "state", "reason"),
    [
        (f"v=DKIM1; k=ed25519; p={ED25519}", f"v=DKIM1; p={ED25519}", "lost", "cannot be read as an RSA key"),
        (f"v=DKIM1; k=rsa; p={RSA}", f"v=DKIM1; k=ed25519; p={RSA}", "lost", "has 294 octets; an Ed25519 key has"),
        (f"v=DKIM1; k=rsa; p={RSA}", f"k=rsa; v=DKIM1; p={RSA}", "lost", "begins with 'k=rsa; v=DKIM1; p=MI'"),
        (f"v=DKIM1; p={RSA}", f"v=DKIM1; h=sha1; t=y; p={RSA}", "lost", "allows SHA-1 alone (h=sha1)"),
        (f"v=DKIM1; p={RSA}", f"v=DKIM1; s=other; p={RSA}", "lost", "is not for e-mail (s=other)"),
        (f"v=DKIM1; p={RSA}", f"v=DKIM1; k=dsa; p={RSA}", "lost", "is of a kind that receivers do not know"),
        (f"v=DKIM1; p={RSA}", f"v=DKIM1; t=y; p={RSA}", "changed", "but it says that it is being tested (t=y)"),
        (f"v=DKIM1; p={RSA}", f"v=DKIM1; n=note; p={RSA}", "changed", "the same key; the tags n differ"),
        (f"v=DKIM1; k=dsa; p={RSA}", f"v=DKIM1; h=sha1; p={RSA}", "changed", "the same key; the tags h, k differ"),
    ],
)
def test_the_same_key_with_other_tags_may_verify_nothing(old: str, new: str, state: str, reason: str) -> None:
    at = "@ 300 MX 10 mx.example.net.\ns1._domainkey 300 TXT"

    found = diff(f"{at} {quoted(old)}", f"{at} {quoted(new)}")

    (mail,) = found.mail
    assert str(mail.state) == state
    assert mail.reasons == (only(found).impact,)
    assert mail.reasons[0].startswith(SIGNED)
    assert reason in mail.reasons[0]


BELOW = "lab 300 NS ns.example.net.\n"


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ("@ 300 MX 10 mx.lab", "Mail for example.com goes to mx.lab.example.com, which has no address."),
        (
            "@ 300 MX 10 mx.example.net.\ns1._domainkey 300 CNAME a\na 300 CNAME s1.lab",
            "Mail signed by selector s1 will fail DKIM.",
        ),
        (
            "@ 300 MX 10 mx.example.net.\n_dmarc 300 CNAME d.lab",
            "example.com has no DMARC policy",
        ),
        (
            '@ 300 TXT "v=spf1 include:s.lab.example.com -all"',
            "SPF of example.com includes s.lab.example.com, which has no single SPF policy any more",
        ),
        (
            '@ 300 TXT "v=spf1 a:h.lab.example.com -all"',
            "SPF of example.com allows the addresses of h.lab.example.com, which differ",
        ),
    ],
)
def test_mail_that_leans_on_a_zone_below_goes_with_its_delegation(records: str, reason: str) -> None:
    (said,) = diff(f"{BELOW}{records}", records).mail[0].reasons

    assert said.startswith(reason)
    assert states(f"{BELOW}{records}", f"{BELOW}{records}") == {APEX: "same"}


def test_a_host_in_a_zone_below_that_stays_says_nothing_of_an_spf_that_leads_to_it() -> None:
    old = f'{BELOW}@ 300 TXT "v=spf1 a:h.lab.example.com ~all"'

    (apex,) = diff(old, old.replace("~all", "-all")).mail

    assert apex.reasons == (
        "SPF of example.com is stricter with servers it does not list ('~all' became '-all').",
    )


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        (f's 300 TXT "v=DKIM1; p={KEY}"', f's 300 TXT "v=DKIM1; p={KEY[:20]}"', "lost"),
        (f's 300 TXT "v=DKIM1; p={KEY}"', f'z 300 TXT "v=DKIM1; p={KEY}"\ns 300 CNAME z', "same"),
        ("s 300 CNAME s.example.net.", "s 300 CNAME s.example.org.", "changed"),
        ("s 300 CNAME s.example.net.", "", "lost"),
    ],
)
def test_a_key_is_followed_to_the_end_of_its_cnames(old: str, new: str, state: str) -> None:
    chain = "@ 300 MX 10 mx.example.net.\ns1._domainkey 300 CNAME r\nr 300 CNAME s\n"

    assert states(chain + old, chain + new) == {APEX: state}


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        (
            "s 300 CNAME d.example.net.",
            "s 300 CNAME d.example.org.",
            ("d.example.org instead of at d.example.net",),
        ),
        ('s 300 TXT "v=DMARC1; p=reject"', 's 300 TXT "v=DMARC1; p=none"', ("weaker",)),
        ('s 300 TXT "v=DMARC1; p=reject"', 'z 300 TXT "v=DMARC1; p=reject"\ns 300 CNAME z', ()),
    ],
)
def test_a_policy_is_followed_to_the_end_of_its_cnames(old: str, new: str, reasons: tuple[str, ...]) -> None:
    chain = "@ 300 MX 10 mx.example.net.\n_dmarc 300 CNAME r\nr 300 CNAME s\n"
    verdict = diff(chain + old, chain + new).mail[0]

    assert len(verdict.reasons) == len(reasons)
    assert all(said in reason for said, reason in zip(reasons, verdict.reasons, strict=True))


def test_an_spf_that_is_found_elsewhere_is_another_one() -> None:
    including = '@ 300 TXT "v=spf1 include:s.example.com -all"\n'

    assert diff(f'{including}s 300 TXT "v=spf1 -all"', f"{including}s 300 CNAME s.example.net.").mail[
        0
    ].reasons == ("SPF of example.com includes s.example.com, which is found at s.example.net now.",)
    assert states(f'{including}s 300 TXT "v=spf1 -all"', f'{including}z 300 TXT "v=spf1 -all"\ns 300 CNAME z')[
        APEX
    ] == ("same")


def test_a_key_that_a_dname_leads_to_the_same_zone_is_the_same() -> None:
    old = "@ 300 MX 10 mx.example.net.\ns1._domainkey 300 CNAME s1.k.example.net."

    assert states(old, old.splitlines()[0] + "\n_domainkey 300 DNAME k.example.net.") == {APEX: "same"}
    assert states(old, old.splitlines()[0] + "\n_domainkey 300 DNAME l.example.net.") == {APEX: "lost"}
