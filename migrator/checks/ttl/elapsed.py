"""Whether caches have let go of the longer TTLs that the old servers handed out before. Pure.

A resolver that asked just before the TTL was lowered keeps the answer for the TTL of that moment. What counts is
not when somebody clicked, but when a lower TTL was first *seen* at every address of every old server:

    look 1, Monday    ns1 86400   ns2 86400
    look 2, Tuesday   ns1   300   ns2 86400     ns2 has not loaded the zone yet
    look 3, Tuesday   ns1   300   ns2   300     safe from Tuesday (look 3) + 86400

Without any earlier look nothing can be shown yet. A look that saw the low TTL already counts as the beginning;
what was before it is not known, and a resolver that still holds a longer TTL disproves it.
"""

from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.SOA import SOA

from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, without_old_servers
from migrator.checks.history import Sight
from migrator.checks.points import Evidence, Noted, Passed, Point, Problem, Unchecked
from migrator.checks.ttl.timed import (
    Seen,
    apex_keys,
    asked_of_old,
    data_keys,
    exported_ttl,
    fixed_at_old,
    seen_at_old,
    subject_of,
)
from migrator.checks.zone.planned import rrset_of
from migrator.clock import Former, earliest_cutover, instant
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, text_of
from migrator.model.observation import Answer, Question
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Wait:
    """One set at one old server: what is waited for there, None before any earlier look; and how that is known."""

    seen: Seen
    former: Former | None
    evidence: tuple[Evidence, ...]


def _asks(facts: Facts) -> Iterator[Ask]:
    yield from asked_of_old(facts)
    yield from _of_resolvers(facts)


def _of_resolvers(facts: Facts) -> Iterator[Question]:
    """Ask each resolver for what it may still hold: never for the NS of the zone."""
    for resolver in facts.resolvers:
        for key in (RRsetKey(facts.domain, RdataType.SOA), *data_keys(facts)[:_MOST_ASKED]):
            yield Question(resolver.server, key.owner, key.rdtype, recursion_desired=True)


@check(
    "ttl.elapsed",
    phases=(Phase.READY,),
    blocks=True,
    source="RFC 1035 section 3.2.1; RFC 2181 section 8; BIND max-cache-ttl (a week)",
    remedy="Wait until the instant that is named. `check --phase prepare`, run before the TTLs are lowered, gives "
    "the evidence; --ttl-lowered-at states what nobody saw.",
    asks=_asks,
)
def elapsed(facts: Facts) -> Iterator[Point]:
    """Caches have let go of longer TTLs.

    Every cache has let go of the longer TTLs that the old servers handed out before.

    For the apex NS set, the SOA and every RRset that changes with the move, at every address of every old
    server: the moment at which the present TTL was first seen there, plus the longest TTL that was seen before
    it (a week at most), is past. Too early is no-go, with the instant. Without an earlier look it cannot be
    shown yet, and is unchecked, with the instant from which it can. A look that saw the low TTL already counts
    as the beginning, which a notice says; a longer TTL in the export or the backup is what was before it. What the
    old provider sets itself, for nobody to lower, is waited for where a look saw a longer TTL, and not otherwise:
    it counts after the switch. A resolver that still holds an answer for longer than the present TTL disproves
    the rest.
    """
    subject = f"{text_of(facts.domain)} TTL"
    if not facts.old.servers:
        yield Unchecked(subject, without_old_servers(facts))
        return
    seen = [each for key in (*apex_keys(facts), *data_keys(facts)) for each in seen_at_old(facts, key)]
    apex = apex_keys(facts)
    for server in dict.fromkeys(each.server for each in seen):
        silent = [
            each
            for each in seen
            if each.server == server and each.ttl is None and (each.key in apex or not each.is_absent)
        ]
        if silent:
            why = f"does not show its TTLs: {silent[0].trouble}"
            yield Unchecked(str(server), why, (silent[0].observation,))
    waits = [wait_for(facts, each) for each in seen if each.ttl is not None]
    running = [wait for wait in waits if not _is_fixed(facts, wait)]
    if running:
        yield from _judged(facts, running, subject)
    elif waits:
        yield _never_lowered(facts, waits, subject)
    yield from _disproofs(facts)


def _is_fixed(facts: Facts, wait: Wait) -> bool:
    """Tell whether nobody can have lowered it, and no look saw it longer."""
    ttl = wait.seen.ttl
    assert ttl is not None
    if ttl <= facts.settings.lowered_ttl or not (wait.former is None or wait.former.is_assumed):
        return False
    return bool(fixed_at_old(facts, wait.seen.key, ttl))


def _never_lowered(facts: Facts, fixed: list[Wait], subject: str) -> Point:
    longest = max(fixed, key=lambda wait: wait.seen.ttl or 0).seen
    ttl = longest.ttl or 0
    return Passed(
        subject,
        f"Nothing was lowered that caches would still hold. {subject_of(longest.key)} stays at {ttl} s, since "
        f"{fixed_at_old(facts, longest.key, ttl)}: that counts after the switch.",
        tuple(wait.seen.observation for wait in fixed),
    )


def _judged(facts: Facts, waits: list[Wait], subject: str) -> Iterator[Point]:
    """Put the waits of all sets and servers together."""
    unknown = [wait for wait in waits if wait.former is None]
    known = [wait for wait in waits if wait.former is not None]
    moment = earliest_cutover(wait.former for wait in known if wait.former is not None)
    if moment is not None and facts.now < moment.at:
        late = [wait for wait in known if wait.former is not None and wait.former.gone > facts.now]
        worst = max(late, key=lambda wait: wait.former.gone if wait.former else facts.now)
        yield Problem(
            subject_of(worst.seen.key),
            f"Caches can hold a longer TTL until {instant(moment.at)}: {moment.formula}.",
            worst.evidence,
            f"Wait until {instant(moment.at)}, and check again.",
            not_before=moment.at,
        )
    if unknown:
        yield _first_look(facts, unknown, subject)
    elif moment is not None and facts.now >= moment.at:
        worst = max(known, key=lambda wait: wait.former.gone if wait.former else facts.now)
        yield Passed(subject, f"Past since {instant(moment.at)}: {moment.formula}.", worst.evidence, moment.at)
    yield from _not_seen(facts, [wait.former for wait in known if wait.former is not None], subject, known)


def _first_look(facts: Facts, unknown: list[Wait], subject: str) -> Point:
    """Say from when on it can be shown, where nobody looked before."""
    ends = [(Former(subject_of(w.seen.key), longest_known(facts, w.seen), facts.now).gone, w) for w in unknown]
    at, wait = max(ends, key=lambda end: end[0])
    return Unchecked(
        subject,
        f"cannot be shown yet: no earlier look at {wait.seen.server} is remembered, and "
        f"{subject_of(wait.seen.key)} is kept for {longest_known(facts, wait.seen)} s",
        (wait.seen.observation,),
        f"This look is remembered: check again from {instant(at)} on, or state when the TTLs were lowered with "
        "--ttl-lowered-at.",
        at,
    )


def _not_seen(facts: Facts, formers: list[Former], subject: str, known: list[Wait]) -> Iterator[Point]:
    """Say what rests on a statement, or what nobody knows because nobody looked early enough."""
    stated = facts.settings.ttl_lowered_at
    if stated is not None and any(former.until == stated for former in formers):
        unknown = any(former.until == stated and former.is_assumed for former in formers)
        nor = "; nor was how long they were before" if unknown else ""
        yield Problem(
            subject,
            f"That the TTLs were lowered at {instant(stated)} is stated, and was not seen{nor}.",
            known[0].evidence,
            severity=Severity.WARNING,
        )
    elif formers and all(former.is_assumed for former in formers):
        first = min(former.until for former in formers)
        yield Problem(
            subject,
            f"What the old servers handed out before {instant(first)}, the first look, is not known.",
            known[0].evidence,
            "If the TTLs were lowered shortly before, state when: --ttl-lowered-at TIME.",
            Severity.NOTICE,
        )


def wait_for(facts: Facts, seen: Seen) -> Wait:
    """Return what is waited for: the longest-lived of the TTLs that were seen before the present one."""
    ttl = seen.ttl
    assert ttl is not None
    runs = facts.history.of(seen.server.address, seen.key.owner, seen.key.rdtype)
    name = f"{subject_of(seen.key)} at {seen.server}"
    formers = [
        Former(name, run.ttl, _end_of(facts, runs, place, seen))
        for place, run in enumerate(runs)
        if run.ttl is not None and run.ttl > ttl
    ]
    stated = facts.settings.ttl_lowered_at
    beginning = _beginning(runs, ttl) or stated
    exported = max(_exported(facts, seen), default=None, key=itemgetter(0))
    if exported is not None and exported[0] > ttl and beginning is not None and not formers:
        lowered = stated or beginning
        until = lowered if exported[1] is None else max(lowered, exported[1])
        formers.append(Former(f"{name} (as exported)", exported[0], until))
    evidence = (seen.observation, *(_noted(seen, run) for run in runs[-_LAST:]))
    if formers:
        return Wait(seen, max(formers, key=lambda former: former.gone), evidence)
    if beginning is None:
        return Wait(seen, None, evidence)
    start = min(stated, beginning) if stated is not None else beginning
    return Wait(seen, Former(name, max(ttl, exported[0] if exported else 0), start, is_assumed=True), evidence)


def _exported(facts: Facts, seen: Seen) -> list[tuple[int, datetime | None]]:
    """Return the TTLs that the old zone has for the set: as it was read now, and as it was kept at that time."""
    now, kept = exported_ttl(facts.old, seen.key), facts.backup
    before = None if kept is None or kept.zone is None else rrset_of(kept.zone, seen.key)
    found: list[tuple[int, datetime | None]] = [] if now is None else [(now, None)]
    if kept is not None and before is not None and before.ttl is not None:
        found.append((before.ttl, kept.taken))
    return found


def _beginning(runs: tuple[Sight, ...], ttl: int) -> datetime | None:
    """Return the first look that saw the present TTL or a lower one, and nothing longer since."""
    first = None
    for run in reversed(runs):
        if run.ttl is None or run.ttl > ttl:
            break
        first = run.first
    return first


def _end_of(facts: Facts, runs: tuple[Sight, ...], place: int, seen: Seen) -> datetime:
    """Return until when a longer TTL was handed out: until another was first seen, or the person says it ended."""
    following = runs[place + 1].first if place + 1 < len(runs) else seen.observation.at
    stated = facts.settings.ttl_lowered_at
    return stated if stated is not None and runs[place].last <= stated < following else following


def longest_known(facts: Facts, seen: Seen) -> int:
    """Return the longer one of the TTLs that the server shows now and that the zone was exported with."""
    return max(seen.ttl or 0, *(ttl for ttl, _ in _exported(facts, seen)), 0)


def _noted(seen: Seen, run: Sight) -> Noted:
    text = f"TTL {run.ttl} from {instant(run.first)} to {instant(run.last)}"
    return Noted(f"earlier looks at {seen.server}", text, run.last)


def _disproofs(facts: Facts) -> Iterator[Point]:
    """Yield the resolvers that hold an old answer for longer than the old servers now say."""
    known = {
        (folded(key.owner), key.rdtype): [rrset for each in seen_at_old(facts, key) if (rrset := each.rrset)]
        for key in (RRsetKey(facts.domain, RdataType.SOA), *data_keys(facts))
    }
    names = {resolver.server: resolver.name for resolver in facts.resolvers}
    for question in _of_resolvers(facts):
        seen = facts.observed(question)
        rrset = seen.answered() if isinstance(seen, Answer) else None
        own = [
            each.ttl or 0
            for each in known.get((folded(question.qname), question.rdtype), ())
            if rrset is not None and _is_same(rrset, each)
        ]
        # An answer of the new side has TTLs of its own.
        if rrset is None or rrset.ttl is None or not own or rrset.ttl <= max(own):
            continue
        present = max(own)
        end = Former("", rrset.ttl, seen.at).gone
        # What was nearly over when it was asked for may be so now: nobody has anything to wait for then.
        if end <= facts.now:
            continue
        yield Problem(
            subject_of(RRsetKey(question.qname, question.rdtype)),
            f"{names[question.server]} ({question.server}) still holds it for {rrset.ttl} s; the old "
            f"servers hand out {present} s, so that a longer TTL was handed out not long ago.",
            (seen,),
            f"Wait until {instant(end)}, and check again.",
            not_before=end,
        )


def _is_same(rrset: RRset, of_old: RRset) -> bool:
    """Tell whether a resolver's answer has the old servers' data; of an SOA the serial may be older."""
    pairs = (rrset.rdatas[0], of_old.rdatas[0])
    if isinstance(pairs[0], SOA) and isinstance(pairs[1], SOA):
        return (pairs[0].mname, pairs[0].rname) == (pairs[1].mname, pairs[1].rname)
    return rrset.rdatas == of_old.rdatas


_LAST = 3
_MOST_ASKED = 20
