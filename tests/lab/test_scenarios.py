"""Every scenario of `check`: the fault is found by the check that is named, and nothing else complains."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest

from migrator.checks.catalogue import catalogue
from migrator.model.finding import Phase
from tests.lab.lab import Lab
from tests.lab.scenarios.perform import Outcome, expected, perform
from tests.lab.scenarios.scenario import Scenario, load
from tests.lab.scenarios.stage import Stage

SCENARIOS = load()
_AT_ONCE = 3
# Instants rest on what servers answered in this run as well.
_EXACT = timedelta(minutes=1)

Outcomes = Mapping[str, Future[Outcome]]


@pytest.fixture(scope="module")
def outcomes(
    laboratory: Lab, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outcomes]:
    """What comes of each scenario that is chosen: several at a time, since a checklist waits for servers."""
    chosen = {name for item in request.session.items for name in _played(item)}
    folder = tmp_path_factory.mktemp("scenarios")
    scenarios = [each for each in SCENARIOS if each.name in chosen]
    with Stage(laboratory, scenarios) as stage, ThreadPoolExecutor(_AT_ONCE) as pool:
        yield {each.name: pool.submit(perform, stage, each, folder / each.name) for each in scenarios}


def _played(item: pytest.Item) -> Iterator[str]:
    if isinstance(item, pytest.Function) and item.function is test_the_checks_say_what_is_wrong_and_no_more:
        scenario = item.callspec.params["scenario"]
        assert isinstance(scenario, Scenario)
        yield scenario.name


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_checks_say_what_is_wrong_and_no_more(outcomes: Outcomes, scenario: Scenario) -> None:
    outcome = outcomes[scenario.name].result()

    assert (outcome.verdict, outcome.ids) == expected(scenario), outcome.report
    if scenario.not_before is not None:
        assert outcome.not_before is not None
        assert abs(outcome.not_before - scenario.not_before) < _EXACT, outcome.report


def test_there_are_many_scenarios_and_healthy_ones_in_every_phase() -> None:
    healthy = [each for each in SCENARIOS if not each.found_by]

    assert len(SCENARIOS) >= 60
    assert {each.phase for each in healthy} == set(Phase)
    assert len({each.name for each in SCENARIOS}) == len(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_names_checks_of_its_phase_and_its_fault_among_them(scenario: Scenario) -> None:
    of_phase = {check.id for check in catalogue() if scenario.phase in check.phases}
    told = scenario.fail | scenario.warn | scenario.unchecked

    assert told <= of_phase
    assert (scenario.found_by in told) if scenario.found_by else (told == frozenset())
    assert (scenario.verdict == "no-go") == bool(scenario.fail)
