"""Names as Cloudflare writes them: absolute, in Punycode, without the final dot. No IO here.

Octets beyond letters, digits, hyphen and underscore are read with the escapes of RFC 1035, and written so; what
the service does with such names has not been seen (2026-11-20), so `capabilities.py` claims only what needs no
escape.
"""

from dns.name import Name

from migrator.errors import InputError
from migrator.model.names import ROOT, absolute


class UnreadableError(ValueError):
    """What Cloudflare wrote is nothing that DNS knows; the text says why."""


def name_of(found: object) -> Name:
    """Return the name that a JSON value is, with or without its final dot; raises UnreadableError."""
    if not isinstance(found, str) or not found:
        raise UnreadableError("a name is missing")
    if found == "@":
        raise UnreadableError("'@' is no name")
    try:
        return absolute(found)
    except InputError as exc:
        raise UnreadableError(str(exc)) from exc


def owner_text(name: Name) -> str:
    """Return an owner as the API takes and returns it."""
    return name.canonicalize().to_text(omit_final_dot=True)


def target_text(name: Name) -> str:
    """Return a target without its final dot; the root is a dot."""
    return "." if name == ROOT else name.to_text(omit_final_dot=True)
