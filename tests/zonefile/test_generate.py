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


def test_a_record_that_cannot_be_made_is_told_with_its_own_owner() -> None:
    (finding,) = read(f"{START}a A 192.0.2.1\n$GENERATE 254-257 h$ A 192.0.2.$\n").findings

    assert finding.subject == "h256.example.com."
    assert finding.message == (
        "$GENERATE makes neither this record nor those after it: A '192.0.2.256': the rdata is malformed."
    )


def test_each_record_has_the_line_of_its_directive() -> None:
    reading = read(f"{START}\n$GENERATE 1-2 h$ A 192.0.2.$\n")

    assert [str(record.position) for record in reading.records[2:]] == ["example.com.zone:5"] * 2


def owners(text: str, **files: str) -> tuple[list[str], list[str]]:
    """Show the owners of what stands below an SOA and an NS record, and what is told."""
    reading = read(f"{START}{text}", **files)
    return [str(record.owner.relativize(reading.origin)) for record in reading.records[2:]], told(reading)


@pytest.mark.parametrize("between", ["", "\n", "; words\n", "$TTL 60\n", "$ORIGIN sub\n"])
def test_a_line_without_an_owner_has_the_one_before_the_directive(between: str) -> None:
    text = f"a A 192.0.2.1\n$GENERATE 1-2 h$ A 192.0.2.$\n{between} TXT x\n"
    found, findings = owners(text)

    assert found == ["a", "h1", "h2", "a"]
    assert findings == [f"warning owner-after-directive example.com.zone:{6 + bool(between)}"]


def test_both_owners_are_named() -> None:
    (finding,) = read(f"{START}a A 192.0.2.1\n$GENERATE 1-2 h$ A 192.0.2.$\n TXT x\n").findings

    assert finding.subject == "a.example.com."
    assert finding.message == (
        "The line names no owner and stands after $GENERATE: it is read as one of a.example.com., the last owner "
        "before that, as BIND would; PowerDNS would read it as one of h2.example.com., the last owner that the "
        "directive brings."
    )


def test_nothing_is_told_where_all_give_the_line_to_one_owner() -> None:
    text = "h2 A 192.0.2.9\n$GENERATE 1-2 H$ A 192.0.2.$\n TXT x\nb A 192.0.2.3\n TXT y\n"

    assert owners(text) == (["h2", "H1", "H2", "h2", "b", "b"], [])


def test_a_line_without_an_owner_after_records_that_cannot_be_made_is_of_the_one_before() -> None:
    found, findings = owners("a A 192.0.2.1\n$GENERATE 255-256 h$ A 192.0.2.$\n TXT x\n")

    assert found == ["a", "h255", "a"]
    assert findings == [
        "error unreadable-rdata example.com.zone:5",
        "warning owner-after-directive example.com.zone:6",
    ]


def test_it_is_told_after_an_included_file_too_whatever_that_ends_with() -> None:
    text = "a A 192.0.2.1\n$INCLUDE b.zone\n TXT x\nc A 192.0.2.3\n$INCLUDE c.zone\n TXT y\n"
    files = {"b_zone": " MX 1 a\nb A 192.0.2.2\n", "c_zone": "c AAAA ::1\n$GENERATE 1-1 h$ A 192.0.2.$\n"}

    assert owners(text, **files) == (
        ["a", "a", "b", "a", "c", "c", "h1", "c"],
        [f"warning owner-after-directive example.com.zone:{line}" for line in (6, 9)],
    )


def test_nothing_is_told_after_an_included_file_that_names_no_other_owner() -> None:
    text = "a A 192.0.2.1\n$INCLUDE b.zone\n TXT x\n"

    assert owners(text, b_zone="; nothing\n MX 1 a\n") == (["a", "a", "a"], [])
