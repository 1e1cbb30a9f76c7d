"""Azure's own recorded answers and azure-cli's zone files: read whole, and written as Azure stored them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.meaning.roles import octets
from migrator.model.finding import Position, Severity
from migrator.model.names import absolute
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.translate import translate
from migrator.zonefile import Reading
from migrator.zonefile.reader import read_zone
from providers.azure.body import body_of, type_name_of
from providers.azure.convert import CAPABILITIES, convert
from providers.azure.names import relative_of
from providers.azure.values import UnwritableError
from tests.cloud.round_trips import OLD, run, three_clouds

pytestmark = pytest.mark.corpus
RECORDINGS = ("azure-cli-recordings/network", "azure-mgmt-dns")
FILES = "azure-cli-zonefiles/network/tests/latest/zone_files"
Raw = dict[str, Any]
# The fields that hold a name: without a dot at its end where people typed none.
_TARGETS = frozenset({"cname", "exchange", "nsdname", "ptrdname", "target", "host", "email"})
# What the service adds by itself.
_ADDED = ("fqdn", "provisioningState", "targetResource")


def recorded_sets(corpus: Path) -> Iterator[tuple[Name, str, Raw]]:
    """Every record set in an answer of the public service, with its zone and the zone's id."""
    for folder in RECORDINGS:
        for path in sorted((corpus / folder).rglob("*.yaml")):
            for interaction in yaml.load(path.read_text(), yaml.CSafeLoader)["interactions"]:
                text = interaction["response"]["body"]["string"]
                if "dnszones" in text and interaction["response"]["status"]["code"] < 300:
                    yield from _sets_in(json.loads(text))


def _sets_in(found: Raw) -> Iterator[tuple[Name, str, Raw]]:
    for one in found.get("value", [found]):
        zone_id, slash, _ = one["id"].rpartition(f"/{one['type'].rpartition('/')[2]}/")
        if slash and "/dnszones/" in zone_id:
            yield absolute(zone_id.rpartition("/")[2]), zone_id, one


def test_every_recorded_set_is_read_without_a_remark_and_would_be_written_as_it_is(corpus: Path) -> None:
    seen: set[str] = set()
    for origin, zone_id, raw in recorded_sets(corpus):
        conversion = convert(raw, origin, zone_id)
        assert {found.severity for found in conversion.findings} <= {Severity.NOTICE}, raw
        rrset = conversion.rrset
        kind = raw["type"].rpartition("/")[2]
        assert (type_name_of(rrset), relative_of(rrset.owner, origin)) == (kind, raw["name"])
        assert _plain(body_of(rrset, origin, zone_id)["properties"]) == _plain(raw["properties"])
        seen.add(kind)
    assert seen == {"A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"}


def _plain(found: Any) -> Any:
    """Properties without what the service adds; lists in one order, targets with their dots."""
    if isinstance(found, dict):
        kept = {name: value for name, value in found.items() if name not in _ADDED or value not in ({}, None)}
        return {
            name: f"{value.rstrip('.')}." if name in _TARGETS else _plain(value)
            for name, value in kept.items()
            if name not in {"fqdn", "provisioningState"}
        }
    if isinstance(found, list):
        return sorted((_plain(item) for item in found), key=str)
    return found


# ---- zone file in, record sets out


def read_file(corpus: Path, name: str, origin: str) -> tuple[Path, Reading]:
    path = corpus / FILES / name
    return path, read_zone(path.read_bytes(), file=str(path), origin=absolute(origin))


def zone_file(corpus: Path, name: str, origin: str) -> ZoneSnapshot:
    _, reading = read_file(corpus, name, origin)
    return assemble(reading.origin, reading.records).snapshot


def expected_sets(corpus: Path, number: int) -> dict[tuple[str, str], Raw]:
    """What Azure stored, by type and name; SOA and apex NS are its own."""
    name = f"network__latest__test_dns_zone{number}_import.json"
    puts = json.loads((corpus / "derived-azure-expected" / name).read_text())["puts"]
    return {
        (put["type"], put["name"]): put["response"]["properties"]
        for put in puts
        if put["name"] != "@" or put["type"] not in {"SOA", "NS"}
    }


def made_of(snapshot: ZoneSnapshot) -> dict[tuple[str, str], Raw]:
    """What an import writes of a zone file, by type and name."""
    translation = translate(snapshot, CAPABILITIES)
    return {
        (RdataType.to_text(rrset.rdtype), relative_of(rrset.owner, snapshot.origin)): written(
            rrset, snapshot.origin
        )
        for rrset in translation.desired.rrsets
        if rrset.owner != snapshot.origin or rrset.rdtype not in {RdataType.SOA, RdataType.NS}
    }


def written(rrset: RRset, origin: Name) -> Raw:
    properties: Any = body_of(rrset, origin, "")["properties"]
    assert isinstance(properties, dict)
    return properties


@pytest.mark.parametrize(("number", "count"), [(1, 14), (3, 19), (4, 19)])
def test_a_zone_file_is_written_as_azure_stored_it(corpus: Path, number: int, count: int) -> None:
    """But for TTLs that the file does not state: azure-cli takes 3600, servers the last that was stated."""
    snapshot = zone_file(corpus, f"zone{number}.txt", f"zone{number}.com.")
    made = made_of(snapshot)
    expected = expected_sets(corpus, number)
    if number == 1:
        # `_sip._tls.@` is a name with the label `@`, as every server reads it; azure-cli cuts it off.
        assert translate(snapshot, CAPABILITIES).undecided_words() == ("name-unsupported",)
        del expected["SRV", "_sip._tls"]
    else:
        assert translate(snapshot, CAPABILITIES).undecided_words() == ()
    if number == 3:
        assert {found["TTL"] for found in made.values()} == {86400}
        assert {found["TTL"] for found in expected.values()} == {3600}
        made = {key: {**found, "TTL": 3600} for key, found in made.items()}
    assert {key: _joined(found) for key, found in made.items()} == {
        key: _joined(found) for key, found in expected.items()
    }
    assert len(made) == count


def _joined(properties: Raw) -> Any:
    """Properties with the strings of each text joined: azure-cli cuts them anew, we keep their borders."""
    found = _plain(properties)
    for record in found.get("TXTRecords", []):
        record["value"] = "".join(properties_strings(properties, record))
    if "TXTRecords" in found:
        found["TXTRecords"] = sorted(found["TXTRecords"], key=str)
    return found


def properties_strings(properties: Raw, record: Raw) -> list[str]:
    """The strings of a record in their own order."""
    (mine,) = [one["value"] for one in properties["TXTRecords"] if sorted(one["value"]) == record["value"]]
    return list(mine)


# ---- where azure-cli reads otherwise, and why this program does not


def test_an_at_within_a_name_is_no_origin(corpus: Path) -> None:
    """`_sip._tls.@` of zone1: azure-cli cuts the `.@` off, and every server takes it for a label of its own.

    Azure cannot hold that, so nothing is written in its place before a person has decided.
    """
    path, found = read_file(corpus, "zone1.txt", "zone1.com.")
    assert [(f.check, f.position) for f in found.findings if f.subject.startswith("_sip")] == [
        ("zonefile.at-in-owner", Position(str(path), 21))
    ]
    (loss,) = translate(assemble(found.origin, found.records).snapshot, CAPABILITIES).undecided
    assert (loss.key.owner, loss.what) == (absolute(r"_sip._tls.\@.zone1.com."), "name-unsupported")


def test_escapes_of_a_zone_file_are_octets_and_no_backslashes(corpus: Path) -> None:
    r"""zone7: azure-cli stores the backslashes of `\;` and `"\"\"\""`, another text than name servers answer.

    Two octets of the apex text are no UTF-8, which Azure cannot hold: again a person decides.
    """
    snapshot = zone_file(corpus, "zone7.txt", "zone7.com.")
    by_name = {(rrset.rdtype, relative_of(rrset.owner, snapshot.origin)): rrset for rrset in snapshot.rrsets}
    assert octets(by_name[RdataType.TXT, "@"].rdatas[0]) == b'a\\b\xff\x00;"""testtesttest"""'
    assert translate(snapshot, CAPABILITIES).undecided_words() == ("binary-text",)
    with pytest.raises(UnwritableError, match="octets that are no UTF-8"):
        body_of(by_name[RdataType.TXT, "@"], snapshot.origin, "")
    assert written(by_name[RdataType.TXT, "txt1"], snapshot.origin)["TXTRecords"] == [{"value": ["ab cd"]}]
    assert written(by_name[RdataType.CNAME, "cn1"], snapshot.origin) == {
        name: found for name, found in expected_sets(corpus, 7)["CNAME", "cn1"].items() if name not in _ADDED
    }


# ---- the files that must fail

# Of azure-cli's five the corpus has two; `fail1` differs from `fail2` in the owner alone, which is made here.
MUST_FAIL = {
    # `$ORIGIN foo.com` lacks its dot. azure-cli takes it for absolute and refuses a record outside the zone; BIND
    # and Knot read names below foo.com.example.com., and NSD refuses the file.
    "fail1": ("fail1.txt", b"", b"", "zonefile.origin-without-dot", 13),
    "fail2": ("fail1.txt", b"fail IN A", b"test. IN A", "zonefile.origin-without-dot", 13),
    # The SOA is not the first record. That by itself is no fault (RFC 1035 section 5.2 asks for one SOA, for no
    # order); but the record before it has no TTL that any line has stated, for which BIND refuses the file.
    "fail3": ("fail3.txt", b"", b"", "zonefile.no-ttl", 3),
}


@pytest.mark.parametrize("case", MUST_FAIL)
def test_a_file_that_must_fail_fails_with_its_line_and_is_not_written(
    corpus: Path, tmp_path: Path, case: str
) -> None:
    name, old, new, check, line = MUST_FAIL[case]
    path = tmp_path / "example.com.zone"
    path.write_bytes((corpus / FILES / name).read_bytes().replace(old, new, 1))
    with three_clouds(tmp_path) as clouds:
        exported = run("export", str(path), "-o", "backup", "--format", "json")
        assert exported.code == 1, exported.err
        errors = [f for f in exported.json["findings"] if f["severity"] == "error"]
        assert (check, str(path), line) in {(f["check"], f["file"], f["line"]) for f in errors}
        refused = run("import", str(path), f"azure:example.com?resource-group={OLD}", "--yes", "--format", "json")
        assert (refused.code, refused.json["refused"]) == (4, ["--allow-broken-source"])
        assert clouds.writes() == []


def test_a_record_outside_the_zone_is_told_and_never_written(corpus: Path) -> None:
    """What azure-cli takes fail1 for. A file may well have such records: BIND ignores them, and loads the rest."""
    path = corpus / FILES / "fail1.txt"
    text = path.read_bytes().replace(b"$ORIGIN foo.com", b"$ORIGIN foo.com.")
    reading = read_zone(text, file=str(path), origin=absolute("example.com."))
    snapshot = assemble(reading.origin, reading.records).snapshot
    assert [str(record.owner) for record in snapshot.stray] == ["fail.foo.com."]
    translation = translate(snapshot, CAPABILITIES)
    assert [loss.what for loss in translation.losses] == ["outside-the-zone"]
    assert [rrset.rdtype for rrset in translation.desired.rrsets] == []


def test_what_stands_before_the_soa_with_a_ttl_is_no_fault(tmp_path: Path) -> None:
    soa = b"@ 60 IN SOA ns1 hostmaster 1 7200 900 1209600 300\n"
    text = b"@ 60 IN A 192.0.2.1\n" + soa + b"@ 60 NS ns1\nns1 60 A 192.0.2.2\n"
    assert read_zone(text, file="example.com.zone", origin=absolute("example.com.")).findings == ()
