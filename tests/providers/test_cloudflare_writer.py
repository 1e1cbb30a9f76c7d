"""Writing to Cloudflare: one atomic batch where the plan has room, and nothing that is somebody else's."""

import pytest

from migrator.demo.clouds.cloudflare import Cloudflare, Fault
from migrator.demo.clouds.cloudflare_zones import Account, Zone
from migrator.errors import ProviderError, UnsafeError
from migrator.interfaces import Outcome
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import Note, Tags
from providers.cloudflare.capabilities import CAPABILITIES
from tests.providers.cloudflare_reading import (
    WRITTEN,
    apply,
    by_key,
    changes,
    key,
    outcomes,
    raw,
    read,
    rrset,
    said,
    writer,
    writes,
)

pytestmark = pytest.mark.usefixtures("slept")
DONE = {Outcome.DONE}
FAILED = {Outcome.FAILED}


# ---- what is written


def test_every_type_and_every_extra_is_written_in_one_batch_and_read_back(cloud: Cloudflare, zone: Zone) -> None:
    target = writer()
    before = target.read().snapshot
    assert outcomes(list(target.apply(changes(before, *WRITTEN)))) == DONE
    after = target.read().snapshot.by_key()
    for desired in WRITTEN:
        found = after[desired.key]
        assert (found.ttl, found.rdatas, set(found.extras)) == (desired.ttl, desired.rdatas, set(desired.extras))
    assert writes(cloud) == ["Batch"]
    assert target.calls.writes == 1
    assert target.calls.reads == len(cloud.requests) - 1
    covered = {r.rdtype for r in WRITTEN}
    assert covered == CAPABILITIES.types


@pytest.mark.parametrize(
    ("plan", "records", "batches"),
    [
        ("pro", 10, 1),
        ("pro", 300, 1),
        ("pro", 1_000, 1),
        ("pro", 3_000, 1),
        ("enterprise", 3_501, 2),
        ("free", 190, 1),
    ],
)
def test_a_new_zone_is_written_in_as_few_batches_as_the_plan_allows(
    cloud: Cloudflare, plan: str, records: int, batches: int
) -> None:
    zone = cloud.account.create("example.com", plan=plan, quota=10_000)
    desired = [rrset(f"h{n}", "A", 300, f"192.0.{n // 256}.{n % 256}") for n in range(records)]
    target = writer()
    assert target.exists()
    results = list(target.apply(changes(target.read().snapshot, *desired)))
    assert (len(results), outcomes(results)) == (records, DONE)
    assert target.calls.writes == batches
    # The zone; records, settings, DNSSEC; the look before the first write, and the quota.
    assert target.calls.reads == 1 + 3 + 2
    assert len(zone.records) == records


def test_changed_sets_are_put_in_place_and_only_what_differs_is_sent(cloud: Cloudflare, zone: Zone) -> None:
    zone.seed(
        raw("www", "A", "192.0.2.1"),
        raw("www", "A", "192.0.2.2"),
        raw("www", "A", "192.0.2.3"),
        raw("t", "TXT", "bare words", comment="stays"),
        raw("c", "A", "192.0.2.1", comment="goes", tags=["a"]),
    )
    ids = {record["content"]: record["id"] for record in zone.records}
    results = apply(
        rrset("www", "A", 300, "192.0.2.1", "192.0.2.9"),
        rrset("t", "TXT", 60, '"bare words"', extras=(Note("stays"),)),
        rrset("c", "A", 300, "192.0.2.1", extras=(Tags(("b",)),)),
    )
    assert outcomes(results) == DONE
    body = cloud.requests[-1].json()
    assert body["deletes"] == [{"id": ids["192.0.2.3"]}]
    assert body["patches"] == [{"id": ids["bare words"], "ttl": 60}]
    assert [put["id"] for put in body["puts"]] == [ids["192.0.2.2"], zone.named("c")[0]["id"]]
    assert "posts" not in body
    after = read().snapshot
    assert [r.to_text() for r in by_key(after, "www", "A").rdatas] == ["192.0.2.1", "192.0.2.9"]
    assert by_key(after, "t", "TXT").extras == (Note("stays"),)
    assert by_key(after, "c", "A").extras == (Tags(("b",)),)


def test_a_cname_becomes_an_address_in_one_batch(cloud: Cloudflare, zone: Zone) -> None:
    zone.seed(raw("www", "CNAME", "x.example.net"))
    results = apply(rrset("www", "A", 300, "192.0.2.1"), without=(key("www", "CNAME"),))
    assert outcomes(results) == DONE
    assert writes(cloud) == ["Batch"]
    assert said(zone) == {("www.example.com", "A", "192.0.2.1")}


def test_a_delegation_is_made_before_its_ds_and_taken_after_it(cloud: Cloudflare, zone: Zone) -> None:
    ds = "1 13 2 " + "ab" * 32
    made = apply(rrset("child", "DS", 300, ds), rrset("child", "NS", 300, "ns1.example.net."))
    assert outcomes(made) == DONE
    assert [post["type"] for post in cloud.requests[-1].json()["posts"]] == ["NS", "DS"]
    gone = apply(without=(key("child", "NS"), key("child", "DS")))
    assert outcomes(gone) == DONE
    assert zone.records == []


def test_what_belongs_to_one_name_stays_in_one_batch(cloud: Cloudflare) -> None:
    zone = cloud.account.create("example.com", quota=1_000)
    zone.seed(*(raw(f"h{n}", "CNAME", "x.example.net") for n in range(150)))
    desired = [rrset(f"h{n}", "A", 300, "192.0.2.1", "192.0.2.2") for n in range(150)]
    without = tuple(key(f"h{n}", "CNAME") for n in range(150))
    assert outcomes(apply(*desired, without=without)) == DONE
    assert writes(cloud) == ["Batch"] * 3
    assert {record["type"] for record in zone.records} == {"A"}
    for request in cloud.requests:
        if request.operation == "Batch":
            body = request.json()
            assert sum(map(len, body.values())) <= 200
            assert len(body["deletes"]) * 2 == len(body["posts"])


def test_a_name_with_more_records_than_a_batch_takes_several(cloud: Cloudflare) -> None:
    zone = cloud.account.create("example.com", quota=1_000)
    values = [f"192.0.{n // 256}.{n % 256}" for n in range(450)]
    assert outcomes(apply(rrset("www", "A", 300, *values))) == DONE
    assert writes(cloud) == ["Batch"] * 3
    assert len(zone.records) == 450


def test_what_is_only_deleted_comes_last_unless_there_is_no_room(cloud: Cloudflare) -> None:
    zone = cloud.account.create("example.com", quota=500)
    zone.seed(*(raw(f"old{n}", "A", "192.0.2.1") for n in range(150)))
    new = [rrset(f"new{n}", "A", 300, "192.0.2.1") for n in range(150)]
    without = tuple(key(f"old{n}", "A") for n in range(150))
    assert outcomes(apply(*new, without=without)) == DONE
    first, second = (list(r.json()) for r in cloud.requests if r.operation == "Batch")
    assert (first, second) == (["deletes", "posts"], ["deletes"])
    zone.quota = 160
    back = [rrset(f"old{n}", "A", 300, "192.0.2.1") for n in range(150)]
    assert outcomes(apply(*back, without=tuple(r.key for r in new))) == DONE
    assert len(zone.records) == 150


def test_the_quota_is_looked_at_before_anything_is_written(cloud: Cloudflare) -> None:
    zone = cloud.account.create("example.com", quota=5)
    zone.seed(raw("www", "A", "192.0.2.1"), raw("www", "A", "192.0.2.2"))
    desired = [rrset(f"h{n}", "A", 300, "192.0.2.1") for n in range(4)]
    results = apply(*desired)
    assert outcomes(results) == FAILED
    assert (
        "holds 2 of the 5 records that its plan allows, so 3 more would fit, and there are 4" in results[0].detail
    )
    assert writes(cloud) == []
    target = writer()
    capabilities = target.capabilities()
    assert capabilities.records_in_zone is not None
    assert (capabilities.records_in_zone.bound, capabilities.used_records) == (5, 2)


def test_a_second_run_writes_nothing(cloud: Cloudflare, zone: Zone) -> None:
    assert outcomes(apply(*WRITTEN)) == DONE
    again = apply(*WRITTEN)
    assert (len(again), outcomes(again)) == (len(WRITTEN), DONE)
    assert writes(cloud) == ["Batch"]
    target = writer()
    snapshot = target.read().snapshot
    repeated: list[Change] = [Create(desired) for desired in WRITTEN]
    assert outcomes(list(target.apply(repeated))) == DONE
    assert writes(cloud) == ["Batch"]
    assert list(target.apply([])) == []
    assert snapshot.digest() == read().snapshot.digest()


def test_several_calls_of_apply_look_at_the_zone_once(cloud: Cloudflare, zone: Zone) -> None:
    target = writer()
    target.read()
    for number in range(3):
        desired = rrset("www", "A", 300, f"192.0.2.{number}")
        found = target.read().snapshot.by_key() if number == 2 else {}
        change: Change = Replace(found[desired.key], desired) if found else Create(desired)
        results = list(target.apply([change]))
        assert outcomes(results) == (FAILED if number == 1 else DONE)
    assert cloud.operations().count("ListRecords") == 4
    assert said(zone) == {("www.example.com", "A", "192.0.2.2")}


# ---- what is not touched


def test_a_record_of_another_product_is_never_touched(cloud: Cloudflare, zone: Zone) -> None:
    managed = {"email_routing": True, "read_only": True}
    zone.seed(
        raw("@", "MX", "route1.mx.cloudflare.net", priority=1),
        raw("@", "TXT", '"v=spf1 include:_spf.mx.cloudflare.net ~all"'),
        raw("@", "TXT", '"mine"'),
    )
    zone.records[0]["meta"] = zone.records[1]["meta"] = managed
    before = list(zone.records)
    results = apply(
        rrset("@", "MX", 300, "10 mx.example.net."),
        rrset("@", "TXT", 300, '"v=spf1 include:_spf.mx.cloudflare.net ~all"', '"other"'),
    )
    assert [r.outcome for r in results] == [Outcome.FAILED, Outcome.DONE]
    assert "belongs to Email Routing, and Cloudflare lets nobody else edit it" in results[0].detail
    assert zone.records[:2] == before[:2]
    assert zone.records[2]["content"] == '"other"'
    (gone,) = apply(without=(key("@", "MX"),))
    (changed,) = apply(rrset("@", "TXT", 60, '"v=spf1 include:_spf.mx.cloudflare.net ~all"', '"other"'))
    assert {gone.outcome, changed.outcome} == FAILED
    assert writes(cloud) == ["Batch"]


def edit_www(account: Account) -> None:
    account.of_name("example.com").records[0]["content"] = "192.0.2.99"


def test_what_somebody_changed_since_it_was_read_is_not_overwritten(cloud: Cloudflare, zone: Zone) -> None:
    zone.seed(raw("www", "A", "192.0.2.1"), raw("other", "A", "192.0.2.1"))
    cloud.fail(Fault("ListRecords", edit=edit_www, skip=1))
    with pytest.raises(UnsafeError, match=r"www\.example\.com\. A: changed since the zone was read") as refused:
        apply(rrset("www", "A", 300, "192.0.2.2"), rrset("new", "A", 300, "192.0.2.3"))
    assert refused.value.exit_code == 4
    assert writes(cloud) == []
    cloud.fail(Fault("ListRecords", edit=edit_www, skip=1))
    assert outcomes(apply(rrset("new", "A", 300, "192.0.2.3"))) == DONE


def test_a_change_of_a_set_that_is_not_there_is_refused(cloud: Cloudflare, zone: Zone) -> None:
    gone = rrset("www", "A", 300, "192.0.2.1")
    for change in (Delete(gone), Replace(gone, rrset("www", "A", 60, "192.0.2.1"))):
        target = writer()
        target.read()
        with pytest.raises(UnsafeError, match="changed since the zone was read"):
            list(target.apply([change]))
    assert writes(cloud) == []


@pytest.mark.parametrize(("plan", "records"), [("free", 450), ("pro", 450), ("pro", 3_600)])
def test_the_number_of_requests_is_known_before_the_first(cloud: Cloudflare, plan: str, records: int) -> None:
    cloud.account.create("example.com", plan=plan, quota=5_000)
    desired: list[Change] = [Create(rrset(f"h{n}", "A", 300, "192.0.2.1")) for n in range(records)]
    target = writer()
    target.read()
    target.capabilities()
    planned = target.calls_for(desired)
    before = target.calls.reads + target.calls.writes
    assert outcomes(list(target.apply(desired))) == DONE
    assert target.calls.reads + target.calls.writes - before == planned
    assert target.calls_for([]) == 0


def test_the_requests_of_a_zone_that_is_not_there_yet_are_those_of_the_free_plan(cloud: Cloudflare) -> None:
    target = writer()
    assert not target.exists()
    assert target.calls_for([Create(rrset(f"h{n}", "A", 300, "192.0.2.1")) for n in range(450)]) == 1 + 3


def test_what_cloudflare_cannot_hold_fails_alone(cloud: Cloudflare, zone: Zone) -> None:
    long = [f'"{n}{"x" * 250}" "{"y" * 255}"' for n in range(17)]
    results = apply(
        rrset("good", "A", 300, "192.0.2.1"),
        rrset("bad", "HINFO", 300, '"a" "b"'),
        rrset("long", "TXT", 300, *long),
    )
    assert sorted(r.outcome for r in results) == [Outcome.DONE, Outcome.FAILED, Outcome.FAILED]
    assert any("Invalid type: HINFO" in result.detail for result in results)
    assert any("characters together, and Cloudflare holds 8192 for a name and type" in r.detail for r in results)
    assert said(zone) == {("good.example.com", "A", "192.0.2.1")}


def test_a_proxied_cname_is_changed_where_a_setting_flattens_all(cloud: Cloudflare) -> None:
    zone = cloud.account.create("example.com", plan="pro", settings={"flatten_all_cnames": True})
    zone.seed({"type": "CNAME", "name": "www", "content": "a.example.net", "proxied": True})
    target = writer()
    there = by_key(target.read().snapshot, "www", "CNAME")
    wanted = rrset("www", "CNAME", 300, "b.example.net.", extras=there.extras)

    assert outcomes(list(target.apply([Replace(there, wanted)]))) == DONE
    assert said(zone) == {("www.example.com", "CNAME", "b.example.net")}


@pytest.mark.parametrize("plan", ["free", "pro"])
def test_a_cname_comes_back_as_it_was_where_a_setting_flattens_all(cloud: Cloudflare, plan: str) -> None:
    zone = cloud.account.create("example.com", plan=plan, settings={"flatten_all_cnames": True})
    zone.seed({"type": "CNAME", "name": "www", "content": "a.example.net", "ttl": 300})
    target = writer()
    there = by_key(target.read().snapshot, "www", "CNAME")
    assert outcomes(list(target.apply([Delete(there)]))) == DONE

    target.read()
    assert outcomes(list(target.apply([Create(there)]))) == DONE
    assert [(record["content"], record["settings"]) for record in zone.records] == [("a.example.net", {})]
    assert by_key(target.read().snapshot, "www", "CNAME") == there


def test_a_secondary_zone_is_not_written(cloud: Cloudflare) -> None:
    cloud.account.create("example.com", kind="secondary")
    with pytest.raises(ProviderError, match="come by zone transfer from its primary"):
        apply(rrset("www", "A", 300, "192.0.2.1"))


def test_a_secondary_zone_is_refused_when_the_changes_are_planned(cloud: Cloudflare) -> None:
    cloud.account.create("example.com", kind="secondary")
    target = writer()
    target.read()
    assert target.calls_for(()) == 0
    with pytest.raises(ProviderError, match="come by zone transfer from its primary"):
        target.calls_for([Create(rrset("www", "A", 300, "192.0.2.1"))])


def test_apply_comes_after_read(cloud: Cloudflare, zone: Zone) -> None:
    with pytest.raises(AssertionError, match="after read"):
        list(writer().apply([Create(rrset("www", "A", 300, "192.0.2.1"))]))


def test_sets_that_were_carried_whole_go_back(cloud: Cloudflare, zone: Zone) -> None:
    zone.put(raw("www.example.com", "A", "not an address"))
    target = writer()
    snapshot = target.read().snapshot
    carried = by_key(snapshot, "www", "A")
    assert outcomes(list(target.apply([Delete(carried)]))) == DONE
    (result,) = apply(carried)
    assert (result.outcome, "must be a valid IPv4 address" in result.detail) == (Outcome.FAILED, True)
