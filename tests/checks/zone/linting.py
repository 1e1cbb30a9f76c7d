"""One zone by itself, as `lint` gives it to a check."""

from migrator.checks.check import Check
from migrator.checks.facts import Facts
from migrator.model.zone import ZoneSnapshot
from tests.checks.build import facts, told, zone


def alone(text: str | ZoneSnapshot) -> Facts:
    """Facts of one zone: no parent, no other side, no special addresses allowed."""
    read = zone(text) if isinstance(text, str) else text
    return facts(read, None, delegation=None, allow_special_addresses=False)


def linted(check: Check, text: str | ZoneSnapshot) -> list[str]:
    """All that the check says of the zone; it must not ask anybody."""
    known = alone(text)
    assert list(check.asks(known)) == [], "nobody is asked"
    return told(check.judge(known))
