"""Whether every name server shows the TTLs that are wanted: asked of the servers, not of the API. No IO here."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.cutover.look import explained, served
from migrator.model.change import Replace
from migrator.model.extras import Flattened, plain
from migrator.model.names import folded, is_wildcard
from migrator.model.observation import Observation, Question, Server
from migrator.model.rrset import RRset
from migrator.model.values import dataclass
from migrator.ttls.originals import Original, longest_ttl


@dataclass(frozen=True, slots=True)
class Wish:
    """The TTLs, from `least` to `most` seconds, with which a server may answer for a name and a type."""

    owner: Name
    rdtype: RdataType
    least: int
    most: int


class Shown(StrEnum):
    """What one server shows."""

    YES = "shown"
    NOT_YET = "not-yet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sight:
    """One server's answer to one wish."""

    wish: Wish
    observation: Observation

    @property
    def server(self) -> Server:
        """The server that was asked."""
        return self.observation.question.server

    @property
    def ttl(self) -> int | None:
        """The TTL that it shows, None where it gives no such set."""
        rrset = served(self.observation)
        return None if rrset is None else rrset.ttl

    @property
    def trouble(self) -> str:
        """What came instead."""
        return "" if self.ttl is not None else explained(self.observation)

    @property
    def state(self) -> Shown:
        """Whether the wish is fulfilled here."""
        if self.ttl is None:
            return Shown.UNKNOWN
        return Shown.YES if self.wish.least <= self.ttl <= self.wish.most else Shown.NOT_YET


def wishes_of_lowering(changes: Iterable[Replace], pending: Iterable[Original] = ()) -> tuple[Wish, ...]:
    """Return what has to be shown after a lowering: this one, and what was lowered before."""
    low = [
        (change.desired.key.owner, change.desired.rdtype, 0, change.desired.ttl or 0)
        for change in changes
        if not is_answered_otherwise(change.desired)
    ]
    low += [(original.key.owner, original.key.rdtype, 0, original.lowered) for original in pending]
    return _united(low)


def wishes_of_restoring(changes: Iterable[Replace]) -> tuple[Wish, ...]:
    """Return what has to be shown after the originals are back."""
    return _united(
        (
            change.desired.key.owner,
            change.desired.rdtype,
            change.desired.ttl or 0,
            longest_ttl(change.desired) or 0,
        )
        for change in changes
        if not is_answered_otherwise(change.desired)
    )


def is_answered_otherwise(rrset: RRset) -> bool:
    """Tell whether servers answer another type in its place, with a TTL of their own: flattened CNAMEs."""
    return any(isinstance(extra, Flattened) and extra.enabled for extra in map(plain, rrset.extras))


def questions(wishes: Sequence[Wish], servers: Sequence[Server], nonce: bytes) -> list[tuple[Wish, Question]]:
    """Return the questions to every server; a wildcard is asked by a name that nobody has."""
    return [
        (wish, Question(server, _asked(wish.owner, nonce), wish.rdtype)) for server in servers for wish in wishes
    ]


def _asked(owner: Name, nonce: bytes) -> Name:
    return Name((nonce, *owner.labels[1:])) if is_wildcard(owner) else owner


def _united(found: Iterable[tuple[Name, RdataType, int, int]]) -> tuple[Wish, ...]:
    """Return one wish for each name and type: a server answers variants of a set one at a time."""
    wishes: dict[tuple[tuple[bytes, ...], RdataType], Wish] = {}
    for owner, rdtype, least, most in found:
        key = (folded(owner), rdtype)
        known = wishes.get(key, Wish(owner, rdtype, least, most))
        wishes[key] = Wish(owner, rdtype, min(least, known.least), max(most, known.most))
    return tuple(wishes.values())
