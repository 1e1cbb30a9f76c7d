"""Tells whether the two sides of a move, or of a comparison, are one zone in one place."""

import os
from dataclasses import replace

from migrator.model.locator import Locator


def is_one_zone(one: Locator, other: Locator) -> bool:
    """Tell whether two locators name one zone, in whatever words; a file is one by whatever path."""
    return _place(one) == _place(other)


def _place(locator: Locator) -> Locator:
    """Return the locator without the words in which it was written; of a file, which one it is."""
    if not locator.path:
        return replace(locator, text="")
    return Locator(locator.scheme, "", path=os.path.realpath(locator.path))
