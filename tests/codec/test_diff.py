"""The JSON of a comparison: what scripts rely on."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from migrator.codec.diff import document, dumps
from migrator.diff import compare
from migrator.diff.ignore import ignore, parse_rule
from migrator.model.extras import Weighted
from tests.diffing import rrset, zone

FEWER = "mx2.example.net no longer takes mail for example.com, which has fewer servers that take it."


def test_a_comparison_has_the_keys_that_scripts_rely_on() -> None:
    old, new = (
        zone("@ 300 MX 10 mx1.example.net.\n@ 300 MX 20 mx2.example.net."),
        zone("@ 60 MX 10 mx1.example.net."),
    )

    found = document(compare(old, new))

    assert found == {
        "schema": "dns-migrator/diff/1",
        "zone": "example.com.",
        "old": {
            "source": "test",
            "rrsets": 3,
            "records": 4,
            "digest": old.digest(),
            "read_at": None,
            "name_servers": [],
            "outside_the_zone": 0,
        },
        "new": {
            "source": "test",
            "rrsets": 3,
            "records": 3,
            "digest": new.digest(),
            "read_at": None,
            "name_servers": [],
            "outside_the_zone": 0,
        },
        "verdict": "different",
        "counts": {
            "missing": 0,
            "extra": 0,
            "changed": 1,
            "ttl": 0,
            "expected": 0,
            "equivalent": 0,
            "unchecked": 0,
            "same": 2,
            "ignored": 0,
        },
        "differences": [
            {
                "kind": "changed",
                "owner": "example.com.",
                "rdtype": "MX",
                "variant": "",
                "role": "mail.mx",
                "roles": ["mail.mx"],
                "severity": "error",
                "impact": FEWER,
                "old": {"ttl": 300, "rdatas": ["10 mx1.example.net.", "20 mx2.example.net."]},
                "new": {"ttl": 60, "rdatas": ["10 mx1.example.net."]},
                "lost": ["20 mx2.example.net."],
                "gained": [],
            }
        ],
        "mail": [
            {
                "domain": "example.com.",
                "verdict": "changed",
                "services": [],
                "reasons": [FEWER],
                "unchecked": [],
            }
        ],
        "ignored": [],
        "findings": [],
        "notes": [],
    }


def test_one_side_alone_is_null_on_the_other() -> None:
    (missing,) = json.loads(dumps(compare(zone("www 300 A 192.0.2.1"), zone())))["differences"]

    assert missing["old"] == {"ttl": 300, "rdatas": ["192.0.2.1"]}
    assert missing["new"] is None


def test_extras_stand_with_their_set() -> None:
    routed = rrset("www 300 A 192.0.2.1", Weighted(70), variant="blue")

    (missing,) = json.loads(dumps(compare(zone("", routed), zone())))["differences"]

    assert missing["variant"] == "blue"
    assert missing["old"]["extras"] == [{"kind": "weighted", "weight": 70}]


def test_ignored_differences_are_counted_and_have_their_reason() -> None:
    found = json.loads(dumps(ignore(compare(zone("www 300 A 192.0.2.1"), zone()), [parse_rule("www=retired")])))

    assert (found["verdict"], found["counts"]["missing"], found["counts"]["ignored"]) == ("same", 0, 1)
    assert [(each["owner"], each["reason"]) for each in found["ignored"]] == [("www.example.com.", "retired")]


def test_the_time_of_reading_is_utc() -> None:
    old = replace(zone(), read_at=datetime(2026, 12, 1, 9, tzinfo=UTC))

    found = json.loads(dumps(compare(old, zone())))

    assert found["old"]["read_at"] == "2026-12-01T09:00:00Z"


def test_equal_comparisons_have_equal_texts() -> None:
    sides = zone("www 300 A 192.0.2.1"), zone("www 300 A 192.0.2.2")

    assert dumps(compare(*sides)) == dumps(compare(*sides))
