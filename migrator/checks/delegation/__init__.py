"""The checks of the delegation: the sets that are listed, the names in them, and glue."""

# In the order of the reports.
# isort: off
from migrator.checks.delegation import sets
from migrator.checks.delegation import names
from migrator.checks.delegation import glue
# isort: on

__all__ = ["glue", "names", "sets"]
