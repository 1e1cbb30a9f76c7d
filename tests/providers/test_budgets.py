"""Each request to a provider, each try of it too, first asks for a turn in the budget of its account."""

import dataclasses
from collections import Counter
from contextlib import ExitStack

import pytest

from migrator.demo.clouds import azure
from migrator.model.change import Create
from migrator.model.rrset import RRset
from providers import load, parse_locator
from providers.route53.pacing import account_of
from tests.cloud.aws import ACCESS_KEY
from tests.providers.contract import ENVIRONMENT
from tests.providers.contract_services import (
    CloudflareService,
    Start,
    azure_service,
    cloudflare_service,
    route53_service,
)
from tests.providers.route53_reading import rrset

STARTS: dict[str, Start] = {
    "route53": route53_service,
    "azure": azure_service,
    "cloudflare": cloudflare_service,
}
NEW: RRset = rrset("www", "A", 300, "192.0.2.1")


@pytest.mark.parametrize("scheme", STARTS)
def test_every_request_takes_a_turn(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: Counter[tuple[str, str]] = Counter()
    environment = dataclasses.replace(
        ENVIRONMENT, budget=lambda service, account: taken.update([(service, account)])
    )
    provider = load(scheme)
    with ExitStack() as stack:
        service = stack.enter_context(STARTS[scheme](monkeypatch))
        locator = parse_locator(service.add_zone())
        service.fail("throttled")
        provider.open_reader(locator, environment).read()
        provider.assigned_name_servers(locator, environment)
        tuple(provider.list_zones(parse_locator(f"{scheme}:"), environment))
        writer = provider.open_writer(locator, environment)
        writer.exists()
        writer.read()
        tuple(writer.apply([Create(NEW)]))
        reads, writes = service.sent()

        services = Counter[str]()
        for (name, _), number in taken.items():
            services[name] += number
        if scheme == "azure":
            assert services == {"azure-reads": reads, "azure-writes": writes}
        else:
            assert services == {scheme: reads + writes}
        assert writes > 0
        of_accounts = {account.split(" ", 1)[1] for _, account in taken}
        assert of_accounts <= {account_of(ACCESS_KEY), azure.SUBSCRIPTION, CloudflareService.secrets[0], ""}


KEYS = {
    "ASIAQNZGKIQY56JQ7WML": "029608264753",
    "AKIAIOSFODNN7EXAMPLE": "581039954779",
    "test": "test",
    "AKIA not base 32": "AKIA not base 32",
}


@pytest.mark.parametrize("key", KEYS)
def test_an_access_key_tells_its_account(key: str) -> None:
    assert account_of(key) == KEYS[key]
