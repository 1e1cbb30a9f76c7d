"""What to ask a live server of a zone that is known: every name and type, and names that cannot exist.

Not everything of a zone is asked for by its own name. Below a delegation only glue is given out, and that with
the referral; a wildcard is asked through a label that nobody has, since what matters is what it answers; the
signatures of a zone are its signer's business. What nobody would answer is not asked, and said to be so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.verdict import mail_domains
from migrator.model.extras import Flattened
from migrator.model.names import below, folded, is_wildcard
from migrator.model.rrset import RRset
from migrator.roles import SIGNATURE_TYPES
from migrator.served import ADDRESS_TYPES, ServedZone
from migrator.targets import targets_of

Labels = tuple[bytes, ...]
Asked = tuple[Name, RdataType]

_AT_THE_APEX = (
    RdataType.A,
    RdataType.AAAA,
    RdataType.MX,
    RdataType.TXT,
    RdataType.CAA,
    RdataType.HTTPS,
)
_OF_NONCES = (RdataType.A, RdataType.TXT)


@dataclass
class Questions:
    """The questions for one zone, each name and type once, and what each RRset of the old side rests on.

    `nonces` maps a parent to a name right below it that nobody has. `hidden` are RRsets that no server answers,
    `glue` those that come with a referral alone, `signatures` those that a signer makes, `non_terminals` names
    that own nothing and stand above others.
    """

    asked: dict[tuple[Labels, RdataType], Asked] = field(default_factory=dict)
    nonces: dict[Labels, Name] = field(default_factory=dict)
    hidden: list[RRset] = field(default_factory=list)
    glue: list[RRset] = field(default_factory=list)
    signatures: list[RRset] = field(default_factory=list)
    plain: list[RRset] = field(default_factory=list)
    wildcards: list[RRset] = field(default_factory=list)
    non_terminals: list[Name] = field(default_factory=list)

    @cached_property
    def plain_sets(self) -> dict[tuple[Labels, RdataType], list[RRset]]:
        """The plain RRsets by name and type: several where they are routed."""
        return by_name_and_type(self.plain)

    def add(self, owner: Name, rdtype: RdataType) -> None:
        """Ask for a name and type."""
        self.add_at(folded(owner), owner, rdtype)

    def add_at(self, labels: Labels, owner: Name, rdtype: RdataType) -> None:
        """Ask for a name, whose labels in lower case are known, and a type."""
        self.asked.setdefault((labels, rdtype), (owner, rdtype))


def questions_for(zone: ServedZone, nonce: Callable[[], bytes]) -> Questions:
    """Return what to ask a server that is to serve this zone; `nonce` gives labels that nobody can guess."""
    questions = Questions()
    servers_of_cuts = _servers_of_cuts(zone)
    for rrset in zone.snapshot.rrsets:
        _sort(zone, rrset, questions, servers_of_cuts)
    for rdtype in _AT_THE_APEX:
        questions.add(zone.origin, rdtype)
    questions.add(zone.origin, RdataType.DNSKEY)
    for domain in mail_domains(zone.snapshot.rrsets):
        if zone.cover(domain, RdataType.MX) is None and not is_wildcard(domain):
            questions.add(domain, RdataType.MX)
            questions.add(domain, RdataType.TXT)
            if (dmarc := below(domain, b"_dmarc")) is not None:
                questions.add(dmarc, RdataType.TXT)
    for labels in zone.empty_non_terminals():
        name = Name(labels)
        if zone.cover(name, RdataType.A) is None:
            questions.non_terminals.append(name)
            questions.add(name, RdataType.A)
    _ask_nonces(zone, questions, nonce)
    return questions


def _sort(zone: ServedZone, rrset: RRset, questions: Questions, servers_of_cuts: frozenset[Labels]) -> None:
    """Put an RRset where it belongs by how it can be seen, and ask for it."""
    key = rrset.key
    owner, rdtype, labels = key.owner, key.rdtype, key.folded
    if rdtype in SIGNATURE_TYPES:
        questions.signatures.append(rrset)
    elif zone.cover_at(labels, rdtype) is not None:
        if rdtype in ADDRESS_TYPES and labels in servers_of_cuts:
            questions.glue.append(rrset)
            questions.add_at(labels, owner, rdtype)
        else:
            questions.hidden.append(rrset)
    elif is_wildcard(owner):
        questions.wildcards.append(rrset)
    else:
        questions.plain.append(rrset)
        questions.add_at(labels, owner, rdtype)
        if rdtype == RdataType.CNAME and any(isinstance(extra, Flattened) for extra in rrset.extras):
            for address in ADDRESS_TYPES:
                questions.add(owner, address)


def by_name_and_type(rrsets: Sequence[RRset]) -> dict[tuple[Labels, RdataType], list[RRset]]:
    """Return the RRsets of each name and type."""
    found: dict[tuple[Labels, RdataType], list[RRset]] = {}
    for rrset in rrsets:
        found.setdefault((rrset.key.folded, rrset.rdtype), []).append(rrset)
    return found


def _servers_of_cuts(zone: ServedZone) -> frozenset[Labels]:
    """Return the hosts that serve zones below this one."""
    apex = folded(zone.origin)
    return frozenset(
        folded(target)
        for rrset in zone.snapshot.rrsets
        if rrset.key.rdtype == RdataType.NS and rrset.key.folded != apex
        for target in targets_of(rrset.rdatas)
    )


def _ask_nonces(zone: ServedZone, questions: Questions, nonce: Callable[[], bytes]) -> None:
    """Ask for a name that nobody has below the apex and below each name that stands above others."""
    apex = folded(zone.origin)
    types: dict[Labels, set[RdataType]] = {apex: {*_OF_NONCES, RdataType.MX, RdataType.AAAA}}
    parents = {apex: zone.origin}
    for rrset in (*questions.plain, *questions.wildcards):
        key = rrset.key
        if key.folded == apex:
            continue
        labels = key.folded[1:]
        if labels not in parents:
            parents[labels] = key.owner.parent()
            types[labels] = {RdataType.A}
        if key.folded[0] == b"*":
            types[labels].add(key.rdtype)
    for labels in sorted(parents, key=lambda found: found[::-1]):
        name = below(parents[labels], nonce())
        if name is None:
            continue
        nobody = folded(name)
        if zone.cover_at(nobody, RdataType.A) is not None:
            continue
        questions.nonces[labels] = name
        for rdtype in sorted(types[labels]):
            questions.add_at(nobody, name, rdtype)
