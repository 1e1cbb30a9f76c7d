"""A plain comparison or lint, understood without Typer: loading that takes longer than the work on small zones.

Only what can mean one thing is taken: `diff OLD NEW`, `lint ZONE` and the options below, each written out.
Whatever else stands there, be it a mistake, is Typer's to understand and to refuse; so is everything where the
environment has a say.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from migrator.cli.putoff import put_off

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.cli import diffing, linting

_SWITCHES = {
    "--quiet": "quiet",
    "-q": "quiet",
    "--verbose": "verbose",
    "-v": "verbose",
    "--no-color": "no_color",
    "--allow-include-outside": "allow_include_outside",
}
_SWITCHES_OF_DIFF = {**_SWITCHES, "--batch": "batch"}
_FORMATS = ("text", "json", "markdown", "junit")
_SPEAKING = ("DNS_MIGRATOR_DATABASE", "DNS_MIGRATOR_NETWORK", "_DNS_MIGRATOR_COMPLETE")
_SIDES = 2


class _Words(NamedTuple):
    """What stands behind a command: the places, the names of the switches, the format, the network profile."""

    places: list[str]
    chosen: set[str]
    format_: str
    network: "Path | None" = None

    def options(self) -> dict[str, object]:
        """Return what a command takes of all this, but for the places."""
        from migrator.cli.choices import VerdictFormat

        return {
            "format_": VerdictFormat(self.format_),
            "network": self.network,
            **dict.fromkeys(self.chosen, True),
        }


def comparison(arguments: Sequence[str], environment: Mapping[str, str]) -> "diffing.Asked | None":
    """Return the comparison that is asked for; None where Typer must look."""
    words = _words("diff", arguments, environment, _SWITCHES_OF_DIFF)
    if words is None or len(words.places) != _SIDES:
        return None
    put_off()
    from migrator.cli.diffing import Asked

    old, new = words.places
    return Asked(old=old, new=(new,), **words.options())  # type: ignore[arg-type]


def judging(arguments: Sequence[str], environment: Mapping[str, str]) -> "linting.Asked | None":
    """Return the zone that is to be judged by itself; None where Typer must look."""
    words = _words("lint", arguments, environment, _SWITCHES)
    if words is None or len(words.places) != 1:
        return None
    put_off()
    from migrator.cli.linting import Asked

    return Asked(locator=words.places[0], **words.options())  # type: ignore[arg-type]


def _words(
    command: str, arguments: Sequence[str], environment: Mapping[str, str], switches: Mapping[str, str]
) -> _Words | None:
    """Return what stands behind the command, if each word means one thing."""
    if arguments[:1] != [command] or any(name in environment for name in _SPEAKING):
        return None
    words = _Words([], set(), "text")
    rest = iter(arguments[1:])
    for argument in rest:
        if argument in switches:
            words.chosen.add(switches[argument])
        elif argument == "--format":
            words = words._replace(format_=next(rest, ""))
        elif argument == "--network":
            words = words._replace(network=_path(next(rest, "")))
            if words.network is None:
                return None
        elif argument[:1] in {"-", ""}:
            return None
        else:
            words.places.append(argument)
    return words if words.format_ in _FORMATS else None


def _path(text: str) -> "Path | None":
    """Return the path of a file that is surely meant as one."""
    from pathlib import Path

    return Path(text) if text and text[0] != "-" else None
