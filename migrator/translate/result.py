"""What a translation gives: the zone as it shall be at the target, and an account of every set. No IO here."""

from collections import Counter

from migrator.model.loss import Fate, LedgerEntry, Loss
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot


@dataclass(frozen=True, slots=True)
class Counts:
    """How many RRsets were read, and where they ended."""

    read: int
    copied: int
    translated: int
    dropped: int

    @property
    def unaccounted(self) -> int:
        """How many have no fate: 0, or the translation is not to be trusted."""
        return self.read - self.copied - self.translated - self.dropped


@dataclass(frozen=True, slots=True)
class Translation:
    """A zone on its way to a target.

    `desired` is the zone as it shall be there, with the result that each loss describes, accepted or not.
    `undecided` are the losses of severity error that nobody has accepted: as long as there are any, nothing may be
    written. `unresolved` are names and types whose present answers would give another result: look them up, and
    translate again with them. `read` counts the RRsets of the source.
    """

    desired: ZoneSnapshot
    ledger: tuple[LedgerEntry, ...]
    losses: tuple[Loss, ...]
    undecided: tuple[Loss, ...]
    unresolved: tuple[RRsetKey, ...]
    read: int

    def counts(self) -> Counts:
        """Count the ledger."""
        fates = Counter(entry.fate for entry in self.ledger)
        return Counts(self.read, fates[Fate.COPIED], fates[Fate.TRANSLATED], fates[Fate.DROPPED])

    def undecided_words(self) -> tuple[str, ...]:
        """Return the words to accept, each once, in the order of the zone."""
        return tuple(dict.fromkeys(loss.what for loss in self.undecided))
