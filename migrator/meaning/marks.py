r"""What the text of a compact zone tells without RRsets: cuts, mail domains, selectors, and who points where.

No IO here. Types are found by how the lines of an owner's text begin; owners that are kept as RRsets are looked at
as such. What points where is more rather than less than what a judge would find: whoever asks looks at the RRsets.

    example.org.       MX 300 10 mail.example.org.        a mail domain, and points at mail.example.org.
    a._domainkey....   TXT 300 "v=DKIM1; p=..."           a selector
    sub.example.org.   NS 300 ns1.sub.example.org.        a cut, and points at its server
"""

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from functools import lru_cache
from itertools import chain, compress

from dns.rdatatype import RdataType

from migrator.meaning.roles import TEXT_TYPES, is_spf, octets
from migrator.meaning.targets import targets_of
from migrator.model.blocktexts import BlockTexts, Pairs, is_selector
from migrator.model.compact import CompactZone, key_of
from migrator.model.extras import Alias
from migrator.model.rrset import RRset
from migrator.model.strings import octets_of_spelled
from migrator.model.values import dataclass

_BINDING = frozenset({b"HTTPS", b"SVCB"})
_POINTING = _BINDING | {b"CNAME", b"MX", b"NAPTR", b"NS", b"SRV"}
_TEXTUAL = frozenset({b"TXT", b"SPF"})
_SPF = b"v=spf1"


@dataclass(frozen=True, slots=True)
class Marks:
    """Keys of owners: of NS or DNAME, of MX or SPF, of selectors, of wildcards, of SPF with macros.

    `aliases` are the selectors that are a CNAME. `pointing` has the owners by the key of the name that they
    point at, and `last` one more of them; what `base` has of it counts too, but for the owners in `gone`.
    """

    covers: set[bytes] = field(default_factory=set)
    mail: set[bytes] = field(default_factory=set)
    selectors: set[bytes] = field(default_factory=set)
    aliases: set[bytes] = field(default_factory=set)
    wildcards: set[bytes] = field(default_factory=set)
    macros: set[bytes] = field(default_factory=set)
    pointing: dict[bytes, list[bytes]] = field(default_factory=dict)
    last: dict[bytes, bytes] = field(default_factory=dict)
    base: "Marks | None" = None
    gone: frozenset[bytes] = frozenset()

    def add_selector(self, key: bytes, *, alias: bool) -> None:
        """Mark a selector, and whether it is a CNAME."""
        self.selectors.add(key)
        if alias:
            self.aliases.add(key)

    def pointing_at(self, key: bytes) -> list[bytes]:
        """Return the owners that point at a name, and maybe some that do not; any owner may point at itself."""
        found = self.pointing.get(key, [])
        if key in self.last:
            found = [*found, self.last[key]]
        if self.base is None:
            return found
        return [*(owner for owner in self.base.pointing_at(key) if owner not in self.gone), *found]

    def targets(self, but: "Marks | None" = None) -> Iterator[bytes]:
        """Yield the keys of all names that are pointed at; those of the other marks may be left out."""
        yield from self.pointing
        yield from self.last
        if self.base is not None and self.base is not but:
            yield from self.base.targets(but)

    def revised(self, gone: frozenset[bytes], own: "Marks") -> "Marks":
        """Return these marks without those of some owners, and with others."""
        return Marks(
            self.covers - gone | own.covers,
            self.mail - gone | own.mail,
            self.selectors - gone | own.selectors,
            self.aliases - gone | own.aliases,
            self.wildcards - gone | own.wildcards,
            self.macros - gone | own.macros,
            own.pointing,
            own.last,
            self,
            gone,
        )


def marks_of(zone: CompactZone, owners: Iterable[bytes]) -> Marks:
    """Return the marks of these owners of a zone."""
    marks = Marks()
    texts = zone.texts
    for key in owners:
        if key[:2] == b"*.":
            marks.wildcards.add(key)
        text = texts.get(key)
        if text is None:
            for rrset in zone.objects[key]:
                _mark_rrset(marks, key, rrset)
        elif text[:1] != b"A" or b"\n" in text:  # one address marks nothing
            _mark_text(marks, key, text)
    return marks


def marks_of_all(zone: CompactZone) -> Marks:
    """Return the marks of all owners of a zone; of blocks, what is noted of them tells as much."""
    if not isinstance(zone.texts, BlockTexts):
        return marks_of(zone, zone.owners())
    noted, pointing = zone.texts.noted, zone.texts.pointing()
    marks = replace(marks_of(zone, chain(zone.texts.plain, zone.objects)), last=pointing.last)
    for target, owners in pointing.others.items():
        marks.pointing.setdefault(target, []).extend(owners)
    marks.wildcards.update(noted.wildcards)
    marks.covers.update(noted.ns.owners)
    marks.mail.update(noted.mx.owners)
    marks.aliases.update(noted.aliases)
    marks.selectors.update(noted.aliases, noted.selectors)
    _mark_policies(marks, noted.text)
    return marks


def _mark_policies(marks: Marks, texts: Pairs) -> None:
    """Mark mail domains by their policies, of which each is looked at once: most domains share few."""
    policies = {}
    for text in {*texts.values}:
        if text[1 : 1 + len(_SPF)].lower() == _SPF or b"(" in text or b'" ' in text or b'"\t' in text:
            policy = octets_of_spelled(b"".join(text.split(b'"')[1::2])).lower()
            if policy.startswith(_SPF):
                policies[text] = policy
    marks.mail.update(compress(texts.owners, map(policies.__contains__, texts.values)))
    leading = {text: policy for text, policy in policies.items() if b"%" in policy or _targets(policy)}
    if leading:
        for key, text in compress(texts.items(), map(leading.__contains__, texts.values)):
            _mark_policy(marks, key, leading[text])


def covers_and_wildcards(zone: CompactZone, texts: BlockTexts) -> tuple[set[bytes], set[bytes]]:
    """Return these two marks of all owners of a zone, in a moment: of blocks they are noted."""
    marks = marks_of(zone, chain(texts.plain, zone.objects))
    return marks.covers.union(texts.noted.ns.owners), marks.wildcards.union(texts.noted.wildcards)


def _mark_text(marks: Marks, key: bytes, text: bytes) -> None:
    pointing = marks.pointing
    selecting = b""
    for record in text.split(b"\n"):
        rdtype = record[: record.find(b" ")]
        if rdtype in _POINTING:
            # Of a service binding it stands before the parameters, else last.
            name = record.split(b" ", 4)[3] if rdtype in _BINDING else record[record.rfind(b" ") + 1 :]
            target = name.lower()
            owners = pointing.get(target)
            if owners is None:
                pointing[target] = [key]
            else:
                owners.append(key)
            if rdtype == b"MX":
                marks.mail.add(key)
            elif rdtype == b"NS":
                marks.covers.add(key)
                selecting = rdtype
            elif rdtype == b"CNAME":
                selecting = rdtype
        elif rdtype in _TEXTUAL:
            policy = octets_of_spelled(record[record.index(b'"') + 1 : -1].replace(b'" "', b""))
            if policy[: len(_SPF)].lower() == _SPF:
                _mark_policy(marks, key, policy.lower())
            selecting = rdtype if rdtype == b"TXT" else selecting
    if selecting and is_selector(key):
        marks.add_selector(key, alias=selecting == b"CNAME")


def _mark_rrset(marks: Marks, key: bytes, rrset: RRset) -> None:
    rdtype = rrset.rdtype
    for target in targets_of(rrset.rdatas):
        marks.pointing.setdefault(key_of(target.labels), []).append(key)
    for extra in rrset.extras:
        if isinstance(extra, Alias):
            marks.pointing.setdefault(key_of(extra.target.labels), []).append(key)
    if rdtype == RdataType.MX:
        marks.mail.add(key)
    elif rdtype in {RdataType.NS, RdataType.DNAME}:
        marks.covers.add(key)
    elif rdtype in TEXT_TYPES:
        for rdata in rrset.rdatas:
            if is_spf(rdata):
                _mark_policy(marks, key, octets(rdata).lower())
    if rdtype in {RdataType.TXT, RdataType.CNAME, RdataType.NS} and is_selector(key):
        marks.add_selector(key, alias=rdtype == RdataType.CNAME)


def _mark_policy(marks: Marks, key: bytes, policy: bytes) -> None:
    """Mark a mail domain, and the names in the terms of its policy, which is in small letters."""
    marks.mail.add(key)
    if b"%" in policy:
        marks.macros.add(key)
    for target in _targets(policy):
        marks.pointing.setdefault(target, []).append(key)


@lru_cache(maxsize=4096)
def _targets(policy: bytes) -> tuple[bytes, ...]:
    """Return the names in the terms: `include:a.example`, `a:mx.b.example/24`; most domains share few policies."""
    found = []
    for term in policy.split()[1:]:
        name, mark, rest = term.partition(b"=" if b"=" in term.partition(b":")[0] else b":")
        if mark and name[-3:] not in {b"ip4", b"ip6"}:
            target = rest.partition(b"/")[0]
            found.append(target if target[-1:] == b"." else target + b".")
    return tuple(found)
