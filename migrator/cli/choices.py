"""What can be chosen by options: formats, and from when on a finding fails. No Typer here: see `quick`."""

from enum import StrEnum

from migrator.model.finding import Severity

DEFAULT_DATABASE = "dns-migrator.db"


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
