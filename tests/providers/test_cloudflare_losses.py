"""Writing to Cloudflare when things go wrong: refusals, lost answers, outages, other people."""

import pytest

from migrator.demo.clouds.cloudflare import TOKEN, Cloudflare, Fault
from migrator.demo.clouds.cloudflare_api import gateway, throttled
from migrator.demo.clouds.cloudflare_records import Raw
from migrator.demo.clouds.cloudflare_zones import Account, Zone
from migrator.demo.clouds.loopback import Answer
from migrator.errors import ProviderError
from migrator.interfaces import ChangeResult, Outcome
from migrator.model.change import Create, Delete
from migrator.model.extras import Note, Tags
from tests.providers.cloudflare_reading import (
    WRITTEN,
    apply,
    changes,
    key,
    outcomes,
    raw,
    rrset,
    said,
    writer,
    writes,
)

pytestmark = pytest.mark.usefixtures("slept")
DONE = {Outcome.DONE}
FAILED = {Outcome.FAILED}


# ---- what Cloudflare refuses


@pytest.mark.parametrize("wrapping", [True, False])
def test_one_bad_record_of_many_is_found_and_the_others_are_written(cloud: Cloudflare, wrapping: bool) -> None:
    zone = cloud.account.create("example.com")
    cloud.account.wrapping = wrapping
    desired = [
        rrset(f"h{n}", "A", 300, "192.0.2.1", extras=(Note("n" * 101),) if n == 37 else ()) for n in range(100)
    ]
    results = apply(*desired)
    (bad,) = [result for result in results if result.outcome is not Outcome.DONE]
    assert bad.change == Create(desired[37])
    assert "DNS record comment exceeds the maximum length of 100 characters" in bad.detail
    assert "9313" in bad.detail
    assert len(zone.records) == 99
    assert len(writes(cloud)) <= 15


def test_a_record_that_cloudflare_names_is_found_at_once(cloud: Cloudflare, zone: Zone) -> None:
    pointing = '{"code": 1004, "message": "no", "source": {"pointer": "/posts/41/ttl"}}'
    naming = '{"code": 1004, "message": "h41.example.com: no"}'
    for problem in (pointing, naming):
        refusal = Answer(400, f'{{"success": false, "result": null, "errors": [{problem}]}}'.encode())
        zone.records.clear()
        cloud.requests.clear()
        cloud.fail(Fault("Batch", refusal, times=2))
        results = apply(*(rrset(f"h{n}", "A", 300, "192.0.2.1") for n in range(100)))
        (bad,) = [result for result in results if result.outcome is not Outcome.DONE]
        assert bad.change == Create(rrset("h41", "A", 300, "192.0.2.1"))
        assert writes(cloud) == ["Batch"] * 3


def test_a_plan_that_refuses_everything_is_not_tried_forever(cloud: Cloudflare) -> None:
    zone = cloud.account.create("example.com")
    desired = [rrset(f"h{n}", "A", 300, "192.0.2.1", extras=(Tags(("t",)),)) for n in range(150)]
    results = apply(*desired)
    assert (len(results), outcomes(results)) == (150, FAILED)
    assert all("exceeding the quota of 0" in result.detail for result in results)
    assert len(writes(cloud)) < 60
    assert zone.records == []


def test_a_quota_that_fills_up_meanwhile_ends_it(cloud: Cloudflare, zone: Zone) -> None:
    def shrink(account: Account) -> None:
        account.of_name("example.com").quota = 0

    cloud.fail(Fault("Batch", edit=shrink))
    results = apply(*(rrset(f"h{n}", "A", 300, "192.0.2.1") for n in range(10)))
    assert outcomes(results) == FAILED
    assert "Record quota exceeded" in results[0].detail
    assert writes(cloud) == ["Batch"]


def test_a_token_that_expires_half_way_ends_with_one_line_and_the_run_goes_on_later(cloud: Cloudflare) -> None:
    zone = cloud.account.create("example.com", quota=1_000)
    desired = [rrset(f"h{n}", "A", 300, "192.0.2.1") for n in range(450)]

    def expire(account: Account) -> None:
        account.tokens[TOKEN].valid = False

    cloud.fail(Fault("Batch", edit=expire, skip=1))
    target = writer()
    snapshot = target.read().snapshot
    done: list[ChangeResult] = []
    with pytest.raises(ProviderError, match="does not accept the credentials"):
        done.extend(target.apply(changes(snapshot, *desired)))
    assert (len(done), outcomes(done), len(zone.records)) == (200, DONE, 200)
    cloud.account.tokens[TOKEN].valid = True
    rest = apply(*desired)
    assert (len(rest), outcomes(rest), len(zone.records)) == (450, DONE, 450)


# ---- what happens on the way

LOST = [
    Fault("Batch", drop="after"),
    Fault("Batch", gateway(502), applied=True),
    Fault("Batch", gateway(504), applied=True),
    Fault("Batch", cut=True),
    Fault("Batch", gateway(200), applied=True),
]
NOT_CARRIED_OUT = [
    Fault("Batch", drop="before"),
    Fault("Batch", gateway(502)),
    Fault("Batch", gateway(503), times=2),
    Fault("Batch", throttled(200), times=3),
]


@pytest.mark.parametrize("fault", LOST)
def test_an_answer_that_was_lost_is_looked_for(cloud: Cloudflare, zone: Zone, fault: Fault) -> None:
    zone.seed(raw("old", "A", "192.0.2.1"), raw("www", "A", "192.0.2.1"))
    cloud.fail(fault)
    results = apply(*WRITTEN, rrset("www", "A", 300, "192.0.2.2"), without=(key("old", "A"),))
    assert (len(results), outcomes(results)) == (len(WRITTEN) + 2, DONE)
    assert writes(cloud) == ["Batch"]
    assert cloud.operations()[-1] == "ListRecords"


@pytest.mark.parametrize("fault", NOT_CARRIED_OUT)
def test_a_batch_that_was_not_carried_out_is_sent_again(cloud: Cloudflare, zone: Zone, fault: Fault) -> None:
    zone.seed(raw("old", "A", "192.0.2.1"))
    times = fault.times
    cloud.fail(fault)
    results = apply(*WRITTEN, without=(key("old", "A"),))
    assert (len(results), outcomes(results)) == (len(WRITTEN) + 1, DONE)
    assert writes(cloud) == ["Batch"] * (times + 1)
    assert len(zone.records) == sum(len(desired.rdatas) for desired in WRITTEN)


def test_a_batch_that_is_carried_out_late_is_no_failure(cloud: Cloudflare, zone: Zone) -> None:
    """The gateway gives up, the zone does not show the batch yet, and the second try comes too late."""
    late: list[Raw] = []

    def carry_out(account: Account) -> None:
        body = next(r for r in cloud.requests if r.operation == "Batch").json()
        late.append(account.of_name("example.com").batch(body))

    cloud.fail(Fault("Batch", gateway(504)), Fault("Batch", edit=carry_out))
    results = apply(*WRITTEN)
    assert (len(results), outcomes(results), len(late)) == (len(WRITTEN), DONE, 1)
    assert len(zone.records) == sum(len(desired.rdatas) for desired in WRITTEN)


def test_an_outage_that_lasts_says_what_is_done_and_stops(cloud: Cloudflare) -> None:
    cloud.account.create("example.com", quota=1_000)
    cloud.fail(Fault("Batch", gateway(503), times=99, skip=1))
    target = writer()
    snapshot = target.read().snapshot
    done: list[ChangeResult] = []
    with pytest.raises(ProviderError, match=r"failed 4 times to write records \(HTTP 503\)"):
        done.extend(target.apply(changes(snapshot, *(rrset(f"h{n}", "A", 300, "192.0.2.1") for n in range(300)))))
    assert (len(done), outcomes(done)) == (200, DONE)


def test_what_nobody_can_find_out_is_unknown(cloud: Cloudflare, zone: Zone) -> None:
    cloud.fail(Fault("Batch", drop="after"), Fault("ListRecords", gateway(503), times=99, skip=2))
    target = writer()
    snapshot = target.read().snapshot
    results: list[ChangeResult] = []
    with pytest.raises(ProviderError, match="failed 6 times to list the records"):
        results.extend(target.apply(changes(snapshot, rrset("www", "A", 300, "192.0.2.1"))))
    (result,) = results
    assert (result.outcome, result.detail) == (
        Outcome.UNKNOWN,
        "sent, and its answer was lost: read the zone again",
    )


def test_somebody_who_writes_after_the_last_look_is_not_overwritten(cloud: Cloudflare, zone: Zone) -> None:
    zone.seed(raw("www", "A", "192.0.2.1"))

    def take(account: Account) -> None:
        found = account.of_name("example.com")
        found.delete(found.records[0]["id"])
        found.seed(
            raw("www", "CNAME", "x.example.net"), raw("h1", "A", "192.0.2.1"), raw("h2", "CNAME", "y.example.net")
        )

    cloud.fail(Fault("Batch", edit=take))
    results = apply(
        rrset("www", "A", 300, "192.0.2.2"),
        *(rrset(f"h{n}", "A", 300, "192.0.2.1") for n in range(4)),
    )
    by_owner = {
        result.change.desired.owner.labels[0]: result
        for result in results
        if not isinstance(result.change, Delete)
    }
    assert {owner: result.outcome for owner, result in by_owner.items()} == {
        b"www": Outcome.FAILED,
        b"h0": Outcome.DONE,
        b"h1": Outcome.DONE,
        b"h2": Outcome.FAILED,
        b"h3": Outcome.DONE,
    }
    assert ("www.example.com", "CNAME", "x.example.net") in said(zone)
