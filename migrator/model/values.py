"""`dataclass`, as the standard library means it, made in a fraction of the time.

The standard library's, before Python 3.13, compiles six methods for each frozen class: a quarter of a millisecond
for each of the hundred classes that comparing two zones takes. Here `__init__` alone is compiled, when there is a
first value; the others are the same for every class but for the names of its fields. What a class does, what it
refuses and what it says is the same: `tests/model/test_values.py` holds one against the other.
"""

import dataclasses
from collections.abc import Callable, Sequence
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        slots: bool = False,
        eq: bool = True,
        kw_only: bool = False,
    ) -> type | Callable[[type], type]:
        """Make a data class, or return a decorator that does; with those options that this program uses."""
        if not frozen:
            return dataclasses.dataclass(cls, slots=slots, eq=eq, kw_only=kw_only)
        plain = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
        return lambda each: _freeze(plain(each), eq=eq)


_ABSENT = object()  # stands for a value that a factory makes

_Values = Callable[[Any], tuple[Any, ...]]


def _freeze(cls: type, *, eq: bool) -> type:
    fields = dataclasses.fields(cls)
    methods = {
        "__init__": _Initialiser(cls, fields),
        "__repr__": _repr([field.name for field in fields if field.repr]),
        "__setattr__": _refuse_to_assign,
        "__delattr__": _refuse_to_delete,
    }
    if "__slots__" in cls.__dict__:
        methods |= {"__getstate__": _state, "__setstate__": _set_state}
    if eq:
        hashed = [field for field in fields if (field.compare if field.hash is None else field.hash)]
        methods["__eq__"] = _equality(_values([field.name for field in fields if field.compare]))
        methods["__hash__"] = _hash(_values([field.name for field in hashed]))
    for name, method in methods.items():
        # The hash of a class that defines its own equality is None until somebody says otherwise.
        if cls.__dict__.get(name) is None:
            setattr(cls, name, method)
    return cls


class _Initialiser:
    """Stands for the `__init__` of a class until that is asked for: most classes have no value in most runs."""

    def __init__(self, cls: type, fields: Sequence[dataclasses.Field[Any]]) -> None:
        self._made_of = (cls, fields)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        cls, fields = self._made_of
        made: Any = _initialiser(cls, fields)
        cls.__init__ = made  # type: ignore[misc]
        return made.__get__(instance, owner)


def _initialiser(cls: type, fields: Sequence[dataclasses.Field[Any]]) -> Callable[..., None]:
    known: dict[str, Any] = {"_ABSENT": _ABSENT, "_set": object.__setattr__}
    parameters, named, body = ["self"], list[str](), list[str]()
    for field in fields:
        name, default = field.name, ""
        value = name if field.init else f"_default_{name}"
        if field.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"], default = field.default_factory, " = _ABSENT"
            value = f"_make_{name}() if {name} is _ABSENT else {name}" if field.init else f"_make_{name}()"
        elif field.default is not dataclasses.MISSING:
            known[f"_default_{name}"], default = field.default, f" = _default_{name}"
        elif not field.init:
            continue
        if field.init:
            (named if field.kw_only else parameters).append(name + default)
        # A slot is set by its descriptor, whatever the class refuses.
        slot = getattr(cls, name, None)
        if isinstance(slot, MemberDescriptorType):
            known[f"_set_{name}"] = slot.__set__
            body.append(f"_set_{name}(self, {value})")
        else:
            body.append(f"_set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    if named:
        parameters += ["*", *named]
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"]), known)  # noqa: S102  (only names)
    made: Any = known["__init__"]
    made.__module__, made.__qualname__ = cls.__module__, f"{cls.__qualname__}.__init__"
    made.__annotations__ = {field.name: field.type for field in fields if field.init} | {"return": None}
    return made  # type: ignore[no-any-return]


def _values(names: Sequence[str]) -> _Values:
    match names:
        case []:
            return lambda _: ()
        case [name]:
            only = attrgetter(name)
            return lambda value: (only(value),)
        case _:
            return attrgetter(*names)


def _equality(values: _Values) -> Callable[[Any, object], bool]:
    def __eq__(self: Any, other: object) -> bool:  # noqa: N807  (the name it has in the class)
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    return __eq__


def _hash(values: _Values) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


def _repr(names: Sequence[str]) -> Callable[[Any], str]:
    def __repr__(self: Any) -> str:  # noqa: N807
        return f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _refuse_to_assign(_: Any, name: str, __: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: Sequence[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
