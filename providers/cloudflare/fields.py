"""What a record of Cloudflare says beyond DNS, as extras, and what of it the service writes by itself. No IO here.

    ttl 1                      AutomaticTTL: 300 seconds are served
    proxied                    Proxied
    comment, tags              Note, Tags
    settings.flatten_cname     Flattened; so are every CNAME at the apex and, by a setting of the zone, all others
    meta.read_only, locked     Managed: Email Routing, Workers, R2 ... own the record
    anything else              Opaque, by its name: `private_routing`, `settings.ipv4_only`

https://developers.cloudflare.com/api/resources/dns/subresources/records/ (SDK 5.9.0, 2026-11-20)
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import field

from migrator.model.extras import AutomaticTTL, Extra, Flattened, Managed, Note, Opaque, Proxied, Tags
from migrator.model.finding import Finding, Severity
from migrator.model.values import dataclass
from providers.cloudflare.answers import mapping, whole

SOURCE = "cloudflare"
# The Opaque field that carries a whole record which cannot be read.
WHOLE_RECORD = "record"
# What is served where the service chooses: https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/
# (2026-11-20).
AUTOMATIC_TTL = 300
AUTOMATIC = 1
_LARGEST_TTL = 2**31 - 1

# The service writes these by itself: they are no part of the zone's content, and stand in the raw answer.
WRITTEN_BY_SERVICE = frozenset(
    {
        "id",
        "zone_id",
        "zone_name",
        "created_on",
        "modified_on",
        "comment_modified_on",
        "tags_modified_on",
        "proxiable",
        "meta",
        "locked",
    }
)
OF_THE_RDATA = frozenset({"type", "name", "content", "data", "priority"})
# Known to be written but not to be meant: they tell who made the record, or how it is served.
_KNOWN_META = frozenset(
    {
        "auto_added",
        "dead_glue",
        "email_routing",
        "is_glue",
        "managed_by_apps",
        "managed_by_argo_tunnel",
        "origin_worker_id",
        "r2_bucket",
        "read_only",
        "shadowed_by",
        "shadowed_records_count",
        "source",
    }
)
# Who owns a read-only record, by the mark in its `meta`.
_OWNERS = {
    "email_routing": "Email Routing",
    "origin_worker_id": "Workers",
    "r2_bucket": "R2",
    "managed_by_argo_tunnel": "Cloudflare Tunnel",
    "managed_by_apps": "Cloudflare Apps",
}
_KNOWN_OPAQUE = frozenset({"private_routing", "settings.ipv4_only", "settings.ipv6_only"})


@dataclass(slots=True)
class Said:
    """What a record says beyond its rdata."""

    ttl: int
    extras: list[Extra] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def said_by(native: Mapping[str, object], subject: str, *, is_cname: bool, flattened: bool) -> Said:
    """Read everything of a record but its name, type and rdata; total.

    `flattened` tells that the zone answers this CNAME as addresses, whatever the record says.
    """
    said = Said(AUTOMATIC_TTL)
    _ttl(native, said, subject)
    _proxied(native, said, subject)
    _comment(native, said, subject)
    _tags(native, said, subject)
    _settings(native, said, subject, is_cname=is_cname, flattened=flattened)
    _meta(native, said)
    for name, found in native.items():
        if name not in WRITTEN_BY_SERVICE | OF_THE_RDATA | _READ and not says_nothing(found):
            _carry(said, subject, str(name), found)
    return said


_READ = frozenset({"ttl", "proxied", "comment", "tags", "settings"})


def _ttl(native: Mapping[str, object], said: Said, subject: str) -> None:
    ttl = whole(native.get("ttl"))
    if ttl == AUTOMATIC:
        said.extras.append(AutomaticTTL())
    elif ttl is not None and 0 <= ttl <= _LARGEST_TTL:
        said.ttl = ttl
    else:
        _malformed(said, subject, "ttl", native.get("ttl"), f"{AUTOMATIC_TTL} is used")


def _proxied(native: Mapping[str, object], said: Said, subject: str) -> None:
    match native.get("proxied"):
        case True:
            said.extras.append(Proxied())
        case False | None:
            pass
        case found:
            _malformed(said, subject, "proxied", found)


def _comment(native: Mapping[str, object], said: Said, subject: str) -> None:
    match native.get("comment"):
        case str() as text if text:
            said.extras.append(Note(text))
        case "" | None:
            pass
        case found:
            _malformed(said, subject, "comment", found)


def _tags(native: Mapping[str, object], said: Said, subject: str) -> None:
    found = native.get("tags")
    if says_nothing(found):
        return
    if isinstance(found, list) and all(isinstance(tag, str) for tag in found):
        said.extras.append(Tags(tuple(sorted(found))))
    else:
        _malformed(said, subject, "tags", found)


def _settings(native: Mapping[str, object], said: Said, subject: str, *, is_cname: bool, flattened: bool) -> None:
    found = native.get("settings")
    if not says_nothing(found) and not isinstance(found, Mapping):
        _malformed(said, subject, "settings", found)
    for name, setting in mapping(found).items():
        if name == "flatten_cname" and isinstance(setting, bool) and is_cname:
            flattened = flattened or setting
        elif not says_nothing(setting):
            _carry(said, subject, f"settings.{name}", setting)
    if flattened and is_cname:
        said.extras.append(Flattened())


def _meta(native: Mapping[str, object], said: Said) -> None:
    by = owner_of(native)
    if by:
        said.extras.append(Managed(by))


def owner_of(native: Mapping[str, object]) -> str:
    """Return the product that owns a record which nobody else may edit, or an empty text."""
    meta = mapping(native.get("meta"))
    if meta.get("read_only") is not True and native.get("locked") is not True:
        return ""
    return next((owner for mark, owner in _OWNERS.items() if meta.get(mark)), "another product of Cloudflare")


def unknown_meta(natives: Iterator[object]) -> Iterator[Finding]:
    """Yield one notice for each mark in `meta` that is not known here: they are the service's own words."""
    seen: dict[str, object] = {}
    for native in natives:
        for name, found in mapping(mapping(native).get("meta")).items():
            if name not in _KNOWN_META and not says_nothing(found):
                seen.setdefault(str(name), mapping(native).get("name"))
    for name, owner in seen.items():
        yield Finding(
            "cloudflare.unknown-mark",
            Severity.NOTICE,
            str(owner),
            f"Cloudflare marks records with '{name}', which is not known here; it stands in the raw answer.",
        )


def document(native: object) -> str:
    """Return a JSON value as the text that `Opaque` carries."""
    return json.dumps(native, sort_keys=True)


def _carry(said: Said, subject: str, name: str, found: object) -> None:
    said.extras.append(Opaque(SOURCE, name, document(found)))
    if name not in _KNOWN_OPAQUE:
        said.findings.append(
            Finding(
                "cloudflare.unknown-field",
                Severity.WARNING,
                subject,
                f"Cloudflare gave a field that is not known here: {name}. It is carried as it came.",
                evidence=(document(found),),
            )
        )


def _malformed(said: Said, subject: str, name: str, found: object, instead: str = "") -> None:
    said.extras.append(Opaque(SOURCE, name, document(found)))
    used = f"; {instead}" if instead else ""
    said.findings.append(
        Finding(
            "cloudflare.unreadable-field",
            Severity.ERROR,
            subject,
            f"The field {name} is not as Cloudflare documents it; it is carried as it came{used}.",
            evidence=(document(found),),
        )
    )


def says_nothing(found: object) -> bool:
    """Tell whether a field is as good as left out: the service gives some of them back for every record."""
    return found is None or found is False or found in ("", [], {})
