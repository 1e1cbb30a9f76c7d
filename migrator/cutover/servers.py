"""What the name servers themselves say: do they serve the zone, and whom do they list at its apex. No IO here."""

from collections.abc import Iterator

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.cutover.look import (
    Addresses,
    HostState,
    Look,
    NameSet,
    ServerView,
    Side,
    explained,
    leaves_open,
    listed_names,
    names_of,
    served,
    targets,
)
from migrator.cutover.memory import ADDRESS_TYPES
from migrator.cutover.mistakes import cannot_be_meant
from migrator.cutover.stage import Stage
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.names import folded, is_within, text_of
from migrator.model.observation import Answer, NoAnswer, Observation, Silence

Remark = Finding | Unchecked


def server_remarks(look: Look, stage: Stage | None) -> Iterator[Remark]:
    """Yield what is wrong with the servers of either side, in the order in which they were asked."""
    listed = listed_names(look.delegation)
    for view in look.servers:
        duty = view.side is Side.NEW or _is_led_to(view, look, listed)
        if duty:
            yield from _service(view, look)
        elif stage is Stage.SWITCHED:
            yield from _left_behind(view)
        if view.side is Side.NEW:
            yield from _apex_of_new(view, look)
        elif view.side is Side.OLD and stage is Stage.SWITCHED:
            yield from _apex_of_old(view, look)
    yield from _glue(look)


def _is_led_to(view: ServerView, look: Look, listed: NameSet) -> bool:
    """Tell whether the parent leads to this server: by its name, or by its glue where the name has moved."""
    name = view.server.name
    if name is None or folded(name) not in listed:
        return False
    left = {folded(each) for each, _ in look.left}
    return folded(name) not in left or view.server.address in look.delegation.glue_of(name)


def serves(view: ServerView) -> bool:
    """Tell whether the server gave an authoritative SOA of the zone."""
    return served(view.soa) is not None


def _service(view: ServerView, look: Look) -> Iterator[Remark]:
    """Judge a server that resolvers are, or will be, sent to."""
    subject = str(view.server)
    if serves(view):
        return
    if isinstance(view.soa, NoAnswer):
        if not _is_out_of_reach(view, look):
            reason = f"no answer for the SOA of the zone: {explained(view.soa)}"
            yield Unchecked("delegation.lame", subject, reason)
        return
    yield Finding(
        "delegation.lame",
        Severity.ERROR,
        subject,
        f"Asked for the SOA of the zone, the server gave {explained(view.soa)}; an authoritative answer was "
        "expected.",
        remedy="Create or activate the zone there, and check that these are the name servers of this very zone.",
    )


def _is_out_of_reach(view: ServerView, look: Look) -> bool:
    """Tell whether this machine has no route to an address whose server answered at another one."""
    no_route = isinstance(view.soa, NoAnswer) and view.soa.reason in {Silence.FORBIDDEN, Silence.UNREACHABLE}
    return no_route and any(
        other.server.name == view.server.name and isinstance(other.soa, Answer) for other in look.servers
    )


def _left_behind(view: ServerView) -> Iterator[Remark]:
    """Judge an old server while resolvers may still ask it."""
    if serves(view) or isinstance(view.soa, NoAnswer):
        return
    yield Finding(
        "delegation.old-server-gone",
        Severity.WARNING,
        str(view.server),
        f"Asked for the SOA of the zone, the old server gave {explained(view.soa)}; resolvers that still keep the "
        "old name servers need its answers until the last stale answer is gone.",
        remedy="Put the old zone back until then.",
    )


def _apex_of_new(view: ServerView, look: Look) -> Iterator[Remark]:
    if not serves(view):
        return
    rrset = served(view.ns)
    if rrset is None:
        if leaves_open(view.ns):
            reason = f"no answer for the NS of the zone: {explained(view.ns)}"
            yield Unchecked("delegation.child-ns", str(view.server), reason)
            return
        shown: tuple[Name, ...] = ()
    else:
        shown = targets(rrset)
    listed, expected, old = names_of(shown), names_of(look.expected), names_of(look.old)
    if listed == expected:
        return
    left = listed & (old - expected)
    if listed and listed == old:
        what = "still the old set"
    elif left:
        what = "old name servers beside others"
    elif not listed & expected:
        what = "neither the old nor the expected set" if listed else "no NS records"
    else:
        what = "another set than the expected one"
    yield Finding(
        "delegation.child-ns",
        Severity.WARNING if listed & expected and not left else Severity.ERROR,
        str(view.server),
        f"The apex NS set of the zone there is {what} ({_names(shown)}); {_names(look.expected)} was expected.",
        remedy="Correct the NS records at the apex of the new zone: resolvers that prefer the zone's own set "
        "follow them, whatever the parent says.",
    )


def _apex_of_old(view: ServerView, look: Look) -> Iterator[Remark]:
    rrset = served(view.ns)
    if rrset is None or names_of(targets(rrset)) == names_of(look.expected):
        return
    yield Finding(
        "delegation.old-apex-ns",
        Severity.WARNING,
        str(view.server),
        f"The old server still lists {_names(targets(rrset))} at the apex with TTL {rrset.ttl}; the expected set "
        f"there would end stale answers up to {rrset.ttl} s earlier.",
        remedy="Set the apex NS records of the old zone to the new name servers, where its provider allows it.",
    )


def _glue(look: Look) -> Iterator[Remark]:
    """Compare the addresses that the parent hands out with those that the name servers give themselves."""
    reported = set()
    for view in look.delegation.views:
        delegation = view.delegation()
        planned = look.addresses if names_of(targets(delegation)) == names_of(look.expected) else ()
        for name in targets(delegation):
            remark = _glue_of(name, {*view.glue_of(name)}, look, planned)
            if remark is not None and (remark.check, remark.subject, _text(remark)) not in reported:
                reported.add((remark.check, remark.subject, _text(remark)))
                yield remark


def _glue_of(name: Name, given: set[str], look: Look, planned: Addresses) -> Remark | None:
    """Compare the glue of a name with what the new zone has for it where that is known, else with the answers.

    Where a name server keeps its name and moves, old glue leads to the old servers, which confirm it.
    """
    subject = text_of(name)
    inside = is_within(name, look.domain)
    if not given:
        if not inside or _is_answer_of_child(look) or cannot_be_meant(name, look):
            return None
        return Finding(
            "delegation.glue-missing",
            Severity.ERROR,
            subject,
            "The parent hands out no address for a name server inside the domain; without glue nobody finds it.",
            remedy="Have the registrar create the host record with its addresses.",
        )
    of_zone = next((set(found) for known, found in planned if folded(known) == folded(name)), None)
    own = _own_addresses(name, look) if of_zone is None else of_zone
    who = "the name servers say" if of_zone is None else "the new zone has"
    if own is None:
        return (
            Unchecked("delegation.glue", subject, "no server gave the addresses of this name") if inside else None
        )
    if given <= own or (own <= given and not inside):
        return None
    # What leads astray ends with the switch where the name server is left.
    astray = inside and not given & own and look.side_of(name) is not Side.OLD
    return Finding(
        "delegation.glue-differs",
        Severity.ERROR if astray else Severity.WARNING,
        subject,
        f"The parent hands out {', '.join(sorted(given))}, {who} {', '.join(sorted(own)) or 'none'}; the same "
        "addresses were expected.",
        remedy="Have the registrar correct the host record, or correct the A and AAAA records.",
    )


def _own_addresses(name: Name, look: Look) -> set[str] | None:
    """Return the addresses of a name server, None where nobody gave them.

    With authority, else as the zone itself hands them out with a referral to the zone below that has the name.
    """
    answers = [
        found
        for view in look.servers
        for found in view.own_addresses
        if folded(found.question.qname) == folded(name) and _is_authoritative(found)
    ]
    if answers:
        rrsets = [answer.answered() for answer in answers if isinstance(answer, Answer)]
        return {rdata.to_text() for rrset in rrsets if rrset is not None for rdata in rrset.rdatas}
    if is_within(name, look.domain):
        return _handed_out(name, look) or None
    host = next((host for host in look.hosts if folded(host.name) == folded(name)), None)
    return set(host.addresses) if host is not None and host.state is HostState.FOUND else None


def _handed_out(name: Name, look: Look) -> set[str]:
    """Return the glue that the servers of the zone give for a name in a zone below it."""
    return {
        rdata.to_text()
        for view in look.servers
        for found in view.own_addresses
        if isinstance(found, Answer) and found.rcode == Rcode.NOERROR and serves(view)
        for rrset in found.additional
        if folded(rrset.owner) == folded(name) and rrset.rdtype in ADDRESS_TYPES
        for rdata in rrset.rdatas
    }


def _is_answer_of_child(look: Look) -> bool:
    """Tell whether the parent's servers host the child too, and so answer instead of referring with glue."""
    return any(
        isinstance(view.ns, Answer) and view.ns.answered(RdataType.NS) is not None
        for view in look.delegation.views
    )


def _is_authoritative(found: Observation) -> bool:
    return isinstance(found, Answer) and found.authoritative


def _names(names: tuple[Name, ...]) -> str:
    return ", ".join(sorted(map(text_of, names))) or "none"


def _text(remark: Remark) -> str:
    return remark.message if isinstance(remark, Finding) else remark.reason
