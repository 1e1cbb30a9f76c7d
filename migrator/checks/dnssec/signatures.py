"""Whether every server that signs signs well: data, keys, and the proofs that something does not exist. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.RRSIG import RRSIG

from migrator.checks.check import check
from migrator.checks.dnssec.keys import KeySet, fault_of, key_questions, key_sets, moment, signatures_of, signers
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import explained, served
from migrator.model.finding import Phase, Severity
from migrator.model.names import below, text_of
from migrator.model.observation import Answer, Observation, Question, Server
from migrator.model.phrases import counted
from migrator.model.rrset import RRset

_SOON = timedelta(days=3)
# BIND renews a signature when a quarter of its time is left, others earlier.
_RENEWED = 4
# A type that no zone has at its apex: asked for NODATA there (RFC 1183; obsolete, and harmless to ask for).
_UNUSED = RdataType.X25
_PROOFS = (RdataType.NSEC, RdataType.NSEC3)


def _asks(facts: Facts) -> Iterator[Question]:
    yield from key_questions(facts)
    for side in facts.sides:
        for server in side.servers:
            yield from _questions(facts, side, server)


def _questions(facts: Facts, side: ZoneSide, server: Server) -> Iterator[Question]:
    """Yield what is asked besides keys and SOA: the NS set, one address, NODATA and a name that nobody has."""
    yield facts.question(server, facts.domain, RdataType.NS, dnssec=True)
    address = _an_address(facts, side)
    if address is not None:
        yield facts.question(server, address, RdataType.A, dnssec=True)
    yield from _denied(facts, server)


def _denied(facts: Facts, server: Server) -> Iterator[Question]:
    yield facts.question(server, facts.domain, _UNUSED, dnssec=True)
    nobody = below(facts.domain, facts.nonce)
    if nobody is not None:
        yield facts.question(server, nobody, RdataType.A, dnssec=True)


@check(
    "dnssec.sig-valid",
    phases=(Phase.READY, Phase.SETTLE),
    blocks=True,
    source="RFC 4035 section 5.3; Zonemaster DNSSEC08 to DNSSEC10, DNSSEC13",
    remedy="Have the provider sign the zone again; look at its clock, and at secondaries that are behind.",
    asks=_asks,
)
def sig_valid(facts: Facts) -> Iterator[Point]:
    """Signatures hold.

    Every server that has keys signs the zone with them, and the signatures hold now.

    Validated here, with the keys that the same server shows: SOA, DNSKEY and NS set, one address, and the proofs
    for a type that is not there and for a name that nobody has. Fails for a missing, expired or future signature,
    one by a key that is not in the zone, and one that does not fit its data; for a proof that is missing it fails
    at a new server where the parent has a DS, and warns otherwise; it warns where a signature expires within
    three days, with less than a quarter of its time left. Not needed where no side is signed.
    """
    judged = False
    for side in facts.sides:
        for keys in key_sets(facts, side):
            if keys.keys is None:
                judged = True
                yield Unchecked(
                    str(keys.server), f"does not show its keys: {explained(keys.observation)}", (keys.observation,)
                )
            elif keys.is_signed:
                judged = True
                yield from _of_server(facts, side, keys)
    if not judged:
        yield NotNeeded("neither side is signed")


def _of_server(facts: Facts, side: ZoneSide, keys: KeySet) -> Iterator[Point]:
    faults = 0
    seen: list[Observation] = [keys.observation, keys.soa]
    seen += [facts.observed(question) for question in _questions(facts, side, keys.server)]
    for observation in seen:
        for point in _of_answer(facts, keys, observation):
            faults += 1
            yield point
    signatures = [signature for each in seen for signature in _signatures(each)]
    late = min((each for each in signatures if _ends_soon(facts, each)), key=_expires, default=None)
    if late is not None:
        faults += 1
        days = counted(round((_expires(late) - moment(late.inception)) / timedelta(days=1)), "day")
        yield Problem(
            str(keys.server),
            f"A signature expires at {_expires(late):%Y-%m-%dT%H:%M:%SZ}, of the {days} that it holds; a newer "
            "one was expected.",
            (keys.soa,),
            "See that the provider signs again in time.",
            Severity.WARNING,
        )
    if not faults:
        ends = map(_expires, signatures)
        yield Passed(str(keys.server), f"Signatures hold, the first one until {min(ends):%Y-%m-%d}.", (keys.soa,))


def _of_answer(facts: Facts, keys: KeySet, seen: Observation) -> Iterator[Point]:
    """Judge the signatures in one answer."""
    subject = f"{text_of(seen.question.qname)} {RdataType.to_text(seen.question.rdtype)} at {keys.server}"
    if not isinstance(seen, Answer):
        yield Unchecked(subject, explained(seen), (seen,))
        return
    rrset = served(seen)
    if rrset is not None:
        fault = _fault(facts, keys, seen, rrset)
        if fault is not None:
            yield Problem(
                subject, f"The set {fault}; a signature that holds was expected.", (seen, keys.observation)
            )
    elif seen.truncated or seen.rcode not in {Rcode.NOERROR, Rcode.NXDOMAIN}:
        yield Unchecked(subject, explained(seen), (seen,))
    elif seen.authoritative and not seen.answer:
        yield from _of_proof(facts, keys, seen, subject)


def _of_proof(facts: Facts, keys: KeySet, seen: Answer, subject: str) -> Iterator[Point]:
    """Judge the proof that there is nothing: it is there, and it is signed (RFC 4035 section 3.1.3)."""
    proofs = [rrset for rrset in seen.authority if rrset.rdtype in _PROOFS]
    breaks = bool(signers(facts)) and facts.new is not None and keys.server in facts.new.servers
    if not proofs:
        yield Problem(
            subject,
            "There is no NSEC or NSEC3 record in the answer that nothing is there; a proof was expected.",
            (seen,),
            "Validating resolvers answer SERVFAIL for names that do not exist, and for types that a name does not "
            "have: have the provider sign its denials.",
            None if breaks else Severity.WARNING,
        )
    for proof in proofs:
        fault = _fault(facts, keys, seen, proof)
        if fault is not None:
            kind = RdataType.to_text(proof.rdtype)
            yield Problem(subject, f"The {kind} record {fault}; a signature that holds was expected.", (seen,))


def _fault(facts: Facts, keys: KeySet, seen: Answer, rrset: RRset) -> str | None:
    signatures = signatures_of(seen, rrset.rdtype, rrset.owner)
    return fault_of(rrset, signatures, keys.keys or (), facts.domain, facts.now)


def _expires(signature: RRSIG) -> datetime:
    return moment(signature.expiration)


def _ends_soon(facts: Facts, signature: RRSIG) -> bool:
    """Tell whether it should have been renewed: providers that sign each answer let it hold for a day or two."""
    left = _expires(signature) - facts.now
    return timedelta(0) <= left < min(_SOON, (_expires(signature) - moment(signature.inception)) / _RENEWED)


def _signatures(seen: Observation) -> Iterator[RRSIG]:
    if not isinstance(seen, Answer):
        return
    yield from (
        signature
        for rrset in (*seen.answer, *seen.authority)
        if rrset.rdtype != RdataType.RRSIG
        for signature in signatures_of(seen, rrset.rdtype, rrset.owner)
    )


def _an_address(facts: Facts, side: ZoneSide) -> Name | None:
    """Return a name of the side's zone that has an A record of its own, the apex or one right below it."""
    if side.zone is None:
        return None
    names = sorted(
        rrset.owner
        for rrset in side.zone.rrsets
        if rrset.rdtype == RdataType.A
        and rrset.rdatas
        and not rrset.key.variant
        and not rrset.owner.is_wild()
        and len(rrset.owner.labels) <= len(facts.domain.labels) + 1
    )
    cuts = {r.owner for r in side.zone.rrsets if r.rdtype == RdataType.NS}
    return next((name for name in names if name == facts.domain or name not in cuts), None)
