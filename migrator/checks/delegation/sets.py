"""What the parent lists for the domain, and what the zone on either side lists at its apex. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.looking import (
    FROM_READY,
    joined,
    look_of,
    look_questions,
    point_of,
    remarks_of,
    views_of,
)
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import Host, Side, explained, names_of, served, targets
from migrator.cutover.memory import delegated_set, set_text
from migrator.cutover.parents import parent_remarks, shared_servers
from migrator.cutover.stage import Listing, Sets, counted_views, listing_of
from migrator.model.delegation import ParentView, WalkEnd
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, text_of

_BEFORE = (Phase.PREPARE, Phase.READY)


@check(
    "delegation.parent",
    phases=tuple(Phase),
    blocks=True,
    source="RFC 1034 section 4.3.2; Zonemaster BASIC01",
    remedy="Before the switch nobody has to act. From the switch on, enter the new set at the registrar and wait "
    "until every server of the parent lists it.",
)
def parent(facts: Facts) -> Iterator[Point]:
    """The parent lists the right set.

    Every name server of the parent zone lists the set that belongs to the phase.

    The parent is found from the root down, and every address of each of its name servers is asked for the NS of
    the domain, without recursion. `prepare` and `ready` expect the old set, `switch` the new set at one of them
    at least, `settle` and `close` the new set at all. The new set is a warning in `ready`, where the switch may
    have happened a moment ago, and fails in `prepare`: the two sides may be swapped. Servers that differ are a
    warning in `switch`, where registries publish one after the other. So are, before it, servers that list
    different parts of the old set, and a name server beside it, whom no check asks. It fails where a parent server
    refuses or fails, and in `switch` where one denies the domain or lists neither side; one that does not answer,
    or whose address nobody tells, leaves the check unchecked, unless others show already that it fails. So does
    another set than the old one where the new side could not be read.
    """
    look = look_of(facts)
    subject = f"{text_of(facts.domain)} NS"
    views = counted_views(look.delegation.views)
    evidence: tuple[Evidence, ...] = tuple(view.ns for view in views) or tuple(look.delegation.trail[-3:])
    if look.delegation.end in _NONE:
        yield Problem(
            subject,
            f"The parent says that there is {_NONE[look.delegation.end]}; a delegation was expected.",
            evidence,
            "Look at the registrar whether the domain has expired, is on hold, or is written otherwise.",
        )
        return
    found = list(_listed(facts, views, subject, evidence))
    yield from found
    told = {"delegation.parent", "delegation.parent-fails"}
    # What differs from the old set is told already, unless the check passes.
    if any(isinstance(point, Passed) for point in found):
        told.add("delegation.old-set-differs")
    for remark in parent_remarks(look):
        if remark.check in told:
            yield point_of(remark, look)


def _listed(
    facts: Facts, views: tuple[ParentView, ...], subject: str, evidence: tuple[Evidence, ...]
) -> Iterator[Point]:
    """Judge the sets that the parent's servers list."""
    after = facts.phase not in _BEFORE
    new = () if facts.new is None else facts.new.names
    sets = Sets.of(new, facts.old.names) if new else Sets("", set_text(facts.old.names))
    by_listing: dict[Listing, list[ParentView]] = {}
    for view in views:
        by_listing.setdefault(listing_of(view, sets), []).append(view)
    listings = set(by_listing) - {Listing.SILENT, Listing.NOT_ASKED, Listing.FAILED}
    if not listings:
        yield Unchecked(subject, "no server of the parent gave an answer of use", evidence)
        return
    wanted = Listing.NEW if after else Listing.OLD
    shown = "; ".join(sorted({_set_of(view) for view in views if listing_of(view, sets) in listings}))
    if listings == {Listing.OLD} and not after:
        yield from _old_listed(facts, views, subject, evidence)
    elif listings == {wanted}:
        who = f"{'Every' if len(by_listing) == 1 else 'Every answering'} server of the parent"
        yield Passed(subject, f"{who} lists the {'new' if after else 'old'} set: {shown}.", evidence)
    elif after and listings == {Listing.OLD}:
        yield Problem(
            subject,
            f"The parent still lists the old set ({shown}); the new one was expected: {joined(new)}.",
            evidence,
            _to_enter(facts, views, new),
        )
    elif after and facts.phase is Phase.SWITCH and Listing.NEW in listings:
        yield _partly_switched(facts, views, by_listing, subject, evidence)
    elif not after and _is_copied(facts) and listings <= {Listing.NEW, Listing.OLD}:
        yield Passed(subject, f"The parent lists {shown}, as both zones do: see delegation.child-ns.", evidence)
    elif not after and listings == {Listing.NEW}:
        yield _early(facts, subject, shown, evidence)
    elif facts.new is not None and facts.new.has_failed and not new and listings != {Listing.OLD}:
        reason = f"the parent lists {shown}, and what belongs to the new side is not known: {facts.new.unread}"
        yield Unchecked(subject, reason, evidence)
    else:
        yield Problem(
            subject,
            f"The parent lists {shown}; {joined(new if after else facts.old.names) or 'another'} was expected.",
            evidence,
            (shared_servers(views, facts.domain, new) if after else "")
            or "Correct the name servers at the registrar, every one of them and nothing else.",
        )


def _astray(facts: Facts, by_listing: Mapping[Listing, list[ParentView]]) -> list[ParentView]:
    """Return the parent's servers that send people neither to the new nor to the old side, as no delay does.

    What is none of the new names may be the old set where that is not known.
    """
    of_neither = by_listing.get(Listing.OTHER, []) if facts.old.names else []
    return by_listing.get(Listing.NONE, []) + of_neither


def _partly_switched(
    facts: Facts,
    views: tuple[ParentView, ...],
    by_listing: Mapping[Listing, list[ParentView]],
    subject: str,
    evidence: tuple[Evidence, ...],
) -> Problem:
    """Judge a switch that some servers of the parent show: the others are late, or lead to neither side."""
    assert facts.new is not None
    new = facts.new.names
    astray = "; ".join(
        f"{view.server} {f'lists {_set_of(view)}' if delegated_set(view) else 'says that there is no delegation'}"
        for view in _astray(facts, by_listing)
    )
    if astray:
        return Problem(
            subject,
            f"{astray}; the new set was expected at every server of the parent, or the old one as long as the "
            f"registry publishes: {joined(new)}.",
            evidence,
            "Resolvers that ask there find neither side. Look at the registrar whether exactly the new name "
            "servers are entered and the domain is not on hold; where that is so, have it ask the registry.",
        )
    return Problem(
        subject,
        f"{len(by_listing[Listing.NEW])} of {len(views)} servers of the parent list the new set; all of them "
        "were expected.",
        evidence,
        shared_servers(views, facts.domain, new)
        or (
            _PART
            if Listing.PART in by_listing
            else "Registries publish within minutes to hours: wait, and ask again."
        ),
        Severity.WARNING,
    )


def _old_listed(
    facts: Facts, views: tuple[ParentView, ...], subject: str, evidence: tuple[Evidence, ...]
) -> Iterator[Point]:
    """Judge what the parent's servers list before the switch, where each has something of the old set."""
    shown = {delegated_set(view): view for view in views if delegated_set(view)}
    sets = "; ".join(sorted(map(_set_of, shown.values())))
    known, old = names_of(facts.old.names), joined(facts.old.names)
    names = {folded(name): name for view in shown.values() for name in targets(view.delegation())}
    strangers = [name for key, name in names.items() if key not in known]
    if len(shown) > 1:
        yield Problem(
            subject,
            f"The servers of the parent list {len(shown)} different sets ({sets}); the old set was expected at "
            f"every one: {old}.",
            evidence,
            "A change is on its way, or a server of the parent is behind: wait until they agree.",
            Severity.WARNING,
        )
    if strangers:
        listed = joined(strangers)
        yield Problem(
            subject,
            f"The parent lists {listed} beside the old set ({old}): no check asks there what the zone is, nor for "
            "how long caches keep it.",
            evidence,
            f"Find out what {listed} answers for the domain. Where it is not needed, remove it at the registrar "
            "and wait for the TTL of the delegation before the switch.",
            Severity.WARNING,
        )
    if strangers or len(shown) > 1:
        return
    silent = any(not delegated_set(view) for view in views)
    who = "Every answering server of the parent" if silent else "Every server of the parent"
    lists = f"the old set: {sets}" if set(names) == known else f"{sets}, of the old set"
    yield Passed(subject, f"{who} lists {lists}.", evidence)


def _early(facts: Facts, subject: str, shown: str, evidence: tuple[Evidence, ...]) -> Point:
    """Return that the switch has happened, or that the sides are swapped: then the new zone is the one in use.

    Where the names stay, the parent lists both sets.
    """
    if names_stay(facts):
        said = (
            f"The parent lists {shown}, whose names stay: the switch is a change of their addresses there (glue)."
        )
        return Passed(subject, said, evidence)
    told = f"The parent lists the new set already ({shown}); the old one was expected in this phase"
    advice = (
        "Where the switch has happened, go on with --phase settle. Where --from and --to are swapped, name them "
        "the other way round."
    )
    if facts.phase is Phase.PREPARE:
        return Problem(subject, f"{told}: are the two sides swapped?", evidence, advice)
    return Problem(subject, f"{told}.", evidence, advice, Severity.WARNING)


def _to_enter(facts: Facts, views: tuple[ParentView, ...], new: tuple[Name, ...]) -> str:
    """Return where the new set is to be entered: at the registrar, or where parent and child share servers."""
    if shared := shared_servers(views, facts.domain, new):
        return shared
    return (
        f"Enter these name servers at the registrar: {joined(new)}. If that is done already, wait: registries "
        "publish within minutes to hours."
    )


@check(
    "delegation.child-ns",
    phases=(*FROM_READY, Phase.CLOSE),
    blocks=True,
    source="RFC 1034 section 4.2.2; RFC 2181 section 6.1; Zonemaster DELEGATION07",
    remedy="Correct the NS records at the apex of the new zone.",
    asks=look_questions,
)
def child_ns(facts: Facts) -> Iterator[Point]:
    """The new zone lists the new set.

    Every new name server lists exactly the new set at the apex of its zone.

    Resolvers that prefer the zone's own NS set follow it, whatever the parent says: a leftover of the old set in
    the new zone leads users back. Asked over UDP of each address; a set that holds the new names and others
    beside, none of them old, is a warning. A new name server that does not answer, or whose address nobody found,
    is unchecked. Where only the new zone says which its name servers are, and it names
    those of the old zone, at the same addresses, it fails: its NS records were copied.
    """
    if facts.new is None or not facts.new.names:
        yield NotNeeded("the new name servers are not known: --to names them")
        return
    if not facts.new.servers:
        yield Unchecked(f"{text_of(facts.domain)} NS", "no address of a new name server is known")
        return
    if _is_copied(facts):
        yield _copied(facts)
        return
    look = look_of(facts)
    judged = {remark.subject: remark for remark in remarks_of(look) if remark.check == "delegation.child-ns"}
    for view in views_of(look, Side.NEW):
        subject = str(view.server)
        if subject in judged:
            yield point_of(judged[subject], look)
        elif served(view.ns) is not None:
            yield Passed(subject, f"Lists the new set: {joined(targets(served(view.ns)))}.", (view.ns,))
        else:
            yield Unchecked(subject, f"the zone is not served there: {explained(view.ns)}", (view.ns,))
    if facts.phase is Phase.CLOSE:
        yield from _without_address(facts.new.hosts)


def _without_address(hosts: Iterable[Host]) -> Iterator[Unchecked]:
    """Yield the name servers that nobody could ask; in the other phases `delegation.ns-resolves` tells of them."""
    for host in hosts:
        if not host.addresses:
            why = f" ({host.detail})" if host.detail else ""
            yield Unchecked(
                text_of(host.name), f"its address is not known, so nobody could ask it: {host.state}{why}"
            )


def _is_copied(facts: Facts) -> bool:
    """Tell whether the new zone names the old servers; names that stay while their addresses change are meant."""
    old, new = facts.old, facts.new
    if new is None or new.assigned or facts.phase not in _BEFORE or names_of(old.names) != names_of(new.names):
        return False
    places = [{address for host in side.hosts for address in host.addresses} for side in (old, new)]
    return places[0] == places[1]


def names_stay(facts: Facts) -> bool:
    """Tell whether both sides have the same names of name servers, at other addresses."""
    old, new = facts.old, facts.new
    return new is not None and names_of(old.names) == names_of(new.names) and not _is_copied(facts)


def still_to_move(facts: Facts) -> tuple[Host, ...]:
    """Return the new name servers that keep their names, of which a server of the parent has other addresses."""
    if facts.new is None or facts.delegation is None:
        return ()
    kept = names_of(facts.old.names) & names_of(facts.new.names)
    hosts = [host for host in facts.new.hosts if folded(host.name) in kept and facts.within(host.name)]
    views = facts.delegation.views
    return tuple(host for host in hosts if any(_is_elsewhere(host, view) for view in views))


def _is_elsewhere(host: Host, view: ParentView) -> bool:
    """Tell whether the glue of a name server has none of its addresses."""
    glue = view.glue_of(host.name)
    return bool(glue) and set(glue).isdisjoint(host.addresses)


def _copied(facts: Facts) -> Problem:
    assert facts.new is not None
    seen = [
        facts.observed(q) for q in look_questions(facts) if q.rdtype == RdataType.NS and q.qname == facts.domain
    ]
    return Problem(
        f"{text_of(facts.domain)} NS",
        f"The new zone lists {joined(facts.new.names)}, as the old one does; the new provider's own name servers "
        "were expected.",
        tuple(seen),
        "Put the name servers that the new provider assigned into the NS records at the apex of the new zone. "
        "Where the old zone lists them since the switch, go on with --phase settle.",
    )


@check(
    "delegation.old-apex-ns",
    phases=(Phase.READY, Phase.SWITCH, Phase.SETTLE),
    severity=Severity.WARNING,
    source="RFC 2181 section 6.1; measured with Unbound 1.17 and PowerDNS Recursor 4.8, 2025-12",
    remedy="Set the NS records at the apex of the OLD zone to the new set at the moment of the switch, where the "
    "provider allows it.",
    asks=look_questions,
)
def old_apex_ns(facts: Facts) -> Iterator[Point]:
    """The old zone lists the new set, too.

    From the switch on, every old name server lists the new set at the apex of its zone.

    Where the old zone goes on to name the old servers, a resolver that asks it keeps them for the TTL of that
    set beyond the parent's: the last stale answer is the sum of both TTLs and not the larger one. In `ready` the
    check only says what the provider of the old zone allows.
    """
    if facts.new is None or not facts.new.names:
        yield NotNeeded("the new name servers are not known: --to names them")
        return
    look = look_of(facts)
    subject = f"{text_of(facts.domain)} NS"
    views = views_of(look, Side.OLD)
    if not views:
        why = "every old name server stays" if facts.old.names else "the old name servers are not known"
        yield NotNeeded(why)
        return
    advice = _ALLOWED.get(facts.old.scheme, _ALLOWED[""])
    if facts.phase is Phase.READY:
        evidence = tuple(view.ns for view in views)
        yield Problem(subject, f"At the switch: {advice}", evidence, "", Severity.NOTICE)
        return
    wanted = names_of(look.expected)
    for view in views:
        rrset = served(view.ns)
        if rrset is None:
            yield Unchecked(str(view.server), f"the old server gives no NS set: {explained(view.ns)}", (view.ns,))
        elif names_of(targets(rrset)) == wanted:
            yield Passed(str(view.server), "The old server lists the new set.", (view.ns,))
        else:
            yield Problem(
                str(view.server),
                f"The old server lists {joined(targets(rrset))} with TTL {rrset.ttl}; with the new set there, the "
                f"last stale answer would come up to {rrset.ttl} s earlier.",
                (view.ns,),
                f"{advice} The new set: {joined(look.expected)}.",
            )


_PART = (
    "A server of the parent lists others beside the new set, or a part of it, which no registry does by itself: "
    "correct the name servers at the registrar, every one of them and nothing else."
)
_NONE = {WalkEnd.NO_SUCH_NAME: "no such name", WalkEnd.NO_ZONE_CUT: "no delegation"}
# What the provider of the old zone lets one do with the NS records at its apex (vendors' documentation, 2025-12).
_ALLOWED = {
    "route53": "Route 53 lets you edit the NS records at the apex: set them to the new name servers.",
    "cloudflare": "Cloudflare keeps its own names in the set; with multi-provider DNS others can be added "
    "(dns_settings.multi_provider), and the sum of both TTLs remains the bound.",
    "azure": "Azure DNS lets you add names to the NS set at the apex and not remove its own four, so that the sum "
    "of both TTLs remains the bound.",
    "": "Set the NS records at the apex of the old zone to the new name servers, where its provider allows it.",
}


def _set_of(view: ParentView) -> str:
    shown = delegated_set(view)
    return ", ".join(text.rstrip(".") for text in shown.split()) if shown else "no delegation"
