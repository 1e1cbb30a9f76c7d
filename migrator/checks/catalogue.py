"""All checks, in the order in which reports list them: by area, then as the modules define them."""

from importlib import import_module

from migrator.checks.check import REGISTERED, Check

# One module an area; the order is that of the reports.
AREAS: tuple[str, ...] = ("zone", "delegation", "ns", "mail")


def catalogue() -> tuple[Check, ...]:
    """Return every check."""
    for area in AREAS:
        import_module(f"migrator.checks.{area}")
    return tuple(REGISTERED.values())
