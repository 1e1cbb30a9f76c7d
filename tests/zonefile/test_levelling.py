"""Blocks in a less usual way are brought to the usual one without moving an octet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.zonefile.fast.levelling import levelled


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        (b"h in a 192.0.2.1\n", b"h in A 192.0.2.1\n"),
        (b"\taaaa\t1::1\n", b"\tAAAA\t1::1\n"),
        (b"in 1h in mx 10 in\n 300 txt a in a b\n", b"in 1h in MX 10 in\n 300 TXT a in a b\n"),
        (b"mx A 192.0.2.1 ; in a\n", b"mx A 192.0.2.1 ; in a\n"),
        (b"; h in a 192.0.2.1\nh ; in a\n", b"; h in a 192.0.2.1\nh ; in a\n"),
        (b"h loc 1 N 2 E 3m\nh Mx 10 a\nh a\n", b"h loc 1 N 2 E 3m\nh Mx 10 a\nh a\n"),
        (b"h https 1 .\n svcb 1 . alpn=a\n", b"h HTTPS 1 .\n SVCB 1 . alpn=a\n"),
        (b"h A ( 192.0.2.1 )\n", b"h A   192.0.2.1  \n"),
        (b"h IN (cname h) ; (h)\n", b"h IN  CNAME h  ; (h)\n"),
        (b'h TXT "a ( b )" ( "c ( d ) ; e" )\n', b'h TXT "a ( b )"   "c ( d ) ; e"  \n'),
        (b'h TXT "a ( b ) ; c"\n', b'h TXT "a ( b ) ; c"\n'),
        (b'h TXT "a ( b )\n', b'h TXT "a ( b )\n'),
        (b"h A( 192.0.2.1 )\n", b"h A( 192.0.2.1 )\n"),
        (b"h A ( 192.0.2.1 ; here )\n )\n", b"h A ( 192.0.2.1 ; here )\n )\n"),
        (b"h TXT ( ( x ) )\nh TXT ( x\n )\n", b"h TXT ( ( x ) )\nh TXT ( x\n )\n"),
        (b"h TXT ( \\; )\n", b"h TXT ( \\; )\n"),
    ],
)
def test_types_are_in_capitals_and_parentheses_within_a_line_are_blanks(written: bytes, usual: bytes) -> None:
    assert levelled(b"z A 192.0.2.9\n" + written + b"in a") == b"z A 192.0.2.9\n" + usual + b"in a"


@given(st.lists(st.sampled_from(b'h,in,a,mx,300,"x",",\\,;, ,\t,\n, ( , ) ,A,TXT'.split(b","))).map(b"".join))
def test_no_octet_moves_and_once_is_enough(text: bytes) -> None:
    once = levelled(text)

    assert len(once) == len(text)
    assert once.upper().replace(b"(", b" ").replace(b")", b" ") == text.upper().replace(b"(", b" ").replace(
        b")", b" "
    )
    assert levelled(once) == once
