"""A proxy of the new side: what it does not carry, and what is not found behind it."""

import pytest

from migrator.diff import Verdict, compare
from migrator.mail.verdict import MailState
from migrator.model.extras import ForRecord, Proxied, Weighted
from tests.diffing import only, rrset, told, zone

MAIL = """
@ 300 MX 10 mail
@ 300 TXT "v=spf1 mx a:out.example.com -all"
"""
HOSTS = ("mail 300 A 192.0.2.25", "out 300 A 192.0.2.26")
BEHIND = "is behind the new provider's proxy, and was reached directly so far."


def joined(text: str) -> str:
    return " ".join(text.split())


def behind(line: str, also: str = "") -> str:
    """Return what is told of a set that a proxy of the new side answers for."""
    return told(only(compare(zone(also, rrset(line)), zone(also, rrset(line, Proxied())))))


@pytest.mark.parametrize(
    ("line", "also", "expected"),
    [
        (
            "s1._domainkey 300 CNAME s1.example.net.",
            "",
            """
            error changed s1._domainkey.example.com. CNAME mail.dkim: Mail signed by selector s1 will fail
            DKIM: a proxy answers addresses in the place of its CNAME.
            """,
        ),
        (
            "_dmarc 300 CNAME dmarc.example.net.",
            "",
            """
            error changed _dmarc.example.com. CNAME mail.dmarc: example.com has no DMARC policy: forged
            mail in its name is no longer stopped or reported, and large receivers refuse bulk mail without
            one.
            """,
        ),
        (
            "_acme-challenge 300 CNAME acme.example.net.",
            "",
            """
            error changed _acme-challenge.example.com. CNAME cert.acme: Certificates of example.com cannot
            be renewed, and end weeks later: _acme-challenge.example.com is a CNAME to acme.example.net
            behind a proxy, which answers addresses alone.
            """,
        ),
        (
            "_abc 300 CNAME xyz.acm-validations.aws.",
            "",
            """
            error changed _abc.example.com. CNAME cert.acme,address: Certificates of example.com cannot be renewed,
            and end weeks later: _abc.example.com is a CNAME to AWS Certificate Manager
            (xyz.acm-validations.aws) behind a proxy, which answers addresses alone.
            """,
        ),
        (
            "zmverify 300 CNAME business.zoho.com.",
            "",
            """
            error changed zmverify.example.com. CNAME verification: Zoho loses its domain verification of
            example.com: zmverify.example.com is a CNAME to business.zoho.com behind a proxy, which answers
            addresses alone.
            """,
        ),
        (
            "_mta-sts 300 CNAME sts.example.net.",
            "",
            """
            warning changed _mta-sts.example.com. CNAME mail.mta-sts: Senders no longer learn that mail to
            example.com must be encrypted (MTA-STS); those that know the policy keep to it until it ends.
            """,
        ),
        (
            "bounce 300 CNAME bounces.example.net.",
            "",
            """
            error changed bounce.example.com. CNAME mail.spf,address: Bounces to bounce.example.com do not
            come back, and no SPF is found there: it is a CNAME to bounces.example.net behind a proxy,
            which answers addresses alone.
            """,
        ),
        (
            "sip 300 A 192.0.2.50",
            "_sip._tcp 300 SRV 0 0 5060 sip\n",
            """
            error changed sip.example.com. A service: Telephones and call programs do not reach
            sip.example.com: it is behind a proxy that carries HTTP alone.
            """,
        ),
        (
            "shell 300 A 192.0.2.22",
            "shell 300 SSHFP 1 1 0123456789abcdef0123456789abcdef01234567\n",
            """
            error changed shell.example.com. A service,address: SSH clients do not reach shell.example.com:
            it is behind a proxy that carries HTTP alone.
            """,
        ),
        (
            "in 300 CNAME lists",
            'lists 300 MX 10 mx.example.net.\nlists 300 TXT "v=spf1 -all"\n',
            """
            error changed in.example.com. CNAME address: The MX records that in.example.com
            has by its CNAME to lists.example.com are not found: it is behind a proxy, which answers
            addresses alone. The TXT records that in.example.com has by its CNAME to lists.example.com are
            not found: it is behind a proxy, which answers addresses alone.
            """,
        ),
        (
            "api 300 A 192.0.2.80",
            "_8443._tcp.api 300 TLSA 3 1 1 " + 32 * "ab" + "\n",
            """
            error changed api.example.com. A service,address: Programs that use DANE do not connect to port
            8443 of api.example.com: a proxy is there.
            """,
        ),
        (
            "box 300 A 192.0.2.53",
            "sub 300 NS box\n",
            """
            error changed box.example.com. A delegation,address: box.example.com, a name server of
            sub.example.com, is behind a proxy that carries HTTP alone.
            """,
        ),
        (
            "gw 300 A 192.0.2.54",
            'tel 300 NAPTR 1 1 "S" "SIP+D2T" "" gw\n',
            """
            error changed gw.example.com. A service,address: What looks for tel.example.com is sent to
            gw.example.com, which is behind a proxy that carries HTTP alone.
            """,
        ),
        (
            "inc 300 A 192.0.2.80",
            'inc 300 TXT "v=spf1 -all"\n@ 300 TXT "v=spf1 include:inc.example.com -all"\n',
            "warning changed inc.example.com. A address:",
        ),
        ("www 300 A 192.0.2.80", "", "warning changed www.example.com. A web:"),
        ("autodiscover 300 CNAME o.example.net.", "", "warning changed autodiscover.example.com. CNAME "),
    ],
)
def test_what_a_proxy_does_not_carry_is_lost(line: str, also: str, expected: str) -> None:
    said = behind(line, also)

    assert said.startswith(joined(expected))
    assert said.endswith(BEHIND)


def test_a_mail_server_behind_a_proxy_is_another_one() -> None:
    old = zone(MAIL, *map(rrset, HOSTS))
    new = zone(MAIL, *(rrset(line, Proxied()) for line in HOSTS))

    found = compare(old, new)

    mail, out = (told(difference) for difference in found.differences)
    assert mail.startswith(
        "warning changed mail.example.com. A mail.mx,service,address: Mail for example.com goes to "
        "mail.example.com, which is behind a proxy that carries none: the provider names another one with its "
        "address instead (_dc-mx...), or it is lost. Mail programs (IMAP, SMTP) that connect to mail.example.com "
        "do not reach it"
    )
    assert out.startswith(
        "error changed out.example.com. A mail.spf,address: SPF of example.com allows out.example.com, which is "
        "behind a proxy: receivers find the addresses of the proxy, and mail from its own fails it."
    )
    (verdict,) = found.mail
    assert verdict.state is MailState.CHANGED
    assert len(verdict.reasons) == 2


def test_a_policy_of_encryption_does_not_name_what_a_provider_makes_up() -> None:
    also = f'{MAIL}_mta-sts 300 TXT "v=STSv1; id=1"\n_25._tcp.mail 300 TLSA 3 1 1 {32 * "ab"}\n'

    said = behind("mail 300 A 192.0.2.25", also)

    assert said.startswith(
        "error changed mail.example.com. A mail.mx,mail.dane,service,address: Mail for example.com"
    )
    assert "the name that the provider makes up (_dc-mx...) is not in the policy of MTA-STS." in said
    assert "Mail servers that use DANE no longer check the certificate of mail.example.com" in said


@pytest.mark.parametrize(
    "policy", ["v=spf1 a:out.example.com ip4:192.0.2.26 -all", "v=spf1 mx a:out.example.com -all"]
)
def test_spf_that_lets_the_address_by_other_terms_lets_it_still(policy: str) -> None:
    also = f'@ 300 MX 10 out\n@ 300 TXT "{policy}"\n'

    assert "SPF" not in behind("out 300 A 192.0.2.26", also)


def test_a_proxied_host_that_spf_refuses_can_only_gain() -> None:
    policy = '@ 300 TXT "v=spf1 -a:out.example.com mx -all"'

    assert "allows" not in behind("out 300 A 192.0.2.26", policy)
    assert "allows" in behind("out 300 A 192.0.2.26", policy.replace("-a:", "?a:"))


def test_an_spf_that_is_included_by_a_proxied_cname_is_not_found() -> None:
    said = behind("inc 300 CNAME spf.example.net.", '@ 300 TXT "v=spf1 include:inc.example.com -all"\n')

    assert "error" in said
    assert "SPF of example.com includes inc.example.com, whose policy is not found behind a proxy." in said


def test_a_proxy_on_both_sides_is_nothing_new() -> None:
    lines = (*HOSTS, "s1._domainkey 300 CNAME s1.example.net.", "ssh 300 A 192.0.2.22")
    old, new = (zone(MAIL, *(rrset(line, Proxied()) for line in lines)) for _ in range(2))
    other = zone(MAIL, *(rrset(line, Proxied()) for line in lines[:-1]), rrset("ssh 300 A 192.0.2.23", Proxied()))

    assert compare(old, new).verdict is Verdict.SAME
    assert "proxy" not in told(only(compare(old, other)))


def test_one_record_behind_a_proxy_is_enough() -> None:
    new = rrset("ssh 300 A 192.0.2.22", ForRecord("192.0.2.22", Proxied()))

    assert "SSH clients" in told(only(compare(zone("", rrset("ssh 300 A 192.0.2.22")), zone("", new))))


def test_a_proxied_cname_that_is_new_takes_away_what_stood_there() -> None:
    found = compare(
        zone('s1._domainkey 300 TXT "v=DKIM1; p=MIGf"'),
        zone("", rrset("s1._domainkey 300 CNAME s1.example.net.", Proxied())),
    )

    assert {difference.severity for difference in found.differences} == {"error"}
    assert all("will fail DKIM" in difference.impact for difference in found.differences)


def test_a_proof_whose_routing_alone_differs_has_no_other_target() -> None:
    one, other = (
        rrset("_acme-challenge 60 CNAME a.example.net.", Weighted(each), variant="blue") for each in (1, 2)
    )

    assert "proven through" not in told(only(compare(zone("", one), zone("", other))))


def test_a_sender_that_is_no_longer_behind_a_proxy_is_found_at_last() -> None:
    found = compare(zone(MAIL, *(rrset(line, Proxied()) for line in HOSTS)), zone(MAIL, *map(rrset, HOSTS)))

    assert [verdict.state for verdict in found.mail] == [MailState.SAME]
