"""TTLs lowered and put back: the zone read and kept from others, the servers asked, what is remembered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace

from dns.name import Name

from migrator.codec.imports import Calls, Work
from migrator.codec.ttls import TtlResult
from migrator.dnsclient.client import utc_now
from migrator.errors import InputError
from migrator.gathering import Given, Recalled, Task, gather
from migrator.interfaces import Progress, ReadResult
from migrator.model.capabilities import Capabilities
from migrator.model.change import Replace, key_of
from migrator.model.finding import Phase
from migrator.model.locator import Locator
from migrator.model.names import folded
from migrator.model.rrset import RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import ZoneSnapshot
from migrator.network.randomlabel import random_label
from migrator.plan.steps import State, Step
from migrator.runner import Asker
from migrator.state.locks import only_writer
from migrator.state.store import Store
from migrator.state.ttlmemory import Place, Remembered, TtlMemory
from migrator.ttls import Lowering, Original, Restoring, restore
from migrator.ttls.proof import Shown, Wish, is_answered_otherwise, wishes_of_lowering, wishes_of_restoring
from migrator.ttls.restoring import restore_copy
from migrator.workflow.remembering import Remembering
from migrator.workflow.sides import expect_origin, locator_of
from migrator.workflow.targets import opened
from migrator.workflow.world import World
from migrator.writing.importing import Target, key_of_target
from migrator.writing.ttls import Asking, Zone, lower_ttls, planned_work, prove, restore_ttls
from providers import LIVE_SCHEME, load

# Zones that nobody writes to by this program: files are somebody's source, and a transfer only reads.
BY_HAND = frozenset({"file", "axfr"})


@dataclass(frozen=True, slots=True)
class HeldZone:
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


@dataclass(frozen=True, slots=True)
class Part:
    """One zone of a restoring, with what is to be put back there; `is_copy` is the new zone."""

    held: HeldZone
    originals: tuple[Original, ...]
    result: TtlResult
    is_copy: bool


@contextmanager
def held_zone(world: World, domain: Name, locator: Locator, store: Store | None) -> Iterator[HeldZone]:
    """Read a zone, by its writer where there is one; with a store, nobody else writes to it meanwhile."""
    place = Place(key_of_target(locator, domain), locator.text)
    if locator.scheme in BY_HAND:
        yield HeldZone(locator, place, _own(world.read(locator), locator, domain), None, None)
        return
    with ExitStack() as stack:
        stack.enter_context(nullcontext() if store is None else only_writer(store, place.target))
        target: Target = stack.enter_context(opened(world, locator))
        read, can = _own(target.writer.read(), locator, domain), target.writer.capabilities()
        yield HeldZone(locator, place, read, can, Zone(domain, place, target, read))


def asking_of(
    world: World, domain: Name, held: HeldZone, memory: Remembering, wait: float, progress: Progress
) -> Asking:
    """Return who asks the name servers of the zone, found as a resolver would find them."""
    zone = held.read.snapshot
    assigned = load(held.locator.scheme).assigned_name_servers(held.locator, world.environment)
    text, scheme = held.locator.text, held.locator.scheme
    given = Given(text, scheme, zone, held.read.findings, "", assigned or zone.name_servers, (), held.can)
    asker = Asker(world.client, world.profile, lambda *_: None, utc_now, progress)
    recalled = Recalled(memory.recalled, memory.history)
    gathered = gather(Task(domain, Phase.PREPARE, given, None), (), asker, recalled)
    memory.keep(gathered.entries)
    return Asking(world.client, gathered.facts.old.servers, memory.keep, random_label(), wait)


def pending_at(store: Store | None, held: HeldZone, domain: Name) -> Mapping[RRsetKey, Original]:
    """Return the originals of sets that were lowered here and not put back."""
    for remembered in () if store is None else TtlMemory(store).pending(domain):
        if remembered.place.target == held.place.target:
            return remembered.originals
    return {}


def lowered(
    asking: Asking,
    held: HeldZone,
    result: TtlResult,
    store: Store,
    pending: Mapping[RRsetKey, Original],
    domain: Name,
    progress: Progress,
) -> TtlResult:
    """Lower the TTLs as planned, and ask every name server before and after."""
    plan = result.plan
    assert isinstance(plan, Lowering)
    there = held.read.snapshot.by_key()
    still = [
        original
        for key, original in pending.items()
        if key in there and there[key].ttl == original.lowered and not is_answered_otherwise(there[key])
    ]
    wishes = wishes_of_lowering(plan.changes, still)
    if plan.changes and asking.servers:
        # The TTLs of before, as served: the evidence by which `check --phase ready` counts.
        prove(replace(asking, wait=0), domain, wishes, progress)
    if held.zone is not None and plan.changes:
        work = lower_ttls(held.zone, plan.changes, plan.originals, store, progress)
        result = replace(result, work=work)
        if not work.applied:
            return result
    elif plan.changes:
        new = [each for each in plan.originals if pending.get(each.key) != each]
        TtlMemory(store).lowered(domain, held.place, new)
    return _proved(asking, domain, result, wishes, progress)


def part_of(held: HeldZone, originals: tuple[Original, ...], *, is_copy: bool) -> Part:
    """Return what is to be put back into one zone."""
    plan = (restore_copy if is_copy else restore)(held.read.snapshot, originals, held.can)
    result = TtlResult(held.locator.text, plan, held.work(plan.changes), held.by_hand)
    return Part(held, originals, result, is_copy)


def copied(remembered: Sequence[Remembered]) -> tuple[Original, ...]:
    """Return the originals that the new zone should have: of every set that was lowered for the move."""
    return tuple({key: original for each in remembered for key, original in each.originals.items()}.values())


def restored(asking: Asking | None, part: Part, store: Store, domain: Name, progress: Progress) -> TtlResult:
    """Put the TTLs back as planned, and ask every name server; `asking` is None where nothing changes.

    What is kept by hand may be served otherwise: what has its original there is asked for as well.
    """
    plan, held, result = part.result.plan, part.held, part.result
    assert isinstance(plan, Restoring)
    wishes = wishes_of_restoring(plan.changes)
    if held.by_hand and not part.is_copy and asking is not None:
        there = held.read.snapshot.by_key()
        kept = [Replace(there[key], there[key]) for key in plan.back]
        wishes = wishes_of_restoring([*plan.changes, *kept])
        result = _proved(asking, domain, result, wishes, progress)
    if not part.is_copy:
        settled = {*plan.back, *plan.gone} - set(_not_shown(result, plan.back))
        back = [each for each in part.originals if each.key in settled]
        TtlMemory(store).restored(domain, held.place, back)
    if not plan.changes or asking is None or result.sights or result.unasked:
        return result
    if held.zone is not None:
        originals = () if part.is_copy else part.originals
        work = restore_ttls(held.zone, plan.changes, originals, store, progress)
        result = replace(result, work=work)
        if not work.applied:
            return result
    return _proved(asking, domain, result, wishes, progress)


def _not_shown(result: TtlResult, keys: Iterable[RRsetKey]) -> Iterator[RRsetKey]:
    """Yield the sets that were asked for, and that not every name server shows with the TTL that is wanted."""
    late = {(folded(s.wish.owner), s.wish.rdtype) for s in result.sights if s.state is not Shown.YES}
    return (key for key in keys if result.unasked or (key.folded, key.rdtype) in late)


def note_back(store: Store, domain: Name, target: str, zone: ZoneSnapshot) -> None:
    """Remember what has its original TTL again at a place, whoever gave it that."""
    memory = TtlMemory(store)
    for each, plan in _restorings(memory.pending(domain), target, zone):
        memory.restored(domain, each.place, [each.originals[key] for key in (*plan.back, *plan.gone)])


def note_lowered_again(store: Store, domain: Name, target: str, zone: ZoneSnapshot) -> None:
    """Remember what has its lowered TTL again at a place, since the restoring was taken back."""
    memory = TtlMemory(store)
    for each, plan in _restorings(memory.latest(domain), target, zone):
        memory.lowered(domain, each.place, [each.originals[key_of(change)] for change in plan.changes])


def _restorings(
    remembered: Iterable[Remembered], target: str, zone: ZoneSnapshot
) -> Iterator[tuple[Remembered, Restoring]]:
    """Yield what is remembered of a place, with what would put it back."""
    for each in remembered:
        if each.place.target == target:
            yield each, restore(zone, each.originals.values())


def _proved(
    asking: Asking, domain: Name, result: TtlResult, wishes: Sequence[Wish], progress: Progress
) -> TtlResult:
    """Return the result with what every name server shows."""
    if not wishes:
        return result
    if not asking.servers:
        return replace(result, unasked="no address of a name server of the zone could be found")
    return replace(result, sights=prove(asking, domain, wishes, progress))


def _own(read: ReadResult, locator: Locator, domain: Name) -> ReadResult:
    expect_origin(read.snapshot.origin, locator, domain)
    return read


def own_locator(text: str, domain: Name) -> Locator:
    """Return the locator of a zone whose TTLs can be listed; raises InputError for others."""
    locator = locator_of(text, domain)
    if locator.scheme == LIVE_SCHEME:
        raise InputError(
            f"'{locator.text}': live servers answer, but do not list their zone, so that nobody knows what to "
            "lower: give a zone file or axfr:..."
        )
    return locator


def key_of_place(text: str, domain: Name) -> str:
    """Return what the memory calls the place of a locator."""
    return key_of_target(own_locator(text, domain), domain)
