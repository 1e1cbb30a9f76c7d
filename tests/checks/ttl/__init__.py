"""Cases of the checks of TTLs."""
