"""Keeps regular expressions to what every Python from 3.11.0 on matches rightly."""

import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import migrator
import providers


def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    found: dict[str, re.Pattern[str] | re.Pattern[bytes]] = {}
    for package in (migrator, providers):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            for name, value in vars(import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    found[f"{module.name}.{name}"] = value
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
