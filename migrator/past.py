"""What the memory holds of one domain, for a person: looks joined to stretches, and runs of writes. No IO here.

A stretch says that one address, asked one thing, showed the same in every look from `first` to `last`. Resolvers
count a TTL down, so that theirs is given as a range; anywhere else another TTL is another stretch.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dns.name import Name

from migrator.model.change import Change
from migrator.model.values import dataclass

RESOLVER = "resolver"


@dataclass(frozen=True, slots=True)
class Look:
    """One row of the memory: what an address said, or that it did not say anything.

    `shown` is the set as text, empty where there certainly is none, None where the look does not say; then
    `trouble` is what came instead. `document` is the whole observation as JSON text.
    """

    number: int
    at: datetime
    tool: str
    role: str
    server: str
    address: str
    qname: str
    qtype: str
    transport: str
    rcode: str | None
    authoritative: bool | None
    ttl: int | None
    shown: str | None
    trouble: str
    document: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """What an address showed, unchanged, in `looks` looks from `first` to `last`; TTLs from `least` to `most`."""

    role: str
    server: str
    address: str
    qname: str
    qtype: str
    shown: str | None
    trouble: str
    least: int | None
    most: int | None
    first: datetime
    last: datetime
    looks: int
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """A run of a command that wrote: what it was about to do, what became of each change, and how it ended.

    `outcomes` has a word for each change, empty where nothing is known; `end` is empty where the run has none.
    """

    number: int
    begun: datetime
    tool: str
    kind: str
    target: str
    locator: str
    source: str
    digest: str
    backup: str
    continues: int | None
    undoes: int | None
    changes: tuple[Change, ...]
    outcomes: tuple[str, ...]
    end: str


@dataclass(frozen=True, slots=True)
class Registration:
    """What the registry said: `document` is the JSON text of what was understood, with its whole answer in it."""

    at: datetime
    tool: str
    source: str
    document: str


@dataclass(frozen=True, slots=True)
class TtlEvent:
    """A set whose TTL was lowered or put back (`event`), at which zone, and what it had and got."""

    at: datetime
    tool: str
    event: str
    locator: str
    owner: str
    rdtype: str
    variant: str
    original: int
    lowered: int
    run: int | None


@dataclass(frozen=True, slots=True)
class Past:
    """All that is remembered of a domain; `database` without its password."""

    domain: Name
    database: str
    looks: tuple[Look, ...] = ()
    writes: tuple[Write, ...] = ()
    ttls: tuple[TtlEvent, ...] = ()
    registrations: tuple[Registration, ...] = ()

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The looks joined, sorted by role, question, address and time."""
        return stretches(self.looks)

    @property
    def tools(self) -> tuple[str, ...]:
        """The versions of the program that looked or wrote, in the order in which they first did."""
        return tuple(dict.fromkeys([*(look.tool for look in self.looks), *(write.tool for write in self.writes)]))


def stretches(looks: Iterable[Look]) -> tuple[Stretch, ...]:
    """Return the looks joined: equal sights of one question at one address, one after another, are one."""
    done: list[Stretch] = []
    open_: dict[tuple[str, ...], Stretch] = {}
    for look in looks:
        subject = (look.role, look.address, look.qname, look.qtype)
        last = open_.get(subject)
        if last is not None and _same(last, look):
            open_[subject] = _longer(last, look)
            continue
        if last is not None:
            done.append(last)
        open_[subject] = _begun(look)
    return tuple(sorted([*done, *open_.values()], key=_order))


def _same(stretch: Stretch, look: Look) -> bool:
    if (stretch.shown, stretch.trouble) != (look.shown, look.trouble):
        return False
    return look.role == RESOLVER or stretch.most == look.ttl


def _begun(look: Look) -> Stretch:
    return Stretch(
        look.role,
        look.server,
        look.address,
        look.qname,
        look.qtype,
        look.shown,
        look.trouble,
        look.ttl,
        look.ttl,
        look.at,
        look.at,
        1,
        (look.tool,),
    )


def _longer(stretch: Stretch, look: Look) -> Stretch:
    ttls = [ttl for ttl in (stretch.least, stretch.most, look.ttl) if ttl is not None]
    tools = stretch.tools if look.tool in stretch.tools else (*stretch.tools, look.tool)
    return replace(
        stretch,
        least=min(ttls, default=None),
        most=max(ttls, default=None),
        last=look.at,
        looks=stretch.looks + 1,
        tools=tools,
    )


def _order(stretch: Stretch) -> tuple[int, int, str, str, str, datetime]:
    role = _ROLES.index(stretch.role) if stretch.role in _ROLES else len(_ROLES)
    qtype = _TYPES.index(stretch.qtype) if stretch.qtype in _TYPES else len(_TYPES)
    return role, qtype, stretch.qname, stretch.qtype, stretch.address, stretch.first


_ROLES = ("parent", "server", RESOLVER)
_TYPES = ("NS", "DS", "SOA", "DNSKEY")
