"""A plan file says everything again, and notices every edit."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.codec import changes as change_codec
from migrator.codec.plan import dumps, loads
from migrator.codec.shape import parse_object
from migrator.errors import InputError
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.finding import Finding, Severity
from migrator.model.zone import ZoneSnapshot
from migrator.plan import Choices, Deletions, Proposal, Risk, Sides, propose
from migrator.plan.review import is_underway, rest_digest, unapproved
from migrator.translate import Relation
from tests.snapshots import ORIGIN, name, rrset, zone
from tests.translate.targets import TARGETS
from tests.translate.zones import snapshots

AT = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
A, A2 = rrset("www", "A", "192.0.2.1"), rrset("www", "A", "192.0.2.2")
B, OLD = rrset("b", "TXT", '"ä"'), rrset("old", "A", "192.0.2.9")
CHOICES = Choices(frozenset({"origin-exposed"}), Deletions(all=True), frozenset({Risk.APEX_NS}), {"hc-1": "hc-2"})


def proposal(existing: ZoneSnapshot | None = None) -> Proposal:
    answer = rrset("lb.example.net.", "A", "198.51.100.1", ttl=60)
    note = Finding("zonefile.x", Severity.NOTICE, "www", "said")
    sides = Sides(
        replace(zone(A2, B), source="a.zone"),
        existing,
        TARGETS["route53"],
        Relation.SAME_ACCOUNT,
        {answer.key: answer},
        (note,),
    )
    return propose(sides, CHOICES)


def test_everything_is_read_back() -> None:
    made = proposal(zone(A, OLD))
    rest = rest_digest(made.plan.existing, made.plan.changes)
    plan = loads(dumps(made, "route53:example.org", AT, rest), file="plan.json")

    assert plan.changes == made.plan.changes == (Create(B), Replace(A, A2), Delete(OLD))
    assert (plan.source, plan.source_findings) == (made.sides.source, made.sides.source_findings)
    assert (plan.choices, plan.relation, dict(plan.addresses)) == (
        CHOICES,
        Relation.SAME_ACCOUNT,
        dict(made.sides.addresses),
    )
    assert (plan.target, plan.made_at, plan.rest) == ("route53:example.org", AT, rest)
    assert plan.existing == zone(A, OLD).digest()


def test_a_zone_that_is_not_there_has_no_digest() -> None:
    plan = loads(dumps(proposal(), "route53:example.org", AT, ""), file="plan.json")

    assert (plan.existing, plan.rest) == (None, "")


EDITS = {
    "an address": ('"192.0.2.2"', '"192.0.2.3"'),
    "a choice": ('"delete": true', '"delete": false'),
    "a target": ("route53:example.org", "route53:example.net"),
    "a digest of the target": ('"target_digest": "sha256:', '"target_digest": "sha256:0'),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_plan_is_refused(edit: str) -> None:
    text = dumps(proposal(zone(A, OLD)), "route53:example.org", AT, "")
    old, new = EDITS[edit]
    assert old in text

    with pytest.raises(InputError, match=r"plan.json: digest: the plan was changed after it was written"):
        loads(text.replace(old, new, 1), file="plan.json")


BROKEN = {
    "no JSON": ("{", "not JSON"),
    "something else": ('{"schema": "dns-migrator/zone/1"}', "dns-migrator/plan/1 was expected"),
    "a newer one": ('{"schema": "dns-migrator/plan/2"}', "this version reads dns-migrator/plan/1"),
    "without a digest": ('{"schema": "dns-migrator/plan/1"}', "digest is missing"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_plan_is_one_line(case: str) -> None:
    text, message = BROKEN[case]
    with pytest.raises(InputError) as caught:
        loads(text, file="plan.json")

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@given(snapshots(), snapshots())
@settings(max_examples=60)
def test_any_change_is_read_back(existing: ZoneSnapshot, desired: ZoneSnapshot) -> None:
    there, then = existing.by_key(), desired.by_key()
    changes: list[Change] = [Replace(there[key], then[key]) for key in there.keys() & then.keys()]
    changes += [Create(then[key]) for key in then.keys() - there.keys()]
    changes += [Delete(there[key]) for key in there.keys() - then.keys()]
    for change in changes:
        text = json.dumps(change_codec.document(change))
        assert change_codec.parse(parse_object(text, "x"), ORIGIN) == change


@given(snapshots(), snapshots(), st.data())
@settings(max_examples=60)
def test_a_target_half_way_through_its_plan_is_known_for_it(
    source: ZoneSnapshot, existing: ZoneSnapshot, data: st.DataObject
) -> None:
    plan = propose(Sides(source, existing, TARGETS["route53"]), Choices()).plan
    rest = rest_digest(existing, plan.changes)
    done = {change for change in plan.changes if data.draw(st.booleans())}
    kept = [r for r in existing.rrsets if all(getattr(c, "existing", None) != r for c in done)]
    reached = replace(existing, rrsets=(*kept, *(c.desired for c in done if not isinstance(c, Delete))))
    stranger = rrset("somebody-else", "TXT", '"x"')

    assert is_underway(reached, plan.changes, rest)
    assert not is_underway(replace(reached, rrsets=(*reached.rrsets, stranger)), plan.changes, rest)
    assert unapproved(plan, plan.changes, made=False) == ()
    assert unapproved(plan, done, made=False) == tuple(c for c in plan.changes if c not in done)


def test_the_soa_and_ns_of_a_zone_that_was_made_needed_no_look() -> None:
    there = zone()
    more = rrset("@", "NS", "ns1.example.net.", "ns2.example.net.", "ns9.example.com.", ttl=900)
    plan = propose(Sides(zone(more, B, bare=True), there, TARGETS["file"]), Choices()).plan

    assert unapproved(plan, (Create(B),), made=True) == ()
    assert {
        c.desired.rdtype.name for c in unapproved(plan, (Create(B),), made=False) if not isinstance(c, Delete)
    } == {"NS", "SOA"}
    assert name("www") == A.owner
