"""A CNAME in the place of addresses, and addresses in that of a CNAME: what is reached by either. No IO here.

    www  A      192.0.2.1          www  CNAME  web
                                   web  A      192.0.2.9     ; another address, though nothing says so

As far as the chain stays in the zone the addresses are compared; where another zone decides, nobody knows here.
"""

from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.result import Kind
from migrator.diff.wording import answered, listed
from migrator.model.finding import Severity
from migrator.model.names import folded
from migrator.model.rrset import RRset, is_alias
from migrator.roles import SIGNATURE_TYPES, Effect, Role
from migrator.served import ADDRESS_TYPES, ServedZone, Sides

FAMILY = {RdataType.A: "IPv4", RdataType.AAAA: "IPv6"}


def instead_effect(change: Change, role: Role) -> Effect | None:
    """Return the effect where a CNAME took the place of addresses, or addresses that of a CNAME."""
    if change.rdtype == RdataType.CNAME:
        found = [rrset for rdtype in ADDRESS_TYPES for rrset in change.sides.new.sets(change.owner, rdtype)]
        return _by_addresses(change, role, found) if found else _by_own_records(change, role)
    cnames = change.sides.new.sets(change.owner, RdataType.CNAME)
    return _by_cname(change, role, cnames[0]) if cnames else None


def by_another_name(change: Change, role: Role) -> Effect | None:
    """Return the effect of a CNAME that names another host with the very addresses of the one before."""
    end = _new_end(change.sides, change)
    if change.rdtype != RdataType.CNAME or not end or not leads_alike(change):
        return None
    instead = f"{listed(change.gained)} instead of {listed(change.lost)}"
    return Effect(role, Severity.WARNING, f"{change.shown} leads to {instead}; both have the same addresses now.")


def leads_alike(change: Change) -> bool:
    """Tell whether the name leads to the same addresses on both sides, where that is known here."""
    if change.kind is Kind.CHANGED and change.rdtype in ADDRESS_TYPES and change.lost and not change.key.variant:
        return False  # its own addresses are answered, and are others
    sides = change.sides
    before, after = _old_end(sides, change), _new_end(sides, change)
    return before is not None and after is not None and set(before) == set(after)


def in_another_form(change: Change) -> str:
    """Return the sentence on new addresses that a CNAME led to so far, or on a CNAME that leads to the old ones.

    It is empty where something else is new, or where nobody knows here.
    """
    old, shown = change.sides.old, change.shown
    cnames = old.sets(change.owner, RdataType.CNAME)
    if change.rdtype != RdataType.CNAME and cnames:
        end = None if cnames[0].key.variant else _old_end(change.sides, change)
        if end and change.gained and set(change.gained) <= set(end):
            return (
                f"{shown} leads to {listed(change.gained)} itself, and so far by the CNAME {answered(cnames[0])}."
            )
    if change.rdtype == RdataType.CNAME and change.new and not change.new.key.variant and leads_alike(change):
        end = _new_end(change.sides, change)
        if end:
            return f"{shown} leads to {listed(end)} as before, by the CNAME {answered(change.new)}."
    return ""


def _by_cname(change: Change, role: Role, cname: RRset) -> Effect:
    had = answered(change.old)
    leads = f"{change.shown} leads wherever {answered(cname)} does"
    end = None if cname.key.variant else _new_end(change.sides, change)
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


def _by_addresses(change: Change, role: Role, found: list[RRset]) -> Effect:
    shown, had = change.shown, answered(change.old)
    if any(map(is_alias, found)):
        return Effect(role, Severity.WARNING, f"{shown} leads to {answered(found[0])} instead of {had}.")
    has = [rdata for rrset in found for rdata in rrset.rdatas]
    keeps = f"{shown} keeps fixed addresses ({listed(has)}) instead of following {had}{_besides(change)}"
    end = _old_end(change.sides, change)
    gone = [rdata for rdata in end if rdata not in has] if end else []
    if gone:
        return Effect(role, Severity.ERROR, f"{keeps}, and no longer leads to {listed(gone)}.")
    return Effect(role, Severity.WARNING, f"{keeps}; it stays behind when that moves.")


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
    """Return the addresses that the name leads to in the end; None where another zone or an alias decides."""
    found: dict[Rdata, None] = {}
    for rdtype in ADDRESS_TYPES:
        rrsets = zone.known(change.owner, rdtype)
        if rrsets is None or any(map(is_alias, rrsets)):
            return None
        found.update(dict.fromkeys(rdata for rrset in rrsets for rdata in rrset.rdatas))
    return tuple(found)
