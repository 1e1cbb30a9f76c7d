"""The checks of TTLs: are they low, since when, and when have caches let go of the longer ones."""

from migrator.checks.ttl import elapsed, low, others

__all__ = ["elapsed", "low", "others"]
