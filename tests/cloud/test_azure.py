"""The fake Azure against what the real one said, and what it must do for the tests that rely on it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from migrator.demo.clouds.azure import SUBSCRIPTION, TOKEN, Azure, Fault
from migrator.demo.clouds.azure_api import throttled
from migrator.demo.clouds.azure_zones import PREVIEW, STABLE

RECORDED = "00000000-0000-0000-0000-000000000000"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/dns"
ZONE = f"{GROUP}/providers/Microsoft.Network/dnsZones/example.com"
A = {"properties": {"TTL": 300, "ARecords": [{"ipv4Address": "192.0.2.1"}]}}


@pytest.fixture
def azure() -> Iterator[Azure]:
    with Azure() as running:
        running.cloud.group(SUBSCRIPTION, "dns")
        yield running


@pytest.fixture
def client(azure: Azure) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=azure.url, headers=headers, event_hooks={"request": [_with_version]}) as opened:
        yield opened


def _with_version(request: httpx.Request) -> None:
    """Ask with the preview of the API where a test names no version; httpx would drop the query of a link."""
    if "api-version" not in request.url.params:
        request.url = request.url.copy_add_param("api-version", PREVIEW)


RECORDINGS = (
    "azure-cli-recordings/network/tests/latest/recordings/test_dns.yaml",
    "azure-cli-recordings/network/tests/latest/recordings/test_dns_alias.yaml",
    "azure-cli-recordings/network/tests/latest/recordings/test_dns_zone1_import.yaml",
    "azure-cli-recordings/network/tests/latest/recordings/test_dns_zone3_import.yaml",
    "azure-cli-recordings/network/tests/latest/recordings/test_dns_zone4_import.yaml",
    "azure-cli-recordings/network/tests/latest/recordings/test_dns_zone7_import.yaml",
    "azure-mgmt-dns/test_mgmt_dns.test_public_zone.yaml",
)


@pytest.mark.corpus
@pytest.mark.parametrize("name", RECORDINGS, ids=lambda name: Path(name).stem)
def test_the_fake_answers_what_azure_answered(azure: Azure, client: httpx.Client, corpus: Path, name: str) -> None:
    """Replays the requests of a recording; answers are equal but for etags and the number of the name servers."""
    azure.cloud.subscribe(RECORDED)
    replayed = 0
    for interaction in yaml.load((corpus / name).read_text(), yaml.CSafeLoader)["interactions"]:
        asked, answered = interaction["request"], interaction["response"]
        url = urlsplit(asked["uri"])
        if "/dnszones" not in url.path.lower() or url.path.startswith(f"/subscriptions/{RECORDED}/providers"):
            continue  # other services, and a list with other people's zones
        group = azure.cloud.group(RECORDED, url.path.split("/")[4])
        zone = azure.cloud.zone(RECORDED, group, f"{url.path}//".split("/")[8])
        body = asked["body"] or ""
        if zone is not None:  # what was recorded names the servers of its own zone
            body = re.sub(r"\bns([1-4])-\d\d\.azure-dns", rf"ns\1-{zone.number:02d}.azure-dns", body)
        got = client.request(asked["method"], url.path, params={"api-version": STABLE}, content=body)
        assert got.status_code == answered["status"]["code"], (asked["method"], url.path, got.text)
        assert _plain(got.text) == _plain(answered["body"]["string"]), url.path
        replayed += 1
    assert replayed >= 4


def _plain(text: str) -> object:
    """A body without what differs from run to run."""
    if not text:
        return None
    text = re.sub(r"\bns([1-4])-\d\d\.azure-dns", r"ns\1-XX.azure-dns", text)
    text = re.sub(r"of subscription '[0-9a-f-]{36}'", "of subscription 'X'", text)
    return _without_etags(json.loads(text))


def _without_etags(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _without_etags(value) for name, value in found.items() if name != "etag"}
    return [_without_etags(item) for item in found] if isinstance(found, list) else found


def test_paths_are_found_in_any_case_and_names_come_back_as_they_were(client: httpx.Client) -> None:
    assert client.put(ZONE, json={"location": "global"}).status_code == 201
    shouted = ZONE.replace("resourceGroups/dns", "RESOURCEGROUPS/DNS").replace("example", "EXAMPLE")
    assert client.put(f"{shouted}/a/WWW", json=A).status_code == 201
    found = client.get(f"{ZONE}/A/www").json()
    assert (found["name"], found["type"]) == ("WWW", "Microsoft.Network/dnszones/A")
    assert r"dnszones\/example.com\/A\/WWW" in client.get(f"{ZONE}/A/www").text
    assert client.put(f"{ZONE}/A/www", json=A).json()["name"] == "WWW"


def test_lists_are_paged_by_100_and_no_page_has_more_than_1000(azure: Azure, client: httpx.Client) -> None:
    zone = azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
    for n in range(250):
        zone.put(f"h{n}", "A", ARecords=[])
    url, sizes = f"{ZONE}/recordsets", []
    while url:
        page = client.get(url).json()
        sizes.append(len(page["value"]))
        url = page.get("nextLink", "")
    assert sizes == [100, 100, 52]
    assert len(client.get(f"{ZONE}/all", params={"$top": "1000"}).json()["value"]) == 252
    assert len(client.get(f"{ZONE}/A", params={"$top": "1000", "$recordsetnamesuffix": "h7"}).json()["value"]) == 1
    refused = client.get(f"{ZONE}/recordsets", params={"$top": "1001"})
    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "Invalid $top value: '1001'. It must be a number between '1' and '1000'.",
    )


def test_conditions_are_kept_and_every_write_gives_another_etag(azure: Azure, client: httpx.Client) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
    path = f"{ZONE}/A/www"
    first = client.put(path, json=A, headers={"If-None-Match": "*"})
    assert (first.status_code, client.put(path, json=A, headers={"If-None-Match": "*"}).status_code) == (201, 412)
    etag = first.json()["etag"]
    second = client.put(path, json=A, headers={"If-Match": etag})
    assert second.status_code == 200
    assert second.json()["etag"] != etag
    assert client.put(path, json=A, headers={"If-Match": etag}).status_code == 412
    assert client.delete(path, headers={"If-Match": etag}).status_code == 412
    assert client.delete(path, headers={"If-Match": second.json()["etag"]}).status_code == 200
    assert client.delete(path).status_code == 204


def test_a_patch_keeps_what_a_put_would_lose(azure: Azure, client: httpx.Client) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
    path = f"{ZONE}/A/www"
    client.put(path, json={"properties": {**A["properties"], "metadata": {"a": "b"}}})
    assert client.patch(path, json={"properties": {"TTL": 60}}).json()["properties"]["metadata"] == {"a": "b"}
    assert "metadata" not in client.put(path, json=A).json()["properties"]


def test_types_of_the_preview_are_not_there_for_an_older_api(azure: Azure, client: httpx.Client) -> None:
    zone = azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
    zone.put("_25._tcp", "TLSA", TLSARecords=[])
    old = {"api-version": STABLE}
    assert client.get(f"{ZONE}/TLSA/_25._tcp").status_code == 200
    assert client.get(f"{ZONE}/TLSA/_25._tcp", params=old).status_code == 404
    assert len(client.get(f"{ZONE}/all").json()["value"]) == 3
    assert len(client.get(f"{ZONE}/all", params=old).json()["value"]) == 2
    assert "trafficManagementProfile" not in client.get(f"{ZONE}/SOA/@", params=old).json()["properties"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/subscriptions/x/resourcegroups", 400, "InvalidSubscriptionId"),
        ("GET", f"/subscriptions/{RECORDED}/resourcegroups", 404, "SubscriptionNotFound"),
        ("GET", ZONE, 404, "ResourceNotFound"),
        ("GET", ZONE.replace("/dns/", "/x/"), 404, "ResourceGroupNotFound"),
        ("PUT", f"{ZONE}/A/www", 404, "ParentResourceNotFound"),
        ("PUT", f"{ZONE}/SSHFP/www", 404, "InvalidResourceType"),
    ],
)
def test_the_resource_manager_refuses_in_its_own_form(
    client: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    found = client.request(method, path, json=A)
    assert (found.status_code, found.json().get("error", found.json())["code"]) == (status, code)


def test_tokens_versions_and_faults(azure: Azure, client: httpx.Client) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
    assert httpx.get(f"{azure.url}{ZONE}?api-version={PREVIEW}").status_code == 401
    assert client.get(ZONE, headers={"Authorization": "Bearer x"}).json()["error"]["code"] == (
        "InvalidAuthenticationToken"
    )
    assert client.get(ZONE, params={"api-version": "1999-01-01"}).status_code == 400
    assert client.get(ZONE, params={"api-version": ""}).json()["error"]["code"] == "MissingApiVersionParameter"
    azure.fail(Fault("GetZone", throttled(7), times=2, skip=1))
    assert [client.get(ZONE).status_code for _ in range(4)] == [200, 429, 429, 200]
    assert client.get("/fail?kind=outage&operation=GetZone").text == "ok\n"
    assert client.get(ZONE).status_code == 503
    assert client.get("/fail?kind=what").status_code == 400


def test_a_zone_is_deleted_in_the_background(azure: Azure, client: httpx.Client) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
    azure.cloud.polls_until_deleted = 2
    deleted = client.delete(ZONE)
    assert deleted.status_code == 202
    states = [client.get(deleted.headers["azure-asyncoperation"]).json()["status"] for _ in range(2)]
    assert states == ["InProgress", "Succeeded"]
    assert client.delete(ZONE).status_code == 204


def test_a_zone_is_signed_and_unsigned(azure: Azure, client: httpx.Client) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
    config = f"{ZONE}/dnssecConfigs/default"
    assert client.get(config).status_code == 404
    assert client.put(config).json()["properties"] == {"provisioningState": "Creating"}
    (key,) = client.get(config).json()["properties"]["signingKeys"]
    assert key["delegationSignerInfo"][0]["record"].startswith("60485 13 2 ")
    assert client.get(ZONE).json()["properties"]["signingKeys"] == [key]
    assert client.delete(config).status_code == 202
    assert "signingKeys" not in client.get(ZONE).json()["properties"]
