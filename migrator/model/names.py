"""The one doorway from text to an absolute domain name, and the order and text of names.

Past this module a name is an absolute `dns.name.Name`, never a string. No IO here.
"""

import ipaddress
import re

import dns.exception
import dns.name
from dns.name import Name

from migrator.errors import InputError

ROOT = dns.name.root
_MOST_OCTETS = 255
# The octet before a label or a string.
LENGTHS = [bytes((length,)) for length in range(256)]
# Absolute, and nothing in it means anything else than itself: most names are so.
_PLAIN = re.compile(r"(?:[A-Za-z0-9_*/-]{1,63}\.)+")


def absolute(text: str, origin: Name = ROOT) -> Name:
    r"""Return the absolute name that `text` means below `origin`.

    `@` is the origin; a text without a final dot is relative to it; `\DDD` and `\X` are the escapes of
    RFC 1035 section 5.1; anything beyond ASCII is encoded by IDNA 2008 with UTS 46 mapping.

    Raises InputError for a label of more than 63 octets, a name of more than 255, an empty label, a bad
    escape, and text that IDNA forbids.
    """
    plain = plain_name(f"{text}." if origin is ROOT and text[-1:] != "." else text)
    if plain is not None:
        return plain
    try:
        if text.isascii():
            return dns.name.from_text(text, origin)
        return dns.name.from_text(text, origin, idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError) as exc:
        raise InputError(f"'{text}' is not a domain name: {exc}") from exc


def plain_name(text: str) -> Name | None:
    """Return the name of an absolute text of letters, digits and `-_*/`; None for any other text."""
    if _PLAIN.fullmatch(text) is None or len(text) >= _MOST_OCTETS:
        return None
    return name_of_labels(tuple(text.encode().split(b".")))


def name_of_labels(labels: tuple[bytes, ...]) -> Name:
    """Return the name of labels that are known to make one: dnspython's constructor would look at each again."""
    name = Name.__new__(Name)
    object.__setattr__(name, "labels", labels)
    return name


def folded(name: Name) -> tuple[bytes, ...]:
    """Return the labels in lower case: equal for names that DNS calls equal (RFC 4343)."""
    return tuple(map(bytes.lower, name.labels))


def octets_of(name: Name) -> bytes:
    """Return the name in wire form, in the letter case that it has: no length is a letter."""
    return b"".join([LENGTHS[len(label)] + label for label in name.labels])


def name_of_octets(octets: bytes) -> Name:
    """Return the name in wire form at the beginning of the octets, which has no pointer in it."""
    labels, at = [], 0
    while length := octets[at]:
        labels.append(octets[at + 1 : at + 1 + length])
        at += 1 + length
    return name_of_labels((*labels, b""))


def canonical_key(name: Name) -> tuple[bytes, ...]:
    """Return a sort key that gives the canonical order of names (RFC 4034 section 6.1)."""
    return tuple(map(bytes.lower, reversed(name.labels)))


def plain_text(name: Name) -> str | None:
    """Return the absolute text, letters as they are, where it is one that `plain_name` reads; None elsewhere."""
    text = b".".join(name.labels).decode("latin-1")
    # A dot within a label would be one too many.
    return text if _PLAIN.fullmatch(text) and text.count(".") == len(name.labels) - 1 else None


def written(name: Name) -> str:
    """Return the absolute presentation form with its final dot, letters as they are."""
    return plain_text(name) or name.to_text()


def text_of(name: Name) -> str:
    """Return the absolute presentation form with its final dot, letters in lower case."""
    return written(name).lower()  # escapes hold digits and punctuation alone


def is_within(name: Name, zone: Name) -> bool:
    """Tell whether `name` is `zone` itself or below it."""
    return folded(name)[-len(zone.labels) :] == folded(zone)


def below(parent: Name, label: bytes) -> Name | None:
    """Return the name right below another, by a label of 1 to 63 octets; None where it is too long for DNS."""
    if sum(map(len, parent.labels)) + len(parent.labels) + len(label) + 1 > _MOST_OCTETS:
        return None
    return name_of_labels((label, *parent.labels))


def is_wildcard(name: Name) -> bool:
    """Tell whether the first label is the asterisk of RFC 4592."""
    return len(name.labels) > 1 and name.labels[0] == b"*"


def is_reverse(name: Name) -> bool:
    """Tell whether the name stands for an address or a network (RFC 1035 section 3.5, RFC 3596 section 2.5)."""
    return folded(name)[-3:] in _REVERSE


_REVERSE = frozenset({(b"in-addr", b"arpa", b""), (b"ip6", b"arpa", b""), (b"ip6", b"int", b"")})


def address_literal(name: Name) -> str | None:
    """Return the IP address that somebody wrote in the place of a name, also where a zone's name was appended."""
    labels = [label.decode("ascii", "replace") for label in name.labels if label]
    candidates = [".".join(labels[:_IPV4_LABELS]), *labels[:1]]
    for text in candidates:
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            continue
    return None


def for_people(name: Name) -> str:
    """Return the name as people write it: no final dot, IDNA labels in Unicode where that can be read."""
    text = plain_text(name)
    if text is not None and "xn--" not in text.lower():
        return text[:-1]
    if name == ROOT:
        return "."
    labels = name.labels[:-1] if name.is_absolute() else name.labels
    return ".".join(map(_label_for_people, labels))


def _label_for_people(label: bytes) -> str:
    written = Name([label]).to_text()
    # Case is none of an A-label's: `XN--BCHER-KVA` is `bücher`, and no `BüCHER`.
    if not label.lower().startswith(b"xn--"):
        return written
    try:
        shown = Name([label.lower()]).to_unicode(idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError):
        return written
    return shown if shown.isprintable() and "\\" not in shown else written


_IPV4_LABELS = 4
