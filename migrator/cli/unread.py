"""Tells which migrations a listing is without, and that this is no success."""

from migrator.cli import screen
from migrator.cli.exits import CLEAN, UNCHECKED
from migrator.state.migrations import Migrations, Selection


def tell_unread(migrations: Migrations, which: Selection | None = None) -> int:
    """Name those that are chosen and cannot be read on stderr; return the exit code that this means."""
    found = migrations.unread(which)
    for message in found:
        screen.note(f"dns-migrator: {message}")
    return UNCHECKED if found else CLEAN
