r"""Which owners of a large zone no check of `lint` has anything to say of, told by their text alone. No IO here.

To judge an owner takes its RRsets, and the objects of a million of those take a minute. Most owners of a zone
are of few kinds, of which the text tells as much as the checks would find:

    www.example.org.    CNAME 300 host.example.org.     leads to a name of the zone that has other records
    host.example.org.   A 300 198.51.100.7              an address that everybody reaches, a name like a host's
    mx.example.org.     MX 300 10 host.example.org.     a host with an address
    sub.example.org.    NS 300 ns1.sub.example.org.     with its glue

All others are doubtful, and judged as ever: whatever is unusual, and whatever points at such. A rule here may
doubt too much, never too little; what it accepts is what the checks of `zone` and `mail` pass.
"""

import marshal
import re
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from itertools import compress, islice

from dns.name import Name
from dns.rdata import Rdata, from_text
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.TXT import TXT

from migrator.checks.mail.policy import Policy
from migrator.checks.mail.sending import judged_limits
from migrator.checks.points import Noted, Passed
from migrator.checks.said import AT_ONCE, Said
from migrator.checks.zone.misplaced import is_policy_text
from migrator.mail.spf.evaluate import MOST_HOSTS, NoRecords, evaluate
from migrator.mail.spf.record import is_meant
from migrator.meaning.index import CompactIndex
from migrator.meaning.served import ADDRESS_TYPES
from migrator.model.blocktexts import Pairs
from migrator.model.compact import Below, CompactZone, key_of
from migrator.model.names import absolute, is_within
from migrator.model.processes import Later

# With fewer records, another process takes as long as it saves.
_WORTHWHILE = 200_000


def doubtful(zone: CompactZone, index: CompactIndex, origin: Name, later: Later | None = None) -> set[bytes]:
    """Return the keys of the owners that the checks have to look at.

    `later` does a piece of work in another process, if there is one.
    """
    apex = key_of(origin.labels)
    covers = index.covers
    if apex == b"." or apex in covers:
        return {*zone.owners()}
    said = Said(zone, apex)
    dnames = {key for key, rrsets in zone.objects.items() if any(r.rdtype == RdataType.DNAME for r in rrsets)}

    def by_name() -> Iterator[bytes]:
        yield from _odd_owners(said)
        yield from _misled(said)
        yield from (key for key in Below(covers).beneath(zone.owners()) if not said.is_glue(key))
        if dnames:
            yield from Below(dnames).beneath(zone.owners())

    other = later(lambda: [marshal.dumps([*by_name()])]) if later and zone.records > _WORTHWHILE else iter(())
    found = {apex, *zone.objects, *said.odd(covers), *_odd_texts(said, origin)}
    found.update(key for key in covers if not said.is_cut(key))
    found.update(_leading_to(said.with_tlsa | _with_tlsa(zone), said))
    named = next(other, None)
    found.update(by_name() if named is None else marshal.loads(named))  # noqa: S302  (written by ourselves)
    # What a zone lacks at its apex is told where there is anything to look at.
    return {key for key in found if key in zone} or {*islice(zone.owners(), 1)}


def _odd_owners(said: Said) -> Iterator[bytes]:
    """Yield wildcards, names with a policy, those that look as if a dot were missing, and odd names of hosts."""
    owners = said.owners()
    special = (*_SPECIAL, said.apex + said.apex + b"\n")
    while part := b"\n".join(islice(owners, AT_ONCE)):
        names = b"\n%b\n" % part
        for mark in special:
            yield from _lines_with(mark, names)
        odd = {name for mark in _NO_HOST for name in _lines_with(mark, names)}
        yield from said.with_mail_or_address(odd)


_SPECIAL = (b"\n*", b"_dmarc.", b"_mta-sts.", b"_tls.", b"_bimi.")
_NO_HOST = (b"_", b"/", b"*", b"-.", b".-", b"\n-")


def _lines_with(mark: bytes, names: bytes) -> Iterator[bytes]:
    """Yield the names, each between line ends, that have this in them."""
    hit = names.find(mark)
    while hit >= 0:
        end = names.index(b"\n", hit + 1)
        yield names[names.rindex(b"\n", 0, end) + 1 : end]
        hit = names.find(mark, end)


def _misled(said: Said) -> Iterator[bytes]:
    """Yield the owners that point at a name of which a check may have something to say."""
    for noted in said.noted:
        yield from _pointing_at(_no_alias_targets({*noted.cname.values}, said), noted.cname)
        for pairs in (noted.ns, noted.srv, noted.mx):
            yield from _pointing_at(_no_hosts({*pairs.values}, said), pairs)
        yield from (owner for owner in noted.srv.owners if not _SERVICE.match(owner))


def _with_tlsa(zone: CompactZone) -> set[bytes]:
    return {key for key, sets in zone.objects.items() if any(each.rdtype == RdataType.TLSA for each in sets)}


def _leading_to(names: AbstractSet[bytes], said: Said) -> Iterator[bytes]:
    """Yield the owners whose CNAMEs lead to one of these names, be it by others."""
    known = set(names)
    while names:
        names = {owner for noted in said.noted for owner in _pointing_at(names, noted.cname)} - known
        known |= names
        yield from names


_SERVICE = re.compile(rb"_[^.]*\._")
_ADDRESS = re.compile(rb"[0-9]+(?:\.[0-9]+){3}\.")


def _pointing_at(names: AbstractSet[bytes], pairs: Pairs) -> Iterator[bytes]:
    return compress(pairs.owners, map(names.__contains__, pairs.values)) if names else iter(())


def _no_alias_targets(names: set[bytes], said: Said) -> set[bytes]:
    """Return the names of which more than one look is needed to know where a CNAME leads; and addresses."""
    within = said.within(names)
    return {*filter(_ADDRESS.match, names)} | said.aliases_among(within) | said.missing_among(within)


def _no_hosts(names: set[bytes], said: Said) -> set[bytes]:
    """Return those that are no names of hosts, and those of the zone that have no address of their own."""
    found = {*filter(_ADDRESS.match, names), b"."}
    joined = b"\n%b\n" % b"\n".join(names)
    for mark in _NO_HOST:
        found.update(_lines_with(mark, joined))
    return found | said.without_address(said.within(names))


def _odd_texts(said: Said, origin: Name) -> Iterator[bytes]:
    """Yield the owners of SPF and DKIM records that a check may have something to say of."""
    policies = _Policies(origin)
    mail = {owner for noted in said.noted for owner in noted.mx.owners}
    seen: set[bytes] = set()
    for noted in said.noted:
        for key, text in noted.text.items():
            if b"._domainkey." in key:
                fine = _WHOLE_KEY.fullmatch(_joined(text)) is not None
            elif text[:1] == b'"' and text[1:2] not in _BEGINNING:
                continue
            else:
                needs = policies.needs(text)
                fine = needs is not None and _are_met(needs, key, said, mail)
            if not fine or key in seen:
                yield key
            seen.add(key)
        yield from (key for key, name in noted.cname.items() if b"_domainkey." in key and said.within([name]))


def _joined(text: bytes) -> bytes:
    """Return the strings of a record as one."""
    return b"".join(text.split(b'"')[1::2])


# Of a policy, which may be in several strings, or of what was meant for one: quotes, a blank, escapes.
_BEGINNING = b"vV\"\\'` "
# An RSA key of 2048 bits as every program writes it: 294 octets, whose modulus is odd and has its first bit set.
_WHOLE_KEY = re.compile(
    rb"v=DKIM1; ?(?:k=rsa; ?)?p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"
    rb"[g-z0-9+/][A-Za-z0-9+/]{340}[Qw]IDAQAB;?"
)


def _are_met(needs: AbstractSet[RdataType], key: bytes, said: Said, mail: Collection[bytes]) -> bool:
    """Tell whether an owner has what its own policy asks for."""
    if not needs.isdisjoint(ADDRESS_TYPES) and not said.has_address(key):
        return False
    return RdataType.MX not in needs or (key in mail and said.exchanges(key) <= MOST_HOSTS)


class _InZoneError(Exception):
    """A policy asks for another name of the zone."""


class _Policies:
    """Judges each text of a policy once: most domains of a zone share few."""

    def __init__(self, origin: Name) -> None:
        self._origin = origin
        self._known: dict[bytes, AbstractSet[RdataType] | None] = {}

    def needs(self, text: bytes) -> AbstractSet[RdataType] | None:
        """Return which types a domain must have, for nothing to be said of its policy; None if that is not all."""
        try:
            return self._known[text]
        except KeyError:
            found = self._known[text] = None if b"\\" in text else self._judged(_joined(text))
            return found

    def _judged(self, policy: bytes) -> AbstractSet[RdataType] | None:
        if policy[:6].lower() != b"v=spf1":
            # Nothing is said of what is no policy at all, and was not meant for one.
            text = policy.decode("latin-1")
            return None if is_meant(text) or is_policy_text(text) else frozenset()
        if b"%" in policy or b".invalid" in policy.lower():
            return None
        needs: set[RdataType] = set()
        strings = [policy[at : at + 255] for at in range(0, len(policy), 255)]

        def ask(name: Name, rdtype: RdataType) -> tuple[Rdata, ...] | NoRecords:
            if name == _DOMAIN and rdtype == RdataType.TXT:
                return (TXT(RdataClass.IN, RdataType.TXT, strings),)
            if name in {_DOMAIN, _EXCHANGE}:
                if name == _DOMAIN:
                    needs.add(rdtype)
                return _OWN.get(rdtype, NoRecords.VOID)
            if is_within(name, self._origin):
                raise _InZoneError
            return NoRecords.NOT_ASKED

        try:
            found = evaluate(_DOMAIN, ask)
        except _InZoneError:
            return None
        if len(found.records) != 1 or (needs and not _USUAL.fullmatch(policy)):
            return None
        text = policy.decode("latin-1")
        points = judged_limits(_DOMAIN, Policy(found, (text,), (), (Noted("text", text),), ""))
        return needs if all(isinstance(point, Passed) for point in points) else None


# Policies of which nothing that counts hangs on the addresses of the domain's own hosts, whatever they are: these
# may send, and so may some others, who are far from being all; nobody else may.
_USUAL = re.compile(
    rb"(?i)v=spf1(?: +\+?(?:a|mx|ip4:[0-9.]+(?:/(?:[89]|[12][0-9]|3[0-2])|)"
    rb"|ip6:[0-9a-f:]+(?:/(?:1[6-9]|[2-9][0-9]|1[0-2][0-9])|)|include:[a-z0-9._-]+))* +[~-]all *"
)
# These stand for a domain and its host.
_DOMAIN, _EXCHANGE = absolute("domain.invalid"), absolute("exchange.invalid")
_OWN: dict[RdataType, tuple[Rdata, ...]] = {
    RdataType.A: (from_text(RdataClass.IN, RdataType.A, "192.0.2.1"),),
    RdataType.MX: (from_text(RdataClass.IN, RdataType.MX, "10 exchange.invalid."),),
}
