"""Names of name servers that cannot be meant: addresses, doubled names, slips of the keyboard. No IO here."""

import ipaddress
from collections.abc import Iterable

from dns.name import Name

from migrator.cutover.look import Host, HostState, Look, Side, names_of, served, targets
from migrator.meaning.suffixes import is_below_public_suffix
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.names import ROOT, address_literal, folded, is_within, text_of
from migrator.model.values import dataclass

_SHORT_NAME = 12
# `ns1.example.net.` has four labels, the root being one.
_HOST_OF_A_DOMAIN = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A name server, and where it is listed: by the parent, at the apex of the new zone, in the expected set."""

    name: Name
    by_parent: bool
    by_apex: bool
    where: str


def name_findings(look: Look) -> tuple[list[Finding], list[Unchecked]]:
    """Return what is wrong with the names that the parent, the new servers or the person list."""
    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    hosts = {folded(host.name): host for host in look.hosts}
    for mention in mentions(look):
        slip = _slip(mention, look)
        if slip is not None:
            findings.append(slip)
            continue
        host = hosts.get(folded(mention.name))
        if host is None:
            continue
        if host.state is HostState.UNCHECKED:
            reason = f"its addresses could not be looked up: {host.detail}"
            unchecked.append(Unchecked("delegation.ns-resolves", text_of(host.name), reason))
        else:
            findings.extend(_host_findings(host, mention, look))
    findings.extend(_too_few(look))
    return findings, unchecked


def mentions(look: Look) -> tuple[Mention, ...]:
    """Return every name server that is listed somewhere, in the order of names."""
    parent = {folded(name): name for view in look.delegation.views for name in targets(view.delegation())}
    apex = {
        folded(name): name
        for server in look.servers
        if server.side is Side.NEW
        for name in targets(served(server.ns))
    }
    every = {folded(name): name for name in look.expected} | apex | parent
    zone = "" if look.delegation.parent is None else f" {text_of(look.delegation.parent)}"
    found = []
    for key, name in every.items():
        places = ["the expected set"] if key in names_of(look.expected) else []
        places += ["the apex of the new zone"] if key in apex else []
        places += [f"the parent{zone}"] if key in parent else []
        found.append(Mention(name, key in parent, key in apex, _joined(places)))
    return tuple(sorted(found, key=lambda mention: text_of(mention.name)))


def _joined(places: list[str]) -> str:
    return places[0] if len(places) == 1 else f"{', '.join(places[:-1])} and {places[-1]}"


def likeness(name: Name, meant: Name) -> str | None:
    """Return in which way one name is almost another, or None where it is not."""
    one, other = [[label.lower() for label in found.labels[:-1]] for found in (name, meant)]
    if one == other:
        return None
    if sorted(one) == sorted(other):
        return "the same labels in another order"
    if len(one) == len(other) > 1 and one[:-1] == other[:-1]:
        return "another top-level domain"
    text, wanted = b".".join(one).decode("ascii", "replace"), b".".join(other).decode("ascii", "replace")
    most = 1 if min(len(text), len(wanted)) < _SHORT_NAME else 2
    apart = distance(text, wanted, most)
    if apart is None:
        return None
    return "one character other" if apart == 1 else f"{apart} characters other"


def distance(one: str, other: str, most: int) -> int | None:
    """Return how many characters to insert, delete, replace or swap with the next make one text the other.

    None where that is more than `most`.
    """
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        current = [i]
        for j, right in enumerate(other, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1] if previous[-1] <= most else None


def cannot_be_meant(name: Name, look: Look) -> bool:
    """Tell whether the name is an address, or a name to which a zone's name was appended."""
    return address_literal(name) is not None or _undoubled(name, look) is not None


def _slip(mention: Mention, look: Look) -> Finding | None:
    """Return the finding about a name that nobody can have meant."""
    name = mention.name
    where = f"Listed by {mention.where}"
    literal = address_literal(name)
    if literal is not None:
        return Finding(
            "delegation.ns-is-address",
            Severity.ERROR,
            text_of(name),
            f"{where}: the IP address {literal} in the place of a name; an NS record holds a host name.",
            remedy="Enter host names such as ns1.example.net, not addresses.",
        )
    meant = _undoubled(name, look)
    if meant is not None:
        return Finding(
            "delegation.ns-doubled",
            Severity.ERROR,
            text_of(name),
            f"{where}: a zone's name was appended to {text_of(meant)}, whose final dot is missing.",
            remedy=f"Write {text_of(meant)} and nothing after its final dot.",
        )
    side = look.side_of(name)
    if side is Side.NEW or (side is Side.OLD and _serves(name, look)):
        return None
    for expected in _not_listed(mention, look):
        like = likeness(name, expected)
        if like is None:
            continue
        if _is_nowhere(expected, look) and not _is_nowhere(name, look):
            return Finding(
                "delegation.ns-misspelt",
                Severity.ERROR,
                text_of(expected),
                f"Expected, and not to be found: {like} than {text_of(name)}, which is listed by {mention.where}.",
                remedy=f"If {text_of(name).rstrip('.')} is meant, expect that.",
            )
        return Finding(
            "delegation.ns-misspelt",
            Severity.ERROR,
            text_of(name),
            f"{where}: {like} than {text_of(expected)}, which was expected.",
            remedy=f"Correct it to {text_of(expected).rstrip('.')}.",
        )
    return None


def _is_nowhere(name: Name, look: Look) -> bool:
    """Tell whether a name server was looked for and has no address."""
    host = next((host for host in look.hosts if folded(host.name) == folded(name)), None)
    return host is not None and host.state in {HostState.NO_SUCH_NAME, HostState.NO_ADDRESS}


def _serves(name: Name, look: Look) -> bool:
    """Tell whether some address of the name server serves the zone: an old one may be alike to a new one."""
    return any(view.server.name == name and served(view.soa) is not None for view in look.servers)


def _not_listed(mention: Mention, look: Look) -> Iterable[Name]:
    """Yield the expected names that are absent where this one stands: a further server is no slip."""
    beside = [
        other
        for other in mentions(look)
        if (other.by_parent and mention.by_parent) or (other.by_apex and mention.by_apex)
    ]
    listed = {folded(other.name) for other in beside}
    return (name for name in look.expected if folded(name) not in listed)


def _undoubled(name: Name, look: Look) -> Name | None:
    """Return what `name` begins with, where the domain or its parent was appended to it.

    That is a known name, or, where the name itself has no address, one beside a known name: the zone of the new
    side may list `ns1.example.net.` and, without the dot, `ns2.example.net.example.com.`. Where all of them lack
    it, what is left ends in a top-level domain that exists.
    """
    known = {folded(found): found for found in (*look.expected, *look.old)}
    homes = {labels[1:] for labels in known}
    for zone in (look.domain, look.delegation.parent):
        if zone is None or zone == ROOT or not is_within(name, zone) or name == zone:
            continue
        inner = name.relativize(zone).concatenate(ROOT)
        if folded(name) not in known and folded(inner) in known:
            return known[folded(inner)]
        is_host = len(inner.labels) > _HOST_OF_A_DOMAIN and _is_nowhere(name, look)
        if is_host and (folded(inner)[1:] in homes or is_below_public_suffix(inner)):
            return inner
    return None


def _host_findings(host: Host, mention: Mention, look: Look) -> Iterable[Finding]:
    subject = text_of(host.name)
    where = f"Listed by {mention.where}"
    match host.state:
        case HostState.CNAME:
            yield Finding(
                "delegation.ns-is-cname",
                Severity.ERROR,
                subject,
                f"{where}: the name is a CNAME to {host.detail}; a name server's name has addresses of its own "
                "(RFC 2181 section 10.3), and resolvers may ignore it.",
                remedy=f"List {host.detail} instead, or give {subject} A and AAAA records.",
            )
        case HostState.NO_SUCH_NAME | HostState.NO_ADDRESS:
            lacks = "does not exist" if host.state is HostState.NO_SUCH_NAME else "has no address"
            yield Finding(
                "delegation.ns-does-not-resolve",
                Severity.ERROR,
                subject,
                f"{where}: the name {lacks}; a name server has at least one address.",
                remedy="Check the spelling against what the new provider shows.",
            )
        case _:
            special = [address for address in host.addresses if not ipaddress.ip_address(address).is_global]
            if special and not look.allow_special_addresses:
                yield Finding(
                    "delegation.ns-special-address",
                    Severity.ERROR,
                    subject,
                    f"{where}: the address {', '.join(special)} is not on the public internet; "
                    "resolvers elsewhere cannot reach it.",
                    remedy="Give the name server a public address.",
                )


def _too_few(look: Look) -> Iterable[Finding]:
    """Find a new set that hangs on one machine (RFC 2182 section 5)."""
    subject = f"{text_of(look.domain)} NS"
    hosts = [host for host in look.hosts if host.side is Side.NEW]
    if len(look.expected) == 1:
        yield Finding(
            "delegation.one-name-server",
            Severity.WARNING,
            subject,
            f"The expected set is one name server, {text_of(look.expected[0])}; at least two were expected.",
            remedy="Enter every name server that the new provider assigned.",
        )
        return
    addresses = {address for host in hosts for address in host.addresses}
    if len(addresses) == 1 and all(host.state is HostState.FOUND for host in hosts):
        yield Finding(
            "delegation.one-address",
            Severity.WARNING,
            subject,
            f"All name servers of the expected set share the address {addresses.pop()}; two were expected.",
        )
