"""Algorithms, and what CDS and CDNSKEY ask a parent for."""

from typing import Any

import pytest
from dns.dnssec import key_id
from dns.rdtypes.ANY.DNSKEY import DNSKEY

from migrator.checks.dnssec.algorithms import algorithms
from migrator.checks.dnssec.requests import cds
from migrator.checks.facts import Strategy
from migrator.cutover.look import Side
from migrator.model.finding import Phase
from tests.checks.build import NEW, OLD, answers, delegation, facts, points, records, silent, told
from tests.checks.dnssec.signed import ds, key, signed
from tests.checks.test_resolvers import judged

FIRST = "ns1.new.example (203.0.113.1)"


def test_ordinary_algorithms_pass_and_nothing_signed_needs_none() -> None:
    known = facts(signed(by="old"), signed(by="new", side=Side.NEW), delegation=delegation(ds=[ds("old")]))

    assert told(points(algorithms, known)) == ["pass example.test.: Keys of algorithm 13."]
    assert told(points(algorithms, facts())) == ["not-needed: no DS at the parent, and neither side is signed"]


def test_a_ds_by_sha1_alone_fails() -> None:
    known = facts(signed(by="old"), delegation=delegation(ds=[ds("old", "SHA1")]))
    both = facts(signed(by="old"), delegation=delegation(ds=[ds("old", "SHA1"), ds("old")]))

    assert told(points(algorithms, known)) == [
        "problem example.test. DS: Every DS has a digest by SHA-1; one by SHA-256 was expected."
    ]
    assert told(points(algorithms, both)) == ["pass example.test.: Keys of algorithm 13."]


@pytest.mark.parametrize(
    ("algorithm", "words", "line"),
    [
        (5, "Algorithm 5 (RSASHA1) is not to be used for signing; 13 was expected.", "problem"),
        (8, "RSA with 1024 bits; 2048 at least were expected.", "warning"),
        (253, "Algorithm 253 is uncommon; 13 was expected.", "warning"),
    ],
)
def test_keys_of_other_algorithms_are_named(algorithm: int, words: str, line: str) -> None:
    modulus = bytes([3, 1, 0, 1]) + b"\xc1" + b"\x55" * 127
    odd = key("odd").replace(algorithm=algorithm, key=modulus)
    served = [answers(name, "@ DNSKEY", odd.to_text(), dnssec_ok=True) for name in NEW]
    found = told(points(algorithms, facts(), *served))

    assert any(each.startswith(line) and each.endswith(words) for each in found), found


@pytest.mark.parametrize("strategy", [Strategy.MULTI_SIGNER, Strategy.SAME_KEYS])
def test_sides_that_sign_with_different_algorithms_fail_though_each_has_all_keys(strategy: Strategy) -> None:
    other = key("new").replace(algorithm=14)
    assert isinstance(other, DNSKEY)
    keys = other.to_text(), key("old").to_text()
    soa = f"@ 300 SOA {NEW[0]} hostmaster.new.example. 1 7200 900 1209600 300\n@ 300 RRSIG SOA 14 2 300 "
    soa += f"20261208090000 20261124090000 {key_id(other)} example.test. AAAA"
    served = [answers(name, "@ DNSKEY", *keys, dnssec_ok=True) for name in (*OLD, *NEW)]
    signing = [records(name, "@ SOA", soa, dnssec_ok=True) for name in NEW]
    known = facts(signed(by="old"), delegation=delegation(ds=[ds("old")]), strategy=strategy)

    assert (
        "problem example.test. DNSKEY: The old side signs with algorithm 13, the new one with 14; the same was "
        "expected." in told(points(algorithms, known, *served, *signing))
    )


def test_iterations_of_nsec3_warn() -> None:
    many = [answers(name, "@ NSEC3PARAM", "1 0 10 -") for name in NEW]

    assert told(points(algorithms, facts(new=signed(by="new", side=Side.NEW)), *many))[0] == (
        f"warning NSEC3 at {FIRST}: 10 iterations; 0 were expected, and many make validators treat the zone "
        "as unsigned."
    )


def test_keys_that_no_server_shows_are_unchecked() -> None:
    quiet = [silent(name, "@ DNSKEY", dnssec_ok=True) for name in (*OLD, *NEW)]

    assert told(points(algorithms, facts(delegation=delegation(ds=[ds("old")])), *quiet)) == [
        "unchecked example.test. DNSKEY: there is a DS, and no server shows keys"
    ]


def publishing(*texts: str, names: tuple[str, ...] = NEW) -> list[Any]:
    return [answers(name, "@ CDS", *texts, dnssec_ok=True) for name in names]


OLD_ZONE, NEW_ZONE = signed(by="old"), signed(by="new", side=Side.NEW)


def requests(*replies: Any, trusted: tuple[str, ...] = ("old",), **changes: Any) -> list[str]:
    known = facts(OLD_ZONE, NEW_ZONE, delegation=delegation(ds=[ds(name) for name in trusted]), **changes)
    return told(points(cds, known, *replies))


def test_without_cds_nothing_is_asked_for() -> None:
    assert requests() == ["not-needed: no server publishes CDS or CDNSKEY"]


@pytest.mark.parametrize(("switched", "kinds"), [(-60, ["problem", "problem"]), (-9e5, ["pass"])])
def test_after_the_switch_it_may_ask_when_the_last_stale_answer_is_past(switched: float, kinds: list[str]) -> None:
    found = requests(*publishing(ds("new")), trusted=(), phase=Phase.SETTLE, judgement=judged(switched=switched))

    assert [line.partition(" ")[0] for line in found] == kinds
    if switched == -60:
        assert found[0].endswith(
            "the parent has no DS: if it acts before the last stale answer is past, validation breaks at the old "
            "servers."
        )


def test_a_new_side_that_asks_for_its_own_ds_before_the_switch_fails() -> None:
    found = requests(*publishing(ds("new")))

    assert found[0].startswith(
        f"problem example.test. CDS at {FIRST}: The new side asks for a DS of its own keys, and "
    )
    # A parent asks the servers that it lists: the new ones from the switch on.
    assert found[0].endswith("before the last stale answer is past, validation breaks at the old servers.")
    assert requests(*publishing(ds("new")), strategy=Strategy.MULTI_SIGNER) == [
        "pass example.test.: CDS and CDNSKEY fit the keys."
    ]
    unseen = requests(*publishing(ds("new")), phase=Phase.SETTLE)
    assert [line.partition(" ")[0] for line in unseen] == ["problem", "problem"], "nobody saw a switch"
    assert requests(*publishing(ds("new")), phase=Phase.SETTLE, judgement=judged(switched=-9e5)) == [
        "pass example.test.: CDS and CDNSKEY fit the keys."
    ]


def test_a_cds_that_says_what_the_parent_has_passes() -> None:
    assert requests(*publishing(ds("old"), names=OLD)) == ["pass example.test.: CDS and CDNSKEY fit the keys."]


def test_a_cds_that_fits_no_key_fails() -> None:
    assert requests(*publishing(ds("other"), names=OLD))[0].endswith(
        "1 of 1 CDS records fit no key of this server; all were expected to."
    )


def test_a_cds_that_deletes_is_told_and_must_stand_alone() -> None:
    deleting = "0 0 0 00"

    assert requests(*publishing(deleting, names=OLD))[0].startswith("warning example.test. CDS at ns1.old.example")
    assert requests(*publishing(deleting, names=OLD), strategy=Strategy.GO_INSECURE)[0].startswith("notice ")
    assert requests(*publishing(deleting, ds("old"), names=OLD))[0].endswith(
        "A CDS that deletes stands beside others; one or the other was expected."
    )


def test_silence_about_cds_is_unchecked() -> None:
    assert requests(silent(NEW[0], "@ CDS", dnssec_ok=True)) == [f"unchecked {FIRST}: gives no CDS: timeout"]


def test_a_cds_that_is_left_at_the_old_side_asks_for_the_ds_that_was_removed() -> None:
    leaving = requests(*publishing(ds("old"), names=OLD), strategy=Strategy.GO_INSECURE)
    gone = requests(*publishing(ds("old"), names=OLD), trusted=(), strategy=Strategy.GO_INSECURE)
    never = requests(*publishing(ds("old"), names=OLD), trusted=())

    assert leaving[0].endswith(
        "The CDS asks for a DS of the old keys: once the DS is removed, a parent that acts on it enters it again."
    )
    assert leaving[0].startswith("notice example.test. CDS at ns1.old.example")
    assert gone[0].endswith(
        "The CDS asks for a DS of the old keys, and the parent has none: if it acts on it, no key of the new "
        "servers fits, and validating resolvers answer SERVFAIL after the switch."
    )
    assert [line.partition(" ")[0] for line in (*gone, *never)] == ["warning"] * 4


def test_a_cds_of_keys_that_both_sides_have_asks_for_nothing_that_breaks() -> None:
    known = facts(OLD_ZONE, signed(by="old", side=Side.NEW), strategy=Strategy.SAME_KEYS)

    assert told(points(cds, known, *publishing(ds("old"), names=OLD))) == [
        "pass example.test.: CDS and CDNSKEY fit the keys."
    ]


def test_a_cds_of_one_side_alone_removes_the_ds_of_the_other() -> None:
    def both(*replies: Any, **changes: Any) -> list[str]:
        return requests(*replies, trusted=("old", "new"), strategy=Strategy.MULTI_SIGNER, **changes)

    before = both(*publishing(ds("old"), names=OLD))
    assert before[0].endswith(
        "The CDS asks for a DS of the old side's keys alone: if the parent acts on it, it removes that of the new "
        "side, and validating resolvers answer SERVFAIL after the switch."
    )
    after = both(*publishing(ds("new")), phase=Phase.SETTLE, judgement=judged(switched=-60))
    assert after[0].endswith(
        "The CDS asks for a DS of the new side's keys alone: if the parent acts on it, it removes that of the old "
        "side, and validation breaks at the old servers before the last stale answer is past."
    )
    assert [line.partition(" ")[0] for line in (*before, *after)] == ["warning"] * 4
    # A key that signs elsewhere alone need not be in the set of this server (RFC 8901 section 8).
    fine = ["pass example.test.: CDS and CDNSKEY fit the keys."]
    assert both(*publishing(ds("old"), ds("new"), names=OLD)) == fine
    assert both(*publishing(ds("new"))) == fine, "the parent asks the old servers before the switch"
    assert both(*publishing(ds("new")), phase=Phase.SETTLE, judgement=judged(switched=-9e5)) == fine
    keys = [answers(name, "@ CDNSKEY", key("old").to_text(), dnssec_ok=True) for name in OLD]
    assert both(*keys)[0].startswith("warning example.test. CDNSKEY at ns1.old.example")
