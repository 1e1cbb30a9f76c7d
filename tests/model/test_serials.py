"""The order of serials (RFC 1982), and what comes after one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.model.serials import following, is_later, later_than, serial_of, with_serial
from tests.snapshots import NS, SOA, rrset

serials = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(
    ("serial", "after"),
    [
        (1, 2),
        (0, 1),
        (2026112209, 2026112210),
        (2026112299, 2026112300),
        (2026113099, 2026120100),
        (2026123199, 2027010100),
        (2026139999, 2026140000),  # no month 13: a mere number
        (2**32 - 1, 1),
    ],
)
def test_a_date_stays_a_date_and_a_number_a_number(serial: int, after: int) -> None:
    assert following(serial) == after


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ((1,), 2),
        ((1, 1), 2),
        ((2026112209, 5), 2026112210),
        ((5, 2026112209), 2026112210),
        ((3, 2**32 - 2), 4),  # 3 came after the end of the numbers
        ((1, 2**31 + 1), None),  # half the space apart
        ((1, 2**31), None),  # what comes after the second is not later than the first
    ],
)
def test_what_is_later_than_all(known: tuple[int, ...], found: int | None) -> None:
    assert later_than(*known) == found


@given(serials, serials)
def test_of_two_serials_at_most_one_is_later(one: int, other: int) -> None:
    assert not (is_later(one, other) and is_later(other, one))
    assert is_later(following(one), one)
    found = later_than(one, other)
    assert found is None or (is_later(found, one) and is_later(found, other))


def test_the_serial_of_a_set() -> None:
    two = rrset("@", "SOA", *(f"ns1.example.net. hostmaster {n} 7200 900 1209600 300" for n in (1, 2)))

    assert [serial_of(found) for found in (SOA, NS, None, two)] == [1, None, None, None]
    assert serial_of(with_serial(SOA, 7)) == 7
    assert with_serial(NS, 7) == NS
