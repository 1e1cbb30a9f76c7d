"""What validating resolvers make of the domain: with checking, and with checking disabled. Pure."""

from collections.abc import Iterator

from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.checks.check import check
from migrator.checks.dnssec.keys import signers
from migrator.checks.facts import Facts
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import explained
from migrator.cutover.signing import can_be_validated
from migrator.model.delegation import WalkEnd
from migrator.model.finding import Phase, Severity
from migrator.model.names import text_of
from migrator.model.observation import Answer, Observation, Question, Server


def _asks(facts: Facts) -> Iterator[Question]:
    for resolver in facts.resolvers:
        yield from _pair(facts, resolver.server)


def _pair(facts: Facts, server: Server) -> tuple[Question, Question]:
    """Return the SOA question with and without validation."""
    checked, unchecked = (
        Question(
            server, facts.domain, RdataType.SOA, recursion_desired=True, dnssec_ok=True, checking_disabled=disabled
        )
        for disabled in (False, True)
    )
    return checked, unchecked


@check(
    "dnssec.resolver-view",
    phases=(Phase.PREPARE, Phase.READY, Phase.SWITCH, Phase.SETTLE),
    blocks=True,
    source="RFC 4035 section 3.2.2; RFC 8914",
    remedy="Compare the DS at the parent with the keys at the servers that the parent lists.",
    asks=_asks,
)
def resolver_view(facts: Facts) -> Iterator[Point]:
    """Validating resolvers answer.

    Resolvers that validate answer for the domain.

    Each resolver of the network profile is asked for the SOA twice, with validation and with checking disabled
    (CD). SERVFAIL with it and an answer without it means that DNSSEC breaks the domain for everybody behind that
    resolver; what the resolver says of the reason (extended DNS errors) is shown. SERVFAIL both ways fails too,
    for another reason. A resolver that gives something else (REFUSED, NXDOMAIN) is a warning. A silent resolver
    is unchecked and alone does not block; the check blocks only where no resolver answers for the domain at all,
    and where the parent has a DS and none of them validates the domain (AD).
    """
    if not facts.resolvers:
        yield NotNeeded("the network profile has no resolver")
        return
    seen: list[Answer] = []
    silent: list[Point] = []
    for resolver in facts.resolvers:
        checked, unchecked = (facts.observed(question) for question in _pair(facts, resolver.server))
        subject = f"{resolver.name} ({resolver.server})"
        if not isinstance(checked, Answer):
            silent.append(Unchecked(subject, f"gives no answer: {explained(checked)}", (checked,)))
            continue
        seen.append(checked)
        yield _judged(facts, subject, checked, unchecked)
    if seen:
        yield from _unvalidated(facts, seen)
        for point in silent:
            assert isinstance(point, Unchecked)
            yield Problem(point.subject, f"The resolver {point.reason}.", point.evidence, severity=Severity.NOTICE)
        yield from _unanswered(facts, seen)
    else:
        yield from silent


def _unanswered(facts: Facts, seen: list[Answer]) -> Iterator[Point]:
    """Yield that nobody gave the SOA, nor failed for it: whatever a panel answers that is refused or filtered."""
    if any(_gives_the_soa(each) or each.rcode == Rcode.SERVFAIL for each in seen) or _is_gone(facts):
        return
    yield Unchecked(
        f"{text_of(facts.domain)} SOA",
        "no resolver that was asked answers for the domain",
        tuple(seen),
        "Name resolvers in the network profile that answer this machine, and filter nothing.",
    )


def _gives_the_soa(seen: Answer) -> bool:
    return seen.rcode == Rcode.NOERROR and seen.answered() is not None


def _is_gone(facts: Facts) -> bool:
    """Tell whether the parent does not have the domain either, of which `delegation.parent` tells."""
    return facts.delegation is not None and facts.delegation.end is WalkEnd.NO_SUCH_NAME


def _unvalidated(facts: Facts, seen: list[Answer]) -> Iterator[Point]:
    """Yield that no answer was validated, or refused for what is signed, where validators know the DS."""
    if not can_be_validated(signers(facts) or ()):
        return
    if any(each.authenticated or each.rcode == Rcode.SERVFAIL for each in seen):
        return
    yield Unchecked(
        f"{text_of(facts.domain)} SOA",
        "the parent has a DS, and no resolver that was asked validates the domain: none says what those "
        "answer that do",
        tuple(seen),
        "Name a resolver that validates in the network profile; where the DS is new, check again when resolvers "
        "have forgotten that there was none.",
    )


def _judged(facts: Facts, subject: str, checked: Answer, unchecked: Observation) -> Point:
    trusted = bool(signers(facts))
    if checked.rcode == Rcode.SERVFAIL:
        why = _extended(checked) or _extended(unchecked)
        reason = f" ({why})" if why else ""
        if isinstance(unchecked, Answer) and unchecked.rcode != Rcode.SERVFAIL:
            return Problem(
                subject,
                f"SERVFAIL with validation and {Rcode.to_text(unchecked.rcode)} without it{reason}: DNSSEC "
                "breaks the domain.",
                (checked, unchecked),
                "Make the DS at the parent and the keys of the zone fit, or remove the DS.",
            )
        return Problem(
            subject,
            f"SERVFAIL with and without validation{reason}; an answer was expected.",
            (checked, unchecked),
            "Look at the servers that the parent lists: one of them serves the zone at least.",
        )
    if _gives_the_soa(checked):
        secure = (
            "validated (AD)" if checked.authenticated else "not validated" if trusted else "insecure, as it is"
        )
        return Passed(subject, f"Answers for {text_of(facts.domain)}, {secure}.", (checked,))
    if _is_gone(facts) and facts.delegation is not None:
        said = f"says {Rcode.to_text(checked.rcode)}, as the parent does: see delegation.parent"
        return Unchecked(subject, said, (checked, *facts.delegation.trail[-1:]))
    return Problem(
        subject,
        f"{Rcode.to_text(checked.rcode)} without an SOA for {text_of(facts.domain)}; its SOA was expected.",
        (checked, unchecked),
        "A resolver that filters, or keeps an old answer: compare with another one.",
        Severity.WARNING,
    )


def _extended(seen: Observation) -> str:
    """Return what the resolver says of the reason: `9 (DNSKEY Missing)`."""
    if not isinstance(seen, Answer):
        return ""
    return "; ".join(f"EDE {code}{f': {text}' if text else ''}" for code, text in seen.extended_errors)
