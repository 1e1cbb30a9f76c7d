"""With which octets of rare types BIND refuses a zone: the program itself says so, and loads what is left."""

from pathlib import Path

import pytest
from dns.rdatatype import RdataType

from migrator.plain import header, plain_zone
from migrator.plain.rare import RARE_TYPES, rare_fault
from migrator.plain.strictness import is_strict
from migrator.zonefile.writer import write_zone
from tests.plain.test_strictness import START, checkers, refusing, snapshot_of

__all__ = ["checkers"]

SIGNATURE = "00010d0200000e10700000006000000012340" + "76578616d706c65036f726700"

# Type and octets; the same type may have several cases.
REFUSED: dict[str, tuple[str, str]] = {
    "an empty EID": ("TYPE31", ""),
    "an empty NIMLOC": ("TYPE32", ""),
    "an ATMA of one octet": ("TYPE34", "01"),
    "an ATMA of letters": ("TYPE34", "0161"),
    "a SINK of two octets": ("TYPE40", "0800"),
    "an RKEY without a key": ("TYPE57", "00000308"),
    "an RKEY with flags": ("TYPE57", "00010308aa"),
    "a TALINK of one name": ("TYPE58", "016100"),
    "a DOA without its media type": ("TYPE259", "00000001000000010003612f"),
    "a DOA of nine octets": ("TYPE259", "000000010000000100"),
    "no A6": ("TYPE38", ""),
    "an A6 with a longer prefix than an address": ("TYPE38", "8100"),
    "an A6 without its address": ("TYPE38", "4020"),
    "an A6 with more than its suffix": ("TYPE38", "7cff00"),
    "an A6 with a name and no prefix": ("TYPE38", "00" + 16 * "20" + "00"),
    "an A6 without its name": ("TYPE38", "80"),
    "an MB of no name": ("TYPE7", ""),
    "an MG of a name that is compressed": ("TYPE8", "c000"),
    "an MR of two names": ("TYPE9", "0000"),
    "a MINFO of one name": ("TYPE14", "016100"),
    "an NXT of half a name": ("TYPE30", "0161"),
    "an NXT that ends in zeros": ("TYPE30", "0161006000"),
    "an NXT of 17 octets": ("TYPE30", "016100" + 17 * "40"),
    "a TA without a digest": ("TYPE32768", "00010802"),
    "a TA of half a digest": ("TYPE32768", "00010802" + 16 * "00"),
    "an empty BRID": ("TYPE68", ""),
    "an empty HHIT": ("TYPE67", ""),
    "a CDS without a digest": ("CDS", "00010809"),
    "a DLV without a digest": ("TYPE32769", "00010809"),
    "a CERT without a certificate": ("CERT", "0001000105"),
    "an empty DHCID": ("DHCID", ""),
    "a DNSKEY of nobody's algorithm": ("DNSKEY", "010003fdc000"),
    "a CDNSKEY of nobody's algorithm": ("CDNSKEY", "010003fd0161"),
    "a KEY of nobody's algorithm": ("KEY", "010003fd0161"),
    "a KEY that has none by its flags": ("KEY", "c0000308aa"),
    "a HIP without a tag": ("TYPE55", "00020001aa"),
    "a HIP without a key": ("TYPE55", "01020000aa"),
    "an IPSECKEY without a key": ("IPSECKEY", "000000"),
    "an IPSECKEY of a host without a key": ("IPSECKEY", "0a0302016100"),
    "an IPSECKEY of an address without a key": ("IPSECKEY", "0a0102c0000201"),
    "an RRSIG without a signature": ("RRSIG", SIGNATURE),
    "an RRSIG of a name above its signer": ("RRSIG", f"{SIGNATURE[:7]}1{SIGNATURE[8:]}aa"),
    "a SIG without a signature": ("TYPE24", SIGNATURE),
    "a WKS that ends in zeros": ("TYPE11", "c00002010600"),
}
LOADED: dict[str, tuple[str, str]] = {
    "an EID": ("TYPE31", "00"),
    "an ATMA of digits": ("TYPE34", "0139"),
    "a SINK": ("TYPE40", "080002"),
    "an RKEY": ("TYPE57", "0000030800"),
    "an RKEY of an algorithm with a name": ("TYPE57", "000003fd0161006b"),
    "a TALINK": ("TYPE58", "016100016200"),
    "a DOA without data": ("TYPE259", "00000001000000010000"),
    "an A6 of a whole address": ("TYPE38", "00" + 16 * "20"),
    "an A6 of four bits": ("TYPE38", "7c0f016100"),
    "an A6 of half an address": ("TYPE38", "40" + 8 * "20" + "016100"),
    "an A6 of a prefix": ("TYPE38", "80016100"),
    "an MB": ("TYPE7", "016100"),
    "a MINFO": ("TYPE14", "0000"),
    "an NXT": ("TYPE30", "01610040"),
    "an NXT without types": ("TYPE30", "016100"),
    "a TA": ("TYPE32768", "00010802" + 32 * "00"),
    "a TA of an unknown digest": ("TYPE32768", "00010863aa"),
    "a CDS of one octet": ("CDS", "0001080900"),
    "a CERT of one octet": ("CERT", "000100010500"),
    "a DHCID of one octet": ("DHCID", "00"),
    "a KEY of an algorithm with a name": ("KEY", "010003fd00"),
    "a KEY without one": ("KEY", "c0000308"),
    "a HIP": ("TYPE55", "01020001aaaa"),
    "an IPSECKEY": ("IPSECKEY", "00000000"),
    "an IPSECKEY of a host": ("IPSECKEY", "0a030201610000"),
    "an RRSIG": ("RRSIG", f"{SIGNATURE}aa"),
    "a SIG of a name above its signer": ("TYPE24", f"{SIGNATURE[:7]}1{SIGNATURE[8:]}aa"),
    "a WKS": ("TYPE11", "c000020106" + 8192 * "01"),
    "a WKS without ports": ("TYPE11", "c000020106"),
    "a GPOS of no numbers": ("TYPE27", "0001610161"),
}


def line_of(case: tuple[str, str]) -> str:
    rdtype, octets = case
    return f"x {rdtype} \\# {len(octets) // 2} {octets}\n"


@pytest.mark.parametrize("case", [*REFUSED, *LOADED])
def test_octets_of_a_rare_type_are_refused_or_not(case: str) -> None:
    (rrset,) = [r for r in snapshot_of(line_of({**REFUSED, **LOADED}[case])).rrsets if r.owner.labels[0] == b"x"]

    assert bool(rare_fault(rrset.rdatas[0])) is (case in REFUSED)
    assert is_strict(rrset) or case in LOADED


def test_each_rare_type_has_a_case() -> None:
    cases = {RdataType.from_text(rdtype) for rdtype, _ in REFUSED.values()}

    assert cases >= RARE_TYPES - {RdataType.DS}  # whose rule is that of CDS


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
@pytest.mark.usefixtures("checkers")
@pytest.mark.parametrize("case", [*REFUSED, *LOADED])
def test_bind_says_the_same(case: str, tmp_path: Path) -> None:
    text = START + line_of({**REFUSED, **LOADED}[case])

    assert ("BIND" in refusing(text, tmp_path)) is (case in REFUSED)


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
@pytest.mark.usefixtures("checkers")
@pytest.mark.parametrize("case", [*REFUSED, *LOADED])
def test_all_load_what_is_exported(case: str, tmp_path: Path) -> None:
    snapshot = snapshot_of(line_of({**REFUSED, **LOADED}[case]))
    plain = plain_zone(snapshot)
    text = "".join(f"{line}\n" for line in write_zone(snapshot.origin, plain.entries, header(snapshot)))

    assert refusing(text, tmp_path) == set()
    assert any(line.startswith("x.") for line in text.splitlines()) is (case in LOADED)
    assert [f.check for f in plain.findings] == ["plain.not-loadable"] * (case in REFUSED)
