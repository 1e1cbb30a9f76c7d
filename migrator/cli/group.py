"""The commands and their group: each ends with its own words where Ctrl-C stops it, and its help is plain."""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from migrator.cli.interrupting import StoppedError

# What Typer takes from Pydantic, whose words are a programmer's.
_PLAINLY = (
    (re.compile(r"Value error, (.*)", re.DOTALL), r"\1"),
    (re.compile(r"Input should be a valid integer\b.*", re.DOTALL), "a whole number{unit} was expected."),
    (re.compile(r"Input should be a valid number\b.*", re.DOTALL), "a number{unit} was expected."),
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"\1 or more was expected."),
    (re.compile(r"Input should be less than or equal to (\S+)"), r"\1 or less was expected."),
)


# Any, here and below: typer's context and parameters are click's, or those of a copy of click within typer.
class PlainCommand(TyperCommand):
    """A command whose help gives a switch no type: one that is called `<bool>` seems to take a value."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters."""
        return _without_types(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """A group of such commands."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters."""
        return _without_types(super().get_params(ctx))


def _without_types(parameters: Any) -> Any:
    """Return the parameters, of which the switches have nothing in the place of a type."""
    for each in parameters:
        if getattr(each, "is_flag", False) and each.metavar is None:
            each.metavar = ""
    return parameters


class InterruptibleGroup(PlainGroup):
    """The commands, of which each ends with its own words where Ctrl-C stops it."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Read the command line; raises StoppedError."""
        try:
            return super().make_context(*args, **extra)
        except KeyboardInterrupt as exc:
            raise StoppedError from exc

    def invoke(self, ctx: Any) -> Any:
        """Run the command; raises StoppedError."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as exc:
            raise StoppedError(ctx.invoked_subcommand or "") from exc
        except Exception as exc:
            if getattr(exc, "option_name", "") == "--json":  # as many other tools have it
                asked: Any = exc
                has_format = any("--format" in option.opts for option in asked.ctx.command.params)
                asked.possibilities = ["--format json"] if has_format else []
            _put_plainly(exc)
            raise


def _put_plainly(refusal: Any) -> None:
    """Put what Typer says of a value into plain words; whatever else it says stays."""
    said, parameter = getattr(refusal, "message", None), getattr(refusal, "param", None)
    if parameter is None or not isinstance(said, str):
        return
    unit = " of seconds" if parameter.metavar == "SECONDS" else ""
    for words, plain in _PLAINLY:
        if match := words.fullmatch(said):
            refusal.message = match.expand(plain.replace("{unit}", unit))
            return
