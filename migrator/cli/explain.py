"""`dns-migrator explain`: what a check asks, why, and how to mend what it finds."""

from typing import Annotated

import typer

from migrator.cli.choices import Format
from migrator.cli.completing import check_ids
from migrator.cli.exits import CLEAN
from migrator.cli.options import (
    FormatOption,
    NoColorOption,
)

_ID = "The id of a check, as reports show it; without one, all are listed."


def explain(
    id_: Annotated[
        str | None, typer.Argument(metavar="[CHECK-ID]", help=_ID, show_default=False, autocompletion=check_ids)
    ] = None,
    *,
    format_: FormatOption = Format.TEXT,
    no_color: NoColorOption = False,
) -> None:
    """Print the specification of a check: what it asks, when it passes, warns and fails, and how to mend it."""
    from migrator.checks.catalogue import catalogue
    from migrator.checks.choice import one_of
    from migrator.cli import screen
    from migrator.codec.explain import dumps
    from migrator.report.explain import check_markdown, check_text, list_markdown, list_text

    every = catalogue()
    checks = every if id_ is None else (one_of(every, id_),)
    palette = screen.palette(no_color=no_color)
    match format_:
        case Format.JSON:
            shown = dumps(checks)
        case Format.MARKDOWN:
            shown = list_markdown(checks) if id_ is None else check_markdown(checks[0])
        case Format.TEXT:
            shown = list_text(checks, palette) if id_ is None else check_text(checks[0], palette)
    screen.emit(shown, None)
    raise typer.Exit(CLEAN)
