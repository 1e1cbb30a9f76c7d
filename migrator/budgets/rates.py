"""How often each service may be asked: what it documents, less a part for others. No IO here."""

import hashlib
from collections.abc import Mapping

from migrator.model.values import dataclass

_BLOCK_SECONDS = 0.25
_LARGEST_BLOCK = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests a second an account takes in the long run, and how many at once after a rest."""

    per_second: float
    burst: int

    @property
    def block(self) -> int:
        """How many turns are taken at a time, at most: those of a quarter of a second."""
        return max(1, min(_LARGEST_BLOCK, int(self.per_second * _BLOCK_SECONDS)))


# What each service documents, less a part for others who use the account: consoles, other programs.
RATES: Mapping[str, Rate] = {
    # 5 a second for years, lately 10 after a burst of 50; a new zone counts in a bucket of its own, 2 a second.
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/throttling-api-requests.html (2026-11-20)
    "route53": Rate(5.0, 40),
    # 1,200 in five minutes, for a user over all tokens: 300 seconds of this and the burst are 1,150.
    # https://developers.cloudflare.com/fundamentals/api/reference/limits/ (2026-11-20)
    "cloudflare": Rate(3.5, 100),
    # Resource Manager: a bucket of 250 reads, 25 a second; Microsoft.Network: 10,000 reads and 1,000 writes in
    # five minutes. 300 seconds of these writes and the burst are 1,000.
    # https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
    # (2026-11-20)
    "azure-reads": Rate(20.0, 200),
    "azure-writes": Rate(3.0, 100),
}


def budget_name(service: str, account: str) -> str:
    """Return what a budget is called in the database: the account is there as a digest alone."""
    digest = hashlib.sha256(f"dns-migrator {service} {account}".encode()).hexdigest()
    return f"{service}:{digest[:24]}"
