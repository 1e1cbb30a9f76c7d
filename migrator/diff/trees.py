"""What becomes of whole trees of names: wildcards, DNAMEs, and what a new name hides; and of PTR. No IO here."""

from collections.abc import Iterator

import dns.exception
import dns.reversename
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.hosts import by_wildcard
from migrator.diff.instead import instead_effect, is_made_by_dname
from migrator.diff.result import Kind
from migrator.diff.wording import answered, below, capital, listed, named
from migrator.meaning.roles import HOST_TYPES, Effect, Role
from migrator.meaning.served import ADDRESS_TYPES
from migrator.meaning.targets import targets_of
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people
from migrator.model.phrases import counted, ended


def wildcard_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of the names that only a wildcard answers for."""
    other = _by_another_way(change) if change.rdtype in HOST_TYPES and not change.key.variant else None
    if other is not None:
        yield other
        return
    rdtype = RdataType.to_text(change.rdtype)
    base = capital(below(change.owner))
    match change.kind:
        case Kind.MISSING:
            sentence = f"{base} are no longer answered ({rdtype})."
            severity = Severity.ERROR
        case Kind.EXTRA:
            sentence = (
                f"{base} are answered with {answered(change.new)} ({rdtype}): forgotten and mistyped names seem "
                "to work, and what is missing is hidden."
            )
            severity = Severity.ERROR
        case _:
            also = "" if change.lost else "also "
            sentence = f"{base} are {also}answered with {answered(change.new)} ({rdtype})."
            severity = Severity.ERROR if change.lost else Severity.WARNING
    yield Effect(Role.WILDCARD, severity, sentence)


def _by_another_way(change: Change) -> Effect | None:
    """Return the effect where names that a wildcard answers for lead somewhere before and after."""
    role = Role.WILDCARD
    match change.kind:
        case Kind.MISSING if change.rdtype in {*ADDRESS_TYPES, RdataType.CNAME}:
            return instead_effect(change, role) or by_wildcard(change, role)
        case Kind.EXTRA:
            return _answered_already(change)
        case _:
            return None


def _answered_already(change: Change) -> Effect | None:
    """Return the effect of a wildcard whose names led somewhere already: by it, or by one above it."""
    old = change.sides.old
    here = [rrset for rrset in old.at(change.owner) if rrset.rdtype in HOST_TYPES]
    above = old.wildcard(change.owner)
    if here:
        so_far, is_harmless = f"and so far with {answered(here[0])}", True
    elif above is not None and (found := old.answer(change.owner, change.rdtype)):
        is_harmless = {rdata for rrset in found for rdata in rrset.rdatas} == set(change.gained)
        so_far = f"and so far by {for_people(above)} with {'the same' if is_harmless else answered(found[0])}"
    else:
        return None
    what = f"answered with {answered(change.new)} ({RdataType.to_text(change.rdtype)})"
    severity = Severity.WARNING if is_harmless else Severity.ERROR
    return Effect(Role.WILDCARD, severity, f"{capital(below(change.owner))} are {what}, {so_far}.")


def hidden_effect(change: Change, role: Role) -> Effect | None:
    """Return the note on a record below a zone cut that is no glue: no server of the old side answered it.

    It changes nothing, unless the new side has no cut there, and answers the record.
    """
    cover = change.sides.old.cover(change.owner, change.rdtype)
    if cover is None or change.kind is Kind.EXTRA:
        return None
    references = change.context.references(change.owner) if change.rdtype in ADDRESS_TYPES else ()
    zones = [reference.key.owner for reference in references if reference.role is Role.DELEGATION]
    if any(needs_glue(change, zone) for zone in zones):
        return None
    if change.new is not None and change.sides.new.cover(change.owner, change.rdtype) is None:
        sentence = (
            f"{change.shown} {RdataType.to_text(change.rdtype)} is answered from this zone now "
            f"({answered(change.new)}); so far {for_people(cover.owner)} was delegated or redirected, and no "
            "server of this zone answered it."
        )
        return Effect(role, Severity.WARNING, sentence)
    if zones and change.new is None and not any(change.sides.new.sets(zone, RdataType.NS) for zone in zones):
        return None  # gone together with its delegation
    if zones:
        sentence = f"{change.shown} is no longer a name server of {named(zones)}, and nobody needs its glue."
        return Effect(role, Severity.NOTICE, sentence)
    at_cut = folded(cover.owner) == folded(change.owner)
    stands = f"{change.shown} stands below {for_people(cover.owner)}, which"
    is_hidden = f"{change.shown} {RdataType.to_text(change.rdtype)} stands where the name" if at_cut else stands
    sentence = f"{is_hidden} is delegated or redirected: no server of this zone answered it, so nothing changes."
    return Effect(role, Severity.NOTICE, sentence)


def needs_glue(change: Change, zone: Name) -> bool:
    """Tell whether a zone below needs the address of this name: it still has it as a name server."""
    now = change.sides.new.sets(zone, RdataType.NS)
    return any(folded(target) == change.key.folded for r in now for target in targets_of(r.rdatas))


def shadow_effects(change: Change) -> Iterator[Effect]:
    """Yield what a new name takes from a wildcard: it answers no longer for a name that exists (RFC 4592)."""
    old, new = change.sides.old, change.sides.new
    name = change.owner
    while change.kind is Kind.EXTRA and old.index.has_wildcards() and name not in old and new.within(name):
        wildcard = old.wildcard(name)
        if wildcard is None:
            return
        types = [
            RdataType.to_text(rrset.rdtype)
            for rrset in old.at(wildcard)
            if not new.answer(name, rrset.rdtype) and new.sets(wildcard, rrset.rdtype)
        ]
        if types:
            sentence = (
                f"{for_people(name)} exists now, so {for_people(wildcard)} no longer answers {', '.join(types)} "
                "for it: what was found there is gone."
            )
            yield Effect(Role.WILDCARD, Severity.ERROR, sentence)
        name = name.parent()


def dname_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of the tree of names that a DNAME redirects."""
    every = f"Every name below {change.shown}"
    match change.kind:
        case Kind.MISSING:
            sentence = ended(f"{every} stops: it was redirected to {listed(change.lost)}")
            yield Effect(Role.ADDRESS, Severity.ERROR, sentence)
        case Kind.EXTRA:
            yield from cover_effects(change, f"redirected to {listed(change.gained)}", Role.ADDRESS)
        case _:
            instead = f"{listed(change.gained)} instead of {listed(change.lost)}"
            if not change.lost or not change.gained:
                instead = f"{answered(change.new)}, and so far to {answered(change.old)}"
            sentence = f"{every} is redirected to {instead}."
            yield Effect(Role.ADDRESS, Severity.ERROR, sentence)


def cover_effects(change: Change, how: str, role: Role) -> Iterator[Effect]:
    """Yield what a new delegation or DNAME hides: the records below it are there, and no server answers them."""
    assert change.new is not None
    old = change.sides.old
    served = [rrset for rrset in old.covered_by(change.new) if old.cover(rrset.owner, rrset.rdtype) is None]
    others = [rrset for rrset in served if not is_made_by_dname(change.sides, rrset)]
    hidden = {folded(rrset.owner): rrset.owner for rrset in others}
    every = f"Every name below {change.shown} is {how}"
    if hidden:
        of_old = f"{counted(len(hidden), 'name')} of the old zone ({named(hidden.values())})"
        yield Effect(role, Severity.ERROR, f"{every}, which hides {of_old}.")
    else:
        there = "what the old zone has there leads the same way" if served else "the old zone has nothing there"
        yield Effect(role, Severity.WARNING, f"{every}; {there}.")


def pointer_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of an address that is looked up backwards."""
    address = _address_of(change)
    match change.kind:
        case Kind.MISSING:
            sentence = (
                f"{address} no longer has a name ({listed(change.lost)}): many mail servers refuse mail from "
                "such an address."
            )
            severity = Severity.ERROR
        case Kind.EXTRA:
            sentence = ended(f"{change.shown} is new and names {listed(change.gained)}")
            severity = Severity.WARNING
        case _:
            sentence = (
                f"{address} is named {answered(change.new)}: mail servers that compare the name may refuse mail "
                "from it."
            )
            severity = Severity.ERROR if change.lost else Severity.WARNING
    yield Effect(Role.ADDRESS, severity, sentence)


def _address_of(change: Change) -> str:
    """Return the address whose name is looked up, where the owner is one written backwards."""
    try:
        return dns.reversename.to_address(change.owner)
    except (dns.exception.DNSException, ValueError):
        return f"The address of {change.shown}"
