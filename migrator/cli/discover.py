"""`dns-migrator discover`: the names of a zone, as far as they can be found, when nobody can export it."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.choices import expect_zone_file
from migrator.cli.exits import CLEAN, UNCHECKED
from migrator.cli.options import NetworkOption, NoColorOption, QuietOption
from migrator.cli.outputs import replaceable
from migrator.errors import InputError

if TYPE_CHECKING:
    from dns.name import Name

    from migrator.discovery.finds import Discovery
    from migrator.discovery.hints import Hint
    from migrator.interfaces import Progress
    from migrator.model.delegation import Delegation
    from migrator.model.observation import Server
    from migrator.workflow.world import World

_DOMAIN = "The domain whose names are looked for."
_SERVER = "A name server to ask (address, [address]:port or name); by default those that the parent lists."
_FILE = "A file that names hosts or selectors: mail, a DMARC report, a list (repeated)."
_OUTPUT = "Write the zone file here; without it, it goes to stdout."
_RATE = "Questions a second to one server, at most."
_NO_GUESS = "Try no lists of usual names: only what structure and your files show."
_FORMAT = "How the result is written: text (a zone file) or json."
# A server that answers everybody takes a hundred times as much; who looks on should not think of an attack.
POLITE = 20.0


class DiscoveryFormat(StrEnum):
    """How the result of a search is written."""

    TEXT = "text"
    JSON = "json"


def discover(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help=_DOMAIN)],
    *,
    server: Annotated[list[str] | None, typer.Option("--server", metavar="SERVER", help=_SERVER)] = None,
    file: Annotated[list[Path] | None, typer.Option("--file", metavar="FILE", help=_FILE)] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", callback=replaceable, help=_OUTPUT)
    ] = None,
    rate: Annotated[float, typer.Option("--rate", min=0.1, max=1000, metavar="NUMBER", help=_RATE)] = POLITE,
    no_guess: Annotated[bool, typer.Option("--no-guess", help=_NO_GUESS)] = False,
    format_: Annotated[
        DiscoveryFormat, typer.Option("--format", "-f", metavar="FORMAT", help=_FORMAT)
    ] = DiscoveryFormat.TEXT,
    network: NetworkOption = None,
    quiet: QuietOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Find what can be found of a zone that nobody can export; say plainly that more may be missing."""
    from migrator.cli import screen
    from migrator.discovering import discover as search
    from migrator.dnsclient.client import utc_now
    from migrator.model.domains import domain_named
    from migrator.model.names import ROOT
    from migrator.workflow.world import open_world

    expect_zone_file(output)
    zone = domain_named(domain)
    if zone == ROOT:
        raise InputError("Everybody can have the root zone: https://www.internic.net/domain/root.zone.")
    hints = _hints(file or [], zone)
    with screen.progress_bar(quiet=quiet) as progress:
        world = open_world(network, progress=progress, slowest=rate)
        servers = _servers(world, server or [], zone, progress)
        found = search(world.client, zone, servers, hints, utc_now(), guess=not no_guess, progress=progress)
    _show(found, format_, output, quiet=quiet, no_color=no_color)
    raise typer.Exit(UNCHECKED if found.unanswered else CLEAN)


def _show(
    found: "Discovery", format_: DiscoveryFormat, output: Path | None, *, quiet: bool, no_color: bool
) -> None:
    """Write the zone file, and say what it is worth: on stdout where that is free."""
    from migrator.cli import screen
    from migrator.codec.discovery import dumps
    from migrator.discovery.finds import entries, header
    from migrator.report.discovery import discovery_text
    from migrator.zonefile.writer import write_zone

    zone_file = "\n".join(write_zone(found.zone.origin, entries(found), header(found))) + "\n"
    if output is not None:
        screen.emit(zone_file, output)
    instead = "" if output is None else f"What was found is in {output} all the same."
    if format_ is DiscoveryFormat.JSON:
        screen.emit(dumps(found), None, instead=instead)
        return
    text = discovery_text(found, screen.palette(no_color=no_color), "" if output is None else str(output))
    if output is not None:
        if not quiet:
            screen.emit(text, None, instead=instead)
        return
    screen.emit(zone_file, None)
    if not quiet:
        screen.note(text.rstrip("\n"))


def _hints(files: list[Path], zone: "Name") -> "list[Hint]":
    from migrator.discovery.hints import hints_in
    from migrator.files.given import octets_of

    found: list[Hint] = []
    for path in files:
        try:
            found += hints_in(octets_of(path), str(path), zone)
        except OSError as exc:
            raise InputError(f"{path}: cannot be read: {exc.strerror}.") from exc
    return found


def _servers(world: "World", named: list[str], zone: "Name", progress: "Progress") -> "list[Server]":
    """Return the servers that were named, else every address of those that the parent lists."""
    from migrator.model.observation import Server

    if named:
        from migrator.live.locators import servers_of
        from providers import parse_locator

        locators = [parse_locator(f"dns:{zone.to_text(omit_final_dot=True)}@{text}") for text in named]
        return [live.server for live in servers_of(locators, world.environment)]
    return [
        Server(address, world.profile.port, name)
        for name, addresses in _delegated(world, zone, progress).items()
        for address in addresses
        if world.profile.ipv6 is not False or ":" not in address
    ]


def _delegated(world: "World", zone: "Name", progress: "Progress") -> "dict[Name, tuple[str, ...]]":
    """Return the name servers that the parent lists, with the addresses that could be found."""
    from migrator.cutover.look import targets
    from migrator.errors import DnsError
    from migrator.model.delegation import WalkEnd
    from migrator.model.names import for_people
    from migrator.network.delegation import addresses_of, walk

    seen = walk(world.client, world.profile, zone, progress)
    names = list(dict.fromkeys(name for view in seen.views for name in targets(view.delegation())))
    if seen.end is WalkEnd.UNREACHABLE:
        raise DnsError(
            f"The parent of {for_people(zone)} could not be asked which name servers it lists "
            f"({_silence(seen)}): try again, or name one with --server."
        )
    if not names:
        raise DnsError(f"The parent of {for_people(zone)} lists no name server; name one with --server.")
    found = {name: tuple(sorted(seen.glue_of(name))) for name in names}
    troubles = []
    for name in [name for name in names if not found[name]]:
        looked_up = addresses_of(world.client, world.profile, name)
        found[name] = looked_up.addresses
        troubles.append(f"{for_people(name)}: {looked_up.detail or looked_up.state}")
    if not any(found.values()):
        raise DnsError(
            f"No address is known of a name server of {for_people(zone)} ({'; '.join(troubles)}): try again, or "
            "name one with --server."
        )
    return found


def _silence(seen: "Delegation") -> str:
    """Return what the last server on the way gave in place of an answer."""
    from migrator.cutover.look import explained

    if not seen.trail:
        return "no server of the root is known"
    last = seen.trail[-1]
    return f"{last.question.server}: {explained(last)}"
