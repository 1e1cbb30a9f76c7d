"""Signatures hold, now and for some days; and what is not there is proved."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dns.rcode import Rcode

from migrator.checks.dnssec.signatures import sig_valid
from migrator.cutover.look import Side
from migrator.model.observation import Answer, Question
from tests.checks.build import NEW, NOW, asked_by, delegation, facts, new_side, points, records, silent, told
from tests.checks.dnssec.signed import ds, signed, signed_text
from tests.cutover.build import names

DAY = timedelta(days=1)
FIRST = "ns1.new.example (203.0.113.1)"
NSEC = "@ 300 NSEC ns1 NS SOA RRSIG NSEC DNSKEY"


def one_server(zone: Any) -> Any:
    """Return the new side with one name server."""
    side = new_side(zone)
    return replace(side, names=names(NEW[0]), hosts=side.hosts[:1])


def proofs(known: Any, text: str = "") -> list[Answer]:
    """Return the answers that nothing is there, with this authority section (a signed NSEC, unless given)."""
    denied = [ask for ask in asked_by(sig_valid, known) if isinstance(ask, Question) and ask.dnssec_ok]
    authority = text or signed_text(NSEC, by="new")
    return [
        records(ask.server, f"{ask.qname} {ask.rdtype.name}", authority=authority, dnssec_ok=True)
        for ask in denied
        if ask.rdtype.name in {"X25", "A"} and ask.server.name == names(NEW[0])[0]
    ]


def judged(zone: Any, *more: Any, authority: str = "") -> list[str]:
    known = facts("", one_server(zone))
    return told(points(sig_valid, known, *proofs(known, authority), *more))


def test_a_zone_whose_signatures_hold_passes() -> None:
    assert judged(signed(by="new", side=Side.NEW)) == [
        f"pass {FIRST}: Signatures hold, the first one until 2026-12-08."
    ]


def test_unsigned_zones_need_no_signatures() -> None:
    assert told(points(sig_valid, facts())) == ["not-needed: neither side is signed"]


@pytest.mark.parametrize(
    ("times", "fault"),
    [
        ({"begins": NOW - 9 * DAY, "ends": NOW - DAY}, "has a signature that expired at 2026-11-30T09:00:00Z"),
        ({"begins": NOW + DAY}, "has a signature that begins at 2026-12-02T09:00:00Z"),
    ],
)
def test_a_signature_that_does_not_hold_now_fails(times: Any, fault: str) -> None:
    found = judged(signed(by="new", side=Side.NEW, **times))

    assert {line.partition(": ")[2] for line in found} == {
        f"The set {fault}; a signature that holds was expected."
    }
    assert [line.split(" at ")[0] for line in found] == [
        "problem example.test. DNSKEY",
        "problem example.test. SOA",
        "problem example.test. NS",
    ]


def test_a_signature_by_a_key_that_is_not_there_fails() -> None:
    zone = signed(by="new", side=Side.NEW)
    without = signed(by="other", side=Side.NEW)
    stolen = replace(
        zone, rrsets=tuple(r if r.rdtype.name != "DNSKEY" else _keys_of(without) for r in zone.rrsets)
    )

    assert any("which is not in the zone" in line for line in judged(stolen))


def _keys_of(zone: Any) -> Any:
    return next(rrset for rrset in zone.rrsets if rrset.rdtype.name == "DNSKEY")


def test_data_that_the_signature_does_not_fit_fail() -> None:
    forged = records(NEW[0], "@ NS", _changed(signed(by="new", side=Side.NEW)), dnssec_ok=True)

    assert [line for line in judged(signed(by="new", side=Side.NEW), forged) if "does not fit its data" in line]


def _changed(zone: Any) -> str:
    """Return another NS set with the signatures of the zone's own."""
    signatures = next(rrset for rrset in zone.rrsets if rrset.rdtype.name == "RRSIG")
    over_ns = next(rdata for rdata in signatures.rdatas if rdata.type_covered.name == "NS")
    return f"@ 300 NS ns1.evil.example.\n@ 300 RRSIG {over_ns.to_text()}"


def test_a_signature_that_ends_soon_warns() -> None:
    assert judged(signed(by="new", side=Side.NEW, ends=NOW + 2 * DAY)) == [
        (
            f"warning {FIRST}: A signature expires at 2026-12-03T09:00:00Z, of the 9 days that it holds; a newer "
            "one was expected."
        )
    ]


def test_a_short_signature_that_is_fresh_passes_and_one_that_was_not_renewed_warns() -> None:
    proof = signed_text(NSEC, by="new")
    fresh = judged(signed(by="new", side=Side.NEW, begins=NOW - DAY, ends=NOW + DAY), authority=proof)
    old = judged(signed(by="new", side=Side.NEW, begins=NOW - 4 * DAY, ends=NOW + DAY), authority=proof)

    assert fresh == [f"pass {FIRST}: Signatures hold, the first one until 2026-12-02."]
    assert old == [
        (
            f"warning {FIRST}: A signature expires at 2026-12-02T09:00:00Z, of the 5 days that it holds; a newer "
            "one was expected."
        )
    ]


def test_a_missing_proof_warns_and_one_without_signature_fails() -> None:
    zone = signed(by="new", side=Side.NEW)
    bare = judged(zone, authority="@ 300 SOA a.example. b.example. 1 2 3 4 5")
    unsigned = judged(zone, authority=NSEC)

    assert [line.partition(" ")[0] for line in bare] == ["warning", "warning"]
    assert all("no NSEC or NSEC3 record" in line for line in bare)
    assert all("The NSEC record is not signed" in line for line in unsigned)
    assert len(unsigned) == len(bare)


def test_a_missing_proof_fails_where_the_parent_has_a_ds() -> None:
    """A name that has A alone is asked for AAAA by everybody: SERVFAIL there is an outage."""
    known = facts("", one_server(signed(by="new", side=Side.NEW)), delegation=delegation(ds=[ds("new")]))
    found = told(points(sig_valid, known, *proofs(known, "@ 300 SOA a.example. b.example. 1 2 3 4 5")))

    before = facts(signed(by="old"), None, delegation=delegation(ds=[ds("old")]))

    assert [line.partition(" ")[0] for line in found] == ["problem", "problem"]
    assert {line.partition(" ")[0] for line in told(points(sig_valid, before))} == {"warning"}, "as it is already"


def test_a_signature_that_ends_soon_is_told_beside_other_faults() -> None:
    soon = signed(by="new", side=Side.NEW, ends=NOW + 2 * DAY)
    found = judged(soon, authority="@ 300 SOA a.example. b.example. 1 2 3 4 5")

    assert [line.partition(":")[2] for line in found if "expires" in line] == [
        " A signature expires at 2026-12-03T09:00:00Z, of the 9 days that it holds; a newer one was expected."
    ]
    expired = judged(signed(by="new", side=Side.NEW, ends=NOW - DAY))
    assert not [line for line in expired if "expires" in line], "that it has expired is told already"


def test_a_signer_that_fails_to_deny_is_unchecked() -> None:
    zone = signed(by="new", side=Side.NEW)
    known = facts("", one_server(zone))
    failing = [replace(answer, rcode=Rcode.SERVFAIL, authority=()) for answer in proofs(known)]

    found = told(points(sig_valid, known, *failing))
    assert [line.partition(" ")[0] for line in found] == ["unchecked"] * len(failing)
    assert all(line.endswith(": SERVFAIL") for line in found)


def test_a_server_that_does_not_answer_is_unchecked() -> None:
    assert judged(signed(by="new", side=Side.NEW), silent(NEW[0], "@ DNSKEY", dnssec_ok=True)) == [
        f"unchecked {FIRST}: does not show its keys: timeout"
    ]
    assert judged(signed(by="new", side=Side.NEW), silent(NEW[0], "@ NS", dnssec_ok=True)) == [
        f"unchecked example.test. NS at {FIRST}: timeout"
    ]
