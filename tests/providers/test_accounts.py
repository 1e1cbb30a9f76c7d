"""Whole accounts: the zones are listed once, and each is read without being looked for, several at a time."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from migrator.errors import InputError, ProviderError
from migrator.interfaces import Account, AccountProvider, ListedZone, ReadResult
from providers import load, parse_locator
from tests.providers.contract import ENVIRONMENT, ZONE, Service
from tests.providers.contract_services import SERVICES

# What the list costs, and what each zone does.
COSTS = {"route53": (1, 2), "azure": (1, 1), "cloudflare": (1, 4)}
ACCOUNT_OPTION = {
    "route53": "private=false",
    "azure": "resource-group=group-1",
    "cloudflare": f"account-id={'b' * 32}",
}


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with SERVICES[request.param](monkeypatch) as running:
        yield running


@contextmanager
def account(text: str) -> Iterator[Account]:
    provider = load(parse_locator(text).scheme)
    assert isinstance(provider, AccountProvider)
    opened = provider.open_account(parse_locator(text), ENVIRONMENT)
    try:
        yield opened
    finally:
        opened.close()


def read_alone(text: str) -> ReadResult:
    locator = parse_locator(text)
    return load(locator.scheme).open_reader(locator, ENVIRONMENT).read()


def read(zone: ListedZone) -> ReadResult:
    return zone.read()


def test_the_list_is_read_once_and_each_zone_by_its_identifier(service: Service) -> None:
    for _ in range(2):
        service.add_zone()
    of_list, of_zone = COSTS[service.scheme]

    with account(f"{service.scheme}:") as opened:
        zones = list(opened.zones())
        assert service.sent() == (of_list, 0)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(read, zones * 4))

        assert [each.reads for each in found] == [of_zone] * 8
        assert opened.reads == of_list + 8 * of_zone == service.sent()[0]


def test_two_zones_of_one_name_are_told_apart_and_read_as_alone(service: Service) -> None:
    for _ in range(2):
        service.add_zone()

    with account(f"{service.scheme}:") as opened:
        zones = list(opened.zones())
        found = [zone.read() for zone in zones]

    assert len({zone.mark for zone in zones}) == len({zone.info.identifier for zone in zones}) == 2
    for together in found:
        alone = read_alone(together.snapshot.source)
        as_read = replace(alone.snapshot, read_at=together.snapshot.read_at, native=together.snapshot.native)
        assert as_read == together.snapshot
        assert alone.findings == together.findings


def test_a_zone_has_its_own_description_beside_it_and_not_that_of_others(service: Service) -> None:
    for _ in range(2):
        service.add_zone()

    with account(f"{service.scheme}:") as opened:
        zones = list(opened.zones())
        native = {zone.mark: zone.read().snapshot.native for zone in zones}

    for zone in zones:
        described = native[zone.mark][0]
        assert described.name in {"hosted-zone.xml", "zone.json"}
        told = described.content.decode()
        if described.name == "zone.json":
            told = json.loads(told)["id"].rpartition("resourceGroups/")[2]
        assert [other.mark for other in zones if other.mark.partition(".")[0] in told] == [zone.mark]


def test_an_option_of_the_account_chooses_the_zones(service: Service) -> None:
    for _ in range(2):
        service.add_zone()
    chosen = {"route53": 2, "azure": 1, "cloudflare": 1}[service.scheme]

    with account(f"{service.scheme}:?{ACCOUNT_OPTION[service.scheme]}") as opened:
        zones = list(opened.zones())
        assert len(zones) == chosen
        assert ACCOUNT_OPTION[service.scheme] in zones[0].read().snapshot.source


def test_a_zone_is_no_account(service: Service) -> None:
    named = [f"{service.scheme}:{ZONE}"]
    if service.scheme != "azure":
        named.append(f"{service.scheme}:?zone-id=Z1")
    for text in named:
        with pytest.raises(InputError, match="a whole account"), account(text):
            pass
    assert service.sent() == (0, 0)


def test_an_expired_login_is_the_whole_account_s_trouble_and_a_lacking_permission_is_not(service: Service) -> None:
    service.add_zone()
    with account(f"{service.scheme}:") as opened:
        (zone,) = opened.zones()
        trouble = {}
        for fault in ("expired", "denied", "busy"):
            service.fail(fault, times=100)
            with pytest.raises(ProviderError) as failed:
                zone.read()
            service.mend()
            trouble[fault] = failed.value.of_account

    assert trouble == {"expired": True, "denied": False, "busy": False}


def test_wrong_credentials_are_the_whole_account_s_trouble(service: Service) -> None:
    service.mistype()
    with account(f"{service.scheme}:") as opened, pytest.raises(ProviderError) as failed:
        list(opened.zones())

    assert failed.value.of_account
