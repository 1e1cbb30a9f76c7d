"""The migrations of a state database: what happens in each is added as an event, and its state kept beside them.

An attempt at a stage has a number, its turn. The database takes one end of each turn and no second: a worker that
was thought dead, and whose work another has taken over, cannot add to what happened since.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from dns.name import Name

from migrator.codec.observation import instant, parse_instant
from migrator.codec.shape import parse_object
from migrator.errors import InputError, UnsafeError
from migrator.journey import options as optional
from migrator.journey.events import Event, Kind, Worst
from migrator.journey.migration import Migration, Told
from migrator.journey.options import Options
from migrator.journey.stages import Stage
from migrator.journey.state import State, Status, state_of
from migrator.model.finding import Severity
from migrator.model.names import absolute, for_people, text_of
from migrator.model.values import dataclass
from migrator.notices import is_told
from migrator.state.locks import is_held
from migrator.state.store import Store, tool
from migrator.state.tables import EVENTS, MIGRATIONS, NOTICES
from migrator.state.unread import IS_KNOWN, counts_known, read_each, unread

__all__ = ["Migration", "Migrations", "Selection", "Told"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which migrations are meant; what is None does not matter. `fleet` "" are those of no fleet."""

    fleet: str | None = None
    wave: int | None = None
    statuses: frozenset[Status] | None = None
    numbers: frozenset[int] | None = None
    in_fleet: bool = False


# How many migrations are named in one statement: databases take so many values and no more.
_AT_ONCE = 500


def lock_of(key: str) -> str:
    """Return the lock that is held while an attempt at a migration is made."""
    return f"migration:{key}"


class Migrations:
    """The migrations of a state database."""

    def __init__(self, store: Store) -> None:
        """Use the tables of this database."""
        self._store = store

    def begin(self, domain: Name, options: Options, *, by: str = "", fleet: str = "", wave: int = 0) -> Migration:
        """Add a migration; raises UnsafeError where the domain has one that is not over."""
        now = datetime.now(UTC)
        event = Event(Kind.BEGUN, next(iter(Stage)), now, by=by)
        row = {
            "key": uuid.uuid4().hex,
            "utc": instant(now),
            "tool": tool(),
            "domain": text_of(domain),
            "options": optional.dumps(options),
            "fleet": fleet,
            "wave": wave,
            "worker": "",
            **_columns(state_of([event])),
        }
        with self._store.writing() as connection:
            if self._open(connection, domain) is not None:
                raise self._under_way(domain)
            try:
                inserted = connection.execute(sa.insert(MIGRATIONS).values(**row)).inserted_primary_key
            except sa.exc.IntegrityError as exc:
                # Another process was quicker by a moment.
                raise self._under_way(domain) from exc
            assert inserted is not None
            connection.execute(sa.insert(EVENTS).values(**_event_row(int(inserted[0]), event, None)))
        return self.numbered(int(inserted[0]))

    def _under_way(self, domain: Name) -> UnsafeError:
        return UnsafeError(
            f"{for_people(domain)}: a migration of this domain is under way in {self._store.shown_as}: the "
            "command 'status' says where it stands, and 'abort' ends it."
        )

    def of(self, domain: Name) -> Migration | None:
        """Return the last migration of a domain, over or not; None where it never had one."""
        query = sa.select(MIGRATIONS).where(MIGRATIONS.c.domain == text_of(domain))
        with self._store.reading() as connection:
            row = connection.execute(query.order_by(MIGRATIONS.c.id.desc()).limit(1)).mappings().first()
        return None if row is None else self._migration(row)

    def ended_between(self, domain: Name, options: Options) -> Migration | None:
        """Return the last migration of a domain between these sides that is over, whatever came after it."""
        query = sa.select(MIGRATIONS).where(
            MIGRATIONS.c.domain == text_of(domain), MIGRATIONS.c.is_over == sa.true()
        )
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(MIGRATIONS.c.id.desc())).mappings().all()
        readable, _ = read_each(rows, self._migration)
        return next((each for each in readable if each.is_between(options)), None)

    def all(self, which: Selection | None = None) -> tuple[Migration, ...]:
        """Return the last migration of each domain that can be read, in the order in which they were begun."""
        return self._listed(which)[0]

    def listed(self, which: Selection | None = None) -> tuple[tuple[Migration, ...], tuple[str, ...]]:
        """Return the last migration of each domain, and what to say of those that cannot be read.

        One with an event of a newer version is among both: it stands as its row says, and stays so.
        """
        found, messages = self._listed(which)
        known = sa.and_(EVENTS.c.kind.in_(map(str, Kind)), EVENTS.c.stage.in_(map(str, Stage)))
        query = sa.select(EVENTS.c.migration, sa.func.min(EVENTS.c.id).label("first")).where(~known)
        with self._store.reading() as connection:
            newer = {row.migration: row.first for row in connection.execute(query.group_by(EVENTS.c.migration))}
        more = (
            f"{for_people(each.domain)}: {_unread_event(self._store.shown_as, newer[each.number])}"
            for each in found
            if each.number in newer
        )
        return found, (*messages, *more)

    def _listed(self, which: Selection | None) -> tuple[tuple[Migration, ...], tuple[str, ...]]:
        newest = sa.select(sa.func.max(MIGRATIONS.c.id)).group_by(MIGRATIONS.c.domain)
        query = sa.select(MIGRATIONS).where(MIGRATIONS.c.id.in_(newest), *_conditions(which))
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(MIGRATIONS.c.id)).mappings().all()
        return read_each(rows, self._migration)

    def due(
        self, at: datetime, limit: int, which: Selection | None = None, *, began: datetime | None = None
    ) -> tuple[Migration, ...]:
        """Return migrations in which something is to be done, those that have waited longest first.

        With the instant at which somebody `began` who does not wait, those are left out whose wait, for what comes
        or after a failure, ended only since: they would be looked at for ever, where many are.
        """
        conditions = list(_conditions(which))
        if began is not None:
            due, until = MIGRATIONS.c.due, MIGRATIONS.c.until
            # What a stage that is done or a person makes due is no wait that ended.
            conditions.append(sa.or_(due <= instant(began), until.is_(None), due < until))
        query = (
            sa.select(MIGRATIONS)
            .where(MIGRATIONS.c.is_over == sa.false(), MIGRATIONS.c.due <= instant(at), IS_KNOWN, *conditions)
            .order_by(MIGRATIONS.c.due, MIGRATIONS.c.id)
        )
        found: list[Migration] = []
        with self._store.reading() as connection:
            # A row that a newer version wrote, or that is damaged, stops no other, and takes no other's place.
            for page in count():
                rows = connection.execute(query.limit(limit).offset(page * limit)).mappings().all()
                found += read_each(rows, self._migration)[0]
                if len(found) >= limit or len(rows) < limit:
                    return tuple(found[:limit])
        raise AssertionError("there is a last page")

    def as_done_now(self, migration: Migration) -> Migration:
        """Return the migration without a worker that was killed: who makes an attempt holds its lock."""
        if not migration.worker or is_held(self._store, lock_of(migration.key)):
            return migration
        return replace(migration, worker="")

    def counts(self, which: Selection | None = None) -> Mapping[tuple[Stage, Status], int]:
        """Return how many migrations stand where, the last of each domain."""
        newest = sa.select(sa.func.max(MIGRATIONS.c.id)).group_by(MIGRATIONS.c.domain)
        columns = (MIGRATIONS.c.stage, MIGRATIONS.c.status)
        query = sa.select(*columns, sa.func.count()).where(MIGRATIONS.c.id.in_(newest), *_conditions(which))
        with self._store.reading() as connection:
            rows = connection.execute(query.group_by(*columns)).all()
        return {(stage, status): number for stage, status, number in counts_known(rows)}

    def events_after(self, number: int, which: Selection | None = None) -> tuple[tuple[Name, Event], ...]:
        """Return what happened in the chosen migrations after an event, with its domain, in order."""
        query = (
            sa.select(EVENTS, MIGRATIONS.c.domain)
            .join(MIGRATIONS, MIGRATIONS.c.id == EVENTS.c.migration)
            .where(EVENTS.c.id > number, *_conditions(which))
            .order_by(EVENTS.c.id)
        )
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return read_each(rows, lambda row: (absolute(row["domain"]), event_of(row, self._store.shown_as)))[0]

    def last_event(self) -> int:
        """Return the number of the last event of all, 0 where there is none."""
        with self._store.reading() as connection:
            return int(connection.execute(sa.select(sa.func.max(EVENTS.c.id))).scalar() or 0)

    def numbered(self, number: int) -> Migration:
        """Return the migration of this number; there must be one."""
        with self._store.reading() as connection:
            row = connection.execute(sa.select(MIGRATIONS).where(MIGRATIONS.c.id == number)).mappings().one()
        return self._migration(row)

    def keyed(self, key: str) -> Migration:
        """Return the migration of this key; there must be one."""
        with self._store.reading() as connection:
            row = connection.execute(sa.select(MIGRATIONS).where(MIGRATIONS.c.key == key)).mappings().one()
        return self._migration(row)

    def turns(self, keys: Iterable[str]) -> Mapping[str, int]:
        """Return the number of the next attempt at each of these migrations."""
        query = sa.select(MIGRATIONS.c.key, MIGRATIONS.c.turn).where(MIGRATIONS.c.key.in_(set(keys)))
        with self._store.reading() as connection:
            return {row.key: row.turn for row in connection.execute(query)}

    def told(self, migration: Migration) -> Told:
        """Return the migration as it is now, with its events; raises InputError where one cannot be read."""
        query = sa.select(EVENTS).where(EVENTS.c.migration == migration.number).order_by(EVENTS.c.id)
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
        try:
            events = tuple(event_of(row, self._store.shown_as) for row in rows)
        except InputError as exc:
            raise InputError(f"{for_people(migration.domain)}: {exc}") from exc
        return Told(self.numbered(migration.number), events, state_of(events))

    def taken(self, migration: Migration, turn: int, worker: str) -> bool:
        """Note who makes an attempt; False where that attempt has ended already, or nothing is to be done."""
        mine = sa.update(MIGRATIONS).where(MIGRATIONS.c.id == migration.number, MIGRATIONS.c.turn == turn)
        # It may have lain in the queue for long: the person has ended or paused the migration since.
        wanted = mine.where(MIGRATIONS.c.is_over == sa.false(), MIGRATIONS.c.due.is_not(None))
        with self._store.writing() as connection:
            return bool(connection.execute(wanted.values(worker=worker)).rowcount)

    def ended(self, migration: Migration, turn: int, event: Event, *, tells: bool = False) -> Migration | None:
        """Add how an attempt ended; None where it had ended already: what this one found is not added then.

        With `tells` there is somebody who tells people, and the notice is to be sent from this moment on.
        """
        with self._store.writing() as connection:
            mine = sa.select(MIGRATIONS.c.id).where(MIGRATIONS.c.id == migration.number, MIGRATIONS.c.turn == turn)
            if connection.execute(mine.with_for_update()).first() is None:
                return None
            self._add(connection, migration.number, event, turn, tells=tells)
        return self.numbered(migration.number)

    def said(
        self, migration: Migration, *events: Event, change: Callable[[Options], Options] | None = None
    ) -> Migration:
        """Add what a person said; `change` makes the decisions from now on of those that hold at that moment.

        Two persons may decide at once: neither undoes what the other has decided.
        """
        with self._changing(migration, change) as connection:
            for event in events:
                self._add(connection, migration.number, event, None)
        return self.numbered(migration.number)

    def hasten(self, *migrations: Migration) -> None:
        """Make what is to be done at an instant to come due now; where a person is waited for, that stays so."""
        now = instant(datetime.now(UTC))
        numbers = [migration.number for migration in migrations]
        with self._store.writing() as connection:
            for begin in range(0, len(numbers), _AT_ONCE):
                mine = sa.update(MIGRATIONS).where(MIGRATIONS.c.id.in_(numbers[begin : begin + _AT_ONCE]))
                connection.execute(mine.where(MIGRATIONS.c.due > now).values(due=now))

    def decided(self, migration: Migration, change: Callable[[Options], Options]) -> Migration:
        """Keep where the files of a migration lie from now on: nobody decides anything by that."""
        with self._changing(migration, change):
            pass
        return self.numbered(migration.number)

    @contextmanager
    def _changing(
        self, migration: Migration, change: Callable[[Options], Options] | None
    ) -> Iterator[sa.Connection]:
        """Hold a migration for a transaction, and change its decisions at the end of it."""
        mine = sa.select(MIGRATIONS.c.options).where(MIGRATIONS.c.id == migration.number)
        with self._store.writing() as connection:
            known = connection.execute(mine.with_for_update()).scalar_one()
            yield connection
            if change is not None:
                changed = change(optional.loads(known, file=self._store.shown_as))
                kept = sa.update(MIGRATIONS).where(MIGRATIONS.c.id == migration.number)
                connection.execute(kept.values(options=optional.dumps(changed)))

    def postpone(self, key: str, turn: int, time: timedelta) -> None:
        """Let nobody begin an attempt for a while: somebody else makes it; nothing where it has ended by now."""
        later = instant(datetime.now(UTC) + time)
        mine = sa.update(MIGRATIONS).where(MIGRATIONS.c.key == key, MIGRATIONS.c.turn == turn)
        with self._store.writing() as connection:
            connection.execute(mine.where(MIGRATIONS.c.due < later).values(due=later))

    def _add(
        self, connection: sa.Connection, number: int, event: Event, turn: int | None, *, tells: bool = False
    ) -> None:
        query = sa.select(EVENTS).where(EVENTS.c.migration == number).order_by(EVENTS.c.id)
        events = [event_of(row, self._store.shown_as) for row in connection.execute(query).mappings()]
        if turn is not None and events[-1].turn is not None and events[-1].says_the_same(event):
            # Looked at again, and nothing has changed: a month of such looks is one event.
            event = _once_more(events.pop(), event, turn)
            row = _event_row(number, event, turn)
            connection.execute(sa.update(EVENTS).where(EVENTS.c.id == event.number).values(**row))
        else:
            row = _event_row(number, replace(event, turn=turn), turn)
            inserted = connection.execute(sa.insert(EVENTS).values(**row)).inserted_primary_key
            assert inserted is not None
            event = replace(event, number=int(inserted[0]), turn=turn)
            if tells and is_told(event, events[-1]):
                connection.execute(sa.insert(NOTICES).values(event=event.number))
        columns = _columns(state_of([*events, event])) | ({} if turn is None else {"worker": ""})
        connection.execute(sa.update(MIGRATIONS).where(MIGRATIONS.c.id == number).values(**columns))

    def _open(self, connection: sa.Connection, domain: Name) -> int | None:
        query = sa.select(MIGRATIONS.c.id).where(
            MIGRATIONS.c.domain == text_of(domain), MIGRATIONS.c.is_over == sa.false()
        )
        found: int | None = connection.execute(query).scalar()
        return found

    def _migration(self, row: sa.RowMapping) -> Migration:
        file = self._store.shown_as
        try:
            return Migration(
                row["id"],
                row["key"],
                absolute(row["domain"]),
                parse_instant(row["utc"]),
                optional.loads(row["options"], file=file),
                row["fleet"],
                row["wave"],
                Stage(row["stage"]),
                Status(row["status"]),
                row["text"],
                parse_instant(row["since"]),
                _optional_instant(row["until"]),
                _optional_instant(row["due"]),
                row["turn"],
                _worst(row),
                row["worker"],
            )
        except (ValueError, InputError) as exc:
            raise unread(row, file, exc) from exc


def _conditions(which: Selection | None) -> Iterator[sa.ColumnElement[bool]]:
    if which is None:
        return
    if which.fleet is not None:
        yield MIGRATIONS.c.fleet == which.fleet
    if which.in_fleet:
        yield MIGRATIONS.c.fleet != ""
    if which.wave is not None:
        yield MIGRATIONS.c.wave == which.wave
    if which.statuses is not None:
        yield MIGRATIONS.c.status.in_([str(status) for status in which.statuses])
    if which.numbers is not None:
        yield MIGRATIONS.c.id.in_(list(which.numbers))


def _once_more(last: Event, event: Event, turn: int) -> Event:
    """Return the last event as it is after another attempt that ended in the same way."""
    return replace(
        last,
        until=event.until,
        commands=event.commands,
        worst=event.worst,
        documents=event.documents or last.documents,
        by=event.by,
        saw=event.saw,
        turn=turn,
        times=last.times + 1,
        latest=event.at,
    )


def _columns(state: State) -> dict[str, Any]:
    last = state.last
    return {
        "is_over": state.is_over,
        "stage": str(state.stage),
        "status": str(state.status),
        "text": last.text,
        "since": instant(state.since),
        "until": None if last.until is None or state.is_over else instant(last.until),
        "due": None if state.due is None else instant(state.due),
        "turn": state.turn,
        "severity": None if state.worst is None else str(state.worst.severity),
        "worst": "" if state.worst is None else state.worst.message,
    }


def _event_row(number: int, event: Event, turn: int | None) -> dict[str, Any]:
    more = {
        "commands": list(event.commands),
        "words": list(event.words),
        "because": event.because,
        "documents": list(event.documents),
        "plan": event.plan,
        "times": event.times if event.times > 1 else 0,
        "latest": "" if event.latest is None else instant(event.latest),
    }
    return {
        "migration": number,
        "turn": turn,
        "utc": instant(event.at),
        "tool": tool(),
        "kind": str(event.kind),
        "stage": str(event.stage),
        "text": event.text,
        "until": None if event.until is None else instant(event.until),
        "severity": None if event.worst is None else str(event.worst.severity),
        "worst": "" if event.worst is None else event.worst.message,
        "by": event.by,
        "saw": event.saw,
        "more": json.dumps({key: value for key, value in more.items() if value}, separators=(",", ":")),
    }


def event_of(row: sa.RowMapping, file: str) -> Event:
    """Return the event of a row; raises InputError where it is damaged."""
    try:
        more = parse_object(row["more"], file)
        return Event(
            Kind(row["kind"]),
            Stage(row["stage"]),
            parse_instant(row["utc"]),
            row["text"],
            _optional_instant(row["until"]),
            more.texts("commands"),
            _worst(row),
            more.texts("words"),
            more.text("because", ""),
            _numbers(more.members.get("documents", [])),
            more.text("plan", ""),
            row["by"],
            row["id"],
            row["saw"],
            row["turn"],
            max(more.optional_integer("times") or 1, 1),
            _optional_instant(more.text("latest", "") or None),
        )
    except (ValueError, InputError) as exc:
        raise InputError(_unread_event(file, row["id"], f" ({str(exc).removesuffix('.')})")) from exc


def _unread_event(file: str, number: int, cause: str = "") -> str:
    return f"{file}: event {number} cannot be read{cause}: it is damaged, or a newer dns-migrator wrote it."


def _numbers(found: object) -> tuple[int, ...]:
    return tuple(int(each) for each in found) if isinstance(found, list) else ()


def _worst(row: sa.RowMapping) -> Worst | None:
    return None if row["severity"] is None else Worst(Severity(row["severity"]), row["worst"])


def _optional_instant(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)
