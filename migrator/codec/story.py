"""What `report` tells a script: the document `dns-migrator/report/1`. No IO here."""

import json
from collections.abc import Iterable
from datetime import datetime

from migrator.clock import instant
from migrator.codec import jsontext
from migrator.codec.history import rdatas
from migrator.journey.events import Event
from migrator.model.names import text_of
from migrator.past import Registration, Stretch, Write
from migrator.story.account import (
    Account,
    Backup,
    Checked,
    Comparison,
    Import,
    Lowered,
    Open,
    StageLine,
    Switch,
    Trouble,
)
from migrator.timeline.steps import Step

SCHEMA = "dns-migrator/report/1"


def dumps(account: Account) -> str:
    """Return the document as JSON text."""
    return jsontext.dumps(document(account), indent=1)


def document(account: Account) -> dict[str, object]:
    """Return the document; names are absolute and in lower case, instants UTC."""
    verdict, papers, following = account.verdict, account.papers, account.next
    return {
        "schema": SCHEMA,
        "domain": text_of(account.domain),
        "at": instant(account.at),
        "database": account.database,
        "tools": list(account.tools),
        "old": account.old or None,
        "new": account.new or None,
        "fleet": account.fleet or None,
        "verdict": str(verdict.standing),
        "sentence": verdict.sentence,
        "deletion": {
            "verdict": str(verdict.deletion),
            "at": _moment(verdict.deletion_at),
            "sentence": verdict.deletion_sentence,
        },
        "next": None if following is None else {"text": following.text, "at": _moment(following.at)},
        "open": [_open(each) for each in account.open],
        "stages": [_stage(line) for line in account.stages],
        "timeline": [_step(step) for step in account.steps],
        "comparison": None if papers.comparison is None else _comparison(papers.comparison),
        "checklists": [_checked(each) for each in papers.checklists],
        "imports": [_import(each) for each in papers.imports],
        "switch": None if papers.switch is None else _switch(papers.switch),
        "registry": _registry(account.registrations),
        "decisions": [_event(event) for event in account.decisions],
        "events": [_event(event) for event in account.events],
        "seen": [_stretch(each) for each in account.seen],
        "ttls": [_lowered(each) for each in account.lowered],
        "writes": [_write(each) for each in account.writes],
        "backups": [_backup(each) for each in account.backups],
        "unread": list(papers.unread),
    }


def _open(each: Open) -> dict[str, object]:
    return {
        "kind": str(each.kind),
        "subject": each.subject,
        "message": each.message,
        "remedy": each.remedy or None,
        "commands": list(each.commands),
        "not_before": _moment(each.not_before),
        "again": _moment(each.again),
        "source": each.source,
    }


def _stage(line: StageLine) -> dict[str, object]:
    return {
        "stage": str(line.stage),
        "purpose": line.stage.purpose,
        "state": str(line.progress),
        "since": _moment(line.since),
        "at": _moment(line.at),
        "text": line.text,
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "id": step.id,
        "title": step.title,
        "kind": str(step.kind),
        "state": str(step.state),
        "since": _moment(step.since),
        "at": _moment(step.at),
        "rests_on": step.rests_on or None,
    }


def _comparison(found: Comparison) -> dict[str, object]:
    return {
        "at": instant(found.at),
        "old": found.old,
        "new": found.new,
        "verdict": found.verdict,
        "counts": dict(found.counts),
        "differences": _troubles(found.differences),
        "mail": [
            {
                "domain": mail.domain,
                "verdict": mail.verdict,
                "services": list(mail.services),
                "reasons": list(mail.reasons),
                "unchecked": list(mail.unchecked),
            }
            for mail in found.mail
        ],
    }


def _checked(found: Checked) -> dict[str, object]:
    return {
        "at": instant(found.at),
        "phase": found.phase,
        "verdict": found.verdict,
        "not_before": _moment(found.not_before),
        "counts": dict(found.counts),
        "findings": _troubles(found.troubles),
    }


def _troubles(found: Iterable[Trouble]) -> list[dict[str, object]]:
    return [
        {
            "status": each.status,
            "subject": each.subject,
            "message": each.message,
            "remedy": each.remedy or None,
            "not_before": _moment(each.not_before),
        }
        for each in found
    ]


def _import(found: Import) -> dict[str, object]:
    return {
        "at": instant(found.at),
        "source": found.source,
        "target": found.target,
        "applied": found.applied,
        "verified": found.verified,
        "ledger": dict(found.ledger),
        "losses": [
            {
                "owner": lost.owner,
                "rdtype": lost.rdtype,
                "what": lost.what,
                "severity": lost.severity,
                "message": lost.message,
                "advice": lost.advice,
                "accepted": lost.accepted,
            }
            for lost in found.losses
        ],
        "refused": list(found.refused),
        "error": found.error or None,
    }


def _switch(found: Switch) -> dict[str, object]:
    return {
        "at": instant(found.at),
        "stage": found.stage or None,
        "expected": list(found.expected),
        "old": list(found.old),
        "parent": [
            {
                "server": each.server or None,
                "address": each.address,
                "lists": each.lists,
                "ns": list(each.ns),
                "ttl": each.ttl,
                "ds": each.ds,
            }
            for each in found.parent
        ],
        "resolvers": dict(found.resolvers),
        "switched": _moment(found.switched),
        "last_stale_answer": _moment(found.last_stale),
        "unknown": list(found.unknown),
        "safe_to_delete_old_zone": _moment(found.safe),
        "findings": _troubles(found.troubles),
    }


def _registry(registrations: tuple[Registration, ...]) -> dict[str, object] | None:
    """Return what the registry said last, without its raw answer."""
    if not registrations:
        return None
    last = registrations[-1]
    found = json.loads(last.document)
    keys = ("registrar", "name_servers", "status", "expires")
    return {"at": instant(last.at), "source": last.source, **{key: found.get(key) for key in keys}}


def _event(event: Event) -> dict[str, object]:
    return {
        "at": instant(event.at),
        "kind": str(event.kind),
        "stage": str(event.stage),
        "text": event.text,
        "until": _moment(event.until),
        "times": event.times,
        "latest": _moment(event.latest),
        "words": list(event.words),
        "because": event.because or None,
        "by": event.by or None,
    }


def _stretch(each: Stretch) -> dict[str, object]:
    return {
        "role": each.role,
        "server": each.server or None,
        "address": each.address,
        "qname": each.qname,
        "qtype": each.qtype,
        "rdatas": rdatas(each.qtype, each.shown),
        "trouble": each.trouble or None,
        "ttl": {"least": each.least, "most": each.most},
        "first": instant(each.first),
        "last": instant(each.last),
        "looks": each.looks,
    }


def _lowered(each: Lowered) -> dict[str, object]:
    return {
        "zone": each.zone,
        "lowered_at": instant(each.at),
        "rrsets": each.sets,
        "still_lowered": each.still,
        "longest": each.longest,
        "lowest": each.lowest,
        "let_go": instant(each.let_go),
        "restored_at": _moment(each.restored_at),
    }


def _write(write: Write) -> dict[str, object]:
    return {
        "run": write.number,
        "kind": write.kind,
        "begun_at": instant(write.begun),
        "target": write.locator,
        "changes": len(write.changes),
        "done": write.outcomes.count("done"),
        "end": write.end or None,
        "backup": write.backup or None,
    }


def _backup(each: Backup) -> dict[str, object]:
    now = each.now
    return {
        "folder": each.folder,
        "made_by": each.made_by,
        "at": _moment(each.at),
        "digest": each.digest or None,
        "digest_now": None if now is None else now.digest or None,
        "trouble": None if now is None else now.trouble or None,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
