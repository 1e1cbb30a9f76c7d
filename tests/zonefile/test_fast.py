"""The fast engine says what the exact reader says, whatever stands in the file."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.zones import write_pair
from migrator.errors import InputError
from migrator.model.names import absolute
from migrator.model.rrset import RRset
from migrator.model.zone import assemble_rrsets
from migrator.zonefile import zone_of_file_name
from migrator.zonefile.fast import cutting, read_compactly
from migrator.zonefile.writer import Entry, write_zone
from tests.strategies import KNOWN_TYPES, ORIGIN, PLAIN_TYPES, rrsets
from tests.zonefile.alike import FILE, chunks_of, exactly, fast, opener, slow_share

SAMPLES = Path(__file__).resolve().parents[2] / "sample_zones"
START = b"$ORIGIN example.org.\n$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\n"

# Whole bodies below START, each under a heading that says what is in it; here those that are not plain text.
_CASES = Path(__file__).with_name("fast_cases.txt").read_text(encoding="utf-8").split("=== ")[1:]
BODIES = {case.partition("\n")[0]: case.partition("\n")[2] for case in _CASES} | {
    "text of blanks": 'a TXT "  " "b"\nb TXT " \t" "\t"  "c"\nc TXT ""\t"  " "d"\nd SPF "  " ""\n',
    "long text": f'a TXT "{"x" * 255}"\nb TXT "{"x" * 256}"\nc TXT "{"x" * 255}" "{"y" * 9}"\nd TXT {"x" * 300}\n',
    "long names": "".join(
        [
            f"{'a' * 63} A 192.0.2.1\n{'a' * 64} A 192.0.2.1\n{'a.' * 60}b A 192.0.2.1\n",
            f"c CNAME {'a' * 64}\nd CNAME {'a.' * 130}\n",
        ]
    ),
    "digests": "".join(
        [
            f"a DS 1 8 2 {'ab' * 32}\nb DS 1 8 2 {'AB' * 32}\nc DS 1 8 2 {'ab' * 31}\nd DS 1 8 1 {'ab' * 20}\n",
            f"e SSHFP 1 1 {'ab' * 20}\nf SSHFP 4 2 {'ab' * 32}\ng SSHFP 4 2 abcd\nl TLSA 3 1 1 {'ab' * 32}\n",
            f"h TLSA 3 1 0 ab\ni DS 1 8 2 {'ab' * 16} {'ab' * 16}\nj DS 70000 8 2 {'ab' * 32}\n",
            f"k DS 1 RSASHA256 2 {'ab' * 32}\nm DS 1 8 2 {'ab' * 28} {'AB' * 4}\nn SSHFP 4 2 {'ab ' * 32}\n",
            f"o TLSA 3 1 1 {'a b' * 32}\np TLSA 3 1 1 {'a b' * 31}\nq DS 1 8 1 ( {'ab' * 10}\n {'cd' * 10} )\n",
        ]
    ),
    "blanks of all kinds": "a\tA\t192.0.2.1\nb A 192.0.2.1 \nc  A\x0c192.0.2.1\nd A 192.0.2.1\x00\n\x0c\n \t \n",
    "form feeds and vertical tabs": (
        "a A 192.0.2.1\nb\x0bA 192.0.2.1\n\x0b A 192.0.2.2\nc A \x0c192.0.2.1\nd A 192.0.2.1\x0b\n\x0b\n \x0c\n"
        'e A 192.0.2.1 \x0c; x\n\x0c; y\nf A 192.0.2.1 ; \x0c\ng TXT "a\x0bb" "\x0c"\nh TXT a\x0bb\n'
        'i TXT ( "a"\x0c"b" )\nj TXT ( "a" \x0b\n "b" )\nk A\x0b( 192.0.2.1 )\nl MX 10\x0ca\nm 6\x0bA 192.0.2.1\n'
    ),
    "control characters": 'a \x01A ( x\nb A 192.0.2.1\n y )\nc A ( x\x7f\nd A 192.0.2.1\n) \ne TXT ( "\x01"\n )\n',
    "names beyond ASCII": "$ORIGIN b\u00fccher\n\n; one\na A 192.0.2.1\n",
    "no last line end": "a A 192.0.2.1\nb A 192.0.2.1",
}


@pytest.mark.parametrize("chunk", [1, 40, cutting.CHUNK])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_both_readers_say_the_same(body: str, chunk: int) -> None:
    text = START + body.encode()

    with chunks_of(chunk):
        assert fast(text) == exactly(text)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_both_say_the_same_where_nothing_has_a_ttl_of_its_own(body: str) -> None:
    text = START.replace(b"$TTL 300\n", b"") + body.encode()

    assert fast(text) == exactly(text)


@pytest.mark.parametrize("origin", ["example.org.", "org.", ".", "www.example.org.", "example.net."])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_both_say_the_same_of_another_zone_than_the_file_has(body: str, origin: str) -> None:
    text = START + body.encode()

    assert fast(text, origin=absolute(origin)) == exactly(text, origin=absolute(origin))


@pytest.mark.parametrize("name", ["other.test.", "org.", "sub.example.org.", "a\\.b.example.org."])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_both_say_the_same_where_the_file_is_named_after_something_else(body: str, name: str) -> None:
    text = START.replace(b"$ORIGIN example.org.", b"").replace(b"@", b"example.org.") + body.encode()

    assert fast(text, fallback=absolute(name)) == exactly(text, fallback=absolute(name))


def test_absolute_names_are_read_fast_below_any_origin() -> None:
    lines = b"".join(b"host%d.example.org. 60 IN A 192.0.2.%d\n" % (n, n % 256) for n in range(100))
    text = b"example.org. 60 IN SOA a. b. 1 2 3 4 5\n" + lines

    reading = read_compactly(text, file=FILE, fallback=absolute("backup.test."))

    assert len(reading.records) == 1
    assert fast(text, fallback=absolute("backup.test.")) == exactly(text, fallback=absolute("backup.test."))


def test_what_is_included_is_read_in_its_place() -> None:
    files = {
        "hosts": b"a A 192.0.2.1\n$TTL 60\nb A 192.0.2.2\n",
        "deep": b"c A 192.0.2.3\n$INCLUDE hosts sub\n  AAAA 2001:db8::1\n",
        "wrong": b"$ORIGIN sub\nd A 192.0.2.4\n)\n",
    }
    text = (
        START
        + b'x A 192.0.2.9\n$INCLUDE deep\n  MX 10 a\n$INCLUDE wrong\n  TXT "x"\ny A 192.0.2.8\n$INCLUDE none\n'
    )
    whole = text.replace(b"$INCLUDE none\n", b"")

    assert fast(whole, opener(files)) == exactly(whole, opener(files))
    assert fast(text, opener(files)) == exactly(text, opener(files))
    findings = fast(whole, opener(files)).findings
    warned = [found.position and found.position.line for found in findings if "$INCLUDE" in found.message]
    assert warned == [3, 7]


def test_a_zone_that_turns_out_to_be_another_is_read_as_that() -> None:
    text = b"$ORIGIN org.\n$TTL 60\nwww.example A 192.0.2.1\nftp.example A 192.0.2.2\n"
    text += b"example SOA a b 1 2 3 4 5\nx A 192.0.2.3\n"

    assert fast(text) == exactly(text)


def test_an_owner_with_more_than_fits_into_a_message_is_told() -> None:
    text = START + b"".join(b"w A 10.0.%d.%d\n" % divmod(number, 256) for number in range(5000))

    assert fast(text) == exactly(text)


# Lines of all kinds, put together at random.

_WORDS = r"""@ . a b.c www W example.org example.org. x.example.org. 300 1h IN CH A AAAA MX TXT NS CNAME SRV CAA
192.0.2.1 192.0.2.2 2001:db8::1 ::1 10 0 $TTL $ORIGIN $GENERATE 1-3 h$ AWS ALIAS ANAME LUA \# 4 \ \000 ; ( ) " ""
"x" k="v" "y z" PTR DS DKIM [AGE:1] ;cf_tags=cf-proxied:true ; é SOA HINFO issue v=spf1"""
_words = st.one_of(st.sampled_from(_WORDS.split()), st.sampled_from([str(rdtype.name) for rdtype in KNOWN_TYPES]))
_ORDINARY = """\
a A 192.0.2.1
a A 192.0.2.2
a 60 A 192.0.2.1
b IN AAAA 2001:db8::1
  MX 10 a
  TXT "x"
c CNAME a
b CNAME a
d NS a
*.d A 192.0.2.1
w.a A 192.0.2.1
  AAAA 2001:DB8::1
A A 192.0.2.1
$ORIGIN sub
$ORIGIN example.org.
$TTL 60
; x
  A 192.0.2.3
a TXT ( "x"
"y" )
@ A 192.0.2.1
a HINFO x y
  SRV 0 0 5060 a ; c
$GENERATE 1-2 h$ A 192.0.2.$
$GENERATE 1-1 a 60 A 192.0.2.$
e A 192.0.2.1 ; AWS
b.c. A 192.0.2.1
"""
_ordinary = st.sampled_from(_ORDINARY.splitlines())
_odd = st.tuples(st.sampled_from(["", " "]), st.lists(_words, max_size=7).map(" ".join)).map("".join)
_lines = st.lists(st.one_of(_ordinary, _ordinary, _odd), max_size=14)


@settings(max_examples=200)
@given(_lines, st.sampled_from([1, 30, 200, cutting.CHUNK]), st.booleans())
@example(["a A 192.0.2.1", "$ORIGIN sub", "  AAAA 2001:db8::1"], 200, False)
@example(["a A 192.0.2.1", "$GENERATE 1-2 h$ A 192.0.2.$", "e A 192.0.2.9", "$TTL 60", '  TXT "x"'], 200, False)
def test_any_lines_are_read_alike(lines: Sequence[str], chunk: int, no_ttl: bool) -> None:
    start = START.replace(b"$TTL 300\n", b"") if no_ttl else START
    text = start + "\n".join(lines).encode()

    with chunks_of(chunk):
        assert fast(text) == exactly(text)


@settings(max_examples=100)
@given(st.lists(rrsets(types=PLAIN_TYPES), min_size=1, max_size=8), st.sampled_from([1, 200, cutting.CHUNK]))
def test_zones_as_they_are_written_are_read_alike(found: list[RRset], chunk: int) -> None:
    snapshot = assemble_rrsets(ORIGIN, {rrset.key: rrset for rrset in found}.values()).snapshot
    text = START + "\n".join(write_zone(ORIGIN, map(Entry, snapshot.rrsets))).encode() + b"\n"

    with chunks_of(chunk):
        assert fast(text) == exactly(text)


@pytest.mark.parametrize("rdtype", KNOWN_TYPES, ids=lambda rdtype: rdtype.name)
@settings(max_examples=15)
@given(data=st.data())
def test_every_type_is_read_alike(rdtype: int, data: st.DataObject) -> None:
    found = data.draw(rrsets(types=[rdtype]))  # type: ignore[list-item]
    text = [*write_zone(ORIGIN, [Entry(found)])][1]
    owner, rest = text.split(" ", 1)
    relative = owner.removesuffix("example.org.").removesuffix(".") or "@"
    by_hand = f"{relative}\t{rest.replace(' ', '  ', 2)} ; x\n  {rest}\n"

    for body in (f"{text}\nz A 192.0.2.1\n", by_hand):
        whole = START + body.encode()
        assert fast(whole) == exactly(whole)


# Real files.


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _check(path: Path) -> None:
    def opened(name: str, including: str) -> tuple[bytes, str]:
        found = (path.parent if including == FILE else Path(including).parent) / name
        try:
            return found.read_bytes(), str(found)
        except OSError as exc:
            raise InputError(f"{found}: cannot be read: {exc.strerror}.") from exc

    text, named = path.read_bytes(), zone_of_file_name(path.name)
    assert fast(text, opened, fallback=named) == exactly(text, opened, fallback=named), path


def test_all_sample_zones_are_read_alike() -> None:
    for path in _files(SAMPLES):
        _check(path)


def test_the_files_of_other_projects_are_read_alike(corpus: Path) -> None:
    paths = [path for path in _files(corpus) if path.stat().st_size < 1 << 20]
    assert len(paths) > 100

    for path in paths:
        _check(path)


# What it is for.


@pytest.mark.parametrize("sections", [False, True])
def test_an_ordinary_zone_hardly_ever_needs_the_exact_reader(tmp_path: Path, sections: bool) -> None:
    for path in write_pair(tmp_path, 20_000, sections=sections):
        assert slow_share(path.read_bytes()) < 0.05


def test_a_zone_with_one_line_a_record_and_ttls_hardly_ever_needs_the_exact_reader(tmp_path: Path) -> None:
    old, _ = write_pair(tmp_path, 20_000)
    snapshot = read_compactly(old.read_bytes(), file=FILE)
    assert snapshot.record_count() > 19_000
    compiled = b"\n".join(b"host%d.example.org. 3600 IN A 192.0.2.%d" % (n, n % 256) for n in range(5000))
    text = b"example.org. 60 IN SOA a. b. 1 2 3 4 5\n" + compiled

    assert slow_share(text) < 0.05
    assert fast(text) == exactly(text)
