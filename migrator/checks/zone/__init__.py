"""The checks of a zone's content: the two zones, what every name server answers, and one zone by itself."""

# Reports list the checks in this order.
# isort: off
from migrator.checks.zone import differences, served, drift
from migrator.checks.zone import nxdomain, wildcards, cuts, cnames
from migrator.checks.zone import lost, dangling
from migrator.checks.zone import clashes, names, refused, targets, proxied, svcb, forms, soa
# isort: on

__all__ = [
    "clashes",
    "cnames",
    "cuts",
    "dangling",
    "differences",
    "drift",
    "forms",
    "lost",
    "names",
    "nxdomain",
    "proxied",
    "refused",
    "served",
    "soa",
    "svcb",
    "targets",
    "wildcards",
]
