"""The mail verdict: for each domain that has mail, whether it works as before. No IO here.

A mail domain is an owner of MX or SPF on either side. Its mail is lost when one of its MX, SPF, DKIM and DMARC is
gone or broken, changed when one differs and may work, or when the policy host of its MTA-STS leads nowhere any
more. Selectors belong to the nearest mail domain at or above the name they sign for; a domain without its own
DMARC record lives by the one above it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.dmarc import dmarc_effects
from migrator.mail.exchanges import host_effects, mail_services, mx_effects
from migrator.mail.senders import dependency_effects, sending_services, spf_effects
from migrator.mail.settings import policy_host, policy_host_effects
from migrator.mail.signatures import dkim_effects, selector_of, signing_services
from migrator.model.names import below, canonical_key, folded, for_people
from migrator.model.rrset import RRset
from migrator.roles import TEXT_TYPES, Effect, is_spf
from migrator.served import ADDRESS_TYPES, Sides

Labels = tuple[bytes, ...]


class MailState(StrEnum):
    """Whether a domain's mail works as before."""

    SAME = "same"
    CHANGED = "changed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class MailVerdict:
    """One mail domain. `unchecked` says what could not be looked at: then it is never `same`."""

    domain: Name
    state: MailState
    services: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()

    def all_reasons(self) -> tuple[str, ...]:
        """Return why the mail is not the same, and what could not be checked."""
        if not self.unchecked:
            return self.reasons
        return (*self.reasons, f"Could not be checked: {', '.join(self.unchecked)}.")


def mail_domains(rrsets: Iterable[RRset]) -> Iterator[Name]:
    """Yield the owners of MX and SPF records."""
    for rrset in rrsets:
        rdtype = rrset.key.rdtype
        is_text = rdtype in TEXT_TYPES
        if rdtype == RdataType.MX or (is_text and any(is_spf(rdata) for rdata in rrset.rdatas)):
            yield rrset.owner


def mail_verdicts(sides: Sides) -> tuple[MailVerdict, ...]:
    """Return a verdict for each mail domain of either side, in canonical order of the domains."""
    domains: dict[Labels, Name] = {}
    selectors: dict[Labels, Name] = {}
    for zone in (sides.old, sides.new):
        for domain in mail_domains(zone.snapshot.rrsets):
            if zone.cover(domain, RdataType.MX) is None:
                domains.setdefault(folded(domain), domain)
        for rrset in zone.snapshot.rrsets:
            if rrset.key.rdtype in _SELECTOR_TYPES and selector_of(rrset.owner) is not None:
                selectors.setdefault(folded(rrset.owner), rrset.owner)
    of_domain = _by_domain(selectors.values(), domains)
    return tuple(
        _verdict(sides, domain, of_domain.get(labels, []))
        for labels, domain in sorted(domains.items(), key=lambda item: canonical_key(item[1]))
    )


def _by_domain(selectors: Iterable[Name], domains: dict[Labels, Name]) -> dict[Labels, list[Name]]:
    found: dict[Labels, list[Name]] = {}
    for owner in selectors:
        selector = selector_of(owner)
        assert selector is not None
        labels = folded(selector.domain)
        while labels and labels not in domains:
            labels = labels[1:]
        if labels:
            found.setdefault(labels, []).append(owner)
    return found


def _verdict(sides: Sides, domain: Name, selectors: list[Name]) -> MailVerdict:
    unchecked: list[str] = []
    zones = (sides.old,) if sides.old is sides.new else (sides.old, sides.new)
    effects = list(_effects(sides, domain, selectors, unchecked)) if len(zones) > 1 or sides.unchecked else []
    state = MailState.SAME
    if effects or unchecked:
        state = MailState.LOST if any(effect.breaks for effect in effects) else MailState.CHANGED
    found = [
        service
        for zone in zones
        for service in (
            *mail_services(zone, domain),
            *sending_services(zone, domain),
            *signing_services(zone, selectors),
        )
    ]
    reasons = sorted(effects, key=lambda effect: not effect.breaks)
    return MailVerdict(
        domain,
        state,
        tuple(dict.fromkeys(found)),
        tuple(dict.fromkeys(effect.sentence for effect in reasons)),
        tuple(unchecked),
    )


def _effects(sides: Sides, domain: Name, selectors: list[Name], unchecked: list[str]) -> Iterator[Effect]:
    if sides.is_known(domain, RdataType.MX):
        yield from mx_effects(sides, domain)
        yield from host_effects(sides, domain)
    else:
        unchecked.append("MX")
    if sides.is_known(domain, RdataType.TXT):
        yield from spf_effects(sides, domain)
        yield from dependency_effects(sides, domain)
    else:
        unchecked.append("SPF")
    for owner in selectors:
        if sides.is_known(owner, *_SELECTOR_TYPES):
            yield from (effect for effect in dkim_effects(sides, owner) if not _is_new_selector(sides, owner))
        else:
            unchecked.append(f"DKIM {for_people(owner)}")
    if _dmarc_is_known(sides, domain):
        yield from dmarc_effects(sides, domain)
    else:
        unchecked.append("DMARC")
    host = policy_host(sides.old, domain)
    if host is not None and not sides.is_known(host, *ADDRESS_TYPES, RdataType.CNAME):
        unchecked.append("MTA-STS")
    elif host is not None:
        yield from policy_host_effects(sides, domain, host)


def _is_new_selector(sides: Sides, owner: Name) -> bool:
    """Tell whether only the new side has the selector: it takes nothing from the mail that is sent today."""
    return not sides.old.owns(owner)


def _dmarc_is_known(sides: Sides, domain: Name) -> bool:
    if not sides.unchecked:
        return True
    name = domain
    while sides.old.within(name):
        owner = below(name, b"_dmarc")
        if owner is not None and not sides.is_known(owner, RdataType.TXT, RdataType.CNAME):
            return False
        if name == sides.old.origin:
            break
        name = name.parent()
    return True


_SELECTOR_TYPES = (RdataType.TXT, RdataType.CNAME, RdataType.NS)
