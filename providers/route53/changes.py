"""From a change to the actions that carry it out, held against what was read. No IO here.

A set that is there is replaced by DELETE and CREATE in one request: Route 53 deletes a set only by its exact
present values, so that the pair is a compare-and-swap. The SOA and the NS set of the apex can never be absent, and
no request takes the pair of two large sets: these are set by UPSERT, which overwrites whatever is there, and are
looked at once more just before. UPSERT counts what comes twice, and what goes not at all.
"""

from collections.abc import Mapping

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.interfaces import ChangeResult, Outcome
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import Opaque, TrafficPolicy
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey
from migrator.model.values import dataclass
from providers.route53.atoms import Step, Written
from providers.route53.batches import size_of_steps
from providers.route53.convert import convert
from providers.route53.fields import WHOLE_SET
from providers.route53.native import Native, UnwritableError, native_of

_APEX_TYPES = frozenset({RdataType.SOA, RdataType.NS})


@dataclass(frozen=True, slots=True)
class Seen:
    """The zone as it was read: its sets, and the record sets that they came from."""

    origin: Name
    zone_id: str
    rrsets: Mapping[RRsetKey, RRset]
    natives: Mapping[RRsetKey, object]

    def is_own(self, key: RRsetKey) -> bool:
        """Tell whether it is the SOA or the NS set of the apex."""
        return is_own(key, self.origin)

    def means(self, native: Native) -> RRset:
        """Return the set as it will be read once this record set is written."""
        return convert(native, self.origin).rrset


def is_own(key: RRsetKey, origin: Name) -> bool:
    """Tell whether it is the SOA or the NS set of the apex of a zone."""
    return key.rdtype in _APEX_TYPES and folded(key.owner) == folded(origin)


def prepare(change: Change, seen: Seen) -> Written | ChangeResult:
    """Return the actions, or what became of the change without any: it is so already, or it cannot be done."""
    try:
        match change:
            case Create():
                return _create(change, seen)
            case Replace():
                return _replace(change, seen)
            case Delete():
                return _delete(change, seen)
    except UnwritableError as exc:
        return ChangeResult(change, Outcome.FAILED, str(exc))


def is_done(written: Written, seen: Seen) -> bool:
    """Tell whether a zone as it was read is as the change wants it."""
    present = seen.rrsets.get(written.key)
    if isinstance(written.change, Delete):
        return present is None
    return present is not None and present == seen.means(dict(written.steps[-1].native))


def _create(change: Create, seen: Seen) -> Written | ChangeResult:
    key = change.desired.key
    native = native_of(change.desired, seen.zone_id)
    present = seen.rrsets.get(key)
    if present is None:
        return Written(change, (Step("CREATE", native),))
    if present == seen.means(native):
        return ChangeResult(change, Outcome.DONE, "It was there already.")
    if seen.is_own(key):
        return Written(change, (Step("UPSERT", native),))
    return ChangeResult(change, Outcome.FAILED, "There is such a set already; it is left as it is.")


def _replace(change: Replace, seen: Seen) -> Written | ChangeResult:
    key = change.desired.key
    native = native_of(change.desired, seen.zone_id)
    present = seen.rrsets.get(key)
    if present is not None and present == seen.means(native):
        return ChangeResult(change, Outcome.DONE, "It was so already.")
    existing = _existing(change.existing, seen)
    if seen.is_own(key):
        return Written(change, (Step("UPSERT", native),))
    pair, over = (Step("DELETE", existing), Step("CREATE", native)), (Step("UPSERT", native),)
    return Written(change, over if size_of_steps(over).fits and not size_of_steps(pair).fits else pair)


def _delete(change: Delete, seen: Seen) -> Written:
    if seen.is_own(change.existing.key):
        raise UnwritableError("The SOA and the NS set of the apex cannot be deleted.")
    return Written(change, (Step("DELETE", _existing(change.existing, seen)),))


def _existing(existing: RRset, seen: Seen) -> Native:
    """Return the record set as it was read; raises UnwritableError where it is not what the change replaces."""
    present = seen.rrsets.get(existing.key)
    native = seen.natives.get(existing.key)
    if present is None:
        raise UnwritableError("The set is not there any more.")
    if present != existing:
        raise UnwritableError("The set is not as it was when the change was planned; it is left as it is.")
    for extra in present.extras:
        if isinstance(extra, TrafficPolicy):
            raise UnwritableError(
                f"The traffic policy instance {extra.instance} owns the set; it cannot be changed by hand."
            )
        if isinstance(extra, Opaque) and extra.field == WHOLE_SET:
            raise UnwritableError("The set could not be read, so it cannot be named exactly enough to change it.")
    assert isinstance(native, Mapping)
    return {str(field): found for field, found in native.items()}
