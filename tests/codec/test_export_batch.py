"""The export of a whole account as JSON: each zone in short, and the whole export of those that were written."""

import json
from collections import Counter

from migrator.codec.export_batch import ExportBatch, Outcome, ZoneExport, document, dumps
from migrator.model.finding import Severity
from migrator.model.names import absolute

WHOLE = ZoneExport(
    absolute("example.com."),
    "Z1",
    "private",
    Outcome.WRITTEN,
    1,
    "all/example.com",
    7,
    5,
    Counter({Severity.ERROR: 1, Severity.NOTICE: 2}),
    ((Severity.ERROR, "plain.alias"), (Severity.NOTICE, "route53.alias")),
    '{"schema": "dns-migrator/export/1"}',
)
FAILED = ZoneExport(
    absolute("example.net."), "Z2", "public", Outcome.FAILED, 3, message="Route 53: no call for Z2 of example.net."
)
LEFT = ZoneExport(absolute("example.org."), "Z3", "public", Outcome.NOT_TRIED, 3, message="Route 53: expired.")


def test_a_batch_has_counts_and_a_member_for_each_zone() -> None:
    assert document(ExportBatch("route53:", "all", (WHOLE, FAILED, LEFT), 9), 1) == {
        "schema": "dns-migrator/export-batch/1",
        "account": "route53:",
        "folder": "all",
        "verdict": "incomplete",
        "exit_code": 1,
        "counts": {"zones": 3, "written": 1, "failed": 1, "not-tried": 1, "records": 7, "rrsets": 5},
        "calls": {"reads": 9},
        "zones": [
            {
                "zone": "example.com.",
                "id": "Z1",
                "visibility": "private",
                "outcome": "written",
                "exit_code": 1,
                "folder": "all/example.com",
                "records": 7,
                "errors": 1,
                "warnings": 0,
                "notices": 2,
                "export": {"schema": "dns-migrator/export/1"},
            },
            {
                "zone": "example.net.",
                "id": "Z2",
                "visibility": "public",
                "outcome": "failed",
                "exit_code": 3,
                "folder": None,
                "records": None,
                "errors": 0,
                "warnings": 0,
                "notices": 0,
                "message": "Route 53: no call for Z2 of example.net.",
            },
            {
                "zone": "example.org.",
                "id": "Z3",
                "visibility": "public",
                "outcome": "not-tried",
                "exit_code": 3,
                "folder": None,
                "records": None,
                "errors": 0,
                "warnings": 0,
                "notices": 0,
                "message": "Route 53: expired.",
            },
        ],
    }


def test_all_written_is_whole() -> None:
    assert json.loads(dumps(ExportBatch("route53:", "all", (WHOLE,), 3), 1))["verdict"] == "whole"


def test_a_reason_has_nothing_in_it_that_only_one_zone_has() -> None:
    assert FAILED.reason == "Route 53: no call for … of …."
    azure = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/dnszones/example.net"
    words = f"over scope '{azure.replace('dnszones', 'dnsZones')}/recordsets', not for www.example.net"
    assert (
        ZoneExport(FAILED.zone, azure, "public", Outcome.FAILED, 3, message=words).reason
        == "over scope '…/recordsets', not for www.example.net"
    )
    root = ZoneExport(absolute("."), "", "public", Outcome.FAILED, 3, message="no . here")
    assert root.reason == "no . here"
