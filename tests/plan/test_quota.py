"""What a target has and what comes must fit together into its quota."""

from dataclasses import replace

import pytest

from migrator.model.capabilities import Capabilities, Limit
from migrator.model.rrset import RRset
from migrator.plan import Choices, Deletions, Sides, propose
from tests.snapshots import rrset, zone
from tests.translate.targets import AZURE, CLOUDFLARE, ROUTE53, SAID


def hosts(first: int, number: int) -> list[RRset]:
    return [rrset(f"h{n:03}", "A", "192.0.2.1", "192.0.2.2") for n in range(first, first + number)]


FIVE_SETS = replace(ROUTE53, rrsets_in_zone=Limit(5, SAID))
SIX_RECORDS = replace(CLOUDFLARE, records_in_zone=Limit(6, SAID))
# The target's own count (SOA and NS included where sets are counted), what is there, what comes.
CASES: dict[str, tuple[Capabilities, int, int, str]] = {
    "sets that just fit": (FIVE_SETS, 2, 1, ""),
    "one set too many": (
        FIVE_SETS,
        2,
        2,
        "The target has 4 RRsets, and 2 more would come: 6, where Route 53 takes 5.",
    ),
    "as the service counts": (
        replace(FIVE_SETS, used_rrsets=5),
        2,
        1,
        "The target has 5 RRsets, and 1 more would come: 6, where Route 53 takes 5.",
    ),
    "records that just fit": (SIX_RECORDS, 2, 1, ""),
    "a record too many, of a set that nobody could read": (
        replace(SIX_RECORDS, used_records=5),
        2,
        1,
        "The target has 5 records, and 2 more would come: 7, where Cloudflare takes 6.",
    ),
    "nothing comes": (replace(FIVE_SETS, used_rrsets=9), 2, 0, ""),
    "at Azure": (
        replace(AZURE, rrsets_in_zone=Limit(10_000, SAID), used_rrsets=9_999),
        1,
        2,
        "The target has 9,999 RRsets, and 2 more would come: 10,001, where Azure DNS takes 10,000.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_would_exceed_the_quota_must_be_decided(case: str) -> None:
    target, there, more, message = CASES[case]
    proposal = propose(Sides(zone(*hosts(10, more)), zone(*hosts(0, there)), target), Choices())

    assert [loss.message for loss in proposal.losses if loss.what == "zone-too-large"] == [
        m for m in [message] if m
    ]
    assert proposal.missing_flags() == (("--accept zone-too-large",) if message else ())


def test_what_goes_makes_room() -> None:
    sides = Sides(zone(*hosts(10, 3)), zone(*hosts(0, 3)), FIVE_SETS)

    assert not propose(sides, Choices(deletions=Deletions(all=True))).is_refused
    assert propose(sides, Choices()).is_refused


def test_a_replacement_counts_by_what_it_adds() -> None:
    there = zone(rrset("www", "A", "192.0.2.1"))
    then = zone(rrset("www", "A", *(f"192.0.2.{n}" for n in range(1, 8))))
    (loss,) = propose(Sides(then, there, SIX_RECORDS), Choices()).undecided

    assert loss.message == "The zone has 7 records; Cloudflare takes 6."
    both = zone(rrset("www", "A", "192.0.2.1"), rrset("own", "TXT", '"x"'))
    six = zone(rrset("www", "A", *(f"192.0.2.{n}" for n in range(1, 7))))
    (loss,) = propose(Sides(six, both, SIX_RECORDS), Choices()).undecided
    assert loss.message == "The target has 2 records, and 5 more would come: 7, where Cloudflare takes 6."


def test_who_accepts_it_may_try() -> None:
    sides = Sides(zone(*hosts(10, 2)), zone(*hosts(0, 2)), FIVE_SETS)

    assert not propose(sides, Choices(frozenset({"zone-too-large"}))).is_refused
