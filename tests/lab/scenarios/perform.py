"""The checklist run on a scenario, as `dns-migrator check` runs it, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from migrator.checks.verdict import Checklist, Status
from migrator.cli.checking import checked
from migrator.cli.wishes import Wish, choice_of, order_of
from migrator.cli.world import World, open_world
from migrator.dnsclient import SocketClient
from migrator.interfaces import no_progress
from migrator.report.checklist import checklist_text
from migrator.report.layout import PLAIN
from migrator.store import open_store
from tests.lab.scenarios.earlier import remembered
from tests.lab.scenarios.scenario import Scenario
from tests.lab.scenarios.stage import Stage

# A silent server is waited for in vain by every check that asks it.
_BRIEF, _FEW, _LONG = 0.4, 2, 3.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict, and the ids of the checks that did not pass, by status; `report` is for whom a test fails."""

    verdict: str
    ids: Mapping[str, frozenset[str]]
    not_before: timedelta | None
    report: str


def expected(scenario: Scenario) -> tuple[str, Mapping[str, frozenset[str]]]:
    """Return the verdict and the ids that the data of the scenario say."""
    ids = {"fail": scenario.fail, "warn": scenario.warn, "unchecked": scenario.unchecked}
    return scenario.verdict, ids


def perform(stage: Stage, scenario: Scenario, folder: Path) -> Outcome:
    """Run the checklist of the scenario's phase."""
    folder.mkdir()
    texts = stage.texts[scenario.name]
    for name, text in (("old.zone", texts.exported), ("new.zone", texts.planned)):
        (folder / name).write_text(text)
    database = str(folder / "memory.db")
    with open_store(database) as store:
        store.append(remembered(scenario, texts, stage.place, stage.now))
    lowered = f"{stage.now - scenario.lowered_ago:%Y-%m-%dT%H:%M:%SZ}" if scenario.lowered_ago else ""
    wish = Wish(
        domain=scenario.domain,
        phase=scenario.phase,
        old=str(folder / "old.zone"),
        new=str(folder / "new.zone"),
        strategy=scenario.strategy,
        only=[],
        skip=[],
        selectors=list(scenario.selectors),
        profile=None,
        ttl_lowered_at=lowered,
        frozen=scenario.frozen,
        old_queries=scenario.old_queries,
    )
    world = _world(stage, scenario)
    checklist, is_kept = checked(world, order_of(wish), choice_of(wish), database, no_progress)
    assert is_kept
    return _outcome(checklist, stage)


def _world(stage: Stage, scenario: Scenario) -> World:
    world = open_world(stage.lab.profile)
    timeout, attempts = (_BRIEF, _FEW) if scenario.impatient else (_LONG, world.profile.attempts)
    profile = replace(
        world.profile,
        timeout=timeout,
        attempts=attempts,
        https_port=stage.web.port,
        ca_bundle=str(stage.web.ca_bundle),
    )
    return replace(world, profile=profile, client=SocketClient(profile))


def _outcome(checklist: Checklist, stage: Stage) -> Outcome:
    def ids(status: Status) -> frozenset[str]:
        return frozenset(result.check.id for result in checklist.results if result.status is status)

    kinds = {str(status): ids(status) for status in (Status.FAIL, Status.WARN, Status.UNCHECKED)}
    waits = None if checklist.not_before is None else checklist.not_before - stage.now
    return Outcome(str(checklist.verdict), kinds, waits, checklist_text(checklist, PLAIN))
