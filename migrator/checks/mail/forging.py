"""The checks of DMARC: the same policy as before, one that receivers read, and who may get reports. No IO here."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.mail.sides import (
    BEFORE,
    domains,
    evidence_of,
    failure,
    is_alone,
    left_to,
    look,
    noted,
    old_sets,
    records_in_words,
    with_old_faults,
)
from migrator.checks.overlay import Failed, Found, Lookup, pending
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import served_zone
from migrator.errors import InputError
from migrator.mail import dmarc as rules
from migrator.mail.dmarctags import dmarc_remarks, report_hosts
from migrator.mail.policies import Dmarc, dmarc_policies, texts
from migrator.meaning.roles import readable
from migrator.meaning.suffixes import registered_domain
from migrator.model.finding import Severity
from migrator.model.names import absolute, below, canonical_key, folded, for_people, is_within, text_of
from migrator.model.phrases import shortened
from migrator.model.rrset import RRset

_TXT = RdataType.TXT
_TYPES = frozenset({_TXT, RdataType.CNAME})
_REPORT = b"_report"


def _owners(facts: Facts) -> tuple[Name, ...]:
    """Return the names with a DMARC record in either zone, or with a delegation that may lead to one.

    Of a zone that is not known, those of mail domains.
    """
    found: dict[tuple[bytes, ...], Name] = {}
    for side in facts.sides:
        if side.zone is None:
            owners = [below(domain, rules.LABEL) for domain in domains(facts)]
            found |= {folded(owner): owner for owner in owners if owner is not None}
            continue
        zone = served_zone(side.zone)
        for rrset in side.zone.rrsets:
            is_record = rrset.rdtype in {*_TYPES, RdataType.NS} and rrset.key.folded[0] == rules.LABEL
            if is_record and zone.cover(rrset.owner, rrset.rdtype) is None:
                found.setdefault(folded(rrset.owner), rrset.owner)
        # A wildcard answers at `_dmarc` as at any name that is not there.
        for owner in (below(domain, rules.LABEL) for domain in domains(facts)):
            if owner is not None and zone.wildcard(owner) is not None and dmarc_policies(zone.answer(owner, _TXT)):
                found.setdefault(folded(owner), owner)
    return tuple(sorted(found.values(), key=canonical_key))


def _ways(facts: Facts, domain: Name) -> Iterator[Name]:
    """Yield the names within the zone at which receivers look for the record of a domain."""
    for name in rules.walk(domain):
        owner = below(name, rules.LABEL)
        if facts.within(name) and owner is not None:
            yield owner


def _to_ask(facts: Facts) -> Iterable[Ask]:
    if is_alone(facts):
        return
    for owner in _owners(facts):
        for side in facts.sides:
            yield from pending(look(facts, side, each, RdataType.TXT) for each in _ways(facts, owner.parent()))


@check(
    "mail.dmarc",
    phases=BEFORE,
    blocks=True,
    in_lint=True,
    source="RFC 9989 sections 4.7 and 4.10",
    remedy="Copy every _dmarc record, one to a domain.",
    asks=_to_ask,
)
def dmarc(facts: Facts) -> Iterator[Point]:
    """Every domain with a DMARC record has the same policy as before, in one record that receivers can read.

    Asked: TXT of each `_dmarc` name in either zone, through CNAMEs, and of those above it within the zone, where
    receivers look next (RFC 9989 section 4.10); a wildcard TXT and a delegation count. It fails where the policy
    is gone or weaker, where there are several records, and where p= is missing or unknown. It warns where the
    policy is stricter, where p=, sp=, np= and other tags differ or cannot be read, and of `pct=` below 100, which
    no longer counts. Notices: p=none, no rua=, other tags that RFC 9989 took out. A fault that the old side has
    as well is told so. Without an answer it is unchecked; not needed where no domain has a record.
    """
    owners = _owners(facts)
    some = False
    for owner in owners:
        compared = [] if facts.new is None else list(_compared(facts, facts.new, owner))
        yield from compared
        some = some or bool(compared)
        if not any(isinstance(point, Problem) for point in compared):
            faults = list(with_old_faults(facts, partial(_faults, facts, owner)))
            yield from faults
            some = some or bool(faults)
    if not some:
        yield NotNeeded("no domain of the zone has a DMARC record")


def _compared(facts: Facts, new_side: ZoneSide, owner: Name) -> Iterator[Point]:
    domain = owner.parent()
    before = [(way, look(facts, facts.old, way, RdataType.TXT)) for way in _ways(facts, domain)]
    after = [(way, look(facts, new_side, way, RdataType.TXT)) for way in _ways(facts, domain)]
    own_before, own_after = before[0][1], after[0][1]
    subject, evidence = f"{text_of(owner)} TXT", evidence_of(own_after, own_before)
    failed = failure(found for _, found in (*before, *after))
    if failed is not None:
        yield Unchecked(subject, f"The DMARC record is not known: {failed.reason}.", (*evidence, *failed.evidence))
        return
    if not _policies(own_before) and not _policies(own_after):
        return
    old, new = _applying(facts, domain, before), _applying(facts, domain, after)
    effects = list(rules.policy_effects(domain, old, new))
    for effect in effects:
        yield Problem(subject, effect.sentence, evidence, _as_before(owner, own_before), effect.severity)
    if not effects:
        policy = "" if new is None else new.applied(domain)
        yield Passed(subject, f"The policy is the same as before{policy and f': p={policy}'}.", evidence)


def _applying(facts: Facts, domain: Name, looks: Iterable[tuple[Name, Lookup]]) -> rules.Found | None:
    found = [
        rules.Found(way, policies, left_to(facts, each)) for way, each in looks if (policies := _policies(each))
    ]
    return rules.applying(domain, found)


def _policies(found: Lookup) -> tuple[Dmarc, ...]:
    return dmarc_policies([found.rrset]) if isinstance(found, Found) else ()


def _faults(facts: Facts, owner: Name, side: ZoneSide) -> Iterator[Point]:
    """Yield what is wrong with the record that one side has, whatever the other has."""
    found = look(facts, side, owner, RdataType.TXT)
    policies, subject, evidence = _policies(found), f"{text_of(owner)} TXT", evidence_of(found)
    if not policies:
        for text in texts([found.rrset]) if isinstance(found, Found) else ():
            shown = shortened(readable(text), 40)
            message = f"'{shown}' is not taken for a DMARC record; 'v=DMARC1;' was expected first."
            yield Problem(subject, message, evidence, severity=Severity.WARNING)
    elif len(policies) > 1:
        message = f"There are {len(policies)} DMARC records; one was expected, and receivers then apply none."
        yield Problem(subject, message, evidence, "Keep one, with the tags of all.")
    else:
        remarks = list(dmarc_remarks(policies[0]))
        for remark in remarks:
            yield Problem(subject, f"DMARC: {remark.text}.", evidence, severity=remark.severity)
        if is_alone(facts) and not any(remark.severity is not Severity.NOTICE for remark in remarks):
            yield Passed(subject, f"The record can be read: p={policies[0].policy}.", evidence)


def _as_before(owner: Name, before: Lookup) -> str:
    if not isinstance(before, Found):
        return ""
    if before.chain:
        return f"Add {text_of(owner)} CNAME {text_of(before.chain[0])}"
    return f"Make it what it was: {records_in_words(owner, before.rrset)}"


def _external_to_ask(facts: Facts) -> Iterable[Ask]:
    for side in facts.sides:
        for owner in _owners(facts):
            found = look(facts, side, owner, RdataType.TXT)
            yield from pending([found])
            for _, asked in _permissions(owner.parent(), found):
                yield from pending([look(facts, side, asked, RdataType.TXT)])
    if facts.new is not None:
        for rrset in old_sets(facts, _is_permission):
            yield from pending([look(facts, facts.new, rrset.owner, RdataType.TXT)])


@check(
    "mail.dmarc-external",
    phases=BEFORE,
    source="RFC 9990 section 4",
    remedy='Have the receiver of the reports publish <domain>._report._dmarc.<its domain> TXT "v=DMARC1".',
    asks=_external_to_ask,
)
def dmarc_external(facts: Facts) -> Iterator[Point]:
    """Reports that go to another organisation are allowed by it, and those that come here stay allowed.

    Asked: `<domain>._report._dmarc.<host>` TXT of a resolver, for each host of rua= and ruf= under another
    registered domain; and each `_report._dmarc` name of the old zone, of the new name servers. It warns where the
    other side does not publish `v=DMARC1`: no report is sent. It fails where a permission of this zone is gone:
    others get no reports any more. Not needed where there is neither.
    """
    points = [
        *with_old_faults(facts, lambda side: _external(facts, side)),
        *([] if facts.new is None else _hosted(facts, facts.new)),
    ]
    yield from points or [NotNeeded("no DMARC report leaves the organisation, and none of others comes here")]


def _external(facts: Facts, side: ZoneSide) -> Iterator[Point]:
    for owner in _owners(facts):
        found = look(facts, side, owner, RdataType.TXT)
        for host, asked in _permissions(owner.parent(), found):
            allowed = look(facts, side, asked, RdataType.TXT)
            subject, evidence = f"{text_of(owner)} TXT", evidence_of(found, allowed)
            who = f"{for_people(host)} publishes that it takes reports of {for_people(owner.parent())}"
            if isinstance(allowed, Failed):
                yield Unchecked(subject, f"Whether {who} is not known: {allowed.reason}.", evidence)
            elif _policies(allowed):
                yield Passed(subject, f"Reports are allowed: {who}.", evidence)
            else:
                yield Problem(
                    subject,
                    f"No report is sent to {for_people(host)}: it does not publish {text_of(asked)} TXT, which "
                    "was expected.",
                    evidence,
                    f'Have {for_people(host)} publish {text_of(asked)} TXT "v=DMARC1".',
                    Severity.WARNING,
                )


def _permissions(domain: Name, found: Lookup) -> Iterator[tuple[Name, Name]]:
    """Yield the hosts of other organisations to which reports go, and the name at which each allows it."""
    for policy in _policies(found):
        for host in report_hosts(policy):
            if _is_external(domain, host):
                with suppress(InputError):  # too long to be a name: nobody can ask for it
                    yield host, absolute(f"{text_of(domain)}_report._dmarc", host)


def _is_external(domain: Name, host: Name) -> bool:
    if is_within(domain, host) or is_within(host, domain):
        return False
    own = registered_domain(domain)
    other = registered_domain(host)
    return own is None or other is None or folded(own) != folded(other)


def _is_permission(rrset: RRset) -> bool:
    labels = rrset.key.folded
    return rrset.rdtype in _TYPES and _REPORT in labels and rules.LABEL in labels


def _whose(rrset: RRset) -> str:
    about = Name(rrset.owner.labels[: rrset.key.folded.index(_REPORT)])
    return "any domain" if about.labels in {(), (b"*",)} else for_people(about)


def _hosted(facts: Facts, new_side: ZoneSide) -> Iterator[Point]:
    for rrset in old_sets(facts, _is_permission):
        subject = f"{text_of(rrset.owner)} TXT"
        found = look(facts, new_side, rrset.owner, RdataType.TXT)
        evidence: tuple[Evidence, ...] = (*evidence_of(found), noted(facts.old, rrset))
        failed = failure([found])
        whose = _whose(rrset)
        if failed is not None:
            yield Unchecked(subject, f"The permission for reports is not known: {failed.reason}.", evidence)
        elif _policies(found):
            yield Passed(subject, "Reports about other domains stay allowed.", evidence)
        else:
            message = f"Reports about {whose} are no longer allowed here; 'v=DMARC1' was expected, as before."
            yield Problem(subject, message, evidence, f'Add {text_of(rrset.owner)} TXT "v=DMARC1".')
