"""Finds the names of a zone by asking its servers: a transfer, an NSEC walk, lists of words, and structure.

Each name is asked for once, with the type that it most probably has; only one that exists is asked for the
others. The questions go round the servers in turn, slowly. Answers that a wildcard makes up are told by a label
that nobody has. A name of its own may have the wildcard's very answer: it is told by what else it has or lacks,
and by names below it, since no wildcard answers for a name that exists (RFC 4592 section 2.2.1).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.discovery import words
from migrator.discovery.chain import MADE_BY_SIGNER, link_of
from migrator.discovery.finds import Discovery, Way, first_type, types_of
from migrator.discovery.hints import Hint
from migrator.discovery.structure import beside, led_to
from migrator.errors import DnsError, InputError, ProviderError
from migrator.interfaces import DnsClient, Progress, no_progress
from migrator.model.names import absolute, below, folded, for_people, is_wildcard, is_within
from migrator.model.observation import Answer, Observation, Question, Server
from migrator.model.phrases import counted
from migrator.model.rrset import Record, RRset, RRsetKey, canonical_wire
from migrator.model.values import dataclass
from migrator.model.zone import assemble
from migrator.network.randomlabel import random_label

MOST_LINKS = 20_000
_SHOWN = 3
_ANSWERS = frozenset({Rcode.NOERROR, Rcode.NXDOMAIN})
_APEX = (RdataType.SOA, RdataType.NS)
_GLUE = frozenset({RdataType.A, RdataType.AAAA})
# What a name is asked for that has the answer of a wildcard: mail hosts have an SPF record, and MX of their own.
_BESIDE_WILDCARD = (RdataType.TXT, RdataType.MX, RdataType.AAAA)
_NONCE_TYPES = (RdataType.A, RdataType.AAAA, RdataType.TXT, RdataType.MX, RdataType.SRV, RdataType.TLSA)


def discover(
    client: DnsClient,
    domain: Name,
    servers: Sequence[Server],
    hints: Iterable[Hint],
    now: datetime,
    *,
    guess: bool = True,
    progress: Progress = no_progress,
) -> Discovery:
    """Return what can be found of the zone; `hints` are names that somebody knows, `guess` tries lists of words.

    Raises DnsError where no server answers for the zone.
    """
    search = _Search(client, domain, tuple(servers), progress)
    serving = search.serving()
    if not serving:
        raise DnsError(f"No server answers for {for_people(domain)}: {search.trouble()}.")
    search.servers = serving
    transferred = search.transfer()
    if transferred is not None:
        search.ways.append(transferred)
    else:
        search.ways.append(search.look_at_apex())
        search.ways.append(search.walk())
        search.follow("structure", ())
        given = tuple(hints)
        if given:
            search.follow("your files", given)
        if guess:
            search.follow("lists of usual names", _usual(domain))
            search.follow("lists of DKIM selectors", _signing(domain, now))
        search.look_for_wildcards()
    assembly = assemble(
        domain,
        [Record(r.owner, r.ttl or 0, rdata) for r in search.found.values() for rdata in r.rdatas],
        source=f"discover {for_people(domain)}",
        read_at=now,
        name_servers=(),
    )
    return Discovery(
        assembly.snapshot,
        search.how,
        tuple(search.ways),
        serving,
        search.questions,
        search.unanswered,
        assembly.findings,
    )


def _usual(domain: Name) -> Iterator[Hint]:
    for text in words.HOSTS:
        yield Hint(absolute(text, domain), "found by the list of usual names")
    for texts in words.UNDERSCORED.values():
        for text in texts:
            yield Hint(absolute(text, domain), "found by the list of usual names")


def _signing(domain: Name, now: datetime) -> Iterator[Hint]:
    label = domain.labels[0].decode("ascii", "replace").lower()
    for selector in dict.fromkeys(words.selectors(now.date(), label)):
        try:
            yield Hint(absolute(f"{selector}._domainkey", domain), "found by the list of DKIM selectors")
        except InputError:
            continue


@dataclass(slots=True)
class _Search:
    """What was asked, what was found and how; `turn` shares the questions out among the servers."""

    client: DnsClient
    domain: Name
    servers: tuple[Server, ...]
    progress: Progress
    found: dict[RRsetKey, RRset] = field(default_factory=dict)
    how: dict[RRsetKey, str] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    questions: int = 0
    unanswered: int = 0
    turn: int = 0
    asked: set[tuple[tuple[bytes, ...], RdataType]] = field(default_factory=set)
    seen_names: set[tuple[bytes, ...]] = field(default_factory=set)
    synthesised: dict[tuple[bytes, ...], dict[RdataType, frozenset[bytes]]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    new: list[RRset] = field(default_factory=list)
    empty: list[Name] = field(default_factory=list)
    hidden: dict[tuple[bytes, ...], tuple[list[Observation], str]] = field(default_factory=dict)
    real: set[tuple[bytes, ...]] = field(default_factory=set)
    nonce: bytes = field(default_factory=random_label)

    def serving(self) -> tuple[Server, ...]:
        """Return the servers that answer for the zone with authority."""
        seen = self.client.ask([Question(server, self.domain, RdataType.SOA) for server in self.servers])
        self.questions += len(seen)
        good = []
        for observation in seen:
            if (
                isinstance(observation, Answer)
                and observation.authoritative
                and observation.answered() is not None
            ):
                good.append(observation.question.server)
            else:
                what = (
                    Rcode.to_text(observation.rcode)
                    if isinstance(observation, Answer)
                    else str(observation.reason)
                )
                self.refusals.append(f"{observation.question.server}: {what}")
        return tuple(good)

    def trouble(self) -> str:
        """Return what the servers gave in place of the zone."""
        return "; ".join(self.refusals) or "no server is known"

    def transfer(self) -> Way | None:
        """Take the whole zone where a server gives it; None where all refuse."""
        for server in self.servers:
            self.questions += 1
            try:
                records = list(self.client.transfer(self.domain, server))
            except ProviderError:
                continue
            for record in records:
                key = RRsetKey(record.owner, record.rdata.rdtype)
                before = self.found.get(key)
                rdatas = (record.rdata,) if before is None else (*before.rdatas, record.rdata)
                self.found[key] = RRset(key, record.ttl, rdatas)
                self.how[key] = f"found by zone transfer from {server}"
            return Way("zone transfer", len(self.found), is_complete=True, detail=str(server))
        return None

    def look_at_apex(self) -> Way:
        """Ask for everything at the apex, and for a name that nobody has."""
        types = dict.fromkeys((*_APEX, *types_of(self.domain)))
        self._take(self._ask([(self.domain, rdtype) for rdtype in types]), "found at the apex")
        return Way("apex", len(self.found), detail=f"{len(types)} types tried")

    def walk(self) -> Way:
        """Go along the NSEC records, and ask at each name for the types that it has."""
        owner, before = self.domain, len(self.found)
        seen: set[tuple[bytes, ...]] = set()
        listed: list[RRsetKey] = []
        for _ in range(MOST_LINKS):
            (observation,) = self._ask([(owner, RdataType.NSEC)], dnssec=True) or (None,)
            step = "no answer for NSEC" if observation is None else link_of(observation, owner, self.domain)
            if isinstance(step, str):
                return Way("NSEC walk", len(self.found) - before, detail=step)
            seen.add(folded(owner))
            self.seen_names.add(folded(owner))
            wanted = [rdtype for rdtype in step.types if rdtype not in MADE_BY_SIGNER]
            self._take(self._ask([(owner, rdtype) for rdtype in wanted]), "found by the NSEC walk")
            listed += [RRsetKey(owner, rdtype) for rdtype in wanted]
            self.progress("names", len(seen), None)
            if folded(step.following) == folded(self.domain):
                missing = [key for key in listed if key not in self.found]
                detail = _unanswered(missing) if missing else ""
                return Way("NSEC walk", len(self.found) - before, not missing, detail)
            if folded(step.following) in seen:
                return Way("NSEC walk", len(self.found) - before, detail="the chain runs in a circle")
            owner = step.following
        return Way("NSEC walk", len(self.found) - before, detail=f"given up after {MOST_LINKS} names")

    def follow(self, name: str, hints: Iterable[Hint]) -> None:
        """Ask for names, then for those that they lead to, until there are no new ones."""
        before = len(self.found)
        waiting = [hint for hint in hints if is_within(hint.name, self.domain)]
        # What the apex and the walk have shown leads on, too.
        waiting += list(self._onward())
        tried = 0
        while waiting:
            fresh = {
                folded(hint.name): hint for hint in reversed(waiting) if folded(hint.name) not in self.seen_names
            }
            self.seen_names.update(fresh)
            tried += len(fresh)
            self._try(list(fresh.values()))
            self._uncover()
            waiting = list(self._onward())
        self.ways.append(Way(name, len(self.found) - before, detail=f"{tried} names tried"))

    def look_for_wildcards(self) -> None:
        """Ask for wildcards where they can stand: at the apex, below empty names, and above made-up answers."""
        before = len(self.found)
        parents = {folded(self.domain): self.domain} | {folded(name): name for name in self.empty}
        for labels in [labels for labels, made in self.synthesised.items() if made]:
            parent = Name(labels)
            while len(parent.labels) > len(self.domain.labels):
                parents[folded(parent)] = parent
                parent = parent.parent()
        stars = [star for parent in parents.values() if (star := below(parent, b"*")) is not None]
        pairs = [(star, rdtype) for star in stars for rdtype in types_of(star)]
        self._take(self._ask(pairs), "found by a name that nobody has")
        self.ways.append(Way("wildcards", len(self.found) - before, detail=f"{len(stars)} places tried"))

    def _try(self, hints: Sequence[Hint]) -> None:
        """Ask for each name with its first type; where it exists, for all types."""
        first = self._ask([(hint.name, first_type(hint.name)) for hint in hints])
        how = {folded(hint.name): hint.how for hint in hints}
        self._ask_nonces(first)
        existing = [seen for seen in first if self._exists(seen)]
        hidden = [seen for seen in first if _has_data(seen) and not self._exists(seen)]
        for seen in hidden:
            self.hidden[folded(seen.question.qname)] = ([seen], how[folded(seen.question.qname)])
        for seen in self._ask([(seen.question.qname, rdtype) for seen in hidden for rdtype in _BESIDE_WILDCARD]):
            self.hidden[folded(seen.question.qname)][0].append(seen)
        for seen in hidden:
            answers, _ = self.hidden[folded(seen.question.qname)]
            if any(self._is_no_wildcard(each) for each in answers):
                self._keep_hidden(folded(seen.question.qname))
        self._keep_all(existing, how)

    def _uncover(self) -> None:
        """Keep the names with a wildcard's answer below which something was found: they exist themselves."""
        above = {key.folded[place:] for key in self.found for place in range(1, len(key.folded))}
        for labels in [labels for labels in self.hidden if labels in above]:
            self._keep_hidden(labels)

    def _keep_hidden(self, labels: tuple[bytes, ...]) -> None:
        """Keep a name of its own that has the answer of a wildcard, with all its types."""
        answers, how = self.hidden.pop(labels)
        self.real.add(labels)
        self._keep_all(answers, {labels: how})

    def _keep_all(self, existing: Sequence[Observation], how: Mapping[tuple[bytes, ...], str]) -> None:
        """Keep what was answered for names that exist, and ask them for all types."""
        for seen in existing:
            self._take([seen], how[folded(seen.question.qname)])
        pairs = [
            (seen.question.qname, rdtype)
            for seen in existing
            if not _is_referral(seen) and not _has_alias(seen)
            for rdtype in types_of(seen.question.qname)
        ]
        for seen in self._ask(pairs):
            self._take([seen], how[folded(seen.question.qname)])
        owners = {key.folded for key in self.found}
        self.empty += [seen.question.qname for seen in existing if folded(seen.question.qname) not in owners]

    def _ask_nonces(self, answers: Iterable[Observation]) -> None:
        """See what a name that nobody has is given at each place where something was found."""
        parents = {
            folded(seen.question.qname.parent())
            for seen in answers
            if isinstance(seen, Answer) and seen.rcode == Rcode.NOERROR and seen.answer
        }
        for labels in [labels for labels in parents if labels not in self.synthesised]:
            nobody = below(Name(labels), self.nonce)
            made: dict[RdataType, frozenset[bytes]] = {}
            for seen in self._ask([(nobody, rdtype) for rdtype in _NONCE_TYPES]) if nobody is not None else ():
                for rdtype in (seen.question.rdtype, RdataType.CNAME):
                    rrset = seen.answered(rdtype) if isinstance(seen, Answer) else None
                    if rrset is not None:
                        made[rdtype] = frozenset(map(canonical_wire, rrset.rdatas))
            self.synthesised[labels] = made

    def _exists(self, seen: Observation) -> bool:
        """Tell whether the name exists, and not by a wildcard alone."""
        if not isinstance(seen, Answer) or seen.rcode != Rcode.NOERROR:
            return False
        if not seen.answer:
            return True
        return not all(self._is_made_up(rrset) for rrset in _own(seen))

    def _is_no_wildcard(self, seen: Observation) -> bool:
        """Tell whether a name has something of its own, or lacks what a wildcard would give it."""
        if not isinstance(seen, Answer) or seen.rcode != Rcode.NOERROR or _is_referral(seen):
            return False
        if seen.answer:
            return any(not self._is_made_up(rrset) for rrset in _own(seen))
        return seen.question.rdtype in self.synthesised.get(folded(seen.question.qname.parent()), {})

    def _is_made_up(self, rrset: RRset) -> bool:
        if folded(rrset.owner) in self.real:
            return False
        made = self.synthesised.get(folded(rrset.owner.parent()), {})
        return made.get(rrset.rdtype) == frozenset(map(canonical_wire, rrset.rdatas))

    def _take(self, answers: Iterable[Observation], how: str) -> None:
        """Keep what answers show: sets at the name, aliases, delegations with their glue."""
        for seen in answers:
            if not isinstance(seen, Answer) or seen.rcode not in _ANSWERS:
                continue
            for rrset in _own(seen):
                if is_wildcard(rrset.owner) or not self._is_made_up(rrset):
                    self._keep(rrset, how)
            if _is_referral(seen):
                self._take_referral(seen, how)

    def _take_referral(self, seen: Answer, how: str) -> None:
        for rrset in seen.authority:
            inside = is_within(rrset.owner, self.domain) and folded(rrset.owner) != folded(self.domain)
            if rrset.rdtype == RdataType.NS and inside and rrset.key not in self.found:
                self._keep(rrset, how)
                for rdata in seen.additional:
                    if rdata.rdtype in _GLUE and is_within(rdata.owner, rrset.owner):
                        self._keep(rdata, how)
                self._take(self._ask([(rrset.owner, RdataType.DS)]), how)

    def _keep(self, rrset: RRset, how: str) -> None:
        if rrset.key not in self.found and rrset.rdtype not in MADE_BY_SIGNER:
            self.found[rrset.key] = rrset
            self.how[rrset.key] = how
            self.new.append(rrset)

    def _onward(self) -> Iterator[Hint]:
        """Yield the names that the sets found since the last time lead to."""
        fresh, self.new = self.new, []
        for rrset in fresh:
            yield from led_to(rrset, self.domain)
            yield from beside(rrset, self.domain)

    def _ask(self, pairs: Sequence[tuple[Name, RdataType]], *, dnssec: bool = False) -> list[Observation]:
        """Ask what was not asked yet; who is silent or refuses is replaced by the next server once."""
        wanted: dict[tuple[tuple[bytes, ...], RdataType], tuple[Name, RdataType]] = {}
        for name, rdtype in pairs:
            key = (folded(name), rdtype)
            if key not in self.asked:
                wanted.setdefault(key, (name, rdtype))
        self.asked.update(wanted)
        seen = self._round(list(wanted.values()), dnssec=dnssec)
        failed = [place for place, each in enumerate(seen) if not _is_useful(each)]
        if failed:
            again = [(seen[place].question.qname, seen[place].question.rdtype) for place in failed]
            for place, each in zip(failed, self._round(again, dnssec=dnssec), strict=True):
                seen[place] = each
                self.unanswered += not _is_useful(each)
        return seen

    def _round(self, pairs: Sequence[tuple[Name, RdataType]], *, dnssec: bool) -> list[Observation]:
        questions = []
        for name, rdtype in pairs:
            self.turn += 1
            server = self.servers[self.turn % len(self.servers)]
            questions.append(Question(server, name, rdtype, dnssec_ok=dnssec))
        self.questions += len(questions)
        return list(self.client.ask(questions, self.progress)) if questions else []


def _own(seen: Answer) -> Iterator[RRset]:
    """Yield the sets at the name itself: of the type asked for, an alias, or a redirection above it."""
    owner = folded(seen.question.qname)
    for rrset in seen.answer:
        at_owner = folded(rrset.owner) == owner and rrset.rdtype in {seen.question.rdtype, RdataType.CNAME}
        if at_owner or rrset.rdtype == RdataType.DNAME:
            yield rrset


def _unanswered(missing: Sequence[RRsetKey]) -> str:
    """Return what the names of a walk have and no server answered."""
    named = ", ".join(f"{for_people(key.owner)} {RdataType.to_text(key.rdtype)}" for key in missing[:_SHOWN])
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    one = len(missing) == 1
    sets = f"{counted(len(missing), 'set')} that they have {'was' if one else 'were'} not answered"
    return f"all names seen, and {sets}: {named}{more}"


def _is_useful(seen: Observation) -> bool:
    return isinstance(seen, Answer) and seen.rcode in _ANSWERS and not seen.truncated


def _is_referral(seen: Observation) -> bool:
    if not isinstance(seen, Answer) or seen.authoritative or seen.answer:
        return False
    return any(rrset.rdtype == RdataType.NS for rrset in seen.authority)


def _has_data(seen: Observation) -> bool:
    """Tell whether the answer has a set of the type that was asked for, at the name itself."""
    return isinstance(seen, Answer) and seen.rcode == Rcode.NOERROR and seen.answered() is not None


def _has_alias(seen: Observation) -> bool:
    return isinstance(seen, Answer) and seen.answered(RdataType.CNAME) is not None
