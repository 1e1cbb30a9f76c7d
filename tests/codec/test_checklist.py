"""What `check` tells a script."""

import json
from dataclasses import replace
from typing import Any

import pytest

from migrator.checks.check import Check
from migrator.checks.verdict import Policy
from migrator.codec.checklist import dumps
from migrator.model.finding import Severity
from tests.checks.checklists import FAILED, NOT_NEEDED, PASSED, SHOWN, UNCHECKED, WARNED, checklist


def told(*checks: Check, policy: Policy | None = None) -> dict[str, Any]:
    found = json.loads(dumps(checklist(*checks, policy=policy)))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("checks", "verdict", "not_before"),
    [
        ((PASSED, WARNED, NOT_NEEDED), "go", None),
        ((PASSED, FAILED), "no-go", "2026-12-01T10:00:00Z"),
        ((PASSED, UNCHECKED), "incomplete", None),
        ((FAILED, UNCHECKED), "no-go", "2026-12-01T10:00:00Z"),
    ],
)
def test_the_verdict_and_its_instant(checks: tuple[Check, ...], verdict: str, not_before: str | None) -> None:
    found = told(*checks)

    assert (found["schema"], found["domain"], found["phase"], found["verdict"], found["not_before"]) == (
        "dns-migrator/checklist/1",
        "example.test.",
        "ready",
        verdict,
        not_before,
    )


def test_each_check_has_a_status_and_whether_it_blocks() -> None:
    found = told()

    assert [(each["check"], each["status"], each["severity"], each["blocks"]) for each in found["results"]] == [
        ("zone.served", "pass", "error", False),
        ("zone.same", "fail", "error", False),
        ("zone.shown", "pass", "error", False),
        ("ns.udp", "unchecked", "error", True),
        ("ns.case", "not-needed", "error", False),
        ("mail.spf", "warn", "warning", False),
        ("dnssec.ds", "not-needed", "error", False),
    ]
    assert found["counts"] == {"fail": 1, "unchecked": 1, "warn": 1, "pass": 2, "not-needed": 2}
    assert [each.get("reason") for each in found["results"]][4:] == [
        "known, ticket 12",
        None,
        "no DS at the parent",
    ]
    assert [each.get("skipped") for each in found["results"]][4:] == [True, None, None]


def test_a_part_of_the_checks_is_told_as_one() -> None:
    assert told(PASSED)["left_out"] == 0
    assert json.loads(dumps(replace(checklist(PASSED), left_out=12)))["left_out"] == 12


def test_a_finding_says_what_was_seen_and_how_to_see_it() -> None:
    (result,) = told(FAILED)["results"]
    first, second, third = result["findings"]
    evidence = first.pop("evidence")

    assert first == {
        "subject": "www.example.test. A",
        "status": "fail",
        "severity": "error",
        "message": "ns2.new.example answers REFUSED, 192.0.2.1 was expected.",
        "remedy": "Add www.example.test. 300 IN A 192.0.2.1.",
        "dig": "dig +norecurse @203.0.113.2 www.example.test. A",
        "not_before": "2026-12-01T10:00:00Z",
        "file": "new.zone",
        "line": 7,
    }
    assert [(each["status"], each["severity"], each["dig"]) for each in (second, third)] == [
        ("warn", "warning", None),
        ("notice", "notice", None),
    ]
    assert evidence[1] == {
        "kind": "answer",
        "server": "ns1.new.example.",
        "address": "203.0.113.1",
        "port": 53,
        "owner": "www.example.test.",
        "rdtype": "A",
        "time": "2026-12-01T09:00:00Z",
        "transport": "udp",
        "rcode": "NOERROR",
        "flags": ["aa"],
        "ttl": 300,
        "rdata": ["192.0.2.1"],
        "answer": ["www.example.test. 300 A 192.0.2.1"],
        "authority": [],
        "extended_errors": [],
        "elapsed": 0.01,
        "dig": "dig +norecurse @203.0.113.1 www.example.test. A",
    }
    assert (evidence[0]["rcode"], evidence[0]["flags"], evidence[0]["ttl"]) == ("REFUSED", [], None)
    assert second["evidence"] == [{"kind": "note", "source": "new.zone", "text": "line 8", "time": None}]


def test_silence_has_its_reason_and_no_code() -> None:
    (result,) = told(UNCHECKED)["results"]
    (finding,) = result["findings"]
    (seen,) = finding["evidence"]

    assert (finding["status"], finding["severity"], finding["message"]) == (
        "unchecked",
        None,
        "It does not answer: timeout.",
    )
    assert (seen["kind"], seen["rcode"], seen["reason"], seen["transport"]) == ("silence", None, "timeout", "udp")


def test_every_other_kind_of_evidence_is_told() -> None:
    (result,) = told(SHOWN)["results"]
    evidence = result["findings"][0]["evidence"]
    times = {each.pop("time") for each in evidence}
    commands = [each.pop("command", None) or each.pop("dig") for each in evidence]

    assert times == {"2026-12-01T09:00:00Z"}
    assert [command.split()[0] for command in commands] == ["dig"] * 2 + ["curl"] * 2 + ["openssl"] * 2 + [
        "curl"
    ] * 2
    at = {"server": "ns1.new.example.", "address": "203.0.113.1", "port": 53}
    mta_sts = {"kind": "fetch", "url": "https://mta-sts.example.test/.well-known/mta-sts.txt"}
    web = {"kind": "certificate", "host": "www.example.test", "port": 443}
    assert evidence == [
        {
            "kind": "probe",
            **at,
            "probe": "the name in mixed case",
            "owner": "example.test.",
            "transport": "udp",
            "rcode": "NOERROR",
            "flags": ["aa"],
            "records": 1,
            "edns_version": 0,
            "edns_options": [10],
            "edns_flags": 0,
            "sent": "eXaMpLe.test.",
            "echoed": "eXaMpLe.test.",
        },
        {
            "kind": "probe",
            **at,
            "probe": "EDNS version 1",
            "owner": "example.test.",
            "rcode": None,
            "reason": "no answer in time",
        },
        {
            **mta_sts,
            "address": "192.0.2.7",
            "status": 200,
            "content_type": "text/plain",
            "body": "version: STSv1\n",
        },
        {**mta_sts, "address": "192.0.2.8", "status": None, "failure": "certificate", "reason": "it has expired"},
        {
            **web,
            "address": "192.0.2.1",
            "issuer": "Example CA",
            "names": ["www.example.test"],
            "not_after": "2026-12-02T09:00:00Z",
        },
        {**web, "address": "192.0.2.2", "issuer": None, "reason": "connection refused"},
        {
            "kind": "registration",
            "domain": "example.net.",
            "known": None,
            "source": "https://rdap.example/domain/example.net",
            "status": [],
            "expires": None,
        },
        {"kind": "registration", "domain": "example.org.", "known": False, "reason": "no RDAP service"},
    ]


def test_a_severity_of_ones_own_decides() -> None:
    found = told(FAILED, UNCHECKED, policy=Policy({"zone.same": Severity.WARNING, "ns.udp": Severity.NOTICE}))

    assert found["verdict"] == "go"
    assert [(each["status"], each["severity"], each["blocks"]) for each in found["results"]] == [
        ("warn", "warning", False),
        ("unchecked", "notice", False),
    ]
