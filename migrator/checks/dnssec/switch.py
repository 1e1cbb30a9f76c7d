"""The gate of DNSSEC: may the NS records at the parent change now? Pure.

A resolver keeps the DS for its TTL and the keys for theirs, and meets them with the answers of the other
provider. Two ways through (RFC 6781 section 4.3.5, RFC 8901), everything else ends in SERVFAIL:

    go insecure     no DS at any server of the parent, for max(TTL of the DS, TTL of the keys) at least
    stay secure     a DS at the parent fits a key of the NEW side that signs the keys at every new server, and each
                    side's keys contain those that sign the other's data, for as long (multi-signer, same keys)

The TTL of the DS alone is not enough: a resolver that holds the old keys goes on to validate with them (measured
with Unbound 1.17: SERVFAIL for as long as the keys' TTL after the switch, 2025-12). Nor does the longer one of
both cover every resolver: one that fetches the keys anew just before its DS expires keeps them (measured with
Unbound 1.17: DS 20 s, keys 8 s, switched 20.7 s after the DS had gone, SERVFAIL until 26 s, 2026-11). So there is
a warning until the sum of both has passed.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DS import DS

from migrator.checks.check import check
from migrator.checks.dnssec.keys import (
    KeySet,
    fitting,
    identity_of,
    key_questions,
    key_sets,
    published_for,
    signers,
    tag,
    tags_text,
    unfit_text,
)
from migrator.checks.facts import Facts
from migrator.checks.history import Sight
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.clock import (
    RESOLVER_CAP,
    Former,
    Measure,
    Moment,
    insecure,
    insecure_everywhere,
    instant,
    longest,
    shown,
)
from migrator.codec import rdata
from migrator.cutover.look import Side, explained, signer_set
from migrator.cutover.signing import heeded
from migrator.model.delegation import ParentView
from migrator.model.finding import Phase, Severity
from migrator.model.names import text_of
from migrator.model.observation import Server

_SWITCHED = frozenset({Phase.SWITCH, Phase.SETTLE})


@check(
    "dnssec.safe-to-switch",
    phases=(Phase.READY, Phase.SWITCH, Phase.SETTLE),
    blocks=True,
    source="RFC 6781 section 4.3.5; RFC 8901; measured with Unbound 1.17 and BIND 9.18 (2025-12)",
    remedy="Either remove the DS at the registrar and wait for the larger one of its TTL and that of the keys, or "
    "let both providers publish each other's keys and the parent both DS.",
    asks=key_questions,
)
def safe_to_switch(facts: Facts) -> Iterator[Point]:
    """Validation survives the switch.

    Validating resolvers go on to validate, whichever side's DS, keys and answers they meet.

    Without a DS at any server of the parent: it is gone for at least as long as the larger one of its own TTL
    and the keys' TTL (earlier looks show since when, and which longer TTL the keys had), or there never was one.
    It warns until both TTLs have passed one after the other: a resolver that fetched the keys anew while it held
    the DS goes on to validate by them. With a DS: one fits a key that signs the keys at every new server, and both
    sides publish the keys that sign the other side's data, again for as long as caches hold. Everything else
    fails. Unchecked where a parent server or a server of the new side does not say, or where a signed zone has
    lost its DS and nobody saw when. A DS by SHA-1 counts only where none by a better digest stands beside it:
    BIND passes it over otherwise.

    After the switch a DS has to fit the keys of the old servers too, until the last stale answer is past:
    resolvers that still ask them answer SERVFAIL where a DS of the new keys was entered too early. It has to fit
    those of the new servers always, and so has one that caches hold from before: it fails until the TTL is past
    of a DS that went, or gave way to another one, when the new servers were asked already.
    """
    subject = f"{text_of(facts.domain)} DS"
    trusted = signers(facts)
    views = () if facts.delegation is None else facts.delegation.views
    evidence: tuple[Evidence, ...] = tuple(view.ds for view in views)
    silent = [view for view in views if signer_set(view) is None]
    if trusted is None or silent:
        who = str(silent[0].server) if silent else "no server of the parent"
        why = f"{who} does not say whether there is a DS" if silent else f"{who} says whether there is a DS"
        yield Unchecked(subject, why, evidence)
        return
    if facts.new is None:
        yield NotNeeded("the new side is not known: --to names it")
    elif facts.phase is Phase.SETTLE:
        yield from _settling(facts, trusted, subject, evidence)
    elif trusted:
        yield from _with_signer(facts, trusted, subject, evidence)
    else:
        yield from _without_signer(facts, subject, evidence)


def _settling(
    facts: Facts, trusted: tuple[DS, ...], subject: str, evidence: tuple[Evidence, ...]
) -> Iterator[Point]:
    """Judge what a DS can break after the switch: one at the parent, and one that caches hold from before."""
    end = facts.past_stale_end
    if not trusted:
        gone, ttl = last_trusted(facts)
        if gone is None:
            yield NotNeeded("no DS at the parent")
        elif _fits_new(facts, _last_signers(facts)):
            yield NotNeeded("no DS at the parent, and the one that it had fits the keys of the new servers")
        else:
            yield _insecure_since(facts, gone, ttl, subject, evidence)
        return
    held = tuple(_held(facts, subject, evidence))
    yield from held
    if end is None:
        yield from _with_signer(facts, trusted, subject, evidence)
        return
    new = key_sets(facts, facts.new)
    if not new:
        yield Unchecked(subject, "no address of a new name server is known", evidence)
        return
    wrong = [point for each in new if (point := _new_server(facts, trusted, each)) is not None]
    yield from wrong
    if not wrong and not held:
        fits = f"DS {tags_text(trusted)} fits the keys of every new server"
        yield Passed(subject, f"{fits}, and the last stale answer was due {instant(end)}.", evidence)


def _held(facts: Facts, subject: str, evidence: tuple[Evidence, ...]) -> Iterator[Point]:
    """Judge the DS sets of before that caches may hold, against the keys of the new servers."""
    held: dict[tuple[str, ...], Former] = {}
    for view in _views(facts):
        runs = facts.history.of(view.server.address, facts.domain, RdataType.DS)
        now = tuple(sorted(map(rdata.to_text, signer_set(view) or ())))
        ends = [*(run.first for run in runs[1:]), view.ds.at]
        for run, end in zip(runs, ends, strict=False):
            if run.rdatas and run.rdatas != now:
                former = Former(f"another set at {view.server}", run.ttl or 0, end)
                held[run.rdatas] = max(held.get(run.rdatas, former), former, key=lambda each: each.gone)
    for texts, former in held.items():
        signers_then = _as_signers(texts)
        unfit = [each for each in key_sets(facts, facts.new) if each.keys is not None]
        unfit = [each for each in unfit if not fitting(signers_then, each, facts.domain)]
        if unfit and facts.now < former.gone:
            until = (
                f"{instant(former.gone)} = {former.name} since {instant(former.until)} + {shown(former.seconds)}"
            )
            yield Problem(
                subject,
                f"Resolvers can hold DS {tags_text(signers_then)} alone until {until}, and no key that signs the "
                f"keys at {unfit[0].server} fits it: they answer SERVFAIL.",
                (*evidence, *(each.observation for each in unfit)),
                f"Wait until {instant(former.gone)}: nothing but time takes it out of caches.",
                not_before=former.gone,
            )


def _last_signers(facts: Facts) -> tuple[DS, ...]:
    """Return the DS that any server of the parent had last in an earlier look."""
    had = [
        next((run.rdatas for run in reversed(runs) if run.rdatas), ())
        for view in _views(facts)
        if (runs := facts.history.of(view.server.address, facts.domain, RdataType.DS))
    ]
    return _as_signers(tuple(dict.fromkeys(text for texts in had for text in texts)))


def _as_signers(texts: tuple[str, ...]) -> tuple[DS, ...]:
    found = (rdata.from_text(RdataType.DS, text) for text in texts)
    return tuple(each for each in found if isinstance(each, DS))


def _fits_new(facts: Facts, signers_then: tuple[DS, ...]) -> bool:
    """Tell whether every new server has a key that signs the keys there and that one of the DS fits."""
    new = key_sets(facts, facts.new)
    return bool(new) and all(fitting(signers_then, each, facts.domain) for each in new)


def _without_signer(facts: Facts, subject: str, evidence: tuple[Evidence, ...]) -> Iterator[Point]:
    """Judge a domain that is insecure now, by since when it is."""
    old = key_sets(facts, facts.old)
    gone, ttl = last_trusted(facts)
    if gone is not None:
        yield _insecure_since(facts, gone, ttl, subject, evidence)
    elif not any(each.is_signed for each in old):
        unknown = [each for each in old if each.keys is None]
        if unknown and len(unknown) == len(old):
            yield Unchecked(subject, "no old server says whether the zone is signed", evidence)
        else:
            yield Passed(
                subject, "No DS at the parent and no keys at the old servers: nothing to wait for.", evidence
            )
    else:
        yield _since_nobody_knows(facts, old, subject, evidence)


def _insecure_since(facts: Facts, gone: datetime, ttl: int, subject: str, evidence: tuple[Evidence, ...]) -> Point:
    """Judge a domain whose DS went at a time that looks saw."""
    keys = _ttl_of_keys(facts, key_sets(facts, facts.old))
    measured = (gone, Measure("DS TTL", ttl), keys, former_keys(facts))
    moment, last = insecure(*measured), insecure_everywhere(*measured)
    latest = last.at + timedelta(seconds=RESOLVER_CAP)
    if moment.unknown and facts.now < latest:
        return Unchecked(
            subject,
            f"until when resolvers hold the old keys is not known: {moment.unknown[0]}",
            evidence,
            f"Wait until {instant(latest)}, from when on no resolver holds them.",
            latest,
        )
    if facts.now < last.at:
        return _too_early(facts, subject, evidence, moment, last)
    return Passed(subject, f"Insecure for long enough, since {moment}.", evidence, moment.at)


def _since_nobody_knows(
    facts: Facts, old: tuple[KeySet, ...], subject: str, evidence: tuple[Evidence, ...]
) -> Point:
    """Judge a signed zone whose DS no look saw: if there was one, it went before the first look at the latest.

    Its TTL is not known. That of the delegation stands for it: few registries set a shorter one there.
    """
    listed = [rrset for view in _views(facts) if (rrset := view.delegation()) is not None]
    ttl = Measure("TTL of the delegation", max((rrset.ttl or 0 for rrset in listed), default=0))
    first = seen_without(facts)
    measured = (first or facts.now, ttl, _ttl_of_keys(facts, old), former_keys(facts))
    moment, last = insecure(*measured), insecure_everywhere(*measured)
    if first is None:
        return Unchecked(
            subject,
            "the old zone is signed and the parent has no DS: when it went, if there was one, no earlier "
            "look shows",
            evidence,
            f"This look is remembered: check again from {instant(moment.at)} on.",
            moment.at,
        )
    if facts.now < last.at:
        return _too_early(
            facts, subject, evidence, moment, last, "the old zone is signed, and if there was a DS, "
        )
    return Passed(subject, f"No DS at the parent in any look since {instant(first)}.", evidence, moment.at)


def _too_early(
    facts: Facts, subject: str, evidence: tuple[Evidence, ...], moment: Moment, last: Moment, if_so: str = ""
) -> Problem:
    """Say until when the DS or the old keys are in caches; behind that moment, in few of them."""
    if facts.now < moment.at:
        said = f"Too early: {if_so}resolvers can hold the DS or the old keys until {moment}."
        remedy = f"Keep the old zone signed and wait until {instant(moment.at)}."
        if facts.phase in _SWITCHED:
            hold = "resolvers that hold the DS or the old keys answer SERVFAIL"
            said = f"The switch came too early: {if_so}{hold} until {moment}."
            wait = f"Keep the old zone signed, and wait until {instant(moment.at)}"
            remedy = f"{wait}: nothing but time takes them out of caches."
        return Problem(subject, said, evidence, remedy, not_before=moment.at)
    few = "resolvers that fetched the old keys anew while they held the DS can hold them"
    said = f"Early for a few: {if_so}{few} until {last}."
    remedy = f"To be sure of every resolver, keep the old zone signed and wait until {instant(last.at)}."
    return Problem(subject, said, evidence, remedy, severity=Severity.WARNING)


def _with_signer(
    facts: Facts, trusted: tuple[DS, ...], subject: str, evidence: tuple[Evidence, ...]
) -> Iterator[Point]:
    """Judge a domain that stays secure: every new server has to fit the DS, and both sides each other."""
    new, old = key_sets(facts, facts.new), key_sets(facts, facts.old)
    if not new:
        yield Unchecked(subject, "no address of a new name server is known", evidence)
        return
    bad = False
    for each in new:
        wrong = _new_server(facts, trusted, each)
        if wrong is not None:
            bad = True
            yield wrong
    for each in old if facts.phase in _SWITCHED else ():
        if each.keys is not None and not fitting(trusted, each, facts.domain):
            bad = True
            yield _old_server(facts, trusted, each)
    if bad or any(each.keys is None for each in new):
        return
    yield from _crossed(facts, trusted, old, new, subject, evidence)


def _new_server(facts: Facts, trusted: tuple[DS, ...], each: KeySet) -> Point | None:
    """Return what keeps the DS from validating this new server, None where nothing does."""
    is_switched = facts.phase in _SWITCHED
    then = "" if is_switched else "after the switch "
    remove = (
        "Do not switch. Remove the DS at the registrar and wait for the larger one of its TTL and that of the "
        "keys, or have the new provider sign with keys that the DS fits."
    )
    if is_switched:
        ttl = max((rrset.ttl or 0 for view in _views(facts) if (rrset := view.signer()) is not None), default=0)
        remove = (
            "Remove the DS at the registrar at once, or have the new provider sign with keys that it fits. "
            f"Resolvers go on to fail until its TTL of {ttl} s is past."
        )
    if each.keys is None:
        return Unchecked(
            str(each.server), f"does not show its keys: {explained(each.observation)}", (each.observation,)
        )
    if not each.keys:
        return Problem(
            str(each.server),
            f"The parent has DS {tags_text(trusted)}, and the new server has no keys: {then}validating resolvers "
            "answer SERVFAIL for the whole domain.",
            (each.observation,),
            remove,
        )
    if not fitting(trusted, each, facts.domain):
        return Problem(
            str(each.server),
            f"The parent has DS {tags_text(trusted)}, and no key that signs the keys there fits it "
            f"({unfit_text(trusted, each, facts.domain)}): {then}validating resolvers answer SERVFAIL.",
            (each.observation,),
            remove,
        )
    return None


def _old_server(facts: Facts, trusted: tuple[DS, ...], each: KeySet) -> Point:
    """Say that a DS came too early, or that the one of the old keys went too early."""
    end = facts.stale_end
    until = f"until {instant(end)}, when the last stale answer is due" if end else "until no cache lists it"
    published = published_for(trusted, each, facts.domain)
    keys = f"no key there fits it ({unfit_text(trusted, each, facts.domain)})" if each.keys else "it has no keys"
    if published:
        keys = f"key {tags_text(published)}, which fits it, does not sign the keys there"
    return Problem(
        str(each.server),
        f"The parent has DS {tags_text(trusted)}, and {keys}: resolvers that still ask this old server answer "
        f"SERVFAIL {until}.",
        (each.observation,),
        "If the switch is as recent as that, remove the DS of the new keys at the registrar, and enter it when "
        "the last stale answer is past; where both sides publish each other's keys, keep that of the old keys "
        "beside it.",
    )


def _crossed(
    facts: Facts,
    trusted: tuple[DS, ...],
    old: tuple[KeySet, ...],
    new: tuple[KeySet, ...],
    subject: str,
    evidence: tuple[Evidence, ...],
) -> Iterator[Point]:
    """Judge whether each side publishes the keys that sign the other side's data, and for how long."""
    evidence = (*evidence, *(each.observation for each in (*old, *new)))
    if not old or any(each.keys is None for each in old):
        yield Unchecked(subject, "an old server does not show its keys, or none is known", evidence)
        return
    blind = _without_data_keys((*old, *new))
    if blind is not None:
        why = f"does not show which keys sign its data: {explained(blind.soa)}"
        yield Unchecked(str(blind.server), why, (blind.soa,))
        return
    gaps = [*_missing(new, old, Side.NEW), *_missing(old, new, Side.OLD)]
    for server, tags, other in gaps:
        yield Problem(
            str(server),
            f"Lacks key {tags}, which signs the data of the {other} side: a resolver that holds one side's "
            "keys cannot validate the other's answers.",
            evidence,
            "Import the other provider's zone-signing key into each side's DNSKEY set, and wait for the "
            "TTL of the keys; where that cannot be done, remove the DS and wait.",
        )
    if gaps:
        return
    if facts.phase is Phase.SETTLE:
        yield Passed(subject, "Old and new servers validate by both sides' keys.", evidence)
        return
    waits = _crossings(facts, trusted, old, new)
    last = max(waits, key=lambda wait: wait.gone)
    at, formula = last.gone, f"{last.name} since {instant(last.until)} + {shown(last.seconds)}"
    if facts.now >= at:
        yield Passed(
            subject, f"Both sides validate by both sides' keys, since {instant(at)} = {formula}.", evidence, at
        )
    elif any(wait.is_assumed for wait in waits):
        yield Unchecked(
            subject,
            "cannot be shown yet: no earlier look saw the keys of both sides and a DS of each, and caches hold "
            f"others until {instant(at)} = {formula}",
            evidence,
            f"This look is remembered: check again from {instant(at)} on.",
            at,
        )
    else:
        yield Problem(
            subject,
            f"Too early: caches can hold keys, or a DS, without those of the other side until {instant(at)} = "
            f"{formula}.",
            evidence,
            f"Wait until {instant(at)}.",
            not_before=at,
        )


def exchanged(facts: Facts) -> tuple[Former, ...]:
    """Return what is waited for once each side has the other's keys and the parent a DS of each; empty before."""
    new, old = key_sets(facts, facts.new), key_sets(facts, facts.old)
    if not new or not old or any(each.keys is None for each in (*new, *old)):
        return ()
    trusted = signers(facts) or ()
    if any(_new_server(facts, trusted, each) is not None for each in new):
        return ()
    if _without_data_keys((*old, *new)) is not None:
        return ()
    if any(_missing(new, old, Side.NEW)) or any(_missing(old, new, Side.OLD)):
        return ()
    return _crossings(facts, trusted, old, new)


def _without_data_keys(sets: Iterable[KeySet]) -> KeySet | None:
    """Return a server that has keys and does not show which of them sign its data; None where all do."""
    return next((each for each in sets if each.is_signed and not each.data_keys()), None)


def _missing(
    signed: tuple[KeySet, ...], holders: tuple[KeySet, ...], side: Side
) -> Iterator[tuple[Server, str, Side]]:
    """Yield the servers that lack a key which signs the data of the other side."""
    needed = {identity_of(key): tag(key) for each in signed for key in each.data_keys()}
    for holder in holders:
        held = {identity_of(key) for key in holder.keys or ()}
        lacking = sorted(tags for key, tags in needed.items() if key not in held)
        if lacking:
            yield holder.server, ", ".join(map(str, lacking)), side


def _crossings(
    facts: Facts, trusted: tuple[DS, ...], old: tuple[KeySet, ...], new: tuple[KeySet, ...]
) -> tuple[Former, ...]:
    """Return what caches may hold from before the exchange: the keys of each server, and the DS of each parent.

    Both are waited for: a resolver whose DS are those of the old side alone finds no key of the new one good.
    """
    waits = []
    for each in (*old, *new):
        wanted = frozenset(map(rdata.to_text, each.keys or ()))
        runs = facts.history.of(each.server.address, facts.domain, RdataType.DNSKEY)
        waits.append(_since(facts, runs, f"keys of both sides at {each.server}", each.ttl, wanted.issubset))
    known = heeded(trusted)
    fitted = [frozenset(rdata.to_text(ds) for ds in known if fitting((ds,), each, facts.domain)) for each in new]
    for view in _views(facts):
        runs = facts.history.of(view.server.address, facts.domain, RdataType.DS)
        rrset = view.signer()
        ttl = 0 if rrset is None else rrset.ttl or 0
        waits.append(
            _since(
                facts,
                runs,
                f"a DS of the new side at {view.server}",
                ttl,
                lambda shown: all(not each.isdisjoint(shown) for each in fitted),
            )
        )
    return tuple(waits)


def _since(
    facts: Facts, runs: tuple[Sight, ...], name: str, ttl: int, holds: Callable[[tuple[str, ...]], bool]
) -> Former:
    """Return since when all looks saw what holds, with the longer TTL of before; assumed without any look."""
    first, before = facts.now, 0
    for run in reversed(runs):
        if not holds(run.rdatas):
            before = run.ttl or 0
            break
        first = run.first
    return Former(name, max(ttl, before), first, is_assumed=not runs)


def last_trusted(facts: Facts) -> tuple[datetime | None, int]:
    """Return when the parent servers were first all seen without the DS that they had, and its TTL.

    None where no look ever saw a DS.
    """
    gone: list[datetime] = []
    ttls: list[int] = []
    for view in _views(facts):
        runs = facts.history.of(view.server.address, facts.domain, RdataType.DS)
        had = [place for place, run in enumerate(runs) if run.rdatas]
        if not had:
            continue
        last = had[-1]
        gone.append(runs[last + 1].first if last + 1 < len(runs) else view.ds.at)
        ttls += [run.ttl for run in runs if run.rdatas and run.ttl is not None]
    return max(gone, default=None), max(ttls, default=0)


def former_keys(facts: Facts) -> tuple[Former, ...]:
    """Return the TTLs that the old servers' keys had in earlier looks, each until a look saw something else."""
    found = []
    for each in key_sets(facts, facts.old):
        runs = facts.history.of(each.server.address, facts.domain, RdataType.DNSKEY)
        ends = [*(run.first for run in runs[1:]), each.observation.at]
        found += [
            Former(f"DNSKEY TTL at {each.server}", run.ttl, end)
            for run, end in zip(runs, ends, strict=False)
            if run.rdatas and run.ttl is not None
        ]
    return tuple(found)


def _ttl_of_keys(facts: Facts, old: tuple[KeySet, ...]) -> Measure:
    """Return the longest TTL of keys at the old servers now; 0 where every one has none, and had none before."""
    seconds = [each.ttl for each in old if each.is_signed]
    looked = [facts.history.of(each.server.address, facts.domain, RdataType.DNSKEY) for each in old]
    if not seconds and old and all(looked) and all(each.keys is not None for each in old):
        seconds = [0]
    return longest("DNSKEY TTL", seconds, "no look saw the keys that the old servers had")


def seen_without(facts: Facts) -> datetime | None:
    """Return the first look at which every server of the parent had no DS, None without any earlier look."""
    firsts = []
    for view in _views(facts):
        runs = facts.history.of(view.server.address, facts.domain, RdataType.DS)
        if not runs:
            return None
        firsts.append(runs[0].first)
    return max(firsts, default=None)


def _views(facts: Facts) -> tuple[ParentView, ...]:
    return () if facts.delegation is None else facts.delegation.views
