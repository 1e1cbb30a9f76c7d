"""Each sample zone reads as its first comment says."""

from pathlib import Path

import pytest
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.TXT import TXT

from migrator.demo.samples import sample_zones
from migrator.model.names import absolute, for_people, text_of
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.zonefile import read_zone

FOLDER = sample_zones()
TOP_LEVEL = sorted(FOLDER.glob("*.zone"))
# Those that say themselves what is wrong with them.
WITH_FINDINGS = {"broken.zone", "missing-records.zone"}


def opener(path: str, including: str) -> tuple[bytes, str]:
    file = Path(including).parent / path
    return file.read_bytes(), str(file)


def read(name: str) -> tuple[ZoneSnapshot, list[tuple[int | None, str]]]:
    """The zone, and line and id of each finding in the order of lines."""
    file = FOLDER / name
    reading = read_zone(file.read_bytes(), file=str(file), include=opener)
    assembly = assemble(reading.origin, reading.records)
    findings = [
        (finding.position.line if finding.position else None, finding.check)
        for finding in (*reading.findings, *assembly.findings)
    ]
    return assembly.snapshot, sorted(findings, key=lambda found: (found[0] or 0, found[1]))


def at(snapshot: ZoneSnapshot, owner: str, rdtype: str) -> RRset:
    return snapshot.by_key()[RRsetKey(absolute(owner, snapshot.origin), RdataType.from_text(rdtype))]


def rdatas(snapshot: ZoneSnapshot, owner: str, rdtype: str) -> list[str]:
    return [rdata.to_text().strip() for rdata in at(snapshot, owner, rdtype).rdatas]


def texts(snapshot: ZoneSnapshot, owner: str) -> list[bytes]:
    """The joined octets of each TXT record of the name."""
    return [b"".join(rdata.strings) for rdata in at(snapshot, owner, "TXT").rdatas if isinstance(rdata, TXT)]


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.zone")), ids=lambda file: file.name)
def test_the_first_comment_says_what_the_file_shows(file: Path) -> None:
    first = file.read_text("utf-8").splitlines()[0]

    assert first.startswith("; ")
    assert len(first) > 40


@pytest.mark.parametrize("file", TOP_LEVEL, ids=lambda file: file.name)
def test_a_zone_without_a_word_of_defects_has_none(file: Path) -> None:
    _, findings = read(file.name)

    assert bool(findings) is (file.name in WITH_FINDINGS)


@pytest.mark.parametrize(
    ("name", "origin", "records", "rrsets"),
    [
        ("broken.zone", "example.com", 14, 11),
        ("generate.zone", "example.com", 3 + 16 + 3 + 100, 3 + 16 + 3 + 100),
        ("idn.zone", "bücher.test", 7, 7),
        ("include.zone", "example.com", 8, 8),
        ("messy-but-legal.zone", "example.net", 16, 15),
        ("missing-records.zone", "example.org", 9, 7),
        ("new-provider-incomplete.zone", "example.org", 31, 26),
        ("old-provider.zone", "example.org", 40, 33),
        ("reverse-ipv4.zone", "2.0.192.in-addr.arpa", 10, 8),
        ("reverse-ipv6.zone", "0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", 5, 4),
        ("txt-forms.zone", "example.com", 16, 15),
        ("unknown-types.zone", "example.com", 8, 8),
        ("wildcard-trap-new.zone", "example.com", 6, 6),
        ("wildcard-trap-old.zone", "example.com", 8, 8),
    ],
)
def test_every_record_is_read(name: str, origin: str, records: int, rrsets: int) -> None:
    snapshot, _ = read(name)

    assert (for_people(snapshot.origin), snapshot.record_count(), len(snapshot.rrsets)) == (
        origin,
        records,
        rrsets,
    )


def test_no_sample_zone_is_without_its_count() -> None:
    assert len(TOP_LEVEL) == 14


def test_the_old_zone_has_what_a_small_company_has() -> None:
    snapshot, _ = read("old-provider.zone")
    types = {RdataType.to_text(rrset.rdtype) for rrset in snapshot.rrsets}
    key = at(snapshot, "mail2026._domainkey", "TXT").rdatas[0]

    assert types == {
        *("SOA", "NS", "A", "AAAA", "MX", "TXT", "CNAME", "SRV", "CAA", "TLSA", "SSHFP", "HTTPS", "DS"),
    }
    assert isinstance(key, TXT)
    assert [len(string) for string in key.strings] == [250, 160]
    assert texts(snapshot, "_dmarc") == [b"v=DMARC1; p=reject; rua=mailto:dmarc@example.org"]
    assert {at(snapshot, "@", rdtype).ttl for rdtype in ("SOA", "NS")} == {5}


def test_the_new_zone_lacks_what_the_missing_records_are_and_nothing_else() -> None:
    old, new, missing = (
        read(name)[0] for name in ("old-provider.zone", "new-provider-incomplete.zone", "missing-records.zone")
    )
    differing = {
        (text_of(key.owner), RdataType.to_text(key.rdtype))
        for key, rrset in old.by_key().items()
        if new.by_key().get(key) != rrset
    }

    lacking = {(text_of(rrset.owner), RdataType.to_text(rrset.rdtype)) for rrset in missing.rrsets}
    assert differing - lacking == {
        ("example.org.", "SOA"),
        ("example.org.", "NS"),
        ("www.example.org.", "CNAME"),  # its TTL alone
    }
    assert lacking <= differing
    assert all(old.by_key()[rrset.key] == rrset for rrset in missing.rrsets)


def test_the_broken_zone_has_each_defect_on_its_line() -> None:
    snapshot, findings = read("broken.zone")

    assert findings == [
        (11, "zonefile.unreadable-rdata"),
        (12, "zonefile.unreadable-rdata"),
        (13, "zonefile.unreadable-rdata"),
        (14, "zone.cname-and-other-data"),
        (16, "zone.several-cnames"),
        (19, "zone.mixed-ttl"),
        (21, "zone.duplicate"),
        (22, "zone.out-of-zone"),
        (23, "zonefile.bad-owner"),
        (24, "zonefile.bad-owner"),
        (25, "zonefile.unreadable-rdata"),
        (26, "zonefile.unreadable-directive"),
        (27, "zonefile.unreadable-line"),
    ]
    assert rdatas(snapshot, "caa", "CAA") == ['0 issue "ca.example.net"']


def test_the_messy_zone_means_what_it_says() -> None:
    snapshot, _ = read("messy-but-legal.zone")
    ttls = {
        text_of(rrset.owner): rrset.ttl for rrset in snapshot.rrsets if rrset.rdtype in {RdataType.A, RdataType.MX}
    }

    assert rdatas(snapshot, "@", "SOA") == [
        "ns1.example.net. host\\.master.example.net. 2026110501 7200 900 1296000 300"
    ]
    assert ttls == {
        "example.net.": 5400,
        "abc.example.net.": 5400,
        "mail.example.net.": 5400,
        "ns1.example.net.": 86400,
        "ns2.example.net.": 86400,
        "sub.example.net.": 600,
        "host.sub.example.net.": 600,
        "host.deeper.sub.example.net.": 600,
    }
    assert rdatas(snapshot, "@", "TXT") == ['"a ; semicolon and a ( parenthesis in quotes" "unquoted blank"']
    assert rdatas(snapshot, "@", "MX") == ["10 mail.example.net."]


def test_the_unknown_types_are_carried_octet_for_octet() -> None:
    snapshot, _ = read("unknown-types.zone")

    assert rdatas(snapshot, "private", "TYPE65280") == [r"\# 4 0a000001"]
    assert rdatas(snapshot, "private", "TYPE65283") == [r"\# 0"]
    assert rdatas(snapshot, "private", "TYPE65284") == [r"\# 20 000102030405060708090a0b0c0d0e0f10111213"]
    assert rdatas(snapshot, "generic", "A") == ["192.0.2.1"]
    assert rdatas(snapshot, "generic", "MX") == ["10 mail."]


def test_the_idn_zone_is_unicode_for_people_and_octets_for_the_dns() -> None:
    snapshot, _ = read("idn.zone")

    assert rdatas(snapshot, "straße", "A") == ["192.0.2.81"]
    assert texts(snapshot, "note") == ["grün".encode()]


def test_the_wildcard_answers_for_the_names_that_the_new_zone_lacks() -> None:
    old, new = read("wildcard-trap-old.zone")[0], read("wildcard-trap-new.zone")[0]
    missing = {text_of(key.owner) for key in old.by_key().keys() - new.by_key().keys()}

    assert missing == {"mail.example.com.", "api.example.com.", "www.example.com."}
    assert rdatas(new, "*", "A") == rdatas(old, "www", "A")


def test_the_reverse_zones_name_the_hosts() -> None:
    ipv4, ipv6 = read("reverse-ipv4.zone")[0], read("reverse-ipv6.zone")[0]

    assert rdatas(ipv4, "25", "PTR") == ["mx1.example.org."]
    assert rdatas(ipv4, "65", "CNAME") == ["65.64/26.2.0.192.in-addr.arpa."]
    assert rdatas(ipv6, "5.2" + ".0" * 18, "PTR") == ["mx1.example.org."]


@pytest.mark.parametrize(
    ("owner", "rdtype", "rdata"),
    [
        ("pool-0", "A", "192.0.2.100"),
        ("pool-15", "A", "192.0.2.115"),
        ("rack-20", "CNAME", "pool-0.example.com."),
        ("desk-00", "AAAA", "2001:db8::"),
        ("desk-63", "AAAA", "2001:db8::63"),
    ],
)
def test_generate_makes_each_record(owner: str, rdtype: str, rdata: str) -> None:
    assert rdatas(read("generate.zone")[0], owner, rdtype) == [rdata]


@pytest.mark.parametrize("owner", ["@", "www", "printer.office", "door.office", "vpn"])
def test_included_parts_have_their_origin(owner: str) -> None:
    snapshot, _ = read("include.zone")

    assert absolute(owner, snapshot.origin) in {rrset.owner for rrset in snapshot.rrsets}


def test_the_forms_of_txt_mean_what_their_comment_says() -> None:
    snapshot, _ = read("txt-forms.zone")
    meant = {name: texts(snapshot, name) for name in ("one", "two", "three", "quoted", "bare", "empty")}

    assert meant["one"] == meant["two"] == meant["three"] == [b"v=spf1 include:_spf.example.net -all"]
    assert meant["quoted"] == meant["bare"] == [b"word"]
    assert meant["empty"] == [b""]
    assert texts(snapshot, "semicolon") == [b"v=DMARC1; p=none"]
    assert texts(snapshot, "quote") == [b'say "yes"']
    assert texts(snapshot, "backslash") == [b"C:\\zones"]
    assert texts(snapshot, "octets") == [b"\x00\x09\x7f\xff"]
    assert len(texts(snapshot, "several")) == 2
    assert texts(snapshot, "longest") == [b"a" * 255]
