"""Broken and hostile zone files: a reading or a ZoneFileError, in bounded memory, and never anything else."""

import time
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrator.errors import InputError, ZoneFileError
from migrator.model.names import absolute
from migrator.zonefile import read_zone
from migrator.zonefile.fast import read_compactly
from tests.strategies import KNOWN_TYPES

ORIGIN = absolute("example.com.")
_WORDS = r"""@ . a b.c www example.com example.com. 300 1h IN CH A AAAA MX TXT SOA NS CNAME TYPE1 TYPE65535
TYPE65536 192.0.2.1 ::1 10 $TTL $ORIGIN $INCLUDE $GENERATE 1-3 h$ ${0,3,n} AWS AZURE ALIAS $self true \# 4
c0000201 \ \000 \256 ; ( ) " "" "x" k="v" ;cf_tags=cf-proxied:true ;AWS routing="WEIGHTED" é"""
_words = st.one_of(
    st.sampled_from(_WORDS.split()).map(str.encode),
    st.sampled_from([str(rdtype).encode() for rdtype in KNOWN_TYPES]),
    st.binary(max_size=8),
)
_texts = st.lists(st.lists(_words, max_size=8).map(b" ".join), max_size=8).map(b"\n".join)


def opened(path: str, including: str) -> tuple[bytes, str]:
    if len(including) > 60:
        raise InputError(f"{path}: cannot be read: No such file or directory.")
    return b"a A 192.0.2.1\n$INCLUDE " + path.encode("utf-8", "replace"), f"{including}/{path}"


def attempt(text: bytes) -> str:
    """Read the text; return why it was refused, if it was."""
    try:
        read_zone(text, file="hostile.zone", origin=ORIGIN, include=opened)
    except ZoneFileError as refusal:
        return str(refusal)
    return ""


@settings(max_examples=200)
@given(_texts)
@example(b"a SVCB 1 . ech=")
@example(b"a A6 0")
@example(b"$GENERATE 1-2 a$ A $GENERATE")
@example(b"a NSEC3 1 0 0 - 0 \\#")
@example(b"a RRSIG \\# 1")
@example(b"\xff\xfe A 192.0.2.1")
def test_any_text_gives_a_reading_or_a_refusal_of_one_line(text: bytes) -> None:
    refusal = attempt(text)

    assert not refusal or refusal.startswith("hostile.zone")
    assert "\n" not in refusal


@given(st.binary(max_size=200))
def test_any_octets_give_a_reading_or_a_refusal(content: bytes) -> None:
    assert "\n" not in attempt(content)


PLAIN = b"h%d 300 IN A 192.0.2.1\n"
HOSTILE = {
    "a long line": b"a TXT " + b"x " * 1_000_000,
    "a long quoted string": b'a TXT "' + b"x" * 2_000_000 + b'"',
    "a long comment": b"a A 192.0.2.1 ;" + b"x " * 1_000_000,
    "long numbers": b"a " + b"9" * 1_000_000 + b" A 192.0.2.1\n",
    "a long name": b"a." * 500_000 + b" A 192.0.2.1\n",
    "a long escape": b"\\000" * 200_000 + b" A 192.0.2.1\n",
    "a long key": b"a DNSKEY 257 3 8 " + b"A" * 2_000_000 + b"\n",
    "many labels in rdata": b"a NS " + b"a." * 500_000 + b"\n",
    "blanks": b" " * 2_000_000,
    "empty lines": b"\n" * 100_000,
    "unreadable lines": b"a\n" * 9_000,
    "suspicious lines": b"a MX 1 b.example.net\n" * 5_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_little_time_and_memory(text: bytes) -> None:
    tracemalloc.start()
    try:
        before = time.process_time()
        attempt(b"@ 60 SOA a b 1 2 3 4 5\n" + text)
        spent, peak = time.process_time() - before, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    # Half a minute is far more than any of them needs, and far less than quadratic work would take.
    assert spent < 30
    assert peak < 60_000_000


def test_memory_is_a_small_multiple_of_the_file_and_grows_linearly() -> None:
    def peak(count: int) -> tuple[int, int]:
        text = b"@ 60 SOA a b 1 2 3 4 5\n" + b"".join(PLAIN % number for number in range(count))
        tracemalloc.start()
        try:
            reading = read_zone(text, file="", origin=ORIGIN)
            assert len(reading.records) == count + 1
            return tracemalloc.get_traced_memory()[1], len(text)
        finally:
            tracemalloc.stop()

    small, large = peak(2_000), peak(16_000)
    assert large[0] < 30 * large[1]
    assert large[0] < 10 * small[0]


def test_findings_of_one_kind_are_counted_beyond_a_bound() -> None:
    reading = read_zone(b"$TTL 60\n" + b"a MX 1 b.example.net\n" * 10_050, file="z", origin=ORIGIN)

    assert len(reading.findings) == 10_001
    assert reading.findings[-1].message == "50 more lines have this finding and are not listed."
    assert reading.findings[-1].check == "zonefile.target-without-dot"


@pytest.mark.parametrize(
    "line",
    [
        b'a TXT "%d"\nb TXT "%d"\n',
        b"a%d TXT ( x ; y\n )\n",
        b"$TTL %d\na A 192.0.2.1\n",
        b"$ORIGIN a\\.b\nx%d A 192.0.2.1\n$ORIGIN example.com.\n",
        b"a%d TXT ( x\n",
    ],
    ids=["an owner again and again", "comments in parentheses", "TTLs", "origins", "unclosed parentheses"],
)
def test_the_fast_engine_takes_time_that_grows_with_the_file_alone(line: bytes) -> None:
    start = b"$ORIGIN example.com.\n$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\n"

    def seconds(lines: int) -> float:
        text = start + b"".join(line.replace(b"%d", b"%d" % number) for number in range(lines))
        began = time.process_time()
        read_compactly(text, file="zone.test")
        return time.process_time() - began

    assert seconds(8_000) < 30 * seconds(1_000) + 1  # eight times the lines
