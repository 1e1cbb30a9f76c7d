"""What becomes of one set of a provider's JSON. A value only."""

from migrator.model.finding import Finding
from migrator.model.rrset import RRset
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Conversion:
    """An RRset with everything that its record set said, and what was odd about it."""

    rrset: RRset
    findings: tuple[Finding, ...]
