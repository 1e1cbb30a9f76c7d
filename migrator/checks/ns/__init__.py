"""The checks of the new name servers themselves."""

from migrator.checks.ns import answers, behaviour, openness

__all__ = ["answers", "behaviour", "openness"]
