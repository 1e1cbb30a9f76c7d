"""Whether there is a backup of the old zone, whole and fresh, and what a zone file cannot hold of it. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from dns.rdatatype import RdataType

from migrator.checks.check import check
from migrator.checks.facts import Facts, Kept
from migrator.checks.points import Noted, NotNeeded, Passed, Point, Problem
from migrator.checks.reproduce import own_command
from migrator.clock import instant
from migrator.model.extras import AutomaticTTL, Extra, Note, RecordTTL, Tags, plain
from migrator.model.finding import Phase, Severity
from migrator.model.names import for_people, text_of
from migrator.model.phrases import counted
from migrator.model.zone import ZoneSnapshot

# What servers answer as the zone file has it, whatever the provider knows besides.
_HARMLESS = (AutomaticTTL, Note, Tags, RecordTTL)
_SHOWN = 3


@check(
    "backup.exists",
    phases=(Phase.READY, Phase.CLOSE),
    source="none: what is not outside the provider is gone with it",
    remedy="Run `dns-migrator export LOCATOR` for the old zone, and keep the folder outside both providers.",
)
def exists(facts: Facts) -> Iterator[Point]:
    """A fresh, whole backup exists.

    There is a whole backup of the old zone outside its provider, not older than a day.

    It is the folder that `export` wrote (the newest below `backups/`), verified against its digests, or the zone
    file or backup that --from names. It fails where the newest one is not whole, or cannot be read: it would be
    missed on the day on which it is needed. It warns where there is none, and for an older one: whether that
    still says what is served is `inventory.drift`.
    """
    subject = for_people(facts.domain)
    kept = facts.backup
    export = own_command("export", facts.old.locator or f"LOCATOR-OF-{subject}")
    if kept is None:
        missing = "No backup of the old zone was found; one was expected."
        looked = Noted("backups/", f"no backup of the old side of {subject}", facts.now)
        yield Problem(subject, missing, (looked,), f"Run: {export}", Severity.WARNING)
        return
    if kept.zone is None:
        broken = Noted(kept.place, kept.trouble, facts.now)
        yield Problem(kept.place, f"The backup cannot be used: {kept.trouble}", (broken,), f"Run again: {export}")
        return
    evidence = (Noted(kept.place, _described(kept, kept.zone), kept.taken),)
    lacks = [
        RdataType.to_text(rdtype) for rdtype in (RdataType.SOA, RdataType.NS) if kept.zone.apex(rdtype) is None
    ]
    if lacks:
        yield Problem(
            kept.place,
            f"The backup has no {' and no '.join(lacks)} at the apex; a whole zone was expected.",
            evidence,
            f"Run again: {export}",
        )
    elif kept.taken is not None and facts.now - kept.taken > timedelta(seconds=facts.settings.backup_age):
        yield Problem(
            kept.place,
            f"The backup is of {instant(kept.taken)}; one of the last {facts.settings.backup_age // 3600} "
            "hours was expected.",
            evidence,
            f"Run again: {export}",
            Severity.WARNING,
        )
    else:
        yield Passed(kept.place, f"A whole backup: {_described(kept, kept.zone)}.", evidence)


@check(
    "backup.restorable",
    phases=(Phase.READY,),
    severity=Severity.NOTICE,
    source="provider documentation of alias, routed and proxied records (2025-12)",
    remedy="Keep zone.json beside the zone file: only it holds what a name server does not know.",
)
def restorable(facts: Facts) -> Iterator[Point]:
    """Any name server can serve the backup.

    What the backup holds can be loaded by any name server, or is named as what cannot.

    Aliases, routed, proxied and flattened records, health checks and whatever else only the provider knows: the
    zone file has their comments, `zone.json` has them whole, and only the same kind of provider can serve them
    again.
    """
    kept = facts.backup
    if kept is None or kept.zone is None:
        yield NotNeeded("there is no backup that could be read: see backup.exists")
        return
    own = [rrset for rrset in kept.zone.rrsets if any(not _is_harmless(extra) for extra in rrset.extras)]
    evidence = (Noted(kept.place, _described(kept, kept.zone), kept.taken),)
    if own:
        names = ", ".join(f"{text_of(r.owner)} {RdataType.to_text(r.rdtype)}" for r in own[:_SHOWN])
        more = f" and {len(own) - _SHOWN} more" if len(own) > _SHOWN else ""
        yield Problem(
            kept.place,
            f"{counted(len(own), 'set')} can be served by that kind of provider alone: {names}{more}.",
            evidence,
        )
    else:
        yield Passed(kept.place, "Any name server can serve all of it.", evidence)


def _is_harmless(extra: Extra) -> bool:
    return isinstance(plain(extra), _HARMLESS)


def _described(kept: Kept, zone: ZoneSnapshot) -> str:
    when = f" of {instant(kept.taken)}" if kept.taken else ""
    return f"{counted(len(zone.rrsets), 'RRset')}{when}, {zone.digest()}"
