"""The macros of SPF (RFC 7208 section 7): names that depend on who sends. No IO here.

A text of macros is read once, into its parts; it is expanded for a domain and, where it asks for that, a sender.
"""

import re
from ipaddress import IPv4Address
from urllib.parse import quote

from dns.name import Name

from migrator.mail.spf.addresses import Address
from migrator.model.expression import expression
from migrator.model.names import ROOT
from migrator.model.values import dataclass

_PART = expression(r"%\{(?P<letter>[A-Za-z])(?P<count>[0-9]*)(?P<reverse>[rR]?)(?P<between>[-.+,/_=]*)\}|%[%_-]")
_LITERAL = expression(r"[\x21-\x24\x26-\x7e]+")
_TOP_LABEL = expression(r"(?:.*\.)?(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?", re.IGNORECASE)
_LETTERS = frozenset("slodipvh")
_OF_THE_DOMAIN = frozenset("do")
_PLAIN = expression(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_SIGNS = {"%%": "%", "%_": " ", "%-": "%20"}
_MOST_OCTETS = 253
_LONGEST_LABEL = 63


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the address, the sender's address (`local@domain`), and the name given in HELO."""

    address: Address
    mailbox: str
    helo: str


@dataclass(frozen=True, slots=True)
class Macro:
    """`%{ir.-}`: the letter, how many of the right-most labels (0 is all), turned round or not, the separators."""

    letter: str
    count: int
    is_reversed: bool
    separators: str
    is_escaped: bool


@dataclass(frozen=True, slots=True)
class MacroString:
    """A text with macros; equal texts are equal but for the case of letters."""

    parts: tuple[str | Macro, ...]

    @property
    def depends_on_sender(self) -> bool:
        """Whether it is another text for another sender."""
        return any(isinstance(part, Macro) and part.letter not in _OF_THE_DOMAIN for part in self.parts)

    def letters(self) -> frozenset[str]:
        """Return the macros that it uses."""
        return frozenset(part.letter for part in self.parts if isinstance(part, Macro))


def read_macros(text: str) -> MacroString | None:
    """Return the parts of a text, or None where it does not obey the grammar."""
    parts: list[str | Macro] = []
    at = 0
    while at < len(text):
        literal = _LITERAL.match(text, at)
        found = literal or _PART.match(text, at)
        if found is None:
            return None
        at = found.end()
        if found is literal:
            parts.append(found[0])
        elif found["letter"] is None:
            parts.append(_SIGNS[found[0]])
        else:
            macro = _macro(found)
            if macro is None:
                return None
            parts.append(macro)
    return MacroString(tuple(parts))


def read_domain(text: str) -> MacroString | None:
    """Return the parts of a domain-spec (RFC 7208 section 7.1), which ends in a macro or a proper label."""
    read = read_macros(text)
    if read is None or not read.parts:
        return None
    if isinstance(read.parts[-1], Macro) or text.endswith(("%%", "%_", "%-")):
        return read
    is_name = "." in text.rstrip(".") and _TOP_LABEL.fullmatch(text.rpartition("}")[2]) is not None
    return read if is_name else None


def _macro(found: re.Match[str]) -> Macro | None:
    letter = found["letter"]
    if letter.lower() not in _LETTERS or (found["count"] and not int(found["count"])):
        return None
    return Macro(
        letter.lower(),
        min(int(found["count"] or 0), 128),
        bool(found["reverse"]),
        found["between"] or ".",
        letter.isupper(),
    )


def expanded(text: MacroString, domain: Name, start: Name, sender: Sender | None, validated: str = "") -> str:
    """Return the text for a domain, the domain that the evaluation began with, and a sender.

    `validated` is the sender's host name as far as it could be shown (`%{p}`). Without a sender only macros of
    the domain may occur.
    """
    return "".join(
        part if isinstance(part, str) else _value(part, domain, start, sender, validated) for part in text.parts
    )


def of_domains(text: str, domain: Name, start: Name) -> str:
    """Return a term with its macros of domains replaced, in the policy of `domain`; those of the sender stay.

    Of a wildcard, and of names with other characters than those of host names, nothing is replaced.
    """

    def value(found: re.Match[str]) -> str:
        macro = _macro(found) if found["letter"] else None
        if macro is None or macro.letter not in _OF_THE_DOMAIN:
            return found[0]
        expansion = _value(macro, domain, start, None, "")
        return expansion if _PLAIN.fullmatch(expansion) else found[0]

    return _PART.sub(value, text)


def _value(macro: Macro, domain: Name, start: Name, sender: Sender | None, validated: str) -> str:
    match macro.letter:
        case "d":
            value = _text(domain)
        case "o":
            value = _text(start)
        case letter:
            assert sender is not None, "a macro of the sender, and no sender"
            value = _of_sender(letter, sender, validated)
    labels = re.split(f"[{re.escape(macro.separators)}]", value)
    if macro.is_reversed:
        labels.reverse()
    value = ".".join(labels[-macro.count :])
    return quote(value, safe="-._~") if macro.is_escaped else value


def _of_sender(letter: str, sender: Sender, validated: str) -> str:
    is_ipv4 = isinstance(sender.address, IPv4Address)
    values = {
        "s": sender.mailbox,
        "l": sender.mailbox.rpartition("@")[0],
        "h": sender.helo,
        "v": "in-addr" if is_ipv4 else "ip6",
        "i": str(sender.address) if is_ipv4 else ".".join(sender.address.exploded.replace(":", "")),
        "p": validated or "unknown",
    }
    return values[letter]


def name_of(text: str) -> Name | None:
    """Return the name that an expanded text is, cut from the left where it is too long; None where it is none."""
    labels = text.removesuffix(".").split(".")
    while len(".".join(labels)) > _MOST_OCTETS:
        labels = labels[1:]
    if not labels or any(not 0 < len(label) <= _LONGEST_LABEL for label in labels):
        return None
    return Name([*(label.encode("latin-1", "replace") for label in labels), *ROOT.labels])


def _text(name: Name) -> str:
    return b".".join(name.labels[:-1]).decode("latin-1")
