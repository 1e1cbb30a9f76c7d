"""Which TTLs nobody can lower at a provider, because it sets them itself. No IO here."""

from collections.abc import Iterable

from dns.rdatatype import RdataType

from migrator.model.capabilities import ApexNs, Capabilities
from migrator.model.extras import Alias, Extra, Proxied, plain
from migrator.model.rrset import RRsetKey


def fixed_by_provider(key: RRsetKey, extras: Iterable[Extra], can: Capabilities | None, *, at_apex: bool) -> str:
    """Return why nobody can lower the TTL of a set, as a clause; empty where a person can.

    `can` is None where the provider is not known: a person can, then, for all that anybody knows.
    """
    if can is None:
        return ""
    kinds = {type(extra) for extra in map(plain, extras) if not isinstance(extra, Proxied) or extra.enabled}
    if Proxied in kinds:
        return chosen_by(can)
    if Alias in kinds and not can.aliases.has_ttl:
        return "an alias has the TTL of what it leads to"
    if at_apex and key.rdtype == RdataType.NS and can.apex_ns is ApexNs.SETTING and not can.apex_ns_ttl.holds:
        return f"{can.provider} sets the TTL of the apex NS set itself"
    if key.rdtype == RdataType.SOA and "ttl" not in can.soa_fields:
        return f"{can.provider} sets the TTL of the SOA itself"
    return ""


def chosen_by(can: Capabilities) -> str:
    """Return the clause on a TTL that the provider chooses, until a person sets one or switches the proxy off."""
    return f"{can.provider} chooses its TTL itself (automatic, or behind its proxy)"
