"""An import before its first write: translation and plan, and all that still stands in its way. No IO here.

A proposal is made of what was read of both sides and of what the person decided beforehand, and of nothing else:
the same again gives the same proposal. That is what makes an import that was interrupted go on where it stopped,
and a plan that somebody reviewed the plan that is applied.
"""

from collections.abc import Collection, Mapping
from dataclasses import field
from types import MappingProxyType

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.errors import InputError, UnsafeError
from migrator.model.capabilities import Capabilities
from migrator.model.change import Change
from migrator.model.finding import Finding, Severity
from migrator.model.loss import LedgerEntry, Loss
from migrator.model.names import folded, for_people, text_of
from migrator.model.rrset import RRset, RRsetKey, canonical_order
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.plan.balancers import lost_balancers
from migrator.plan.brakes import LIMITS, Brake, Limits, Risk, publishing_brakes, reading_brakes, rewriting_brakes
from migrator.plan.chosen import choice_findings
from migrator.plan.delegations import delegation_findings
from migrator.plan.make import Deletions, Plan, make_plan
from migrator.plan.oversized import one_way_findings, oversized_losses
from migrator.plan.proxies import proxy_findings
from migrator.plan.quota import over_quota
from migrator.plan.serials import serial_findings, with_serial_told
from migrator.plan.stranded import stranded_findings
from migrator.plan.unloadable import unloadable_findings
from migrator.plan.withheld import ledger, losses
from migrator.translate import Counts, Relation, Translation, addresses_that_stay, translate
from migrator.translate.words import ZONE_TOO_LARGE

_NO_ADDRESSES: Mapping[RRsetKey, RRset] = MappingProxyType({})
_NO_IDENTIFIERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person decided: losses accepted, deletions asked for, risks taken, new names of health checks."""

    accepts: frozenset[str] = frozenset()
    deletions: Deletions = field(default_factory=Deletions)
    allows: frozenset[Risk] = frozenset()
    identifiers: Mapping[str, str] = field(default_factory=lambda: _NO_IDENTIFIERS)


@dataclass(frozen=True, slots=True)
class Sides:
    """What was read: the source, the target as it is (None: it is not there), and what the target can hold.

    `addresses` are what aliases answer now, where somebody looked that up.
    """

    source: ZoneSnapshot
    existing: ZoneSnapshot | None
    target: Capabilities
    relation: Relation = Relation.FOREIGN
    addresses: Mapping[RRsetKey, RRset] = field(default_factory=lambda: _NO_ADDRESSES)
    source_findings: tuple[Finding, ...] = ()
    existing_findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an import would do, what is lost by it, and what must be decided before it may.

    `undecided` are losses that need a decision and have none; `brakes` are risks that nobody took.
    """

    sides: Sides
    choices: Choices
    translation: Translation
    plan: Plan
    losses: tuple[Loss, ...]
    ledger: tuple[LedgerEntry, ...]
    undecided: tuple[Loss, ...]
    brakes: tuple[Brake, ...]
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> Counts:
        """The ledger in numbers."""
        return Translation(self.plan.goal, self.ledger, (), (), (), self.translation.read).counts()

    @property
    def target_findings(self) -> tuple[Finding, ...]:
        """What is to be known of the target's zone itself before anything is put into it; not of its sets."""
        zone = text_of(self.sides.source.origin)
        grave = (
            f for f in self.sides.existing_findings if f.subject == zone and f.severity is not Severity.NOTICE
        )
        changes = self.plan.changes
        return (
            *grave,
            *proxy_findings(zone, changes),
            *one_way_findings(zone, changes, self.sides.target),
            *stranded_findings(zone, self.plan.existing, self.plan.goal),
            *serial_findings(zone, self.plan.serial),
            *unloadable_findings(zone, self.plan.goal, self.sides.target),
        )

    @property
    def is_refused(self) -> bool:
        """Tell whether something must be decided before anything may be written."""
        return bool(self.undecided or self.brakes or self.plan.conflicts)

    def missing_flags(self, allow: str = "--allow-") -> tuple[str, ...]:
        """Return the options that would let the import go on, in the order in which they are shown.

        `allow` is what stands before the name of a risk: an option of its own, or one that takes the name.
        """
        flags = [f"--accept {word}" for word in dict.fromkeys(loss.what for loss in self.undecided)]
        flags += ["--delete-conflicting"] if self.plan.conflicts else []
        return tuple(dict.fromkeys(flags + [f"{allow}{brake.risk}" for brake in self.brakes]))


def propose(
    sides: Sides, choices: Choices, *, approved: Collection[Change] = frozenset(), limits: Limits = LIMITS
) -> Proposal:
    """Return what the import would do; `approved` are changes that an interrupted import was allowed already.

    Raises InputError where the sides are two different zones, UnsafeError where a set of the source has no fate.
    """
    if sides.existing is not None:
        expect_one_zone(sides.source.origin, sides.existing.origin)
    translation = _translated(sides, choices)
    plan = make_plan(
        sides.existing,
        translation.desired,
        sides.target,
        deletions=choices.deletions,
        approved=approved,
        limits=limits,
    )
    too_large = ((pair.existing, pair.desired) for pair in plan.oversized)
    own = (*losses(plan.withheld, sides.target.provider), *oversized_losses(too_large, sides.target))
    if sides.relation is not Relation.SAME_ZONE:
        own = (*own, *lost_balancers(sides.source_findings))
    if not any(loss.what == ZONE_TOO_LARGE.what for loss in translation.losses):
        own = (*own, *over_quota(sides.existing, plan.changes, sides.target))
    undecided = (*translation.undecided, *(loss for loss in own if loss.what not in choices.accepts))
    proposal = Proposal(
        sides,
        choices,
        translation,
        plan,
        tuple(sorted((*translation.losses, *own), key=lambda loss: canonical_order(loss.key))),
        _ledger(translation, plan, sides),
        undecided,
        tuple(
            brake
            for brake in (
                *reading_brakes(sides.source_findings, sides.existing_findings),
                *publishing_brakes(sides.source_findings, sides.target),
                *rewriting_brakes(plan.goal, plan.changes, sides.target),
                *plan.brakes,
            )
            if brake.risk not in choices.allows
        ),
        (
            *sides.source_findings,
            *delegation_findings(sides.source),
            *choice_findings(sides.source, choices.accepts),
        ),
    )
    if proposal.counts.unaccounted:
        raise UnsafeError(
            f"{for_people(sides.source.origin)}: {proposal.counts.unaccounted} sets of the source are not "
            "accounted for, so nothing was written. This is a defect of dns-migrator; please report it."
        )
    return proposal


def _ledger(translation: Translation, plan: Plan, sides: Sides) -> tuple[LedgerEntry, ...]:
    entries = ledger(translation.ledger, (*plan.withheld, *plan.oversized))
    return with_serial_told(entries, plan.goal, sides.source) if sides.target.written_whole else entries


def _translated(sides: Sides, choices: Choices) -> Translation:
    existing = sides.existing
    apex = () if existing is None else (existing.apex(RdataType.SOA), existing.apex(RdataType.NS))
    return translate(
        sides.source,
        sides.target,
        assigned=() if existing is None else existing.name_servers,
        target_apex=tuple(rrset for rrset in apex if rrset is not None),
        own_addresses=() if existing is None else addresses_that_stay(sides.source, existing, sides.target),
        standing=_standing(sides),
        accepts=choices.accepts,
        addresses=sides.addresses,
        identifiers=choices.identifiers,
        relation=sides.relation,
    )


def _standing(sides: Sides) -> tuple[RRset, ...]:
    """Return the sets of the target that the source does not have, where its aliases are counted."""
    if sides.existing is None or sides.target.aliases.to_one_set is None:
        return ()
    coming = sides.source.by_key()
    return tuple(rrset for rrset in sides.existing.rrsets if rrset.key not in coming)


def expect_one_zone(source: Name, target: Name) -> None:
    """Raise InputError where these are the names of two zones: an import does not rename one."""
    if folded(target) != folded(source):
        raise InputError(
            f"Two different zones: the source is {for_people(source)} and the target {for_people(target)}. An "
            "import keeps the name of the zone."
        )
