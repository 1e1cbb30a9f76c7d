"""Whether the names of name servers can be meant, exist, and are enough. Pure."""

from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.asks import Ask, Registered, Registration
from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.looking import (
    FROM_READY,
    joined,
    look_of,
    look_questions,
    planned,
    point_of,
    remarks_of,
    views_of,
)
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import Side, Unasked, served, targets
from migrator.meaning.hostnames import HOST_OCTETS
from migrator.meaning.suffixes import registered_domain
from migrator.model.delegation import ParentView
from migrator.model.finding import Phase, Severity
from migrator.model.names import address_literal, folded, for_people, text_of


@check(
    "delegation.count",
    phases=FROM_READY,
    source="RFC 2182 section 5; Zonemaster DELEGATION01, DELEGATION02",
    remedy="Enter every name server that the new provider assigned.",
    severity=Severity.ERROR,
    asks=look_questions,
)
def count(facts: Facts) -> Iterator[Point]:
    """There are name servers enough.

    The new set has two name servers at least, with two addresses at least.

    One name server, or several that share their addresses, is a single machine whose failure takes the domain
    away. A set without IPv4 addresses cannot be reached by most resolvers; one IPv4 address alone is a warning.
    It is unchecked where a name server without a known address leaves open how many there are: why, other checks
    say.
    """
    if facts.new is None or not facts.new.names:
        yield NotNeeded("the new name servers are not known: --to names them")
        return
    subject = f"{text_of(facts.domain)} NS"
    places = [frozenset(host.addresses) for host in facts.new.hosts if host.addresses]
    addresses = sorted({server.address for server in facts.new.extra_servers}.union(*places))
    over_ipv4 = [address for address in addresses if ":" not in address]
    evidence = (Noted("the new set", f"{joined(facts.new.names)}: {', '.join(addresses) or 'no address known'}"),)
    if len(facts.new.names) == 1:
        yield Problem(
            subject,
            f"The new set is one name server, {joined(facts.new.names)}; two at least were expected.",
            evidence,
        )
    elif len(addresses) <= 1 and (unknown := [h.name for h in facts.new.hosts if not h.addresses]):
        yield Unchecked(subject, f"no address of {joined(unknown)} is known", evidence)
    elif len(addresses) == 1:
        yield Problem(subject, f"All name servers share the address {addresses[0]}; two were expected.", evidence)
    elif not addresses:
        yield Unchecked(subject, "no address of a new name server is known", evidence)
    elif not over_ipv4:
        yield Problem(subject, "No name server has an IPv4 address; most resolvers need one.", evidence)
    elif len(over_ipv4) == 1 and len(places) > 1 and len(set(places)) == 1:
        shared = f"{', '.join(addresses[:-1])} and {addresses[-1]}"
        message = f"All name servers share the addresses {shared}; others were expected at one of them at least."
        yield Problem(subject, message, evidence)
    elif len(over_ipv4) == 1 and not any(not host.addresses for host in facts.new.hosts):
        yield Problem(
            subject,
            f"One name server alone has an IPv4 address ({over_ipv4[0]}); most resolvers have only that one to "
            "ask.",
            evidence,
            severity=Severity.WARNING,
        )
    else:
        yield Passed(subject, f"{len(facts.new.names)} name servers with {len(addresses)} addresses.", evidence)


@check(
    "delegation.ns-syntax",
    phases=(Phase.PREPARE, *FROM_READY),
    blocks=True,
    source="RFC 1912 section 2.8; RFC 2181 section 11; Zonemaster SYNTAX04",
    remedy="Enter host names such as ns1.example.net: no IP address, no http://, no zone name appended.",
    asks=look_questions,
)
def ns_syntax(facts: Facts) -> Iterator[Point]:
    """Names of name servers can be meant.

    Every name of a name server, wherever it is listed, can be a host's name and is no slip.

    Looked at in the plan, at the parent and at the new apex.

    Fails for an IP address in the place of a name, characters that no host name has, an all-digit top-level
    domain, a name with the zone appended because the final dot was missing, and a listed name that is one
    keystroke from an expected one.
    """
    look = look_of(facts)
    ids = {"delegation.ns-is-address", "delegation.ns-doubled", "delegation.ns-misspelt"}
    found = [point_of(remark, look) for remark in remarks_of(look) if remark.check in ids]
    subjects = {point.subject for point in found if isinstance(point, Problem)}
    names = {
        folded(name): name
        for name in (*_listed_names(look.delegation.views), *_apex_names(facts), *planned(facts))
    }
    for name in sorted(names.values(), key=text_of):
        wrong = _not_a_host(name)
        if wrong and text_of(name) not in subjects:
            found.append(
                Problem(
                    text_of(name),
                    f"The name {wrong}; the name of a host was expected.",
                    tuple(view.ns for view in look.delegation.views),
                    "Enter the name servers exactly as the provider shows them: no http://, no IP address.",
                )
            )
    if found:
        yield from found
    elif names:
        yield Passed(
            f"{text_of(facts.domain)} NS",
            f"{joined(tuple(names.values()))}: names of hosts.",
            (Noted("names", joined(tuple(names.values()))),),
        )
    else:
        yield Unchecked(f"{text_of(facts.domain)} NS", "no name server is known")


@check(
    "delegation.ns-cname",
    phases=FROM_READY,
    blocks=True,
    source="RFC 2181 section 10.3; Zonemaster DELEGATION05",
    remedy="Give the name server A and AAAA records of its own, or list the name that the CNAME leads to.",
    asks=look_questions,
)
def ns_cname(facts: Facts) -> Iterator[Point]:
    """No name server is a CNAME.

    No name server of the new set is a CNAME: resolvers may ignore it, and many do. What could not be looked up is
    unchecked.
    """
    yield from _of_hosts(facts, {"delegation.ns-is-cname", _NOT_LOOKED_UP}, "No name server is a CNAME.")


@check(
    "delegation.ns-resolves",
    phases=FROM_READY,
    blocks=True,
    source="Zonemaster NAMESERVER06, ADDRESS01",
    remedy="Check the spelling of the name servers against what the new provider shows.",
    asks=look_questions,
)
def ns_resolves(facts: Facts) -> Iterator[Point]:
    """Name servers have public addresses.

    Every name server of the new set exists and has an address that the whole internet can reach.

    Found from the root down, without anybody's cache. Private, loopback and documentation addresses fail, unless
    the network profile allows special addresses. What could not be looked up is unchecked.
    """
    ids = {"delegation.ns-does-not-resolve", "delegation.ns-special-address", _NOT_LOOKED_UP}
    yield from _of_hosts(facts, ids, "Every name server has addresses.")


def _of_hosts(facts: Facts, ids: set[str], holds: str) -> Iterator[Point]:
    if facts.new is None or not facts.new.names:
        yield NotNeeded("the new name servers are not known: --to names them")
        return
    look = look_of(facts)
    found = [remark for remark in remarks_of(look) if remark.check in ids]
    yield from (point_of(remark, look) for remark in found)
    known = {host.name for host in facts.new.hosts if host.addresses}
    if not found and known:
        lines = [f"{for_people(h.name)}: {', '.join(h.addresses)}" for h in facts.new.hosts if h.addresses]
        yield Passed(f"{text_of(facts.domain)} NS", holds, tuple(Noted("addresses", line) for line in lines))
    elif not found and facts.new.extra_servers:
        yield NotNeeded("the new servers are given by address")
    elif not found:
        yield Unchecked(f"{text_of(facts.domain)} NS", "the addresses of the new name servers are not known")


def _registrations(facts: Facts) -> Iterable[Ask]:
    """Ask the registry about the domains of name servers, once each; not where RDAP is switched off."""
    if facts.registrar is None or facts.new is None:
        return
    domains = {folded(name): registered_domain(name) for name in facts.new.names if _is_elsewhere(facts, name)}
    yield from {folded(found): Registration(found) for found in domains.values() if found is not None}.values()


def _is_elsewhere(facts: Facts, name: Name) -> bool:
    return not facts.within(name) and address_literal(name) is None


@check(
    "delegation.ns-owner-safe",
    phases=(Phase.READY,),
    severity=Severity.WARNING,
    source="RFC 9083; RFC 1912 section 2.8",
    remedy="Renew the domain that the name servers are in, or use name servers in another one.",
    asks=_registrations,
)
def ns_owner_safe(facts: Facts) -> Iterator[Point]:
    """Domains of name servers last.

    The domains that the new name servers are in are registered, and do not expire within 60 days.

    Whoever registers a domain that has lapsed answers for everybody who delegates to name servers in it. Asked
    of the registries by RDAP; name servers in the moving domain itself need glue, which `delegation.glue` looks
    at.
    """
    asked = [ask for ask in _registrations(facts) if isinstance(ask, Registration)]
    if not asked:
        yield NotNeeded(
            "RDAP is switched off" if facts.registrar is None else "no name server is in another domain"
        )
        return
    for ask in asked:
        reply = facts.replies.get(ask)
        subject = text_of(ask.domain)
        if not isinstance(reply, Registered):
            yield Unchecked(subject, "the registry was not asked")
        elif reply.known is False:
            yield Problem(
                subject,
                "The registry does not know the domain that a name server is in; a registered one was expected.",
                (reply,),
                "Do not delegate to it: anybody can register it and answer for your domain.",
            )
        elif isinstance(reply.view, Unasked):
            yield Unchecked(subject, reply.view.reason, (reply,))
        elif reply.view.expires is None:
            yield Unchecked(subject, "the registry does not say when the domain expires", (reply,))
        elif (reply.view.expires - facts.now).days < _SOON:
            yield Problem(
                subject,
                f"The domain that a name server is in expires on {reply.view.expires:%Y-%m-%d}; more than {_SOON} "
                "days were expected.",
                (reply,),
            )
        else:
            yield Passed(subject, f"Registered until {reply.view.expires:%Y-%m-%d}.", (reply,))


def _not_a_host(name: Name) -> str | None:
    """Return why the name cannot be a host's, None where it can (RFC 1123 section 2.1)."""
    labels = [label for label in name.labels if label]
    if not labels:
        return "is the root"
    text = b".".join(labels).decode("ascii", "backslashreplace")
    if any(mark in text for mark in ("/", ":")):
        return f"looks like a URL ({text})"
    odd = sorted({chr(octet) for label in labels for octet in label if octet not in HOST_OCTETS})
    if odd:
        return f"has characters that no host name has ({' '.join(map(repr, odd))})"
    if any(label.startswith(b"-") or label.endswith(b"-") for label in labels):
        return "has a label that begins or ends with a hyphen"
    return "has a top-level domain of digits" if labels[-1].isdigit() else None


def _listed_names(views: Iterable[ParentView]) -> Iterator[Name]:
    for view in views:
        yield from targets(view.delegation())


def _apex_names(facts: Facts) -> Iterator[Name]:
    """Yield the names at the new apex, as the new servers and the provider's zone have them."""
    if facts.new is None:
        return
    for view in views_of(look_of(facts), Side.NEW):
        yield from targets(served(view.ns))
    if facts.new.zone is not None:
        yield from targets(facts.new.zone.apex(RdataType.NS))


_SOON = 60
# What a look says of a name server whose addresses nobody could look up.
_NOT_LOOKED_UP = "delegation.ns-resolves"
