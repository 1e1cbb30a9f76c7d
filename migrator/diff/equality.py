"""When two RRsets say the same: the one home of equality. No IO here.

Rdata are equal when their canonical wire forms are (RFC 4034 section 6.2), so that letter case in names,
spellings of IPv6 and of base64 do not count; nor does the case of names in types that are younger than that form,
which leaves them as they are written (RFC 3597 section 7). TXT and SPF are equal when their joined octets are:
programs join the strings before they read them. Tags of CAA and flags of NAPTR have no case (RFC 8659 section 4.1,
RFC 3403 section 4.1). Extras count where they change what is answered; notes and tags do not, nor does what a
provider calls the zone that an alias leads to.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from functools import cache
from operator import attrgetter

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.codec.rdata import to_text
from migrator.meaning.roles import TEXT_TYPES, octets
from migrator.model.extras import (
    Alias,
    AutomaticTTL,
    Extra,
    Flattened,
    Managed,
    Metadata,
    Note,
    Proxied,
    RecordTTL,
    Tags,
    canonical_text,
    plain,
)
from migrator.model.names import ROOT, text_of
from migrator.model.rdatas import BINDING_TYPES, octets_of_binding
from migrator.model.rrset import RRset, canonical_wire

# They say something of the record, or of its upkeep, and nothing of the answer.
SILENT = (AutomaticTTL, Flattened, Managed, Metadata, Note, Tags)


def identical(old: RRset, new: RRset) -> bool:
    """Tell whether two RRsets are the same to the letter: the fast path of nearly every RRset.

    That a record has no proxy is no letter of it, whether or not somebody says so.
    """
    return (
        old.ttl == new.ttl
        and old.key.owner.labels == new.key.owner.labels
        and (old.extras == new.extras or _told_in_order(old.extras) == _told_in_order(new.extras))
        and spelt_alike(old.rdatas, new.rdatas)
    )


def spelt_alike(old: tuple[Rdata, ...], new: tuple[Rdata, ...]) -> bool:
    """Tell whether the rdatas have equal fields in equal order; false may still mean equal rdata."""
    if len(old) != len(new):
        return False
    for one, other in zip(old, new, strict=True):
        kind = type(one)
        if kind is not type(other):
            return False
        fields = _fields(kind.__name__)
        if fields(one) != fields(other):
            return False
    return True


def meaning(rdata: Rdata) -> bytes:
    """Return octets that are equal for rdata which mean the same."""
    if rdata.rdtype in TEXT_TYPES:
        return octets(rdata)
    if rdata.rdtype == RdataType.NAPTR:
        rdata = _with_small_flags(rdata)
    wire = canonical_wire(_with_folded_names(rdata))
    if rdata.rdtype == RdataType.CAA and len(wire) > _CAA_HEAD:
        end = _CAA_HEAD + wire[1]
        return wire[:_CAA_HEAD] + wire[_CAA_HEAD:end].lower() + wire[end:]
    return wire


def _with_small_flags(rdata: Rdata) -> Rdata:
    """Return a NAPTR with flags in small letters."""
    flags: bytes = getattr(rdata, "flags", b"")
    return rdata if flags == flags.lower() else rdata.replace(flags=flags.lower())


def _with_folded_names(rdata: Rdata) -> Rdata:
    """Return the rdata with small letters in the names that its canonical form leaves as they are written."""
    field = _NAMES_AS_WRITTEN.get(rdata.rdtype, "")
    found = getattr(rdata, field, None) if field else None  # what is kept as octets has none
    match found:
        case Name():
            small = found.canonicalize()
            return rdata if small.labels == found.labels else rdata.replace(**{field: small})
        case tuple():
            return rdata.replace(**{field: tuple([name.canonicalize() for name in found])})
        case _:
            return rdata


# The field with a name, or with several.
_NAMES_AS_WRITTEN = {
    RdataType.AMTRELAY: "relay",
    RdataType.DSYNC: "target",
    RdataType.HIP: "servers",
    RdataType.HTTPS: "target",
    RdataType.IPSECKEY: "gateway",
    RdataType.LP: "fqdn",
    RdataType.NSAP_PTR: "target",
    RdataType.SVCB: "target",
}


def mean_the_same(one: tuple[Rdata, ...], other: tuple[Rdata, ...]) -> bool:
    """Tell whether the rdatas mean the same; most that do are spelt alike as well."""
    return one is other or spelt_alike(one, other) or by_meaning(one).keys() == by_meaning(other).keys()


# What a record means, and how often the same was said before it.
Meant = tuple[bytes, int]


def by_meaning(rdatas: Iterable[Rdata]) -> dict[Meant, Rdata]:
    """Return the rdatas by what they mean.

    A text that stands there again, cut otherwise, has a key of its own: programs that expect one record read two.
    """
    found: dict[Meant, Rdata] = {}
    for rdata in rdatas:
        meant = meaning(rdata), 0
        while meant in found and rdata.rdtype in TEXT_TYPES:
            meant = meant[0], meant[1] + 1
        found[meant] = rdata
    return found


def is_said(meant: Meant | str, said: Container[object]) -> bool:
    """Tell whether a meaning, or an extra's text, stands among those that are said, be it once and not again."""
    return (meant if isinstance(meant, str) else (meant[0], 0)) in said


# Flags and the length of the tag stand before it (RFC 8659 section 4.1).
_CAA_HEAD = 2


def effective(extras: Iterable[Extra]) -> dict[str, Extra]:
    """Return the extras that change what is answered, by a text that is equal for equal ones."""
    return {
        canonical_text(_unplaced(extra)): extra
        for extra in extras
        if not isinstance(plain(extra), (*SILENT, RecordTTL)) and not _denies(extra)
    }


def _unplaced(extra: Extra) -> Extra:
    """Return an alias to a name without what its provider calls the zone of that name: the name says the answer.

    An alias to a set of its own zone has another identifier in each zone. One without a name has nothing else.
    """
    return replace(extra, scope="") if isinstance(extra, Alias) and extra.target != ROOT and extra.scope else extra


def record_ttls(extras: Iterable[Extra]) -> set[str]:
    """Return the TTLs of single records that differ from their set's, as texts."""
    return {canonical_text(extra) for extra in extras if isinstance(plain(extra), RecordTTL)}


def only_spelling(old: RRset, new: RRset) -> str:
    """Return how two sets differ that mean the same: strings cut elsewhere, letter case, notes; empty if not."""
    found = []
    if old.owner.labels != new.owner.labels:
        found.append("the letter case of the owner")
    if not spelt_alike(old.rdatas, new.rdatas):
        is_text = old.rdtype in TEXT_TYPES
        found.append("where the text is cut into strings" if is_text else "letter case in the rdata")
    had, has = (tuple(map(_unplaced, _told(rrset.extras))) for rrset in (old, new))
    if _scopes(old) != _scopes(new):
        found.append("what the provider calls the zone that its alias leads to")
    if {canonical_text(extra) for extra in had} - record_ttls(had) != {
        canonical_text(extra) for extra in has
    } - record_ttls(has):
        found.append("notes, tags or settings that answer nothing")
    return " and ".join(found)


def _scopes(rrset: RRset) -> set[str]:
    return {extra.scope for extra in rrset.extras if isinstance(extra, Alias)}


def values(rrset: RRset) -> dict[Meant | str, str]:
    """Return all that a set says, as text by meaning: its rdatas, then the extras that change the answer."""
    found: dict[Meant | str, str] = {meant: to_text(rdata) for meant, rdata in by_meaning(rrset.rdatas).items()}
    found.update({text: shown(extra) for text, extra in effective(rrset.extras).items()})
    return found


def shown(extra: Extra) -> str:
    """Return an extra as reports show it, apart from rdata by its parentheses."""
    if isinstance(extra, Alias):
        target = extra.scope if extra.target == ROOT and extra.scope else text_of(extra.target)
        return f"(alias to {target}{', healthy ones' if extra.evaluate_target_health else ''})"
    return f"({canonical_text(extra)})"


def _told(extras: tuple[Extra, ...]) -> tuple[Extra, ...]:
    """Return the extras but for those that only deny."""
    return tuple([extra for extra in extras if not _denies(extra)])


def _told_in_order(extras: tuple[Extra, ...]) -> list[str]:
    """Return the same in the one order of a digest: that of the records in a file says nothing."""
    return sorted(map(canonical_text, _told(extras)))


def _denies(extra: Extra) -> bool:
    """Tell whether the extra says of a record what is so anyway: Cloudflare's export has cf-proxied:false."""
    inner = plain(extra)
    return isinstance(inner, Proxied | Flattened) and not inner.enabled


@cache
def _fields(kind: str) -> Callable[[Rdata], object]:
    """Return a function that gives all of an rdata in a form that compares exactly: fast for the common types."""
    names = _FAST.get(kind)
    if names is None:
        return octets_of_binding if kind in _BINDINGS else Rdata.to_wire
    return attrgetter(*names)


_BINDINGS = frozenset(rdtype.name for rdtype in BINDING_TYPES)
# Names are compared by their labels: the comparison of dnspython's names orders them, which takes far longer.
_FAST = {
    "A": ("address",),
    "AAAA": ("address",),
    "TXT": ("strings",),
    "CNAME": ("target.labels",),
    "NS": ("target.labels",),
    "PTR": ("target.labels",),
    "MX": ("preference", "exchange.labels"),
    "SRV": ("priority", "weight", "port", "target.labels"),
    "CAA": ("flags", "tag", "value"),
    "RRSIG": (
        *("type_covered", "algorithm", "labels", "original_ttl", "expiration", "inception", "key_tag"),
        *("signer.labels", "signature"),
    ),
    "NSEC": ("next.labels", "windows"),
    "NSEC3": ("algorithm", "flags", "iterations", "salt", "next", "windows"),
}
