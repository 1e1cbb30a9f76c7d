"""What an attempt is given, and what it comes to."""

import hashlib
import json
import shlex
from collections.abc import Callable, Iterable
from dataclasses import field
from datetime import datetime, timedelta

from dns.name import Name

from migrator.codec import changes as codec
from migrator.interfaces import Progress, no_progress
from migrator.journey.events import Event, Kind, Worst
from migrator.journey.options import Options
from migrator.journey.stages import Stage
from migrator.journey.state import State
from migrator.model.change import Change
from migrator.model.names import for_people
from migrator.model.shellwords import typed
from migrator.model.values import dataclass
from migrator.state.migrations import Told
from migrator.state.store import Store
from migrator.workflow.remembering import Remembering
from migrator.workflow.world import World

# Commands that ask the network, which has a profile of its own.
_ASKING = frozenset({"confirm", "plan", "ttl lower"})
# How many times less often something is looked at that takes much asking and does not change.
_RARELY = 12


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended; its members are those of an event, `documents` as JSON texts still to be kept.

    `again` is the stage to go back to, where the attempt found that an earlier one must be done once more.
    """

    kind: Kind
    text: str
    until: datetime | None = None
    commands: tuple[str, ...] = ()
    worst: Worst | None = None
    documents: tuple[str, ...] = ()
    plan: str = ""
    again: Stage | None = None


@dataclass(frozen=True)
class Job:
    """One attempt: the migration with its events, the world that is asked, and the memory.

    `database` is how the state database is named on the command line, empty for the usual one.
    """

    told: Told
    world: World
    store: Store
    memory: Remembering
    now: Callable[[], datetime]
    database: str = ""
    progress: Progress = field(default=no_progress)

    @property
    def domain(self) -> Name:
        """The domain that moves."""
        return self.told.migration.domain

    @property
    def options(self) -> Options:
        """What the person decided."""
        return self.told.migration.options

    @property
    def sides(self) -> tuple[str, str]:
        """Both locators, old and new, as a shell takes them."""
        return typed(self.options.source), typed(self.options.target)

    @property
    def state(self) -> State:
        """Where the migration stands."""
        return self.told.state

    @property
    def stage(self) -> Stage:
        """The stage that is attempted."""
        return self.told.state.stage

    @property
    def approved(self) -> tuple[Event, ...]:
        """What a person approved of this stage."""
        return self.state.approved

    def consents(self, plan: str) -> bool:
        """Tell whether these changes may be written: all that are needed, or just these."""
        return self.options.yes or any(event.plan == plan for event in self.approved)

    @property
    def override(self) -> Event | None:
        """The word of a person to go on all the same, with the reason for it; None where nobody said so."""
        return next((event for event in reversed(self.approved) if event.because), None)

    def soon(self, seconds: float | None = None) -> datetime:
        """Return when to look again: after so many seconds, and never later than the person wants."""
        usual = float(self.options.every)
        return self.now() + timedelta(seconds=usual if seconds is None else min(seconds, usual))

    def later(self) -> datetime:
        """Return when to look again at what asks many questions: less and less often while nothing changes."""
        last = self.state.last
        times = last.times if last.stage is self.stage and last.turn is not None else 0
        return self.now() + timedelta(seconds=self.options.every * min(2**times, _RARELY))

    def command(self, what: str, rest: str = "") -> str:
        """Return a command of this program about the domain, as it can be typed."""
        text = f"dns-migrator {what} {shlex.quote(for_people(self.domain))}{rest and ' '}{rest}"
        if what in _ASKING and self.options.network:
            text = f"{text} --network {shlex.quote(self.options.network)}"
        return f"{text} --database {shlex.quote(self.database)}" if self.database else text


def digest_of(changes: Iterable[Change], *, made: bool = False) -> str:
    """Return the digest of what a person is asked about; `made` where the zone itself is made first."""
    documents = [codec.document(change) for change in changes]
    text = json.dumps([made, documents], sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def done(text: str, *documents: str, worst: Worst | None = None) -> Attempt:
    """Return that the stage is done."""
    return Attempt(Kind.DONE, text, worst=worst, documents=documents)
