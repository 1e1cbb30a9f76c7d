"""Which checks run, and what a wrong name is answered."""

import pytest

from migrator.checks.check import Check, nothing_to_ask
from migrator.checks.choice import chosen, one_of, skipped
from migrator.checks.facts import Facts
from migrator.checks.points import Point
from migrator.errors import InputError
from migrator.model.finding import Phase, Severity


def check(id_: str, *phases: Phase) -> Check:
    def judge(_: Facts) -> list[Point]:
        return []

    return Check(id_, phases, Severity.ERROR, False, False, "nobody", "", nothing_to_ask, judge)


CHECKS = (
    check("zone.served", Phase.READY),
    check("zone.soa", Phase.READY, Phase.CLOSE),
    check("mail.spf-same", Phase.READY),
    check("close.time", Phase.CLOSE),
)


@pytest.mark.parametrize(
    ("phase", "only", "ids"),
    [
        (Phase.READY, [], ["zone.served", "zone.soa", "mail.spf-same"]),
        (Phase.CLOSE, [], ["zone.soa", "close.time"]),
        (Phase.SETTLE, [], []),
        (Phase.READY, ["zone"], ["zone.served", "zone.soa"]),
        (Phase.CLOSE, ["zone"], ["zone.soa"]),
        (Phase.READY, ["mail.spf-same", "zone.served"], ["zone.served", "mail.spf-same"]),
        (Phase.READY, ["Mail.SPF-Same"], ["mail.spf-same"]),
    ],
)
def test_checks_of_the_phase_that_are_wanted(phase: Phase, only: list[str], ids: list[str]) -> None:
    assert [each.id for each in chosen(CHECKS, phase, only)] == ids


@pytest.mark.parametrize(
    ("only", "message"),
    [
        (
            "zone.sao",
            "There is no check 'zone.sao'. Perhaps zone.soa? 'dns-migrator explain' lists all.",
        ),
        (
            "spf-same",
            "There is no check 'spf-same'. Perhaps mail.spf-same? 'dns-migrator explain' lists all.",
        ),
        (
            "spf",
            "There is no check 'spf'. Perhaps mail.spf-same? 'dns-migrator explain' lists all.",
        ),
        ("xyz123", "There is no check 'xyz123'. 'dns-migrator explain' lists all."),
        ("close", "--only close: it does not run in the phase ready, but in close."),
    ],
)
def test_a_name_that_does_not_fit_is_refused(only: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        chosen(CHECKS, Phase.READY, [only])

    assert str(raised.value) == message


def test_a_check_is_left_out_with_a_reason() -> None:
    assert skipped(CHECKS, ["zone.soa=known, ticket 12 = fine"]) == {"zone.soa": "known, ticket 12 = fine"}


@pytest.mark.parametrize("text", ["zone.soa", "zone.soa=", "zone.soa= ", "=reason", "nothing=reason"])
def test_a_check_is_not_left_out_without_a_reason_or_by_a_name_that_is_none(text: str) -> None:
    with pytest.raises(InputError):
        skipped(CHECKS, [text])


def test_an_id_is_found_whatever_its_case() -> None:
    assert one_of(CHECKS, "ZONE.SOA") is CHECKS[1]
