"""The hosted zones of a fake account: what is stored, in which order it is listed, how it looks as XML.

Route 53's own normal forms are kept: names in lower case with octal escapes and a final dot, values verbatim,
order by reversed labels, then type, then identifier. Record sets may have any field: what the service
adds tomorrow can be fed today.
"""

import itertools
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

Raw = dict[str, Any]
NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"
_ESCAPE = re.compile(r"\\([0-3][0-7]{2})|\\.", re.DOTALL)
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


def normal_name(text: str) -> str:
    """The name as Route 53 returns it, of one as a client may send it."""
    out = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and text[at + 1 : at + 4].isdecimal():
            char = _lower(chr(int(text[at + 1 : at + 4], 8)))
            out.append(char if char in _PLAIN else f"\\{ord(char):03o}")
            at += 4
            continue
        char = _lower(char)
        out.append(char if char in _PLAIN or char == "." else f"\\{ord(char):03o}")
        at += 1
    name = "".join(out)
    return name if name.endswith(".") else f"{name}."


def decimal(text: str) -> str:
    """Return a name or a value with the octal escapes of the service as those of presentation format."""
    return _ESCAPE.sub(lambda found: f"\\{int(found[1], 8):03d}" if found[1] else found[0], text)


def _lower(char: str) -> str:
    return char.lower() if char.isascii() else char


def name_order(name: str) -> tuple[str, ...]:
    return tuple(reversed(name.rstrip(".").split(".")))


def key_of(raw: Raw) -> tuple[str, str, str]:
    return str(raw["Name"]), str(raw["Type"]), str(raw.get("SetIdentifier", ""))


@dataclass
class Zone:
    identifier: str
    name: str
    caller_reference: str
    comment: str = ""
    vpcs: list[tuple[str, str]] = field(default_factory=list)
    private: bool = False
    linked_service: tuple[str, str] | None = None
    name_servers: tuple[str, ...] = ()
    record_sets: list[Raw] = field(default_factory=list)
    counted: int | None = None
    most_record_sets: int = 10_000
    signing: str = "NOT_SIGNING"
    protections: dict[tuple[str, str], str] = field(default_factory=dict)

    def protect(self, name: str, rdtype: str, comment: str = "") -> None:
        """Let every change of this name and type be refused."""
        self.protections[normal_name(name), rdtype] = comment

    def put(self, *raws: Raw) -> None:
        """Store record sets as they are, but for the form of the name; nothing is checked."""
        for raw in raws:
            stored = deepcopy(raw)
            if isinstance(stored.get("Name"), str):
                stored["Name"] = normal_name(stored["Name"])
            self.record_sets.append(stored)

    def remove(self, name: str, rdtype: str, identifier: str = "") -> None:
        wanted = (normal_name(name), rdtype, identifier)
        self.record_sets = [raw for raw in self.record_sets if key_of(raw) != wanted]

    def listed(self) -> list[Raw]:
        return sorted(self.record_sets, key=_set_order)

    def page(self, start: tuple[str, str, str] | None, size: int) -> tuple[list[Raw], Raw | None]:
        """A page that begins at the first set not before `start`, and the set after it."""
        found = self.listed()
        if start is not None:
            begin = (name_order(normal_name(start[0])), start[1], start[2])
            found = [raw for raw in found if _set_order(raw) >= begin]
        return found[:size], found[size] if len(found) > size else None

    def shape(self) -> Raw:
        config: Raw = {"PrivateZone": self.private}
        if self.comment:
            config = {"Comment": self.comment, **config}
        found: Raw = {
            "Id": f"/hostedzone/{self.identifier}",
            "Name": self.name,
            "CallerReference": self.caller_reference,
            "Config": config,
            "ResourceRecordSetCount": len(self.record_sets) if self.counted is None else self.counted,
        }
        if self.linked_service:
            principal, description = self.linked_service
            found["LinkedService"] = {"ServicePrincipal": principal, "Description": description}
        return found


def _set_order(raw: Raw) -> tuple[tuple[str, ...], str, str]:
    name, rdtype, identifier = key_of(raw)
    return name_order(name), rdtype, identifier


class Account:
    """All zones of one account, and the changes made to them."""

    def __init__(self, numbers: Iterator[int] | None = None) -> None:
        """Count zones and changes by `numbers`: no two accounts have a zone of one identifier."""
        self.lock = threading.RLock()
        self.zones: dict[str, Zone] = {}
        # A reference stays taken when its zone is deleted.
        self.caller_references: set[str] = set()
        self.polls: dict[str, int] = {}
        self.polls_until_insync = 1
        self.health_checks: set[str] | None = None  # None: every identifier is one
        self.newer_types: set[str] = set()
        self.numbers = itertools.count(1) if numbers is None else numbers

    def create(
        self,
        name: str,
        *,
        comment: str = "",
        private: bool = False,
        vpcs: Iterable[tuple[str, str]] = (),
        linked_service: tuple[str, str] | None = None,
        caller_reference: str = "",
    ) -> Zone:
        """Make a zone with the SOA and NS record sets that every new zone has."""
        number = next(self.numbers)
        tails = ("com", "net", "org", "co.uk")
        servers = tuple(f"ns-{number * 7 + i * 512}.awsdns-{number:02d}.{tail}" for i, tail in enumerate(tails))
        zone = Zone(
            identifier=f"Z{number:020d}",
            name=normal_name(name),
            caller_reference=caller_reference or f"fake-{number}",
            comment=comment,
            vpcs=list(vpcs),
            private=private,
            linked_service=linked_service,
            name_servers=() if private else servers,
        )
        zone.put(
            {
                "Name": zone.name,
                "Type": "NS",
                "TTL": 172800,
                "ResourceRecords": [{"Value": f"{server}."} for server in servers],
            },
            {
                "Name": zone.name,
                "Type": "SOA",
                "TTL": 900,
                "ResourceRecords": [
                    {"Value": f"{servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"}
                ],
            },
        )
        self.zones[zone.identifier] = zone
        self.caller_references.add(zone.caller_reference)
        return zone

    def by_name(self) -> list[Zone]:
        return sorted(self.zones.values(), key=lambda zone: (name_order(zone.name), zone.identifier))

    def new_change(self) -> str:
        change = f"C{next(self.numbers):020d}"
        self.polls[change] = 0
        return change


def document(tag: str, found: Mapping[str, Any]) -> bytes:
    """The XML document of an answer."""
    inner = "".join(_elements(found))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} xmlns="{NAMESPACE}">{inner}</{tag}>'.encode()


def _elements(found: Mapping[str, Any]) -> Iterator[str]:
    for tag, value in found.items():
        if isinstance(value, list):
            inner = "".join(_element(_singular(tag), item) for item in value)
            yield f"<{tag}>{inner}</{tag}>"
        elif value is not None:
            yield _element(tag, value)


def _element(tag: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"<{tag}>{''.join(_elements(value))}</{tag}>"
    if isinstance(value, bool):
        return f"<{tag}>{'true' if value else 'false'}</{tag}>"
    return f"<{tag}>{escape(str(value))}</{tag}>"


def _singular(tag: str) -> str:
    return "Message" if tag == "Messages" else tag.removesuffix("s")
