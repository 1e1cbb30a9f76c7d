"""The check itself: an id, when it runs, how grave it is, and its two halves; registered by the decorator."""

from collections.abc import Callable, Iterable
from inspect import cleandoc

from migrator.checks.asks import Ask
from migrator.checks.facts import Facts
from migrator.checks.points import Point
from migrator.model.finding import Phase, Severity
from migrator.model.values import dataclass

Asks = Callable[[Facts], Iterable[Ask]]
Judge = Callable[[Facts], Iterable[Point]]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule.

    `severity` is what its failure means; `blocks` says that without an answer nobody may go on (such a check is
    always of severity error). `in_lint` says that one zone by itself is enough to judge it. `source` names the
    RFC section or the document that the rule is from.
    """

    id: str
    phases: tuple[Phase, ...]
    severity: Severity
    blocks: bool
    in_lint: bool
    source: str
    remedy: str
    asks: Asks
    judge: Judge

    @property
    def area(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def specification(self) -> str:
        """The whole docstring of the check."""
        return cleandoc(self.judge.__doc__ or "")

    @property
    def summary(self) -> str:
        """The first sentence of the specification, without its full stop."""
        return " ".join(self.specification.split("\n\n", 1)[0].split()).rstrip(".")


REGISTERED: dict[str, Check] = {}


def nothing_to_ask(_: Facts) -> Iterable[Ask]:
    """Ask nothing: for checks that judge what is known."""
    return ()


def check(
    id_: str,
    *,
    phases: Iterable[Phase],
    severity: Severity = Severity.ERROR,
    blocks: bool = False,
    in_lint: bool = False,
    source: str,
    remedy: str = "",
    asks: Asks = nothing_to_ask,
) -> Callable[[Judge], Check]:
    """Register a function as the judging half of a check; its docstring is the specification.

    `remedy` is the general advice that `explain` prints; findings have their own, with names and values.
    """

    def register(judge: Judge) -> Check:
        assert id_ not in REGISTERED, f"{id_} is there twice"
        assert judge.__doc__, f"{id_} has no specification"
        assert severity is Severity.ERROR or not blocks, f"{id_} blocks, and is no error"
        found = Check(id_, tuple(phases), severity, blocks, in_lint, source, remedy, asks, judge)
        REGISTERED[id_] = found
        return found

    return register
