"""Values of our own classes as JSON, and back: driven by the types that their fields declare. No IO here.

A dataclass is an object with a member for each field; where several may stand, `is` names the class. Mappings are
lists of pairs, for their keys are no texts. Nothing is made that the declared types do not name, so that a
document from elsewhere can do no more than be refused, with the place in it.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import dns.exception
from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from migrator.codec import observation, zone
from migrator.codec.shape import Shape, parse_object
from migrator.model.names import absolute
from migrator.model.observation import Answer, NoAnswer
from migrator.model.zone import ZoneSnapshot

_KIND = "is"
_OBSERVATIONS = (Answer, NoAnswer)


def document(hint: Any, found: Any) -> Any:
    """Return the JSON of a value that was declared with this type."""
    for kind, written in _WRITTEN.items():
        if isinstance(found, kind):
            return written(found)
    if found is None or isinstance(found, bool | int | float | str):
        return found
    return _many(_of_value(hint, found), found)


def parse(hint: Any, found: Any, where: Shape, key: str) -> Any:
    """Return the value; raises InputError, with its place, where the JSON is none of this type."""
    return _parsed(hint, found, where, key)


def _many(hint: Any, found: Any) -> Any:
    """Return the JSON of what is made of other values."""
    if is_dataclass(found) and not isinstance(found, type):
        hints = _hints(type(found))
        own = {
            each.name: document(hints[each.name], getattr(found, each.name)) for each in fields(found) if each.init
        }
        return {_KIND: type(found).__name__} | own
    arguments = get_args(hint)
    if isinstance(found, Mapping):
        return [[document(arguments[0], key), document(arguments[1], each)] for key, each in found.items()]
    if isinstance(found, frozenset):
        return sorted((document(arguments[0], each) for each in found), key=str)
    assert isinstance(found, tuple), f"{type(found).__name__} has no form in JSON"
    return [document(one, each) for one, each in zip(_members(arguments, len(found)), found, strict=True)]


def _parsed(hint: Any, found: Any, where: Shape, key: str) -> Any:
    origin = get_origin(hint)
    if origin in {Union, types.UnionType}:
        return _one_of(get_args(hint), found, where, key)
    if origin is not None:
        return _collected(origin, get_args(hint), found, where, key)
    if hint is ZoneSnapshot:
        return zone.loads(json.dumps(_object(found, where, key)), file=where.file)[0]
    if hint in _OBSERVATIONS:
        return observation.parse(Shape(where.file, f"{where.path}.{key}", _object(found, where, key)))
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass(hint, _object(found, where, key), where, key)
    return _scalar(hint, found, where, key)


def _scalar(hint: Any, found: Any, where: Shape, key: str) -> Any:
    try:
        return _converted(hint, found, where, key)
    except (dns.exception.DNSException, ValueError, OverflowError) as exc:
        raise where.error(key, f"{_shown(found)} cannot be used here: {exc}.") from exc


def _converted(hint: Any, found: Any, where: Shape, key: str) -> Any:
    if hint in {int, float, bool, str}:
        allowed = {int, float} if hint is float else {hint}
        if type(found) not in allowed:
            raise where.wrong(key, hint.__name__, found)
        return hint(found)
    if hint is Rcode:
        return Rcode.make(_converted(int, found, where, key))
    if not isinstance(found, str):
        raise where.wrong(key, "text", found)
    if hint is RdataType:
        return RdataType.make(found)
    if hint is datetime:
        return observation.parse_instant(found)
    if hint is date:
        return date.fromisoformat(found)
    if hint is Name:
        return absolute(found)
    if hint is bytes:
        return found.encode("latin-1")
    assert isinstance(hint, type), f"{hint} has no form in JSON"
    assert issubclass(hint, Enum), f"{hint} has no form in JSON"
    return hint(found)


def _collected(origin: Any, arguments: tuple[Any, ...], found: Any, where: Shape, key: str) -> Any:
    if origin is type:
        named = {each.__name__: each for each in _alternatives(arguments[0])}
        if found not in named:
            raise where.error(key, f"{_shown(found)} is none of {', '.join(named)}.")
        return named[found]
    if not isinstance(found, list):
        raise where.wrong(key, "a list", found)
    if origin in {Mapping, dict}:
        pairs = [_collected(tuple, arguments, each, where, f"{key}[{i}]") for i, each in enumerate(found)]
        return dict(pairs)
    hints = _members(arguments, len(found))
    if len(hints) != len(found):
        raise where.error(key, f"{len(hints)} values were expected, found {len(found)}.")
    items = [
        _parsed(one, each, where, f"{key}[{i}]") for i, (one, each) in enumerate(zip(hints, found, strict=True))
    ]
    return frozenset(items) if origin is frozenset else tuple(items)


def _one_of(arguments: tuple[Any, ...], found: Any, where: Shape, key: str) -> Any:
    if found is None and type(None) in arguments:
        return None
    classes = {each.__name__: each for each in arguments if is_dataclass(each) and isinstance(each, type)}
    if isinstance(found, dict) and classes:
        name = found.get(_KIND) if len(classes) > 1 else next(iter(classes))
        if name not in classes:
            raise where.error(key, f"'{_KIND}' is {_shown(name)}, and none of {', '.join(classes)}.")
        return _parsed(classes[name], found, where, key)
    others = [each for each in arguments if each is not type(None) and each not in classes.values()]
    if len(others) != 1:
        raise where.wrong(key, "an object", found)
    return _parsed(others[0], found, where, key)


def _dataclass(hint: type, members: Mapping[str, object], where: Shape, key: str) -> Any:
    shape = Shape(where.file, f"{where.path}.{key}" if where.path else key, members)
    hints = _hints(hint)
    given = {
        each.name: _parsed(hints[each.name], members[each.name], shape, each.name)
        for each in fields(hint)
        if each.init and each.name in members
    }
    lacking = [name for name in _needed(hint) if name not in given]
    if lacking:
        raise shape.error(lacking[0], "it is missing.")
    return hint(**given)


@cache
def _needed(of: type) -> tuple[str, ...]:
    """Return the fields without which a dataclass cannot be made."""
    return tuple(
        each.name
        for each in fields(of)
        if each.init and each.default is MISSING and each.default_factory is MISSING
    )


def _of_value(hint: Any, found: Any) -> Any:
    """Return the member of a union that the value belongs to, where that can be told by its kind."""
    if get_origin(hint) not in {Union, types.UnionType}:
        return hint
    matching = [each for each in get_args(hint) if isinstance(get_origin(each) or each, type)]
    return next((each for each in matching if isinstance(found, get_origin(each) or each)), hint)


def _members(arguments: tuple[Any, ...], count: int) -> tuple[Any, ...]:
    """Return the types of the members of a tuple or set: one for all, or one each."""
    if len(arguments) == 1:
        return arguments * count
    if arguments[-1:] == (Ellipsis,):
        return arguments[:1] * count
    return arguments


def _alternatives(hint: Any) -> tuple[type, ...]:
    return get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)


def _object(found: Any, where: Shape, key: str) -> Mapping[str, object]:
    if not isinstance(found, dict):
        raise where.wrong(key, "an object", found)
    return found


def _shown(found: object) -> str:
    text = repr(found)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@cache
def _hints(of: type) -> dict[str, Any]:
    return get_type_hints(of)


def _observation(found: Answer | NoAnswer) -> dict[str, object]:
    return {_KIND: type(found).__name__} | observation.document(found)


def _zone(found: ZoneSnapshot) -> Mapping[str, object]:
    return parse_object(zone.dumps(found), "zone").members


# Before all else, for the enumerations of DNS are numbers, and ours are texts.
_WRITTEN: dict[type, Callable[[Any], Any]] = {
    RdataType: RdataType.to_text,
    Rcode: int,
    Enum: lambda found: found.value,
    datetime: observation.instant,
    date: date.isoformat,
    Name: Name.to_text,
    bytes: lambda found: found.decode("latin-1"),
    type: lambda found: found.__name__,
    Answer: _observation,
    NoAnswer: _observation,
    ZoneSnapshot: _zone,
}
_LONGEST = 60
