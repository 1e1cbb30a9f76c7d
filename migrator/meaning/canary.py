"""The TXT record that has another text in each zone, to see which side a resolver follows. Pure."""

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.names import absolute, folded
from migrator.model.rrset import RRsetKey

CANARY_LABEL = "_migcheck"


def canary_name(domain: Name) -> Name:
    """Return the owner of the canary TXT of a zone."""
    return absolute(CANARY_LABEL, domain)


def is_canary(key: RRsetKey, origin: Name) -> bool:
    """Tell whether an RRset is the canary TXT of a zone."""
    return key.rdtype == RdataType.TXT and key.folded == folded(canary_name(origin))
