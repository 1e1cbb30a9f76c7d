"""The commands as a group, of which each ends with its own words where Ctrl-C stops it."""

from typing import Any

from typer.core import TyperGroup

from migrator.cli.interrupting import StoppedError


class InterruptibleGroup(TyperGroup):
    """The commands, of which each ends with its own words where Ctrl-C stops it."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Read the command line; raises StoppedError."""
        try:
            return super().make_context(*args, **extra)
        except KeyboardInterrupt as exc:
            raise StoppedError from exc

    # Any: typer's context is click's, or that of a copy of click within typer, by its version.
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
            raise
