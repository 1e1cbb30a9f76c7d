"""The checks of mail that comes in: MX at every new name server, and the hosts that it names. No IO here."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.answers.seen import refusal_of
from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.mail.sides import (
    BEFORE,
    TWICE,
    domains,
    evidence_of,
    failure,
    is_alone,
    look,
    rdatas_of,
    reached,
    with_old_faults,
)
from migrator.checks.overlay import Absent, Failed, Found, Lookup, pending
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import served_zone
from migrator.codec.rdata import to_text
from migrator.cutover.look import explained
from migrator.mail.exchanges import (
    Exchanges,
    exchange_effects,
    exchanges_in,
    is_address,
    is_substitute,
    substituted,
)
from migrator.meaning.served import ADDRESS_TYPES
from migrator.model.finding import Severity
from migrator.model.names import ROOT, for_people, text_of
from migrator.model.observation import Answer, Observation, Question, Server
from migrator.model.phrases import ended

_ANSWERS = frozenset({Rcode.NOERROR, Rcode.NXDOMAIN})


def _of_every_server(facts: Facts, domain: Name) -> tuple[Question, ...]:
    servers = () if facts.new is None else facts.new.servers
    return tuple(facts.question(server, domain, RdataType.MX) for server in servers)


def _mx_to_ask(facts: Facts) -> Iterable[Ask]:
    if facts.new is None:
        return
    for server in facts.new.servers:
        yield facts.question(server, facts.domain, RdataType.SOA)
    for domain in domains(facts):
        yield from pending([look(facts, facts.old, domain, RdataType.MX)])
        yield from _of_every_server(facts, domain)


@check(
    "mail.mx-same",
    phases=TWICE,
    blocks=True,
    source="RFC 5321 section 5.1",
    remedy="Give the new zone the MX records of the old one.",
    asks=_mx_to_ask,
)
def mx_same(facts: Facts) -> Iterator[Point]:
    """Every new name server sends mail to the same servers as before.

    Asked: MX of each domain with MX or SPF on either side, at every address of every new name server; compared
    with the old zone. It passes where hosts and preferences are equal. It fails where a host that took the mail
    is gone, where one that did not is now tried first, and where a server that serves the zone refuses the
    question. A new backup or another order warns, and so does a name that Cloudflare makes up (`_dc-mx...`) where
    a mail server is behind its proxy. A server that is silent, or does not serve the zone at all
    (`ns.aa` says so), is unchecked. Not needed where no domain has mail.
    """
    if facts.new is None:
        yield NotNeeded("one side alone is looked at")
        return
    has_mail = False
    for domain in domains(facts):
        before = look(facts, facts.old, domain, RdataType.MX)
        seen = reached(facts.observed(question) for question in _of_every_server(facts, domain))
        whole = [each for each in seen if isinstance(each, Answer) and not each.truncated]
        answered = [each for each in whole if each.rcode in _ANSWERS]
        if isinstance(before, Absent) and answered == seen and not any(map(_exchanges, answered)):
            continue
        has_mail = True
        yield from _compared(facts, domain, before, seen)
    if not has_mail:
        yield NotNeeded("no domain of the zone has an MX record")


def _compared(facts: Facts, domain: Name, before: Lookup, seen: list[Observation]) -> Iterator[Point]:
    subject = f"{text_of(domain)} MX"
    failed = failure([before])
    if failed is not None:
        yield Unchecked(subject, f"What the old side has is not known: {failed.reason}.", failed.evidence)
        return
    if not seen:
        yield Unchecked(subject, "no address of a new name server is known")
    old = exchanges_in([before.rrset]) if isinstance(before, Found) else {}
    same = []
    for each in seen:
        where = str(each.question.server)
        if not isinstance(each, Answer) or each.truncated:
            yield Unchecked(subject, f"{where} does not answer: {explained(each)}.", (each,))
        elif lame := _refusal(facts, each.question.server):
            reason = f"{where} {lame} for the zone."
            yield Unchecked(subject, reason, (each,), "See what ns.aa says of this server.")
        elif each.rcode not in _ANSWERS:
            expected = f"it must answer MX of {for_people(domain)}"
            yield Problem(subject, f"{where} answers {explained(each)}; {expected}.", (each,))
        elif (new := _exchanges(each)) == old:
            same.append(each)
        elif substituted(old, new):
            yield _substituted(domain, where, old, new, (each, *evidence_of(before)))
        else:
            yield from _differing(domain, where, old, new, (each, *evidence_of(before)))
    if seen and len(same) == len(seen):
        hosts = _shown(old) or "no MX, as before"
        yield Passed(
            subject, ended(f"All {len(same)} new name servers answer {hosts}"), (*same, *evidence_of(before))
        )


def _refusal(facts: Facts, server: Server) -> str | None:
    """Return why a server does not serve the zone, None where it does or does not say."""
    soa = facts.observed(facts.question(server, facts.domain, RdataType.SOA))
    return refusal_of(soa) if isinstance(soa, Answer) else None


def _differing(
    domain: Name, where: str, old: Exchanges, new: Exchanges, evidence: tuple[Evidence, ...]
) -> Iterator[Problem]:
    observed = f"{where} answers {_shown(new) or 'no MX'}; {_shown(old) or 'no MX'} was expected."
    for effect in exchange_effects(domain, old, new):
        yield Problem(
            f"{text_of(domain)} MX",
            f"{observed} {effect.sentence}",
            evidence,
            _wanted(domain, old),
            effect.severity,
        )


def _substituted(
    domain: Name, where: str, old: Exchanges, new: Exchanges, evidence: tuple[Evidence, ...]
) -> Problem:
    hidden = ", ".join(for_people(host) for host in old if host not in new)
    return Problem(
        f"{text_of(domain)} MX",
        f"{where} answers {_shown(new)}; {_shown(old)} was expected. The provider made that name up, because "
        f"{hidden} is behind its proxy: a policy of MTA-STS, TLSA and a certificate do not fit it.",
        evidence,
        f"Switch the proxy off for {hidden} (DNS only).",
        Severity.WARNING,
    )


def _exchanges(answer: Answer) -> Exchanges:
    return exchanges_in([rrset for rrset in answer.answer if rrset.rdtype == RdataType.MX])


def _shown(hosts: Exchanges) -> str:
    in_order = sorted(hosts, key=lambda host: (hosts[host], host))
    return ", ".join(f"{hosts[host]} {text_of(host)}" for host in in_order)


def _wanted(domain: Name, old: Exchanges) -> str:
    if not old:
        return f"Remove the MX records of {for_people(domain)}, or make sure that they are meant."
    records = "; ".join(f"{text_of(domain)} MX {old[host]} {text_of(host)}" for host in old)
    return f"Make the MX set of the new zone: {records}"


def _targets_to_ask(facts: Facts) -> Iterable[Ask]:
    if is_alone(facts):
        return
    for side in facts.sides:
        for domain in domains(facts):
            exchange = look(facts, side, domain, RdataType.MX)
            yield from pending([exchange])
            for host in _hosts(exchange):
                yield from pending(look(facts, side, host, rdtype) for rdtype in ADDRESS_TYPES)


@check(
    "mail.mx-target",
    phases=BEFORE,
    blocks=True,
    in_lint=True,
    source="RFC 5321 section 5.1; RFC 2181 section 10.3; RFC 7505 section 3",
    remedy="Let MX name a host that has A or AAAA records of its own.",
    asks=_targets_to_ask,
)
def mx_target(facts: Facts) -> Iterator[Point]:
    """Every mail server of the new zone has an address, and is no CNAME.

    Asked: A and AAAA of each host in an MX record, names of the zone of the new name servers, all others of a
    resolver. It fails where there is no such name or no address, where the name is a CNAME (some senders refuse
    that), where an IP address stands in the place of a name, where a null MX (`0 .`) does not stand alone, and
    where the new servers answer an address of a host of the zone that neither the old side nor the new zone says:
    a proxy's, most likely. A name that Cloudflare makes up must have an old address. A
    fault that the old side has as well is told so. Without an answer it is unchecked, and without MX not needed; a
    null MX alone passes. `lint` looks at null MX alone: targets inside a zone are `zone.target-missing`.
    """
    points = list(with_old_faults(facts, lambda side: _targets(facts, side)))
    none = "the zone has no null MX" if is_alone(facts) else "no domain of the zone has an MX record"
    yield from points or [NotNeeded(none)]


def _targets(facts: Facts, side: ZoneSide) -> Iterator[Point]:
    for domain in domains(facts):
        exchange = look(facts, side, domain, RdataType.MX)
        failed = failure([exchange])
        if failed is not None and not is_alone(facts):
            yield Unchecked(f"{text_of(domain)} MX", f"MX is not known: {failed.reason}.", failed.evidence)
        if not isinstance(exchange, Found):
            continue
        hosts = list(exchanges_in([exchange.rrset]))
        if ROOT in hosts:
            yield _null(domain, exchange, hosts)
            continue
        if not is_alone(facts):
            for host in hosts:
                yield from _target(facts, side, domain, host, exchange)


def _null(domain: Name, exchange: Found, hosts: list[Name]) -> Point:
    subject, evidence = f"{text_of(domain)} MX", evidence_of(exchange)
    if len(hosts) == 1:
        return Passed(subject, "A null MX says that the domain takes no mail, and stands alone.", evidence)
    records = ", ".join(map(to_text, rdatas_of(exchange)))
    return Problem(
        subject,
        f"A null MX stands beside others ({records}); it was expected alone, since it says that the domain takes "
        "no mail.",
        evidence,
        f"Remove '{text_of(domain)} MX 0 .', or all the others.",
    )


def _target(facts: Facts, side: ZoneSide, domain: Name, host: Name, exchange: Found) -> Iterator[Point]:
    subject, where = f"{text_of(domain)} MX", for_people(host)
    if is_address(host):
        yield Problem(
            subject,
            f"MX names {where}, an IP address; the name of a host was expected, and senders find none.",
            evidence_of(exchange),
            f"Give the address a name (mail.{text_of(domain)} A {where}) and let MX point at that.",
        )
        return
    found = [look(facts, side, host, rdtype) for rdtype in ADDRESS_TYPES]
    evidence = evidence_of(exchange, *found)
    chain = next((each.chain for each in found if isinstance(each, Found | Absent) and each.chain), ())
    failed = failure(found)
    if chain:
        yield Problem(
            subject,
            f"MX names {where}, which is a CNAME to {for_people(chain[0])}; a host with addresses of its own was "
            "expected, and some mail servers refuse anything else.",
            evidence,
            f"Let MX point at {text_of(chain[-1])}, or give {text_of(host)} A and AAAA records.",
        )
    if any(isinstance(each, Found) for each in found):
        if not chain:
            others = _others(facts, side, domain, host, found)
            yield _moved(subject, host, found, others) if others else _at(subject, where, found, evidence)
    elif failed is not None:
        yield _unknown(subject, where, failed)
    else:
        no_name = any(isinstance(each, Absent) and each.no_such_name for each in found)
        lack = "which does not exist" if no_name else "which has no address"
        wanted = f"Add {text_of(host)} A with its address." if facts.within(host) else "Name a host that exists."
        yield Problem(subject, f"MX names {where}, {lack}; an address was expected.", evidence, wanted)


def _at(subject: str, where: str, found: list[Lookup], evidence: tuple[Evidence, ...]) -> Passed:
    return Passed(subject, f"{where} has {_addresses(found)}.", evidence)


def _others(facts: Facts, side: ZoneSide, domain: Name, host: Name, found: list[Lookup]) -> list[Lookup] | None:
    """Return the old addresses of a mail server, where it has another one that the new zone does not say."""
    if side is facts.old or not facts.within(host):
        return None
    olds = _hosts(look(facts, facts.old, domain, RdataType.MX))
    meant = olds if is_substitute(host) else [each for each in olds if each == host]
    before = [look(facts, facts.old, each, rdtype) for each in meant for rdtype in ADDRESS_TYPES]
    had = {rdata for each in before for rdata in rdatas_of(each)}
    zone = None if side.zone is None else served_zone(side.zone)
    planned = {
        rdata
        for rdtype in ADDRESS_TYPES
        for rrset in (() if zone is None or zone.is_proxied(host) else zone.sets(host, rdtype))
        for rdata in rrset.rdatas
    }
    has = {rdata for each in found for rdata in rdatas_of(each)}
    return before if had and has - had - planned else None


def _moved(subject: str, host: Name, found: list[Lookup], before: list[Lookup]) -> Problem:
    where = for_people(host)
    return Problem(
        subject,
        f"MX names {where}, which has {_addresses(found)}; {_addresses(before)} was expected, as before. A proxy "
        "that is switched on for it carries no mail.",
        evidence_of(*found, *before),
        f"Give {text_of(host)} the address of before, and switch a proxy off for it (DNS only).",
    )


def _addresses(found: Iterable[Lookup]) -> str:
    return ", ".join(rdata.to_text() for each in found for rdata in rdatas_of(each))


def _unknown(subject: str, where: str, failed: Failed) -> Point:
    if failed.is_loop:
        return Problem(subject, f"MX names {where}: {failed.reason}; an address was expected.", failed.evidence)
    return Unchecked(subject, f"The addresses of {where} are not known: {failed.reason}.", failed.evidence)


def _hosts(exchange: Lookup) -> list[Name]:
    if not isinstance(exchange, Found):
        return []
    return [host for host in exchanges_in([exchange.rrset]) if host != ROOT and not is_address(host)]
