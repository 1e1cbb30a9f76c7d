"""Migrations as JSON: `dns-migrator/status/1`, one object a domain, with its events where they are asked for."""

from collections.abc import Sequence

from dns.name import Name

from migrator.clock import instant
from migrator.codec import jsontext
from migrator.journey.events import Event
from migrator.journey.migration import Migration
from migrator.model.names import text_of

SCHEMA = "dns-migrator/status/1"


def status_json(migrations: Sequence[Migration], events: Sequence[Event] | None = None) -> str:
    """Return the document; `events` are those of the one migration that was asked for."""
    shown = [migration_document(migration) for migration in migrations]
    if events is not None:
        shown[0]["events"] = [event_document(event) for event in events]
    return jsontext.dumps({"schema": SCHEMA, "migrations": shown}, indent=1)


def event_json(domain: Name, event: Event) -> str:
    """Return one event of a domain as a line."""
    return jsontext.dumps({"domain": text_of(domain), **event_document(event)}, separators=(",", ":"))


def migration_document(migration: Migration) -> dict[str, object]:
    """Return one migration: where it stands, what it waits for, and the gravest finding."""
    options, worst = migration.options, migration.worst
    return {
        "domain": text_of(migration.domain),
        "from": options.source,
        "to": options.target,
        "fleet": migration.fleet or None,
        "wave": migration.wave,
        "begun": instant(migration.begun),
        "stage": str(migration.stage),
        "status": str(migration.status),
        "text": migration.text,
        "since": instant(migration.since),
        "until": None if migration.until is None else instant(migration.until),
        "worst": None if worst is None else {"severity": str(worst.severity), "message": worst.message},
        "turns": migration.turn,
    }


def event_document(event: Event) -> dict[str, object]:
    """Return one event."""
    worst = event.worst
    return {
        "at": instant(event.at),
        "event": str(event.kind),
        "stage": str(event.stage),
        "text": event.text,
        "until": None if event.until is None else instant(event.until),
        "commands": list(event.commands),
        "worst": None if worst is None else {"severity": str(worst.severity), "message": worst.message},
        "accepted": list(event.words),
        "because": event.because or None,
        "by": event.by or None,
        "times": event.times,
        "latest": None if event.latest is None else instant(event.latest),
    }
