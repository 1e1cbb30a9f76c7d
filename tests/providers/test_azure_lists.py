"""Lists of zones that a worker's domains share: asked for once a minute, never believed about a zone itself."""

import dataclasses
from collections import Counter
from collections.abc import Iterator

import pytest

from migrator.demo.clouds.azure import SUBSCRIPTION, Azure, Fault
from migrator.demo.clouds.azure_api import forbidden, unregistered
from migrator.errors import InputError, ProviderError
from migrator.interfaces import Environment, ReadResult
from migrator.model.names import absolute
from providers import load, parse_locator
from providers.azure import lists, open_account
from tests.cloud.azure_environment import point_azure_at
from tests.providers.azure_reading import ENVIRONMENT

WORKER = dataclasses.replace(ENVIRONMENT, shares_lists=True)
PROVIDER = load("azure")
NAMES = [f"{label}.example.com" for label in "abcdef"]


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Azure]:
    with Azure() as running:
        point_azure_at(running, monkeypatch)
        running.cloud.group(SUBSCRIPTION, "dns")
        yield running
    lists._KEPT.clear()


def read(name: str) -> ReadResult:
    return PROVIDER.open_reader(parse_locator(f"azure:{name}"), WORKER).read()


def asked(azure: Azure) -> Counter[str]:
    """What was asked since the last time."""
    found = Counter(azure.operations())
    azure.requests.clear()
    return found


def test_many_domains_take_one_list(azure: Azure) -> None:
    for name in NAMES:
        azure.cloud.create(SUBSCRIPTION, "dns", name)
    for name in NAMES:
        assert read(name).snapshot.origin == absolute(f"{name}.")

    shared = asked(azure)
    for name in NAMES:
        PROVIDER.open_reader(parse_locator(f"azure:{name}"), ENVIRONMENT).read()
    alone = asked(azure)
    assert (shared["ListZones"], shared["ListSubscriptions"], alone["ListZones"], alone["ListSubscriptions"]) == (
        1,
        1,
        6,
        6,
    )


def test_new_zones_are_known_without_another_list(azure: Azure) -> None:
    for name in NAMES:
        writer = PROVIDER.open_writer(parse_locator(f"azure:{name}"), WORKER)
        assert not writer.exists()
        writer.create()
        writer.read()
        writer.close()  # type: ignore[attr-defined]
        assert len(PROVIDER.assigned_name_servers(parse_locator(f"azure:{name}"), WORKER)) == 4

    found = asked(azure)
    assert (found["ListZones"], found["ListSubscriptions"], found["ListGroups"]) == (1, 1, 1)


OTHERS = ("00000000-0000-0000-0000-000000000001", "ffffffff-ffff-ffff-ffff-ffffffffffff")


@pytest.mark.parametrize("environment", [ENVIRONMENT, WORKER], ids=["alone", "worker"])
@pytest.mark.parametrize("place", [1, 2])
def test_a_subscription_among_others_that_never_used_dns_has_no_zone(
    azure: Azure, environment: Environment, place: int
) -> None:
    for other in OTHERS:
        azure.cloud.group(other, "unused")
    azure.cloud.create(SUBSCRIPTION, "dns", "a.example.com")

    def fail() -> None:
        azure.fail(Fault("ListZones", unregistered(), skip=place))

    fail()
    found = PROVIDER.open_reader(parse_locator("azure:a.example.com"), environment).read()
    assert found.snapshot.origin == absolute("a.example.com.")
    fail()
    listed = PROVIDER.list_zones(parse_locator("azure:"), environment)
    assert [zone.name for zone in listed] == [absolute("a.example.com.")]
    fail()
    account = open_account(parse_locator("azure:"), environment)
    assert [zone.info.name for zone in account.zones()] == [absolute("a.example.com.")]
    account.close()


@pytest.mark.parametrize("environment", [ENVIRONMENT, WORKER], ids=["alone", "worker"])
def test_a_subscription_that_may_not_be_searched_is_named(azure: Azure, environment: Environment) -> None:
    azure.cloud.group(OTHERS[1], "closed")
    azure.cloud.create(SUBSCRIPTION, "dns", "a.example.com")
    azure.fail(Fault("ListZones", forbidden("Microsoft.Network/dnsZones/read"), skip=1))

    with pytest.raises(ProviderError) as failed:
        PROVIDER.open_reader(parse_locator("azure:a.example.com"), environment).read()
    assert str(failed.value).endswith(
        f" That was the subscription {OTHERS[1]}, one of 2 that these credentials see, and all are searched where "
        "none is named: name the one that is meant by ?subscription=ID or AZURE_SUBSCRIPTION_ID."
    )


def test_the_only_subscription_is_not_said_to_be_one_of_several(azure: Azure) -> None:
    azure.fail(Fault("ListZones", forbidden()), Fault("ListZones", unregistered()))

    with pytest.raises(ProviderError, match="may not do this") as failed:
        read("a.example.com")
    assert "one of" not in str(failed.value)
    with pytest.raises(ProviderError, match="az provider register"):
        read("a.example.com")


def test_a_zone_that_somebody_made_meanwhile_is_found_by_who_expects_it(azure: Azure) -> None:
    with pytest.raises(ProviderError):
        read("a.example.com")
    azure.cloud.create(SUBSCRIPTION, "dns", "a.example.com")

    assert read("a.example.com").snapshot.origin == absolute("a.example.com.")


def test_a_zone_that_somebody_deleted_meanwhile_is_gone(azure: Azure) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns", "a.example.com")
    read("a.example.com")
    azure.cloud.zones.clear()

    assert not PROVIDER.open_writer(parse_locator("azure:a.example.com"), WORKER).exists()


def test_two_zones_of_one_name_are_never_taken_for_one(azure: Azure) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns", "a.example.com")
    azure.cloud.create(SUBSCRIPTION, "other", "a.example.com")

    with pytest.raises(InputError, match="2 DNS zones have this name"):
        read("a.example.com")


def test_a_list_grows_old(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    azure.cloud.create(SUBSCRIPTION, "dns", "a.example.com")
    read("a.example.com")
    monkeypatch.setattr("providers.azure.lists.LIFETIME", -1.0)
    read("a.example.com")

    assert asked(azure)["ListZones"] == 2
