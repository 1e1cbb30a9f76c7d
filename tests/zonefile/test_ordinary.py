"""A small file of which every line is ordinary says, read at once, what the exact reader says."""

import pickle
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.zones import write_portfolio
from migrator.model.names import absolute
from migrator.zonefile import zone_of_file_name
from migrator.zonefile.fast import ordinary
from migrator.zonefile.fast.ordinary import read_ordinary
from tests.zonefile.alike import at_once, exactly
from tests.zonefile.test_fast import BODIES, SAMPLES

OPENING = "$ORIGIN example.org.\n$TTL 300\n@ IN SOA ns1 host 1 2 3 4 5\n"
BODY = " NS ns1\nns1 A 192.0.2.1\n"

# What is taken, and what is not: each begins a file that goes on with BODY.
TAKEN = (
    OPENING,
    "$TTL 1h\n$ORIGIN example.org.\n@ SOA ns1 host 1 2h 3 4d 1w\n",
    "; by hand\n\n  ; elsewhere\n$TTL 300 ; short\n$ORIGIN example.org. ; the zone\n@ SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ 60 IN SOA ns1 host ( 1 2 3 4 5 ) ; x\n",
    "$ORIGIN example.org.\n$TTL 300\n@ IN 60 SOA ns1 host(1;serial\n2;\n\n3\n4\n5)\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1 host (1;2\n 2 3 4 5;)\n;\n)\n",
    "$ORIGIN Example.ORG.\n$TTL 1\nexample.org. SOA a.Example.org. @ 4294967295 2 3 4 999w\nexample.org. NS ns2\n",
    "$ORIGIN wrong.test.\n$TTL 9999\n$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4 5\n",
    '$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4 5\n@ TXT ( "x"\n "y" )\n@\tMX 10 @ ; mail\n',
    OPENING + '@ TXT x y=z\n@ CAA 0 issue "a"\n',
    OPENING + '@ TXT "v=DKIM1\\; p=x" "\\;"\n',
    "\ufeff$ORIGIN example.org.\r\n$TTL 300\r\n@ SOA a b 1 2 3 4 5\r\n",
)
LEFT = (
    "",
    "@ SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n",
    "$ORIGIN example.org.\n@ SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n@ 60 SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org\n$TTL 300\n@ SOA a b 1 2 3 4 5\n",
    " $ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 1h5\n@ SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 2147483648\n@ SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300 400\n@ SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 36500d\n$TTL 300\n@ SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ IN IN SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ 1 1 SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ CH SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ 1m1 SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4 5 6\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b 4294967296 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 4294967296 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 9999999w 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4 1h5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1h 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b ( 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4 5 )\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b (( 1 2 3 4 5 ))\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1.example.org b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1.example.net b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a.@ b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b\\.c 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b. ( 1 2 3 4 5 ) ; cf_tags=x\n",
    "$ORIGIN example.org.\n$TTL 300\n@ SOA a b ( 1 2 3 4 5 ; AWS weight=1\n )\n",
    "$ORIGIN example.org.\n$TTL 300\nexample.org SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\nsub SOA a b 1 2 3 4 5\n",
    "$ORIGIN sub.example.org.\n$TTL 300\nexample.org. SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\nexample.net. SOA a b 1 2 3 4 5\n",
    "$ORIGIN example.org.\n$TTL 300\na A 192.0.2.9\n@ SOA a b 1 2 3 4 5\n",
    "; a IN ALIAS b.example.net.\n$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4 5\n",
    ";; Domain: example.org.\n;; Exported: today\n$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4 5\n",
    "; Exported zone file from Azure DNS\n$ORIGIN example.org.\n$TTL 300\n@ SOA a b 1 2 3 4 5\n",
    OPENING + "@ SOA ns1 host 1 2 3 4 5\n",
    OPENING + "Example.org. MX 10 a\n",
    OPENING + "@ SOA ns1 host 2 2 3 4 5\n",
    OPENING + "@ CNAME a\n",
    OPENING + "@ NS ns1\n",
    OPENING + "@ 60 NS ns2\n",
    OPENING + "@ MX 10 a\n@ MX 10 A\n",
    OPENING + "@a A 192.0.2.7\n",
    OPENING + '@a TXT ( "x"\n"y" )\n',
    OPENING + "@ A 192.0.2.7 ; AWS x\n",
    OPENING + "@ AFSDB 1 b\n",
    OPENING + "@ TXT k=rsa\n",
    OPENING + "example.org A 192.0.2.7\n",
    OPENING + "x.example.net. A 192.0.2.7\n",
    OPENING + "$TTL 60\n",
    OPENING + "$ORIGIN example.org.\n",
    OPENING + "; \0\n",
    OPENING + ")\n",
    OPENING + "; a IN URL b\n",
    OPENING + "a A 192.0.2.7\nb A 192.0.2.8\na CNAME b\n",
)


@pytest.mark.parametrize("opening", TAKEN)
def test_a_file_of_ordinary_lines_is_read_at_once(opening: str) -> None:
    text = (opening + BODY).encode()

    assert at_once(text) == exactly(text)


@pytest.mark.parametrize("opening", LEFT)
def test_what_may_have_a_finding_is_left_to_the_exact_reader(opening: str) -> None:
    assert at_once((opening + BODY).encode()) is None


@pytest.mark.parametrize("ttl", ["36500d", "9999w", "2147483648"])
@pytest.mark.parametrize("soa", ["", "300 "])
def test_a_default_ttl_that_is_too_long_is_told_also_where_nobody_uses_it(ttl: str, soa: str) -> None:
    text = f"$ORIGIN example.org.\n$TTL {ttl}\n@ {soa}SOA a. b. 1 2 3 4 5\n@ 300 NS c.\nwww 300 A 192.0.2.1\n"

    assert at_once(text.encode()) is None


def test_an_apex_without_name_servers_is_left_to_the_exact_reader() -> None:
    assert at_once(OPENING.encode()) is None
    assert at_once(f"{OPENING} MX 10 a\n".encode()) is None


def test_a_large_file_is_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (OPENING + BODY).encode()

    monkeypatch.setattr(ordinary, "LARGEST", len(text) - 1)

    assert at_once(text) is None


def test_what_is_made_on_demand_goes_to_another_process_as_made() -> None:
    found = read_ordinary(f"{OPENING}{BODY}w A 192.0.2.1\nW AAAA 2001:db8::1\n".encode(), None, None)
    assert found is not None
    objects = found.zone.objects

    sent = pickle.loads(pickle.dumps(objects))

    assert [*objects] == [b"example.org.", b"w.example.org."]
    assert b"w.example.org." in objects
    assert b"ns1.example.org." not in objects
    assert objects[b"example.org."] is objects[b"example.org."]
    assert type(sent) is dict
    assert sent == dict(objects)


def _agree(text: bytes, origin: str | None = None, fallback: str | None = None) -> bool:
    """Tell whether the text was taken; it must then say what the exact reader says."""
    given, named = (None if name is None else absolute(name) for name in (origin, fallback))
    found = at_once(text, given, named)
    assert found is None or found == exactly(text, origin=given, fallback=named)
    return found is not None


_OTHERS = ["example.org.", "EXAMPLE.org.", "org.", ".", "www.example.org.", "example.net.", "a\\.b.example.org."]


@pytest.mark.parametrize("opening", [*TAKEN, *LEFT])
def test_the_same_is_said_where_the_zone_is_known_beforehand(opening: str) -> None:
    for start in (opening, opening.replace("$ORIGIN example.org.\n", "")):
        for name in _OTHERS:
            text = (start + BODY).encode()
            _agree(text, origin=name)
            _agree(text, fallback=name)
            _agree(text, origin=name, fallback="example.org.")


def test_the_zone_may_be_known_from_elsewhere_alone() -> None:
    text = ("$TTL 300\n@ SOA a b 1 2 3 4 5\n" + BODY).encode()

    assert _agree(text, origin="example.org.")
    assert _agree(text, fallback="example.org.")
    assert _agree(text.replace(b"@ SOA", b"Example.org. SOA"), origin="example.ORG.")
    assert not _agree(text)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_same_is_said_of_all_bodies(body: str) -> None:
    for start in (OPENING + BODY, OPENING.replace("$TTL 300\n", "").replace("IN SOA", "60 SOA") + BODY):
        _agree((start + body).encode())


# Files of lines that are nearly ordinary, put together at random.

_BEFORE = """\
; x
$ORIGIN example.org.
$ORIGIN Example.org.
$ORIGIN sub.example.org.
$ORIGIN sub
$ORIGIN example.org
$origin example.org.
$TTL 300
$TTL 1h
$TTL 1h5
$ttl 300
$TTL 4294967296
;; Domain: example.org.
;; Exported: now
; a IN ALIAS b
$TTL 60 ; x
$DATE 20260101000000
a A 192.0.2.1
"""
_OWNERS = ["@", "@", "@", "example.org.", "Example.org.", "example.org", "sub", "", "\\@", "example.net."]
_HEADERS = ["", "IN", "IN", "300 IN", "IN 300", "1h", "in", "IN IN", "60 60", "CH", "4294967296", "0", "CLASS1"]
_HOSTS = [
    "ns1",
    "@",
    "ns1.example.org.",
    "ns1.example.org",
    "mx.example.net",
    "b\\.c",
    ".",
    "x.y",
    "A*_/-",
    "é",
    "a..b",
]
_NUMBERS = ["1", "0", "2026112001", "4294967295", "4294967296", "1h", "1w2d", "1h5", "x", "9999w", "09", "1 1", ""]
_GAPS = [" ", "\t", "\n ", " ; c\n", " ;)\n ", "\n\n", "  ", ";(\n", " ( ", " ) "]
_ENDS = ["\n", " \n", ";\n", " ; cf_tags=a\n", " ; x ) (\n", "\r\n", "\r", "", " 6\n", "\f\n"]
_BODY = """\
 NS ns1
@ NS ns1
 NS ns2.example.org.
@ IN MX 10 mail
@ MX 10 Mail
 A 192.0.2.1
@ A 192.0.2.1
@ 60 A 192.0.2.1
example.org. A 192.0.2.2
Example.org. AAAA 2001:db8::1
example.org TXT "x"
@ TXT "a" ; b
@ TXT ( "a"
  "b" )
@ TXT "v=spf1 (x)"
@ ( TXT "a" )
@	CAA 0 issue "x"
@ CNAME a
@ HTTPS 1 .
@ TXT a
@ SOA a b 1 2 3 4 5
@x A 192.0.2.1
@
@ A
a A 192.0.2.1
a 1h A 192.0.2.2
A A 192.0.2.3
b CNAME a
b CNAME @
ns1 A 192.0.2.1
  AAAA 2001:DB8::1
c NS ns1
d.example.org. A 192.0.2.1 ; AWS
e A 192.0.2.1;x
* TXT "*"
f MX 10 mx.example.net
g.org A 192.0.2.1
;
; x

$TTL 60
$ORIGIN x
"""


@st.composite
def _files(draw: st.DrawFn) -> str:
    before = draw(st.lists(st.sampled_from(_BEFORE.splitlines()), max_size=3))
    usual = draw(st.booleans())
    start = "".join(f"{line}\n" for line in (*before, *(["$ORIGIN example.org.", "$TTL 300"] if usual else [])))

    def sampled(words: Sequence[str]) -> str:
        return draw(st.one_of(st.just(words[0]), st.sampled_from(words)))

    numbers = "".join(sampled(_GAPS) + sampled(_NUMBERS) for _ in range(5))
    held = draw(st.sampled_from([numbers, f" ({numbers} )", f"({numbers}\n)", f" ( {numbers} ; x\n )"]))
    owner = sampled(_OWNERS) + sampled([" ", "\t", ""]) + sampled(_HEADERS)
    soa = f"{owner} SOA {sampled(_HOSTS)} {sampled(_HOSTS)}{held}"
    ns = draw(st.sampled_from([" NS ns1\n", "@ NS ns1\n", ""]))
    body = draw(st.lists(st.sampled_from(_BODY.splitlines()), max_size=8))
    return f"{start}{soa}{sampled(_ENDS)}{ns}" + "".join(f"{line}{sampled(_ENDS)}" for line in body)


@settings(max_examples=400)
@given(_files(), st.sampled_from([None, *_OTHERS]), st.sampled_from([None, *_OTHERS]))
@example(OPENING + BODY, None, None)
def test_any_file_that_is_taken_is_read_alike(text: str, origin: str | None, fallback: str | None) -> None:
    _agree(text.encode(), origin, fallback)


_ordinary = st.lists(st.sampled_from(_BODY.splitlines()[:18] + _BODY.splitlines()[24:36]), max_size=9)


@settings(max_examples=200)
@given(st.sampled_from(TAKEN), _ordinary)
def test_any_body_that_is_taken_is_read_alike(opening: str, lines: Sequence[str]) -> None:
    _agree((opening + BODY + "\n".join(lines)).encode())


# Real files.


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size <= ordinary.LARGEST)


def _check(path: Path) -> bool:
    text, named = path.read_bytes(), zone_of_file_name(path.name)
    found = at_once(text, None, named)
    assert found is None or found == exactly(text, fallback=named), path
    return found is not None


def test_all_sample_zones_are_read_alike() -> None:
    assert sum(map(_check, _files_in(SAMPLES))) > 0


def test_the_files_of_other_projects_are_read_alike(corpus: Path) -> None:
    assert sum(map(_check, _files_in(corpus))) > 10


def test_a_portfolio_of_small_zones_is_read_at_once(tmp_path: Path) -> None:
    for folder in write_portfolio(tmp_path, 60):
        assert all(map(_check, _files_in(folder)))
