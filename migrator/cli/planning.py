"""How `plan` comes to its timeline: both sides read through their providers, the servers asked, the memory."""

from dataclasses import replace
from datetime import datetime

from migrator.checks.facts import Facts, Settings, Strategy
from migrator.cli.checking import given_side
from migrator.cli.remembering import remembering
from migrator.cli.wishes import domain_of
from migrator.cli.world import World
from migrator.clock import instant
from migrator.codec.observation import parse_instant
from migrator.dnsclient.client import utc_now
from migrator.errors import InputError
from migrator.gathering import Recalled, Task, gather, to_remember
from migrator.interfaces import Progress
from migrator.model.finding import Phase
from migrator.rdap import Registry
from migrator.runner import Asker
from migrator.timeline import Timeline, make_timeline
from migrator.timeline.measuring import measured_of, questions


def planned(
    world: World,
    domain_text: str,
    sides: tuple[str, str],
    settings: Settings,
    strategy: Strategy | None,
    switch_at: datetime | None,
    database: str,
    progress: Progress,
) -> tuple[Timeline, bool]:
    """Return the plan, and whether all that was seen will be remembered."""
    domain = domain_of(domain_text)
    old = given_side(world, sides[0], domain, "old")
    new = given_side(world, sides[1], domain, "new")
    task = Task(domain, Phase.PREPARE, old, new, settings, strategy)
    asker = Asker(world.client, world.profile, Registry(world.profile).ask, utc_now, progress)
    with remembering(database, domain) as memory:
        gathered = gather(task, (), asker, Recalled(memory.recalled, memory.history))
        memory.keep(gathered.entries)
        facts = _asked(gathered.facts, asker)
        memory.keep(to_remember(facts))
        found = measured_of(facts, memory.recalled)
        if switch_at is not None and found.switched is not None:
            raise InputError(
                f"--switch-at: the parent lists the new name servers since {instant(found.switched)}; what comes "
                "after the switch is planned without this option."
            )
        return make_timeline(found, switch_at), memory.is_whole


def wished_instant(text: str) -> datetime | None:
    """Return the instant of --switch-at; raises InputError for what is none, or is past."""
    if not text:
        return None
    try:
        moment = parse_instant(text)
    except InputError as exc:
        raise InputError(f"--switch-at: {exc}") from exc
    if moment < utc_now():
        raise InputError(f"--switch-at {text} is past: name an instant to come.")
    return moment


def _asked(facts: Facts, asker: Asker) -> Facts:
    """Return the facts with the answers that measuring needs."""
    wanted = [question for question in dict.fromkeys(questions(facts)) if question not in facts.replies]
    replies = facts.replies.with_more(asker.ask(wanted))
    return replace(facts, replies=replies, now=asker.now())
