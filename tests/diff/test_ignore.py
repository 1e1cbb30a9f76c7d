"""Differences that the user leaves out, with a reason."""

import time

import pytest

from migrator.diff.ignore import ignore, parse_rule
from migrator.errors import InputError
from migrator.model.finding import Finding, Severity
from tests.diffing import diff, name_of

OLD = '@ 300 TXT "a"\nold 300 TXT "b"\nold 300 A 192.0.2.1\n* 300 A 192.0.2.2\n0/25 300 NS ns.example.net.'


@pytest.mark.parametrize(
    ("rule", "ignored"),
    [
        ("old=gone", ["missing old.example.com. A", "missing old.example.com. TXT"]),
        ("old.example.com=gone", ["missing old.example.com. A", "missing old.example.com. TXT"]),
        ("OLD.Example.com.=gone", ["missing old.example.com. A", "missing old.example.com. TXT"]),
        ("old/txt=gone", ["missing old.example.com. TXT"]),
        ("*/TXT=gone", ["missing example.com. TXT", "missing old.example.com. TXT"]),
        ("@=gone", ["missing example.com. TXT"]),
        ("o?d/A*=gone", ["missing old.example.com. A"]),
        ("[*]=gone", ["missing *.example.com. A"]),
        ("0/25=gone", ["missing 0/25.example.com. NS"]),
        ("0/25/NS=gone", ["missing 0/25.example.com. NS"]),
    ],
)
def test_a_rule_names_owners_and_types(rule: str, ignored: list[str]) -> None:
    found = ignore(diff(OLD, ""), [parse_rule(rule)])

    assert [name_of(each.difference) for each in found.ignored] == ignored
    assert {each.reason for each in found.ignored} == {"gone"}
    assert len(found.differences) + len(found.ignored) == 5
    assert found.findings == ()


def test_a_reason_may_have_an_equals_sign() -> None:
    assert parse_rule("old=a=b").reason == "a=b"


@pytest.mark.parametrize("rule", ["old", "old=", "old= ", "=reason", "/TXT=reason"])
def test_a_rule_without_owner_or_reason_is_refused(rule: str) -> None:
    with pytest.raises(InputError, match="--ignore"):
        parse_rule(rule)


def test_a_rule_that_names_no_difference_is_a_notice() -> None:
    found = ignore(diff(OLD, ""), [parse_rule("nobody=typed wrong")])

    assert found.findings == (
        Finding(
            "diff.ignore-unused",
            Severity.NOTICE,
            "nobody",
            "This --ignore names no difference; it can go, or is misspelt.",
        ),
    )


def test_ignoring_all_that_differs_makes_the_rest_the_same() -> None:
    assert ignore(diff(OLD, ""), [parse_rule("*=all new")]).verdict == "same"


@pytest.mark.parametrize(
    "owners", [("o*", "old", "*/A"), ("old", "o*", "*"), ("old/TXT", "*/TXT", "old.example.com")]
)
def test_the_first_rule_that_fits_gives_its_reason(owners: tuple[str, ...]) -> None:
    rules = [parse_rule(f"{owner}={place}") for place, owner in enumerate(owners)]

    found = ignore(diff(OLD, ""), rules)

    alone = [{name_of(each.difference) for each in ignore(diff(OLD, ""), [rule]).ignored} for rule in rules]
    for each in found.ignored:
        assert each.reason == str(next(place for place in range(3) if name_of(each.difference) in alone[place]))
    assert {name_of(each.difference) for each in found.ignored} == set.union(*alone)


def test_many_rules_take_as_long_as_they_are_many() -> None:
    def spent(number: int) -> float:
        found = diff("\n".join(f"h{host} 300 TXT x" for host in range(number)), "")
        rules = [parse_rule(f"x{host}=never") for host in range(number)] + [parse_rule("h7=known")]
        began = time.process_time()
        left = ignore(found, rules)
        assert (len(left.ignored), len(left.findings)) == (1, number)
        return time.process_time() - began

    spent(10)
    assert spent(1600) < 32 * spent(200)  # eight times the rules and the differences
