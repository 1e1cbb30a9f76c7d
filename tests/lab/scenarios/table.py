"""The scenarios as a table for the documents: each with its verdict, and the checks that do not pass."""

from collections.abc import Iterable, Iterator

from migrator.checks.catalogue import catalogue
from tests.lab.scenarios.scenario import Scenario, load

_HEADINGS = {
    "healthy": "Healthy domains",
    "delegation": "Delegation",
    "nameservers": "Name servers",
    "zone": "Content of the zone",
    "ttl": "TTLs and time",
    "dnssec": "DNSSEC",
    "mail": "Mail and certificates",
    "registrar": "Registrar",
    "end": "Until the old zone is gone",
}
_MOST_NAMED = 4


def scenarios_table() -> str:
    """Return a table for each area, and the checks that no scenario makes complain."""
    scenarios = load()
    assert {each.area for each in scenarios} == set(_HEADINGS)
    parts = [f"{len(scenarios)} scenarios, {sum(not each.found_by for each in scenarios)} of them healthy.\n"]
    for area, heading in _HEADINGS.items():
        parts += [f"### {heading}\n", "\n".join(_table(each for each in scenarios if each.area == area)), ""]
    shown = {id_ for each in scenarios for id_ in each.fail | each.warn | each.unchecked}
    quiet = sorted(check.id for check in catalogue() if check.id not in shown)
    parts.append(f"No scenario makes these complain: {', '.join(f'`{id_}`' for id_ in quiet)}.\n")
    return "\n".join(parts)


def _table(scenarios: Iterable[Scenario]) -> Iterator[str]:
    yield "| the domain | phase | verdict | found by | besides |"
    yield "|---|---|---|---|---|"
    for each in scenarios:
        found = f"`{each.found_by}`" if each.found_by else ""
        besides = "; ".join(_besides(each))
        yield f"| {each.title} | {each.phase} | {each.verdict} | {found} | {besides} |"


def _besides(scenario: Scenario) -> Iterator[str]:
    for word, ids in (
        ("fails", scenario.fail),
        ("warns", scenario.warn),
        ("unchecked", scenario.unchecked),
    ):
        others = sorted(ids - {scenario.found_by})
        if len(others) > _MOST_NAMED:
            yield f"{word}: {len(others)} checks"
        elif others:
            yield f"{word}: {', '.join(f'`{id_}`' for id_ in others)}"
