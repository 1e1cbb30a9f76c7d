"""The targets of the translation tests: what the services hold, as their adapters declare it."""

from datetime import date

from migrator.model.capabilities import Claim
from migrator.zonefile.capabilities import ZONE_FILE
from providers.azure.capabilities import CAPABILITIES as AZURE_HOLDS
from providers.cloudflare.capabilities import CAPABILITIES as CLOUDFLARE_HOLDS
from providers.cloudflare.capabilities import of_plan
from providers.route53.convert import CAPABILITIES as ROUTE53_HOLDS

SAID = Claim("tests", date(2026, 11, 20))


ROUTE53, AZURE = ROUTE53_HOLDS, AZURE_HOLDS
CLOUDFLARE = CLOUDFLARE_HOLDS
CLOUDFLARE_PAID = of_plan("pro")
TARGETS = {
    "route53": ROUTE53,
    "azure": AZURE,
    "cloudflare": CLOUDFLARE,
    "cloudflare-paid": CLOUDFLARE_PAID,
    "file": ZONE_FILE,
}
