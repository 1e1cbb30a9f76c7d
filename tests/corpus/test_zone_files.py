"""Zone files of other projects: BIND's good and bad ones, exports of several tools, and real zones."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import dns.name
import dns.rdataclass
import dns.tokenizer
import dns.zonefile
import pytest
from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.txtbase import TXTBase

from migrator.errors import InputError, ZoneFileError
from migrator.model.extras import Alias, Failover, Geolocation, HealthCheck, Weighted
from migrator.model.finding import Finding, Severity
from migrator.model.names import absolute, text_of
from migrator.model.zone import Assembly, assemble
from migrator.zonefile import Reading, read_zone, zone_of_file_name
from migrator.zonefile.writer import Entry, write_zone

pytestmark = pytest.mark.corpus

BIND = "bind9-checkzone/checkzone"
# What BIND refuses for a rule about the whole zone or about hosts, and not for the text of a line.
ZONE_RULES = {
    "bad-_dns-svcb*": "what a service record at _dns must hold",
    "bad-cdnskey.db": "CDNSKEY against the DNSKEY records",
    "bad-cds.db": "CDS against the DNSKEY records",
    "bad-cname-and-*": "other data beside a CNAME; the assembly of the zone reports it",
    "bad-dns-sd-reverse.db": "host names (check-names)",
    "bad-ds.db": "DS at the apex",
    "bad-ds-2.db": "DS without a delegation",
    "bad-nsec3owner-padded.db": "host names (check-names)",
    "bad-rpz-prefix.db": "response policy zones",
    "bad-svcb-servername.db": "host names (check-names)",
}
# RFC 2181 section 10.1 lets a KEY stand beside a CNAME; BIND 9.21 does not.
CNAME_AND_KEY = "bad-cname-and-key.db"
# Meant for BIND's option to go on after errors: two of its lines are cut by hand.
CRASH = "crashzone.db"


def files(folder: Path, pattern: str = "**/*") -> list[Path]:
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def read(path: Path, origin: Name | None = None, base: Path | None = None) -> Reading:
    """Read a file of the corpus; `base` is the folder from which its $INCLUDE lines start."""

    def opened(name: str, including: str) -> tuple[bytes, str]:
        found = (base or Path(including).parent) / name
        try:
            return found.read_bytes(), str(found)
        except OSError as exc:
            raise InputError(f"{found}: cannot be read: {exc.strerror}.") from exc

    fallback = zone_of_file_name(path.name)
    return read_zone(path.read_bytes(), file=str(path), origin=origin, include=opened, fallback=fallback)


def errors(found: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.position} {finding.message}" for finding in found if finding.severity is Severity.ERROR]


def assembled(reading: Reading) -> Assembly:
    return assemble(reading.origin, reading.records, rrsets=reading.rrsets)


def bind_cases(corpus: Path) -> Iterator[tuple[Path, Name, str]]:
    """Each zone of BIND's checkzone test with its origin and `reject` or `load`."""
    cases = json.loads((corpus / "derived-bind9-expected/expected.json").read_text())["cases"]
    for path in files(corpus / BIND / "zones", "*.db"):
        known = next((case for case in cases if any(fnmatch(path.name, name) for name in case["files"])), None)
        # Those that BIND tries elsewhere are of the zone that they name themselves, or of example.
        own = re.match(rb"(?:\$TTL\s+\S+\s+|;[^\n]*\n)*([a-z0-9.]+\.)\s[^\n]*SOA", path.read_bytes())
        origin = known["origin"] if known else own[1].decode() if own else "example"
        yield path, absolute(origin), known["verdict"] if known else "load"


def test_binds_good_zones_are_read_without_an_error(corpus: Path) -> None:
    """All that must load, but for two that are parts of another zone."""
    wrong = {}
    for path, origin, verdict in bind_cases(corpus):
        if verdict == "load" and not path.name.startswith("bad") and path.name not in {CRASH, "inherit.db"}:
            reading = read(path, origin, corpus / BIND)
            if found := errors(reading.findings):
                wrong[path.name] = found

    # The three only try what stands before an inherited owner, and have no owner to inherit.
    for name in ("warn.inherit.origin.db", "warn.inherited.owner.db", "nowarn.inherited.owner.db"):
        wrong.pop(name, None)
    assert wrong == {}


def test_binds_bad_zones_are_an_error_or_refused(corpus: Path) -> None:
    passed = []
    for path, origin, verdict in bind_cases(corpus):
        if verdict != "reject":
            continue
        try:
            reading = read(path, origin, corpus / BIND)
        except ZoneFileError:
            continue
        if not errors(reading.findings):
            passed.append(path.name)

    assert [name for name in passed if not any(fnmatch(name, rule) for rule in ZONE_RULES)] == []


def test_binds_cnames_beside_other_data_are_an_error_of_the_zone(corpus: Path) -> None:
    for path in files(corpus / BIND / "zones", "bad-cname-and-*.db"):
        checks = {finding.check for finding in assembled(read(path, absolute("example"))).findings}
        assert ("zone.cname-and-other-data" in checks) is (path.name != CNAME_AND_KEY), path.name


def test_a_line_that_is_cut_off_costs_no_other_line(corpus: Path) -> None:
    reading = read(corpus / BIND / "zones" / CRASH)

    assert len(errors(reading.findings)) == 1
    assert reading.origin == absolute("dyn.example.net.")
    assert len(reading.records) == 19


class Sink(dns.zonefile.RRsetsReaderTransaction):
    """Takes dnspython's records as they are read, before it makes rdatasets of them."""

    def __init__(self, origin: Name) -> None:
        manager = dns.zonefile.RRSetsReaderManager(origin, relativize=False, rdclass=dns.rdataclass.IN)
        super().__init__(manager, True, False)  # type: ignore[no-untyped-call]
        self.lines: list[tuple[str, int, str, str]] = []

    def add(self, *args: Any) -> None:
        owner, ttl, rdata = args
        self.lines.append((owner.to_text(), ttl, RdataType.to_text(rdata.rdtype), rdata.to_text()))


def dnspythons(path: Path, origin: Name) -> list[tuple[str, int, str, str]]:
    sink = Sink(origin)
    tokenizer = dns.tokenizer.Tokenizer(
        path.read_text("utf-8"), str(path), idna_codec=dns.name.IDNA_2008_Practical
    )
    dns.zonefile.Reader(tokenizer, dns.rdataclass.IN, sink, allow_include=True).read()
    return sorted(sink.lines)


def test_real_zones_are_read_as_dnspython_reads_them(corpus: Path) -> None:
    paths = files(corpus / "derived-real-zones", "**/*.zone")
    assert paths
    for path in paths:
        reading = read(path)
        found = [(r.owner.to_text(), r.ttl, r.rdata) for r in reading.records]
        ours = sorted((owner, ttl, RdataType.to_text(r.rdtype), r.to_text()) for owner, ttl, r in found)
        assert errors(reading.findings) == [], path
        assert ours == dnspythons(path, reading.origin), path


def test_every_file_is_read_or_refused_and_what_was_read_is_written_and_read_again(corpus: Path) -> None:
    read_well = 0
    for path in files(corpus):
        try:
            reading = read(path)
        except ZoneFileError:
            continue
        snapshot = assembled(reading).snapshot
        sets = [rrset for rrset in snapshot.rrsets if rrset.rdatas and not rrset.key.variant]
        if not sets:
            continue
        text = "\n".join(write_zone(snapshot.origin, map(Entry, sets)))
        again = read_zone(text.encode(), file=str(path), origin=snapshot.origin)
        found = assemble(again.origin, again.records).snapshot.rrsets
        kept = {finding.check for finding in again.findings}
        assert kept <= {"zonefile.generic-rdata", "zonefile.doubtful-rdata"}, (path, kept)
        assert [(r.key, r.ttl, r.rdatas) for r in found] == [(r.key, r.ttl, r.rdatas) for r in sets], path
        read_well += 1

    assert read_well > 250


def test_files_that_are_no_zones_are_refused(corpus: Path) -> None:
    for name in ("README.md", "FILES.tsv", "derived-bind9-expected/expected.json", "cpanel-zone-file/license"):
        with pytest.raises(ZoneFileError):
            read(corpus / name)


@pytest.mark.parametrize("zone", ["apex.com", "ds.com", "simple.com", "example.org"])
def test_dnscontrols_rendering_of_a_zone_is_the_same_zone(corpus: Path, zone: str) -> None:
    """Equal but for the strings of long texts, which DNSControl cuts anew."""

    def sets(path: Path) -> dict[object, object]:
        found = assembled(read(path, absolute(zone))).snapshot.rrsets
        return {r.key: (r.ttl, {rdata_text(rdata) for rdata in r.rdatas}) for r in found}

    folder = corpus / "dnscontrol-getzones"
    assert sets(folder / f"{zone}.zone.zone") == sets(folder / f"{zone}.zone")


def rdata_text(rdata: Rdata) -> str:
    """The rdata as text, strings joined."""
    return b"".join(rdata.strings).decode("latin-1") if isinstance(rdata, TXTBase) else rdata.to_text()


def azure_values(properties: dict[str, Any], rdtype: str) -> set[str]:
    """The rdata of a record set of Azure's, as text."""
    match rdtype:
        case "A":
            return {record["ipv4Address"] for record in properties["ARecords"]}
        case "AAAA":
            return {record["ipv6Address"] for record in properties["AAAARecords"]}
        case "CNAME":
            return {properties["CNAMERecord"]["cname"]}
        case "MX":
            return {f"{record['preference']} {record['exchange']}" for record in properties["MXRecords"]}
        case "NS":
            return {record["nsdname"] for record in properties["NSRecords"]}
        case "PTR":
            return {record["ptrdname"] for record in properties["PTRRecords"]}
        case "SRV":
            fields = ("priority", "weight", "port", "target")
            return {" ".join(str(record[name]) for name in fields) for record in properties["SRVRecords"]}
        case "TXT":
            # az keeps the backslash of an escaped blank (2018-01).
            return {"".join(record["value"]).replace("\\ ", " ") for record in properties["TXTRecords"]}
        case _:
            raise AssertionError(rdtype)


@pytest.mark.parametrize("zone", ["zone1", "zone3", "zone4", "zone7"])
def test_azures_import_stored_what_is_read_here(corpus: Path, zone: str) -> None:
    """All sets but those of the apex, which Azure fills itself, and CAA, whose quotes it kept."""
    folder = corpus / "azure-cli-zonefiles/network/tests/latest/zone_files"
    reading = read(folder / f"{zone}.txt", absolute(f"{zone}.com."))
    recorded = corpus / f"derived-azure-expected/network__latest__test_dns_{zone}_import.json"
    expected = json.loads(recorded.read_text())
    ours: dict[tuple[str, str], tuple[int, set[str]]] = {}
    for rrset in assembled(reading).snapshot.rrsets:
        values = {rdata_text(rdata) for rdata in rrset.rdatas}
        assert rrset.ttl is not None
        ours[text_of(rrset.owner), RdataType.to_text(rrset.rdtype)] = (rrset.ttl, values)

    compared = 0
    for put in expected["puts"]:
        rdtype, name = put["type"], put["name"]
        if name == "@" or rdtype == "CAA" or put["status"] >= 400:
            continue
        properties = put["request"]["properties"]
        owner = text_of(absolute(name.removesuffix(".@"), reading.origin))
        if (owner, rdtype) in ours:
            ttl, values = ours[owner, rdtype]
            assert azure_values(properties, rdtype) == values, (owner, rdtype)
            # zone3 has no $TTL: Azure takes 3600 for what states none, where RFC 1035 has the last one stated.
            assert zone == "zone3" or properties["TTL"] == ttl, (owner, rdtype)
            compared += 1
    assert compared >= len([put for put in expected["puts"] if put["name"] != "@" and put["type"] != "CAA"]) - 2


def test_azures_bad_zone_files_have_findings(corpus: Path) -> None:
    folder = corpus / "azure-cli-zonefiles/network/tests/latest/zone_files"
    outside = assembled(read(folder / "fail1.txt", absolute("example.com.")))
    first_a = read(folder / "fail3.txt", absolute("example.com."))

    # `$ORIGIN foo.com` without the dot is below example.com, as servers read it.
    assert [text_of(r.owner) for r in outside.snapshot.rrsets] == ["example.com.", "fail.foo.com.example.com."]
    # Azure wants the SOA first; servers do not mind, but for the TTL that only the SOA gives.
    assert [finding.check for finding in first_a.findings] == ["zonefile.no-ttl", "zonefile.no-ttl"]


def test_exports_of_cloudflare_and_of_azures_portal(corpus: Path) -> None:
    cloudflare = read(corpus / "excerpts/cloudflare-tothnet.hu.txt")
    portal = read(corpus / "excerpts/azure-portal-adatum.com-EXPORT-quirks.txt")

    assert [finding.check for finding in cloudflare.findings] == ["zonefile.automatic-ttl"]
    assert {record.ttl for record in cloudflare.records} == {300, 3600}
    assert portal.origin == absolute("adatum.com.")
    assert [f.check for f in portal.findings] == ["zonefile.origin-without-dot", "zonefile.soa-twice"]


def test_cli53s_dialect(corpus: Path) -> None:
    origin = absolute("example.com.")

    def sets(name: str) -> list[tuple[str, tuple[object, ...], list[str]]]:
        assembly = assembled(read(corpus / "cli53" / name, origin))
        found = assembly.snapshot.rrsets
        return [(r.key.variant, r.extras, [rdata.to_text() for rdata in r.rdatas]) for r in found]

    assert sets("weighted.txt") == [
        ("One", (Weighted(1),), ["127.0.0.1"]),
        ("Two", (Weighted(2),), ["127.0.0.2"]),
        ("Zero", (Weighted(0),), ["127.0.0.1"]),
    ]
    assert sets("failover.txt") == [
        (
            "failover-Primary",
            (Failover("PRIMARY"), HealthCheck("6bb57c41-879a-42d0-acdd-ed6472f08eb9")),
            ["127.0.0.1"],
        ),
        ("failover-Secondary", (Failover("SECONDARY"),), ["127.0.0.2"]),
    ]
    alias = Alias(absolute("a.example.com."), "$self")
    assert sets("geo_alias.txt")[1:] == [
        ("Africa", (Geolocation("AF"),), ["127.0.0.2"]),
        ("UK", (alias, Geolocation("", "GB")), []),
    ]
    for path in files(corpus / "cli53", "*.txt"):
        if path.name != "validate2.txt":
            assert read(path, origin).findings == (), path.name


def test_idn_zones(corpus: Path) -> None:
    reading = read(corpus / "binxio-migrate/zones/bönn.de")

    assert reading.origin == absolute("xn--bnn-sna.de.")
    assert {finding.check for finding in reading.findings} >= {"zonefile.unicode-name"}
