"""One record of the fake Cloudflare: what is refused, and the form in which the service keeps it.

Written from the documentation and recorded answers, and not from the adapter: `data` becomes presentation text,
which dnspython reads, and the fields that are stored are made from that.
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

import dns.exception
import dns.name
import dns.rdata
from dns.rdata import Rdata

Raw = dict[str, Any]

_TYPES = "A AAAA CAA CERT CNAME DNSKEY DS HTTPS LOC MX NAPTR NS OPENPGPKEY PTR SMIMEA SRV SSHFP SVCB TLSA TXT URI"
TYPES = frozenset(_TYPES.split())
_PROXIABLE = frozenset({"A", "AAAA", "CNAME"})
_PAID = frozenset({"pro", "business", "enterprise"})
_WIRE_LIMIT = 4096
_TAG = re.compile(r"(?!cf-)[A-Za-z0-9_-]{1,32}(:.*)?", re.DOTALL)


class RefusedError(Exception):
    """The service says no: status, code and words; `wrapped` inside a DNS validation error."""

    def __init__(self, code: int, message: str, *, status: int = 400, wrapped: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.wrapped = wrapped


def invalid(code: int, message: str) -> RefusedError:
    return RefusedError(code, message, wrapped=True)


def normal_name(given: Any, zone: str) -> str:
    """The absolute name in Punycode, without its final dot, of one as a client may send it."""
    if not isinstance(given, str) or not given:
        raise invalid(9000, "DNS name is invalid.")
    text = given.lower().removesuffix(".")
    if text == "@":
        return zone
    if text != zone and not text.endswith(f".{zone}"):
        text = f"{text}.{zone}"
    try:
        name = dns.name.from_text(text, idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError) as exc:
        raise invalid(9000, "DNS name is invalid.") from exc
    return name.to_text(omit_final_dot=True).lower()


def normal_record(
    given: Mapping[str, Any], zone: str, plan: str, newer_types: frozenset[str] = frozenset()
) -> Raw:
    """The record as it is stored: all fields but the identifier and the times; raises RefusedError."""
    rdtype = given.get("type")
    if rdtype not in TYPES | newer_types:
        raise invalid(9004, f"Invalid type: {rdtype}.")
    name = normal_name(given.get("name"), zone)
    rdata = _rdata(rdtype, given) if rdtype in TYPES else {k: given[k] for k in ("content", "data") if k in given}
    stored: Raw = {"name": name, "type": rdtype, **rdata}
    proxied = given.get("proxied", False)
    if proxied not in {True, False}:
        raise invalid(9101, "proxied is not a boolean.")
    if proxied and rdtype not in _PROXIABLE:
        raise invalid(9041, "This DNS record cannot be proxied.")
    stored |= {"proxiable": rdtype in _PROXIABLE, "proxied": proxied}
    stored["ttl"] = 1 if proxied else _ttl(given.get("ttl", 1), plan)
    stored["settings"] = _settings(given.get("settings") or {}, rdtype, plan, proxied=proxied)
    stored["meta"] = {}
    stored["comment"] = _comment(given.get("comment"), plan)
    stored["tags"] = _tags(given.get("tags") or [], plan)
    if given.get("private_routing"):
        stored["private_routing"] = True
    return stored


def meaning(stored: Raw) -> tuple[Any, ...]:
    """What is equal for two records that say the same in DNS."""
    if stored["type"] == "TXT":
        return stored["name"], "TXT", tuple(_strings(stored["content"]))
    return stored["name"], stored["type"], str(stored["content"]).lower(), stored.get("priority")


def _ttl(given: Any, plan: str) -> int:
    least = 30 if plan == "enterprise" else 60
    if isinstance(given, bool) or not isinstance(given, int | float) or int(given) != given:
        raise invalid(9021, "Invalid TTL.")
    if given != 1 and not least <= given <= 86_400:
        raise invalid(9021, f"Invalid TTL. Must be between {least} and 86,400 seconds, or 1 for Automatic.")
    return int(given)


def _settings(given: Any, rdtype: str, plan: str, *, proxied: bool) -> Raw:
    if not isinstance(given, dict):
        raise invalid(9102, "settings is no object.")
    if given.get("flatten_cname") and (rdtype != "CNAME" or proxied or plan not in _PAID):
        raise invalid(9044, "flatten_cname cannot be set for this DNS record.")
    return dict(given)


def _comment(given: Any, plan: str) -> str | None:
    if given in {None, ""}:
        return None
    most = 500 if plan in _PAID else 100
    if not isinstance(given, str) or "\n" in given or "\r" in given:
        raise invalid(9312, "DNS record comment is invalid.")
    if len(given) > most:
        raise invalid(9313, f"DNS record comment exceeds the maximum length of {most} characters.")
    return given


def _tags(given: Any, plan: str) -> list[str]:
    most = 20 if plan in _PAID else 0
    if not isinstance(given, list) or not all(isinstance(tag, str) and _TAG.fullmatch(tag) for tag in given):
        raise invalid(9301, "DNS record tags are invalid.")
    if len(given) > most:
        raise invalid(9300, f"DNS record has {len(given)} tags, exceeding the quota of {most}.")
    return list(given)


# ---- content and data


def _rdata(rdtype: str, given: Mapping[str, Any]) -> Raw:
    """`content`, and `data` and `priority` for the types that have them."""
    content = given.get("content")
    data = given.get("data")
    if rdtype in _FROM_DATA and isinstance(data, dict) and data:
        rdata = _read(rdtype, _text_of_data(rdtype, data, given))
    elif rdtype == "TXT":
        return {"content": _txt(content)}
    elif not isinstance(content, str) or not content:
        raise invalid(9020 if rdtype in _FROM_DATA else 9009, f"Content for {rdtype} record is invalid.")
    elif rdtype in {"A", "AAAA"}:
        return {"content": _address(rdtype, content)}
    elif rdtype in {"CNAME", "NS", "PTR", "MX"}:
        target = _target(rdtype, content)
        return {"content": target, **({"priority": _priority(given)} if rdtype == "MX" else {})}
    else:
        rdata = _read(rdtype, _with_priority(rdtype, content, given))
    return _stored(rdtype, rdata)


def _stored(rdtype: str, rdata: Any) -> Raw:
    if rdtype == "OPENPGPKEY":
        return {"content": "".join(rdata.to_text().split())}
    data = _TO_DATA[rdtype](rdata)
    text = rdata.to_text()
    if rdtype == "SRV":
        return {
            "content": f"{rdata.weight} {rdata.port} {data['target']}",
            "data": data,
            "priority": rdata.priority,
        }
    if rdtype == "URI":
        return {"content": text.split(" ", 1)[1], "data": data, "priority": rdata.priority}
    return {"content": f"IN LOC {text}" if rdtype == "LOC" else text, "data": data}


def _text_of_data(rdtype: str, data: Raw, given: Mapping[str, Any]) -> str:
    try:
        return _FROM_DATA[rdtype](data, given)
    except (KeyError, TypeError, ValueError) as exc:
        raise invalid(9020, f"data for {rdtype} record is invalid: {exc}") from exc


def _with_priority(rdtype: str, content: str, given: Mapping[str, Any]) -> str:
    if rdtype in {"SRV", "URI"} and "priority" in given:
        return f"{_priority(given)} {content}"
    return content.removeprefix("IN ").removeprefix("LOC ")


def _read(rdtype: str, text: str) -> Rdata:
    try:
        rdata = dns.rdata.from_text("IN", rdtype, text, origin=dns.name.root, relativize=False)
    except (dns.exception.DNSException, ValueError) as exc:
        raise invalid(9020, f"Content for {rdtype} record is invalid.") from exc
    if len(rdata.to_wire() or b"") > _WIRE_LIMIT:
        raise _too_long()
    return rdata


def _too_long() -> RefusedError:
    return invalid(9015, f"Record content exceeds the allowed length of {_WIRE_LIMIT} wire format bytes.")


def _address(rdtype: str, content: str) -> str:
    try:
        return str(ipaddress.IPv4Address(content) if rdtype == "A" else ipaddress.IPv6Address(content))
    except ValueError as exc:
        code, version = (9005, 4) if rdtype == "A" else (9006, 6)
        raise invalid(code, f"Content for {rdtype} record must be a valid IPv{version} address.") from exc


def _target(rdtype: str, content: str) -> str:
    if content == ".":
        return content
    try:
        name = dns.name.from_text(content, idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError) as exc:
        raise invalid(9007, f"Content for {rdtype} record is invalid.") from exc
    return name.to_text(omit_final_dot=True)


def _priority(given: Mapping[str, Any]) -> int:
    found = given.get("priority")
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 65_535:
        raise invalid(9100, "priority is a required field.")
    return int(found)


def _txt(content: Any) -> str:
    if not isinstance(content, str) or content in {"", '""'}:
        raise invalid(9013, "Content for TXT record must not be empty.")
    strings = _strings(content)
    if sum(len(string) + 1 for string in strings) > _WIRE_LIMIT:
        raise _too_long()
    return content


def _strings(content: str) -> list[bytes]:
    """The strings of a TXT content; a bare text, and a quoted string that is too long, are cut."""
    if len(content) > 1 and content[0] == content[-1] == '"':
        found = re.fullmatch(r'\s*(?:"(?:[^"\\]|\\.)*"\s*)+', content, re.DOTALL)
        if found:
            quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', content, re.DOTALL)
            return [piece for text in quoted for piece in _cut(_unescaped(text))]
    return _cut(content.encode("utf-8", "surrogatepass"))


def _unescaped(text: str) -> bytes:
    octets = text.encode("utf-8", "surrogatepass")
    return re.sub(rb"\\(\d{3}|.)", _octet, octets, flags=re.DOTALL)


def _octet(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said)]) if len(said) == 3 and int(said) < 256 else said


def _cut(octets: bytes) -> list[bytes]:
    return [octets[at : at + 255] for at in range(0, len(octets), 255)] or [b""]


def _quoted(text: Any) -> str:
    if not isinstance(text, str):
        raise TypeError("a text was expected")
    octets = text.encode("utf-8", "surrogatepass")
    return '"' + "".join(chr(o) if 32 <= o < 127 and o not in b'"\\' else f"\\{o:03d}" for o in octets) + '"'


def _whole(found: Any) -> int:
    if isinstance(found, bool) or int(found) != float(found):
        raise ValueError("a whole number was expected")
    return int(found)


def _dotted(target: Any) -> str:
    return "." if target in {"", ".", None} else f"{str(target).removesuffix('.')}."


def _numbers(data: Raw, *names: str) -> str:
    return " ".join(str(_whole(data[name])) for name in names)


def _srv_priority(data: Raw, given: Mapping[str, Any]) -> int:
    return _whole(data["priority"] if "priority" in data else given["priority"])


def _loc_text(data: Raw, _given: Mapping[str, Any]) -> str:
    def angle(kind: str) -> str:
        seconds = float(data[f"{kind}_seconds"])
        return f"{_numbers(data, f'{kind}_degrees', f'{kind}_minutes')} {seconds:.3f} {data[f'{kind}_direction']}"

    metres = (float(data.get(name, 0)) for name in ("altitude", "size", "precision_horz", "precision_vert"))
    return f"{angle('lat')} {angle('long')} " + " ".join(f"{metre:.2f}m" for metre in metres)


_FROM_DATA: dict[str, Callable[[Raw, Mapping[str, Any]], str]] = {
    "CAA": lambda d, _: f"{_whole(d['flags'])} {d['tag']} {_quoted(d['value'])}",
    "CERT": lambda d, _: f"{_numbers(d, 'type', 'key_tag', 'algorithm')} {d['certificate']}",
    "DNSKEY": lambda d, _: f"{_numbers(d, 'flags', 'protocol', 'algorithm')} {d['public_key']}",
    "DS": lambda d, _: f"{_numbers(d, 'key_tag', 'algorithm', 'digest_type')} {d['digest']}",
    "HTTPS": lambda d, _: f"{_whole(d['priority'])} {_dotted(d['target'])} {d.get('value', '')}",
    "LOC": _loc_text,
    "NAPTR": lambda d, _: (
        f"{_numbers(d, 'order', 'preference')} {_quoted(d['flags'])} {_quoted(d['service'])} "
        f"{_quoted(d['regex'])} {_dotted(d['replacement'])}"
    ),
    "SMIMEA": lambda d, _: f"{_numbers(d, 'usage', 'selector', 'matching_type')} {d['certificate']}",
    "SRV": lambda d, g: f"{_srv_priority(d, g)} {_numbers(d, 'weight', 'port')} {_dotted(d['target'])}",
    "SSHFP": lambda d, _: f"{_numbers(d, 'algorithm', 'type')} {d['fingerprint']}",
    "SVCB": lambda d, _: f"{_whole(d['priority'])} {_dotted(d['target'])} {d.get('value', '')}",
    "TLSA": lambda d, _: f"{_numbers(d, 'usage', 'selector', 'matching_type')} {d['certificate']}",
    "URI": lambda d, g: f"{_srv_priority(d, g)} {_whole(d['weight'])} {_quoted(d['target'])}",
}


def _string(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


def _bare(name: dns.name.Name) -> str:
    return "." if name == dns.name.root else name.to_text(omit_final_dot=True)


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _service_data(rdata: Any) -> Raw:
    _, _, value = rdata.to_text().partition(" ")[2].partition(" ")
    return {"priority": rdata.priority, "target": rdata.target.to_text(), "value": value}


def _loc_data(rdata: Any) -> Raw:
    found: Raw = {}
    for kind, angle, ways in (("lat", rdata.latitude, "NS"), ("long", rdata.longitude, "EW")):
        found[f"{kind}_degrees"], found[f"{kind}_minutes"] = angle[0], angle[1]
        found[f"{kind}_seconds"] = angle[2] + angle[3] / 1000
        found[f"{kind}_direction"] = ways[0] if angle[4] > 0 else ways[1]
    centimetres = (rdata.altitude, rdata.size, rdata.horizontal_precision, rdata.vertical_precision)
    names = ("altitude", "size", "precision_horz", "precision_vert")
    return found | dict(zip(names, (float(c) / 100 for c in centimetres), strict=True))


def _tlsa_data(rdata: Any) -> Raw:
    return {
        "usage": rdata.usage,
        "selector": rdata.selector,
        "matching_type": rdata.mtype,
        "certificate": rdata.cert.hex(),
    }


_TO_DATA: dict[str, Callable[[Any], Raw]] = {
    "CAA": lambda r: {"flags": r.flags, "tag": _string(r.tag), "value": _string(r.value)},
    "CERT": lambda r: {
        "type": int(r.certificate_type),
        "key_tag": r.key_tag,
        "algorithm": int(r.algorithm),
        "certificate": _base64(r.certificate),
    },
    "DNSKEY": lambda r: {
        "flags": int(r.flags),
        "protocol": r.protocol,
        "algorithm": int(r.algorithm),
        "public_key": _base64(r.key),
    },
    "DS": lambda r: {
        "key_tag": r.key_tag,
        "algorithm": int(r.algorithm),
        "digest_type": int(r.digest_type),
        "digest": r.digest.hex().upper(),
    },
    "HTTPS": _service_data,
    "LOC": _loc_data,
    "NAPTR": lambda r: {
        "order": r.order,
        "preference": r.preference,
        "flags": _string(r.flags),
        "service": _string(r.service),
        "regex": _string(r.regexp),
        "replacement": r.replacement.to_text(),
    },
    "SMIMEA": _tlsa_data,
    "SRV": lambda r: {
        "priority": r.priority,
        "weight": r.weight,
        "port": r.port,
        "target": _bare(r.target),
    },
    "SSHFP": lambda r: {"algorithm": r.algorithm, "type": r.fp_type, "fingerprint": r.fingerprint.hex()},
    "SVCB": _service_data,
    "TLSA": _tlsa_data,
    "URI": lambda r: {"weight": r.weight, "target": _string(r.target)},
}
