"""Adds what a person says to a migration, and tells them what follows."""

from datetime import UTC, datetime

from migrator.cli import screen
from migrator.cli.deciding import Decisions, person
from migrator.cli.expecting import expect_database
from migrator.cli.naming import naming
from migrator.cli.writing import agrees
from migrator.errors import InputError
from migrator.journey.events import Event, Kind
from migrator.journey.options import Options, words_beside
from migrator.journey.stages import STAGES, Stage
from migrator.journey.state import State, Status
from migrator.model import phrases
from migrator.model.domains import domain_named
from migrator.model.names import for_people
from migrator.model.shellwords import typed
from migrator.notices import notice_of
from migrator.notifying import Notifier
from migrator.state.migrations import Migration, Migrations, Told
from migrator.state.store import Store, open_store
from migrator.workflow.stages.registrar import REGISTRARS


def approved(
    database: str,
    domain: str,
    stage_text: str,
    decided: Decisions,
    because: str,
    at_registrar: str,
    *,
    quiet: bool,
) -> None:
    """Approve what a stage asks; raises InputError where it asks nothing that this opens."""
    expect_database(database)
    with open_store(database) as store:
        told = _told(store, domain)
        zone, state = for_people(told.migration.domain), told.state
        stage = _stage(stage_text)
        if at_registrar and (at_registrar not in REGISTRARS or stage is not Stage.SWITCH):
            raise InputError(f"--at-registrar {at_registrar}: the stage switch takes {', '.join(REGISTRARS)}.")
        changes = decided.usable_over(told.migration.options) != told.migration.options
        before = []
        if stage is not state.stage:
            if not (stage is Stage.IMPORT and _offers_import(state)):
                standing = phrases.ended(_standing(told.migration))
                raise InputError(f"{zone} is at the stage {state.stage}, not {stage}: {standing}")
            before = [Event(Kind.AGAIN, stage, _now(), "import again", by=person())]
        elif state.status is Status.ASKING and not (at_registrar or state.last.plan or changes):
            _expect_more_than_a_word(zone, state, because)
        nothing = Options("", "")
        words = (*words_beside(nothing, decided.over(nothing)), *([at_registrar] if at_registrar else ()))
        event = Event(
            Kind.APPROVED, stage, _now(), words=words, because=because, plan=state.last.plan, by=person()
        )
        Migrations(store).said(told.migration, *before, event, change=decided.over if changes else None)
    asked = f" ({state.last.text})" if state.last.plan and not because else ""
    way = _run(zone, database)
    screen.note(
        f"dns-migrator: {zone}: {stage} is approved{asked}. What waits goes on now; if nothing runs: {way}",
        quiet=quiet,
    )


def _expect_more_than_a_word(zone: str, state: State, because: str) -> None:
    """Raise InputError where what is said opens nothing: no reason makes an import lose what nobody accepted."""
    asked = f"{zone}: {state.stage} waits for more than a word: {phrases.ended(state.last.text)}"
    if state.stage is Stage.IMPORT:
        raise InputError(f"{asked} Decide with {state.last.commands[-1]}")
    if not because:
        raise InputError(
            f"{asked} Mend that, and it goes on by itself; or go on all the same with --because REASON."
        )


def gone_back(database: str, domain: str, stage_text: str, because: str, *, quiet: bool) -> None:
    """Go back to a stage; raises InputError for one that is yet to come."""
    expect_database(database)
    with open_store(database) as store:
        told = _told(store, domain)
        zone, stage = for_people(told.migration.domain), _stage(stage_text)
        if stage.number > told.state.stage.number:
            raise InputError(f"{zone} is at the stage {told.state.stage}: {stage} is yet to come.")
        event = Event(Kind.AGAIN, stage, _now(), because=because, by=person())
        after = Migrations(store).said(told.migration, event)
    if after.status is Status.PAUSED:
        resume = f"dns-migrator resume {zone}{naming(database)}"
        screen.note(f"dns-migrator: {zone} is to go on from {stage}; it is paused until: {resume}", quiet=quiet)
        return
    way = _run(zone, database)
    screen.note(f"dns-migrator: {zone} goes on from {stage}. If nothing runs: {way}", quiet=quiet)


def said(database: str, domain: str, kind: Kind, because: str, *, quiet: bool) -> None:
    """Pause, resume or abort a migration; raises InputError where that means nothing now."""
    expect_database(database)
    with open_store(database) as store:
        told = _told(store, domain)
        zone = for_people(told.migration.domain)
        if told.state.is_paused == (kind is Kind.PAUSED) and kind is not Kind.ABORTED:
            raise InputError(f"{zone} is {'paused already' if told.state.is_paused else 'not paused'}.")
        event = Event(kind, told.state.stage, _now(), because=because, by=person())
        migrations = Migrations(store)
        migrations.said(told.migration, event)
        busy = bool(migrations.as_done_now(told.migration).worker)
    if kind is Kind.ABORTED:
        _tell_others(told.migration, event)
    if busy and kind is not Kind.RESUMED:
        screen.note(f"dns-migrator: {zone}: what is being done at {told.state.stage} now still comes to its end.")
    match kind:
        case Kind.ABORTED:
            ended_at = f"{zone}: ended at {told.state.stage}; nothing was undone."
            screen.note(f"dns-migrator: {ended_at} {_way_back(told, database)}", quiet=quiet)
        case Kind.PAUSED:
            way = f"'dns-migrator resume {zone}{naming(database)}' goes on"
            screen.note(f"dns-migrator: {zone} is paused; {way}.", quiet=quiet)
        case _:
            screen.note(f"dns-migrator: {zone} goes on. If nothing runs: {_run(zone, database)}", quiet=quiet)


def _way_back(told: Told, database: str) -> str:
    """Return what takes the import and the TTLs back: once the parent has switched, the registrar comes first."""
    zone, migration = for_people(told.migration.domain), told.migration
    named = naming(database)
    # TTLs may have been lowered since the import: a rollback without --target takes these back.
    rollback = f"dns-migrator rollback {zone} --target {typed(migration.options.target)}{named}"
    ways = f"goes back with '{rollback}', lowered TTLs with 'dns-migrator ttl restore {zone}{named}'."
    if told.state.stage.number > Stage.SWITCH.number:
        return f"Give the registrar the old name servers first; what was imported {ways}"
    return f"What was imported {ways}"


def ended(database: str, domain: str, because: str, *, yes: bool, quiet: bool) -> None:
    """End a migration for good; a person at a terminal is asked before whether that is meant."""
    if yes or not screen.is_interactive() or _means_to_end(database, domain):
        said(database, domain, Kind.ABORTED, because, quiet=quiet)


def _means_to_end(database: str, domain: str) -> bool:
    expect_database(database)
    with open_store(database) as store:
        told = _told(store, domain)
    zone, stage = for_people(told.migration.domain), told.state.stage
    agreed = agrees(f"End the migration of {zone} at {stage}? It cannot be gone on with, and nothing is undone.")
    if not agreed:
        screen.note(f"dns-migrator: {zone}: nothing was ended.")
    return agreed


def _tell_others(migration: Migration, event: Event) -> None:
    """Tell the end of a migration where people want to be told."""
    notice, notifier = notice_of(migration.domain, event), Notifier.from_environment()
    if notice is None or notifier is None:
        return
    for trouble in filter(None, notifier.send([notice])):
        screen.note(f"dns-migrator: {trouble}")


def _told(store: Store, domain: str) -> Told:
    name = domain_named(domain.lower())
    migrations = Migrations(store)
    found = migrations.of(name)
    if found is None or found.is_over:
        over = f"the last one is {found.status}" if found is not None else "there never was one"
        raise InputError(f"{for_people(name)} has no migration under way here: {over}.")
    return migrations.told(found)


def _stage(text: str) -> Stage:
    if text not in tuple(Stage):
        raise InputError(f"{text}: no stage is called so: {', '.join(STAGES)}.")
    return Stage(text)


def _offers_import(state: State) -> bool:
    """Tell whether the zones have drifted apart: what the TTL stages ask has a plan too, and is no import."""
    return state.status is Status.ASKING and bool(state.last.plan) and state.stage is Stage.SWITCH


def _standing(migration: Migration) -> str:
    return f"{migration.status}{': ' if migration.text else ''}{migration.text}"


def _run(zone: str, database: str) -> str:
    return f"dns-migrator run {zone}{naming(database)}"


def _now() -> datetime:
    return datetime.now(UTC)
