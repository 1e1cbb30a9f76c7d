"""From what was asked to what a plan rests on. No IO here: `questions` says what has to be asked first.

The TTLs of the old servers are judged by the same rules as the check `ttl.elapsed`: a longer one that was seen
earlier is waited for from the first look that saw a lower one, and what nobody looked at before begins now. A TTL
that the old provider sets itself is not waited for before the switch, and counts after it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.SOA import SOA

from migrator.checks.delegation.sets import still_to_move
from migrator.checks.dnssec.keys import KeySet, fitting, key_questions, key_sets, signers
from migrator.checks.dnssec.switch import exchanged, former_keys, last_trusted, seen_without
from migrator.checks.facts import Facts, Strategy, ZoneSide, without_old_servers
from migrator.checks.looking import look_of
from migrator.checks.ttl.elapsed import longest_known, wait_for
from migrator.checks.ttl.timed import (
    Seen,
    answered_instead,
    apex_keys,
    asked_of_old,
    data_keys,
    fixed_at_old,
    is_known_to_differ,
    seen_at_old,
    subject_of,
)
from migrator.clock import Former, Measure, instant, longest, whole
from migrator.cutover.look import names_of, served, signer_set, targets
from migrator.cutover.memory import ADDRESS_TYPES, Memory, with_parents, with_servers
from migrator.cutover.places import is_moving, kept_names, left_places, own_places
from migrator.cutover.signing import ds_unsaid
from migrator.cutover.stage import counted_views
from migrator.cutover.timing import OLD_ADDRESS_TTL, Timing, timing_of
from migrator.model.delegation import ParentView
from migrator.model.names import folded, for_people
from migrator.model.observation import Question
from migrator.model.rrset import RRsetKey
from migrator.timeline import measured as names
from migrator.timeline.measured import High, Measured, Party
from migrator.ttls.fixed import fixed_by_provider

_UNKNOWN_SIDE = Party("", "")


def questions(facts: Facts) -> Iterator[Question]:
    """Yield what the name servers of both sides have to be asked."""
    yield from asked_of_old(facts)
    for server in facts.old.servers:
        for key in _instead(facts):
            yield facts.question(server, key.owner, key.rdtype)
        for key in _moving(facts):
            yield facts.question(server, key.owner, key.rdtype)
    yield from key_questions(facts)
    for side in facts.sides:
        for server in side.servers:
            for rdtype in (RdataType.NS, RdataType.SOA):
                yield facts.question(server, facts.domain, rdtype)


def measured_of(facts: Facts, memory: Memory) -> Measured:
    """Return the measurements; `memory` is what earlier looks saw of the parent."""
    seen = [each for key in (*apex_keys(facts), *data_keys(facts)) for each in seen_at_old(facts, key)]
    gone, ds_ttl = last_trusted(facts)
    views = _views(facts)
    signed = any(signer_set(view) for view in views)
    is_leaving = facts.strategy is Strategy.GO_INSECURE and not signed
    above, formers = _above(facts, seen), tuple(_formers(facts, seen))
    high = tuple(each for each in above if not each.fixed)
    fixed = tuple(each for each in above if each.fixed)
    timing = _timing(facts, memory)
    switched = None if timing is None else whole(timing.switched)
    return Measured(
        facts.domain,
        whole(facts.now),
        _party(facts.old),
        _UNKNOWN_SIDE if facts.new is None else _party(facts.new),
        facts.settings.lowered_ttl,
        facts.strategy,
        high,
        formers,
        tuple(_unseen(facts, seen)),
        longest(names.PARENT_NS, _ttls(view.delegation() for view in views), _NO_PARENT),
        _ds(views, ds_ttl),
        longest(names.OLD_NS, _at_apex(facts, facts.old), "no old server gave its apex NS set"),
        longest(names.NEW_NS, _at_apex(facts, facts.new), "no new server gives its apex NS set yet"),
        _keys(names.OLD_KEYS, key_sets(facts, facts.old)),
        _keys(names.NEW_KEYS, key_sets(facts, facts.new)),
        longest(names.OLD_NEGATIVE, _negative(facts, facts.old), "no old server gave its SOA"),
        longest(names.NEW_NEGATIVE, _negative(facts, facts.new), "no new server gives its SOA yet"),
        _changing(facts),
        _moved(facts),
        _whole_or_none(gone) if is_leaving else None,
        _exchanged(facts),
        switched,
        _ns_can_be_lowered(facts),
        ds_unsaid(views) if not signed else "",
        _whole_or_none(seen_without(facts)),
        (*_remarks(facts), *_untold(facts, high), *_statement(facts, above, formers, switched)),
        former_keys(facts),
        None if timing is None else timing.last_stale,
        _unsigned(facts),
        tuple((host.name, host.addresses) for host in still_to_move(facts)),
        fixed,
        _changing_fixed(facts),
        _old_hosts(facts),
        tuple(_doubts(facts, views)),
        switched is not None and _is_ds_left(facts),
        switched is not None and _is_old_ds_gone(facts),
    )


def _is_old_ds_gone(facts: Facts) -> bool:
    """Tell whether there are DS at the parent, and each fits a key of the new servers."""
    trusted, new = signers(facts) or (), key_sets(facts, facts.new)
    return bool(trusted) and all(any(fitting((each,), shown, facts.domain) for shown in new) for each in trusted)


def _is_ds_left(facts: Facts) -> bool:
    """Tell whether a new server shows keys, or none, of which none is what the DS at the parent fits."""
    trusted = signers(facts)
    known = [each for each in key_sets(facts, facts.new) if each.keys is not None]
    return bool(trusted) and any(not fitting(trusted or (), each, facts.domain) for each in known)


def _party(side: ZoneSide) -> Party:
    return Party(side.locator, side.scheme, side.names)


def _views(facts: Facts) -> tuple[ParentView, ...]:
    return () if facts.delegation is None else counted_views(facts.delegation.views)


def _ttls(rrsets: Iterable[object]) -> list[int]:
    return [ttl for rrset in rrsets if (ttl := getattr(rrset, "ttl", None)) is not None]


def _above(facts: Facts, seen: Iterable[Seen]) -> tuple[High, ...]:
    """Return the sets that are above the wanted TTL at any old server, the longest first."""
    found: dict[str, High] = {}
    for each in seen:
        if each.ttl is not None and each.ttl > facts.settings.lowered_ttl:
            name = subject_of(each.key)
            if name not in found or each.ttl > found[name].seconds:
                found[name] = High(name, each.ttl, fixed_at_old(facts, each.key, each.ttl))
    return tuple(sorted(found.values(), key=lambda high: (-high.seconds, high.name)))


def _ns_can_be_lowered(facts: Facts) -> bool:
    key = RRsetKey(facts.domain, RdataType.NS)
    return not fixed_by_provider(key, (), facts.old.capabilities, at_apex=True)


def _formers(facts: Facts, seen: Iterable[Seen]) -> Iterator[Former]:
    """Yield the waits that run: for longer TTLs that were seen earlier, and for low ones since the first look."""
    for each in seen:
        if each.ttl is None:
            continue
        former = wait_for(facts, each).former
        if former is not None and (not former.is_assumed or each.ttl <= facts.settings.lowered_ttl):
            yield replace(former, until=whole(former.until))
        elif former is None and each.ttl <= facts.settings.lowered_ttl:
            name = f"{subject_of(each.key)} at {each.server}"
            yield Former(name, longest_known(facts, each), whole(facts.now), is_assumed=True)


def _unseen(facts: Facts, seen: Iterable[Seen]) -> Iterator[str]:
    """Yield the old servers that do not show the TTLs of their apex, each once."""
    if not facts.old.servers:
        yield without_old_servers(facts)
    apex = apex_keys(facts)
    silent = {each.server: each for each in reversed(list(seen)) if each.ttl is None and each.key in apex}
    for server in facts.old.servers:
        if server in silent:
            each = silent[server]
            yield f"{server} does not show the TTL of {subject_of(each.key)}: {each.trouble}"


def _ds(views: tuple[ParentView, ...], former: int) -> Measure:
    seconds = _ttls(view.signer() for view in views) or ([former] if former else [])
    return longest(names.PARENT_DS, seconds, ds_unsaid(views) or "the parent has no DS")


def _at_apex(facts: Facts, side: ZoneSide | None) -> list[int]:
    servers = () if side is None else side.servers
    asked = (facts.question(server, facts.domain, RdataType.NS) for server in servers)
    return _ttls(served(facts.observed(question)) for question in asked)


def _keys(name: str, sets: tuple[KeySet, ...]) -> Measure:
    silent = [each for each in sets if each.keys is None]
    reason = "no server shows any: not signed" if sets else "no server could be asked"
    if silent:
        reason = f"{silent[0].server} does not show its keys"
    return longest(name, [each.ttl for each in sets if each.is_signed], reason)


def _negative(facts: Facts, side: ZoneSide | None) -> list[int]:
    """Return for how long each server lets negative answers be kept (RFC 2308 section 5)."""
    found = []
    for server in () if side is None else side.servers:
        rrset = served(facts.observed(facts.question(server, facts.domain, RdataType.SOA)))
        soa = None if rrset is None else next((each for each in rrset.rdatas if isinstance(each, SOA)), None)
        if rrset is not None and rrset.ttl is not None and soa is not None:
            found.append(min(rrset.ttl, soa.minimum))
    return found


def _changing(facts: Facts) -> Measure:
    keys = data_keys(facts)
    if is_known_to_differ(facts) and not keys:
        return Measure(names.CHANGING, 0)
    if not keys:
        return Measure(names.CHANGING, None, "neither zone can be listed, so what changes is not known")
    seconds = [ttl for ttl, _ in _of_changing(facts)]
    return longest(names.CHANGING, seconds, "no old server gave any of the sets that change")


def _changing_fixed(facts: Facts) -> int:
    """Return the longest TTL among what changes that nobody can lower before the switch."""
    return max((ttl for ttl, is_fixed in _of_changing(facts) if is_fixed), default=0)


def _of_changing(facts: Facts) -> Iterator[tuple[int, bool]]:
    """Yield each TTL that an old server shows of what changes, and whether nobody can lower it."""
    for key in data_keys(facts):
        for each in seen_at_old(facts, key):
            if each.ttl is not None:
                yield each.ttl, bool(fixed_at_old(facts, key, each.ttl))
    for key in _instead(facts):
        for each in seen_at_old(facts, key):
            if each.ttl is not None:
                yield each.ttl, True


def _instead(facts: Facts) -> Iterator[RRsetKey]:
    """Yield what the old servers may answer in the place of a set that changes."""
    known = set(data_keys(facts))
    yield from (each for key in data_keys(facts) for each in answered_instead(facts, key) if each not in known)


def _unsigned(facts: Facts) -> Measure | None:
    """Return for how long caches keep what the new servers answer without signatures, in a zone that had them."""
    if facts.strategy is not Strategy.GO_INSECURE:
        return None
    zones = [side.zone for side in reversed(facts.sides) if side.zone is not None]
    seconds = _ttls(zones[0].rrsets) if zones else []
    return longest(names.UNSIGNED, seconds, "neither zone can be listed")


def _moved(facts: Facts) -> Measure | None:
    """Return the TTL of glue of names that are in both sets: they may move to other addresses."""
    both = names_of(facts.old.names) & names_of(() if facts.new is None else facts.new.names)
    ttls = [
        rrset.ttl
        for view in _views(facts)
        for rrset in view.glue()
        if folded(rrset.owner) in both and rrset.ttl is not None
    ]
    return longest(names.GLUE, ttls, "") if ttls else None


def _moving(facts: Facts) -> tuple[RRsetKey, ...]:
    """Return the addresses of the name servers that keep their names, and are still to move."""
    return tuple(RRsetKey(host.name, rdtype) for host in still_to_move(facts) for rdtype in ADDRESS_TYPES)


def _old_hosts(facts: Facts) -> Measure | None:
    """Return the TTL that the old servers give the addresses of these; None where none is to move."""
    keys = _moving(facts)
    seconds = [each.ttl for key in keys for each in seen_at_old(facts, key) if each.ttl is not None]
    return longest(OLD_ADDRESS_TTL, seconds, "no old server gave these addresses") if keys else None


def _exchanged(facts: Facts) -> tuple[Former, ...]:
    waits = exchanged(facts) if facts.strategy is Strategy.MULTI_SIGNER else ()
    return tuple(replace(wait, until=whole(wait.until)) for wait in waits)


def _timing(facts: Facts, memory: Memory) -> Timing | None:
    """Return when the switch was seen and when it ends, as `confirm` computes it: by the TTLs of before, too.

    Where name servers keep their names, the parent lists the new set from the beginning, and the glue tells.
    """
    if facts.new is None or not facts.new.names or facts.delegation is None or still_to_move(facts):
        return None
    look = look_of(facts)
    memory = with_parents(memory, look.delegation.views, look.expected)
    if facts.new.zone is not None:
        new, old = (own_places(side.zone, look.expected) for side in (facts.new, facts.old))
        left = left_places(memory, kept_names(look.expected, look.old), new, old)
        look = replace(look, addresses=new, left=left) if left else look
    if is_moving(look):
        return None
    return timing_of(look, with_servers(memory, look.servers, look.expected))


def _whole_or_none(moment: datetime | None) -> datetime | None:
    return None if moment is None else whole(moment)


def _remarks(facts: Facts) -> Iterator[str]:
    """Yield what is not known of the two sides, and what that means for the plan."""
    for side in facts.sides:
        if side.unread and not side.has_failed:
            yield f"the {side.side} zone: {side.unread}"
        if not side.names:
            yield f"the {side.side} name servers are not known"
    if not is_known_to_differ(facts) and (facts.old.zone or (facts.new and facts.new.zone)):
        yield "which sets differ: only one zone can be listed, so addresses, MX, TXT and CNAME count as changing"


def _doubts(facts: Facts, views: tuple[ParentView, ...]) -> Iterator[str]:
    """Yield which side should have been read and was not, and whom the parent lists that belongs to neither."""
    failed = [side for side in facts.sides if side.has_failed]
    yield from (f"the {side.side} zone: {side.unread}" for side in failed)
    known = names_of(tuple(name for side in facts.sides for name in side.names))
    listed = {folded(name): name for view in views for name in targets(view.delegation())}
    strange = sorted(for_people(name) for key, name in listed.items() if key not in known)
    if strange and facts.old.names and not failed:
        belong = "belongs" if len(strange) == 1 else "belong"
        yield (
            f"the parent lists {', '.join(strange)}, which {belong} to neither side: --from names the side that "
            "serves the domain now"
        )


def _untold(facts: Facts, high: Iterable[High]) -> Iterator[str]:
    """Yield that a TTL which providers may set themselves is to be lowered at one of which nothing is known."""
    own = {subject_of(RRsetKey(facts.domain, rdtype)) for rdtype in (RdataType.NS, RdataType.SOA)}
    named = " and ".join(each.name for each in high if each.name in own)
    if named and facts.old.capabilities is None:
        yield (
            f"whether {named} can be lowered: the old provider is not known, and some set these TTLs themselves; "
            "--from with its own scheme tells"
        )


def _statement(
    facts: Facts, above: tuple[High, ...], formers: tuple[Former, ...], switched: datetime | None
) -> Iterator[str]:
    """Yield what became of the instant at which the person says that the TTLs were lowered."""
    stated = facts.settings.ttl_lowered_at
    if stated is None:
        return
    option = f"--ttl-lowered-at {instant(stated)}"
    seen = [former.until for former in formers if not former.is_assumed]
    if switched is not None:
        yield f"{option} is not used: the switch is made"
    elif high := [each for each in above if not each.fixed]:
        yield f"{option} is not used: {high[0].name} still has {high[0].seconds} s at an old server"
    elif any(former.until == whole(stated) for former in formers):
        yield f"{option} is stated, and was not seen"
    elif seen:
        yield f"{option} is not used: looks saw longer TTLs until {instant(max(seen))}"
    elif formers:
        since = min(former.until for former in formers)
        yield f"{option} is not used: a look saw the low TTLs already at {instant(since)}"
    elif above:
        yield f"{option} is not used: {above[0].name} stays at {above[0].seconds} s, since {above[0].fixed}"
    else:
        yield f"{option} is not used: no old server showed its TTLs"


_NO_PARENT = "no server of the parent gave the delegation"
