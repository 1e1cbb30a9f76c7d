"""The journal: what every import was about to write, and what became of it, so that it can go on and be undone.

Before the first write a run is there with the target as it was (its before image, whole) and each change with the
set before and after; results follow as they are known. Whoever kills the program between two of these leaves a
run without an end: the next one of the same target continues it. Nothing is believed of a change without a result
but what reading the target again shows.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from dns.name import Name

from migrator.codec import changes as codec
from migrator.codec import zone as zones
from migrator.codec.observation import instant, parse_instant
from migrator.codec.shape import parse_object
from migrator.errors import StoreError
from migrator.interfaces import ChangeResult, Outcome
from migrator.model.change import Change
from migrator.model.names import absolute, text_of
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.state.store import Store, tool
from migrator.state.tables import RUNS, STEPS


class Kind(StrEnum):
    """What a run is for."""

    IMPORT = "import"
    ROLLBACK = "rollback"
    TTL_LOWER = "ttl-lower"
    TTL_RESTORE = "ttl-restore"


# What an interrupted import is ended by: TTLs that were changed meanwhile leave it as it is.
_WHOLE_ZONE = frozenset({Kind.IMPORT, Kind.ROLLBACK})


class End(StrEnum):
    """How a run ended: all as planned, or with something left over."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that is about to begin.

    `target` names the zone at its provider, the same for every way to write its locator; `existing` is the zone
    as it is, None where it is made first; `digest` is the source's.
    """

    kind: Kind
    domain: Name
    target: str
    locator: str
    source: str
    digest: str
    existing: ZoneSnapshot | None
    backup: str = ""
    continues: int | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the journal has it. `outcomes` are by the place of the change; `end` is None where it has none.

    `tool` is the version of the program that wrote it.
    """

    number: int
    begun: datetime
    new: NewRun
    changes: tuple[Change, ...]
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    end: End | None = None
    tool: str = ""

    @property
    def is_complete(self) -> bool:
        """Tell whether all was done as planned."""
        return self.end is End.COMPLETE


class Journal:
    """The journal of a state database."""

    def __init__(self, store: Store) -> None:
        """Use the tables of this database."""
        self._store = store

    def begin(self, new: NewRun, changes: Sequence[Change] | None) -> "Writing":
        """Note a run and what it is about to do, at once; None: the zone is made before that is known."""
        try:
            return self._begun(new, changes)
        except StoreError as exc:
            raise StoreError(f"{exc} Nothing was written.") from exc

    def _begun(self, new: NewRun, changes: Sequence[Change] | None) -> "Writing":
        with self._store.noting() as connection:
            inserted = connection.execute(sa.insert(RUNS).values(**_run_row(new))).inserted_primary_key
            assert inserted is not None
            number = int(inserted[0])
            steps = (
                [_step(number, "intent", action="create-zone")] if changes is None else _intents(number, changes)
            )
            _insert(connection, steps)
        return Writing(self._store, number)

    def runs(self, domain: Name) -> tuple[Run, ...]:
        """Return the runs of a zone, the oldest first."""
        query = sa.select(RUNS).where(RUNS.c.domain == text_of(domain)).order_by(RUNS.c.id)
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
            steps = (
                connection.execute(
                    sa.select(STEPS)
                    .where(STEPS.c.run.in_([row["id"] for row in rows]))
                    .order_by(STEPS.c.run, STEPS.c.id)
                )
                .mappings()
                .all()
            )
        by_run: dict[int, list[Mapping[str, Any]]] = {}
        for step in steps:
            by_run.setdefault(step["run"], []).append(dict(step))
        return tuple(_run(dict(row), by_run.get(row["id"], []), self._store.shown_as) for row in rows)

    def overtaken(self, domain: Name) -> frozenset[str]:
        """Return the backups that runs took of their target, and that what was written since has overtaken.

        A rollback that came to its end leaves the records as they were before the import that it took back, so
        that a backup from before the import holds again, and the rollback's own does not.
        """
        of_run = (RUNS.c.id, RUNS.c.kind, RUNS.c.target, RUNS.c.backup, RUNS.c.continues, RUNS.c.undoes)
        of_domain = RUNS.c.domain == text_of(domain)
        complete = sa.select(STEPS.c.run).where(STEPS.c.event == "end", STEPS.c.action == str(End.COMPLETE))
        with self._store.reading() as connection:
            rows = connection.execute(sa.select(*of_run).where(of_domain).order_by(RUNS.c.id)).all()
            ended = set(connection.execute(complete.where(STEPS.c.run.in_([row.id for row in rows]))).scalars())
        # A state of a zone's records is called after the run that has written it, 0 before all runs.
        states: dict[str, int] = {}
        before: dict[int, int] = {}
        first: dict[int, int] = {}
        for row in rows:
            before[row.id] = states.get(row.target, 0)
            first[row.id] = first.get(row.continues, row.id)
            if Kind(row.kind) is Kind.ROLLBACK and row.id in ended and row.undoes in first:
                states[row.target] = before[first[row.undoes]]
            elif Kind(row.kind) in _WHOLE_ZONE:
                states[row.target] = row.id
        return frozenset(row.backup for row in rows if row.backup and before[row.id] != states.get(row.target, 0))

    def unfinished(self, domain: Name, target: str) -> tuple[Run, ...]:
        """Return the runs of an import into the target that never came to its end, the newest first."""
        here = [run for run in self.runs(domain) if run.new.target == target and run.new.kind in _WHOLE_ZONE]
        if not here or here[-1].is_complete or here[-1].new.kind is not Kind.IMPORT:
            return ()
        return chain(here[-1], here)


class Writing:
    """A run that is being written."""

    def __init__(self, store: Store, number: int) -> None:
        """Add to the run of this number."""
        self.number = number
        self._store = store

    def zone_made(self, changes: Sequence[Change]) -> None:
        """Note that the zone is there, and what is to be written to it."""
        self._add([_step(self.number, "done", action="create-zone"), *_intents(self.number, changes)])

    def results(self, results: Iterable[tuple[int, ChangeResult]]) -> None:
        """Note what became of changes, by their places."""
        self._add(
            [
                _step(self.number, str(result.outcome), place, codec.action(result.change), detail=result.detail)
                for place, result in results
            ]
        )

    def end(self, how: End, detail: str = "") -> None:
        """Note that nothing more comes."""
        self._add([_step(self.number, "end", action=str(how), detail=detail)])

    def _add(self, steps: list[dict[str, Any]]) -> None:
        if steps:
            with self._store.noting() as connection:
                _insert(connection, steps)


def chain(last: Run, runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return a run and those that it continues, the newest first."""
    by_number = {run.number: run for run in runs}
    found = [last]
    while (earlier := found[-1].new.continues) is not None and earlier in by_number:
        found.append(by_number[earlier])
    return tuple(found)


def _insert(connection: sa.Connection, steps: list[dict[str, Any]]) -> None:
    if steps:
        connection.execute(sa.insert(STEPS), steps)


def _intents(number: int, changes: Sequence[Change]) -> list[dict[str, Any]]:
    return [
        _step(number, "intent", place, codec.action(change), json.dumps(codec.document(change)))
        for place, change in enumerate(changes)
    ]


def _step(
    run: int, event: str, number: int | None = None, action: str = "", change: str | None = None, detail: str = ""
) -> dict[str, Any]:
    return {
        "run": run,
        "utc": instant(datetime.now(UTC)),
        "event": event,
        "number": number,
        "action": action,
        "change": change,
        "detail": detail,
    }


def _run_row(new: NewRun) -> dict[str, Any]:
    return {
        "utc": instant(datetime.now(UTC)),
        "tool": tool(),
        "kind": str(new.kind),
        "domain": text_of(new.domain),
        "target": new.target,
        "locator": new.locator,
        "source": new.source,
        "digest": new.digest,
        "backup": new.backup,
        "existing": None if new.existing is None else zones.dumps(new.existing),
        "continues": new.continues,
        "undoes": new.undoes,
    }


def _run(row: Mapping[str, Any], steps: Sequence[Mapping[str, Any]], file: str) -> Run:
    origin = absolute(row["domain"])
    existing = None if row["existing"] is None else zones.loads(row["existing"], file=file)[0]
    new = NewRun(
        Kind(row["kind"]),
        origin,
        row["target"],
        row["locator"],
        row["source"],
        row["digest"],
        existing,
        row["backup"],
        row["continues"],
        row["undoes"],
    )
    changes = [
        codec.parse(parse_object(step["change"], file), origin)
        for step in steps
        if step["event"] == "intent" and step["change"] is not None
    ]
    outcomes = {
        step["number"]: Outcome(step["event"])
        for step in steps
        if step["number"] is not None and step["event"] in tuple(Outcome)
    }
    ends = [End(step["action"]) for step in steps if step["event"] == "end"]
    end = ends[-1] if ends else None
    return Run(row["id"], parse_instant(row["utc"]), new, tuple(changes), outcomes, end, row["tool"])
