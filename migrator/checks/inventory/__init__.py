"""The checks of what is known of the old zone: its backup, where the names come from, and what the move loses."""

from migrator.checks.inventory import backups, plans, sources

__all__ = ["backups", "plans", "sources"]
