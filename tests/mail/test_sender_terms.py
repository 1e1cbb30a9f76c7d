"""SPF terms that ask whether a name exists, and those whose macros the names of domains decide."""

import pytest

from tests.diffing import diff, only, told

EXISTS = '@ 300 TXT "v=spf1 exists:ok.example.com -all"\nok 300 A 192.0.2.1\n'
GONE = "and ok.example.com has no A record any more"
NEW = "and ok.example.com has an A record now"


def apex(old: str, new: str) -> tuple[str, tuple[str, ...]]:
    """Return the state of the apex's mail, and why."""
    verdict = diff(old, new).mail[0]
    assert not verdict.unchecked
    return str(verdict.state), verdict.reasons


def with_term(term: str) -> tuple[str, str]:
    """Return both sides of a zone where the name that a term asks for is gone."""
    old = EXISTS.replace("exists:ok.example.com", term)
    return old, old.splitlines()[0]


@pytest.mark.parametrize(
    "new",
    [
        EXISTS.replace("192.0.2.1", "192.0.2.2"),
        EXISTS.replace("ok 300 A 192.0.2.1", "ok 300 CNAME on\non 300 A 192.0.2.1"),
        EXISTS.replace("ok 300", "* 300"),
        EXISTS + "ok 300 AAAA 2001:db8::1",
    ],
)
def test_a_name_that_has_any_address_still_says_the_same(new: str) -> None:
    assert apex(EXISTS, new) == ("same", ())


@pytest.mark.parametrize(
    ("term", "state", "sentence"),
    [
        ("exists:ok.example.com", "lost", "no mail from example.com passes SPF."),
        ("exists:ok.%{d}", "lost", "no mail from example.com passes SPF."),
        ("exists:ok.example.com mx:a.example.net", "changed", "mail that passed by that may fail it."),
        ("exists:ok.example.com ip4:192.0.2.1", "changed", "mail that passed by that may fail it."),
        ("-exists:ok.example.com", "changed", "mail that it refused is judged by what comes behind."),
        (
            "?exists:ok.example.com",
            "changed",
            "mail that it kept from failing is judged by what comes behind, and may fail.",
        ),
    ],
)
def test_a_name_that_is_gone_lets_nobody_pass(term: str, state: str, sentence: str) -> None:
    old, new = with_term(term)
    shown = term.split(" ", maxsplit=1)[0].replace("%{d}", "example.com")

    assert apex(old, new) == (state, (f"SPF of example.com has {shown}, {GONE}: {sentence}",))


def test_a_name_with_ipv6_alone_is_as_good_as_gone() -> None:
    assert apex(EXISTS, EXISTS.replace("A 192.0.2.1", "AAAA 2001:db8::1"))[0] == "lost"


@pytest.mark.parametrize(
    ("term", "state", "sentence"),
    [
        ("exists:ok.example.com", "lost", "that lets anybody send as example.com."),
        (
            "-exists:ok.example.com",
            "changed",
            "mail that no term before it decides of does not pass by a later one.",
        ),
        (
            "~exists:ok.example.com include:a.example.net",
            "changed",
            "mail that no term before it decides of does not pass by a later one.",
        ),
    ],
)
def test_a_name_that_is_new_holds_for_everybody(term: str, state: str, sentence: str) -> None:
    new, old = with_term(term)

    assert apex(old, new) == (
        state,
        (f"SPF of example.com has {term.split(' ', maxsplit=1)[0]}, {NEW}: {sentence}",),
    )


def test_a_name_that_another_zone_decides_of_may_exist() -> None:
    new = EXISTS.replace("A 192.0.2.1", "CNAME ok.example.net.")
    elsewhere = "and ok.example.com is found at ok.example.net now: whether mail passes by that is not known."

    assert apex(EXISTS, new) == ("changed", (f"SPF of example.com has exists:ok.example.com, {elsewhere}",))
    assert apex(new, EXISTS)[0] == "changed"


def test_the_name_itself_says_whose_spf_asks_for_it() -> None:
    old, new = with_term("exists:ok.example.com")
    asks = "SPF of example.com has exists:ok.example.com"

    gone, added = told(only(diff(old, new))), told(only(diff(new, old)))

    assert f"{asks}, {GONE}: no mail from example.com passes SPF." in gone
    assert f"{asks}, {NEW}: that lets anybody send as example.com." in added
    assert "allows the addresses" not in gone


INCLUDED = """
@ 300 TXT "v=spf1 include:_spf.example.com -all"
_spf 300 TXT "v=spf1 exists:ok.%{d} a:out.%{d2} ?all"
ok._spf 300 A 192.0.2.1
out 300 A 192.0.2.2
"""


def test_the_domain_of_a_macro_is_that_of_the_policy_it_stands_in() -> None:
    term = "SPF of example.com has exists:ok._spf.example.com by _spf.example.com"
    allows = "SPF of example.com allows the addresses of out.example.com"

    assert apex(INCLUDED, INCLUDED + "ok 300 A 192.0.2.1") == ("same", ())
    assert apex(INCLUDED, INCLUDED.replace("ok._spf", "ok"))[1][0].startswith(term)
    assert apex(INCLUDED.replace("exists:ok.%{d} ", ""), INCLUDED.replace("exists:ok.%{d} ", "")[:-2] + "3")[
        1
    ] == (f"{allows}, which differ; mail from an address that is left out fails it.",)


@pytest.mark.parametrize(
    ("term", "records"),
    [
        ("redirect=_spf.%{d}", '_spf 300 TXT "v=spf1 mx -all"'),
        ("include:_spf.%{d} -all", '_spf 300 TXT "v=spf1 mx -all"'),
        ("include:%{d1}-%{dr}._spf.%{o} -all", 'com-com.example._spf 300 TXT "v=spf1 mx -all"'),
    ],
)
def test_a_policy_that_a_macro_of_the_domain_leads_to_is_gone(term: str, records: str) -> None:
    old = f'@ 300 TXT "v=spf1 {term}"\n{records}'
    state, (reason,) = apex(old, old.splitlines()[0])

    assert state == "lost"
    assert "which has no single SPF policy any more; receivers take that for a permanent error" in reason


def test_the_domain_of_a_wildcard_is_not_known() -> None:
    old = '* 300 TXT "v=spf1 a:out.%{d} -all"\nout.* 300 A 192.0.2.1'

    assert diff(old, old.replace("192.0.2.1", "192.0.2.2")).mail[0].reasons == ()


@pytest.mark.parametrize(("place", "state"), [(5, "changed"), (25, "changed"), (35, "same")])
def test_policies_that_no_receiver_comes_to_are_not_followed(place: int, state: str) -> None:
    policies = [
        f's{at} 300 TXT "v=spf1 include:s{at + 1}.example.com a:h{at}.example.com -all"' for at in range(40)
    ]
    old = "\n".join([*policies, f"h{place} 300 A 192.0.2.1"])

    (first,) = [each for each in diff(old, old[:-1] + "2").mail if str(each.domain) == "s0.example.com."]

    assert str(first.state) == state


@pytest.mark.timeout(60)
def test_a_long_chain_of_policies_is_judged_in_moments() -> None:
    policies = [
        f's{at} 300 TXT "v=spf1 include:s{at + 1}.example.com a:h{at}.example.com mx -all"\nh{at} 300 A 192.0.2.1'
        for at in range(400)
    ]
    new = [each.replace("192.0.2.1", "192.0.2.2") for each in policies]

    assert len(diff("\n".join(policies), "\n".join(new)).mail) == len(policies)
