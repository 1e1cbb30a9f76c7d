"""Which records of a zone point at which of its names: an address is what its users make of it. No IO here.

example.com.       MX   10 mail
mail.example.com.  A    192.0.2.25     ; not just an address: the mail of example.com
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.policies import spf_policies, term_existing, term_host
from migrator.meaning.index import CompactIndex
from migrator.meaning.roles import TEXT_TYPES, Role, is_spf
from migrator.meaning.served import ADDRESS_TYPES, ServedZone
from migrator.meaning.targets import targets_of
from migrator.model.compact import key_of, labels_of
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey, alias_of
from migrator.model.values import dataclass

Labels = tuple[bytes, ...]

_ROLE = {
    RdataType.MX: Role.MX,
    RdataType.NS: Role.DELEGATION,
    RdataType.SRV: Role.SERVICE,
    RdataType.CNAME: Role.ADDRESS,
    RdataType.SVCB: Role.SERVICE,
    RdataType.HTTPS: Role.WEB,
    RdataType.NAPTR: Role.SERVICE,
    RdataType.DNAME: Role.ADDRESS,
}


@dataclass(frozen=True, slots=True)
class Reference:
    """An RRset that needs another name, and what for; `of_text` where it needs the TXT of that name.

    `qualifier` is that of a term of SPF: of `-a:host` it lets nobody pass. With `of_existence` it does not matter
    which addresses the name has, as long as it has any.
    """

    key: RRsetKey
    role: Role
    of_text: bool = False
    qualifier: str = "+"
    of_existence: bool = False


def references(zone: ServedZone) -> "References":
    """Return the references to each name, by its labels in lower case."""
    if isinstance(zone.index, CompactIndex):
        return CompactReferences(zone.index)
    found: dict[Labels, list[Reference]] = {}
    for rrset in zone.snapshot.rrsets:
        for labels, reference in _of(rrset):
            found.setdefault(labels, []).append(reference)
    return {labels: tuple(pointing) for labels, pointing in found.items()}


class CompactReferences:
    """The references to each name of a compact zone, looked for when they are asked for."""

    def __init__(self, index: CompactIndex) -> None:
        """Look into this index."""
        self._index = index
        self._known: dict[Labels, tuple[tuple[Labels, Reference], ...]] = {}

    @cached_property
    def _by_macros(self) -> dict[Labels, set[Labels]]:
        """The owners of policies with macros, by the names that they point at: the marks do not know these."""
        found: dict[Labels, set[Labels]] = {}
        for owner in map(labels_of, self._index.marks.macros):
            for target, _ in self._of_owner(owner):
                found.setdefault(target, set()).add(owner)
        return found

    def get(self, labels: Labels, default: tuple[Reference, ...]) -> tuple[Reference, ...]:
        """Return the references to a name, in the canonical order of their owners."""
        pointing = map(labels_of, self._index.marks.pointing_at(key_of(labels)))
        owners = {labels, *pointing, *self._by_macros.get(labels, ())}
        found = [
            reference
            for owner in sorted(owners, key=lambda owner: owner[::-1])
            for target, reference in self._of_owner(owner)
            if target == labels
        ]
        return tuple(found) or default

    def _of_owner(self, owner: Labels) -> tuple[tuple[Labels, Reference], ...]:
        """Return what an owner points at: the apex is asked for each name that it may point at."""
        found = self._known.get(owner)
        if found is None:
            found = tuple([each for rrset in self._index.at(owner) for each in _of(rrset)])
            self._known[owner] = found
        return found


References = Mapping[Labels, tuple[Reference, ...]] | CompactReferences


def _of(rrset: RRset) -> Iterator[tuple[Labels, Reference]]:
    if rrset.key.rdtype in ADDRESS_TYPES and not rrset.extras:
        return
    for target, role in _needed(rrset):
        yield folded(target), Reference(rrset.key, role)
    if rrset.key.rdtype in TEXT_TYPES:
        yield from _of_policies(rrset)


def _needed(rrset: RRset) -> Iterator[tuple[Name, Role]]:
    rdtype = rrset.key.rdtype
    role = _ROLE.get(rdtype)
    if role is not None:
        for target in targets_of(rrset.rdatas):
            yield target, role
    if rrset.extras and (alias := alias_of(rrset)) is not None:
        yield alias.target, Role.ADDRESS


def _of_policies(rrset: RRset) -> Iterator[tuple[Labels, Reference]]:
    """Yield the names that the terms of SPF lead to, whatever they want of them."""
    if not any(is_spf(rdata) for rdata in rrset.rdatas):
        return
    key, owner = rrset.key, rrset.owner
    policies = [policy.of(owner, owner) for policy in spf_policies([rrset])]
    for term in [term for policy in policies for term in policy.effective()]:
        if (host := term_host(term, owner)) is not None:
            yield folded(host), Reference(key, Role.SPF, qualifier=term[0])
        elif (name := term_existing(term)) is not None:
            yield folded(name), Reference(key, Role.SPF, qualifier=term[0], of_existence=True)
    for target in [target for policy in policies for target in policy.included()]:
        yield folded(target), Reference(key, Role.SPF, of_text=True)
