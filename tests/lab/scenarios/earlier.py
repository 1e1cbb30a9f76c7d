"""Earlier looks, as the memory would have kept them: what the servers have now, seen days ago with other TTLs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.cutover.memory import set_text
from migrator.model.delegation import Delegation, ParentView, WalkEnd
from migrator.model.names import absolute
from migrator.model.observation import Answer, Question, Server, Transport
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.zone import assemble
from migrator.state.sightings import entry, parent_entries
from migrator.state.store import Entry, Role
from migrator.zonefile import read_zone
from tests.lab.scenarios.scenario import NEW_SERVERS, OLD_SERVERS, Look, Scenario
from tests.lab.scenarios.texts import Texts, ds_of, filled, name_servers


@dataclass(frozen=True, slots=True)
class Place:
    """Where the servers and the parents of a scenario are, and which sets the sides have."""

    servers: Mapping[str, Server]
    parents: Sequence[Server]


def remembered(scenario: Scenario, texts: Texts, place: Place, now: datetime) -> Iterator[Entry]:
    """Yield what the looks of the scenario saw, the oldest first."""
    domain = absolute(scenario.domain)
    expected = tuple(map(absolute, name_servers(scenario, "new")))
    for look in scenario.looks:
        at = now - look.ago
        glue = _glue(look, place, scenario.parent.ttl)
        views = [_view(scenario, look, parent, domain, at, glue) for parent in place.parents]
        yield from parent_entries(
            Delegation(domain, domain.parent(), WalkEnd.DELEGATED, tuple(views)), set_text(expected)
        )
        for name in look.at:
            text = texts.served[name]
            for rrset in () if text is None else _rrsets(text, domain):
                if name in NEW_SERVERS and rrset.owner != domain:
                    continue
                seen = _as_it_was(scenario, look, name, rrset)
                answer = _answer(place.servers[name], seen.key, at, (seen,))
                yield entry(domain, Role.SERVER, answer, set_text(expected))


def delegated(scenario: Scenario, names: Iterable[str]) -> tuple[str, ...]:
    """Return the NS set in which `old` and `new` stand for the set of a side."""
    return tuple(
        found for name in names for found in (name_servers(scenario, name) if name in {"old", "new"} else (name,))
    )


def _as_it_was(scenario: Scenario, look: Look, server: str, rrset: RRset) -> RRset:
    """Return the set with the TTL of the time; the old servers listed themselves while the parent did."""
    ttl = rrset.ttl if look.ttl is None else look.ttl
    if (
        server in OLD_SERVERS
        and look.ns == ("old",)
        and rrset.key == RRsetKey(absolute(scenario.domain), RdataType.NS)
    ):
        return _set(rrset.owner, "NS", name_servers(scenario, "old"), ttl or 0)
    return replace(rrset, ttl=ttl)


def _glue(look: Look, place: Place, ttl: int) -> tuple[RRset, ...]:
    """Return the glue of the time, where the look says which: of IPv4 alone."""
    at = {name: server.address for name, server in place.servers.items()}
    return tuple(
        _set(absolute(name), "A", [filled(address, at) for address in addresses], ttl)
        for name, addresses in look.glue.items()
    )


def _view(
    scenario: Scenario, look: Look, parent: Server, domain: Name, at: datetime, glue: tuple[RRset, ...]
) -> ParentView:
    ttl = scenario.parent.ttl
    ds = scenario.parent.ds if look.ds is None else look.ds
    listed = _set(domain, "NS", delegated(scenario, look.ns), ttl)
    trusted = [_set(domain, "DS", [ds_of(scenario, key) for key in ds], ttl)] if ds else []
    referral = _answer(parent, listed.key, at, (), authority=(listed,), additional=glue, authoritative=False)
    return ParentView(parent, referral, _answer(parent, RRsetKey(domain, RdataType.DS), at, tuple(trusted)))


def _set(owner: Name, rdtype: str, rdatas: Iterable[str], ttl: int) -> RRset:
    text = "".join(f"{owner} {ttl} {rdtype} {rdata}\n" for rdata in rdatas)
    records = read_zone(text.encode(), file="look", origin=owner.parent()).records
    return make(RRsetKey(owner, records[0].rdata.rdtype), ttl, tuple(each.rdata for each in records))


def _rrsets(text: str, domain: Name) -> Iterable[RRset]:
    """Return the sets whose TTLs count: signatures have none of their own."""
    zone = assemble(domain, read_zone(text.encode(), file="look", origin=domain).records).snapshot
    return [rrset for rrset in zone.rrsets if rrset.rdtype not in {RdataType.RRSIG, RdataType.NSEC}]


def _answer(
    server: Server,
    key: RRsetKey,
    at: datetime,
    answer: tuple[RRset, ...],
    *,
    authority: tuple[RRset, ...] = (),
    additional: tuple[RRset, ...] = (),
    authoritative: bool = True,
) -> Answer:
    question = Question(server, key.owner, key.rdtype)
    return Answer(
        question,
        at,
        Rcode.NOERROR,
        authoritative,
        truncated=False,
        recursion_available=False,
        authenticated=False,
        transport=Transport.UDP,
        elapsed=0.001,
        answer=answer,
        authority=authority,
        additional=additional,
    )
