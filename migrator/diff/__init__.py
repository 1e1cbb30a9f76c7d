"""Two zones compared: differences, what each of them breaks, and the mail verdict. No IO here."""

from migrator.diff.compare import alike, compare, compare_sides, compare_whole
from migrator.diff.result import Difference, Ignored, Kind, Side, Verdict, ZoneDiff

__all__ = [
    "Difference",
    "Ignored",
    "Kind",
    "Side",
    "Verdict",
    "ZoneDiff",
    "alike",
    "compare",
    "compare_sides",
    "compare_whole",
]
