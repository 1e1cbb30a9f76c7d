"""The check of MTA-STS: announced, to be fetched from the new side, and fitting the mail servers. No IO here."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask, Fetch, Fetched, FetchFailure, NotFetched
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.mail.sides import TWICE, domains, evidence_of, failure, is_alone, look, rdatas_of
from migrator.checks.overlay import Absent, Found, Lookup, pending
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import served_zone
from migrator.mail.exchanges import exchanges_in
from migrator.mail.settings import record_effect, unreachable_effect
from migrator.mail.sts import HOST_LABEL, LABEL, PATH, StsPolicy, read_policy, sts_ids
from migrator.meaning.roles import Effect
from migrator.meaning.served import ADDRESS_TYPES
from migrator.model.finding import Severity
from migrator.model.names import ROOT, below, canonical_key, folded, for_people, text_of
from migrator.model.values import dataclass

_OK = 200
_MOST_ADDRESSES = 4
_SAME_BEFORE = " It is the address of before."


@dataclass(frozen=True, slots=True)
class _Looks:
    """What is known of one domain: its record on both sides, its policy host on both, and its mail servers."""

    domain: Name
    before: Lookup
    after: Lookup
    hosts: tuple[Lookup, ...] = ()
    old_hosts: tuple[Lookup, ...] = ()
    exchange: Lookup | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the policy host."""
        found = [rdata.to_text() for each in self.hosts for rdata in rdatas_of(each)]
        return tuple(found[:_MOST_ADDRESSES])

    @property
    def old_addresses(self) -> frozenset[str]:
        """Those that the policy host has on the old side."""
        return frozenset(rdata.to_text() for each in self.old_hosts for rdata in rdatas_of(each))


def _announcing(facts: Facts) -> tuple[Name, ...]:
    """Return the domains with a record of MTA-STS in either zone; where a zone is not known, the mail domains."""
    found: dict[tuple[bytes, ...], Name] = {}
    for side in facts.sides:
        if side.zone is None:
            found |= {folded(domain): domain for domain in domains(facts)}
            continue
        zone = served_zone(side.zone)
        for rrset in side.zone.rrsets:
            if rrset.key.folded[0] == LABEL and zone.cover(rrset.owner, rrset.rdtype) is None:
                parent = rrset.owner.parent()
                found.setdefault(folded(parent), parent)
    return tuple(sorted(found.values(), key=canonical_key))


def _looks(facts: Facts, side: ZoneSide, domain: Name) -> _Looks | None:
    owner, host = below(domain, LABEL), below(domain, HOST_LABEL)
    if owner is None or host is None:
        return None
    before = look(facts, facts.old, owner, RdataType.TXT)
    after = look(facts, side, owner, RdataType.TXT)
    if not _ids(after):
        return _Looks(domain, before, after)
    hosts = tuple(look(facts, side, host, rdtype) for rdtype in ADDRESS_TYPES)
    if is_alone(facts):
        return _Looks(domain, before, after, hosts)
    return _Looks(
        domain,
        before,
        after,
        hosts,
        tuple(look(facts, facts.old, host, rdtype) for rdtype in ADDRESS_TYPES),
        look(facts, side, domain, RdataType.MX),
    )


def _ids(found: Lookup) -> tuple[str, ...]:
    return sts_ids([found.rrset]) if isinstance(found, Found) else ()


def _to_ask(facts: Facts) -> Iterable[Ask]:
    if is_alone(facts):
        return
    for domain in _announcing(facts):
        looks = _looks(facts, facts.judged, domain)
        if looks is None:
            continue
        yield from pending([looks.before, looks.after, *looks.hosts, *looks.old_hosts])
        if looks.exchange is not None:
            yield from pending([looks.exchange])
        yield from _fetches(looks)


def _fetches(looks: _Looks) -> tuple[Fetch, ...]:
    host = below(looks.domain, HOST_LABEL)
    assert host is not None
    return tuple(Fetch(host, PATH, address) for address in looks.addresses)


@check(
    "mail.mta-sts",
    phases=TWICE,
    in_lint=True,
    source="RFC 8461 sections 3.1 to 3.3 and 4.1",
    remedy="Copy _mta-sts TXT and the host mta-sts, and have a certificate for it ready at its new address.",
    asks=_to_ask,
)
def mta_sts(facts: Facts) -> Iterator[Point]:
    """Senders find the encryption policy (MTA-STS) on the new side, and it fits the mail servers.

    Asked, where either zone has `_mta-sts`: its TXT on both sides, A and AAAA of `mta-sts`, MX, and the policy
    over HTTPS from each address (four at most) that the new side gives, under its name. It fails where the record
    stays and the policy cannot be had (no address, connection refused, certificate not valid, no policy), where
    there are several records, and where mail servers are not in a policy of mode `enforce`: senders that know it
    send nothing. It warns where the record is gone or its id differs, and in mode `testing`. A web server that had
    the same address before and fails warns. A silent one is unchecked. Not needed where nothing is announced.
    `lint` reads the record, and warns where the zone has no address and no CNAME for `mta-sts`.
    """
    some = False
    for domain in _announcing(facts):
        looks = _looks(facts, facts.judged, domain)
        points = [] if looks is None else list(_judged(facts, looks))
        yield from points
        some = some or bool(points)
    if not some:
        yield NotNeeded("no domain announces an encryption policy (_mta-sts)")


def _judged(facts: Facts, looks: _Looks) -> Iterator[Point]:
    subject, evidence = f"{text_of(looks.domain)} MTA-STS", evidence_of(looks.after, looks.before)
    failed = failure([looks.after, looks.before])
    if failed is not None:
        if not is_alone(facts):
            yield Unchecked(subject, f"The record _mta-sts is not known: {failed.reason}.", evidence)
        return
    had, has = _ids(looks.before), _ids(looks.after)
    if not has:
        if had:
            yield _of_effect(subject, record_effect(for_people(looks.domain), gone=True), evidence)
        return
    if len(has) > 1 or not has[0]:
        as_before = facts.judged is not facts.old and had == has
        yield _unusable(subject, has, evidence, Severity.WARNING if as_before else None)
        return
    if is_alone(facts):
        host = below(looks.domain, HOST_LABEL)
        if host is not None and all(isinstance(each, Absent) for each in looks.hosts):
            yield _without_host(subject, text_of(host), evidence_of(looks.after, *looks.hosts))
        else:
            yield Passed(subject, f"The record can be read: id={has[0]}.", evidence)
        return
    if had and had != has:
        yield _of_effect(subject, record_effect(for_people(looks.domain), gone=False), evidence)
    yield from _host(facts, looks, subject)


def _unusable(
    subject: str, has: tuple[str, ...], evidence: tuple[Evidence, ...], severity: Severity | None
) -> Problem:
    what = f"There are {len(has)} records _mta-sts" if len(has) > 1 else "The record _mta-sts has no id"
    message = f"{what}; one with an id of letters and digits was expected, and senders take this for no policy."
    return Problem(subject, message, evidence, "Keep one record: 'v=STSv1; id=20260101T000000'.", severity)


def _without_host(subject: str, host: str, evidence: tuple[Evidence, ...]) -> Problem:
    message = f"A policy is announced, and {host} has no address: senders fetch it there, and find none."
    advice = f"Give {host} the address of the web server that has the policy, or delete the record _mta-sts."
    return Problem(subject, message, evidence, advice, Severity.WARNING)


def _host(facts: Facts, looks: _Looks, subject: str) -> Iterator[Point]:
    evidence = evidence_of(looks.after, *looks.hosts)
    failed = failure(looks.hosts)
    if not looks.addresses:
        if failed is not None:
            yield Unchecked(subject, f"The address of its web server is not known: {failed.reason}.", evidence)
        else:
            was_there = bool(looks.old_addresses)
            effect = unreachable_effect(looks.domain, announced=True, is_gone=was_there)
            yield _of_effect(subject, effect, evidence)
        return
    replies = [facts.replies.get(fetch) for fetch in _fetches(looks)]
    fetched = [reply for reply in replies if isinstance(reply, Fetched)]
    for reply in replies:
        match reply:
            case Fetched():
                yield from _policy(looks, subject, reply, evidence)
            case NotFetched() if not (fetched and _is_other_family(reply, fetched)):
                yield _not_had(looks, subject, reply, evidence)
            case NotFetched():
                pass
            case _:
                yield Unchecked(subject, "The policy was not fetched.", evidence)


def _is_other_family(reply: NotFetched, fetched: list[Fetched]) -> bool:
    """Tell whether a silent IPv6 address stands beside one of IPv4 that answers: perhaps there is no route."""
    is_ipv6 = ip_address(reply.fetch.address).version > min(
        ip_address(each.fetch.address).version for each in fetched
    )
    return is_ipv6 and reply.failure is FetchFailure.SILENT


def _not_had(looks: _Looks, subject: str, reply: NotFetched, evidence: tuple[Evidence, ...]) -> Point:
    where = f"{for_people(reply.fetch.host)} at {reply.fetch.address}"
    if reply.failure is FetchFailure.SILENT:
        return Unchecked(subject, f"The policy could not be fetched: {where}: {reply.reason}.", (reply, *evidence))
    message = f"Senders cannot fetch the policy: {where}: {reply.reason}; a policy was expected there."
    remedy = (
        f"Have a valid certificate for {for_people(reply.fetch.host)} and the policy at {reply.fetch.address}."
    )
    return _weighed(looks, Problem(subject, message, (reply, *evidence), remedy), reply.fetch.address)


def _policy(looks: _Looks, subject: str, reply: Fetched, evidence: tuple[Evidence, ...]) -> Iterator[Point]:
    where = f"{for_people(reply.fetch.host)} at {reply.fetch.address}"
    seen = (reply, *evidence)
    if reply.status != _OK:
        message = f"Senders cannot fetch the policy: {where} answers HTTP {reply.status}; {_OK} was expected."
        yield _weighed(looks, Problem(subject, message, seen, f"Serve {PATH} there."), reply.fetch.address)
        return
    policy = read_policy(reply.body)
    if isinstance(policy, str):
        message = f"What {where} serves is no policy: {policy}."
        yield _weighed(looks, Problem(subject, message, seen), reply.fetch.address)
        return
    if not reply.content_type.lower().startswith("text/plain"):
        message = f"The policy comes as {reply.content_type or 'no type'}; text/plain was expected (RFC 8461)."
        yield Problem(subject, message, seen, severity=Severity.NOTICE)
    yield from _fitting(looks, subject, policy, reply)


def _fitting(looks: _Looks, subject: str, policy: StsPolicy, reply: Fetched) -> Iterator[Point]:
    assert looks.exchange is not None
    evidence = (reply, *evidence_of(looks.exchange))
    failed = failure([looks.exchange])
    if failed is not None:
        yield Unchecked(subject, f"The mail servers are not known: {failed.reason}.", evidence)
        return
    hosts = exchanges_in([looks.exchange.rrset]) if isinstance(looks.exchange, Found) else {}
    outside = [host for host in hosts if host != ROOT and not policy.covers(host)]
    if not outside or policy.mode == "none":
        names_all = "" if policy.mode == "none" else ", and it names every mail server"
        message = f"{reply.fetch.address} serves the policy: mode {policy.mode}{names_all}."
        yield Passed(subject, message, evidence)
        return
    names = ", ".join(for_people(host) for host in outside)
    enforced = policy.mode == "enforce"
    then = "senders that know it send them nothing" if enforced else "senders report them"
    yield Problem(
        subject,
        f"The policy (mode {policy.mode}) does not name {names}; {then}, for up to {policy.max_age:,} seconds.",
        evidence,
        f"Add 'mx: {for_people(outside[0])}' to the policy and give the record _mta-sts another id.",
        None if enforced else Severity.WARNING,
    )


def _weighed(looks: _Looks, problem: Problem, address: str) -> Problem:
    """Return a problem of a web server as a warning where the move does not touch it."""
    if address not in looks.old_addresses:
        return problem
    return Problem(
        problem.subject, problem.message + _SAME_BEFORE, problem.evidence, problem.remedy, Severity.WARNING
    )


def _of_effect(subject: str, effect: Effect, evidence: tuple[Evidence, ...]) -> Problem:
    return Problem(subject, effect.sentence, evidence, severity=effect.severity)
