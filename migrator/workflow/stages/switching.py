"""The switch: handed over to a person, seen at the parent, followed until old answers are gone."""

from dataclasses import replace
from datetime import datetime

from dns.name import Name

from migrator.codec.confirm import dumps
from migrator.confirm import Surroundings, take_look
from migrator.cutover.judge import Judgement
from migrator.cutover.memory import delegated_set, names_in
from migrator.cutover.places import is_of_hosts, leads_to_new
from migrator.cutover.registrar import Registrar
from migrator.cutover.stage import Listing, Sets, Stage, counted_views, is_partial, listing_of
from migrator.dnsclient.client import utc_now
from migrator.errors import DnsError, InputError, MigratorError, ProviderError
from migrator.journey.events import Kind, Worst
from migrator.journey.stages import Stage as JourneyStage
from migrator.meaning.suffixes import keeper_of
from migrator.model.finding import Phase, Severity
from migrator.model.names import for_people, is_within
from migrator.network.rdap import Registry
from migrator.watch import pause
from migrator.workflow.stages.copying import drift
from migrator.workflow.stages.job import Attempt, Job, done
from migrator.workflow.stages.looking import checklist_of, ready_no_more, verdict_of
from migrator.workflow.stages.registrar import offers, switch_there
from migrator.workflow.stages.sides import SidesNow, oldest_of, sides_now
from migrator.workflow.targets import is_gone
from migrator.workflow.ttls import own_locator

# The parent lists the new set, or a part of it.
_LISTED = frozenset({Stage.MIXED, Stage.SWITCHED, Stage.SETTLED})
# Who looks again and again need not see every cache of a resolver each time.
_SAMPLES = 5


def hand_over(job: Job) -> Attempt:
    """Ask the person for the registrar's switch, and notice when it has begun."""
    sides = sides_now(job)
    judgement = _visible(job, sides)
    if judgement is None:
        return _of_same_names(job, sides)
    registrar = _registrar(judgement) if sides.is_fresh else sides.registrar
    sides.keep(job, registrar)
    documents = (dumps(judgement),)
    is_switched = _has_begun(judgement) or (job.override is not None and judgement.stage in _LISTED)
    # What has drifted once is looked at until it is mended, or a person goes on all the same.
    looks = (
        is_switched or sides.is_fresh or bool(job.state.last.plan) or job.state.last.text.startswith(_gone(job))
    )
    try:
        drifted = drift(job) if looks and job.override is None else None
    except (InputError, ProviderError, DnsError) as exc:
        return replace(_without_old(job, judgement, registrar, exc, is_switched=is_switched), documents=documents)
    if is_switched and drifted is not None:
        return _too_late(job, drifted)
    if is_switched:
        return done(f"the parent: {_listed(judgement)}", *documents)
    if drifted is not None:
        return replace(drifted, documents=(*drifted.documents, *documents))
    if judgement.stage is None:
        return replace(_unseen(job, judgement), documents=documents)
    # Weeks may pass, in which a DS is put in, TTLs are raised, or a new name server goes.
    unready = ready_no_more(job) if sides.is_fresh and job.override is None and _was_ready_long_ago(job) else None
    if unready is not None:
        return replace(unready, documents=(*unready.documents, *documents))
    return replace(_asked(job, judgement, registrar), documents=documents)


def _asked(job: Job, judgement: Judgement, registrar: str) -> Attempt:
    """Ask for the switch, or have the registrar make it where a person has said so."""
    if is_of_hosts(judgement.look):
        return _of_host_records(job, judgement, registrar)
    return switch_there(job, judgement) or _of_names(job, judgement, registrar)


def _without_old(
    job: Job, judgement: Judgement, registrar: str, cause: MigratorError, *, is_switched: bool
) -> Attempt:
    """Return what is to be done where the old zone cannot be read, so that nobody sees whether it has changed.

    One that is gone is served no more, or not for long: the switch does not wait for it.
    """
    is_there = not is_gone(job.world, own_locator(job.options.source, job.domain))
    if is_there and not is_switched:
        raise cause
    if is_switched:
        what = f"{job.options.source} cannot be read: {cause}" if is_there else _gone(job)
        kind = Kind.FAILED if is_there else Kind.ASKS
        text = f"the parent lists the new name servers already, and {what}"
        if not is_there:
            text = (
                f"{text}: whether it was changed after the import nobody can tell; what is missing goes into the "
                "new zone"
            )
        ways = (job.command("approve", "switch --because REASON"),)
        return Attempt(kind, text, job.soon(), ways, Worst(Severity.ERROR, text))
    if judgement.stage is None:
        return _unseen(job, judgement)
    asked = _asked(job, judgement, registrar)
    text = f"{_gone(job)}: {asked.text}"
    return replace(asked, text=text, worst=Worst(Severity.ERROR, text))


def _gone(job: Job) -> str:
    return f"{job.options.source} is not there any more"


def _visible(job: Job, sides: SidesNow) -> Judgement | None:
    """Take a look; None where neither names nor addresses would show a switch, and nobody says to go on."""
    is_shown = job.override is not None or bool(sides.wanted.old) or not sides.is_old_known
    if not is_shown and not sides.wanted.addresses:
        return None
    judgement = judged(job, sides)
    return judgement if is_shown or is_of_hosts(judgement.look) else None


def _of_same_names(job: Job, sides: SidesNow) -> Attempt:
    """Ask about zones that list the same name servers: those inside the domain may keep their names and move."""
    text = "both zones have the same name servers, so that no switch could be seen: mend the NS of the new one"
    ways = [job.command("approve", "switch --because REASON")]
    inside = [for_people(name) for name in sides.wanted.expected if is_within(name, job.domain)]
    if inside:
        names = ", ".join(inside)
        text = (
            f"{text}; or, where some keep their names and move ({names}), give the new zone their new addresses: "
            "as long as both zones have the same, or the new one none, nobody can tell where they are to be"
        )
        ways.insert(0, job.command("confirm", f"--to {job.sides[1]}"))
    return Attempt(Kind.ASKS, text, job.soon(), tuple(ways))


def _of_names(job: Job, judgement: Judgement, registrar: str) -> Attempt:
    """Ask for the new name servers, and for the addresses of those inside the domain, which the parent lacks."""
    names = " ".join(for_people(name) for name in judgement.look.expected)
    where = f" ({registrar})" if registrar else ""
    keeper = keeper_of(judgement.look.domain)
    text = f"give {keeper}{where} these name servers, and no others: {names}"
    worst, elsewhere = _worst(judgement), _elsewhere(judgement)
    if elsewhere:
        text, worst = f"{elsewhere} If it is to move, {text}", Worst(Severity.ERROR, elsewhere)
    hosts = _host_records(judgement)
    if hosts:
        text = f"{text}; with these addresses in their host records there: {', '.join(hosts)}"
    ways = [job.command("confirm", f"--to {job.sides[1]}")]
    if offers(registrar):
        ways.append(job.command("approve", f"switch --at-registrar {offers(registrar)}"))
    return Attempt(Kind.ASKS, text, job.soon(), tuple(ways), worst)


def _elsewhere(judgement: Judgement) -> str:
    """Return what the parent says where it leads to neither side: somebody has taken the domain away."""
    zone = for_people(judgement.look.domain)
    match judgement.stage:
        case Stage.NOT_DELEGATED:
            return f"the parent has no delegation of {zone}: is it registered, paid and not on hold?"
        case Stage.PLACEHOLDER if judgement.look.old:
            shown = _shown(judgement)
            return f"the parent lists {shown}, name servers of neither side: who has entered them?"
        case _:
            return ""


def _of_host_records(job: Job, judgement: Judgement, registrar: str) -> Attempt:
    """Ask for new addresses of name servers that keep their names: the registrar has them as host records."""
    where = f" ({registrar})" if registrar else ""
    hosts = ", ".join(_host_records(judgement))
    text = (
        f"the name servers keep their names and move: have the registrar{where} give their host records these "
        f"addresses, and no others: {hosts}"
    )
    ways = (job.command("confirm", f"--to {job.sides[1]}"), job.command("approve", "switch --because REASON"))
    return Attempt(Kind.ASKS, text, job.soon(), ways)


def _host_records(judgement: Judgement) -> list[str]:
    """Return the new name servers inside the domain with their addresses, where the parent has not just these."""
    look = judgement.look
    return [
        f"{for_people(name)} {' '.join(sorted(addresses))}"
        for name, addresses in look.addresses
        if addresses != frozenset(look.delegation.glue_of(name))
    ]


def _has_begun(judgement: Judgement) -> bool:
    """Tell whether the switch has begun: by the names that the parent lists, and the glue of those that move."""
    if judgement.stage not in _LISTED:
        return False
    look = judgement.look
    return not is_of_hosts(look) or any(leads_to_new(view, look) for view in look.delegation.views)


def _has_ended(judgement: Judgement) -> bool:
    """Tell whether every server of the parent has the new addresses of name servers that keep their names."""
    look = judgement.look
    views = counted_views(look.delegation.views)
    return not is_of_hosts(look) or all(leads_to_new(view, look) for view in views)


def _was_ready_long_ago(job: Job) -> bool:
    """Tell whether the providers are asked anew since everything was checked."""
    return job.state.done[-1].at < oldest_of(job)


def watch_parent(job: Job) -> Attempt:
    """Look until every server of the parent lists the new set, then ask whether all is well.

    The servers of a registry may differ for a while, and that passes. What somebody entered wrongly does not.
    """
    sides = sides_now(job)
    judgement = judged(job, sides)
    sides.keep(job, _registrar(judgement))
    document = dumps(judgement)
    if judgement.stage in {Stage.SWITCHED, Stage.SETTLED} and _has_ended(judgement):
        # The report tells what was seen last of the parent, not that its servers differed before.
        found = verdict_of(job, checklist_of(job, Phase.SWITCH))
        return replace(found, documents=(document, *found.documents))
    if job.override is not None:
        return done(
            f"a person goes on all the same: {job.override.because} (the parent: {_listed(judgement)})", document
        )
    if judgement.stage is None:
        return replace(_unseen(job, judgement), documents=(document,))
    if judgement.stage not in _LISTED:
        text = f"the parent lists the new name servers no more, but {_shown(judgement)}"
        worst = Worst(Severity.ERROR, text)
        return Attempt(Kind.WAITS, text, job.now(), (), worst, (document,), again=JourneyStage.SWITCH)
    if is_partial(judgement.look):
        return _entered_wrongly(job, judgement, document)
    until = job.soon(pause(judgement, None))
    return Attempt(Kind.WAITS, f"the parent: {_listed(judgement)}", until, (), _worst(judgement), (document,))


def watch_resolvers(job: Job) -> Attempt:
    """Wait until the last stale answer is gone, as TTLs and resolvers show it."""
    return verdict_of(job, checklist_of(job, Phase.SETTLE))


def judged(job: Job, sides: SidesNow) -> Judgement:
    """Take a look as `confirm` does, and remember it; the registry is asked as often as the providers are."""
    registry = Registry(job.world.profile).ask if sides.is_fresh else _not_asked
    world = Surroundings(job.world.client, job.world.profile, registry, utc_now, _SAMPLES)
    taken = take_look(world, sides.wanted, job.memory.recalled, job.progress)
    job.memory.keep_look(sides.wanted, taken)
    return taken.judgement


def _entered_wrongly(job: Job, judgement: Judgement, document: str) -> Attempt:
    """Ask for the rest of a switch of which the registrar was told a part, or more than the new set."""
    names = " ".join(map(for_people, judgement.look.expected))
    keeper = keeper_of(judgement.look.domain)
    text = f"the parent lists {_shown(judgement)}; give {keeper} these name servers, and no others: {names}"
    ways = (
        job.command("confirm", f"--to {job.sides[1]}"),
        job.command("approve", f"{JourneyStage.PARENT} --because REASON"),
    )
    return Attempt(Kind.ASKS, text, job.soon(), ways, Worst(Severity.ERROR, text), (document,))


def _too_late(job: Job, drifted: Attempt) -> Attempt:
    """Ask about what changed at the old side right before the switch.

    Nothing is written over by itself: who has changed the new zone since then meant it.
    """
    text = (
        f"the parent lists the new name servers already, and {drifted.text}; write into the new zone what it lacks"
    )
    ways = (f"dns-migrator diff {' '.join(job.sides)}", job.command("approve", "switch --because REASON"))
    return Attempt(Kind.ASKS, text, job.soon(), ways, drifted.worst, drifted.documents)


def _registrar(judgement: Judgement) -> str:
    found = judgement.look.registrar
    return (found.registrar or "") if isinstance(found, Registrar) else ""


def _not_asked(_: Name, __: datetime) -> None:
    return None


def _unseen(job: Job, judgement: Judgement) -> Attempt:
    reason = judgement.unchecked[0].reason if judgement.unchecked else "no server of the parent answers"
    return Attempt(Kind.FAILED, f"the parent cannot be seen: {reason}", job.soon())


def _listed(judgement: Judgement) -> str:
    look = judgement.look
    views = counted_views(look.delegation.views)
    if is_of_hosts(look):
        moved = sum(leads_to_new(view, look) for view in views)
        return f"{moved} of {len(views)} servers have the new addresses of the name servers"
    sets = Sets.of(look.expected, look.old)
    listings = [listing_of(view, sets) for view in views]
    new = sum(listing is Listing.NEW for listing in listings)
    return f"{new} of {len(listings)} servers list the new name servers"


def _shown(judgement: Judgement) -> str:
    """Return what the parent lists besides the new set, as far as its servers say."""
    look = judgement.look
    sets = Sets.of(look.expected, look.old)
    shown = [delegated_set(view) for view in look.delegation.views if listing_of(view, sets) is not Listing.NEW]
    texts = dict.fromkeys(" ".join(map(for_people, names_in(text))) for text in shown if text)
    return " or ".join(texts) or "none"


def _worst(judgement: Judgement) -> Worst | None:
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in judgement.findings:
            if finding.severity is severity:
                return Worst(severity, f"{finding.subject}: {finding.message}")
    return None
