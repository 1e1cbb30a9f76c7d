"""Gathers what the checks may know before they ask: name servers and addresses, the delegation, the registry.

The two zones are read by whoever knows providers, and come here as `Given`. The new name servers are those that
the target assigned, else the apex NS set of its zone; the old ones likewise, else those that an earlier look of
this move was told, else what the parent listed when it was first seen. Only what the chosen checks can use is
gathered. Silence is part of the facts, and raises nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from dns.name import Name

from migrator.checks.check import Check
from migrator.checks.facts import Facts, Panelist, Replies, ZoneSide
from migrator.confirm import Surroundings, Wanted, take_look
from migrator.cutover.judge import Judgement
from migrator.cutover.look import Side, targets
from migrator.cutover.memory import Memory, old_set, set_text, with_parents
from migrator.cutover.stage import counted_views
from migrator.gathering.given import Given, Recalled, Task
from migrator.gathering.hosts import at_left, host_of, own_names, own_places, within_reach
from migrator.gathering.remembering import seen_on_the_way, to_remember
from migrator.gathering.strategy import with_strategy
from migrator.model.delegation import Delegation
from migrator.model.finding import Phase
from migrator.model.names import is_within
from migrator.model.observation import Server
from migrator.model.values import dataclass
from migrator.network.delegation import walk
from migrator.network.iterative import Iteration
from migrator.network.randomlabel import random_label
from migrator.network.resolvers import SAMPLES
from migrator.runner import Asker
from migrator.state.sightings import parent_entries
from migrator.state.store import Entry

__all__ = ["Gathered", "Given", "Recalled", "Task", "gather", "to_remember"]

_SWITCHED = frozenset({Phase.SWITCH, Phase.SETTLE, Phase.CLOSE})
# Areas whose checks read what the registry says of the domain.
_OF_REGISTRY = frozenset({"registrar", "delegation", "zone", "close"})


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts, and what is to be remembered: what was seen on the way, and the old set that its side told."""

    facts: Facts
    entries: tuple[Entry, ...]
    named: tuple[Name, ...] = ()


def gather(task: Task, checks: Sequence[Check], asker: Asker, recalled: Recalled) -> Gathered:
    """Return what the checks may know before they ask."""
    asks_registry = any(check.area in _OF_REGISTRY for check in checks)
    new_names = () if task.new is None else own_names(asker, task.domain, task.new)
    own_old = own_names(asker, task.domain, task.old)
    # A zone that lists the new set already does not say where it was served before.
    given_old = () if set_text(own_old) == set_text(new_names) else own_old
    wanted = Wanted(task.domain, new_names, given_old)
    if task.phase in _SWITCHED and task.new is not None:
        inside = [name for name in new_names if is_within(name, task.domain)]
        former = [name for name in own_old if is_within(name, task.domain)]
        wanted = replace(
            wanted,
            addresses=own_places(asker, inside, task.new),
            old_addresses=own_places(asker, dict.fromkeys((*inside, *former)), task.old),
        )
    judgement, entries = _judged(task, wanted, asker, recalled.memory)
    if judgement is None:
        delegation = walk(asker.client, asker.profile, task.domain, asker.progress)
        entries = tuple(parent_entries(delegation, set_text(new_names)))
    else:
        delegation = judgement.look.delegation
    # As with the sides: an address without a route from here says nothing where its server has another.
    delegation = replace(delegation, views=counted_views(delegation.views))
    memory = with_parents(recalled.memory, delegation.views, new_names)
    old_names = given_old or old_set(memory, new_names)
    if not old_names and task.phase not in _SWITCHED and task.new is not None and not task.new.assigned:
        # Both zones list both sets, or the new one the old servers, or names stay and addresses change.
        old_names = _listed_now(delegation) or own_old
    left = () if judgement is None else judgement.look.left
    if left and not old_names:
        old_names = new_names
    facts = _facts(task, delegation, old_names, new_names, asker)
    if left:
        facts = replace(facts, old=at_left(facts.old, left))
    facts = replace(
        facts, history=recalled.history, judgement=judgement, replies=Replies(seen_on_the_way(facts, judgement))
    )
    facts = with_strategy(within_reach(facts, asker), task.strategy, asker)
    if asks_registry:
        facts = replace(facts, registrar=asker.ask_registry(task.domain, facts.now))
    return Gathered(facts, entries, given_old)


def _listed_now(delegation: Delegation) -> tuple[Name, ...]:
    """Return what the first server of the parent lists that lists anything."""
    return next((names for view in delegation.views if (names := targets(view.delegation()))), ())


def _judged(
    task: Task, wanted: Wanted, asker: Asker, memory: Memory
) -> tuple[Judgement | None, tuple[Entry, ...]]:
    """Take the look of `confirm` from the switch on: before, a resolver would be asked for what it should not."""
    if task.phase not in _SWITCHED or not wanted.expected:
        return None, ()
    world = Surroundings(asker.client, asker.profile, lambda *_: None, asker.now, SAMPLES)
    taken = take_look(world, wanted, memory, asker.progress)
    return taken.judgement, taken.entries


def _facts(
    task: Task, delegation: Delegation, old_names: tuple[Name, ...], new_names: tuple[Name, ...], asker: Asker
) -> Facts:
    iteration = Iteration(asker.client, asker.profile, asker.progress)

    def side(which: Side, given: Given, names: tuple[Name, ...]) -> ZoneSide:
        hosts = tuple(host_of(name, which, given, delegation, iteration, asker) for name in names)
        return ZoneSide(
            which,
            given.locator,
            given.scheme,
            given.zone,
            given.findings,
            given.unread,
            names,
            given.assigned,
            hosts,
            given.servers,
            given.capabilities,
            asker.profile.port,
            has_failed=given.has_failed,
        )

    return Facts(
        task.domain,
        task.phase,
        asker.now(),
        side(Side.OLD, task.old, old_names),
        None if task.new is None else side(Side.NEW, task.new, new_names),
        delegation,
        settings=task.settings,
        backup=task.backup,
        resolvers=tuple(Panelist(each.name, Server(each.address, each.port)) for each in asker.profile.resolvers),
        port=asker.profile.port,
        allow_special_addresses=asker.profile.allow_special_addresses,
        nonce=random_label(),
    )
