"""What the zone files of certain tools say in comments and in classes of their own. No IO here.

Cloudflare's export puts `; remark cf_tags=cf-proxied:true,team:web` after a record and writes the TTL 1 for
"automatic". cli53 (Route 53) writes `; AWS routing="WEIGHTED" weight=1 identifier="a"` after a record and
`www 86400 AWS ALIAS A target zone-id false`; az writes `www 60 AZURE ALIAS A /subscriptions/...`. What such a
comment says becomes extras; what of it is not known is carried as `Opaque` and told.

DNS of Windows writes the age of a record before its TTL, and its own lookups among the records:

    dc1  [AGE:3600000]  1200  A  192.0.2.1       in its files; `dnscmd /EnumRecords` writes [Aging:3600000]
    @                   0     WINS  LOCAL L5 C900 ( 192.0.2.2 )

OVH's text of a zone has `s1._domainkey IN DKIM ( "v=DKIM1;..." )` and `_dmarc IN DMARC "v=DMARC1;..."` for TXT.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from dns.rdatatype import RdataType

from migrator.model import computed
from migrator.model.expression import expression
from migrator.model.extras import (
    Alias,
    Extra,
    Failover,
    Flattened,
    Geolocation,
    HealthCheck,
    Latency,
    MultiValueAnswer,
    Note,
    Opaque,
    Proxied,
    RoutingPolicy,
    Tags,
    Weighted,
)
from migrator.model.finding import Severity
from migrator.model.names import ROOT
from migrator.model.values import dataclass
from migrator.zonefile.fields import Names, Unreadable, octets_of, shown
from migrator.zonefile.rdata import Remark

CLOUDFLARE = "cloudflare"
AZURE = "azure"
# What Cloudflare serves for an automatic TTL of a record that is not proxied.
# https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/ (2026-06)
AUTOMATIC_TTL = 300
ALIAS_CLASSES = frozenset({b"AWS", b"AZURE"})


@dataclass(slots=True)
class Header:
    """What the comments before the first record say: who wrote the file, and the zone's name."""

    tool: str = ""
    zone: bytes = b""
    _named: bytes = field(default=b"", repr=False)

    def read(self, comment: bytes) -> None:
        """Take one comment line into account."""
        found = _HEADER.match(comment)
        if found is None:
            return
        match found.lastgroup:
            case "cf_zone":
                self._named = found["cf_zone"]
            case "exported" if self._named:
                self.tool, self.zone = CLOUDFLARE, self._named
            case "azure":
                self.tool = AZURE
            case "az_zone" if self.tool == AZURE:
                self.zone = found["az_zone"]
            case _:
                pass


_HEADER = re.compile(
    rb"""[;\ \t]*(?: Domain:[ \t]+(?P<cf_zone>\S+)
      | (?P<exported>Exported:)
      | (?P<azure>Exported\ zone\ file\ from\ Azure\ DNS)
      | Zone\ name:[ \t]+(?P<az_zone>\S+) )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a record's comment says of it."""

    extras: tuple[Extra, ...] = ()
    variant: str = ""
    remarks: tuple[Remark, ...] = ()


NOTHING_SAID = Said()


def said_of(comment: bytes, tool: str) -> Said:
    """Return what the comment after a record means in the dialects; an ordinary comment says nothing."""
    text = comment.decode("utf-8", "backslashreplace").strip()
    if text.startswith("AWS "):
        return _routing(text[4:])
    remark, mark, tags = text.partition("cf_tags=")
    if mark and (not remark or remark[-1].isspace()):
        return _cloudflare(remark.strip(), tags)
    if tool == CLOUDFLARE and text:
        return Said((Note(text),))
    return NOTHING_SAID


def _cloudflare(remark: str, tags: str) -> Said:
    extras: list[Extra] = [Note(remark)] if remark else []
    remarks: list[Remark] = []
    labels: list[str] = []
    for tag in filter(None, (tag.strip() for tag in tags.split(","))):
        match tag:
            case "cf-proxied:true" | "cf-proxied:false":
                extras.append(Proxied(enabled=tag.endswith("true")))
            case "cf-flatten-cname" | "cf-flatten-cname:true":
                extras.append(Flattened())
            case _ if tag.startswith("cf-"):
                extras.append(_opaque("cloudflare-export", "cf_tags", tag))
                remarks.append(_unknown(f"Cloudflare's tag '{tag}'"))
            case _:
                labels.append(tag)
    if labels:
        extras.append(Tags(tuple(sorted(labels))))
    return Said(tuple(extras), "", tuple(remarks))


def _opaque(source: str, name: str, text: str) -> Opaque:
    import json

    return Opaque(source, name, json.dumps(text))


_PAIR = expression(r'\s*([A-Za-z]\w*)=(?:"([^"\\]*+(?:\\.[^"\\]*+)*)"|([^\s"]+))')


def _routing(text: str) -> Said:
    pairs: dict[str, str] = {}
    position = 0
    while found := _PAIR.match(text, position):
        quoted = found[2]
        pairs[found[1]] = found[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        position = found.end()
    rest = text[position:].strip()
    variant = pairs.pop("identifier", "")
    extras: list[Extra] = []
    policy = _policy(pairs)
    if policy is not None:
        extras.append(policy)
    if health := pairs.pop("healthCheckId", ""):
        extras.append(HealthCheck(health))
    remarks = []
    for name, found_text in [*pairs.items(), *([("", rest)] if rest else [])]:
        extras.append(_opaque("cli53", name, found_text))
        remarks.append(
            _unknown(f"'{name}={found_text}' of cli53's comment" if name else f"'{rest}' of the comment")
        )
    return Said(tuple(extras), variant, tuple(remarks))


def _policy(pairs: dict[str, str]) -> RoutingPolicy | None:
    """Take the routing policy out of the pairs; what does not fit stays in them."""
    policy: RoutingPolicy
    match pairs:
        case {"routing": "WEIGHTED", "weight": weight} if weight.isdecimal():
            policy = Weighted(int(weight))
        case {"routing": "LATENCY", "region": region}:
            policy = Latency(region)
        case {"routing": "FAILOVER", "failover": role}:
            policy = Failover(role)
        case {"routing": "MULTIVALUE"}:
            policy = MultiValueAnswer()
        case {"routing": "GEOLOCATION"}:
            # cli53 writes `subdivisionCode` and reads `subdivisonCode`: both are met.
            subdivision = pairs.get("subdivisionCode") or pairs.get("subdivisonCode", "")
            policy = Geolocation(pairs.get("continentCode", ""), pairs.get("countryCode", ""), subdivision)
        case _:
            return None
    for name in ("routing", *_POLICY_FIELDS[type(policy)]):
        pairs.pop(name, None)
    return policy


_POLICY_FIELDS: Mapping[type[RoutingPolicy], tuple[str, ...]] = MappingProxyType(
    {
        Weighted: ("weight",),
        Latency: ("region",),
        Failover: ("failover",),
        MultiValueAnswer: (),
        Geolocation: ("continentCode", "countryCode", "subdivisionCode", "subdivisonCode"),
    }
)


def _unknown(what: str) -> Remark:
    return Remark(
        "zonefile.unknown-extra", Severity.WARNING, f"{what} is not known here; it is carried as it stands."
    )


@dataclass(frozen=True, slots=True)
class AliasLine:
    """An alias record of a dialect: its type, its extra, and whether its TTL means something."""

    rdtype: RdataType
    alias: Alias
    has_ttl: bool


def alias_of(class_: bytes, tokens: list[bytes], names: Names) -> AliasLine:
    """Return the alias of the tokens after `AWS` or `AZURE`; raises Unreadable."""
    if not tokens or tokens[0].upper() != b"ALIAS":
        raise Unreadable(f"after {class_.decode()} the word ALIAS is expected")
    match class_, tokens[1:]:
        case b"AWS", [rdtype, target, scope, health] if health.lower() in {b"true", b"false"}:
            evaluates = health.lower() == b"true"
            alias = Alias(names.read(target), _text(scope), evaluate_target_health=evaluates)
            return AliasLine(_type(rdtype), alias, has_ttl=False)
        case b"AZURE", [rdtype, resource]:
            # The resource's DNS name stands nowhere in the file: the target stays open.
            return AliasLine(_type(rdtype), Alias(ROOT, _text(resource)), has_ttl=True)
        case b"AWS", _:
            raise Unreadable("an AWS ALIAS has type, target, zone id and true or false")
        case _:
            raise Unreadable("an AZURE ALIAS has type and resource id")


def _type(token: bytes) -> RdataType:
    found = RdataType.__members__.get(token.decode("ascii", "replace").upper())
    if found is None:
        raise Unreadable(f"{shown(token)} is no type")
    return found


def _text(token: bytes) -> str:
    return octets_of(token).decode("utf-8", "backslashreplace")


_AGE = expression(rb"\[(?:AGE|Aging):[0-9]{1,10}\]", re.IGNORECASE)


def is_age(token: bytes) -> bool:
    """Tell whether the token is the age that Windows writes before a record's TTL."""
    return token[:1] == b"[" and _AGE.fullmatch(token) is not None


AGE_REMARK = Remark(
    "zonefile.aging",
    Severity.NOTICE,
    "Windows wrote the ages of records into the file, by which it deletes those that nobody refreshes. They are "
    "no part of the records and are left out; elsewhere, no record is deleted for its age.",
)

# [MS-DNSP] section 2.2.2.1.1, types 65281 and 65282; the second is written in two ways.
LOOKUPS: Mapping[bytes, str] = MappingProxyType(
    {b"WINSR": computed.LOOKUPS["WINS-R"], **{word.encode(): does for word, does in computed.LOOKUPS.items()}}
)

# OVH lists these as types of their own and answers TXT: github.com/StackExchange/dnscontrol/pull/340, 2026-11-21.
TEXT_KINDS = frozenset({b"DKIM", b"DMARC"})
KIND_REMARK = Remark(
    "zonefile.text-kind",
    Severity.WARNING,
    "DKIM and DMARC are no types of DNS. OVH writes them for TXT records, and so they are read.",
    "See that the old servers answer TXT there.",
)


def is_text_kind(token: bytes) -> bool:
    """Tell whether the token stands for the type TXT."""
    return token[:1] in b"Dd" and token.upper() in TEXT_KINDS


# A record that a tool took out of the zone because servers do not know its type. DNSControl: pkg/prettyzone.
_OUTCOMMENTED = re.compile(
    rb""";*[ \t]*(?:[^\s;]+[ \t]+)?(?:[0-9]+[ \t]+)?IN[ \t]+
    (ALIAS|ANAME|URL|URL301|FRAME|LUA|AKAMAI[A-Z]+|NETLIFY(?:V6)?|[A-Z0-9]++_[A-Z0-9_]+)[ \t]+\S""",
    re.VERBOSE,
)


def outcommented(comment: bytes) -> Remark | None:
    """Return what to say of a comment line that holds a record of a type outside DNS; None for other comments."""
    found = _OUTCOMMENTED.match(comment)
    if found is None:
        return None
    return Remark(
        "zonefile.commented-out-record",
        Severity.NOTICE,
        f"A record of type {found[1].decode()} is commented out here, as tools do with what DNS does not know; "
        "it is not part of the zone that was read.",
    )
