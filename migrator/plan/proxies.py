"""Sets of the target that its proxy answers for, and that the plan makes ordinary ones. No IO here.

The source knows of no such proxy, so the plan is right to the letter. Who has switched it on wants to be told.
"""

from collections.abc import Iterable, Iterator

from migrator.model.change import Change, Replace
from migrator.model.finding import Finding, Severity
from migrator.model.phrases import counted
from migrator.model.rrset import is_proxied
from migrator.model.zone import subject_of

_SHOWN = 3


def proxy_findings(zone: str, changes: Iterable[Change]) -> Iterator[Finding]:
    """Yield a warning where the changes of a zone switch the proxy of sets off."""
    bare = [
        change.existing
        for change in changes
        if isinstance(change, Replace) and is_proxied(change.existing) and not is_proxied(change.desired)
    ]
    if not bare:
        return
    subjects = tuple(subject_of(rrset.key) for rrset in bare)
    more = f" and {len(bare) - _SHOWN:,} more" if len(bare) > _SHOWN else ""
    yield Finding(
        "import.proxy-off",
        Severity.WARNING,
        zone,
        f"{counted(len(bare), 'set')} at the target went through its proxy, and no longer will "
        f"({', '.join(subjects[:_SHOWN])}{more}): visitors get the origins, without its cache, firewall and "
        "certificate.",
        remedy="Where visitors are sent to the target already, switch the proxy on again right after the import.",
        evidence=subjects,
    )
