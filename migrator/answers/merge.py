"""Several servers' comparisons as one: what they share is said once, and where. No IO here."""

from collections.abc import Sequence
from dataclasses import replace

from migrator.diff.equality import by_meaning
from migrator.diff.result import Difference, Side, ZoneDiff
from migrator.mail.verdict import MailState, MailVerdict
from migrator.model.names import folded
from migrator.model.rrset import RRset, canonical_order
from migrator.model.zone import ZoneSnapshot

_WORST = (MailState.LOST, MailState.CHANGED, MailState.SAME)


def merged(old: ZoneSnapshot, found: Sequence[ZoneDiff], source: str) -> ZoneDiff:
    """Return one comparison; an RRset is the same when it is so at every server."""
    differences = _grouped([difference for each in found for difference in each.differences])
    unlike = {difference.key for difference in differences if difference.old is not None}
    servers = tuple(server for each in found for server in each.new.servers)
    return replace(
        found[0],
        new=Side(source=source, rrsets=None, records=None, servers=servers),
        differences=tuple(differences),
        mail=_mail(found),
        same=old.rrset_count() - len(unlike),
        findings=tuple(finding for each in found for finding in each.findings),
        notes=tuple(dict.fromkeys(note for each in found for note in each.notes)),
    )


def _grouped(differences: list[Difference]) -> list[Difference]:
    """Return the differences in the order of the zone, equal ones of several servers as one."""
    groups: dict[object, Difference] = {}
    for difference in differences:
        shape = (difference.key, difference.kind, difference.severity, difference.impact, _content(difference.new))
        known = groups.get(shape)
        servers = (*(known.servers if known else ()), *difference.servers)
        groups[shape] = replace(difference, servers=tuple(dict.fromkeys(servers)))
    return sorted(groups.values(), key=lambda difference: canonical_order(difference.key))


def _content(rrset: RRset | None) -> object:
    return None if rrset is None else (rrset.ttl, frozenset(by_meaning(rrset.rdatas)), rrset.extras)


def _mail(found: Sequence[ZoneDiff]) -> Sequence[MailVerdict]:
    """Return for each domain the worst verdict; a reason that not every server gives says whose it is."""
    if all(each.mail is found[0].mail for each in found):
        return found[0].mail
    by_domain: dict[object, list[tuple[str, MailVerdict]]] = {}
    for each in found:
        for verdict in each.mail:
            by_domain.setdefault(folded(verdict.domain), []).append((", ".join(each.new.servers), verdict))
    return tuple(_worst(verdicts, len(found)) for verdicts in by_domain.values())


def _worst(verdicts: list[tuple[str, MailVerdict]], servers: int) -> MailVerdict:
    first = verdicts[0][1]
    return replace(
        first,
        state=min((verdict.state for _, verdict in verdicts), key=_WORST.index),
        services=tuple(dict.fromkeys(service for _, verdict in verdicts for service in verdict.services)),
        reasons=_told([(where, verdict.reasons) for where, verdict in verdicts], servers),
        unchecked=_unknown([(where, verdict.unchecked) for where, verdict in verdicts], servers),
    )


def _told(said: list[tuple[str, tuple[str, ...]]], servers: int) -> tuple[str, ...]:
    where: dict[str, list[str]] = {}
    for server, sentences in said:
        for sentence in sentences:
            where.setdefault(sentence, []).append(server)
    return tuple(
        sentence if len(at) == servers else f"At {', '.join(at)}: {sentence}" for sentence, at in where.items()
    )


def _unknown(said: list[tuple[str, tuple[str, ...]]], servers: int) -> tuple[str, ...]:
    where: dict[tuple[str, ...], list[str]] = {}
    for server, items in said:
        if items:
            where.setdefault(items, []).append(server)
    return tuple(
        text
        for items, at in where.items()
        for text in (items if len(at) == servers else (f"{', '.join(items)} at {', '.join(at)}",))
    )
