"""The two sides of a move, or of a comparison, as they are named: are they of the domain, and not one zone."""

import os
import re
from dataclasses import replace

from dns.name import Name

from migrator.errors import InputError
from migrator.model.locator import Locator
from migrator.model.names import folded, for_people
from providers import parse_locator

# A scheme, and no zone behind it. A path has none of these, and none of one letter is a scheme: `C:` is a disk.
_ZONE_LEFT_OUT = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+:(?=[?@]|\Z)", re.IGNORECASE)


def side_of(text: str, domain: Name) -> str:
    """Return a side as it is named with the domain filled in: for `{domain}`, and where `route53:` has no zone."""
    zone = for_people(domain)
    filled = text.replace("{domain}", zone)
    scheme = _ZONE_LEFT_OUT.match(filled)
    return f"{scheme[0]}{zone}{filled[scheme.end() :]}" if scheme else filled


def locator_of(text: str, domain: Name) -> Locator:
    """Return the locator of a side of this domain; raises InputError where it names another zone."""
    locator = parse_locator(text)
    if locator.zone is not None and folded(locator.zone) != folded(domain):
        raise InputError(f"'{locator.text}' is not the zone {for_people(domain)}: the same domain was expected.")
    return locator


def expect_origin(origin: Name, locator: Locator, domain: Name) -> None:
    """Raise InputError where the zone that was read by the locator is another one."""
    if folded(origin) != folded(domain):
        raise InputError(f"'{locator.text}' is the zone {for_people(origin)}, not {for_people(domain)}.")


def is_one_zone(one: Locator, other: Locator) -> bool:
    """Tell whether two locators name one zone, in whatever words; a file is one by whatever path."""
    return _place(one) == _place(other)


def _place(locator: Locator) -> Locator:
    """Return the locator without the words in which it was written; of a file, which one it is."""
    if not locator.path:
        return replace(locator, text="")
    return Locator(locator.scheme, "", path=os.path.realpath(locator.path))
