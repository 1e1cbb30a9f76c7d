"""Which hosts are this machine: what goes to them passes no network."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches the host, which is a name or an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
