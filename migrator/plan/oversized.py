"""Sets that are too large to be replaced in one request, so that the name is never without them. No IO here.

there  90 texts, 18,180 characters
comes  90 others, 18,180 characters
so     36,360, where a request of Route 53 takes 32,000: what goes and what comes, or what comes twice
"""

from collections.abc import Iterable, Iterator

from migrator.model.capabilities import Capabilities
from migrator.model.change import Change, Replace
from migrator.model.finding import Finding, Severity
from migrator.model.loss import Loss
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of
from migrator.translate.sizes import characters
from migrator.translate.words import REPLACEMENT_TOO_LARGE


def is_replaceable(existing: RRset, desired: RRset, target: Capabilities) -> bool:
    """Tell whether one request of the target can put a set in the place of another."""
    limit, longest = target.characters_in_request, target.value_length
    records = len(existing.rdatas) + len(desired.rdatas)
    if limit is None or (longest is not None and records * longest.bound <= limit.bound):
        return True  # nearly every set
    coming = characters(desired)
    return min(coming, characters(existing)) + coming <= limit.bound


def one_way_findings(zone: str, changes: Iterable[Change], target: Capabilities) -> Iterator[Finding]:
    """Yield a warning for each set that one request replaces and none puts back, since it is the larger one."""
    for change in changes:
        if isinstance(change, Replace) and not is_replaceable(change.desired, change.existing, target):
            yield Finding(
                "import.one-way",
                Severity.WARNING,
                zone,
                f"{subject_of(change.existing.key)}: a rollback cannot put back the set that is there now "
                f"({characters(change.existing):,} characters): no request of {target.provider} takes it in the "
                "place of the new one.",
                remedy="Should it be needed: remove the new set at the target, or import few of its records "
                "first, and then import the backup.",
            )


def oversized_losses(pairs: Iterable[tuple[RRset, RRset]], target: Capabilities) -> tuple[Loss, ...]:
    """Return a loss for every set that cannot come because of the size of one that is there."""
    word, limit = REPLACEMENT_TOO_LARGE, target.characters_in_request
    bound = f"{limit.bound:,} " if limit is not None else ""
    return tuple(
        Loss(
            desired.key,
            word.what,
            word.exactness,
            f"{target.provider} has another set here, of {characters(existing):,} characters, and "
            f"{characters(desired):,} would come: together that is more than the {bound}of one request, and so is "
            "what comes if it is counted twice. The set stays as it is there.",
            word.advice,
            word.severity,
        )
        for existing, desired in pairs
    )
