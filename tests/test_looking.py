"""What a checklist means for the stage of a migration: to be waited for, or a person's matter. NOW is 09:00."""

from datetime import datetime
from pathlib import Path

import pytest

from migrator.checks.check import Check, nothing_to_ask
from migrator.checks.points import Point, Problem, Unchecked
from migrator.checks.verdict import Policy, judge_all
from migrator.journey.events import Kind
from migrator.journey.options import Options
from migrator.journey.stages import Stage
from migrator.model.finding import Phase, Severity
from migrator.state.migrations import Migrations
from migrator.state.store import open_store
from migrator.workflow.remembering import Remembering
from migrator.workflow.stages.job import Attempt, Job
from migrator.workflow.stages.looking import verdict_of
from migrator.workflow.world import open_world
from tests.checks.build import DOMAIN, after, facts
from tests.cli.journeying import stands_at

EARLY = Problem("example.test.", "Old answers can come until then.", not_before=after(5))
LAME = Problem("ns1.new.example.", "Does not answer; an answer was expected.")
UNSEEN = Unchecked("example.test.", "the old TTLs were not seen", not_before=after(-5))
SHOWN = (
    "dns-migrator report example.org -o resolvers.html",
    "dns-migrator approve example.org resolvers --because REASON",
)


def meant(points: list[Point], now: datetime, folder: Path, before: tuple[Point, ...] = ()) -> Attempt:
    """Return what these points, found at 09:00, mean at `now`; another check before it says those `before`."""
    rules = [rule("some.rule", points)]
    if before:
        rules.insert(0, rule("first.rule", list(before)))
    checklist = judge_all(rules, facts(phase=Phase.SETTLE), Policy())
    with open_store(str(folder / "state.db")) as store:
        stands_at(store, Stage.RESOLVERS, Options("old.zone", "new.zone", every=60))
        migrations = Migrations(store)
        (migration,) = migrations.all()
        memory = Remembering(store, DOMAIN, pytest.fail)
        return verdict_of(Job(migrations.told(migration), open_world(None), store, memory, lambda: now), checklist)


def rule(name: str, points: list[Point]) -> Check:
    return Check(name, (Phase.SETTLE,), Severity.ERROR, True, False, "", "", nothing_to_ask, lambda _: points)


@pytest.mark.parametrize("seconds", [1, 6], ids=["is ahead", "has come while it was looked"])
def test_what_time_alone_mends_is_waited_for(tmp_path: Path, seconds: float) -> None:
    found = meant([EARLY], after(seconds), tmp_path)

    assert (found.kind, found.until, found.commands) == (Kind.WAITS, EARLY.not_before, ())
    assert found.text == "settle: not before 2026-12-01T09:00:05Z: Old answers can come until then."


def test_what_time_alone_does_not_mend_is_asked(tmp_path: Path) -> None:
    found = meant([EARLY, LAME], after(1), tmp_path)

    assert (found.kind, found.until, found.commands) == (Kind.ASKS, after(61), SHOWN)
    assert found.text == "settle: no-go: some.rule: Old answers can come until then."


def test_what_could_not_be_seen_at_its_instant_has_failed(tmp_path: Path) -> None:
    found = meant([UNSEEN], after(1), tmp_path)

    assert (found.kind, found.until, found.commands) == (Kind.FAILED, after(61), SHOWN)
    assert found.text == "settle: incomplete: some.rule: not checked: the old TTLs were not seen"


def test_what_is_wrong_is_said_before_what_is_not_known(tmp_path: Path) -> None:
    found = meant([LAME], after(1), tmp_path, before=(UNSEEN,))

    assert (found.kind, found.text) == (
        Kind.ASKS,
        "settle: no-go: some.rule: Does not answer; an answer was expected. (and 1 more)",
    )
