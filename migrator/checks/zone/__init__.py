"""The checks of a zone's content: one zone by itself, the two zones, and what every name server answers."""

from migrator.checks.zone import clashes, forms, names, soa, svcb, targets

__all__ = ["clashes", "forms", "names", "soa", "svcb", "targets"]
