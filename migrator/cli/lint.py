"""`dns-migrator lint`: one zone by itself, without the network."""

from typing import Annotated

import typer

from migrator.cli.choices import Threshold, VerdictFormat
from migrator.cli.options import (
    FailOnOption,
    IncludeOption,
    NetworkOption,
    NoColorOption,
    OutputOption,
    QuietOption,
    VerboseOption,
    VerdictFormatOption,
)


def lint(
    locator: Annotated[
        str, typer.Argument(metavar="LOCATOR", help="The zone: a zone file, route53:..., axfr:...")
    ],
    *,
    format_: VerdictFormatOption = VerdictFormat.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = Threshold.ERROR,
    network: NetworkOption = None,
    allow_include_outside: IncludeOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Look at one zone by itself: syntax, records that clash, lengths, mail records, targets inside the zone."""
    from migrator.cli.linting import Asked, run

    asked = Asked(
        locator=locator,
        format_=format_,
        output=output,
        fail_on=fail_on,
        network=network,
        allow_include_outside=allow_include_outside,
        quiet=quiet,
        verbose=verbose,
        no_color=no_color,
    )
    raise typer.Exit(run(asked))
