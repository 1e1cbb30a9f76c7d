"""What the registry says of the domain (RDAP): may its name servers change, and does it last. Pure.

RDAP is minutes behind and not offered by every registry, so that no answer is unchecked and stops nobody: what
blocks a switch is told by the registrar anyhow, when it is tried.
"""

from collections.abc import Iterator
from datetime import timedelta

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Evidence, Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.clock import instant
from migrator.cutover.look import Unasked, names_of, signer_set
from migrator.cutover.registrar import Registrar
from migrator.meaning.suffixes import registered_above
from migrator.model.finding import Phase, Severity
from migrator.model.names import for_people
from migrator.model.phrases import ended

# EPP statuses as RFC 8056 writes them in RDAP.
_LOCKED = frozenset({"client update prohibited", "server update prohibited"})
_HELD = frozenset({"client hold", "server hold", "pending delete", "redemption period", "pending transfer"})
_TRANSFER = frozenset({"client transfer prohibited", "server transfer prohibited"})
_URGENT, _SOON = timedelta(days=7), timedelta(days=60)
_BEFORE = (Phase.PREPARE, Phase.READY)


def _known(facts: Facts) -> Registrar | Point:
    """Return what the registry says, or the point that it says nothing."""
    registered = registered_above(facts.domain)
    if registered is not None:
        return NotNeeded(f"the registry knows {for_people(registered)}, not names below it")
    match facts.registrar:
        case None:
            return NotNeeded("RDAP is switched off in the network profile")
        case Unasked(reason=reason):
            return Unchecked(for_people(facts.domain), reason)
        case found:
            return found


def _evidence(found: Registrar, text: str) -> tuple[Evidence, ...]:
    return (Noted(found.source, text),)


@check(
    "registrar.found",
    phases=(Phase.PREPARE,),
    severity=Severity.NOTICE,
    source="RFC 9082; RFC 9083; RFC 9224",
    remedy="Where the registry has no RDAP, look at the registrar's pages for locks, expiry and name servers.",
)
def found(facts: Facts) -> Iterator[Point]:
    """The registry answers (RDAP).

    The registry's own record of the domain can be read.

    The bootstrap of RFC 9224 names the registry's server; its answer is kept as it came, and its reference to the
    registrar's own one is followed.
    """
    known = _known(facts)
    if not isinstance(known, Registrar):
        yield known
        return
    subject = for_people(facts.domain)
    if known.unread:
        yield Problem(
            subject,
            f"The registry's answer has parts that cannot be read: {', '.join(known.unread)}.",
            _evidence(known, ", ".join(known.unread)),
        )
    if known.registrar_trouble:
        yield Problem(
            subject,
            f"The registrar's own answer could not be had: {known.registrar_trouble}.",
            _evidence(known, known.related),
        )
    yield Passed(
        subject, ended(f"Registered with {known.registrar or 'an unnamed registrar'}"), _evidence(known, "found")
    )


@check(
    "registrar.name",
    phases=(Phase.PREPARE, Phase.READY),
    source="Cloudflare Registrar documentation: domains have to use Cloudflare's name servers (2025-12)",
    remedy="Transfer the domain to another registrar first; do one thing at a time.",
)
def name(facts: Facts) -> Iterator[Point]:
    """The registrar allows other servers.

    The registrar is not one that forbids other providers' name servers.

    A domain that is registered with Cloudflare Registrar has to stay with Cloudflare's name servers.
    """
    known = _known(facts)
    if not isinstance(known, Registrar):
        yield known
        return
    subject = for_people(facts.domain)
    who = known.registrar
    if who is None:
        yield Unchecked(subject, "the registry does not name the registrar", _evidence(known, "no registrar"))
    elif "cloudflare" in who.lower() and (facts.new is None or facts.new.scheme != "cloudflare"):
        yield Problem(
            subject,
            f"The registrar is {who}, which allows no other name servers than Cloudflare's.",
            _evidence(known, who),
            "Transfer the domain to another registrar before the move.",
        )
    else:
        yield Passed(subject, ended(f"The registrar is {who}"), _evidence(known, who))


@check(
    "registrar.lock-update",
    phases=(Phase.PREPARE, Phase.READY, Phase.SWITCH),
    source="RFC 8056; RFC 5731 section 2.3",
    remedy="Have the registrar lift the lock against updates for the switch. A lock against transfers can stay.",
)
def lock_update(facts: Facts) -> Iterator[Point]:
    """No lock stands in the way.

    The registrar may change the name servers: no lock against updates, no hold, no end of the registration.

    `client transfer prohibited` is the usual lock against theft, does not stand in the way, and is to stay.
    """
    known = _known(facts)
    if not isinstance(known, Registrar):
        yield known
        return
    subject = for_people(facts.domain)
    statuses = {status.lower() for status in known.statuses}
    evidence = _evidence(known, f"status {', '.join(sorted(statuses)) or 'none'}")
    locked, held = sorted(statuses & _LOCKED), sorted(statuses & _HELD)
    if locked:
        yield Problem(
            subject,
            f"The status {', '.join(locked)} keeps the registrar from changing the name servers.",
            evidence,
            f"Have {known.registrar or 'the registrar'} lift it for the switch; a lock against transfers "
            "can stay.",
        )
    if held:
        yield Problem(
            subject,
            f"The status {', '.join(held)}: the domain is not, or not for long, delegated.",
            evidence,
            f"Settle that with {known.registrar or 'the registrar'} first.",
        )
    if not locked and not held:
        usual = "; the lock against transfers can stay" if statuses & _TRANSFER else ""
        yield Passed(subject, f"No lock against updates{usual}.", evidence)


@check(
    "registrar.expiry",
    phases=(Phase.PREPARE, Phase.READY),
    source="RFC 9083 section 4.5",
    remedy="Renew the domain before anything else.",
)
def expiry(facts: Facts) -> Iterator[Point]:
    """The registration lasts.

    The registration lasts: a week at least, and 60 days without a warning.
    """
    known = _known(facts)
    if not isinstance(known, Registrar):
        yield known
        return
    subject = for_people(facts.domain)
    if known.expires is None:
        yield Unchecked(
            subject, "the registry does not say when the registration expires", _evidence(known, "none")
        )
        return
    evidence = _evidence(known, f"expires {instant(known.expires)}")
    left = known.expires - facts.now
    verb = "expired" if left <= timedelta(0) else "expires"
    if left < _SOON:
        yield Problem(
            subject,
            f"The registration {verb} {instant(known.expires)}; {_SOON.days} days at least were expected.",
            evidence,
            ended(f"Renew it at {known.registrar or 'the registrar'}"),
            None if left < _URGENT else Severity.WARNING,
        )
    else:
        yield Passed(subject, f"Registered until {known.expires:%Y-%m-%d}.", evidence)


@check(
    "registrar.name-servers",
    phases=(Phase.SWITCH, Phase.SETTLE),
    severity=Severity.WARNING,
    source="RFC 9083 section 5.2",
    remedy="RDAP is often behind by minutes; where it lasts for a day, ask the registrar.",
)
def name_servers(facts: Facts) -> Iterator[Point]:
    """The registry has the new set.

    The registry's record has the new name servers, as the parent's servers do.
    """
    known = _known(facts)
    if not isinstance(known, Registrar):
        yield known
        return
    subject = for_people(facts.domain)
    wanted = () if facts.new is None else facts.new.names
    if known.name_servers is None or not wanted:
        what = "the registry does not list name servers" if wanted else "the new name servers are not known"
        yield Unchecked(subject, what, _evidence(known, what))
        return
    listed = ", ".join(map(for_people, known.name_servers)) or "none"
    if names_of(known.name_servers) == names_of(wanted):
        yield Passed(subject, f"The registry has {listed}.", _evidence(known, listed))
    else:
        yield Problem(
            subject,
            f"The registry has {listed}; {', '.join(map(for_people, wanted))} was expected.",
            _evidence(known, listed),
            "If the change was made at the registrar a moment ago, wait; else make it.",
        )


@check(
    "registrar.secure-dns",
    phases=(Phase.READY, Phase.SWITCH, Phase.SETTLE),
    severity=Severity.WARNING,
    source="RFC 9083 section 5.3",
    remedy="A change of DS may be on its way: do not switch before the registry and the parent agree.",
)
def secure_dns(facts: Facts) -> Iterator[Point]:
    """Registry and parent have one DS.

    The registry's record and the parent's servers have the same DS.
    """
    known = _known(facts)
    if not isinstance(known, Registrar):
        yield known
        return
    subject = f"{for_people(facts.domain)} DS"
    views = () if facts.delegation is None else facts.delegation.views
    sets = [signers for view in views if (signers := signer_set(view)) is not None]
    if known.delegation_signed is None or not sets:
        what = "the registry does not say" if sets else "no server of the parent says"
        yield Unchecked(subject, f"{what} whether there is a DS", _evidence(known, what))
        return
    at_parent = sorted({ds.to_text().upper() for signers in sets for ds in signers})
    listed = None if known.ds is None else sorted(str(ds) for ds in known.ds)
    agrees = at_parent == listed if listed is not None else known.delegation_signed == bool(at_parent)
    said = "; ".join(listed or ()) or ("a signed delegation" if known.delegation_signed else "no DS")
    if agrees:
        yield Passed(subject, f"The registry and the parent agree: {said}.", _evidence(known, said))
    else:
        yield Problem(
            subject,
            f"The registry says {said}, the parent's servers say {'; '.join(at_parent) or 'no DS'}; the "
            "same was expected.",
            (*_evidence(known, said), *(view.ds for view in views)),
        )


@check(
    "registrar.no-transfer",
    phases=_BEFORE,
    severity=Severity.WARNING,
    source="ICANN Transfer Policy; RFC 8056",
    remedy="Do one thing at a time: a transfer may drop name servers and DS.",
)
def no_transfer(facts: Facts) -> Iterator[Point]:
    """No transfer is under way.

    No transfer to another registrar is under way in the same days.
    """
    known = _known(facts)
    if not isinstance(known, Registrar):
        yield known
        return
    subject = for_people(facts.domain)
    statuses = {status.lower() for status in known.statuses}
    evidence = _evidence(known, f"status {', '.join(sorted(statuses)) or 'none'}")
    if "pending transfer" in statuses:
        yield Problem(
            subject, "A transfer to another registrar is under way.", evidence, "Wait until it is through."
        )
    else:
        yield Passed(subject, "No transfer is under way.", evidence)
