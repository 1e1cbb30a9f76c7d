"""Reading whole zone files: what lines inherit, directives, and the finding for each defect with its line."""

import gc
from collections.abc import Callable

import pytest

from migrator.errors import ZoneFileError
from migrator.model.names import absolute
from migrator.zonefile import read_zone, reader
from migrator.zonefile.reader import DEEPEST_INCLUDE
from tests.zonefile.shown import START, TOP, below, lines, read, told


def test_a_zone_in_the_manner_of_rfc_1035() -> None:
    reading = read(
        "$ORIGIN EXAMPLE.com.\n"
        "$TTL 1h\n"
        "@   IN  SOA     VENERA      Action\\.domains (\n"
        "                                 20     ; SERIAL\n"
        "                                 7200   ; REFRESH\n"
        "                                 600    ; RETRY\n"
        "                                 3600000; EXPIRE\n"
        "                                 60)    ; MINIMUM\n"
        "\n"
        "        NS      A.ISI.EDU.\n"
        "        NS      VENERA\n"
        "        MX      10      VENERA\n"
        "A       A       192.0.2.3\n"
        "VENERA  A       192.0.2.52\n"
        "    300 AAAA    2001:db8::52\n",
        origin=None,
    )

    assert reading.origin == absolute("example.com.")
    assert lines(reading) == [
        "EXAMPLE.com. 3600 SOA VENERA.EXAMPLE.com. Action\\.domains.EXAMPLE.com. 20 7200 600 3600000 60",
        "EXAMPLE.com. 3600 NS A.ISI.EDU.",
        "EXAMPLE.com. 3600 NS VENERA.EXAMPLE.com.",
        "EXAMPLE.com. 3600 MX 10 VENERA.EXAMPLE.com.",
        "A.EXAMPLE.com. 3600 A 192.0.2.3",
        "VENERA.EXAMPLE.com. 3600 A 192.0.2.52",
        "VENERA.EXAMPLE.com. 300 AAAA 2001:db8::52",
    ]
    assert [record.position.line if record.position else 0 for record in reading.records] == [
        3,
        10,
        11,
        12,
        13,
        14,
        15,
    ]
    assert told(reading) == []


@pytest.mark.parametrize(
    "text",
    [
        "www 60 IN A 192.0.2.1",
        "www IN 60 A 192.0.2.1",
        "www 60 A 192.0.2.1",
        "www 1m a 192.0.2.1",
        "WWW\t60\tin\tA\t192.0.2.1 ; word",
        "www ( 60 IN ) A ( 192.0.2.1 )",
        "www 60 CLASS1 TYPE1 192.0.2.1",
        "www.example.com. 60 IN A 192.0.2.1",
        "\\119ww 60 A 192.0.2.1",
        "www 60 A \\# 4 C0 00 02 01",
        "www 60 TYPE1 \\# 4 C0000201",
    ],
)
def test_one_record_in_many_spellings(text: str) -> None:
    (found,) = below(text)

    assert found.lower() == "www.example.com. 60 a 192.0.2.1"


def test_an_owner_may_look_like_a_type_a_class_or_a_number() -> None:
    assert below("A A 192.0.2.1\nIN IN A 192.0.2.2\n300 300 A 192.0.2.3\n") == [
        "A.example.com. 300 A 192.0.2.1",
        "IN.example.com. 300 A 192.0.2.2",
        "300.example.com. 300 A 192.0.2.3",
    ]


@pytest.mark.parametrize(
    ("text", "ttls", "findings"),
    [
        ("$TTL 10\n@ 20 SOA a b 1 2 3 4 5\na A 192.0.2.1\na 30 A 192.0.2.2\na A 192.0.2.3", [20, 10, 30, 10], []),
        ("@ 20 SOA a b 1 2 3 4 5\na A 192.0.2.1", [20, 20], ["warning no-default-ttl example.com.zone:2"]),
        (
            "@ 20 SOA a b 1 2 3 4 5\na A 192.0.2.1\na 30 A 192.0.2.2\na A 192.0.2.3",
            [20, 20, 30, 30],
            ["warning no-default-ttl example.com.zone:2"],
        ),
        (
            "@ SOA a b 1 2 3 4 5\na A 192.0.2.1\na 30 A 192.0.2.2\na A 192.0.2.3",
            [5, 5, 30, 5],
            ["warning no-ttl example.com.zone:1"],
        ),
        ("a A 192.0.2.1\n@ 20 SOA a b 1 2 3 4 5\n", [5, 20], ["error no-ttl example.com.zone:1"]),
        ("a A 192.0.2.1\na A 192.0.2.2\n", [3600, 3600], ["error no-ttl example.com.zone:1"]),
        ("$TTL 2147483648\na A 192.0.2.1", [0], ["error ttl-range example.com.zone:1"]),
        (
            "a 2147483647 A 192.0.2.1\na 2147483648 A 192.0.2.2\n",
            [2147483647, 0],
            ["error ttl-range example.com.zone:2"],
        ),
        ("a 99999999999999999999 A 192.0.2.1\n", [0], ["error ttl-range example.com.zone:1"]),
        (
            "$TTL 1h5\na 1m1 A 192.0.2.1\na A 192.0.2.2",
            [61, 3605],
            ["warning ttl-unit example.com.zone:1", "warning ttl-unit example.com.zone:2"],
        ),
        ("$TTL x\n$TTL 10\na A 192.0.2.1", [10], ["error unreadable-directive example.com.zone:1"]),
    ],
)  # fmt: skip
def test_which_ttl_a_record_has(text: str, ttls: list[int], findings: list[str]) -> None:
    reading = read(text)

    assert [record.ttl for record in reading.records] == ttls
    assert told(reading) == findings


def test_origin_is_followed_and_case_and_escapes_of_owners_are_kept() -> None:
    assert below(
        "$ORIGIN sub\na A 192.0.2.1\n"
        "$ORIGIN deep\na A 192.0.2.2\n"
        "$origin example.com.\nA A 192.0.2.3\na\\.b A 192.0.2.4\n@ A 192.0.2.5\n"
    ) == [
        "a.sub.example.com. 300 A 192.0.2.1",
        "a.deep.sub.example.com. 300 A 192.0.2.2",
        "A.example.com. 300 A 192.0.2.3",
        "a\\.b.example.com. 300 A 192.0.2.4",
        "example.com. 300 A 192.0.2.5",
    ]


@pytest.mark.parametrize(
    ("text", "given", "zone"),
    [
        ("@ 1 SOA a b 1 2 3 4 5", "example.com.", "example.com."),
        ("example.net. 1 SOA a. b. 1 2 3 4 5\nwww.example.com. 1 A 192.0.2.1", "example.com.", "example.com."),
        ("example.net. 1 SOA a. b. 1 2 3 4 5", None, "example.net."),
        ("$ORIGIN net.\nexample 1 SOA a. b. 1 2 3 4 5", None, "example.net."),
        ("$ORIGIN example.net.\n@ 1 NS a.", None, "example.net."),
        ("$ORIGIN example.net.\n$ORIGIN sub.example.net.\n@ 1 NS a.", None, "example.net."),
        ("$ORIGIN example.net\n@ 1 SOA a b 1 2 3 4 5", None, "example.net."),
        ("example.net 1 SOA a. b. 1 2 3 4 5\nwww 1 A 192.0.2.1", None, "example.net."),
        (". 1 SOA a. b. 1 2 3 4 5", None, "."),
    ],
)
def test_whose_zone_it_is(text: str, given: str | None, zone: str) -> None:
    assert read(text, origin=given).origin == absolute(zone)


def test_a_file_of_another_zone_altogether_is_refused() -> None:
    with pytest.raises(
        ZoneFileError, match=r"No record lies in example\.net; the first is of www\.example\.com\."
    ):
        read("www.example.com. 1 A 192.0.2.1", origin="example.net.")


def test_a_fallback_stands_behind_what_the_file_says() -> None:
    fallback = absolute("example.com.")

    def zone(text: str) -> str:
        return read_zone(text.encode(), file=TOP, fallback=fallback).origin.to_text()

    assert zone("@ 1 SOA a b 1 2 3 4 5") == "example.com."
    assert zone("www 1 A 192.0.2.1") == "example.com."
    assert zone("example.net. 1 SOA a b 1 2 3 4 5") == "example.net."
    assert zone("$ORIGIN example.net.\n@ 1 SOA a b 1 2 3 4 5") == "example.net."
    assert zone("$ORIGIN example.com\n@ 1 SOA a b 1 2 3 4 5") == "example.com."


def test_a_forgotten_dot_after_the_zones_own_name() -> None:
    reading = read("$ORIGIN example.com\n@ 1 A 192.0.2.1\n")
    assert lines(reading) == ["example.com.example.com. 1 A 192.0.2.1"]
    assert told(reading) == ["error origin-without-dot example.com.zone:1"]

    reading = read("example.com 1 SOA a b 1 2 3 4 5\n")
    assert lines(reading) == ["example.com. 1 SOA a.example.com. b.example.com. 1 2 3 4 5"]
    assert told(reading) == ["warning soa-without-dot example.com.zone:1"]


@pytest.mark.parametrize("origin", ["example.com.", None])
@pytest.mark.parametrize("apex", ["example.com 1 SOA a b 1 2 3 4 5", "$ORIGIN example.com\n@ 1 SOA a b 1 2 3 4 5"])
def test_names_below_the_root_have_no_dot_to_forget(apex: str, origin: str | None) -> None:
    """BIND dumps zones so: the apex below `$ORIGIN .`, all else below the apex."""
    reading = read(f"$ORIGIN .\n{apex}\n$ORIGIN .\n$ORIGIN sub.example.com\nx 1 A 192.0.2.1\n", origin=origin)

    assert reading.origin == absolute("example.com.")
    assert str(reading.records[-1].owner) == "x.sub.example.com."
    assert told(reading) == []


def test_the_root_as_origin_does_not_say_which_zone_it_is() -> None:
    text = b"$ORIGIN .\nexample.com 1 NS ns1.example.net\n"
    com, root = absolute("example.com."), absolute(".")

    assert read_zone(text, file=TOP, fallback=com).origin == com
    assert read_zone(text + b"$ORIGIN example.com.\nwww 1 A 192.0.2.1\n", file=TOP).origin == com
    assert read_zone(text, file=TOP).origin == root


@pytest.mark.parametrize(
    ("origin", "owner", "findings"),
    [
        ("example.net", "www.example.net.example.com.", ["error origin-without-dot example.com.zone:1"]),
        ("example.net.", "www.example.net.", []),
        ("lab", "www.lab.example.com.", []),
        ("b.lab", "www.b.lab.example.com.", []),
        ("Example.COM", "www.Example.COM.example.com.", ["error origin-without-dot example.com.zone:1"]),
    ],
)
def test_an_origin_that_looks_whole_and_is_not_is_an_error(origin: str, owner: str, findings: list[str]) -> None:
    reading = read(f"$ORIGIN {origin}\n@ 1 A 192.0.2.1\nwww 1 A 192.0.2.1\nwww.example.com. 1 A 192.0.2.1\n")
    assert [str(record.owner) for record in reading.records][1] == owner
    assert [found for found in told(reading) if "origin" in found] == findings


@pytest.mark.parametrize(
    ("text", "finding", "message"),
    [
        ("a A 192.0.2.256", "unreadable-rdata", "A '192.0.2.256': the rdata is malformed"),
        ("a A", "unreadable-rdata", "A: the rdata is missing"),
        (
            "a A 192.0.2.1 192.0.2.2",
            "unreadable-rdata",
            "A '192.0.2.1 192.0.2.2': '192.0.2.2' stands after the end",
        ),
        ("a MX mail", "unreadable-rdata", "MX 'mail': "),
        ("a TXT", "unreadable-rdata", "TXT: the rdata ends too early"),
        ("a TYPE300 x", "unreadable-rdata", "TYPE300 'x': generic rdata does not start"),
        ("a TYPE65536 \\# 0", "unreadable-record", "'TYPE65536' is no type: they end at TYPE65535"),
        ("a NOTYPE x", "unreadable-record", "'NOTYPE' is neither TTL, class nor type"),
        ("a 60 NOTYPE x", "unreadable-record", "'NOTYPE' is neither class nor type"),
        ("a 60 IN NOTYPE x", "unreadable-record", "'NOTYPE' is no type"),
        ("a 60 60 A 192.0.2.1", "unreadable-record", "'60' is neither class nor type"),
        ("a IN IN A 192.0.2.1", "unreadable-record", "'IN' is neither TTL nor type"),
        ("a", "unreadable-record", "the line ends before its type"),
        ("a 60 IN", "unreadable-record", "the line ends before its type"),
        ("a..b A 192.0.2.1", "bad-owner", "'a..b' is no domain name: A DNS label is empty"),
        (f"{'x' * 64} A 192.0.2.1", "bad-owner", "A DNS label is > 63 octets long"),
        (f"{'.'.join(['x' * 60] * 5)} A 192.0.2.1", "bad-owner", "A DNS name is > 255 octets long"),
        ('"a" A 192.0.2.1', "bad-owner", "stands in quotes"),
        ("a CH A 192.0.2.1", "class", "its class is CH, and a zone of class IN is read"),
        ("a CLASS32 TXT x", "class", "its class is CLASS32"),
        ("a ANY 192.0.2.1", "meta-type", "ANY is no type"),
        ("a AXFR x", "meta-type", "AXFR is no type of records in a zone"),
        ("a TYPE250 \\# 0", "meta-type", "TSIG is no type of records in a zone"),
        ("a OPT \\# 0", "meta-type", "OPT is no type of records in a zone"),
        ('a TXT "x', "unreadable-line", "a quoted string does not end on its line"),
        ("a TXT ( x", "unreadable-line", "a parenthesis is opened and not closed"),
        ("a \x00 A 192.0.2.1", "unreadable-line", "the control character \\000"),
        ("b\x0bA 192.0.2.1", "unreadable-line", "the control character \\011 stands outside quotes"),
        ("b A 192.0.2.1 \x0c", "unreadable-line", "the control character \\012 stands outside quotes"),
        ("\x0c", "unreadable-line", "the control character \\012 stands outside quotes"),
        ("\x0b A 192.0.2.1", "unreadable-line", "the control character \\011 stands outside quotes"),
        ("$TTL", "unreadable-directive", "$TTL stands alone"),
        ("$TTL 1 2", "unreadable-directive", "'2' stands after the end of $TTL"),
        ("$TTL one", "unreadable-directive", "'one' is no TTL"),
        ("$ORIGIN", "unreadable-directive", "$ORIGIN stands alone"),
        ("$ORIGIN a b", "unreadable-directive", "'b' stands after the end of $ORIGIN"),
        ("$ORIGIN a..b.", "bad-origin", "'a..b.' is no domain name"),
        ("$INCLUDE", "unreadable-directive", "$INCLUDE stands alone"),
        ("$INCLUDE a b c", "unreadable-directive", "'c' stands after the end of $INCLUDE"),
        ("$INCLUDE a b..c", "unreadable-directive", "'b..c' is no domain name"),
        ("$NOTHING a", "unreadable-directive", "'$NOTHING' is no directive"),
        ("$GENERATE 1-2 a$ A", "unreadable-directive", "$GENERATE needs a range"),
        ("$GENERATE", "unreadable-directive", "$GENERATE stands alone"),
        (" $TTL 60", "unreadable-record", "'$TTL' is neither TTL, class nor type"),
    ],
)
def test_a_line_that_cannot_be_read_is_an_error_with_its_line_and_the_others_are_read(
    text: str, finding: str, message: str
) -> None:
    reading = read(f"{START}first 60 A 192.0.2.1\n{text}\nlast.example.com. 60 A 192.0.2.2\n")

    assert lines(reading)[2:] == ["first.example.com. 60 A 192.0.2.1", "last.example.com. 60 A 192.0.2.2"]
    assert told(reading) == [f"error {finding} example.com.zone:5"]
    assert message in reading.findings[0].message
    assert reading.findings[0].evidence[0] in " ".join(text.replace("(", "").split())
    assert text[:1] != "$" or reading.findings[0].subject == ""  # and not the owner of the line before


def test_rdata_that_is_kept_octet_by_octet_is_told_and_nothing_else() -> None:
    reading = read(f"{START}a MX \\# 2 0001\nb SOA \\# 1 00\nc TXT \\# 2 0561\n")

    assert [record.rdata.to_text() for record in reading.records[2:]] == ["\\# 2 0001", "\\# 1 00", "\\# 2 0561"]
    assert told(reading) == [f"error generic-rdata example.com.zone:{line}" for line in (4, 5, 6)]


def test_the_files_of_a_zone_have_a_bound_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_OCTETS", 60)

    with pytest.raises(ZoneFileError, match=r"^b.zone: The files of the zone have more than 60 octets together"):
        read("$INCLUDE a.zone\n$INCLUDE b.zone\n", a_zone="a 60 A 192.0.2.1\n", b_zone="b 60 A 192.0.2.1\n")


def test_a_header_that_names_no_zone_says_nothing() -> None:
    text = ";; Domain: a..b\n;; Exported: today\nwww 2 A 192.0.2.1\n"
    reading = read_zone(text.encode(), file=TOP, fallback=absolute("example.com."))

    assert lines(reading) == ["www.example.com. 2 A 192.0.2.1"]


def test_an_include_with_a_relative_origin_before_the_zone_is_known_is_refused() -> None:
    with pytest.raises(ZoneFileError, match=r"^example\.com\.zone:1: 'sub' is relative"):
        read("$INCLUDE a.zone sub\n", origin=None, a_zone="")


def test_lines_that_inherit_from_an_unreadable_owner_are_not_given_to_another() -> None:
    reading = read(
        f"{START}a 60 A 192.0.2.1\nb..c 60 A 192.0.2.2\n  60 A 192.0.2.3\nd 60 A 192.0.2.4\n 60 A 192.0.2.5"
    )

    assert lines(reading)[2:] == [
        "a.example.com. 60 A 192.0.2.1",
        "d.example.com. 60 A 192.0.2.4",
        "d.example.com. 60 A 192.0.2.5",
    ]
    assert told(reading) == ["error bad-owner example.com.zone:5", "error no-owner example.com.zone:6"]


def test_lines_that_inherit_from_a_readable_owner_keep_it_although_its_line_is_broken() -> None:
    assert below('a 60 A 192.0.2.1\nb 60 A x\n 60 A 192.0.2.2\nc 60 TXT "x\n 60 A 192.0.2.3\n') == [
        "a.example.com. 60 A 192.0.2.1",
        "b.example.com. 60 A 192.0.2.2",
        "c.example.com. 60 A 192.0.2.3",
    ]


def test_the_first_line_needs_an_owner() -> None:
    reading = read(" 60 A 192.0.2.1\na 60 A 192.0.2.2\n")

    assert lines(reading) == ["a.example.com. 60 A 192.0.2.2"]
    assert told(reading) == ["error no-owner example.com.zone:1"]


def test_relative_names_after_an_unreadable_origin_are_not_put_below_another() -> None:
    reading = read(f"{START}$ORIGIN a..b.\nwww 60 A 192.0.2.1\nwww.example.com. 60 MX 10 a.\n 60 MX 10 a\n")

    assert lines(reading)[2:] == ["www.example.com. 60 MX 10 a."]
    assert told(reading) == [
        "error bad-origin example.com.zone:4",
        "error bad-owner example.com.zone:5",
        "error unreadable-rdata example.com.zone:7",
    ]


def test_include_restores_origin_and_owner_and_reports_lines_of_its_own_file() -> None:
    reading = read(
        f"{START}$ORIGIN one.example.com.\na 60 A 192.0.2.1\n"
        "$INCLUDE inner.zone two.example.com. ; word\n"
        " 60 A 192.0.2.2\nb 60 A 192.0.2.3\n",
        inner_zone=" 60 A 192.0.2.9\nb 60 A 192.0.2.8\n$ORIGIN three.example.com.\nc 60 A x\n",
    )

    assert lines(reading)[2:] == [
        "a.one.example.com. 60 A 192.0.2.1",
        "a.one.example.com. 60 A 192.0.2.9",
        "b.two.example.com. 60 A 192.0.2.8",
        "a.one.example.com. 60 A 192.0.2.2",
        "b.one.example.com. 60 A 192.0.2.3",
    ]
    assert [str(record.position) for record in reading.records[3:5]] == ["inner.zone:1", "inner.zone:2"]
    assert told(reading) == [
        "error unreadable-rdata inner.zone:4",
        "warning owner-after-directive example.com.zone:7",
    ]


def test_a_default_ttl_of_an_included_file_lasts_and_that_is_told_once() -> None:
    reading = read(
        f"{START}$INCLUDE a.zone\nc A 192.0.2.1\nd A 192.0.2.2\n$TTL 9\ne A 192.0.2.3\n",
        a_zone="$TTL 7\nb A 192.0.2.9\n",
    )

    assert [record.ttl for record in reading.records[2:]] == [7, 7, 7, 9]
    assert told(reading) == ["warning ttl-from-include example.com.zone:5"]


def test_quoted_and_escaped_paths_of_include() -> None:
    assert below(
        '$INCLUDE "a b.zone"\n$INCLUDE c\\ d.zone', **{"a b_zone": "a A 192.0.2.1", "c d_zone": "b A 192.0.2.2"}
    ) == [
        "a.example.com. 300 A 192.0.2.1",
        "b.example.com. 300 A 192.0.2.2",
    ]


def deep(depth: int) -> dict[str, str]:
    return {f"f{level}_zone": f"a{level} A 192.0.2.1\n$INCLUDE f{level + 1}.zone\n" for level in range(depth)}


@pytest.mark.parametrize(
    ("text", "files", "message"),
    [
        ("a 1 A 192.0.2.1\n$INCLUDE gone", {}, f"{TOP}:2: $INCLUDE: gone: cannot be read: No such file"),
        ("$INCLUDE a.zone", {"a_zone": "\n$INCLUDE a.zone"}, "a.zone:2: $INCLUDE: a.zone includes itself"),
        (f"$INCLUDE {TOP}", {"example_com_zone": ""}, f"{TOP}:1: $INCLUDE: {TOP} includes itself"),
        (
            "$INCLUDE a.zone",
            {"a_zone": "$INCLUDE b.zone", "b_zone": "\n\n$INCLUDE a.zone"},
            "b.zone:3: $INCLUDE: a.zone includes itself",
        ),
        (
            "$INCLUDE f0.zone",
            deep(30),
            f"f{DEEPEST_INCLUDE - 1}.zone:2: $INCLUDE: files include each other more than {DEEPEST_INCLUDE} deep",
        ),
        ("$INCLUDE a.zone", {"a_zone": "\x00\x01" * 300}, "a.zone:1: The file is no text"),
        ("$GENERATE 0-2147483647 a$ A 192.0.2.1", {}, f"{TOP}:1: $GENERATE asks for 2,147,483,648 records"),
        ("$GENERATE 1-9 a$ MX a\n$GENERATE 1-262143 a$ MX a", {}, f"{TOP}:2: $GENERATE asks for 262,152 records"),
        ("", {}, "example.com.zone: The file holds no record."),
        ("; words\n\n", {}, "example.com.zone: The file holds no record."),
        ("$TTL 300\n$ORIGIN example.com.\n", {}, "example.com.zone: The file holds no record."),
        ("These are words,\nand no zone.\n", {}, f"{TOP}:1: No record of the file can be read. The line cannot"),
        ("a\n" * 10_001, {}, "example.com.zone:1: More than 10,000 lines are in error: this is no zone file."),
    ],
)  # fmt: skip
def test_a_file_of_which_nothing_can_be_made_is_refused_with_one_line(
    text: str, files: dict[str, str], message: str
) -> None:
    with pytest.raises(ZoneFileError) as refusal:
        read(text, **files)

    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a A 192.0.2.1\n".encode("utf-16"), "no text, or UTF-16 text"),
        ("a A 192.0.2.1\n".encode("utf-16-be"), "no text, or UTF-16 text"),
        (b"\x1f\x8b\x08\x00abc", "compressed by gzip"),
        (b"\x00\x00\x00\x02\x00\x00\x00\x01" * 20, "BIND's raw format"),
        (b"abcdefghijk\x00" * 20, "binary and no zone file"),
        (b"www 60 A 192.0.2.1\n", "does not say which zone it is"),
        (b"www.example.com. 60 A 192.0.2.1\n", "does not say which zone it is"),
        (b"a.example.com. 60 A 192.0.2.1\nb 60 A 192.0.2.1\n", "z|:2: 'b' is relative"),
    ],
)
def test_a_file_that_is_no_text_or_has_no_origin_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ZoneFileError, match=message):
        read(content, origin=None)


def test_the_garbage_collector_is_on_again_after_a_reading_if_it_was_before() -> None:
    assert gc.isenabled()
    read(START)
    with pytest.raises(ZoneFileError):
        read("")
    assert gc.isenabled()

    gc.disable()
    try:
        read(START)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_without_an_opener_nothing_is_included() -> None:
    with pytest.raises(ZoneFileError, match=r"^z:1: \$INCLUDE: this text has no folder"):
        read_zone(b"$INCLUDE a", file="z", origin=absolute("example.com."))


@pytest.mark.parametrize(
    "change", [str.strip, lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text]
)
def test_line_ends_and_byte_order_marks_change_nothing(change: Callable[[str], str]) -> None:
    text = f"{START}a TXT ( one\n two ) ; über\nb A 192.0.2.1\n"

    assert lines(read(change(text))) == lines(read(text))
    assert [r.position for r in read(change(text)).records] == [r.position for r in read(text).records]


def test_comments_may_hold_any_octets() -> None:
    assert below(b"a A 192.0.2.1 ; \xff\xfe\x00 \xc3\xa4\n;\x00\x01\n") == ["a.example.com. 300 A 192.0.2.1"]


def test_date_lines_of_a_dump_are_passed_over() -> None:
    assert below("$DATE 20260101000000\na A 192.0.2.1\n") == ["a.example.com. 300 A 192.0.2.1"]


def test_text_keeps_its_strings_as_they_were() -> None:
    assert below('a TXT "one" two "th;ree" "" \\"q\\" "\\200"') == [
        'a.example.com. 300 TXT "one" "two" "th;ree" "" "\\"q\\"" "\\200"'
    ]
