"""`dns-migrator zones`: the zones that the credentials of a provider can see."""

from typing import Annotated

import typer

from migrator.cli.choices import Format
from migrator.cli.exits import CLEAN
from migrator.cli.options import (
    FormatOption,
    NetworkOption,
    QuietOption,
)
from migrator.errors import InputError


def zones(
    scheme: Annotated[str, typer.Argument(metavar="SCHEME:", help="A provider, as in 'route53:'.")],
    *,
    format_: FormatOption = Format.TEXT,
    network: NetworkOption = None,
    quiet: QuietOption = False,
) -> None:
    """List the zones of an account."""
    from migrator.cli import screen
    from migrator.codec import zones as codec
    from migrator.report import zones as report
    from migrator.report.layout import fit
    from migrator.workflow.world import open_world
    from providers import load, parse_locator, schemes

    locator = parse_locator(f"{scheme}:" if scheme in schemes() else scheme)
    if locator.scheme == "file":
        raise InputError(f"'{scheme}': the scheme of a provider with accounts was expected, as in 'route53:'.")
    provider = load(locator.scheme)
    with screen.progress_bar(quiet=quiet) as progress:
        world = open_world(network, progress=progress)
        found = tuple(provider.list_zones(locator, world.environment))
    match format_:
        case Format.TEXT:
            fit(screen.width())
            shown = report.text(found)
        case Format.JSON:
            shown = codec.dumps(locator.text, found)
        case Format.MARKDOWN:
            shown = report.markdown(found)
    screen.emit(shown, None)
    raise typer.Exit(CLEAN)
