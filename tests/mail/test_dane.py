"""The mail of a domain is not the same where other certificates are demanded of its servers (DANE)."""

import pytest
from dns.rdatatype import RdataType

from migrator.diff import Kind, compare
from migrator.diff.compare import Settled
from migrator.mail.verdict import MailState
from migrator.model.names import absolute
from migrator.model.rrset import RRsetKey
from tests.diffing import ORIGIN, diff, zone

MAIL = "@ 300 MX 10 mail\n@ 300 MX 20 mx.example.net.\nmail 300 A 192.0.2.25\n"
ONE, OTHER = (f"_25._tcp.mail 300 TLSA 3 1 1 {digit * 64}\n" for digit in "ab")
WHO = "Mail servers that use DANE"
WHICH = "Which certificate mail servers that use DANE demand of mail.example.com is"
ELSEWHERE = "_25._tcp.mail 300 CNAME a.example.net."
DEMAND = f"{WHO} demand the certificate that this record names of mail.example.com, or do not connect."
DEMAND_ANOTHER = (
    f"{WHO} demand another certificate of mail.example.com; if it has the old one, they do not connect."
)
NO_CHECK = f"{WHO} no longer check the certificate of mail.example.com: a forged one is not noticed."


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (ONE, ONE, None),
        (ONE, ONE.replace("300", "60"), None),
        (ONE, OTHER, DEMAND_ANOTHER),
        (ONE, "", NO_CHECK),
        ("", ONE, DEMAND),
        (ONE, ONE + OTHER, f"{WHO} also accept another certificate of mail.example.com."),
        (ONE, ONE.replace("_25", "*"), None),
        (ONE, ONE.replace("_25._tcp.mail", "a") + "_25._tcp.mail 300 CNAME a", None),
        (ONE, OTHER.replace("_25._tcp.mail", "a") + "_25._tcp.mail 300 CNAME a", DEMAND_ANOTHER),
        (ELSEWHERE, ELSEWHERE, None),
        (ONE, ELSEWHERE, f"{WHICH} said at a.example.net now."),
        (ELSEWHERE, ONE, f"{WHICH} no longer said elsewhere."),
        (ELSEWHERE, "", NO_CHECK),
        ("mail 300 NS ns.example.net.", "", None),
        ("", "_tcp.mail 300 NS ns.example.net.", None),
        (ONE, "_tcp.mail 300 NS ns.example.net.", f"{WHICH} said at _25._tcp.mail.example.com now."),
        (ONE.replace("_25", "_443"), "", None),
        (ONE.replace("mail", "www"), "", None),
        (ONE, ONE + OTHER.replace("mail", "mx.example.net."), None),
    ],
)
def test_the_certificates_of_its_servers_belong_to_the_mail_of_a_domain(
    old: str, new: str, reason: str | None
) -> None:
    (apex,) = diff(MAIL + old, MAIL + new).mail

    assert apex.reasons == ((reason,) if reason else ())
    assert apex.state is (MailState.CHANGED if reason else MailState.SAME)


def test_the_end_of_a_cname_has_the_certificate_of_a_mail_server() -> None:
    old = MAIL.replace("mail 300 A", "mail 300 CNAME host\nhost 300 A") + ONE.replace("mail", "host")

    assert diff(old, old.replace("a" * 64, "b" * 64)).mail[0].reasons == (
        DEMAND_ANOTHER.replace("mail.example", "host.example"),
    )


def test_what_was_not_asked_is_not_known() -> None:
    old = zone(MAIL + ONE)
    key = RRsetKey(absolute("_25._tcp.mail", ORIGIN), RdataType.TLSA)

    (apex,) = compare(old, old, {key: Settled(Kind.UNCHECKED, "Not known.")}).mail

    assert (apex.reasons, apex.unchecked) == ((), ("DANE of mail.example.com",))


def test_a_host_with_a_name_too_long_for_a_certificate_has_none() -> None:
    host = ".".join(["x" * 60] * 3) + "." + "x" * 54
    old = f"@ 300 MX 10 {host}\n{host} 300 A 192.0.2.1"

    assert diff(old, old + "\nwww 300 A 192.0.2.1").mail[0].state is MailState.SAME
