"""Whether the TTLs of the old zone are low enough for a switch, at every old server. Pure."""

from collections.abc import Iterator

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.SOA import SOA

from migrator.checks.check import check
from migrator.checks.facts import Facts, without_old_servers
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.ttl.timed import (
    Seen,
    apex_keys,
    asked_of_old,
    data_keys,
    fixed_at_old,
    is_known_to_differ,
    seen_at_old,
    subject_of,
    unchanged,
)
from migrator.cutover.look import served
from migrator.model.finding import Phase, Severity
from migrator.model.names import for_people, text_of
from migrator.model.observation import Question
from migrator.model.phrases import counted
from migrator.model.rrset import RRsetKey

_NEGATIVE = 3600


def _without_servers(facts: Facts, subject: str) -> Iterator[Point]:
    if not facts.old.servers:
        yield Unchecked(subject, without_old_servers(facts))


@check(
    "ttl.largest",
    phases=(Phase.PREPARE,),
    severity=Severity.WARNING,
    source="RFC 1035 section 3.2.1; RFC 9499 section 5 (TTL)",
    remedy="Lower the TTLs of the old zone, and wait for as long as the largest of them was.",
    asks=asked_of_old,
)
def largest(facts: Facts) -> Iterator[Point]:
    """The TTLs before the move are known.

    The TTLs of the old zone are seen, at every old server, and remembered.

    They are the evidence for `ready`: from the moment at which a lower TTL is seen at every old server, caches
    need as long as the largest earlier one. Run this check before anything is lowered. Servers that do not
    answer leave it unchecked.
    """
    subject = f"{text_of(facts.domain)} TTL"
    yield from _without_servers(facts, subject)
    seen = [each for key in (*apex_keys(facts), *data_keys(facts)) for each in seen_at_old(facts, key)]
    known = [each for each in seen if each.ttl is not None]
    if known:
        top = max(known, key=lambda each: each.ttl or 0)
        yield Passed(
            subject,
            f"The largest TTL is {top.ttl} s ({subject_of(top.key)} at {top.server}): once it is lowered "
            "everywhere, wait that long.",
            tuple(each.observation for each in known if each.key.rdtype in {RdataType.NS, RdataType.SOA}),
        )
    yield from _silent(seen)


@check(
    "ttl.apex-ns-low",
    phases=(Phase.READY,),
    source="RFC 2181 section 5.4.1; measured with Unbound 1.17 and PowerDNS Recursor 4.8 (2025-12)",
    remedy="Lower the TTL of the NS records at the apex of the old zone, and wait for as long as it was.",
    asks=asked_of_old,
)
def apex_ns_low(facts: Facts) -> Iterator[Point]:
    """The old zone's own NS TTL is low.

    The NS set at the apex of the old zone has a TTL of an hour at most, at every old server.

    A resolver that prefers the zone's own NS set keeps the old name servers for that TTL on top of the parent's.
    Where the old provider sets it itself (Cloudflare), nobody can lower it: a longer one is a notice then, and is
    waited for after the switch.
    """
    yield from _low(facts, RRsetKey(facts.domain, RdataType.NS), facts.settings.highest_ns_ttl, Severity.NOTICE)


@check(
    "ttl.records-low",
    phases=(Phase.READY,),
    source="RFC 1035 section 3.2.1",
    remedy="Lower the TTLs of the records that change with the move, and wait for as long as they were.",
    asks=asked_of_old,
)
def records_low(facts: Facts) -> Iterator[Point]:
    """Records that change have low TTLs.

    Every RRset whose data differ between the old and the new zone has a low TTL, at every old server.

    Users get the old data for that TTL after the switch, and a mistake lasts as long. The limit is 300 seconds.
    Data that are the same on both sides only slow down later corrections, which is a notice. A set that a proxy
    answers on one side alone changes. A longer TTL that nobody can lower at the old provider is a warning.
    """
    if not is_known_to_differ(facts):
        yield Unchecked(
            f"{text_of(facts.domain)} TTL", "what changes is not known: both zones have to be readable"
        )
        return
    keys = data_keys(facts)
    for key in keys:
        yield from _low(facts, key, facts.settings.lowered_ttl, Severity.WARNING)
    slow = [rrset.key for rrset in unchanged(facts) if (rrset.ttl or 0) > facts.settings.lowered_ttl]
    if slow:
        names = ", ".join(subject_of(key) for key in slow[:_SHOWN])
        more = f" and {len(slow) - _SHOWN} more" if len(slow) > _SHOWN else ""
        yield Problem(
            f"{text_of(facts.domain)} TTL",
            f"{counted(len(slow), 'set')} the same on both sides, with a TTL above "
            f"{facts.settings.lowered_ttl} s: {names}{more}.",
            (Noted(facts.old.locator, f"the old zone as read: {names}{more}"),),
            "Only corrections after the switch are slower for it.",
            Severity.NOTICE,
        )
    elif not keys:
        yield NotNeeded("no data change with the move")


def _low(facts: Facts, key: RRsetKey, limit: int, fixed: Severity) -> Iterator[Point]:
    """Judge one set at every old server; `fixed` is how grave a longer TTL is that nobody can lower."""
    subject = subject_of(key)
    yield from _without_servers(facts, subject)
    seen = seen_at_old(facts, key)
    high = [each for each in seen if each.ttl is not None and each.ttl > limit]
    low = [each for each in seen if each.ttl is not None and each.ttl <= limit]
    if high:
        yield _too_long(facts, key, limit, high, "every old server" if not low else _servers(high), fixed)
    elif low:
        yield Passed(
            subject, f"TTL {max(each.ttl or 0 for each in low)} s.", tuple(each.observation for each in low)
        )
    yield from _silent(seen)


def _too_long(facts: Facts, key: RRsetKey, limit: int, high: list[Seen], where: str, fixed: Severity) -> Problem:
    subject, ttl = subject_of(key), max(each.ttl or 0 for each in high)
    evidence = tuple(each.observation for each in high)
    reason = fixed_at_old(facts, key, ttl)
    if reason:
        return Problem(
            subject,
            f"TTL {ttl} s at {where}, which nobody can lower: {reason}. It counts after the switch.",
            evidence,
            f"Keep the old zone as it is for {ttl} s longer than the parent's TTL after the switch: `plan` and "
            "`confirm` name the instant.",
            fixed,
        )
    return Problem(
        subject,
        f"TTL {ttl} s at {where}; {limit} s at most were expected.",
        evidence,
        f"Set the TTL of {subject} to {limit} in the old zone, then wait for as long as it was.",
    )


def _servers(seen: list[Seen]) -> str:
    return ", ".join(str(each.server) for each in seen)


def _silent(seen: "tuple[Seen, ...] | list[Seen]") -> Iterator[Point]:
    """Yield the servers that do not tell a TTL, one point for each."""
    for server in dict.fromkeys(each.server for each in seen):
        missing = [each for each in seen if each.server == server and each.ttl is None]
        if missing and not all(each.is_absent for each in missing):
            yield Unchecked(
                str(server),
                f"does not show the TTL of {subject_of(missing[0].key)}: {missing[0].trouble}",
                tuple(each.observation for each in missing[:1]),
            )


def _soa_questions(facts: Facts) -> Iterator[Question]:
    for side in facts.sides:
        for server in side.servers:
            yield facts.question(server, facts.domain, RdataType.SOA)


@check(
    "ttl.negative-low",
    phases=(Phase.READY,),
    severity=Severity.WARNING,
    source="RFC 2308 section 5",
    remedy="Lower the MINIMUM field of the SOA, or its TTL, to an hour at most.",
    asks=_soa_questions,
)
def negative_low(facts: Facts) -> Iterator[Point]:
    """Negative answers are kept shortly.

    Answers that something does not exist are kept for an hour at most, at every server of either side.

    A resolver keeps them for the smaller one of the SOA's TTL and its MINIMUM field. A record that was forgotten
    and is added after the switch stays invisible for that long.
    """
    for side in facts.sides:
        for server in side.servers:
            seen = facts.observed(facts.question(server, facts.domain, RdataType.SOA))
            rrset = served(seen)
            soa = None if rrset is None else next((r for r in rrset.rdatas if isinstance(r, SOA)), None)
            if rrset is None or soa is None or rrset.ttl is None:
                yield Unchecked(str(server), "gives no SOA", (seen,))
                continue
            seconds = min(rrset.ttl, soa.minimum)
            if seconds > _NEGATIVE:
                yield Problem(
                    f"{for_people(facts.domain)} at {server}",
                    f"Answers that something does not exist are kept for {seconds} s; {_NEGATIVE} s at "
                    "most were expected.",
                    (seen,),
                )
            else:
                yield Passed(str(server), f"Negative answers are kept for {seconds} s.", (seen,))
    if not any(side.servers for side in facts.sides):
        yield Unchecked(text_of(facts.domain), "no name server of either side is known")


_SHOWN = 3
