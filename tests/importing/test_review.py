"""A plan that one person proposes and another applies: what is applied is what was reviewed, or nothing is."""

import json
from pathlib import Path

import pytest

from tests.importing.memory import Service
from tests.importing.running import KILLED, run, service
from tests.snapshots import rrset

SOURCE = """\
$TTL 300
@ SOA ns1.old.example. hostmaster 1 7200 900 1209600 300
@ NS ns1.old.example.
www A 192.0.2.1
shop A 192.0.2.2
new A 192.0.2.3
"""
TARGET = "memory:example.org?state=state.json"
PLAN = ("import", "example.org.zone", TARGET, "--plan-out", "plan.json")
APPLY = ("apply", "plan.json", "--yes", "--format", "json")
SHOP = rrset("shop", "A", "198.51.100.2")


@pytest.fixture(autouse=True)
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DNS_MIGRATOR_DATABASE", raising=False)
    Path("example.org.zone").write_text(SOURCE)
    return service()


def test_the_plan_is_written_and_nothing_else(cloud: Service) -> None:
    cloud.make(SHOP)
    done = run(*PLAN)

    assert (done.code, cloud.writes) == (0, 0)
    assert done.err == (
        "dns-migrator: The plan is in plan.json; nothing was written. Apply it: dns-migrator apply plan.json\n"
    )
    assert json.loads(Path("plan.json").read_text())["schema"] == "dns-migrator/plan/1"
    assert sorted(path.name for path in Path().iterdir() if not path.name.startswith(".")) == [
        "example.org.zone",
        "plan.json",
        "state.json",
    ]


@pytest.mark.parametrize("there", [True, False])
def test_another_person_applies_it_without_the_source(cloud: Service, *, there: bool) -> None:
    if there:
        cloud.make(SHOP)
    run(*PLAN)
    Path("example.org.zone").unlink()
    shown = run("apply", "plan.json")
    applied = run(*APPLY)

    assert (shown.code, "Plan: " in shown.out, "Add --yes to apply it" in shown.err) == (0, True, True)
    assert (applied.code, applied.json["applied"], applied.json["verified"]) == (0, True, True)
    assert {found.key.owner.to_text() for found in cloud.rrsets or ()} == {
        "example.org.",
        "new.example.org.",
        "shop.example.org.",
        "www.example.org.",
    }
    writes = cloud.writes
    again = run(*APPLY)
    assert (again.code, again.json["changes"], cloud.writes) == (0, [], writes)


CHANGED = {
    "a set of the plan": (rrset("shop", "A", "203.0.113.1"),),
    "a set beside it": (SHOP, rrset("else", "TXT", '"x"')),
    "a set that is gone": (),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_target_that_has_changed_since_is_refused(case: str, cloud: Service) -> None:
    cloud.make(SHOP)
    run(*PLAN)
    cloud.make(*CHANGED[case])
    before = cloud.rrsets
    done = run(*APPLY)

    assert (done.code, done.out, cloud.writes, cloud.rrsets) == (4, "", 0, before)
    assert done.err.startswith(f"dns-migrator: {TARGET}: the target has changed since the plan was made at ")
    assert done.err.endswith("Make a new plan with import --plan-out.\n")


def test_a_target_that_appeared_since_is_refused(cloud: Service) -> None:
    run(*PLAN)
    cloud.make(SHOP)

    assert (run(*APPLY).code, cloud.writes) == (4, 0)


def test_half_of_the_plan_done_by_somebody_else_is_a_change(cloud: Service) -> None:
    cloud.make(SHOP)
    run(*PLAN)
    cloud.make(SHOP, rrset("new", "A", "192.0.2.3"))

    assert run(*APPLY).code == 4


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_killed_half_way_the_same_plan_goes_on(number: int, cloud: Service, *, there: bool) -> None:
    if there:
        cloud.make(SHOP)
    run(*PLAN)
    cloud.fail(f"killed:{number}")
    assert run(*APPLY).code == KILLED
    cloud.fail()
    done = run(*APPLY)

    assert (done.code, done.json["verified"]) == (0, True), done
    assert len(cloud.rrsets or ()) == 5


def test_an_edited_plan_is_refused(cloud: Service) -> None:
    cloud.make(SHOP)
    run(*PLAN)
    Path("plan.json").write_text(Path("plan.json").read_text().replace("192.0.2.2", "192.0.2.66"))
    done = run(*APPLY)

    assert (done.code, cloud.writes, done.err.count("\n")) == (2, 0, 1)
    assert "plan.json: digest: the plan was changed after it was written" in done.err


def test_what_must_be_decided_first_makes_no_plan_for_review(cloud: Service) -> None:
    cloud.make(rrset("www", "CNAME", "x.example.net."))
    done = run(*PLAN)

    assert (done.code, Path("plan.json").exists()) == (4, False)
    assert done.err == (
        "dns-migrator: Refused; nothing was written. To go on, decide with: --delete-conflicting\n"
    )


def test_a_plan_for_review_is_not_applied_at_once(cloud: Service) -> None:
    done = run(*PLAN, "--yes")

    assert (done.code, done.err) == (
        2,
        "dns-migrator: --plan-out writes a plan for review and --yes applies it: give one of them.\n",
    )
    assert (
        run("apply", "nothing.json").err
        == "dns-migrator: nothing.json: cannot be read: No such file or directory.\n"
    )


def test_a_rollback_takes_an_applied_plan_back(cloud: Service) -> None:
    cloud.make(SHOP)
    before = cloud.rrsets
    run(*PLAN)
    run(*APPLY)

    assert run("rollback", "example.org", "--yes").code == 0
    assert cloud.rrsets == before
