"""Sets of addresses obey the laws of sets, and come back as the networks they were made of."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.mail.spf.addresses import EVERYBODY, IPV4, IPV6, NOBODY, Addresses, of_network, single, union

# Few neighbouring addresses of both families, so that ranges meet.
ADDRESSES = st.one_of(
    st.integers(0, 20).map(IPv4Address),
    st.integers(2**32 - 20, 2**32 - 1).map(IPv4Address),
    st.integers(0, 20).map(IPv6Address),
    st.integers(2**128 - 20, 2**128 - 1).map(IPv6Address),
)
NETWORKS = st.one_of(
    st.tuples(st.integers(0, 20), st.integers(27, 32)).map(lambda n: IPv4Network(n, strict=False)),
    st.tuples(st.integers(2**128 - 20, 2**128 - 1), st.integers(122, 128)).map(
        lambda n: IPv6Network(n, strict=False)
    ),
)
SETS = st.lists(NETWORKS, max_size=5).map(lambda found: union(map(of_network, found)))


@given(SETS, SETS, ADDRESSES)
@settings(max_examples=200)
def test_an_address_is_in_a_combination_as_the_words_say(
    one: Addresses, other: Addresses, address: IPv4Address | IPv6Address
) -> None:
    assert (address in one | other) == (address in one or address in other)
    assert (address in one & other) == (address in one and address in other)
    assert (address in one - other) == (address in one and address not in other)


@given(SETS, SETS)
@settings(max_examples=200)
def test_a_set_has_one_form(one: Addresses, other: Addresses) -> None:
    assert (one - other) | (one & other) == one
    assert one - one == NOBODY
    assert EVERYBODY - (EVERYBODY - one) == one
    assert union(map(of_network, one.networks())) == one


def test_families_are_kept_apart() -> None:
    assert IPV4 | IPV6 == EVERYBODY
    assert EVERYBODY - IPV4 == IPV6
    assert not IPV4 & IPV6
    assert (single(ip_address("192.0.2.1")).has_ipv4, single(ip_address("192.0.2.1")).has_ipv6) == (True, False)
    assert [str(n) for n in EVERYBODY.networks()] == ["0.0.0.0/0", "::/0"]


def test_neighbours_become_one_network() -> None:
    halves = [of_network(ip_network(text)) for text in ("192.0.2.128/25", "192.0.2.0/25", "192.0.2.7/32")]

    assert [str(n) for n in union(halves).networks()] == ["192.0.2.0/24"]
