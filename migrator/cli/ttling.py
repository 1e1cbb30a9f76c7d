"""What `ttl lower` and `ttl restore` share: the zone and its writer, the name servers, how a result is shown."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from dns.name import Name

from migrator.cli import screen
from migrator.cli.choices import Format
from migrator.cli.exits import CLEAN, FINDINGS, UNCHECKED, gravest
from migrator.cli.remembering import Remembering
from migrator.cli.world import World
from migrator.cli.writing import Manner, Relay, opened
from migrator.codec.imports import Calls, Work
from migrator.codec.ttls import Action, TtlResult, dumps
from migrator.dnsclient.client import utc_now
from migrator.errors import InputError
from migrator.gathering import Given, Recalled, Task, gather
from migrator.importing import Target, key_of_target
from migrator.interfaces import ReadResult
from migrator.locks import only_writer
from migrator.model.capabilities import Capabilities
from migrator.model.change import Replace
from migrator.model.finding import Phase
from migrator.model.locator import Locator
from migrator.model.names import folded, for_people
from migrator.plan.steps import State, Step
from migrator.randomlabel import random_label
from migrator.report.ttls import ttl_markdown, ttl_outcome_text, ttl_plan_text
from migrator.runner import Asker
from migrator.store import Store, open_store
from migrator.ttlmemory import Place
from migrator.ttls import Restoring
from migrator.ttls.proof import Wish
from migrator.ttlwork import Asking, Zone, planned_work, prove
from providers import LIVE_SCHEME, load, parse_locator

# Zones that nobody writes to by this program: files are somebody's source, and a transfer only reads.
BY_HAND = frozenset({"file", "axfr"})


@dataclass(frozen=True, slots=True)
class Job:
    """One zone whose TTLs are changed; `zone` is None where a person has to change them by hand."""

    locator: Locator
    place: Place
    read: ReadResult
    can: Capabilities | None
    zone: Zone | None

    @property
    def by_hand(self) -> bool:
        """Tell whether a person has to change the zone."""
        return self.zone is None

    def work(self, changes: Sequence[Replace]) -> Work:
        """Return the work while nothing is written."""
        if self.zone is not None:
            return planned_work(self.zone, changes)
        steps = tuple(Step(change, State.PLANNED) for change in changes)
        return Work(self.locator.text, steps, Calls(self.read.reads, 0), applied=not steps, verified=not steps)


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
            self._memory = Remembering(store, self.domain)
            yield store

    @contextmanager
    def job(self, locator: Locator, store: Store | None) -> Iterator[Job]:
        """Read a zone, by its writer where there is one, and keep others from writing to it meanwhile."""
        place = Place(key_of_target(locator, self.domain), locator.text)
        if locator.scheme in BY_HAND:
            with self.relay.shown():
                read = self.world.read(locator)
            yield Job(locator, place, self._own(locator, read), None, None)
            return
        with ExitStack() as stack:
            locks = store is not None and self.manner.may_write
            stack.enter_context(only_writer(store, place.target) if store and locks else nullcontext())
            target: Target = stack.enter_context(opened(self.world, locator))
            with self.relay.shown():
                read, can = self._own(locator, target.writer.read()), target.writer.capabilities()
            yield Job(locator, place, read, can, Zone(self.domain, place, target, read))

    def _own(self, locator: Locator, read: ReadResult) -> ReadResult:
        origin = read.snapshot.origin
        if folded(origin) != folded(self.domain):
            raise InputError(f"'{locator.text}' is the zone {for_people(origin)}, not {for_people(self.domain)}.")
        return read

    def asking(self, job: Job) -> Asking:
        """Return who asks the name servers of the zone, found as a resolver would find them."""
        zone = job.read.snapshot
        assigned = load(job.locator.scheme).assigned_name_servers(job.locator, self.world.environment)
        text, scheme = job.locator.text, job.locator.scheme
        given = Given(text, scheme, zone, job.read.findings, "", assigned or zone.name_servers, (), job.can)
        memory = self._memory or Remembering(None, self.domain)
        asker = Asker(self.world.client, self.world.profile, lambda *_: None, utc_now, self.relay)
        recalled = Recalled(memory.recalled, memory.history)
        gathered = gather(Task(self.domain, Phase.PREPARE, given, None), (), asker, recalled)
        memory.keep(gathered.entries)
        servers = gathered.facts.old.servers
        return Asking(self.world.client, servers, memory.keep, random_label(), self._wait)

    def proved(self, asking: Asking, result: TtlResult, wishes: Sequence[Wish]) -> TtlResult:
        """Return the result with what every name server shows."""
        if not wishes:
            return result
        if not asking.servers:
            return replace(result, unasked="no address of a name server of the zone could be found")
        return replace(result, sights=prove(asking, self.domain, wishes, self.relay))

    def show_plan(self, result: TtlResult) -> None:
        """Print what would be done, where the form is text."""
        manner = self.manner
        if manner.format_ is Format.TEXT and not (manner.quiet and manner.yes):
            palette = screen.palette(no_color=manner.no_color)
            screen.emit(ttl_plan_text(result, palette, verbose=manner.verbose), None)

    def show(self, action: Action, results: Sequence[TtlResult], *, is_plan: bool) -> None:
        """Print what came of it: as text after the plan, or the whole document."""
        manner = self.manner
        match manner.format_:
            case Format.JSON:
                screen.emit(dumps(action, self.domain, results), None)
            case Format.MARKDOWN:
                screen.emit(ttl_markdown(results), None)
            case Format.TEXT:
                palette = screen.palette(no_color=manner.no_color)
                for result in () if is_plan else results:
                    if not (manner.quiet and exit_code(result) == CLEAN):
                        screen.emit("\n" + ttl_outcome_text(result, palette, verbose=manner.verbose), None)

    @property
    def is_remembered(self) -> bool:
        """Whether all that was seen was kept."""
        return self._memory is None or self._memory.is_whole

    def code(self, results: Sequence[TtlResult]) -> int:
        """Return the exit code of all zones together."""
        return gravest([*map(exit_code, results), CLEAN if self.is_remembered else UNCHECKED])


def exit_code(result: TtlResult) -> int:
    """Return 1 where a server shows another TTL or somebody has changed one, 3 where one does not show it."""
    codes = [result.work.exit_code]
    if result.shown is False or (isinstance(result.plan, Restoring) and result.plan.changed):
        codes.append(FINDINGS)
    if result.shown is None and (result.sights or result.unasked):
        codes.append(UNCHECKED)
    return gravest(codes)


def own_locator(text: str, domain: Name) -> Locator:
    """Return the locator of a zone whose TTLs can be listed; raises InputError for others."""
    locator = parse_locator(text)
    if locator.zone is not None and folded(locator.zone) != folded(domain):
        raise InputError(f"'{locator.text}' is not the zone {for_people(domain)}: the same domain was expected.")
    if locator.scheme == LIVE_SCHEME:
        raise InputError(
            f"'{locator.text}': live servers answer, but do not list their zone, so that nobody knows what to "
            "lower: give a zone file or axfr:..."
        )
    return locator


def key_of_place(text: str, domain: Name) -> str:
    """Return what the memory calls the place of a locator."""
    return key_of_target(own_locator(text, domain), domain)
