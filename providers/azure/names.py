"""Domain names as Azure spells them: owners relative to the zone, `@` for the apex, targets as somebody typed.

A target is absolute with and without its final dot: Azure keeps what was given and adds none (seen in recorded
answers, 2020). The escapes of RFC 1035 are understood in both directions, so that every name has a form. No IO.
"""

import dns.exception
from dns.name import Name

from migrator.errors import InputError
from migrator.model.names import ROOT, absolute

APEX = "@"


class UnreadableError(ValueError):
    """A name or value of Azure that cannot be put into DNS terms; the text says why."""


def owner_of(relative: str, origin: Name) -> Name:
    """Return the absolute owner that Azure's relative name means; raises UnreadableError."""
    if relative == APEX:
        return origin
    if not relative:
        raise UnreadableError("the name is empty")
    try:
        return Name((*absolute(f"{relative}.").labels[:-1], *origin.labels))
    except (InputError, dns.exception.DNSException) as exc:
        raise UnreadableError(f"'{relative}' is no name in the zone: {exc}") from exc


def relative_of(owner: Name, origin: Name) -> str:
    """Return the name of a record set for an owner in the zone."""
    found = owner.relativize(origin)
    return found.to_text() if found.labels else APEX


def target_of(text: str) -> Name:
    """Return the absolute name that a record points to; raises UnreadableError."""
    if not text:
        raise UnreadableError("the name is empty")
    try:
        return absolute(text, ROOT)
    except InputError as exc:
        raise UnreadableError(str(exc)) from exc


def zone_text(origin: Name) -> str:
    """Return the name of a zone as it stands in a resource id."""
    return origin.to_text(omit_final_dot=True)
