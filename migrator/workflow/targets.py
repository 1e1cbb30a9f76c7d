"""The zone that is written to: its writer opened, and closed again whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from dns.name import Name

from migrator.errors import InputError, MigratorError
from migrator.interfaces import Closable, Progress, ReadResult
from migrator.model.locator import Locator
from migrator.model.names import for_people, text_of
from migrator.model.observation import Server
from migrator.model.zone import ZoneSnapshot
from migrator.plan import Choices, Sides
from migrator.plan.proposal import expect_one_zone
from migrator.translate.words import ALIAS_ADDRESSES, APEX_CNAME_ADDRESSES
from migrator.workflow.world import World
from migrator.writing.importing import Target, read_sides, with_addresses
from providers import schemes
from providers.localfiles import is_server


@contextmanager
def target_of(world: World, locator: Locator, source: ZoneSnapshot) -> Iterator[Target]:
    """Give the target of an import; a zone file that is not there yet is of the zone that comes."""
    if locator.zone is not None:
        expect_one_zone(source.origin, locator.zone)
    is_new_file = locator.scheme == "file" and not Path(locator.path).exists()
    if is_new_file:
        expect_new_file(locator, source.origin)
    if is_new_file and locator.option("origin") is None:
        locator = replace(locator, options={**locator.options, "origin": source.origin.to_text()})
    with opened(world, locator) as target:
        yield target


def expect_new_file(locator: Locator, domain: Name) -> None:
    """Raise InputError where a new file would be called as the domain, a provider or a server: none is meant."""
    text, zone = locator.text, for_people(domain)
    if text.lower() not in {zone.lower(), text_of(domain).lower(), *schemes()} and not is_server(text):
        return
    scheme = text.lower() if text.lower() in schemes() - _WITHOUT_ACCOUNTS else "cloudflare"
    raise InputError(
        f"{text}: there is no such file. Say where the zone is to go, as in {scheme}:{zone}; a new file of that "
        f"name is file:{text}."
    )


@contextmanager
def opened(world: World, locator: Locator) -> Iterator[Target]:
    """Give a target to write to, and close its connections afterwards."""
    writer = world.open_writer(locator)
    try:
        yield Target(locator, writer)
    finally:
        if isinstance(writer, Closable):
            writer.close()


def is_gone(world: World, locator: Locator) -> bool:
    """Tell whether a zone is not there any more, as its provider says; False where nobody says so."""
    with suppress(MigratorError), opened(world, locator) as target:
        return not target.writer.exists()
    return False


def decided_sides(
    world: World,
    source: ReadResult,
    target: Target,
    choices: Choices,
    progress: Progress,
    *,
    resolves: bool = False,
) -> Sides:
    """Read the target beside the source; what aliases answer is looked up where a person has decided for that."""
    sides = read_sides(source, target)
    if not (resolves or choices.accepts & _OF_ADDRESSES):
        return sides
    resolvers = [Server(resolver.address, resolver.port) for resolver in world.profile.resolvers]
    return with_addresses(sides, choices, world.client, resolvers, progress)


# Here a zone is named in another way.
_WITHOUT_ACCOUNTS = frozenset({"axfr", "dns", "file"})
# Who accepts these wants the addresses looked up.
_OF_ADDRESSES = frozenset({ALIAS_ADDRESSES.what, APEX_CNAME_ADDRESSES.what})
