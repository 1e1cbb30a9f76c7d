"""How a verdict is wanted, and showing it so: what `diff` and `lint` have in common."""

from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli.choices import Threshold, VerdictFormat
from migrator.cli.exits import CLEAN
from migrator.model.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.report.layout import Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """Options of a command that judges what it reads, as they are when nothing else is said."""

    format_: VerdictFormat = VerdictFormat.TEXT
    output: Path | None = None
    fail_on: Threshold = Threshold.ERROR
    network: Path | None = None
    allow_include_outside: bool = False
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False

    def show(self, code: int, rendered: "Callable[[Palette], str]") -> None:
        """Show the result; to whom wants it quiet, nothing where all is well."""
        from migrator.cli import screen

        silent = self.quiet and code == CLEAN and self.format_ is VerdictFormat.TEXT and self.output is None
        if not silent:
            screen.emit(rendered(screen.palette(no_color=self.no_color, output=self.output)), self.output)
