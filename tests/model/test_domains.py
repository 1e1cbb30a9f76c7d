"""What people type where a domain is wanted."""

import pytest

from migrator.errors import InputError
from migrator.model.domains import domain_named


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.org", "example.org."),
        ("Example.org.", "Example.org."),
        ("org", "org."),
        ("mailto", "mailto."),
        ("_dmarc.example.org", "_dmarc.example.org."),
        ("bücher.example", "xn--bcher-kva.example."),
        ("0/25.2.0.192.in-addr.arpa", "0/25.2.0.192.in-addr.arpa."),
        ("0/25.2.0.192.IN-ADDR.ARPA.", "0/25.2.0.192.IN-ADDR.ARPA."),
        ("a/b.2.0.192.in-addr.arpa", "a/b.2.0.192.in-addr.arpa."),
        ("0/25.example.org", "0/25.example.org."),
        ("0-127.2.0.192.in-addr.arpa", "0-127.2.0.192.in-addr.arpa."),
        (r"a\058b\047c\064d\044e.example.org", r"a:b/c\@d,e.example.org."),
        (r"a\032b.example.org", r"a\032b.example.org."),
        (r"a\@b.example.org", r"a\@b.example.org."),
        (".", "."),
        ("@", "."),
    ],
)
def test_a_domain_is_what_it_says(text: str, expected: str) -> None:
    assert domain_named(text).to_text() == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://example.org/", "it looks like a URL; did you mean example.org?"),
        ("HTTPS://www.example.org", "it looks like a URL; did you mean www.example.org?"),
        ("https://localhost/", "it looks like a URL."),
        ("https://192.0.2.1/", "it looks like a URL."),
        ("https://example..org/", "it looks like a URL."),
        ("://", "it looks like a URL."),
        ("mailto:info@example.org", "it looks like a URL; did you mean example.org?"),
        ("info@example.org", "it looks like an e-mail address; did you mean example.org?"),
        ("@example.org", "it looks like an e-mail address; did you mean example.org?"),
        ("info@", "it looks like an e-mail address."),
        ("route53:example.org", "it looks like a locator; did you mean example.org?"),
        ("axfr:example.org@192.0.2.53", "it looks like a locator; did you mean example.org?"),
        ("route53:https://example.org/", "it looks like a URL; did you mean example.org?"),
        ("route53:", "it looks like a locator."),
        ("example.org:53", "a port is no part of it; did you mean example.org?"),
        ("localhost:53", "a port is no part of it."),
        ("example.org:", "a ':' is no part of it; did you mean example.org?"),
        ("example.org,example.net", "a ',' is no part of it; did you mean example.org?"),
        ("example.org;", "a ';' is no part of it; did you mean example.org?"),
        ("example.org/", "a '/' is no part of it; did you mean example.org?"),
        ("example.org/index.html", "a '/' is no part of it; did you mean example.org?"),
        ("2.0.192.in-addr.arpa/", "a '/' is no part of it; did you mean 2.0.192.in-addr.arpa?"),
        ("192.0.2.0/24", "a '/' is no part of it."),
        ("./example.zone", "a '/' is no part of it."),
        (" example.org", "a blank is no part of it; did you mean example.org?"),
        ("example.org example.net", "a blank is no part of it; did you mean example.org?"),
        ("a b", "a blank is no part of it."),
        ("192.0.2.1", "it is an IP address."),
        ("192.0.2.1.", "it is an IP address."),
        ("2001:db8::1", "it is an IP address."),
        ("[2001:db8::1]", "it is an IP address."),
    ],
)
def test_what_nobody_means_by_a_domain_is_refused_with_what_may_be_meant(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        domain_named(text)

    assert str(caught.value) == f"'{text}' is no domain: {reason}"


def test_a_variable_that_nobody_has_set_is_not_the_root() -> None:
    with pytest.raises(InputError) as refused:
        domain_named("")

    assert str(refused.value) == "The domain is empty; a name such as example.com was expected."


@pytest.mark.parametrize("login", ["info@", "info:word@"])
def test_the_login_of_a_url_is_not_said(login: str) -> None:
    with pytest.raises(InputError) as caught:
        domain_named(f"https://{login}example.org:8443/a#c")

    assert str(caught.value) == (
        "'https://example.org:8443/a#c' is no domain: it looks like a URL; did you mean example.org?"
    )


@pytest.mark.parametrize(
    ("text", "shown", "kind"),
    [
        ("axfr:example.org@192.0.2.53?tsig=transfer:c2VjcmV0", "axfr:example.org@192.0.2.53?***", "locator"),
        ("https://example.org?a=b@c", "https://example.org?***", "URL"),
        ("https://example.org/?to=https://example.net/\nb", "https://example.org/?***", "URL"),
    ],
)
def test_what_follows_a_question_mark_is_not_said(text: str, shown: str, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        domain_named(text)

    assert str(caught.value) == f"'{shown}' is no domain: it looks like a {kind}; did you mean example.org?"


def test_a_refusal_is_one_line() -> None:
    with pytest.raises(InputError) as caught:
        domain_named("example.org\nexample.net")

    assert str(caught.value) == (
        r"'example.org\nexample.net' is no domain: a blank is no part of it; did you mean example.org?"
    )


def test_what_is_no_name_in_dns_is_refused_as_everywhere() -> None:
    with pytest.raises(InputError, match=r"'a\.\.b' is not a domain name: "):
        domain_named("a..b")
