"""Directives between blocks, taken as the exact reader takes them, or left to it."""

import pytest

from migrator.model.names import absolute
from migrator.zonefile.fast.turns import turn
from migrator.zonefile.reader import new_state


def turned(text: bytes) -> tuple[int, str, int | None]:
    """How much of the text was taken, and the origin and the default TTL after it."""
    state = new_state(absolute("example.org."), None)
    return turn(state, text, 0, len(text)), str(state.names.origin), state.ttls.default


@pytest.mark.parametrize(
    ("text", "origin", "ttl"),
    [
        (b"$TTL 300\n", "example.org.", 300),
        (b"$TTL 1h\n", "example.org.", 3600),
        (b"$TTL\t2D ; two days\n", "example.org.", 172800),
        (b"; a\n\n$ORIGIN b.example.org.\n  ; c\n$TTL 1w;d\n$ORIGIN e.example.org.\n", "e.example.org.", 604800),
        (b"$ORIGIN B.Example.net. ; elsewhere\n", "B.Example.net.", None),
        (b"; only a comment\n", "example.org.", None),
    ],
)  # fmt: skip
def test_plain_directives_are_taken(text: bytes, origin: str, ttl: int | None) -> None:
    assert turned(text) == (len(text), origin, ttl)
    assert turned(text + b"www A 192.0.2.1\n") == (len(text), origin, ttl)


@pytest.mark.parametrize(
    "text",
    [
        *(b"$TTL 1h30m\n", b"$TTL 1h30\n", b"$TTL 9999999999\n", b"$TTL\n", b"$TTL 300 400\n"),
        *(b"$ttl 300\n", b" $TTL 300\n"),
        *(b"$ORIGIN sub\n", b"$ORIGIN @\n", b"$ORIGIN a\\.b.\n", b"$ORIGIN .\n", b"$ORIGIN a..b.\n"),
        b"$INCLUDE x\n",
        *(b"; www IN ALIAS example.net.\n", b"$GENERATE 1-2 a$ A 192.0.2.$\n", b"www A 192.0.2.1\n"),
    ],
)  # fmt: skip
def test_all_others_are_left_to_the_exact_reader(text: bytes) -> None:
    assert turned(text) == (0, "example.org.", None)


def test_the_first_origin_of_a_zone_that_is_named_by_its_file_alone_is_left_to_the_exact_reader() -> None:
    state = new_state(None, absolute("example.net."))
    text = b"$ORIGIN example.org.\n"

    assert turn(state, text, 0, len(text)) == 0
    state.apex.first_origin = absolute("example.org.")
    assert turn(state, text, 0, len(text)) == len(text)
