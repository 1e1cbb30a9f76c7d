"""Who may issue certificates for a name before and after: CAA, upwards as authorities climb. No IO here.

    @    CAA 0 issue "letsencrypt.org"
    www  CAA 0 issue "digicert.com"        ; gone: the set of the apex applies, and digicert.com may not renew

An authority takes the first set that it finds at the name or above it (RFC 8659 section 3), through CNAMEs; what
stands above the zone is not known here. A set without `issue` says nothing, `issuewild` alone decides of
wildcards, and an unknown tag that is marked as critical forbids all (sections 4.1 to 4.3). Certificates of mail
and of logos have tags of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.wording import listed
from migrator.meaning.caa import OTHER_KINDS, permitted, permitted_by, restriction, unknown_critical
from migrator.meaning.roles import Effect, Role
from migrator.meaning.served import ServedZone
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people
from migrator.model.values import dataclass

_CERTIFICATES, _WILDCARDS = "certificates", "wildcard certificates"
_UNCONDITIONAL = 2  # the tag and the authority, and nothing behind them


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may issue for a name, or for wildcards right below it; None where nothing restricts that.

    `owner` has the set that says so, be it by a CNAME to where it stands (`at`); `unknown` is a tag in it that
    forbids all. `others` are who may issue what is no certificate of a host, by its name.
    """

    owner: Name | None
    plain: tuple[str, ...] | None
    wild: tuple[str, ...] | None
    unknown: str = ""
    at: Name | None = None
    others: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)


def caa_effects(change: Change) -> Iterator[Effect]:
    """Yield who may issue certificates now, and who may not."""
    old = _applying(change.sides.old, change.owner, change.old.rdatas if change.old else ())
    new = _applying(change.sides.new, change.owner, change.new.rdatas if change.new else ())
    shown = change.shown
    applies = _applies(change, new)
    if new.unknown and not old.unknown:
        yield _error(
            f"No certificate authority may issue for {shown}: CAA has '{new.unknown}' marked as critical, which "
            "none knows; renewals fail, and the sites when the certificates end."
        )
        return
    found = [
        *_between(shown, applies, _CERTIFICATES, old.plain, new.plain),
        *_between(shown, applies, _WILDCARDS, old.wild, new.wild),
    ]
    if old.plain == old.wild and new.plain == new.wild:
        found = found[:1]
    for what in OTHER_KINDS.values():
        found += _between_others(shown, applies, what, old.others.get(what), new.others.get(what))
    yield from dict.fromkeys(found) or [_same_issuers(change, old, new)]


def alias_caa_effects(change: Change) -> Iterator[Effect]:
    """Yield which authorities may no longer issue for a name whose CNAME led to another set, or leads to one."""
    zones, owner = (change.sides.old, change.sides.new), change.owner
    if change.rdtype != RdataType.CNAME or not all(zone.owns(owner) for zone in zones):
        return
    if any(zone.sets(owner, RdataType.CAA) or zone.left_to(owner, RdataType.CAA) for zone in zones):
        return  # a set of its own speaks for itself, and of another zone nothing is known
    old, new = (_applying(zone, owner, ()) for zone in zones)
    applies = _applies(change, new)
    found = [
        *_between(change.shown, applies, _CERTIFICATES, old.plain, new.plain),
        *_between(change.shown, applies, _WILDCARDS, old.wild, new.wild),
    ]
    yield from [effect for effect in dict.fromkeys(found) if effect.severity is Severity.ERROR][:1]


def _applying(zone: ServedZone, owner: Name, own: Iterable[Rdata]) -> Permission:
    """Return who may issue by the name's own set, else by what a CNAME leads to or stands above it."""
    rdatas = tuple(own)
    if rdatas:
        return _permission(owner, rdatas)
    # Where the zone of this side is not listed, it has a set of its own that was not answered.
    name = owner.parent() if zone.sets(owner, RdataType.CAA) else owner
    while zone.within(name):
        rrsets = zone.known(name, RdataType.CAA) or ()
        rdatas = tuple(r for rrset in rrsets for r in rrset.rdatas)
        if rdatas:
            return replace(_permission(name, rdatas), at=rrsets[0].owner)
        if folded(name) == folded(zone.origin):
            break
        name = name.parent()
    return Permission(None, None, None)


def _permission(owner: Name, rdatas: tuple[Rdata, ...]) -> Permission:
    unknown = unknown_critical(rdatas)
    if unknown:
        return Permission(owner, (), (), unknown)
    others = {what: permitted_by(rdatas, tag) for tag, what in OTHER_KINDS.items()}
    plain, wild = permitted(rdatas, wildcards=False), permitted(rdatas, wildcards=True)
    return Permission(owner, plain, wild, others=others)


def _applies(change: Change, new: Permission) -> str:
    """Return which set applies, where it is not the name's own, as a part of a sentence."""
    if new.owner is None or folded(new.owner) == folded(change.owner):
        return ""
    return f", to which the CAA set of {for_people(new.owner)} applies now"


def _between(
    shown: str, applies: str, what: str, old: tuple[str, ...] | None, new: tuple[str, ...] | None
) -> Iterator[Effect]:
    """Yield who may issue certificates of one kind that could not, and the other way round; the gravest alone."""
    if old == new or (old is not None and new is not None and set(old) == set(new)):
        return
    if new is None:
        assert old is not None
        so_far = f"only {' and '.join(old)}" if old else "none was to"
        yield _warning(f"Any certificate authority may issue{_if_wild(what)} for {shown}; so far {so_far}.")
    elif old is None:
        yield _restricted(shown, applies, what, new)
    elif gone := [issuer for issuer in old if issuer not in new]:
        yield _error(
            f"{' and '.join(gone)} may no longer issue {what} for {shown}{applies}: renewals fail, and the sites "
            "when the certificates end."
        )
    else:
        added = [issuer for issuer in new if issuer not in old]
        yield _warning(f"{' and '.join(added)} may issue {what} for {shown} as well.")


def _between_others(
    shown: str, applies: str, what: str, old: tuple[str, ...] | None, new: tuple[str, ...] | None
) -> Iterator[Effect]:
    """Yield the same of what is no certificate of a host: no site fails for it."""
    had, has = set(old or ()), set(new or ())
    if (old is None) == (new is None) and had == has:
        return
    if new is None:
        so_far = f"only {' and '.join(old)}" if old else "none was to"
        yield _warning(f"Any certificate authority may issue {what} for {shown}; so far {so_far}.")
    elif old is None:
        who = f"Only {' and '.join(new)}" if new else "No certificate authority"
        then = "others cannot renew theirs" if new else "they cannot be renewed"
        yield _warning(f"{who} may issue {what} for {shown}{applies}; {then}.")
    elif gone := [issuer for issuer in old if issuer not in has]:
        yield _warning(f"{' and '.join(gone)} may no longer issue {what} for {shown}{applies}: renewals fail.")
    else:
        added = [issuer for issuer in new if issuer not in had]
        yield _warning(f"{' and '.join(added)} may issue {what} for {shown} as well.")


def _restricted(shown: str, applies: str, what: str, new: tuple[str, ...]) -> Effect:
    if not new:
        # Many a zone forbids wildcards that it has never had; who has a site has a certificate of its name.
        graded = _warning if what == _WILDCARDS else _error
        return graded(
            f"No certificate authority may issue{_if_wild(what)} for {shown}{applies}: renewals fail, and the "
            "sites later."
        )
    return _warning(
        f"Only {' and '.join(new)} may issue {what} for {shown}{applies}; others cannot renew theirs, and the "
        "sites fail when those end."
    )


def _if_wild(what: str) -> str:
    return f" {what}" if what == _WILDCARDS else ""


def _same_issuers(change: Change, old: Permission, new: Permission) -> Effect:
    shown = change.shown
    if change.new is None and new.at is not None:
        above = for_people(new.at)
        return _warning(f"{shown} has no CAA set of its own; that of {above} applies, and permits the same.")
    if change.old is None and old.at is not None:
        above = for_people(old.at)
        return _warning(f"{shown} has a CAA set of its own; it permits what that of {above} did.")
    lost, gained = [*map(restriction, change.lost)], [*map(restriction, change.gained)]
    if any(lost) and set(lost) == set(gained):
        return _warning(f"CAA of {shown} is spelt otherwise; certificate authorities read the same.")
    if all(len(each) <= _UNCONDITIONAL for each in (*lost, *gained)):
        return _warning(f"What certificate authorities read of {shown} differs, not who may issue.")
    return _warning(
        f"The conditions for certificates of {shown} differ ({listed((*change.lost, *change.gained))})."
    )


def _warning(sentence: str) -> Effect:
    return Effect(Role.CAA, Severity.WARNING, sentence)


def _error(sentence: str) -> Effect:
    return Effect(Role.CAA, Severity.ERROR, sentence)
