"""What is signed and what is trusted now: the parent's DS, and the keys on both sides. Pure."""

from collections.abc import Iterator

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DS import DS

from migrator.checks.check import check
from migrator.checks.dnssec.keys import (
    KeySet,
    fault_of,
    fitting,
    key_questions,
    key_sets,
    published_for,
    signatures_of,
    signers,
    tag,
    tags_text,
    unfit_text,
)
from migrator.checks.facts import Facts, ZoneSide, without_old_servers
from migrator.checks.points import Evidence, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.clock import instant
from migrator.cutover.look import explained, served, signer_set
from migrator.cutover.signing import can_be_validated
from migrator.model.finding import Phase, Severity
from migrator.model.names import text_of
from migrator.model.rrset import canonical_wire


@check(
    "dnssec.state",
    phases=tuple(Phase),
    blocks=True,
    source="Zonemaster DNSSEC07, DNSSEC11; RFC 4035 section 5",
    remedy="Let every name server of a provider sign, or none; wait where the parent's servers differ.",
    asks=key_questions,
)
def state(facts: Facts) -> Iterator[Point]:
    """What is signed is known.

    It is known whether the domain is signed: at every server of the parent and of either side.

    Fails where some servers of one side have keys and others have none, or where the servers of the parent have
    different DS records (a warning from the switch on, while they follow each other). Servers that do not answer
    leave it unchecked; those of the new side not in `prepare`, where the new zone need not be there yet.
    """
    subject = f"{text_of(facts.domain)} DS"
    views = () if facts.delegation is None else facts.delegation.views
    evidence: tuple[Evidence, ...] = tuple(view.ds for view in views)
    known = {view.server: signer_set(view) for view in views}
    for view in views:
        if known[view.server] is None:
            yield Unchecked(
                str(view.server), f"does not say whether there is a DS: {explained(view.ds)}", (view.ds,)
            )
    sets = {frozenset(map(canonical_wire, found)) for found in known.values() if found is not None}
    if len(sets) > 1:
        yield Problem(
            subject,
            f"The servers of the parent have {len(sets)} different DS sets; one was expected.",
            evidence,
            "A change is on its way: wait until every server of the parent has it.",
            Severity.WARNING if facts.phase in {Phase.SWITCH, Phase.SETTLE} else None,
        )
    if not sets:
        yield Unchecked(subject, "no server of the parent says whether there is a DS", evidence)
    trusted = signers(facts)
    parts = ["no DS at the parent" if not trusted else f"DS {tags_text(trusted)} at the parent"]
    for side in facts.sides:
        keys = key_sets(facts, side)
        may_be_missing = facts.phase is Phase.PREPARE and side is facts.new
        yield from _of_side(
            side, tuple(each for each in keys if each.keys is not None) if may_be_missing else keys
        )
        signed = {each.is_signed for each in keys if each.keys is not None}
        if signed:
            parts.append(f"the {side.side} side is {'signed' if signed == {True} else 'unsigned'}")
        evidence = (*evidence, *(each.observation for each in keys))
    if sets and len(sets) == 1:
        told = "; ".join(parts)
        yield Passed(subject, f"{told[0].upper()}{told[1:]}.", evidence)


def _of_side(side: ZoneSide, keys: tuple[KeySet, ...]) -> Iterator[Point]:
    for each in keys:
        if each.keys is None:
            yield Unchecked(
                str(each.server),
                f"does not say whether it has keys: {explained(each.observation)}",
                (each.observation,),
            )
    known = [each for each in keys if each.keys is not None]
    with_keys = [each for each in known if each.is_signed]
    if with_keys and len(with_keys) < len(known):
        without = [each for each in known if not each.is_signed]
        yield Problem(
            ", ".join(str(each.server) for each in without),
            f"No keys there, while other servers of the {side.side} side have "
            f"{tags_text(with_keys[0].keys or ())}; all servers of one provider sign, or none.",
            tuple(each.observation for each in known),
            "Wait until all servers have the signed zone; an anycast site or secondary may be behind.",
        )


@check(
    "dnssec.ds-matches-old",
    phases=(Phase.PREPARE, Phase.READY),
    blocks=True,
    source="Zonemaster DNSSEC02; RFC 4035 section 5.2",
    remedy="Repair the DS at the registrar before anything else: validating resolvers fail already.",
    asks=key_questions,
)
def ds_matches_old(facts: Facts) -> Iterator[Point]:
    """The DS fits the old keys.

    Before the switch, a DS at the parent fits a key that signs the keys at every old server.

    Otherwise the domain is bogus already, and a move cannot be told from the damage that was there. It warns where
    validators know no algorithm and digest of any DS: for them the domain is unsigned. Not needed without a DS at
    the parent.
    """
    trusted = signers(facts)
    subject = f"{text_of(facts.domain)} DS"
    if trusted is None:
        yield Unchecked(subject, "no server of the parent says whether there is a DS")
        return
    if not trusted:
        yield NotNeeded("no DS at the parent")
        return
    for each in key_sets(facts, facts.old):
        if each.keys is None:
            yield Unchecked(
                str(each.server), f"does not show its keys: {explained(each.observation)}", (each.observation,)
            )
        elif found := fitting(trusted, each, facts.domain):
            yield Passed(
                str(each.server),
                f"DS {tags_text(found)} fits key {tags_text(found)}.",
                (each.observation,),
            )
        else:
            yield _unfit(facts, trusted, each)
    if not facts.old.servers:
        yield Unchecked(subject, without_old_servers(facts))


def _unfit(facts: Facts, trusted: tuple[DS, ...], each: KeySet) -> Problem:
    """Say what is wrong: a DS of other keys, or a set of keys whose signature does not hold."""
    published, rrset = published_for(trusted, each, facts.domain), served(each.observation)
    bogus = "validating resolvers answer SERVFAIL for the domain already."
    if published and rrset is not None:
        tags = {tag(key) for key in published}
        others = signatures_of(each.observation, RdataType.DNSKEY)
        own = [signature for signature in others if signature.key_tag in tags]
        fault = fault_of(rrset, own, published, facts.domain, facts.now)
        remedy = "Have the old provider sign the zone anew, or remove the DS, before you go on."
        if others and not own:
            listed = ", ".join(sorted({str(signature.key_tag) for signature in others}, key=int))
            fault = f"is signed by key {listed} alone"
            enter = f"Enter a DS of key {listed} at the registrar beside this one"
            remedy = f"{enter}, or remove the DS, before you go on."
        return Problem(
            str(each.server),
            f"DS {tags_text(published)} fits a key of the DNSKEY set there, which {fault}: {bogus}",
            (each.observation,),
            remedy,
        )
    remedy = "Enter the DS of the present keys at the registrar, or remove the DS, before you go on."
    unfit = f"DS {tags_text(trusted)} fits none of the keys there ({unfit_text(trusted, each, facts.domain)})"
    if not can_be_validated(trusted):
        unknown = "has an algorithm or a digest that validators do not know: they take the domain for unsigned"
        said = f"{unfit}, and {unknown}."
        return Problem(str(each.server), said, (each.observation,), remedy, Severity.WARNING)
    if not each.is_signed:
        sign = "have the old provider sign the zone with a key that it fits"
        remedy = f"Remove the DS at the registrar, or {sign}, before you go on."
    return Problem(
        str(each.server),
        f"{unfit}: {bogus}",
        (each.observation,),
        remedy,
    )


@check(
    "dnssec.resign",
    phases=(Phase.SETTLE, Phase.CLOSE),
    severity=Severity.WARNING,
    source="RFC 6781 section 4.4",
    remedy="Sign the zone at the new provider; once its keys are everywhere and the last stale answer is past, "
    "give the DS to the registrar.",
    asks=key_questions,
)
def resign(facts: Facts) -> Iterator[Point]:
    """A signed domain is signed again.

    A domain that was signed before the move is signed and trusted again after it.

    What it was is known from a DS that an earlier look saw at the parent, or from the keys of the old servers
    where nobody looked; keys that no look saw trusted are a notice. A DS counts where it fits a key that signs
    the keys at every new server, and warns where it does not.
    """
    trusted = signers(facts)
    subject = f"{text_of(facts.domain)} DS"
    if trusted is None:
        yield Unchecked(subject, "no server of the parent says whether there is a DS")
        return
    views = () if facts.delegation is None else facts.delegation.views
    runs = [run for view in views for run in facts.history.of(view.server.address, facts.domain, RdataType.DS)]
    was_trusted = any(run.rdatas for run in runs)
    had_keys = any(each.is_signed for each in key_sets(facts, facts.old))
    evidence = tuple(view.ds for view in views)
    if trusted:
        yield from _trust(
            facts, trusted, subject, (*evidence, *(k.observation for k in key_sets(facts, facts.new)))
        )
    elif had_keys and runs and not was_trusted:
        said = "The old servers sign the zone, and no look saw a DS at the parent: nobody trusted the signatures."
        yield Problem(subject, said, evidence, severity=Severity.NOTICE)
    elif was_trusted or had_keys:
        yield Problem(
            subject,
            "The domain was signed before the move, and the parent has no DS now; one was expected again.",
            evidence,
            _signed_again(facts),
        )
    else:
        yield NotNeeded("the domain was not signed, as far as anybody saw")


def _trust(facts: Facts, trusted: tuple[DS, ...], subject: str, evidence: tuple[Evidence, ...]) -> Iterator[Point]:
    """Judge a DS that is at the parent after the switch: it has to be one of the new servers' keys."""
    new = key_sets(facts, facts.new)
    silent = [each for each in new if each.keys is None]
    for each in silent:
        why = f"does not show its keys: {explained(each.observation)}"
        yield Unchecked(str(each.server), why, (each.observation,))
    unfit = [each for each in new if each.keys is not None and not fitting(trusted, each, facts.domain)]
    if unfit:
        where = ", ".join(str(each.server) for each in unfit)
        yield Problem(
            subject,
            f"DS {tags_text(trusted)} at the parent fits no key that signs the keys at {where}; one that fits was "
            "expected.",
            evidence,
            "See what dnssec.safe-to-switch says.",
        )
    elif not new:
        why = "whether the DS fits the new keys is not known: no new name server is: --to names the new side"
        yield Unchecked(subject, why, evidence)
    elif not silent:
        yield Passed(subject, f"DS {tags_text(trusted)} at the parent fits the keys of the new servers.", evidence)


def _signed_again(facts: Facts) -> str:
    """Return what to do: nothing at the registrar before the old servers are forgotten, whom no new DS fits."""
    end = facts.stale_end
    enter = "give the DS of the new keys to the registrar"
    if not any(each.is_signed for each in key_sets(facts, facts.new)):
        enter = f"enable DNSSEC at the new provider; once its keys are everywhere, {enter}"
    if facts.past_stale_end is not None:
        return f"{enter[0].upper()}{enter[1:]}: the last stale answer is past."
    when = (
        "the last stale answer is past" if end is None else f"{instant(end)}, when the last stale answer is past"
    )
    wait = f"Wait until {when}: resolvers that still ask the old servers would answer SERVFAIL."
    return f"{wait} Then {enter}."
