"""Documents as commands print them, short."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from dns.name import Name

from migrator.clock import instant
from migrator.model.names import for_people, text_of

OLD = ("ns1.oldhost.example.", "ns2.oldhost.example.")
NEW = ("anna.ns.newhost.example.", "bert.ns.newhost.example.")
Finding = tuple[str, str, str, str]  # status, subject, message, remedy


def export_paper(domain: Name, folder: str) -> str:
    return json.dumps(
        {
            "schema": "dns-migrator/export/1",
            "zone": text_of(domain),
            "source": f"route53:{for_people(domain)}",
            "folder": folder,
            "records": 40,
            "rrsets": 33,
            "digest": "sha256:2493f2f79c528c194b759df86935b5bbfd36687520eb36e3a4c7c17e4fc07ecf",
            "findings": [],
        }
    )


def checklist_paper(
    domain: Name,
    phase: str,
    verdict: str,
    at: datetime,
    findings: Sequence[Finding] = (),
    not_before: datetime | None = None,
    skipped: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return a checklist; `skipped` are the severities of what a person left out, by check."""
    said = [
        {"subject": subject, "status": status, "message": message, "remedy": remedy, "evidence": []}
        for status, subject, message, remedy in findings
    ]
    statuses = [status for status, *_ in findings]
    counts = {status: statuses.count(status) for status in ("fail", "unchecked", "warn")}
    passed = {"check": "mail.mx-same", "area": "mail", "status": "pass", "findings": []}
    left_out = [
        {"check": check, "status": "not-needed", "severity": severity, "findings": [], "skipped": True}
        for check, severity in skipped.items()
    ]
    return json.dumps(
        {
            "schema": "dns-migrator/checklist/1",
            "domain": text_of(domain),
            "phase": phase,
            "verdict": verdict,
            "not_before": None if not_before is None else instant(not_before),
            "at": instant(at),
            "counts": {**counts, "pass": 41, "not-needed": 12},
            "results": [
                passed,
                {"check": "zone.x", "area": "zone", "status": "fail", "findings": said},
                *left_out,
            ],
        }
    )


def import_paper(domain: Name, *, applied: bool, losses: bool = True) -> str:
    lost = {
        "owner": text_of(domain),
        "rdtype": "A",
        "variant": "eu",
        "what": "weights-merged",
        "exactness": "lossy",
        "severity": "error",
        "message": "Two weighted sets become one: every client gets both addresses.",
        "advice": "Buy a load balancer at the new provider where the weights matter.",
        "accepted": applied,
    }
    return json.dumps(
        {
            "schema": "dns-migrator/import/1",
            "zone": text_of(domain),
            "source": f"route53:{for_people(domain)}",
            "target": f"cloudflare:{for_people(domain)}",
            "applied": applied,
            "verified": applied,
            "ledger": {"read": 33, "copied": 30, "translated": 3, "dropped": 0, "unaccounted": 0},
            "losses": [lost] if losses else [],
            "refused": [] if applied else ["--accept weights-merged"],
            "error": None,
        }
    )


def diff_paper(domain: Name, *, same: bool) -> str:
    missing = {
        "kind": "missing",
        "owner": f"mail2026._domainkey.{text_of(domain)}",
        "rdtype": "TXT",
        "variant": "",
        "severity": "error",
        "impact": "Mail signed by selector mail2026 will fail DKIM; DMARC p=reject makes receivers reject it.",
    }
    return json.dumps(
        {
            "schema": "dns-migrator/diff/1",
            "zone": text_of(domain),
            "old": {"source": f"route53:{for_people(domain)}"},
            "new": {"source": f"cloudflare:{for_people(domain)}"},
            "verdict": "same" if same else "different",
            "counts": {"missing": 0 if same else 1, "extra": 0, "changed": 0, "expected": 2, "same": 30},
            "differences": [] if same else [missing],
            "mail": [
                {
                    "domain": text_of(domain),
                    "verdict": "same" if same else "lost",
                    "services": ["Google Workspace"],
                    "reasons": [] if same else [missing["impact"]],
                    "unchecked": [],
                }
            ],
        }
    )


def plan_paper(domain: Name, at: datetime, cutover: datetime) -> str:
    steps = (
        ("earliest-cutover", "Caches have let go of the longer TTLs", "gate", cutover),
        ("switch", "Switch the name servers at the registrar", "act", cutover + timedelta(hours=2)),
        ("safe-deletion", "The old zone may be deleted", "gate", cutover + timedelta(days=2, hours=3)),
    )
    return json.dumps(
        {
            "schema": "dns-migrator/timeline/1",
            "domain": text_of(domain),
            "at": instant(at),
            "verdict": "safe",
            "earliest_switch": instant(cutover),
            "steps": [
                {"id": id_, "title": title, "kind": kind, "state": "ahead", "at": instant(when), "unknown": []}
                for id_, title, kind, when in steps
            ],
        }
    )


def confirm_paper(domain: Name, at: datetime, stage: str, switched: datetime | None = None) -> str:
    listed = NEW if switched is not None else OLD
    stale = None if switched is None else switched + timedelta(seconds=172_800 + 300)
    return json.dumps(
        {
            "schema": "dns-migrator/confirm/1",
            "domain": text_of(domain),
            "at": instant(at),
            "stage": stage,
            "expected": list(NEW),
            "old": list(OLD),
            "parent": [
                {
                    "server": f"{letter}.nic.example.",
                    "address": f"192.0.2.{place}",
                    "lists": "old" if switched is None else "new",
                    "ns": list(listed),
                    "ttl": 172_800,
                    "ds": [],
                }
                for place, letter in enumerate("abc", 1)
            ],
            "resolvers": [{"state": "new"}] * 7 + [{"state": "no-answer"}],
            "last_stale_answer": None if stale is None else instant(stale),
            "safe_to_delete_old_zone": None if stale is None else instant(stale),
            "timing": None
            if switched is None or stale is None
            else {
                "switched": instant(switched),
                "last_stale_answer": f"{instant(stale)} = all parents switched {instant(switched)} + "
                "parent NS TTL 172800 + old NS TTL 300",
                "unknown": [],
            },
            "findings": [],
            "unchecked": [],
        }
    )
