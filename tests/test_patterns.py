"""Keeps regular expressions to what every Python from 3.11.0 on matches rightly."""

import re
from importlib import import_module
from itertools import product
from pkgutil import walk_packages
from typing import Any

import pytest

import migrator
import providers
from migrator.checks import said
from migrator.model.expression import Expression, expression
from migrator.zonefile.fast.blocks import block_pattern


def patterns() -> dict[str, Any]:
    found = {}
    for package in (migrator, providers):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            for name, value in vars(import_module(module.name)).items():
                if isinstance(value, re.Pattern | Expression):
                    found[f"{module.name}.{name}"] = value
    form = said._form(said._OF_FILES, b"", b"2.0.192.in-addr.arpa.")
    made = (*form.odd, form.address, form.mail_or_address, form.no_address, form.no_cut)
    found.update({f"said {number}": pattern for number, pattern in enumerate(made)})
    for any_order, detailed in product((False, True), repeat=2):
        name = f"block_pattern {any_order} {detailed}"
        found[name] = block_pattern(b"example.org.", any_order=any_order, detailed=detailed)
    return found


PATTERNS = patterns()
# A possessive quantifier after a group; an escaped parenthesis closes none.
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[0-9,]*\})\+")


@pytest.mark.parametrize("name", PATTERNS)
def test_no_group_repeats_possessively(name: str) -> None:
    """Python 3.11.0 to 3.11.4 (Debian 12 among them) loses its place in such a pattern: gh-106052."""
    pattern = PATTERNS[name].pattern
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern

    assert POSSESSIVE_GROUP.search(text) is None


@pytest.mark.parametrize("name", [name for name, pattern in PATTERNS.items() if isinstance(pattern, Expression)])
def test_what_is_compiled_later_can_be_compiled(name: str) -> None:
    assert re.compile(PATTERNS[name].pattern, PATTERNS[name].flags) is not None


def test_an_expression_does_what_a_pattern_does() -> None:
    made_of = (r"(?P<letter>[a-z])(\d)", re.IGNORECASE)
    found, pattern = expression(*made_of), re.compile(*made_of)

    assert found.findall("a1 B2") == pattern.findall("a1 B2") == [("a", "1"), ("B", "2")]
    assert (found.groups, found.groupindex, found.flags) == (pattern.groups, pattern.groupindex, pattern.flags)
    assert [found.sub("", "xa1y"), found.split("xa1y")] == [pattern.sub("", "xa1y"), pattern.split("xa1y")]
    assert [each and each[0] for each in (found.match("b2c"), found.fullmatch("b2c"), found.search("-B2"))] == [
        *("b2", None, "B2")
    ]
