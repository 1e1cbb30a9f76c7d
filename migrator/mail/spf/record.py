"""The text of an SPF record, read by the grammar of RFC 7208 section 12. No IO here.

A receiver that finds a single fault gives up on the whole record, so reading gives a record or the fault.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from itertools import takewhile

from migrator.mail.spf.addresses import Network
from migrator.mail.spf.macros import MacroString, read_domain, read_macros
from migrator.meaning.roles import readable
from migrator.model.expression import expression
from migrator.model.values import dataclass

# Terms that need a look-up, in a policy and all that it includes (RFC 7208 section 4.6.4).
MOST_LOOKUPS = 10
_VERSION = re.compile(r"v=spf1(?= |$)", re.IGNORECASE)
# Quotes, blanks and octets beyond ASCII before it come along where a record is copied from a page or a letter.
_NEARLY = expression(r"[\x00-\x20\x7f-\xff\"'`\\]{0,12}v=spf1", re.IGNORECASE)
_TERM = re.compile(r"(?P<qualifier>[+?~-]?)(?P<name>[a-z][a-z0-9]*)(?P<rest>[:/].*)?", re.IGNORECASE | re.DOTALL)
_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9_.-]*)=(?P<value>.*)", re.IGNORECASE | re.DOTALL)
_LENGTH = r"0|[1-9][0-9]{0,2}"
_WITH_LENGTHS = re.compile(rf"(?P<domain>.*?)(?:/(?P<four>{_LENGTH}))?(?://(?P<six>{_LENGTH}))?", re.DOTALL)
_IPV4 = expression(r"[0-9]+(?:\.[0-9]+){3}(?:/(?:0|[1-9][0-9]?))?")
_IPV6 = expression(rf"[0-9a-f:.]+(?:/(?:{_LENGTH}))?", re.IGNORECASE)
_MOST_BITS = {4: 32, 6: 128}
_WITH_DOMAIN = frozenset({"include", "exists"})
_ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})
_KNOWN = _ASKING | {"all", "ip4", "ip6"}


@dataclass(frozen=True, slots=True)
class Directive:
    """One mechanism and the result that it gives: `+`, `-`, `~` or `?`.

    `domain` is None where the mechanism is about the policy's own domain or has none; `network` belongs to `ip4`
    and `ip6`; `bits` are the prefix lengths of `a` and `mx`. `text` is the term as it is written.
    """

    text: str
    qualifier: str
    name: str
    domain: MacroString | None = None
    network: Network | None = None
    bits: tuple[int, int] = (32, 128)

    @property
    def asks(self) -> bool:
        """Whether it counts among the ten terms that need a look-up."""
        return self.name in _ASKING


@dataclass(frozen=True, slots=True)
class Record:
    """A policy: its directives in order, and where it goes on (`redirect=`)."""

    directives: tuple[Directive, ...]
    redirect: MacroString | None = None
    redirect_text: str = ""

    @property
    def ends(self) -> bool:
        """Whether it has `all`: then nothing is redirected."""
        return any(directive.name == "all" for directive in self.directives)

    def ignored(self) -> tuple[str, ...]:
        """Return the terms that no receiver comes to: those behind `all`, and `redirect=` beside it."""
        reached = len(tuple(takewhile(lambda directive: directive.name != "all", self.directives)))
        behind = tuple(directive.text for directive in self.directives[reached + 1 :])
        return (*behind, self.redirect_text) if self.ends and self.redirect_text else behind

    def asking(self) -> int:
        """Count the terms of this record alone that need a look-up, as far as a receiver may come to them."""
        reached = tuple(takewhile(lambda directive: directive.name != "all", self.directives))
        follows = self.redirect is not None and not self.ends
        return sum(directive.asks for directive in reached) + follows


@dataclass(frozen=True, slots=True)
class Fault:
    """The term that makes a record useless, and what is wrong with it."""

    term: str
    reason: str


def is_policy(text: str) -> bool:
    """Tell whether a receiver takes a text for an SPF record (RFC 7208 section 4.5)."""
    return _VERSION.match(text) is not None


def is_meant(text: str) -> bool:
    """Tell whether a text was most likely meant for an SPF record, which no receiver takes it for."""
    return _NEARLY.match(text) is not None and not is_policy(text)


@lru_cache(maxsize=4096)
def read_record(text: str) -> Record | Fault:
    """Return the record that a text is, or the first fault in it."""
    match = _VERSION.match(text)
    assert match is not None, f"{text!r} is no SPF record"
    directives: list[Directive] = []
    modifiers: dict[str, str] = {}
    redirect: MacroString | None = None
    for term in filter(None, text[match.end() :].split(" ")):
        modifier = _MODIFIER.fullmatch(term)
        if modifier is None:
            directive = _directive(term)
            if isinstance(directive, Fault):
                return directive
            directives.append(directive)
            continue
        name, value = modifier["name"].lower(), modifier["value"]
        if name in {"redirect", "exp"}:
            if name in modifiers:
                return Fault(term, f"'{name}=' stands twice")
            modifiers[name] = term
            read = read_domain(value)
            redirect = read if name == "redirect" else redirect
        else:
            read = read_macros(value)
        if read is None:
            return Fault(term, _no_domain(value))
    return Record(tuple(directives), redirect, modifiers.get("redirect", ""))


def _directive(term: str) -> Directive | Fault:
    match = _TERM.fullmatch(term)
    if match is None or match["name"].lower() not in _KNOWN:
        return Fault(term, "no such term")
    qualifier, name, rest = match["qualifier"] or "+", match["name"].lower(), match["rest"] or ""
    if name == "all":
        return Fault(term, "'all' takes nothing behind it") if rest else Directive(term, qualifier, name)
    if name in {"ip4", "ip6"}:
        network = _network(name, rest)
        return network if isinstance(network, Fault) else Directive(term, qualifier, name, network=network)
    if name in {"a", "mx"}:
        return _with_lengths(term, qualifier, name, rest)
    if name in _WITH_DOMAIN or rest:
        domain = read_domain(rest[1:]) if rest.startswith(":") else None
        return Fault(term, _no_domain(rest[1:])) if domain is None else Directive(term, qualifier, name, domain)
    return Directive(term, qualifier, name)


def _with_lengths(term: str, qualifier: str, name: str, rest: str) -> Directive | Fault:
    match = _WITH_LENGTHS.fullmatch(rest)
    assert match is not None, "everything may stand before the lengths"
    four, six = int(match["four"] or _MOST_BITS[4]), int(match["six"] or _MOST_BITS[6])
    if four > _MOST_BITS[4] or six > _MOST_BITS[6]:
        return Fault(term, "a prefix is longer than an address")
    if not match["domain"]:
        return Directive(term, qualifier, name, bits=(four, six))
    domain = read_domain(match["domain"][1:]) if match["domain"].startswith(":") else None
    if domain is None:
        return Fault(term, _no_domain(match["domain"][1:]))
    return Directive(term, qualifier, name, domain, bits=(four, six))


def _network(name: str, rest: str) -> Network | Fault:
    text = rest.removeprefix(":")
    kind, pattern = (IPv4Network, _IPV4) if name == "ip4" else (IPv6Network, _IPV6)
    try:
        if rest.startswith(":") and pattern.fullmatch(text):
            return kind(text, strict=False)
    except ValueError:
        pass
    return Fault(
        f"{name}{rest}", f"'{readable(text)}' is no {'IPv4' if name == 'ip4' else 'IPv6'} address or network"
    )


def _no_domain(text: str) -> str:
    return f"'{readable(text)}' is no domain name" if text else "a domain name is missing"
