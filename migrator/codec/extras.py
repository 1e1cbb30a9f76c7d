"""Extras as JSON, by the fields of their dataclasses: a new kind of extra needs no line here. No IO.

Nothing is passed over on reading: a kind or a field that this version does not know is an error, since the
snapshot would lose it.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import cast, get_type_hints

from dns.name import Name

from migrator.codec.shape import Shape
from migrator.errors import InputError
from migrator.model.extras import EXTRA_TYPES, Extra, ForRecord
from migrator.model.names import absolute

_BY_KIND: dict[str, type[Extra]] = {extra.kind: extra for extra in EXTRA_TYPES}


def document(extra: Extra) -> dict[str, object]:
    """Return the JSON object of an extra: its kind and all its fields."""
    found: dict[str, object] = {"kind": extra.kind}
    for field in fields(extra):
        found[field.name] = _written(getattr(extra, field.name))
    return found


def parse(shape: Shape) -> Extra:
    """Return the extra that such an object is; raises InputError where it is none, or of an unknown kind."""
    kind = shape.text("kind")
    extra_type = _BY_KIND.get(kind)
    if extra_type is None:
        raise shape.error("kind", f"'{kind}' is unknown to this version; use the dns-migrator that wrote it.")
    known = {field.name: field for field in fields(extra_type)}
    for name in shape.members:
        if name != "kind" and name not in known:
            raise shape.error(name, f"unknown to this version for '{kind}'; use the dns-migrator that wrote it.")
    arguments = {name: _read(shape, field, _types(kind)[name]) for name, field in known.items()}
    build = cast("Callable[..., Extra]", extra_type)
    return build(**arguments)


def _written(found: object) -> object:
    match found:
        case Name():
            return found.to_text()
        case tuple():
            return list(found)
        case str() | int():
            return found
        case _:
            return document(cast("Extra", found))


def _read(shape: Shape, field: "Field[object]", wanted: object) -> object:
    """Return the value of one field; a field that is absent takes its default where it has one."""
    if field.name not in shape.members and field.default is not MISSING:
        return field.default
    if wanted is str:
        return shape.text(field.name)
    if wanted is Name:
        return name_at(shape, field.name)
    if wanted == tuple[str, ...]:
        return shape.texts(field.name, required=True)
    if wanted is bool or wanted is int:
        found = shape.members.get(field.name)
        if type(found) is not wanted:
            raise shape.wrong(field.name, "true or false" if wanted is bool else "a whole number", found)
        return found
    inner = parse(shape.shape(field.name))
    if isinstance(inner, ForRecord):
        raise shape.error(field.name, f"'{inner.kind}' cannot stand within another extra.")
    return inner


def name_at(shape: Shape, key: str) -> Name:
    """Return the absolute name that stands at `key`."""
    text = shape.text(key)
    return name_of(shape, key, text)


def name_of(shape: Shape, key: str, text: str) -> Name:
    """Return the absolute name of a text that stands at `key`."""
    if not text.endswith("."):
        raise shape.error(key, f"'{text}' has no final dot; an absolute name was expected.")
    try:
        return absolute(text)
    except InputError as exc:
        raise shape.error(key, str(exc)) from exc


@cache
def _types(kind: str) -> dict[str, object]:
    return get_type_hints(_BY_KIND[kind])
