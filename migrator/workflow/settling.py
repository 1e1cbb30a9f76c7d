"""The gate before TTLs are raised again: while old answers still live, longer TTLs would make them live longer."""

from dns.name import Name

from migrator.clock import instant
from migrator.confirm import Surroundings, take_look
from migrator.cutover.stage import Stage
from migrator.dnsclient.client import utc_now
from migrator.errors import DnsError, UnsafeError
from migrator.interfaces import Progress
from migrator.model.names import for_people
from migrator.workflow.name_servers import wanted_of
from migrator.workflow.remembering import Remembering
from migrator.workflow.world import World

_SAMPLES = 1
_UNDER_WAY = frozenset({Stage.MIXED, Stage.SWITCHED})


def expect_settled(
    world: World, domain: Name, sides: tuple[str, str], memory: Remembering, progress: Progress
) -> None:
    """Take a look at the switch from one locator to the other; the first may be empty.

    Before the switch, and for a move that was given up, there is nothing to wait for. Raises UnsafeError while
    the switch is under way, DnsError where nobody can tell.
    """
    wanted = wanted_of(world, domain, *sides)
    surroundings = Surroundings(world.client, world.profile, lambda *_: None, utc_now, _SAMPLES)
    taken = take_look(surroundings, wanted, memory.recalled, progress)
    memory.keep_look(wanted, taken)
    judgement = taken.judgement
    zone = for_people(domain)
    if judgement.stage is None:
        raise DnsError(
            f"{zone}: whether the switch has settled cannot be seen: no server of the parent says. Nothing was "
            "written; --early puts the TTLs back all the same."
        )
    if judgement.stage in _UNDER_WAY:
        timing = judgement.timing
        reason = "not every server of the parent has switched"
        if timing is not None:
            reason = f"old answers live until {instant(timing.last_stale.at)}"
        raise UnsafeError(
            f"{zone}: the switch is under way, and longer TTLs would prolong it: {reason}. Nothing was written; "
            "--early puts the TTLs back all the same."
        )
