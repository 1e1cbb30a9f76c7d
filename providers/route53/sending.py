"""Sends changes to a hosted zone, request after request, and tells what became of each.

A refused request has changed nothing. The changes that Route 53 names are failed with its words, the others of the
same request as not written. The requests after it still go out, but without deletions, and without what needs
something that failed. An answer that was lost is made good by reading the zone: what is as it should be is done.

An alias to a set that is not there, and does not come, is refused for sure with all of its request: it is not
sent. It would answer nothing, so that nothing else waits for it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.errors import ProviderError
from migrator.interfaces import ChangeResult, Outcome
from migrator.model.change import Delete, key_of
from migrator.model.names import text_of
from migrator.model.rrset import RRsetKey
from migrator.model.zone import subject_of
from providers.route53.atoms import Atom, Place, Written, alias_target, atoms, place_of
from providers.route53.batches import MOST_CHARACTERS, MOST_RECORDS, Batch, batch_of, batches, size_of
from providers.route53.bodies import change_batch
from providers.route53.changes import Seen, is_done
from providers.route53.failures import RequestError
from providers.route53.refusals import REFUSED, advice, reasons
from providers.route53.service import Reply, Service

# A request of which nothing was carried out, although the service answers again, is sent this often.
_SENDINGS = 3


class Sending:
    """The requests of one import; `last` is the identifier of the last change that still spreads."""

    def __init__(self, service: Service, seen: Seen, look: Callable[[], Seen]) -> None:
        """Take the zone as it was read, and how to read it again where an answer was lost."""
        self.last = ""
        self._service = service
        self._zone_id = seen.zone_id
        self._there = frozenset(map(place_of, seen.rrsets))
        self._look = look
        self._failed: set[Place] = set()
        self._lacking = False

    def note(self, result: ChangeResult) -> ChangeResult:
        """Remember what failed, for what needs it; returns the result."""
        if result.outcome is not Outcome.DONE:
            self._failed.add(place_of(key_of(result.change)))
            self._lacking |= not isinstance(result.change, Delete)
        return result

    def run(self, written: Iterable[Written]) -> Iterator[ChangeResult]:
        """Yield one result for each change; raises ProviderError where the service fails for good."""
        fitting: list[Atom] = []
        found = atoms(written)
        stranded = _stranded(found, self._there, self._zone_id)
        for atom in found:
            if not size_of(atom).fits:
                yield from self._all(atom.members, Outcome.FAILED, too_large(atom))
            elif id(atom) in stranded:
                yield from (ChangeResult(one.change, Outcome.FAILED, stranded[id(atom)]) for one in atom.members)
            else:
                fitting.append(atom)
        for batch in batches(fitting):
            ready: list[Atom] = []
            for atom in batch.atoms:
                obstacle = self._obstacle(atom)
                if obstacle:
                    yield from self._all(atom.members, Outcome.FAILED, obstacle)
                else:
                    ready.append(atom)
            if ready:
                yield from self._results(batch_of(ready))

    def _obstacle(self, atom: Atom) -> str:
        """Return why an atom must not be sent after what failed, or an empty text."""
        if atom.deletes and self._lacking:
            return "Not sent: nothing is deleted once something could not be written."
        for labels, rdtype in sorted(atom.needs & self._failed):
            return f"Not sent: it needs {text_of(Name(labels))} {RdataType.to_text(rdtype)}, which failed."
        return ""

    def _results(self, batch: Batch) -> Iterator[ChangeResult]:
        """Send one request, and read the zone where its answer is in doubt."""
        error = self._sent(batch)
        for _ in range(_SENDINGS):
            if error is None:
                yield from self._all(batch.members, Outcome.DONE)
                return
            if not error.in_doubt:
                yield from self._refused(batch, error, frozenset())
                return
            done = self._done(batch)
            if done is None:
                yield from self._all(batch.members, Outcome.UNKNOWN, str(error))
                raise error
            if done or error.code in REFUSED:
                yield from self._refused(batch, error, done)
                return
            error = self._sent(batch)
        raise ProviderError(f"{error} The request was sent {_SENDINGS} times, and nothing of it was carried out.")

    def _sent(self, batch: Batch) -> RequestError | None:
        """Send one request, and return what is wrong with it; raises what is wrong with every request."""
        try:
            reply = self._service.change(
                self._zone_id, change_batch((step.action, step.native) for step in batch.steps)
            )
        except RequestError as exc:
            if not exc.in_doubt and exc.code not in REFUSED:
                raise
            return exc
        self.last = _spreading(reply)
        return None

    def _done(self, batch: Batch) -> frozenset[RRsetKey] | None:
        """Return which changes the zone shows now; None where it cannot be read."""
        try:
            now = self._look()
        except ProviderError:
            return None
        return frozenset(one.key for one in batch.members if is_done(one, now))

    def _refused(self, batch: Batch, error: RequestError, done: Collection[RRsetKey]) -> Iterator[ChangeResult]:
        """Yield what became of a request that was not accepted, or whose acceptance was not heard."""
        if len(done) == len(batch.members):
            yield from self._all(batch.members, Outcome.DONE)
            return
        at_fault, of_all = reasons(error.messages, batch)
        if not at_fault:
            of_others = f"Route 53 refuses the request: {of_all or error}"
        else:
            first = subject_of(next(iter(at_fault)))
            of_others = f"Not written: Route 53 refuses the request because of {first}. {of_all}"
        for one in batch.members:
            if one.key in done:
                yield self.note(ChangeResult(one.change, Outcome.DONE))
                continue
            said = at_fault.get(one.key)
            detail = of_others if said is None else f"Route 53 refuses it: {said}{advice(said)}"
            yield self.note(ChangeResult(one.change, Outcome.FAILED, detail.strip()))

    def _all(self, members: Iterable[Written], outcome: Outcome, detail: str = "") -> Iterator[ChangeResult]:
        for one in members:
            yield self.note(ChangeResult(one.change, outcome, detail))


def _spreading(reply: Reply) -> str:
    """Return the identifier of a change that has not reached all name servers yet."""
    info = reply.native.get("ChangeInfo")
    if not isinstance(info, dict) or info.get("Status") == "INSYNC":
        return ""
    return str(info.get("Id", "")).rpartition("/")[2]


def _stranded(found: Sequence[Atom], there: frozenset[Place], zone_id: str) -> dict[int, str]:
    """Return, by identity, why atoms are not sent with an alias to a set of the zone that will not be there."""
    leading = [
        (atom, target)
        for atom in found
        for one in atom.members
        if (target := _own_target(one, zone_id)) is not None
    ]
    stranded: dict[int, str] = {}
    while leading:
        coming = {one.place for a in found if id(a) not in stranded for one in a.members if not one.deletes}
        lost = {id(atom): _nowhere(target) for atom, target in leading if target not in there | coming}
        if lost.keys() <= stranded.keys():
            break
        stranded = lost | stranded
    return stranded


def _nowhere(target: Place) -> str:
    shown = f"{text_of(Name(target[0]))} {RdataType.to_text(target[1])}"
    return f"Not sent: the alias leads to {shown}, which is not there, and Route 53 refuses that."


def _own_target(one: Written, zone_id: str) -> Place | None:
    """Return where the alias that a change writes leads in the zone; None where it is none, or leads elsewhere."""
    if not any(_zone_of_alias(step.native) == zone_id for step in one.steps if step.action != "DELETE"):
        return None
    return alias_target(one.change)


def _zone_of_alias(native: Mapping[str, object]) -> object:
    target = native.get("AliasTarget")
    return target.get("HostedZoneId") if isinstance(target, Mapping) else None


def too_large(atom: Atom) -> str:
    """Return why no request takes changes that must be carried out together."""
    size = size_of(atom)
    return (
        f"It takes {size.records:,} records and {size.characters:,} characters in one request, and Route 53 takes "
        f"{MOST_RECORDS:,} and {MOST_CHARACTERS:,}. Take the change in smaller steps."
    )
