"""The options that several commands share, each written once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from migrator.cli.choices import (
    DATABASE_VARIABLE,
    Format,
    ReportFormat,
    StatusFormat,
    Threshold,
    VerdictFormat,
    named_after,
)
from migrator.cli.outputs import replaceable
from migrator.errors import InputError
from migrator.model.phrases import safe

_LONGEST_TTL = 2**31 - 1  # seconds: RFC 2181 section 8


def usable_ttl(seconds: int | None) -> int | None:
    """Return the TTL; raises BadParameter for one that there cannot be."""
    # `max=` would widen a column of the help by the number, and cut the names of other options.
    if seconds is not None and not 0 < seconds <= _LONGEST_TTL:
        raise typer.BadParameter(f"a TTL is 1 to {_LONGEST_TTL} seconds.")
    return seconds


def words(texts: list[str] | None) -> list[str]:
    """Return the words of an option that may be repeated and may hold several, by commas or blanks apart."""
    return [word for text in texts or () for word in text.replace(",", " ").split()]


def is_given(context: typer.Context, parameter: str) -> bool:
    """Tell whether somebody gave the option, and did not leave it to its default."""
    source = context.get_parameter_source(parameter)
    return source is not None and source.name != "DEFAULT"


def as_named(context: typer.Context, wanted: StrEnum) -> StrEnum:
    """Return the format that was asked for, else the one that the file of --output is named after."""
    if is_given(context, "format_"):
        return wanted
    # Options that are given are read before those that are not: the file is known here.
    return named_after(context.params.get("output"), wanted)


def _of_where_it_stands(text: str) -> StatusFormat:
    """Return the format; raises InputError for another, which says in one line who writes that."""
    if text not in tuple(StatusFormat):
        raise InputError(
            f"--format {safe(text)}: text or json was expected; 'dns-migrator report DOMAIN -o FILE.md' writes "
            "Markdown."
        )
    return StatusFormat(text)


FormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        callback=as_named,
        help="How the result is written: text, json or markdown.",
        show_default=True,
    ),
]
StatusFormatOption = Annotated[
    StatusFormat,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        parser=_of_where_it_stands,
        callback=as_named,
        autocompletion=lambda: list(map(str, StatusFormat)),
        help="How the result is written: text or json.",
        show_default=True,
    ),
]
VerdictFormatOption = Annotated[
    VerdictFormat,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        callback=as_named,
        help="How the result is written: text, json, markdown or junit.",
        show_default=True,
    ),
]
ReportFormatOption = Annotated[
    ReportFormat,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        callback=as_named,
        help="How the result is written: text, json, markdown, html or junit.",
        show_default=True,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=replaceable,
        help="Write the result here instead of to stdout; x.json, x.md and the like say the format, too.",
    ),
]
NetworkOption = Annotated[
    Path | None,
    typer.Option(
        "--network",
        metavar="FILE",
        envvar="DNS_MIGRATOR_NETWORK",
        help="The network profile: root hints, port, resolvers, limits (TOML).",
    ),
]


def _named(database: str) -> str:
    """Refuse an empty text, which would name the working folder."""
    if not database.strip():
        raise InputError(
            "--database is empty: a file or an SQLAlchemy URL was expected, as in --database state.db."
        )
    return database


DatabaseOption = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="URL",
        envvar=DATABASE_VARIABLE,
        callback=_named,
        help="Where observations are remembered: a path or an SQLAlchemy URL.",
    ),
]
KeepOption = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="URL",
        envvar=DATABASE_VARIABLE,
        callback=_named,
        help="Where the result is kept for `report`, if this state database is there already.",
    ),
]
FailOnOption = Annotated[
    Threshold,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help="Exit with 1 from this severity on: error, warning, notice, or never.",
        show_default=True,
    ),
]
IncludeOption = Annotated[
    bool,
    typer.Option("--allow-include-outside", help="Let $INCLUDE of a zone file leave the folder of the file."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, and no text where all is well.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say more: every notice, every server.")]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="Plain text without colour, as with NO_COLOR=1.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Apply the plan without asking.")]
