"""What `ttl lower` and `ttl restore` tell a script: the document `dns-migrator/ttl/1`. No IO here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.clock import RESOLVER_CAP, instant, whole
from migrator.codec import jsontext
from migrator.codec.changes import key_document
from migrator.codec.imports import Work
from migrator.model.change import Replace
from migrator.model.names import text_of
from migrator.model.rrset import RRset
from migrator.model.values import dataclass
from migrator.plan.steps import Step
from migrator.ttls import Lowering, Restoring
from migrator.ttls.originals import longest_ttl, record_ttls
from migrator.ttls.proof import Shown, Sight

SCHEMA = "dns-migrator/ttl/1"


class Action(StrEnum):
    """What is done to TTLs."""

    LOWER = "lower"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class TtlResult:
    """What was planned for one zone, what became of it, and what its name servers show.

    `by_hand`: nobody writes to this zone by this program, so that a person has to. `sights` are empty where the
    servers were not asked, and `unasked` says why they could not be. `work` has nothing to write by hand.
    """

    zone: str
    plan: Lowering | Restoring
    work: Work
    by_hand: bool = False
    sights: tuple[Sight, ...] = ()
    unasked: str = ""

    @property
    def shown(self) -> bool | None:
        """Whether every server shows what is wanted; None where one does not say, or nobody was asked."""
        states = {sight.state for sight in self.sights}
        if Shown.NOT_YET in states:
            return False
        return None if Shown.UNKNOWN in states or self.unasked or not states else True

    @property
    def let_go(self) -> datetime | None:
        """When caches have let go of the longer TTLs: once all servers show the lower ones, counted from then."""
        if not isinstance(self.plan, Lowering) or not self.shown or not self.plan.originals:
            return None
        seen = max(whole(sight.observation.at) for sight in self.sights)
        longest = max(original.longest for original in self.plan.originals)
        return seen + timedelta(seconds=min(longest, RESOLVER_CAP))


def dumps(action: Action, domain: Name, results: Sequence[TtlResult]) -> str:
    """Return the document as JSON text."""
    document = {
        "schema": SCHEMA,
        "action": str(action),
        "domain": text_of(domain),
        "zones": [_zone(result) for result in results],
    }
    return jsontext.dumps(document, indent=1) + "\n"


def _zone(result: TtlResult) -> dict[str, object]:
    work = result.work
    return {
        "zone": result.zone,
        "by_hand": result.by_hand,
        "applied": work.applied and not (result.by_hand and work.steps),
        "verified": work.verified and not (result.by_hand and work.steps),
        "shown": result.shown,
        "changes": [_change(step) for step in work.steps],
        **_plan(result.plan),
        "servers": [_sight(sight) for sight in result.sights],
        "unasked": result.unasked or None,
        "earliest_cutover": None if result.let_go is None else instant(result.let_go),
        "backup": work.backup or None,
        "calls": {"reads": work.calls.reads, "writes": work.calls.writes},
        "planned_calls": work.calls.planned,
        "error": work.error or None,
    }


def _plan(plan: Lowering | Restoring) -> dict[str, object]:
    match plan:
        case Lowering():
            return {
                "to": plan.to,
                "low_already": plan.low,
                "kept": [{**key_document(kept.key), "ttl": kept.ttl, "reason": kept.reason} for kept in plan.kept],
            }
        case Restoring():
            return {
                "back_already": [key_document(key) for key in plan.back],
                "gone": [key_document(key) for key in plan.gone],
                "changed_since": [
                    {
                        **key_document(changed.original.key),
                        "original": changed.original.longest,
                        "lowered": changed.original.lowered,
                        "present": changed.present,
                    }
                    for changed in plan.changed
                ],
            }


def before_and_after(step: Step) -> tuple[RRset, RRset]:
    """Return the set as it was and as it shall be; a change of TTLs has both."""
    assert isinstance(step.change, Replace)
    return step.change.existing, step.change.desired


def _change(step: Step) -> dict[str, object]:
    existing, desired = before_and_after(step)
    records = dict(record_ttls(desired))
    return {
        **key_document(desired.key),
        "from": longest_ttl(existing),
        "to": longest_ttl(desired),
        "records": records or None,
        "outcome": str(step.state),
        "detail": step.detail,
    }


def _sight(sight: Sight) -> dict[str, object]:
    server = sight.server
    return {
        "server": None if server.name is None else text_of(server.name),
        "address": server.address,
        "owner": text_of(sight.wish.owner),
        "rdtype": RdataType.to_text(sight.wish.rdtype),
        "ttl": sight.ttl,
        "wanted": {"least": sight.wish.least, "most": sight.wish.most},
        "state": str(sight.state),
        "trouble": sight.trouble or None,
        "at": instant(sight.observation.at),
    }
