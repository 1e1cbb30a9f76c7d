"""Cases of the checks of DNSSEC."""
