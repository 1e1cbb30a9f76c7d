"""Whose TTL delays a switch: the sets that caches hold and that will not be the same afterwards. Pure.

The NS set and the SOA of the apex always count. Of the other RRsets those count whose data differ between the
old and the new zone, or that a proxy answers on one side alone; where only one zone is known, everything by which
people and mail find the domain. New servers that do not list their zone show by their answers what differs. A
wildcard is asked for by its own name; routed sets of one name and type are one set, of all that they answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dns.rdatatype import RdataType

from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.zone.memo import Latest
from migrator.checks.zone.planned import rrset_of
from migrator.cutover.look import explained, served
from migrator.diff.equality import mean_the_same
from migrator.meaning.served import ADDRESS_TYPES
from migrator.model.finding import Phase
from migrator.model.names import folded, text_of
from migrator.model.observation import Answer, Observation, Question, Server
from migrator.model.rrset import RRset, RRsetKey, canonical_wire, is_looked_up, is_proxied, make
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.ttls.fixed import fixed_by_provider

FOUND_BY = frozenset({RdataType.A, RdataType.AAAA, RdataType.CNAME, RdataType.MX, RdataType.TXT})
_APEX_TYPES = (RdataType.NS, RdataType.SOA)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one old server says of one set now: its TTL, or why that is not known."""

    key: RRsetKey
    server: Server
    observation: Observation

    @property
    def rrset(self) -> RRset | None:
        """The set, None where the server gave none."""
        return served(self.observation)

    @property
    def ttl(self) -> int | None:
        """The TTL in seconds, None where the server gave no such set."""
        return None if self.rrset is None else self.rrset.ttl

    @property
    def is_absent(self) -> bool:
        """Whether the server says with authority that there is no such set: no TTL is to be waited for then."""
        return self.trouble in {"no data", "NXDOMAIN"}

    @property
    def trouble(self) -> str:
        """What came instead of the set."""
        return explained(self.observation)


def apex_keys(facts: Facts) -> tuple[RRsetKey, ...]:
    """Return the keys of the apex NS set and the SOA."""
    return tuple(RRsetKey(facts.domain, rdtype) for rdtype in _APEX_TYPES)


def data_keys(facts: Facts) -> tuple[RRsetKey, ...]:
    """Return the sets of the old zone, apex NS and SOA aside, whose data are not the same in the new one.

    Without both zones, all sets of the one that is there by which somebody finds the domain. Of live servers, the
    sets count that they were asked for and did not answer alike.
    """
    # Several checks want them, each when it asks and when it judges.
    return _KEYS.of((facts.old, facts.new, facts.replies), lambda: _data_keys(facts))


def _data_keys(facts: Facts) -> tuple[RRsetKey, ...]:
    old, new = facts.old.zone, None if facts.new is None else facts.new.zone
    if _compares_answers(facts):
        assert old is not None
        routed = {(rrset.key.folded, rrset.rdtype) for rrset in old.rrsets if rrset.key.variant}
        return tuple(
            rrset.key
            for rrset in _plain(old)
            if _differs_live(facts, rrset, is_routed=(rrset.key.folded, rrset.rdtype) in routed)
        )
    if old is None or new is None:
        known = old or new
        return () if known is None else tuple(rrset.key for rrset in _plain(known) if rrset.rdtype in FOUND_BY)
    others = _by_key(new)
    return tuple(rrset.key for rrset in _plain(old) if _differs(rrset, others))


def unchanged(facts: Facts) -> Iterator[RRset]:
    """Yield the sets of the old zone that are known to stay the same, SOA and apex NS aside."""
    old, new = facts.old.zone, None if facts.new is None else facts.new.zone
    if old is None:
        return
    if new is None:
        changing = set(data_keys(facts))
        yield from (rrset for rrset in _plain(old) if rrset.key not in changing)
        return
    others, apex = _by_key(new), folded(facts.domain)
    for rrset in _by_key(old).values():
        at_apex = rrset.key.folded == apex and rrset.rdtype in _APEX_TYPES
        if not at_apex and not _differs(rrset, others):
            yield rrset


def is_known_to_differ(facts: Facts) -> bool:
    """Tell whether both zones are there, or live servers for the new one: what differs is known then."""
    if facts.old.zone is None or facts.new is None:
        return False
    return facts.new.zone is not None or _compares_answers(facts)


def asked_of_old(facts: Facts) -> Iterator[Question]:
    """Yield the questions whose answers show the TTLs, for every old server.

    Live servers of the new side are asked first for what the old zone has: their answers say what differs.
    """
    if _compares_answers(facts):
        assert facts.old.zone is not None
        for rrset in _plain(facts.old.zone):
            yield from _asked_of_new(facts, rrset)
    for server in facts.old.servers:
        for key in (*apex_keys(facts), *data_keys(facts)):
            yield facts.question(server, key.owner, key.rdtype)


def seen_at_old(facts: Facts, key: RRsetKey) -> tuple[Seen, ...]:
    """Return what each old server says of a set now."""
    questions = (facts.question(server, key.owner, key.rdtype) for server in facts.old.servers)
    return tuple(Seen(key, question.server, facts.observed(question)) for question in questions)


def exported_ttl(side: ZoneSide, key: RRsetKey) -> int | None:
    """Return the TTL that the side's zone has for a set, None where it is not known."""
    rrset = None if side.zone is None else rrset_of(side.zone, key)
    return None if rrset is None else rrset.ttl


def fixed_at_old(facts: Facts, key: RRsetKey, ttl: int) -> str:
    """Return why nobody can lower the TTL with which the old servers give a set, as a clause; empty where one can.

    To wait for it before the switch shows nothing: until then every cache may get it with the same TTL again.
    """
    can = facts.old.capabilities
    if can is None:
        return ""
    at_apex = key.folded == folded(facts.domain)
    rrset = None if facts.old.zone is None else rrset_of(facts.old.zone, key)
    fixed = fixed_by_provider(key, () if rrset is None else rrset.extras, can, at_apex=at_apex)
    return fixed or (f"{can.provider} takes no TTL below {ttl} s" if ttl <= can.ttl_min.bound else "")


def answered_instead(facts: Facts, key: RRsetKey) -> tuple[RRsetKey, ...]:
    """Return the sets that the old servers may answer in the place of a CNAME: its provider looks it up itself.

    They have the TTL of what the CNAME leads to, or of a proxy: nobody lowers it, and it differs between looks.
    """
    rrset = None if facts.old.zone is None else rrset_of(facts.old.zone, key)
    at_apex = key.folded == folded(facts.domain)
    if key.rdtype != RdataType.CNAME or rrset is None or not (at_apex or is_looked_up(rrset)):
        return ()
    return tuple(RRsetKey(key.owner, rdtype) for rdtype in ADDRESS_TYPES)


def subject_of(key: RRsetKey) -> str:
    """Return owner and type as findings name them."""
    return f"{text_of(key.owner)} {RdataType.to_text(key.rdtype)}"


def _plain(zone: ZoneSnapshot) -> Iterator[RRset]:
    """Yield the sets that a server answers with authority: no apex NS or SOA, alias or delegation."""
    apex = folded(zone.origin)
    cuts = {rrset.key.folded for rrset in zone.rrsets if rrset.rdtype == RdataType.NS} - {apex}
    for rrset in _by_key(zone).values():
        at_apex = rrset.key.folded == apex and rrset.rdtype in _APEX_TYPES
        labels = rrset.key.folded
        below_cut = any(labels[at:] in cuts for at in range(len(labels) - len(apex)))
        if rrset.rdatas and not (at_apex or below_cut):
            yield rrset


def _by_key(zone: ZoneSnapshot) -> dict[RRsetKey, RRset]:
    """Return what can be asked for by name and type: routed sets as one, with all that they answer."""
    found: dict[RRsetKey, RRset] = {}
    for rrset in zone.rrsets:
        key = RRsetKey(rrset.owner, rrset.rdtype) if rrset.key.variant else rrset.key
        other = found.get(key)
        if other is None:
            found[key] = rrset if key is rrset.key else replace(rrset, key=key)
        else:
            ttls = [ttl for ttl in (other.ttl, rrset.ttl) if ttl is not None]
            rdatas, extras = (*other.rdatas, *rrset.rdatas), (*other.extras, *rrset.extras)
            found[key] = make(key, max(ttls, default=None), rdatas, extras)
    return found


def _compares_answers(facts: Facts) -> bool:
    """Tell whether the answers of the new servers show what differs: before `ready` they have nothing to serve."""
    return (
        facts.phase is Phase.READY
        and facts.old.zone is not None
        and facts.new is not None
        and facts.new.is_live
        and bool(facts.new.servers)
    )


def _asked_of_new(facts: Facts, rrset: RRset) -> Iterator[Question]:
    assert facts.new is not None
    if rrset.rdtype not in _NEVER_TIMED:
        for server in facts.new.servers:
            yield facts.question(server, rrset.owner, rrset.rdtype)


def _differs_live(facts: Facts, rrset: RRset, *, is_routed: bool) -> bool:
    """Tell whether a new server answers other data, or none answers at all; what was not asked is not known."""
    asked = [question for question in _asked_of_new(facts, rrset) if question in facts.replies]
    answered = [seen for seen in map(facts.observed, asked) if isinstance(seen, Answer)]
    alike = [
        (given := seen.answered()) is not None and _answers(given, rrset, is_routed=is_routed) for seen in answered
    ]
    return bool(asked) and (is_proxied(rrset) or not (alike and all(alike)))


def same_rdata(one: RRset, other: RRset) -> bool:
    """Tell whether two sets have the same data, in whatever form."""
    return mean_the_same(one.rdatas, other.rdatas)


def _answers(given: RRset, rrset: RRset, *, is_routed: bool) -> bool:
    """Tell whether an answer is the set; of routed sets, whether it is among what they answer."""
    if is_routed:
        return set(map(canonical_wire, given.rdatas)) <= set(map(canonical_wire, rrset.rdatas))
    return same_rdata(given, rrset)


def _differs(rrset: RRset, others: Mapping[RRsetKey, RRset]) -> bool:
    """Tell whether the data differ, or only one of the sets stands behind a proxy, which answers in its place."""
    other = others.get(rrset.key)
    if rrset.rdtype in _NEVER_TIMED:
        return False
    return other is None or not same_rdata(other, rrset) or is_proxied(rrset) != is_proxied(other)


# Signatures follow the keys, which the checks of DNSSEC wait for.
_NEVER_TIMED = frozenset(
    {RdataType.RRSIG, RdataType.NSEC, RdataType.NSEC3, RdataType.NSEC3PARAM, RdataType.DNSKEY}
)
_KEYS = Latest[tuple[RRsetKey, ...]]()
