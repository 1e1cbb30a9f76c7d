"""Record sets of Azure DNS, as JSON, into RRsets: pure and total, whatever stands in them. No IO here.

Nothing is dropped and nothing raises. What this module does not know, or dnspython refuses, becomes an `Opaque`
extra named by its place (`properties.Moon`), with its JSON text, and a finding names it; `body.py` puts it back.
So does a type without a number (`FOO`): its set gets a number of the private range (RFC 6895 section 3.1), the
same for the same name, and an `Opaque` field `type` says which type it is. A set whose name cannot be read stands
at the apex in that form.

An alias carries the resource id as its scope, and its TTL, unless that is the resource's. Its target is the name
of the set where that is one of this zone, else the root: a resource id holds no name that DNS knows (the DNS name
of a Traffic Manager profile, of a public address or of a Front Door endpoint is another field of another service).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.model.extras import Alias, Extra, ForRecord, Metadata, Opaque
from migrator.model.finding import Finding, Severity
from migrator.model.names import ROOT, folded, text_of
from migrator.model.phrases import ended
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.values import dataclass
from providers.azure.capabilities import CAPABILITIES, SOURCE, WHOLE_SET
from providers.azure.names import UnreadableError, owner_of, target_of
from providers.azure.values import LAYOUTS, Layout, rdata_of
from providers.conversion import Conversion
from providers.digests import odd_digest, said_of
from providers.private_types import number_of, private_number

__all__ = ["CAPABILITIES", "Contents", "contents", "convert", "document"]

# The fields that say what other fields say, or what only the service decides.
_DERIVED = frozenset({"id", "name", "type", "etag"})
ALIAS_FIELD = "targetResource"
PROFILE_FIELD = "trafficManagementProfile"
# Ends the name of a field that stands for one record of its list.
ENTRY = "[]"
_LAYOUT_FIELDS = {layout.field.lower(): rdtype for rdtype, layout in LAYOUTS.items()}


@dataclass(frozen=True, slots=True)
class Contents:
    """The record sets of a whole zone, and the JSON that each was made of."""

    rrsets: tuple[RRset, ...]
    natives: Mapping[RRsetKey, object]
    findings: tuple[Finding, ...]


def contents(natives: Iterable[object], origin: Name, zone_id: str) -> Contents:
    """Convert the record sets of a zone; one that repeats a key with other content is carried on the first."""
    by_key: dict[RRsetKey, tuple[object, RRset]] = {}
    findings: list[Finding] = []
    for native in natives:
        conversion = convert(native, origin, zone_id)
        rrset = conversion.rrset
        findings += conversion.findings
        if rrset.key not in by_key:
            by_key[rrset.key] = (native, rrset)
            continue
        first, kept = by_key[rrset.key]
        findings.append(_repeated(rrset, same=first == native))
        if first != native:
            again = Opaque(SOURCE, WHOLE_SET, document(native))
            by_key[rrset.key] = (first, replace(kept, extras=(*kept.extras, again)))
    return Contents(
        tuple(rrset for _, rrset in by_key.values()),
        {key: native for key, (native, _) in by_key.items()},
        tuple(findings),
    )


def convert(native: object, origin: Name, zone_id: str) -> Conversion:
    """Return the RRset that one record set of the zone at `origin` means; total.

    `zone_id` is the resource id of the zone, by which aliases to its own sets are known.
    """
    if not isinstance(native, Mapping):
        return _carried_whole(native, origin, "it is no record set")
    name = native.get("name")
    if not isinstance(name, str):
        return _carried_whole(native, origin, "it has no name")
    try:
        owner = owner_of(name, origin)
    except UnreadableError as exc:
        return _carried_whole(native, origin, str(exc))
    return _Building(owner, origin, zone_id, native).conversion()


def document(native: object) -> str:
    """Return a JSON value as the text that `Opaque` carries."""
    return json.dumps(native, sort_keys=True)


class _Building:
    """One record set on its way: its fields are taken one by one, and what is left of them is carried."""

    def __init__(self, owner: Name, origin: Name, zone_id: str, native: Mapping[object, object]) -> None:
        self.origin = origin
        self.zone_id = zone_id
        self.extras: list[Extra] = []
        self.findings: list[Finding] = []
        fields = {str(field): found for field, found in native.items()}
        named = fields.get("type")
        self.type_name = named.rpartition("/")[2] if isinstance(named, str) else document(named)
        self.rdtype = number_of(self.type_name) if isinstance(named, str) else None
        self.key = RRsetKey(owner, private_number(self.type_name.upper()) if self.rdtype is None else self.rdtype)
        if self.rdtype is None:
            self._carry("type", named)
        self.layout = LAYOUTS.get(self.key.rdtype)
        properties = fields.pop("properties", {})
        self.others = {field: found for field, found in fields.items() if field not in _DERIVED}
        self.properties: dict[str, object] = {}
        if isinstance(properties, Mapping):
            self.properties = {str(field): found for field, found in properties.items()}
        elif properties is not None:
            self._malformed("properties", properties)

    def conversion(self) -> Conversion:
        """Take every field in turn."""
        rdatas = self._take_records()
        ttl = self._take_ttl()
        self._take_alias()
        if any(isinstance(extra, Alias) and is_profile(extra.scope) for extra in self.extras):
            ttl = None
        self._take_metadata()
        self._take_state()
        for field, found in [*self._left(), *self.others.items()]:
            self._carry(field, found)
            self._find(
                "unknown-field",
                Severity.WARNING,
                f"Azure gave a field that is not known here: {field}. It is carried as it came.",
                document(found),
            )
        if ttl is None and rdatas:
            self._find("no-ttl", Severity.WARNING, "The set has records and no TTL; 0 is used.")
            ttl = 0
        rrset = make(self.key, ttl, rdatas, tuple(self.extras))
        if len(rrset.rdatas) < len(rdatas):
            self._find("duplicate-value", Severity.NOTICE, "Two records mean the same; it is carried once.")
        self._judge(rrset)
        return Conversion(rrset, tuple(self.findings))

    def _take(self, wanted: str) -> object:
        """Return a property in whatever case it is written, and take it out; None where it is not there."""
        for field in self.properties:
            if field.lower() == wanted.lower():
                return self.properties.pop(field)
        return None

    def _left(self) -> list[tuple[str, object]]:
        """Return the properties that nobody took, but for the empty records of other types."""
        return [
            (f"properties.{field}", found)
            for field, found in self.properties.items()
            if not (field.lower() in _LAYOUT_FIELDS and found in ([], None))
        ]

    def _take_records(self) -> tuple[Rdata, ...]:
        if self.layout is None:
            return ()
        found = self._take(self.layout.field)
        if found is None:
            return ()
        if self.layout.single:
            found = [found]
        if not isinstance(found, list | tuple):
            self._malformed(f"properties.{self.layout.field}", found)
            return ()
        rdatas = (self._take_record(record, self.layout) for record in found)
        return tuple(rdata for rdata in rdatas if rdata is not None)

    def _take_record(self, record: object, layout: Layout) -> Rdata | None:
        field = f"properties.{layout.field}"
        try:
            rdata, unknown = rdata_of(record, self.key.rdtype)
        except UnreadableError as exc:
            self._carry(field if layout.single else f"{field}{ENTRY}", record)
            self._find(
                "unreadable-value",
                Severity.ERROR,
                f"A record cannot be read as {self.type_name}: {ended(str(exc))} It is carried as it came.",
                document(record),
            )
            return None
        digest = odd_digest(rdata)
        if digest is not None:
            self._find("odd-digest", Severity.WARNING, said_of(digest))
        for name, found in unknown.items():
            self.extras.append(ForRecord(rdata.to_text(), Opaque(SOURCE, f"{field}.{name}", document(found))))
            self._find(
                "unknown-field",
                Severity.WARNING,
                f"Azure gave a field of a record that is not known here: {field}.{name}. It is carried along.",
                document(found),
            )
        return rdata

    def _take_ttl(self) -> int | None:
        ttl = self._take("TTL")
        if ttl is None or (type(ttl) is int and 0 <= ttl <= CAPABILITIES.ttl_max.bound):
            assert ttl is None or isinstance(ttl, int)
            return ttl
        self._malformed("properties.TTL", ttl)
        return None

    def _take_alias(self) -> None:
        """Take the links to resources; both fields are always there, and empty where the set is no alias."""
        linked = ""
        for field in (ALIAS_FIELD, PROFILE_FIELD):
            found = self._take(field)
            if found in (None, {}, {"id": None}, {"id": ""}):
                continue
            identifier = found.get("id") if isinstance(found, Mapping) else None
            if not isinstance(found, Mapping) or not isinstance(identifier, str) or len(found) > 1:
                self._malformed(f"properties.{field}", found)
                continue
            if linked.lower() not in {"", identifier.lower()}:
                self._malformed(f"properties.{field}", found)
                continue
            if linked:
                # One link in both fields is one alias; each goes back to where it stood.
                self._carry(f"properties.{ALIAS_FIELD}", {"id": linked})
            else:
                linked = identifier
                self.extras.append(alias_of(identifier, self.origin, self.zone_id))
            if field == PROFILE_FIELD:
                # The same link in another field: an alias says the link, and this which field it stood in.
                self._carry(f"properties.{field}", found)

    def _take_metadata(self) -> None:
        found = self._take("metadata")
        if found is None:
            return
        if not isinstance(found, Mapping):
            self._malformed("properties.metadata", found)
            return
        for name, text in sorted((str(name), text) for name, text in found.items()):
            if isinstance(text, str):
                self.extras.append(Metadata(name, text))
            else:
                self._malformed(f"properties.metadata.{name}", text)

    def _take_state(self) -> None:
        """Take what only the service writes: the full name, and how far its own work on the set has come."""
        state = self._take("provisioningState")
        if state not in {None, "Succeeded"} if isinstance(state, str | None) else True:
            self._find(
                "not-settled",
                Severity.WARNING,
                f"Azure has not finished its own work on the set (provisioningState: {document(state)}).",
            )
        fqdn = self._take("fqdn")
        if fqdn is not None and not self._is_owner(fqdn):
            self.properties["fqdn"] = fqdn

    def _is_owner(self, fqdn: object) -> bool:
        """Tell whether the full name is that of the set, in whatever letters and escapes it is written."""
        try:
            return isinstance(fqdn, str) and folded(target_of(fqdn)) == self.key.folded
        except UnreadableError:
            return False

    def _judge(self, rrset: RRset) -> None:
        if self.rdtype is None:
            self._find(
                "unknown-type",
                Severity.WARNING,
                f"The type {self.type_name} has no number that is known here. The set is carried as it came, as "
                f"{RdataType.to_text(self.key.rdtype)}, and no zone file can say it.",
            )
        elif self.layout is None:
            self._find(
                "unknown-type",
                Severity.WARNING,
                f"The type {self.type_name} is new at Azure since this program was written: its records are "
                "carried as they came, and no zone file can say them.",
            )
        for extra in rrset.extras:
            if isinstance(extra, Alias):
                what = text_of(extra.target) if extra.target != ROOT else extra.scope
                self._find(
                    "alias", Severity.NOTICE, f"An alias: Azure answers what {what} answers at that moment."
                )
        if not rrset.rdatas and not any(isinstance(extra, Alias | Opaque) for extra in rrset.extras):
            self._find("empty", Severity.NOTICE, "The set is empty: the name exists and answers nothing.")

    def _malformed(self, field: str, found: object) -> None:
        self._carry(field, found)
        self._find(
            "unreadable-field",
            Severity.ERROR,
            f"The field {field} is not as Azure documents it. It is carried as it came.",
            document(found),
        )

    def _carry(self, field: str, found: object) -> None:
        self.extras.append(Opaque(SOURCE, field, document(found)))

    def _find(self, check: str, severity: Severity, message: str, *evidence: str) -> None:
        subject = f"{text_of(self.key.owner)} {self.type_name}"
        self.findings.append(Finding(f"azure.{check}", severity, subject, message, evidence=evidence))


def is_profile(identifier: str) -> bool:
    """Tell whether a resource is a Traffic Manager profile: it has the TTL of its aliases, whatever they state."""
    return "/trafficmanagerprofiles/" in identifier.lower()


def alias_of(identifier: str, origin: Name, zone_id: str) -> Alias:
    """Return the alias to a resource; the id of a set of this zone begins as `zone_id` is written."""
    own = f"{zone_id.lower()}/"
    if zone_id and identifier.lower().startswith(own):
        rdtype, slash, relative = identifier[len(own) :].partition("/")
        if slash and "/" not in relative:
            try:
                target = owner_of(relative, origin)
            except UnreadableError:
                return Alias(ROOT, identifier)
            return Alias(target, scope_of(zone_id, rdtype.upper(), relative))
    return Alias(ROOT, identifier)


def scope_of(zone_id: str, rdtype: str, relative: str) -> str:
    """Return the resource id of a set of the zone."""
    return f"{zone_id}/{rdtype}/{relative}"


def _carried_whole(native: object, origin: Name, reason: str) -> Conversion:
    """Return a set at the apex, of a private type that its content chooses, with the whole record set in it."""
    text = document(native)
    key = RRsetKey(origin, private_number(text))
    found = Finding(
        "azure.unreadable-set",
        Severity.ERROR,
        text_of(origin),
        f"A record set cannot be read: {ended(reason)} It is carried as it came, as "
        f"{RdataType.to_text(key.rdtype)} at the apex.",
        evidence=(text,),
    )
    return Conversion(RRset(key, None, (), (Opaque(SOURCE, WHOLE_SET, text),)), (found,))


def _repeated(rrset: RRset, *, same: bool) -> Finding:
    subject = f"{text_of(rrset.owner)} {RdataType.to_text(rrset.rdtype)}"
    if same:
        return Finding("azure.repeated", Severity.NOTICE, subject, "Azure listed the set twice; it is read once.")
    return Finding(
        "azure.repeated",
        Severity.ERROR,
        subject,
        "Azure listed two sets of this name and type. The first is read, the other is carried beside it.",
    )
