"""The doorway from text to names."""

import dns.exception
import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.errors import InputError
from migrator.model.names import absolute, canonical_key, folded, for_people, is_reverse, is_wildcard, text_of

ORIGIN = dns.name.from_text("example.org.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@", "example.org."),
        ("www", "www.example.org."),
        ("www.example.net.", "www.example.net."),
        ("WWW", "WWW.example.org."),
        ("*.a", "*.a.example.org."),
        (r"a\.b", r"a\.b.example.org."),
        (r"a\032b", r"a\032b.example.org."),
        ("bücher", "xn--bcher-kva.example.org."),
        ("BÜCHER", "xn--bcher-kva.example.org."),
        ("straße", "xn--strae-oqa.example.org."),
        (".", "."),
    ],
)
def test_text_becomes_an_absolute_name(text: str, expected: str) -> None:
    assert absolute(text, ORIGIN).to_text() == expected


@pytest.mark.parametrize("text", ["a..b", "a" * 64, ".".join(["a" * 63] * 4), r"a\999", "a\\", "\u0301a"])
def test_what_is_no_name_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(InputError, match="is not a domain name") as caught:
        absolute(text, ORIGIN)

    assert str(caught.value).startswith(f"'{text}'")


_long_names = st.integers(0, 16).map(lambda length: ("a" * 59 + ".") * 4 + "b" * length)


@given(st.one_of(st.text("aB0-_*/.@", max_size=70), _long_names))
def test_a_name_below_the_root_may_lack_its_final_dot(text: str) -> None:
    try:
        expected = dns.name.from_text(text, dns.name.root)
    except dns.exception.DNSException:
        with pytest.raises(InputError):
            absolute(text)
    else:
        assert absolute(text).labels == expected.labels


labels = st.binary(min_size=1, max_size=12)
names = st.lists(labels, max_size=6).map(lambda found: dns.name.Name([*found, b""]))


@given(names, names)
def test_canonical_order_is_the_order_of_rfc_4034(one: dns.name.Name, other: dns.name.Name) -> None:
    assert (canonical_key(one) < canonical_key(other)) == (one < other)
    assert (folded(one) == folded(other)) == (one == other)


@given(names)
def test_text_reads_back_as_the_same_name(name: dns.name.Name) -> None:
    assert absolute(text_of(name)) == name


def test_people_see_unicode_and_no_final_dot() -> None:
    assert for_people(absolute("xn--bcher-kva.example.org.")) == "bücher.example.org"
    assert for_people(dns.name.root) == "."


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("XN--BCHER-KVA", "bücher"),  # case is none of an A-label's
        ("Xn--Strae-OQA", "straße"),
        ("xn--a", "xn--a"),  # no Punycode of anything: an octet that is no character
        ("XN--A", "XN--A"),
        ("xn--ls8h", "\N{PILE OF POO}"),
        ("xn--ab-j1t", "xn--ab-j1t"),  # with a zero width joiner, that nobody sees
        ("WWW", "WWW"),
    ],
)
def test_people_see_an_a_label_in_unicode_where_that_can_be_read(label: str, shown: str) -> None:
    assert for_people(absolute(f"{label}.example.org.")) == f"{shown}.example.org"


@given(
    names
    | st.lists(st.sampled_from([b"WWW", b"a.b", b"*", b"_x", b"a/b", b"xn--bcher-kva", b"XN-a"])).map(
        lambda found: dns.name.Name([*found, b""])
    )
)
def test_people_see_what_dnspython_shows(name: dns.name.Name) -> None:
    try:
        expected = name.to_unicode(omit_final_dot=True, idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError):
        expected = name.to_text(omit_final_dot=True)

    assert for_people(name) == (expected or ".")


def test_only_a_whole_first_label_is_a_wildcard() -> None:
    assert is_wildcard(absolute("*.example.org."))
    assert not is_wildcard(absolute("*a.example.org."))
    assert not is_wildcard(absolute("a.*.example.org."))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("1.2.0.192.in-addr.arpa.", True), ("IN-ADDR.ARPA.", True), ("1.8.b.d.0.ip6.arpa.", True)),
        *(("1.ip6.int.", True), ("arpa.", False), ("in-addr.arpa.example.org.", False), (".", False)),
    ],
)
def test_names_that_stand_for_addresses(text: str, expected: bool) -> None:
    assert is_reverse(absolute(text)) == expected
