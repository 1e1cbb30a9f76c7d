"""The checks of the delegation: the sets that are listed, the names in them, and glue."""

from migrator.checks.delegation import glue, names, sets

__all__ = ["glue", "names", "sets"]
