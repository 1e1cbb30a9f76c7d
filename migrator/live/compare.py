"""Asks live servers everything that the old side knows, and compares each of them with it.

First each server is asked for the SOA: one that refuses the zone fails at once, one that is silent is
unchecked at once. The others get all questions together; a second, short round asks what stands in place of what
is missing. An answer shows what was asked for and nothing else, and the result says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from dns.name import Name
from dns.rdata import from_text
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.answers.aliases import through_zone
from migrator.answers.alike import Comparisons
from migrator.answers.judge import Judgement, second_round
from migrator.answers.merge import merged
from migrator.answers.questions import Asked, Questions, questions_for
from migrator.answers.seen import Seen, refusal_of, silence_of
from migrator.answers.settle import AddressLookup
from migrator.diff.compare import Settled, compare, compare_sides
from migrator.diff.result import Kind, Side, ZoneDiff
from migrator.dnsclient.expectation import Expectation
from migrator.errors import DnsError, InputError
from migrator.interfaces import Environment, Progress
from migrator.live.foresee import foresee
from migrator.live.locators import LiveServer, joined, servers_of
from migrator.mail.verdict import MailState
from migrator.meaning.served import ServedZone
from migrator.model.finding import Finding, Severity
from migrator.model.locator import Locator
from migrator.model.names import folded, for_people
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence
from migrator.model.rrset import RRsetKey, canonical_wire
from migrator.model.zone import ZoneSnapshot
from migrator.network.randomlabel import random_label

NOTE = (
    "A live server cannot be listed: what it has beyond the names and types of the old side is not seen, but for "
    "wildcards and the usual types at the apex."
)
_NO_ROUTE = frozenset({Silence.UNREACHABLE, Silence.FORBIDDEN})


def compare_live(
    old: ZoneSnapshot,
    named: Sequence[Locator],
    environment: Environment,
    nonce: Callable[[], bytes] = random_label,
) -> ZoneDiff:
    """Return the comparison of a snapshot with what each of the named servers answers.

    Raises InputError where the locators are of another zone, DnsError where a host name has no address.
    """
    where = joined(named)
    if where.zone is None or folded(where.zone) != folded(old.origin):
        asked = for_people(where.zone) if where.zone is not None else "no zone"
        raise InputError(
            f"Two different zones: {for_people(old.origin)} ({old.source}) and {asked} ({where.text}). Name one "
            "zone twice; for a zone file, ?origin= says which it is."
        )
    servers, observations, notes = _probed(servers_of(named, environment), old.origin, environment)
    zone = ServedZone(old)
    questions = questions_for(zone, nonce)
    probes = dict(zip(servers, observations, strict=True))
    serving = {s: o for s, o in probes.items() if isinstance(o, Answer) and not refusal_of(o)}
    seen = _asked(zone, serving, questions, environment)
    lookup = _lookup(zone, environment)
    comparisons = Comparisons(zone, compare_sides)
    found = []
    for server, observation in zip(servers, observations, strict=True):
        if server in seen:
            found.append(Judgement(zone, questions, seen[server], server, lookup).result(comparisons))
        else:
            found.append(_not_served(old, server, observation))
    result = merged(old, found, where.text)
    return replace(result, notes=(NOTE, *notes))


def _probed(
    lives: Sequence[LiveServer], origin: Name, environment: Environment
) -> tuple[list[Server], list[Observation], list[str]]:
    """Return the servers to compare with their answers for the SOA, and a note for each that is left out.

    An IPv6 address of a host that has others is left out where this machine has no IPv6.
    """
    observations = environment.client.ask([Question(live.server, origin, RdataType.SOA) for live in lives])
    unreachable = [
        live.one_of_many and live.is_ipv6 and isinstance(o, NoAnswer) and o.reason in _NO_ROUTE
        for live, o in zip(lives, observations, strict=True)
    ]
    if all(unreachable):
        unreachable = [False] * len(lives)
    kept = [(live.server, o) for live, o, out in zip(lives, observations, unreachable, strict=True) if not out]
    notes = [
        f"{live.server} was not asked: this machine has no way to it over IPv6."
        for live, out in zip(lives, unreachable, strict=True)
        if out
    ]
    return [server for server, _ in kept], [observation for _, observation in kept], notes


@runtime_checkable
class ForetellingClient(Protocol):
    """A client that is told what to expect, and decodes only what differs."""

    def unexpected(
        self, servers: Sequence[Server], expected: Sequence[Expectation], progress: Progress
    ) -> tuple[dict[int, Observation], ...]:
        """Ask every server everything; return what each said otherwise, by the place in `expected`."""


def _asked(
    zone: ServedZone, probes: Mapping[Server, Observation], questions: Questions, environment: Environment
) -> dict[Server, Seen]:
    foreseen, expected = foresee(zone, questions)
    seen = {server: Seen(zone.origin, foreseen) for server in probes}
    for server, observations in zip(probes, _unexpected(list(probes), expected, environment), strict=True):
        seen[server].take([(zone.origin, RdataType.SOA)], [probes[server]])
        places = sorted(observations)
        asked = [(expected[place].qname, expected[place].rdtype) for place in places]
        seen[server].take(asked, [observations[place] for place in places])
    _ask(seen, {server: second_round(zone, questions, seen[server]) for server in probes}, environment)
    return seen


def _unexpected(
    servers: Sequence[Server], expected: Sequence[Expectation], environment: Environment
) -> tuple[dict[int, Observation], ...]:
    client = environment.client
    if isinstance(client, ForetellingClient):
        return client.unexpected(servers, expected, environment.progress)
    asked = [each.question(server) for server in servers for each in expected]
    found = client.ask(asked, environment.progress)
    count = len(expected)
    return tuple(dict(enumerate(found[start : start + count])) for start in range(0, len(found), count))


def _ask(seen: dict[Server, Seen], wanted: Mapping[Server, Sequence[Asked]], environment: Environment) -> None:
    asked = [Question(server, owner, rdtype) for server, each in wanted.items() for owner, rdtype in each]
    observations = iter(environment.client.ask(asked, environment.progress) if asked else ())
    for server, each in wanted.items():
        seen[server].take(each, [next(observations) for _ in each])


def _lookup(zone: ServedZone, environment: Environment) -> AddressLookup:
    """Return a function that gives the addresses of an alias's target: from the zone, else from the resolvers."""
    known: dict[tuple[bytes, ...], tuple[str, ...] | None] = {}

    def resolved(host: Name) -> tuple[str, ...] | None:
        labels = folded(host)
        if labels not in known:
            try:
                known[labels] = environment.resolve(host)
            except DnsError:
                known[labels] = None
        return known[labels]

    def outside(target: Name, rdtype: RdataType) -> frozenset[bytes] | None:
        addresses = resolved(target)
        return None if addresses is None else _of_type(addresses, rdtype)

    return through_zone(zone, outside)


def _of_type(addresses: Sequence[str], rdtype: RdataType) -> frozenset[bytes]:
    wanted = [text for text in addresses if (":" in text) == (rdtype == RdataType.AAAA)]
    return frozenset(canonical_wire(from_text(RdataClass.IN, rdtype, text)) for text in wanted)


def _not_served(old: ZoneSnapshot, server: Server, observation: Observation) -> ZoneDiff:
    """Return the comparison with a server that said nothing, or that it does not serve the zone."""
    silence = silence_of(observation)
    refusal = refusal_of(observation) if silence is None and isinstance(observation, Answer) else None
    settled: dict[RRsetKey, Settled] = {}
    for rrset in old.rrsets:
        reason = f"not asked, since the server {refusal} for the zone" if refusal else silence
        settled[rrset.key] = Settled(Kind.UNCHECKED, f"Not known: {reason}.", severity=Severity.WARNING)
    findings: list[Finding] = []
    if refusal is not None:
        zone = for_people(old.origin)
        sentence = f"The server {refusal} for {zone}: it does not serve the zone, and nothing of it would work."
        soa = old.apex(RdataType.SOA)
        if soa is None:
            findings.append(Finding("live.not-served", Severity.ERROR, str(server), sentence))
        else:
            settled[soa.key] = Settled(Kind.MISSING, sentence, severity=Severity.ERROR)
    found = compare(old, replace(old, source=str(server)), settled)
    where = (str(server),)
    mail = found.mail
    if refusal is not None:
        reasons = (f"The server does not serve the zone: it {refusal}.",)
        mail = tuple(replace(verdict, state=MailState.LOST, reasons=reasons, unchecked=()) for verdict in mail)
    return replace(
        found,
        new=Side(source=str(server), rrsets=None, records=None, servers=where),
        differences=tuple(replace(difference, servers=where) for difference in found.differences),
        mail=mail,
        findings=tuple(findings),
    )
