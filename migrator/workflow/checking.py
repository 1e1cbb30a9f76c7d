"""How `check` comes to its facts: both sides read through their providers, and the memory."""

from dataclasses import replace
from pathlib import Path

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.backup.kept import kept_in, newest_backup
from migrator.checks.facts import Facts, Kept
from migrator.checks.verdict import Checklist
from migrator.codec import sums
from migrator.cutover.look import targets
from migrator.dnsclient.client import utc_now
from migrator.errors import DnsError, MigratorError, ProviderError
from migrator.gathering import Given, Recalled, Task, gather, to_remember
from migrator.interfaces import Closable, Progress
from migrator.live.locators import live_locators, servers_of
from migrator.model.capabilities import Capabilities
from migrator.model.finding import Phase
from migrator.model.locator import Locator
from migrator.network.rdap import Registry
from migrator.plan.delegations import service_of
from migrator.runner import Asker, run
from migrator.workflow.remembering import Remembering
from migrator.workflow.sides import expect_origin, locator_of
from migrator.workflow.wishes import Choice, Order
from migrator.workflow.world import World
from providers import LIVE_SCHEME, load, parse_locator, usual_capabilities


def checked(world: World, order: Order, choice: Choice, memory: Remembering, progress: Progress) -> Checklist:
    """Return the checklist; all that was seen is remembered."""
    old = given_side(world, order.old, order.domain, "old")
    if order.phase is Phase.READY:
        # Which TTLs nobody can lower there, and what to say of them before the switch.
        old = able(world, old)
    new = able(world, given_side(world, order.new, order.domain, "new")) if order.new else None
    asker = Asker(world.client, world.profile, Registry(world.profile).ask, utc_now, progress)
    kept = _backup(order, old, new, memory)
    task = Task(order.domain, order.phase, old, new, order.settings, order.strategy, kept)
    gathered = gather(task, choice.checks, asker, Recalled(memory.recalled, memory.history))
    memory.keep(gathered.entries)
    memory.keep_old_side(() if gathered.facts.new is None else gathered.facts.new.names, gathered.named)
    facts = told_by_names(gathered.facts) if order.phase is Phase.READY else gathered.facts
    checklist = run(choice.checks, facts, choice.policy, asker)
    memory.keep(to_remember(checklist.facts))
    memory.keep_registrar(checklist.facts.registrar, checklist.facts.now)
    return checklist


def _backup(order: Order, old: Given, new: Given | None, memory: Remembering) -> Kept | None:
    """Return the backup of the old zone: the one named, the newest that `export` wrote, or the file of --from."""
    if order.backup is not None:
        return kept_in(order.backup)
    new_names = () if new is None else _listed(new)
    newest = newest_backup(order.domain, _listed(old), new_names, overtaken=memory.overtaken_backups())
    if newest is not None or old.zone is None or old.scheme != "file":
        return newest
    folder = Path(parse_locator(order.old).path)
    return kept_in(folder) if (folder / sums.FILE_NAME).is_file() else Kept(old.locator, None, old.zone)


def _listed(given: Given) -> tuple[Name, ...]:
    """Return the name servers of a side, as far as its locator tells them."""
    return given.assigned or (() if given.zone is None else targets(given.zone.apex(RdataType.NS)))


def given_side(world: World, text: str, domain: Name, side: str) -> Given:
    """Return one side; what a service or a server does not give is said, and left to the checks.

    What its provider can hold is not asked: see `able`.
    """
    if not text:
        return Given(unread="no locator was given with --from, so that only what is served can be seen")
    locator = locator_of(text, domain)
    if locator.scheme == LIVE_SCHEME:
        return _live(world, locator)
    try:
        result = world.read(locator)
        # Most providers tell them with the zone, and so does a backup: an account answers so many requests alone.
        told = result.snapshot.name_servers
        assigned = told or load(locator.scheme).assigned_name_servers(locator, world.environment)
    except (ProviderError, DnsError) as exc:
        unread = f"the {side} side cannot be read: {exc}"
        return Given(locator.text, locator.scheme, unread=unread, has_failed=True)
    zone = result.snapshot
    expect_origin(zone.origin, locator, domain)
    return Given(locator.text, locator.scheme, zone, result.findings, "", assigned)


def able(world: World, given: Given) -> Given:
    """Return the side with what its provider can hold, as far as its zone could be read."""
    if given.zone is None:
        return given
    return replace(given, capabilities=_capabilities(world, parse_locator(given.locator)))


def told_by_names(facts: Facts) -> Facts:
    """Return the facts with the old provider's own rules, where its name servers tell it and the locator does not.

    Live servers, a transfer and a zone file say nothing of the service behind them: which TTLs it sets itself.
    """
    scheme = service_of(facts.old.names)
    can = usual_capabilities(scheme) if scheme != facts.old.scheme else None
    if can is None:
        return facts
    can = replace(can, provider=f"{can.provider} (as the names of its servers tell)")
    return replace(facts, old=replace(facts.old, capabilities=can))


def _live(world: World, locator: Locator) -> Given:
    """Return a side that consists of live servers: they answer, and list nothing."""
    servers = servers_of(live_locators([locator], ()), world.environment)
    found = tuple(live.server for live in servers)
    return Given(
        locator.text, locator.scheme, unread="live servers answer, but do not list their zone", servers=found
    )


def _capabilities(world: World, locator: Locator) -> Capabilities | None:
    """Return what the provider can hold; None where it cannot be written to, or does not say now."""
    try:
        writer = world.open_writer(locator)
        try:
            return writer.capabilities()
        finally:
            if isinstance(writer, Closable):
                writer.close()
    except MigratorError:
        return None
