"""What the rows of the memory come to: runs of equal sights, one for each stretch in which nothing changed.

The database joins them, since a memory has far more rows than runs. The glue of a delegation stands in the whole
observation alone, and is taken out of that where a name server is inside the domain.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from dns.exception import DNSException
from dns.name import Name
from dns.rdatatype import RdataType

from migrator.checks.history import Sight, SightKey
from migrator.codec import observation as observations
from migrator.codec import rdata
from migrator.codec.shape import parse_object
from migrator.cutover.memory import ADDRESS_TYPES, GlueText, Run, glue_of, is_alike, names_in, signers_text
from migrator.errors import InputError
from migrator.model.names import absolute, folded, is_within, text_of
from migrator.state.databases import POSTGRESQL
from migrator.state.tables import OBSERVATIONS


def runs(connection: sa.Connection, domain: Name, role: str) -> Iterator[Run]:
    """Yield which NS set each address showed for the domain, from when to when."""
    table = OBSERVATIONS.c
    marks = (table.rdata, table.ttl, table.expected)
    found = _joined(connection, domain, _set_of(domain, role, RdataType.NS), ("address",), marks)
    for (address,), (shown, ttl, expected), first, last in found:
        yield Run(address, shown, ttl, first, last, expected)


def delegations(connection: sa.Connection, domain: Name, role: str) -> Iterator[Run]:
    """Yield what `runs` does, with the glue; servers that give it in another order give the same."""
    table = OBSERVATIONS.c
    marks = (table.rdata, table.ttl, table.expected, _additional(connection, domain).label("additional"))
    found = _joined(connection, domain, _set_of(domain, role, RdataType.NS), ("address",), marks)
    joined: list[Run] = []
    place_of: dict[str, int] = {}
    for (address,), (shown, ttl, expected, additional), first, last in found:
        run = Run(address, shown, ttl, first, last, expected, *_glue(additional, domain))
        place = place_of.get(address)
        if place is not None and is_alike(joined[place], run):
            joined[place] = replace(joined[place], last=run.last)
            continue
        place_of[address] = len(joined)
        joined.append(run)
    yield from joined


def signers(connection: sa.Connection, domain: Name, role: str) -> Iterator[Run]:
    """Yield which DS set each server of the parent showed, from when to when; raises InputError for no DS."""
    table = OBSERVATIONS.c
    conditions = _set_of(domain, role, RdataType.DS)
    found = _joined(connection, domain, conditions, ("address",), (table.rdata, table.ttl))
    for (address,), (shown, ttl), first, last in found:
        lines = [rdata.to_text(rdata.from_text(RdataType.DS, line)) for line in shown.splitlines()]
        yield Run(address, signers_text(lines), ttl, first, last)


def hosts(connection: sa.Connection, domain: Name, role: str, names: Iterable[Name]) -> dict[str, list[Run]]:
    """Return what each address answered for the addresses of these names, by name and type."""
    table = OBSERVATIONS.c
    types = [RdataType.to_text(rdtype) for rdtype in ADDRESS_TYPES]
    conditions = (table.role == role, table.qtype.in_(types), table.qname.in_([text_of(name) for name in names]))
    found: dict[str, list[Run]] = {}
    subject = ("address", "qname", "qtype")
    for (address, qname, qtype), (shown, ttl), first, last in _joined(
        connection, domain, conditions, subject, (table.rdata, table.ttl)
    ):
        found.setdefault(f"{qname} {qtype}", []).append(Run(address, shown, ttl, first, last))
    return found


def names_inside(found: Iterable[Run], domain: Name) -> tuple[Name, ...]:
    """Return the name servers inside the domain that were listed in any of the runs."""
    sets = dict.fromkeys(run.shown for run in found)
    return tuple(dict.fromkeys(name for text in sets for name in names_in(text) if is_within(name, domain)))


def _set_of(domain: Name, role: str, rdtype: RdataType) -> tuple[sa.ColumnElement[bool], ...]:
    table = OBSERVATIONS.c
    return (
        table.role == role,
        table.qtype == RdataType.to_text(rdtype),
        table.qname == text_of(domain),
    )


def _additional(connection: sa.Connection, domain: Name) -> sa.ColumnElement[Any]:
    """Return the additional section of an observation as JSON text, where the set lists a name in the domain."""
    raw = OBSERVATIONS.c.raw
    section: sa.ColumnElement[Any]
    if connection.dialect.name == POSTGRESQL:
        section = sa.cast(sa.cast(raw, sa.JSON)["additional"], sa.Text)
    else:
        section = sa.func.json_extract(raw, "$.additional")
    return sa.case((OBSERVATIONS.c.rdata.contains(text_of(domain), autoescape=True), section), else_=None)


def _glue(additional: str | None, domain: Name) -> tuple[GlueText, int | None]:
    if not additional:
        return "", None
    shape = parse_object(f'{{"additional": {additional}}}', "observation")
    return glue_of(map(observations.parse_rrset, shape.shapes("additional")), domain)


def sights(connection: sa.Connection, domain: Name) -> Iterator[tuple[SightKey, Sight]]:
    """Yield what each address showed for each question, from when to when; resolvers' answers are no evidence.

    A server of the parent that serves the zone too is asked for NS in both roles: here it counts as the zone's.
    """
    table = OBSERVATIONS.c
    of_parent = sa.and_(table.role == "parent", table.qtype != RdataType.to_text(RdataType.NS))
    asked_there = (sa.or_(table.role == "server", of_parent),)
    subject = ("address", "qname", "qtype")
    for (address, qname, qtype), (shown, ttl), first, last in _joined(
        connection, domain, asked_there, subject, (table.rdata, table.ttl)
    ):
        rdtype = _rdtype(qtype)
        rdatas = shown.split() if rdtype == RdataType.NS else shown.splitlines()
        yield (address, folded(absolute(qname)), rdtype), Sight(ttl, tuple(sorted(rdatas)), first, last)


_Joined = Iterator[tuple[tuple[Any, ...], tuple[Any, ...], datetime, datetime]]


def _joined(
    connection: sa.Connection,
    domain: Name,
    conditions: Sequence[sa.ColumnElement[bool]],
    subject: Sequence[str],
    marks: Sequence[sa.ColumnElement[Any]],
) -> _Joined:
    """Yield the values of `subject` and `marks` with the first and last time of each run of equal marks.

    A sight begins a new run where the one before it of the same subject was another; the running count of such
    beginnings numbers the runs. What does not show anything is left out.
    """
    table = OBSERVATIONS.c

    def over(function: sa.Function[Any]) -> sa.Over[Any]:
        return function.over(partition_by=[table[name] for name in subject], order_by=table.id)

    same = sa.and_(*(over(sa.func.lag(mark)).is_not_distinct_from(mark) for mark in marks))
    first_one = over(sa.func.row_number()) == 1
    begins = (
        sa.select(
            table.id,
            table.utc,
            *(table[name] for name in subject),
            *marks,
            sa.case((first_one, 1), (same, 0), else_=1).label("begins"),
        )
        .where(table.domain == text_of(domain), *conditions, table.rdata.is_not(None))
        .subquery()
    )
    of_subject = [begins.c[name] for name in subject]
    numbered = sa.select(
        begins,
        sa.func.sum(begins.c.begins).over(partition_by=of_subject, order_by=begins.c.id).label("number"),
    ).subquery()
    columns = [numbered.c[name] for name in (*subject, *(mark.name for mark in marks))]
    ids = (sa.func.min(numbered.c.id).label("first"), sa.func.max(numbered.c.id).label("last"))
    runs = (
        sa.select(*columns, *ids, sa.func.min(numbered.c.utc).label("earliest"))
        .group_by(numbered.c.number, *columns)
        .subquery()
    )
    at_first, at_last = OBSERVATIONS.alias(), OBSERVATIONS.alias()
    query = (
        sa.select(runs, at_first.c.utc, at_last.c.utc)
        .join(at_first, at_first.c.id == runs.c.first)
        .join(at_last, at_last.c.id == runs.c.last)
        .order_by(runs.c.first)
    )
    for row in connection.execute(query):
        values = tuple(row)
        earliest, first, last = map(observations.parse_instant, values[-3:])
        # The order of the rows is the truth. A first sight after the last one is by a clock that was ahead.
        begin = first if first <= last else earliest
        yield values[: len(subject)], values[len(subject) : len(columns)], begin, last


def _rdtype(text: str) -> RdataType:
    try:
        return RdataType.from_text(text)
    except DNSException as exc:
        raise InputError(f"'{text}' is no type of record") from exc
