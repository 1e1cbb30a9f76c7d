"""What `ttl lower` and `ttl restore` share: the zone and its writer, the name servers, how a result is shown."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dns.name import Name

from migrator.cli import screen
from migrator.cli.choices import Format
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.keeping import keep_where_there_is
from migrator.cli.writing import NOTHING_WRITTEN, Manner, Relay, done_all_the_same
from migrator.codec.ttls import Action, TtlResult, dumps
from migrator.model.locator import Locator
from migrator.report.ttls import ttl_markdown, ttl_outcome_text, ttl_plan_text, verdict
from migrator.state.store import Store, open_store
from migrator.ttls import Restoring
from migrator.workflow.remembering import Remembering
from migrator.workflow.ttls import HeldZone, asking_of, held_zone
from migrator.workflow.world import World
from migrator.writing.ttls import Asking


class Session:
    """One run of a `ttl` command: the world, the database, and whom to ask."""

    def __init__(self, world: World, domain: Name, manner: Manner, relay: Relay, wait: float) -> None:
        """Ask nobody yet."""
        self.world, self.domain, self.manner, self.relay = world, domain, manner, relay
        self._wait = wait
        self._memory: Remembering | None = None

    @contextmanager
    def store(self) -> Iterator[Store | None]:
        """Open the state database; without a write, only where there is one already."""
        manner = self.manner
        if manner.dry_run and "://" not in manner.database and not Path(manner.database).exists():
            yield None
            return
        with open_store(manner.database) as store:
            self._memory = Remembering(store, self.domain, screen.note)
            yield store

    @contextmanager
    def held(self, locator: Locator, store: Store | None) -> Iterator[HeldZone]:
        """Read a zone, by its writer where there is one, and keep others from writing to it meanwhile."""
        to_write = store if self.manner.may_write else None
        with ExitStack() as stack:
            with self.relay.shown():
                found = stack.enter_context(held_zone(self.world, self.domain, locator, to_write))
            yield found

    def asking(self, held: HeldZone) -> Asking:
        """Return who asks the name servers of the zone, found as a resolver would find them."""
        memory = self._memory or Remembering(None, self.domain, screen.note)
        return asking_of(self.world, self.domain, held, memory, self._wait, self.relay)

    def show_plan(self, result: TtlResult) -> None:
        """Print what would be done, where the form is text."""
        manner = self.manner
        if manner.format_ is Format.TEXT and not (manner.quiet and manner.yes):
            palette = screen.palette(no_color=manner.no_color)
            screen.emit(ttl_plan_text(result, palette, verbose=manner.verbose), None, instead=NOTHING_WRITTEN)

    def show(self, action: Action, results: Sequence[TtlResult], *, is_plan: bool) -> None:
        """Print what came of it: as text after the plan, or the whole document."""
        manner = self.manner
        if not is_plan:
            keep_where_there_is(manner.database, self.domain, lambda: dumps(action, self.domain, results))
        instead = " ".join(dict.fromkeys(_done_all_the_same(each) for each in results))
        match manner.format_:
            case Format.JSON:
                screen.emit(dumps(action, self.domain, results), None, instead=instead)
            case Format.MARKDOWN:
                screen.emit(ttl_markdown(results), None, instead=instead)
            case Format.TEXT:
                palette = screen.palette(no_color=manner.no_color)
                for result in () if is_plan else results:
                    if not (manner.quiet and exit_code(result) == CLEAN):
                        text = ttl_outcome_text(result, palette, verbose=manner.verbose)
                        screen.emit(f"\n{text}", None, instead=instead)

    @property
    def is_remembered(self) -> bool:
        """Whether all that was seen was kept."""
        return self._memory is None or self._memory.is_whole

    def code(self, results: Sequence[TtlResult]) -> int:
        """Return the exit code of all zones together."""
        return gravest([*map(exit_code, results), CLEAN if self.is_remembered else UNCHECKED])


def _done_all_the_same(result: TtlResult) -> str:
    said = done_all_the_same(result.work, " ".join(verdict(result)))
    return said if said == NOTHING_WRITTEN else f"{result.zone}: {said}"


def exit_code(result: TtlResult) -> int:
    """Return 1 where a server shows another TTL or somebody has changed one, 3 where one does not show it."""
    codes = [result.work.exit_code]
    if result.shown is False or (isinstance(result.plan, Restoring) and result.plan.changed):
        codes.append(FINDINGS)
    if result.shown is None and (result.sights or result.unasked):
        codes.append(UNCHECKED)
    return gravest(codes)
