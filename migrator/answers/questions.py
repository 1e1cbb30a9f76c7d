"""What to ask a live server of a zone that is known: every name and type, and names that cannot exist.

Not everything of a zone is asked for by its own name. Below a delegation only glue is given out, and that with
the referral; a wildcard is asked through a label that nobody has, since what matters is what it answers; the
signatures of a zone are its signer's business. What nobody would answer is not asked, and said to be so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.answers.plainsets import Labels, PlainSets, Wanted
from migrator.mail.domains import domain_in, domains_in
from migrator.meaning.index import CompactIndex, above_of
from migrator.meaning.roles import SIGNATURE_TYPES
from migrator.meaning.served import ADDRESS_TYPES, ServedZone
from migrator.meaning.targets import targets_of
from migrator.model.compact import key_of, labels_of, name_of, parted, written_in
from migrator.model.extras import Flattened
from migrator.model.names import below, folded, is_wildcard, name_of_labels
from migrator.model.rrset import RRset
from migrator.model.values import dataclass

Asked = tuple[Name, RdataType]

AT_THE_APEX = (
    RdataType.A,
    RdataType.AAAA,
    RdataType.MX,
    RdataType.TXT,
    RdataType.CAA,
    RdataType.HTTPS,
)
OF_NONCES = (RdataType.A, RdataType.TXT)
_OF_OTHER_NONCES = (RdataType.A,)


@dataclass(slots=True)
class Questions:
    """The questions for one zone, each name and type once, and what each RRset of the old side rests on.

    The names and types of `plain_sets` that are text are asked for without a word; `further` are all others.
    `nonces` maps a parent to a name right below it that nobody has. `hidden` are RRsets that no server answers,
    `glue` those that come with a referral alone, `signatures` those that a signer makes, `non_terminals` names
    that own nothing and stand above others, `plain_sets` what a server answers to its name and type.
    """

    further: dict[Wanted, Asked] = field(default_factory=dict)
    nonces: dict[Labels, Name] = field(default_factory=dict)
    hidden: list[RRset] = field(default_factory=list)
    glue: list[RRset] = field(default_factory=list)
    signatures: list[RRset] = field(default_factory=list)
    wildcards: list[RRset] = field(default_factory=list)
    non_terminals: list[Name] = field(default_factory=list)
    plain_sets: PlainSets = field(default_factory=PlainSets)

    def add(self, owner: Name, rdtype: RdataType) -> None:
        """Ask for a name and type."""
        self.add_at(folded(owner), owner, rdtype)

    def add_at(self, labels: Labels, owner: Name, rdtype: RdataType) -> None:
        """Ask for a name, whose labels in lower case are known, and a type."""
        wanted = (labels, rdtype)
        if not self.plain_sets.is_text(wanted):
            self.further.setdefault(wanted, (owner, rdtype))

    def is_of_nobody(self, labels: Labels) -> bool:
        """Tell whether this is one of the names that nobody has."""
        nonce = self.nonces.get(labels[1:])
        return nonce is not None and folded(nonce) == labels

    def asked(self) -> list[Asked]:
        """Return every question."""
        return [*self.plain_sets.asked(), *self.further.values()]


def questions_for(zone: ServedZone, nonce: Callable[[], bytes]) -> Questions:
    """Return what to ask a server that is to serve this zone; `nonce` gives labels that nobody can guess."""
    questions = Questions()
    servers_of_cuts = _servers_of_cuts(zone)
    for rrset in _looked_at(zone, questions):
        _sort(zone, rrset, questions, servers_of_cuts)
    for rdtype in AT_THE_APEX:
        questions.add(zone.origin, rdtype)
    questions.add(zone.origin, RdataType.DNSKEY)
    for key in domains_in([zone]):
        domain = domain_in(zone, key)
        if not is_wildcard(domain):
            labels = labels_of(key)
            questions.add_at(labels, domain, RdataType.MX)
            questions.add_at(labels, domain, RdataType.TXT)
            if (dmarc := below(domain, b"_dmarc")) is not None:
                questions.add_at((b"_dmarc", *labels), dmarc, RdataType.TXT)
    # In an order of their own: what was recorded has to be judged again to the same words.
    for labels in sorted(zone.empty_non_terminals(), key=lambda labels: labels[::-1]):
        name = Name(labels)
        if zone.cover(name, RdataType.A) is None:
            questions.non_terminals.append(name)
            questions.add(name, RdataType.A)
    _ask_nonces(zone, questions, nonce)
    return questions


def _looked_at(zone: ServedZone, questions: Questions) -> Iterator[RRset]:
    """Yield the RRsets to be sorted; of a compact zone, plain ones are left as text and not yielded."""
    index = zone.index
    if not isinstance(index, CompactIndex):
        yield from zone.snapshot.rrsets
        return
    plain = questions.plain_sets
    compact = plain.compact = index.zone
    plain.texts, plain.rrsets = dict(compact.texts), compact.rrsets - sum(map(len, compact.objects.values()))
    special = index.covered_among(plain.texts) | index.marks.wildcards
    for key, text in [*plain.texts.items()]:
        others, signing = parted(text)
        if signing and key not in special:
            made = compact.builder.rrsets_of(key, signing)
            plain.rrsets -= len(made)
            yield from made
            if others:
                plain.texts[key] = others
            else:
                del plain.texts[key]
    for key in [key for key in plain.texts if key in special] if special else ():
        del plain.texts[key]
        plain.rrsets -= len(compact.at(key))
        yield from compact.at(key)
    for rrsets in compact.objects.values():
        yield from rrsets


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
        questions.plain_sets.made.setdefault((labels, rdtype), []).append(rrset)
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
    index = zone.index
    if isinstance(index, CompactIndex):
        rrsets: Iterable[RRset] = [rrset for key in index.marks.covers for rrset in index.zone.at(key)]
    else:
        rrsets = zone.snapshot.rrsets
    return frozenset(
        folded(target)
        for rrset in rrsets
        if rrset.key.rdtype == RdataType.NS and rrset.key.folded != apex
        for target in targets_of(rrset.rdatas)
    )


def _ask_nonces(zone: ServedZone, questions: Questions, nonce: Callable[[], bytes]) -> None:
    """Ask for a name that nobody has below the apex and below each name that stands above others."""
    apex = folded(zone.origin)
    types: dict[Labels, set[RdataType]] = {apex: {*OF_NONCES, RdataType.MX, RdataType.AAAA}}
    plain = questions.plain_sets
    parents = {labels_of(key): name for key, name in _above(plain.texts, key_of(apex)).items()}
    parents[apex] = zone.origin
    for labels, rdtype in (*plain.made, *((rrset.key.folded, rrset.rdtype) for rrset in questions.wildcards)):
        if labels == apex:
            continue
        above = labels[1:]
        if above not in parents:
            owner = questions.further[labels, rdtype][0].labels[1:] if labels[0] != b"*" else above
            parents[above] = name_of_labels(owner)
        if labels[0] == b"*":
            types.setdefault(above, {RdataType.A}).add(rdtype)
    for labels in sorted(parents, key=lambda found: found[::-1]):
        unlikely = nonce()
        name = below(parents[labels], unlikely)
        if name is None:
            continue
        nobody = (unlikely.lower(), *labels)
        # Below the others there is a name that is answered, and so this one would be.
        if labels == apex and zone.cover_at(nobody, RdataType.A) is not None:
            continue
        questions.nonces[labels] = name
        for rdtype in sorted(types[labels]) if labels in types else _OF_OTHER_NONCES:
            questions.further.setdefault((nobody, rdtype), (name, rdtype))


def _above(texts: Mapping[bytes, bytes], apex: bytes) -> dict[bytes, Name]:
    """Return the keys of the names right above these owners, each with the name as an owner spells it."""
    found = {
        above_of(key): name_of(above_of(written_in(key, text)))
        for key, text in texts.items()
        if text[:1] == b"=" and key != apex
    }
    # The keys of texts have no escapes, so that all else is found without a look at each.
    for above in {key[key.find(b".") + 1 :] for key in texts if key != apex}.difference(found):
        found[above or b"."] = name_of(above or b".")
    return found
