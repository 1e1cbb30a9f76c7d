"""$GENERATE, held against what BIND 9.18 makes of the same lines."""

import pytest

from tests.zonefile.shown import START, below, read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1-3 h$ A 192.0.2.$", ["h1. A 192.0.2.1", "h2. A 192.0.2.2", "h3. A 192.0.2.3"]),
        ("1-5/2 h$ A 192.0.2.$", ["h1. A 192.0.2.1", "h3. A 192.0.2.3", "h5. A 192.0.2.5"]),
        ("19-28/2147483645 $ CNAME x", ["19. CNAME x."]),
        ("1-1 e$ 60 IN A 192.0.2.$", ["e1. A 192.0.2.1"]),
        ("1-1 e$ IN 60 A 192.0.2.$", ["e1. A 192.0.2.1"]),
        ("2-2 a${1,2} A 192.0.2.${-1}", ["a03. A 192.0.2.1"]),
        ('277-277 HOST-$ MX "0 ."', ["HOST-277. MX 0 ."]),
        ('1-1 g$ TXT "a $ b"', ['g1. TXT "a" "1" "b"']),
        ('1-1 i$ TXT "\\"a $ b\\""', ['i1. TXT "a 1 b"']),
        ("1-1 h$ TXT a\\ $\\;", ['h1. TXT "a 1;"']),
        ("7-7 @ PTR SERVER$.EXAMPLE.", ["@ PTR SERVER7.EXAMPLE."]),
    ],
)  # fmt: skip
def test_records_that_a_line_stands_for(line: str, expected: list[str]) -> None:
    found = below(f"$GENERATE {line}\n")

    shown = [text.replace(".example.com.", ".").replace("example.com.", "@") for text in found]
    assert [" ".join([owner, *rest]) for owner, _, *rest in map(str.split, shown)] == expected


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("$", "171"),
        ("${5}", "176"),
        ("${5,4}", "0176"),
        ("${0,4,o}", "0253"),
        ("${0,0,x}", "ab"),
        ("${0,0,X}", "AB"),
        ("${0,4,x}", "00ab"),
        ("${-2000,0,d}", "-1829"),
        ("${-2000,7,d}", "-001829"),
        ("${-2000,0,x}", "fffff8db"),
        ("${-2000,9,o}", "37777774333"),
        ("${0,0,n}", "b.a"),
        ("${0,3,n}", "b.a"),
        ("${0,4,n}", "b.a."),
        ("${0,5,N}", "B.A.0"),
        ("${0,6,n}", "b.a.0."),
        ("${0,7,n}", "b.a.0.0"),
        ("${-2000,0,n}", "b.d.8.f.f.f.f.f"),
        ("$$", "$"),
        ("\\$", "$"),
        ("a\\\\$", "a\\\\171"),
        ("$.$", "171.171"),
    ],
)
def test_how_a_number_is_written(place: str, text: str) -> None:
    assert below(f"$GENERATE 171-171 a TXT x{place}\n") == [f'a.example.com. 300 TXT "x{text}"']


@pytest.mark.parametrize(
    "line",
    [
        "9--10 h$ A 192.0.2.$",
        "2-1 h$ A 192.0.2.$",
        "1-3/ h$ A 192.0.2.$",
        "1-3/0 h$ A 192.0.2.$",
        "1 h$ A 192.0.2.$",
        "4294967290-4294967295 h$ A 192.0.2.1",
        "0-7 h$ A 192.0.2.${1,0,dgarbage}",
        "0-7 h$ A 192.0.2.${1000",
        "0-7 h$ A 192.0.2.${}",
        "0-7 h$ A 192.0.2.${ 5}",
        "0-7 h$ A 192.0.2.${0,2,q}",
        "1-1 h$ TXT foo${2147483647}",
        "1-2 a${0,300} A 192.0.2.1",
        "1-2 a$ A 192.0.2.1 extra",
        "1-2 @ MX 10 mail$",
        "1-2 a$ CH A 192.0.2.1",
        "1-2 a$ TKEY x",
        "1-2 a$ A 192.0.2.300",
        "1-2 a${0,200}.${0,200} A 192.0.2.1",
        '1-2 a$ TXT "a ( b"',
        '1-2 a$ A ""',
        "1-2 a$ NOTYPE x",
    ],
)
def test_a_line_that_means_nothing_is_one_error(line: str) -> None:
    reading = read(f"{START}$GENERATE {line}\nlast A 192.0.2.9\n")

    assert [finding.split()[0] + " " + finding.split()[2] for finding in told(reading)] == [
        "error example.com.zone:4"
    ]
    assert reading.records[-1].owner.labels[0] == b"last"


def test_each_record_has_the_line_of_its_directive() -> None:
    reading = read(f"{START}\n$GENERATE 1-2 h$ A 192.0.2.$\n")

    assert [str(record.position) for record in reading.records[2:]] == ["example.com.zone:5"] * 2
