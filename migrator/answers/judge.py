"""From what one server showed to a comparison with the old side. No IO here."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.answers.alike import Comparisons
from migrator.answers.questions import AT_THE_APEX, OF_NONCES, Asked, Questions, by_name_and_type
from migrator.answers.seen import Seen, silence_of, trouble_of
from migrator.answers.settle import AddressLookup, is_special, of_observation, of_special
from migrator.answers.signing import signing_remark
from migrator.diff.compare import Settled
from migrator.diff.equality import mean_the_same
from migrator.diff.result import Difference, Kind, Side, ZoneDiff
from migrator.diff.wording import named
from migrator.meaning.roles import HOST_TYPES, Role, roles_of
from migrator.meaning.served import ADDRESS_TYPES, ServedZone
from migrator.meaning.targets import targets_of
from migrator.model.compact import CompactZone, key_of
from migrator.model.extras import Extra, Proxied
from migrator.model.finding import Finding, Severity
from migrator.model.names import canonical_key, folded, for_people
from migrator.model.observation import Answer, Observation, Server
from migrator.model.phrases import counted
from migrator.model.rrset import RRset, RRsetKey, canonical_order
from migrator.model.zone import ZoneSnapshot, with_compact

Labels = tuple[bytes, ...]


class Judgement:
    """One server's answers, set against the old side."""

    def __init__(
        self, old: ServedZone, questions: Questions, seen: Seen, server: Server, lookup: AddressLookup
    ) -> None:
        """Begin with nothing settled and nothing visible."""
        self._old = old
        self._questions = questions
        self._seen = seen
        self._server = server
        self._lookup = lookup
        self._settled: dict[RRsetKey, Settled] = {}
        self._visible: dict[RRsetKey, RRset] = {}
        self._accounted: set[RRsetKey] = set()
        self._wildcards = _wildcards(old, questions, seen)

    def result(self, comparisons: Comparisons) -> ZoneDiff:
        """Return the comparison with this server."""
        self._settle_unseen()
        plain = self._questions.plain_sets
        for wanted in [wanted for wanted in self._seen.observations if wanted in plain]:
            rrsets = plain[wanted]
            self._settle(rrsets, rrsets[0].owner)
        for rrsets in by_name_and_type(self._questions.wildcards).values():
            self._settle_wildcard(rrsets)
        for rrset in self._questions.glue:
            if not self._seen.is_as_foreseen(rrset.owner, rrset.rdtype):
                self._settle_glue(rrset)
        self._settle_mail_hosts()
        self._take_the_rest()
        findings = tuple(self._findings())
        found = comparisons.with_one(self._new_snapshot(), self._settled)
        where = (str(self._server),)
        unseen = (*self._unseen_at_apex(), *self._unseen_further(), *self._unseen_wildcards())
        differences = (*found.differences, *unseen)
        return replace(
            found,
            new=Side(source=str(self._server), rrsets=None, records=None, servers=where),
            differences=tuple(replace(difference, servers=where) for difference in differences),
            findings=findings,
        )

    def _settle_unseen(self) -> None:
        for rrset in self._questions.signatures:
            self._settled[rrset.key] = Settled(Kind.EXPECTED, "Whoever signs the zone makes its own.")
        for rrset in self._questions.hidden:
            cover = self._old.cover(rrset.owner, rrset.rdtype)
            assert cover is not None
            sentence = f"It stands below {for_people(cover.owner)}, so no server of this zone answers it."
            self._settled[rrset.key] = Settled(Kind.EQUIVALENT, sentence)
        # Keys of the new side alone are its signer's, and no difference: the findings tell of them.
        self._accounted.add(RRsetKey(self._old.origin, RdataType.DNSKEY))

    def _settle(self, rrsets: Sequence[RRset], asked: Name) -> None:
        """Settle the sets of a name and type that cannot be compared; make visible what was answered."""
        rdtype = rrsets[0].rdtype
        if self._seen.is_as_foreseen(asked, rdtype):
            self._visible[rrsets[0].key] = rrsets[0]
            return
        settled = of_observation(self._seen.observation(asked, rdtype))
        if settled is not None:
            self._settled.update(dict.fromkeys([rrset.key for rrset in rrsets], settled))
            return
        if is_special(rrsets):
            special = of_special(rrsets, self._seen, asked, self._lookup)
            self._settled.update(special)
            if special:
                types = (rdtype, RdataType.CNAME) if rdtype != RdataType.CNAME else ADDRESS_TYPES
                self._accounted.update(RRsetKey(asked, each) for each in types)
                return
        found = self._seen.found(asked, rdtype)
        if found is not None and not self._is_wildcards(rrsets[0], found):
            unseen = () if len(rrsets) > 1 else _unseen_extras(rrsets[0])
            self._visible[rrsets[0].key] = RRset(rrsets[0].key, found.ttl, found.rdatas, unseen)

    def _settle_wildcard(self, rrsets: Sequence[RRset]) -> None:
        nonce = self._questions.nonces.get(folded(rrsets[0].owner.parent()))
        if nonce is None:
            sentence = "Not known: no name can be asked that this wildcard would answer."
            unknown = Settled(Kind.UNCHECKED, sentence, severity=Severity.WARNING)
            self._settled.update(dict.fromkeys([rrset.key for rrset in rrsets], unknown))
            return
        self._settle(rrsets, nonce)

    def _settle_glue(self, rrset: RRset) -> None:
        found = self._seen.found(rrset.owner, rrset.rdtype) or self._seen.glue_of(rrset.key)
        if found is not None:
            self._visible[rrset.key] = RRset(rrset.key, found.ttl, found.rdatas, _unseen_extras(rrset))
            return
        settled = of_observation(self._seen.observation(rrset.owner, rrset.rdtype))
        if settled is None and not self._is_own_glue(rrset):
            sentence = (
                "Not known: the address of a server in another delegated zone, which a server may leave out."
            )
            settled = Settled(Kind.UNCHECKED, sentence, severity=Severity.WARNING)
        if settled is not None:
            self._settled[rrset.key] = settled

    def _is_own_glue(self, rrset: RRset) -> bool:
        """Tell whether the delegation that hides this host is served by it: then the address must be given out."""
        cover = self._old.cover(rrset.owner, rrset.rdtype)
        return cover is not None and folded(rrset.owner) in map(folded, targets_of(cover.rdatas))

    def _is_wildcards(self, old: RRset, found: RRset) -> bool:
        """Tell whether a wildcard gave an answer that the old side does not have: the name itself is missing."""
        if mean_the_same(old.rdatas, found.rdatas):
            return False
        return self._exists_by_wildcard(found.owner)

    def _exists_by_wildcard(self, owner: Name) -> bool:
        """Tell whether all that was seen of a name is what a name that nobody has gets as well."""
        return all(self._is_made(rrset) for rrset in self._seen.at(owner))

    def _is_made(self, found: RRset) -> bool:
        """Tell whether a name that nobody has gets the same answer."""
        nonce = _nonce_beside(self._old, self._questions, found.owner)
        made = None if nonce is None else self._seen.found(nonce, found.rdtype)
        return made is not None and mean_the_same(made.rdatas, found.rdatas)

    def _take_the_rest(self) -> None:
        """Make visible what nobody asked for by name: other types, delegations, wildcards."""
        plain = self._questions.plain_sets
        glue = {rrset.key for rrset in self._questions.glue}
        for key, rrset in self._seen.rrsets.items():
            asked_for = key in glue or ((key.folded, key.rdtype) in plain and not key.variant)
            known = asked_for or key in self._settled or key in self._accounted
            if known or self._questions.is_of_nobody(key.folded):
                continue
            if not (self._is_made(rrset) and self._exists_by_wildcard(key.owner)):
                self._visible.setdefault(key, rrset)
        for key, rrset in self._wildcards.items():
            if key not in self._settled and key.variant == "":
                self._visible.setdefault(key, rrset)

    def _new_snapshot(self) -> ZoneSnapshot:
        """Return the zone as it was seen; what is settled stands as it was, so that the rest can rely on it."""
        old = self._old.snapshot
        gone = {rrset.key for rrset in self._not_as_foreseen() if not self._stands(rrset)}
        as_before = {id(rrset) for rrset in self._questions.wildcards}
        further = [
            rrset for rrset in self._visible.values() if id(rrset) not in as_before and not self._stands(rrset)
        ]
        empty = ZoneSnapshot(old.origin, (), source=str(self._server))
        if old.compact is not None:
            return with_compact(empty, old.compact.changed(_by_owner(old.compact, gone, further)))
        rrsets = [rrset for rrset in old.rrsets if rrset.key not in gone] if gone else list(old.rrsets)
        return replace(
            empty, rrsets=tuple(sorted((*rrsets, *further), key=lambda rrset: canonical_order(rrset.key)))
        )

    def _not_as_foreseen(self) -> Iterator[RRset]:
        """Yield the old side's RRsets that are not the new side's to the letter."""
        plain = self._questions.plain_sets
        for wanted in self._seen.observations:
            yield from plain[wanted]
        for rrset in self._questions.wildcards:
            if self._visible.get(rrset.key) is not rrset:
                yield rrset
        for rrset in self._questions.glue:
            if not self._seen.is_as_foreseen(rrset.owner, rrset.rdtype):
                yield rrset
        yield from self._questions.hidden
        yield from self._questions.signatures

    def _stands(self, rrset: RRset) -> bool:
        """Tell whether what is settled of an RRset leaves it as the old side has it."""
        settled = self._settled.get(rrset.key)
        return settled is not None and settled.kind is not Kind.MISSING

    def _unseen_at_apex(self) -> Iterator[Difference]:
        """Yield the usual types at the apex that may be new, or that fail for all, since nothing came back."""
        for rdtype in AT_THE_APEX:
            key = RRsetKey(self._old.origin, rdtype)
            observation = self._seen.observation(key.owner, rdtype)
            if observation is not None and not self._old.sets(key.owner, rdtype):
                yield from self._unseen_set(key, observation)

    def _unseen_further(self) -> Iterator[Difference]:
        """Yield what nothing came back for of a second round: CAA of former CNAMEs, addresses of mail servers."""
        for key, observation in self._asked_further():
            if key.rdtype == RdataType.CAA or key in self._settled:
                yield from self._unseen_set(key, observation)

    def _settle_mail_hosts(self) -> None:
        """Settle the addresses of mail servers that the old side does not have, where none came back."""
        for host in {host for found in self._seen.rrsets.values() for host in _mail_hosts(self._old, found)}:
            for rdtype in ADDRESS_TYPES:
                settled = of_observation(self._seen.observation(host, rdtype))
                if settled is not None:
                    self._settled[RRsetKey(host, rdtype)] = replace(settled, kind=Kind.UNCHECKED)

    def _asked_further(self) -> Iterator[tuple[RRsetKey, Observation]]:
        """Yield what was asked besides the questions of the old side, but for names that nobody has."""
        plain, others = self._questions.plain_sets, self._questions.further
        for wanted, observation in self._seen.observations.items():
            if not (wanted in plain or wanted in others or self._questions.is_of_nobody(wanted[0])):
                yield RRsetKey(observation.question.qname, wanted[1]), observation

    def _unseen_set(self, key: RRsetKey, observation: Observation) -> Iterator[Difference]:
        """Yield that it is not known whether there is a set; who does not implement a type has none of it."""
        silence = silence_of(observation)
        trouble = trouble_of(observation) if isinstance(observation, Answer) else None
        if silence or trouble not in {None, Rcode.to_text(Rcode.NOTIMP)}:
            impact = f"Not known whether there is one: {silence or f'the server answers {trouble}'}."
            roles = roles_of(key, (), self._old.origin)
            yield Difference(Kind.UNCHECKED, key, roles, Severity.WARNING, impact, None, None)

    def _unseen_wildcards(self) -> Iterator[Difference]:
        """Yield the wildcards that may be new, since nothing came back for a name that nobody has.

        NXDOMAIN denies every type; those of the old side's own wildcards are settled.
        """
        asked: dict[Labels, list[tuple[RdataType, Observation]]] = {}
        for (labels, rdtype), observation in self._seen.observations.items():
            if self._questions.is_of_nobody(labels):
                asked.setdefault(labels[1:], []).append((rdtype, observation))
        for labels in [labels for labels in self._questions.nonces if labels in asked]:
            found, nonce = asked[labels], self._questions.nonces[labels]
            if self._is_denied(nonce, [observation for _, observation in found]):
                continue
            for rdtype, observation in found:
                silence = silence_of(observation)
                trouble = trouble_of(observation) if isinstance(observation, Answer) else None
                key = RRsetKey(Name([b"*", *labels]), rdtype)
                if (silence or trouble) and not self._old.sets(key.owner, rdtype):
                    reason = silence or f"the server answers {trouble} for a name that nobody has"
                    impact = f"Not known whether there is one: {reason}."
                    roles = (Role.WILDCARD,)
                    yield Difference(Kind.UNCHECKED, key, roles, Severity.WARNING, impact, None, None)

    def _is_denied(self, nonce: Name, observations: Sequence[Observation]) -> bool:
        """Tell whether any answer says that the name does not exist, as expected or not."""
        if any(isinstance(found, Answer) and found.rcode == Rcode.NXDOMAIN for found in observations):
            return True
        foreseen = any(self._seen.is_as_foreseen(nonce, rdtype) for rdtype in OF_NONCES)
        return foreseen and self._old.wildcard(nonce) is None

    def _findings(self) -> Iterator[Finding]:
        yield from self._without_authority()
        yield from self._broken_non_terminals()
        yield from self._answered_by_wildcards()
        remark = signing_remark(self._old, self._questions.signatures, self._seen)
        if remark is not None:
            yield self._finding("live.signing", Severity.NOTICE, remark)

    def _without_authority(self) -> Iterator[Finding]:
        plain = self._questions.plain_sets
        names = [
            rrset.owner
            for wanted, answer in self._seen.observations.items()
            if isinstance(answer, Answer) and answer.answer and not answer.authoritative
            for rrset in plain[wanted]
        ]
        if names:
            names.sort(key=canonical_key)
            yield self._finding(
                "live.not-authoritative",
                Severity.ERROR,
                f"Answers without authority (AA) for {named(names)}; resolvers do not accept such answers.",
            )

    def _broken_non_terminals(self) -> Iterator[Finding]:
        denied = [
            name
            for name in self._questions.non_terminals
            if isinstance(answer := self._seen.observation(name, RdataType.A), Answer)
            and answer.rcode == Rcode.NXDOMAIN
        ]
        above = self._above_what_is_visible() if denied else frozenset()
        for name in denied:
            if folded(name) in above:
                yield self._finding(
                    "live.empty-non-terminal",
                    Severity.WARNING,
                    f"Answers that {for_people(name)} does not exist, though names below it do; some resolvers "
                    "then ask for none of those (RFC 8020).",
                )

    def _above_what_is_visible(self) -> frozenset[Labels]:
        """Return the names above what the server showed."""
        shown = [
            rrset.key
            for rrset in (*self._questions.plain_sets.all(), *self._questions.glue)
            if self._is_shown(rrset)
        ]
        return frozenset(labels for key in (*shown, *self._visible) for labels in _ancestors(key.folded))

    def _is_shown(self, rrset: RRset) -> bool:
        return self._seen.is_as_foreseen(rrset.owner, rrset.rdtype)

    def _answered_by_wildcards(self) -> Iterator[Finding]:
        """Yield the names whose answer, right as it is, may be the wildcard's alone."""
        by_wildcard: dict[RRsetKey, list[Name]] = {}
        below = {(folded(key.owner)[1:], key.rdtype): made for key, made in self._wildcards.items()}
        for rrset in self._questions.plain_sets.all() if below else ():
            found = rrset if self._is_shown(rrset) else self._visible.get(rrset.key)
            if found is None or folded(rrset.owner) == folded(self._old.origin):
                continue
            for labels in _ancestors(folded(rrset.owner)):
                made = below.get((labels, rrset.rdtype))
                if made is not None and set(found.rdatas) == set(made.rdatas):
                    if not self._old.sets(made.owner, made.rdtype):
                        by_wildcard.setdefault(made.key, []).append(rrset.owner)
                    break
        for key, names in by_wildcard.items():
            yield self._finding(
                "live.wildcard-hides",
                Severity.WARNING,
                f"{counted(len(names), 'name')} ({named(names)}) may be missing: {for_people(key.owner)} gives "
                f"the same {key.rdtype.name} answer to any name.",
            )

    def _finding(self, check: str, severity: Severity, message: str) -> Finding:
        return Finding(check, severity, str(self._server), message)


def _by_owner(
    zone: CompactZone, gone: AbstractSet[RRsetKey], further: Sequence[RRset]
) -> dict[bytes, list[RRset]]:
    """Return what the owners have of which something is gone or seen besides; `gone` has keys of the zone."""
    found: dict[bytes, list[RRset]] = {}
    for key in (*gone, *(rrset.key for rrset in further)):
        owner = key_of(key.folded)
        if owner not in found:
            found[owner] = [rrset for rrset in zone.at(owner) if rrset.key not in gone]
    for rrset in further:
        found[key_of(rrset.key.folded)].append(rrset)
    return found


def second_round(old: ServedZone, questions: Questions, seen: Seen) -> list[Asked]:
    """Return what the first answers make one want to know: what stands in place of what is missing or differs."""
    further: dict[tuple[Labels, RdataType], Asked] = {}
    plain = questions.plain_sets
    for rrset in [rrset for wanted in seen.observations for rrset in plain[wanted]]:
        found = seen.found(rrset.owner, rrset.rdtype)
        if found is not None and mean_the_same(found.rdatas, rrset.rdatas):
            continue
        if of_observation(seen.observation(rrset.owner, rrset.rdtype)) is not None:
            continue
        nonce = _nonce_beside(old, questions, rrset.owner)
        for rdtype in _in_its_place(old, rrset, seen):
            for name in (rrset.owner, nonce) if nonce is not None else (rrset.owner,):
                further[folded(name), rdtype] = (name, rdtype)
        for host in _mail_hosts(old, found):
            for rdtype in ADDRESS_TYPES:
                further.setdefault((folded(host), rdtype), (host, rdtype))
        if found is not None:
            # Does a wildcard say so? Then it says the same of all that the name has, to any name beside it.
            for other in seen.at(rrset.owner) if nonce is not None else ():
                assert nonce is not None
                further[folded(nonce), other.rdtype] = (nonce, other.rdtype)
    return [(owner, rdtype) for owner, rdtype in further.values() if not seen.was_asked(owner, rdtype)]


def _mail_hosts(old: ServedZone, found: RRset | None) -> Iterator[Name]:
    """Yield mail servers within the zone that an MX set names, and the old side neither has nor names there."""
    if found is None or found.rdtype != RdataType.MX:
        return
    named = {folded(host) for had in old.sets(found.owner, RdataType.MX) for host in targets_of(had.rdatas)}
    for host in targets_of(found.rdatas):
        is_missing = host not in old and old.cover(host, RdataType.A) is None
        if is_missing and old.within(host) and folded(host) not in named:
            yield host


def _in_its_place(old: ServedZone, rrset: RRset, seen: Seen) -> Iterator[RdataType]:
    """Yield what may stand where a CNAME stood: addresses, and texts where no host has such a name; and CAA."""
    is_of_texts = any(label.startswith(b"_") for label in rrset.owner.labels)
    if rrset.rdtype == RdataType.CNAME and seen.found(rrset.owner, RdataType.CNAME) is None:
        yield from ADDRESS_TYPES
        if is_of_texts:
            yield RdataType.TXT
    if rrset.rdtype in HOST_TYPES and not is_of_texts and _issuers_may_differ(old, rrset, seen):
        yield RdataType.CAA


def _issuers_may_differ(old: ServedZone, rrset: RRset, seen: Seen) -> bool:
    """Tell whether another CAA set may apply to a host: its CNAME is gone or leads elsewhere, or it is one now.

    CAA is looked up through CNAMEs (RFC 8659 section 3); of what they lead to outside the zone, nothing is known.
    """
    cname = seen.found(rrset.owner, RdataType.CNAME)
    if cname is None:
        return rrset.rdtype == RdataType.CNAME
    is_other = not any(mean_the_same(cname.rdatas, had.rdatas) for had in old.sets(rrset.owner, RdataType.CNAME))
    return is_other and any(old.within(target) for target in targets_of(cname.rdatas))


def _nonce_beside(old: ServedZone, questions: Questions, owner: Name) -> Name | None:
    """Return the name that nobody has right beside this one; the apex has none."""
    return None if folded(owner) == folded(old.origin) else questions.nonces.get(folded(owner.parent()))


def _ancestors(labels: Labels) -> Iterator[Labels]:
    """Yield the names above a name, the nearest first."""
    for start in range(1, len(labels)):
        yield labels[start:]


def _wildcards(old: ServedZone, questions: Questions, seen: Seen) -> dict[RRsetKey, RRset]:
    """Return the wildcards that the answers to names which nobody has show, each at the highest name it serves."""
    found: dict[RRsetKey, RRset] = {}
    shown = {labels[1:] for labels in seen.owners() if questions.is_of_nobody(labels)}
    for labels in [labels for labels in questions.nonces if labels in shown]:
        for made in seen.at(questions.nonces[labels]):
            owner = Name([b"*", *_highest(old, questions, seen, labels, made)])
            key = RRsetKey(owner, made.rdtype)
            found.setdefault(key, RRset(key, made.ttl, made.rdatas))
    return found


def _highest(old: ServedZone, questions: Questions, seen: Seen, labels: Labels, made: RRset) -> Labels:
    """Return the name right below which the wildcard stands: one serves all levels that do not exist."""
    apex = folded(old.origin)
    while labels != apex and not old.sets(Name([b"*", *labels]), made.rdtype):
        above = questions.nonces.get(labels[1:])
        other = None if above is None else seen.found(above, made.rdtype)
        if other is None or set(other.rdatas) != set(made.rdatas):
            break
        labels = labels[1:]
    return labels


def _unseen_extras(rrset: RRset) -> tuple[Extra, ...]:
    """Return what an answer cannot show, a health check or a note; the absence of a proxy shows in the answer."""
    return tuple(extra for extra in rrset.extras if not (isinstance(extra, Proxied) and extra.enabled))
