"""A plain comparison, understood without Typer: loading that takes longer than comparing two small zones.

Only what can mean one thing is taken: `diff OLD NEW` and the options below, each written out. Whatever else stands
there, be it a mistake, is Typer's to understand and to refuse; so is everything where the environment has a say.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from migrator.cli.putoff import put_off

if TYPE_CHECKING:
    from migrator.cli.diffing import Asked

_SWITCHES = {
    "--batch": "batch",
    "--quiet": "quiet",
    "-q": "quiet",
    "--verbose": "verbose",
    "-v": "verbose",
    "--no-color": "no_color",
    "--allow-include-outside": "allow_include_outside",
}
_SPEAKING = ("DNS_MIGRATOR_DATABASE", "DNS_MIGRATOR_NETWORK", "_DNS_MIGRATOR_COMPLETE")
_SIDES = 2


def comparison(arguments: Sequence[str], environment: Mapping[str, str]) -> "Asked | None":
    """Return the comparison that is asked for; None where Typer must look."""
    if arguments[:1] != ["diff"] or any(name in environment for name in _SPEAKING):
        return None
    sides: list[str] = []
    chosen: set[str] = set()
    format_ = "text"
    rest = iter(arguments[1:])
    for argument in rest:
        if argument in _SWITCHES:
            chosen.add(_SWITCHES[argument])
        elif argument == "--format":
            format_ = next(rest, "")
        elif argument[:1] in {"-", ""}:
            return None
        else:
            sides.append(argument)
    if len(sides) != _SIDES or format_ not in {"text", "json", "markdown", "junit"}:
        return None
    put_off()
    from migrator.cli.choices import VerdictFormat
    from migrator.cli.diffing import Asked

    return Asked(
        old=sides[0],
        new=(sides[1],),
        format_=VerdictFormat(format_),
        batch="batch" in chosen,
        quiet="quiet" in chosen,
        verbose="verbose" in chosen,
        no_color="no_color" in chosen,
        allow_include_outside="allow_include_outside" in chosen,
    )
