"""What `history` tells a script: `dns-migrator/history/1`, with every row of the memory. No IO here."""

import json
from collections.abc import Iterable

from migrator.clock import instant
from migrator.codec import changes, jsontext
from migrator.codec.observation import instant as exact
from migrator.model.names import text_of
from migrator.past import Look, Past, Stretch, TtlEvent, Write

SCHEMA = "dns-migrator/history/1"


def dumps(past: Past) -> str:
    """Return the document as JSON text."""
    return jsontext.dumps(document(past), indent=1)


def document(past: Past) -> dict[str, object]:
    """Return the document; `observations` are the rows as they were written, in their order."""
    return {
        "schema": SCHEMA,
        "domain": text_of(past.domain),
        "database": past.database,
        "tools": list(past.tools),
        "seen": [_stretch(stretch) for stretch in past.stretches],
        "observations": [_look(look) for look in past.looks],
        "registrations": [
            {"at": instant(seen.at), "tool": seen.tool, **json.loads(seen.document)} for seen in past.registrations
        ],
        "writes": [_write(write) for write in past.writes],
        "ttls": [_ttl(event) for event in past.ttls],
        "backups": backups(past.writes),
    }


def backups(writes: Iterable[Write]) -> list[str]:
    """Return the folders of the backups that writes made first, each once."""
    return list(dict.fromkeys(write.backup for write in writes if write.backup))


def _stretch(stretch: Stretch) -> dict[str, object]:
    return {
        "role": stretch.role,
        "server": stretch.server or None,
        "address": stretch.address,
        "qname": stretch.qname,
        "qtype": stretch.qtype,
        "rdatas": rdatas(stretch.qtype, stretch.shown),
        "trouble": stretch.trouble or None,
        "ttl": {"least": stretch.least, "most": stretch.most},
        "first": instant(stretch.first),
        "last": instant(stretch.last),
        "looks": stretch.looks,
        "tools": list(stretch.tools),
    }


def rdatas(qtype: str, shown: str | None) -> list[str] | None:
    """Return the set that a row shows: an empty list for none, null where the look does not say."""
    if shown is None:
        return None
    return shown.split() if qtype == "NS" else shown.splitlines()


def _look(look: Look) -> dict[str, object]:
    return {
        "number": look.number,
        "at": exact(look.at),
        "tool": look.tool,
        "role": look.role,
        "observation": json.loads(look.document),
        "rdatas": rdatas(look.qtype, look.shown),
        "ttl": look.ttl,
        "trouble": look.trouble or None,
    }


def _ttl(event: TtlEvent) -> dict[str, object]:
    return {
        "at": instant(event.at),
        "tool": event.tool,
        "event": event.event,
        "zone": event.locator,
        "owner": event.owner,
        "rdtype": event.rdtype,
        "variant": event.variant,
        "original": event.original,
        "lowered": event.lowered,
        "run": event.run,
    }


def _write(write: Write) -> dict[str, object]:
    return {
        "run": write.number,
        "kind": write.kind,
        "begun_at": instant(write.begun),
        "tool": write.tool,
        "target": write.locator,
        "source": write.source,
        "digest": write.digest or None,
        "backup": write.backup or None,
        "continues": write.continues,
        "undoes": write.undoes,
        "end": write.end or None,
        "changes": [
            {**changes.document(change), "outcome": outcome or None}
            for change, outcome in zip(write.changes, write.outcomes, strict=True)
        ],
    }
