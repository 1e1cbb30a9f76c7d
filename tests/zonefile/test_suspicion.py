"""Legal lines that are hardly ever meant: read as servers read them, and told."""

import pytest

from tests.zonefile.shown import START, lines, read, told


@pytest.mark.parametrize(
    ("line", "suspicious"),
    [
        ("a CNAME www.example.com", True),
        ("a CNAME www.Example.COM", True),
        ("a CNAME example.com", True),
        ("a NS ns1.example.net", True),
        ("a MX 10 aspmx.l.google.com", True),
        ("a SRV 0 0 1 sip.example.org", True),
        ("a PTR host.example.net", True),
        ("a DNAME b.example.info", True),
        ("a CNAME www.example.com.", False),
        ("a CNAME www", False),
        ("a CNAME www.sub", False),
        ("a CNAME com", False),
        ("a CNAME there.com", False),
        ("there.com A 192.0.2.1", False),
        ("a TXT www.example.com", False),
        ("a RP www.example.com .", False),
        ("a SOA www.example.com b 1 2 3 4 5", True),
        ("a SOA www.example.com. b 1 2 3 4 5", False),
    ],
)
def test_a_target_that_lost_its_dot(line: str, suspicious: bool) -> None:
    reading = read(f"{START}{line}\nthere.com A 192.0.2.1\n")

    expected = ["warning target-without-dot example.com.zone:4"] if suspicious else []
    assert told(reading) == expected


def test_the_target_is_read_as_servers_read_it() -> None:
    reading = read(f"{START}a MX 10 mx.example.com\n")

    assert lines(reading)[2] == "a.example.com. 300 MX 10 mx.example.com.example.com."
    assert reading.findings[0].subject == "a.example.com. MX"
    assert "mx.example.com.example.com." in reading.findings[0].message


@pytest.mark.parametrize(
    ("owner", "suspicious"),
    [
        ("www.example.com", True),
        ("example.com", True),
        ("www", False),
        ("www.example.com.", False),
        ("a.com", False),
    ],
)
def test_an_owner_that_lost_its_dot(owner: str, suspicious: bool) -> None:
    expected = ["warning owner-without-dot example.com.zone:4"] if suspicious else []

    assert told(read(f"{START}{owner} A 192.0.2.1\n{owner} AAAA ::1\n")) == expected


@pytest.mark.parametrize(
    ("rdata", "finding"),
    [
        ("v=DKIM1; k=rsa; p=MIGf", "text-cut-by-comment"),
        ("v=DMARC1;p=none", "text-cut-by-comment"),
        ("k=rsa; p=MIGf", "text-cut-by-comment"),
        ("v=spf1 mx -all", "text-without-quotes"),
        ("v=spf1 ; our policy", ""),
        ('"v=DKIM1; k=rsa; p=MIGf"', ""),
        ('"v=DKIM1" ; k=rsa', ""),
        ("v=DKIM1\\;\\ k=rsa", ""),
        ("plain words", ""),
        ("one ; a=b", ""),
    ],
)
def test_text_that_should_have_stood_in_quotes(rdata: str, finding: str) -> None:
    expected = [f"warning {finding} example.com.zone:4"] if finding else []

    assert told(read(f"{START}a TXT {rdata}\n")) == expected


def test_the_part_that_is_lost_is_shown() -> None:
    reading = read(f"{START}a TXT v=DKIM1; k=rsa; p=MIGf\n")

    assert lines(reading)[2] == 'a.example.com. 300 TXT "v=DKIM1"'
    assert "'k=rsa; p=MIGf'" in reading.findings[0].message


def test_a_name_beyond_ascii_is_told_where_it_stands() -> None:
    text = "bücher A 192.0.2.1\na MX 10 mail.bücher.example.net.\n$ORIGIN straße\n\nb A 192.0.2.1\n"
    reading = read(f"{START}{text}")

    assert lines(reading)[2:] == [
        "xn--bcher-kva.example.com. 300 A 192.0.2.1",
        "a.example.com. 300 MX 10 mail.xn--bcher-kva.example.net.",
        "b.xn--strae-oqa.example.com. 300 A 192.0.2.1",
    ]
    assert told(reading) == [
        "warning unicode-name example.com.zone:4",
        "warning unicode-name example.com.zone:5",
        "warning unicode-name example.com.zone:6",
    ]


@pytest.mark.parametrize(
    ("rdata", "told_of"),
    [
        ("RT 10 bücher", ["xn--bcher-kva.example.com."]),
        ("RP bücher straße.example.net.", ["xn--bcher-kva.example.com.", "xn--strae-oqa.example.net."]),
        ('NAPTR 1 1 u x "" bücher', ["xn--bcher-kva.example.com."]),
        ('HTTPS 1 bücher key667="ü"', ["xn--bcher-kva.example.com."]),
        ("HIP 2 20 AQID bücher", ["xn--bcher-kva.example.com."]),
        ('NAPTR 1 1 u x "!ü!x!" XN--bcher-kva', []),
        ("HINFO ü x", []),
        ("PX 1 xn--bcher-kva a", []),
    ],
)
def test_a_name_beyond_ascii_is_told_in_rdata_of_any_type(rdata: str, told_of: list[str]) -> None:
    reading = read(f"{START}a {rdata}\n")

    assert [(f.check, f.subject) for f in reading.findings] == [("zonefile.unicode-name", n) for n in told_of]


def test_an_at_within_an_owner_is_a_letter_and_told() -> None:
    reading = read("@ 1 A 192.0.2.1\n_sip._tls.@ 1 SRV 0 1 443 a.example.net.\n")

    assert [str(record.owner) for record in reading.records] == ["example.com.", "_sip._tls.\\@.example.com."]
    assert told(reading) == ["warning at-in-owner example.com.zone:2"]
