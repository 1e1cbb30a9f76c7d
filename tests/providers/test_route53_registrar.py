"""The registrar Route 53 Domains: a switch, how far it is, and what it refuses; over HTTP on this machine."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from migrator.demo.clouds.route53domains import Fault, Route53Domains, error
from migrator.errors import InputError, ProviderError
from migrator.model.names import absolute
from providers.route53.failures import RequestError
from providers.route53.registrar import NameServer, Operation, Progressing, Registrar, Registration
from tests.cloud.aws import SECRETS, point_aws_at

DOMAIN = absolute("example.com.")
OLD = ("ns1.example.net", "ns2.example.net")
NEW = (NameServer(absolute("ada.example.org.")), NameServer(absolute("bob.example.org.")))
INSIDE = absolute("ns1.example.com.")
ALREADY = Operation("", Progressing.DONE, "The registrar has these name servers already.")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Route53Domains]:
    with Route53Domains() as running:
        point_aws_at(running.url, monkeypatch, tries=2)
        running.registrar.register("example.com", *OLD)
        yield running


def asked(cloud: Route53Domains, operation: str) -> list[dict[str, Any]]:
    return [request.json() for request in cloud.requests if request.operation == operation]


def test_a_domain_is_here_or_elsewhere(cloud: Route53Domains) -> None:
    with Registrar() as registrar:
        assert registrar.registration(DOMAIN) == Registration(
            DOMAIN, tuple(NameServer(absolute(f"{name}.")) for name in OLD), ("ok",)
        )
        assert registrar.registration(absolute("example.org.")) is None


def test_a_switch_takes_its_time_and_is_then_seen(cloud: Route53Domains) -> None:
    with Registrar() as registrar:
        begun = registrar.switch(DOMAIN, NEW)
        looks = [registrar.operation(begun.identifier) for _ in range(2)]

        assert (begun.progress, [look.progress for look in looks]) == (
            Progressing.UNDER_WAY,
            [Progressing.UNDER_WAY, Progressing.DONE],
        )
        assert registrar.registration(DOMAIN) == Registration(DOMAIN, NEW, ("ok",))
    assert asked(cloud, "UpdateDomainNameservers") == [
        {
            "DomainName": "example.com",
            "Nameservers": [
                {"Name": "ada.example.org", "GlueIps": []},
                {"Name": "bob.example.org", "GlueIps": []},
            ],
        }
    ]


def test_what_the_registrar_has_already_is_not_sent_again(cloud: Route53Domains) -> None:
    cloud.registrar.register("example.com", "BOB.example.org", "ada.example.org.")
    with Registrar() as registrar:
        assert registrar.switch(DOMAIN, NEW) == ALREADY
    assert asked(cloud, "UpdateDomainNameservers") == []


def test_glue_goes_with_servers_within_the_domain_and_with_no_others(cloud: Route53Domains) -> None:
    servers = [NameServer(INSIDE, ("192.0.2.1", "2001:db8::1")), NameServer(NEW[0].name, ("192.0.2.2",))]
    with Registrar() as registrar:
        begun = registrar.switch(DOMAIN, servers)
        for _ in range(2):
            registrar.operation(begun.identifier)

        assert cloud.registrar.domains["example.com"] == [
            {"Name": "ns1.example.com", "GlueIps": ["192.0.2.1", "2001:db8::1"]},
            {"Name": "ada.example.org", "GlueIps": []},
        ]
        assert registrar.switch(DOMAIN, servers) == ALREADY
        moved = registrar.switch(DOMAIN, [NameServer(INSIDE, ("192.0.2.7", "2001:db8:0::1")), servers[1]])
        assert moved.progress is Progressing.UNDER_WAY


REFUSED: dict[str, tuple[str, tuple[NameServer, ...], str]] = {
    "no glue": (
        "example.com.",
        (NameServer(INSIDE),),
        (
            "example.com: the name server ns1.example.com is within the domain, and nobody would find it without "
            "its addresses (glue), which were not given."
        ),
    ),
    "too much glue": (
        "example.com.",
        (NameServer(INSIDE, ("192.0.2.1", "192.0.2.2")),),
        (
            "example.com: the name server ns1.example.com has the addresses 192.0.2.1, 192.0.2.2; Route 53 "
            "Domains takes one IPv4 and one IPv6 address of each."
        ),
    ),
    "no servers": ("example.com.", (), "example.com: there are no name servers to switch to."),
    "another registrar's domain": (
        "example.net.",
        NEW,
        (
            "example.net: this AWS account has no such domain at Route 53 Domains. Enter the name servers where "
            "the domain is registered, or use the account's own ?profile=."
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_switched_is_refused_before_anything_is_sent(cloud: Route53Domains, case: str) -> None:
    domain, servers, expected = REFUSED[case]
    with Registrar() as registrar, pytest.raises(InputError) as caught:
        registrar.switch(absolute(domain), servers)

    assert (str(caught.value), asked(cloud, "UpdateDomainNameservers")) == (expected, [])


def test_a_change_that_is_under_way_is_waited_for(cloud: Route53Domains) -> None:
    with Registrar() as registrar:
        registrar.switch(DOMAIN, NEW)
        with pytest.raises(RequestError) as caught:
            registrar.switch(DOMAIN, NEW)

    assert (caught.value.code, str(caught.value)) == (
        "DuplicateRequest",
        (
            "Route 53 Domains: a change of this domain is under way at the registrar (DuplicateRequest). Wait "
            "until it has ended, and ask again."
        ),
    )


def test_a_change_that_failed_says_why(cloud: Route53Domains) -> None:
    cloud.registrar.looks, cloud.registrar.ends = 1, "FAILED"
    cloud.registrar.message = "The registry\nrefuses ada.example.org."
    with Registrar() as registrar:
        begun = registrar.switch(DOMAIN, NEW)

        assert registrar.operation(begun.identifier) == Operation(
            begun.identifier, Progressing.FAILED, "The registry refuses ada.example.org."
        )


FAULTS: dict[str, tuple[Fault, str]] = {
    "throttled": (
        Fault(answer=error(400, "ThrottlingException", "Rate exceeded"), times=2),
        (
            "Route 53 Domains: route53domains:GetDomainDetail was throttled 2 times (ThrottlingException). The "
            "limit is the account's, whoever else uses it: run the command again in a minute, or set "
            "AWS_MAX_ATTEMPTS to a larger number."
        ),
    ),
    "not allowed": (
        Fault(answer=error(400, "AccessDeniedException", f"User {SECRETS[0]} is not authorized")),
        (
            "Route 53 Domains: these credentials may not call route53domains:GetDomainDetail "
            "(AccessDeniedException). Allow it in the IAM policy; docs/route53.md has one to paste. AWS says: "
            "User *** is not authorized"
        ),
    ),
    "an outage": (
        Fault(answer=error(503, "ServiceUnavailable", "Service is unavailable"), times=2),
        (
            "Route 53 Domains: the service failed 2 times at route53domains:GetDomainDetail "
            "(ServiceUnavailable). Run the command again later. AWS says: Service is unavailable"
        ),
    ),
    "connections that break": (
        Fault(drop="before", times=2),
        (
            "Route 53 Domains: the connection to 127.0.0.1 broke off again and again. Look at the network, and "
            "run the command again."
        ),
    ),
    "half an answer": (
        Fault(cut=True, times=2),
        (
            "Route 53 Domains: the answer of 127.0.0.1 to route53domains:GetDomainDetail is not what Route 53 "
            "Domains answers. Is there a login page or a firewall between, or does "
            "AWS_ENDPOINT_URL_ROUTE_53_DOMAINS name another service?"
        ),
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_failures_are_one_line(cloud: Route53Domains, case: str) -> None:
    fault, expected = FAULTS[case]
    cloud.fail(fault)
    with Registrar() as registrar, pytest.raises(ProviderError) as caught:
        registrar.switch(DOMAIN, NEW)

    assert str(caught.value) == expected


def test_a_passing_fault_is_survived(cloud: Route53Domains) -> None:
    cloud.fail(Fault("UpdateDomainNameservers", error(503, "ServiceUnavailable", "Service is unavailable")))
    with Registrar() as registrar:
        assert registrar.switch(DOMAIN, NEW).progress is Progressing.UNDER_WAY


def test_a_profile_that_is_not_there(cloud: Route53Domains) -> None:
    with pytest.raises(ProviderError) as caught:
        Registrar("absent")

    assert str(caught.value) == (
        "Route 53 Domains: the AWS configuration has no profile 'absent'. Give another ?profile=NAME, or make it "
        "with 'aws configure --profile NAME'."
    )


def test_another_fake_by_other_people_agrees(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    point_aws_at(moto_url, monkeypatch, tries=2)
    person = {
        "FirstName": "A",
        "LastName": "B",
        "ContactType": "PERSON",
        "AddressLine1": "Example Street 1",
        "City": "Example",
        "CountryCode": "DE",
        "ZipCode": "10000",
        "PhoneNumber": "+49.30123456",
        "Email": "a@example.com",
    }
    boto3.client("route53domains", region_name="us-east-1").register_domain(
        DomainName="example.com",
        DurationInYears=2,
        AdminContact=person,
        RegistrantContact=person,
        TechContact=person,
    )
    inside = NameServer(INSIDE, ("192.0.2.1",))
    with Registrar() as registrar:
        begun = registrar.switch(DOMAIN, (*NEW, inside))

        assert registrar.operation(begun.identifier) == Operation(begun.identifier, Progressing.DONE)
        found = registrar.registration(DOMAIN)
        assert found is not None
        assert found.name_servers == (*NEW, inside)
        assert registrar.switch(DOMAIN, (*NEW, inside)) == ALREADY
        assert registrar.registration(absolute("example.org.")) is None


@pytest.mark.parametrize("operation", ["GetDomainDetail", "UpdateDomainNameservers"])
def test_half_an_answer_is_never_taken_for_an_empty_one(cloud: Route53Domains, operation: str) -> None:
    cloud.fail(Fault(operation, cut=True))
    with Registrar() as registrar:
        with pytest.raises(RequestError):
            registrar.switch(DOMAIN, NEW)
        cloud.registrar.operations.clear()

        assert registrar.switch(DOMAIN, NEW).progress is Progressing.UNDER_WAY
