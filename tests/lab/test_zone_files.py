"""Zone files against the three name servers: what is written loads in each, and what BIND reads is read alike."""

from pathlib import Path

import pytest
from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.model.names import absolute, folded, is_within
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.zonefile import Reading, read_zone
from migrator.zonefile.writer import Entry, write_zone
from tests.lab.daemon import tool
from tests.strategies import KNOWN_TYPES, ORIGIN, names, octets, rdatas, unknown_rdatas

pytestmark = pytest.mark.usefixtures("name_servers")

ZONE = "example.org."
EXAMPLES = 25
SOA_AND_NS = read_zone(
    b"@ 60 SOA ns.example.net. host\\.master.example.net. 1 2 3 4 5\n@ 60 NS ns.example.net.",
    file="",
    origin=ORIGIN,
)
CHECKERS = {
    # -i none: BIND shall not ask the network for the addresses of names; -k ignore: owners of any octets.
    "BIND": ["named-checkzone", "-q", "-i", "none", "-k", "ignore", ZONE],
    "Knot": ["kzonecheck", "-o", ZONE],
    "NSD": ["nsd-checkzone", ZONE],
}
MANY = settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))


def drawn(strategy: st.SearchStrategy[Rdata]) -> list[Rdata]:
    """Return what a strategy gives in one run of Hypothesis, so that a server reads it all at once."""
    found: list[Rdata] = []

    @MANY
    @given(strategy)
    def collect(rdata: Rdata) -> None:
        found.append(rdata)

    collect()
    return found


def zone_of(rdatas_found: list[Rdata]) -> list[RRset]:
    """Return a zone with an owner for each rdata, and with the delegation that a DS needs."""
    ns = next(record.rdata for record in SOA_AND_NS.records if record.rdata.rdtype == RdataType.NS)
    sets = [RRset(RRsetKey(r.owner, r.rdata.rdtype), r.ttl, (r.rdata,)) for r in SOA_AND_NS.records]
    for number, rdata in enumerate(rdatas_found):
        owner = absolute(f"x{number}", ORIGIN)
        sets.append(make(RRsetKey(owner, rdata.rdtype), 60, (rdata,)))
        if rdata.rdtype == RdataType.DS:
            sets.append(make(RRsetKey(owner, RdataType.NS), 60, (ns,)))
    return sets


def written(sets: list[RRset], folder: Path) -> Path:
    path = folder / "written.zone"
    path.write_text("".join(f"{line}\n" for line in write_zone(ORIGIN, map(Entry, sets))), encoding="ascii")
    return path


def compiled(path: Path, folder: Path, zone: str = ZONE) -> Reading:
    """Return what BIND made of a zone file."""
    out = folder / "compiled.zone"
    tool(["named-compilezone", "-q", "-i", "none", "-k", "ignore", "-o", str(out), zone, str(path)], folder)
    return read_zone(out.read_bytes(), file=str(out), origin=absolute(zone))


def content(reading: Reading) -> set[tuple[object, ...]]:
    return {(folded(r.owner), r.ttl, r.rdata.rdtype, r.rdata.to_digestable()) for r in reading.records}


@pytest.mark.parametrize("rdtype", [t for t in KNOWN_TYPES if t != RdataType.SOA], ids=RdataType.to_text)
def test_each_type_loads_in_every_server_and_bind_reads_the_same(rdtype: RdataType, tmp_path: Path) -> None:
    strategy = rdatas(rdtype)
    if rdtype == RdataType.NS:  # Knot wants the address of a name server inside the zone
        strategy = strategy.filter(_is_outside)
    sets = zone_of(drawn(strategy))
    path = written(sets, tmp_path)

    for command in CHECKERS.values():
        tool([*command, str(path)])
    expected = {(folded(s.owner), s.ttl, s.rdtype, rdata.to_digestable()) for s in sets for rdata in s.rdatas}
    assert content(compiled(path, tmp_path)) == expected


def _is_outside(rdata: Rdata) -> bool:
    assert isinstance(rdata, NS)
    return not is_within(rdata.target, ORIGIN)


def test_types_without_a_name_load_in_every_server(tmp_path: Path) -> None:
    path = written(zone_of(drawn(unknown_rdatas())), tmp_path)

    for command in CHECKERS.values():
        tool([*command, str(path)])


def test_the_soa_of_any_names_loads_in_every_server(tmp_path: Path) -> None:
    for number, rdata in enumerate(drawn(rdatas(RdataType.SOA))):
        if number % 5 == 0:
            sets = [make(RRsetKey(ORIGIN, RdataType.SOA), 60, (rdata,)), zone_of([])[1]]
            path = written(sets, tmp_path)
            for command in CHECKERS.values():
                tool([*command, str(path)])


def test_owners_of_any_octets_load_in_every_server(tmp_path: Path) -> None:
    (a,) = drawn(rdatas(RdataType.A))[:1]
    sets = zone_of([])

    @MANY
    @given(st.lists(names(parts=octets(1, 20)), min_size=8, max_size=8))
    def collect(found: list[Name]) -> None:
        sets.extend(make(RRsetKey(owner, RdataType.A), 60, (a,)) for owner in found)

    collect()
    distinct = list({rrset.key: rrset for rrset in sets}.values())
    path = written(distinct, tmp_path)

    for command in CHECKERS.values():
        tool([*command, str(path)])
    assert {folded(r.owner) for r in compiled(path, tmp_path).records} == {folded(s.owner) for s in distinct}


START = "@ 600 IN SOA ns1 host\\.master 1 1h 15m 1w 1d\n\tNS\tns1\nns1 A 192.0.2.1\n"


@pytest.mark.parametrize(
    "text",
    [
        "$TTL 1w2d3h4m5s\n" + START,
        START + "a 10 A 192.0.2.1\nb A 192.0.2.2\n$TTL 5\nc A 192.0.2.3\nd 6 A 192.0.2.4\ne A 192.0.2.5\n",
        "@ SOA ns1 host 1 2 3 4 77\n NS ns1\nns1 5 A 192.0.2.1\na A 192.0.2.2\n",
        START + "$ORIGIN sub\na A 192.0.2.1\n\tTXT ( one ; word\n two )\n$ORIGIN @\nb A 192.0.2.2\n",
        START + 'a.b\\.c\\032d A 192.0.2.1\n\\065B TXT "\\065;\\"" x\\ y\n* CNAME @\n',
        START + "$INCLUDE inner.zone in.example.org.\n TXT x\nz A 192.0.2.8\n",
        START + "$GENERATE 0-20/5 h${-3,3,d} A 192.0.2.${1}\n$GENERATE 1024-1026 ${0,7,n}.r PTR h${0,0,X}.\n",
        START + "a TYPE1 \\# 4 c0000201\nb TYPE65400 \\# 0\nc A \\# 4 ( C0 00\n 02 01 )\n",
        START + "a ATMA 39.246f\nb EID 12 89 ab\nc MINFO a b\nd SINK 8 0 2 l4ik\ne TALINK . a\nf A6 64 ::1 a\n",
        START + 'a HTTPS 1 . alpn=h2,h3 ech=AAAA\nb SVCB 1 . alpn="a\\\\,b" key9="x y"\nc TLSA 3 1 1 abcd\n',
        START + 'a HINFO PC\\;x "a;b"\nb NAPTR 1 2 u "E2U+sip" !^.*$!sip:x@y!i .\nc URI 1 2 "\\195\\164"\n',
        START + "a 1D IN A 192.0.2.1\nb IN 1D A 192.0.2.1\nin in a 192.0.2.1\n",
        (START + "a TXT x ; word\n").replace("\n", "\r\n"),
        START + "a A 192.0.2.1",
        "\n\n;\n ; x\n" + START,
    ],
)  # fmt: skip
def test_bind_reads_the_same_text_the_same(text: str, tmp_path: Path) -> None:
    path = tmp_path / "text.zone"
    path.write_text(text, encoding="ascii", newline="")
    inner = "x A 192.0.2.77\n$ORIGIN deeper\ny A 192.0.2.78\n$TTL 99\n"
    (tmp_path / "inner.zone").write_text(inner, encoding="ascii")
    opened = (inner.encode(), "inner.zone")
    reading = read_zone(text.encode(), file=str(path), origin=ORIGIN, include=lambda *_: opened)

    assert [found for found in reading.findings if found.severity == "error"] == []
    assert content(compiled(path, tmp_path)) == content(reading)
