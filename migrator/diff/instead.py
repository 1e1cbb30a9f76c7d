"""A CNAME in the place of addresses, and addresses in that of a CNAME: what is reached by either. No IO here.

    www  A      192.0.2.1          www  CNAME  web
                                   web  A      192.0.2.9     ; another address, though nothing says so

As far as the chain stays in the zone the addresses are compared; where another zone decides, nobody knows here.
"""

from collections.abc import Iterable, Sequence

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.result import Kind
from migrator.diff.routed import is_needed, which
from migrator.diff.wording import answered, listed
from migrator.meaning.roles import SIGNATURE_TYPES, Effect, Role
from migrator.meaning.served import ADDRESS_TYPES, ServedZone, Sides
from migrator.meaning.targets import targets_of
from migrator.model.finding import Severity
from migrator.model.names import folded
from migrator.model.phrases import ended
from migrator.model.routing import answerable
from migrator.model.rrset import RRset, is_alias

FAMILY = {RdataType.A: "IPv4", RdataType.AAAA: "IPv6"}


def instead_effect(change: Change, role: Role) -> Effect | None:
    """Return the effect where a CNAME took the place of addresses, or addresses that of a CNAME."""
    if change.rdtype == RdataType.CNAME:
        found = [rrset for rdtype in ADDRESS_TYPES for rrset in change.sides.new.sets(change.owner, rdtype)]
        return _by_addresses(change, role, found) if found else _by_own_records(change, role)
    cnames = answerable(change.sides.new.sets(change.owner, RdataType.CNAME))
    return _by_cname(change, role, cnames) if cnames else None


def by_another_name(change: Change, role: Role) -> Effect | None:
    """Return the effect of a CNAME that names another host with the very addresses of the one before."""
    end = _new_end(change.sides, change)
    if change.rdtype != RdataType.CNAME or not end or not leads_alike(change):
        return None
    if not change.lost:
        leads = f"also leads to {listed(change.gained)}"
    elif not change.gained:
        leads = f"leads to {listed(change.kept)} alone, and no longer to {listed(change.lost)}"
    else:
        leads = f"leads to {listed(change.gained)} instead of {listed(change.lost)}"
    return Effect(role, Severity.WARNING, f"{change.shown} {leads}; both have the same addresses now.")


def leads_alike(change: Change) -> bool:
    """Tell whether the name leads to the same addresses on both sides, where that is known here."""
    if change.kind is Kind.CHANGED and change.rdtype in ADDRESS_TYPES and change.lost and not change.key.variant:
        return False  # its own addresses are answered, and are others
    sides = change.sides
    if is_made_by_dname(sides, change.old):
        return True
    before, after = _old_end(sides, change), _new_end(sides, change)
    return before is not None and after is not None and set(before) == set(after)


def is_made_by_dname(sides: Sides, old: RRset | None) -> bool:
    """Tell whether a DNAME of the new side makes the very CNAME of the old one (RFC 6672 section 3.1)."""
    if old is None or old.rdtype != RdataType.CNAME or old.key.variant:
        return False
    made = sides.new.redirected(old.owner)
    return made is not None and [folded(target) for target in targets_of(old.rdatas)] == [folded(made)]


def in_another_form(change: Change) -> str:
    """Return the sentence on new addresses that a CNAME led to so far, or on a CNAME that leads to the old ones.

    It is empty where something else is new, or where nobody knows here.
    """
    old, shown = change.sides.old, change.shown
    cnames = old.sets(change.owner, RdataType.CNAME)
    if change.rdtype != RdataType.CNAME and cnames and change.gained:
        ends = {rrset: _end_of(old, rrset) for rrset in answerable(cnames)}
        leading = [rrset for rrset, end in ends.items() if end and set(change.gained) & set(end)]
        known = {rdata for end in ends.values() for rdata in end or ()}
        if set(change.gained) <= known:
            return f"{shown} leads to {listed(change.gained)} itself, and so far by the CNAME {_either(leading)}."
        if None in ends.values():
            return f"{shown} leads to {listed(change.gained)} itself, and so far wherever {_either(ends)} did."
    if change.rdtype == RdataType.CNAME and change.new and not change.new.key.variant and leads_alike(change):
        end = _new_end(change.sides, change)
        if end:
            return f"{shown} leads to {listed(end)} as before, by the CNAME {answered(change.new)}."
    return ""


def _by_cname(change: Change, role: Role, cnames: Sequence[RRset]) -> Effect:
    had = answered(change.old)
    leads = f"{change.shown} leads wherever {_either(cnames)} does"
    end = _new_end(change.sides, change)
    if end is None or not change.lost:
        return Effect(role, Severity.WARNING, f"{leads}, instead of to {had}.")
    has = [rdata for rdata in end if rdata.rdtype == change.rdtype]
    if not end:
        return Effect(role, Severity.ERROR, f"{leads}, which has no address; it led to {had}.")
    if not has:
        family = FAMILY[change.rdtype]
        return Effect(role, Severity.ERROR, f"{leads}, and is no longer reached over {family} ({had}).")
    if set(change.lost) == set(has):
        return Effect(role, Severity.WARNING, f"{leads}: to {had} as before.")
    if set(change.lost) < set(has):
        return Effect(role, Severity.WARNING, f"{leads}: to {listed(has)}, and so far to {had} alone.")
    return Effect(role, Severity.ERROR, f"{leads}: to {listed(has)} instead of {had}.")


def _either(cnames: Iterable[RRset]) -> str:
    return " or ".join(dict.fromkeys(map(answered, cnames)))


def _by_addresses(change: Change, role: Role, found: list[RRset]) -> Effect:
    shown, had = change.shown, answered(change.old)
    if any(map(is_alias, found)):
        return Effect(role, Severity.WARNING, ended(f"{shown} leads to {answered(found[0])} instead of {had}"))
    has = [rdata for rrset in found for rdata in rrset.rdatas]
    if change.key.variant and change.old is not None:
        return _by_addresses_for_all(change, role, change.old, has)
    keeps = f"{shown} keeps fixed addresses ({listed(has)}) instead of following {had}{_besides(change)}"
    end = _old_end(change.sides, change)
    gone = [rdata for rdata in end if rdata not in has] if end else []
    if gone:
        return Effect(role, Severity.ERROR, f"{keeps}, and no longer leads to {listed(gone)}.")
    return Effect(role, Severity.WARNING, f"{keeps}; it stays behind when that moves.")


def _by_addresses_for_all(change: Change, role: Role, cname: RRset, has: list[Rdata]) -> Effect:
    """Return the effect where addresses took the place of one of several routed CNAMEs: all get them now."""
    old, shown = change.sides.old, change.shown
    routed = old.sets(change.owner, RdataType.CNAME)
    this = which(cname, routed)
    if cname not in answerable(routed):
        return Effect(role, Severity.WARNING, f"A routed answer of {shown} that nobody got ({this}) is gone.")

    def gone(rrset: RRset) -> list[Rdata] | None:
        end = _end_of(old, rrset)
        return None if end is None else [rdata for rdata in end if rdata not in has]

    lost = gone(cname)
    following = f"instead of following {answered(cname)}, one of its routed answers ({this})"
    keeps = f"{shown} keeps fixed addresses ({listed(has)}) for everybody {following}"
    if not lost:
        return Effect(role, Severity.WARNING, f"{keeps}; it stays behind when that moves.")
    ends = [_end_of(old, rrset) for rrset in routed]
    is_strange = not set(has) <= {rdata for end in ends for rdata in end or ()}
    is_error = is_strange or is_needed(cname, routed, lambda other: gone(other) != [])
    severity = Severity.ERROR if is_error else Severity.WARNING
    return Effect(role, severity, f"{keeps}, and no longer leads to {listed(lost)}.")


def _besides(change: Change) -> str:
    """Return what else than addresses was found by a CNAME, as far as it stayed in the zone: mail, texts."""
    *_, end = change.sides.old.chain(change.owner)
    found = {rrset.rdtype: rrset for rrset in change.sides.old.at(end)}
    types = [RdataType.to_text(rdtype) for rdtype in (RdataType.MX, RdataType.TXT) if rdtype in found]
    return f", whose {' and '.join(types)} it had as well" if types else ""


def _by_own_records(change: Change, role: Role) -> Effect | None:
    """Return the effect where a CNAME gave way to records other than addresses: a TXT, a TLSA.

    At the name of a host there may be such records, and the host is gone all the same.
    """
    own = [rrset for rrset in change.sides.new.at(change.owner) if rrset.rdtype not in SIGNATURE_TYPES]
    if not own or not folded(change.owner)[0].startswith(b"_"):
        return None
    types = ", ".join(dict.fromkeys(RdataType.to_text(rrset.rdtype) for rrset in own))
    keeps = f"{change.shown} has {types} of its own instead of following {answered(change.old)}"
    for rrset in own:
        had = change.sides.old.known(change.owner, rrset.rdtype)
        if had is not None and {r for before in had for r in before.rdatas} != set(rrset.rdatas):
            return Effect(role, Severity.ERROR, f"{keeps}, which says something else.")
    return Effect(role, Severity.WARNING, f"{keeps}; it stays behind when that changes.")


def _old_end(sides: Sides, change: Change) -> tuple[Rdata, ...] | None:
    return _end(sides.old, change)


def _new_end(sides: Sides, change: Change) -> tuple[Rdata, ...] | None:
    return _end(sides.new, change) if sides.is_known_behind(change.owner, *ADDRESS_TYPES) else None


def _end(zone: ServedZone, change: Change) -> tuple[Rdata, ...] | None:
    """Return the addresses that the name leads to in the end; None where another zone or an alias decides.

    Of routed CNAMEs these are the addresses of all that may be answered.
    """
    routed = zone.sets(change.owner, RdataType.CNAME)
    if len(routed) < 2:  # noqa: PLR2004 - several
        return _end_at(zone, change.owner)
    ends = [_end_of(zone, rrset) for rrset in answerable(routed)]
    if None in ends:
        return None
    return tuple(dict.fromkeys(rdata for end in ends for rdata in end or ()))


def _end_of(zone: ServedZone, cname: RRset) -> tuple[Rdata, ...] | None:
    """Return the addresses that one CNAME leads to."""
    target = next(iter(targets_of(cname.rdatas)), None)
    return None if target is None else _end_at(zone, target)


def _end_at(zone: ServedZone, name: Name) -> tuple[Rdata, ...] | None:
    found: dict[Rdata, None] = {}
    for rdtype in ADDRESS_TYPES:
        rrsets = zone.known(name, rdtype)
        if rrsets is None or any(map(is_alias, rrsets)):
            return None
        found.update(dict.fromkeys(rdata for rrset in rrsets for rdata in rrset.rdatas))
    return tuple(found)
