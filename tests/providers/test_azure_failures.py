"""What goes wrong with Azure: what passes is survived, what lasts is one clear line without a secret."""

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.demo.clouds.azure import SECRET, SUBSCRIPTION, TOKEN, Azure, Fault
from migrator.demo.clouds.azure_api import arm_error, error, expired, forbidden, throttled, unregistered
from migrator.demo.clouds.loopback import Answer
from migrator.errors import ProviderError
from tests.cloud.azure_environment import QUICK, SECRETS, log_in_with_secret, point_azure_at
from tests.providers.azure_reading import listed, read

HERE = f"azure:example.com?resource-group=dns&subscription={SUBSCRIPTION}"


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Azure]:
    with Azure() as running:
        point_azure_at(running, monkeypatch, subscription=SUBSCRIPTION)
        running.cloud.create(SUBSCRIPTION, "dns", "example.com")
        yield running


@pytest.fixture
def azure_over_tls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Azure]:
    with Azure(folder=tmp_path) as running:
        point_azure_at(running, monkeypatch, subscription=SUBSCRIPTION)
        running.cloud.create(SUBSCRIPTION, "dns", "example.com")
        yield running


def failure_of(text: str = HERE) -> str:
    with pytest.raises(ProviderError) as failed:
        read(text)
    message = str(failed.value)
    assert "\n" not in message
    assert not [secret for secret in SECRETS if secret in message]
    assert message.startswith("Azure DNS: ")
    assert failed.value.exit_code == 3
    return message


@pytest.mark.parametrize(
    "fault",
    [
        Fault("ListSets", throttled()),
        Fault("ListSets", throttled(1)),
        Fault("GetZone", throttled(code="SubscriptionRequestsThrottled"), times=5),
        Fault("ListSets", Answer(429)),
        Fault("ListSets", error(503, "ServiceUnavailable", "busy")),
        Fault("ListSets", Answer(502, b"<html>bad gateway</html>"), times=4),
        Fault("GetZone", Answer(500, headers=(("Retry-After", "0"),))),
        Fault("ListSets", drop="before"),
        Fault("ListSets", drop="after", times=3),
        Fault("ListSets", cut=True),
    ],
)
def test_what_passes_is_survived_and_counted(azure: Azure, fault: Fault) -> None:
    times = fault.times
    azure.fail(fault)
    result = read(HERE)
    assert len(result.snapshot.rrsets) == 2
    assert result.findings == ()
    assert result.reads == len(azure.requests) == 2 + times


def test_the_time_that_azure_asks_to_wait_is_waited(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("providers.azure.pace.Pace.slower", lambda _pace, seconds: waited.append(seconds))
    later = "Wed, 21 Oct 2015 07:28:00 GMT"
    azure.fail(
        Fault("ListSets", throttled(1)),
        Fault("ListSets", Answer(429, headers=(("Retry-After", later),))),
        Fault("ListSets", Answer(429, headers=(("Retry-After", "soon"),))),
    )
    read(HERE)
    assert waited[:2] == [1.0, QUICK.shortest_pause]
    assert 0 < waited[2] <= QUICK.longest_pause


@pytest.mark.parametrize(
    "answer", [throttled(0), Answer(429, headers=(("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"),))]
)
def test_a_limit_that_asks_for_no_wait_is_not_asked_for_ever(
    azure: Azure, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr("providers.azure.service.PATIENCE", replace(QUICK, throttled=QUICK.shortest_pause * 3))
    azure.fail(Fault("GetZone", answer, times=99))
    assert "reading the zone was throttled 4 times" in failure_of()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (throttled(), "reading the zone was throttled"),
        (throttled(600), "was throttled once, over 0 seconds (TooManyRequests); Azure asks to wait 600 more"),
        (Answer(429), "seconds (429)"),
        (error(503, "ServiceUnavailable", "busy"), "failed 6 times at reading the zone (ServiceUnavailable)"),
        (Answer(500, b"<html>oops</html>"), "the service failed 6 times"),
        (expired(), "the access token has expired (ExpiredAuthenticationToken)"),
        (arm_error(401, "InvalidAuthenticationToken", "bad"), "does not accept the access token"),
        (arm_error(401, "InvalidAuthenticationTokenTenant", "wrong issuer"), "Azure says: wrong issuer"),
        (Answer(401), "does not accept the access token (401)"),
        (forbidden(), "may not do this (AuthorizationFailed)"),
        (forbidden(), "does not have authorization to perform action 'Microsoft.Network/dnsZones/A/write'"),
        (arm_error(403, "RequestDisallowedByPolicy", "no"), "the state of the subscription forbids it"),
        (Answer(403), "may not do this (403)"),
        (Answer(403, b"\n<!doctype html>\n<p>Blocked"), "a login page or a firewall between"),
        (Answer(404, b"<html><body>Not here</body></html>"), "is not what Azure answers"),
        (unregistered(), "az provider register --namespace Microsoft.Network"),
        (arm_error(404, "SubscriptionNotFound", "x"), "do not see the subscription (SubscriptionNotFound)"),
        (arm_error(400, "NoRegisteredProviderFound", "x"), "does not know the API version 2023-07-01-preview"),
        (error(400, "BadRequest", "bad input"), "refused (BadRequest, HTTP 400). Azure says: bad input"),
        (Answer(302, headers=(("Location", "https://login.example.net/"),)), "is not what Azure answers"),
        (Answer(200, b"<html><body>Please log in</body></html>"), "describes no zone"),
        (Answer(200, b"{}"), "describes no zone"),
        (Answer(200, b"[" * 100_000), "describes no zone"),
        (Answer(200, b'{"id": "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/dnszones/a..b"}'),
         "a name that is none"),
    ],
)  # fmt: skip
def test_what_lasts_is_one_line_that_says_what_to_do(azure: Azure, answer: Answer, words: str) -> None:
    azure.fail(Fault("GetZone", answer, times=99))
    assert words in failure_of()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200, b"<html><body>Please log in</body></html>"), "is not what Azure answers"),
        (Answer(200, b""), "is not what Azure answers"),
        (Answer(200, b"\x00\xff"), "is not what Azure answers"),
        (Answer(200, b"[]"), "is not what Azure answers"),
        (Answer(200, b"{}"), "has no list in it"),
    ],
)
@pytest.mark.parametrize("operation", ["ListZones", "ListSets"])
def test_an_answer_that_lacks_its_content_is_one_line(
    azure: Azure, operation: str, answer: Answer, words: str
) -> None:
    azure.fail(Fault(operation, answer, times=99))
    assert words in failure_of("azure:example.com")


def test_a_page_that_repeats_forever_is_noticed(azure: Azure) -> None:
    link = f"{azure.url}/subscriptions/x/providers/Microsoft.Network/dnszones?$skipToken=1".encode()
    azure.fail(Fault("*", Answer(200, b'{"value": [], "nextLink": "%s"}' % link), times=99))
    assert "the same page again and again" in failure_of("azure:example.com")


def test_words_of_the_service_are_shown_without_anything_secret(azure: Azure) -> None:
    words = f"\t{TOKEN}\nBearer abc.def eyJhbGciOi.eyJzdWIiOi.sig end"
    azure.fail(Fault("GetZone", arm_error(403, "AuthorizationFailed", words)))
    assert failure_of().endswith("Azure says: *** Bearer *** *** end")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("azure:example.net", "see no public DNS zone example.net"),
        ("azure:example.net", "Private DNS zones are another service of Azure"),
        (f"azure:example.net?resource-group=dns&subscription={SUBSCRIPTION}", "in the resource group dns"),
        (f"azure:example.com?resource-group=x&subscription={SUBSCRIPTION}", "no resource group of this name"),
        ("azure:example.com?subscription=00000000-0000-4000-8000-000000000000", "do not see the subscription"),
    ],
)
def test_what_is_not_there_is_one_line(azure: Azure, text: str, words: str) -> None:
    assert words in failure_of(text)


def test_no_subscription_at_all_is_one_line(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID")
    azure.cloud.hidden.add(SUBSCRIPTION)
    assert "these credentials see no subscription" in failure_of("azure:example.com")


def test_listing_zones_fails_as_clearly(azure: Azure) -> None:
    azure.fail(Fault("ListZones", forbidden()))
    with pytest.raises(ProviderError, match="may not do this"):
        listed()


# ---- settings and connections


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AZURE_DNS_ENDPOINT", "not a url", "AZURE_DNS_ENDPOINT must be the URL"),
        ("AZURE_DNS_ENDPOINT", "ftp://127.0.0.1", "AZURE_DNS_ENDPOINT must be the URL"),
        ("AZURE_DNS_ENDPOINT", "https://127.0.0.1:x", "AZURE_DNS_ENDPOINT must be the URL"),
        ("AZURE_DNS_ENDPOINT", f"https://user:{SECRET}@127.0.0.1", "AZURE_DNS_ENDPOINT must be the URL"),
        ("AZURE_DNS_ENDPOINT", "http://192.0.2.1", "192.0.2.1 over plain http"),
        ("AZURE_DNS_ENDPOINT", "http://management.example.net", "over plain http, which would show the token"),
        ("AZURE_DNS_ENDPOINT", "http://localhost.example.net", "over plain http"),
        ("AZURE_CA_BUNDLE", "/nonexistent.pem", "AZURE_CA_BUNDLE names '/nonexistent.pem'"),
        ("AZURE_ACCESS_TOKEN", f"{TOKEN} {TOKEN}", "AZURE_ACCESS_TOKEN is no bearer token"),
        ("AZURE_ACCESS_TOKEN", "tökén", "AZURE_ACCESS_TOKEN is no bearer token"),
    ],
)
def test_settings_that_cannot_be_used_are_one_line_and_nothing_is_asked(
    azure: Azure, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    assert words in failure_of()
    assert azure.requests == []


def test_a_wrong_token_is_one_line(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_ACCESS_TOKEN", "wrong")
    assert "Azure does not accept the access token (InvalidAuthenticationToken)" in failure_of()


@pytest.mark.parametrize(("fault", "words"), [(Fault(drop="before", times=99), "broke off 5 times")])
def test_a_connection_that_never_holds_is_one_line(azure: Azure, fault: Fault, words: str) -> None:
    azure.fail(fault)
    assert words in failure_of()


def test_a_server_that_is_not_there_is_one_line(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AZURE_DNS_ENDPOINT", f"http://127.0.0.1:{unused.getsockname()[1]}")
        assert "127.0.0.1 cannot be reached" in failure_of()


def test_a_server_that_is_silent_is_given_up(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.azure.service._READ_TIMEOUT", 0.1)
    azure.fail(Fault("GetZone", delay=0.5, times=99))
    assert "127.0.0.1 did not answer reading the zone in time" in failure_of()


def test_a_certificate_that_nobody_vouches_for_is_one_line_and_not_tried_again(
    azure_over_tls: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_CA_BUNDLE")
    assert "the certificate of 127.0.0.1 is not trusted" in failure_of()
    monkeypatch.setenv("AZURE_CA_BUNDLE", str(azure_over_tls.ca_bundle))
    assert len(read(HERE).snapshot.rrsets) == 2


# ---- the real azure-identity


def test_the_default_credential_logs_in_for_the_endpoint_that_is_asked(
    azure_over_tls: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in_with_secret(azure_over_tls, monkeypatch)
    result = read(HERE)
    assert len(result.snapshot.rrsets) == 2
    assert result.reads == 2
    (login,) = [request for request in azure_over_tls.requests if request.operation == "Token"]
    assert f"scope={azure_over_tls.url.replace(':', '%3A').replace('/', '%2F')}%2F.default" in login.body.decode()


def test_a_wrong_secret_is_one_line(azure_over_tls: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in_with_secret(azure_over_tls, monkeypatch, secret="wrong-client-secret")
    message = failure_of()
    assert "does not accept the client secret (AADSTS7000215)" in message
    assert "wrong-client-secret" not in message


def test_a_login_service_that_is_not_there_is_one_line(
    azure_over_tls: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in_with_secret(azure_over_tls, monkeypatch)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AZURE_AUTHORITY_HOST", f"https://127.0.0.1:{unused.getsockname()[1]}")
        assert "the login service of Azure cannot be reached" in failure_of()


def test_a_login_service_that_nobody_vouches_for_is_one_line(
    azure_over_tls: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in_with_secret(azure_over_tls, monkeypatch)
    monkeypatch.setenv("AZURE_CA_BUNDLE", ssl.get_default_verify_paths().openssl_cafile)
    assert "is not trusted" in failure_of()


def test_no_credentials_at_all_are_one_line(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_ACCESS_TOKEN")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "no Azure credentials were found. Run 'az login'" in failure_of()
    assert azure.requests == []


def test_half_of_the_credentials_are_one_line_that_names_the_other(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_ACCESS_TOKEN")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", SECRET)
    assert "incomplete: AZURE_TENANT_ID and AZURE_CLIENT_ID are not set" in failure_of()


def test_an_application_without_its_secret_is_one_line_that_names_it(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_ACCESS_TOKEN")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    monkeypatch.setenv("AZURE_CLIENT_ID", "00000000-0000-0000-0000-0000000000bb")
    monkeypatch.setenv("AZURE_TENANT_ID", "00000000-0000-0000-0000-0000000000aa")
    assert "incomplete: AZURE_CLIENT_SECRET is not set" in failure_of()
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", "/nonexistent")
    assert "no Azure credentials were found" in failure_of()


def test_a_login_service_that_never_answers_is_not_waited_for(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in_with_secret(azure, monkeypatch)
    monkeypatch.setattr("providers.azure.pipeline._LOGIN_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AZURE_AUTHORITY_HOST", f"https://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
        begun = time.monotonic()
        assert "the login service of Azure cannot be reached" in failure_of()
    assert time.monotonic() - begun < 10


def test_an_authority_that_is_no_url_is_one_line(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in_with_secret(azure, monkeypatch)
    assert "AZURE_AUTHORITY_HOST must be an https URL" in failure_of()
    assert azure.requests == []


def test_other_answers_of_the_login_service_are_one_line(
    azure_over_tls: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in_with_secret(azure_over_tls, monkeypatch)
    said = b'{"error": "invalid_client", "error_description": "AADSTS%d: words of Entra"}'
    for number, words in [
        (700016, "the tenant has no such application (AADSTS700016)"),
        (7000222, "the client secret has expired (AADSTS7000222)"),
        (99999, "refuses the credentials (AADSTS99999)"),
    ]:
        azure_over_tls.fail(Fault("Token", Answer(400, said % number)))
        assert words in failure_of()
    azure_over_tls.fail(Fault("Token", Answer(400, b'{"error": "what", "error_description": "no number"}')))
    assert "refuses the credentials." in failure_of()
