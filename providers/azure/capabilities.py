"""What Azure DNS holds, each claim with its source and the date it was looked at. No IO here."""

import string
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from urllib.parse import urlsplit

from dns.rdatatype import RdataType

from migrator.model.capabilities import SOA_FIELDS, Aliases, ApexNs, Capabilities, Claim, Fact, Limit
from migrator.model.extras import Metadata, Opaque
from providers.azure.values import LAYOUTS

SOURCE = "azure"
# The Opaque field that carries a whole record set which cannot be read.
WHOLE_SET = "recordSet"

_API = Claim("azure-rest-api-specs, Microsoft.Network/dnsZones 2023-07-01-preview", date(2026, 11, 20))
_LIMITS = Claim(
    "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits",
    date(2023, 10, 31),
)
_RECORDS = Claim("https://learn.microsoft.com/azure/dns/dns-zones-records", date(2026, 11, 20))
_ALIASES = Claim("https://learn.microsoft.com/azure/dns/dns-alias", date(2026, 11, 20))
# The documents say 1 to 2,147,483,647; 0 is taken and given back.
_TTL_ZERO = Claim("Azure's answers to azure-cli's test_dns_zone4_import, A ttl-0", date(2020, 12, 16))
_NULL_MX = Claim("dnscontrol, providers/azuredns/auditrecords.go", date(2020, 12, 28))
_EMPTY_TEXT = Claim("dnscontrol, providers/azuredns: an empty TXT is refused", date(2026, 11, 20))
# Nobody has written down what becomes of octets that JSON cannot say, nor which letters a label may have beyond
# these: a resource name is a segment of a URL, and Azure Resource Manager refuses < > % & : \ ? / and # there.
_ASSUMED_TEXT = Claim("assumed: JSON texts are Unicode (RFC 8259 section 8.1)", date(2026, 11, 20))
_ASSUMED_LABELS = Claim("assumed: the rules of Azure resource names", date(2026, 11, 20))

CAPABILITIES = Capabilities(
    provider="Azure DNS",
    scheme=SOURCE,
    types=frozenset(LAYOUTS),
    types_claim=_API,
    ttl_min=Limit(0, _TTL_ZERO),
    ttl_max=Limit(2**31 - 1, _RECORDS),
    records_in_rrset=Limit(20, _LIMITS),
    records_in=MappingProxyType(
        {RdataType.TXT: Limit(400, _LIMITS), RdataType.CNAME: Limit(1, _API), RdataType.SOA: Limit(1, _API)}
    ),
    rrsets_in_zone=Limit(10_000, _LIMITS),
    text_in_record=Limit(4_096, _RECORDS),
    text_in_rrset=Limit(4_096, _RECORDS),
    label_octets=frozenset(f"{string.ascii_letters}{string.digits}-_".encode()),
    label_claim=_ASSUMED_LABELS,
    binary_text=Fact(False, _ASSUMED_TEXT),
    empty_text=Fact(False, _EMPTY_TEXT),
    empty_rrsets=Fact(True, _API),
    null_mx=Fact(False, _NULL_MX),
    wildcard_ns=Fact(False, _RECORDS),
    apex_ns=ApexNs.ADDABLE,
    apex_ns_claim=_RECORDS,
    soa_fields=SOA_FIELDS - {"mname"},
    soa_claim=_RECORDS,
    extras=frozenset({Metadata}),
    extras_claim=_API,
    record_extras=frozenset({Opaque}),
    aliases=Aliases(
        types=frozenset({RdataType.A, RdataType.AAAA, RdataType.CNAME}),
        schemes=frozenset({SOURCE}),
        claim=_ALIASES,
        has_ttl=True,
        scope_start="/subscriptions/",
        to_one_set=Limit(50, _LIMITS),
    ),
    opaque=frozenset({SOURCE}),
    unwritable=frozenset({WHOLE_SET}),
)

# Where Azure Resource Manager of the national clouds is: Azure Government, and Azure operated by 21Vianet.
_NATIONAL = (".usgovcloudapi.net", ".chinacloudapi.cn")
_NATIONAL_TEXT = Limit(1_024, _RECORDS)


def of_cloud(endpoint: str) -> Capabilities:
    """Return what zones hold in the cloud at this endpoint: the national ones take shorter texts."""
    host = (urlsplit(endpoint).hostname or "").lower()
    if not host.endswith(_NATIONAL):
        return CAPABILITIES
    return replace(CAPABILITIES, text_in_record=_NATIONAL_TEXT, text_in_rrset=_NATIONAL_TEXT)
