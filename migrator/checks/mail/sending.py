"""The checks of SPF: one record, within the limits, and the same senders as before. No IO here."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide, same_name
from migrator.checks.mail.policy import Policy, policy_of
from migrator.checks.mail.sides import (
    BEFORE,
    domains,
    evidence_of,
    failure,
    is_alone,
    look,
    rdatas_of,
    with_old_faults,
)
from migrator.checks.overlay import Found, Lookup, Pending, pending
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import served_zone
from migrator.mail.policies import texts
from migrator.mail.spf.addresses import EVERYBODY, IPV4, Addresses
from migrator.mail.spf.evaluate import MOST_VOIDS, Result
from migrator.mail.spf.record import MOST_LOOKUPS, Fault, is_meant, is_policy, read_record
from migrator.mail.undecided import Undecided
from migrator.meaning.roles import is_spf, octets, readable
from migrator.meaning.served import Sides
from migrator.model.compact import key_of
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people, text_of
from migrator.model.phrases import counted, shortened
from migrator.model.rrset import RRset

_MANY_LOOKUPS = 9
_MANY_OCTETS = 450
_MOST_SHOWN = 5
_STRING = 255  # octets of one string of a TXT record
_NO_SPF = NotNeeded("no domain of the zone has an SPF record")


def _records_to_ask(facts: Facts) -> Iterable[Ask]:
    if is_alone(facts):
        return
    for domain in domains(facts):
        for side in facts.sides:
            found = look(facts, side, domain, RdataType.TXT)
            yield from pending([found])
            if not isinstance(found, Pending) and not _policies(found):
                yield from pending([look(facts, side, domain, RdataType.SPF)])


@check(
    "mail.spf-one",
    phases=BEFORE,
    blocks=True,
    in_lint=True,
    source="RFC 7208 sections 3.1 to 3.3 and 4.5",
    remedy="Keep exactly one TXT record that begins with 'v=spf1 '.",
    asks=_records_to_ask,
)
def spf_one(facts: Facts) -> Iterator[Point]:
    """Every domain that had an SPF record has exactly one.

    Asked: TXT of each domain with MX or SPF on either side, of the new name servers. It fails where the record
    is gone, where there are several (receivers then take none), where it stands in the old type SPF alone, and
    where 'v=spf1' is not followed by a blank, as after strings were joined, or has a quote or a blank before it. A
    fault that the old side has as well is told so. Not needed for domains that have no SPF on either side. `lint`
    looks at the TXT of every owner for what was meant for SPF.
    """
    points = list(with_old_faults(facts, lambda side: _number(facts, side)))
    if facts.new is not None and facts.judged is facts.new:
        points += _lost(facts, facts.new)
    yield from points or [_NO_SPF]


def _meant_anywhere(facts: Facts, side: ZoneSide) -> Iterator[Name]:
    """Yield the owners of a zone by itself that have a text which was meant for SPF, mail or not."""
    if side.zone is None or not is_alone(facts):
        return
    zone = served_zone(side.zone)
    for rrset in side.zone.rrsets:
        is_meant_so = rrset.rdtype == RdataType.TXT and any(map(is_meant, texts([rrset])))
        if is_meant_so and zone.cover(rrset.owner, rrset.rdtype) is None:
            yield rrset.owner


def _number(facts: Facts, side: ZoneSide) -> Iterator[Point]:
    every = (*domains(facts), *_meant_anywhere(facts, side))
    for domain in {folded(domain): domain for domain in every}.values():
        found = look(facts, side, domain, RdataType.TXT)
        subject, policies, evidence = f"{text_of(domain)} TXT", _policies(found), evidence_of(found)
        failed = failure([found])
        if failed is not None and not is_alone(facts):
            yield Unchecked(subject, f"The SPF record is not known: {failed.reason}.", failed.evidence)
        if len(policies) > 1:
            yield Problem(
                subject,
                f"{for_people(domain)} has {len(policies)} SPF records; one was expected, and receivers take "
                "several for a permanent error.",
                evidence,
                "Put the terms of all into one record and delete the others.",
            )
        elif policies:
            yield Passed(subject, "There is one SPF record.", evidence)
        elif meant := [text for text in _all(found) if is_meant(text)]:
            yield _meant(subject, meant[0], evidence)
        elif is_alone(facts):
            yield from _in_old_type(facts, side, domain)


def _in_old_type(facts: Facts, side: ZoneSide, domain: Name) -> Iterator[Problem]:
    found = look(facts, side, domain, RdataType.SPF)
    policies = [octets(rdata).decode("latin-1") for rdata in rdatas_of(found) if is_spf(rdata)]
    if policies:
        yield Problem(
            f"{text_of(domain)} SPF",
            f"{for_people(domain)} has its SPF record in the type SPF alone, which receivers no longer read "
            "(RFC 7208 section 3.1).",
            evidence_of(found),
            f'Add {text_of(domain)} TXT "{readable(policies[0])}".',
        )


def _meant(subject: str, text: str, evidence: tuple[Evidence, ...]) -> Problem:
    shown = f"'{shortened(readable(text), 40)}' is no SPF record"
    if text[:6].lower() == "v=spf1":
        return Problem(
            subject,
            f"{shown}; a blank was expected after 'v=spf1'.",
            evidence,
            "Write a blank at the end of the first string: strings are joined without one.",
        )
    return Problem(
        subject,
        f"{shown}; 'v=spf1' was expected first, with no quote, blank or other character before it.",
        evidence,
        "Delete what stands before 'v=spf1', and the quote at the end: quotes around a text are no part of it.",
    )


def _lost(facts: Facts, new: ZoneSide) -> Iterator[Point]:
    """Yield the domains whose record is gone."""
    for domain in domains(facts):
        before, after = (look(facts, side, domain, RdataType.TXT) for side in (facts.old, new))
        had = _policies(before)
        if (
            not had
            or failure([after]) is not None
            or any(is_policy(text) or is_meant(text) for text in _all(after))
        ):
            continue
        in_old_type = look(facts, new, domain, RdataType.SPF)
        stands = any(is_spf(rdata) for rdata in rdatas_of(in_old_type))
        where = "only one of type SPF, which receivers no longer read" if stands else "no SPF record"
        yield Problem(
            f"{text_of(domain)} TXT",
            f"{for_people(domain)} has {where}; '{shortened(had[0], 60)}' was expected, as before.",
            evidence_of(after, before),
            f'Add {text_of(domain)} TXT "{had[0]}".',
        )


def _sets(found: Lookup) -> list[RRset]:
    return [found.rrset] if isinstance(found, Found) else []


def _all(found: Lookup) -> list[str]:
    return texts(_sets(found))


def _policies(found: Lookup) -> list[str]:
    return [text for text in _all(found) if is_policy(text)]


def _evaluations_to_ask(facts: Facts) -> Iterable[Ask]:
    if is_alone(facts):
        return
    for domain in domains(facts):
        for side in facts.sides:
            yield from policy_of(facts, side, domain).waiting


@check(
    "mail.spf-limits",
    phases=BEFORE,
    in_lint=True,
    source="RFC 7208 sections 4.6.4, 5 and 10.1",
    remedy="Remove includes that nobody needs, or write their addresses as ip4 and ip6.",
    asks=_evaluations_to_ask,
)
def spf_limits(facts: Facts) -> Iterator[Point]:
    """Receivers can evaluate the SPF record of every domain.

    Asked: all that the record refers to, names of the zone of the new name servers, others of a resolver. It
    fails for what receivers take for a permanent error: a term that cannot be read, more than ten terms with
    look-ups, more than two of them that find nothing (neither A nor AAAA), an MX term with more than ten hosts,
    an include without SPF, a loop. It fails where anybody may send (`+all`). It warns of terms behind `all` and of
    `redirect=` beside it, which nobody looks at. Notices: 9 or 10 look-ups, `ptr`, no `~all` or `-all` at the end,
    more than 450 octets. A fault that the old side has as well is told so. What cannot be asked is unchecked;
    `lint` judges what stands in the zone itself.
    """
    yield from list(with_old_faults(facts, lambda side: _limits(facts, side))) or [_NO_SPF]


def _limits(facts: Facts, side: ZoneSide) -> Iterator[Point]:
    for domain in domains(facts):
        policy = policy_of(facts, side, domain)
        if policy.is_one:  # of none and of several `mail.spf-one` tells
            yield from judged_limits(domain, policy)


def judged_limits(domain: Name, policy: Policy) -> Iterator[Point]:
    """Yield what is to be said of the one policy of a domain by itself."""
    subject, found = f"{text_of(domain)} TXT", policy.evaluation
    for trouble in found.permanent:
        yield Problem(
            subject,
            f"Receivers take SPF of {for_people(domain)} for a permanent error, and no mail from it passes: "
            f"{trouble.reason if same_name(trouble.domain, domain) else trouble}.",
            _latest_first(policy),
            _mended(policy),
        )
    if not IPV4 - found.of(Result.PASS):
        yield Problem(
            subject,
            f"SPF of {for_people(domain)} lets anybody send as {for_people(domain)}; a list of those who may "
            "was expected.",
            policy.evidence,
            "End the record in '~all' or '-all'.",
        )
    elif not found.permanent and policy.unknown:
        yield Unchecked(subject, f"SPF could not be evaluated: {policy.unknown}.", policy.evidence)
    elif not found.permanent:
        yield Passed(subject, _figures(policy), policy.evidence)
        yield from _notices(subject, policy)
    if not found.permanent:
        yield from _ignored(subject, policy)


def _ignored(subject: str, policy: Policy) -> Iterator[Problem]:
    """Yield the terms of the record that were meant to count and do not."""
    record = read_record(policy.texts[0])
    terms = () if isinstance(record, Fault) else record.ignored()
    if terms:
        shown = readable(", ".join(terms[:_MOST_SHOWN])) + (" ..." if len(terms) > _MOST_SHOWN else "")
        yield Problem(
            subject,
            f"No receiver comes to {shown}: SPF ends at 'all', which was expected last.",
            policy.evidence,
            "Put 'all' at the end, behind all that may send, or remove what stands behind it.",
            Severity.WARNING,
        )


def _latest_first(policy: Policy) -> tuple[Evidence, ...]:
    """Return the record, and what was asked for it last: there the evaluation ended."""
    return (*policy.evidence[:1], *reversed(policy.evidence[1:]))


def _mended(policy: Policy) -> str:
    if policy.evaluation.lookups > MOST_LOOKUPS:
        return "Remove includes that nobody needs, or write their addresses as ip4 and ip6."
    if len(policy.evaluation.voids) > MOST_VOIDS:
        return f"Remove the terms that find nothing: {', '.join(policy.evaluation.voids)}."
    return "Mend the term, or remove it."


def _figures(policy: Policy) -> str:
    found = policy.evaluation
    if not found.is_complete:
        return f"{found.lookups} of {MOST_LOOKUPS} look-ups, as far as the zone itself tells."
    networks = counted(len(list(found.of(Result.PASS).networks())), "network")
    return (
        f"{found.lookups} of {MOST_LOOKUPS} look-ups, {len(found.voids)} of {MOST_VOIDS} that find nothing; "
        f"{networks} may send."
    )


def _notices(subject: str, policy: Policy) -> Iterator[Problem]:
    found = policy.evaluation

    def notice(message: str) -> Problem:
        return Problem(subject, message, policy.evidence, severity=Severity.NOTICE)

    if found.lookups >= _MANY_LOOKUPS:
        yield notice(f"SPF needs {found.lookups} of the {MOST_LOOKUPS} look-ups that receivers make.")
    if any(" ptr" in text.lower() for _, text in found.records):
        yield notice("SPF has 'ptr', which RFC 7208 advises against: it is slow and unreliable.")
    if not found.of(Result.FAIL) and not found.of(Result.SOFTFAIL):
        yield notice("SPF says nothing of senders that it does not list; '~all' or '-all' is usual at the end.")
    if len(policy.texts[0]) > _MANY_OCTETS:
        yield notice(f"The SPF record has {len(policy.texts[0])} octets, and may not fit into a small answer.")


@check(
    "mail.spf-same",
    phases=BEFORE,
    blocks=True,
    source="RFC 7208 section 4",
    remedy="Give the new zone the SPF record of the old one, and the hosts that it names their addresses.",
    asks=_evaluations_to_ask,
)
def spf_same(facts: Facts) -> Iterator[Point]:
    """The same addresses may send for every domain as before.

    Asked: all that the SPF records of both sides refer to, names of the zone on their own side, others of a
    resolver. Each policy is evaluated for all addresses at once and compared. It fails where an address that
    passed does not pass any more, and where a term that asks who sends (`exists:` with macros, `ptr`) is gone. It
    warns where more may send, or where the end of the record treats the rest otherwise. What cannot be asked is
    unchecked, and so is a term that asks the zone itself who sends, where the two zones differ below its name. Not
    needed where a side has no policy that receivers can use: `mail.spf-one` and `mail.spf-limits`
    say so.
    """
    if facts.new is None:
        yield NotNeeded("one side alone is looked at")
        return
    points = [point for domain in domains(facts) for point in _same(facts, facts.new, domain)]
    yield from points or [NotNeeded("no domain has a usable SPF record on both sides")]


def _same(facts: Facts, new_side: ZoneSide, domain: Name) -> Iterator[Point]:
    subject = f"{text_of(domain)} TXT"
    old, new = policy_of(facts, facts.old, domain), policy_of(facts, new_side, domain)
    evidence = (*new.evidence, *old.evidence)
    unknown = old.unknown or new.unknown
    if unknown and not old.evaluation.permanent and not new.evaluation.permanent:
        yield Unchecked(subject, f"The senders could not be compared: {unknown}.", evidence)
        return
    if not old.texts and new.is_one:
        message = f"{for_people(domain)} gets an SPF policy, and had none: {shortened(new.texts[0], 60)}"
        yield Problem(subject, message, evidence, severity=Severity.WARNING)
    if not (old.is_one and new.is_one) or old.evaluation.permanent or new.evaluation.permanent:
        return
    problems = list(_differing(subject, domain, old, new))
    yield from problems
    undecided = _undecided(facts, new_side, domain) if new.evaluation.open_terms else ()
    for term in undecided:
        yield Unchecked(subject, f"Whether the same senders pass is not known: {term}.", evidence)
    if not problems and not undecided:
        senders = counted(len(list(new.evaluation.of(Result.PASS).networks())), "network")
        open_terms = ", ".join(term.partition(": ")[2] for term in new.evaluation.open_terms)
        let = f", and whom {open_terms} let pass" if open_terms else ""
        yield Passed(subject, f"The same senders pass as before ({senders}{let}).", evidence)


def _undecided(facts: Facts, new_side: ZoneSide, domain: Name) -> tuple[str, ...]:
    """Return the terms that ask the zone itself who sends, where the two zones do not answer alike."""
    old, new = facts.old.zone, new_side.zone
    if old is None or new is None:
        return ()
    sides = Sides(served_zone(old), served_zone(new))
    owners = {key_of(rrset.owner.labels) for zone in (old, new) for rrset in zone.rrsets}
    return tuple(Undecided(sides, lambda: owners).terms(domain))


def _differing(subject: str, domain: Name, old: Policy, new: Policy) -> Iterator[Problem]:
    evidence, who = (*new.evidence, *old.evidence), for_people(domain)
    had, has = old.evaluation, new.evaluation
    lost = had.of(Result.PASS) - has.of(Result.PASS)
    gained = has.of(Result.PASS) - had.of(Result.PASS)
    if lost:
        message = f"SPF of {who} no longer covers {_networks(lost)}; mail sent from there passed so far."
        yield Problem(subject, message, evidence, _as_before(domain, old, new))
    if gained and has.of(Result.PASS) != EVERYBODY:
        message = f"SPF of {who} lets {_networks(gained)} send as well, and did not so far."
        yield Problem(subject, message, evidence, _as_before(domain, old, new), Severity.WARNING)
    gone = [term for term in had.open_terms if term not in has.open_terms]
    come = [term for term in has.open_terms if term not in had.open_terms]
    if gone:
        message = f"SPF of {who} no longer has {', '.join(gone)}; mail that it let pass passed so far."
        yield Problem(subject, message, evidence, _as_before(domain, old, new))
    elif come:
        message = f"SPF of {who} has {', '.join(come)} as well, and had not so far."
        yield Problem(subject, message, evidence, severity=Severity.WARNING)
    yield from _other_end(subject, who, old, new)


def _other_end(subject: str, who: str, old: Policy, new: Policy) -> Iterator[Problem]:
    for before in _NOT_PASSING:
        for after in _NOT_PASSING:
            moved = old.evaluation.of(before) & new.evaluation.of(after)
            if before is not after and moved:
                whom = _networks(moved) if _is_short(moved) else "senders that it does not list"
                message = f"SPF of {who} says {after} of {whom}; so far it said {before}."
                yield Problem(subject, message, (*new.evidence, *old.evidence), severity=Severity.WARNING)


def _networks(addresses: Addresses) -> str:
    """Return the first networks of a set, the rest counted."""
    networks = list(addresses.networks())
    shown = [str(network).removesuffix("/32").removesuffix("/128") for network in networks[:_MOST_SHOWN]]
    rest = len(networks) - len(shown)
    return ", ".join(shown) + (f" and {counted(rest, 'more network')}" if rest else "")


def _is_short(addresses: Addresses) -> bool:
    return len(list(addresses.networks())) <= _MOST_SHOWN


def _as_before(domain: Name, old: Policy, new: Policy) -> str:
    if old.texts != new.texts:
        text = old.texts[0]
        strings = " ".join(f'"{text[at : at + _STRING]}"' for at in range(0, len(text), _STRING))
        return f"Make the record what it was: {text_of(domain)} IN TXT {strings}"
    return "The record is the same; give the hosts and the included domains that it names what they had."


_NOT_PASSING = (Result.FAIL, Result.SOFTFAIL, Result.NEUTRAL)
