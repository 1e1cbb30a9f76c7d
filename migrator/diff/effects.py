"""What a difference does, role by role, in sentences for people who do not know DNS. No IO here.

Each module of effects answers for some types and roles; a difference of which none of them has anything to say
gets a plain sentence, so that nothing is without an impact.
"""

from collections.abc import Callable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.hosts import host_effects
from migrator.diff.issuing import alias_caa_effects, caa_effects
from migrator.diff.programs import (
    fingerprint_effects,
    key_effects,
    service_effects,
    tlsa_effects,
    web_service_effects,
)
from migrator.diff.proofs import acme_effects, text_effects, verification_effects
from migrator.diff.proxied import proxied_effects
from migrator.diff.result import Kind
from migrator.diff.routed import rerouted_by
from migrator.diff.routing import routing_effects
from migrator.diff.trees import dname_effects, hidden_effect, pointer_effects, shadow_effects, wildcard_effects
from migrator.diff.wording import MOST_SHOWN
from migrator.diff.zonecuts import delegation_effects, dnskey_effects, ds_effects, glue_effects
from migrator.mail.dependencies import dependency_effects
from migrator.mail.dmarc import LABEL as DMARC_LABEL
from migrator.mail.dmarc import dmarc_effects, spelling_effect
from migrator.mail.exchanges import mx_effects, same_exchanges_effect
from migrator.mail.senders import spf_effects, unread_effect
from migrator.mail.settings import setting_effects
from migrator.mail.signatures import LABEL as DKIM_LABEL
from migrator.mail.signatures import dkim_effects, same_key_effect
from migrator.meaning.roles import HOST_TYPES, KEY_TYPES, ORDER, Effect, Role, in_order, is_spf, roles_of
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people, is_wildcard
from migrator.model.phrases import counted

Judge = Callable[[Change], Iterator[Effect]]
_SETTINGS = frozenset({Role.MTA_STS, Role.TLS_RPT, Role.BIMI, Role.AUTODISCOVER})


def effects_of(change: Change) -> tuple[Effect, ...]:
    """Return all effects of a difference, the gravest first; there is at least one."""
    roles = roles_of(change.key, (*change.lost, *change.gained), change.sides.old.origin)
    role = roles[0]
    alone = hidden_effect(change, role) or _alike_by_wildcard(change, role) or _alike_by_cname(change, role)
    if alone is not None:
        found = [alone]
    elif _is_only_rerouted(change, role):
        found = [*_leading_here(change), *_everywhere(change)]
    else:
        found = [*_by_role(change, roles), *_by_type(change, roles), *_everywhere(change)]
    if not found:
        found = [_plain(change, roles[0])]
    distinct = dict.fromkeys(found)
    return tuple(sorted(distinct, key=lambda e: (e.severity.rank, ORDER.index(e.role))))


def roles_with(change: Change, effects: tuple[Effect, ...]) -> tuple[Role, ...]:
    """Return the roles of a difference: those of its rdatas, and those that its effects touch."""
    own = roles_of(change.key, (*change.lost, *change.gained), change.sides.old.origin)
    return in_order((*own, *(effect.role for effect in effects)))


def _by_role(change: Change, roles: tuple[Role, ...]) -> Iterator[Effect]:
    if Role.DKIM in roles and DKIM_LABEL in folded(change.owner):
        found = tuple(dkim_effects(change.sides, change.owner)) or (same_key_effect(change.sides, change.owner),)
        yield from (effect for effect in found if effect is not None)
    if Role.DMARC in roles:
        yield from _dmarc(change)
    if Role.ACME in roles:
        yield from acme_effects(change)
    if Role.VERIFICATION in roles:
        yield from verification_effects(change)
    if _SETTINGS.intersection(roles):
        yield from setting_effects(change.sides, change.key, change.old, change.new)


def _by_type(change: Change, roles: tuple[Role, ...]) -> Iterator[Effect]:
    match change.rdtype:
        case RdataType.MX:
            found = tuple(mx_effects(change.sides, change.owner))
            twice = same_exchanges_effect(change.sides, change.owner) if change.kind is Kind.CHANGED else None
            yield from found or filter(None, [twice])
        case RdataType.TXT | RdataType.SPF:
            if any(is_spf(rdata) for rdata in (*change.lost, *change.gained)):
                is_read = change.rdtype == RdataType.TXT
                found = tuple(spf_effects(change.sides, change.owner)) if is_read else ()
                yield from found or (unread_effect(change.sides, change.owner, change.rdtype),)
                yield from _including(change)
            yield from _leading_here(change)
            yield from text_effects(change, roles)
        case RdataType.A | RdataType.AAAA | RdataType.CNAME:
            yield from host_effects(change, roles)
            yield from alias_caa_effects(change)
        case _:
            judge = _JUDGES.get(change.rdtype)
            if judge is not None:
                yield from judge(change)


def _including(change: Change) -> Iterator[Effect]:
    """Yield what becomes of the SPF of domains that take this one over."""
    domains = [r.key.owner for r in change.context.references(change.owner) if r.of_text]
    for domain in domains[:MOST_SHOWN]:
        yield from dependency_effects(change.sides, domain)
    if len(domains) > MOST_SHOWN:
        more = counted(len(domains) - MOST_SHOWN, "more domain")
        yield Effect(Role.SPF, Severity.ERROR, f"The SPF of {more} includes {change.shown} as well.")


def _leading_here(change: Change) -> Iterator[Effect]:
    """Yield what becomes of mail whose key or policy is found here, by a CNAME from where receivers ask."""
    aliases = [r.key.owner for r in change.context.references(change.owner) if r.key.rdtype == RdataType.CNAME]
    for alias in dict.fromkeys(aliases):
        labels = folded(alias)
        if DKIM_LABEL in labels:
            yield from dkim_effects(change.sides, alias)
        elif labels[0] == DMARC_LABEL:
            yield from dmarc_effects(change.sides, alias.parent())


def _everywhere(change: Change) -> Iterator[Effect]:
    if is_wildcard(change.owner) and b"_report" not in folded(change.owner) and rerouted_by(change) is None:
        yield from wildcard_effects(change)
    yield from shadow_effects(change)
    yield from glue_effects(change)
    yield from routing_effects(change)
    yield from proxied_effects(change)


def _dmarc(change: Change) -> Iterator[Effect]:
    labels = folded(change.owner)
    if labels[0] == DMARC_LABEL:
        domain = change.owner.parent()
        found = tuple(dmarc_effects(change.sides, domain)) or (spelling_effect(change.sides, domain),)
        yield from (effect for effect in found if effect is not None)
        return
    if b"_report" not in labels:
        return
    at = labels.index(b"_report")
    whose = "other domains" if labels[0] == b"*" else for_people(Name([*change.owner.labels[:at], b""]))
    where = for_people(Name(change.owner.labels[at + 2 :]))
    if change.kind is Kind.MISSING:
        sentence = f"{where} no longer agrees to receive the DMARC reports of {whose}: they are not sent."
        yield Effect(Role.DMARC, Severity.ERROR, sentence)


def _plain(change: Change, role: Role) -> Effect:
    """Return the effect of a record that nobody here knows more about."""
    what = f"{change.shown} {RdataType.to_text(change.rdtype)}"
    match change.kind:
        case Kind.MISSING:
            wildcard = change.sides.new.wildcard(change.owner)
            sentence = f"{what} is gone. What uses it finds nothing."
            if wildcard is not None and change.sides.new.answer(change.owner, change.rdtype):
                hides = f"{for_people(wildcard)} hides that: it answers something else instead"
                sentence = f"{what} is gone, and {hides}."
        case Kind.EXTRA:
            sentence = f"{what} is new; the old zone does not have it."
        case _:
            sentence = f"{what} says something else. What uses it may not work."
    lost = change.kind is Kind.MISSING or bool(change.lost)
    severity = Severity.ERROR if lost else Severity.WARNING
    return Effect(role, severity, sentence)


def _alike_by_wildcard(change: Change, role: Role) -> Effect | None:
    """Return the effect where a wildcard of the new side answers the very records that are gone."""
    wildcard = change.sides.new.wildcard(change.owner) if change.kind is Kind.MISSING else None
    if wildcard is None or change.rdtype in HOST_TYPES or change.key.variant:
        return None  # hosts have dependants, and a module that speaks of wildcards as well
    answers = change.sides.new.answer(change.owner, change.rdtype)
    if not answers or {rdata for rrset in answers for rdata in rrset.rdatas} != set(change.lost):
        return None
    what = f"{change.shown} {RdataType.to_text(change.rdtype)}"
    sentence = f"{what} is gone, and {for_people(wildcard)} hides that: it answers the same instead."
    return Effect(role, Severity.WARNING, sentence)


def _alike_by_cname(change: Change, role: Role) -> Effect | None:
    """Return the effect where a CNAME of the new side leads to the very records that are gone.

    Hosts, and what mail has in texts, have modules that speak of CNAMEs as well.
    """
    if change.kind is not Kind.MISSING or change.rdtype in HOST_TYPES or role in _FOLLOWED or change.key.variant:
        return None
    cnames = change.sides.new.sets(change.owner, RdataType.CNAME)
    found = change.sides.new.known(change.owner, change.rdtype) if cnames else None
    if not found or {rdata for rrset in found for rdata in rrset.rdatas} != set(change.lost):
        return None
    sentence = f"{change.shown} is a CNAME now, by which its {RdataType.to_text(change.rdtype)} records are found."
    return Effect(role, Severity.WARNING, sentence)


def _is_only_rerouted(change: Change, role: Role) -> bool:
    """Tell whether a set comes or goes because routing begins or ends, and all that it says was and is answered.

    Hosts, and what mail has, have modules that look at all that a side answers.
    """
    if change.rdtype in HOST_TYPES or role in _FOLLOWED - {Role.CAA}:
        return False
    sides = rerouted_by(change)
    if sides is None:
        return False
    lost = sides.lost(change.old) if change.old is not None else {}
    return not lost and not (change.new is not None and sides.strange(change.new))


_FOLLOWED = frozenset({Role.MX, Role.SPF, Role.DKIM, Role.DMARC, Role.CAA})

_JUDGES: dict[RdataType, Judge] = {
    RdataType.NS: delegation_effects,
    RdataType.DS: ds_effects,
    **dict.fromkeys(KEY_TYPES - {RdataType.DS}, dnskey_effects),
    RdataType.CAA: caa_effects,
    RdataType.SRV: service_effects,
    RdataType.NAPTR: service_effects,
    RdataType.URI: service_effects,
    RdataType.TLSA: tlsa_effects,
    RdataType.SSHFP: fingerprint_effects,
    RdataType.OPENPGPKEY: key_effects,
    RdataType.SMIMEA: key_effects,
    RdataType.HTTPS: web_service_effects,
    RdataType.SVCB: web_service_effects,
    RdataType.DNAME: dname_effects,
    RdataType.PTR: pointer_effects,
}
