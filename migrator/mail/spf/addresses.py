"""Sets of IPv4 and IPv6 addresses, as ranges: what a policy says of the whole internet in a few numbers. No IO.

All addresses stand on one line, IPv6 first and IPv4 behind it, so that a set is a row of ranges whatever it holds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    summarize_address_range,
)
from operator import itemgetter

from migrator.model.values import dataclass

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_IPV4 = 1 << 128
_END = _IPV4 + (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Addresses:
    """A set of addresses. `ranges` have both their ends, are in order, and neither overlap nor touch."""

    ranges: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __or__(self, other: "Addresses") -> "Addresses":
        return _joined([*self.ranges, *other.ranges])

    def __and__(self, other: "Addresses") -> "Addresses":
        return Addresses(tuple(_common(self.ranges, other.ranges)))

    def __sub__(self, other: "Addresses") -> "Addresses":
        if not self.ranges:
            return self
        # Of a long row only the few ranges count that a short one can have in common with it.
        first = bisect_left(other.ranges, self.ranges[0][0], key=itemgetter(1))
        behind = bisect_right(other.ranges, self.ranges[-1][1], key=itemgetter(0))
        return self & Addresses(tuple(_gaps(other.ranges[first:behind])))

    def __contains__(self, address: Address) -> bool:
        return bool(self & single(address))

    @property
    def has_ipv4(self) -> bool:
        """Whether there is any IPv4 address."""
        return bool(self & IPV4)

    @property
    def has_ipv6(self) -> bool:
        """Whether there is any IPv6 address."""
        return bool(self & IPV6)

    def networks(self) -> Iterator[Network]:
        """Yield the networks that the set consists of, IPv4 first."""
        for first, last in (self & IPV4).ranges:
            yield from summarize_address_range(IPv4Address(first - _IPV4), IPv4Address(last - _IPV4))
        for first, last in (self & IPV6).ranges:
            yield from summarize_address_range(IPv6Address(first), IPv6Address(last))


def of_network(network: Network) -> Addresses:
    """Return all addresses of a network."""
    start = _IPV4 if network.version == 4 else 0  # noqa: PLR2004 - the version of IP
    return Addresses(((start + int(network[0]), start + int(network[-1])),))


def single(address: Address) -> Addresses:
    """Return the set of one address."""
    return of_network(IPv4Network(address) if isinstance(address, IPv4Address) else IPv6Network(address))


def union(sets: Iterable[Addresses]) -> Addresses:
    """Return the addresses that are in any of the sets."""
    return _joined([each for found in sets for each in found.ranges])


def _joined(ranges: list[tuple[int, int]]) -> Addresses:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        # The last IPv6 address and the first IPv4 address are no neighbours.
        if joined and first <= joined[-1][1] + 1 and (first != _IPV4 or joined[-1][1] >= _IPV4):
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return Addresses(tuple(joined))


def _common(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    here = there = 0
    while here < len(one) and there < len(other):
        first = max(one[here][0], other[there][0])
        last = min(one[here][1], other[there][1])
        if first <= last:
            yield first, last
        if one[here][1] < other[there][1]:
            here += 1
        else:
            there += 1


def _gaps(ranges: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    start = 0
    for first, last in ranges:
        if start < first:
            yield from _at_the_border(start, first - 1)
        start = last + 1
    if start <= _END:
        yield from _at_the_border(start, _END)


def _at_the_border(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield a range, in two where it has both IPv6 and IPv4."""
    if first < _IPV4 <= last:
        yield first, _IPV4 - 1
        yield _IPV4, last
    else:
        yield first, last


NOBODY = Addresses()
IPV6 = Addresses(((0, _IPV4 - 1),))
IPV4 = Addresses(((_IPV4, _END),))
EVERYBODY = Addresses((*IPV6.ranges, *IPV4.ranges))
