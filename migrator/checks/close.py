"""May the old zone be deleted? By time, by what still refers to it, and by what would be lost with it. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DS import DS

from migrator.answers.seen import silence_of
from migrator.checks.asks import Ask
from migrator.checks.check import check
from migrator.checks.dnssec.keys import (
    Key,
    KeySet,
    fitting,
    identity_of,
    key_questions,
    key_sets,
    signers,
    tag,
    tags_text,
)
from migrator.checks.facts import Facts, without_old_servers
from migrator.checks.points import Evidence, Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.checks.reproduce import own_command
from migrator.checks.zone.asking import compared, everything
from migrator.checks.zone.planned import has_in_words, in_its_place, place_in_words, rerouted_between
from migrator.clock import instant
from migrator.cutover.look import Addresses, explained, names_of, served, targets
from migrator.cutover.memory import ADDRESS_TYPES
from migrator.cutover.places import addresses_of
from migrator.diff import Difference, Kind, ZoneDiff, compare_sides
from migrator.diff.result import REAL
from migrator.diff.wording import answered
from migrator.meaning.targets import targets_of
from migrator.model.delegation import ParentView
from migrator.model.finding import Phase, Severity
from migrator.model.names import folded, for_people, text_of
from migrator.model.observation import Question
from migrator.model.phrases import counted, ended
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot, subject_of

_CLOSE = (Phase.CLOSE,)
_OF_SIGNER = frozenset({RdataType.DNSKEY, RdataType.CDS, RdataType.CDNSKEY})
_SHOWN = 5


def _old_only(facts: Facts) -> frozenset[tuple[bytes, ...]]:
    """Return the name servers of the old side that the new one does not have."""
    return names_of(facts.old.names) - (frozenset() if facts.new is None else names_of(facts.new.names))


def _moved(facts: Facts) -> Addresses:
    """Return where name servers were that keep their names and move."""
    return () if facts.judgement is None else facts.judgement.look.left


@check(
    "close.time",
    phases=_CLOSE,
    blocks=True,
    source="RFC 2181 section 5.4.1; migrator/clock.py",
    remedy="Wait; deleting now breaks users whose resolvers still keep the old name servers.",
)
def time(facts: Facts) -> Iterator[Point]:
    """The clock lets the old zone go.

    The instant is past from which the old zone may be deleted, as far as time goes.

    It is the last stale answer, which needs the old servers no more; whether the new ones answer is judged by
    `delegation.child-ns`. The recommended instant, with a margin of a day at least, stands beside it as a notice:
    a deletion cannot be undone.
    """
    subject = for_people(facts.domain)
    judgement = facts.judgement
    timing = None if judgement is None else judgement.timing
    if judgement is None or timing is None:
        yield Unchecked(subject, "since when every server of the parent lists the new set is not known")
        return
    evidence = tuple(view.ns for view in judgement.look.delegation.views)
    if timing.safe is None:
        yield Unchecked(subject, "; ".join(timing.last_stale.unknown), evidence, not_before=timing.last_stale.at)
    elif facts.now < timing.safe.at:
        yield Problem(
            subject,
            f"The old zone is needed until {instant(timing.safe.at)} = {timing.last_stale.formula}.",
            evidence,
            f"Wait until {instant(timing.safe.at)}.",
            not_before=timing.safe.at,
        )
    else:
        yield Passed(
            subject, f"By the clock, nobody needs it since {instant(timing.safe.at)}.", evidence, timing.safe.at
        )
        if timing.recommended is not None and facts.now < timing.recommended.at:
            yield Problem(
                subject,
                f"With a margin, {instant(timing.recommended.at)} is recommended: a deletion cannot be undone.",
                evidence,
                severity=Severity.NOTICE,
            )


@check(
    "close.no-dangling",
    phases=_CLOSE,
    blocks=True,
    source="lame delegation hijacking: whoever creates the zone anew at the old provider answers for it",
    remedy="Remove the old name servers at the registrar first.",
)
def no_dangling(facts: Facts) -> Iterator[Point]:
    """The parent lists no old server.

    No server of the parent lists an old name server, nor hands out the old address of one that keeps its name.

    Whoever creates a zone of that name at the old provider, once it is deleted, may be given the same name
    servers, and would answer for the domain.
    """
    subject = f"{text_of(facts.domain)} NS"
    old = _old_only(facts)
    views = () if facts.delegation is None else facts.delegation.views
    if not facts.old.names:
        yield Unchecked(subject, "the old name servers are not known: --from names them")
        return
    moved = _moved(facts)
    for view in views:
        rrset = view.delegation()
        if rrset is None:
            yield Unchecked(str(view.server), f"does not show the delegation: {explained(view.ns)}", (view.ns,))
            continue
        left = [name for name in targets(rrset) if folded(name) in old]
        if left:
            yield Problem(
                str(view.server),
                f"Still lists {', '.join(map(for_people, left))}; none of the old name servers was expected.",
                (view.ns,),
                "Remove them at the registrar, and wait for the TTL of the delegation.",
            )
        elif moved:
            yield from _glue_left(view, moved)
        else:
            yield Passed(str(view.server), "Lists no old name server.", (view.ns,))
    if not views:
        yield Unchecked(subject, "no server of the parent could be asked")


def _glue_left(view: ParentView, moved: Addresses) -> Iterator[Point]:
    """Judge the glue of name servers that keep their names: none of it may lead to where they were."""
    for name, before in moved:
        glue = view.glue_of(name)
        left = sorted(before.intersection(glue))
        if left:
            yield Problem(
                str(view.server),
                f"Still hands out {', '.join(left)} for {for_people(name)}; the new address alone was expected.",
                (view.ns,),
                "Have the registrar correct the host record, and wait for its TTL.",
            )
        elif not glue:
            yield Unchecked(str(view.server), f"hands out no address of {for_people(name)}", (view.ns,))
        else:
            yield Passed(str(view.server), f"Hands out no old address of {for_people(name)}.", (view.ns,))


def _asked_of_live(facts: Facts) -> Iterable[Ask]:
    """Ask new servers that do not list their zone everything that the old one has."""
    last = _last(facts)
    if facts.new is not None and facts.new.is_live and last is not None:
        yield from everything(facts, facts.new, last)


def _last(facts: Facts) -> ZoneSnapshot | None:
    """Return the old zone as it is, else as it was kept."""
    return facts.old.zone or (None if facts.backup is None else facts.backup.zone)


def _against_new(facts: Facts, last: ZoneSnapshot) -> ZoneDiff | None:
    """Return the old zone against the new one, or against what its live servers answer."""
    if facts.new is None:
        return None
    if facts.new.zone is not None:
        return compare_sides(last, facts.new.zone)
    return compared(facts, facts.new, last).found if facts.new.is_live else None


def _of_new(facts: Facts) -> tuple[RRset, ...] | None:
    """Return the RRsets of the new zone, or those that its live servers answer; None where nobody knows any."""
    if facts.new is None:
        return None
    if facts.new.zone is not None:
        return facts.new.zone.rrsets
    last = _last(facts)
    serving = compared(facts, facts.new, last).serving if facts.new.is_live and last is not None else ()
    # Servers that do not agree each say something of their own.
    every = {(r.key, r.rdatas): r for one in serving if one.seen is not None for r in one.seen.rrsets.values()}
    return tuple(every.values()) if serving else None


@check(
    "close.refs",
    phases=_CLOSE,
    blocks=True,
    source="RFC 1912 section 2.8",
    remedy="Change what still refers to the old name servers before the old zone goes.",
    asks=_asked_of_live,
)
def refs(facts: Facts) -> Iterator[Point]:
    """Nothing refers to the old servers.

    Nothing that can be seen refers to the old name servers any more.

    Looked at: every RRset of the new zone (delegations of sub-zones, MX, CNAME, SRV and the like); of live
    servers, what they answer for everything in the old zone. Of name servers that keep their names and move, what
    leads to their former addresses is a warning: the machine may stay for that. Other domains that use the same
    name servers, secondaries and monitoring cannot be seen from here, which a notice says.
    """
    rrsets = _of_new(facts)
    if facts.new is None or rrsets is None:
        why = "the new zone is not readable" if facts.new is not None else "the new side is not known"
        yield Unchecked(text_of(facts.domain), f"{why}: --to names it")
        return
    old, moved = _old_only(facts), _moved(facts)
    evidence = (Noted(facts.new.locator, counted(len(rrsets), "RRset")),)
    if not old and not moved:
        yield Unchecked(text_of(facts.domain), "the old name servers are not known: --from names them", evidence)
        return
    referring: list[tuple[str, Name]] = [
        (subject_of(rrset.key), target)
        for rrset in rrsets
        for target in targets_of(rrset.rdatas)
        if folded(target) in old
    ]
    for subject, target in referring[:_SHOWN]:
        yield Problem(subject, f"Refers to the old name server {for_people(target)}.", evidence)
    there = {address: name for name, left in moved for address in left}
    leading = [
        (subject_of(rrset.key), there[address])
        for rrset in rrsets
        for address in addresses_of(rrset)
        if address in there
    ]
    for subject, name in leading[:_SHOWN]:
        message = f"Leads to where the name server {for_people(name)} was before."
        yield Problem(subject, message, evidence, "Make sure that this machine stays.", Severity.WARNING)
    unanswered = _unanswered(facts)
    if unanswered:
        asked = f"{counted(unanswered, 'RRset')} of the old zone could not be asked of every new name server"
        yield Unchecked(text_of(facts.domain), asked, evidence)
    elif not referring and not leading:
        yield Passed(text_of(facts.domain), "The new zone does not refer to the old name servers.", evidence)
    yield Problem(
        text_of(facts.domain),
        "Other domains, secondaries and tools that use the old name servers cannot be seen from here.",
        evidence,
        "Look at the account of the old provider for them.",
        Severity.NOTICE,
    )


def _unanswered(facts: Facts) -> int:
    """Count the RRsets of the old zone of which the live servers of the new side did not say what they have."""
    last = _last(facts)
    found = None if last is None else _against_new(facts, last)
    return 0 if found is None else len(_unchecked(found))


def _unchecked(found: ZoneDiff) -> list[Difference]:
    return [each for each in found.differences if each.kind is Kind.UNCHECKED and each.old is not None]


@check(
    "close.final-backup",
    phases=_CLOSE,
    blocks=True,
    source="none: what is deleted can be put back from a backup alone",
    remedy="Export the old zone a last time, and compare it with the new one.",
    asks=_asked_of_live,
)
def final_backup(facts: Facts) -> Iterator[Point]:
    """Nothing is deleted that was not kept.

    There is a whole backup of the old zone, and nothing in the old zone is missing in the new one.

    Fails without a backup, and where somebody has changed the old zone and not the new one: that change would be
    deleted. New servers that do not list their zone are asked for everything that the old one has. Keys go with
    the zone that they sign: `close.dnssec` looks at them.
    """
    subject = for_people(facts.domain)
    export = own_command("export", facts.old.locator or "LOCATOR")
    kept = facts.backup
    if kept is None or kept.zone is None:
        trouble = (
            "No backup of the old zone was found" if kept is None else f"The backup cannot be used: {kept.trouble}"
        )
        looked = Noted("backups/" if kept is None else kept.place, trouble, facts.now)
        message = f"{trouble}; one was expected before the zone is deleted."
        yield Problem(subject, message, (looked,), f"Run: {export}")
        return
    evidence: tuple[Evidence, ...] = (Noted(kept.place, f"{len(kept.zone.rrsets)} RRsets", kept.taken),)
    found = _against_new(facts, facts.old.zone or kept.zone)
    if found is None:
        yield Unchecked(subject, "the new zone is not readable, so nothing compares it with the old one", evidence)
        return
    unknown = _unchecked(found)
    if unknown:
        yield Unchecked(subject, f"{counted(len(unknown), 'RRset')} could not be compared", evidence)
    lost = [
        each
        for each in found.differences
        if each.kind in REAL and each.old is not None and each.key.rdtype not in _OF_SIGNER
    ]
    # What the name servers had for addresses before they moved is not to be in the new zone.
    before = {folded(name) for name, _ in _moved(facts)}
    lost = [each for each in lost if each.key.rdtype not in ADDRESS_TYPES or folded(each.key.owner) not in before]
    last, now = facts.old.zone or kept.zone, None if facts.new is None else facts.new.zone
    for each in lost[:_SHOWN]:
        place = () if each.new else in_its_place(now, each.key)
        has = place_in_words(place) if place else answered(each.new)
        yield Problem(
            subject_of(each.key),
            ended(f"The old zone has {has_in_words(last, each.old)}, the new one {has}") + f" {each.impact}",
            evidence,
            _ROUTING_GOES if _is_kept(last, now, each) else _DECIDE,
            each.severity,
        )
    if not lost and not unknown:
        yield Passed(
            subject, f"A whole backup in {kept.place}, and nothing of it is missing in the new zone.", evidence
        )


_DECIDE = "Decide which one is right, and put it into the new zone before the old one goes."
_ROUTING_GOES = "All that it answers is in the new zone; make sure that you can do without its routing."


def _is_kept(old: ZoneSnapshot, new: ZoneSnapshot | None, difference: Difference) -> bool:
    """Tell whether a routed set has an ordinary one in its place that answers the same."""
    sides = rerouted_between(old, new, difference.key)
    if sides is None or difference.old is None:
        return False
    return sides.is_gone and not sides.lost(difference.old)


@check(
    "close.dnssec",
    phases=_CLOSE,
    blocks=True,
    source="RFC 6781 section 4.3.5.1; RFC 8901 section 7",
    remedy="Leave only the DS of the new keys at the registrar, and no key of the old provider in the new zone.",
    asks=key_questions,
)
def dnssec(facts: Facts) -> Iterator[Point]:
    """Only the new keys are trusted.

    The DS at the parent fit the new side's keys, and the new zone publishes no key of the old provider.

    A DS of a key that goes with the old zone is harmless at best; a key of the old provider in the new zone lets
    whoever holds it sign for the domain.
    """
    subject = f"{text_of(facts.domain)} DS"
    trusted = signers(facts)
    if trusted is None:
        yield Unchecked(subject, "no server of the parent says whether there is a DS")
        return
    new, old = key_sets(facts, facts.new), key_sets(facts, facts.old)
    if not trusted and not any(each.is_signed for each in new):
        yield NotNeeded("no DS at the parent, and the new side is not signed")
        return
    # A key that signs the new zone's own data belongs to the new side, whoever publishes it besides.
    own, of_old = _signing_keys(new), _signing_keys(old)
    faults = [*_idle_keys(subject, new, old, own | of_old)]
    for each in new:
        faults += _faults_of_keys(each, trusted, of_old - own, facts.domain)
    yield from faults
    if not new:
        yield Unchecked(subject, "no address of a new name server is known")
    elif not faults:
        evidence = tuple(each.observation for each in new)
        yield Passed(subject, f"DS {tags_text(trusted)}, and only the new side's keys.", evidence)


def _signing_keys(sets: Iterable[KeySet]) -> frozenset[Key]:
    """Return the keys that sign the keys or the data of a side."""
    return frozenset(identity_of(key) for each in sets for key in (*each.signing, *each.data_keys()))


def _idle_keys(
    subject: str, new: Sequence[KeySet], old: Sequence[KeySet], signing: frozenset[Key]
) -> Iterator[Point]:
    """Yield that new servers have keys that sign nothing on either side: nobody can tell whose they are."""
    idle = {identity_of(key) for each in new for key in each.keys or ()} - signing
    if idle and (not old or any(each.keys is None or (each.is_signed and not each.data_keys()) for each in old)):
        yield Unchecked(
            subject,
            "the new zone has keys that sign nothing, and the old servers do not say whether they are theirs",
            tuple(each.observation for each in (*old, *new)),
        )


def _faults_of_keys(
    shown: KeySet, trusted: tuple[DS, ...], foreign: frozenset[Key], domain: Name
) -> Iterator[Point]:
    """Yield what is wrong with the keys that one new server shows; `foreign` are those of the old provider."""
    evidence = (shown.observation,)
    if shown.keys is None:
        yield Unchecked(str(shown.server), f"does not show its keys: {explained(shown.observation)}", evidence)
        return
    left = sorted(tag(key) for key in shown.keys if identity_of(key) in foreign)
    if left:
        yield Problem(
            str(shown.server),
            f"Publishes key {', '.join(map(str, left))} of the old provider; none was expected any more.",
            evidence,
            "Remove the imported key from the new zone.",
        )
    unfit = [ds for ds in trusted if not fitting((ds,), shown, domain)]
    if unfit:
        yield Problem(
            str(shown.server),
            f"DS {tags_text(unfit)} at the parent fits no key that signs the keys there.",
            evidence,
            "Remove that DS at the registrar.",
            Severity.WARNING if fitting(trusted, shown, domain) else None,
        )


def _old_soa(facts: Facts) -> Iterator[Question]:
    for server in facts.old.servers:
        yield facts.question(server, facts.domain, RdataType.SOA)


@check(
    "close.old-serves",
    phases=(Phase.SWITCH, Phase.SETTLE),
    source="RFC 2181 section 5.4.1",
    remedy="Put the old zone back until the last stale answer is past.",
    asks=_old_soa,
)
def old_serves(facts: Facts) -> Iterator[Point]:
    """The old servers still serve.

    The old name servers go on to serve the zone as long as resolvers may ask them.

    Until the last stale answer, a server that refuses the zone, by whatever code, or does not have it fails;
    after it, nobody needs it. Silence is unchecked.
    """
    if not facts.old.servers:
        yield Unchecked(for_people(facts.domain), without_old_servers(facts))
        return
    if (end := facts.past_stale_end) is not None:
        yield NotNeeded(f"the last stale answer was due {instant(end)}")
        return
    for question in _old_soa(facts):
        seen = facts.observed(question)
        if served(seen) is not None:
            yield Passed(str(question.server), "Still serves the zone.", (seen,))
        elif silence_of(seen) is None:
            yield Problem(
                str(question.server),
                f"The old server gave {explained(seen)}; resolvers that still keep it need its answers.",
                (seen,),
                "Put the old zone back as it was.",
            )
        else:
            yield Unchecked(str(question.server), f"no answer for the zone: {explained(seen)}", (seen,))


@check(
    "close.traffic",
    phases=_CLOSE,
    severity=Severity.WARNING,
    source="documentation of CloudWatch, Azure Monitor and Cloudflare analytics (2025-12)",
    remedy="Look at the old provider's count of questions for the zone over a day: --old-queries NUMBER.",
)
def traffic(facts: Facts) -> Iterator[Point]:
    """Nobody asks the old servers.

    Nobody asks the old name servers any more, by the old provider's own count over a day.

    The count is not read by this program: --old-queries states it. Without it the check is unchecked, and stops
    nobody.
    """
    subject = for_people(facts.domain)
    count = facts.settings.old_queries
    if count is None:
        yield Unchecked(
            subject,
            "how many questions the old provider still gets is not known",
            (),
            f"{_METRICS.get(facts.old.scheme, 'Look at its statistics')}; then state it with --old-queries "
            "NUMBER.",
        )
    elif count > _ALMOST_NONE:
        yield Problem(
            subject,
            f"The old provider still gets {count} questions a day; almost none was expected.",
            (Noted("--old-queries", str(count)),),
            "Find out who asks: a resolver that never lets go, a secondary, another domain.",
        )
    else:
        yield Passed(subject, f"{count} questions a day.", (Noted("--old-queries", str(count)),))


_ALMOST_NONE = 100
_METRICS = {
    "route53": "aws cloudwatch get-metric-statistics --namespace AWS/Route53 --metric-name DNSQueries "
    "--dimensions Name=HostedZoneId,Value=ZONE-ID --statistics Sum --period 86400 --region us-east-1 ...",
    "azure": "az monitor metrics list --resource ZONE-ID --metric QueryVolume --interval P1D",
    "cloudflare": "DNS > Analytics of the zone in the dashboard",
}
