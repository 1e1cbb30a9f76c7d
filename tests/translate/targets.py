"""The targets of the translation tests: what the services hold, as their adapters declare it or by hand."""

from dataclasses import replace
from datetime import date

from dns.rdatatype import RdataType

from migrator.model.capabilities import Aliases, ApexNs, Capabilities, Claim, Fact, Limit
from migrator.model.extras import AutomaticTTL, Flattened, Metadata, Note, Proxied, RecordTTL, Tags
from migrator.zonefile.capabilities import ZONE_FILE
from providers.route53.convert import CAPABILITIES

SAID = Claim("tests", date(2026, 11, 20))


def types(text: str) -> frozenset[RdataType]:
    return frozenset(map(RdataType.from_text, text.split()))


ROUTE53 = CAPABILITIES
ALPHABET = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_")
AZURE = Capabilities(
    provider="Azure DNS",
    scheme="azure",
    types=types("A AAAA CAA CNAME MX NS PTR SOA SRV TXT DS TLSA NAPTR"),
    types_claim=SAID,
    ttl_min=Limit(1, SAID),
    ttl_max=Limit(2**31 - 1, SAID),
    records_in_rrset=Limit(20, SAID),
    records_in={RdataType.TXT: Limit(400, SAID)},
    rrsets_in_zone=Limit(10_000, SAID),
    text_in_rrset=Limit(4_096, SAID),
    label_octets=ALPHABET,
    binary_text=Fact(False, SAID),
    empty_text=Fact(False, SAID),
    empty_rrsets=Fact(True, SAID),
    null_mx=Fact(False, SAID),
    apex_ns=ApexNs.ADDABLE,
    soa_fields=frozenset({"rname", "refresh", "retry", "expire", "minimum", "ttl"}),
    extras=frozenset({Metadata}),
    aliases=Aliases(
        types("A AAAA CNAME"), frozenset({"azure"}), SAID, has_ttl=True, scope_start="/subscriptions/"
    ),
    opaque=frozenset({"azure"}),
)
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
