"""Blocks of a zone file that the expression takes, and those that it leaves to a closer look."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.zonefile.fast.bindings import with_odd_bindings
from migrator.zonefile.fast.blocks import (
    Names,
    block_pattern,
    columns_of,
    doubtful,
    strings_of,
    types_of_rare,
    with_long_strings,
)

APEX = b"example.org."
DIGEST = b"ab" * 32


def taken(text: bytes, names: Names = Names.AT_APEX, *, any_order: bool = False) -> list[bytes]:
    """The blocks of a text, gaps as `-`, all other lines as `?`."""
    columns = columns_of(block_pattern(APEX, names, any_order=any_order), text, 0, len(text))
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
        b'h A 192.0.2.1\n CAA 0 issue "x"\n CAA 0 iodef "y"\n SSHFP 1 1 ' + DIGEST[:40] + b"\n",
        b"h AAAA 1::1\nh 60 TLSA 3 1 1 " + DIGEST + b"\n\tDS 1 8 1 " + DIGEST[:40] + b" ; DS\n",
        b"h NS a\n DS 1 13 2 (\n  " + DIGEST[:56] + b"\n\t" + DIGEST[56:] + b"\n)\n",
        b"h 1h A 192.0.2.1\n IN 2D AAAA 1::1\n 999W IN MX 10 a\n",
        b'h TXT "v=DKIM1\\; p=x" "\\;"\n',
        b"h TXT site-check=x/y+z word ; no key\n",
        b'h A 192.0.2.1\n HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.1 ; c\n SVCB 16 .\n',
    ],
)  # fmt: skip
def test_one_block_is_what_an_owner_has(block: bytes) -> None:
    for any_order in (False, True):
        assert taken(block, any_order=any_order) == [block]
        among = b"a A 192.0.2.1\n" + block + b"z A 192.0.2.1\n"
        assert taken(among, any_order=any_order)[1:-1] == [block]


_KINDS = (
    *(b"A 192.0.2.1\n A 192.0.2.2\n", b"AAAA 1::1\n", b"MX 10 a\n MX 20 b\n", b'TXT "x"\n'),
    b'CAA 0 issue "x"\n',
)


@pytest.mark.parametrize("kinds", [*itertools.permutations(_KINDS)])
def test_types_stand_in_any_order_where_that_is_looked_for(kinds: tuple[bytes, ...]) -> None:
    block = b"h " + b" ".join(kinds)

    assert taken(block + b"z A 192.0.2.1\n", any_order=True) == [block, b"z A 192.0.2.1\n"]
    assert (taken(block) == [block]) == (kinds in {_KINDS, (_KINDS[0], *_KINDS[2:4], _KINDS[1], _KINDS[4])})


@pytest.mark.parametrize("kind", [b"A 192.0.2.3\n", b"AAAA 1::3\n", b"MX 30 c\n", b'TXT "y"\n', b"TXT y\n"])
@pytest.mark.parametrize("text", [b'TXT "x"\n', b"TXT x\n"])
def test_records_of_a_type_stand_together_in_any_order_too(kind: bytes, text: bytes) -> None:
    block = b"h AAAA 1::1\n A 192.0.2.1\n " + text + b" MX 10 a\n"

    assert taken(block, any_order=True) == [block]
    for more in (b' CAA 0 issue "x"\n ', b" "):
        together = kind[:2] == b"MX" and more == b" "
        assert (taken(block + more + kind, any_order=True) == [block + more + kind]) == together


def test_several_texts_stand_together_in_any_order_alone() -> None:
    block = b'h A 192.0.2.1\n TXT "x"\n TXT "y" ; TXT "no"\nh 60 TXT ""\n MX 10 a\n'
    columns = columns_of(block_pattern(APEX, any_order=True), block, 0, len(block))

    assert taken(block) == [b"?"] * 5
    assert (columns.block, strings_of(columns.more_text[0])) == ((block,), [b'"y"', b'""'])
    assert taken(b'h TXT "x"\n TXT "y" "z"\n', any_order=True) == [b"?"] * 2


def test_strings_are_told_in_quotes_and_in_one_spelling() -> None:
    text = b'a TXT "v=DKIM1\\; p=x"  "\\;\\""\nb TXT one  two\nc A 192.0.2.1\nd TXT "caf\xc3\xa9"\n'
    columns = columns_of(block_pattern(APEX), text, 0, len(text))

    assert columns.text == [b'"v=DKIM1; p=x"  ";\\034"', b'"one" "two"', b"", rb'"caf\195\169"']


@pytest.mark.parametrize(("octets", "places"), [(253, []), (254, [1])])
def test_strings_that_are_too_long_without_their_escapes_are_told(octets: int, places: list[int]) -> None:
    text = b'a TXT "%b"\nb TXT "x" "\\;%b\\195"\n' % (b"x" * 255, b"x" * octets)
    columns = columns_of(block_pattern(APEX), text, 0, len(text))

    assert columns.other == (b"", b"")
    assert [*with_long_strings(columns)] == places


@pytest.mark.parametrize(
    "line", [b"h TXT v=spf1\n", b"h TXT K=rsa x\n", b"h TXT x\\;\n", b'h TXT "a\\300b"\n', b'h TXT x "y"\n',
             b'h TXT "a\\19b"\n', b'h TXT "a\\"\n', b'h TXT k="a\\"b"\n', b"h TXT \xc3\xa9\n",
             b"h 1000d A 192.0.2.1\n", b"h 1h5 A 192.0.2.1\n", b'h CAA 0 issue "a\\;b"\n']
)  # fmt: skip
def test_what_the_exact_reader_may_have_something_to_say_of_is_no_block(line: bytes) -> None:
    assert taken(line) == [b"?"]


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
    b'h TXT "x"\n TXT "y"\n': True,
    b'h TXT "x" "y"\n TXT "xy"\n': True,
    b'h TXT "x"\n TXT "X"\n': False,
    b'h TXT "\xe9"\n TXT "\xea"\n': True,
    b'h TXT "\xe9"\n TXT "\xe9"\n': False,
    b'h TXT "\xe9"\n TXT "\\233"\n': False,
    b'h TXT "x"\n 60 TXT "y"\n': False,
    b'h TXT x\n TXT "y"\n': False,
    b'h TXT ( "x" )\n TXT "y"\n': False,
    b'h CAA 0 issue "x"\n CAA 0 iodef "x"\n': True,
    b'h CAA 0 issue "x"\n CAA 0 issue "X"\n': False,
    b"h SSHFP 1 1 ab\n SSHFP 1 1 ac\n": True,
    b"h SSHFP 1 1 ab cd\n TLSA 3 1 1 abcd\n SSHFP 1 1 A BCD\n": False,
    b"h TLSA 3 1 1 ab\n SSHFP 1 1 ab\n 60 TLSA 3 1 1 cd\n": False,
    b"h AAAA 1::1\n HTTPS 1 .\n SVCB 1 .\n": True,
    b'h HTTPS 1 . alpn=h2\n HTTPS 1 . alpn="h2"\n': False,
}


def test_several_records_are_one_set_for_sure_or_not() -> None:
    assert {block: not doubtful([block]) for block in _SETS} == _SETS


@given(st.lists(st.sampled_from([*_SETS]), min_size=1))
def test_several_blocks_are_as_sure_together_as_each_alone(blocks: list[bytes]) -> None:
    assert doubtful(blocks) == {place for place, block in enumerate(blocks) if not _SETS[block]}


@pytest.mark.parametrize(
    "lines",
    [
        b"SSHFP 1 1 (" + b"ab" * 3 + b" " + b"ab" * 17 + b")\n",
        b"DS 1 8 1 (" + b"ab" * 10 + b"\n" + b"ab" * 10 + b")\n",
        b"TLSA ( 3 1 1 " + DIGEST + b")\n",
        b"TLSA 3 1 1 (" + DIGEST + b" ; a key\n)\n",
        b"TLSA 3 1 1 (" + DIGEST + b") ; a key\n",
    ],
)
def test_parts_of_a_digest_that_might_be_taken_for_something_else_are_in_no_block(lines: bytes) -> None:
    assert set(taken(b"h " + lines)) == {b"?"}


@pytest.mark.parametrize(
    ("lines", "types"),
    [
        (
            b"SSHFP 1 1 ab ; TLSA 3\n\tIN TLSA 3 1 1 (\n  abababab\n  abababab )\nh 300 SSHFP 4 2 ab\n",
            "SSHFP TLSA SSHFP",
        ),
        (b'NAPTR 1 1 "u DS x" "; TLSA " "" .\nDS 60 IN DS 1 8 2 ab\n', "NAPTR DS"),
        (b'HTTPS 1 . alpn="h2" port=1 ; SVCB 1 .\n\tSVCB 1 .\n', "HTTPS SVCB"),
    ],
)
def test_the_types_of_rare_records_are_told_whatever_else_stands_there(lines: bytes, types: str) -> None:
    assert b" ".join(types_of_rare(lines)).decode() == types


_PLAIN = (
    *(b".", b'. alpn="h2,h3"', b". alpn=h2,h3 port=65535 ; c", b'. port="1" ipv4hint="192.0.2.1,192.0.2.2" \t'),
    *(b'. alpn=h3 ipv4hint=192.0.2.1 ipv6hint="2001:DB8::1,1::"', b'. ipv4hint="192.0.2.1";"'),
)
_ODD = (
    *(b'. alpn="h2', b'. alpn=h2"', b". alpn=h", b". alpn=h2,", b'. alpn=""', b'. alpn="h2"port=1', b". alpn"),
    *(b". port=65536", b". port=01", b". port=1 alpn=h2", b". port=1 port=1", b". ipv4hint=192.0.2.256"),
    *(b". ipv6hint=::1", b". ipv6hint=1::1::1", b". ipv6hint=1::1,", b". mandatory=alpn alpn=h2", b". key9=x"),
    *(b". ech=AAQAAAAA", b". no-default-alpn alpn=h2", b'. alpn="h 2"'),
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["HTTPS", "SVCB"]), st.sampled_from([*_PLAIN, *_ODD])), min_size=1))
def test_bindings_that_are_not_of_the_plainest_kind_are_told(bindings: list[tuple[str, bytes]]) -> None:
    lines = [b"%b 1 %b\n" % (rdtype.encode(), rdata) for rdtype, rdata in bindings]
    lines += [b'NAPTR 1 1 "u" "x HTTPS 1 . ;" "" .\n', b"SSHFP 1 1 ab ; HTTPS 1 . alpn\n"]

    found = with_odd_bindings(lines)

    assert {place for place, (_, rdata) in enumerate(bindings) if rdata in _ODD} == found - {len(lines) - 1}


@pytest.mark.parametrize(
    "rdata", [b"0 .", b"1 host", b"1 @", b"01 .", b"70000 .", b"1", b"1 ..", b"1 .x", b"1 . (", b"1 . alpn=(h2)"]
)
def test_bindings_that_point_at_names_or_are_odd_are_in_no_block(rdata: bytes) -> None:
    assert taken(b"h HTTPS " + rdata + b"\n") == [b"?"]
