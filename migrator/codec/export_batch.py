"""What the export of a whole account did, as values and as JSON, `dns-migrator/export-batch/1`. No IO here."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType

from dns.name import Name

from migrator.codec import jsontext
from migrator.model.finding import Severity
from migrator.model.names import text_of
from migrator.model.values import dataclass

SCHEMA = "dns-migrator/export-batch/1"
_NONE: Mapping[Severity, int] = MappingProxyType({})


class Outcome(StrEnum):
    """What became of one zone; not tried: what another met would have met it too."""

    WRITTEN = "written"
    FAILED = "failed"
    NOT_TRIED = "not-tried"


@dataclass(frozen=True, slots=True)
class ZoneExport:
    """One zone of an account, without its snapshot: there may be thousands.

    `rules` are the checks that found something, each with its severity. `document` is the export as JSON text and
    `report` for people, where they are wanted; `message` is why there is no backup. `code` is the exit code that
    the zone alone would have.
    """

    zone: Name
    identifier: str
    visibility: str
    outcome: Outcome
    code: int
    folder: str = ""
    records: int = 0
    rrsets: int = 0
    found: Mapping[Severity, int] = field(default_factory=lambda: _NONE)
    rules: tuple[tuple[Severity, str], ...] = ()
    document: str = ""
    report: str = ""
    message: str = ""

    @property
    def reason(self) -> str:
        """Why there is no backup, in words that fit other zones too: its own name and id are left out."""
        own = (self.identifier, self.identifier.rpartition("/")[2], text_of(self.zone).removesuffix("."))
        words = "|".join(re.escape(word) for word in own if word) or "(?!)"
        return re.sub(rf"(?<![\w.-])(?:{words})(?![\w-])", "…", self.message, flags=re.IGNORECASE)

    @property
    def is_written(self) -> bool:
        """Whether its backup is there."""
        return self.outcome is Outcome.WRITTEN


@dataclass(frozen=True, slots=True)
class ExportBatch:
    """All zones of an account by their names, the folder of all backups, and how many requests were sent."""

    account: str
    folder: str
    zones: tuple[ZoneExport, ...]
    reads: int

    def counts(self) -> Mapping[Outcome, int]:
        """Return how many zones there are of each outcome, zeros included."""
        found = Counter(zone.outcome for zone in self.zones)
        return {outcome: found[outcome] for outcome in Outcome}


def dumps(batch: ExportBatch, code: int) -> str:
    """Return the JSON text; `code` is the exit code of the whole."""
    return jsontext.dumps(document(batch, code), indent=1) + "\n"


def document(batch: ExportBatch, code: int) -> dict[str, object]:
    """Return the JSON object: each zone in short, and the whole export of those that were written."""
    counts = batch.counts()
    return {
        "schema": SCHEMA,
        "account": batch.account,
        "folder": batch.folder,
        "verdict": "whole" if counts[Outcome.WRITTEN] == len(batch.zones) else "incomplete",
        "exit_code": code,
        "counts": {
            "zones": len(batch.zones),
            **{str(outcome): count for outcome, count in counts.items()},
            "records": sum(zone.records for zone in batch.zones),
            "rrsets": sum(zone.rrsets for zone in batch.zones),
        },
        "calls": {"reads": batch.reads},
        "zones": [_zone(zone) for zone in batch.zones],
    }


def _zone(zone: ZoneExport) -> dict[str, object]:
    return {
        "zone": text_of(zone.zone),
        "id": zone.identifier,
        "visibility": zone.visibility,
        "outcome": str(zone.outcome),
        "exit_code": zone.code,
        "folder": zone.folder or None,
        "records": zone.records if zone.is_written else None,
        "errors": zone.found.get(Severity.ERROR, 0),
        "warnings": zone.found.get(Severity.WARNING, 0),
        "notices": zone.found.get(Severity.NOTICE, 0),
        **({"message": zone.message} if zone.message else {}),
        **({"export": json.loads(zone.document)} if zone.document else {}),
    }
