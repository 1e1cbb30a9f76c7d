"""The look of `confirm`, put together from a check's facts: what is wrong with a delegation has one home. Pure.

`cutover` judges a look at parents, name servers and their sets. The checks of delegation and name servers ask
the same questions, and turn its findings, by their ids, into points.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import Evidence, Passed, Point, Problem, Unchecked
from migrator.cutover.look import Host, Look, ServerView, Side, listed_names, names_of, signer_set
from migrator.cutover.mistakes import name_findings
from migrator.cutover.parents import parent_remarks
from migrator.cutover.servers import Remark, server_remarks
from migrator.cutover.stage import stage_of
from migrator.meaning.canary import canary_name
from migrator.model.finding import Finding, Phase
from migrator.model.names import folded, for_people, is_within
from migrator.model.observation import Observation, Question, Server

# From the moment at which the new side must be right.
FROM_READY = (Phase.READY, Phase.SWITCH, Phase.SETTLE)


def look_questions(facts: Facts) -> Iterator[Question]:
    """Yield what each name server of either side is asked of its own zone."""
    for side in facts.sides:
        for server in side.servers:
            yield from _questions(facts, side, server)


def look_of(facts: Facts) -> Look:
    """Return the look; the parent must have been asked."""
    assert facts.delegation is not None
    views = tuple(_view(facts, side, server) for side in facts.sides for server in side.servers)
    expected = () if facts.new is None else facts.new.names
    hosts: dict[tuple[bytes, ...], Host] = {}
    for side in reversed(facts.sides):
        hosts |= {folded(host.name): host for host in side.hosts if folded(host.name) not in hosts}
    moved = None if facts.judgement is None or not facts.judgement.look.left else facts.judgement.look
    return Look(
        facts.domain,
        expected,
        facts.old.names,
        facts.delegation,
        tuple(hosts.values()),
        views,
        registrar=facts.registrar,
        allow_special_addresses=facts.allow_special_addresses,
        addresses=() if moved is None else moved.addresses,
        left=() if moved is None else moved.left,
    )


def remarks_of(look: Look) -> tuple[Remark, ...]:
    """Return what is wrong with the delegation, the names in it, and the servers behind them."""
    slips, unresolved = name_findings(look)
    return (*parent_remarks(look), *slips, *unresolved, *server_remarks(look, stage_of(look)))


def points_of(facts: Facts, ids: Collection[str], subject: str, holds: str) -> Iterator[Point]:
    """Yield the remarks with these ids as points; a pass with these words where there are none."""
    look = look_of(facts)
    found = [remark for remark in remarks_of(look) if remark.check in ids]
    for remark in found:
        yield point_of(remark, look)
    if not found:
        yield Passed(subject, holds, seen_of(look))


def point_of(remark: Remark, look: Look) -> Point:
    """Return a remark as a point, with the answers that it rests on."""
    evidence = _evidence(remark.subject, look)
    if isinstance(remark, Finding):
        return Problem(remark.subject, remark.message, evidence, remark.remedy, remark.severity)
    return Unchecked(remark.subject, remark.reason, evidence)


def seen_of(look: Look) -> tuple[Evidence, ...]:
    """Return what the parent's servers and the name servers answered for the NS of the zone."""
    return (*(view.ns for view in look.delegation.views), *(view.ns for view in look.servers))


def planned(facts: Facts) -> tuple[Name, ...]:
    """Return the set of name servers that the domain moves to."""
    return () if facts.new is None else facts.new.names


def joined(names: Iterable[Name]) -> str:
    """Return names as people write them, sorted, with commas."""
    return ", ".join(sorted(for_people(name) for name in names))


def views_of(look: Look, side: Side) -> tuple[ServerView, ...]:
    """Return the views of one side's servers."""
    return tuple(view for view in look.servers if view.side is side)


def _evidence(subject: str, look: Look) -> tuple[Evidence, ...]:
    """Return the answers of the server that the subject names, else those of the parent's servers."""
    of_server: list[Observation] = []
    for view in look.servers:
        if str(view.server) == subject:
            of_server += [view.soa, view.ns]
    of_parent = [view.ns for view in look.delegation.views if str(view.server) == subject]
    return tuple(of_server or of_parent or [view.ns for view in look.delegation.views])


def _questions(facts: Facts, side: ZoneSide, server: Server) -> Sequence[Question]:
    domain = facts.domain
    return [
        facts.question(server, domain, RdataType.NS),
        facts.question(server, domain, RdataType.SOA),
        facts.question(server, canary_name(domain), RdataType.TXT),
        facts.question(server, domain, RdataType.DNSKEY, dnssec=True),
        *(
            facts.question(server, name, rdtype)
            for name in _inside(facts, side)
            for rdtype in (RdataType.A, RdataType.AAAA)
        ),
    ]


def _inside(facts: Facts, side: ZoneSide) -> Iterable[Name]:
    """Return the name servers inside the domain whose addresses the side's zone itself has.

    Those of the old side alone count while the parent leads to them, and its own servers alone know them.
    """
    names: Iterable[Name] = facts.old.names if facts.new is None else facts.new.names
    if side.side is Side.OLD and facts.new is not None:
        listed = frozenset() if facts.delegation is None else listed_names(facts.delegation)
        names = [name for name in facts.old.names if folded(name) in listed - names_of(facts.new.names)]
    return (name for name in names if is_within(name, facts.domain))


def _view(facts: Facts, side: ZoneSide, server: Server) -> ServerView:
    ns, soa, canary, dnskey, *own = (facts.observed(question) for question in _questions(facts, side, server))
    assert facts.delegation is not None
    is_signed = any(signer_set(view) for view in facts.delegation.views)
    return ServerView(server, side.side, ns, soa, canary, dnskey if is_signed else None, tuple(own))
