"""A record, and the RRset that records of one owner and type make up. No IO here."""

from dataclasses import field

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.model.extras import Alias, Extra, Flattened, Proxied, plain
from migrator.model.finding import Position
from migrator.model.names import folded
from migrator.model.rdatas import canonical_octets
from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record as a reader found it: nothing merged, nothing repaired.

    `owner` and all names in `rdata` are absolute. `position` says where it was read and is no part of
    its equality.
    """

    owner: Name
    ttl: int
    rdata: Rdata
    extras: tuple[Extra, ...] = ()
    variant: str = ""
    position: Position | None = None

    def __eq__(self, other: object) -> bool:
        """Compare all but the position; owners without regard to case."""
        if not isinstance(other, Record):
            return NotImplemented
        return (
            folded(self.owner) == folded(other.owner)
            and self.ttl == other.ttl
            and self.rdata == other.rdata
            and self.extras == other.extras
            and self.variant == other.variant
        )

    def __hash__(self) -> int:
        """Hash what equality compares."""
        return hash((folded(self.owner), self.ttl, self.rdata, self.extras, self.variant))


@dataclass(frozen=True, slots=True, eq=False)
class RRsetKey:
    """What names an RRset: owner (case does not count), type, and the variant of a routed set.

    `variant` is Route 53's SetIdentifier, and empty for ordinary RRsets. `folded` are the labels in lower
    case: a key is compared and hashed far more often than it is made, and dnspython is slow at both.
    """

    owner: Name
    rdtype: RdataType
    variant: str = ""
    folded: tuple[bytes, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Fold the owner once."""
        object.__setattr__(self, "folded", folded(self.owner))

    def __eq__(self, other: object) -> bool:
        """Compare owners label by label in lower case."""
        if not isinstance(other, RRsetKey):
            return NotImplemented
        return self.rdtype == other.rdtype and self.folded == other.folded and self.variant == other.variant

    def __hash__(self) -> int:
        """Hash what equality compares."""
        return hash((self.folded, self.rdtype, self.variant))


@dataclass(frozen=True, slots=True)
class RRset:
    """All records of one key, with one TTL in seconds.

    `rdatas` are distinct and in canonical order (RFC 4034 section 6.3): build RRsets with `make`. An alias has
    no rdatas; its TTL, where the provider has none, is None. Where the records of a set disagree in TTL, the
    set carries the smallest and a `ForRecord(RecordTTL)` extra for each of the others.
    """

    key: RRsetKey
    ttl: int | None
    rdatas: tuple[Rdata, ...]
    extras: tuple[Extra, ...] = ()

    @property
    def owner(self) -> Name:
        """The owner name."""
        return self.key.owner

    @property
    def rdtype(self) -> RdataType:
        """The type of the records, or what an alias answers for."""
        return self.key.rdtype


def make(key: RRsetKey, ttl: int | None, rdatas: tuple[Rdata, ...], extras: tuple[Extra, ...] = ()) -> RRset:
    """Return an RRset with its rdatas distinct and in canonical order."""
    if len(rdatas) > 1:
        by_wire = {canonical_wire(rdata): rdata for rdata in reversed(rdatas)}
        rdatas = tuple([by_wire[wire] for wire in sorted(by_wire)])
    return RRset(key, ttl, rdatas, extras)


def canonical_wire(rdata: Rdata) -> bytes:
    """Return the canonical wire form of the rdata (RFC 4034 section 6.2): equal for equal rdata."""
    octets = canonical_octets(rdata)
    if octets is not None:
        return octets
    wire = rdata.to_digestable()
    assert isinstance(wire, bytes)
    return wire


def canonical_order(key: RRsetKey) -> tuple[tuple[bytes, ...], int, str]:
    """Return the sort key of a zone's RRsets: canonical name order, then SOA, NS, and types by number."""
    return key.folded[::-1], type_rank(key.rdtype), key.variant


# What stands beside a CNAME: its signature, the proof of its types (RFC 4035 section 2.5), a key (RFC 2181
# section 10.1); and CNAMEs, of which there is one.
BESIDE_CNAME = frozenset({RdataType.CNAME, RdataType.RRSIG, RdataType.NSEC, RdataType.KEY})


def type_rank(rdtype: RdataType) -> int:
    """Return the place of a type among those of an owner: SOA, NS, and all others by number."""
    return _FIRST_TYPES.get(rdtype, int(rdtype) + 2)


_FIRST_TYPES = {RdataType.SOA: 0, RdataType.NS: 1}


def alias_of(rrset: RRset) -> Alias | None:
    """Return where the provider looks the answer up, None for a set that is not looked up."""
    return next((extra for extra in rrset.extras if isinstance(extra, Alias)), None)


def is_alias(rrset: RRset) -> bool:
    """Tell whether the provider looks the answer up elsewhere."""
    return alias_of(rrset) is not None


def alias_alone_of(rrset: RRset) -> Alias | None:
    """Return the alias of a set that has no rdata of its own."""
    return None if rrset.rdatas else alias_of(rrset)


def is_proxied(rrset: RRset) -> bool:
    """Tell whether a provider's proxy answers in the place of the set; where one record is proxied, all are."""
    return any(isinstance(extra, Proxied) and extra.enabled for extra in map(plain, rrset.extras))


def is_looked_up(rrset: RRset) -> bool:
    """Tell whether a provider answers addresses that it finds itself, its proxy's too, in the place of the set."""
    return any(isinstance(extra, Flattened | Proxied) and extra.enabled for extra in map(plain, rrset.extras))
