"""Keys of owners: their order, and which stand above which."""

import pytest
from dns.name import Name
from hypothesis import given
from hypothesis import strategies as st

from migrator.model.compact import Below, in_canonical_order, key_of
from migrator.model.names import canonical_key
from tests import strategies


@pytest.mark.parametrize(
    ("key", "above", "expected"),
    [
        (b"a.b.", b"b.", True),
        (b"b.", b"b.", True),
        (b"b.", b"a.b.", False),
        (b"ab.", b"b.", False),
        (b"a.b.", b".", True),
        (b".", b".", True),
        (b".", b"b.", False),
    ],
)
def test_whether_a_name_stands_at_another_or_below_it(key: bytes, above: bytes, expected: bool) -> None:
    below = Below({above})

    assert (key in below, key in below.among([key])) == (expected, expected)


_KEYS = st.lists(st.sampled_from([b"a", b"b", b"x\\.y", b"*"]), max_size=6).map(
    lambda labels: b"".join(label + b"." for label in labels) or b"."
)


@given(st.frozensets(_KEYS, max_size=6), st.frozensets(_KEYS))
def test_of_many_names_those_are_found_that_stand_below(above: frozenset[bytes], keys: frozenset[bytes]) -> None:
    below = Below(above)

    assert below.among(keys) == {key for key in keys if key in below}


@given(st.lists(st.one_of(strategies.names(), strategies.names(parts=strategies.host_labels)), unique=True))
def test_keys_are_put_in_the_order_of_their_names(names: list[Name]) -> None:
    by_key = {key_of(name.labels): canonical_key(name) for name in names}

    assert [by_key[key] for key in in_canonical_order([*by_key])] == sorted(by_key.values())
