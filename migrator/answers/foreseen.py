"""What is known of the answers of a server that serves the old side's zone. No IO here.

Such an answer says what the old side does, to the letter: it is compared in octets where it comes in, and nothing
else is kept of it than that it came.
"""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from dns.rdatatype import RdataType

from migrator.answers.plainsets import Labels, PlainSets, Wanted
from migrator.answers.questions import Asked
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass


@dataclass
class Foreseen:
    """The questions, and the RRset that each shows where it is answered as expected.

    These are those of `plain` that are text, and the `further` ones. Where nothing stands in `shown`, it is the
    plain set of that name and type, or nothing at all. `delegations` gives for glue the question whose referral
    brings it as well. `instances` are the names that nobody has and a wildcard answers for.
    """

    plain: PlainSets = field(default_factory=PlainSets)
    further: Mapping[Wanted, Asked] = field(default_factory=dict)
    shown: dict[Wanted, RRset] = field(default_factory=dict)
    delegations: dict[RRsetKey, tuple[Wanted, RRset]] = field(default_factory=dict)
    instances: set[Labels] = field(default_factory=set)

    def __contains__(self, wanted: Wanted) -> bool:
        """Tell whether this name and type is asked for."""
        return wanted in self.further or self.plain.is_text(wanted)

    def types_at(self, labels: Labels) -> list[RdataType]:
        """Return the types that are asked of a name."""
        return [*self.plain.types_at(labels), *self._further_types.get(labels, ())]

    @cached_property
    def _further_types(self) -> dict[Labels, list[RdataType]]:
        found: dict[Labels, list[RdataType]] = {}
        for labels, rdtype in self.further:
            found.setdefault(labels, []).append(rdtype)
        return found

    def shown_at(self, wanted: Wanted) -> RRset | None:
        """Return the RRset that a question shows."""
        found = self.shown.get(wanted)
        return next(iter(self.plain[wanted]), None) if found is None else found
