"""What earlier looks saw of each question at each address, as runs of equal sights. No IO here.

A run says that an address showed the same rdata with the same TTL in every look from `first` to `last`. The runs
of one question at one address are in the order of the looks.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.names import folded
from migrator.model.values import dataclass

SightKey = tuple[str, tuple[bytes, ...], RdataType]


@dataclass(frozen=True, slots=True)
class Sight:
    """A run of equal sights; `rdatas` in presentation form, sorted, and empty where there certainly is no set."""

    ttl: int | None
    rdatas: tuple[str, ...]
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class History:
    """The runs by address, owner and type; without any where there was no earlier look."""

    runs: Mapping[SightKey, tuple[Sight, ...]] = field(default_factory=dict)

    def of(self, address: str, owner: Name, rdtype: RdataType) -> tuple[Sight, ...]:
        """Return the runs of one question at one address, the oldest first."""
        return self.runs.get((address, folded(owner), rdtype), ())
