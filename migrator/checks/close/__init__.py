"""May the old zone be deleted? By time, by what still refers to it, and by what would be lost with it."""

from migrator.checks.close import delays, leftovers, old_keys, old_servers

__all__ = ["delays", "leftovers", "old_keys", "old_servers"]
