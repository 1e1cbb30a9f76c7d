"""What CDS and CDNSKEY records would make a parent do that looks for them. Pure."""

from collections.abc import Iterator, Sequence

from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CDNSKEY import CDNSKEY
from dns.rdtypes.ANY.CDS import CDS
from dns.rdtypes.ANY.DS import DS

from migrator.checks.check import check
from migrator.checks.dnssec.keys import KeySet, fitting, identity_of, key_questions, key_sets, signers, tags_text
from migrator.checks.facts import Facts, Strategy
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import Side, explained, served
from migrator.cutover.signing import fits
from migrator.model.finding import Phase, Severity
from migrator.model.names import text_of
from migrator.model.observation import Observation, Question


def _cds_questions(facts: Facts) -> Iterator[Question]:
    yield from key_questions(facts)
    for side in facts.sides:
        for server in side.servers:
            yield facts.question(server, facts.domain, RdataType.CDS, dnssec=True)
            yield facts.question(server, facts.domain, RdataType.CDNSKEY, dnssec=True)


@check(
    "dnssec.cds",
    phases=(Phase.PREPARE, Phase.READY, Phase.SETTLE),
    source="RFC 7344; RFC 8078; RFC 9615; Zonemaster DNSSEC15 to DNSSEC18",
    remedy="Publish CDS and CDNSKEY only while the parent's DS is to be changed to what they say.",
    asks=_cds_questions,
)
def cds(facts: Facts) -> Iterator[Point]:
    """No CDS asks for a change too early.

    No CDS or CDNSKEY record asks a parent that looks for them to change the DS at the wrong moment.

    Some registries scan for these records and act on them. Fails where a record that deletes stands beside
    others, where one fits no key of its own server (of either side, where both sign together), and where the NEW
    side has some before the switch, or after it before the last stale answer is past, while the parent has no DS
    of its keys, unless both sides sign together; a deleting record at the old side is a warning. So is one at the
    servers that the parent asks (the old ones before the switch, then the new ones) by which it would enter the
    DS again that was removed for the move, or remove that of the other side's keys.
    """
    faults, seen = 0, []
    for side in facts.sides:
        for each in key_sets(facts, side):
            for rdtype in (RdataType.CDS, RdataType.CDNSKEY):
                observation = facts.observed(facts.question(each.server, facts.domain, rdtype, dnssec=True))
                rrset = served(observation)
                if rrset is None:
                    trouble = explained(observation)
                    if trouble not in {"no data", "NXDOMAIN"}:
                        faults += 1
                        why = f"gives no {RdataType.to_text(rdtype)}: {trouble}"
                        yield Unchecked(str(each.server), why, (observation,))
                    continue
                seen.append(observation)
                for point in _of_request(facts, side.side, each, rrset.rdatas, observation):
                    faults += 1
                    yield point
    if not seen and not faults:
        yield NotNeeded("no server publishes CDS or CDNSKEY")
    elif not faults:
        yield Passed(text_of(facts.domain), "CDS and CDNSKEY fit the keys.", tuple(seen))


def _of_request(
    facts: Facts, side: Side, each: KeySet, rdatas: Sequence[Rdata], seen: Observation
) -> Iterator[Point]:
    """Judge the records of one type at one server."""
    kind = RdataType.to_text(seen.question.rdtype)
    subject = f"{text_of(facts.domain)} {kind} at {each.server}"
    deleting = [rdata for rdata in rdatas if _deletes(rdata)]
    others = [rdata for rdata in rdatas if not _deletes(rdata)]
    if deleting and others:
        message = f"A {kind} that deletes stands beside others; one or the other was expected."
        yield Problem(subject, message, (seen,))
    elif deleting:
        yield Problem(
            subject,
            f"The {kind} asks the parent to remove the DS.",
            (seen,),
            "Right when the domain goes insecure on purpose; else remove it.",
            Severity.NOTICE if facts.strategy is Strategy.GO_INSECURE else Severity.WARNING,
        )
    unfit = [rdata for rdata in others if not any(_fits_some_key(rdata, one, facts) for one in _own(facts, each))]
    if unfit:
        message = f"{len(unfit)} of {len(others)} {kind} records fit no key of this server; all were expected to."
        yield Problem(subject, message, (seen, each.observation))
    trusted = signers(facts) or ()
    early = side is Side.NEW and facts.strategy is not Strategy.MULTI_SIGNER and _is_early(facts)
    if others and not unfit and early and not _are_trusted(others, trusted, each, facts):
        has = f"DS {tags_text(trusted)}" if trusted else "no DS"
        yield Problem(
            subject,
            f"The new side asks for a DS of its own keys, and the parent has {has}: if it acts before the last "
            "stale answer is past, validation breaks at the old servers.",
            (seen,),
            f"Switch the publication of {kind} off at the new provider until the last stale answer is past.",
        )
    elif others and not unfit:
        yield from _if_done(facts, side, others, subject, seen)


def _own(facts: Facts, each: KeySet) -> tuple[KeySet, ...]:
    """Return whose keys the records of a server may ask for: its own, and of every server that signs with it."""
    if facts.strategy is not Strategy.MULTI_SIGNER:
        return (each,)
    return tuple(keys for side in facts.sides for keys in key_sets(facts, side))


def _if_done(
    facts: Facts, side: Side, others: Sequence[Rdata], subject: str, seen: Observation
) -> Iterator[Point]:
    """Judge what would break at the other side's servers if the parent did what its present servers ask for."""
    is_before = facts.phase is not Phase.SETTLE
    if side is not (Side.OLD if is_before else Side.NEW) or not (is_before or _is_early(facts)):
        return
    kind, trusted = RdataType.to_text(seen.question.rdtype), signers(facts) or ()
    beyond = key_sets(facts, facts.new if is_before else facts.old)
    if not beyond or all(_fits_signing(others, each, facts) for each in beyond):
        return
    is_known = any(each.keys is not None for each in beyond)
    without = "no key of the new servers fits, and" if is_known else "the new servers need such a key, or"
    off = f"Switch the publication of {kind} off at the {side} provider"
    if any(fitting(trusted, each, facts.domain) and not _fits_signing(others, each, facts) for each in beyond):
        other = Side.NEW if is_before else Side.OLD
        breaks = (
            "validating resolvers answer SERVFAIL after the switch"
            if is_before
            else "validation breaks at the old servers before the last stale answer is past"
        )
        yield Problem(
            subject,
            f"The {kind} asks for a DS of the {side} side's keys alone: if the parent acts on it, it removes that "
            f"of the {other} side, and {breaks}.",
            (seen,),
            f"{off}, or let it ask for a DS of each side.",
            Severity.WARNING,
        )
    elif is_before and not trusted:
        yield Problem(
            subject,
            f"The {kind} asks for a DS of the old keys, and the parent has none: if it acts on it, {without} "
            "validating resolvers answer SERVFAIL after the switch.",
            (seen,),
            f"{off}: some registries look for it for days, and enter the DS by themselves.",
            Severity.WARNING,
        )
    elif is_before and facts.strategy is Strategy.GO_INSECURE:
        yield Problem(
            subject,
            f"The {kind} asks for a DS of the old keys: once the DS is removed, a parent that acts on it enters "
            "it again.",
            (seen,),
            f"{off} before the DS is removed.",
            Severity.NOTICE,
        )


def _fits_signing(others: Sequence[Rdata], each: KeySet, facts: Facts) -> bool:
    """Tell whether one of the records asks for a DS of a key that signs the keys at this server."""
    wanted = {(rdata.flags, int(rdata.algorithm), rdata.key) for rdata in others if isinstance(rdata, CDNSKEY)}
    asked = [signer for rdata in others if (signer := _as_ds(rdata)) is not None]
    return bool(fitting(asked, each, facts.domain)) or any(identity_of(key) in wanted for key in each.signing)


def _is_early(facts: Facts) -> bool:
    """Tell whether resolvers ask the old servers, whom a DS of the new keys does not fit."""
    return facts.phase is Phase.READY or (facts.phase is Phase.SETTLE and facts.past_stale_end is None)


def _deletes(rdata: Rdata) -> bool:
    """Tell whether the record asks to remove the DS: algorithm 0 (RFC 8078 section 4)."""
    return isinstance(rdata, CDS | CDNSKEY) and int(rdata.algorithm) == 0


def _fits_some_key(rdata: Rdata, each: KeySet, facts: Facts) -> bool:
    keys = each.keys or ()
    if isinstance(rdata, CDNSKEY):
        return any((rdata.flags, int(rdata.algorithm), rdata.key) == identity_of(key) for key in keys)
    signer = _as_ds(rdata)
    return signer is not None and any(fits(signer, key, facts.domain) for key in keys)


def _are_trusted(others: Sequence[Rdata], trusted: Sequence[DS], each: KeySet, facts: Facts) -> bool:
    """Tell whether the parent's DS already says what the records ask for."""
    keys = [key for key in each.keys or () if any(fits(ds, key, facts.domain) for ds in trusted)]
    return bool(keys) and all(
        any(
            (rdata.flags, int(rdata.algorithm), rdata.key) == identity_of(key)
            if isinstance(rdata, CDNSKEY)
            else (signer := _as_ds(rdata)) is not None and fits(signer, key, facts.domain)
            for key in keys
        )
        for rdata in others
    )


def _as_ds(rdata: Rdata) -> DS | None:
    """Return a CDS as the DS that it asks for."""
    if not isinstance(rdata, CDS):
        return None
    fields = (rdata.key_tag, rdata.algorithm, rdata.digest_type, rdata.digest)
    return DS(rdata.rdclass, RdataType.DS, *fields)  # type: ignore[no-untyped-call]
