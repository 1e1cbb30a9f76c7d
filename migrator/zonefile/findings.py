"""The findings of one reading: made, counted, and bounded. No IO here."""

from collections import Counter

from migrator.errors import ZoneFileError
from migrator.model.finding import Finding, Position, Severity
from migrator.zonefile.rdata import Remark

# A file with more errors is no zone file; more remarks of one kind are counted and no longer listed.
MOST_ERRORS = 10_000
MOST_OF_A_KIND = 10_000


class Findings:
    """Collects findings in the order of the file."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self._counts: Counter[str] = Counter()
        self._errors = 0

    def add(self, remark: Remark, subject: str, position: Position | None, evidence: tuple[str, ...] = ()) -> None:
        """Note a remark; raises ZoneFileError where the errors are too many for a zone file."""
        if remark.severity is Severity.ERROR:
            self._errors += 1
            if self._errors > MOST_ERRORS:
                first = self.first_error()
                where = first.position or Position("", 1)
                message = f"More than {MOST_ERRORS:,} lines are in error: this is no zone file. {first.message}"
                raise ZoneFileError(message, where.file, where.line)
        else:
            self._counts[remark.check] += 1
            if self._counts[remark.check] > MOST_OF_A_KIND:
                return
        finding = Finding(
            remark.check, remark.severity, subject, remark.message, position, remark.remedy, evidence
        )
        self.found.append(finding)

    def first_error(self) -> Finding:
        """Return the first finding of severity error; there must be one."""
        return next(finding for finding in self.found if finding.severity is Severity.ERROR)

    def all(self) -> tuple[Finding, ...]:
        """Return every finding, and for each kind that was cut short how many more there are."""
        more = [
            Finding(
                check,
                next(finding.severity for finding in self.found if finding.check == check),
                "",
                f"{count - MOST_OF_A_KIND:,} more lines have this finding and are not listed.",
            )
            for check, count in self._counts.items()
            if count > MOST_OF_A_KIND
        ]
        return (*self.found, *more)
