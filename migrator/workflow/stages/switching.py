"""The switch: handed over to a person, seen at the parent, followed until old answers are gone."""

from migrator.clock import instant
from migrator.codec.confirm import dumps
from migrator.confirm import Surroundings, Wanted, take_look
from migrator.cutover.judge import Judgement
from migrator.cutover.look import names_of
from migrator.cutover.registrar import Registrar
from migrator.cutover.stage import Listing, Sets, Stage, counted_views, listing_of
from migrator.dnsclient.client import utc_now
from migrator.journey.events import Kind, Worst
from migrator.model.finding import Phase, Severity
from migrator.model.names import for_people
from migrator.rdap import Registry
from migrator.watch import pause
from migrator.workflow.name_servers import name_servers_of
from migrator.workflow.stages.copying import drift
from migrator.workflow.stages.job import Attempt, Job, done
from migrator.workflow.stages.looking import checklist_of, verdict_of

# Who looks again and again need not see every cache of a resolver each time.
_SAMPLES = 5


def hand_over(job: Job) -> Attempt:
    """Ask the person for the registrar's switch, and notice when it has begun."""
    if job.override is None and _same_servers(job):
        text = "both zones have the same name servers, so that no switch could be seen: mend the NS of the new one"
        return Attempt(Kind.ASKS, text, job.soon(), (job.command("approve", "switch --because REASON"),))
    judgement = judged(job)
    document = dumps(judgement)
    is_switched = judgement.stage in {Stage.MIXED, Stage.SWITCHED, Stage.SETTLED}
    drifted = None if is_switched and job.override is not None else drift(job)
    if is_switched:
        return done(f"the parent: {_listed(judgement)}", document) if drifted is None else _too_late(job, drifted)
    if drifted is not None:
        return drifted
    names = " ".join(for_people(name) for name in judgement.look.expected)
    if judgement.stage is None:
        reason = judgement.unchecked[0].reason if judgement.unchecked else "no server of the parent answers"
        return Attempt(Kind.FAILED, f"the parent cannot be seen: {reason}", job.soon(), (), None, (document,))
    registrar = judgement.look.registrar
    where = f" ({registrar.registrar})" if isinstance(registrar, Registrar) and registrar.registrar else ""
    text = f"give the registrar{where} these name servers, and no others: {names}"
    ways = (job.command("confirm", f"--to {job.sides[1]}"),)
    return Attempt(Kind.ASKS, text, job.soon(), ways, _worst(judgement), (document,))


def watch_parent(job: Job) -> Attempt:
    """Look until every server of the parent lists the new set, then ask whether all is well."""
    judgement = judged(job)
    document = dumps(judgement)
    if judgement.stage in {Stage.SWITCHED, Stage.SETTLED}:
        return verdict_of(job, checklist_of(job, Phase.SWITCH))
    until = job.soon(pause(judgement, None))
    if judgement.stage is None:
        reason = judgement.unchecked[0].reason if judgement.unchecked else "no server of the parent answers"
        return Attempt(Kind.FAILED, f"the parent cannot be seen: {reason}", until, (), None, (document,))
    return Attempt(Kind.WAITS, f"the parent: {_listed(judgement)}", until, (), _worst(judgement), (document,))


def watch_resolvers(job: Job) -> Attempt:
    """Wait until the last stale answer is gone, as TTLs and resolvers show it."""
    attempt = verdict_of(job, checklist_of(job, Phase.SETTLE))
    if attempt.kind is not Kind.DONE:
        return attempt
    judgement = judged(job)
    if judgement.stage is Stage.SETTLED or judgement.timing is None or job.override is not None:
        return attempt
    last = judgement.timing.last_stale
    text = f"the last stale answer is gone at {instant(last.at)} = {last.formula}"
    until = last.at if last.at > job.now() else job.soon(pause(judgement, None))
    return Attempt(Kind.WAITS, text, until, (), _worst(judgement), (*attempt.documents, dumps(judgement)))


def judged(job: Job) -> Judgement:
    """Take a look as `confirm` does, and remember it."""
    options = job.options
    expected = name_servers_of(job.world, options.target, job.domain)
    old = name_servers_of(job.world, options.source, job.domain)
    wanted = Wanted(job.domain, expected, () if names_of(old) == names_of(expected) else old)
    registry = Registry(job.world.profile).ask
    world = Surroundings(job.world.client, job.world.profile, registry, utc_now, _SAMPLES)
    taken = take_look(world, wanted, job.memory.recalled, job.progress)
    job.memory.keep(taken.entries)
    job.memory.keep_registrar(taken.judgement.look.registrar, taken.judgement.at)
    return taken.judgement


def _too_late(job: Job, drifted: Attempt) -> Attempt:
    """Ask about what changed at the old side right before the switch.

    Nothing is written over by itself: who has changed the new zone since then meant it.
    """
    text = (
        f"the parent lists the new name servers already, and {drifted.text}; write into the new zone what it lacks"
    )
    ways = (f"dns-migrator diff {' '.join(job.sides)}", job.command("approve", "switch --because REASON"))
    return Attempt(Kind.ASKS, text, job.soon(), ways, drifted.worst, drifted.documents)


def _same_servers(job: Job) -> bool:
    sides = (job.options.source, job.options.target)
    old, new = (name_servers_of(job.world, side, job.domain) for side in sides)
    return names_of(old) == names_of(new)


def _listed(judgement: Judgement) -> str:
    look = judgement.look
    sets = Sets.of(look.expected, look.old)
    listings = [listing_of(view, sets) for view in counted_views(look.delegation.views)]
    new = sum(listing is Listing.NEW for listing in listings)
    return f"{new} of {len(listings)} servers list the new name servers"


def _worst(judgement: Judgement) -> Worst | None:
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in judgement.findings:
            if finding.severity is severity:
                return Worst(severity, f"{finding.subject}: {finding.message}")
    return None
