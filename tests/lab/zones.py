"""Zone file text for the laboratory: a fresh SOA, the apex NS set, and the records of a test."""

import itertools
from collections.abc import Iterable

_serials = itertools.count(1)

DEFAULT_TTL = 5


def zone_text(zone: str, records: str, name_servers: Iterable[str], *, ttl: int = DEFAULT_TTL) -> str:
    """Return a whole zone; relative owners in `records` are relative to it, with `ttl` by default.

    The timers of the SOA are long, so that secondaries follow when told and nothing happens behind a test's back.
    """
    servers = list(name_servers)
    lines = [
        f"$ORIGIN {zone}",
        f"$TTL {ttl}",
        f"@ SOA {servers[0]} hostmaster.example.com. {next(_serials)} 86400 7200 2419200 1",
        *(f"@ NS {server}" for server in servers),
        records,
    ]
    return "\n".join(lines) + "\n"
