"""What becomes of delegated zones and of signatures: NS, glue, DS, DNSKEY. No IO here."""

from collections.abc import Collection, Iterator

from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.result import Kind
from migrator.diff.trees import cover_effects, needs_glue
from migrator.diff.wording import listed, named
from migrator.meaning.roles import Effect, Role
from migrator.meaning.served import ADDRESS_TYPES
from migrator.model.finding import Severity
from migrator.model.names import folded
from migrator.model.rrset import RRset

_SHA1 = 1


def delegation_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of a zone below this one when its NS set changes."""
    shown = change.shown
    match change.kind:
        case Kind.MISSING:
            also = _signed(change)
            yield _cut(
                Severity.ERROR,
                f"Everything under {shown} stops: it is a zone of its own at {listed(change.lost)}, and nobody "
                f"is told so any more{also}.",
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
    apex, new = folded(change.sides.old.origin), change.sides.new
    delegations = [r for r in change.context.references(change.owner) if r.role is Role.DELEGATION]
    zones = [reference.key.owner for reference in delegations if reference.key.folded != apex]
    for zone in zones:
        if not needs_glue(change, zone):
            continue
        others = any(rrset.rdatas for rdtype in ADDRESS_TYPES for rrset in new.sets(change.owner, rdtype))
        what = "is sent to another address" if others else "has no address"
        yield _cut(
            Severity.ERROR,
            f"{change.shown} serves everything under {named([zone])} and {what}: that zone answers less, or "
            "not at all.",
        )
    if zones and change.new is None and not any(new.sets(zone, RdataType.NS) for zone in zones):
        with_it = "that delegation" if len(zones) == 1 else "these delegations"
        gone = f"its address ({listed(change.lost)}) is gone together with {with_it}"
        yield _cut(Severity.ERROR, f"{change.shown} served everything under {named(zones)}: {gone}.")


def ds_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of a signed zone below this one."""
    shown = change.shown
    match change.kind:
        case Kind.MISSING if folded(change.owner) == folded(change.sides.old.origin):
            sentence = (
                f"The DS of {shown} itself is gone; nothing read it, since resolvers ask the parent zone for it."
            )
            yield Effect(Role.DNSSEC, Severity.WARNING, sentence)
        case Kind.MISSING if not change.sides.old.sets(change.owner, RdataType.NS):
            sentence = f"The DS of {shown} is gone; nothing read it, since no zone is delegated there."
            yield Effect(Role.DNSSEC, Severity.WARNING, sentence)
        case Kind.MISSING if change.sides.new.sets(change.owner, RdataType.NS):
            sentence = f"{shown} is signed, and resolvers no longer notice forged answers for it."
            yield Effect(Role.DNSSEC, Severity.ERROR, sentence)
        case Kind.MISSING:
            sentence = f"The key of the signed zone {shown} is gone together with its delegation."
            yield Effect(Role.DNSSEC, Severity.ERROR, sentence)
        case Kind.EXTRA:
            sentence = (
                f"Resolvers now demand signatures of {shown}; unless that zone is signed with this key, "
                "everything under it stops."
            )
            yield Effect(Role.DNSSEC, Severity.ERROR, sentence)
        case _:
            yield _other_keys(change)


def _other_keys(change: Change) -> Effect:
    """Return what becomes of a signed zone whose DS set changes; what validators pass over counts for nothing."""
    shown = change.shown
    old, new = _heeded(change.old), _heeded(change.new)
    if _is_sha1(new) and not _is_sha1(old):
        sentence = (
            f"Digests by SHA-1 alone are left of the keys of {shown}: resolvers that no longer accept them do not "
            "notice forged answers for it."
        )
        return Effect(Role.DNSSEC, Severity.ERROR, sentence)
    had, has = {_key_of(rdata) for rdata in old}, {_key_of(rdata) for rdata in new}
    stays = bool(new & frozenset(change.kept))
    of_known_keys = all(_is_of_same_key(rdata, old) for rdata in new)
    if stays and not (of_known_keys and had == has):
        return Effect(Role.DNSSEC, Severity.WARNING, f"{shown} has other keys beside one that stays.")
    if stays or of_known_keys:
        return Effect(Role.DNSSEC, Severity.WARNING, f"{shown} has another digest of a key that stays.")
    sentence = (
        f"Resolvers demand another key of {shown}; unless that zone is signed with it, everything under it stops."
    )
    return Effect(Role.DNSSEC, Severity.ERROR, sentence)


def _heeded(rrset: RRset | None) -> frozenset[Rdata]:
    """Return the DS that validators look at: none by SHA-1 beside a better digest (RFC 4509 section 3)."""
    found = frozenset(() if rrset is None else rrset.rdatas)
    return frozenset(rdata for rdata in found if not _is_sha1({rdata})) or found


def _is_sha1(found: Collection[Rdata]) -> bool:
    return all(_kind_of(rdata) == _SHA1 for rdata in found)


def _is_of_same_key(rdata: Rdata, others: Collection[Rdata]) -> bool:
    """Tell whether a DS is one of the others, or another digest of a key of theirs.

    Another one of the same kind is of another key, whatever its tag, or it is mistyped.
    """
    of_key = {_kind_of(other): other for other in others if _key_of(other) == _key_of(rdata)}
    return bool(of_key) and of_key.get(_kind_of(rdata), rdata) == rdata


def _kind_of(rdata: Rdata) -> object:
    return getattr(rdata, "digest_type", None)


def _key_of(rdata: Rdata) -> object:
    """Return what DS of one key have in common: its tag and its algorithm."""
    return (getattr(rdata, "key_tag", rdata), getattr(rdata, "algorithm", None))


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
