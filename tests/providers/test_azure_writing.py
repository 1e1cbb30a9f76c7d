"""Writing Azure DNS over HTTP with the real SDK: every change, every way it goes wrong, and what is told of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from migrator.demo.clouds.azure import SUBSCRIPTION, Azure, Fault
from migrator.demo.clouds.azure_api import error, expired, forbidden, throttled
from migrator.demo.clouds.azure_zones import Cloud, Zone
from migrator.demo.clouds.loopback import Answer
from migrator.errors import InputError, ProviderError
from migrator.interfaces import CallEstimator, ChangeResult, Outcome, ZoneWriter
from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import Alias, Metadata, Opaque
from migrator.model.names import ROOT, absolute
from migrator.model.rrset import RRset
from providers import parse_locator
from tests.cloud.azure_environment import point_azure_at
from tests.providers.azure_reading import ENVIRONMENT, PROVIDER, apply, read, rrset, writer
from tests.providers.azure_sets import ADDRESS, PROFILE, ZONE_ID

WWW = rrset("www", "A", 300, "192.0.2.1")
HERE = f"azure:example.com?resource-group=dns&subscription={SUBSCRIPTION}"


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Azure]:
    with Azure() as running:
        point_azure_at(running, monkeypatch, subscription=SUBSCRIPTION)
        yield running


@pytest.fixture
def zone(azure: Azure) -> Zone:
    return azure.cloud.create(SUBSCRIPTION, "dns", "example.com")


def put(zone: Zone, name: str = "www", address: str = "192.0.2.9", **more: Any) -> RRset:
    """A set that is there already."""
    zone.put(name, "A", TTL=300, ARecords=[{"ipv4Address": address}], **more)
    return rrset(name, "A", 300, address)


def outcomes(results: list[ChangeResult]) -> list[tuple[Outcome, str]]:
    return [(result.outcome, result.detail) for result in results]


def hosts(count: int) -> list[Change]:
    return [Create(rrset(f"h{n}", "A", 300, "192.0.2.1")) for n in range(count)]


def stored() -> set[RRset]:
    return set(read().snapshot.rrsets)


ALL_KINDS = [
    WWW,
    rrset("@", "AAAA", 0, "2001:db8::1"),
    rrset("*", "A", 60, "192.0.2.1", extras=(Metadata("owner", "web team"),)),
    rrset("@", "CAA", 300, '0 issue "ca.example.net"'),
    rrset("docs", "CNAME", 300, "docs.example.net."),
    rrset("child", "NS", 300, "ns1.example.net."),
    rrset("child", "DS", 300, "1 13 2 " + "ab" * 32),
    rrset("@", "MX", 300, "10 mx1.example.net.", "20 mx2.example.net."),
    rrset("enum", "NAPTR", 300, '100 50 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .'),
    rrset("1", "PTR", 300, "host.example.net."),
    rrset("_sip._tcp", "SRV", 300, "0 5 5060 sip.example.com."),
    rrset("_25._tcp", "TLSA", 300, "3 1 1 " + "ab" * 32),
    rrset("s._domainkey", "TXT", 300, '"v=DKIM1; p=' + "A" * 200 + '" "' + r"say \"hi\" \\" + '"', '"second"'),
    rrset("empty", "A", 300),
    rrset("shop", "A", 300, extras=(Alias(absolute("www.example.com."), f"{ZONE_ID}/A/www"),)),
    rrset("front", "A", 300, extras=(Alias(ROOT, ADDRESS),)),
    rrset("tm", "CNAME", None, extras=(Alias(ROOT, PROFILE),)),
    rrset(
        "tm2",
        "CNAME",
        None,
        extras=(
            Alias(ROOT, PROFILE),
            Opaque("azure", "properties.trafficManagementProfile", f'{{"id": "{PROFILE}"}}'),
        ),
    ),
]


def test_every_kind_of_set_is_created_and_reads_back_equal(azure: Azure, zone: Zone) -> None:
    before = stored()
    results = apply(Create(found) for found in ALL_KINDS)
    assert outcomes(results) == [(Outcome.DONE, "")] * len(ALL_KINDS)
    assert stored() - before == set(ALL_KINDS)
    written = [request for request in azure.requests if request.method == "PUT"]
    assert len(written) == len(ALL_KINDS)
    assert {request.headers.get("if-none-match") for request in written} == {"*"}


def test_sets_are_replaced_and_deleted_with_the_etag_that_was_read(azure: Azure, zone: Zone) -> None:
    www, old = put(zone), put(zone, "old")
    etags = {found.name: found.etag for found in zone.sets.values()}
    desired = rrset("www", "A", 60, "192.0.2.1", "192.0.2.2")
    assert outcomes(apply([Replace(www, desired), Delete(old)])) == [(Outcome.DONE, ""), (Outcome.DONE, "")]
    assert {found.key: found for found in stored()}[desired.key] == desired
    assert old not in stored()
    sent = {request.path.rpartition("/")[2]: request.headers["if-match"] for request in azure.requests[2:4]}
    assert sent == {"www": etags["www"], "old": etags["old"]}


def test_what_is_written_is_known_to_the_next_change_without_another_read(azure: Azure, zone: Zone) -> None:
    with writer() as opened:
        opened.read()
        changed = replace(WWW, ttl=60)
        for change in (Create(WWW), Replace(WWW, changed), Delete(changed)):
            assert [result.outcome for result in opened.apply([change])] == [Outcome.DONE]
        assert opened.calls.reads == 2
        assert opened.calls.writes == 3


def test_a_put_keeps_the_metadata_that_the_set_has(azure: Azure, zone: Zone) -> None:
    zone.put("www", "A", TTL=300, ARecords=[{"ipv4Address": "192.0.2.1"}], metadata={"owner": "web"}, moon="full")
    (existing,) = [found for found in stored() if found.key == WWW.key]
    apply([Replace(existing, replace(existing, ttl=60))])
    properties = azure.cloud.only_zone().find("www", "A").properties  # type: ignore[union-attr]
    assert (properties["TTL"], properties["metadata"], properties["moon"]) == (60, {"owner": "web"}, "full")


# ---- compare and swap


def test_a_set_that_somebody_made_meanwhile_is_left_as_it_is(azure: Azure, zone: Zone) -> None:
    azure.fail(Fault("PutSet", edit=lambda cloud: put(cloud.only_zone())))
    ((outcome, detail),) = outcomes(apply([Create(WWW)]))
    assert outcome is Outcome.FAILED
    assert detail == (
        "www.example.com. A: changed since it was read: The Record set www exists already and hence cannot be "
        "created again. It is left as it is; run the command again for a new plan"
    )
    assert zone.find("www", "A").properties["ARecords"] == [{"ipv4Address": "192.0.2.9"}]  # type: ignore[union-attr]


@pytest.mark.parametrize("method", ["PutSet", "DeleteSet"])
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_set_that_somebody_changed_meanwhile_is_left_as_it_is(
    azure: Azure, zone: Zone, method: str, how: str
) -> None:
    www = put(zone)

    def edit(cloud: Cloud) -> None:
        if how == "changed":
            put(cloud.only_zone(), address="192.0.2.77")
        else:
            cloud.only_zone().remove("www", "A")

    azure.fail(Fault(method, edit=edit))
    change: Change = Replace(www, WWW) if method == "PutSet" else Delete(www)
    ((outcome, detail),) = outcomes(apply([change]))
    if method == "DeleteSet" and how == "gone":
        assert outcome is Outcome.DONE
    else:
        assert outcome is Outcome.FAILED
        assert "www.example.com. A: changed since it was read" in detail
        assert WWW not in stored()


def test_what_was_not_there_when_the_zone_was_read_is_neither_changed_nor_deleted(
    azure: Azure, zone: Zone
) -> None:
    results = apply([Replace(WWW, WWW), Delete(rrset("old", "A", 300, "192.0.2.1"))])
    assert {(r.outcome, r.detail.partition(": ")[2]) for r in results} == {
        (Outcome.FAILED, "it was not there when the zone was read")
    }
    assert [request.operation for request in azure.requests] == ["ListZones", "ListSets"]


# ---- answers that are lost, and tries that may have been carried out


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize("kind", ["create", "replace", "delete"])
def test_a_lost_answer_is_looked_after_and_the_change_is_made_once(
    azure: Azure, zone: Zone, kind: str, drop: str
) -> None:
    existing = put(zone)
    new = rrset("new", "A", 300, "192.0.2.1")
    kinds: dict[str, Change] = {
        "create": Create(new),
        "replace": Replace(existing, WWW),
        "delete": Delete(existing),
    }
    change = kinds[kind]
    operation = "DeleteSet" if kind == "delete" else "PutSet"
    azure.fail(Fault(operation, drop=drop))
    assert outcomes(apply([change])) == [(Outcome.DONE, "")]
    expected = {"create": {new, existing}, "replace": {WWW}, "delete": set()}[kind]
    assert {found for found in stored() if found.owner != absolute("example.com.")} == expected
    writes = [request for request in azure.requests if request.operation == operation]
    assert len(writes) == (1 if drop == "after" else 2)
    assert azure.operations().count("GetSet") == 1


@pytest.mark.parametrize("kind", ["create", "replace", "delete"])
def test_a_failure_after_the_change_was_made_is_looked_after(azure: Azure, zone: Zone, kind: str) -> None:
    existing = put(zone)
    kinds: dict[str, Change] = {
        "create": Create(rrset("new", "A", 300, "192.0.2.1")),
        "replace": Replace(existing, WWW),
        "delete": Delete(existing),
    }
    change = kinds[kind]
    operation = "DeleteSet" if kind == "delete" else "PutSet"
    azure.fail(Fault(operation, Answer(504, b"<html>gateway</html>"), applied=True))
    assert outcomes(apply([change])) == [(Outcome.DONE, "")]


def test_a_lost_answer_and_another_persons_edit_are_told_apart(azure: Azure, zone: Zone) -> None:
    azure.fail(
        Fault("PutSet", drop="before"),
        Fault("GetSet", edit=lambda cloud: put(cloud.only_zone(), address="192.0.2.77")),
    )
    ((outcome, detail),) = outcomes(apply([Create(WWW)]))
    assert outcome is Outcome.FAILED
    assert "somebody else wrote it" in detail


def test_a_connection_that_breaks_at_every_try_is_told_as_not_done(azure: Azure, zone: Zone) -> None:
    azure.fail(Fault("PutSet", drop="before", times=3))
    ((outcome, detail),) = outcomes(apply([Create(WWW)]))
    assert (outcome, detail) == (
        Outcome.FAILED,
        "www.example.com. A: the connection broke off 3 times; not done",
    )


def collected(changes: list[Change]) -> tuple[list[ChangeResult], str]:
    """The results that come before the failure that ends everything, and its words."""
    results: list[ChangeResult] = []
    with writer() as opened:
        opened.read()
        try:
            for result in opened.apply(changes):
                results.append(result)  # noqa: PERF402 - what came before the failure counts
        except ProviderError as exc:
            return results, str(exc)
    return results, ""


def test_what_may_have_been_done_when_the_service_failed_is_unknown(azure: Azure, zone: Zone) -> None:
    azure.fail(Fault("PutSet", drop="after"), Fault("GetSet", error(503, "ServiceUnavailable", "busy"), times=99))
    results, words = collected([Create(WWW)])
    assert [result.outcome for result in results] == [Outcome.UNKNOWN]
    assert "the service failed 6 times" in words
    azure.fail(Fault("PutSet", error(500, "InternalServerError", "oops"), times=99))
    results, words = collected([Create(rrset("new", "A", 300, "192.0.2.1"))])
    assert [result.outcome for result in results] == [Outcome.UNKNOWN]


# ---- many at once


def test_eight_are_written_at_once_and_no_more(azure: Azure, zone: Zone) -> None:
    azure.fail(Fault("PutSet", delay=0.02, times=64))
    assert {result.outcome for result in apply(hosts(64))} == {Outcome.DONE}
    assert 2 <= azure.busiest <= 8


def test_throttling_slows_everybody_down_and_nothing_is_lost(azure: Azure, zone: Zone) -> None:
    azure.fail(Fault("PutSet", throttled(0), times=5, skip=10), Fault("PutSet", throttled(), times=5, skip=30))
    with writer() as opened:
        opened.read()
        results = list(opened.apply(hosts(60)))
        assert opened.calls.writes == 70
    assert [result.outcome for result in results] == [Outcome.DONE] * 60
    assert len(stored()) == 62


@pytest.mark.parametrize("size", [10, 300, 1000, 3000])
def test_an_import_costs_a_call_for_every_set(azure: Azure, size: int) -> None:
    azure.cloud.group(SUBSCRIPTION, "dns")
    with writer(HERE) as opened:
        assert not opened.exists()
        opened.create()
        opened.read()
        changes = hosts(size)
        assert isinstance(opened, CallEstimator)
        assert opened.calls_for(changes) == size
        assert {result.outcome for result in opened.apply(changes)} == {Outcome.DONE}
        assert len(opened.read().snapshot.rrsets) == size + 2
        pages = -(-(size + 2) // 1000)
        assert (opened.calls.reads, opened.calls.writes) == (1 + 1 + 1 + pages, 1 + size)
    assert len(azure.requests) == opened.calls.reads + opened.calls.writes


# ---- what ends everything


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (expired(), "the access token has expired"),
        (forbidden(), "may not do this"),
        (throttled(9000), "was throttled"),
        (error(404, "ParentResourceNotFound", "gone"), "there is no such DNS zone"),
        (Answer(409, b'{"error":{"code":"ScopeLocked","message":"locked"}}'), "a lock forbids to write here"),
    ],
)
def test_a_token_that_expires_half_way_ends_the_run_and_what_was_done_is_told(
    azure: Azure, zone: Zone, answer: Answer, words: str
) -> None:
    azure.fail(Fault("PutSet", answer, times=999, skip=20))
    results, said = collected(hosts(60))
    assert words in said
    assert [result.outcome for result in results] == [Outcome.DONE] * 20
    assert {result.change.desired for result in results if isinstance(result.change, Create)} <= stored()
    assert len(stored()) == 22


def test_after_a_run_that_ended_early_the_same_writer_goes_on(azure: Azure, zone: Zone) -> None:
    azure.fail(Fault("PutSet", expired(), times=1, skip=5))
    with writer() as opened:
        opened.read()
        with pytest.raises(ProviderError, match="expired"):
            list(opened.apply(hosts(30)))
        present = {found.key for found in opened.read().snapshot.rrsets}
        left = [change for change in hosts(30) if isinstance(change, Create) and change.desired.key not in present]
        assert {result.outcome for result in opened.apply(left)} == {Outcome.DONE}
    assert len(stored()) == 32


def test_who_stops_listening_stops_the_work(azure: Azure, zone: Zone) -> None:
    azure.fail(Fault("PutSet", delay=0.05, times=999))
    with writer() as opened:
        opened.read()
        results = opened.apply(hosts(100))
        next(results)
        results.close()  # type: ignore[attr-defined]
        begun = azure.operations().count("PutSet")
        assert begun < 40
        assert len(stored()) == begun + 2


# ---- one name that changes its type


def test_a_cname_becomes_an_address_with_nothing_between(azure: Azure, zone: Zone) -> None:
    zone.put("www", "CNAME", TTL=300, CNAMERecord={"cname": "lb.example.net"})
    cname = rrset("www", "CNAME", 300, "lb.example.net.")
    others = hosts(3)
    results = apply([Create(WWW), Delete(cname), *others])
    assert {result.outcome for result in results} == {Outcome.DONE}
    at_www = [r.operation for r in azure.requests if r.path.endswith("/www")]
    assert at_www == ["DeleteSet", "PutSet"]
    assert cname not in stored()
    assert WWW in stored()


def test_what_made_room_is_put_back_where_the_new_set_is_refused(azure: Azure, zone: Zone) -> None:
    zone.put("www", "CNAME", TTL=300, CNAMERecord={"cname": "lb.example.net"}, metadata={"a": "b"})
    cname = rrset("www", "CNAME", 300, "lb.example.net.", extras=(Metadata("a", "b"),))
    azure.fail(Fault("PutSet", error(400, "BadRequest", "The address is reserved.")))
    created, deleted = outcomes(apply([Create(WWW), Delete(cname)]))
    assert created == (Outcome.FAILED, "www.example.com. A: refused: The address is reserved.")
    assert deleted == (Outcome.FAILED, "put back, since what it made room for was refused")
    assert cname in stored()


def test_what_cannot_be_put_back_is_told(azure: Azure, zone: Zone) -> None:
    zone.put("www", "CNAME", TTL=300, CNAMERecord={"cname": "lb.example.net"})
    azure.fail(Fault("PutSet", error(400, "BadRequest", "No."), times=2))
    _, deleted = outcomes(apply([Create(WWW), Delete(rrset("www", "CNAME", 300, "lb.example.net."))]))
    assert deleted == (
        Outcome.FAILED,
        "deleted, and it could not be put back: www.example.com. CNAME: refused: No.",
    )


def test_nothing_is_tried_where_no_room_could_be_made(azure: Azure, zone: Zone) -> None:
    zone.put("www", "A", TTL=300, ARecords=[{"ipv4Address": "192.0.2.1"}])
    zone.put("www", "AAAA", TTL=300, AAAARecords=[{"ipv6Address": "2001:db8::1"}])
    six = rrset("www", "AAAA", 300, "2001:db8::1")
    azure.fail(Fault("DeleteSet", error(400, "BadRequest", "No."), skip=1))
    first, second, cname = outcomes(
        apply([Delete(WWW), Delete(six), Create(rrset("www", "CNAME", 300, "lb.example.net."))])
    )
    assert {first, second} == {
        (Outcome.FAILED, "put back, since what it made room for was refused"),
        (Outcome.FAILED, "www.example.com. AAAA: refused: No."),
    }
    assert cname[1].startswith("not tried, since the name is not free: www.example.com. AAAA: refused: No.")
    assert {WWW, six} <= stored()


# ---- apex


def test_name_servers_are_added_at_the_apex_and_azures_own_stay(azure: Azure, zone: Zone) -> None:
    own = next(found for found in stored() if found.key == rrset("@", "NS", 0).key)
    more = rrset("@", "NS", 3600, "ns1.example.net.", *(str(rdata) for rdata in own.rdatas))
    assert outcomes(apply([Replace(own, more)])) == [(Outcome.DONE, "")]
    fewer = rrset("@", "NS", 3600, "ns1.example.net.")
    ((outcome, detail),) = outcomes(apply([Replace(more, fewer)]))
    assert outcome is Outcome.FAILED
    assert "Azure's own name servers cannot be removed (ns1-01.azure-dns.com." in detail
    ((outcome, detail),) = outcomes(apply([Delete(more)]))
    assert detail == "example.com. NS: Azure keeps the NS set of the apex"
    assert more in stored()


def test_the_soa_takes_everything_but_another_primary(azure: Azure, zone: Zone) -> None:
    own = next(found for found in stored() if found.key == rrset("@", "SOA", 0).key)
    timers = rrset("@", "SOA", 900, "ns1-01.azure-dns.com. hostmaster.example.com. 2026 7200 900 1209600 60")
    assert outcomes(apply([Replace(own, timers)])) == [(Outcome.DONE, "")]
    other = rrset("@", "SOA", 900, "ns1.example.net. hostmaster.example.com. 2026 7200 900 1209600 60")
    ((outcome, detail),) = outcomes(apply([Replace(timers, other)]))
    assert outcome is Outcome.FAILED
    assert "does not let the primary of the SOA be changed" in detail
    assert timers in stored()


# ---- what Azure refuses, one set at a time


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (rrset("@", "CNAME", 300, "lb.example.net."), "CNAME records cannot be created at the zone apex"),
        (rrset("*", "NS", 300, "ns1.example.net."), "cannot be created at '*'"),
        (rrset("child", "DS", 300, "1 13 2 " + "ab" * 32), "needs an NS record set"),
        (rrset("a", "A", 300, *(f"192.0.2.{n}" for n in range(21))), "may not have more than 20 records"),
        (rrset("a", "MX", 300, "0 ."), "The domain name '.' is invalid"),
        (rrset("a", "TXT", 300, '""'), "strings of 1 to 255 characters"),
        (rrset("a", "TXT", 300, r'"\255"'), "octets that are no UTF-8"),
        (rrset("a", "TXT", 300, *(f'"{n:03d}{"x" * 250}"' for n in range(17))), "may not exceed 4096 characters"),
        (rrset("a!b", "A", 300, "192.0.2.1"), "The domain name 'a!b.example.com' is invalid"),
        (rrset("0/25", "A", 300, "192.0.2.1"), "cannot stand in a resource id"),
        (rrset("a", "LOC", 300, "0 N 0 E 0m"), "Azure has no form for LOC"),
        (rrset("a", "A", 300, extras=(Alias(absolute("b.example.com."), ""),)), "does not exist"),
        (rrset("a", "MX", 300, extras=(Alias(ROOT, ADDRESS),)), "cannot be of type MX"),
        (rrset("a", "A", 300, extras=(Alias(absolute("lb.example.net."), ""),)), "only to resources"),
    ],
)
def test_what_azure_refuses_fails_alone_with_its_words(
    azure: Azure, zone: Zone, wanted: RRset, words: str
) -> None:
    bad, good = apply([Create(wanted), Create(WWW)])
    assert bad.outcome is Outcome.FAILED
    assert words in bad.detail
    assert good.outcome is Outcome.DONE


# ---- the zone itself


def test_a_zone_is_created_once_in_the_only_group_that_there_is(azure: Azure) -> None:
    azure.cloud.group(SUBSCRIPTION, "dns")
    with writer() as opened:
        assert not opened.exists()
        opened.create()
        opened.create()
        assert opened.exists()
        assert len(opened.read().snapshot.name_servers) == 4
    with writer() as again:
        again.create()
    assert azure.operations().count("PutZone") == 1
    assert azure.cloud.only_zone().group == "dns"


def test_a_zone_that_somebody_else_just_made_is_taken_as_it_is(azure: Azure) -> None:
    azure.cloud.group(SUBSCRIPTION, "dns")

    def make(cloud: Cloud) -> None:
        cloud.create(SUBSCRIPTION, "dns", "example.com", tags={"by": "somebody"})

    azure.fail(Fault("PutZone", edit=make))
    with writer() as opened:
        opened.create()
        assert opened.exists()
    assert azure.cloud.only_zone().tags == {"by": "somebody"}


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_zone_whose_answer_is_lost_is_looked_for_and_made_once(azure: Azure, drop: str) -> None:
    azure.cloud.group(SUBSCRIPTION, "dns")
    azure.fail(Fault("PutZone", drop=drop))
    with writer() as opened:
        opened.create()
        assert opened.exists()
    assert azure.cloud.only_zone().group == "dns"
    assert azure.operations().count("PutZone") == (2 if drop == "before" else 1)


def test_a_zone_whose_answers_are_all_lost_is_one_line(azure: Azure) -> None:
    azure.cloud.group(SUBSCRIPTION, "dns")
    azure.fail(Fault("PutZone", drop="before", times=100))
    with writer() as opened, pytest.raises(ProviderError, match=r"broke off 3 times\. Run the command again\.$"):
        opened.create()


def test_several_groups_are_refused_with_what_to_type(azure: Azure) -> None:
    for group in ("dns", "web"):
        azure.cloud.group(SUBSCRIPTION, group)
    for act in ("exists", "create"):
        with writer() as opened, pytest.raises(InputError) as refused:
            getattr(opened, act)()
    assert str(refused.value).splitlines() == [
        "azure:example.com: the zone is not there, and 2 resource groups could hold it. Name the one that shall:",
        f"  'azure:example.com?resource-group=dns&subscription={SUBSCRIPTION}'",
        f"  'azure:example.com?resource-group=web&subscription={SUBSCRIPTION}'",
    ]
    with writer("azure:example.com?resource-group=WEB") as opened:
        opened.create()
    assert azure.cloud.only_zone().group == "web"


def test_no_group_at_all_and_a_name_that_is_taken_are_one_line(azure: Azure) -> None:
    with writer() as opened, pytest.raises(ProviderError, match="az group create"):
        opened.create()
    azure.cloud.group(SUBSCRIPTION, "dns")
    with writer("azure:azure.com") as opened, pytest.raises(ProviderError, match=r"'azure\.com' is not available"):
        opened.create()
    with (
        writer(HERE.replace("=dns&", "=none&")) as opened,
        pytest.raises(ProviderError, match="no resource group"),
    ):
        opened.exists()


def test_capabilities_tell_the_quota_and_the_ids_of_the_zone_as_it_is(azure: Azure) -> None:
    azure.cloud.group(SUBSCRIPTION, "dns")
    with writer() as opened:
        before = opened.capabilities()
        assert (before.rrsets_in_zone and before.rrsets_in_zone.bound, before.used_rrsets) == (10_000, None)
        assert before.aliases.scope == ""
    zone = azure.cloud.create(SUBSCRIPTION, "dns", "example.com", most_record_sets=25_000)
    put(zone)
    with writer() as opened:
        now = opened.capabilities()
    assert (now.rrsets_in_zone and now.rrsets_in_zone.bound, now.used_rrsets) == (25_000, 3)
    assert now.aliases.scope.format(rdtype="A", owner="www") == f"{ZONE_ID}/A/www"


def test_a_full_zone_is_told_set_by_set(azure: Azure) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns", "example.com", most_record_sets=4)
    results = apply(hosts(4))
    assert sorted(result.outcome for result in results) == [Outcome.DONE] * 2 + [Outcome.FAILED] * 2
    assert any("has reached its 4 record sets" in result.detail for result in results)


def test_the_writer_is_opened_by_a_locator_and_asks_nothing_yet(azure: Azure) -> None:
    opened: ZoneWriter = PROVIDER.open_writer(parse_locator("azure:example.com"), ENVIRONMENT)
    assert opened.calls.reads == opened.calls.writes == 0
    with pytest.raises(InputError, match="the zone is missing"):
        PROVIDER.open_writer(parse_locator("azure:"), ENVIRONMENT)
    assert azure.requests == []
