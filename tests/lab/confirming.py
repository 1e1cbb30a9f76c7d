"""How the tests of `confirm` call it, and what they look at."""

from collections.abc import Sequence

from tests.lab.command import Command, Run
from tests.lab.lab import Lab

CLEAN, FINDINGS, UNCHECKED = 0, 1, 3
RECORDS = "@ A 192.0.2.1\nwww A 192.0.2.2\n"


def expecting(names: Sequence[str]) -> list[str]:
    """Return the options that expect these name servers."""
    return [word for name in names for word in ("--expect", name.rstrip("."))]


def confirm(command: Command, lab: Lab, domain: str, *more: str) -> Run:
    """Run confirm for the new provider's name servers, with JSON."""
    return command("confirm", domain.rstrip("."), *expecting(lab.new.name_servers), "--format", "json", *more)


def findings(run: Run) -> set[tuple[str, str, str]]:
    """Return (check, severity, subject) of the findings."""
    return {(found["check"], found["severity"], found["subject"]) for found in run.document["findings"]}
