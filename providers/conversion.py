"""What becomes of one set of a provider's JSON. A value only."""

from dataclasses import dataclass

from migrator.model.finding import Finding
from migrator.model.rrset import RRset


@dataclass(frozen=True, slots=True)
class Conversion:
    """An RRset with everything that its record set said, and what was odd about it."""

    rrset: RRset
    findings: tuple[Finding, ...]
