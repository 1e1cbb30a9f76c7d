"""The targets of the translation tests: what the services hold, as their adapters declare it or by hand."""

from dataclasses import replace
from datetime import date

from dns.rdatatype import RdataType

from migrator.model.capabilities import ApexNs, Capabilities, Claim, Fact, Limit
from migrator.model.extras import AutomaticTTL, Flattened, Note, Proxied, RecordTTL, Tags
from migrator.zonefile.capabilities import ZONE_FILE
from providers.azure.capabilities import CAPABILITIES as AZURE_HOLDS
from providers.route53.convert import CAPABILITIES as ROUTE53_HOLDS

SAID = Claim("tests", date(2026, 11, 20))


def types(text: str) -> frozenset[RdataType]:
    return frozenset(map(RdataType.from_text, text.split()))


ROUTE53, AZURE = ROUTE53_HOLDS, AZURE_HOLDS
ALPHABET = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_")
CLOUDFLARE = Capabilities(
    provider="Cloudflare",
    scheme="cloudflare",
    types=types(
        "A AAAA CAA CERT CNAME DNSKEY DS HTTPS LOC MX NAPTR NS OPENPGPKEY PTR SMIMEA SRV SSHFP SVCB TLSA TXT URI"
    ),
    types_claim=SAID,
    ttl_min=Limit(60, SAID),
    ttl_max=Limit(86_400, SAID),
    records_in_zone=Limit(200, SAID),
    text_in_record=Limit(4_096, SAID),
    text_in_rrset=Limit(8_192, SAID),
    label_octets=ALPHABET,
    empty_text=Fact(False, SAID),
    ns_beside_other=Fact(False, SAID),
    cname_beside_other=Fact(True, SAID),
    apex_ns=ApexNs.SETTING,
    apex_cname=Fact(True, SAID),
    soa_fields=frozenset(),
    extras=frozenset({Proxied, AutomaticTTL, Note}),
    record_extras=frozenset({Proxied, AutomaticTTL, Note, RecordTTL}),
    opaque=frozenset({"cloudflare"}),
    note_length=Limit(100, SAID),
)
CLOUDFLARE_PAID = replace(
    CLOUDFLARE,
    records_in_zone=Limit(3_500, SAID),
    extras=CLOUDFLARE.extras | {Tags, Flattened},
    record_extras=CLOUDFLARE.record_extras | {Tags, Flattened},
    note_length=Limit(500, SAID),
    tags_in_record=Limit(20, SAID),
)
TARGETS = {
    "route53": ROUTE53,
    "azure": AZURE,
    "cloudflare": CLOUDFLARE,
    "cloudflare-paid": CLOUDFLARE_PAID,
    "file": ZONE_FILE,
}
