"""Looks up what the targets of aliases answer now, through the resolvers of the network profile.

An alias is answered by its provider from the target's own answer; a zone file can only hold that answer as it
is at this moment.
"""

from collections.abc import Sequence

import dns.rcode
from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME

from migrator.interfaces import DnsClient, Progress, no_progress
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.names import folded
from migrator.model.observation import Answer, NoAnswer, Observation, Question, Server
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.zone import subject_of

CHECK = "plain.alias-unchecked"
# A resolver gives the rest of a TTL, which can be a second; what is written into a file lives longer than that.
SHORTEST_TTL = 60
_LONGEST_CHAIN = 16
_ANSWERED = {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}


def look_up(
    client: DnsClient,
    resolvers: Sequence[Server],
    keys: Sequence[RRsetKey],
    progress: Progress = no_progress,
) -> tuple[dict[RRsetKey, RRset], tuple[Unchecked, ...]]:
    """Return the answer for each name and type, empty where there is none, and what nobody could say.

    Each resolver is asked only for what those before it left open.
    """
    found: dict[RRsetKey, RRset] = {}
    reasons: dict[RRsetKey, str] = dict.fromkeys(keys, "the network profile names no resolver")
    for resolver in resolvers:
        questions = [Question(resolver, key.owner, key.rdtype, recursion_desired=True) for key in reasons]
        observations = client.ask(questions, progress)
        for key, observation in zip(tuple(reasons), observations, strict=True):
            rrset = _answer(key, observation)
            if rrset is None:
                reasons[key] = _reason(observation)
            else:
                found[key] = rrset
                del reasons[key]
        if not reasons:
            break
    return found, tuple(Unchecked(CHECK, subject_of(key), reason) for key, reason in reasons.items())


def unchecked_finding(unchecked: Unchecked) -> Finding:
    """Return what the user is told of an alias that nobody could look up."""
    message = f"No resolver said what the target answers ({unchecked.reason}), so the alias is only a comment."
    return Finding(unchecked.check, Severity.WARNING, unchecked.subject, message)


def _answer(key: RRsetKey, observation: Observation) -> RRset | None:
    """Return the records at the end of the chain of CNAMEs, with the smallest TTL on the way."""
    if not isinstance(observation, Answer) or observation.rcode not in _ANSWERED or observation.truncated:
        return None
    name, ttls = key.owner, []
    for _ in range(_LONGEST_CHAIN):
        rrset = _at(observation, name, key.rdtype)
        if rrset is not None:
            ttls.append(rrset.ttl or 0)
            return make(key, max(SHORTEST_TTL, min(ttls)), rrset.rdatas)
        cname = _at(observation, name, RdataType.CNAME)
        target = next((r.target for r in cname.rdatas if isinstance(r, CNAME)), None) if cname else None
        if cname is None or target is None:
            return RRset(key, SHORTEST_TTL, ())
        ttls.append(cname.ttl or 0)
        name = target
    return None


def _at(answer: Answer, name: Name, rdtype: RdataType) -> RRset | None:
    return next((r for r in answer.answer if r.rdtype == rdtype and folded(r.owner) == folded(name)), None)


def _reason(observation: Observation) -> str:
    match observation:
        case NoAnswer():
            return f"{observation.question.server}: {observation.reason}"
        case Answer(truncated=True):
            return f"{observation.question.server}: truncated"
        case Answer() if observation.rcode in _ANSWERED:
            return f"{observation.question.server}: a chain of CNAMEs without end"
        case Answer():
            return f"{observation.question.server}: {dns.rcode.to_text(observation.rcode)}"
