"""The mail verdict: for each domain that has mail, whether it works as before. No IO here.

A mail domain is an owner of MX or SPF on either side. Its mail is lost when one of its MX, SPF, DKIM and DMARC is
gone or broken, changed when one differs and may work, when other certificates are demanded of its servers (DANE),
or when the policy host of its MTA-STS leads nowhere any more. Selectors belong to the nearest mail domain at or
above the name they sign for; a domain without its own DMARC record lives by the one above it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, partial
from operator import and_
from typing import overload

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.dane import dane_effects, unknown_certificates
from migrator.mail.dependencies import dependency_effects, unknown_dependencies
from migrator.mail.dmarc import dmarc_effects
from migrator.mail.domains import SELECTOR_TYPES, Selectors, aliases_among, domain_in, domains_in, mail_domains
from migrator.mail.exchanges import host_effects, mail_services, mx_effects, unknown_exchanges
from migrator.mail.senders import sending_services, spf_effects
from migrator.mail.settings import policy_host, policy_host_effects
from migrator.mail.signatures import dkim_effects, signing_services
from migrator.mail.touched import Touched, touched_domains
from migrator.mail.undecided import Undecided
from migrator.meaning.index import CompactIndex
from migrator.meaning.roles import Effect
from migrator.meaning.served import ADDRESS_TYPES, ServedZone, Sides
from migrator.model.compact import key_of, labels_of
from migrator.model.names import below, for_people
from migrator.model.values import dataclass

__all__ = ["MailState", "MailVerdict", "MailVerdicts", "Services", "mail_domains", "mail_verdicts", "unlike"]


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
    services: Sequence[str] = ()
    reasons: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()

    def all_reasons(self) -> tuple[str, ...]:
        """Return why the mail is not the same, and what could not be checked."""
        if not self.unchecked:
            return self.reasons
        return (*self.reasons, f"Could not be checked: {', '.join(self.unchecked)}.")


class Services(Sequence[str]):
    """The services that a domain's mail goes through: looked for when somebody wants to know."""

    def __init__(self, zones: tuple[ServedZone, ...], domain: Name, aliases: Callable[[], list[Name]]) -> None:
        """Look for nothing yet; `aliases` gives the selectors that may be a CNAME."""
        self._zones = zones
        self._domain = domain
        self._aliases = aliases

    @cached_property
    def _found(self) -> tuple[str, ...]:
        aliases = self._aliases()
        found = [
            service
            for zone in self._zones
            for service in (
                *mail_services(zone, self._domain),
                *sending_services(zone, self._domain),
                *signing_services(zone, aliases),
            )
        ]
        return tuple(dict.fromkeys(found))

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        """Return the service at a place."""
        return self._found[place]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._found)

    def __eq__(self, other: object) -> bool:
        """Compare with any sequence of services."""
        return isinstance(other, Sequence) and self._found == tuple(other)

    def __hash__(self) -> int:
        """Hash as the tuple of the services does."""
        return hash(self._found)


class MailVerdicts(Sequence[MailVerdict]):
    """A verdict for each mail domain, in canonical order; those that say `same` are made when somebody asks.

    Most domains of a large zone are `same` beyond doubt, and most reports do no more than count them.
    """

    def __init__(
        self, domains: Collection[bytes], judged: Mapping[bytes, MailVerdict], same: Callable[[bytes], MailVerdict]
    ) -> None:
        """Take the verdicts of the domains that were judged, by their keys; `same` makes that of any other."""
        self._domains = domains
        self._judged = judged
        self._same = same

    @property
    def unlike(self) -> tuple[MailVerdict, ...]:
        """The verdicts that are not `same`, in their order."""
        found = (self._judged[key] for key in sorted(self._judged, key=_canonical))
        return tuple(verdict for verdict in found if verdict.state is not MailState.SAME)

    @cached_property
    def _keys(self) -> list[bytes]:
        return sorted(self._domains, key=_canonical)

    def _of(self, key: bytes) -> MailVerdict:
        return self._judged.get(key) or self._same(key)

    @overload
    def __getitem__(self, place: int) -> MailVerdict: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[MailVerdict, ...]: ...
    def __getitem__(self, place: int | slice) -> MailVerdict | tuple[MailVerdict, ...]:
        """Return the verdict at a place."""
        if isinstance(place, slice):
            return tuple(map(self._of, self._keys[place]))
        return self._of(self._keys[place])

    def __iter__(self) -> Iterator[MailVerdict]:
        """Yield the verdicts."""
        return map(self._of, self._keys)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._domains)

    def __eq__(self, other: object) -> bool:
        """Compare with any sequence of verdicts."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Hash as the tuple of the verdicts does."""
        return hash(tuple(self))


def unlike(verdicts: Sequence[MailVerdict]) -> tuple[MailVerdict, ...]:
    """Return the verdicts that are not `same`, in their order."""
    if isinstance(verdicts, MailVerdicts):
        return verdicts.unlike
    return tuple(verdict for verdict in verdicts if verdict.state is not MailState.SAME)


def mail_verdicts(sides: Sides, differing: frozenset[bytes] | None = None) -> MailVerdicts:
    """Return a verdict for each mail domain of either side, in canonical order of the domains.

    `differing` are the keys of all owners that differ, where the zones are compact: only the domains that these
    can touch are judged.
    """
    zones = (sides.old,) if sides.old is sides.new else (sides.old, sides.new)
    domains = domains_in(zones)
    touched = _touched(sides, domains, differing)
    selectors = Selectors(zones, domains, None if touched is None else partial(and_, touched.names))
    aliases = Selectors(zones, domains, partial(aliases_among, zones))
    undecided = Undecided(sides, partial(_owners, zones) if touched is None else lambda: touched.names)
    judged = {
        key: _verdict(sides, domain_in(domains[key], key), selectors.of(key), partial(aliases.of, key), undecided)
        for key in (domains if touched is None else touched.domains)
    }

    def same(key: bytes) -> MailVerdict:
        domain = domain_in(domains[key], key)
        return MailVerdict(domain, MailState.SAME, Services((sides.old,), domain, partial(aliases.of, key)))

    return MailVerdicts(domains, judged, same)


def _canonical(key: bytes) -> tuple[bytes, ...]:
    """Return what keys are sorted by in the canonical order of names."""
    return labels_of(key)[::-1]


def _touched(sides: Sides, domains: Collection[bytes], differing: frozenset[bytes] | None) -> Touched | None:
    """Return what the differences may touch; None where that is not known."""
    old, new = sides.old.index, sides.new.index
    if differing is None or not isinstance(old, CompactIndex) or not isinstance(new, CompactIndex):
        return None
    return touched_domains(old, new, differing, domains)


def _owners(zones: Iterable[ServedZone]) -> set[bytes]:
    """Return the keys of all owners."""
    return {key_of(rrset.key.folded) for zone in zones for rrset in zone.snapshot.rrsets}


def _verdict(
    sides: Sides, domain: Name, selectors: list[Name], aliases: Callable[[], list[Name]], undecided: Undecided
) -> MailVerdict:
    """Judge a domain; of its selectors, those are given that may have changed."""
    unchecked: list[str] = []
    zones = (sides.old,) if sides.old is sides.new else (sides.old, sides.new)
    is_judged = len(zones) > 1 or bool(sides.unchecked)
    effects = list(_effects(sides, domain, selectors, undecided, unchecked)) if is_judged else []
    state = MailState.SAME
    if effects or unchecked:
        state = MailState.LOST if any(effect.breaks for effect in effects) else MailState.CHANGED
    reasons = sorted(effects, key=lambda effect: not effect.breaks)
    return MailVerdict(
        domain,
        state,
        Services(zones, domain, aliases),
        tuple(dict.fromkeys(effect.sentence for effect in reasons)),
        tuple(dict.fromkeys(unchecked)),
    )


def _effects(
    sides: Sides, domain: Name, selectors: list[Name], undecided: Undecided, unchecked: list[str]
) -> Iterator[Effect]:
    if sides.is_known(domain, RdataType.MX):
        yield from mx_effects(sides, domain)
        yield from host_effects(sides, domain)
        unchecked.extend(f"the address of {for_people(host)}" for host in unknown_exchanges(sides, domain))
        yield from dane_effects(sides, domain)
        unchecked.extend(f"DANE of {for_people(host)}" for host in unknown_certificates(sides, domain))
    else:
        unchecked.append("MX")
    if sides.is_known(domain, RdataType.TXT):
        yield from spf_effects(sides, domain)
        yield from dependency_effects(sides, domain)
        unchecked.extend(f"SPF by {for_people(name)}" for name in unknown_dependencies(sides, domain))
        unchecked.extend(undecided.terms(domain))
    else:
        unchecked.append("SPF")
    for owner in selectors:
        if sides.is_known_behind(owner, *SELECTOR_TYPES):
            yield from (effect for effect in dkim_effects(sides, owner) if not _is_new_selector(sides, owner))
        else:
            unchecked.append(f"DKIM {for_people(owner)}")
    if _dmarc_is_known(sides, domain):
        yield from dmarc_effects(sides, domain)
    else:
        unchecked.append("DMARC")
    host = policy_host(sides.old, domain)
    if host is not None and not sides.is_known_behind(host, *ADDRESS_TYPES):
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
        if owner is not None and not sides.is_known_behind(owner, RdataType.TXT):
            return False
        if name == sides.old.origin:
            break
        name = name.parent()
    return True
