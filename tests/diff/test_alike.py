"""Two files that are mostly the same text are read as two that are not: zones, findings, and all that differs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from dns.name import Name
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.zones import write_pair
from migrator.codec.diff import dumps
from migrator.concurrency.beside import can_fork, later
from migrator.diff import compare
from migrator.model.finding import Finding
from migrator.model.names import absolute
from migrator.model.zone import Assembly, assemble
from migrator.report.diff import text as report
from migrator.zonefile import read_zone
from migrator.zonefile.fast import assemble_reading, over, rest
from migrator.zonefile.fast.blockharvest import Gathered, Hole, Part
from migrator.zonefile.fast.blocks import block_pattern
from migrator.zonefile.fast.compact import Source
from migrator.zonefile.fast.cutting import CHUNK
from migrator.zonefile.fast.over import Taken, plain, read_alike, read_by_blocks
from tests.zonefile.alike import chunks_of

START = "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\n"
# How files begin; the serial is in a line of its own, or the first $ORIGIN comes late and says whose zone it is.
STARTS = {
    "directives": START,
    "names": "example.org. 60 SOA ns1 host (\n {serial} 2 3 4 5 )\n$ORIGIN example.org.\n$TTL 300\n@ NS ns1\n",
    "no SOA": "k{serial} 60 A 192.0.2.1\nl 60 A 192.0.2.1\n$TTL 300\n$ORIGIN example.org.\n@ NS ns1\n",
    "a late SOA": "k 60 A 192.0.2.1\nexample.org. 60 SOA a b {serial} 2 3 4 5\n$ORIGIN example.org.\n$TTL 300\n",
}

# How people and programs write the blocks of a host.
LAYOUTS = {
    "by hand": 'h{n}\tIN\tA\t192.0.2.{n}\n\tIN\tMX\t10 mail.h{n}\n\tIN\tTXT\t"v=spf1 a mx -all"\n',
    "an owner a line": "h{n} A 192.0.2.{n}\nh{n} AAAA 2001:db8::{n}\nwww.h{n} 60 CNAME h{n}\n",
    "absolute": "h{n}.example.org. 60 IN A 192.0.2.{n}\nsub.h{n}.example.org. 60 IN NS ns.example.net.\n",
    "strings": '_d.h{n} TXT ( "v=spf1"\n  " include:h1.example.org -all" )\nh{n} CAA 0 issue "ca.example.net"\n',
    "services": '_sip._tcp.h{n} SRV 0 0 5060 h{n}\nx._domainkey.h{n} TXT "v=DKIM1; p=MTIz"\nH{n} A 192.0.2.1\n',
    "signed cuts": "c{n} NS a.c{n}\n NS b.c{n} ; two\na.c{n} A 192.0.2.{n}\nc{n} DS 65535 13 2 " + 64 * "a" + "\n",
    "several": "h{n} A 192.0.2.{n}\n  A 192.0.3.{n}\n  300 A 192.0.4.{n}\n  MX 10 h1\n  MX 20 h{n} ; here\n",
    "sections": "$ORIGIN s{n}.example.org.\n; {n}\n\n$TTL {n}h\nh A 192.0.2.{n}\nw CNAME h\nm MX 1 h\n MX 2 w\n",
    "rare": 'n{n} NAPTR 1 2 "u" "x" "!a!b!" .\n_443._tcp.n{n} TLSA 3 1 1 ' + "AB" * 32 + "\n",
    "keys": (
        "h{n} A 192.0.2.{n}\n  SSHFP 4 2 " + 64 * "a" + "\n\tIN SSHFP 1 1 " + 20 * "Ab" + " ; {n}\n"
        "  TLSA 3 1 1 {n:08}" + 14 * "ABC e" + '\nm{n} CAA 0 issue "x"\nm{n} 300 CAA 128 iodef "y;z({n})"\n'
    ),
    "folded": (
        "_25._tcp.h{n} TLSA 3 1 1 ( " + 32 * "a" + "\n\t\t" + 32 * "B" + " )\n"
        "c{n} NS ns.example.net.\n 300 DS {n} 13 2 (\n  " + 56 * "c" + "\n\t " + 8 * "D" + "\n)\n"
        "k{n} AAAA 1::{n}\n SSHFP 4 2 (" + 64 * "e" + ")\n SSHFP 1 1 " + 40 * "e" + "\n"
    ),
    "sets": 'h{n} A 192.0.2.1\nh{n} A 192.0.2.{n}\n  HINFO "x" "y"\n',
    "cuts and wildcards": "h{n} NS ns.h{n}\nns.h{n} A 192.0.2.{n}\n*.w{n} A 192.0.2.2\nw{n} MX 5 h{n}\n",
    "backwards": "{n}.2.0 PTR h{n}.example.net.\n{n}.3.0 PTR h{n}\n",
    "any order": 't{n} TXT "x"\n  2h MX 5 t{n}\n A 192.0.2.{n}\n A 192.0.3.3\n CAA 0 issue "x"\n 60 AAAA 1::{n}\n',
    "texts": 't{n} TXT "x={n}"\n TXT "v=spf1 a -all" ; {n}\n  AAAA 1::{n}\nk._domainkey.t{n} TXT "k"\n TXT ""\n',
    "any words": 'h{n} 1D TXT check={n} x\n  AAAA 1::{n}\nd._domainkey.h{n} TXT ( "v=DKIM1\\; "\n "p=M{n}\\;" )\n',
    "several words": 'w{n} TXT a={n} x\n TXT two ; {n}\n  MX 5 w{n}\nx{n} TXT "one"\n  TXT two {n}\n TXT "3"\n',
    "small letters": (
        'h{n} in a 192.0.2.{n}\n\tin mx 10 mail.h{n}\n 300 txt "v=spf1 mx -all" ; in a\n  caa 0 issue "x"\n'
        '  CAA 128 iodef "x"\nw{n} cname a\n_s._tcp.h{n} 1h srv 0 0 5 a\nc{n} 60 in ns a.c{n}\n ns b.c{n}\n'
        "  ds {n} 13 2 ( " + 32 * "a" + "\n\t" + 32 * "b" + ")\na.c{n} aaaa 1::{n}\n sshfp 4 2 " + 64 * "A" + "\n"
    ),
    "held": (
        'h{n} A ( 192.0.2.{n} )\n\tIN MX (10 mail.h{n}) ; ( one )\n\tIN ( TXT "x ( {n} ) ; (" )\n'
        "c{n} ( 60 NS ns.c{n} ) ; )\nw{n} in ( cname h{n} )\n_d.h{n} TXT ( v=x ( {n} ) )\n"
    ),
    "bindings": (
        'h{n} A 192.0.2.{n}\n HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.{n} ; {n}\nx{n} HTTPS 1 .\n  60 SVCB 1 .\n'
        "y{n} SVCB 2 . alpn=dot port={n}\n SVCB 3 . ipv6hint=2001:db8::{n}\nz{n} HTTPS 0 h{n}\n SVCB 1 h{n}\n"
    ),
    "other types": (
        'h{n} A 192.0.2.{n}\n HINFO PC-{n} "Linux"\n  LOC 42 21 {n} N 71 6 18 W -24m ; here\nh{n} RP a.h{n} .\n'
        '_ftp._tcp.h{n} URI 1 {n} "ftp://h{n}.example.org/"\nx{n} SMIMEA 3 1 1 '
        + 64 * "A"
        + "\n"
    ),
    "escapes": (
        'e{n} A 192.0.2.{n}\n TXT "caf\\195\\169 \\"{n}\\" \\\\" "\\;\u00e9"\nf{n} TXT "\\"{n}"\n TXT "\\034"\n'
        'k._domainkey.e{n} TXT ( "v=DKIM1\\; n=\\")({n}\\;"\n "\\065\\013\\%" )\n'
    ),
    "other escapes": (
        'e{n} A 192.0.2.{n}\nE{n} TXT "\u00e9"\nf{n} CAA 0 issue "ca.test\\; a=b"\n TXT "\\"" ; \\"\n'
        ' HINFO "\\"" x\nk._domainkey.f{n} TXT ( "v=DKIM1\\; n=\\" ; x" ; key\n "\\065\\013\\%" )\n'
    ),
    "comments": "; host {n}\nh{n} 1h A 192.0.2.{n} ; here\n\n  AAAA 2001:DB8::{n}\n",
}  # fmt: skip
ODD = r"""h3 A 192.0.2.3
h3 A 192.0.2.4
  A 192.0.2.5
  TXT "more"
h4 60 A 192.0.2.4
H5 A 192.0.2.5
h6.example.org. AAAA 2001:db8::6
h7 CNAME h8
h8 NS h9
*.h9 TXT "any"
* MX 10 h3
@ MX 10 h4
@ TXT "v=spf1 mx include:h5.example.org -all"
mail.h3 A 192.0.2.25
www.h3 CNAME h4
www.h4 A 192.0.2.1
h3 A 192.0.2.300
h4 CNAME mail.example.com
h5 CNAME gone.example.org
nothing
)
h6 TXT ( "open"
"closed" )
h7 TXT "not closed
; a comment
; cf_tags=cf-proxied:true
$TTL 60
$TTL 300
$TTL 1d ; a day
$TTL 1d12h
$TTL 4294967295
$ORIGIN sub
$ORIGIN com
$ORIGIN Sub.Example.ORG.
k3 TXT ( "one" ) ; a key
$ORIGIN example.org.
TXT "an owner with the name of a type"
MX 10 h1
A 192.0.2.1
NS ns.h1
DS 1 8 1 0123456789012345678901234567890123456789
h3 MX 10 h1
h3 A 192.0.2.3 ; AWS routing="LATENCY" region="eu-central-1"
; www IN ALIAS example.net.
c3 DS 65535 13 2 0123456789012345678901234567890123456789012345678901234567890123
h3 SSHFP 4 2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  SSHFP 4 2 aaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaa
  60 TLSA 3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  DS 1 8 1 ( aaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaa )
  DS 1 8 9 ( aaaaaaaaaaaaaaaaaaaa
h2 CAA 0 issue "X"
  CAA 0 issue "x"
h1 A 192.0.2.1
h1 600 A 192.0.2.9
  MX 20 h2
  ; between
$GENERATE 3-5 h$ A 192.0.2.$
$INCLUDE other
x.example.net. A 192.0.2.1
h3 LOC 1 2 3 N 4 5 6 E 7m
h8 DNAME h9
h9.com A 192.0.2.9
a\.b A 192.0.2.1
h1 DS 1 8 2 00
_dmarc.h3 TXT "v=DMARC1; p=none"
h4 ALIAS www.example.net.
  ANAME h3
h3 LUA A "pick" "one"
h2._domainkey DKIM ( "v=DKIM1;p=" "AQID" )
h4 [AGE:9] 300 A 192.0.2.4
h2._domainkey CNAME h3
h3 TXT v=spf1
h3 TXT v=DKIM1; p=MTIz
h3 TXT a b ; c
t3 TXT y
t3 TXT "v=spf1 a -all"
  60 TXT "z"
t4 AAAA ::1
  A 192.0.2.4
h4 TXT "a\;b" c
h4 TXT a\;b
h4 TXT "a\"b"
h3 A 192.0.2.3 )
h5 9999w A 192.0.2.5
h3 in a 192.0.2.3
in a 192.0.2.3
  in a 192.0.2.3
  a a 192.0.2.3
h3 txt a in a b
h3 txt v=spf1 in a
h3 TXT "x ( y ) ; z"
h4 TXT ( "a ( b )" "c" ) ; d ( e )
h4 TXT "a (" ( "b" )
h4 txt "not ( closed
h4 txt ( "open"
  in ( a 192.0.2.4 )
( h3 A 192.0.2.3 )
h3 ( A ) 192.0.2.3
h3 A (192.0.2.3)
h3 A( 192.0.2.3 )
h3 A ( ) 192.0.2.3
h3 A ( 192.0.2.3 ) )
h3 TXT ( \; )
h3 A ( 192.0.2.3 ; here )
h3 Mx 10 h4
h3 https 1 . alpn=h2
h3 HTTPS 1 . alpn=h2
  HTTPS 1 . alpn="h2"
h4 HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.4
h4 HTTPS 1 . port=1 alpn="h2"
x4 HTTPS 1 . mandatory=alpn alpn=h2
y4 SVCB 3 h5 alpn=dot
y5 SVCB 2 . alpn=dot alpn=dot
x5 HTTPS 0 .
x6 HTTPS 0 . alpn=h2
x6 HTTPS 1 . alpn="h2
x7 HTTPS 1 . alpn="h2"port=1
x7 CNAME x8
x8 HTTPS 1 . alpn="a b"
h3 TXT two words
$origin a
$ttl ( 60 )
h3 TXT "a\300b"
h3 TXT "a\19b" "c"
h3 TXT "a\\" "\\\"
h3 TXT ( "\1\"" )
h3 TXT "a\"
f3 TXT "\"3"
f3 TXT "\0343"
f3 TXT "\"" "\034"
f3 TXT "\034"
h3 TXT \"x
e3 TXT "caf\195\169"
e3 TXT "e\a\(\)"
h3 CAA 0 issue "\;"
h3 CAA 0 issue "\""
h3 HINFO "\"" "x\;"
@ TXT "\118\=spf1 include:\104\5.example.org -all"
k._domainkey.h3 TXT "v=DKIM1\; p=MTIz\059"
_dmarc.h3 TXT "v=DMARC1\; p=none\; rua=mailto:\"x\"@h5.example.org"
h3 TXT k="a\"b"
h3 NAPTR 1 2 "u" "x" "!a!\1!" .""".splitlines()
ODD += [
    'e4 TXT "caf\u00e9"',
    "e4 TXT caf\u00e9",
    'e4 CAA 0 issue "\u00e9"',
    'e4 HINFO "\u00e9" "x"',
    f'h3 TXT "{255 * chr(92)}"',
]
ODD += [f'h3 TXT "{"x" * 254}{escape}" "y"' for escape in (r"\a", r"\065b", r"\195\169", r"\";", r"\u00e9")]
ODD += ["h3\x0bA 192.0.2.3", "\x0c", "  TXT a\x0cb", "h4 A\x0b( 192.0.2.4 )", "$GENERATE 1-1 h2 A 192.0.2.$"]
ODD += ["h3 A\x01 ( ", "h4 TXT ( \x7f", 'h5 TXT "\x01"', "b\u00fccher A 192.0.2.1", "$ORIGIN b\u00fccher"]
_WORDS = r"""h A AAAA MX TXT DKIM NS PTR IN in 300 1h 0 192.0.2.1 ::1 2001:db8::1 1:2:3:4:5:6:7:8 a.b @ h.com
x.example.org x.example.org. x.example.net. "a" "v=spf1" ( ) ; 10 70000 1:2:3:4:5:6:7:: 1:: :: 1::2::3 a..b -a
v=spf1 k=rsa "a\;b" a\;b "a\"b" "\092\\" "\300" "\2" 999w 9999d CAA"""
_odd = st.sampled_from(ODD)
_chunks = st.sampled_from([1, 60, 300, CHUNK])
_most_odd = st.sampled_from([None, 0, 2])
_starts = st.sampled_from(sorted(STARTS))
_named = st.sampled_from([absolute("example.org."), absolute("example.net.")])
_layouts = st.lists(st.sampled_from(sorted(LAYOUTS)), min_size=1, max_size=3, unique=True)
# Where in the file, and what is done there: a line put in or moved elsewhere, or one taken out.
_edits = st.lists(st.tuples(st.integers(0, 120), st.one_of(_odd, st.integers(0, 120), st.none())), max_size=4)


def body(layouts: Sequence[str], hosts: int = 24) -> list[str]:
    """The lines of some hosts, in these layouts by turns."""
    pairs = zip(range(1, hosts + 1), cycle(layouts), strict=False)
    return [line for n, layout in pairs for line in LAYOUTS[layout].format(n=n).splitlines()]


def edited(lines: Sequence[str], edits: Sequence[tuple[int, str | int | None]]) -> list[str]:
    found = list(lines)
    for place, what in edits:
        at = place % (len(found) + 1)
        if isinstance(what, str):
            found.insert(at, what)
        elif at < len(found):
            line = found.pop(at)
            if what is not None:
                found.insert(what % (len(found) + 1), line)
    return found


def source(
    lines: Sequence[str], file: str, start: str = "directives", serial: int = 1, fallback: Name | None = None
) -> Source:
    def nothing_included(path: str, including: str) -> tuple[bytes, str]:
        return b"inner A 192.0.2.77\n", f"{including}/{path}"

    text = STARTS[start].format(serial=serial) + "".join(f"{line}\n" for line in lines)
    return Source(text.encode(), file, include=nothing_included, fallback=fallback)


def exactly(file: Source) -> tuple[Assembly, tuple[Finding, ...]]:
    reading = read_zone(
        file.text, file=file.file, origin=file.origin, include=file.include, fallback=file.fallback
    )
    return assemble(reading.origin, reading.records, rrsets=reading.rrsets), reading.findings


def said(old: Assembly, new: Assembly) -> tuple[object, ...]:
    found = compare(old.snapshot, new.snapshot)
    zones = [(zone.rrset_count(), zone.record_count(), zone.digest()) for zone in (old.snapshot, new.snapshot)]
    return dumps(found), report(found, verbose=True), zones, old.findings, new.findings


Way = Callable[[Source, Source], tuple[Taken, Taken] | None]


def in_two(old: Source, new: Source) -> tuple[Taken, Taken] | None:
    """Read with another process for the rest of the old file, however small it is, in small pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rest, "_WORTHWHILE", 0)
        patch.setattr(rest, "_PIECE", 500)
        return read_alike(old, new, later)


def expect_the_same(old: Source, new: Source, read: Way = read_alike) -> bool:
    """Read both ways and compare all that is said; tell whether the files were read fast."""
    found = read(old, new)
    if found is None:
        return False
    (one, of_one), (other, of_other) = exactly(old), exactly(new)
    fast = [assemble_reading(taken.reading, texts=taken.texts) for taken in found]
    assert [taken.reading.findings for taken in found] == [of_one, of_other]
    assert said(fast[0], fast[1]) == said(one, other)
    assert [assembly.snapshot.rrsets for assembly in fast] == [one.snapshot.rrsets, other.snapshot.rrsets]
    return True


_in_two = pytest.mark.skipif(not can_fork(), reason="one core, or no fork")


@pytest.mark.parametrize("read", [read_alike, pytest.param(in_two, marks=_in_two)])
@settings(max_examples=200, deadline=None)
@example(
    start="a late SOA",
    named=absolute("example.org."),
    layouts=["absolute"],
    both=[],
    one=[(0, "b\u00fccher A 192.0.2.1"), (3, "b\u00fccher A 192.0.2.1")],
    chunk=1,
    most_odd=None,
)
@given(start=_starts, named=_named, layouts=_layouts, both=_edits, one=_edits, chunk=_chunks, most_odd=_most_odd)
def test_alike_files_are_what_each_is_alone(
    read: Way,
    start: str,
    named: Name,
    layouts: list[str],
    both: list[tuple[int, str | int | None]],
    one: list[tuple[int, str | int | None]],
    chunk: int,
    most_odd: int | None,
) -> None:
    lines = edited(body(layouts), both)

    old = source(lines, "old.zone", start, 1, named)
    with chunks_of(chunk, most_odd):
        expect_the_same(old, source(edited(lines, one), "new.zone", start, 2, named), read)


@pytest.mark.parametrize("named", ["example.org.", "example.net."])
@pytest.mark.parametrize("start", STARTS)
def test_files_that_begin_in_any_way_are_what_each_is_alone(start: str, named: str) -> None:
    lines = body(["by hand"])
    old, new = (source(lines, f"{serial}.zone", start, serial, absolute(named)) for serial in (1, 2))

    is_told_late = start in {"no SOA", "a late SOA"} and named == "example.net."
    assert expect_the_same(old, new) != is_told_late
    found = read_by_blocks(plain(old))
    assert (found is None) == is_told_late
    if found is not None:
        snapshot = assemble_reading(found.reading, texts=found.texts).snapshot
        assert (snapshot.origin, snapshot.rrsets) == (absolute("example.org."), exactly(old)[0].snapshot.rrsets)


@_in_two
@pytest.mark.usefixtures("alone")
def test_the_rest_is_taken_over_but_for_what_is_odd(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = body(["by hand"], 200)
    for place in (420, 510):
        lines.insert(place, f'x{place} HINFO "a" "b"')
    found = []
    unpacked = rest._unpacked

    def noted(*arguments: Any) -> Part:
        found.append(unpacked(*arguments))
        return found[-1]

    monkeypatch.setattr(rest, "_unpacked", noted)

    assert expect_the_same(source(lines, "old.zone"), source([*lines, "z A 192.0.2.1"], "new.zone"), in_two)
    keys = [key for piece in found if isinstance(piece, Gathered) for key in piece.keys]
    assert (b"h199.example.org." in keys, 110 < len(keys) < 120) == (True, True)
    assert sum(isinstance(piece, Hole) for piece in found) == 2


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_more_line_anywhere_is_told_as_ever(layout: str, odd: str) -> None:
    lines = body([layout], 12)

    for place in range(0, len(lines) + 1, 9):
        with chunks_of(200):
            expect_the_same(source(lines, "old.zone"), source([*lines[:place], odd, *lines[place:]], "new.zone"))


@pytest.mark.parametrize(
    "layout",
    [
        *("by hand", "an owner a line", "absolute", "strings", "services", "cuts and wildcards", "backwards"),
        *("signed cuts", "several", "sections", "rare", "keys", "folded"),
    ],
)
def test_ordinary_files_are_read_as_alike(layout: str) -> None:
    lines = body([layout])
    other = [line.replace("h9", "other").replace("192.0.2.7", "192.0.2.70") for line in lines]

    assert expect_the_same(source(lines, "old.zone"), source(other, "new.zone"))
    assert expect_the_same(source(other, "new.zone"), source(lines, "old.zone"))


@pytest.mark.parametrize(
    "line", ["h3 A 192.0.2.99", 'h3.example.org. 300 TXT "more"', "H3 AAAA 2001:db8::9", '  TXT "last"']
)  # fmt: skip
def test_an_owner_that_returns_is_read_with_all_that_it_has(line: str) -> None:
    lines = body(["by hand"])

    assert expect_the_same(source(lines, "old.zone"), source([*lines, line], "new.zone"))
    assert expect_the_same(source([*lines, line], "old.zone"), source(lines, "new.zone"))
    assert expect_the_same(source([*lines, line], "old.zone"), source([*lines, line, "z A 192.0.2.1"], "new.zone"))


def test_names_keep_the_letters_of_their_origin() -> None:
    lines = [*body(["by hand"]), "$ORIGIN Sub.example.org.", *body(["by hand"])]
    other = [line for line in lines if line != "\tIN\tMX\t10 mail.h2"]
    old, new = source(lines, "old.zone"), source(other, "new.zone")
    upper = [replace(file, text=file.text.replace(b"example.org", b"Example.ORG")) for file in (old, new)]

    assert expect_the_same(old, new)
    assert expect_the_same(upper[0], upper[1])


def test_strings_in_parentheses_may_have_a_comment_behind_them() -> None:
    lines = [*body(["by hand"]), 'k TXT ( "one" ) ; key', 'l TXT ("a" "b") ; )', "z A 192.0.2.1"]
    other = [line.replace("one", "two") for line in lines]

    assert expect_the_same(source(lines, "old.zone"), source(other, "new.zone"))


@pytest.mark.parametrize("ends", [(b"\r\n", b"\n"), (b"\n", b"\r\n"), (b"\r\n", b"\r\n"), (b"\r", b"\n")])
def test_line_ends_of_any_kind_and_marks_are_left_aside(ends: tuple[bytes, bytes]) -> None:
    lines = [*body(["by hand"]), "h3 A 192.0.2.300", "z A 192.0.2.1"]
    one, other = source(lines, "old.zone"), source([*lines[:-1], "y CNAME mail.example.com"], "new.zone")
    marked = [replace(one, text=b"\xef\xbb\xbf" + one.text.replace(b"\n", ends[0])), other]
    marked[1] = replace(other, text=other.text.replace(b"\n", ends[1]).rstrip())

    assert expect_the_same(marked[0], marked[1])


def test_files_with_little_in_common_or_with_includes_are_not_read_as_alike() -> None:
    lines = body(["by hand"])
    old = source(lines, "old.zone")

    assert read_alike(old, source(body(["absolute"]), "new.zone")) is None
    assert read_alike(old, source([*lines, "$INCLUDE other"], "new.zone")) is None
    assert read_alike(old, Source(old.text.replace(b"example.org", b"example.net"), "new.zone")) is None
    assert read_alike(old, Source(old.text.replace(b"h9", b"other"), "new.zone", absolute("org."))) is None


@pytest.mark.parametrize(
    "line", ["h{n} SRV 0 0 1 h1", "h{n} AAAA 2001:db8::9 ; more", "h{n} DS 1 8 2 " + 64 * "a"]
)
def test_owners_that_return_with_other_types_are_read_as_alike(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr(over, "_MOST_ODD", 3)
    lines = [*body(["by hand"]), *(line.format(n=n) for n in range(1, 25))]
    other = [each for each in lines if "192.0.2.7\n" not in f"{each}\n"]
    moved = [*lines[:30], lines[-1], *lines[30:-1]]

    assert expect_the_same(source(lines, "old.zone"), source(lines, "new.zone"))
    assert expect_the_same(source(lines, "old.zone"), source(other, "new.zone"))
    assert expect_the_same(source(other, "old.zone"), source(lines, "new.zone"))
    assert expect_the_same(source(lines, "old.zone"), source(moved, "new.zone"))


def test_too_many_owners_that_return_are_read_the_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over, "_MOST_ODD", 3)
    lines = body(["by hand"])
    more = [f"h{number} 60 A 192.0.2.99" for number in range(1, 9)]

    assert read_alike(source(lines, "old.zone"), source([*lines, *more], "new.zone")) is None
    assert read_alike(source([*lines, *more], "old.zone"), source(lines, "new.zone")) is None


@pytest.mark.parametrize("sections", [False, True])
def test_large_files_are_read_as_alike(tmp_path: Path, sections: bool) -> None:
    old, new = (Source(path.read_bytes(), path.name) for path in write_pair(tmp_path, 5000, sections=sections))

    assert expect_the_same(old, new)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_WORDS.split()), min_size=2, max_size=7))
@example(["h", "AAAA", "1:2:3:4:5:6:7::"])
def test_what_is_taken_as_a_block_has_nothing_to_be_said_of(words: list[str]) -> None:
    block = f"{' '.join(words)}\n".encode()
    found = block_pattern(b"example.org.").fullmatch(block)

    if found is not None and found[1] is not None:
        reading = read_zone(START.encode() + block, file="x")
        assert reading.findings == ()
        assert len(reading.records) == 3
