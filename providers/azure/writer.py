"""Writes one zone: creates it, and carries out changes at several names at once, in an order without gaps."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from migrator.errors import ProviderError
from migrator.interfaces import Budget, Calls, ChangeResult, Progress, ReadResult, no_budget
from migrator.model.capabilities import Aliases, Capabilities, Limit
from migrator.model.change import Change
from migrator.model.rrset import RRsetKey
from providers.azure.capabilities import CAPABILITIES, of_cloud
from providers.azure.convert import scope_of
from providers.azure.discovery import Wanted, describe, find, find_or_none, place_for_new
from providers.azure.lists import add_zone
from providers.azure.names import zone_text
from providers.azure.ordering import phases
from providers.azure.pace import Pace
from providers.azure.reading import read_zone
from providers.azure.service import LostAnswerError, Service
from providers.azure.work import Work
from providers.azure.writing import Hand
from providers.azure.zones import DnsZone, Place, zone_of, zone_path

_CREATED = frozenset({200, 201})
_PRECONDITION_FAILED = 412
# How often a zone is asked for whose answers are lost.
_TRIES = 3


class Writer:
    """Reads and writes one zone; `close` it, or let it be collected."""

    def __init__(self, asked: Wanted, progress: Progress, budget: Budget = no_budget) -> None:
        """Remember what is asked for; asks nothing of the network yet."""
        self.calls = Calls()
        self._asked = asked
        self._progress = progress
        self._budget = budget
        self._service: Service | None = None
        # The zone as described; `_missing`: Azure said that there is none; `_fresh`: nothing was read since.
        self._zone: DnsZone | None = None
        self._missing = False
        self._fresh = False
        self._place: Place | None = None
        self._etags: dict[RRsetKey, str] | None = None

    def capabilities(self) -> Capabilities:
        """Return what the zone can hold; quota and form of its own aliases as they are there now."""
        zone = self._found()
        held = of_cloud(self._asked.settings.endpoint)
        if zone is None:
            return held if self._place is None else replace(held, aliases=_aliases_in(self._place))
        known = held.rrsets_in_zone
        assert known is not None
        most = known if zone.most_record_sets is None else Limit(zone.most_record_sets, known.claim)
        scope = scope_of(zone.identifier.replace("{", "{{").replace("}", "}}"), "{rdtype}", "{owner}")
        return replace(
            held,
            rrsets_in_zone=most,
            used_rrsets=zone.record_sets,
            aliases=replace(_aliases_in(zone.place), scope=scope),
            signing="signing keys are there" if zone.signed else "",
        )

    def exists(self) -> bool:
        """Tell whether the zone is there; raises InputError where it is not and several groups could hold it."""
        if self._found() is not None:
            return True
        self._place = self._place or place_for_new(self._open(), self._asked)
        return False

    def create(self) -> None:
        """Create the zone; does nothing where it is there already."""
        if self._found() is not None:
            return
        service = self._open()
        place = self._place or place_for_new(service, self._asked)
        self._zone, self._fresh = self._created(service, place), True
        add_zone(self._asked.settings, self._asked.name, place)
        self._etags = None

    def read(self) -> ReadResult:
        """Return the zone as it is now, and remember the etag of each set."""
        service = self._open()
        before = service.calls.reads
        zone = self._zone
        if zone is not None and not self._fresh:
            zone = describe(service, zone.place, zone_text(self._asked.name))
        zone, self._fresh = zone or find(service, self._asked), False
        found = read_zone(service, zone, self._asked.locator.text, self._progress, self._asked.name)
        self._zone = found.described
        self._etags = dict(found.etags)
        return ReadResult(found.snapshot, found.findings, service.calls.reads - before)

    def apply(self, changes: Sequence[Change]) -> Iterator[ChangeResult]:
        """Carry out the changes, several names at once, and yield one result for each as it is known.

        Where the service fails for good, what is under way is finished and told, and then ProviderError is raised;
        changes without a result were not begun.
        """
        assert self._zone is not None, "apply comes after read"
        assert self._etags is not None, "apply comes after read"
        service = self._open()
        work = Work(Hand(service, self._zone, self._asked.name, self._etags))
        try:
            for units in phases(changes):
                yield from work.carry_out(units)
        except BaseException:
            # Nobody waits any longer for a limit to pass; the next use begins with all lanes open.
            service.pace.stop()
            raise
        finally:
            work.end()
            service.pace = Pace()

    def calls_for(self, changes: Sequence[Change]) -> int:
        """Return how many requests `apply` sends for these changes: one each, since Azure has no batch."""
        return len(changes)

    def close(self) -> None:
        """Close the connections."""
        if self._service is not None:
            self._service.close()
            self._service = None

    def _open(self) -> Service:
        if self._service is None:
            self._service = Service(self._asked.settings, self.calls, self._budget)
        return self._service

    def _found(self) -> DnsZone | None:
        if self._zone is None and not self._missing:
            self._zone = find_or_none(self._open(), self._asked)
            self._missing, self._fresh = self._zone is None, True
        return self._zone

    def _created(self, service: Service, place: Place) -> DnsZone:
        """Make the zone; where the answer was lost, look whether it is there, and ask again if not."""
        name = zone_text(self._asked.name)
        action = f"creating the zone {name}"
        for _ in range(_TRIES):
            try:
                reply = service.send(
                    "PUT",
                    zone_path(place, name),
                    action,
                    body={"location": "global"},
                    condition={"If-None-Match": "*"},
                )
            except LostAnswerError:
                found = describe(service, place, name)
                if found is not None:
                    return found
                continue
            if reply.status in _CREATED:
                return zone_of(reply.native)
            found = describe(service, place, name) if reply.status == _PRECONDITION_FAILED else None
            if found is not None:
                return found
            raise service.refusal(reply, action)
        raise ProviderError(
            f"Azure DNS: {action}: the connection broke off {_TRIES} times. Run the command again."
        )


def _aliases_in(place: Place) -> Aliases:
    """Return the aliases of a zone at this place, by which those to resources of other subscriptions are known."""
    return replace(CAPABILITIES.aliases, own_account=f"/subscriptions/{place.subscription}/")
