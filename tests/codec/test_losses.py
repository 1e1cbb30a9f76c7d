"""Losses and the ledger as JSON, and back."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

from migrator.codec import losses
from migrator.codec.shape import parse_object
from migrator.errors import InputError
from migrator.model.extras import Weighted
from migrator.model.zone import ZoneSnapshot
from migrator.translate import translate
from tests.snapshots import rrset, zone
from tests.translate.targets import AZURE
from tests.translate.zones import snapshots

ZONE = zone(
    rrset("www", "A", "192.0.2.1", variant="blue", extras=(Weighted(9),)),
    rrset("www", "A", "192.0.2.2", variant="green", extras=(Weighted(1),)),
    rrset("x", "A", "192.0.2.1"),
    rrset("x", "LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"),
)


def test_a_loss_has_what_scripts_rely_on() -> None:
    merged, unsupported = translate(ZONE, AZURE).losses

    assert losses.document(merged) == {
        "owner": "www.example.org.",
        "rdtype": "A",
        "variant": "",
        "what": "weights-merged",
        "exactness": "approximated",
        "severity": "error",
        "message": "The weights (blue 9, green 1) are lost: all their records are answered alike.",
        "advice": "Use the target provider's traffic manager or load balancer to keep the shares, or --accept "
        "routing-only=ID to keep the one set with that identifier.",
    }
    assert losses.documents([merged, unsupported])[1]["what"] == "type-unsupported"


def test_the_ledger_counts_sets() -> None:
    assert losses.ledger(translate(ZONE, AZURE).counts()) == {
        "read": 6,
        "copied": 1,
        "translated": 4,
        "dropped": 1,
        "unaccounted": 0,
    }


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(snapshots())
def test_losses_and_ledger_read_back(snapshot: ZoneSnapshot) -> None:
    found = translate(snapshot, AZURE)

    for loss in found.losses:
        assert losses.parse(parse_object(json.dumps(losses.document(loss)), "plan")) == loss
    for entry in found.ledger:
        assert losses.parse_entry(parse_object(json.dumps(losses.entry(entry)), "plan")) == entry


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"severity": "bad"}, "plan: severity: 'bad' is none of error, warning, notice."),
        ({"exactness": "bad"}, "plan: exactness: 'bad' is none of exact, approximated, impossible."),
        ({"rdtype": "no type"}, "plan: rdtype: 'no type' is no record type."),
        ({"owner": "x"}, "plan: owner: 'x' has no final dot; an absolute name was expected."),
        ({"what": 1}, "plan: what: text was expected, found the number 1."),
    ],
)
def test_what_is_no_loss_is_refused_in_one_line(change: dict[str, object], message: str) -> None:
    document = {**losses.document(translate(ZONE, AZURE).losses[0]), **change}

    with pytest.raises(InputError) as refused:
        losses.parse(parse_object(json.dumps(document), "plan"))
    assert str(refused.value) == message
