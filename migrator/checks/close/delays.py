"""Have caches let go of the old servers, and does the parent name them no more? Pure."""

from collections.abc import Iterator

from migrator.checks.check import check
from migrator.checks.close.rules import CLOSE, moved_of, old_only
from migrator.checks.facts import Facts
from migrator.checks.points import Passed, Point, Problem, Unchecked
from migrator.clock import instant
from migrator.cutover.look import Addresses, explained, targets
from migrator.model.delegation import ParentView
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people, text_of


@check(
    "close.time",
    phases=CLOSE,
    blocks=True,
    source="RFC 2181 section 5.4.1; migrator/clock.py",
    remedy="Wait; deleting now breaks users whose resolvers still keep the old name servers.",
)
def time(facts: Facts) -> Iterator[Point]:
    """The clock lets the old zone go.

    The instant is past from which the old zone may be deleted, as far as time goes.

    It is the last stale answer, which needs the old servers no more; whether the new ones answer is judged by
    `delegation.child-ns`. The recommended instant, with a margin of a day at least, stands beside it as a notice:
    a deletion cannot be undone.
    """
    subject = for_people(facts.domain)
    judgement = facts.judgement
    timing = None if judgement is None else judgement.timing
    if judgement is None or timing is None:
        yield Unchecked(subject, "since when every server of the parent lists the new set is not known")
        return
    evidence = tuple(view.ns for view in judgement.look.delegation.views)
    if timing.safe is None:
        yield Unchecked(subject, "; ".join(timing.last_stale.unknown), evidence, not_before=timing.last_stale.at)
    elif facts.now < timing.safe.at:
        yield Problem(
            subject,
            f"The old zone is needed until {instant(timing.safe.at)} = {timing.last_stale.formula}.",
            evidence,
            f"Wait until {instant(timing.safe.at)}.",
            not_before=timing.safe.at,
        )
    else:
        yield Passed(
            subject, f"By the clock, nobody needs it since {instant(timing.safe.at)}.", evidence, timing.safe.at
        )
        if timing.recommended is not None and facts.now < timing.recommended.at:
            yield Problem(
                subject,
                f"With a margin, {instant(timing.recommended.at)} is recommended: a deletion cannot be undone.",
                evidence,
                severity=Severity.NOTICE,
            )


@check(
    "close.no-dangling",
    phases=CLOSE,
    blocks=True,
    source="lame delegation hijacking: whoever creates the zone anew at the old provider answers for it",
    remedy="Remove the old name servers at the registrar first.",
)
def no_dangling(facts: Facts) -> Iterator[Point]:
    """The parent lists no old server.

    No server of the parent lists an old name server, nor hands out the old address of one that keeps its name.

    Whoever creates a zone of that name at the old provider, once it is deleted, may be given the same name
    servers, and would answer for the domain.
    """
    subject = f"{text_of(facts.domain)} NS"
    old = old_only(facts)
    views = () if facts.delegation is None else facts.delegation.views
    if not facts.old.names:
        yield Unchecked(subject, "the old name servers are not known: --from names them")
        return
    moved = moved_of(facts)
    for view in views:
        rrset = view.delegation()
        if rrset is None:
            yield Unchecked(str(view.server), f"does not show the delegation: {explained(view.ns)}", (view.ns,))
            continue
        left = [name for name in targets(rrset) if folded(name) in old]
        if left:
            yield Problem(
                str(view.server),
                f"Still lists {', '.join(map(for_people, left))}; none of the old name servers was expected.",
                (view.ns,),
                "Remove them at the registrar, and wait for the TTL of the delegation.",
            )
        elif moved:
            yield from _glue_left(view, moved)
        else:
            yield Passed(str(view.server), "Lists no old name server.", (view.ns,))
    if not views:
        yield Unchecked(subject, "no server of the parent could be asked")


def _glue_left(view: ParentView, moved: Addresses) -> Iterator[Point]:
    """Judge the glue of name servers that keep their names: none of it may lead to where they were."""
    for name, before in moved:
        glue = view.glue_of(name)
        left = sorted(before.intersection(glue))
        if left:
            yield Problem(
                str(view.server),
                f"Still hands out {', '.join(left)} for {for_people(name)}; the new address alone was expected.",
                (view.ns,),
                "Have the registrar correct the host record, and wait for its TTL.",
            )
        elif not glue:
            yield Unchecked(str(view.server), f"hands out no address of {for_people(name)}", (view.ns,))
        else:
            yield Passed(str(view.server), f"Hands out no old address of {for_people(name)}.", (view.ns,))
