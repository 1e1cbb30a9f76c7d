"""The keys of a zone as one server shows them, and whether signatures by them hold. No IO here.

A key that signs the DNSKEY RRset is a key-signing key here, whatever its SEP flag says: that is what a DS has to
fit (RFC 4035 section 5.2). A key that signs the SOA is a zone-signing key; one key may be both.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dns.rrset
from dns.exception import DNSException, UnsupportedAlgorithm
from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.ANY.RRSIG import RRSIG

from migrator.checks.facts import Facts, ZoneSide
from migrator.cutover.look import served, signer_set
from migrator.cutover.signing import fits, heeded, passed_over
from migrator.model.names import folded
from migrator.model.observation import Answer, Observation, Question, Server
from migrator.model.rrset import RRset, canonical_wire
from migrator.model.values import dataclass

Key = tuple[int, int, bytes]


@dataclass(frozen=True, slots=True)
class KeySet:
    """What one server shows of the zone's keys; `keys` is None where it does not say, empty where it has none.

    `signing` are those that sign the DNSKEY RRset and hold now; `data_tags` the key tags that sign the SOA.
    """

    server: Server
    observation: Observation
    soa: Observation
    keys: tuple[DNSKEY, ...] | None
    signing: tuple[DNSKEY, ...] = ()
    data_tags: frozenset[int] = frozenset()
    ttl: int = 0

    @property
    def is_signed(self) -> bool:
        """Whether the server has keys for the zone."""
        return bool(self.keys)

    @property
    def tags(self) -> frozenset[int]:
        """The key tags of all keys."""
        return frozenset(map(tag, self.keys or ()))

    def data_keys(self) -> tuple[DNSKEY, ...]:
        """Return the keys that sign the zone's data, as far as the SOA shows it."""
        return tuple(key for key in self.keys or () if tag(key) in self.data_tags)


def key_questions(facts: Facts) -> Iterator[Question]:
    """Yield the questions for keys and for a signed SOA, for every server of either side."""
    for side in facts.sides:
        for server in side.servers:
            yield facts.question(server, facts.domain, RdataType.DNSKEY, dnssec=True)
            yield facts.question(server, facts.domain, RdataType.SOA, dnssec=True)


def key_sets(facts: Facts, side: ZoneSide | None) -> tuple[KeySet, ...]:
    """Return what each server of a side shows of its keys."""
    return () if side is None else tuple(_key_set(facts, server) for server in side.servers)


def _key_set(facts: Facts, server: Server) -> KeySet:
    seen = facts.observed(facts.question(server, facts.domain, RdataType.DNSKEY, dnssec=True))
    soa = facts.observed(facts.question(server, facts.domain, RdataType.SOA, dnssec=True))
    rrset = served(seen)
    if rrset is None:
        return KeySet(server, seen, soa, () if _says_none(seen) else None)
    keys = tuple(rdata for rdata in rrset.rdatas if isinstance(rdata, DNSKEY))
    own = signatures_of(seen, RdataType.DNSKEY)
    holding = {s.key_tag for s in own if fault_of(rrset, (s,), keys, facts.domain, facts.now) is None}
    signing = tuple(key for key in keys if tag(key) in holding)
    data_tags = frozenset(signature.key_tag for signature in signatures_of(soa, RdataType.SOA))
    return KeySet(server, seen, soa, keys, signing, data_tags, rrset.ttl or 0)


def signers(facts: Facts) -> tuple[DS, ...] | None:
    """Return the DS records that any server of the parent has; None where no server of the parent says."""
    if facts.delegation is None:
        return None
    known = [found for view in facts.delegation.views if (found := signer_set(view)) is not None]
    if not known:
        return None
    every = {canonical_wire(ds): ds for found in known for ds in found}
    return tuple(every[wire] for wire in sorted(every))


def fitting(trusted: Iterable[DS], keys: KeySet, domain: Name) -> tuple[DNSKEY, ...]:
    """Return the keys that sign the DNSKEY RRset and that a DS fits which every validator looks at."""
    trusted = heeded(trusted)
    return tuple(key for key in keys.signing if any(fits(ds, key, domain) for ds in trusted))


def published_for(trusted: Iterable[DS], keys: KeySet, domain: Name) -> tuple[DNSKEY, ...]:
    """Return the keys that such a DS fits, whether or not they sign anything."""
    trusted = heeded(trusted)
    return tuple(key for key in keys.keys or () if any(fits(ds, key, domain) for ds in trusted))


def signatures_of(seen: Observation, rdtype: RdataType, owner: Name | None = None) -> tuple[RRSIG, ...]:
    """Return the signatures over a set in the answer, or in the authority section where it has another owner."""
    if not isinstance(seen, Answer):
        return ()
    wanted = folded(owner or seen.question.qname)
    return tuple(
        rdata
        for rrset in (*seen.answer, *seen.authority)
        if rrset.rdtype == RdataType.RRSIG and folded(rrset.owner) == wanted
        for rdata in rrset.rdatas
        if isinstance(rdata, RRSIG) and rdata.type_covered == rdtype
    )


def fault_of(
    rrset: RRset, signatures: Iterable[RRSIG], keys: Iterable[DNSKEY], zone: Name, now: datetime
) -> str | None:
    """Return why none of the signatures over the RRset holds now, None where one does (RFC 4035 section 5.3)."""
    faults = []
    keys = tuple(keys)
    for signature in signatures:
        matching = [key for key in keys if (tag(key), key.algorithm) == (signature.key_tag, signature.algorithm)]
        fault = _fault(rrset, signature, matching, zone, now)
        if fault is None:
            return None
        faults.append(fault)
    return faults[0] if faults else "is not signed"


def _fault(rrset: RRset, signature: RRSIG, keys: list[DNSKEY], zone: Name, now: datetime) -> str | None:
    from dns.dnssec import allow_all_policy, validate

    if not keys:
        return f"is signed by key {signature.key_tag}, which is not in the zone"
    if moment(signature.expiration) < now:
        return f"has a signature that expired at {moment(signature.expiration):%Y-%m-%dT%H:%M:%SZ}"
    if moment(signature.inception) > now:
        return f"has a signature that begins at {moment(signature.inception):%Y-%m-%dT%H:%M:%SZ}"
    signed = dns.rrset.from_rdata_list(rrset.owner, signature.original_ttl, list(rrset.rdatas))
    by = dns.rrset.from_rdata_list(rrset.owner, signature.original_ttl, [signature])
    known: dict[Name, Any] = {zone: dns.rrset.from_rdata_list(zone, signature.original_ttl, keys)}
    try:
        validate(signed, by, known, None, now.timestamp(), allow_all_policy)
    except UnsupportedAlgorithm:
        return f"is signed with algorithm {signature.algorithm}, which cannot be checked here"
    except DNSException:
        return f"has a signature by key {signature.key_tag} that does not fit its data"
    return None


def moment(serial: int) -> datetime:
    """Return the time that a signature's field means (RFC 4034 section 3.1.5)."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=serial)


def tag(key: DNSKEY) -> int:
    """Return the key tag (RFC 4034 appendix B)."""
    from dns.dnssec import key_id

    return key_id(key)


def identity_of(key: DNSKEY) -> Key:
    """Return what makes two keys the same one."""
    return (key.flags, key.algorithm, key.key)


def tags_text(keys: Iterable[DNSKEY | DS]) -> str:
    """Return key tags as findings name them."""
    found = sorted({key.key_tag if isinstance(key, DS) else tag(key) for key in keys})
    return ", ".join(map(str, found)) or "none"


def unfit_text(trusted: Iterable[DS], keys: KeySet, domain: Name) -> str:
    """Return the tags of keys that no DS fits, as findings name them, with a DS that is passed over."""
    weak = passed_over(trusted, keys.signing, domain)
    return f"{tags_text(keys.keys or ())}; {weak}" if weak else tags_text(keys.keys or ())


def _says_none(seen: Observation) -> bool:
    """Tell whether the server says with authority that the zone has no keys."""
    return isinstance(seen, Answer) and seen.authoritative and seen.rcode == 0 and not seen.truncated
