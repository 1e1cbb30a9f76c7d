"""What a person who moves a zone away from Cloudflare must know of it. No IO here."""

from collections.abc import Iterator

from dns.rdatatype import RdataType

from migrator.model.extras import Flattened, Managed, PlainExtra, Proxied, plain
from migrator.model.finding import BALANCED, PARTIAL, Finding, Severity
from migrator.model.names import folded, text_of
from migrator.model.rrset import RRset
from migrator.model.zone import Assembly, ZoneSnapshot, subject_of
from providers.cloudflare.answers import Native, Reply, mapping, text
from providers.cloudflare.discovery import Zone
from providers.cloudflare.fields import document, says_nothing
from providers.cloudflare.names import UnreadableError, name_of

# https://developers.cloudflare.com/dns/zone-setups/reference/domain-status/ (2026-11-20)
_STATUS = {
    "initializing": "The zone is being set up; it is not answered yet.",
    "pending": "The zone waits for its delegation: the registrar does not name Cloudflare's servers. A Free zone "
    "that waits for 28 days is deleted.",
    "moved": "The domain was delegated elsewhere, and Cloudflare has noticed. A Free zone is deleted 7 days after "
    "that and purged after 7 more; deleted zones still answer, purged ones do not, and a new one gets other name "
    "servers.",
    "deleted": "The zone is deleted. It still answers for 7 days and is then purged; a new one gets other name "
    "servers.",
    "deactivated": "The zone is switched off; Cloudflare does not answer for it.",
}
# `zone_mode` of the DNS settings (SDK 5.9.0, 2026-11-20: "regular or CDN/DNS only zone").
_MODES = {
    "dns_only": "The zone is for DNS only (zone_mode): proxied names are answered with their origins, as they are "
    "written.",
    "cdn_only": "The zone is for the proxy only (zone_mode): its DNS may be answered from elsewhere, and this may "
    "not be the zone that people see.",
}
_KNOWN_SETTINGS = frozenset(
    {
        "flatten_all_cnames",
        "foundation_dns",
        "internal_dns",
        "multi_provider",
        "nameservers",
        "ns_ttl",
        "secondary_overrides",
        "soa",
        "zone_mode",
    }
)
_GRAVE = frozenset({"moved", "deleted", "deactivated"})
_SIGNED = frozenset({"active", "pending"})
_ADDRESSES = frozenset({RdataType.A, RdataType.AAAA})
_EXCLUDED_BY_CNAME = _ADDRESSES | {RdataType.NS}
_BALANCED = _ADDRESSES | {RdataType.CNAME}


def of_zone(zone: Zone) -> Iterator[Finding]:
    """Yield what its state and its kind mean."""
    subject = text_of(zone.name)
    if zone.status not in {"", "active"}:
        severity = Severity.WARNING if zone.status in _GRAVE else Severity.NOTICE
        meaning = _STATUS.get(zone.status, f"Cloudflare calls the state of the zone '{zone.status}'.")
        yield Finding(f"cloudflare.zone-{zone.status}", severity, subject, meaning)
    if zone.kind == "partial":
        yield Finding(
            f"cloudflare.{PARTIAL}",
            Severity.WARNING,
            subject,
            "The zone is partial: its DNS is at another provider, and Cloudflare holds only the names that lead "
            "to its proxy. This is not the whole zone.",
            remedy="Read the zone from the provider that answers it.",
        )
    elif zone.kind == "secondary":
        yield Finding(
            "cloudflare.secondary-zone",
            Severity.WARNING,
            subject,
            "The zone is secondary: its records come by zone transfer from a primary elsewhere, and can be "
            "changed only there.",
        )
    elif zone.kind == "internal":
        yield Finding(
            "cloudflare.internal-zone",
            Severity.WARNING,
            subject,
            "The zone is internal: it answers only inside the networks of its account. At a public provider "
            "everybody could read it.",
        )
    if zone.paused:
        yield Finding(
            "cloudflare.paused",
            Severity.NOTICE,
            subject,
            "The zone is paused: proxied names are answered with their origins now, as they are written.",
        )
    if zone.vanity:
        servers = ", ".join(map(text_of, zone.vanity))
        yield Finding(
            "cloudflare.own-name-servers",
            Severity.NOTICE,
            subject,
            f"The zone is served under name servers of its owner's own name: {servers}. Their addresses are "
            "Cloudflare's and cannot be taken along.",
        )


def of_settings(zone: Zone, settings: Native | None) -> Iterator[Finding]:
    """Yield what the DNS settings of the zone say besides SOA, NS and flattening, and which are not known here."""
    subject = text_of(zone.name)
    for name, found in (settings or {}).items():
        if name == "zone_mode" and found not in {"standard", None, ""}:
            severity = Severity.NOTICE if found == "dns_only" else Severity.WARNING
            meaning = _MODES.get(
                str(found), f"Cloudflare calls the mode of the zone (zone_mode) {document(found)}."
            )
            yield Finding("cloudflare.zone-mode", severity, subject, meaning)
        elif name not in _KNOWN_SETTINGS and not says_nothing(found):
            yield Finding(
                "cloudflare.unknown-setting",
                Severity.NOTICE,
                subject,
                f"The DNS settings of the zone have '{name}', which is not known here; it stands in the raw "
                "answer.",
            )


def signing_of(dnssec: Native | None) -> str:
    """Return the state of DNSSEC where it means signatures, else an empty text."""
    status = text((dnssec or {}).get("status"))
    return status if status in _SIGNED else ""


def of_dnssec(zone: Zone, dnssec: Native | None) -> Iterator[Finding]:
    """Yield what a signature means for a move."""
    status = signing_of(dnssec)
    if not status:
        return
    ds = text((dnssec or {}).get("ds"))
    yield Finding(
        "cloudflare.signed",
        Severity.WARNING,
        text_of(zone.name),
        f"Cloudflare signs the zone (DNSSEC is {status}), and its keys cannot be taken along: as long as the "
        "parent has the DS record, answers of another provider fail to validate.",
        remedy="Remove the DS record at the registrar, wait until its TTL is over, and only then switch.",
        evidence=(ds,) if ds else (),
    )


def of_records(snapshot: ZoneSnapshot, *, flatten_all: bool) -> Iterator[Finding]:
    """Yield what is answered otherwise than the records say, and whom they belong to."""
    proxied = [rrset for rrset in snapshot.rrsets if _has(rrset, Proxied)]
    if proxied:
        one = len(proxied) == 1
        yield Finding(
            "cloudflare.proxied",
            Severity.NOTICE,
            text_of(snapshot.origin),
            f"{len(proxied)} {'set is' if one else 'sets are'} proxied: Cloudflare answers addresses of its "
            "own, and HTTPS records that no API shows. Elsewhere the origins would be public.",
            evidence=tuple(subject_of(rrset.key) for rrset in proxied),
        )
    if flatten_all:
        yield Finding(
            "cloudflare.flattened",
            Severity.NOTICE,
            text_of(snapshot.origin),
            "A setting of the zone answers every CNAME as the addresses of its target.",
        )
    for rrset in snapshot.rrsets:
        if rrset.rdtype == RdataType.CNAME and _has(rrset, Flattened) and not flatten_all:
            at_apex = rrset.owner == snapshot.origin
            where = ", as every CNAME at the apex; other providers have none there" if at_apex else ""
            message = f"Cloudflare answers this CNAME as the addresses of its target{where}."
            yield Finding("cloudflare.flattened", Severity.NOTICE, subject_of(rrset.key), message)
        for owner in sorted({extra.by for extra in map(plain, rrset.extras) if isinstance(extra, Managed)}):
            yield Finding(
                "cloudflare.managed",
                Severity.WARNING,
                subject_of(rrset.key),
                f"Belongs to {owner}: it cannot be edited as a record, and works only while that product is used.",
            )


def of_balancers(balancers: Reply, snapshot: ZoneSnapshot) -> Iterator[Finding]:
    """Yield the names that a load balancer answers: with a record of the same name, in its place, or with none.

    https://developers.cloudflare.com/load-balancing/load-balancers/dns-records/ (2026-11-22)
    """
    for found in balancers.result_list() or ():
        balancer = mapping(found)
        try:
            name = name_of(balancer.get("name"))
        except UnreadableError:
            name = snapshot.origin
        if balancer.get("enabled") is False:
            continue
        types = sorted(
            r.rdtype for r in snapshot.rrsets if folded(r.owner) == folded(name) and r.rdtype in _BALANCED
        )
        shown = " and ".join(map(RdataType.to_text, types))
        message = (
            f"A load balancer answers this name in the place of its {shown} set, which alone is carried."
            if types
            else "A load balancer answers this name, of which the zone has no record: nothing of it is carried."
        )
        yield Finding(
            f"cloudflare.{BALANCED}",
            Severity.WARNING,
            text_of(name),
            message,
            remedy="Before the switch, give the name addresses, or a load balancer of the new "
            "provider's; raw/load-balancers.json of a backup has what is there now.",
        )


def as_cloudflare_judges(assembly: Assembly) -> Iterator[Finding]:
    """Yield what was found in the records, but for a CNAME beside other data as the service allows it.

    At the apex it is flattened, and that is told; elsewhere TXT, MX and others may stand beside it.
    """
    snapshot = assembly.snapshot
    types: dict[str, set[RdataType]] = {}
    for rrset in snapshot.rrsets:
        types.setdefault(f"{text_of(rrset.owner)} CNAME", set()).add(rrset.rdtype)
    apex = f"{text_of(snapshot.origin)} CNAME"
    for finding in assembly.findings:
        beside = types.get(finding.subject, set()) - {RdataType.CNAME}
        at_apex = finding.subject == apex
        excluded = beside & (_ADDRESSES if at_apex else _EXCLUDED_BY_CNAME)
        if finding.check != "zone.cname-and-other-data" or excluded:
            yield finding
        elif not at_apex:
            shown = ", ".join(sorted(map(RdataType.to_text, beside)))
            yield Finding(
                "cloudflare.cname-and-other-data",
                Severity.WARNING,
                finding.subject,
                f"The CNAME stands beside {shown}, which Cloudflare allows; other servers refuse or ignore one of "
                "them (RFC 1034 section 3.6.2).",
            )


def _has(rrset: RRset, kind: type[PlainExtra]) -> bool:
    return any(isinstance(plain(extra), kind) for extra in rrset.extras)
