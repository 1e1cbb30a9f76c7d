"""The checks of mail's lesser records: TLS-RPT, BIMI, DANE, automatic set-up, return paths. No IO here."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, Strategy, ZoneSide
from migrator.checks.mail.kept import kept, kept_to_ask
from migrator.checks.mail.sides import (
    BEFORE,
    domains,
    evidence_of,
    failure,
    is_alone,
    look,
    old_sets,
    with_old_faults,
)
from migrator.checks.overlay import Absent, Found, pending
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import served_zone
from migrator.mail.dane import certificate_effect
from migrator.mail.exchanges import exchanges_in
from migrator.mail.policies import texts
from migrator.mail.reports import is_logo, is_tls_reports, logo_faults, tls_report_faults
from migrator.meaning import services
from migrator.meaning.roles import HOST_TYPES, MAIL_SRV, Role
from migrator.meaning.served import ADDRESS_TYPES
from migrator.meaning.targets import targets_of
from migrator.model.finding import Severity
from migrator.model.names import ROOT, below, canonical_key, folded, for_people, text_of
from migrator.model.rrset import RRset, canonical_wire
from migrator.model.values import dataclass
from migrator.model.zone import subject_of

_TEXTS = frozenset({RdataType.TXT, RdataType.CNAME})
_MAIL_PORTS = frozenset({b"_25", b"_110", b"_143", b"_465", b"_587", b"_993", b"_995"})
_PROGRAM_HOSTS = frozenset({b"autodiscover", b"autoconfig"})
# What services that send mail call the name to which bounces go.
_BOUNCES = frozenset(
    {b"bounce", b"bounces", b"return", b"returns", b"rp", b"pm-bounces", b"send", b"mail-bounces", b"em", b"mta"}
)


@dataclass(frozen=True, slots=True)
class _Text:
    """A kind of text record: what it is called, which owners have it, and how its readers judge it."""

    name: str
    is_owner: Callable[[tuple[bytes, ...]], bool]
    is_one: Callable[[str], bool]
    faults: Callable[[str], Iterable[str]]

    def has(self, rrset: RRset) -> bool:
        """Tell whether an RRset is of this kind."""
        return rrset.rdtype in _TEXTS and self.is_owner(rrset.key.folded)


_TLS_REPORTS = _Text(
    "TLS-RPT", lambda labels: labels[:2] == (b"_smtp", b"_tls"), is_tls_reports, tls_report_faults
)
_LOGOS = _Text("BIMI", lambda labels: b"_bimi" in labels[1:], is_logo, logo_faults)


def _text_to_ask(kind: _Text, facts: Facts) -> Iterable[Ask]:
    if is_alone(facts):
        return
    yield from kept_to_ask(facts, kind.has)
    for side in facts.sides:
        yield from pending(look(facts, side, owner, RdataType.TXT) for owner in _owners(facts, kind))


def _owners(facts: Facts, kind: _Text) -> tuple[Name, ...]:
    found: dict[tuple[bytes, ...], Name] = {}
    for side in facts.sides:
        if side.zone is not None:
            zone = served_zone(side.zone)
            for rrset in side.zone.rrsets:
                if kind.has(rrset) and zone.cover(rrset.owner, rrset.rdtype) is None:
                    found.setdefault(folded(rrset.owner), rrset.owner)
    return tuple(sorted(found.values(), key=canonical_key))


def _text_points(facts: Facts, kind: _Text, role: Role) -> Iterator[Point]:
    """Yield what became of the records of a kind, and for the rest what is wrong with them by themselves."""
    none = f"no domain of the zone has {kind.name}"
    points = [] if facts.new is None else list(kept(facts, kind.has, {role}, none, most=Severity.WARNING))
    told = {point.subject for point in points if isinstance(point, Problem)}
    faults = [
        point
        for point in with_old_faults(facts, partial(_text_faults, facts, kind))
        if not isinstance(point, Problem) or point.subject not in told
    ]
    if faults:
        points = [point for point in points if not isinstance(point, NotNeeded)]
    yield from points or ([] if faults else [NotNeeded(none)])
    yield from faults


def _text_faults(facts: Facts, kind: _Text, side: ZoneSide) -> Iterator[Point]:
    for owner in _owners(facts, kind):
        found = look(facts, side, owner, RdataType.TXT)
        if not isinstance(found, Found):
            continue
        subject, evidence = f"{text_of(owner)} TXT", evidence_of(found)
        stated = [text for text in texts([found.rrset]) if kind.is_one(text)]
        faults = [f"there are {len(stated)} records, and one is expected"] if len(stated) != 1 else []
        for fault in faults or kind.faults(stated[0]):
            yield Problem(subject, f"{kind.name} cannot be used: {fault}.", evidence, severity=Severity.WARNING)
        if is_alone(facts) and not faults and not list(kind.faults(stated[0])):
            yield Passed(subject, f"{kind.name} can be read.", evidence)


@check(
    "mail.tls-rpt",
    phases=BEFORE,
    severity=Severity.WARNING,
    in_lint=True,
    source="RFC 8460 section 3",
    remedy="Copy _smtp._tls TXT: one record that begins with 'v=TLSRPTv1;'.",
    asks=partial(_text_to_ask, _TLS_REPORTS),
)
def tls_rpt(facts: Facts) -> Iterator[Point]:
    """Reports of failed encryption (TLS-RPT) are asked for as before, in one record that senders can read.

    Asked: TXT of each `_smtp._tls` name of either zone, of the new name servers, through CNAMEs. It warns where
    the record is gone or another one, where there are several, and where rua= is missing or no mailto: or https:
    address. Not needed where nobody asks for reports.
    """
    yield from _text_points(facts, _TLS_REPORTS, Role.TLS_RPT)


@check(
    "mail.bimi",
    phases=BEFORE,
    severity=Severity.WARNING,
    in_lint=True,
    source="draft-brand-indicators-for-message-identification",
    remedy="Copy the TXT records below _bimi.",
    asks=partial(_text_to_ask, _LOGOS),
)
def bimi(facts: Facts) -> Iterator[Point]:
    """The logos beside mail (BIMI) are those of before.

    Asked: TXT of each name below `_bimi` in either zone, of the new name servers, through CNAMEs. It warns where a
    record is gone or another one, where there are several, and where l= or a= is no https: address. Not needed
    where there is no logo.
    """
    yield from _text_points(facts, _LOGOS, Role.BIMI)


def _is_dane(rrset: RRset) -> bool:
    return rrset.rdtype == RdataType.TLSA and rrset.key.folded[0] in _MAIL_PORTS


def _is_dane_alias(rrset: RRset) -> bool:
    return rrset.rdtype == RdataType.CNAME and rrset.key.folded[0] in _MAIL_PORTS


def _dane_to_ask(facts: Facts) -> Iterable[Ask]:
    if facts.new is None:
        return
    yield from kept_to_ask(facts, _is_dane)
    for rrset in old_sets(facts, _is_dane_alias):
        for side in facts.sides:
            yield from pending([look(facts, side, rrset.owner, RdataType.TLSA)])
    for _, _, asked in _elsewhere(facts):
        yield from pending([look(facts, facts.old, asked, RdataType.TLSA)])


def _elsewhere(facts: Facts) -> Iterator[tuple[Name, Name, Name]]:
    """Yield each domain and mail server outside the zone whose DANE ends with the signatures, and what to ask."""
    if facts.strategy is not Strategy.GO_INSECURE or facts.old.zone is None:
        return
    for domain in domains(facts):
        exchange = look(facts, facts.old, domain, RdataType.MX)
        for host in exchanges_in([exchange.rrset]) if isinstance(exchange, Found) else ():
            asked = below(host, b"_tcp") if host != ROOT and not facts.within(host) else None
            asked = below(asked, b"_25") if asked is not None else None
            if asked is not None:
                yield domain, host, asked


def _without_signatures(facts: Facts) -> Iterator[Point]:
    """Judge mail servers elsewhere, whose TLSA count where the MX is signed (RFC 7672 section 2.2)."""
    for domain, host, asked in _elsewhere(facts):
        found = look(facts, facts.old, asked, RdataType.TLSA)
        subject, evidence = f"{text_of(domain)} MX", evidence_of(found)
        failed = failure([found])
        if failed is not None:
            known = f"Whether {for_people(host)} has certificates for DANE is not known: {failed.reason}."
            yield Unchecked(subject, known, evidence)
        elif isinstance(found, Found):
            message = (
                f"{for_people(host)} has certificates for DANE, and the zone is not signed at the switch: nobody "
                "can trust its MX then, and senders that use DANE need not check them."
            )
            yield Problem(subject, message, evidence, "Sign the zone again soon.", Severity.WARNING)


def _behind_alias(facts: Facts, new: ZoneSide, rrset: RRset) -> Point:
    """Judge the certificates that are found at the end of a CNAME of the old zone, wherever it ends now."""
    subject = f"{text_of(rrset.owner)} TLSA"
    had, has = (look(facts, side, rrset.owner, RdataType.TLSA) for side in (facts.old, new))
    evidence = (*evidence_of(had), *evidence_of(has))
    failed = failure([had, has])
    if failed is not None:
        return Unchecked(subject, f"What it leads to is not known: {failed.reason}.", evidence)
    before, now = (
        set(map(canonical_wire, found.rrset.rdatas)) if isinstance(found, Found) else set() for found in (had, has)
    )
    if before == now:
        said = "The same as before." if before else "There is no certificate where it leads, as there was none."
        return Passed(subject, said, evidence)
    effect = certificate_effect(Role.DANE, for_people(Name(rrset.owner.labels[2:])), before, now)
    return Problem(subject, effect.sentence, evidence, "Make it lead to what it did.", effect.severity)


@check(
    "mail.dane",
    phases=BEFORE,
    source="RFC 7672 section 2.2",
    remedy="Copy the TLSA records of the mail servers, and keep the zone signed.",
    asks=_dane_to_ask,
)
def dane(facts: Facts) -> Iterator[Point]:
    """Certificates of mail servers that DANE names are named as before.

    Asked: TLSA of each `_25._tcp` name (and of the other ports of mail) in the old zone, of the new name servers,
    through CNAMEs. It fails where a record is gone or another one: senders that check it no longer do, or no
    longer deliver. It warns where the zone is unsigned during the move: DANE then has no effect, nor has that of
    mail servers elsewhere, of which a resolver is asked then. Not needed where the old zone has no such record.
    """
    points = list(kept(facts, _is_dane, {Role.DANE}, "the old zone has no TLSA record of a mail server"))
    behind = (
        [] if facts.new is None else [_behind_alias(facts, facts.new, a) for a in old_sets(facts, _is_dane_alias)]
    )
    behind += _without_signatures(facts)
    points = [*(point for point in points if not (behind and isinstance(point, NotNeeded))), *behind]
    yield from points
    passed = [point for point in points if isinstance(point, Passed)]
    if passed and facts.strategy in {Strategy.GO_INSECURE, Strategy.UNSIGNED}:
        severity = Severity.WARNING if facts.strategy is Strategy.GO_INSECURE else Severity.NOTICE
        message = "The zone is not signed at the switch: senders that use DANE then do not check certificates."
        evidence: tuple[Evidence, ...] = tuple(seen for point in passed for seen in point.evidence)
        fit = "make sure that the records fit the certificates in use: from then on senders refuse others."
        yield Problem(text_of(facts.domain), message, evidence, f"Before a DS is entered, {fit}", severity)


def _is_set_up(rrset: RRset) -> bool:
    first = rrset.key.folded[0]
    return (first in _PROGRAM_HOSTS and rrset.rdtype in HOST_TYPES) or (
        first in MAIL_SRV and rrset.rdtype == RdataType.SRV
    )


def _set_up_to_ask(facts: Facts) -> Iterable[Ask]:
    if facts.new is None:
        return
    yield from kept_to_ask(facts, _is_set_up)
    for rrset in old_sets(facts, _is_set_up):
        for host in _leads_to(rrset):
            for side in facts.sides:
                yield from pending(look(facts, side, host, rdtype) for rdtype in ADDRESS_TYPES)


def _leads_to(rrset: RRset) -> tuple[Name, ...]:
    return tuple(target for target in dict.fromkeys(targets_of(rrset.rdatas)) if target != ROOT)


@check(
    "mail.autodiscover",
    phases=BEFORE,
    source="RFC 6186; RFC 8314; RFC 2782",
    remedy="Copy autodiscover, autoconfig and the SRV records of mail, and keep the hosts that they name.",
    asks=_set_up_to_ask,
)
def autodiscover(facts: Facts) -> Iterator[Point]:
    """Mail programs that set themselves up find what they found before, and it has an address.

    Asked: the hosts `autodiscover` and `autoconfig` and the SRV records of mail in the old zone, of the new name
    servers; and A and AAAA of what they name, outside the zone of a resolver. It fails where one is gone, leads
    elsewhere, or names a host without an address; where that had none before either, it warns. Not needed where
    the old zone has none.
    """
    points = list(kept(facts, _is_set_up, {Role.AUTODISCOVER}, "the old zone has no record for mail programs"))
    yield from points
    if facts.new is not None:
        yield from with_old_faults(facts, partial(_unreachable, facts), Severity.WARNING)


def _unreachable(facts: Facts, side: ZoneSide) -> Iterator[Problem]:
    for rrset in old_sets(facts, _is_set_up):
        for host in _leads_to(rrset):
            found = [look(facts, side, host, rdtype) for rdtype in ADDRESS_TYPES]
            if all(isinstance(each, Absent) for each in found):
                message = f"It names {for_people(host)}, which has no address; mail programs find nothing there."
                yield Problem(subject_of(rrset.key), message, evidence_of(*found))


def _is_return_path(rrset: RRset) -> bool:
    if rrset.rdtype != RdataType.CNAME or b"_domainkey" in rrset.key.folded:
        return False
    first = rrset.key.folded[0]
    is_numbered = first.startswith(b"em") and first[2:].isdigit()
    return first in _BOUNCES or is_numbered or any(_sends(target) for target in targets_of(rrset.rdatas))


def _sends(target: Name) -> bool:
    """Tell whether a service that sends mail is behind a CNAME, other than by its web pages."""
    return services.of_spf_domain(target) is not None


@check(
    "mail.return-path",
    phases=BEFORE,
    source="RFC 5321 section 4.4; RFC 7208 section 2.4; RFC 9989 section 4.4",
    remedy="Copy the CNAME: the service that sends mail puts that name into the return path.",
    asks=lambda facts: kept_to_ask(facts, _is_return_path),
)
def return_path(facts: Facts) -> Iterator[Point]:
    """The names to which services send bounces are CNAMEs to the same hosts as before.

    Asked: each CNAME of the old zone whose first label is one of bounces (`bounce`, `pm-bounces`, `em1234` and the
    like) or that leads to a service that sends mail, of the new name servers. It fails where one is gone or leads
    elsewhere: SPF of that mail no longer passes, and DMARC has DKIM alone. Not needed where the old zone has none.
    """
    none = "the old zone has no CNAME for bounces"
    then = "SPF of the mail that is sent with it as return path may no longer pass."
    yield from kept(facts, _is_return_path, frozenset(Role), none, then=then)
