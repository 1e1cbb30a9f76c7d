"""The checks of DNSSEC: what is signed and trusted now, and whether the switch leaves validation whole."""

from migrator.checks.dnssec import algorithms, requests, resolvers, signatures, state, switch

__all__ = ["algorithms", "requests", "resolvers", "signatures", "state", "switch"]
