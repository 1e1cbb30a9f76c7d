"""One change at Azure: the request, and what became of it, honestly.

    create   PUT with If-None-Match: *     refused where somebody made the set meanwhile
    replace  PUT with If-Match: etag       refused where somebody changed it since it was read
    delete   DELETE with If-Match: etag    the same

Where an answer was lost, or a try after a failure of the service is refused, the set is read again: what stands
there tells whether the change was made.
"""

import re
from collections.abc import Mapping

from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.SOA import SOA

from migrator.errors import ProviderError
from migrator.interfaces import ChangeResult, Outcome
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import Alias, canonical_text
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey, canonical_wire
from migrator.model.values import dataclass
from migrator.model.zone import subject_of
from providers.azure.body import body_of, type_name_of
from providers.azure.convert import convert
from providers.azure.names import relative_of
from providers.azure.service import LostAnswerError, Reply, Service, UncertainError, path_of
from providers.azure.values import UnwritableError
from providers.azure.zones import DnsZone

_CHANGED = "changed since it was read: {0}. It is left as it is; run the command again for a new plan"
_TRIES = 3
_NOT_FOUND, _PRECONDITION_FAILED, _ERRORS = 404, 412, 400
_NO_SEGMENT = re.compile(r"[/\\?#%]")
_APEX_OWN = frozenset({RdataType.SOA, RdataType.NS})
# Not about one set: the others would fail alike.
_FATAL = frozenset({"ResourceGroupNotFound", "SubscriptionNotFound", "ParentResourceNotFound", "ScopeLocked",
                    "MissingSubscriptionRegistration", "InvalidResourceType", "NoRegisteredProviderFound",
                    "InvalidApiVersionParameter"})  # fmt: skip


@dataclass(slots=True)
class Hand:
    """Carries out changes in one zone; `etags` are those of the last read, and of what was written since."""

    service: Service
    zone: DnsZone
    origin: Name
    etags: dict[RRsetKey, str]

    def carry_out(self, change: Change) -> ChangeResult:
        """Return what became of a change; raises ProviderError where nothing goes any further."""
        try:
            refused = self._refusal(change)
            if refused:
                return ChangeResult(change, Outcome.FAILED, refused)
            return self._carried_out(change)
        except UnwritableError as exc:
            return ChangeResult(change, Outcome.FAILED, f"{_subject(change)}: {exc}")

    def put_back(self, change: Delete) -> str:
        """Make a set again that was deleted to make room for one that was refused; return what became of it."""
        result = self.carry_out(Create(change.existing))
        if result.outcome is Outcome.DONE:
            return "put back, since what it made room for was refused"
        return f"deleted, and it could not be put back: {result.detail}"

    def _refusal(self, change: Change) -> str:
        """Return why Azure would refuse the change for certain, or nothing."""
        key = _rrset(change).key
        apex = key.folded == folded(self.origin)
        if not isinstance(change, Create) and not self.etags.get(key):
            return f"{subject_of(key)}: it was not there when the zone was read"
        if not apex or key.rdtype not in _APEX_OWN:
            return ""
        if isinstance(change, Delete):
            return f"{subject_of(key)}: Azure keeps the {RdataType.to_text(key.rdtype)} set of the apex"
        if key.rdtype == RdataType.NS:
            given = {folded(rdata.target) for rdata in change.desired.rdatas if isinstance(rdata, NS)}
            missing = [name for name in self.zone.name_servers if folded(name) not in given]
            if missing:
                shown = ", ".join(name.to_text() for name in missing)
                return f"{subject_of(key)}: Azure's own name servers cannot be removed ({shown})"
        if isinstance(change, Replace) and key.rdtype == RdataType.SOA:
            before, after = _primary(change.existing), _primary(change.desired)
            if before is not None and after is not None and folded(before) != folded(after):
                return (
                    f"{subject_of(key)}: Azure does not let the primary of the SOA be changed ({before.to_text()})"
                )
        return ""

    def _carried_out(self, change: Change) -> ChangeResult:
        rrset = _rrset(change)
        method = "DELETE" if isinstance(change, Delete) else "PUT"
        body = None if isinstance(change, Delete) else body_of(rrset, self.origin, self.zone.identifier)
        path = self._path(rrset)
        for _ in range(_TRIES):
            try:
                reply = self.service.send(
                    method, path, _action(change), body=body, condition=self._condition(change)
                )
            except LostAnswerError:
                found = self._look_after_doubt(change)
                if found is not None:
                    return found
                continue
            return self._judged(change, reply)
        return ChangeResult(
            change, Outcome.FAILED, f"{_subject(change)}: the connection broke off {_TRIES} times; not done"
        )

    def _path(self, rrset: RRset) -> str:
        relative = relative_of(rrset.owner, self.origin)
        if _NO_SEGMENT.search(relative):
            raise UnwritableError("a name with one of / \\ ? # % cannot stand in a resource id of Azure")
        return self.zone.path + path_of(type_name_of(rrset), relative)

    def _condition(self, change: Change) -> Mapping[str, str]:
        if isinstance(change, Create):
            return {"If-None-Match": "*"}
        return {"If-Match": self.etags[change.existing.key]}

    def _judged(self, change: Change, reply: Reply) -> ChangeResult:
        key = _rrset(change).key
        if reply.status < _ERRORS:
            if isinstance(change, Delete):
                self.etags.pop(key, None)
            else:
                self._remember(key, reply.native)
            return ChangeResult(change, Outcome.DONE)
        if reply.code in _FATAL:
            raise self.service.refusal(reply, _action(change))
        if reply.status == _PRECONDITION_FAILED or (reply.status == _NOT_FOUND and not isinstance(change, Create)):
            # After a try that failed half-way, the one who changed it may be ourselves.
            found = self._look_after_doubt(change) if reply.retried else None
            words = _CHANGED.format(reply.words.rstrip(".") or "it is gone")
            return found or ChangeResult(change, Outcome.FAILED, f"{_subject(change)}: {words}")
        words = reply.words or f"HTTP {reply.status}"
        return ChangeResult(change, Outcome.FAILED, f"{_subject(change)}: refused: {words}")

    def _look_after_doubt(self, change: Change) -> ChangeResult | None:
        try:
            return self._look(change)
        except UncertainError:
            raise
        except ProviderError as exc:
            raise UncertainError(str(exc)) from exc

    def _look(self, change: Change) -> ChangeResult | None:
        """Read the set again and tell what became of the change; None: nothing did, and it still can be made."""
        rrset = _rrset(change)
        reply = self.service.send("GET", self._path(rrset), f"reading {subject_of(rrset.key)} again")
        if reply.code in _FATAL:
            raise self.service.refusal(reply, _action(change))
        absent = reply.status == _NOT_FOUND
        if reply.status >= _ERRORS and not absent:
            raise self.service.refusal(reply, _action(change))
        native = reply.native
        etag = _etag(native)
        if absent:
            if isinstance(change, Delete):
                self.etags.pop(rrset.key, None)
                return ChangeResult(change, Outcome.DONE)
            gone = f"{_subject(change)}: {_CHANGED.format('it is gone')}"
            return None if isinstance(change, Create) else ChangeResult(change, Outcome.FAILED, gone)
        if not isinstance(change, Create) and etag == self.etags.get(rrset.key):
            return None
        standing = convert(native, self.origin, self.zone.identifier).rrset
        if not isinstance(change, Delete) and same_content(standing, rrset):
            self._remember(rrset.key, native)
            return ChangeResult(change, Outcome.DONE)
        return ChangeResult(
            change, Outcome.FAILED, f"{_subject(change)}: {_CHANGED.format('somebody else wrote it')}"
        )

    def _remember(self, key: RRsetKey, native: object) -> None:
        etag = _etag(native)
        if not etag:
            raise ProviderError(f"Azure DNS: the answer to writing {subject_of(key)} has no etag. Is it Azure?")
        self.etags[key] = etag


def same_content(standing: RRset, wanted: RRset) -> bool:
    """Tell whether two sets say the same; the TTL of an alias may be its resource's, so it does not count."""
    aliased = any(isinstance(extra, Alias) for extra in wanted.extras)
    return (
        standing.key == wanted.key
        and (aliased or standing.ttl == wanted.ttl)
        and set(map(canonical_wire, standing.rdatas)) == set(map(canonical_wire, wanted.rdatas))
        and sorted(map(canonical_text, standing.extras)) == sorted(map(canonical_text, wanted.extras))
    )


def _rrset(change: Change) -> RRset:
    return change.existing if isinstance(change, Delete) else change.desired


def _subject(change: Change) -> str:
    return subject_of(_rrset(change).key)


def _action(change: Change) -> str:
    verb = {Create: "creating", Replace: "changing", Delete: "deleting"}[type(change)]
    return f"{verb} {_subject(change)}"


def _etag(native: object) -> str:
    found = native.get("etag") if isinstance(native, Mapping) else None
    return found if isinstance(found, str) else ""


def _primary(rrset: RRset) -> Name | None:
    return next((rdata.mname for rdata in rrset.rdatas if isinstance(rdata, SOA)), None)
