"""What holds of every zone: no check stumbles over one, and two equal zones differ in nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

import migrator.checks.zone  # noqa: F401 - registers the checks
from migrator.checks.check import REGISTERED, Check
from migrator.checks.points import Passed, Problem, Unchecked
from migrator.checks.zone.differences import diff
from migrator.meaning.roles import SIGNATURE_TYPES
from migrator.model.finding import Severity
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot, assemble_rrsets
from tests.checks.build import DOMAIN, facts, points, zone
from tests.strategies import KNOWN_TYPES, rrsets, snapshots

CHECKS = [check for check in REGISTERED.values() if check.area == "zone"]
OF_ONE_ZONE = [check for check in CHECKS if check.in_lint]
OF_SERVERS = [check for check in CHECKS if not check.in_lint and check.id != "zone.dangling"]
APEX = zone().rrsets
_CLASHING = {"SOA", "NS", "CNAME", "DNAME", "DS", "DNSKEY"}
TYPES = [rdtype for rdtype in KNOWN_TYPES if rdtype.name not in _CLASHING and rdtype not in SIGNATURE_TYPES]


def loadable() -> SearchStrategy[ZoneSnapshot]:
    """Zones of example.test that a server loads: one SOA, name servers, records that do not clash."""

    def made(found: list[RRset]) -> ZoneSnapshot:
        distinct = {rrset.key: rrset for rrset in (*APEX, *found)}
        return assemble_rrsets(DOMAIN, distinct.values(), source="test").snapshot

    return st.lists(rrsets(DOMAIN, TYPES), max_size=8).map(made)


@given(snapshots())
@settings(max_examples=60)
def test_no_rule_stumbles_over_a_zone(found: ZoneSnapshot) -> None:
    known = replace(facts(found, None, delegation=None, allow_special_addresses=False), domain=found.origin)

    for check in OF_ONE_ZONE:
        assert list(check.judge(known)), check.id


@given(snapshots(DOMAIN))
@settings(max_examples=50)
def test_a_zone_does_not_differ_from_itself(found: ZoneSnapshot) -> None:
    assert [type(point) for point in diff.judge(facts(found, found))] == [Passed]


@pytest.mark.parametrize("check", OF_SERVERS, ids=lambda check: check.id)
@given(loadable())
@settings(max_examples=12)
def test_servers_that_serve_the_zone_have_no_fault(check: Check, found: ZoneSnapshot) -> None:
    said = points(check, facts(found, found))

    faults = [point for point in said if isinstance(point, Problem) and point.severity is not Severity.NOTICE]
    assert (faults, [point for point in said if isinstance(point, Unchecked)]) == ([], [])
