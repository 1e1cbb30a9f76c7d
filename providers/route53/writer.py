"""Writes a hosted zone: one writer, and one request after the other.

The calls, for V values of C characters: ListHostedZonesByName; for a new zone CreateHostedZone, else
GetHostedZoneLimit, and GetDNSSEC where it has data; ListResourceRecordSets for every 300 record sets, and
GetHostedZone where that is more than one page; ChangeResourceRecordSets for every 1,000 values or 32,000
characters; GetChange until all name servers have the last of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.errors import InputError, ProviderError
from migrator.interfaces import Budget, Calls, ChangeResult, Outcome, Progress, ReadResult, no_progress
from migrator.model.capabilities import Capabilities
from migrator.model.change import Change
from migrator.model.rrset import RRset, RRsetKey
from providers.naming import printable
from providers.route53 import pacing
from providers.route53.atoms import Written, atoms
from providers.route53.batches import batches, size_of
from providers.route53.changes import Seen, is_own, prepare
from providers.route53.convert import CAPABILITIES, contents
from providers.route53.creation import check_private, create_zone
from providers.route53.discovery import HostedZone, Wanted, look_for, zone_name
from providers.route53.names import encode
from providers.route53.paging import record_sets_of
from providers.route53.quotas import with_quotas
from providers.route53.reading import Reading, read_zone
from providers.route53.sending import Sending, too_large
from providers.route53.service import Service
from providers.route53.signing import Signing, signing_of
from providers.route53.spreading import not_everywhere, wait

# The sets of the apex from NS to SOA, in the order in which they are listed.
_APEX_SETS = "10"


class Writer:
    """Reads and writes one hosted zone; see `interfaces.ZoneWriter`."""

    def __init__(self, asked: Wanted, progress: Progress, budget: Budget) -> None:
        """Ask nothing yet."""
        self.calls = Calls()
        self._asked = asked
        self._name = zone_name(asked)
        self._progress = progress
        self._budget = budget
        self._opened: Service | None = None
        self._zone: HostedZone | None = None
        self._absent = False
        self._capabilities: Capabilities | None = None
        self._seen: Seen | None = None
        self._signing: Signing | None = None
        self._spreading = ""

    def close(self) -> None:
        """Close the connections; the writer opens them again where it needs them."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def capabilities(self) -> Capabilities:
        """Return what the zone can hold; the quota is the account's where the zone is there."""
        zone = None if self._absent else self._found()
        if zone is None:
            return _of_kind(CAPABILITIES, private=self._asked.private is True or self._asked.vpc is not None)
        if self._capabilities is None:
            self._capabilities = with_quotas(self._service, zone)
        return replace(_of_kind(self._capabilities, private=zone.private), signing=self._signed(zone).state)

    def exists(self) -> bool:
        """Tell whether the zone is there.

        Raises InputError where it is not and could not be made, and where only a private one is there and nobody
        asked for that; ProviderError where the zone belongs to another service.
        """
        return self._found() is not None

    def create(self) -> None:
        """Make the hosted zone, unless it is there."""
        if self._found() is None:
            self._zone = create_zone(self._service, self._asked, self._name)
            self._absent = False

    def read(self) -> ReadResult:
        """Return the zone, and remember every record set exactly as it is."""
        before = self.calls.reads
        reading = read_zone(self._service, self._there(), self._asked.locator.text, self._progress)
        self._zone, self._seen = reading.zone, _seen(reading)
        signing = self._signed(replace(reading.zone, record_sets=len(reading.listing.record_sets)))
        result = reading.result(self.calls.reads - before)
        late = (not_everywhere(reading.zone.name),) if self._spreading else ()
        return replace(result, findings=(*late, *signing.unread, *result.findings))

    def calls_for(self, changes: Sequence[Change]) -> int:
        """Return how many requests these changes take: the batches, looks at what is overwritten, one later."""
        origin = self._name
        seen = self._seen or Seen(origin, "", {}, {})
        written = [found for change in changes if isinstance(found := prepare(change, seen), Written)]
        requests = len(batches([atom for atom in atoms(written) if size_of(atom).fits]))
        return requests + bool(requests) + len(_looks(written, origin))

    def unsendable(self, changes: Sequence[Change]) -> dict[RRsetKey, str]:
        """Return the changes that are carried out together and that no request takes together."""
        seen = self._seen or Seen(self._name, "", {}, {})
        written = [found for change in changes if isinstance(found := prepare(change, seen), Written)]
        large = [atom for atom in atoms(written) if not size_of(atom).fits]
        return {member.key: too_large(atom) for atom in large for member in atom.members}

    def apply(self, changes: Sequence[Change]) -> Iterator[ChangeResult]:
        """Carry out the changes; `sending.py` says in which order, and what a refusal means."""
        assert self._seen is not None, "changes are made against what was read"
        sending = Sending(self._service, self._seen, self._look)
        written: list[Written] = []
        for change in changes:
            found = prepare(change, self._seen)
            if isinstance(found, Written):
                written.append(found)
            else:
                yield sending.note(found)
        for one in tuple(self._changed_since(written)):
            written.remove(one)
            yield sending.note(ChangeResult(one.change, Outcome.FAILED, "Somebody changed it since it was read."))
        yield from sending.run(written)
        if sending.last:
            self._spreading = sending.last
            if wait(self._service, sending.last, pacing.PACE, self._progress):
                self._spreading = ""

    @property
    def _service(self) -> Service:
        if self._opened is None:
            self._opened = Service(self._asked.profile, self.calls, budget=self._budget)
        return self._opened

    def _found(self) -> HostedZone | None:
        if self._zone is None:
            zone = look_for(self._service, self._asked)
            if zone is None:
                check_private(self._asked)
                self._absent = True
                return None
            self._zone = self._writable(zone)
        return self._zone

    def _signed(self, zone: HostedZone) -> Signing:
        """Return whether the zone is signed; that is asked once."""
        if self._signing is None:
            self._signing = signing_of(self._service, zone)
        return self._signing

    def _writable(self, zone: HostedZone) -> HostedZone:
        name = self._name.to_text(omit_final_dot=True)
        if zone.linked_service:
            raise ProviderError(
                f"Route 53: the hosted zone {zone.identifier} belongs to {printable(zone.linked_service)}, and "
                f"nobody else can change it. Name another one: route53:{name}?zone-id=Z..."
            )
        asked = self._asked
        if zone.private and (asked.private, asked.identifier, asked.vpc) == (None, None, None):
            raise InputError(
                f"{asked.locator.text}: there is only a private zone {name} ({zone.identifier}). Write to it with "
                f"'route53:{name}?private=true', or make a public one with 'route53:{name}?private=false'."
            )
        return zone

    def _there(self) -> HostedZone:
        zone = self._found()
        if zone is None:
            name = self._name.to_text(omit_final_dot=True)
            raise ProviderError(f"Route 53: these credentials see no hosted zone {name}; it must be made first.")
        # What the service counted before is not what it counts after a change.
        return replace(zone, record_sets=None)

    def _look(self) -> Seen:
        return _seen(read_zone(self._service, self._there(), self._asked.locator.text, no_progress))

    def _changed_since(self, written: Sequence[Written]) -> Iterator[Written]:
        """Yield the changes that would overwrite a set which is not as it was read."""
        assert self._seen is not None
        present: dict[RRsetKey, RRset] = {}
        for position in _looks(written, self._name):
            reply = self._service.ask("ListResourceRecordSets", {"HostedZoneId": self._seen.zone_id, **position})
            now = contents(record_sets_of(reply), self._name)
            present |= {rrset.key: rrset for rrset in now.rrsets}
        for one in written:
            if one.overwrites and present.get(one.key) != self._seen.rrsets.get(one.key):
                yield one


def _looks(written: Sequence[Written], origin: Name) -> list[dict[str, str]]:
    """Return where to look for what is overwritten: once for the sets of the apex, once for each other one."""
    found: dict[RRsetKey, dict[str, str]] = {}
    for one in written:
        key = one.key
        if not one.overwrites:
            continue
        if is_own(key, origin):
            position = {"StartRecordType": "NS", "MaxItems": _APEX_SETS}
            key = RRsetKey(origin, RdataType.NS)
        else:
            position = {"StartRecordType": RdataType.to_text(key.rdtype), "MaxItems": "1"}
            position |= {"StartRecordIdentifier": key.variant} if key.variant else {}
        found[key] = {"StartRecordName": encode(key.owner), **position}
    return list(found.values())


def _of_kind(held: Capabilities, *, private: bool) -> Capabilities:
    """Return what a public zone holds, or a private one, which alone keeps what it holds to itself."""
    return replace(held, private_zones=replace(held.private_zones, holds=private))


def _seen(reading: Reading) -> Seen:
    found = reading.contents
    return Seen(
        reading.zone.name, reading.zone.identifier, {rrset.key: rrset for rrset in found.rrsets}, found.natives
    )
