"""Names, TTLs and character-strings: what tokens mean, held against dnspython."""

import dns.exception
import dns.name
import dns.tokenizer
import dns.ttl
import pytest
from dns.name import Name
from hypothesis import example, given
from hypothesis import strategies as st

from migrator.model.names import absolute
from migrator.zonefile import fields
from migrator.zonefile.fields import Names, Unreadable, octets_of, shown, ttl_of

ORIGIN = absolute("Example.com.")
_pieces = st.sampled_from(
    [b"a", b"B-", b"_x", b"*", b".", b".", b"\\.", b"\\065", b"\\256", b"\\", b"@", b"a" * 63, b"#"]
)


def theirs(token: bytes, origin: Name | None) -> Name | None:
    try:
        return dns.name.from_text(token, origin)
    except dns.exception.DNSException:
        return None


def ours(token: bytes, origin: Name | None) -> Name | None:
    try:
        return Names(origin).read(token)
    except Unreadable:
        return None


@given(st.lists(_pieces, min_size=1, max_size=8).map(b"".join))
@example(b"a" * 64)
@example(b".".join([b"a" * 60] * 3 + [b"a" * 57]))
@example(b".".join([b"a" * 60] * 3 + [b"a" * 58]))
@example(b".".join([b"a" * 62] * 3 + [b"a" * 61]) + b".")
@example(b".".join([b"a" * 62] * 3 + [b"a" * 62]) + b".")
@example(b".".join([b"a" * 62] * 3 + [b"a" * 63]) + b".")
@example(b"@")
@example(b".")
def test_a_name_is_read_as_dnspython_reads_it(token: bytes) -> None:
    assert ours(token, ORIGIN) == theirs(token, ORIGIN)


def test_case_is_kept_and_a_name_is_made_once() -> None:
    names = Names(ORIGIN)

    assert names.read(b"WWW").to_text() == "WWW.Example.com."
    assert names.read(b"WWW") is names.read(b"WWW")
    names.enter(absolute("example.net."))
    assert names.read(b"WWW").to_text() == "WWW.example.net."


def test_names_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "_MANY_NAMES", 2)
    names = Names(ORIGIN)
    first = names.read(b"a")
    for token in (b"b", b"c"):
        names.read(token)

    assert names.read(b"a") == first
    assert names.read(b"a") is not first


@pytest.mark.parametrize("token", [b"www", b"@", b"a\\."])
def test_a_relative_name_without_an_origin_is_refused(token: bytes) -> None:
    with pytest.raises(Unreadable, match="is relative, and no origin is known here"):
        Names(None).read(token)

    assert Names(None).read(b"a.") == absolute("a.")


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (b'"www"', "stands in quotes where a name is expected"),
        (b'a="b"', "stands in quotes where a name is expected"),
        (b"a" * 2000, "is longer than a name can be"),
        (b"a..b", "is no domain name: A DNS label is empty"),
        (b"a" * 64, "is no domain name: A DNS label is > 63 octets long"),
    ],
)
def test_a_refusal_says_why(token: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        Names(ORIGIN).read(token)


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("bücher".encode(), "xn--bcher-kva.example.com."),
        ("BÜCHER.example.net.".encode(), "xn--bcher-kva.example.net."),
        (b"\xff", "\\255.example.com."),
    ],
)
def test_a_name_beyond_ascii_is_read_in_its_idna_form_or_else_as_octets_and_noted(token: bytes, name: str) -> None:
    names = Names(ORIGIN)

    assert names.read(token) == absolute(name)
    assert names.unicode == [absolute(name)]


@pytest.mark.parametrize(
    ("token", "seconds"),
    [
        (b"0", 0),
        (b"300", 300),
        (b"00300", 300),
        (b"1h", 3600),
        (b"1W2d3H4m5s", 788645),
        (b"2d1W3h4M5", 788645),
        (b"4294967296", 4294967296),
        (b"9999999999999999999999w", 9999999999999999999999 * 604800),
        (b"", None),
        (b"h", None),
        (b"1x", None),
        (b"-1", None),
        (b"1.5h", None),
        (b"+1", None),
        (b"1hh", None),
        (b"9" * 100, None),
        ("٣".encode(), None),
    ],
)
def test_ttls(token: bytes, seconds: int | None) -> None:
    assert ttl_of(token) == seconds


@given(st.text("0123456789wdhmsWDHMS", max_size=12))
def test_a_ttl_that_dnspython_takes_means_the_same_here(text: str) -> None:
    try:
        expected = dns.ttl.from_text(text)
    except dns.exception.DNSException:
        return

    assert ttl_of(text.encode()) == expected


@given(st.text("ab\\0125 ;(", max_size=12).map(str.encode))
@example(b"\\255\\0\\256")
@example(b"\\\\\\000")
@example(b"trailing\\")
def test_a_string_has_the_octets_that_dnspython_reads(text: bytes) -> None:
    quoted = b'"' + text + b'"'
    try:
        expected = dns.tokenizer.Tokenizer(quoted.decode()).get().unescape_to_bytes().value
    except dns.exception.DNSException:
        with pytest.raises(Unreadable):
            octets_of(quoted)
        return

    assert octets_of(quoted) == octets_of(text) == expected


def test_octets_beyond_ascii_stay_as_they_are() -> None:
    assert octets_of("ä\\195\\164".encode() + b"\xff") == "ää".encode() + b"\xff"


def test_a_token_is_shown_in_quotes_cut_and_printable() -> None:
    assert shown(b"abc") == "'abc'"
    assert shown(b"a\x1bb\xff") == "'a\\027b\\xff'"
    assert shown(b"a" * 100) == f"'{'a' * 60}...'"
