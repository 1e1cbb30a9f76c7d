"""Reads all that the memory holds of a domain: observations row by row, journals of writes, TTLs."""

import json
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa
from dns.name import Name

from migrator.codec.observation import parse_instant
from migrator.errors import InputError
from migrator.model.names import absolute, text_of
from migrator.past import Look, Past, Registration, TtlEvent, Write
from migrator.state.journal import Journal, Run
from migrator.state.store import Role, Store
from migrator.state.tables import DOCUMENTS, MIGRATIONS, OBSERVATIONS, REGISTRATIONS, RUNS, TTLS

_TABLES = (OBSERVATIONS, RUNS, TTLS, REGISTRATIONS, DOCUMENTS, MIGRATIONS)
_MOST_SIMILAR, _LIKENESS = 3, 0.8


def past_of(store: Store, domain: Name) -> Past:
    """Return what is remembered of a domain; raises InputError where a row cannot be one of ours."""
    query = sa.select(OBSERVATIONS).where(OBSERVATIONS.c.domain == text_of(domain)).order_by(OBSERVATIONS.c.id)
    with store.reading() as connection:
        rows = connection.execute(query).mappings()
        looks = tuple(_look(dict(row), store.shown_as) for row in rows)
    writes = tuple(_write(run) for run in Journal(store).runs(domain))
    return Past(domain, store.shown_as, looks, writes, _ttls(store, domain), _registrations(store, domain))


def outline_of(store: Store, domain: Name) -> Past:
    """Return what `past_of` does, of the looks those at the delegation alone, and without their raw answers.

    A resolver that was asked for weeks has many rows, and a report says nothing of a single one of them.
    """
    told_why = sa.and_(OBSERVATIONS.c.rdata.is_(None), OBSERVATIONS.c.rcode.is_(None))
    columns = [column for column in OBSERVATIONS.c if column.name != "raw"]
    query = (
        sa.select(*columns, sa.case((told_why, OBSERVATIONS.c.raw), else_="").label("raw"))
        .where(
            OBSERVATIONS.c.domain == text_of(domain),
            OBSERVATIONS.c.role.in_([str(Role.PARENT), str(Role.SERVER)]),
            OBSERVATIONS.c.qname == text_of(domain),
            OBSERVATIONS.c.qtype.in_(["NS", "DS"]),
        )
        .order_by(OBSERVATIONS.c.id)
    )
    with store.reading() as connection:
        looks = tuple(_look(dict(row), store.shown_as) for row in connection.execute(query).mappings())
    writes = tuple(_write(run) for run in Journal(store).runs(domain))
    return Past(domain, store.shown_as, looks, writes, _ttls(store, domain), _registrations(store, domain))


def is_remembered(store: Store, domain: Name) -> bool:
    """Tell whether there is anything of a domain: a look, a write, a result, a migration."""
    with store.reading() as connection:
        return any(
            connection.execute(sa.select(table.c.id).where(table.c.domain == text_of(domain)).limit(1)).first()
            for table in _TABLES
        )


def similar_domains(store: Store, domain: Name) -> tuple[Name, ...]:
    """Return the domains that are remembered and are written much like this one, the most alike first."""
    with store.reading() as connection:
        known = {
            name
            for table in _TABLES
            for name in connection.execute(sa.select(table.c.domain).distinct()).scalars()
        }
    return tuple(map(absolute, get_close_matches(text_of(domain), sorted(known), _MOST_SIMILAR, _LIKENESS)))


def _registrations(store: Store, domain: Name) -> tuple[Registration, ...]:
    query = sa.select(REGISTRATIONS).where(REGISTRATIONS.c.domain == text_of(domain)).order_by(REGISTRATIONS.c.id)
    with store.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    return tuple(Registration(parse_instant(row["utc"]), row["tool"], row["source"], row["shown"]) for row in rows)


def _ttls(store: Store, domain: Name) -> tuple[TtlEvent, ...]:
    query = sa.select(TTLS).where(TTLS.c.domain == text_of(domain)).order_by(TTLS.c.id)
    with store.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    return tuple(
        TtlEvent(
            parse_instant(row["utc"]),
            row["tool"],
            row["event"],
            row["locator"],
            row["owner"],
            row["rdtype"],
            row["variant"],
            row["original"],
            row["lowered"],
            row["run"],
        )
        for row in rows
    )


def _look(row: dict[str, Any], file: str) -> Look:
    return Look(
        row["id"],
        parse_instant(row["utc"]),
        row["tool"],
        row["role"],
        row["server"],
        row["address"],
        row["qname"],
        row["qtype"],
        row["transport"],
        row["rcode"],
        row["aa"],
        row["ttl"],
        row["rdata"],
        "" if row["rdata"] is not None else _trouble(row, file),
        row["raw"],
    )


def _trouble(row: dict[str, Any], file: str) -> str:
    """Return what came where nothing was shown: the silence, the response code, or that it had no authority."""
    if row["rcode"] is not None:
        return str(row["rcode"]) if row["rcode"] not in {"NOERROR", "NXDOMAIN"} else "no authority"
    try:
        return str(json.loads(row["raw"])["reason"])
    except (ValueError, KeyError, TypeError) as exc:
        raise InputError(f"{file}: damaged: observation {row['id']} cannot be read.") from exc


def _write(run: Run) -> Write:
    new = run.new
    return Write(
        run.number,
        run.begun,
        run.tool,
        str(new.kind),
        new.target,
        new.locator,
        new.source,
        new.digest,
        new.backup,
        new.continues,
        new.undoes,
        run.changes,
        tuple(str(run.outcomes.get(place, "")) for place in range(len(run.changes))),
        "" if run.end is None else str(run.end),
    )
