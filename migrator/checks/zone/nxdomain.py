"""Names that nobody has: the new servers deny them as the old ones do. No IO here."""

from collections.abc import Iterator, Mapping

from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.answers.seen import silence_of, trouble_of
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import served_zone
from migrator.cutover.look import explained
from migrator.diff.wording import listed
from migrator.model.finding import Phase, Severity
from migrator.model.names import below, for_people, text_of
from migrator.model.observation import Answer, Observation, Question

_NONCE_TYPES = (RdataType.A, RdataType.TXT)
_NXDOMAIN, _NODATA, _DATA = "NXDOMAIN", "no data", "data"


def _nonces(facts: Facts) -> Iterator[Question]:
    """Ask every server of both sides for a name that nobody has."""
    name = below(facts.domain, facts.nonce)
    for side in facts.sides if name is not None else ():
        for server in side.servers:
            for rdtype in _NONCE_TYPES:
                assert name is not None
                yield facts.question(server, name, rdtype)


@check(
    "zone.nxdomain",
    phases=(Phase.READY,),
    blocks=True,
    source="RFC 2308 sections 2 and 5; RFC 4592; RFC 8020",
    remedy="Remove the wildcard or the parking page of the new provider.",
    asks=_nonces,
)
def nxdomain(facts: Facts) -> Iterator[Point]:
    """Names that nobody has are denied.

    Asked: A and TXT of a random name right below the apex, of every address of both sides. It fails where the
    old servers (or the old zone, where they do not answer) deny the name and a new server answers data, as
    parked zones and forgotten wildcards do: mistyped names, and each record that was forgotten, seem to work. It
    fails the other way round as well. It warns where one side says NXDOMAIN and the other that there is no data,
    and where the denial has no SOA: resolvers cannot remember it. Not needed where both sides have a wildcard
    there, which `zone.wildcard` compares. New servers that do not answer, be it for one of both types alone, are
    unchecked; refusals are `ns.aa`'s.
    """
    if facts.new is None:
        yield NotNeeded("there is no new side: --to names it")
        return
    expected = _expected(facts)
    if not expected:
        evidence = tuple(_observed(facts, facts.old))
        yield Unchecked(
            text_of(facts.domain), "nothing of the old side tells how such a name is answered", evidence
        )
        return
    seen = list(_observed(facts, facts.new))
    if not seen:
        yield Unchecked(text_of(facts.domain), "no address of a new name server is known")
        return
    is_wild = any(_DATA in kinds for kinds in expected.values())
    by_server: dict[str, list[Observation]] = {}
    for observation in seen:
        by_server.setdefault(str(observation.question.server), []).append(observation)
    wild = {server for server, observations in by_server.items() if _is_like_wildcard(expected, observations)}
    if is_wild and wild == set(by_server):
        yield NotNeeded("a wildcard answers for any name; zone.wildcard compares it", tuple(seen))
        return
    for server, observations in by_server.items():
        if is_wild and server in wild:
            said = "A wildcard answers for any name, as before; zone.wildcard compares it."
            yield Passed(server, said, tuple(observations))
        else:
            yield _judged(facts, expected, server, observations)


def _observed(facts: Facts, side: ZoneSide) -> Iterator[Observation]:
    for question in _nonces(facts):
        if question.server in side.servers:
            yield facts.observed(question)


def _kind_of(observation: Observation) -> str | None:
    if not isinstance(observation, Answer) or silence_of(observation) or trouble_of(observation):
        return None
    if not observation.authoritative:
        return None
    if observation.answer:
        return _DATA
    return _NXDOMAIN if observation.rcode == Rcode.NXDOMAIN else _NODATA


def _expected(facts: Facts) -> dict[RdataType, set[str]]:
    """Return what the old side says to each question: its servers, or its zone where none of them answers."""
    found: dict[RdataType, set[str]] = {}
    for each in _observed(facts, facts.old):
        kind = _kind_of(each)
        if kind is not None:
            found.setdefault(each.question.rdtype, set()).add(kind)
    name = below(facts.domain, facts.nonce)
    if facts.old.zone is None or name is None:
        return found if len(found) == len(_NONCE_TYPES) else {}
    zone = served_zone(facts.old.zone)
    for rdtype in _NONCE_TYPES:
        if rdtype not in found:
            denied = _NXDOMAIN if zone.wildcard(name) is None else _NODATA
            found[rdtype] = {_DATA if zone.answer(name, rdtype) else denied}
    return found


def _is_like_wildcard(expected: Mapping[RdataType, set[str]], observations: list[Observation]) -> bool:
    """Tell whether a server answers data, and at no type that the old side's wildcard does not have."""
    data = [each for each in observations if _kind_of(each) == _DATA]
    return bool(data) and all(_DATA in expected[each.question.rdtype] for each in data)


def _judged(
    facts: Facts, expected: Mapping[RdataType, set[str]], server: str, observations: list[Observation]
) -> Point:
    """Return what one server makes of the name."""
    answers = [each for each in observations if isinstance(each, Answer) and _kind_of(each) is not None]
    if not answers:
        reasons = " and ".join(dict.fromkeys(map(explained, observations)))
        return Unchecked(server, f"it does not answer for a random name: {reasons}", tuple(observations))
    silent = [each for each in observations if _kind_of(each) is None]
    unlike = [each for each in answers if _kind_of(each) not in expected[each.question.rdtype]]
    problem = _unlike(facts, expected, server, unlike) if unlike else _bare(server, answers)
    kinds = " and ".join(dict.fromkeys(str(_kind_of(each)) for each in answers))
    if problem is None and silent and not any(_kind_of(each) == _NXDOMAIN for each in answers):
        # NXDOMAIN denies every type; the lack of one says nothing of the other.
        types = " and ".join(RdataType.to_text(each.question.rdtype) for each in silent)
        reasons = " and ".join(dict.fromkeys(map(explained, silent)))
        reason = f"a random name gets {kinds}, and {types} no answer: {reasons}"
        return Unchecked(server, reason, tuple(observations))
    return problem or Passed(server, f"A name that nobody has gets {kinds}, as before.", tuple(answers))


def _unlike(facts: Facts, expected: Mapping[RdataType, set[str]], server: str, unlike: list[Answer]) -> Problem:
    """Return what is wrong where the answers are others than those of the old side."""
    shown = tuple(unlike)
    name = f"{for_people(unlike[0].question.qname)}, a name that nobody has,"
    was = " or ".join(sorted(expected[unlike[0].question.rdtype]))
    wildcard = f"*.{for_people(facts.domain)}"
    data = [each for each in unlike if each.answer]
    if data:
        given = " and ".join(dict.fromkeys(listed(rrset.rdatas) for each in data for rrset in each.answer))
        message = f"{name} is answered with {given}; {was} was expected, as from the old side."
        return Problem(server, message, shown, f"Delete the wildcard {wildcard}, or switch parking off.")
    if any(_DATA in expected[each.question.rdtype] for each in unlike):
        message = f"{name} gets {_kind_of(unlike[0])}; the old side answers for any name."
        return Problem(server, message, shown, f"Add the wildcard {wildcard} of the old zone.")
    message = f"{name} gets {_kind_of(unlike[0])}; {was} was expected, as from the old side."
    return Problem(server, message, shown, severity=Severity.WARNING)


def _bare(server: str, answers: list[Answer]) -> Problem | None:
    bare = [a for a in answers if not a.answer and not any(r.rdtype == RdataType.SOA for r in a.authority)]
    if not bare:
        return None
    name = for_people(bare[0].question.qname)
    message = f"The denial of {name} has no SOA; resolvers cannot remember it, and ask again each time."
    return Problem(server, message, tuple(bare), severity=Severity.WARNING)
