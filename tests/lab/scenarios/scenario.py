"""What a scenario says: how its domain differs from a healthy one, and which checks must not pass.

    [one-new-server-is-lame]
    title = "One of the new name servers does not have the zone"
    found_by = "ns.aa"
    fail = ["ns.aa", "zone.served"]
    new-2.absent = true

The name of the table is the domain's, below `test.`. Its zone is `base`, as changed by `both` at both sides, then
by `old` or `new`, then by the name of a single server (`old-1`, `old-2`, `new-1`, `new-2`). What `--from` reads is
the old zone, as changed by `export`; what `--to` reads is the new one, as changed by `plan`. From the switch on
the old servers list the new set, and in `close` the new TTLs are high again, unless the scenario says otherwise.

Every check that is not named in `fail`, `warn` or `unchecked` has to pass or not to be needed.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

from migrator.model.finding import Phase

_T = TypeVar("_T")

DATA = Path(__file__).with_name("data")
OLD_SERVERS, NEW_SERVERS = ("old-1", "old-2"), ("new-1", "new-2")
SERVERS = (*OLD_SERVERS, *NEW_SERVERS)
HOSTS = {"old-1": "ns1.old.test.", "old-2": "ns2.old.test.", "new-1": "ns1.new.test.", "new-2": "ns2.new.test."}
_TIME = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Change:
    """How a zone differs from the one that it is made of.

    `without` are records to leave out, as `owner TYPE`; `adds` is zone-file text, a record a line. `ns` is the NS
    set of the apex (`old` and `new` are the usual names of a side), `ttl` the TTL of all records that have none of
    their own, `soa` the timers of the SOA, and `primary` its first name. `absent`: the server does not have the
    zone. `signed_by` names a key of the scenario, `publishes` keys that are in the DNSKEY set besides.
    """

    without: tuple[str, ...] = ()
    adds: str = ""
    ns: tuple[str, ...] | None = None
    ttl: int | None = None
    soa_ttl: int | None = None
    serial: int | None = None
    soa: str | None = None
    primary: str | None = None
    absent: bool = False
    open_transfer: bool = False
    signed_by: str | None = None
    publishes: tuple[str, ...] | None = None
    expired: bool | None = None

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Self:
        """Return the change that a table says."""
        return _filled(cls, table)


@dataclass(frozen=True, slots=True)
class Parent:
    """What servers of the parent have: `ns` may be `old` or `new` for a side's own set, `ds` names keys."""

    ns: tuple[str, ...] = ("old",)
    ttl: int = 3600
    ds: tuple[str, ...] = ()
    glue: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Self:
        """Return what the table says of a parent."""
        glue = {name: tuple(addresses) for name, addresses in table.get("glue", {}).items()}
        return _filled(cls, {**table, "glue": glue})


@dataclass(frozen=True, slots=True)
class Look:
    """An earlier look at the old servers, the parent, and the apex at the new servers.

    It saw what they have now, but for the TTL of all sets, the set at the parent, its glue and its DS; and `at`
    these servers alone.
    """

    ago: timedelta
    ttl: int | None = None
    at: tuple[str, ...] = SERVERS
    ns: tuple[str, ...] = ("old",)
    ds: tuple[str, ...] | None = None
    glue: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Self:
        """Return the look that a table says."""
        glue = {name: tuple(addresses) for name, addresses in table.get("glue", {}).items()}
        return _filled(cls, {**table, "ago": duration(table["ago"]), "glue": glue})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A zone that scenarios point at, with the servers of the side `at`; the registry knows it if `registered`."""

    at: str
    records: str
    registered: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """One domain in one phase of its move, and what the checks have to say of it.

    `found_by` is the check that has to name the fault, empty where the domain is healthy; `not_before` is from now
    on. `source` and `target` are the schemes of the locators where they are no files. `at` is the domain where it
    is not named as the scenario. `cached`: resolvers keep an SOA that they had from the new side. `policy` is the
    MTA-STS policy on its web server, `assigned` the name servers that the new provider says it has assigned.
    `impatient`: a server is silent, so that waiting is of no use.
    """

    name: str
    area: str
    title: str
    phase: Phase = Phase.READY
    base: str = "usual"
    changes: Mapping[str, Change] = field(default_factory=dict)
    parent: Parent = field(default_factory=Parent)
    first_parent: Parent | None = None
    looks: tuple[Look, ...] = ()
    selectors: tuple[str, ...] = ("k1",)
    at: str = ""
    strategy: str = ""
    expires_in: timedelta = timedelta(days=3000)
    source: str = ""
    target: str = ""
    cached: bool = False
    policy: str = ""
    assigned: tuple[str, ...] = ()
    lowered_ago: timedelta | None = None
    frozen: bool = True
    old_queries: int | None = 0
    registered: tuple[str, ...] = ("old",)
    registry_status: tuple[str, ...] = ("active",)
    impatient: bool = False
    found_by: str = ""
    verdict: str = "go"
    fail: frozenset[str] = frozenset()
    warn: frozenset[str] = frozenset()
    unchecked: frozenset[str] = frozenset()
    not_before: timedelta | None = None

    @property
    def domain(self) -> str:
        """The domain, with its last dot."""
        return self.at or f"{self.name}.test."

    def change(self, where: str) -> Change:
        """Return the change at a place: `both`, `old`, `new`, a server, `export` or `plan`."""
        return self.changes.get(where, Change())


PLACES = ("both", "old", "new", *SERVERS, "export", "plan")
_TOLD = ("fail", "warn", "unchecked")
_LOOKS = {
    Phase.PREPARE: (),
    Phase.READY: (Look(timedelta(days=3), 3600), Look(timedelta(days=2))),
    Phase.SWITCH: (Look(timedelta(days=3), 3600), Look(timedelta(days=2))),
    Phase.SETTLE: (
        Look(timedelta(days=5), 3600),
        Look(timedelta(days=4)),
        Look(timedelta(days=3), ns=("new",)),
    ),
    Phase.CLOSE: (
        Look(timedelta(days=12), 3600),
        Look(timedelta(days=11)),
        Look(timedelta(days=10), ns=("new",)),
    ),
}  # fmt: skip


def load() -> tuple[Scenario, ...]:
    """Return all scenarios, by file and in the order of the files."""
    return tuple(
        _scenario(name, file.stem, table)
        for file in sorted(DATA.glob("*.toml"))
        if file.stem not in {"bases", "elsewhere"}
        for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items()
    )


def bases() -> Mapping[str, str]:
    """Return the zones that scenarios start from, by name."""
    document: dict[str, str] = tomllib.loads((DATA / "bases.toml").read_text(encoding="utf-8"))
    return document


def elsewhere() -> Mapping[str, Elsewhere]:
    """Return the zones that scenarios point at, by name."""
    document = tomllib.loads((DATA / "elsewhere.toml").read_text(encoding="utf-8"))
    return {zone: _filled(Elsewhere, table) for zone, table in document.items()}


def _scenario(name: str, area: str, table: dict[str, Any]) -> Scenario:
    table = dict(table)
    phase = Phase(table.pop("phase", "ready"))
    after = phase in {Phase.SWITCH, Phase.SETTLE, Phase.CLOSE}
    tables = {place: table.pop(place, {}) for place in PLACES}
    if after:
        tables["old"] = {"ns": ["new"], **tables["old"]}
        tables["export"] = {"ns": ["old"], **tables["export"]}
    if phase is Phase.CLOSE:
        tables["new"] = {"ttl": 3600, **tables["new"]}
    changes = {place: Change.read(found) for place, found in tables.items()}
    parent = {"ns": ["new"] if after else ["old"], **table.pop("parent", {})}
    first = table.pop("first_parent", None)
    looks = table.pop("looks", None)
    more: dict[str, Any] = {
        key: frozenset(table.pop(key)) for key in ("fail", "warn", "unchecked") if key in table
    }
    lowered, not_before = table.pop("lowered_ago", ""), table.pop("not_before", "")
    expires = table.pop("expires_in", "3000d")
    return _filled(
        Scenario,
        {
            "source": table.pop("from", ""),
            "target": table.pop("to", ""),
            "registered": ["new" if after else "old"],
            **table,
            **more,
            "name": name,
            "area": area,
            "phase": phase,
            "changes": changes,
            "parent": Parent.read(parent),
            "first_parent": None if first is None else Parent.read({**parent, **first}),
            "looks": _LOOKS[phase] if looks is None else tuple(map(Look.read, looks)),
            "lowered_ago": duration(lowered) if lowered else None,
            "expires_in": duration(expires),
            "not_before": duration(not_before) if not_before else None,
        },
    )


def duration(text: str) -> timedelta:
    """Return the time of a text such as `3d` or `12h`."""
    found = _TIME.fullmatch(text)
    assert found, f"'{text}' is no time such as 3d"
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _filled(cls: type[_T], table: Mapping[str, Any]) -> _T:
    unknown = set(table) - set(getattr(cls, "__slots__", ()))
    assert not unknown, f"{cls.__name__} has no {', '.join(sorted(unknown))}"
    return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})
