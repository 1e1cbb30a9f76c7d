"""Hosting domains below which anybody can claim a name that is free. Data, and the look-up in it.

Collected in November 2026 from the services marked `nxdomain` in https://github.com/EdOverflow/can-i-take-over-xyz
(CC BY 4.0): a name that does not exist there belongs to whoever asks for it first.
"""

from collections.abc import Mapping

from dns.name import Name

from migrator.model.names import folded

AZURE = "Microsoft Azure"
CLAIMABLE: Mapping[str, str] = {
    "elasticbeanstalk.com": "AWS Elastic Beanstalk",
    "azure-api.net": AZURE,
    "azurecontainer.io": AZURE,
    "azurecr.io": AZURE,
    "azuredatalakestore.net": AZURE,
    "azureedge.net": AZURE,
    "azurefd.net": AZURE,
    "azurehdinsight.net": AZURE,
    "azurewebsites.net": AZURE,
    "blob.core.windows.net": AZURE,
    "cloudapp.azure.com": AZURE,
    "cloudapp.net": AZURE,
    "database.windows.net": AZURE,
    "redis.cache.windows.net": AZURE,
    "search.windows.net": AZURE,
    "servicebus.windows.net": AZURE,
    "trafficmanager.net": AZURE,
    "visualstudio.com": AZURE,
    "trydiscourse.com": "Discourse",
}


def claimable_at(host: Name) -> str | None:
    """Return the service at which anybody can claim this host; whole labels count, the host itself being one."""
    labels = folded(host)
    for start in range(1, len(labels)):
        found = _BY_LABELS.get(labels[start:])
        if found is not None:
            return found
    return None


_BY_LABELS = {
    (*(label.encode() for label in domain.split(".")), b""): service for domain, service in CLAIMABLE.items()
}
