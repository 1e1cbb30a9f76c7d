"""The originals of TTLs that were lowered, in the state database: added to, never changed.

What was lowered is written before the provider is asked to: a process that dies in between leaves an original too
many, which restoring finds to be back already, and never one too few.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from dns.exception import DNSException
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.codec.observation import instant, parse_instant
from migrator.errors import InputError
from migrator.model.names import absolute, text_of
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.state.store import Store, tool
from migrator.state.tables import TTLS
from migrator.ttls import Original

LOWERED, RESTORED = "lowered", "restored"


@dataclass(frozen=True, slots=True)
class Place:
    """Where TTLs were lowered: the key of the target for locks and journal, and the locator as it was given."""

    target: str
    locator: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was lowered at one place and not put back, by set; `since` is when the first of these was lowered."""

    place: Place
    originals: Mapping[RRsetKey, Original]
    since: datetime


class TtlMemory:
    """The originals of a state database."""

    def __init__(self, store: Store) -> None:
        """Use the table of this database."""
        self._store = store

    def lowered(self, domain: Name, place: Place, originals: Iterable[Original], run: int | None = None) -> None:
        """Remember what sets had, right before they are lowered."""
        self._add(LOWERED, domain, place, originals, run)

    def restored(self, domain: Name, place: Place, originals: Iterable[Original], run: int | None = None) -> None:
        """Remember that sets have their originals again, or are not there any more."""
        self._add(RESTORED, domain, place, originals, run)

    def pending(self, domain: Name) -> tuple[Remembered, ...]:
        """Return what was lowered and not put back, place by place, in the order of the first lowering."""
        return self._last(domain, with_restored=False)

    def latest(self, domain: Name) -> tuple[Remembered, ...]:
        """Return the originals of the last lowering of each set, put back or not."""
        return self._last(domain, with_restored=True)

    def _last(self, domain: Name, *, with_restored: bool) -> tuple[Remembered, ...]:
        query = sa.select(TTLS).where(TTLS.c.domain == text_of(domain)).order_by(TTLS.c.id)
        with self._store.reading() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        places: dict[str, Place] = {}
        found: dict[str, dict[RRsetKey, Original]] = {}
        begun: dict[tuple[str, RRsetKey], datetime] = {}
        for row in rows:
            original = _original(row, self._store.shown_as)
            place = found.setdefault(row["target"], {})
            places[row["target"]] = Place(row["target"], row["locator"])
            if row["event"] == LOWERED:
                place[original.key] = original
                begun.setdefault((row["target"], original.key), parse_instant(row["utc"]))
            elif not with_restored:
                place.pop(original.key, None)
                begun.pop((row["target"], original.key), None)
        return tuple(
            Remembered(places[target], kept, min(begun[target, key] for key in kept))
            for target, kept in found.items()
            if kept
        )

    def _add(self, event: str, domain: Name, place: Place, originals: Iterable[Original], run: int | None) -> None:
        common = {
            "run": run,
            "utc": instant(datetime.now(UTC)),
            "tool": tool(),
            "event": event,
            "domain": text_of(domain),
            "target": place.target,
            "locator": place.locator,
        }
        rows = [{**common, **_columns(original)} for original in originals]
        if rows:
            with self._store.noting() as connection:
                connection.execute(sa.insert(TTLS), rows)


def _columns(original: Original) -> dict[str, Any]:
    return {
        "owner": original.key.owner.to_text(),
        "rdtype": RdataType.to_text(original.key.rdtype),
        "variant": original.key.variant,
        "original": original.ttl,
        "records": json.dumps(original.records),
        "lowered": original.lowered,
    }


def _original(row: Mapping[str, Any], file: str) -> Original:
    try:
        key = RRsetKey(absolute(row["owner"]), RdataType.from_text(row["rdtype"]), row["variant"])
        records = tuple((str(text), int(ttl)) for text, ttl in json.loads(row["records"]))
    except (ValueError, TypeError, DNSException, InputError) as exc:
        raise InputError(f"{file}: damaged: TTL {row['id']} cannot be read.") from exc
    return Original(key, row["original"], row["lowered"], records)
