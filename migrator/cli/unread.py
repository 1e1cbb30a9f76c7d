"""Tells which migrations a listing is without, and that this is no success."""

from collections.abc import Sequence

from migrator.cli import screen
from migrator.cli.exits import CLEAN, UNCHECKED


def tell_unread(messages: Sequence[str]) -> int:
    """Say on stderr of each migration that it cannot be read; return the exit code that this means."""
    for message in messages:
        screen.note(f"dns-migrator: {message}")
    return UNCHECKED if messages else CLEAN
