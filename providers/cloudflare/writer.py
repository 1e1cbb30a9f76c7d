"""Reads and writes one zone; what differs from the last reading is not overwritten."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from migrator.interfaces import Budget, Calls, ChangeResult, Progress, ReadResult
from migrator.model.capabilities import Capabilities
from migrator.model.change import Change
from migrator.model.zone import ZoneSnapshot
from providers.cloudflare.answers import mapping, whole
from providers.cloudflare.applying import Application
from providers.cloudflare.batches import Job, batches_of, units_of
from providers.cloudflare.capabilities import CAPABILITIES, batch_size, of_plan, with_usage
from providers.cloudflare.creating import account_for, create_zone, refuse_unwritable
from providers.cloudflare.discovery import Wanted, Zone, find, look
from providers.cloudflare.planning import Ground, Setting, index_of, planned
from providers.cloudflare.reading import read_zone
from providers.cloudflare.service import Request, Service
from providers.cloudflare.settings import from_environment


class Writer:
    """One zone of one account. One writer for a zone at a time."""

    def __init__(self, asked: Wanted, progress: Progress, budget: Budget) -> None:
        """Ask nothing yet."""
        self.calls = Calls()
        self._asked = asked
        self._progress = progress
        self._budget = budget
        self._zone: Zone | None = None
        self._missing = False
        self._account = ""
        self._ground: Ground | None = None
        self._usage: tuple[int | None, int | None] | None = None
        self._signing = ""

    def capabilities(self) -> Capabilities:
        """Return what the zone holds in its plan, with its own quota; of a zone not there yet, the Free plan's.

        Whether Cloudflare signs the zone is known once it was read.
        """
        if self._missing:
            return CAPABILITIES
        with self._service() as service:
            zone = self._zone or look(service, self._asked)
            self._zone = zone
            if zone is None:
                return CAPABILITIES
            self._usage = usage_of(service, zone)
            return replace(with_usage(of_plan(zone.plan), *self._usage), signing=self._signing)

    def exists(self) -> bool:
        """Tell whether these credentials see the zone; raises InputError where it is not clear how to make it."""
        if self._zone is not None:
            return True
        with self._service() as service:
            self._zone = look(service, self._asked)
            self._missing = self._zone is None
            if self._missing:
                self._account = self._account or account_for(service, self._asked)
        return not self._missing

    def create(self) -> None:
        """Create the zone, without a scan of its records; does nothing where it is there already."""
        with self._service() as service:
            if self._zone is None and not self._missing:
                self._zone = look(service, self._asked)
            if self._zone is None:
                account = self._account or account_for(service, self._asked)
                self._zone = create_zone(service, self._asked, account)
                self._missing = False

    def read(self) -> ReadResult:
        """Return the zone as it is now, and remember its records by their ids."""
        with self._service() as service:
            before = self.calls.reads
            zone = self._zone or find(service, self._asked)
            reading = read_zone(service, zone, self._asked.locator.text, self._progress, balancers=False)
            self._zone, self._signing = zone, reading.signing
            snapshot = reading.assembly.snapshot
            flatten_all = reading.ways.flatten_all
            index = index_of(reading.listing.records, zone.name, flatten_all=flatten_all)
            self._ground = Ground(zone, index, reading.settings, snapshot)
            return ReadResult(snapshot, reading.assembly.findings, self.calls.reads - before)

    def calls_for(self, changes: Sequence[Change]) -> int:
        """Return how many requests these changes take: a look before the first write, settings, and batches.

        Raises ProviderError where nobody can make any.
        """
        ground = self._ground or _nothing(self._asked)
        if changes:
            refuse_unwritable(ground.zone)
        found = [planned(ground, change) for change in changes]
        jobs = [then for each in found if isinstance(then := getattr(each, "then", each), Job)]
        batches = batches_of(units_of(jobs, tight=False), batch_size(ground.zone.plan))
        return bool(changes) + sum(isinstance(each, Setting) for each in found) + len(batches)

    def apply(self, changes: Sequence[Change]) -> Iterator[ChangeResult]:
        """Carry out the changes, and yield one result for each; what changed since `read` is not overwritten."""
        assert self._ground is not None, "apply is called after read"
        if not changes:
            return
        refuse_unwritable(self._ground.zone)
        with self._service() as service:
            quota = None if self._usage is None else self._usage[0]
            yield from Application(service, self._ground, self._progress, quota).results(changes)

    def _service(self) -> Service:
        return Service(from_environment(self._asked.variable), self._progress, self.calls, self._budget)


def _nothing(asked: Wanted) -> Ground:
    """Return what is known of a zone that is not there yet: it will be an empty one of the Free plan."""
    name = asked.name
    zone = Zone("", name, "", "", "", "full", "free", paused=False, assigned=(), vanity=())
    return Ground(zone, {}, None, ZoneSnapshot(name, ()))


def usage_of(service: Service, zone: Zone) -> tuple[int | None, int | None]:
    """Return the quota of records and how many there are, None where these credentials may not see it."""
    path = f"/zones/{zone.identifier}/dns_records/usage"
    reply = service.send(Request("GET", path, "read the record quota"))
    found = mapping(reply.result) if reply.accepted else {}
    return whole(found.get("record_quota")), whole(found.get("record_usage"))
