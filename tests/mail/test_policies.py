"""SPF, DKIM and DMARC texts, as far as a comparison reads them."""

import pytest

from migrator.mail.policies import Spf, dkim_key, dmarc_policies, spf_policies, term_domain, term_host
from migrator.model.names import absolute
from tests.diffing import rrset


def spf(text: str) -> Spf:
    (found,) = spf_policies([rrset(f'@ 300 TXT "{text}"')])
    return found


def test_terms_keep_their_order_and_lose_their_case() -> None:
    assert spf("v=SPF1 MX  Include:A.test ~ALL").terms == ("mx", "include:a.test", "~all")


def test_terms_after_all_are_never_reached_but_modifiers_are() -> None:
    assert spf("v=spf1 mx -all a redirect=b.test").effective() == ("+mx", "-all", "redirect=b.test")


@pytest.mark.parametrize(
    ("text", "qualifier"), [("v=spf1 -all", "-"), ("v=spf1 all", "+"), ("v=spf1 ~all", "~"), ("v=spf1 mx", "?")]
)
def test_what_is_not_listed_has_a_qualifier(text: str, qualifier: str) -> None:
    assert spf(text).all_qualifier() == qualifier


@pytest.mark.parametrize("text", ["v=spf10 -all", "v=spf1-all", "spf1 -all", " v=spf1 -all"])
def test_a_text_that_only_looks_alike_is_no_policy(text: str) -> None:
    assert spf_policies([rrset(f'@ 300 TXT "{text}"')]) == ()


@pytest.mark.parametrize(
    ("term", "domain"),
    [
        ("include:_spf.a.test", "_spf.a.test."),
        ("-a:a.test/24", "a.test."),
        ("redirect=a.test", "a.test."),
        ("ip6:2001:db8::/32", None),
        ("exists:%{i}.a.test", None),
        ("mx", None),
        ("include:", None),
        ("include:a..b", None),
    ],
)
def test_a_term_names_a_domain(term: str, domain: str | None) -> None:
    assert term_domain(term) == (None if domain is None else absolute(domain))


@pytest.mark.parametrize(
    ("term", "host"), [("a", "own.test."), ("a/24", "own.test."), ("a:b.test", "b.test."), ("all", None)]
)
def test_an_a_term_allows_the_addresses_of_a_host(term: str, host: str | None) -> None:
    assert term_host(term, absolute("own.test.")) == (None if host is None else absolute(host))


RSA = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDYZFXONVquTQHg0Xw1aMuSKVzUDzuYcFX5Wwf1pOd/BvPeFGXfiL"
    "qeh9hKVuPkRUKL8iFpBb5cycZzYGIDcw9jc8cS6MCuxxqLX76CzqhuqtOamafst9mZ1BVoXA/tt5OyxuI505fQJsN7"
    "FSuzWre5cPZLN1OpSsFy0gdoNk7z0wIDAQAB"
)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (f"v=DKIM1; p={RSA}", True),
        (f"p={RSA[:30]} {RSA[30:]}", True),
        (f"v=DKIM1; p={RSA[:60]}", False),
        ("v=DKIM1; p=", False),
        ("v=DKIM1", False),
        ("v=DKIM1; p=!!!!", False),
        ("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", True),
        ("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg==", False),
        ("v=DKIM1; p=AAAA", False),
    ],
)
def test_a_key_knows_its_own_length(text: str, whole: bool) -> None:
    assert dkim_key(text).whole is whole


@pytest.mark.parametrize(
    ("text", "applied"),
    [
        ("v=DMARC1; p=reject", ("reject", "reject")),
        ("v=DMARC1;p=Reject;sp=none", ("reject", "none")),
        ("v=DMARC1; p=quarantine; sp=bogus", ("", "")),
        ("v=DMARC1; p=quarantine; sp=bogus; rua=mailto:a@a.test", ("none", "none")),
        ("v=DMARC1; sp=reject", ("none", "reject")),
        ("v=DMARC1; p=bogus", ("", "")),
        ("v = DMARC1 ; p = none", ("none", "none")),
    ],
)
def test_a_dmarc_policy_has_one_for_itself_and_one_for_what_is_below(text: str, applied: tuple[str, str]) -> None:
    (found,) = dmarc_policies([rrset(f'_dmarc 300 TXT "{text}"')])

    assert (found.for_domain(own=True), found.for_domain(own=False)) == applied


def test_other_texts_are_no_dmarc_policy() -> None:
    assert dmarc_policies([rrset('_dmarc 300 TXT "v=DMARC10; p=none"'), rrset("_dmarc 300 A 192.0.2.1")]) == ()
