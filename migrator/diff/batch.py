"""What a comparison of many zones gives: an outcome for each, and how many there are of each kind. Values only."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from migrator.model.values import dataclass


class Outcome(StrEnum):
    """What became of one zone."""

    SAME = "same"
    DIFFERENT = "different"
    MISSING = "missing"
    EXTRA = "extra"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ZoneOutcome:
    """One zone of either folder: `old` and `new` are its files, empty where a side has none.

    `errors` and `warnings` count differences and findings; `lost` and `changed` are the mail domains whose mail
    is not the same. `document` is the comparison as JSON text, and `report` for people, where something is to be
    said; `message` is why it could not be compared. `code` is the exit code that the zone alone would have.
    """

    zone: str
    outcome: Outcome
    code: int
    old: str = ""
    new: str = ""
    counts: Mapping[str, int] | None = None
    errors: int = 0
    warnings: int = 0
    lost: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    document: str = ""
    report: str = ""
    message: str = ""

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say of the zone."""
        return self.outcome is Outcome.SAME and not (self.errors or self.warnings or self.changed)


@dataclass(frozen=True, slots=True)
class BatchDiff:
    """Two folders of zones, compared; `skipped` are entries that were taken for no zone."""

    old: str
    new: str
    zones: tuple[ZoneOutcome, ...]
    skipped: tuple[str, ...] = ()

    def counts(self) -> Mapping[Outcome, int]:
        """Return how many zones there are of each outcome, zeros included."""
        found = Counter(zone.outcome for zone in self.zones)
        return {outcome: found[outcome] for outcome in Outcome}
