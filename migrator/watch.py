"""Looks again and again until a switch has settled, and knows how long to wait; it shows nothing itself."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from migrator.confirm import Taken
from migrator.cutover.judge import Judgement
from migrator.cutover.memory import Memory
from migrator.cutover.stage import Stage

USUAL_INTERVAL = 30.0
# While days have to pass, nobody is asked every half minute.
LONGEST_INTERVAL = 600.0
_LOOKS_UNTIL_THE_END = 20
# A look a moment after the instant: one before it would only have to be repeated.
_AFTER = timedelta(milliseconds=50)


def watch(
    take: Callable[[Memory], Taken], memory: Memory, wait: Callable[[float], None], interval: float | None = None
) -> Iterator[Taken]:
    """Yield look after look, each with the memory of those before, and end with the one that is settled.

    As long as a new name server does not answer, or the verdict rests on anything else that could not be checked,
    there is nothing to end with: that may pass, and what is wrong (an error) is not mended by waiting.

    `interval` is in seconds; None leaves it to what there is to wait for.
    """
    while True:
        taken = take(memory)
        memory = taken.memory
        yield taken
        if taken.judgement.stage is Stage.SETTLED and not taken.judgement.doubts:
            return
        wait(pause(taken.judgement, interval))


def pause(judgement: Judgement, interval: float | None) -> float:
    """Return for how many seconds to wait: not past the instant at which the switch can have settled."""
    usual = USUAL_INTERVAL if interval is None else interval
    if judgement.timing is None:
        return usual
    left = (judgement.timing.last_stale.at + _AFTER - judgement.at).total_seconds()
    if left <= 0:
        return usual
    if interval is None:
        usual = min(max(usual, left / _LOOKS_UNTIL_THE_END), LONGEST_INTERVAL)
    return min(usual, left)
