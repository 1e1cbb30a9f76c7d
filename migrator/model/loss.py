"""What a translation cannot carry as it is, and where each RRset of the source ends. No IO here."""

from enum import StrEnum

from migrator.model.finding import Severity
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass


class Exactness(StrEnum):
    """How near the translation comes: the same answers, similar answers, or none."""

    EXACT = "exact"
    APPROXIMATED = "approximated"
    IMPOSSIBLE = "impossible"


class Fate(StrEnum):
    """Where an RRset of the source ends; every one has exactly one fate."""

    COPIED = "copied"
    TRANSLATED = "translated"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that the target cannot hold as the source does.

    `what` is its word (`weights-merged`, `origin-exposed`, `ttl-raised`, ...; `translate/words.py` has them all).
    `advice` says what to do by hand. Severity error: needs a decision before the first write, which
    `--accept` with the word gives.
    """

    key: RRsetKey
    what: str
    exactness: Exactness
    message: str
    advice: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The fate of one RRset of the source, and why it is not simply copied."""

    key: RRsetKey
    fate: Fate
    reason: str = ""
