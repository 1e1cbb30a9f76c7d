"""What goes wrong while Route 53 is written: refusals, lost answers, throttling, outages, expired credentials."""

import socket
import threading
from collections.abc import Iterator

import pytest

from migrator.demo.clouds.loopback import Answer
from migrator.demo.clouds.route53 import Fault, Route53
from migrator.demo.clouds.route53_api import bare_error, error, throttled
from migrator.demo.clouds.route53_zones import Account, Zone
from migrator.errors import ProviderError
from migrator.interfaces import ChangeResult, Outcome, ZoneWriter
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import HealthCheck
from providers.route53 import pacing
from providers.route53.pacing import Budget, Pace, budget_of
from providers.route53.writer import Writer
from tests.cloud.aws import SECRETS, point_aws_at
from tests.providers.route53_reading import raw, rrset
from tests.providers.route53_writing import all_done, creates, hurry, outcomes, writer

DONE, FAILED, UNKNOWN = Outcome.DONE, Outcome.FAILED, Outcome.UNKNOWN
CHANGE = "ChangeResourceRecordSets"
WEB = rrset("www", "A", 300, "192.0.2.1")
NEW_WEB = rrset("www", "A", 60, "192.0.2.2")
OLD = rrset("old", "TXT", 300, '"x"')
NEW = rrset("new", "A", 300, "192.0.2.3")
CHANGES: list[Change] = [Replace(WEB, NEW_WEB), Create(NEW), Delete(OLD)]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Route53]:
    hurry(monkeypatch)
    with Route53() as running:
        point_aws_at(running.url, monkeypatch, tries=2)
        running.account.polls_until_insync = 0
        zone = running.account.create("example.com")
        zone.put(raw("www.example.com", "A", "192.0.2.1"), raw("old.example.com", "TXT", '"x"'))
        yield running


@pytest.fixture
def zone(cloud: Route53) -> Zone:
    return next(iter(cloud.account.zones.values()))


def ready() -> ZoneWriter:
    made = writer()
    made.read()
    return made


def names(zone: Zone) -> set[str]:
    return {s["Name"].removesuffix(".example.com.") for s in zone.record_sets if s["Name"] != zone.name}


def many(size: int) -> list[Change]:
    return creates(rrset(f"h{n:04d}", "A", 300, "192.0.2.1") for n in range(size))


# ---- refused


def test_a_protected_set_fails_with_its_reason_and_nothing_of_its_request_is_written(zone: Zone) -> None:
    zone.protect("www.example.com", "A", "ask the web team")
    found = outcomes(ready().apply(CHANGES))
    outcome, detail = found["www.example.com. A"]
    assert outcome is FAILED
    assert detail == (
        "Route 53 refuses it: RRSet with DNS name www.example.com., type A is protected by a resource record set "
        "protection (ask the web team). Remove the protection first ('aws route53 "
        "delete-resource-record-set-protections')."
    )
    beside = (FAILED, "Not written: Route 53 refuses the request because of www.example.com. A.")
    assert (found["new.example.com. A"], found["old.example.com. TXT"]) == (beside, beside)
    assert names(zone) == {"www", "old"}


def test_requests_after_a_refused_one_go_out_without_deletions(zone: Zone) -> None:
    zone.protect("h0500.example.com", "A")
    found = outcomes(ready().apply([*many(1500), Delete(OLD)]))
    assert [name for name, (outcome, _) in found.items() if outcome is DONE] == [
        f"h{n:04d}.example.com. A" for n in range(1000, 1500)
    ]
    assert found["old.example.com. TXT"] == (
        FAILED,
        "Not sent: nothing is deleted once something could not be written.",
    )
    assert names(zone) == {"www", "old", *(f"h{n:04d}" for n in range(1000, 1500))}


def test_what_needs_a_set_that_failed_is_not_sent(zone: Zone) -> None:
    zone.protect("child.example.com", "NS")
    child_ns = rrset("child", "NS", 300, "ns1.example.net.")
    child_ds = rrset("child", "DS", 300, *(f"{n} 8 2 " + "ab" * 32 for n in range(390)))
    fill = [Create(rrset(f"h{n}", "A", 300, *(f"192.0.2.{k}" for k in range(200)))) for n in range(4)]
    found = outcomes(ready().apply([*fill, Create(child_ns), Create(child_ds)]))
    assert found["child.example.com. DS"] == (FAILED, "Not sent: it needs child.example.com. NS, which failed.")
    assert found["child.example.com. NS"][0] is FAILED


def test_a_set_that_no_request_can_take_fails_by_itself(zone: Zone) -> None:
    texts = rrset("t", "TXT", 300, *(f'"{n:0250d}"' for n in range(150)))
    found = outcomes(ready().apply([Create(texts), Create(NEW)]))
    outcome, detail = found["t.example.com. TXT"]
    assert outcome is FAILED
    assert detail.startswith(
        "It takes 150 records and 37,800 characters in one request, and Route 53 takes 1,000 and 32,000."
    )
    assert found["new.example.com. A"] == (DONE, "")


def test_a_health_check_of_another_account_fails_where_it_stands(cloud: Route53, zone: Zone) -> None:
    cloud.account.health_checks = {"hc-here"}
    theirs = rrset("h", "A", 300, "192.0.2.1", extras=(HealthCheck("hc-there"),))
    found = outcomes(ready().apply([Create(theirs), Create(NEW)]))
    assert found["h.example.com. A"] == (
        FAILED,
        "Route 53 refuses it: No health check exists with the ID hc-there.",
    )
    assert found["new.example.com. A"][1].startswith("Not written")


@pytest.mark.parametrize("form", [error, bare_error])
def test_both_forms_of_a_refusal_are_read(cloud: Route53, form: object) -> None:
    assert callable(form)
    said = "Tried to create resource record set [name='new.example.com.', type='A'] but it already exists"
    cloud.fail(Fault(CHANGE, form(400, "InvalidChangeBatch", said)))
    found = outcomes(ready().apply([Create(NEW)]))
    assert said in found["new.example.com. A"][1]


def test_a_refusal_that_names_nothing_is_everybody_s(cloud: Route53) -> None:
    cloud.fail(Fault(CHANGE, error(400, "InvalidInput", "something is wrong")))
    found = outcomes(ready().apply(CHANGES))
    assert set(found.values()) == {(FAILED, "Route 53 refuses the request: something is wrong.")}


def test_secrets_in_a_refusal_are_not_repeated(cloud: Route53) -> None:
    cloud.fail(Fault(CHANGE, error(400, "InvalidChangeBatch", "[Invalid: " + " ".join(SECRETS) + "]")))
    (result,) = ready().apply([Create(NEW)])
    assert [secret for secret in SECRETS if secret in result.detail] == []


# ---- what passes


@pytest.mark.parametrize(
    "fault",
    [
        Fault(CHANGE, throttled()),
        Fault(CHANGE, error(400, "PriorRequestNotComplete", "busy")),
        Fault(CHANGE, error(503, "ServiceUnavailable", "busy")),
        Fault(CHANGE, error(503, "ServiceUnavailable", "busy"), applied=True),
        Fault(CHANGE, error(500, "InternalError", "oops"), applied=True, times=2),
        Fault(CHANGE, drop="before"),
        Fault(CHANGE, drop="after"),
        Fault(CHANGE, drop="before", times=2),
        Fault(CHANGE, drop="after", times=2),
        Fault(CHANGE, cut=True),
        Fault("GetChange", error(500, "InternalError", "")),
    ],
    ids=[
        "throttled",
        "busy zone",
        "503",
        "503 though it was done",
        "500 though it was done, twice",
        "never arrived",
        "lost answer",
        "never arrived, twice",
        "lost twice",
        "answer cut short",
        "no word of the spread",
    ],
)
def test_what_passes_is_survived_and_the_changes_are_made_once(cloud: Route53, zone: Zone, fault: Fault) -> None:
    target = ready()
    cloud.fail(fault)
    assert all_done(list(target.apply(CHANGES)))
    assert names(zone) == {"www", "new"}
    assert target.calls.reads + target.calls.writes == len(cloud.requests)


def test_a_lost_answer_in_the_middle_of_many_requests_changes_nothing(cloud: Route53, zone: Zone) -> None:
    target = ready()
    cloud.fail(Fault(CHANGE, drop="after", skip=1, times=2))
    assert all_done(list(target.apply(many(2500))))
    assert len(zone.record_sets) == 2504
    assert cloud.operations().count(CHANGE) == 3 + 1


def test_a_lost_answer_to_a_refusal_is_a_refusal(cloud: Route53, zone: Zone) -> None:
    target = ready()
    zone.remove("www.example.com", "A")
    cloud.fail(Fault(CHANGE, drop="after"))
    found = outcomes(target.apply(CHANGES))
    assert {outcome for outcome, _ in found.values()} == {FAILED}
    assert "but it was not found" in found["www.example.com. A"][1]
    assert names(zone) == {"old"}


def test_what_somebody_else_did_meanwhile_is_done(cloud: Route53, zone: Zone) -> None:
    """The answer is lost, and the zone shows one of two changes: it was not our request, which is one whole."""
    target = ready()

    def edit(account: Account) -> None:
        next(iter(account.zones.values())).put(raw("new.example.com", "A", "192.0.2.3"))

    cloud.fail(Fault(CHANGE, edit=edit, drop="before"))
    found = outcomes(target.apply([Replace(WEB, NEW_WEB), Create(NEW)]))
    assert found["new.example.com. A"] == (DONE, "")
    assert found["www.example.com. A"][0] is FAILED
    assert names(zone) == {"www", "old", "new"}


# ---- what lasts


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (throttled(), "was throttled 2 times"),
        (error(403, "AccessDenied", "no"), "may not call route53:ChangeResourceRecordSets"),
        (error(403, "ExpiredToken", "over"), "credentials have expired"),
        (error(404, "NoSuchHostedZone", "gone"), "there is no hosted zone of this id"),
    ],
)
def test_what_lasts_ends_the_work_and_what_was_done_is_known(
    cloud: Route53, zone: Zone, answer: Answer, words: str
) -> None:
    target = ready()
    cloud.fail(Fault(CHANGE, answer, skip=1, times=99))
    seen: list[ChangeResult] = []
    with pytest.raises(ProviderError, match=words):
        seen.extend(target.apply(many(1500)))
    assert [result.outcome for result in seen] == [DONE] * 1000
    assert len(zone.record_sets) == 1004
    assert target.calls.writes == len([name for name in cloud.operations() if name == CHANGE])


def test_an_outage_after_the_request_leaves_it_unknown(cloud: Route53, zone: Zone) -> None:
    target = ready()
    cloud.fail(Fault(CHANGE, drop="after", times=1), Fault("*", drop="before", times=99))
    seen: list[ChangeResult] = []
    with pytest.raises(ProviderError, match="broke off again and again"):
        seen.extend(target.apply(CHANGES))
    assert [result.outcome for result in seen] == [UNKNOWN] * 3
    assert names(zone) == {"www", "new"}


def test_a_service_that_is_not_reached_has_done_nothing(cloud: Route53, monkeypatch: pytest.MonkeyPatch) -> None:
    target = ready()
    assert isinstance(target, Writer)
    target.close()
    seen: list[ChangeResult] = []
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        point_aws_at(f"http://127.0.0.1:{unused.getsockname()[1]}", monkeypatch, tries=2)
        with pytest.raises(ProviderError, match=r"127\.0\.0\.1 cannot be reached"):
            seen.extend(target.apply([Create(NEW)]))
    assert seen == []


def test_a_request_that_never_arrives_is_not_sent_for_ever(cloud: Route53, zone: Zone) -> None:
    target = ready()
    cloud.fail(Fault(CHANGE, drop="before", times=99))
    with pytest.raises(ProviderError, match="sent 3 times, and nothing of it was carried out"):
        list(target.apply([Create(NEW)]))
    assert names(zone) == {"www", "old"}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("TooManyHostedZones", "as many hosted zones as it may have"),
        ("DelegationSetNotAvailable", "no four name servers left"),
        ("ConflictingDomainExists", "associated with another hosted zone"),
        ("InvalidVPCId", "finds no such network"),
        ("InvalidDomainName", "refused (InvalidDomainName, HTTP 400)"),
    ],
)
def test_a_zone_that_cannot_be_made_is_one_line(cloud: Route53, code: str, words: str) -> None:
    cloud.account.zones.clear()
    cloud.fail(Fault("CreateHostedZone", error(400, code, "no")))
    with pytest.raises(ProviderError) as failed:
        writer().create()
    assert words in str(failed.value)
    assert "\n" not in str(failed.value)


def test_a_zone_of_which_nothing_is_heard_is_not_made_twice(cloud: Route53) -> None:
    cloud.account.zones.clear()
    cloud.fail(Fault("CreateHostedZone", drop="after", times=2))
    writer().create()
    assert len(cloud.account.zones) == 1


# ---- pace


def test_an_account_has_one_budget_of_requests() -> None:
    pace = Pace(per_second=50, store=2)
    assert budget_of("a", pace) is budget_of("a", pace)
    assert budget_of("a", pace) is not budget_of("b", pace)


def test_requests_wait_when_the_store_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = _Clock()
    monkeypatch.setattr(pacing, "time", clock)
    budget = Budget(Pace(per_second=5, store=3))
    for _ in range(6):
        budget.take()
    assert [round(wait, 3) for wait in clock.slept] == [0.2, 0.2, 0.2]
    clock.now += 100
    for _ in range(4):
        budget.take()
    assert len(clock.slept) == 4


class _Clock:
    """A clock that sleeping alone moves on."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_threads_share_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = _Clock()
    monkeypatch.setattr(pacing, "time", clock)
    budget = Budget(Pace(per_second=10, store=4))
    threads = [threading.Thread(target=budget.take) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(clock.slept) == 6


def test_looks_become_rarer_and_end() -> None:
    assert list(Pace(polls=(1.0, 2.0), patience=8.0).waits()) == [1.0, 2.0, 2.0, 2.0]
