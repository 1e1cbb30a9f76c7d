"""The checks of DNSSEC: what is signed and trusted now, and whether the switch leaves validation whole."""

# In the order of the reports.
# isort: off
from migrator.checks.dnssec import state
from migrator.checks.dnssec import switch
from migrator.checks.dnssec import signatures
from migrator.checks.dnssec import algorithms
from migrator.checks.dnssec import requests
from migrator.checks.dnssec import resolvers
# isort: on

__all__ = ["algorithms", "requests", "resolvers", "signatures", "state", "switch"]
