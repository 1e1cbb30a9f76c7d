"""Whether the DS records at the parent fit the keys of the servers that the parent points to. No IO here.

A DS that no key of the zone fits makes every validating resolver answer SERVFAIL (RFC 4035 section 5): the most
common way to lose a domain in a switch is to leave the old provider's DS behind.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from dns.exception import UnsupportedAlgorithm
from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.ANY.RRSIG import RRSIG

from migrator.clock import instant
from migrator.cutover.look import Look, ServerView, Side, explained, leaves_open, listed_names, served, signer_set
from migrator.cutover.servers import Remark, serves
from migrator.cutover.stage import Stage
from migrator.model.delegation import ParentView
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.names import folded, text_of
from migrator.model.observation import Answer, NoAnswer
from migrator.model.rrset import canonical_wire

_ZONE_KEY = 0x0100
_REVOKED = 0x0080
_SHA1 = 1
_BETTER_DIGESTS = frozenset({2, 4})
_VALIDATED = frozenset({5, 7, 8, 10, 13, 14, 15, 16})


def signing_remarks(look: Look, stage: Stage | None) -> Iterator[Remark]:
    """Yield what is wrong between the parent's DS records and the servers' keys."""
    known = {view.server: signer_set(view) for view in look.delegation.views}
    answered = [ds for ds in known.values() if ds is not None]
    subject = f"{text_of(look.domain)} DS"
    for view in look.delegation.views:
        if known[view.server] is None and not isinstance(view.ns, NoAnswer):
            reason = f"{view.server} did not say whether there is a DS: {explained(view.ds)}"
            yield Unchecked("dnssec.ds", subject, reason)
    if len({frozenset(map(canonical_wire, ds)) for ds in answered}) > 1:
        yield Finding(
            "dnssec.parents-differ",
            Severity.WARNING,
            subject,
            "The parent's servers have different DS records; one set was expected: a change is on its way, or a "
            "server of the parent is behind.",
            evidence=tuple(f"{view.server}: {_texts(known[view.server] or ())}" for view in look.delegation.views),
        )
    every = {canonical_wire(ds): ds for found in answered for ds in found}
    if every:
        yield from _keys(tuple(every.values()), look, stage)


def ds_unsaid(views: Sequence[ParentView]) -> str:
    """Return which server of the parent does not say whether there is a DS; empty where all do."""
    silent = [view for view in views if signer_set(view) is None]
    if not views:
        return "no server of the parent says whether there is a DS"
    return f"{silent[0].server} does not say whether there is a DS" if silent else ""


def _keys(signers: tuple[DS, ...], look: Look, stage: Stage | None) -> Iterator[Remark]:
    """Judge the servers that the parent lists, those that it is going to list, and those that caches list."""
    listed = listed_names(look.delegation)
    for view in look.servers:
        is_listed = view.server.name is not None and folded(view.server.name) in listed
        is_cached = view.side is Side.OLD and stage is Stage.SWITCHED
        if not (is_listed or is_cached or view.side is Side.NEW) or not serves(view) or view.dnskey is None:
            continue
        if leaves_open(view.dnskey):
            reason = f"no answer for the keys of the zone: {explained(view.dnskey)}"
            yield Unchecked("dnssec.ds-fits", str(view.server), reason)
            continue
        wrong = mismatch(signers, view, look.domain)
        past = None if wrong is not None else _without_effect(signers, view, look.domain)
        if past is not None:
            yield _unsigned_now(view, past, is_asked=is_listed or is_cached)
        elif wrong is not None and is_cached and not is_listed:
            yield _too_early(signers, view, wrong)
        elif wrong is not None:
            yield _unfit(signers, view, wrong, is_listed=is_listed)


def _unfit(signers: tuple[DS, ...], view: ServerView, wrong: str, *, is_listed: bool) -> Finding:
    left_behind = view.side is not Side.OLD
    if is_listed:
        effect = "validating resolvers answer SERVFAIL for the whole domain"
        remedy = "Remove the DS that does not fit at the registrar; add one for these keys once that is settled."
        if view.dnskey is None or served(view.dnskey) is None:
            remedy = "Remove the DS at the registrar at once; resolvers go on to fail until its TTL is past."
    else:
        effect = "once the parent lists this server, validating resolvers would answer SERVFAIL"
        remedy = (
            "Before the switch, remove the DS at the registrar and wait until it has left the caches, or have the "
            "new provider sign with keys that it fits."
        )
    return Finding(
        "dnssec.ds-left-behind" if left_behind else "dnssec.ds-fits",
        Severity.ERROR if is_listed else Severity.WARNING,
        str(view.server),
        f"The parent has DS {tags(signers)}, and {wrong}; a key that fits was expected: {effect}.",
        remedy=remedy,
        evidence=tuple(ds.to_text() for ds in signers),
    )


def _unsigned_now(view: ServerView, past: str, *, is_asked: bool) -> Finding:
    effect = (
        "validating resolvers that ask this server answer SERVFAIL for the whole domain"
        if is_asked
        else "once the parent lists this server, validating resolvers would answer SERVFAIL"
    )
    return Finding(
        "dnssec.signature-expired",
        Severity.ERROR if is_asked else Severity.WARNING,
        str(view.server),
        f"The keys of the zone there have a signature that {past}; one that holds now was expected: {effect}.",
        remedy="Have the provider sign the zone anew; where it did, look at the clocks of its servers, and at "
        "this machine's.",
    )


def _too_early(signers: tuple[DS, ...], view: ServerView, wrong: str) -> Finding:
    """Say that resolvers which still ask an old server cannot validate what it answers."""
    return Finding(
        "dnssec.ds-too-early",
        Severity.ERROR,
        str(view.server),
        f"The parent has DS {tags(signers)}, and {wrong}; resolvers that still ask this old server answer "
        "SERVFAIL until the last stale answer is gone.",
        remedy="If the switch is as recent as that, remove the DS of the new keys at the registrar, and enter it "
        "when the last stale answer is gone; where both sides publish each other's keys, keep that of the old "
        "keys beside it.",
        evidence=tuple(ds.to_text() for ds in signers),
    )


def mismatch(signers: tuple[DS, ...], view: ServerView, domain: Name) -> str | None:
    """Return what keeps these DS from validating the zone of a server that answered for its keys, or None."""
    from dns.dnssec import key_id

    assert view.dnskey is not None
    rrset = served(view.dnskey)
    if rrset is None:
        return "the zone there has no DNSKEY"
    keys = [rdata for rdata in rrset.rdatas if isinstance(rdata, DNSKEY)]
    fitting = _fitting(signers, view, domain)
    if not fitting:
        tags = ", ".join(str(key_id(key)) for key in keys)
        weak = passed_over(signers, keys, domain)
        return f"none of the keys there fits it ({tags or 'none'}{f'; {weak}' if weak else ''})"
    signing = {signature.key_tag for signature in _signatures(view)}
    if not signing & {key_id(key) for key in fitting}:
        return "the key that fits does not sign the keys there"
    return None


def _fitting(signers: tuple[DS, ...], view: ServerView, domain: Name) -> list[DNSKEY]:
    rrset = None if view.dnskey is None else served(view.dnskey)
    keys = () if rrset is None else rrset.rdatas
    trusted = heeded(signers)
    return [key for key in keys if isinstance(key, DNSKEY) and any(fits(ds, key, domain) for ds in trusted)]


def _without_effect(signers: tuple[DS, ...], view: ServerView, domain: Name) -> str | None:
    """Return why no signature by a key that a DS fits counts at the moment, None where one does.

    The fields hold seconds since 1970, as far as 32 bits go (RFC 4034 section 3.1.5).
    """
    from dns.dnssec import key_id

    assert view.dnskey is not None
    fitting, now = {key_id(key) for key in _fitting(signers, view, domain)}, view.dnskey.at.timestamp()
    own = [signature for signature in _signatures(view) if signature.key_tag in fitting]
    if any(signature.inception <= now <= signature.expiration for signature in own):
        return None
    ended = max((signature.expiration for signature in own if signature.expiration < now), default=None)
    if ended is not None:
        return f"expired at {instant(datetime.fromtimestamp(ended, UTC))}"
    return f"begins at {instant(datetime.fromtimestamp(min(each.inception for each in own), UTC))}"


def fits(ds: DS, key: DNSKEY, domain: Name) -> bool:
    """Tell whether the DS is a digest of this key (RFC 4034 section 5.2)."""
    from dns.dnssec import allow_all_policy, key_id, make_ds

    if not key.flags & _ZONE_KEY or key.flags & _REVOKED:
        return False
    if (ds.key_tag, ds.algorithm) != (key_id(key), key.algorithm):
        return False
    try:
        made = make_ds(domain, key, ds.digest_type, policy=allow_all_policy, validating=True)
    except UnsupportedAlgorithm:
        return False
    return canonical_wire(made) == canonical_wire(ds)


def heeded(signers: Iterable[DS]) -> tuple[DS, ...]:
    """Return the DS that every validator looks at: none by SHA-1 beside a better digest (RFC 4509 section 3).

    Where only one by SHA-1 fits, BIND 9.18 answers SERVFAIL, and Unbound 1.17 validates (measured 2026-11).
    """
    signers = tuple(signers)
    better = any(ds.digest_type in _BETTER_DIGESTS and ds.algorithm in _VALIDATED for ds in signers)
    return tuple(ds for ds in signers if not better or ds.digest_type != _SHA1)


def can_be_validated(signers: Iterable[DS]) -> bool:
    """Tell whether validators know the algorithm and digest of a DS: else the zone is unsigned for them.

    RFC 4035 section 5.2, RFC 6840 section 5.2.
    """
    return any(ds.algorithm in _VALIDATED and ds.digest_type in {_SHA1, *_BETTER_DIGESTS} for ds in signers)


def passed_over(signers: Iterable[DS], keys: Iterable[DNSKEY], domain: Name) -> str:
    """Return which DS fits a key and is not looked at, for findings; empty where none does."""
    signers, keys = tuple(signers), tuple(keys)
    looked_at = heeded(signers)
    for ds in signers:
        if ds not in looked_at and any(fits(ds, key, domain) for key in keys):
            return (
                f"DS {ds.key_tag} {ds.algorithm} {ds.digest_type} would, and its digest is by SHA-1, which "
                "validators pass over beside a better one (RFC 4509 section 3)"
            )
    return ""


def _signatures(view: ServerView) -> Iterator[RRSIG]:
    if not isinstance(view.dnskey, Answer):
        return
    for rrset in view.dnskey.answer:
        if rrset.rdtype == RdataType.RRSIG and folded(rrset.owner) == folded(view.dnskey.question.qname):
            for rdata in rrset.rdatas:
                if isinstance(rdata, RRSIG) and rdata.type_covered == RdataType.DNSKEY:
                    yield rdata


def tags(signers: tuple[DS, ...]) -> str:
    """Return the key tags of DS records, as findings name them."""
    return ", ".join(str(ds.key_tag) for ds in signers)


def _texts(rdatas: tuple[Rdata, ...]) -> str:
    return "; ".join(rdata.to_text() for rdata in rdatas) or "no DS"
