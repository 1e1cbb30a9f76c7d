"""How `plan` comes to its timeline: both sides read through their providers, the servers asked, the memory."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from dns.name import Name

from migrator.checks.facts import Facts, Settings, Strategy
from migrator.cli.checking import given_side
from migrator.cli.remembering import remembering
from migrator.cli.wishes import domain_of, instant_of, refuse_to_come
from migrator.cli.world import World
from migrator.cli.writing import opened
from migrator.clock import instant
from migrator.dnsclient.client import utc_now
from migrator.errors import InputError, ProviderError
from migrator.gathering import Given, Recalled, Task, gather, to_remember
from migrator.interfaces import Progress
from migrator.model.finding import Phase
from migrator.rdap import Registry
from migrator.runner import Asker
from migrator.timeline import Timeline, make_timeline
from migrator.timeline.measuring import measured_of, questions
from providers import LIVE_SCHEME, parse_locator

_FARTHEST = timedelta(days=36525)
_READ_ONLY = frozenset({LIVE_SCHEME, "axfr"})


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
    new = _target(world, sides[1], domain)
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


def _target(world: World, text: str, domain: Name) -> Given:
    """Return the new side; a zone that is still to be made has no name servers that anybody could know."""
    locator = parse_locator(text)
    if locator.scheme == "file":
        is_there = Path(locator.path).exists()
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


def wished_instant(text: str) -> datetime | None:
    """Return the instant of --switch-at; raises InputError for what is none, is past, or is a century away."""
    moment = instant_of("--switch-at", text)
    if moment is None:
        return None
    now = utc_now()
    if moment < now:
        raise InputError(f"--switch-at {text} is past: name an instant to come.")
    if moment > now + _FARTHEST:
        raise InputError(f"--switch-at {text} is more than a century ahead: is the year right?")
    return moment


def lowered_instant(text: str) -> datetime | None:
    """Return the instant of --ttl-lowered-at; raises InputError for what is none, or is yet to come."""
    moment = instant_of("--ttl-lowered-at", text)
    refuse_to_come(moment)
    return moment


def _asked(facts: Facts, asker: Asker) -> Facts:
    """Return the facts with the answers that measuring needs."""
    wanted = [question for question in dict.fromkeys(questions(facts)) if question not in facts.replies]
    replies = facts.replies.with_more(asker.ask(wanted))
    return replace(facts, replies=replies, now=asker.now())
