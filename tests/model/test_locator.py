"""What people type to name a zone."""

import pytest

from migrator.errors import InputError
from migrator.model.locator import parse
from migrator.model.names import absolute

SCHEMES = frozenset({"file", "axfr", "dns", "route53"})


def nothing_exists(path: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("text", "scheme", "zone", "host", "port", "path", "options"),
    [
        ("example.org.zone", "file", None, "", None, "example.org.zone", {}),
        (
            "z/example.org.zone?origin=example.org",
            "file",
            None,
            "",
            None,
            "z/example.org.zone",
            {"origin": "example.org"},
        ),
        ("file:a%20b%3Fc.zone?origin=x", "file", None, "", None, "a b?c.zone", {"origin": "x"}),
        ("route53:example.com", "route53", "example.com.", "", None, "", {}),
        ("route53:", "route53", None, "", None, "", {}),
        ("ROUTE53:example.com", "route53", "example.com.", "", None, "", {}),
        (
            "route53:example.com?zone-id=Z123&profile=prod",
            "route53",
            "example.com.",
            "",
            None,
            "",
            {"zone-id": "Z123", "profile": "prod"},
        ),
        ("axfr:example.com@192.0.2.53", "axfr", "example.com.", "192.0.2.53", None, "", {}),
        ("axfr:example.com@192.0.2.53:5300", "axfr", "example.com.", "192.0.2.53", 5300, "", {}),
        ("axfr:example.com@2001:db8::53", "axfr", "example.com.", "2001:db8::53", None, "", {}),
        ("axfr:example.com@[2001:db8::53]", "axfr", "example.com.", "2001:db8::53", None, "", {}),
        ("axfr:example.com@[2001:db8::53]:5300", "axfr", "example.com.", "2001:db8::53", 5300, "", {}),
        (
            "axfr:example.com@192.0.2.53?tsig=key.:a+b/c==",
            "axfr",
            "example.com.",
            "192.0.2.53",
            None,
            "",
            {"tsig": "key.:a+b/c=="},
        ),
        ("dns:example.com@ns1.example.net", "dns", "example.com.", "ns1.example.net", None, "", {}),
        ("route53:0/25.2.0.192.in-addr.arpa", "route53", "0/25.2.0.192.in-addr.arpa.", "", None, "", {}),
    ],
)
def test_a_locator_is_read(
    text: str, scheme: str, zone: str | None, host: str, port: int | None, path: str, options: dict[str, str]
) -> None:
    found = parse(text, SCHEMES, nothing_exists)

    assert (found.scheme, found.host, found.port, found.path) == (scheme, host, port, path)
    assert found.zone == (absolute(zone) if zone else None)
    assert dict(found.options) == options


@pytest.mark.parametrize("text", ["route53:example.com", "a?origin=b", "dns:x@y", "file:x"])
def test_an_existing_path_is_taken_literally(text: str) -> None:
    found = parse(text, SCHEMES, lambda path: path == text)

    assert (found.scheme, found.path, dict(found.options)) == ("file", text, {})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("axfr:example.com@192.0.2.53?tsig=key:c2VjcmV0", "axfr:example.com@192.0.2.53?tsig=***"),
        ("axfr:example.com@192.0.2.53?TSIG=key:c2VjcmV0&x=1", "axfr:example.com@192.0.2.53?TSIG=***&x=***"),
        ("example.zone?tsig=key:c2VjcmV0", "example.zone?tsig=***"),
        ("route53:example.com?vpc-region=eu-west-1&Tsig=a", "route53:example.com?vpc-region=eu-west-1&Tsig=***"),
        ("route53:example.com?state=a/b.json", "route53:example.com?state=a/b.json"),
        ("route53:example.com?token-env=OTHER_TOKEN", "route53:example.com?token-env=OTHER_TOKEN"),
        ("route53:example.com?token-env=v1.0-c2VjcmV0", "route53:example.com?token-env=***"),
        ("route53:example.com?tenant=example.net", "route53:example.com?tenant=example.net"),
        ("route53:example.com?zone-id=Z1&profile=prod", "route53:example.com?zone-id=Z1&profile=prod"),
    ],
)
def test_a_secret_is_not_in_the_text_that_people_see(text: str, shown: str) -> None:
    assert parse(text, SCHEMES, nothing_exists).text == shown


@pytest.mark.parametrize(
    "text",
    [
        "axr:example.com@192.0.2.53?tsig=key:c2VjcmV0",
        "axfr:example.com@192.0.2.53&tsig=key:c2VjcmV0",
        "axfr:example.com@192.0.2.53:5300/tsig=key:c2VjcmV0",
        "axfr:example.com@192.0.2.53;tsig=key:c2VjcmV0",
        "axfr:example.com@192.0.2.53 tsig=key:c2VjcmV0",
        "axfr:example.com@192.0.2.53:x?tsig=key:c2VjcmV0",
    ],
)
def test_a_secret_is_not_in_a_refusal(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, SCHEMES, nothing_exists)

    assert "c2VjcmV0" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "An empty locator"),
        ("cloudfare:example.com", "no known scheme"),
        (
            "https://example.com/",
            r"^'https://example\.com/': it looks like a URL; did you mean SCHEME:example\.com,",
        ),
        ("https://user:s3cret@example.com?key=x", r"^'https://example\.com\?\*\*\*': it looks like a URL; did"),
        (
            " route53:example.com",
            r"^' route53:example\.com': a blank stands before it; .* 'route53:example\.com'\?$",
        ),
        ("axfr:example.com@", "the server after '@' is missing"),
        ("axfr:example.com@192.0.2.1:0", "'0' is not a port"),
        ("axfr:example.com@192.0.2.1:99999", "'99999' is not a port"),
        ("axfr:example.com@192.0.2.1:dns", "'dns' is not a port"),
        ("axfr:example.com@[2001:db8::53", r"\[IPv6-address\]:port"),
        ("dns:example.com@::1:59859", r"'::1:59859' is no IPv6 address; .* as in @\[::1\]:59859\."),
        ("axfr:example.com@host:53:x", r"'host:53:x' is no IPv6 address; .* as in @\[2001:db8::53\]:5300\."),
        (
            "dns:example.org@https://user:s3cret@example.net/",
            r"^'dns:example\.org@https://example\.net/': it looks like a URL; after '@' an address or a host",
        ),
        (
            "dns:example.org@192.0.2.1, postmaster@example.net",
            r"^'dns:.*': 'postmaster@example\.net' is no host name: it looks like an e-mail address\.$",
        ),
        ("axfr:example.org@192.0.2.0/24", r"'192\.0\.2\.0/24' is no host name: a '/' is no part of it\.$"),
        ("dns:example.org@ns1 example.net", "'ns1 example.net' is no host name: a blank is no part of it"),
        ("route53:a..b", "is not a domain name"),
        (
            "route53:https://example.org/",
            r"^'https://example\.org/' is no domain: it looks like a URL; did you mean example\.org\?$",
        ),
        ("axfr:example.org/@192.0.2.53", r"^'example\.org/' is no domain: a '/' is no part of it; did you mean"),
        ("axfr:192.0.2.53", r"^'192\.0\.2\.53' is no domain: it is an IP address\.$"),
        ("route53:example.com?zone-id=1&zone-id=2", "given twice"),
    ],
)
def test_what_is_no_locator_is_refused_in_one_line(text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        parse(text, SCHEMES, nothing_exists)

    assert "\n" not in str(caught.value)
