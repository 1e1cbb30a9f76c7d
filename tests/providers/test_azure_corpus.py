"""Azure's own recorded answers and azure-cli's zone files: read whole, and written as Azure stored them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.translate import translate
from migrator.zonefile.reader import read_zone
from providers.azure.body import body_of, type_name_of
from providers.azure.convert import CAPABILITIES, convert
from providers.azure.names import relative_of
from providers.azure.values import UnwritableError

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


def zone_file(corpus: Path, name: str, origin: str) -> ZoneSnapshot:
    path = corpus / FILES / name
    reading = read_zone(path.read_bytes(), file=str(path), origin=absolute(origin))
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


def test_escapes_of_a_zone_file_are_octets_and_no_backslashes(corpus: Path) -> None:
    r"""azure-cli stores the backslashes of `\;` and `"\"\"\""` and so another text than name servers answer."""
    snapshot = zone_file(corpus, "zone7.txt", "zone7.com.")
    by_name = {(rrset.rdtype, relative_of(rrset.owner, snapshot.origin)): rrset for rrset in snapshot.rrsets}
    assert written(by_name[RdataType.TXT, "txt1"], snapshot.origin)["TXTRecords"] == [{"value": ["ab cd"]}]
    assert written(by_name[RdataType.CNAME, "cn1"], snapshot.origin) == {
        name: found for name, found in expected_sets(corpus, 7)["CNAME", "cn1"].items() if name not in _ADDED
    }
    with pytest.raises(UnwritableError, match="octets that are no UTF-8"):
        body_of(by_name[RdataType.TXT, "@"], snapshot.origin, "")


def test_an_origin_without_its_dot_is_relative_as_everywhere(corpus: Path) -> None:
    """azure-cli takes it for absolute, and then refuses the file for a record outside the zone."""
    snapshot = zone_file(corpus, "fail1.txt", "example.com.")
    assert [str(rrset.owner) for rrset in snapshot.rrsets] == ["example.com.", "fail.foo.com.example.com."]


def test_a_record_outside_the_zone_is_told_and_never_written(corpus: Path) -> None:
    path = corpus / FILES / "fail1.txt"
    text = path.read_bytes().replace(b"$ORIGIN foo.com", b"$ORIGIN foo.com.")
    reading = read_zone(text, file=str(path), origin=absolute("example.com."))
    snapshot = assemble(reading.origin, reading.records).snapshot
    assert [str(record.owner) for record in snapshot.stray] == ["fail.foo.com."]
    translation = translate(snapshot, CAPABILITIES)
    assert [loss.what for loss in translation.losses] == ["outside-the-zone"]
    assert [rrset.rdtype for rrset in translation.desired.rrsets] == []


def test_a_file_whose_soa_comes_late_is_read_whole(corpus: Path) -> None:
    """azure-cli refuses it; no rule of zone files asks for the SOA first (RFC 1035 section 5.2 asks for one)."""
    snapshot = zone_file(corpus, "fail3.txt", "example.com.")
    assert [rrset.rdtype for rrset in snapshot.rrsets] == [RdataType.SOA, RdataType.A]
