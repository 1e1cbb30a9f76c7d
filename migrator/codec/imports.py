"""What `import`, `apply` and `rollback` did or would do, as values and as JSON. No IO here."""

from collections.abc import Sequence

from dns.rdatatype import RdataType

from migrator.codec import changes as change_codec
from migrator.codec import findings, jsontext, losses
from migrator.diff import Difference
from migrator.model.finding import Finding
from migrator.model.names import text_of
from migrator.model.rrset import RRset
from migrator.model.values import dataclass
from migrator.plan import Proposal
from migrator.plan.serials import Serial, serial_findings
from migrator.plan.steps import State, Step
from migrator.plan.undo import Since, Undoing

IMPORT_SCHEMA = "dns-migrator/import/1"
ROLLBACK_SCHEMA = "dns-migrator/rollback/1"


@dataclass(frozen=True, slots=True)
class Calls:
    """How many requests were sent, and how many more the plan takes to write (None: that is not known)."""

    reads: int
    writes: int
    planned: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What was done to a target: nothing while `steps` are all planned.

    `applied`: all is as the plan wants it. `verified`: it was read again and is so. `differences` is what is not;
    `appeared` are sets that nobody planned. `error` is what ended the work early; `missing` are the options
    without which nothing is written. `rewriting` says what any change does to the target besides.
    """

    target: str
    steps: tuple[Step, ...]
    calls: Calls
    applied: bool = False
    verified: bool = False
    backup: str = ""
    differences: tuple[Difference, ...] = ()
    appeared: tuple[RRset, ...] = ()
    error: str = ""
    exit_code: int = 0
    findings: tuple[Finding, ...] = ()
    rewriting: str = ""

    @property
    def begun(self) -> bool:
        """Tell whether anything was sent to the target."""
        return self.applied or bool(self.error) or any(step.state is not State.PLANNED for step in self.steps)


@dataclass(frozen=True, slots=True)
class Imported:
    """An import: what was proposed, and how far it came. `created` tells that the zone was made by it."""

    proposal: Proposal
    work: Work
    created: bool = False
    plan_file: str = ""


@dataclass(frozen=True, slots=True)
class RolledBack:
    """An import, or a change of TTLs (`kind`), that is taken back, wholly or in part."""

    undoing: Undoing
    work: Work
    imported_at: str
    source: str
    backups: tuple[str, ...] = ()
    zone_was_made: bool = False
    kind: str = "import"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be known before anything is written."""
        return tuple(serial_findings(text_of(self.undoing.existing.origin), self.undoing.serial))


def import_json(found: Imported) -> str:
    """Return the JSON text of an import."""
    proposal, work = found.proposal, found.work
    return _dumps(
        {
            "schema": IMPORT_SCHEMA,
            "zone": text_of(proposal.sides.source.origin),
            "source": proposal.sides.source.source,
            "target": work.target,
            "applied": work.applied,
            "verified": work.verified,
            "creates_zone": found.created or proposal.plan.creates_zone,
            "ledger": losses.ledger(proposal.counts),
            "losses": [
                {**losses.document(loss), "accepted": loss not in proposal.undecided} for loss in proposal.losses
            ],
            "fates": [losses.entry(entry) for entry in proposal.ledger if entry.reason],
            "changes": _steps(work.steps),
            "serial": _serial(proposal.plan.serial),
            "kept": [change_codec.key_document(rrset.key) for rrset in proposal.plan.kept],
            "same": proposal.plan.same,
            "refused": list(proposal.missing_flags()),
            "brakes": [{"flag": brake.flag, "message": brake.message} for brake in proposal.brakes],
            "conflicts": [
                {
                    "existing": change_codec.key_document(pair.existing.key),
                    "desired": change_codec.key_document(pair.desired.key),
                }
                for pair in proposal.plan.conflicts
            ],
            **_work(work),
            "plan_file": found.plan_file or None,
            "digests": {
                "source": proposal.sides.source.digest(),
                "target": None if proposal.plan.existing is None else proposal.plan.existing.digest(),
            },
            "name_servers": [] if proposal.plan.existing is None else _names(proposal),
            "target_findings": [findings.document(finding) for finding in proposal.target_findings],
            "findings": [findings.document(f) for f in (*proposal.findings, *work.findings)],
        }
    )


def rollback_json(found: RolledBack) -> str:
    """Return the JSON text of a rollback."""
    work = found.work
    return _dumps(
        {
            "schema": ROLLBACK_SCHEMA,
            "zone": text_of(found.undoing.existing.origin),
            "target": work.target,
            "applied": work.applied,
            "verified": work.verified,
            "undoes": found.kind,
            "import": {"begun_at": found.imported_at, "source": found.source, "backups": list(found.backups)},
            "changes": _steps(work.steps),
            "serial": _serial(found.undoing.serial),
            "already_back": found.undoing.returned,
            "changed_since": [_since(since) for since in found.undoing.since],
            "zone_was_made": found.zone_was_made,
            **_work(work),
            "findings": [findings.document(finding) for finding in (*found.findings, *work.findings)],
        }
    )


def _work(work: Work) -> dict[str, object]:
    return {
        "calls": {"reads": work.calls.reads, "writes": work.calls.writes},
        "planned_calls": work.calls.planned,
        "rewriting": work.rewriting,
        "backup": work.backup or None,
        "differences": [
            {
                "kind": str(difference.kind),
                "owner": text_of(difference.key.owner),
                "rdtype": RdataType.to_text(difference.key.rdtype),
                "variant": difference.key.variant,
                "impact": difference.impact,
            }
            for difference in work.differences
        ],
        "appeared": [change_codec.key_document(rrset.key) for rrset in work.appeared],
        "error": work.error or None,
    }


def _steps(steps: Sequence[Step]) -> list[dict[str, object]]:
    return [
        {**change_codec.document(step.change), "outcome": str(step.state), "detail": step.detail} for step in steps
    ]


def _serial(serial: Serial | None) -> dict[str, object] | None:
    if serial is None:
        return None
    return {
        "present": serial.present,
        "incoming": serial.incoming,
        "planned": serial.planned,
        "later": serial.goes_on,
    }


def _since(since: Since) -> dict[str, object]:
    return {
        **change_codec.key_document(since.key),
        "before": change_codec.state(since.before),
        "imported": change_codec.state(since.imported),
        "present": change_codec.state(since.present),
    }


def _names(proposal: Proposal) -> list[str]:
    existing = proposal.plan.existing
    return [] if existing is None else [text_of(name) for name in existing.name_servers]


def _dumps(document: dict[str, object]) -> str:
    return jsontext.dumps(document, indent=1) + "\n"
