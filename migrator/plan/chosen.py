"""Sets that a person chose by an identifier that no set of the zone has: nothing is chosen. No IO here."""

from collections.abc import Collection, Iterator

from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from migrator.model.zone import ZoneSnapshot
from migrator.translate.words import ROUTING_ONLY

_START = f"{ROUTING_ONLY.what}="
_MOST_SHOWN = 8


def choice_findings(source: ZoneSnapshot, accepts: Collection[str]) -> Iterator[Finding]:
    """Yield a warning for each identifier that was chosen and that no routed set has, in a zone with such sets."""
    chosen = sorted(word.removeprefix(_START) for word in accepts if word.startswith(_START))
    known = sorted({rrset.key.variant for rrset in source.rrsets} - {""}) if chosen else []
    for identifier in chosen if known else ():
        if identifier in known:
            continue
        shown = ", ".join(known[:_MOST_SHOWN]) + (" ..." if len(known) > _MOST_SHOWN else "")
        yield Finding(
            "import.no-such-set",
            Severity.WARNING,
            text_of(source.origin),
            f"No routed set has the identifier {identifier}: --accept {_START}{identifier} chooses nothing.",
            remedy=f"Small and capital letters count. The zone has {shown}.",
        )
