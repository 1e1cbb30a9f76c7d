"""What becomes of host names: their addresses and CNAMEs, and who depends on them. No IO here."""

from collections.abc import Iterator, Mapping

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.instead import FAMILY, by_another_name, in_another_form, instead_effect, leads_alike
from migrator.diff.result import Kind
from migrator.diff.routed import is_still_answered, rerouted_by
from migrator.diff.wording import MOST_SHOWN, answered, listed, named
from migrator.mail.dependencies import existence_effects, refusal_effects, refusing_effects
from migrator.mail.exchanges import host_effects as mail_host_effects
from migrator.mail.exchanges import where_now
from migrator.meaning.roles import HOST_TYPES, Effect, Role
from migrator.meaning.served import ADDRESS_TYPES, Reach
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people, is_wildcard
from migrator.model.phrases import counted, ended
from migrator.model.rrset import alias_of, is_alias

_OWN = (
    Role.MTA_STS,
    Role.AUTODISCOVER,
    Role.DKIM,
    Role.ACME,
    Role.VERIFICATION,
    Role.SERVICE,
    Role.WEB,
    Role.DMARC,
    Role.TLS_RPT,
    Role.BIMI,
)
# Their own modules say what these are for: where the name leads is not what matters.
_TOLD = frozenset({Role.DKIM, Role.ACME, Role.VERIFICATION, Role.DMARC, Role.TLS_RPT, Role.BIMI})


def host_effects(change: Change, roles: tuple[Role, ...]) -> Iterator[Effect]:
    """Yield what becomes of a host name, and of what points at it."""
    role = next((role for role in _OWN if role in roles), Role.ADDRESS)
    if change.kind is not Kind.EXTRA and change.sides.old.cover(change.owner, change.rdtype) is not None:
        return  # glue
    one_of_several = change.key.variant and change.kind is not Kind.CHANGED
    is_told = role in _TOLD or folded(change.owner)[0] == b"_mta-sts"
    told_by_routing = one_of_several or rerouted_by(change) is not None
    if not is_told and not is_wildcard(change.owner) and not told_by_routing:
        yield from _own_effects(change, role)
    if change.kind is not Kind.EXTRA:
        yield from _dependants(change)
    if change.rdtype != RdataType.AAAA:
        yield from _existing(change)


def _own_effects(change: Change, role: Role) -> Iterator[Effect]:
    if role is Role.ADDRESS and _may_have_moved(change):
        yield Effect(role, Severity.WARNING, _MOVES)
        return
    match change.kind:
        case Kind.MISSING:
            found = instead_effect(change, role) or by_wildcard(change, role) or _by_dname(change, role)
            yield found or _nothing(change, role)
        case Kind.EXTRA:
            yield _extra(change, role)
        case _:
            if change.lost or change.gained:
                yield by_another_name(change, role) or _changed(change, role)


def _may_have_moved(change: Change) -> bool:
    """Tell whether it is about a name server that may keep its name and move: both sides have addresses of it."""
    if change.rdtype not in ADDRESS_TYPES or folded(change.owner) not in change.context.moving:
        return False
    zones = change.sides.old, change.sides.new
    return all(any(zone.sets(change.owner, rdtype) for rdtype in ADDRESS_TYPES) for zone in zones)


_MOVES = (
    "Both sides have this name server, with other addresses. If it keeps its name and moves, the registrar gets "
    "the new ones for its host record at the switch; if not, these are wrong."
)


def by_wildcard(change: Change, role: Role) -> Effect | None:
    """Return the effect where a wildcard of the new side answers for the name that is gone."""
    new = change.sides.new
    wildcard = new.wildcard(change.owner)
    types = (*ADDRESS_TYPES,) if change.rdtype == RdataType.CNAME else (change.rdtype,)
    answers = [rrset for rdtype in types for rrset in new.answer(change.owner, rdtype)] if wildcard else []
    if wildcard is None or not answers:
        return None
    same = {r for rrset in answers for r in rrset.rdatas} == set(change.lost) and not is_alias(answers[0])
    told = "the same" if same else " and ".join(dict.fromkeys(answered(rrset) for rrset in answers))
    sentence = f"{change.shown} is gone, and {for_people(wildcard)} hides that: it answers {told} instead."
    return Effect(role, Severity.WARNING if same else Severity.ERROR, sentence)


def _by_dname(change: Change, role: Role) -> Effect | None:
    """Return the effect where a DNAME of the new side leads the name that is gone."""
    target = change.sides.new.redirected(change.owner)
    cover = change.sides.new.cover(change.owner, change.rdtype)
    if target is None or cover is None:
        return None
    leads = f"{change.shown} leads to {for_people(target)}"
    by = f"by the DNAME of {for_people(cover.owner)}"
    if leads_alike(change):
        return Effect(role, Severity.WARNING, f"{leads} as before, {by}.")
    return Effect(role, Severity.ERROR, ended(f"{leads} {by}, instead of {answered(change.old)}"))


def _nothing(change: Change, role: Role) -> Effect:
    shown, had = change.shown, answered(change.old)
    if change.rdtype in FAMILY and _leads(change):
        sentence = f"{shown} is no longer reached over {FAMILY[change.rdtype]} ({had})."
    elif role is Role.WEB:
        sentence = ended(f"Visitors of {shown} reach nothing; it led to {had}")
    else:
        sentence = f"{shown} stops: it led to {had}, and now nowhere."
    return Effect(role, Severity.ERROR, sentence)


def _changed(change: Change, role: Role) -> Effect:
    shown = change.shown
    old_alias = change.old is not None and is_alias(change.old)
    new_alias = change.new is not None and is_alias(change.new)
    if old_alias != new_alias:
        instead = f"{answered(change.new)} instead of {answered(change.old)}"
        stays = "; the addresses stay behind when that moves" if old_alias else ""
        return Effect(
            role, Severity.ERROR if old_alias else Severity.WARNING, f"{shown} leads to {instead}{stays}."
        )
    if not change.lost:
        sentence = f"{shown} also leads to {listed(change.gained)}: some visitors arrive there."
        return Effect(role, Severity.WARNING, sentence)
    if not change.gained:
        sentence = f"{shown} no longer leads to {listed(change.lost)}, only to {listed(change.kept)}."
        return Effect(role, Severity.ERROR, sentence)
    return Effect(
        role, Severity.ERROR, ended(f"{shown} leads to {listed(change.gained)} instead of {listed(change.lost)}")
    )


def _extra(change: Change, role: Role) -> Effect:
    old, leads = change.sides.old, f"{change.shown} leads to {answered(change.new)}"
    wildcard = old.wildcard(change.owner)
    if wildcard is not None:
        sentence = f"{leads}; so far {for_people(wildcard)} answered for it."
    elif stands_for := in_another_form(change):
        sentence = stands_for
    elif any(old.sets(change.owner, rdtype) for rdtype in HOST_TYPES):
        sentence = f"{leads}, and did not so far."
    elif change.rdtype in ADDRESS_TYPES and folded(change.owner) in change.context.new_servers:
        sentence = f"The new side lists {change.shown} as a name server, at {answered(change.new)}."
        return Effect(role, Severity.NOTICE, sentence)
    else:
        sentence = f"{leads}; the old zone does not have it."
    return Effect(role, Severity.WARNING, sentence)


def _dependants(change: Change) -> Iterator[Effect]:
    """Yield what becomes of the records that point at this name."""
    by_role: dict[Role, list[Name]] = {}
    refusing: dict[Name, None] = {}
    for reference in change.context.references(change.owner):
        if reference.of_text or reference.of_existence:
            continue
        if reference.qualifier != "+":
            refusing.setdefault(reference.key.owner)
        elif folded(reference.key.owner) != folded(change.owner) or reference.role in {Role.MX, Role.SPF}:
            by_role.setdefault(reference.role, []).append(reference.key.owner)
    mail_domains = list(dict.fromkeys(by_role.get(Role.MX, ())))
    for domain in mail_domains[:MOST_SHOWN]:
        yield from mail_host_effects(change.sides, domain)
    if len(mail_domains) > MOST_SHOWN:
        more = counted(len(mail_domains) - MOST_SHOWN, "more domain")
        yield Effect(Role.MX, Severity.ERROR, f"{change.shown} takes the mail of {more} as well.")
    for domain in dict.fromkeys([*by_role.get(Role.SPF, ()), *refusing] if change.gained else ()):
        yield from refusal_effects(change.sides, domain)
    is_lost = change.lost or (change.old and alias_of(change.old))
    is_missed = is_lost and not leads_alike(change) and not is_still_answered(change)
    for domain in refusing if is_missed or change.gained else ():
        yield from refusing_effects(change.sides, domain)
    if is_missed:
        yield from _users(change, by_role)


def _existing(change: Change) -> Iterator[Effect]:
    """Yield what becomes of the SPF of domains that ask whether this name exists."""
    found = [r.key.owner for r in change.context.references(change.owner) if r.of_existence]
    for domain in dict.fromkeys(found):
        yield from existence_effects(change.sides, domain)


def _users(change: Change, by_role: Mapping[Role, list[Name]]) -> Iterator[Effect]:
    """Yield what becomes of those who need the addresses of this name, which are others now."""
    if domains := by_role.get(Role.SPF):
        sentence = f"SPF of {named(domains)} allows the addresses of {change.shown}; mail from them may fail it."
        yield Effect(Role.SPF, Severity.ERROR, sentence)
    reached = _leads(change)
    now = where_now(change.sides, change.owner) or "at another address"
    end, ends = (f"arrives {now}", f"arrive {now}") if reached else ("finds nothing", "find nothing")
    severity = Severity.WARNING if reached else Severity.ERROR
    if owners := by_role.get(Role.SERVICE):
        yield Effect(
            Role.SERVICE, severity, f"What looks for {named(owners)} is sent to {change.shown} and {end}."
        )
    if owners := [*by_role.get(Role.ADDRESS, ()), *by_role.get(Role.WEB, ())]:
        points = f"point here and {ends}" if len(owners) > 1 else f"points here and {end}"
        yield Effect(Role.ADDRESS, severity, f"{named(owners)} {points}.")


def _leads(change: Change) -> bool:
    return change.sides.new.reach(change.owner) is not Reach.NO
