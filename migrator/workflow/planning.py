"""How `plan` comes to its timeline: both sides read through their providers, the servers asked, the memory."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dns.name import Name

from migrator.checks.facts import Facts, Settings, Strategy
from migrator.clock import instant
from migrator.dnsclient.client import utc_now
from migrator.errors import InputError, ProviderError
from migrator.gathering import Given, Recalled, Task, gather, to_remember
from migrator.interfaces import Progress
from migrator.model.finding import Phase
from migrator.network.rdap import Registry
from migrator.runner import Asker
from migrator.timeline import Timeline, make_timeline
from migrator.timeline.measuring import measured_of, questions
from migrator.workflow.checking import able, given_side, told_by_names
from migrator.workflow.remembering import Remembering
from migrator.workflow.targets import expect_new_file, opened
from migrator.workflow.world import World
from providers import LIVE_SCHEME, parse_locator

_READ_ONLY = frozenset({LIVE_SCHEME, "axfr"})


def planned(
    world: World,
    domain: Name,
    sides: tuple[str, str],
    settings: Settings,
    strategy: Strategy | None,
    switch_at: datetime | None,
    memory: Remembering,
    progress: Progress,
) -> Timeline:
    """Return the plan of a move between two locators; all that was seen is remembered."""
    old = able(world, given_side(world, sides[0], domain, "old"))
    new = _target(world, sides[1], domain)
    task = Task(domain, Phase.PREPARE, old, new, settings, strategy)
    asker = Asker(world.client, world.profile, Registry(world.profile).ask, utc_now, progress)
    gathered = gather(task, (), asker, Recalled(memory.recalled, memory.history))
    memory.keep(gathered.entries)
    memory.keep_old_side(() if gathered.facts.new is None else gathered.facts.new.names, gathered.named)
    facts = _asked(told_by_names(gathered.facts), asker)
    memory.keep(to_remember(facts))
    found = measured_of(facts, memory.recalled)
    if switch_at is not None and found.switched is not None:
        raise InputError(
            f"--switch-at: the parent lists the new name servers since {instant(found.switched)}; what comes "
            "after the switch is planned without this option."
        )
    return make_timeline(found, switch_at)


def _target(world: World, text: str, domain: Name) -> Given:
    """Return the new side; a zone that is still to be made has no name servers that anybody could know."""
    locator = parse_locator(text)
    if locator.scheme == "file":
        is_there = Path(locator.path).exists()
        if not is_there:
            expect_new_file(locator, domain)
    elif locator.scheme in _READ_ONLY:
        is_there = True
    else:
        try:
            with opened(world, locator) as target:
                is_there = target.writer.exists()
        except ProviderError:
            is_there = True
    if is_there:
        return given_side(world, text, domain, "new")
    return Given(locator.text, locator.scheme, unread="it is not there yet: the import makes it")


def _asked(facts: Facts, asker: Asker) -> Facts:
    """Return the facts with the answers that measuring needs."""
    wanted = [question for question in dict.fromkeys(questions(facts)) if question not in facts.replies]
    replies = facts.replies.with_more(asker.ask(wanted))
    return replace(facts, replies=replies, now=asker.now())
