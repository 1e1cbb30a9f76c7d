"""What happens to the mail that comes in: MX, and the addresses of the hosts they name. No IO here."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.meaning import services
from migrator.meaning.roles import Effect, Role
from migrator.meaning.served import ADDRESS_TYPES, Reach, ServedZone, Sides
from migrator.meaning.targets import target_of
from migrator.model.finding import Severity
from migrator.model.names import ROOT, address_literal, below, folded, for_people
from migrator.model.rrset import RRset, canonical_wire, is_alias

Exchanges = dict[Name, int]

# With the root: 192.0.2.1. has four labels and the root, 2001:db8::1. one.
_IPV4_LABELS, _IPV6_LABELS = 5, 2
_MOST_SHOWN = 3


def exchanges(zone: ServedZone, domain: Name) -> Exchanges:
    """Return the hosts that take a domain's mail, with the best preference of each."""
    return exchanges_in(zone.followed(domain, RdataType.MX))


def exchanges_in(rrsets: Iterable[RRset]) -> Exchanges:
    """Return the hosts of MX sets, with the best preference of each."""
    found: Exchanges = {}
    for rrset in rrsets:
        for rdata in rrset.rdatas:
            host = target_of(rdata)
            if rdata.rdtype == RdataType.MX and host is not None:
                preference: int = getattr(rdata, "preference", 0)
                name = host.canonicalize()
                found[name] = min(preference, found.get(name, preference))
    return found


def mx_effects(sides: Sides, domain: Name) -> Iterator[Effect]:
    """Yield what becomes of a domain's incoming mail when its MX set changes."""
    old, new = exchanges(sides.old, domain), exchanges(sides.new, domain)
    if substitutes := substituted(old, new):
        yield _substituted_effect(sides.new, domain, old, new, substitutes)
        for host in substitutes:
            yield from _host_effects(sides, domain, old, host)
    elif old != new:
        yield from exchange_effects(domain, old, new, _fallback(sides.new, domain))


def same_exchanges_effect(sides: Sides, domain: Name) -> Effect | None:
    """Return what to say of an MX set that differs while mail goes the same way: a server stands there twice."""
    if not exchanges(sides.new, domain):
        return None
    sentence = f"Senders try the mail servers of {for_people(domain)} as before; one stands there twice."
    return Effect(Role.MX, Severity.WARNING, sentence)


def exchange_effects(domain: Name, old: Exchanges, new: Exchanges, fallback: str = "") -> Iterator[Effect]:
    """Yield what another MX set does to a domain's mail; `fallback` says what senders try without any."""
    yield from _address_effects(domain, {host: new[host] for host in new if host not in old})
    if not old:
        yield _first_exchanges(domain, new)
    elif set(old) == {ROOT}:
        yield _no_longer_null(domain, new)
    elif set(new) == {ROOT}:
        yield _error(f"{for_people(domain)} refuses all mail: its MX says that it takes none.", breaks=True)
    elif not new:
        yield _error(f"{_who(old)} for {for_people(domain)}{fallback}.", breaks=True)
    else:
        if (ROOT in old) != (ROOT in new):
            yield _null_beside_others(domain, new)
        old, new = _without_null(old), _without_null(new)
        if old != new:
            yield from _other_exchanges(domain, old, new)


def _null_beside_others(domain: Name, new: Exchanges) -> Effect:
    shown = for_people(domain)
    if ROOT in new:
        says = f"{shown} has an MX '.', which says that it takes no mail, beside servers that do"
        return _error(f"{says}: some senders refuse to send.")
    return Effect(Role.MX, Severity.WARNING, f"The MX '.' that stood beside the mail servers of {shown} is gone.")


def _without_null(hosts: Exchanges) -> Exchanges:
    return {host: hosts[host] for host in hosts if host != ROOT}


def _first_exchanges(domain: Name, new: Exchanges) -> Effect:
    hosts = _hosts(new)
    sentence = f"Mail for {for_people(domain)} goes to {hosts}; so far the domain had no MX."
    if set(new) == {ROOT}:
        sentence = f"{for_people(domain)} refuses all mail: its MX says that it takes none."
    return Effect(Role.MX, Severity.WARNING, sentence)


def _no_longer_null(domain: Name, new: Exchanges) -> Effect:
    if set(new) == {ROOT}:
        sentence = f"{for_people(domain)} says that it takes no mail, as before, with another preference."
        return Effect(Role.MX, Severity.WARNING, sentence)
    then = f"mail goes to {_hosts(new)}" if new else "senders try the domain's address"
    return Effect(Role.MX, Severity.WARNING, f"{for_people(domain)} said that it takes no mail; now {then}.")


def _address_effects(domain: Name, gained: Exchanges) -> Iterator[Effect]:
    """Yield the effect of IP addresses that stand where MX has the name of a host (RFC 5321 section 5.1)."""
    literals = {host: gained[host] for host in gained if is_address(host)}
    if literals:
        what = "an IP address" if len(literals) == 1 else "IP addresses"
        goes = f"Mail for {for_people(domain)} goes to {_hosts(literals)}"
        yield _error(f"{goes}, {what} where the name of a host must stand: senders find no server.", breaks=True)


def is_address(host: Name) -> bool:
    """Tell whether the whole name is an address; one with the zone's name behind it is a name that may exist."""
    literal = address_literal(host)
    return literal is not None and len(host.labels) == (_IPV6_LABELS if ":" in literal else _IPV4_LABELS)


def _other_exchanges(domain: Name, old: Exchanges, new: Exchanges) -> Iterator[Effect]:
    lost = {host: old[host] for host in old if host not in new}
    gained = {host: new[host] for host in new if host not in old}
    shown = for_people(domain)
    if len(lost) == len(old):
        instead = f"; it goes to {_hosts(gained)} instead"
        yield _error(f"{_who(old)} for {shown}{instead}.", breaks=_services(old) != _services(new))
    elif lost:
        backup = "has fewer servers that take it" if not gained else f"goes to {_hosts(gained)} instead"
        yield _error(f"{_hosts(lost)} no longer {_takes(lost)} mail for {shown}, which {backup}.")
    elif gained and min(gained.values()) <= min(new[host] for host in old):
        yield _error(f"Mail for {shown} goes to {_hosts(gained)} first, which took none of it so far.")
    elif gained:
        sentence = f"{_hosts(gained)} may get mail for {shown}, and took none of it so far."
        yield Effect(Role.MX, Severity.WARNING, sentence)
    else:
        sentence = f"Senders try the mail servers of {shown} in another order: {_hosts(new)}."
        if _in_order(old) == _in_order(new):
            sentence = f"The mail servers of {shown} have other preferences; senders try them in the same order."
        yield Effect(Role.MX, Severity.WARNING, sentence)


def _in_order(hosts: Exchanges) -> list[set[Name]]:
    """Return the hosts as senders try them, those of one preference together."""
    return [{host for host in hosts if hosts[host] == each} for each in sorted(set(hosts.values()))]


def host_effects(sides: Sides, domain: Name) -> Iterator[Effect]:
    """Yield what becomes of a domain's mail when the addresses of its mail servers change within the zone."""
    old = exchanges(sides.old, domain)
    for host in exchanges(sides.new, domain):
        yield from _host_effects(sides, domain, old, host)


def _host_effects(sides: Sides, domain: Name, old: Exchanges, host: Name) -> Iterator[Effect]:
    if not sides.new.within(host) or not sides.is_known_behind(host, *ADDRESS_TYPES):
        return
    had, has = addresses(sides.old, host), addresses(sides.new, host)
    where = f"Mail for {for_people(domain)} goes to {for_people(host)}, which"
    if _is_cname(sides.new, host) and not (_is_cname(sides.old, host) and host in old):
        yield _error(f"{where} is a CNAME: some mail servers refuse that (RFC 2181 section 10.3).")
    elif sides.new.reach(host) is Reach.NO:
        if host not in old or sides.old.reach(host) is not Reach.NO:
            yield _error(f"{where} has no address.", breaks=True)
    elif had != has if host in old and had else _is_elsewhere(sides, domain, host, has):
        yield _error(f"{where} is {where_now(sides, host) or 'at another address'}.")
    if sides.new.is_proxied(host) and not (host in old and sides.old.is_proxied(host)):
        yield proxied_effect(sides.new, domain, host)


def where_now(sides: Sides, host: Name) -> str:
    """Return which addresses a host has lost and got, in words, where it keeps one; empty where it keeps none."""
    had, has = _address_texts(sides.old, host), _address_texts(sides.new, host)
    before, now = frozenset(had), frozenset(has)
    kept = [each for each in has if each in before]
    lost, gained = [each for each in had if each not in now], [each for each in has if each not in before]
    if not kept or not (lost or gained):
        return ""
    if not lost:
        return f"at {_joined(gained)} as well, and still at {_joined(kept)}"
    instead = f", but at {_joined(gained)}, and still" if gained else ", still"
    return f"no longer at {_joined(lost)}{instead} at {_joined(kept)}"


def _address_texts(zone: ServedZone, host: Name) -> list[str]:
    """Return the addresses that a host leads to; none where an alias, a proxy or another zone decides."""
    rrsets = [rrset for rdtype in ADDRESS_TYPES for rrset in zone.followed(host, rdtype)]
    if zone.is_proxied(host) or any(rrset.rdtype not in ADDRESS_TYPES or is_alias(rrset) for rrset in rrsets):
        return []
    return list(dict.fromkeys(rdata.to_text() for rrset in rrsets for rdata in rrset.rdatas))


def _joined(texts: list[str]) -> str:
    shown = ", ".join(texts[:_MOST_SHOWN])
    return shown + (f" and {len(texts) - _MOST_SHOWN} more" if len(texts) > _MOST_SHOWN else "")


def _is_elsewhere(sides: Sides, domain: Name, host: Name, has: frozenset[bytes]) -> bool:
    """Tell whether a provider's substitute has addresses that none of the mail servers had that are gone."""
    new, old = exchanges(sides.new, domain), exchanges(sides.old, domain)
    if host in old or not is_substitute(host):
        return False
    had = frozenset(each for gone in old if gone not in new for each in addresses(sides.old, gone))
    return bool(had) and not has <= had


def proxied_effect(zone: ServedZone, domain: Name, host: Name) -> Effect:
    """Return what becomes of mail to a server that a proxy answers for.

    No mail passes it, so Cloudflare answers MX with a name that it makes up, and that has the address behind
    (https://developers.cloudflare.com/dns/troubleshooting/email-issues/, 2026-11-22).
    """
    where = f"Mail for {for_people(domain)} goes to {for_people(host)}, which is behind a proxy that carries none"
    if _announces_sts(zone, domain):
        sentence = f"{where}; the name that the provider makes up (_dc-mx...) is not in the policy of MTA-STS."
        return Effect(Role.MX, Severity.ERROR, sentence)
    sentence = f"{where}: the provider names another one with its address instead (_dc-mx...), or it is lost."
    return Effect(Role.MX, Severity.WARNING, sentence)


def substituted(old: Exchanges, new: Exchanges) -> tuple[Name, ...]:
    """Return the new hosts where they all stand for old ones that are behind the provider's proxy; else none."""
    gained = {host: new[host] for host in new if host not in old}
    lost = [old[host] for host in old if host not in new]
    return tuple(gained) if all(map(is_substitute, gained)) and sorted(gained.values()) == sorted(lost) else ()


def _substituted_effect(
    zone: ServedZone, domain: Name, old: Exchanges, new: Exchanges, substitutes: tuple[Name, ...]
) -> Effect:
    """Return what becomes of mail whose servers are answered under names that the provider makes up."""
    hidden = {host: old[host] for host in old if host not in new}
    names = _hosts({host: new[host] for host in substitutes})
    made = "a name that the provider makes up" if len(hidden) == 1 else "names that the provider makes up"
    proxied = f"{_hosts(hidden)}, which {'is' if len(hidden) == 1 else 'are'} behind its proxy"
    return Effect(
        Role.MX,
        Severity.ERROR if _announces_sts(zone, domain) else Severity.WARNING,
        f"Mail for {for_people(domain)} goes to {names}, {made} for {proxied}: a policy of MTA-STS, TLSA and a "
        "certificate do not fit it.",
    )


def _announces_sts(zone: ServedZone, domain: Name) -> bool:
    owner = below(domain, b"_mta-sts")
    return owner is not None and bool(zone.answer(owner, RdataType.TXT))


def is_substitute(host: Name) -> bool:
    """Tell whether a provider made up the name, for a mail server whose own is behind its proxy."""
    return folded(host)[0] == b"_dc-mx"


def unknown_exchanges(sides: Sides, domain: Name) -> Iterator[Name]:
    """Yield the mail servers of a domain whose addresses on the new side are not known."""
    for host in exchanges(sides.new, domain):
        if not sides.is_known_behind(host, *ADDRESS_TYPES):
            yield host


def _is_cname(zone: ServedZone, host: Name) -> bool:
    return bool(zone.sets(host, RdataType.CNAME))


def addresses(zone: ServedZone, host: Name) -> frozenset[bytes]:
    """Return all that a host name leads to in this zone: addresses, or where its CNAME and aliases leave it."""
    found: set[bytes] = set()
    for rdtype in ADDRESS_TYPES:
        for rrset in zone.followed(host, rdtype):
            found.update(canonical_wire(rdata) for rdata in rrset.rdatas)
            found.update(repr(extra).encode() for extra in rrset.extras if extra.kind == "alias")
    return frozenset(found)


def mail_services(zone: ServedZone, domain: Name) -> list[str]:
    """Return the services that take a domain's mail."""
    return sorted(_services(exchanges(zone, domain)) - {""})


def _services(hosts: Iterable[Name]) -> set[str]:
    return {services.of_mail_host(host) or "" for host in hosts}


def _who(old: Exchanges) -> str:
    """Return who receives nothing any more, as the beginning of a sentence."""
    known = sorted(_services(old) - {""})
    if known:
        return f"{' and '.join(known)} {'receives' if len(known) == 1 else 'receive'} no mail"
    return f"{_hosts(old)} {'receives' if len(old) == 1 else 'receive'} no mail"


def _hosts(hosts: Exchanges) -> str:
    ordered = sorted(hosts, key=lambda host: (hosts[host], folded(host)))
    return _joined([for_people(host) for host in ordered])


def _takes(hosts: Exchanges) -> str:
    return "takes" if len(hosts) == 1 else "take"


def _fallback(zone: ServedZone, domain: Name) -> str:
    if any(zone.answer(domain, rdtype) for rdtype in ADDRESS_TYPES):
        return "; senders try the address of the domain itself instead"
    return ""


def _error(sentence: str, *, breaks: bool = False) -> Effect:
    return Effect(Role.MX, Severity.ERROR, sentence, breaks)
