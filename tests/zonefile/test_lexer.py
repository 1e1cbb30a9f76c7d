"""The lexer: what a logical line is, and that its work is bounded for any text."""

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.zonefile.lexer import DEEPEST_NESTING, LONGEST_LINE, Line, logical_lines, unified


def cut(text: bytes) -> list[Line]:
    return list(logical_lines(unified(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", []),
        (b"\n \n\t\n", []),
        (b"www 300 IN A 192.0.2.1", [Line(1, False, [b"www", b"300", b"IN", b"A", b"192.0.2.1"])]),
        (b"\n\n\ta\tb \n", [Line(3, True, [b"a", b"b"])]),
        (b"a;b c\n", [Line(1, False, [b"a"], b"b c")]),
        (b"; only\n", [Line(1, False, [], b" only")]),
        (b"  ; only\n", [Line(1, True, [], b" only")]),
        (b'a "b ; c" d', [Line(1, False, [b"a", b'"b ; c"', b"d"])]),
        (b'a "b\\"c" "d\\\\"', [Line(1, False, [b"a", b'"b\\"c"', b'"d\\\\"'])]),
        (b'a"b""c"d', [Line(1, False, [b"a", b'"b"', b'"c"', b"d"])]),
        (b'a k="b c",d', [Line(1, False, [b"a", b'k="b c"', b",d"])]),
        (b"a\\ b\\;c\\(d \\# \\010", [Line(1, False, [b"a\\ b\\;c\\(d", b"\\#", b"\\010"])]),
        (b"a ( b ; one\n c )d ; two", [Line(1, False, [b"a", b"b", b"c", b"d"], b" two")]),
        (b"(\na\n)\nb", [Line(1, False, [b"a"]), Line(4, False, [b"b"])]),
        (b"a ( b (c\n) d ) e\n", [Line(1, False, [b"a", b"b", b"c", b"d", b"e"])]),
        (b"a\fb", [Line(1, False, [b"a"], b"", "the control character \\012 stands outside quotes")]),
        (b"\va b", [Line(1, False, [], b"", "the control character \\011 stands outside quotes")]),
        ('ä "ö"'.encode(), [Line(1, False, ["ä".encode(), '"ö"'.encode()])]),
        (b"a \xff\xfe", [Line(1, False, [b"a", b"\xff\xfe"])]),
    ],
)  # fmt: skip
def test_logical_lines(text: bytes, expected: list[Line]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_every_line_end_counts_and_a_byte_order_mark_does_not(start: bytes, end: bytes) -> None:
    text = start + end.join([b"a b", b"c ( d", b" e )", b"; f", b"g"])

    assert cut(text) == [
        Line(1, False, [b"a", b"b"]),
        Line(2, False, [b"c", b"d", b"e"]),
        Line(4, False, [], b" f"),
        Line(5, False, [b"g"]),
    ]


@pytest.mark.parametrize(
    ("text", "defect"),
    [
        (b'a "b c\nd e', "a quoted string does not end on its line"),
        (b'a "b\\" c\nd e', "a quoted string does not end on its line"),
        (b"a ) b\nd e", "a parenthesis is closed that was not opened"),
        (b"a ( b\nd e", "a parenthesis is opened and not closed"),
        (b"a " + b"(" * (DEEPEST_NESTING + 1) + b"\nd e", "a parenthesis is opened and not closed"),
        (b"a b\\\nd e", "a backslash stands at the end of the line"),
        (b"a \x00b\nd e", "the control character \\000 stands outside quotes"),
        (b"a \x7f\nd e", "the control character \\127 stands outside quotes"),
        (b"a " + b"b" * LONGEST_LINE + b"\nd e", "the line is longer than 1,048,576 octets"),
        (b'a "' + b"b" * LONGEST_LINE + b'"\nd e', "the line is longer than 1,048,576 octets"),
    ],
)
def test_a_defect_ends_with_its_line_and_the_next_line_is_read(text: bytes, defect: str) -> None:
    first, second = cut(text)

    assert (first.number, first.defect) == (1, defect)
    assert second == Line(2, False, [b"d", b"e"])


def test_a_defect_inside_parentheses_takes_the_whole_group_along() -> None:
    first, second = cut(b'a ( b "c\n d \x01 e\n f ) g\nh i')

    assert first.defect == "a quoted string does not end on its line"
    assert first.tokens == [b"a", b"b", b"d", b"f", b"g"]
    assert second == Line(4, False, [b"h", b"i"])


@given(
    st.lists(st.sampled_from([b"a", b" ", b"\n", b'"', b"(", b")", b";", b"\\", b"\x00", b"=", b"\t", b"\xc3"]))
)
def test_any_text_is_cut_and_no_line_of_it_is_passed_over(pieces: list[bytes]) -> None:
    text = b"".join(pieces)
    found = cut(text)

    assert [line.number for line in found] == sorted({line.number for line in found})
    covered = {line.number for line in found}
    inside_group = any(b"(" in piece for piece in pieces)
    for number, line in enumerate(text.split(b"\n"), 1):
        assert inside_group or not line.strip(b" \t;") or number in covered


HOSTILE = {
    "parentheses that never close": b"(\n",
    "one parenthesis a line": b"a ( b\n",
    "groups and quotes that never close": b'( "a" "\n',
    "one long line of quotes": b'"',
    "one long line of words": b"a ",
    "one long word": b"a",
    "escapes": b"\\\\",
    "unclosed quotes": b'"a\n',
    "semicolons": b";",
    "NUL octets": b"\x00",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_memory_does_not_grow_with_what_cannot_be_read(piece: bytes) -> None:
    size = 100_000 if piece.endswith(b"\n") else 4_000_000
    text = piece * (size // len(piece))
    tracemalloc.start()
    try:
        count = sum(1 for _ in logical_lines(text))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count >= 1
    # The tokens of one logical line of the longest kind, at some fifty octets for each of its words.
    assert peak < 40_000_000


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_work_grows_with_the_text_and_not_with_its_square(piece: bytes) -> None:
    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        before = time.process_time()
        for _ in logical_lines(text):
            pass
        return time.process_time() - before

    # Eight times the text: with quadratic work it would be 64 times as much. The floor keeps noise out.
    assert cost(400_000) < 24 * max(cost(50_000), 0.02)
