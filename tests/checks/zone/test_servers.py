"""What the checks say of both sides and their servers, by the cases in `servers/`."""

from collections.abc import Iterator

import pytest
from dns.rcode import Rcode

import migrator.checks.zone  # noqa: F401 - registers the checks
from migrator.checks.asks import Reply
from migrator.checks.check import REGISTERED
from migrator.checks.facts import Facts, ZoneSide
from tests.checks.build import facts, gives, new_side, old_side, points, records, server, silent, told
from tests.checks.zone.cases import Case, cases

CASES = cases("servers")
_SERVERS = ("ns1.old.example.", "ns2.old.example.", "ns1.new.example.", "ns2.new.example.")


def known(case: Case) -> Facts:
    return facts(_side(case, "old"), None if case.sections.get("new") == "absent" else _side(case, "new"))


def _side(case: Case, which: str) -> ZoneSide:
    text = _text(case, which)
    make = old_side if which == "old" else new_side
    if text == "live":
        addressed = tuple(map(server, _SERVERS[:2] if which == "old" else _SERVERS[2:]))
        return make(None, unread="live servers do not list their zone", extra_servers=addressed)
    return make(None) if text == "none" else make(text)


def _text(case: Case, which: str) -> str:
    text = case.sections.get(which, "")
    return case.sections.get("old", "") if text == "like old" else text


def served(case: Case) -> dict[str, str | None]:
    """What single servers serve, as `points` takes it; None is silence."""
    found: dict[str, str | None] = {}
    for name in _SERVERS:
        text = _text(case, name)
        if name in case.sections and text != "refuses":
            found[name.rstrip(".").replace(".", "_")] = None if text == "silent" else text
    return found


def replies(case: Case) -> Iterator[Reply]:
    for name in _SERVERS:
        if case.sections.get(name) == "refuses":
            yield gives(name, "@ SOA", Rcode.REFUSED)
    for line in case.sections.get("replies", "").splitlines():
        question, _, answer = line.partition(": ")
        where, _, what = question.partition(" ")
        yield _reply(where, what, answer)


def _reply(where: str, what: str, answer: str) -> Reply:
    if answer == "silent":
        return silent(where, what)
    if answer in Rcode.__members__:
        return gives(where, what, Rcode[answer])
    nothing, _, soa = answer.partition(", SOA ")
    if nothing in {"nothing", "NXDOMAIN"}:
        rcode = Rcode.NOERROR if nothing == "nothing" else Rcode.NXDOMAIN
        return records(where, what, authority=f"@ SOA {soa}" if soa else "", rcode=rcode)
    _, without, text = answer.rpartition("without authority ")
    return records(where, what, text, authoritative=not without)


def said(case: Case) -> list[str]:
    found = points(
        REGISTERED[case.check],
        known(case),
        *replies(case),
        outside=case.sections.get("outside", ""),
        **served(case),
    )
    return told(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}: {case.title}")
def test_both_sides_and_their_servers(case: Case) -> None:
    assert said(case) == list(case.said)


@pytest.mark.parametrize(
    "beginnings",
    [("pass ",), ("error ", "warning ", "problem "), ("unchecked ",), ("not-needed: ",)],
    ids=["passes", "finds a fault", "cannot tell", "is not needed"],
)
def test_every_check_of_both_sides_has_a_world_in_which_it(beginnings: tuple[str, ...]) -> None:
    checks = {check.id for check in REGISTERED.values() if not check.in_lint and check.area == "zone"}
    if beginnings == ("not-needed: ",):
        checks.remove("zone.serial")  # every zone has a serial

    assert {case.check for case in CASES if any(line.startswith(beginnings) for line in case.said)} == checks
