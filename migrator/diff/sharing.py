"""The judging of many differences, shared with another process where there is one. No IO here.

Every difference is judged on its own, with both zones at hand, so that it does not matter where. The other process
has the zones as they are; it sends back of each of its differences what is new about it: words and numbers.
"""

import marshal
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from migrator.diff.pairs import Pair
from migrator.diff.result import Difference, Kind
from migrator.meaning.roles import Role
from migrator.model.finding import Severity
from migrator.model.processes import Later

_Rest = TypeVar("_Rest")
# With fewer differences, beginning another process takes as long as it saves.
_WORTHWHILE = 400
# Of the differences, which part is judged here; the mail verdicts are besides.
_HERE = 0.2
# So many differences are sent together.
_TOGETHER = 1000


def shared(
    pairs: Sequence[Pair],
    judge: Callable[[Pair], Difference],
    beside: Callable[[], _Rest],
    later: Later | None,
) -> tuple[tuple[Difference, ...], _Rest]:
    """Return what the judge says of each pair, in their order, and what `beside` returns.

    `later` does a piece of work in another process, if there is one: what it does not do is done here.
    """
    if later is None or len(pairs) < _WORTHWHILE:
        return tuple(map(judge, pairs)), beside()
    here = int(len(pairs) * _HERE)
    there = pairs[here:]
    pieces = later(lambda: _packed(map(judge, there)))
    found = [*map(judge, pairs[:here])]
    rest = beside()
    said = [*chain.from_iterable(map(marshal.loads, pieces))]
    found.extend(map(_unpacked, there, said))
    found.extend(map(judge, there[len(said) :]))
    return tuple(found), rest


def _packed(differences: Iterable[Difference]) -> Iterator[bytes]:
    rest = iter(differences)
    while said := [_said(each) for each in islice(rest, _TOGETHER)]:
        yield marshal.dumps(said)


def _said(found: Difference) -> tuple[Any, ...]:
    words = found.kind.value, [role.value for role in found.roles], found.severity.value, found.impact
    return (*words, found.lost, found.gained)


def _unpacked(pair: Pair, said: tuple[Any, ...]) -> Difference:
    kind, roles, severity, impact, lost, gained = said
    return Difference(
        Kind(kind), pair.key, tuple(map(Role, roles)), Severity(severity), impact, pair.old, pair.new, lost, gained
    )
