"""The checks of certificates: who may issue them (CAA), and the records by which they are renewed. No IO here."""

from collections.abc import Iterable, Iterator
from functools import partial

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask, Certificate, Handshake
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.issuers import identifiers
from migrator.checks.mail.kept import added, kept, kept_to_ask
from migrator.checks.mail.sides import (
    BEFORE,
    evidence_of,
    failure,
    look,
    noted,
    old_sets,
    rdatas_of,
    with_old_faults,
)
from migrator.checks.overlay import Found, Lookup, pending
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import served_zone
from migrator.codec.rdata import to_text
from migrator.diff.change import Context, change_of
from migrator.diff.issuing import caa_effects
from migrator.mail.exchanges import exchanges_in
from migrator.meaning.caa import CRITICAL, issuer_of, permitted, unknown_critical, value_of
from migrator.meaning.roles import Role, roles_of
from migrator.meaning.served import ADDRESS_TYPES, Sides
from migrator.model.finding import Severity
from migrator.model.names import ROOT, below, for_people, is_wildcard, text_of
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.zone import ZoneSnapshot, subject_of

_HTTPS, _SMTPS = 443, 465
_WEB_LABELS = (b"www", b"mta-sts")
_MOST_ADDRESSES = 2


def _is_caa(rrset: RRset) -> bool:
    return rrset.rdtype == RdataType.CAA


@check(
    "caa.same",
    phases=BEFORE,
    source="RFC 8659 sections 3 and 4",
    remedy="Copy the CAA records, or make sure that every authority in use is named.",
    asks=lambda facts: (*kept_to_ask(facts, _is_caa), *_led_to_ask(facts)),
)
def caa_same(facts: Facts) -> Iterator[Point]:
    """The same authorities may issue certificates as before.

    Asked: CAA of each owner in the old zone, of the new name servers, through CNAMEs, and of each host whose CNAME
    leads to such an owner, upwards until there is a set; owners that only the new zone has are read there. It
    fails where an authority that was named may issue no longer, be it for wildcards alone, or by the set that
    applies from above where a name's own is gone: renewals fail weeks later. It warns where anybody may issue now,
    where others may as well, where the conditions differ, and where there was none. Not needed where neither zone
    has CAA.
    """
    none = "neither zone has a CAA record"
    points = [*kept(facts, _is_caa, {Role.CAA}, none), *added(facts, _is_caa, {Role.CAA}), *_led(facts)]
    said = [point for point in points if not isinstance(point, NotNeeded)]
    yield from said or points


def _led_to_ask(facts: Facts) -> Iterator[Ask]:
    for had in _led_sets(facts):
        if facts.new is not None:
            yield from pending(_climb(facts, facts.new, had.owner))


def _led_sets(facts: Facts) -> Iterator[RRset]:
    """Yield the CAA sets that hosts of the old zone have by a CNAME within it, each at the host."""
    if facts.old.zone is None or next(old_sets(facts, _is_caa), None) is None:
        return
    zone = served_zone(facts.old.zone)
    for cname in old_sets(facts, lambda rrset: rrset.rdtype == RdataType.CNAME):
        found = zone.known(cname.owner, RdataType.CAA)
        if (
            found
            and not is_wildcard(cname.owner)
            and not any(label.startswith(b"_") for label in cname.owner.labels)
        ):
            rdatas = tuple(rdata for rrset in found for rdata in rrset.rdatas)
            yield make(RRsetKey(cname.owner, RdataType.CAA), found[0].ttl, rdatas)


def _led(facts: Facts) -> Iterator[Point]:
    """Yield what becomes of hosts whose CNAME led to a set, by the one that applies now."""
    for had in _led_sets(facts):
        if facts.new is None or facts.old.zone is None:
            return
        looks = _climb(facts, facts.new, had.owner)
        subject, evidence = subject_of(had.key), (noted(facts.old, had), *evidence_of(*looks))
        failed = failure(looks)
        if failed is not None:
            yield Unchecked(subject, f"The CAA set that applies is not known: {failed.reason}.", evidence)
            continue
        rdatas = rdatas_of(looks[-1])
        # All that is known of the new side is what applies.
        nothing = served_zone(ZoneSnapshot(facts.old.zone.origin, (), source=facts.new.locator))
        context = Context(Sides(served_zone(facts.old.zone), nothing))
        change = change_of(context, had.key, had, make(had.key, had.ttl, rdatas) if rdatas else None)
        if change.lost or change.gained:
            for effect in caa_effects(change):
                yield Problem(subject, effect.sentence, evidence, severity=effect.severity)


def _hosts(facts: Facts, side: ZoneSide) -> Iterator[tuple[Name, int]]:
    """Yield the hosts whose certificates are looked at, with the port: those of the web, and mail servers."""
    yield facts.domain, _HTTPS
    for label in _WEB_LABELS:
        host = below(facts.domain, label)
        if host is not None:
            yield host, _HTTPS
    exchange = look(facts, side, facts.domain, RdataType.MX)
    for host in exchanges_in([exchange.rrset]) if isinstance(exchange, Found) else ():
        if host != ROOT and facts.within(host):
            yield host, _SMTPS


def _climb(facts: Facts, side: ZoneSide, host: Name) -> tuple[Lookup, ...]:
    """Return the looks for the CAA set that applies to a host: the last one has it, or there is none."""
    looks: list[Lookup] = []
    name = host
    while name != ROOT:
        looks.append(look(facts, side, name, RdataType.CAA))
        if rdatas_of(looks[-1]):
            break
        name = name.parent()
    return tuple(looks)


def _handshakes(facts: Facts, host: Name, port: int) -> tuple[tuple[Lookup, ...], tuple[Handshake, ...]]:
    looks = tuple(look(facts, facts.judged, host, rdtype) for rdtype in ADDRESS_TYPES)
    addresses = [rdata.to_text() for each in looks for rdata in rdatas_of(each)][:_MOST_ADDRESSES]
    return looks, tuple(Handshake(host, address, port) for address in addresses)


def _permits_to_ask(facts: Facts) -> Iterable[Ask]:
    if facts.new is None:
        return
    for side in facts.sides:
        yield from pending([look(facts, side, facts.domain, RdataType.MX)])
        for host, port in _hosts(facts, side):
            looks = _climb(facts, side, host)
            yield from pending(looks)
            if side is facts.new and rdatas_of(looks[-1]):
                addresses, handshakes = _handshakes(facts, host, port)
                yield from pending(addresses)
                yield from handshakes


@check(
    "caa.permits",
    phases=BEFORE,
    source="RFC 8659 sections 3 to 5; RFC 8657",
    remedy='Add CAA 0 issue with the name of the authority, such as CAA 0 issue "letsencrypt.org".',
    asks=_permits_to_ask,
)
def caa_permits(facts: Facts) -> Iterator[Point]:
    """The authorities whose certificates are in use may issue the next ones.

    Asked: the CAA set that applies to the apex, `www`, `mta-sts` and the mail servers of the zone, upwards to
    the root as authorities climb, names of the zone of the new name servers; and, where there is one, the
    certificate for the host that the new addresses show (two at most, ports 443 and 465). It fails where the
    issuer is not permitted, and where a property that must be understood is unknown. A fault that the old side
    has as well is told so; conditions (`accounturi`, `validationmethods`) are a notice. A web server that shows
    no certificate, and an issuer that is not known here, leave it unchecked; a mail server without TLS on 465
    says nothing. Not needed where no CAA set applies.
    """
    if facts.new is None:
        yield NotNeeded("one side alone is looked at")
        return
    points = list(with_old_faults(facts, partial(_permitted, facts)))
    yield from points or [_without_certificates(facts, facts.new)]


def _without_certificates(facts: Facts, side: ZoneSide) -> NotNeeded:
    looks = [_climb(facts, side, host)[-1] for host, _ in _hosts(facts, side)]
    if any(map(rdatas_of, looks)):
        return NotNeeded("no certificate is shown for a host of the zone")
    return NotNeeded("no CAA record restricts who may issue certificates", evidence_of(*looks))


def _permitted(facts: Facts, side: ZoneSide) -> Iterator[Point]:
    for host, port in dict.fromkeys(_hosts(facts, side)):
        looks = _climb(facts, side, host)
        failed = failure(looks)
        if failed is not None:
            yield Unchecked(
                text_of(host), f"The CAA set that applies is not known: {failed.reason}.", failed.evidence
            )
        elif rdatas_of(looks[-1]):
            yield from _host(facts, host, port, looks[-1])


def _host(facts: Facts, host: Name, port: int, caa: Lookup) -> Iterator[Point]:
    addresses, handshakes = _handshakes(facts, host, port)
    replies = [reply for each in handshakes if (reply := facts.replies.get(each)) is not None]
    shown = [reply for reply in replies if isinstance(reply, Certificate)]
    evidence, subject = evidence_of(caa), f"{text_of(host)} CAA"
    failed = failure(addresses)
    if not shown and port == _HTTPS and (handshakes or failed is not None):
        where = ", ".join(handshake.address for handshake in handshakes) or for_people(host)
        why = f" ({failed.reason})" if failed is not None else ""
        yield Unchecked(
            subject, f"No certificate is shown at {where}{why}: who issued it is not known.", (*replies, *evidence)
        )
    for certificate in dict.fromkeys(shown):
        if _covering(host, certificate):
            yield from _certificate(subject, host, certificate, rdatas_of(caa), (certificate, *evidence))


def _certificate(
    subject: str, host: Name, certificate: Certificate, rdatas: tuple[Rdata, ...], evidence: tuple[Evidence, ...]
) -> Iterator[Point]:
    known = identifiers(certificate.issuer)
    if not known:
        reason = f"The CAA name of {certificate.issuer or 'an unnamed issuer'}, who issued it, is not known here."
        yield Unchecked(subject, reason, evidence)
        return
    critical = unknown_critical(rdatas)
    names = permitted(rdatas, wildcards="*" in _covering(host, certificate))
    if critical:
        message = f"CAA has '{critical}' marked as critical, which no authority knows: none may issue."
        yield Problem(subject, message, evidence, f"Remove CAA {CRITICAL} {critical}.")
    elif names is None or set(known) & set(names):
        yield Passed(subject, f"{certificate.issuer} may issue again.", evidence)
        yield from _conditions(subject, rdatas, known, evidence)
    else:
        yield Problem(
            subject,
            f"{certificate.issuer} issued the certificate of {for_people(host)}, which ends on "
            f"{certificate.not_after:%Y-%m-%d}, and may not issue the next one: CAA permits "
            f"{', '.join(names) or 'nobody'}.",
            evidence,
            f'Add {text_of(host)} CAA 0 issue "{known[0]}", or let another authority issue.',
        )


def _covering(host: Name, certificate: Certificate) -> str:
    """Return the name in a certificate that covers a host, the host's own before a wildcard; empty without any."""
    names = {name.lower().rstrip(".") for name in certificate.names}
    text = text_of(host).rstrip(".")
    return next((name for name in (text, f"*.{text.partition('.')[2]}") if name in names), "")


def _conditions(
    subject: str, rdatas: tuple[Rdata, ...], known: tuple[str, ...], evidence: tuple[Evidence, ...]
) -> Iterator[Problem]:
    for rdata in rdatas:
        if issuer_of(rdata) in known and ("accounturi" in to_text(rdata) or "validationmethods" in to_text(rdata)):
            message = (
                f"The authority issues on conditions alone ({value_of(rdata)}); whoever renews must meet them."
            )
            yield Problem(subject, message, evidence, severity=Severity.NOTICE)


def _is_validation(facts: Facts, rrset: RRset) -> bool:
    return Role.ACME in roles_of(rrset.key, rrset.rdatas, facts.domain)


@check(
    "cert.dcv",
    phases=BEFORE,
    source="RFC 8555 section 8.4; draft-ietf-dnsop-domain-verification-techniques",
    remedy="Copy the CNAMEs of renewals; have whoever writes _acme-challenge write it at the new provider.",
    asks=lambda facts: kept_to_ask(facts, partial(_is_validation, facts)),
)
def dcv(facts: Facts) -> Iterator[Point]:
    """The records by which certificates are renewed are those of before.

    Asked: each `_acme-challenge` of the old zone, and each CNAME that leads to the validation of an authority
    (such as `acm-validations.aws` or `dcv.digicert.com`), of the new name servers. It fails where a CNAME is gone
    or leads elsewhere: the certificate cannot be renewed and ends weeks later. A TXT record serves one order
    alone: it warns. Not needed where the old zone has none.
    """
    none = "the old zone has no record by which a certificate is renewed"
    yield from kept(facts, partial(_is_validation, facts), {Role.ACME}, none)
