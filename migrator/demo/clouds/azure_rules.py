"""What Azure refuses to write, with its words where they are known from recordings and public reports."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

import dns.exception
import dns.name

from migrator.demo.clouds.azure_zones import FIELDS, SINGLE, Raw, RecordSet, Zone

_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?|\*")
_MOST_RECORDS = {"TXT": 400}
_ALIAS_TYPES = frozenset({"A", "AAAA", "CNAME"})
_MOST_ALIASES = 50
_LARGEST_TTL = 2**31 - 1


@dataclass
class RefusedError(Exception):
    status: int
    code: str
    message: str


def bad(message: str) -> RefusedError:
    return RefusedError(400, "BadRequest", message)


def judge_set(zone: Zone, name: str, rdtype: str, properties: Raw) -> None:
    """Raise RefusedError where Azure would not take this set into the zone."""
    _judge_name(zone, name, rdtype)
    ttl = properties.get("TTL")
    if type(ttl) is not int or not 0 <= ttl <= _LARGEST_TTL:
        raise bad(f"The TTL '{ttl}' is invalid.")
    metadata = properties.get("metadata") or {}
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise bad("The metadata is invalid.")
    wanted = RecordSet(name, rdtype, properties)
    if wanted.target:
        _judge_alias(zone, wanted)
    elif rdtype in FIELDS:
        _judge_records(rdtype, properties)
    _judge_apex(zone, wanted)
    _judge_neighbours(zone, wanted)
    if zone.find(name, rdtype) is None and len(zone.sets) >= zone.most_record_sets:
        raise RefusedError(409, "Conflict", f"The zone has reached its {zone.most_record_sets} record sets.")


def judge_delete(name: str, rdtype: str) -> None:
    if name == "@" and rdtype in {"NS", "SOA"}:
        raise bad(f"The {rdtype} record set at the zone apex cannot be deleted.")


def _judge_name(zone: Zone, name: str, rdtype: str) -> None:
    if name == "@":
        if rdtype == "CNAME":
            raise bad("CNAME records cannot be created at the zone apex.")
        return
    labels = name.split(".")
    fits = len(f"{name}.{zone.name}") <= 253
    if not fits or not all(_LABEL.fullmatch(label) for label in labels) or "*" in labels[1:]:
        raise bad(f"The domain name '{name}.{zone.name}' is invalid.")
    if rdtype == "SOA" or (rdtype == "NS" and labels[0] == "*"):
        raise bad(f"Record sets of type {rdtype} cannot be created at '{name}'.")


def _judge_alias(zone: Zone, wanted: RecordSet) -> None:
    if wanted.rdtype not in _ALIAS_TYPES:
        raise bad(f"An alias record set cannot be of type {wanted.rdtype}.")
    if wanted.properties.get(FIELDS[wanted.rdtype]):
        raise bad("A record set has either records or a target resource.")
    own = f"{zone.identifier}/".lower()
    if wanted.target.lower().startswith(own):
        rdtype, _, name = wanted.target[len(own) :].partition("/")
        if rdtype.upper() != wanted.rdtype or zone.find(name, rdtype) is None:
            raise bad(f"The target resource '{wanted.target}' does not exist.")
    elif not re.fullmatch(
        r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/.+/.+/.+", wanted.target, re.IGNORECASE
    ):
        raise bad(f"The target resource '{wanted.target}' is invalid.")
    others = [one for one in zone.sets.values() if one.target.lower() == wanted.target.lower()]
    if len([one for one in others if one.key != wanted.key]) >= _MOST_ALIASES:
        raise bad("Too many alias record sets have this target resource.")


def _judge_records(rdtype: str, properties: Raw) -> None:
    found = properties.get(FIELDS[rdtype])
    if rdtype in SINGLE:
        if found is not None:
            _judge_record(rdtype, found)
        return
    records = found or []
    if not isinstance(records, list):
        raise bad(f"The record set of type '{rdtype}' is invalid.")
    most = _MOST_RECORDS.get(rdtype, 20)
    if len(records) > most:
        raise bad(f"A record set of type '{rdtype}' may not have more than {most} records.")
    for number, record in enumerate(records):
        _judge_record(rdtype, record)
        if record in records[:number]:
            raise bad(
                f"The list of record sets of type '{rdtype}' may not contain multiple entries with the same value."
            )
    if rdtype == "TXT" and sum(len(text) for record in records for text in record["value"]) > 4096:
        raise bad("The total length of TXT records in a record set may not exceed 4096 characters.")


def _judge_record(rdtype: str, record: Any) -> None:
    if not isinstance(record, dict):
        raise bad(f"A record of type '{rdtype}' is invalid.")
    try:
        _CHECKS[rdtype](record)
    except RefusedError:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, dns.exception.DNSException) as exc:
        raise bad(f"The record of type '{rdtype}' is invalid: {exc}") from exc


def _number(record: Raw, field: str, most: int = 65535) -> None:
    if type(record[field]) is not int or not 0 <= record[field] <= most:
        raise bad(f"The value of '{field}' is invalid.")


def _host(record: Raw, field: str, *, root: bool = False) -> None:
    text = record[field]
    if not isinstance(text, str) or not text or '"' in text or " " in text or (text == "." and not root):
        raise bad(f"The domain name '{text}' is invalid.")
    dns.name.from_text(text)


def _text(text: Any, least: int = 0) -> None:
    if not isinstance(text, str) or not least <= len(text) <= 255:
        raise bad("A TXT record may only have strings of 1 to 255 characters.")


def _caa(record: Raw) -> None:
    _number(record, "flags", 255)
    if not re.fullmatch(r"[A-Za-z0-9]{1,15}", record["tag"]) or not isinstance(record["value"], str):
        raise bad("The CAA record is invalid.")


def _mx(record: Raw) -> None:
    _number(record, "preference")
    _host(record, "exchange")


def _srv(record: Raw) -> None:
    for field in ("priority", "weight", "port"):
        _number(record, field)
    _host(record, "target", root=True)


def _soa(record: Raw) -> None:
    for field in ("serialNumber", "refreshTime", "retryTime", "expireTime", "minimumTTL"):
        _number(record, field, 2**32 - 1)
    _host(record, "host")
    _host(record, "email")


def _txt(record: Raw) -> None:
    if not record["value"]:
        raise bad("A TXT record has no value.")
    for text in record["value"]:
        _text(text, 1)


def _ds(record: Raw) -> None:
    _number(record, "keyTag")
    _number(record, "algorithm", 255)
    _number(record["digest"], "algorithmType", 255)
    bytes.fromhex(record["digest"]["value"])


def _tlsa(record: Raw) -> None:
    for field in ("usage", "selector", "matchingType"):
        _number(record, field, 255)
    bytes.fromhex(record["certAssociationData"])


def _naptr(record: Raw) -> None:
    for field in ("order", "preference"):
        _number(record, field)
    for field in ("flags", "services", "regexp"):
        _text(record[field])
    _host(record, "replacement", root=True)


_CHECKS = {
    "A": lambda record: ipaddress.IPv4Address(record["ipv4Address"]),
    "AAAA": lambda record: ipaddress.IPv6Address(record["ipv6Address"]),
    "CAA": _caa,
    "CNAME": lambda record: _host(record, "cname"),
    "DS": _ds,
    "MX": _mx,
    "NAPTR": _naptr,
    "NS": lambda record: _host(record, "nsdname"),
    "PTR": lambda record: _host(record, "ptrdname"),
    "SOA": _soa,
    "SRV": _srv,
    "TLSA": _tlsa,
    "TXT": _txt,
}


def _judge_apex(zone: Zone, wanted: RecordSet) -> None:
    if wanted.name != "@":
        return
    if wanted.rdtype == "NS":
        given = {str(record["nsdname"]).rstrip(".").lower() for record in wanted.properties.get("NSRecords") or []}
        if any(server.rstrip(".") not in given for server in zone.name_servers):
            raise bad("The name servers of Azure DNS cannot be removed from the NS record set at the zone apex.")
    elif wanted.rdtype == "SOA":
        found = wanted.properties.get("SOARecord")
        present = zone.find("@", "SOA")
        if not found or (present and found["host"] != present.properties["SOARecord"]["host"]):
            raise bad("The host of the SOA record cannot be changed.")


def _judge_neighbours(zone: Zone, wanted: RecordSet) -> None:
    others = [one.rdtype for one in zone.at(wanted.name) if one.rdtype != wanted.rdtype]
    if wanted.rdtype == "CNAME" and others:
        raise RefusedError(
            409,
            "Conflict",
            "The CNAME record could not be created because another record with the same name already exists in "
            "this zone.",
        )
    if "CNAME" in others:
        raise RefusedError(
            409,
            "Conflict",
            "The record could not be created because a CNAME record with the same name already exists in "
            "this zone.",
        )
    if wanted.rdtype == "DS" and "NS" not in others:
        raise bad("A DS record set needs an NS record set of the same name.")
