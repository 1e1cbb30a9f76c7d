"""BIND, Knot and NSD load the zone file of whatever a provider can hold, without a complaint."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from dns.rdata import GenericRdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.errors import ZoneFileError
from migrator.model.extras import (
    ClientNetwork,
    Failover,
    Flattened,
    ForRecord,
    Geolocation,
    Latency,
    MultiValueAnswer,
    Note,
    Opaque,
    Proxied,
    RecordTTL,
    Weighted,
)
from migrator.model.names import absolute
from migrator.model.rrset import Record, RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, assemble, assemble_rrsets
from migrator.plain import header, plain_zone
from migrator.zonefile import read_zone
from migrator.zonefile.writer import write_zone
from tests.lab.missing import program, why_not
from tests.snapshots import NS, SOA, alias, name, rdata, rrset, zone

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]


@pytest.fixture(scope="module", autouse=True)
def checkers() -> None:
    if why_not():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why_not())


# `-i local`: BIND must not ask the network for the names that a zone points to.
CHECKS: dict[str, Callable[[str, Path], list[str]]] = {
    "named-checkzone": lambda origin, file: ["-i", "local", "-k", "fail", origin, str(file)],
    "kzonecheck": lambda origin, file: ["-o", origin, str(file)],
    "nsd-checkzone": lambda origin, file: [origin, str(file)],
}
# What each says of a zone with which all is well.
CALM: dict[str, Callable[[str], bool]] = {
    "named-checkzone": lambda line: line == "OK" or "loaded serial" in line,
    "kzonecheck": lambda line: "No semantic error found" in line,
    "nsd-checkzone": lambda line: line.endswith(" is ok"),
}


def said_of(tool: str, origin: str, file: Path) -> tuple[int, list[str]]:
    """The exit code of a checker, and its lines but for what it says of a good zone."""
    path = program(tool)
    assert path is not None
    done = subprocess.run([path, *CHECKS[tool](origin, file)], capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    return done.returncode, [line for line in lines if line.strip() and not CALM[tool](line)]


def complaints(snapshot: ZoneSnapshot, folder: Path) -> dict[str, tuple[int, list[str]]]:
    """What each checker that is not content says of the exported file."""
    file = folder / "exported.zone"
    lines = write_zone(snapshot.origin, plain_zone(snapshot).entries, header(snapshot))
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    found = {tool: said_of(tool, snapshot.origin.to_text(), file) for tool in CHECKS}
    return {tool: said for tool, said in found.items() if said != (0, [])}


FEATURES = (
    alias("@", "A", "lb.example.net."),
    alias("@", "AAAA", "lb.example.net."),
    rrset("@", "CNAME", "site.example.net.", extras=(Flattened(),)),
    rrset("@", "MX", "10 mx1.example.net.", extras=(Note('line\nbreak ; "quote" \x1b[2J ü'),)),
    rrset("@", "DS", "1 8 2 " + "00" * 32),
    alias("app", "A", "lb.example.net."),
    alias("app", "AAAA", "LB.example.net."),
    alias("*.wild", "A", "lb.example.net."),
    alias("inside", "A", "www"),
    rrset("inside", "TXT", '"other data"'),
    rrset("www", "A", "192.0.2.1", variant="a b", extras=(Weighted(1),)),
    rrset("www", "A", "192.0.2.2", variant="c;d", extras=(Weighted(0),)),
    rrset("cw", "CNAME", "a.example.net.", variant="1", extras=(Weighted(1),)),
    rrset("cw", "CNAME", "b.example.net.", variant="2", extras=(Weighted(2),)),
    rrset("fail", "A", "192.0.2.3", variant="1", extras=(Failover("PRIMARY"),)),
    rrset("fail", "A", "192.0.2.4", variant="2", extras=(Failover("SECONDARY"),)),
    rrset("geo", "A", "192.0.2.5", variant="1", extras=(Geolocation(country="DE"),)),
    rrset("geo", "A", "192.0.2.6", variant="2", extras=(Geolocation(country="*"),)),
    rrset("nodefault", "A", "192.0.2.7", variant="1", extras=(Geolocation(country="DE"),)),
    rrset("net", "A", "192.0.2.8", variant="1", extras=(ClientNetwork("c", "*"),)),
    rrset("fast", "A", "192.0.2.9", variant="1", extras=(Latency("eu"),), ttl=10),
    rrset("fast", "A", "192.0.2.10", variant="2", extras=(Latency("us"),), ttl=20),
    rrset("many", "A", "192.0.2.11", variant="1", extras=(MultiValueAnswer(),)),
    rrset("many", "A", "192.0.2.11", variant="2", extras=(MultiValueAnswer(),)),
    rrset("proxied", "A", "192.0.2.12", extras=(Proxied(),)),
    rrset("mixed", "A", "192.0.2.13", "192.0.2.14", extras=(ForRecord("192.0.2.14", RecordTTL(900)),)),
    rrset("empty", "TXT"),
    rrset("future", "A", ttl=None, extras=(Opaque("route53", "X", '{"a": "\\n"}'),)),
    rrset("both", "CNAME", "a.example.net."),
    rrset("both", "A", "192.0.2.15"),
    rrset("two", "CNAME", "a.example.net.", "b.example.net."),
    rrset("key", "CNAME", "a.example.net."),
    rrset("key", "KEY", "256 3 13 AAAA"),
    rrset("enum", "NAPTR", '1 1 "u" "E2U+sip" "!^.*$!sip:a@example.com!i" .', '2 1 "u" "E2U+sip" "!(!x!" .'),
    rrset("large", "TXT", *(f'"{number:0119d}"' for number in range(700))),
    rrset("dn", "DNAME", "example.net."),
    rrset("x.dn", "A", "192.0.2.16"),
    rrset("soa", "SOA", "a. b. 1 2 3 4 5"),
    rrset("*.ns", "NS", "ns1.example.net."),
    make(
        RRsetKey(name("short"), RdataType.A),
        60,
        (GenericRdata(RdataClass.IN, RdataType.A, b"\xc0\x00"), rdata("A", "192.0.2.17")),
    ),
    make(
        RRsetKey(name("aliasmode"), RdataType.HTTPS),
        60,
        (GenericRdata(RdataClass.IN, RdataType.HTTPS, bytes.fromhex("0000016100" + "0001" + "0003026832")),),
    ),
    make(
        RRsetKey(name("uri"), RdataType.URI),
        60,
        (GenericRdata(RdataClass.IN, RdataType.URI, b"\x00\x0a\x00\x01"),),
    ),
    rrset(r"we\.ird\000\255\;x", "TXT", r'"\000\255;\"\\"'),
    rrset("unknown", "TYPE65400", r"\# 3 C00002"),
)


def test_a_zone_of_every_feature_is_loaded_by_all_three(tmp_path: Path) -> None:
    everything = zone(*FEATURES)
    with_stray = ZoneSnapshot(
        everything.origin, everything.rrsets, stray=(Record(name("x.test."), 5, rdata("A", "192.0.2.1")),)
    )

    assert complaints(with_stray, tmp_path) == {}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda r: f"{r.owner}-{r.rdtype.name}-{r.key.variant}")
def test_each_feature_by_itself_is_loaded_by_all_three(feature: RRset, tmp_path: Path) -> None:
    assert complaints(zone(feature), tmp_path) == {}


@pytest.mark.parametrize("origin", [".", "invalid.", "ns.invalid.", "test.invalid."])
def test_a_zone_that_the_stand_ins_would_be_names_of_is_loaded_by_all_three(origin: str, tmp_path: Path) -> None:
    text = rrset("text.invalid.", "TXT", '"x"')
    snapshot = assemble_rrsets(absolute(origin), [text] if origin in {".", "invalid."} else []).snapshot

    assert complaints(snapshot, tmp_path) == {}


def test_the_checkers_do_complain_of_what_is_left_as_it_is(tmp_path: Path) -> None:
    """Otherwise the tests above would say nothing."""
    file = tmp_path / "bad.zone"
    both = [feature for feature in FEATURES if feature.owner == name("both")]
    lines = [f"{r.owner} {r.ttl} IN {r.rdtype.name} {d.to_text()}" for r in (SOA, NS, *both) for d in r.rdatas]
    file.write_text("".join(f"{line}\n" for line in lines))

    assert len(both) == 2
    assert all(said_of(tool, "example.org.", file)[0] for tool in CHECKS)


@pytest.mark.corpus
def test_real_zones_are_loaded_by_all_three_as_exported(corpus: Path, tmp_path: Path) -> None:
    """Most of them have no SOA as they are found; some name servers do not exist."""
    checked = 0
    for source in sorted((corpus / "derived-real-zones").rglob("*.zone")):
        reading = read_zone(source.read_bytes(), file=source.name)
        found = complaints(assemble(reading.origin, reading.records).snapshot, tmp_path)

        assert {tool: code for tool, (code, _) in found.items() if code} == {}, source.name
        checked += 1
    assert checked > 100


@pytest.mark.corpus
def test_no_file_is_worse_as_exported(corpus: Path, tmp_path: Path) -> None:
    """What a checker accepts as it is found it accepts as exported, with no more to say than before."""
    sources = [path for folder in ("bind9-checkzone", "zonemaster-zones") for path in (corpus / folder).rglob("*")]
    checked = 0
    for source in sorted(path for path in sources if path.suffix in {".db", ".zone"}):
        try:
            reading = read_zone(source.read_bytes(), file=source.name)
        except ZoneFileError:
            continue
        for tool, (code, said) in complaints(assemble(reading.origin, reading.records).snapshot, tmp_path).items():
            code_before, said_before = said_of(tool, reading.origin.to_text(), source)
            assert (code, len(said)) <= (code_before, len(said_before)), (source.name, tool, said)
        checked += 1
    assert checked > 50
