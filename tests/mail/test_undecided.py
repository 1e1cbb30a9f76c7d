"""SPF terms whose name is another one for each mail: the mail is the same only where nothing below differs."""

import pytest
from dns.rdatatype import RdataType

from migrator.diff import Kind, compare
from migrator.diff.compare import Settled
from migrator.mail.verdict import MailState
from migrator.model.names import absolute
from migrator.model.rrset import RRsetKey
from tests.diffing import ORIGIN, diff, zone

NEUTRAL, FOR_ALL = '*._spf 300 TXT "v=spf1 ?all"', '*._spf 300 TXT "v=spf1 +all"'
RELAY = "x.out 300 MX 10 mail"
OTHER = '@ 300 TXT "v=spf1 {} -all"\nwww 300 A 192.0.2.80\n'
BY_ADDRESS = OTHER.format("exists:%{i}._spf.%{d}")
BELOW = "exists:%{i}._spf.example.com", "_spf.example.com"
ZONE_BELOW = "_spf 300 NS ns.example.net."


def unknown(old: str, new: str) -> tuple[str, ...]:
    """Return what is not known of the mail of the apex, which has no other reason to differ."""
    verdict = diff(old, new).mail[0]
    assert verdict.reasons == ()
    assert verdict.state is (MailState.CHANGED if verdict.unchecked else MailState.SAME)
    return verdict.unchecked


def said(term: str, end: str) -> tuple[str, ...]:
    return (f"SPF by {term} (another name for each mail; what is found below {end} differs)",)


@pytest.mark.parametrize(
    ("old", "new", "is_unknown"),
    [
        ("*._spf 300 A 127.0.0.2", "", True),
        ("*._spf 300 A 127.0.0.2", "*._spf 300 A 127.0.0.3", False),
        ("*._spf 300 A 127.0.0.2", "*._spf 60 A 127.0.0.2", False),
        ("*._spf 300 A 127.0.0.2", "* 300 A 127.0.0.2", False),
        ("*._spf 300 A 127.0.0.2", "*._spf 300 CNAME www", False),
        ("*._spf 300 CNAME ok\nok 300 A 127.0.0.2", "*._spf 300 CNAME ok", True),
        ("*._spf 300 A 127.0.0.2", "*._spf 300 A 127.0.0.2\n1.2._spf 300 TXT x", True),
        ("1.2.0.192._spf 300 A 127.0.0.2", "", True),
        ("1.2.0.192._spf 300 A 127.0.0.2", "2.2.0.192._spf 300 A 127.0.0.2", True),
        ("*.2.0.192._spf 300 A 127.0.0.2", "", True),
        ("", "* 300 A 127.0.0.2", True),
        ("1._spf 300 TXT x", "1._spf 300 TXT y", False),
        ("_spf 300 A 127.0.0.2", "", False),
        ("_spf.www 300 A 127.0.0.2", "", False),
        (ZONE_BELOW, "", True),
        (ZONE_BELOW, "_spf 300 NS ns.example.org.", True),
        (ZONE_BELOW, ZONE_BELOW, False),
        ("1._spf 300 NS ns.example.net.", "", True),
        ("1._spf 300 CNAME a.example.net.", "1._spf 300 CNAME b.example.net.", True),
    ],
)
def test_mail_is_unknown_where_names_below_the_end_of_a_term_differ(old: str, new: str, is_unknown: bool) -> None:
    assert unknown(BY_ADDRESS + old, BY_ADDRESS + new) == (said(*BELOW) if is_unknown else ())


@pytest.mark.parametrize(
    ("term", "old", "new", "end"),
    [
        ("include:%{i}._ip.%{h}._ehlo.%{d}._spf.%{d}", ZONE_BELOW, "", "_ehlo.example.com._spf.example.com"),
        (
            "include:%{l}._spf.%{d}",
            '*._spf 300 TXT "v=spf1 ?all"',
            '*._spf 300 TXT "v=spf1 +all"',
            "_spf.example.com",
        ),
        ("include:%{l}._spf.%{d}", NEUTRAL, '*._spf 300 TXT "v=spf1" " ?all"', ""),
        (
            "redirect=%{l}._spf.%{d}",
            'a._spf 300 TXT "v=spf1 a:b.example.com"\nb 300 A 192.0.2.1',
            'a._spf 300 TXT "v=spf1 a:b.example.com"\nb 300 A 192.0.2.2',
            "",
        ),
        ("a:%{l}.out.%{d}/24", "x.out 300 A 192.0.2.1", "x.out 300 A 192.0.2.2", "out.example.com"),
        ("a:%{l}.out.%{d}", "x.out 300 AAAA 2001:db8::1", "", "out.example.com"),
        ("a:%{l}x.out.%{d}", "x.out 300 A 192.0.2.1", "", "out.example.com"),
        ("a:%{h}", "mail 300 A 192.0.2.1", "", "example.com"),
        ("a:%{h}", "mail 300 TXT x", "", ""),
        ("a:%{h}.com", "mail 300 A 192.0.2.1", "", "example.com"),
        ("exists:%{i}.example.net", "mail 300 A 192.0.2.1", "", ""),
        (
            "mx:%{l}.out.%{d}",
            "x.out 300 MX 10 mail\nmail 300 A 192.0.2.1",
            "x.out 300 MX 10 mail",
            "out.example.com",
        ),
        ("?exists:%{i}.out.%{d}", "x.out 300 A 192.0.2.1", "", "out.example.com"),
    ],
)
def test_each_kind_of_term_asks_for_its_own(term: str, old: str, new: str, end: str) -> None:
    apex = OTHER.format(term).replace(" -all", "") if term.startswith("redirect") else OTHER.format(term)
    if term.startswith("redirect"):
        assert diff(apex + old, apex + new).mail[0].unchecked == said(
            "redirect=%{l}._spf.example.com", "_spf.example.com"
        )
        return

    assert unknown(apex + old, apex + new) == (said(term.replace("%{d}", "example.com"), end) if end else ())


def test_a_term_of_an_included_policy_names_that() -> None:
    old = OTHER.format("include:_spf.example.com") + '_spf 300 TXT "v=spf1 exists:%{i}.a.%{d} ?all"\n'

    assert unknown(old + "1.a._spf 300 A 127.0.0.2", old) == said(
        "exists:%{i}.a._spf.example.com of _spf.example.com", "a._spf.example.com"
    )


def test_policies_that_lead_to_each_other_below_a_macro_come_to_an_end() -> None:
    old = OTHER.format("include:%{l}._spf.%{d}") + 'a._spf 300 TXT "v=spf1 include:%{l}._spf.example.com ?all"\n'

    assert unknown(old, old) == ()
    assert unknown(old, old + "b._spf 300 A 192.0.2.1") == ()
    assert unknown(old, old + 'b._spf 300 TXT "v=spf1 ?all"') != ()


def test_a_redirect_beside_all_counts_for_nothing() -> None:
    old = '@ 300 TXT "v=spf1 ip4:192.0.2.1 -all redirect=_spf.example.com"\n_spf 300 TXT "v=spf1 -all"'

    assert diff(old, old.splitlines()[0]).mail[0].state is MailState.SAME


def test_a_name_of_a_wildcard_ends_above_it() -> None:
    old = '* 300 TXT "v=spf1 exists:%{i}.%{d} -all"\n1.a 300 A 127.0.0.2'

    (verdict,) = [each for each in diff(old, old.splitlines()[0]).mail if each.domain == absolute("*", ORIGIN)]

    assert verdict.unchecked == said("exists:%{i}.%{d}", "example.com")


def test_a_name_that_was_not_answered_may_be_another_one() -> None:
    old = zone(BY_ADDRESS + "1._spf 300 A 127.0.0.2")
    key = RRsetKey(absolute("1._spf", ORIGIN), RdataType.A)

    apex = compare(old, old, {key: Settled(Kind.UNCHECKED, "Not known.")}).mail[0]

    assert apex.unchecked == said(*BELOW)
