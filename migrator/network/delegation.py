"""Walks from the root to the parent of a domain and asks every address of the parent's name servers for it.

The parent zone is found by asking for NS with one label more at each step, without recursion, and never from a
list of public suffixes: zone cuts are where the servers say. At the end each parent server is asked for NS, and
for DS, which the parent alone can answer.
"""

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.interfaces import DnsClient, Progress, no_progress
from migrator.model.delegation import Delegation, ParentView, WalkEnd
from migrator.model.names import ROOT, folded, is_within
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server, Silence
from migrator.network.iterative import MOST_REFERRALS, HostAddresses, Iteration, addresses_of
from migrator.network.profile import NetworkProfile
from migrator.network.referrals import Cut, Meaning, addresses, cut_of, meaning_of, referral_of

__all__ = ["HostAddresses", "addresses_of", "walk"]


def walk(client: DnsClient, profile: NetworkProfile, domain: Name, progress: Progress = no_progress) -> Delegation:
    """Return how the parent delegates the domain; silence on the way is in the trail, and never raises.

    The root has no parent: its own servers, as the hints name them, are asked instead.
    """
    iteration = Iteration(client, profile, progress)
    cut = iteration.root()
    for count in range(2, len(domain.labels)):
        found = _descend(iteration, cut, Name(domain.labels[-count:]))
        if found is None:
            return Delegation(domain, None, WalkEnd.UNREACHABLE, (), tuple(iteration.trail))
        cut = found
    return _ask_parents(iteration, cut, domain)


def _descend(iteration: Iteration, cut: Cut, name: Name) -> Cut | None:
    """Return the zone that `name` is in or is the apex of, or None where no server says."""
    for _ in range(MOST_REFERRALS):
        found = iteration.first_useful(cut, name, (RdataType.NS,))
        deeper = _deeper(found[0], cut.zone) if found else None
        if deeper is None:
            is_known = found and meaning_of(found[0], cut.zone) not in {Meaning.USELESS, Meaning.SECONDHAND}
            return cut if is_known else None
        cut = iteration.learn(_completed(iteration, deeper, found[0]))
        if folded(cut.zone) == folded(name):
            return cut
    return None


def _deeper(observation: Observation, zone: Name) -> Cut | None:
    """Return the cut that the answer shows: of a referral, or of a server that hosts the child as well."""
    if not isinstance(observation, Answer):
        return None
    match meaning_of(observation, zone):
        case Meaning.REFERRAL:
            delegation = referral_of(observation, zone)
        case Meaning.ANSWER:
            delegation = observation.answered()
        case _:
            delegation = None
    return None if delegation is None else cut_of(delegation, observation, zone)


def _completed(iteration: Iteration, cut: Cut, observation: Observation) -> Cut:
    """Return the cut with the addresses of name servers inside it, where its own server left them out.

    Nobody but a server of the zone can tell them, and the one that answered for its apex is such a server.
    """
    missing = [name for name in cut.names if is_within(name, cut.zone) and folded(name) not in cut.glue]
    if not missing or meaning_of(observation, cut.zone) is not Meaning.ANSWER:
        return cut
    server = observation.question.server
    asked = iteration.ask([Question(server, name, rdtype) for name in missing for rdtype in _ADDRESS_TYPES])
    glue = dict(cut.glue)
    for answer in asked:
        rrset = answer.answered() if isinstance(answer, Answer) else None
        if rrset is not None:
            owner = folded(rrset.owner)
            glue[owner] = (*glue.get(owner, ()), *addresses(rrset))
    return Cut(cut.zone, cut.names, glue)


def _ask_parents(iteration: Iteration, cut: Cut, domain: Name) -> Delegation:
    """Ask every server of the parent zone, which turns out to be a deeper one where they refer to one."""
    views: tuple[ParentView, ...] = ()
    for _ in range(MOST_REFERRALS):
        cut = iteration.learn(_with_apex(iteration, cut))
        views = _views(iteration, iteration.all_servers(cut), domain)
        found = [_deeper(view.ns, cut.zone) for view in views]
        if any(each is not None and folded(each.zone) == folded(domain) for each in found):
            break
        deeper = next((each for each in found if each is not None), None)
        if deeper is None:
            break
        cut = deeper
    views += _not_found(iteration, cut, domain)
    parent = None if domain == ROOT else cut.zone
    return Delegation(domain, parent, _end(views, cut.zone), views, tuple(iteration.trail))


def _with_apex(iteration: Iteration, cut: Cut) -> Cut:
    """Return the cut with the name servers that the zone itself names; for the root these replace the hints.

    A server that only the zone names serves it as well, and is asked by resolvers that have seen it.
    """
    found = iteration.first_useful(cut, cut.zone, (RdataType.NS,))
    answer = found[0] if found else None
    apex = answer.answered() if isinstance(answer, Answer) and answer.authoritative else None
    if apex is None or not isinstance(answer, Answer) or answer.truncated:
        return cut
    own = cut_of(apex, answer, cut.zone)
    if cut.zone == ROOT:
        return Cut(ROOT, own.names, {**cut.glue, **own.glue})
    names = {folded(name): name for name in (*own.names, *cut.names)}
    glue = {owner: tuple(dict.fromkeys((*cut.glue.get(owner, ()), *own.glue.get(owner, ())))) for owner in names}
    return Cut(cut.zone, tuple(names.values()), glue)


def _views(iteration: Iteration, servers: tuple[Server, ...], domain: Name) -> tuple[ParentView, ...]:
    questions = [Question(server, domain, RdataType.NS) for server in servers]
    questions += [Question(server, domain, RdataType.DS, dnssec_ok=True) for server in servers]
    found = iteration.ask(questions)
    return tuple(map(ParentView, servers, found[: len(servers)], found[len(servers) :]))


def _not_found(iteration: Iteration, cut: Cut, domain: Name) -> tuple[ParentView, ...]:
    """Return a view for each name server of the parent that has no address for all that anybody told.

    Resolvers elsewhere may know its address, so that what it lists counts as much as what any other does.
    """
    views = []
    for name, reason in iteration.not_found(cut):
        server, detail = Server("", name=name), f"its addresses could not be looked up: {reason}"
        ns, ds = (
            NoAnswer(Question(server, domain, rdtype), iteration.trail[-1].at, Silence.FORBIDDEN, detail)
            for rdtype in (RdataType.NS, RdataType.DS)
        )
        views.append(ParentView(server, ns, ds))
    return tuple(views)


def _end(views: tuple[ParentView, ...], zone: Name) -> WalkEnd:
    """Return what the parent servers say together: one that delegates outweighs those that do not (yet)."""
    meanings = {meaning_of(view.ns, zone) for view in views}
    if meanings & {Meaning.REFERRAL, Meaning.ANSWER}:
        return WalkEnd.DELEGATED
    if meanings & {Meaning.NO_DATA, Meaning.ALIAS}:
        return WalkEnd.NO_ZONE_CUT
    return WalkEnd.NO_SUCH_NAME if Meaning.NO_NAME in meanings else WalkEnd.UNREACHABLE


_ADDRESS_TYPES = (RdataType.A, RdataType.AAAA)
