"""Which octets are loaded although they are no rdata of their type: the name servers themselves say so."""

import os
from pathlib import Path

import pytest
from dns.rdatatype import RdataType

from migrator.zonefile.loadable import is_loaded
from tests.lab.missing import why_not
from tests.plain.test_servers import said_of

START = """$ORIGIN example.org.
$TTL 300
@ SOA ns1.example.net. host.example.net. 1 7200 3600 1209600 3600
@ NS ns1.example.net.
"""
PLACE = "00121316" + "80000000" * 2 + "00989680"

LOADED = {
    "a LOC of another version": (RdataType.LOC, "01"),
    "a LOC on the equator": (RdataType.LOC, PLACE),
    "a LOC at a pole": (RdataType.LOC, PLACE[:8] + "934fd900" + PLACE[16:]),
    "a LOC without a size": (RdataType.LOC, "0000" + PLACE[4:]),
    "a relay of an unknown kind": (RdataType.AMTRELAY, "0a7f61"),
    "a relay that is a name": (RdataType.AMTRELAY, "0a0301610000"[:10]),
    "a digest of one octet": (RdataType.TLSA, "03010100"),
    "a digest of a mail certificate": (RdataType.SMIMEA, "03010100"),
    "parameters in AliasMode": (RdataType.HTTPS, "0000016100" + "0001" + "0003026832"),
    "an ECH of three octets": (RdataType.SVCB, "000100" + "0005" + "0003616263"),
    "a promise that is kept": (RdataType.HTTPS, "000000" + "00000002" + "0003" + "0003" + "000201bb"),
    "a path for DNS": (RdataType.SVCB, "000000" + "00070008" + b"/q{?dns}".hex()),
    "hints in AliasMode": (RdataType.SVCB, "000000" + "00040004c0000201" + "00060010" + "20" * 16),
    "h2 behind no default": (RdataType.SVCB, "000000" + "0001" + "0003026832" + "00020000"),
}
NOT_LOADED = {
    "a LOC of three octets": (RdataType.LOC, "001216"),
    "no LOC at all": (RdataType.LOC, ""),
    "a LOC beyond the pole": (RdataType.LOC, PLACE[:8] + "934fd901" + PLACE[16:]),
    "a LOC beyond the date line": (RdataType.LOC, PLACE[:16] + "a69fb201" + PLACE[24:]),
    "a LOC of no size": (RdataType.LOC, "00ff" + PLACE[4:]),
    "a relay of one octet": (RdataType.AMTRELAY, "0a"),
    "a relay of three octets": (RdataType.AMTRELAY, "0a01c00002"),
    "a relay with more behind its name": (RdataType.AMTRELAY, "0a0301610000"),
    "a TLSA without data": (RdataType.TLSA, "030101"),
    "a TLSA of one octet": (RdataType.TLSA, "03"),
    "an SMIMEA without data": (RdataType.SMIMEA, "030101"),
    "an HTTPS without a target": (RdataType.HTTPS, "0001"),
    "an HTTPS of one octet": (RdataType.HTTPS, "00"),
    "a compressed target": (RdataType.SVCB, "0001c00c"),
    "a label that is cut off": (RdataType.SVCB, "00010461"),
    "keys in disorder": (RdataType.SVCB, "000000" + "000301bb"[:4] + "000201bb" + "00020000"),
    "a value that is cut off": (RdataType.SVCB, "000000" + "0005000561"),
    "a key that is cut off": (RdataType.SVCB, "000000" + "0005"),
    "a promise that is not kept": (RdataType.HTTPS, "000000" + "00000002" + "0003"),
    "a promise of itself": (RdataType.HTTPS, "000000" + "00000002" + "0000"),
    "no default, and no other": (RdataType.SVCB, "000000" + "00020000"),
    "a port of one octet": (RdataType.SVCB, "000000" + "0003000101"),
    "no protocols": (RdataType.SVCB, "000000" + "00010000"),
    "a path without its variable": (RdataType.SVCB, "000000" + "00070002" + "2f71"),
    "a text for an address": (RdataType.A, "c00002"),
}


@pytest.mark.parametrize("case", [*LOADED, *NOT_LOADED])
def test_octets_are_loaded_by_all_or_not(case: str) -> None:
    rdtype, octets = {**LOADED, **NOT_LOADED}[case]

    assert is_loaded(rdtype, bytes.fromhex(octets)) is (case in LOADED)


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
@pytest.mark.parametrize("case", [*LOADED, *NOT_LOADED])
def test_bind_and_the_others_agree(case: str, tmp_path: Path) -> None:
    if why_not():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why_not())
    rdtype, octets = {**LOADED, **NOT_LOADED}[case]
    file = tmp_path / "x.zone"
    file.write_text(f"{START}h TYPE{int(rdtype)} \\# {len(octets) // 2} {octets}\n")
    # Knot hangs on some octets that it refuses.
    tools = ["named-checkzone", "nsd-checkzone", *(["kzonecheck"] if case in LOADED else [])]
    codes = {tool: said_of(tool, "example.org.", file)[0] for tool in tools}

    assert (max(codes.values()) == 0) is (case in LOADED), codes
    assert (codes["named-checkzone"] == 0) is (case in LOADED)
