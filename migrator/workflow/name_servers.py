"""The name servers that a side of a migration has: those that a provider assigned, else the apex NS set."""

import re
from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.confirm import Wanted
from migrator.cutover.look import Addresses, explained, names_of, served, targets
from migrator.errors import DnsError, InputError
from migrator.model.domains import why_no_domain, without_secrets
from migrator.model.locator import Locator
from migrator.model.names import ROOT, absolute, folded, for_people, is_within
from migrator.model.observation import Question, Server
from migrator.model.rrset import RRsetKey
from migrator.network.referrals import addresses
from migrator.workflow.sides import expect_origin, locator_of
from migrator.workflow.world import World
from providers import LIVE_SCHEME, load, parse_locator


def expected_names(words: Iterable[str]) -> tuple[Name, ...]:
    """Return the names of `--expect`, each once; raises InputError for the root, and for what is no host name."""
    names = {folded(name): name for name in map(_host_named, words)}
    if folded(ROOT) in names:
        raise InputError("--expect names the root; the host name of a name server was expected.")
    return tuple(names.values())


def _host_named(word: str) -> Name:
    """Return the host name; an underscore is let pass, for there are name servers that have one."""
    reason = why_no_domain(word)
    name = ROOT if reason else absolute(word)
    if not all(re.fullmatch(rb"(?i)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?", label) for label in name.labels[:-1]):
        reason = "it is no host name"
    if reason:
        raise InputError(
            f"--expect {without_secrets(word)}: {reason}; a host name such as ns1.example.net was expected. "
            "A locator goes to --to."
        )
    return name


def wanted_of(world: World, domain: Name, source: str, target: str, named: tuple[Name, ...] = ()) -> Wanted:
    """Return what a switch from one locator to the other is to bring; `named` are new name servers by their names.

    Either locator may be empty: then its side is not known. Raises InputError where target and names do not agree.
    """
    assigned = name_servers_of(world, target, domain) if target else ()
    if named and assigned and names_of(named) != names_of(assigned):
        given, found = (", ".join(map(for_people, names)) for names in (named, assigned))
        raise InputError(f"--expect and --to do not agree: {given}, and {found}. Give one of them.")
    expected = named or assigned
    old = name_servers_of(world, source, domain) if source else ()
    addresses = addresses_inside(world, target, domain, expected) if target else ()
    old_addresses = addresses_inside(world, source, domain, (*old, *expected)) if source else ()
    # A zone that lists the new set already does not say where it was served before, but for hosts of its own.
    former = () if names_of(old) == names_of(expected) else old
    return Wanted(domain, expected, former, addresses, old_addresses)


def name_servers_of(world: World, text: str, domain: Name) -> tuple[Name, ...]:
    """Return the name servers of the side that a locator names; raises InputError where it has none."""
    locator = locator_of(text, domain)
    if locator.scheme == LIVE_SCHEME:
        return _live(world, locator, domain)
    assigned = load(locator.scheme).assigned_name_servers(locator, world.environment)
    if assigned:
        return assigned
    snapshot = world.read(locator).snapshot
    expect_origin(snapshot.origin, locator, domain)
    names = targets(snapshot.apex(RdataType.NS))
    if not names:
        raise InputError(f"'{locator.text}' has no NS records at its apex: name the servers with --expect.")
    return names


def addresses_inside(world: World, text: str, domain: Name, names: tuple[Name, ...]) -> Addresses:
    """Return the addresses that the side of a locator has for those names that are inside the domain.

    Nothing is read where there is no such name; a name for which the side has none is left out.
    """
    inside = [name for name in names if is_within(name, domain)]
    if not inside:
        return ()
    locator = parse_locator(text)
    keys = [(name, rdtype) for name in inside for rdtype in (RdataType.A, RdataType.AAAA)]
    if locator.scheme == LIVE_SCHEME:
        questions = [Question(server, *key) for server in _servers(world, locator) for key in keys]
        found = [(seen.question.qname, served(seen)) for seen in world.client.ask(questions)]
    else:
        zone = world.read(locator).snapshot.by_key()
        found = [(name, zone.get(RRsetKey(name, rdtype))) for name, rdtype in keys]
    known: dict[Name, frozenset[str]] = {}
    for name, rrset in found:
        if rrset is not None:
            known[name] = known.get(name, frozenset()).union(addresses(rrset))
    return tuple((name, texts) for name, texts in known.items() if texts)


def _live(world: World, locator: Locator, domain: Name) -> tuple[Name, ...]:
    """Ask the servers of `dns:ZONE@SERVER` for their apex NS set; the first authoritative one is believed."""
    if not locator.host:
        raise InputError(f"'{locator.text}': which server? Write dns:{for_people(domain)}@192.0.2.53.")
    troubles = []
    for server in _servers(world, locator):
        (seen,) = world.client.ask([Question(server, domain, RdataType.NS)])
        names = targets(served(seen))
        if names:
            return names
        troubles.append(f"{server}: {explained(seen)}")
    raise DnsError(f"'{locator.text}' did not give the NS set of {for_people(domain)} ({'; '.join(troubles)}).")


def _servers(world: World, locator: Locator) -> Iterator[Server]:
    """Yield the servers of `dns:ZONE@SERVER`, each when it is wanted: a name may have to be looked up."""
    for host, port in locator.servers or ((locator.host, locator.port),):
        for address in world.environment.resolve(absolute(host)):
            yield Server(address, world.profile.port if port is None else port)
