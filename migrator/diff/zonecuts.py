"""What becomes of delegated zones and of signatures: NS, glue, DS, DNSKEY. No IO here."""

from collections.abc import Iterator

from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.result import Kind
from migrator.diff.trees import cover_effects
from migrator.diff.wording import listed, named
from migrator.model.finding import Severity
from migrator.model.names import folded
from migrator.roles import Effect, Role
from migrator.served import ADDRESS_TYPES


def delegation_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of a zone below this one when its NS set changes."""
    shown = change.shown
    match change.kind:
        case Kind.MISSING:
            also = _signed(change)
            yield _cut(
                Severity.ERROR,
                f"Everything under {shown} stops: it is a zone of its own at {listed(change.lost)}, and "
                "nobody is told "
                f"so any more{also}.",
            )
        case Kind.EXTRA:
            yield from cover_effects(change, f"asked of {listed(change.gained)}", Role.DELEGATION)
        case _ if not change.kept:
            yield _cut(
                Severity.ERROR,
                f"Everything under {shown} is asked of {listed(change.gained)} instead of {listed(change.lost)}.",
            )
        case _ if change.lost:
            yield _cut(
                Severity.WARNING,
                f"Everything under {shown} is no longer asked of {listed(change.lost)}, only of {_now(change)}.",
            )
        case _:
            yield _cut(
                Severity.WARNING,
                f"Everything under {shown} is also asked of {listed(change.gained)}; where that server does not "
                "have the zone, some visitors find nothing.",
            )


def _now(change: Change) -> str:
    return listed(change.new.rdatas) if change.new else "nobody"


def _signed(change: Change) -> str:
    return ", nor of its DNSSEC key" if change.sides.old.sets(change.owner, RdataType.DS) else ""


def glue_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of a delegation when the address of one of its name servers changes within the zone."""
    if change.rdtype not in ADDRESS_TYPES or change.kind is Kind.EXTRA or not change.lost:
        return
    apex = folded(change.sides.old.origin)
    for reference in change.context.references(change.owner):
        zone = reference.key.owner
        if reference.role is not Role.DELEGATION or folded(zone) == apex:
            continue
        others = [
            rrset
            for rdtype in ADDRESS_TYPES
            for rrset in change.sides.new.sets(change.owner, rdtype)
            if rrset.rdatas
        ]
        what = "is sent to another address" if others else "has no address"
        yield _cut(
            Severity.ERROR,
            f"{change.shown} serves everything under {named([zone])} and {what}: that zone answers less, or "
            "not at all.",
        )


def ds_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of a signed zone below this one."""
    shown = change.shown
    match change.kind:
        case Kind.MISSING if change.sides.new.sets(change.owner, RdataType.NS):
            sentence = f"{shown} is signed, and resolvers no longer notice forged answers for it."
            yield Effect(Role.DNSSEC, Severity.ERROR, sentence)
        case Kind.MISSING:
            sentence = f"The key of the signed zone {shown} is gone together with its delegation."
            yield Effect(Role.DNSSEC, Severity.ERROR, sentence)
        case Kind.EXTRA:
            sentence = (
                f"Resolvers now demand signatures of {shown}; unless that zone is signed with this key, "
                "everything "
                "under it stops."
            )
            yield Effect(Role.DNSSEC, Severity.ERROR, sentence)
        case _ if change.kept:
            yield Effect(Role.DNSSEC, Severity.WARNING, f"{shown} has other keys beside one that stays.")
        case _:
            sentence = (
                f"Resolvers demand another key of {shown}; unless that zone is signed with it, everything "
                "under it "
                "stops."
            )
            yield Effect(Role.DNSSEC, Severity.ERROR, sentence)


def dnskey_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of a zone that is signed itself, or of the notes to its parent (CDS, CDNSKEY)."""
    shown = change.shown
    if change.rdtype != RdataType.DNSKEY:
        yield Effect(
            Role.DNSSEC,
            Severity.WARNING,
            f"What {shown} tells its parent of its keys differs; a parent that follows it changes the DS record.",
        )
        return
    careful = "while the parent still has a DS record for the old key, the whole domain stops to resolve"
    match change.kind:
        case Kind.MISSING:
            yield Effect(Role.DNSSEC, Severity.ERROR, f"{shown} was signed and is no longer: {careful}.")
        case Kind.EXTRA:
            yield Effect(Role.DNSSEC, Severity.WARNING, f"{shown} is signed, and was not so far.")
        case _ if change.kept:
            yield Effect(Role.DNSSEC, Severity.WARNING, f"{shown} has other keys beside one that stays.")
        case _:
            yield Effect(Role.DNSSEC, Severity.ERROR, f"{shown} is signed with other keys: {careful}.")


def _cut(severity: Severity, sentence: str) -> Effect:
    return Effect(Role.DELEGATION, severity, sentence)
