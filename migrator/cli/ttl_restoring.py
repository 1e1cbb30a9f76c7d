"""What `ttl restore` does: originals go back where they were lowered, and into the zone that copied them."""

from collections.abc import Sequence
from contextlib import ExitStack

from migrator.cli import screen
from migrator.cli.ttling import Session
from migrator.cli.writing import consent, finish
from migrator.codec.ttls import Action, TtlResult
from migrator.errors import InputError, ProviderError
from migrator.model.locator import Locator
from migrator.model.names import for_people
from migrator.state.databases import place_of
from migrator.state.migrations import Migrations
from migrator.state.store import Store
from migrator.state.ttlmemory import Place, Remembered, TtlMemory
from migrator.ttls import Original, Restoring
from migrator.workflow.remembering import Remembering
from migrator.workflow.settling import expect_settled
from migrator.workflow.targets import is_gone
from migrator.workflow.ttls import Part, copied, key_of_place, own_locator, part_of, restored
from migrator.writing.importing import key_of_target


def run_restore(session: Session, from_: str, to: str, *, early: bool) -> None:
    """Put the TTLs back that were lowered; ends with an exit code. `early` does not ask whether they may be."""
    with session.store() as store, ExitStack() as stack:
        if store is None:
            raise _nothing(session)
        places = _places(session, store, from_, to)
        parts, gone = _held(session, store, stack, places, to)
        for part in parts:
            session.show_plan(part.result)
        if not early and not session.manner.dry_run and any(part.result.plan.changes for part in parts):
            _expect_settled(session, store, parts, to)
        changes = sum(len(part.result.plan.changes) for part in parts if not part.held.by_hand)
        if changes and not consent(session.manner, changes):
            session.show(Action.RESTORE, [part.result for part in parts], is_plan=True)
            finish("", 0)
        if session.manner.dry_run:
            session.show(Action.RESTORE, [part.result for part in parts], is_plan=True)
            finish("", 0)
        with session.relay.shown():
            results = [_done(session, part, store) for part in parts]
        for place, originals in gone.items():
            TtlMemory(store).restored(session.domain, place, originals)
        session.show(Action.RESTORE, results, is_plan=False)
        finish(next((each.work.error for each in results if each.work.error), ""), session.code(results))


def _held(
    session: Session,
    store: Store,
    stack: ExitStack,
    places: Sequence[tuple[Locator, tuple[Original, ...], bool]],
    to: str,
) -> tuple[list[Part], dict[Place, tuple[Original, ...]]]:
    """Return the zones, and the places at which there is none any more."""
    parts, gone = [], {}
    for locator, originals, is_copy in places:
        try:
            held = stack.enter_context(session.held(locator, store))
        except (InputError, ProviderError):
            # Who moved and has deleted the old zone wants the TTLs of the new one back.
            if is_copy or not to or not is_gone(session.world, locator):
                raise
            gone[Place(key_of_target(locator, session.domain), locator.text)] = originals
            screen.note(f"dns-migrator: {locator.text} is not there any more; its TTLs went with it.")
        else:
            parts.append(part_of(held, originals, is_copy=is_copy))
    return parts, gone


def _expect_settled(session: Session, store: Store, parts: Sequence[Part], to: str) -> None:
    """Raise where the switch is under way; which side is the new one is known from --to, or from a migration."""
    known = Migrations(store).of(session.domain)
    target = to or ("" if known is None else known.options.target)
    if not target:
        screen.note("dns-migrator: Whether the switch has settled is not known: --to names the new side.")
        return
    source = next((part.held.locator.text for part in parts if not part.is_copy), "")
    memory = Remembering(store, session.domain, screen.note)
    with session.relay.shown():
        expect_settled(session.world, session.domain, (source, target), memory, session.relay)


def _places(
    session: Session, store: Store, from_: str, to: str
) -> list[tuple[Locator, tuple[Original, ...], bool]]:
    """Return each zone with the originals that belong there."""
    memory, domain = TtlMemory(store), session.domain
    wanted = key_of_place(from_, domain) if from_ else ""

    def chosen(found: Sequence[Remembered]) -> list[Remembered]:
        return [each for each in found if wanted in {"", each.place.target}]

    ever = chosen(memory.latest(domain))
    if not ever:
        raise _nothing(session)
    places = [
        (own_locator(from_ or each.place.locator, domain), tuple(each.originals.values()), False)
        for each in chosen(memory.pending(domain))
    ]
    if not places:
        screen.note(f"dns-migrator: All TTLs of {for_people(domain)} that were lowered are back already.")
    if to:
        places.append((own_locator(to, domain), copied(ever), True))
    return places


def _nothing(session: Session) -> InputError:
    return InputError(
        f"{place_of(session.manner.database).shown_as}: no lowered TTLs of {for_people(session.domain)} are "
        "remembered here; --database names the state database that `ttl lower` used."
    )


def _done(session: Session, part: Part, store: Store) -> TtlResult:
    plan = part.result.plan
    # Whoever keeps a zone by hand may have lowered what is served, and not the file.
    is_kept = part.held.by_hand and not part.is_copy and isinstance(plan, Restoring) and bool(plan.back)
    asking = session.asking(part.held) if plan.changes or is_kept else None
    return restored(asking, part, store, session.domain, session.relay)
