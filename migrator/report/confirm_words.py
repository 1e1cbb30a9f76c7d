"""The stage of a switch in plain words, and what to do next. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from migrator.clock import Moment, instant
from migrator.cutover.judge import Judgement
from migrator.cutover.leaving import TAKEN_BACK
from migrator.cutover.look import HostState, Look, Side, signer_set
from migrator.cutover.memory import delegated_set
from migrator.cutover.parents import shared_servers
from migrator.cutover.stage import Listing, Sets, Stage, counted_views, is_partial, listing_of
from migrator.cutover.timing import may_have_moved
from migrator.meaning.suffixes import keeper_of, place_of
from migrator.model.delegation import WalkEnd
from migrator.model.finding import Finding, Unchecked
from migrator.model.names import for_people, is_within
from migrator.model.phrases import counted

UNCHECKED = "unchecked"


def stage_name(stage: Stage | None) -> str:
    """Return the stage as the JSON has it, or `unchecked`."""
    return UNCHECKED if stage is None else str(stage)


def headline(judgement: Judgement) -> str:
    """Return one sentence or two: what the parent lists, and what that means."""
    look, timing = judgement.look, judgement.timing
    parent = parent_name(look)
    match judgement.stage:
        case None:
            return _unknown(look, parent)
        case Stage.NOT_DELEGATED if look.delegation.end is WalkEnd.NO_ZONE_CUT:
            return f"{parent} has the name {for_people(look.domain)}, and delegates it to nobody: it is no zone."
        case Stage.NOT_DELEGATED:
            return f"{parent} has no delegation for {for_people(look.domain)}: the domain does not resolve."
        case Stage.NOT_STARTED:
            begun = "was taken back" if _is_taken_back(judgement) else "has not begun"
            return f"{_answered(look)} list the old name servers: the switch {begun}."
        case Stage.PLACEHOLDER:
            listed = ", ".join(sorted(_listed(look)))
            return f"{_answered(look)} list {listed}: neither the old name servers nor the expected ones."
        case Stage.MIXED:
            return f"The switch is under way, or went wrong. {_counts(look)}."
        case Stage.SWITCHED:
            assert timing is not None
            end = timing.last_stale
            if judgement.at >= end.at:
                due = f"{instant(end.at)}{_as_known(end)}"
                return f"{_every(look)} Old answers were due to end {due}, and one was seen since."
            return f"{_every(look)} Resolvers may give old answers {_until(end)}."
        case Stage.SETTLED:
            assert timing is not None
            end = timing.last_stale
            return f"{_every(look)} The last old answer ended {instant(end.at)}{_as_known(end)}."


def next_step(judgement: Judgement) -> str:
    """Return what to do now."""
    look, timing = judgement.look, judgement.timing
    match judgement.stage:
        case None:
            stays = (
                "These servers are the registry's: if it stays so, ask the registrar."
                if _fails(look)
                else "If it stays so, check this machine's way to the DNS: UDP and TCP port 53."
            )
            return f"Look again. {stays}"
        case Stage.NOT_DELEGATED if look.delegation.end is WalkEnd.NO_ZONE_CUT:
            return "Name the zone itself: the domain as it is registered, or as its parent delegates it."
        case Stage.NOT_DELEGATED:
            return (
                "Check the spelling, and with the registrar that the domain is registered, paid and not on hold."
            )
        case Stage.NOT_STARTED | Stage.PLACEHOLDER | Stage.MIXED:
            return _at_the_registrar(judgement)
        case Stage.SWITCHED:
            assert timing is not None
            again = "" if judgement.at >= timing.last_stale.at else f" {_until(timing.last_stale)}"
            return f"{_first(judgement)}Keep the old zone as it is{again}, then look again."
        case Stage.SETTLED if judgement.against_deletion:
            return f"{_first(judgement)}Keep the old zone until then, and look again."
        case Stage.SETTLED:
            assert timing is not None
            if timing.safe is None and may_have_moved(look):
                return (
                    "Nothing has to be done. If these name servers have kept their names and moved, keep the old "
                    "zone, from the change of their host records on, for the longest TTL that it has for its NS "
                    "and for their addresses; otherwise look once with --from before it is deleted."
                )
            if timing.safe is None:
                return (
                    "Nothing has to be done. Before the old zone is deleted, look once with --from, so that its "
                    "own TTL is taken into account."
                )
            assert timing.recommended is not None
            return (
                "The old zone has done its work, as far as time goes. Let 'check --phase close' compare both zones"
                f" before it is deleted; {instant(timing.recommended.at)} leaves a margin for resolvers that do "
                "not obey TTLs."
            )


def _is_taken_back(judgement: Judgement) -> bool:
    return any(finding.check == TAKEN_BACK for finding in judgement.findings)


def _first(judgement: Judgement) -> str:
    """Return what has to be mended or found out first, whatever the time; empty where nothing has."""
    wrong = "First mend what is wrong: the errors above. " if judgement.errors else ""
    silent = _silent(judgement)
    others = [item for item in judgement.doubts if item.subject not in silent]
    unknown = ", ".join(dict.fromkeys(item.subject.rstrip(".") for item in others))
    ask = f"First find out what could not be checked: {unknown}. " if others else ""
    return f"{wrong}{_answering(judgement)}{ask}"


def _first_of_all(judgement: Judgement) -> Iterator[str]:
    """Yield what has to be seen to before resolvers are led to the new name servers."""
    look = judgement.look
    without = _silent(judgement) | _subjects(judgement.errors, {"delegation.lame"}, look)
    if without:
        does = "does" if len(without) == 1 else "do"
        yield f"First see to it that every new name server answers for the zone: {_names(without)} {does} not."
    unknown = [host.name for host in look.hosts if host.side is Side.NEW and host.state is HostState.UNCHECKED]
    inside = [for_people(name) for name in unknown if is_within(name, look.domain)]
    outside = [for_people(name) for name in unknown if not is_within(name, look.domain)]
    if outside:
        yield f"First find out the addresses of {', '.join(outside)}: they could not be looked up."
    if inside:
        yield (
            f"First look with --to, whose zone has the addresses of {', '.join(inside)}: the parent has none yet, "
            "and nobody could be asked."
        )
    astray = _subjects(judgement.errors, {"delegation.child-ns"}, look)
    if astray:
        yield f"First correct the NS records at the apex of the new zone: at {_names(astray)} they lead elsewhere."
    unfit = _subjects(judgement.findings, {"dnssec.ds-left-behind"}, look)
    if unfit:
        yield (
            f"First make DNSSEC safe: the DS at the parent fits no key of {_names(unfit)}, and validating "
            "resolvers would answer SERVFAIL. Remove the DS at the registrar and wait until it has left the "
            "caches, or have the new provider sign with keys that it fits."
        )
    expired = _subjects(judgement.findings, {"dnssec.signature-expired"}, look)
    if expired:
        yield f"First have the new provider sign the zone anew: no signature holds at {_names(expired)}."
    unsaid = {item.subject for item in judgement.doubts if item.check == "dnssec.ds-fits"}
    if unsaid:
        yield f"First find out whether the DS at the parent fits the keys of {_names(unsaid)}: nobody could tell."
    if any(view.delegation() is not None and signer_set(view) is None for view in look.delegation.views):
        yield "First find out whether there is a DS: not every server of the parent that was asked says it."


def _answering(judgement: Judgement) -> str:
    """Return which new name servers do not answer, of how many, and what to do about it."""
    silent = _silent(judgement)
    if not silent:
        return ""
    count = sum(view.side is Side.NEW for view in judgement.look.servers)
    gives = "gives" if len(silent) == 1 else "give"
    elsewhere = (
        " If they answer elsewhere, check this machine's way to them: UDP and TCP port 53."
        if len(silent) == count
        else ""
    )
    return (
        f"{len(silent)} of {counted(count, 'address', 'addresses')} of the new name servers {gives} no answer for "
        f"the zone: {_names(silent)}. See to it that each answers, or take it out of the set.{elsewhere} "
    )


def _silent(judgement: Judgement) -> set[str]:
    return _subjects(judgement.doubts, {"delegation.lame", "delegation.child-ns"}, judgement.look)


def _subjects(items: Iterable[Finding | Unchecked], checks: set[str], look: Look) -> set[str]:
    new = {str(view.server) for view in look.servers if view.side is Side.NEW}
    return {item.subject for item in items if item.check in checks} & new


def _names(subjects: set[str]) -> str:
    return ", ".join(sorted(subjects))


def _at_the_registrar(judgement: Judgement) -> str:
    """Return what to do before the switch: nothing is entered that leads resolvers astray."""
    look = judgement.look
    place = place_of(look.domain)
    wrong = _no_name_servers(look)
    if wrong:
        return (
            "First correct the expected name servers, in --expect or in the zone of --to: "
            f"{', '.join(wrong)}. Enter nothing {place} before; then look again."
        )
    first = "".join(f"{sentence} " for sentence in _first_of_all(judgement))
    if shared := shared_servers(look.delegation.views, look.domain, look.expected):
        return f"{first}{shared} Then look again."
    expected = ", ".join(for_people(name) for name in look.expected)
    if judgement.stage is not Stage.MIXED:
        if first:
            return f"{first}Enter nothing {place} before; then look again."
        follow = "Then look again, or follow it: --watch."
        if _is_taken_back(judgement):
            return (
                f"If the switch was not to be taken back, enter the new name servers {place}: {expected}. "
                f"{follow} If it was, leave the new zone as it is for as long as said above."
            )
        return f"Enter the new name servers {place}: {expected}. {follow}"
    if is_partial(look):
        return (
            f"{first}Have {keeper_of(look.domain)} list exactly the new name servers, and no others: {expected}."
        )
    return f"{first}Wait: registries publish within minutes to hours. Where it lasts for a day, ask the registrar."


def parent_name(look: Look) -> str:
    """Return the parent zone as people write it."""
    return "The parent" if look.delegation.parent is None else f"The zone {for_people(look.delegation.parent)}"


def when(moment: Moment) -> str:
    """Return the instant, as `not before ...` where it may be later for all that is known."""
    return f"not before {instant(moment.at)}" if moment.unknown else instant(moment.at)


def duration(span: timedelta) -> str:
    """Return a length of time in its two largest units, as `1 day 2 h`."""
    seconds = max(0, int(span.total_seconds()))
    parts = [
        (seconds // 86_400, "d"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    ]
    shown = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(shown[:2]) or "0 s"


def distance_to(moment: datetime, now: datetime) -> str:
    """Return `in 2 h 5 min` or `3 min ago`."""
    return f"in {duration(moment - now)}" if moment > now else f"{duration(now - moment)} ago"


def _until(end: Moment) -> str:
    return f"at least until {instant(end.at)}" if end.unknown else f"until {instant(end.at)}"


def _as_known(end: Moment) -> str:
    return ", as far as is known" if end.unknown else ""


def _every(look: Look) -> str:
    count = len(counted_views(look.delegation.views))
    addresses = counted(count, "address", "addresses")
    return f"Every name server of {_zone(look)} ({addresses}) lists exactly the new name servers."


def _zone(look: Look) -> str:
    return "the parent" if look.delegation.parent is None else for_people(look.delegation.parent)


def _answered(look: Look) -> str:
    """Return how many servers of the parent said something, of how many."""
    views = counted_views(look.delegation.views)
    told = sum(delegated_set(view) is not None for view in views)
    return f"{told} of {len(views)} server addresses of {_zone(look)}"


def _unknown(look: Look, parent: str) -> str:
    views = counted_views(look.delegation.views)
    if any(delegated_set(view) is not None for view in views):
        return (
            f"{_answered(look)} list exactly the new name servers. The others did not answer, so the switch is "
            "not confirmed."
        )
    did = "tells who serves the domain" if _fails(look) else "could be asked"
    return f"No name server of {parent[0].lower()}{parent[1:]} {did}: nothing can be said."


def _fails(look: Look) -> bool:
    """Tell whether some server of the parent answers, and of no use."""
    return any(
        listing_of(view, Sets.of(look.expected, look.old)) is Listing.FAILED for view in look.delegation.views
    )


def _counts(look: Look) -> str:
    sets = Sets.of(look.expected, look.old)
    counts = Counter(listing_of(view, sets) for view in counted_views(look.delegation.views))
    shown = "; ".join(f"{_WORDS[kind]}: {counts[kind]}" for kind in Listing if counts[kind])
    return f"Of {counts.total()} server addresses of {_zone(look)}, {shown}"


def _no_name_servers(look: Look) -> list[str]:
    """Return which expected name servers are none, and why: no resolver would find them."""
    return [
        f"{for_people(host.name)} {_LACKS[host.state]}"
        for host in look.hosts
        if host.side is Side.NEW and host.state in _LACKS
    ]


def _listed(look: Look) -> set[str]:
    return {name.rstrip(".") for view in look.delegation.views for name in (delegated_set(view) or "").split()}


_LACKS = {
    HostState.NO_SUCH_NAME: "does not exist",
    HostState.NO_ADDRESS: "has no address",
    HostState.LITERAL: "is an IP address",
    HostState.CNAME: "is a CNAME",
}
_WORDS = {
    Listing.NEW: "exactly the new set",
    Listing.OLD: "the old set",
    Listing.PART: "a part of the new set, or others beside it",
    Listing.OTHER: "neither set",
    Listing.NONE: "no delegation",
    Listing.FAILED: "refused or failed",
    Listing.SILENT: "silent",
    Listing.NOT_ASKED: "not to be reached from here",
}
