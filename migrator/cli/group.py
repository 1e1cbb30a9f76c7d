"""The commands as a group, of which each ends with its own words where Ctrl-C stops it."""

from typing import Any

from typer.core import TyperGroup

from migrator.cli.interrupting import StoppedError


class InterruptibleGroup(TyperGroup):
    """The commands, of which each ends with its own words where Ctrl-C stops it."""

    # Any: typer's context is click's, or that of a copy of click within typer, by its version.
    def invoke(self, ctx: Any) -> Any:
        """Run the command; raises StoppedError."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as exc:
            raise StoppedError(ctx.invoked_subcommand or "") from exc
