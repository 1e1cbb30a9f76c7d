"""Which hosts are this machine: the only ones that a credential may reach over plain http. No IO here."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, so that what is sent to it passes no network."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
