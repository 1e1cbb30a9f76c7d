"""A set with many faults shows its records once, however many findings speak of it."""

import pytest

import migrator.checks.zone  # noqa: F401 - registers the checks
from migrator.checks.check import REGISTERED
from migrator.checks.linting import lint
from tests.checks.build import NOW, zone


@pytest.mark.parametrize(
    ("check", "target"),
    [
        ("zone.target-missing", "mx{}"),
        ("zone.target-name", "mx{}.example.org"),
        ("zone.target-name", "192.0.2.{}"),
        ("zone.target-name", "mx_{}.example.net."),
    ],
)
def test_findings_of_one_set_have_their_evidence_in_common(check: str, target: str) -> None:
    text = "".join(f"@ 300 MX {number} {target.format(number)}\n" for number in range(1, 6))

    found = lint(zone(text), (), [REGISTERED[check]], NOW).findings

    assert [len(each.evidence) for each in found] == [5] * 5
    assert len({id(each.evidence) for each in found}) == 1
