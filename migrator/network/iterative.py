"""A small iterative resolver of our own: from the root hints down, never through anybody's cache.

It serves one walk: what it has learnt on the way (zone cuts, addresses of name servers, who is silent) is kept as
long as the object. It is bounded in questions and in depth, so that zones which refer to each other in a circle
come to an end.
"""

from collections.abc import Iterator, Sequence

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.cutover.look import HostState
from migrator.interfaces import DnsClient, Progress, no_progress
from migrator.model.names import ROOT, canonical_key, folded, text_of
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence
from migrator.model.values import dataclass
from migrator.network.profile import NetworkProfile
from migrator.network.referrals import Cut, Labels, Meaning, addresses, alias_of, cut_of, meaning_of, referral_of

MOST_QUESTIONS = 600
MOST_REFERRALS = 24
DEEPEST = 8  # lookups that wait for each other
_FIRST_BATCH = 3  # servers that are asked at once; the others follow, all together, where these are of no use
_HOPELESS = 2  # silences in a row, each after all tries, from which on a server is left out


@dataclass(frozen=True, slots=True)
class HostAddresses:
    """What came of looking for the addresses of a host name, IPv4 first.

    Behind a CNAME they are those of its end, and `detail` is its target; where nothing is known, it says why.
    """

    state: HostState
    addresses: tuple[str, ...] = ()
    detail: str = ""


def addresses_of(
    client: DnsClient, profile: NetworkProfile, host: Name, progress: Progress = no_progress
) -> HostAddresses:
    """Return the addresses of a host name as its own zone's servers give them, found from the root down."""
    return Iteration(client, profile, progress).addresses_of(host)


class Iteration:
    """Asks on the way down and remembers; `trail` are all observations in their order."""

    def __init__(self, client: DnsClient, profile: NetworkProfile, progress: Progress) -> None:
        """Begin with the root hints, and no other knowledge."""
        self.trail: list[Observation] = []
        self._client = client
        self._profile = profile
        self._progress = progress
        self._silences: dict[str, int] = {}
        self._hosts: dict[Labels, HostAddresses] = {}
        self._underway: list[Labels] = []
        self._cuts = {folded(ROOT): _root(profile)}

    def learn(self, cut: Cut) -> Cut:
        """Remember a zone cut."""
        self._cuts[folded(cut.zone)] = cut
        return cut

    def root(self) -> Cut:
        """Return the root zone as the hints describe it."""
        return self._cuts[folded(ROOT)]

    def ask(self, questions: Sequence[Question]) -> tuple[Observation, ...]:
        """Ask as long as the walk may, and remember who is silent."""
        if not questions:
            return ()
        left = max(0, MOST_QUESTIONS - len(self.trail))
        found = self._client.ask(questions[:left])
        spent = f"not asked, since {MOST_QUESTIONS} questions were asked on the way already"
        at = found[-1].at if found else self.trail[-1].at
        found += tuple(NoAnswer(question, at, Silence.FORBIDDEN, spent) for question in questions[left:])
        self.trail += found[:left]
        for observation in found:
            address = observation.question.server.address
            before = self._silences.get(address, 0)
            self._silences[address] = 0 if isinstance(observation, Answer) else before + 1
        self._progress("questions", len(self.trail), None)
        return found

    def servers(self, cut: Cut) -> Iterator[tuple[Server, ...]]:
        """Yield the servers of a zone in batches: those whose address is known first, of these the silent last."""
        known = [server for name in cut.names for server in self._named(name, self._known(cut, name))]
        known = [server for server in known if self._silences.get(server.address, 0) < _HOPELESS]
        known.sort(key=lambda server: (self._silences.get(server.address, 0), ":" in server.address))
        unknown = [name for name in cut.names if not self._known(cut, name)]
        for batch in (known[:_FIRST_BATCH], known[_FIRST_BATCH:]):
            if batch:
                yield tuple(batch)
        for name in unknown:
            found = self.addresses_of(name).addresses
            if found:
                yield self._named(name, found)

    def all_servers(self, cut: Cut) -> tuple[Server, ...]:
        """Return every address of every name server of a zone, each once, in the order of the names.

        A referral has room for a part of the addresses only (RFC 9471 section 2.1), so that a family which did not
        come along is looked up.
        """
        every: dict[str, Server] = {}
        families = {False} if self._profile.ipv6 is False else {False, True}
        for name in cut.names:
            found = self._known(cut, name)
            if not families <= {":" in address for address in found}:
                found += self.addresses_of(name).addresses
            for server in self._named(name, found):
                every.setdefault(server.address, server)
        return tuple(every.values())

    def not_found(self, cut: Cut) -> Iterator[tuple[Name, str]]:
        """Yield the name servers of a zone whose addresses nobody told, and why; one without any is none."""
        for name in cut.names:
            if not self._known(cut, name):
                found = self.addresses_of(name)
                if found.state is HostState.UNCHECKED:
                    yield name, found.detail

    def first_useful(self, cut: Cut, qname: Name, rdtypes: Sequence[RdataType]) -> tuple[Observation, ...]:
        """Return one observation for each type, from the first server that says anything of its own.

        Where none does they are those of a resolver in its place, if there is one.
        """
        found: tuple[Observation, ...] = ()
        for batch in self.servers(cut):
            asked = self.ask([Question(server, qname, rdtype) for server in batch for rdtype in rdtypes])
            for place in range(0, len(asked), len(rdtypes)):
                of_server = asked[place : place + len(rdtypes)]
                meanings = {meaning_of(each, cut.zone) for each in of_server} - {Meaning.USELESS}
                if meanings - {Meaning.SECONDHAND}:
                    return of_server
                found = of_server if meanings or not found else found
        return found

    def addresses_of(self, host: Name) -> HostAddresses:
        """Return the addresses of a host name; what is being looked for already cannot be found this way."""
        key = folded(host)
        if key not in self._hosts:
            if key in self._underway or len(self._underway) >= DEEPEST:
                return HostAddresses(HostState.UNCHECKED, detail="the lookup goes in a circle")
            self._underway.append(key)
            try:
                self._hosts[key] = self._look_up(host)
            finally:
                self._underway.pop()
        return self._hosts[key]

    def _named(self, name: Name, found: Sequence[str]) -> tuple[Server, ...]:
        port = self._profile.port
        return tuple(Server(address, port, None if name == ROOT else name) for address in found)

    def _known(self, cut: Cut, name: Name) -> tuple[str, ...]:
        """Return the addresses that came with the cut, or were looked up before."""
        before = self._hosts.get(folded(name))
        return cut.glue.get(folded(name)) or (before.addresses if before is not None else ())

    def _closest(self, host: Name) -> Cut:
        """Return the deepest known zone that the name is in."""
        labels = folded(host)
        return next(self._cuts[labels[i:]] for i in range(len(labels)) if labels[i:] in self._cuts)

    def _look_up(self, host: Name) -> HostAddresses:
        cut = self._closest(host)
        for _ in range(MOST_REFERRALS):
            found = self.first_useful(cut, host, (RdataType.A, RdataType.AAAA))
            referrals = [_referral(observation, cut.zone) for observation in found]
            deeper = next((referral for referral in referrals if referral is not None), None)
            if deeper is None:
                return self._judged(found, cut.zone)
            cut = self.learn(deeper)
        return HostAddresses(HostState.UNCHECKED, detail="the referrals have no end")

    def _judged(self, found: Sequence[Observation], zone: Name) -> HostAddresses:
        """Return what the answers for A and AAAA say together."""
        useful = [
            each for each in found if isinstance(each, Answer) and meaning_of(each, zone) is not Meaning.USELESS
        ]
        rrsets = [rrset for answer in useful if (rrset := answer.answered()) is not None]
        known = tuple(address for rrset in rrsets for address in addresses(rrset))
        if known:
            return HostAddresses(HostState.FOUND, known)
        alias = next((target for answer in useful if (target := alias_of(answer)) is not None), None)
        if alias is not None:
            return HostAddresses(HostState.CNAME, self.addresses_of(alias).addresses, text_of(alias))
        if any(meaning_of(answer, zone) is Meaning.NO_NAME for answer in useful):
            return HostAddresses(HostState.NO_SUCH_NAME)
        if found and len(useful) == len(found):
            return HostAddresses(HostState.NO_ADDRESS)
        return HostAddresses(HostState.UNCHECKED, detail=f"no server of {text_of(zone)} gave an answer of use")


def _referral(observation: Observation, zone: Name) -> Cut | None:
    if meaning_of(observation, zone) is not Meaning.REFERRAL:
        return None
    assert isinstance(observation, Answer)
    delegation = referral_of(observation, zone)
    return None if delegation is None else cut_of(delegation, observation, zone)


def _root(profile: NetworkProfile) -> Cut:
    """Return the root hints as a cut; hints without a name get one of their own."""
    glue: dict[Labels, tuple[str, ...]] = {}
    names: dict[Labels, Name] = {}
    for server in profile.root_hints:
        name = server.name or ROOT
        names[folded(name)] = name
        glue[folded(name)] = (*glue.get(folded(name), ()), server.address)
    return Cut(ROOT, tuple(sorted(names.values(), key=canonical_key)), glue)
