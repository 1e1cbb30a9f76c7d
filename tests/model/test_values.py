"""Our `dataclass` makes what the standard library's makes."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from functools import partial
from typing import Any

import pytest

from migrator.model.values import dataclass as ours

Decorator = Callable[..., Callable[[type], type]]


def several(decorate: Decorator) -> list[type]:
    """Classes of every shape: defaults, factories, what is not shown, compared or given, and derived ones."""

    @decorate(frozen=True, slots=True)
    class Plain:
        """Doc."""

        a: int
        b: str = "x"
        c: tuple[int, ...] = field(default_factory=lambda: (1, 2))

    @decorate(frozen=True, slots=True)
    class Derived(Plain):
        """Doc."""

        b: str = "y"
        d: object = None

    @decorate(frozen=True, slots=True)
    class Particular:
        """Doc."""

        a: int
        hidden: int = field(default=1, repr=False, compare=False)
        made: dict[str, int] = field(default_factory=dict, init=False, hash=False)
        fixed: int = field(default=7, init=False)
        late: int = field(init=False, repr=False, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "late", self.a + 1)

    @decorate(frozen=True, slots=True, eq=False)
    class ByIdentity:
        """Doc."""

        a: int
        b: int = 2

    @decorate(frozen=True, slots=True, kw_only=True)
    class Named:
        """Doc."""

        b: int = 2
        a: int

    @decorate(frozen=True)
    class WithoutSlots:
        """Doc."""

        a: int
        b: int = 2

        def __repr__(self) -> str:
            return "itself"

    @decorate(frozen=True, slots=True)
    class WithItsHash:
        """Doc."""

        a: int
        b: int = 2

        def __eq__(self, other: object) -> bool:
            return isinstance(other, WithItsHash)

        def __hash__(self) -> int:
            return 5

    @decorate(frozen=True, slots=True)
    class Empty:
        """Doc."""

    @decorate(slots=True)
    class Mutable:
        """Doc."""

        a: int
        b: int = 2

    return [Plain, Derived, Particular, ByIdentity, Named, WithoutSlots, WithItsHash, Empty, Mutable]


PAIRS = list(zip(several(ours), several(dataclasses.dataclass), strict=True))
EACH = pytest.mark.parametrize(("made", "reference"), PAIRS, ids=[pair[0].__name__ for pair in PAIRS])


def of(cls: type, number: int) -> Any:
    """A value of the class, by its first field."""
    return cls() if not dataclasses.fields(cls) else cls(a=number)


def said(call: Callable[[], object]) -> object:
    """What a call gives, or what it refuses with."""
    try:
        return call()
    except Exception as exc:  # noqa: BLE001  (whatever it is, both must say it)
        return type(exc), str(exc)


@EACH
def test_a_class_says_the_same_of_itself(made: type, reference: type) -> None:
    def shape(cls: type) -> object:
        parameters = [(p.name, p.kind, p.annotation) for p in inspect.signature(cls).parameters.values()]
        fields = [(f.name, f.type, f.init, f.repr, f.compare, f.kw_only) for f in dataclasses.fields(cls)]
        return cls.__doc__, getattr(cls, "__match_args__", None), parameters, fields, hasattr(cls, "__dict__")

    assert shape(made) == shape(reference)
    assert repr(of(made, 1)) == repr(of(reference, 1))


@EACH
def test_values_are_equal_and_hashed_alike(made: type, reference: type) -> None:
    def judged(cls: type) -> list[object]:
        one, same, other = of(cls, 1), of(cls, 1), of(cls, 2)
        return [one == same, one == other, one != same, one == 1, said(lambda: hash(one) == hash(same))]

    assert judged(made) == judged(reference)
    if made.__name__ != "ByIdentity":
        assert said(lambda: hash(of(made, 3))) == said(lambda: hash(of(reference, 3)))


@EACH
def test_what_is_frozen_stays_as_it_is(made: type, reference: type) -> None:
    def refused(cls: type) -> list[object]:
        value = of(cls, 1)
        names = [each.name for each in dataclasses.fields(cls)]
        assigned = [said(partial(setattr, value, name, 3)) for name in names]
        return [*assigned, *(said(partial(delattr, value, name)) for name in names[:1]), repr(value)]

    if made.__name__ != "Mutable":
        assert refused(made) == refused(reference)


def test_no_name_can_be_assigned_to() -> None:
    for made, _ in PAIRS[:-1]:  # all but the one that can be changed
        with pytest.raises(FrozenInstanceError):
            of(made, 1).unknown = 1


@EACH
def test_wrong_arguments_are_refused_alike(made: type, reference: type) -> None:
    def refused(cls: type) -> list[str]:
        wrong = (partial(cls, 1, 2, 3, 4, 5), partial(cls, unknown=1), partial(cls, 1, a=2))
        return [str(said(call)).replace("several.<locals>.", "") for call in wrong]

    assert refused(made) == refused(reference)


@EACH
def test_a_value_is_copied_and_replaced(made: type, reference: type) -> None:
    def copies(cls: type) -> list[str]:
        value = of(cls, 1)
        changed = dataclasses.replace(value, a=9) if dataclasses.fields(cls) else value
        return [repr(copy.copy(value)), repr(copy.deepcopy(value)), repr(changed)]

    assert copies(made) == copies(reference)


@ours(frozen=True, slots=True)
class Kept:
    """A class that pickle finds by its name."""

    a: int
    b: tuple[str, ...] = ()


def test_a_value_survives_being_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, ("x",)))) == Kept(1, ("x",))
