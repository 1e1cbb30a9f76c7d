"""What one look at a switch gathers, before anybody judges it. No IO here."""

from enum import StrEnum

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.ANY.NS import NS

from migrator.cutover.registrar import Registrar
from migrator.model.delegation import Delegation, ParentView
from migrator.model.names import folded
from migrator.model.observation import Answer, Observation, Server
from migrator.model.rrset import RRset
from migrator.model.values import dataclass

_SAYS_NONE = frozenset({Rcode.NOERROR, Rcode.NXDOMAIN})
NameSet = frozenset[tuple[bytes, ...]]
# Host names, each with its addresses as texts.
Addresses = tuple[tuple[Name, frozenset[str]], ...]


class Side(StrEnum):
    """To whom a name server belongs: the set that is left, the expected one, or neither."""

    OLD = "old"
    NEW = "new"
    OTHER = "other"


class HostState(StrEnum):
    """What came of looking for the addresses of a name server."""

    FOUND = "found"
    NO_SUCH_NAME = "no such name"
    NO_ADDRESS = "no address"
    CNAME = "CNAME"
    LITERAL = "address literal"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Host:
    """A name server and its addresses; `detail` says what stood in the way, or where a CNAME leads."""

    name: Name
    side: Side
    state: HostState
    addresses: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ServerView:
    """What one address of a name server says of the zone that it should serve.

    `dnskey` is None where nobody can trust a key: the parent has no DS, and caches hold none. `own_addresses` are
    its answers for the addresses of name servers that lie inside the zone, to be compared with the glue.
    """

    server: Server
    side: Side
    ns: Observation
    soa: Observation
    canary: Observation
    dnskey: Observation | None = None
    own_addresses: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolverView:
    """The samples that were taken of one resolver, by whatever tells the sides apart."""

    name: str
    server: Server
    samples: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Unasked:
    """Something that was asked in vain, or could not be asked, and why.

    `is_unknown`: the registry answered that it does not know the domain.
    """

    reason: str
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a domain: `expected` and `old` are the two sets of name servers, `old` empty where not known.

    `registrar` is None where nobody wanted to ask. `addresses` are those that the new zone itself has for expected
    names inside the domain, where it was read. `left` are those at which name servers were that keep their names
    and move: of an earlier delegation, or of the old zone, and none of the new ones.
    """

    domain: Name
    expected: tuple[Name, ...]
    old: tuple[Name, ...]
    delegation: Delegation
    hosts: tuple[Host, ...] = ()
    servers: tuple[ServerView, ...] = ()
    resolvers: tuple[ResolverView, ...] = ()
    registrar: Registrar | Unasked | None = None
    allow_special_addresses: bool = False
    addresses: Addresses = ()
    left: Addresses = ()

    def side_of(self, name: Name) -> Side:
        """Return the side of a name server; one that stays belongs to the new side."""
        return side_of(name, self.expected, self.old)


def side_of(name: Name, expected: tuple[Name, ...], old: tuple[Name, ...]) -> Side:
    """Return the side of a name server; one that is in both sets belongs to the new side."""
    if folded(name) in names_of(expected):
        return Side.NEW
    return Side.OLD if folded(name) in names_of(old) else Side.OTHER


def names_of(names: tuple[Name, ...]) -> NameSet:
    """Return the names as a set in which case does not count."""
    return frozenset(map(folded, names))


def targets(rrset: RRset | None) -> tuple[Name, ...]:
    """Return the name servers that an NS RRset lists."""
    return () if rrset is None else tuple(rdata.target for rdata in rrset.rdatas if isinstance(rdata, NS))


def listed_names(delegation: Delegation) -> NameSet:
    """Return the name servers that some server of the parent lists."""
    return frozenset(folded(name) for view in delegation.views for name in targets(view.delegation()))


def signer_set(view: ParentView) -> tuple[DS, ...] | None:
    """Return the DS records that this parent server has, empty for none, None where it does not say."""
    rrset = view.signer()
    if rrset is not None:
        return tuple(rdata for rdata in rrset.rdatas if isinstance(rdata, DS))
    # Without authority the server hands the question on, or answers for the child: that says nothing.
    if not isinstance(view.ds, Answer) or not view.ds.authoritative:
        return None
    return () if view.ds.rcode in _SAYS_NONE else None


def served(observation: Observation) -> RRset | None:
    """Return the RRset that an authoritative answer gives, or None."""
    if not isinstance(observation, Answer) or observation.rcode != Rcode.NOERROR:
        return None
    return observation.answered() if observation.authoritative and not observation.truncated else None


def leaves_open(observation: Observation) -> bool:
    """Tell whether the observation says neither what there is nor that there is nothing.

    Silence does, and as much an answer that fails, is refused, cut off or without authority.
    """
    if not isinstance(observation, Answer) or observation.truncated or not observation.authoritative:
        return True
    return observation.rcode not in {Rcode.NOERROR, Rcode.NXDOMAIN}


def explained(observation: Observation) -> str:
    """Return in a few words what came back, for findings: `REFUSED`, `timeout`, `not authoritative`."""
    match observation:
        case Answer() if observation.rcode != Rcode.NOERROR:
            return Rcode.to_text(observation.rcode)
        case Answer() if observation.truncated:
            return "a truncated answer, and none over TCP"
        case Answer() if not observation.authoritative:
            referred = any(found.rdtype == RdataType.NS for found in observation.authority)
            return "a referral elsewhere" if referred else "an answer without authority"
        case Answer():
            found = observation.answered()
            return "no data" if found is None else "an answer"
        case _:
            return f"{observation.reason}{f' ({observation.detail})' if observation.detail else ''}"
