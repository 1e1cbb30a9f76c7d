"""The mail policies that stand in TXT records: SPF, DKIM keys, DMARC, as far as a comparison needs them. No IO.

The texts are the joined octets of a record, read as Latin-1 so that nothing is lost.
"""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.errors import InputError
from migrator.mail.spf.macros import of_domains
from migrator.mail.spf.record import MOST_LOOKUPS, Fault, is_policy, read_record
from migrator.meaning.roles import octets
from migrator.model.expression import expression
from migrator.model.names import ROOT, absolute
from migrator.model.rrset import RRset
from migrator.model.values import dataclass

_ADDRESS_TERM = re.compile(r"([+?~-]?)(ip4|ip6):(.*)")
_TAG = expression(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", re.DOTALL)
_STRICTNESS = {"+": 0, "?": 1, "~": 2, "-": 3}
# Most domains of a zone share few policies, and few terms.
_MOST_KEPT = 4096
DMARC_STRENGTH = {"none": 0, "quarantine": 1, "reject": 2}


@dataclass(frozen=True, slots=True)
class Spf:
    """An SPF policy: its terms in order, but for letter case and the spelling of addresses as they are written."""

    terms: tuple[str, ...]

    def fault(self) -> str:
        """Return what makes receivers give up on the whole policy (RFC 7208, "permerror"); empty if nothing does.

        Look-ups are those of this record alone: what it includes may need more.
        """
        record = read_record(" ".join(("v=spf1", *self.terms)))
        if isinstance(record, Fault):
            return f"has '{record.term}', which is no term of SPF"
        asking = record.asking()
        if asking > MOST_LOOKUPS:
            return f"needs {asking} look-ups, of which receivers make {MOST_LOOKUPS} at most"
        return ""

    def of(self, domain: Name, start: Name) -> "Spf":
        """Return the policy of a domain without the macros that the names of domains decide (`%{d}`, `%{o}`).

        `start` is the domain that mail comes from, whose policy includes this one.
        """
        if not any("%" in term for term in self.terms):
            return self
        return Spf(tuple(of_domains(term, domain, start).lower() for term in self.terms))

    def effective(self) -> tuple[str, ...]:
        """Return the terms that a receiver looks at: after the first `all` only modifiers."""
        found: list[str] = []
        ended = False
        for term in self.terms:
            if "=" in term.partition(":")[0]:
                found.append(term)
            elif not ended:
                found.append(_with_qualifier(term))
                ended = _without_qualifier(term) == "all"
        return tuple(found)

    def all_qualifier(self) -> str:
        """Return what becomes of mail that no other term covers: `+`, `?`, `~` or `-`; neutral without `all`."""
        return next((_with_qualifier(term)[0] for term in self.terms if _without_qualifier(term) == "all"), "?")

    def ends(self) -> bool:
        """Tell whether there is an `all`: then `redirect=` counts for nothing."""
        return any(_without_qualifier(term) == "all" for term in self.terms)

    def included(self) -> tuple[Name, ...]:
        """Return the domains whose policies this one takes over."""
        takes_over = ("include:", "redirect=")
        terms = [term for term in self.effective() if term.lstrip("+?~-").startswith(takes_over)]
        return tuple(domain for term in terms if (domain := term_domain(term)) is not None)

    def domains(self) -> tuple[Name, ...]:
        """Return the domains that terms name (`include:`, `a:`, `mx:`, `exists:`, `redirect=`), without macros."""
        return tuple(domain for term in self.terms if (domain := term_domain(term)) is not None)


@lru_cache(maxsize=_MOST_KEPT)
def term_domain(term: str) -> Name | None:
    """Return the domain that a term names, or None: the term is about the policy's own domain, or has macros."""
    _, mark, rest = re.sub(r"^[+?~-]", "", term).partition(":" if ":" in term.partition("=")[0] else "=")
    text = rest.partition("/")[0]
    if not mark or not text or "%" in text or term.lstrip("+?~-").startswith(("ip4:", "ip6:", "exp=")):
        return None
    try:
        return absolute(text)
    except InputError:
        return None


def term_host(term: str, domain: Name) -> Name | None:
    """Return the host whose addresses an `a` term allows: the policy's own domain where it names none."""
    return _about("a", term, domain)


def open_end(term: str) -> Name:
    """Return the end of the name in a term with macros, which is the same whoever sends: the labels behind them.

    It is the root where the name ends in a macro.
    """
    behind = re.split(r"}|%[%_-]", term)[-1].partition("/")[0]
    try:
        return absolute(behind.partition(".")[2])
    except InputError:
        return ROOT


def term_existing(term: str) -> Name | None:
    """Return the name whose A record an `exists` term asks for, whoever sends."""
    return term_domain(term) if term.lstrip("+?~-").startswith("exists:") else None


def term_mail_domain(term: str, domain: Name) -> Name | None:
    """Return the domain whose mail servers an `mx` term allows: the policy's own domain where it names none."""
    return _about("mx", term, domain)


def _about(kind: str, term: str, domain: Name) -> Name | None:
    if re.split(r"[:/]", term.lstrip("+?~-"), maxsplit=1)[0] != kind or "%" in term:
        return None
    return term_domain(term) or domain


def spf_policies(rrsets: Iterable[RRset]) -> tuple[Spf, ...]:
    """Return the SPF policies of TXT sets, as receivers find them: a record that only begins alike is none."""
    return tuple(_policy_of(text) for text in texts(rrsets) if is_policy(text))


@lru_cache(maxsize=_MOST_KEPT)
def _policy_of(text: str) -> Spf:
    return Spf(tuple(_spelt_alike(term) for term in text.lower().split(" ")[1:] if term))


def strictness(qualifier: str) -> int:
    """Return how much an `all` with this qualifier forbids."""
    return _STRICTNESS[qualifier]


def _spelt_alike(term: str) -> str:
    """Return a term of an address or network in its one form; any other as it is."""
    address = _ADDRESS_TERM.fullmatch(term)
    network = None if address is None else _network(address)
    if address is None or network is None:
        return term
    is_one = network.prefixlen == network.max_prefixlen
    return f"{address[1]}{address[2]}:{network.network_address if is_one else network}"


def _network(address: re.Match[str]) -> IPv4Network | IPv6Network | None:
    try:
        return (IPv4Network if address[2] == "ip4" else IPv6Network)(address[3], strict=False)
    except ValueError:
        return None


def _with_qualifier(term: str) -> str:
    return term if term[0] in _STRICTNESS else f"+{term}"


def _without_qualifier(term: str) -> str:
    return term[1:] if term[:1] in _STRICTNESS else term


@dataclass(frozen=True, slots=True)
class DkimKey:
    """What a selector's record says. `key` is None where `p=` is absent or no base64; a revoked key is empty."""

    key: bytes | None
    tags: Mapping[str, str]

    @property
    def whole(self) -> bool:
        """Whether the key is as long as its own DER header says; Ed25519 keys have no header and 32 octets."""
        if not self.key:
            return False
        if self.tags.get("k", "rsa") == "ed25519":
            return len(self.key) == _ED25519_OCTETS
        return _der_is_whole(self.key)


def dkim_key(text: str) -> DkimKey:
    """Return the key that the text of a selector holds; letter case counts in its tags (RFC 6376 section 3.2)."""
    tags: dict[str, str] = {}
    for tag, value in _tags_in(text):
        tags.setdefault(tag, value)
    stated = re.sub(r"\s", "", tags["p"]) if "p" in tags else None
    if stated is None:
        return DkimKey(None, tags)
    try:
        return DkimKey(base64.b64decode(stated, validate=True), tags)
    except (binascii.Error, ValueError):
        return DkimKey(None, tags)


def tag_list(text: str) -> dict[str, str]:
    """Return the `tag=value` pairs of a text as DMARC's; the tags in lower case, the first of equal ones."""
    found: dict[str, str] = {}
    for tag, value in _tags_in(text):
        found.setdefault(tag.lower(), value)
    return found


def tag_list_fault(text: str) -> str:
    """Return why verifiers take no tag of a list for given, as words behind a subject; empty if they do.

    One part that is no tag, or a tag that stands twice, makes all of it invalid (RFC 6376 section 3.2).
    """
    odd = next((part.strip() for part in text.split(";") if part.strip() and not _TAG.fullmatch(part)), None)
    if odd is not None:
        return f"cannot be read: {odd[:40]!r} is no tag=value"
    twice = repeated_tags(text)
    return f"cannot be read: {twice[0]}= stands there twice" if twice else ""


def repeated_tags(text: str) -> tuple[str, ...]:
    """Return the tags that stand in a list more than once."""
    return tuple(tag for tag, times in Counter(tag for tag, _ in _tags_in(text)).items() if times > 1)


def _tags_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the `tag=value` pairs of a text as they are written."""
    for part in text.split(";"):
        match = _TAG.fullmatch(part)
        if match:
            yield match[1], match[2]


def _der_is_whole(key: bytes) -> bool:
    if len(key) < 2 or key[0] != _DER_SEQUENCE:  # noqa: PLR2004 - a tag and a length
        return False
    length, start = key[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(key[2:start], "big")
    return len(key) >= start + length


_ED25519_OCTETS = 32
_DER_SEQUENCE = 0x30


@dataclass(frozen=True, slots=True)
class Dmarc:
    """A DMARC policy; `policy` and `subdomain_policy` are what receivers apply, empty where they apply none.

    `repeated` are the tags that stand in it more than once.
    """

    policy: str
    subdomain_policy: str
    tags: Mapping[str, str]
    repeated: tuple[str, ...] = ()

    def for_domain(self, *, own: bool) -> str:
        """Return what applies to the domain that has the record, or to one below it."""
        return self.policy if own else self.subdomain_policy


def dmarc_policies(rrsets: Iterable[RRset]) -> tuple[Dmarc, ...]:
    """Return the DMARC policies of TXT sets; receivers use none where there is more than one."""
    found = []
    for text in texts(rrsets):
        tags = tag_list(text)
        if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text):
            found.append(Dmarc(*_applied(tags), tags, repeated_tags(text.lower())))
    return tuple(found)


def unknown_policies(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tags of a DMARC policy that name none there is."""
    return tuple(tag for tag in ("p", "sp", "np") if tags.get(tag, "none").lower() not in DMARC_STRENGTH)


def _applied(tags: Mapping[str, str]) -> tuple[str, str]:
    """Return what receivers apply to a domain and below it (RFC 9989 sections 4.7 and 4.10.1).

    Without `p=` that is none. A policy that does not exist makes it none for both where reports are wanted, and
    else makes them give the record up.
    """
    if unknown_policies(tags):
        return ("none", "none") if tags.get("rua") else ("", "")
    policy = tags.get("p", "none").lower()
    return policy, tags.get("sp", policy).lower()


def texts(rrsets: Iterable[RRset]) -> list[str]:
    """Return the joined texts of TXT sets."""
    return [
        octets(rdata).decode("latin-1")
        for rrset in rrsets
        if rrset.rdtype == RdataType.TXT
        for rdata in rrset.rdatas
    ]
