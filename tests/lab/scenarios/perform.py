"""The checklist run on a scenario, as `dns-migrator check` runs it, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from migrator.checks.verdict import Checklist, Status
from migrator.codec.zone import dumps
from migrator.interfaces import no_progress
from migrator.model.names import absolute
from migrator.model.zone import assemble
from migrator.report.checklist import checklist_text
from migrator.report.layout import PLAIN
from migrator.state.store import open_store
from migrator.workflow.checking import checked
from migrator.workflow.remembering import remembering
from migrator.workflow.wishes import Wish, choice_of, order_of
from migrator.workflow.world import World, open_world
from migrator.zonefile import read_zone
from tests.lab.scenarios.earlier import remembered
from tests.lab.scenarios.scenario import Scenario
from tests.lab.scenarios.stage import Stage
from tests.lab.servers import Authority

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
    new = _assigned(folder, scenario) if scenario.assigned else folder / "new.zone"
    old_side, new_side = (stage.servers[name] for name in ("old-1", "new-1"))
    database = str(folder / "memory.db")
    with open_store(database) as store:
        store.append(remembered(scenario, texts, stage.place, stage.now))
    lowered = f"{stage.now - scenario.lowered_ago:%Y-%m-%dT%H:%M:%SZ}" if scenario.lowered_ago else ""
    wish = Wish(
        domain=scenario.domain,
        phase=scenario.phase,
        old=_locator(stage, scenario, scenario.source, old_side) or str(folder / "old.zone"),
        new=_locator(stage, scenario, scenario.target, new_side) or str(new),
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
    order = order_of(wish)
    with remembering(database, order.domain, pytest.fail) as memory:
        checklist = checked(world, order, choice_of(wish), memory, no_progress)
    return _outcome(checklist, stage)


def _locator(stage: Stage, scenario: Scenario, scheme: str, server: Authority) -> str:
    """Return a locator of the zone at a server; empty where a file is read."""
    return stage.lab.locator(scheme, scenario.domain, server) if scheme else ""


def _assigned(folder: Path, scenario: Scenario) -> Path:
    """Write the new zone as a provider gives it, with the name servers that it has assigned; return the file."""
    origin = absolute(scenario.domain)
    records = read_zone((folder / "new.zone").read_bytes(), file="new.zone", origin=origin).records
    names = tuple(map(absolute, scenario.assigned))
    made = assemble(origin, records, source="provider", name_servers=names)
    file = folder / "zone.json"
    file.write_text(dumps(made.snapshot, made.findings))
    return file


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
    return replace(world, given=profile)


def _outcome(checklist: Checklist, stage: Stage) -> Outcome:
    def ids(status: Status) -> frozenset[str]:
        return frozenset(result.check.id for result in checklist.results if result.status is status)

    kinds = {str(status): ids(status) for status in (Status.FAIL, Status.WARN, Status.UNCHECKED)}
    waits = None if checklist.not_before is None else checklist.not_before - stage.now
    return Outcome(str(checklist.verdict), kinds, waits, checklist_text(checklist, PLAIN))
