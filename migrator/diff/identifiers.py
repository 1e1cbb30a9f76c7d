"""Routed sets that are the same on both sides, and are called otherwise. No IO here.

    www  A  192.0.2.1   weight 90   'blue'             www  A  192.0.2.1   weight 90   'new-1'
    www  A  192.0.2.2   weight 10   'green'     ->     www  A  192.0.2.2   weight 10   'new-2'

An identifier tells the sets of a name apart and is answered to nobody. The same are sets with the same answers,
the same routing and the same health checks; whatever has no such set on the other side is told as ever.
"""

from collections.abc import Iterable, Sequence

from migrator.diff.equality import values
from migrator.model.rrset import RRset, RRsetKey

Pair = tuple[RRset | None, RRset | None]


def called_otherwise(pairs: Iterable[Pair]) -> dict[RRsetKey, str]:
    """Return the keys of sets that the other side has under another identifier, each with a sentence.

    `pairs` are the sets of either side by their keys, as far as they are not the same.
    """
    found: dict[RRsetKey, str] = {}
    by_name: dict[tuple[object, object], list[Pair]] = {}
    for old, new in pairs:
        one = old or new
        if one is not None and one.key.variant:
            by_name.setdefault((one.key.folded, one.rdtype), []).append((old, new))
    for here in by_name.values():
        # Where identifiers are exchanged, every set of the name must be found again: else it is the name's answers
        # that differ, and which of them it is nobody can tell.
        found |= _matched(here, whole=True) or _matched([p for p in here if None in p], whole=False)
    return found


def _matched(pairs: Sequence[Pair], *, whole: bool) -> dict[RRsetKey, str]:
    olds, news = [old for old, _ in pairs if old], [new for _, new in pairs if new]
    found: dict[RRsetKey, str] = {}
    left = list(news)
    for old in olds:
        new = next((each for each in left if values(each).keys() == values(old).keys()), None)
        if new is not None:
            left.remove(new)
            time = "" if new.ttl == old.ttl else f"; resolvers keep it for {new.ttl} seconds instead of {old.ttl}"
            found[new.key] = f"It is the routed set that the old side calls '{old.key.variant}'{time}."
            found[old.key] = f"The same routed set is called '{new.key.variant}' on the new side{time}."
    is_whole = not left and len(olds) == len(news) and all(old.key in found for old in olds)
    return found if is_whole or not whole else {}
