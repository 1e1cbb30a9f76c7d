"""The fake Cloudflare refuses what the service refuses, and keeps its normal forms; told to it by the real SDK."""

from collections.abc import Callable, Iterator
from typing import Any

import cloudflare
import httpx
import pytest

from migrator.demo.clouds.cloudflare import TOKEN, Cloudflare, Fault
from migrator.demo.clouds.cloudflare_api import gateway, throttled
from migrator.demo.clouds.cloudflare_zones import Zone

Client = cloudflare.Cloudflare


@pytest.fixture
def cloud() -> Iterator[Cloudflare]:
    with Cloudflare() as running:
        yield running


@pytest.fixture(scope="module")
def certificates() -> Any:
    return httpx.create_ssl_context()


@pytest.fixture
def client(cloud: Cloudflare, certificates: Any) -> Iterator[Client]:
    http = httpx.Client(verify=certificates)
    with Client(api_token=TOKEN, base_url=cloud.url, max_retries=0, http_client=http) as client:
        yield client


@pytest.fixture
def zone(cloud: Cloudflare) -> Zone:
    return cloud.account.create("example.com", plan="pro")


def post(client: Client, zone: Zone, **record: Any) -> dict[str, Any]:
    """Create a record and return it as it is listed."""
    path = f"/zones/{zone.identifier}/dns_records"
    answer: Any = client.post(path, cast_to=object, body=record)
    found = answer["result"]
    assert isinstance(found, dict)
    return found


def refusal(act: Callable[[], object]) -> tuple[int, tuple[int, ...], str]:
    with pytest.raises(cloudflare.APIStatusError) as refused:
        act()
    body: Any = refused.value.body
    problem = body["errors"][0]
    cause = problem.get("error_chain", [problem])[0]
    return refused.value.status_code, (problem["code"], cause["code"]), cause["message"]


NORMAL: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "A", "name": "WWW.Example.COM.", "content": "192.0.2.1"}, {"name": "www.example.com", "ttl": 1}),
    ({"type": "A", "name": "@", "content": "192.0.2.1", "ttl": 60.0}, {"name": "example.com", "ttl": 60}),
    (
        {"type": "A", "name": "bücher", "content": "192.0.2.1", "proxied": True, "ttl": 300},
        {"name": "xn--bcher-kva.example.com", "proxied": True, "ttl": 1, "proxiable": True},
    ),
    ({"type": "AAAA", "name": "www", "content": "2001:DB8:0:0::1"}, {"content": "2001:db8::1"}),
    ({"type": "CNAME", "name": "docs", "content": "x.example.net."}, {"content": "x.example.net"}),
    ({"type": "MX", "name": "@", "content": ".", "priority": 0}, {"content": ".", "priority": 0}),
    ({"type": "TXT", "name": "a", "content": "bare words"}, {"content": "bare words"}),
    ({"type": "TXT", "name": "a", "content": '"a" "b"'}, {"content": '"a" "b"'}),
    (
        {"type": "SRV", "name": "s", "data": {"priority": 1, "weight": 2, "port": 3, "target": "t.example.net."}},
        {
            "content": "2 3 t.example.net",
            "priority": 1,
            "data": {"priority": 1, "weight": 2, "port": 3, "target": "t.example.net"},
        },
    ),
    (
        {"type": "CAA", "name": "@", "content": '0 issue "ca.example.net"'},
        {"data": {"flags": 0, "tag": "issue", "value": "ca.example.net"}},
    ),
    (
        {"type": "HTTPS", "name": "w", "data": {"priority": 1, "target": ".", "value": 'alpn="h2"'}},
        {"content": '1 . alpn="h2"'},
    ),
    (
        {"type": "URI", "name": "u", "priority": 10, "data": {"weight": 1, "target": "https://example.net/"}},
        {"content": '1 "https://example.net/"', "priority": 10},
    ),
]


@pytest.mark.parametrize(("given", "stored"), NORMAL, ids=[f"{g['type']} {g['name']}" for g, _ in NORMAL])
def test_a_record_is_kept_in_the_service_s_own_form(
    client: Client, zone: Zone, given: dict[str, Any], stored: dict[str, Any]
) -> None:
    found = post(client, zone, **given)
    assert {name: found[name] for name in stored} == stored
    assert found == zone.records[0]


A = {"type": "A", "name": "www", "content": "192.0.2.1"}
REFUSED: list[tuple[dict[str, Any], int]] = [
    ({**A, "name": "there", "content": "192.0.2.9"}, 81058),
    ({"type": "CNAME", "name": "there", "content": "x.example.net"}, 81053),
    ({**A, "name": "alias"}, 81053),
    ({**A, "name": "child"}, 81056),
    ({"type": "NS", "name": "there", "content": "ns.example.net"}, 81056),
    ({**A, "content": "192.0.2.999"}, 9005),
    ({**A, "type": "AAAA"}, 9006),
    ({**A, "name": "a..b"}, 9000),
    ({**A, "ttl": 59}, 9021),
    ({**A, "ttl": 86_401}, 9021),
    ({**A, "type": "FOO"}, 9004),
    ({"type": "TXT", "name": "t", "content": "x", "proxied": True}, 9041),
    ({"type": "TXT", "name": "t", "content": ""}, 9013),
    ({"type": "TXT", "name": "t", "content": '"' + "x" * 5000 + '"'}, 9015),
    ({"type": "TXT", "name": "long", "content": "x" * 4000}, 83011),
    ({"type": "MX", "name": "m", "content": "mail.example.net"}, 9100),
    ({"type": "DS", "name": "www", "content": "1 13 2 " + "ab" * 32}, 9061),
    ({"type": "NS", "name": "@", "content": "ADA1.ns.cloudflare.com"}, 9063),
    ({"type": "SRV", "name": "s", "data": {"priority": 1, "weight": 2, "port": "x", "target": "t"}}, 9020),
    ({**A, "comment": "x" * 501}, 9313),
    ({**A, "tags": [f"t{n}" for n in range(21)]}, 9300),
    ({**A, "tags": ["cf-own:x"]}, 9301),
    ({**A, "settings": {"flatten_cname": True}}, 9044),
]


@pytest.mark.parametrize(("given", "code"), REFUSED, ids=[f"{code} {g['type']}" for g, code in REFUSED])
def test_a_batch_with_one_bad_record_is_refused_whole(
    client: Client, zone: Zone, given: dict[str, Any], code: int
) -> None:
    zone.seed(
        {"type": "A", "name": "there", "content": "192.0.2.9"},
        {"type": "CNAME", "name": "alias", "content": "x.example.net"},
        {"type": "NS", "name": "child", "content": "ns.example.net"},
        {"type": "TXT", "name": "long", "content": "y" * 4000},
        {"type": "TXT", "name": "long", "content": "z" * 1000},
    )
    before = list(zone.records)
    good: Any = {"type": "A", "name": "good", "content": "192.0.2.1", "ttl": 300}
    posts: Any = [good, {"ttl": 300, **given}]
    batch = client.dns.records.batch
    _, codes, _ = refusal(lambda: batch(zone_id=zone.identifier, posts=posts))
    assert codes[1] == code
    assert codes[0] in {1004, code}
    assert zone.records == before


def test_a_batch_deletes_before_it_posts_and_returns_whole_records(client: Client, zone: Zone) -> None:
    zone.seed({"type": "CNAME", "name": "www", "content": "x.example.net"}, A | {"name": "other"})
    cname, other = (record["id"] for record in zone.records)
    patches: Any = [{"id": other, "ttl": 60}]
    posts: Any = [{**A, "ttl": 300}]
    answer = client.dns.records.batch(
        zone_id=zone.identifier, deletes=[{"id": cname}], patches=patches, posts=posts
    )
    assert answer is not None
    assert [(r["name"], r["type"], r["ttl"]) for r in zone.records] == [
        ("other.example.com", "A", 60),
        ("www.example.com", "A", 300),
    ]


def test_a_free_zone_has_200_records_and_batches_of_200(cloud: Cloudflare, client: Client) -> None:
    zone = cloud.account.create("example.com")
    posts: Any = [{**A, "name": f"h{n}", "ttl": 300} for n in range(201)]
    batch = client.dns.records.batch
    assert refusal(lambda: batch(zone_id=zone.identifier, posts=posts))[1][0] == 1005
    batch(zone_id=zone.identifier, posts=posts[:200])
    assert refusal(lambda: batch(zone_id=zone.identifier, posts=posts[200:]))[1] == (81045, 81045)
    usage = client.dns.usage.zone.get(zone_id=zone.identifier)
    assert usage is not None
    assert (usage.record_quota, usage.record_usage) == (200, 200)


def test_a_put_forgets_what_it_does_not_say_and_a_patch_keeps_it(client: Client, zone: Zone) -> None:
    zone.seed({**A, "comment": "why", "tags": ["team:web"], "proxied": True})
    identifier = zone.records[0]["id"]
    client.dns.records.edit(identifier, zone_id=zone.identifier, type="A", name="www", ttl=1, content="192.0.2.2")
    assert (zone.records[0]["comment"], zone.records[0]["proxied"]) == ("why", True)
    client.dns.records.update(
        identifier, zone_id=zone.identifier, type="A", name="www", ttl=60, content="192.0.2.2"
    )
    stored = zone.records[0]
    assert (stored["comment"], stored["tags"], stored["proxied"], stored["ttl"]) == (None, [], False, 60)


def test_a_record_of_another_product_refuses_edits(client: Client, zone: Zone) -> None:
    zone.seed(A)
    zone.records[0]["meta"] = {"read_only": True, "email_routing": True}
    identifier = zone.records[0]["id"]
    delete = client.dns.records.delete
    assert refusal(lambda: delete(identifier, zone_id=zone.identifier))[1][0] == 1046
    assert refusal(lambda: delete("0" * 32, zone_id=zone.identifier))[:2] == (404, (81044, 81044))


def test_pages_have_100_records_unless_asked(client: Client, zone: Zone) -> None:
    zone.seed(*({**A, "name": f"h{n}"} for n in range(250)))
    assert len(client.dns.records.list(zone_id=zone.identifier).result) == 100
    assert len(client.dns.records.list(zone_id=zone.identifier, per_page=5_000_000).result) == 250
    third = client.dns.records.list(zone_id=zone.identifier, page=3)
    assert len(third.result) == 50


def test_credentials_are_looked_at(cloud: Cloudflare, zone: Zone) -> None:
    def list_zones(**credentials: Any) -> Callable[[], object]:
        def act() -> object:
            with Client(base_url=cloud.url, max_retries=0, **credentials) as client:
                return client.zones.list()

        return act

    assert refusal(list_zones(api_token="wrong"))[:2] == (403, (9109, 9109))
    assert refusal(list_zones(api_token="no form"))[:2] == (400, (6003, 6111))
    assert refusal(list_zones(api_key="k", api_email="me@example.net"))[:2] == (403, (9103, 9103))
    cloud.account.keys["me@example.net"] = "k"
    list_zones(api_key="k", api_email="me@example.net")()
    cloud.account.tokens[TOKEN].zones = frozenset()
    with Client(api_token=TOKEN, base_url=cloud.url, max_retries=0) as client:
        assert client.zones.list().result == []
        assert refusal(lambda: client.dns.records.list(zone_id=zone.identifier))[:2] == (403, (10000, 10000))
        assert refusal(lambda: client.dns.records.list(zone_id="nonsense"))[:2] == (404, (7003, 7003))


def test_a_new_zone_waits_for_its_delegation_and_a_scan_fills_it(cloud: Cloudflare, client: Client) -> None:
    account: Any = {"id": "a" * 32}
    made = client.zones.create(account=account, name="example.net", extra_body={"jump_start": True})
    assert made is not None
    assert (made.status, len(made.name_servers)) == ("pending", 2)
    assert len(cloud.account.zones[made.id].records) == 150
    create = client.zones.create
    assert refusal(lambda: create(account=account, name="example.net"))[1][0] == 1061
    assert refusal(lambda: create(account=account, name="www.example.org"))[1][0] == 1116


def test_a_zone_is_a_registered_domain_once_in_each_account(cloud: Cloudflare, client: Client) -> None:
    cloud.account.accounts["b" * 32] = "Another"
    one: Any = {"id": "a" * 32}
    other: Any = {"id": "b" * 32}
    assert client.zones.create(account=one, name="example.org.uk") is not None
    assert refusal(lambda: client.zones.create(account=one, name="example.org.uk"))[1][0] == 1061
    assert client.zones.create(account=other, name="example.org.uk") is not None
    for name in ("www.example.org.uk", "org.uk", "uk"):
        assert refusal(lambda name=name: client.zones.create(account=one, name=name))[1][0] == 1116  # type: ignore[misc]


def test_a_token_sees_its_own_accounts(cloud: Cloudflare, client: Client, zone: Zone) -> None:
    cloud.account.accounts["b" * 32] = "Another"
    cloud.account.create("example.com", account="b" * 32)
    cloud.account.tokens[TOKEN].accounts = frozenset({"b" * 32})
    assert [found.account.id for found in client.zones.list()] == ["b" * 32]
    assert [found.id for found in client.accounts.list()] == ["b" * 32]
    assert refusal(lambda: client.dns.records.list(zone_id=zone.identifier))[0] == 403
    assert refusal(lambda: client.zones.create(account={"id": "a" * 32}, name="example.net"))[0] == 403


def test_settings_are_a_plan_s(cloud: Cloudflare, client: Client, zone: Zone) -> None:
    edit = client.dns.settings.zone.edit
    assert refusal(lambda: edit(zone_id=zone.identifier, ns_ttl=3600))[0] == 403
    zone.plan = "enterprise"
    edit(zone_id=zone.identifier, soa={"min_ttl": 300})
    assert zone.settings["soa"]["min_ttl"] == 300
    assert zone.settings["soa"]["retry"] == 2400
    assert refusal(lambda: edit(zone_id=zone.identifier, soa={"min_ttl": 5}))[1][1] == 9070


def test_what_is_exported_can_be_imported(cloud: Cloudflare, client: Client, zone: Zone) -> None:
    zone.seed(
        {**A, "proxied": True},
        {"type": "MX", "name": "@", "content": "mail.example.net", "priority": 10, "ttl": 3600},
        {"type": "TXT", "name": "@", "content": '"v=spf1 -all"', "comment": "policy"},
        {"type": "CNAME", "name": "docs", "content": "x.example.net", "ttl": 120},
    )
    text = client.dns.records.export(zone_id=zone.identifier)
    assert "cf_tags=cf-proxied:true" in text
    other = cloud.account.create("example.com", plan="pro")
    path = f"/zones/{other.identifier}/dns_records/import"
    options: Any = {"headers": {"Content-Type": "multipart/form-data"}}
    client.post(path, cast_to=object, files={"file": ("zone.txt", text.encode())}, body={}, options=options)
    said = [(r["name"], r["type"], r["content"], r["ttl"], r["proxied"]) for r in zone.records]
    assert [(r["name"], r["type"], r["content"], r["ttl"], r["proxied"]) for r in other.records] == said


def test_faults_come_as_often_as_they_say(cloud: Cloudflare, client: Client, zone: Zone) -> None:
    cloud.fail(Fault("ListZones", throttled(5), times=2, skip=1), Fault("GetZone", gateway(502)))
    client.zones.list()
    for _ in range(2):
        with pytest.raises(cloudflare.RateLimitError) as refused:
            client.zones.list()
        assert refused.value.response.headers["retry-after"] == "5"
    client.zones.list()
    with pytest.raises(cloudflare.InternalServerError):
        client.zones.get(zone_id=zone.identifier)
    assert cloud.operations() == ["ListZones"] * 4 + ["GetZone"]


def test_a_request_whose_answer_is_dropped_was_carried_out(cloud: Cloudflare, client: Client, zone: Zone) -> None:
    cloud.fail(Fault("CreateRecord", drop="after"), Fault("CreateRecord", drop="before"))
    for content in ("192.0.2.1", "192.0.2.2"):
        with pytest.raises(cloudflare.APIConnectionError):
            post(client, zone, **{**A, "content": content})
    assert [record["content"] for record in zone.records] == ["192.0.2.1"]
