"""The options that several commands share, each written once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from migrator.errors import InputError
from migrator.model.finding import Severity

LONGEST_TTL = 2**31 - 1  # seconds: RFC 2181 section 8


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class VerdictFormat(StrEnum):
    """How a result is written whose parts pass or fail, which is all that JUnit can say."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"


class ReportFormat(StrEnum):
    """How a checklist is written: also as one self-contained page."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    JUNIT = "junit"


class Threshold(StrEnum):
    """From which severity on findings make the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    NEVER = "never"

    def reached_by(self, severity: Severity) -> bool:
        """Tell whether a finding of this severity counts."""
        return self is not Threshold.NEVER and severity.at_least(Severity(self.value))


FormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="How the result is written: text, json or markdown.",
        show_default=True,
    ),
]
VerdictFormatOption = Annotated[
    VerdictFormat,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
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
        help="How the result is written: text, json, markdown, html or junit.",
        show_default=True,
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result here instead of to stdout.")
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
        envvar="DNS_MIGRATOR_DATABASE",
        callback=_named,
        help="Where observations are remembered: a path or an SQLAlchemy URL.",
    ),
]
KeepOption = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="DNS_MIGRATOR_DATABASE",
        callback=_named,
        help="Where the result is kept for `report`, if this state database is there already.",
    ),
]
DEFAULT_DATABASE = "dns-migrator.db"
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
