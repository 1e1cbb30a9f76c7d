"""What reading a zone file gives, and what it asks of its caller. No IO here."""

from collections.abc import Callable

from dns.name import Name

from migrator.model.finding import Finding
from migrator.model.rrset import Record, RRset
from migrator.model.values import dataclass

# The path as $INCLUDE has it, and the file that has the line -> content, and the name to report for it.
# Raises InputError where there is no such file or it may not be read.
IncludeOpener = Callable[[str, str], tuple[bytes, str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """The zone's name, its records in the order of the file, and what is wrong with the file.

    `rrsets` are sets that have no rdata: the aliases of the Route 53 and Azure dialects.
    """

    origin: Name
    records: tuple[Record, ...]
    findings: tuple[Finding, ...]
    rrsets: tuple[RRset, ...] = ()
