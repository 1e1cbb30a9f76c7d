import pytest

import migrator.checks.zone  # noqa: F401 - registers the checks
from migrator.checks.check import REGISTERED
from tests.checks.zone.cases import Case, cases
from tests.checks.zone.linting import linted

CASES = cases("lint")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}: {case.title}")
def test_a_zone_by_itself(case: Case) -> None:
    assert linted(REGISTERED[case.check], case.zone) == list(case.said)


def test_every_rule_has_a_zone_that_it_likes_and_one_that_it_does_not() -> None:
    rules = {check.id for check in REGISTERED.values() if check.in_lint and check.area == "zone"}
    liked = {case.check for case in CASES if case.said[0].startswith("pass ")}
    disliked = {case.check for case in CASES if not case.said[0].startswith(("pass ", "not-needed"))}

    assert (liked, disliked) == (rules, rules)
