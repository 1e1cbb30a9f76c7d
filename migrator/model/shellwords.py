"""Words of commands that are printed for somebody to type. No IO here."""

import shlex


def typed(place: str) -> str:
    """Return a locator or a path as one word of a shell, that no command takes for an option: `./-old.zone`."""
    return shlex.quote(f"./{place}" if place.startswith("-") else place)
