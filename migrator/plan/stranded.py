"""Aliases of the zone whose set is gone once the plan is carried out: they answer nothing. No IO here.

there  a    A  alias to www             comes  www  CNAME  web.example.net.
       www  A  192.0.2.1                so     www A goes for it, and there is no A that a could answer

A CNAME would follow `www` wherever it leads; an alias has to find a set of its own type.
"""

from collections.abc import Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.model.finding import Finding, Severity
from migrator.model.names import folded, for_people
from migrator.model.rrset import RRset, alias_of
from migrator.model.zone import ZoneSnapshot, subject_of


def stranded_findings(zone: str, existing: ZoneSnapshot | None, goal: ZoneSnapshot) -> Iterator[Finding]:
    """Yield a warning for each alias that leads to a set which is there before the plan, and not after it."""
    if existing is None:
        return
    gone = _names(existing) - _names(goal)
    for rrset in goal.rrsets if gone else ():
        led_to = _led_to(rrset)
        if led_to is None or (folded(led_to), rrset.rdtype) not in gone:
            continue
        target = f"{for_people(led_to)} {RdataType.to_text(rrset.rdtype)}"
        yield Finding(
            "import.alias-stranded",
            Severity.WARNING,
            zone,
            f"{subject_of(rrset.key)} is an alias to {target}, which goes: from then on it answers nothing.",
            remedy="Give it another target or records of its own before the import, or remove it.",
        )


def _names(zone: ZoneSnapshot) -> set[tuple[tuple[bytes, ...], RdataType]]:
    return {(rrset.key.folded, rrset.rdtype) for rrset in zone.rrsets}


def _led_to(rrset: RRset) -> Name | None:
    alias = alias_of(rrset)
    return None if alias is None else alias.target
