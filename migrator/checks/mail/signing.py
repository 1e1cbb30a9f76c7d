"""The check of DKIM: the keys by which receivers check signatures, one a selector. No IO here."""

from collections.abc import Iterable, Iterator
from functools import partial

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.facts import Facts, ZoneSide
from migrator.checks.mail.sides import (
    TWICE,
    consequence_of,
    evidence_of,
    failure,
    is_alone,
    left_to,
    look,
    noted,
    old_sets,
    rdatas_of,
    records_in_words,
    with_old_faults,
)
from migrator.checks.overlay import Absent, Found, Lookup, pending
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.zone.rules import served_zone
from migrator.mail.keys import described, key_remarks
from migrator.mail.policies import texts
from migrator.mail.signatures import LABEL, NO_SELECTORS, State, keyless_effects, selector_of, state_effects
from migrator.model.finding import Severity
from migrator.model.names import absolute, canonical_key, folded, for_people, is_wildcard, text_of
from migrator.model.phrases import shortened
from migrator.model.rrset import RRset, canonical_wire
from migrator.model.zone import subject_of

_TYPES = frozenset({RdataType.TXT, RdataType.CNAME, RdataType.NS})


def selectors(facts: Facts) -> tuple[Name, ...]:
    """Return the selectors of both zones, and those that the person names."""
    found = {folded(owner): owner for owner in _given(facts)}
    for side in facts.sides:
        if side.zone is None:
            continue
        zone = served_zone(side.zone)
        for rrset in side.zone.rrsets:
            if _is_selector(rrset) and zone.cover(rrset.owner, RdataType.NS) is None:
                found.setdefault(folded(rrset.owner), rrset.owner)
    return tuple(sorted(found.values(), key=canonical_key))


def _given(facts: Facts) -> list[Name]:
    return [_named(facts, text) for text in facts.settings.selectors]


def _named(facts: Facts, text: str) -> Name:
    """Return the owner of a selector as people name it: `s1`, or `s1._domainkey.news` for another domain."""
    return absolute(text if "._domainkey" in text.lower() else f"{text}._domainkey", facts.domain)


def _is_selector(rrset: RRset) -> bool:
    if rrset.rdtype not in _TYPES or LABEL not in rrset.key.folded:
        return False
    selector = selector_of(rrset.owner)
    return selector is not None and selector.name not in NO_SELECTORS


def _to_ask(facts: Facts) -> Iterable[Ask]:
    if is_alone(facts):
        return
    for owner in selectors(facts):
        yield from pending(look(facts, side, owner, RdataType.TXT) for side in facts.sides)


@check(
    "mail.dkim",
    phases=TWICE,
    blocks=True,
    in_lint=True,
    source="RFC 6376 sections 3.6.1 and 3.6.2; RFC 8301; RFC 8463",
    remedy="Copy the whole key of each selector, and a CNAME as a CNAME.",
    asks=_to_ask,
)
def dkim(facts: Facts) -> Iterator[Point]:
    """Every DKIM selector that is known leads to the same key as before, and the key can be used.

    Asked: TXT of each name below `_domainkey` in either zone and of each `--selector`, through CNAMEs to their
    end, names of the zone of the new name servers, others of a resolver. It fails where a key is gone, another
    one, cut or unreadable, where an RSA key has fewer than 1024 bits, where several records stand at one
    selector, where the copy of a key has replaced the CNAME by which a service changes its keys, and where
    `_domainkey` itself is delegated otherwise than before. It warns of
    RSA keys of fewer than 2048 bits, `t=y`, SHA-1 alone; a revoked key is a notice. A fault that the old side
    has as well is told so. No selector is guessed: that one is missing is said of known ones alone. `lint`
    judges the keys that stand in the zone itself.
    """
    known = selectors(facts)
    if not known and facts.old.zone is None and not is_alone(facts):
        yield Unchecked(
            text_of(facts.domain),
            "The selectors are not known: DNS does not list them, and the old zone could not be read.",
            remedy="Name the old zone with --from, or the selectors with --selector: signed mail has them as s=.",
        )
    apart = list(_apart(facts))
    yield from apart
    if not known and not apart and (facts.old.zone is not None or is_alone(facts)):
        yield NotNeeded("neither zone has a DKIM selector; --selector names those that mail shows as s=")
    for owner in known:
        compared = [] if facts.new is None else list(_compared(facts, facts.new, owner))
        yield from compared
        if not any(isinstance(point, Problem) for point in compared):
            yield from with_old_faults(facts, partial(_faults, facts, owner))


def _apart(facts: Facts) -> Iterator[Point]:
    """Judge the delegations (or DNAMEs) behind which all keys of a domain are: DNS does not list them here."""
    if facts.new is None:
        return
    for rrset in old_sets(facts, _is_apart):
        domain = for_people(rrset.owner.parent())
        if facts.new.zone is None:
            yield NotNeeded(f"the keys of {domain} are in a zone of their own: see zone.subdelegation")
            continue
        now = [each for each in facts.new.zone.rrsets if each.key == rrset.key]
        evidence = (noted(facts.old, rrset), *(noted(facts.new, each) for each in now))
        if any(set(map(canonical_wire, each.rdatas)) == set(map(canonical_wire, rrset.rdatas)) for each in now):
            yield Passed(
                subject_of(rrset.key),
                f"The keys of {domain} are in a zone of their own, delegated as before; --selector names those to "
                "look at.",
                evidence,
            )
        else:
            yield Problem(
                subject_of(rrset.key),
                f"Signed mail of {domain} will fail DKIM: its keys are in a zone of their own, to which the new "
                "zone does not lead as before.",
                evidence,
                f"Make it what it was: {records_in_words(rrset.owner, rrset)}",
            )


def _is_apart(rrset: RRset) -> bool:
    return rrset.rdtype in {RdataType.NS, RdataType.DNAME} and rrset.key.folded[0] == LABEL


def _compared(facts: Facts, new_side: ZoneSide, owner: Name) -> Iterator[Point]:
    before, after = look(facts, facts.old, owner, RdataType.TXT), look(facts, new_side, owner, RdataType.TXT)
    subject, evidence = f"{text_of(owner)} TXT", evidence_of(after, before)
    failed = failure([after, before])
    if failed is not None and not failed.is_loop:
        yield Unchecked(subject, f"The key is not known: {failed.reason}.", evidence)
        return
    old, new = _state(facts, before), _state(facts, after)
    if not old.texts and not new.texts:
        yield _nowhere(facts, owner, evidence_of(after, before))
        return
    signed, then = _signed(facts, owner), consequence_of(facts, _domain_of(owner))
    if not old.texts:
        yield Passed(
            subject, f"The selector is new ({described(new.texts[0])}); nothing so far used it.", evidence
        )
    elif old.keyless and old.texts != new.texts:
        for effect in keyless_effects(owner, old, new):
            yield Problem(subject, effect.sentence, evidence, _as_before(owner, before), effect.severity)
    elif not new.texts:
        yield Problem(
            subject,
            f"{signed} will fail DKIM{then}: {_lack(after)}, where {_shown(before)} was expected.",
            evidence,
            _as_before(owner, before),
        )
    elif effects := list(state_effects(signed, then, old, new)):
        for effect in effects:
            yield Problem(subject, effect.sentence, evidence, _as_before(owner, before), effect.severity)
    else:
        yield Passed(subject, f"The key is the same as before: {described(new.texts[0])}.", evidence)


def _nowhere(facts: Facts, owner: Name, evidence: tuple[Evidence, ...]) -> Problem:
    """Return that neither side has a key: somebody named the selector, or a CNAME of the zone leads nowhere."""
    is_given = folded(owner) in map(folded, _given(facts))
    message = f"There is no key at {for_people(owner)}, as there was none before."
    severity = Severity.WARNING if is_given else Severity.NOTICE
    return Problem(f"{text_of(owner)} TXT", message, evidence, severity=severity)


def _faults(facts: Facts, owner: Name, side: ZoneSide) -> Iterator[Point]:
    """Yield what is wrong with the key that one side has, whatever the other has."""
    found = look(facts, side, owner, RdataType.TXT)
    stated = texts([found.rrset]) if isinstance(found, Found) else []
    subject, evidence = f"{text_of(owner)} TXT", evidence_of(found)
    if len(stated) > 1:
        message = f"There are {len(stated)} records at the selector; one was expected, and receivers take any."
        yield Problem(subject, message, evidence, "Keep the record whose p= is the public key that signs.")
        return
    if is_alone(facts) and not stated:
        yield NotNeeded("the zone itself has no key: its selectors lead elsewhere")
    for text in stated:
        remarks = [remark for remark in key_remarks(text) if not _is_meant(owner, remark.severity)]
        for remark in remarks:
            yield Problem(subject, f"The key {remark.text}.", evidence, severity=remark.severity)
        if is_alone(facts) and not remarks:
            yield Passed(subject, f"The key can be used: {described(text)}.", evidence)


def _is_meant(owner: Name, severity: Severity) -> bool:
    """Tell whether a revoked key says that nobody signs: at a wildcard it does."""
    return severity is Severity.NOTICE and is_wildcard(owner)


def _state(facts: Facts, found: Lookup) -> State:
    stated = tuple(texts([found.rrset])) if isinstance(found, Found) else ()
    return State(stated, left_to(facts, found))


def _domain_of(owner: Name) -> Name:
    selector = selector_of(owner)
    assert selector is not None
    return selector.domain


def _signed(facts: Facts, owner: Name) -> str:
    selector = selector_of(owner)
    assert selector is not None
    of = "" if folded(selector.domain) == folded(facts.domain) else f" of {for_people(selector.domain)}"
    return f"Mail signed by selector {selector.name}{of}"


def _lack(found: Lookup) -> str:
    match found:
        case Absent(_, (*_, last)):
            return f"its CNAME leads to {for_people(last)}, which has no key"
        case _ if rdatas_of(found):
            return "its record is no key"
        case _:
            return "its key is gone"


def _shown(found: Lookup) -> str:
    (text, *_) = texts([found.rrset]) if isinstance(found, Found) else [""]
    return f"'{shortened(text, 60)}'"


def _as_before(owner: Name, before: Lookup) -> str:
    assert isinstance(before, Found)
    if before.chain:
        return f"Add {text_of(owner)} CNAME {text_of(before.chain[0])}"
    (text, *_) = texts([before.rrset])
    return (
        f"Enter it as one text of {len(text)} characters, in strings of at most 255: "
        f"{records_in_words(owner, before.rrset)}"
    )
