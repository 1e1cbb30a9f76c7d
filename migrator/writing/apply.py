"""Drives a writer through the changes of a plan, with the journal before and after, and looks at what came of it.

The writer survives passing faults by itself. What is left to do here: an answer that was lost is settled by
reading the target again, and what was not carried out is tried once more; what somebody else changed meanwhile is
left alone; a failure that lasts, or Ctrl-C, ends the run with all that is known of each change.
"""

import time
from collections.abc import Sequence

from migrator.errors import MigratorError, ProviderError, StoreError, UnsafeError
from migrator.interfaces import ChangeResult, Outcome, Progress, ReadResult, ZoneWriter
from migrator.model.change import Change, key_of
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.plan.steps import State, Step, judged
from migrator.state.journal import Writing

# How often what was lost is sent again, and how long results wait for the next transaction of the journal.
_PASSES = 3
_FLUSH_SECONDS = 0.25
_STATES = {Outcome.DONE: State.DONE, Outcome.FAILED: State.FAILED, Outcome.UNKNOWN: State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Written:
    """How far each change came, the target as it is now (None: it could not be read), and what ended the work."""

    steps: tuple[Step, ...]
    present: ReadResult | None
    error: MigratorError | None = None


def write_changes(writer: ZoneWriter, changes: Sequence[Change], writing: Writing, progress: Progress) -> Written:
    """Carry out the changes, which were computed from the writer's last reading, and read the target again.

    The intents stand in the journal already. Raises nothing that a provider does: `Written.error` has it.
    """
    steps = {key_of(change): Step(change, State.PLANNED) for change in changes}
    notes = _Notes(writing, changes)
    pending: Sequence[Change] = changes
    present: ReadResult | None = None
    for _ in range(_PASSES):
        error = _one_pass(writer, pending, notes, progress, steps)
        if isinstance(error, UnsafeError) and not notes.any:
            # The target was looked at once more, and nothing was sent.
            return Written(tuple(steps.values()), None, error)
        if isinstance(error, UnsafeError | InterruptedRunError):
            return Written(_not_known(steps), None, error)
        try:
            present = writer.read()
        except MigratorError as exc:
            return Written(_not_known(steps), None, error or exc)
        except KeyboardInterrupt:
            return Written(_not_known(steps), None, error or InterruptedRunError())
        lost = [step.change for step in steps.values() if step.state in {State.UNKNOWN, State.PLANNED}]
        _settle(steps, present)
        pending = [change for change in lost if steps[key_of(change)].state is State.PLANNED]
        if error is not None or not pending:
            return Written(tuple(steps.values()), present, error)
    return Written(tuple(steps.values()), present)


class InterruptedRunError(ProviderError):
    """Somebody pressed Ctrl-C: no failure of a provider, and just as unfinished."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Interrupted.")


def _one_pass(
    writer: ZoneWriter,
    changes: Sequence[Change],
    notes: "_Notes",
    progress: Progress,
    steps: dict[RRsetKey, Step],
) -> MigratorError | None:
    """Send the changes once and note each result; return what ended it before the last of them."""
    error: MigratorError | None = None
    settled = len(steps) - len(changes)
    try:
        for result in writer.apply(changes):
            key = key_of(result.change)
            steps[key] = Step(steps[key].change, _STATES[result.outcome], result.detail)
            notes.add(result)
            settled += 1
            progress("changes", settled, len(steps))
    except MigratorError as exc:
        error = exc
    except KeyboardInterrupt:
        error = InterruptedRunError()
    try:
        notes.flush()
    except StoreError as exc:
        error = error or exc
    return error


class _Notes:
    """Results on their way to the journal: what comes within a moment is one transaction."""

    def __init__(self, writing: Writing, changes: Sequence[Change]) -> None:
        self.any = False
        self._writing = writing
        self._places = {key_of(change): place for place, change in enumerate(changes)}
        self._waiting: list[tuple[int, ChangeResult]] = []
        self._flushed = time.monotonic()

    def add(self, result: ChangeResult) -> None:
        """Note a result."""
        self.any = True
        self._waiting.append((self._places[key_of(result.change)], result))
        if time.monotonic() - self._flushed > _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Put into the journal what waits; what cannot be put there is not tried again."""
        waiting, self._waiting = self._waiting, []
        self._writing.results(waiting)
        self._flushed = time.monotonic()


def _settle(steps: dict[RRsetKey, Step], present: ReadResult) -> None:
    there = present.snapshot.by_key()
    for key, step in steps.items():
        steps[key] = judged(step, there.get(key))


def _not_known(steps: dict[RRsetKey, Step]) -> tuple[Step, ...]:
    """Return the steps where nobody could look: what has no result may have been carried out, or not."""
    return tuple(
        Step(step.change, State.UNKNOWN, "its answer was lost, or it was never sent")
        if step.state is State.PLANNED
        else step
        for step in steps.values()
    )
