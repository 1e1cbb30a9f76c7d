"""Blocks of a zone file that the expression takes, and those that it leaves to a closer look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.zonefile.fast.blocks import Names, block_pattern, columns_of, doubtful

APEX = b"example.org."
DIGEST = b"ab" * 32


def taken(text: bytes, names: Names = Names.AT_APEX) -> list[bytes]:
    """The blocks of a text, gaps as `-`, all other lines as `?`."""
    columns = columns_of(block_pattern(APEX, names), text, 0, len(text))
    rows = zip(columns.block, columns.gap, columns.other, strict=True)
    return [block or (b"-" if gap else b"?") for block, gap, _ in rows]


@pytest.mark.parametrize(
    "rdtype", [b'TXT "abc"', b"MX 10 a", b"AAAA ::1", b'CAA 0 issue "x"', b"NS a", b"A 192.0.2.1"]
)
def test_a_line_that_begins_with_a_type_names_an_owner(rdtype: bytes) -> None:
    assert taken(b"h A 192.0.2.1\n" + rdtype + b"\n")[1:] == [b"?"]


@pytest.mark.parametrize(
    "block",
    [
        b"h A 192.0.2.1\n  A 192.0.2.2\nh 300 IN A 192.0.2.3 ; third\n",
        b'h A 192.0.2.1\n AAAA 2001:db8::1\n AAAA 2001:db8::2\n MX 10 a\n MX 20 b\n TXT ( "x"\n "y" )\n',
        b"h NS a\n NS b ; the second\n DS 65535 13 2 " + DIGEST + b"\n",
        b"_sip._tcp SRV 0 0 5060 a\n SRV 1 0 5060 b\n",
        b"_443._tcp TLSA 3 1 1 " + DIGEST + b";c\n",
        b"h SSHFP 4 2 " + DIGEST[:56] + b" " + DIGEST[56:] + b"\n",
        b'h NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .\n',
    ],
)  # fmt: skip
def test_one_block_is_what_an_owner_has(block: bytes) -> None:
    assert taken(block) == [block]
    assert taken(b"a A 192.0.2.1\n" + block + b"z A 192.0.2.1\n")[1:-1] == [block]


def test_no_comment_stands_behind_strings_in_parentheses() -> None:
    assert taken(b'h TXT ( "one" ) ; key\n') == [b"?"]
    assert taken(b'h TXT ( "one" ) \n') == [b'h TXT ( "one" ) \n']


@pytest.mark.parametrize("end", [b"\n", b" \n", b" ;\n", b";c\n"])
def test_an_owner_with_many_records_is_looked_at_once(end: bytes) -> None:
    lines = [b"h A 192.0.2.%d%b" % (number, end) for number in range(1, 200)]

    assert taken(b"".join(lines) + b"h LOC 1 2 3 N 4 5 6 E 7m\n") == [b"?"] * 200


def test_gaps_part_blocks_and_belong_to_none() -> None:
    text = b"a A 192.0.2.1\n\n  ; two\n;\nb A 192.0.2.1\n; last\n"

    assert taken(text) == [b"a A 192.0.2.1\n", b"-", b"b A 192.0.2.1\n", b"-"]


def test_what_follows_a_gap_without_an_owner_leaves_all_to_a_closer_look() -> None:
    assert taken(b"a A 192.0.2.1\n; c\n AAAA ::1\nb A 192.0.2.1\n") == [b"?", b"-", b"?", b"b A 192.0.2.1\n"]


def test_a_record_that_a_tool_commented_out_is_no_gap() -> None:
    assert taken(b"; www IN ALIAS example.net.\n; www IN A 192.0.2.1\n") == [b"?", b"-"]


def test_the_origin_stands_for_itself_at_the_apex_alone() -> None:
    line = b"h MX 10 @\n"

    assert [taken(line, names) for names in Names] == [[line], [b"?"], [b"?"]]


_SETS = {
    b"h A 192.0.2.1\n A 192.0.2.2\n": True,
    b"h A 192.0.2.1\n A  192.0.2.1 \n": False,
    b"h A 192.0.2.1\n 60 A 192.0.2.2\n": False,
    b"h A 192.0.2.1\n IN 60 A 192.0.2.2\n": False,
    b"h A 192.0.2.1 ; A 192.0.2.2\n A 192.0.2.1\n": False,
    b"h NS a\n NS b\n": True,
    b"h NS a\n NS A\n": False,
    b"h NS a\n NS a.example.org.\n": False,
    b"h MX 10 a\n MX\t20 a\n": True,
    b"h MX 10 a\n MX\t10  A\n": False,
    b"h AAAA ::1\n AAAA 0::1\n": False,
    b"_s._tcp SRV 0 0 1 a\n SRV 0 0  1 a\n": False,
}


def test_several_records_are_one_set_for_sure_or_not() -> None:
    assert {block: not doubtful([block]) for block in _SETS} == _SETS


@given(st.lists(st.sampled_from([*_SETS]), min_size=1))
def test_several_blocks_are_as_sure_together_as_each_alone(blocks: list[bytes]) -> None:
    assert doubtful(blocks) == {place for place, block in enumerate(blocks) if not _SETS[block]}
