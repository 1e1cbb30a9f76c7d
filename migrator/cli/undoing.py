"""What `rollback` does: finds the import, shows the way back, asks, and goes it."""

from dataclasses import replace
from pathlib import Path

from dns.name import Name

from migrator.cli import screen
from migrator.cli.choices import Format
from migrator.cli.keeping import keep_where_there_is
from migrator.cli.naming import naming
from migrator.cli.writing import NOTHING_WRITTEN, Manner, Relay, consent, done_all_the_same, finish
from migrator.codec.imports import RolledBack, rollback_json
from migrator.errors import InputError
from migrator.journey.state import Status
from migrator.model.locator import Locator
from migrator.model.names import for_people, text_of
from migrator.model.zone import ZoneSnapshot
from migrator.report.imports_markdown import rollback_markdown
from migrator.report.rollback import outcome_text, plan_text, verdict_text
from migrator.state.journal import Journal, Kind, Run, chain
from migrator.state.locks import only_writer
from migrator.state.migrations import Migrations
from migrator.state.store import Store, open_store
from migrator.workflow.serving import expect_not_served
from migrator.workflow.targets import opened
from migrator.workflow.ttls import note_back, note_lowered_again
from migrator.workflow.world import World
from migrator.writing.importing import key_of_target
from migrator.writing.rollback import last_import, plan_rollback, read_target, roll_back
from providers import parse_locator


def run_rollback(
    world: World, zone: Name, where: Locator | None, manner: Manner, relay: Relay, *, live: bool
) -> None:
    """Take the last import of the zone back; ends with an exit code. With `live` the parent is not asked."""
    database = manner.database
    if "://" not in database and not Path(database).exists():
        raise InputError(
            f"{database}: there is no such state database, so no import of {for_people(zone)} is remembered; "
            "--database names the one that the import used. A backup folder can be imported instead."
        )
    with open_store(database) as store:
        runs = last_import(Journal(store), zone, _key(where, zone), store.shown_as)
        if not manner.may_write:
            _rolled_back(world, runs, store, manner, relay, live=live)
        else:
            with only_writer(store, runs[0].new.target):
                _rolled_back(world, runs, store, manner, relay, live=live)


def _rolled_back(
    world: World, runs: tuple[Run, ...], store: Store, manner: Manner, relay: Relay, *, live: bool
) -> None:
    with opened(world, _locator(runs[0])) as target:
        with relay.shown():
            present = read_target(target)
            found = plan_rollback(runs, target, present)
        if manner.format_ is Format.TEXT and not (manner.quiet and (manner.yes or not found.work.steps)):
            text = plan_text(found, screen.palette(no_color=manner.no_color), verbose=manner.verbose)
            screen.emit(text, None, instead=NOTHING_WRITTEN)
        if found.work.steps and not live and runs[0].new.kind is Kind.IMPORT and target.locator.scheme != "file":
            with relay.shown():
                expect_not_served(world, present.snapshot, runs[-1].begun, store, relay)
        if found.work.steps:
            _tell_who_would_do_it_again(store, runs[0].new.domain, manner)
        if found.work.steps and consent(manner, len(found.work.steps)):
            with relay.shown():
                found = roll_back(found, runs, target, Journal(store), present, relay)
        if manner.may_write and found.work.verified:
            _note_ttls(runs[0], found.undoing.goal, store)
        keep_where_there_is(manner.database, runs[0].new.domain, lambda: rollback_json(found))
        _show(found, manner)
        if runs[0].new.kind is not Kind.IMPORT:
            _tell_of_the_import_before(runs[-1], Journal(store), manner)
        finish(found.work.error, found.work.exit_code)


def _tell_of_the_import_before(ttls: Run, journal: Journal, manner: Manner) -> None:
    """Say that an import stands, which a rollback no longer comes to since TTLs were written after it."""
    here = [run for run in journal.runs(ttls.new.domain) if run.new.target == ttls.new.target]
    undone = {run.new.undoes for run in here if run.new.kind is Kind.ROLLBACK}
    imports = [run for run in here if run.new.kind is Kind.IMPORT and run.number < ttls.number]
    if not imports or imports[-1].number in undone:
        return
    backups = [run.new.backup for run in chain(imports[-1], imports) if run.new.backup]
    way = f"import the backup {backups[-1]}" if backups else "it had no records before"
    screen.note(
        f"dns-migrator: {for_people(ttls.new.domain)}: the import into {ttls.new.locator} of "
        f"{imports[-1].begun:%Y-%m-%d %H:%M:%S} UTC stays, since TTLs were written after it; to have the zone as "
        f"it was before: {way}.",
        quiet=manner.quiet,
    )


def _note_ttls(run: Run, zone: ZoneSnapshot, store: Store) -> None:
    """Remember what the TTLs are now; whoever was killed right before that does so the next time."""
    match run.new.kind:
        case Kind.TTL_LOWER:
            note_back(store, run.new.domain, run.new.target, zone)
        case Kind.TTL_RESTORE:
            note_lowered_again(store, run.new.domain, run.new.target, zone)
        case _:
            pass


def _tell_who_would_do_it_again(store: Store, zone: Name, manner: Manner) -> None:
    """Say that a migration is under way: it takes for drift what is taken back, and with --yes does it anew."""
    migration = Migrations(store).of(zone)
    if migration is None or migration.is_over or migration.status is Status.PAUSED:
        return
    whole = f"{for_people(zone)}{naming(manner.database)}"
    screen.note(
        f"dns-migrator: {for_people(zone)}: a migration is under way and may do again what is taken back; "
        f"'dns-migrator abort {whole}' ends it, 'dns-migrator pause {whole}' holds it.",
        quiet=manner.quiet,
    )


def _show(found: RolledBack, manner: Manner) -> None:
    instead = done_all_the_same(found.work, verdict_text(found))
    match manner.format_:
        case Format.JSON:
            screen.emit(rollback_json(found), None, instead=instead)
        case Format.MARKDOWN:
            said = verdict_text(found) if found.work.begun else "Nothing was written: this is the plan."
            screen.emit(rollback_markdown(found, said), None, instead=instead)
        case _ if found.work.begun and not (manner.quiet and found.work.verified and not found.work.exit_code):
            text = outcome_text(found, screen.palette(no_color=manner.no_color))
            screen.emit(f"\n{text}", None, instead=instead)
        case _:
            pass


def _locator(run: Run) -> Locator:
    """Return the locator of the target; a file is found again from any folder."""
    locator = parse_locator(run.new.locator)
    if locator.scheme != "file":
        return locator
    options = {**locator.options, "origin": text_of(run.new.domain)}
    return replace(locator, path=run.new.target.removeprefix("file:"), options=options)


def _key(where: Locator | None, zone: Name) -> str:
    """Return what the journal calls the target, or nothing for any."""
    if where is None:
        return ""
    return key_of_target(where, zone)
