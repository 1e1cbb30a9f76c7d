"""TTLs that nobody can lower, that differ inside a set, that stayed low; and the moment of the switch. Pure."""

from collections.abc import Iterator

from dns.rdatatype import RdataType

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.ttl.timed import subject_of
from migrator.cutover.look import served
from migrator.model.extras import ForRecord, RecordTTL
from migrator.model.finding import Phase, Severity
from migrator.model.names import text_of
from migrator.model.observation import Question
from migrator.model.phrases import counted

_FRIDAY = 4


@check(
    "ttl.parent",
    phases=(Phase.PREPARE,),
    severity=Severity.NOTICE,
    source="RFC 2181 section 5.4.1; RFC 4034 section 5",
    remedy="Nobody but the registry sets these TTLs: plan them in.",
)
def parent(facts: Facts) -> Iterator[Point]:
    """The parent's TTLs are known.

    The TTLs of the delegation at the parent are known: of the NS set, the DS and the glue.

    They cannot be lowered; both sides have to serve the zone for that long after the switch at least.
    """
    views = () if facts.delegation is None else facts.delegation.views
    ns = [rrset.ttl for view in views if (rrset := view.delegation()) is not None and rrset.ttl is not None]
    ds = [rrset.ttl for view in views if (rrset := view.signer()) is not None and rrset.ttl is not None]
    glue = [rrset.ttl for view in views for rrset in view.glue() if rrset.ttl is not None]
    subject = f"{text_of(facts.domain)} NS"
    if not ns:
        yield Unchecked(subject, "no server of the parent gave the delegation", tuple(view.ns for view in views))
        return
    parts = [f"NS {max(ns)} s"] + [f"{name} {max(ttls)} s" for name, ttls in (("DS", ds), ("glue", glue)) if ttls]
    yield Passed(
        subject,
        f"The parent sets {', '.join(parts)}; nobody can lower it: plan {max(ns)} s of serving the zone on "
        "both sides.",
        tuple(view.ns for view in views),
    )


@check(
    "ttl.uniform",
    phases=(Phase.PREPARE, Phase.READY),
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 2181 section 5.2",
    remedy="Give all records of a set the same TTL.",
)
def uniform(facts: Facts) -> Iterator[Point]:
    """An RRset has one TTL.

    All records of an RRset have the same TTL.

    Resolvers take the smallest, or refuse the set; a provider that stores one TTL for a set changes the others.
    Signatures (RRSIG) are no set in this sense: each has the TTL of what it signs (RFC 4034 section 3).
    """
    side = facts.old if facts.judged.is_live else facts.judged
    if side.zone is None:
        yield Unchecked(text_of(facts.domain), side.unread or "the zone is not readable")
        return
    mixed = [
        rrset
        for rrset in side.zone.rrsets
        if rrset.rdtype != RdataType.RRSIG
        and any(isinstance(extra, ForRecord) and isinstance(extra.extra, RecordTTL) for extra in rrset.extras)
    ]
    for rrset in mixed:
        yield Problem(
            subject_of(rrset.key),
            f"The records of the set have different TTLs, {rrset.ttl} s being the smallest; one was expected.",
            (Noted(side.locator, f"the {side.side} zone as read"),),
            f"Give all records of {subject_of(rrset.key)} one TTL.",
        )
    if not mixed:
        text = f"{counted(len(side.zone.rrsets), 'set')} with one TTL each"
        yield Passed(text_of(facts.domain), f"{text}.", (Noted(side.locator, text),))


def _apex_of_new(facts: Facts) -> Iterator[Question]:
    for server in () if facts.new is None else facts.new.servers:
        for rdtype in (RdataType.NS, RdataType.SOA):
            yield facts.question(server, facts.domain, rdtype)


@check(
    "ttl.raised-again",
    phases=(Phase.CLOSE,),
    severity=Severity.WARNING,
    source="RFC 1912 section 2.2; RFC 9199 sections C5, C6",
    remedy="Raise the TTLs again: NS a day, other records an hour or more.",
    asks=_apex_of_new,
)
def raised_again(facts: Facts) -> Iterator[Point]:
    """TTLs are raised again.

    The TTLs that were lowered for the move are raised again in the new zone.

    Low TTLs cost every user a question more, and make an outage of the name servers felt at once.
    """
    if facts.new is None:
        yield NotNeeded("the new side is not known: --to names it")
        return
    for question in _apex_of_new(facts):
        seen = facts.observed(question)
        rrset = served(seen)
        subject = f"{text_of(facts.domain)} {RdataType.to_text(question.rdtype)} at {question.server}"
        if rrset is None or rrset.ttl is None:
            yield Unchecked(subject, "the server does not give it", (seen,))
        elif question.rdtype == RdataType.NS and rrset.ttl <= facts.settings.lowered_ttl:
            yield Problem(
                subject, f"TTL {rrset.ttl} s, as lowered for the move; an hour or more was expected.", (seen,)
            )
        else:
            yield Passed(subject, f"TTL {rrset.ttl} s.", (seen,))
    if not facts.new.servers:
        yield Unchecked(text_of(facts.domain), "no address of a new name server is known")


@check(
    "timing.window",
    phases=(Phase.READY,),
    severity=Severity.NOTICE,
    source="operators' practice: no change before a weekend",
    remedy="Switch on a working day, in the morning, while both providers' support answers.",
)
def window(facts: Facts) -> Iterator[Point]:
    """People are there at the switch.

    The switch is made when people are there who can mend what goes wrong.

    A Friday or a weekend (in UTC) is a notice, never more: the instant that TTLs allow is exact and stands by
    itself.
    """
    day = facts.now.weekday()
    evidence = (Noted("clock", f"{facts.now:%A %Y-%m-%d %H:%M} UTC", facts.now),)
    if day >= _FRIDAY:
        yield Problem(
            text_of(facts.domain), f"Today is {facts.now:%A}; a working day is a better moment.", evidence
        )
    else:
        yield Passed(text_of(facts.domain), f"Today is {facts.now:%A}.", evidence)
