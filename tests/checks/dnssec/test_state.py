"""What is signed and trusted now, before the switch and after it."""

from dataclasses import replace
from typing import Any

import pytest
from dns.dnssec import key_id

from migrator.checks.dnssec.algorithms import algorithms
from migrator.checks.dnssec.state import ds_matches_old, resign, state
from migrator.checks.points import Problem
from migrator.cutover.look import Side
from migrator.model.finding import Phase
from migrator.model.observation import Silence
from tests.checks.build import NEW, NOW, OLD, answers, delegation, facts, history, points, silent, told
from tests.checks.build import parent as view
from tests.checks.dnssec.signed import WEEK, ds, key, signed
from tests.checks.test_resolvers import judged

FIRST, SECOND = "ns1.old.example (198.51.100.1)", "ns2.old.example (198.51.100.2)"


def trusting(*found: str, listed: tuple[str, ...] = OLD) -> Any:
    return delegation(listed=listed, ds=found)


def test_an_unsigned_domain_is_known_to_be_unsigned() -> None:
    assert told(points(state, facts())) == [
        "pass example.test. DS: No DS at the parent; the old side is unsigned; the new side is unsigned."
    ]


def test_a_signed_domain_is_described() -> None:
    (line,) = told(
        points(state, facts(signed(by="old"), signed(by="new", side=Side.NEW), delegation=trusting(ds("old"))))
    )

    assert line.startswith("pass example.test. DS: DS ")
    assert line.endswith(" at the parent; the old side is signed; the new side is signed.")


def test_parents_that_differ_fail_before_the_switch_and_warn_in_it() -> None:
    differing = delegation(view(1, OLD, ds=[ds("old")]), view(2, OLD))

    assert told(points(state, facts(signed(by="old"), delegation=differing)))[0] == (
        "problem example.test. DS: The servers of the parent have 2 different DS sets; one was expected."
    )
    assert told(points(state, facts(signed(by="old"), delegation=differing, phase=Phase.SWITCH)))[0].startswith(
        "warning"
    )


def test_a_silent_parent_is_unchecked() -> None:
    quiet = delegation(view(1, OLD, ds=Silence.TIMEOUT))

    assert told(points(state, facts(delegation=quiet))) == [
        "unchecked a.nic.test (192.0.2.1): does not say whether there is a DS: timeout",
        "unchecked example.test. DS: no server of the parent says whether there is a DS",
    ]


def test_one_server_of_a_side_that_lacks_the_keys_fails() -> None:
    behind = answers(NEW[1], "@ DNSKEY", dnssec_ok=True)
    found = told(points(state, facts(new=signed(by="new", side=Side.NEW)), behind))

    assert found[0].startswith(
        "problem ns2.new.example (203.0.113.2): No keys there, while other servers of the new side have "
    )


def test_a_silent_server_is_unchecked() -> None:
    quiet = silent(NEW[1], "@ DNSKEY", dnssec_ok=True)

    assert told(points(state, facts(), quiet))[0] == (
        "unchecked ns2.new.example (203.0.113.2): does not say whether it has keys: timeout"
    )


def test_a_new_server_that_does_not_have_the_zone_yet_leaves_nothing_open_in_prepare() -> None:
    quiet = [silent(name, "@ DNSKEY", dnssec_ok=True) for name in NEW]
    partly = answers(NEW[0], "@ DNSKEY", dnssec_ok=True)

    assert told(points(state, facts(phase=Phase.PREPARE), *quiet)) == [
        "pass example.test. DS: No DS at the parent; the old side is unsigned."
    ]
    assert told(points(state, facts(phase=Phase.PREPARE), partly, quiet[1])) == [
        "pass example.test. DS: No DS at the parent; the old side is unsigned; the new side is unsigned."
    ]


def test_a_ds_that_fits_the_old_keys_passes_and_another_fails() -> None:
    right = told(points(ds_matches_old, facts(signed(by="old"), delegation=trusting(ds("old")))))
    wrong = told(points(ds_matches_old, facts(signed(by="old"), delegation=trusting(ds("other")))))

    assert [line.partition(": ")[0] for line in right] == [f"pass {FIRST}", f"pass {SECOND}"]
    assert [line.partition(": ")[0] for line in wrong] == [f"problem {FIRST}", f"problem {SECOND}"]
    assert wrong[0].endswith("validating resolvers answer SERVFAIL for the domain already.")


def test_a_ds_that_fits_keys_whose_signature_has_expired_says_so() -> None:
    expired = signed(by="old", begins=NOW - 2 * WEEK, ends=NOW - WEEK)
    found = told(points(ds_matches_old, facts(expired, delegation=trusting(ds("old")))))

    assert found[0].startswith(f"problem {FIRST}: DS ")
    assert found[0].endswith(
        "fits a key of the DNSKEY set there, which has a signature that expired at 2026-11-24T09:00:00Z: "
        "validating resolvers answer SERVFAIL for the domain already."
    )


def test_a_ds_that_fits_a_key_which_signs_nothing_says_which_key_signs() -> None:
    imported = signed(by="old", published=[key("new")])
    found = points(ds_matches_old, facts(imported, delegation=trusting(ds("new"))))
    tags = key_id(key("new")), key_id(key("old"))

    assert isinstance(found[0], Problem)
    assert found[0].remedy == (
        f"Enter a DS of key {tags[1]} at the registrar beside this one, or remove the DS, before you go on."
    )
    assert told(found)[0] == (
        f"problem {FIRST}: DS {tags[0]} fits a key of the DNSKEY set there, which is signed by key {tags[1]} "
        "alone: validating resolvers answer SERVFAIL for the domain already."
    )


def test_only_the_ds_that_fits_is_said_to_fit() -> None:
    both = told(points(ds_matches_old, facts(signed(by="old"), delegation=trusting(ds("old"), ds("new")))))
    tag = key_id(key("old"))

    assert both[0] == f"pass {FIRST}: DS {tag} fits key {tag}."


def test_a_zone_without_keys_under_a_ds_is_bogus() -> None:
    (found, _) = points(ds_matches_old, facts(delegation=trusting(ds("old"))))

    assert isinstance(found, Problem)
    assert told([found])[0].startswith(f"problem {FIRST}: DS ")
    assert found.remedy == (
        "Remove the DS at the registrar, or have the old provider sign the zone with a key that it fits, before "
        "you go on."
    )


def test_keys_that_nobody_sees_are_unchecked_and_without_ds_none_are_needed() -> None:
    known = facts(signed(by="old"), delegation=trusting(ds("old")))
    quiet = [silent(name, "@ DNSKEY", dnssec_ok=True) for name in OLD]

    assert told(points(ds_matches_old, known, *quiet))[0] == f"unchecked {FIRST}: does not show its keys: timeout"
    assert told(points(ds_matches_old, facts())) == ["not-needed: no DS at the parent"]
    assert told(points(ds_matches_old, facts(delegation=delegation(view(1, OLD, ds=Silence.TIMEOUT))))) == [
        "unchecked example.test. DS: no server of the parent says whether there is a DS"
    ]


def test_a_domain_that_was_signed_is_to_be_signed_again() -> None:
    after_switch = facts(signed(by="old"), phase=Phase.SETTLE)
    seen = facts(phase=Phase.CLOSE, history=history(("192.0.2.1", "@ DS", 3600, ds("old"), -9e5, -8e5)))
    again = signed(by="new", side=Side.NEW)
    secure = facts(new=again, phase=Phase.CLOSE, delegation=trusting(ds("new"), listed=NEW))

    lost = (
        "problem example.test. DS: The domain was signed before the move, and the parent has no DS now; one was "
    )
    assert told(points(resign, after_switch)) == [f"{lost}expected again."]
    assert told(points(resign, seen)) == [f"{lost}expected again."]
    never = history(("192.0.2.1", "@ DS", None, "", -9e5, -8e5))
    assert told(points(resign, replace(after_switch, history=never))) == [
        (
            "notice example.test. DS: The old servers sign the zone, and no look saw a DS at the parent: nobody "
            "trusted the signatures."
        )
    ]
    assert told(points(resign, secure)) == [
        f"pass example.test. DS: DS {key_id(key('new'))} at the parent fits the keys of the new servers."
    ]
    assert told(points(resign, facts(phase=Phase.CLOSE))) == [
        "not-needed: the domain was not signed, as far as anybody saw"
    ]
    assert told(points(resign, replace(seen, delegation=None))) == [
        "unchecked example.test. DS: no server of the parent says whether there is a DS"
    ]


def test_a_ds_that_fits_no_key_of_the_new_servers_is_no_trust_in_them() -> None:
    left = facts(signed(by="old"), phase=Phase.SETTLE, delegation=trusting(ds("old"), listed=NEW))
    secure = facts(new=signed(by="new", side=Side.NEW), phase=Phase.SETTLE, delegation=trusting(ds("new")))

    assert told(points(resign, left)) == [
        (
            f"problem example.test. DS: DS {key_id(key('old'))} at the parent fits no key that signs the keys at "
            "ns1.new.example (203.0.113.1), ns2.new.example (203.0.113.2); one that fits was expected."
        )
    ]
    assert told(points(resign, secure, silent(NEW[0], "@ DNSKEY", dnssec_ok=True))) == [
        "unchecked ns1.new.example (203.0.113.1): does not show its keys: timeout"
    ]
    assert told(points(resign, replace(secure, new=None))) == [
        (
            "unchecked example.test. DS: whether the DS fits the new keys is not known: no new name server is: "
            "--to names the new side"
        )
    ]


@pytest.mark.parametrize(
    ("switched", "new", "remedy"),
    [
        pytest.param(
            -60,
            signed(by="new", side=Side.NEW),
            "Wait until 2026-12-01T10:09:00Z, when the last stale answer is past: resolvers that still ask the "
            "old servers would answer SERVFAIL. Then give the DS of the new keys to the registrar.",
            id="too early",
        ),
        pytest.param(
            -9e5,
            signed(by="new", side=Side.NEW),
            "Give the DS of the new keys to the registrar: the last stale answer is past.",
            id="time to",
        ),
        pytest.param(
            -9e5,
            "",
            "Enable DNSSEC at the new provider; once its keys are everywhere, give the DS of the new keys to the "
            "registrar: the last stale answer is past.",
            id="not signed yet",
        ),
    ],
)
def test_the_ds_is_given_to_the_registrar_when_the_last_stale_answer_is_past(
    switched: float, new: Any, remedy: str
) -> None:
    known = facts(signed(by="old"), new, phase=Phase.SETTLE, judgement=judged(switched=switched))

    (found,) = points(resign, known)

    assert isinstance(found, Problem)
    assert found.remedy == remedy


@pytest.mark.parametrize("of_no_use", ["1 250 2 " + "ab" * 32, "1 13 5 " + "ab" * 32], ids=["algorithm", "digest"])
def test_a_ds_that_no_validator_knows_is_no_outage(of_no_use: str) -> None:
    known = facts(signed(by="old"), delegation=trusting(of_no_use))

    assert told(points(ds_matches_old, known)) == [
        (
            f"warning {where}: DS 1 fits none of the keys there ({key_id(key('old'))}), and has an algorithm or a "
            "digest that validators do not know: they take the domain for unsigned."
        )
        for where in (FIRST, SECOND)
    ]
    assert told(points(algorithms, known))[0] == (
        "problem example.test. DS: No DS has an algorithm and a digest that validators know: they take the domain "
        "for unsigned."
    )
