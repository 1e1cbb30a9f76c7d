"""Glue for name servers inside the domain, and the size of a referral. Pure."""

from collections.abc import Collection, Iterator, Mapping

from dns.name import Name

from migrator.checks.check import check
from migrator.checks.delegation.sets import names_stay
from migrator.checks.facts import Facts
from migrator.checks.looking import (
    FROM_READY,
    joined,
    look_of,
    look_questions,
    planned,
    points_of,
)
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import explained, targets
from migrator.cutover.memory import delegated_set
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, text_of


@check(
    "delegation.glue",
    phases=FROM_READY,
    blocks=True,
    source="RFC 9471 section 3.1; Zonemaster CONSISTENCY05",
    remedy="Have the registrar set the host records (glue) of name servers inside the domain to their addresses.",
    asks=look_questions,
)
def glue(facts: Facts) -> Iterator[Point]:
    """Glue and addresses agree.

    The parent hands out the right addresses of every name server inside the domain.

    Without glue nobody finds such a name server; with another address than the zone's own, a part of the users
    arrives elsewhere. A server of the parent that does not show the delegation leaves it unchecked. Not needed
    where no name server is inside the domain. Where the names stay and the addresses change, the glue is what the
    switch changes: a notice before it. Of name servers that are left, another address is a warning.
    """
    listed = [name for view in look_of(facts).delegation.views for name in targets(view.delegation())]
    if names_stay(facts) and facts.phase is Phase.READY:
        yield from _to_change(facts, listed)
        return
    inside = {folded(name): name for name in (*listed, *planned(facts)) if facts.within(name)}
    if not inside:
        yield NotNeeded("no name server is inside the domain")
        return
    views = look_of(facts).delegation.views
    unseen = [view for view in views if delegated_set(view) is None]
    if len(unseen) < len(views):
        at_parent = set(map(folded, listed))
        handed_out = tuple(name for key, name in inside.items() if key in at_parent)
        judged = points_of(
            facts,
            {"delegation.glue", "delegation.glue-missing", "delegation.glue-differs"},
            f"{text_of(facts.domain)} NS",
            f"Glue and addresses agree, as far as the parent lists {joined(handed_out)}.",
        )
        yield from (point for point in judged if handed_out or not isinstance(point, Passed))
        yield from _to_come(facts, inside, at_parent)
    for view in unseen:
        yield Unchecked(str(view.server), f"does not show the delegation: {explained(view.ns)}", (view.ns,))
    if not views:
        yield Unchecked(f"{text_of(facts.domain)} NS", "no server of the parent could be asked")


def _to_come(
    facts: Facts, inside: Mapping[tuple[bytes, ...], Name], at_parent: Collection[tuple[bytes, ...]]
) -> Iterator[Point]:
    """Name the glue that the registrar needs for name servers which the parent does not list yet."""
    for name in sorted((n for key, n in inside.items() if key not in at_parent), key=text_of):
        host = next((h for h in (facts.new.hosts if facts.new else ()) if folded(h.name) == folded(name)), None)
        found = ", ".join(host.addresses) if host and host.addresses else "its addresses"
        yield Problem(
            text_of(name),
            "The new name server is inside the domain and the parent does not list it yet: it will need glue.",
            tuple(view.ns for view in look_of(facts).delegation.views),
            f"Give the registrar, with the name server, its host record: {text_of(name)} = {found}.",
            Severity.NOTICE,
        )


def _to_change(facts: Facts, listed: list[Name]) -> Iterator[Point]:
    """Say which glue is to be changed at the switch, where the names of the name servers stay."""
    assert facts.new is not None
    views = tuple(view.ns for view in look_of(facts).delegation.views)
    hosts = [host for host in facts.new.hosts if facts.within(host.name) and host.addresses]
    for host in hosts:
        addresses = ", ".join(host.addresses)
        yield Problem(
            text_of(host.name),
            f"The name server keeps its name and moves to {addresses}: the glue changes at the switch.",
            views,
            f"At the switch, have the registrar change its host record: {text_of(host.name)} = {addresses}.",
            Severity.NOTICE,
        )
    if not hosts:
        yield NotNeeded(f"no name server is inside the domain: {joined(tuple(listed))}")


@check(
    "delegation.referral-size",
    phases=(Phase.PREPARE, Phase.READY),
    severity=Severity.WARNING,
    source="Zonemaster DELEGATION03; RFC 1034 section 3.7",
    remedy="Use fewer or shorter names of name servers.",
)
def referral_size(facts: Facts) -> Iterator[Point]:
    """A referral fits into 512 octets.

    A referral with the whole new set fits into 512 octets, with a name as long as they come.

    Old resolvers ask without EDNS and get no more over UDP; glue that does not fit is left out.
    """
    side = facts.old if facts.new is None else facts.new
    if not side.names:
        yield NotNeeded("no set of name servers is known")
        return
    size = _referral_octets(facts, side.names)
    evidence = (Noted("computed", f"{size} octets for {len(side.names)} name servers, glue included"),)
    if size > _UNSIGNED_REFERRAL:
        yield Problem(
            f"{text_of(facts.domain)} NS",
            f"A referral takes {size} octets; {_UNSIGNED_REFERRAL} were expected.",
            evidence,
        )
    else:
        yield Passed(f"{text_of(facts.domain)} NS", f"A referral takes {size} octets.", evidence)


def _referral_octets(facts: Facts, names: tuple[Name, ...]) -> int:
    """Return the size of the longest referral, names compressed by the suffixes that they share."""
    header, question = 12, 255 + 4
    known: set[tuple[bytes, ...]] = {folded(facts.domain)[at:] for at in range(len(facts.domain.labels))}
    size = header + question
    for name in names:
        size += 2 + 10 + _compressed(folded(name), known)
        if facts.within(name):
            size += 16 + 28  # an A and an AAAA record whose owner is a pointer
    return size


def _compressed(labels: tuple[bytes, ...], known: set[tuple[bytes, ...]]) -> int:
    size = 0
    for at in range(len(labels)):
        suffix = labels[at:]
        if suffix in known and suffix != (b"",):
            return size + 2
        size += len(labels[at]) + 1
        known.add(suffix)
    return size


_UNSIGNED_REFERRAL = 512
