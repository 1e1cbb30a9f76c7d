"""What can be chosen by options: formats, and from when on a finding fails. No Typer here: see `quick`."""

from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from migrator.errors import InputError
from migrator.model.finding import Severity

DEFAULT_DATABASE, DATABASE_VARIABLE = "dns-migrator.db", "DNS_MIGRATOR_DATABASE"


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class StatusFormat(StrEnum):
    """How it is written where migrations stand: what there is in Markdown is the report on a move."""

    TEXT = "text"
    JSON = "json"


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


_AnyFormat = TypeVar("_AnyFormat", bound=StrEnum)
_BY_SUFFIX = {
    ".htm": "html",
    ".html": "html",
    ".ics": "ics",
    ".json": "json",
    ".markdown": "markdown",
    ".md": "markdown",
    ".xml": "junit",
}


def named_after(file: Path | None, usual: _AnyFormat) -> _AnyFormat:
    """Return the format that the file is named after, else the usual one of the command.

    Raises InputError where the name means a format that the command does not write.
    """
    word = "" if file is None else _BY_SUFFIX.get(file.suffix.lower(), "")
    forms = {str(form): form for form in type(usual)}
    if word and word not in forms:
        *others, last = forms
        raise InputError(
            f"{file}: its name means {word}, and this command writes {', '.join(others)} or {last}: name it "
            "otherwise, or say which with --format."
        )
    return forms.get(word, usual)


def expect_zone_file(file: Path | None) -> None:
    """Raise InputError for a file that gets a zone file, and whose name means another format."""
    word = "" if file is None else _BY_SUFFIX.get(file.suffix.lower(), "")
    if word:
        raise InputError(
            f"{file}: its name means {word}, and -o writes a zone file here: name it otherwise. What "
            "`--format json` prints can be put into a file by the shell."
        )


class Threshold(StrEnum):
    """From which severity on findings make the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    NEVER = "never"

    def reached_by(self, severity: Severity) -> bool:
        """Tell whether a finding of this severity counts."""
        return self is not Threshold.NEVER and severity.at_least(Severity(self.value))
