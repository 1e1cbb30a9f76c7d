"""All checks, in the order in which reports list them: by area, then as the modules define them."""

from importlib import import_module

from migrator.checks.check import REGISTERED, Check

# One module an area; the order is that of the reports.
AREAS: tuple[str, ...] = (
    "inventory",
    "zone",
    "delegation",
    "ns",
    "ttl",
    "dnssec",
    "mail",
    "certificates",
    "registrar",
    "resolvers",
    "close",
)


def catalogue() -> tuple[Check, ...]:
    """Return every check."""
    for area in AREAS:
        import_module(f"{__package__}.{area}")
    # Whichever module was imported first, by whomever: the order is that of the areas.
    return tuple(sorted(REGISTERED.values(), key=lambda check: AREAS.index(_module(check))))


def _module(check: Check) -> str:
    """Return the module of `migrator.checks` that the check stands in."""
    return str(check.judge.__module__).removeprefix(f"{__package__}.").partition(".")[0]
