"""Changes as JSON: in the result of an import, in a plan file, in the journal. Lossless. No IO here."""

from collections.abc import Mapping

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.codec.shape import Shape
from migrator.codec.zone import parse_rrset, rrset_document
from migrator.model.change import Change, Create, Delete, Replace, after, before, change_from, key_of
from migrator.model.rrset import RRset, RRsetKey

_KEY = ("owner", "rdtype", "variant")


def action(change: Change) -> str:
    """Return the word for a change."""
    match change:
        case Create():
            return "create"
        case Replace():
            return "replace"
        case Delete():
            return "delete"


def document(change: Change) -> dict[str, object]:
    """Return the JSON object of a change: what, of which set, and how it is before and after."""
    return {
        "action": action(change),
        **key_document(key_of(change)),
        "old": state(before(change)),
        "new": state(after(change)),
    }


def parse(shape: Shape, origin: Name) -> Change:
    """Return the change that such an object is; raises InputError where it is none of the zone."""
    found = change_from(_state(shape, "old", origin), _state(shape, "new", origin))
    if found is None:
        raise shape.error("new", "the set is neither before nor after the change.")
    return found


def key_document(key: RRsetKey) -> dict[str, object]:
    """Return what names a set."""
    return {"owner": key.owner.to_text(), "rdtype": RdataType.to_text(key.rdtype), "variant": key.variant}


def state(rrset: RRset | None) -> dict[str, object] | None:
    """Return all of a set but its name; None where it is not there."""
    if rrset is None:
        return None
    return {name: found for name, found in rrset_document(rrset).items() if name not in _KEY}


def _state(shape: Shape, key: str, origin: Name) -> RRset | None:
    if shape.members.get(key) is None:
        return None
    inner = shape.shape(key)
    named: Mapping[str, object] = {name: shape.members.get(name, "") for name in _KEY}
    return parse_rrset(Shape(inner.file, inner.path, {**inner.members, **named}), origin)
