"""What the move itself brings: what the target cannot hold, TTLs that it changes, and who else writes. Pure."""

from collections.abc import Iterator

from dns.rdatatype import RdataType
from dns.rdtypes.txtbase import TXTBase

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem
from migrator.checks.zone.rules import unread
from migrator.model.finding import Phase, Severity
from migrator.model.loss import Loss
from migrator.model.names import for_people, text_of
from migrator.model.phrases import counted
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of
from migrator.translate import translate

_OF_TTL = frozenset({"ttl-raised", "ttl-lowered"})
_SHOWN = 5


def _losses(facts: Facts) -> tuple[Loss, ...] | Point:
    """Return what the target would lose of the old zone, or why nobody knows."""
    if facts.old.zone is None:
        return unread(facts, facts.old)
    if facts.new is None:
        return NotNeeded("the target is not known: --to names it")
    if facts.new.capabilities is None:
        return NotNeeded("the target's limits are not known")
    made = translate(
        facts.old.zone, facts.new.capabilities, assigned=facts.new.assigned, source_scheme=facts.old.scheme
    )
    return made.losses


@check(
    "plan.features",
    phases=(Phase.PREPARE,),
    source="docs/translation.md",
    remedy="Decide each loss with `import --accept WORD`, after its advice.",
)
def features(facts: Facts) -> Iterator[Point]:
    """The target can hold everything.

    The target can hold every RRset of the old zone, or somebody has decided what becomes of it.

    The translation of `import` is made without writing anything. Fails for each loss that changes what users get
    (a routing policy, an alias at the apex, a proxied origin, a type that the target lacks), warns for lesser
    ones. What was accepted at an import or in a `run` is not known here: `--skip plan.features=REASON` says it.
    Not needed without a target whose limits are known.
    """
    losses = _losses(facts)
    if not isinstance(losses, tuple):
        yield losses
        return
    told = [loss for loss in losses if loss.what not in _OF_TTL and loss.severity is not Severity.NOTICE]
    for loss in told:
        evidence = (Noted(facts.old.locator, f"{loss.what} ({loss.exactness})"),)
        yield Problem(
            subject_of(loss.key),
            loss.message,
            evidence,
            f"{loss.advice} To decide it: import --accept {loss.what}; to say here that it is decided: "
            "--skip plan.features=REASON",
            loss.severity,
        )
    if not told:
        assert facts.old.zone is not None
        number = counted(len(facts.old.zone.rrsets), "RRset")
        yield Passed(
            for_people(facts.domain), f"The target can hold all {number}.", (Noted(facts.old.locator, number),)
        )


@check(
    "plan.min-ttl",
    phases=(Phase.PREPARE,),
    severity=Severity.NOTICE,
    source="provider documentation of TTL limits (2025-12)",
    remedy="Plan with the TTLs that the target uses.",
)
def min_ttl(facts: Facts) -> Iterator[Point]:
    """The target keeps the TTLs.

    The target keeps the TTLs of the old zone.
    """
    losses = _losses(facts)
    if not isinstance(losses, tuple):
        yield losses
        return
    told = [loss for loss in losses if loss.what in _OF_TTL]
    for loss in told[:_SHOWN]:
        yield Problem(subject_of(loss.key), loss.message, (Noted(facts.old.locator, loss.what),), loss.advice)
    if len(told) > _SHOWN:
        yield Problem(
            for_people(facts.domain),
            f"{len(told) - _SHOWN} more TTLs that the target changes.",
            (Noted(facts.old.locator, counted(len(told), "TTL")),),
        )
    if not told:
        yield Passed(
            for_people(facts.domain), "The target keeps every TTL.", (Noted(facts.old.locator, "as read"),)
        )


@check(
    "plan.automation",
    phases=(Phase.PREPARE, Phase.READY),
    severity=Severity.WARNING,
    source="RFC 8555 section 8.4; documentation of external-dns (2025-12)",
    remedy="Point certificate clients (DNS-01), external-dns, dynamic DNS and Terraform to the new provider.",
)
def automation(facts: Facts) -> Iterator[Point]:
    """No tool writes to the old provider.

    Nothing goes on to write to the old provider by itself.

    What can be seen are traces in the zone: validation records of ACME (`_acme-challenge`), the owner records of
    external-dns (`heritage=external-dns`), names as dynamic DNS uses them. Whatever wrote them will write to the
    old provider after the switch, and nobody will see it there: the next certificate is not renewed.
    """
    side = facts.old
    if side.zone is None:
        yield unread(facts, side)
        return
    found = [(rrset, tool) for rrset in side.zone.rrsets if (tool := _tool(rrset))]
    for rrset, tool in found[:_SHOWN]:
        yield Problem(
            f"{text_of(rrset.owner)} {RdataType.to_text(rrset.rdtype)}",
            f"A trace of {tool}, which writes to the old provider.",
            (Noted(side.locator, rrset.rdatas[0].to_text() if rrset.rdatas else "an alias"),),
            f"Give {tool} the new provider's API before the switch.",
        )
    if len(found) > _SHOWN:
        yield Problem(
            for_people(facts.domain),
            f"{len(found) - _SHOWN} more traces of tools that write to the old provider.",
            (Noted(side.locator, counted(len(found), "trace")),),
        )
    if not found:
        number = counted(len(side.zone.rrsets), "RRset")
        yield Passed(
            for_people(facts.domain), f"No trace of automation in {number}.", (Noted(side.locator, number),)
        )


def _tool(rrset: RRset) -> str | None:
    """Return what kind of tool wrote the RRset, None where nothing tells."""
    first = rrset.owner.labels[0].lower()
    if rrset.rdtype == RdataType.TXT:
        texts = [b"".join(rdata.strings) for rdata in rrset.rdatas if isinstance(rdata, TXTBase)]
        if any(b"heritage=external-dns" in text for text in texts):
            return "external-dns (Kubernetes)"
        if first == b"_acme-challenge":
            return "a certificate client (ACME DNS-01)"
    if rrset.rdtype in {RdataType.A, RdataType.AAAA} and first in _DYNAMIC:
        return "dynamic DNS"
    return None


_DYNAMIC = frozenset({b"dyn", b"ddns", b"dyndns", b"home", b"homeip"})


@check(
    "plan.freeze",
    phases=(Phase.READY, Phase.SWITCH, Phase.SETTLE),
    severity=Severity.NOTICE,
    source="none: what is changed on one side alone is lost for half of the users",
    remedy="Agree on a change freeze until the old zone is gone, or make every change on both sides.",
)
def freeze(facts: Facts) -> Iterator[Point]:
    """Nobody changes one zone alone.

    Nobody changes either zone until the old one is gone, or everybody changes both.

    Only people know: --frozen states it. Without the statement it is a notice.
    """
    subject = for_people(facts.domain)
    if facts.settings.frozen:
        yield Passed(subject, "A change freeze is stated.", (Noted("--frozen", "stated by the person"),))
    else:
        yield Problem(subject, "Nobody has stated that both zones stay as they are until the old one is gone.", ())
