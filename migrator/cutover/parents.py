"""What the servers of the parent say, one by one and against each other. No IO here."""

from collections.abc import Iterable, Iterator

from dns.name import Name

from migrator.cutover.look import Look, explained
from migrator.cutover.memory import SetText, delegated_set, set_text
from migrator.cutover.servers import Remark
from migrator.cutover.stage import Listing, Sets, counted_views, listing_of
from migrator.model.delegation import Delegation, ParentView, WalkEnd
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.names import for_people, text_of
from migrator.model.observation import Answer
from migrator.model.phrases import ended


def parent_remarks(look: Look) -> Iterator[Remark]:
    """Yield what is wrong with the delegation itself."""
    sets = Sets.of(look.expected, look.old)
    subject = f"{text_of(look.domain)} NS"
    if look.delegation.end is WalkEnd.UNREACHABLE:
        yield Unchecked("delegation.parent", subject, _why_unreachable(look.delegation))
    for view in counted_views(look.delegation.views):
        listing = listing_of(view, sets)
        if listing is Listing.FAILED:
            yield Finding(
                "delegation.parent-fails",
                Severity.ERROR,
                str(view.server),
                f"Asked for the delegation, the parent's server gave {explained(view.ns)}; a referral was "
                "expected.",
                remedy="This server is the registry's: tell the registrar, if it lasts.",
            )
        elif listing in {Listing.SILENT, Listing.NOT_ASKED}:
            yield Unchecked("delegation.parent", str(view.server), explained(view.ns))
    yield from _differences(look, subject)
    yield from _strangers(look, sets, subject)


def shared_servers(views: Iterable[ParentView], domain: Name, expected: Iterable[Name]) -> str:
    """Return what to do where servers of the parent answer from a zone of their own; empty where none does.

    No registrar can end that: as long as they have the old zone, they tell nobody what the parent delegates.
    """
    wanted = set_text(expected)
    if not any(view.has_the_zone and delegated_set(view) != wanted for view in views):
        return ""
    zone, names = for_people(domain), ", ".join(map(for_people, expected))
    return (
        f"The servers of the parent have the zone {zone} themselves and answer from it, whatever the parent zone "
        f"delegates: delegate {zone} to {names} in the parent zone, then remove the old zone from these servers, "
        "or let its own NS records list the new set."
    )


def _why_unreachable(delegation: Delegation) -> str:
    """Return why no server of the parent says anything."""
    resolver = next((seen for seen in delegation.trail if isinstance(seen, Answer) and seen.is_secondhand), None)
    if resolver is not None:
        return (
            f"{resolver.question.server} answers from memory, as a resolver does: either it resolves besides, or "
            "the network in between answers DNS in the place of name servers"
        )
    answered = any(isinstance(view.ns, Answer) and not view.ns.truncated for view in delegation.views)
    return f"no server of the parent {'gave an answer of use' if answered else 'could be reached'}"


def _differences(look: Look, subject: str) -> Iterator[Remark]:
    by_set: dict[SetText, list[ParentView]] = {}
    for view in look.delegation.views:
        shown = delegated_set(view)
        if shown is not None:
            by_set.setdefault(shown, []).append(view)
    if len(by_set) < _SEVERAL:
        return
    yield Finding(
        "delegation.parents-differ",
        Severity.WARNING,
        subject,
        f"The parent's servers list {len(by_set)} different sets; one was expected. Registries publish within "
        "minutes to hours.",
        remedy="Wait and ask again; where it lasts for a day, ask the registrar.",
        evidence=tuple(
            f"{shown or 'no delegation'}: {', '.join(str(view.server) for view in views)}"
            for shown, views in sorted(by_set.items())
        ),
    )


def _strangers(look: Look, sets: Sets, subject: str) -> Iterator[Remark]:
    """Report a delegation to the old side that is not quite the old set."""
    shown = {delegated_set(view) for view in look.delegation.views if listing_of(view, sets) is Listing.OLD}
    for listed in sorted(found for found in shown if found and found != sets.old):
        yield Finding(
            "delegation.old-set-differs",
            Severity.NOTICE,
            subject,
            ended(f"The parent lists {', '.join(listed.split())}; the old set is {', '.join(sets.old.split())}"),
        )


_SEVERAL = 2
