"""The state that the rules of a translation share: the drafts, and what was lost on the way. No IO here.

A draft is a set as it shall stand at the target, with the keys of the source sets it comes from. A rule looks at
the drafts, changes some, and says of each set that it changes or takes out what is lost: `drop`, `change` and
`merge` cannot be called without a word and a sentence. That is what makes the ledger close.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from enum import StrEnum

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.codec.rdata import to_text
from migrator.model.capabilities import Capabilities
from migrator.model.extras import Extra, Flattened, ForRecord, Note, PlainExtra, Proxied, RecordTTL, Tags, plain
from migrator.model.finding import Severity
from migrator.model.loss import Loss
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey, canonical_order
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.translate.words import Word

# For what has no TTL of its own: an alias takes its target's, which only the provider sees; and what providers
# serve where they choose the TTL themselves.
USUAL_TTL = 300

Labels = tuple[bytes, ...]


class Relation(StrEnum):
    """How the target belongs to the source: what is bound to an account, or to a zone, comes along or does not."""

    FOREIGN = "foreign"
    SAME_ACCOUNT = "same account"
    SAME_ZONE = "same zone"


@dataclass(frozen=True, slots=True)
class Draft:
    """A set as it shall stand at the target, and the source sets it comes from."""

    rrset: RRset
    sources: tuple[RRsetKey, ...]

    @property
    def key(self) -> RRsetKey:
        """The key it will have."""
        return self.rrset.key


@dataclass(slots=True)
class Work:
    """One translation: what is given, the drafts by key, and what was lost so far."""

    snapshot: ZoneSnapshot
    target: Capabilities
    scheme: str
    relation: Relation
    accepts: frozenset[str]
    addresses: Mapping[RRsetKey, RRset]
    identifiers: Mapping[str, str]
    assigned: tuple[Name, ...]
    target_apex: tuple[RRset, ...]
    own_addresses: tuple[RRset, ...] = ()
    standing: tuple[RRset, ...] = ()
    drafts: dict[RRsetKey, Draft] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    reasons: dict[RRsetKey, list[str]] = field(default_factory=dict)
    unresolved: dict[RRsetKey, None] = field(default_factory=dict)

    @property
    def origin(self) -> Name:
        """The zone's name."""
        return self.snapshot.origin

    @property
    def there(self) -> str:
        """The target as people say it within a sentence."""
        return self.target.provider

    @property
    def is_own(self) -> bool:
        """Tell whether the target is of the very service that gave the zone."""
        return bool(self.target.opaque) and self.scheme == self.target.scheme

    def is_apex(self, owner: Name) -> bool:
        """Tell whether the name is the zone's own."""
        return folded(owner) == folded(self.origin)

    def all(self) -> tuple[Draft, ...]:
        """Return the drafts as they are now, so that a rule may change them on its way."""
        return tuple(self.drafts.values())

    def by_owner(self) -> dict[Labels, list[Draft]]:
        """Return the drafts of each name."""
        found: dict[Labels, list[Draft]] = {}
        for draft in self.drafts.values():
            found.setdefault(folded(draft.rrset.owner), []).append(draft)
        return found

    def put(self, rrset: RRset, sources: Iterable[RRsetKey]) -> None:
        """Add a draft; one that has its key already is an error of the rule."""
        assert rrset.key not in self.drafts
        self.drafts[rrset.key] = Draft(rrset, tuple(sources))

    def explain(self, keys: Iterable[RRsetKey], reason: str) -> None:
        """Say in the ledger why these source sets are not simply copied."""
        for key in keys:
            self.reasons.setdefault(key, []).append(reason)

    def lose(self, draft: Draft, word: Word, message: str, *, parameter: str = "", advice: str = "") -> None:
        """Note what is lost of a set."""
        self.lose_at(_common(draft), word, message, parameter=parameter, advice=advice)
        self.explain(draft.sources, message)

    def lose_at(self, key: RRsetKey, word: Word, message: str, *, parameter: str = "", advice: str = "") -> None:
        """Note what is lost where no source set is concerned by itself."""
        what = f"{word.what}={parameter}" if parameter else word.what
        message = f"{message[:1].upper()}{message[1:]}"
        self.losses.append(Loss(key, what, word.exactness, message, advice or word.advice, word.severity))

    def drop(self, draft: Draft, word: Word, message: str, *, advice: str = "") -> None:
        """Take a set out."""
        del self.drafts[draft.key]
        self.lose(draft, word, message, advice=advice)

    def swap(self, draft: Draft, rrset: RRset) -> Draft:
        """Put another set in the place of a draft, without a word of loss: for what `lose` has said already."""
        del self.drafts[draft.key]
        self.put(rrset, draft.sources)
        return self.drafts[rrset.key]

    def change(self, draft: Draft, rrset: RRset, word: Word, message: str) -> Draft:
        """Put another set in the place of a draft, and say what is lost by it."""
        self.lose(draft, word, message)
        return self.swap(draft, rrset)

    def keep_rdatas(self, draft: Draft, kept: Iterable[Rdata], word: Word, message: str) -> None:
        """Take some records out of a set; the whole set where none is left."""
        left = tuple(kept)
        if left:
            self.change(draft, with_rdatas(draft.rrset, left), word, message)
        else:
            self.drop(draft, word, message)

    def accepted(self, word: Word) -> bool:
        """Tell whether the user accepted the loss."""
        return word.what in self.accepts

    def snapshot_of_drafts(self) -> ZoneSnapshot:
        """Return the desired zone."""
        rrsets = sorted((draft.rrset for draft in self.drafts.values()), key=lambda r: canonical_order(r.key))
        return ZoneSnapshot(self.origin, tuple(rrsets), self.snapshot.source, self.snapshot.read_at, self.assigned)

    def is_undecided(self, loss: Loss) -> bool:
        """Tell whether a loss needs a decision and has none."""
        return loss.severity is Severity.ERROR and loss.what not in self.accepts


def with_rdatas(rrset: RRset, rdatas: tuple[Rdata, ...]) -> RRset:
    """Return the set with some of its records only, said as a reader of these alone would say it.

    What was said of the others is gone, and so is a TTL that only they had; what all that are left share is said
    of the set.
    """
    if not any(isinstance(extra, ForRecord) for extra in rrset.extras):
        return replace(rrset, rdatas=rdatas)
    texts = [{rdata.to_text(), to_text(rdata)} for rdata in rdatas]
    own = [[e for e in rrset.extras if isinstance(e, ForRecord) and e.rdata in named] for named in texts]
    ttls = [next((e.extra.ttl for e in said if isinstance(e.extra, RecordTTL)), rrset.ttl) for said in own]
    least = min((ttl for ttl in ttls if ttl is not None), default=None)
    said_of = [[e.extra for e in said if not isinstance(e.extra, RecordTTL)] for said in own]
    shared = tuple(extra for extra in said_of[0] if all(extra in said for said in said_of)) if said_of else ()
    extras: list[Extra] = [e for e in rrset.extras if not isinstance(e, ForRecord)]
    extras += shared
    for rdata, ttl, said in zip(rdatas, ttls, own, strict=True):
        extras += [ForRecord(rdata.to_text(), RecordTTL(ttl))] if ttl is not None and ttl != least else []
        extras += [e for e in said if not isinstance(e.extra, RecordTTL) and e.extra not in shared]
    return replace(rrset, ttl=least, rdatas=rdatas, extras=tuple(extras))


def without(rrset: RRset, kind: type[PlainExtra] | tuple[type[PlainExtra], ...]) -> RRset:
    """Return the set without the extras of these kinds, also those of single records."""
    return replace(rrset, extras=tuple(e for e in rrset.extras if not isinstance(plain(e), kind)))


def says_nothing(extra: Extra) -> bool:
    """Tell whether an extra says no more than that something is not so, or nothing."""
    match plain(extra):
        case Proxied(enabled=False) | Flattened(enabled=False) | Note(text="") | Tags(tags=()):
            return True
        case _:
            return False


def type_text(key: RRsetKey) -> str:
    """Return the type's name."""
    return RdataType.to_text(key.rdtype)


def no_type(work: Work, draft: Draft) -> str:
    """Return the sentence that says of a set which is left out that the target does not have its type."""
    found = len(draft.rrset.rdatas)
    gone = f"{counted(found, 'record')} left out" if found else "the set is left out"
    return f"{work.there} has no type {type_text(draft.key)}: {gone}."


def counted(number: int, noun: str) -> str:
    """Return `1 record`, `3 records`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _common(draft: Draft) -> RRsetKey:
    """Return what the losses of a draft are listed under: its one source, else the owner and type of the first."""
    first = draft.sources[0]
    return first if len(draft.sources) == 1 else replace(first, variant="")
