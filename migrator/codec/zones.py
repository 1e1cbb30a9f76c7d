"""The list of an account's zones as JSON. No IO here."""

import json
from collections.abc import Iterable

from migrator.model.zone_info import ZoneInfo

SCHEMA = "dns-migrator/zones/1"


def dumps(source: str, zones: Iterable[ZoneInfo]) -> str:
    """Return the JSON text; what the service does not say is null."""
    return json.dumps({"schema": SCHEMA, "source": source, "zones": [_document(zone) for zone in zones]}, indent=2)


def _document(zone: ZoneInfo) -> dict[str, object]:
    servers = zone.name_servers
    return {
        "name": zone.name.to_text(),
        "id": zone.identifier,
        "visibility": zone.visibility,
        "records": zone.records,
        "status": zone.status,
        "name_servers": None if servers is None else [name.to_text() for name in servers],
        "note": zone.note,
    }
