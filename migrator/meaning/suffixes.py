"""The domain that somebody has registered, by the public suffix list that comes with `publicsuffixlist`. Pure.

The list says under which names the public registers. It says nothing about zone cuts: the parent of a zone is
found by asking (`delegation.py`).
"""

from functools import cache

from dns.name import Name
from publicsuffixlist import PublicSuffixList

from migrator.model.names import absolute, folded, text_of


def registered_domain(name: Name) -> Name | None:
    """Return the registrable domain that a name is in; None where the name is a public suffix, or the root."""
    found = _suffixes().privatesuffix(text_of(name).rstrip("."))
    return None if found is None else absolute(found)


def registered_above(name: Name) -> Name | None:
    """Return the registrable domain that a name lies below; None where it is one itself, or in none."""
    registered = registered_domain(name)
    return None if registered is None or folded(registered) == folded(name) else registered


def keeper_of(domain: Name) -> str:
    """Return who keeps the delegation of a domain: of a name below a registered one, no registrar does."""
    return "the registrar" if registered_above(domain) is None else "the parent zone"


def place_of(domain: Name) -> str:
    """Return where the name servers of a domain are entered."""
    return "at the registrar" if registered_above(domain) is None else "in the parent zone"


def is_below_public_suffix(name: Name) -> bool:
    """Tell whether a name lies below a suffix that the list has: `ns1.example.org.` does, `ns1.rack.` does not."""
    return _known_suffixes().privatesuffix(text_of(name).rstrip(".")) is not None


@cache
def _known_suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True, accept_unknown=False)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)
