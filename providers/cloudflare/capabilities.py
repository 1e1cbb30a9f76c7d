"""What a zone at Cloudflare can hold, by its plan, with sources and dates. No IO here.

The value `CAPABILITIES` is what the Free plan holds, which every new zone has.
"""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from dns.rdatatype import RdataType

from migrator.model.capabilities import ApexNs, Capabilities, Claim, Fact, Limit
from migrator.model.extras import AutomaticTTL, Flattened, Note, Proxied, RecordTTL, Tags
from providers.cloudflare.fields import SOURCE

_DOCS = "https://developers.cloudflare.com/dns/manage-dns-records"
_SDK = Claim("cloudflare 5.9.0, types/dns/record_create_params.py", date(2026, 11, 20))
_TYPES_PAGE = Claim(f"{_DOCS}/reference/dns-record-types/", date(2026, 11, 20))
_TTL_PAGE = Claim(f"{_DOCS}/reference/ttl/", date(2026, 11, 20))
_QUOTA_PAGE = Claim(f"{_DOCS}/", date(2026, 11, 20))
_ATTRIBUTES = Claim(f"{_DOCS}/reference/record-attributes/", date(2026, 11, 20))
_APEX_PAGE = Claim(f"{_DOCS}/how-to/create-zone-apex/", date(2026, 11, 20))
_SETTINGS = Claim("cloudflare 5.9.0, types/dns/settings/zone_edit_params.py", date(2026, 11, 20))
# "DNS record comment exceeds the maximum length of 100 characters. (9313)", seen on a Free zone.
_COMMENT_ERROR = Claim(
    "https://github.com/STRRL/cloudflare-tunnel-ingress-controller/issues/168", date(2025, 1, 19)
)
# "DNS record has 1 tags, exceeding the quota of 0." (9300)
_TAGS_ERROR = Claim("https://github.com/kubernetes-sigs/external-dns/issues/3706", date(2023, 6, 30))
_EMPTY_TEXT = Claim("DNSControl, documentation of the Cloudflare provider", date(2026, 1, 31))
_USAGE = Claim("GET /zones/{id}/dns_records/usage of this zone", date(2026, 11, 20))

TYPES = frozenset(
    {
        RdataType.A,
        RdataType.AAAA,
        RdataType.CAA,
        RdataType.CERT,
        RdataType.CNAME,
        RdataType.DNSKEY,
        RdataType.DS,
        RdataType.HTTPS,
        RdataType.LOC,
        RdataType.MX,
        RdataType.NAPTR,
        RdataType.NS,
        RdataType.OPENPGPKEY,
        RdataType.PTR,
        RdataType.SMIMEA,
        RdataType.SRV,
        RdataType.SSHFP,
        RdataType.SVCB,
        RdataType.TLSA,
        RdataType.TXT,
        RdataType.URI,
    }
)
# The octets that no name needs to escape. The documentation allows all octets and does not say how they are
# written.
_PLAIN_OCTETS = frozenset(range(0x21, 0x7F)) - frozenset(b'"().;@\\$*')
_FREE_EXTRAS = frozenset({AutomaticTTL, Proxied, Note})

CAPABILITIES = Capabilities(
    provider="Cloudflare",
    scheme=SOURCE,
    types=TYPES,
    types_claim=_SDK,
    newer_types=True,
    ttl_min=Limit(60, _TTL_PAGE),
    ttl_max=Limit(86_400, _TTL_PAGE),
    # Free zones made before 2024-09-01 have 1,000; the service tells each zone's own quota.
    records_in_zone=Limit(200, _QUOTA_PAGE),
    wire_in_record=Limit(4_096, _TYPES_PAGE),
    characters_in=MappingProxyType(dict.fromkeys(TYPES, Limit(8_192, _TYPES_PAGE))),
    label_octets=_PLAIN_OCTETS,
    label_claim=_TYPES_PAGE,
    empty_text=Fact(False, _EMPTY_TEXT),
    ns_beside_other=Fact(False, _SDK),
    cname_beside_other=Fact(True, _SDK),
    apex_ns=ApexNs.SETTING,
    apex_ns_claim=_SETTINGS,
    apex_ns_ttl=Fact(False, _SETTINGS),
    apex_cname=Fact(True, _APEX_PAGE),
    soa_fields=frozenset(),
    soa_claim=_SETTINGS,
    extras=_FREE_EXTRAS,
    extras_claim=_ATTRIBUTES,
    record_extras=_FREE_EXTRAS | {RecordTTL},
    opaque=frozenset({SOURCE}),
    note_length=Limit(100, _COMMENT_ERROR),
    tags_in_record=Limit(0, _TAGS_ERROR),
)

ENTERPRISE = "enterprise"
_PAID = frozenset({"pro", "business", ENTERPRISE})
_PAID_EXTRAS = _FREE_EXTRAS | {Flattened, Tags}
_SOA_FIELDS = frozenset({"mname", "rname", "refresh", "retry", "expire", "minimum", "ttl"})
# https://developers.cloudflare.com/api/resources/dns/subresources/settings/subresources/zone/ (2026-11-22)
_SOA_RANGES = {
    "refresh": (600, 86_400),
    "retry": (600, 86_400),
    "expire": (86_400, 2_419_200),
    "minimum": (60, 86_400),
    "ttl": (300, 86_400),
}
# https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes/ (2026-11-20)
_BATCH_FREE, _BATCH_PAID = 200, 3_500


def of_plan(plan: str) -> Capabilities:
    """Return what a zone of this plan (`zone.plan.legacy_id`) holds; an unknown plan is taken for Free."""
    if plan not in _PAID:
        return CAPABILITIES
    paid = replace(
        CAPABILITIES,
        records_in_zone=Limit(3_500, _QUOTA_PAGE),
        extras=_PAID_EXTRAS,
        record_extras=_PAID_EXTRAS | {RecordTTL},
        note_length=Limit(500, _ATTRIBUTES),
        tags_in_record=Limit(20, _ATTRIBUTES),
    )
    if plan != ENTERPRISE:
        return paid
    return replace(
        paid,
        ttl_min=Limit(30, _TTL_PAGE),
        apex_ns_ttl=Fact(True, _SETTINGS),
        soa_fields=_SOA_FIELDS,
        soa_ranges=MappingProxyType(_SOA_RANGES),
    )


def with_usage(capabilities: Capabilities, quota: int | None, used: int | None) -> Capabilities:
    """Return the capabilities with the quota that the service tells of this zone, and how much of it is used.

    A zone without a quota shares that of its account, which is larger than any plan's.
    """
    if used is None:
        return capabilities
    limit = None if quota is None else Limit(quota, _USAGE)
    return replace(capabilities, records_in_zone=limit, used_records=used)


def batch_size(plan: str) -> int:
    """Return how many operations one batch may have."""
    return _BATCH_PAID if plan in _PAID else _BATCH_FREE
