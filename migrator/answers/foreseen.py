"""What is known of the answers of a server that serves the old side's zone. No IO here.

Such an answer says what the old side does, to the letter: it is compared in octets where it comes in, and nothing
else is kept of it than that it came.
"""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.answers.plainsets import Labels, PlainSets, Wanted
from migrator.answers.questions import Asked
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass


@dataclass
class Foreseen:
    """The questions in their order, and the RRset that each shows where it is answered as expected.

    Where nothing stands in `shown`, it is the plain set of that name and type, or nothing at all.
    `places` are the questions by what they ask. `delegations` gives for glue the place of the question whose
    referral brings it as well. `instances` are the names that nobody has and a wildcard answers for.
    """

    plain: PlainSets = field(default_factory=PlainSets)
    asked: list[Asked] = field(default_factory=list)
    shown: dict[int, RRset] = field(default_factory=dict)
    places: Mapping[Wanted, int] = field(default_factory=dict)
    delegations: dict[RRsetKey, tuple[int, RRset]] = field(default_factory=dict)
    instances: set[Labels] = field(default_factory=set)

    @cached_property
    def types_at(self) -> dict[Labels, list[RdataType]]:
        """The types that were asked of each name."""
        found: dict[Labels, list[RdataType]] = {}
        for labels, rdtype in self.places:
            found.setdefault(labels, []).append(rdtype)
        return found

    def shown_at(self, wanted: Wanted) -> RRset | None:
        """Return the RRset that a question shows."""
        found = self.shown.get(self.places[wanted])
        return next(iter(self.plain[wanted]), None) if found is None else found

    def place(self, owner: Name, rdtype: RdataType) -> int | None:
        """Return where a question stands; None where it was not asked."""
        return self.places.get((folded(owner), rdtype))
