"""DANE: the certificates that senders of mail demand of its servers (RFC 7672). No IO here.

    @              MX   10 mail
    _25._tcp.mail  TLSA 3 1 1 8cb0...      ; differs: senders that use DANE may no longer connect

Whether the zone is signed, without which nobody heeds TLSA, is not for its records to say.
"""

from collections.abc import Collection, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.exchanges import exchanges
from migrator.meaning.roles import Effect, Role
from migrator.meaning.served import ServedZone, Sides
from migrator.model.finding import Severity
from migrator.model.names import below, folded, for_people, is_wildcard
from migrator.model.rrset import canonical_wire

_PORT, _PROTOCOL = b"_25", b"_tcp"


def dane_effects(sides: Sides, domain: Name) -> Iterator[Effect]:
    """Yield what becomes of a domain's mail when other certificates are demanded of its servers than before."""
    for host, owner in _owners(sides, domain):
        if sides.is_known_behind(owner, RdataType.TLSA):
            yield from _owner_effects(sides, host, owner)


def unknown_certificates(sides: Sides, domain: Name) -> Iterator[Name]:
    """Yield the mail servers of a domain of which it is not known which certificate is demanded now."""
    for host, owner in _owners(sides, domain):
        if not sides.is_known_behind(owner, RdataType.TLSA):
            yield host


def certificate_effect(role: Role, host: str, had: Collection[object], has: Collection[object]) -> Effect:
    """Return what becomes of connections when the records differ that name the certificates of a host."""
    who = "Mail servers that use DANE" if role is Role.DANE else "Programs that use DANE"
    if not has:
        sentence = f"{who} no longer check the certificate of {host}: a forged one is not noticed."
        return Effect(role, Severity.ERROR, sentence)
    if not had:
        sentence = f"{who} demand the certificate that this record names of {host}, or do not connect."
        return Effect(role, Severity.WARNING, sentence)
    if set(had) < set(has):
        return Effect(role, Severity.WARNING, f"{who} also accept another certificate of {host}.")
    sentence = f"{who} demand another certificate of {host}; if it has the old one, they do not connect."
    return Effect(role, Severity.ERROR, sentence)


def _owners(sides: Sides, domain: Name) -> Iterator[tuple[Name, Name]]:
    """Yield the servers that a domain keeps, and the names that the records of their certificates have.

    Of a server that is a CNAME, they stand at its end or at itself (section 2.2.2).
    """
    old = exchanges(sides.old, domain)
    for host in exchanges(sides.new, domain):
        if host not in old or not sides.new.within(host):
            continue
        names = (host, *sides.old.chain(host), *sides.new.chain(host))
        for name in {folded(each): each for each in reversed(names)}.values():
            protocol = None if is_wildcard(name) else below(name, _PROTOCOL)
            owner = None if protocol is None else below(protocol, _PORT)
            if owner is not None:
                yield name, owner


def _owner_effects(sides: Sides, host: Name, owner: Name) -> Iterator[Effect]:
    had, has = (_demanded(zone, owner) for zone in (sides.old, sides.new))
    is_below = [zone.cover(owner, RdataType.TLSA) is not None for zone in (sides.old, sides.new)]
    if is_below[0]:
        had = frozenset()  # in a zone below, of which nobody knows here whether it has any
    if had == has or (not had and is_below[1]):
        return
    shown = for_people(host)
    if isinstance(has, Name):
        sentence = (
            f"Which certificate mail servers that use DANE demand of {shown} is said at {for_people(has)} now."
        )
        yield Effect(Role.DANE, Severity.WARNING, sentence)
    elif isinstance(had, Name) and has:
        sentence = f"Which certificate mail servers that use DANE demand of {shown} is no longer said elsewhere."
        yield Effect(Role.DANE, Severity.WARNING, sentence)
    else:
        yield certificate_effect(Role.DANE, shown, [had] if isinstance(had, Name) else had, has)


def _demanded(zone: ServedZone, owner: Name) -> frozenset[bytes] | Name:
    """Return the records that a sender finds, or the name of which another zone decides."""
    left_to = zone.left_to(owner, RdataType.TLSA)
    if left_to is not None:
        return left_to.canonicalize()
    found = [rrset for rrset in zone.followed(owner, RdataType.TLSA) if rrset.rdtype == RdataType.TLSA]
    return frozenset(canonical_wire(rdata) for rrset in found for rdata in rrset.rdatas)
