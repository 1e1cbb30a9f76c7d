"""What goes wrong with Route 53: what passes is survived, what lasts is one clear line without a secret."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.demo.clouds.loopback import Answer
from migrator.demo.clouds.route53 import Fault, Route53
from migrator.demo.clouds.route53_api import bare_error, error, throttled
from migrator.errors import InputError, ProviderError
from providers import parse_locator
from tests.cloud.aws import SECRETS, SESSION_TOKEN, point_aws_at
from tests.providers.route53_reading import ENVIRONMENT, PROVIDER, listed, raw, read

PAGES = "ListResourceRecordSets"
NAMES = "ListHostedZonesByName"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Route53]:
    with Route53() as running:
        point_aws_at(running.url, monkeypatch, tries=2)
        running.account.create("example.com").put(raw("www.example.com", "A", "192.0.2.1"))
        yield running


def failure_of(text: str = "route53:example.com") -> str:
    with pytest.raises(ProviderError) as failed:
        read(text)
    message = str(failed.value)
    assert "\n" not in message
    assert not [secret for secret in SECRETS if secret in message]
    assert message.startswith("Route 53: ")
    assert failed.value.exit_code == 3
    return message


@pytest.mark.parametrize(
    "fault",
    [
        Fault(PAGES, throttled()),
        Fault(NAMES, throttled(429)),
        Fault("GetHostedZone", Answer(429, b"")),
        Fault(PAGES, error(503, "ServiceUnavailable", "busy")),
        Fault(PAGES, Answer(502, b"<html>bad gateway</html>")),
        Fault(PAGES, drop="before"),
        Fault(PAGES, drop="after"),
        Fault(PAGES, cut=True),
    ],
    ids=[
        "throttled",
        "429",
        "429 without a body",
        "503",
        "502 of a gateway",
        "dropped",
        "lost answer",
        "cut short",
    ],
)
def test_what_passes_is_survived_and_counted(cloud: Route53, fault: Fault) -> None:
    cloud.fail(fault)
    result = read("route53:example.com")
    assert len(result.snapshot.rrsets) == 3
    assert result.findings == ()
    assert result.reads == len(cloud.requests) == 4


def test_throttling_is_survived_several_times_over_without_any_setting(
    cloud: Route53, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    cloud.fail(
        Fault(PAGES, throttled(), times=3), Fault("GetHostedZone", error(500, "InternalError", ""), times=6)
    )
    result = read("route53:example.com")
    assert len(result.snapshot.rrsets) == 3
    assert result.reads == 3 + 3 + 6


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (throttled(), "route53:ListHostedZonesByName was throttled 2 times (Throttling)"),
        (Answer(429, b""), "was throttled 2 times (429)"),
        (error(503, "ServiceUnavailable", "busy"), "the service failed 2 times at route53:ListHostedZonesByName"),
        (Answer(500, b"<html>oops</html>"), "the service failed 2 times"),
        (error(403, "AccessDenied", "User: arn:aws:iam::111122223333:user/x is not authorized"), "user/x is not"),
        (error(403, "AccessDenied", "no"), "may not call route53:ListHostedZonesByName (AccessDenied)"),
        (Answer(403, b""), "may not call route53:ListHostedZonesByName"),
        (error(403, "ExpiredToken", "The security token is expired"), "credentials have expired"),
        (error(403, "InvalidClientTokenId", "x"), "AWS does not know the access key"),
        (error(403, "UnrecognizedClientException", "x"), "AWS does not know the access key"),
        (error(403, "SignatureDoesNotMatch", f"x-amz-security-token:{SESSION_TOKEN}"), "refuses the signature"),
        (error(403, "RequestExpired", "x"), "set the clock"),
        (error(403, "MissingAuthenticationToken", "x"), "no usable signature"),
        (error(400, "InvalidInput", "bad input"), "refused (InvalidInput, HTTP 400). AWS says: bad input"),
        (
            bare_error(400, "InvalidDomainName", "bad name"),
            "refused (InvalidDomainName, HTTP 400). AWS says: bad name",
        ),
        (bare_error(404, "NoSuchHostedZone", "gone"), "there is no hosted zone of this id"),
        (Answer(302, b"", (("Location", "/"),)), "was refused (302, HTTP 302)"),
        (Answer(200, b"<html><body>Please log in</body></html>"), "is not what Route 53 answers"),
        (Answer(403, b"<html><body>Blocked</body></html>"), "is not what Route 53 answers"),
        (Answer(403, b"<!DOCTYPE html><p>Blocked<br>"), "a login page or a firewall between"),
        (Answer(404, b"<html><body>Not here</body></html>"), "is not what Route 53 answers"),
        (Answer(200, b"\x00\xff"), "is not what Route 53 answers"),
        (Answer(200, b""), "is not what Route 53 answers"),
        (Answer(200, b"<ListHostedZonesByNameResponse>" + b"<a>" * 99 + b"</a>" * 99), "is not what Route 53"),
    ],
)
def test_what_lasts_is_one_line_that_says_what_to_do(cloud: Route53, answer: Answer, words: str) -> None:
    cloud.fail(Fault(NAMES, answer, times=99))
    assert words in failure_of()


def test_words_of_the_service_are_shown_without_anything_secret(cloud: Route53) -> None:
    cloud.fail(Fault(NAMES, error(403, "AccessDenied", "\t" + "\n".join(SECRETS) + " end")))
    assert failure_of().endswith("AWS says: *** *** *** end")


def test_a_zone_that_is_deleted_meanwhile_is_one_line(cloud: Route53) -> None:
    cloud.fail(Fault(PAGES, edit=lambda account: account.zones.clear()))
    assert "it was deleted meanwhile (NoSuchHostedZone)" in failure_of()


def test_an_unknown_id_is_one_line(cloud: Route53) -> None:
    assert "there is no hosted zone of this id" in failure_of("route53:example.com?zone-id=Z9999")


@pytest.mark.parametrize(("fault", "words"), [(Fault(drop="before", times=99), "broke off again and again")])
def test_a_connection_that_never_holds_is_one_line(cloud: Route53, fault: Fault, words: str) -> None:
    cloud.fail(fault)
    assert words in failure_of()


@pytest.mark.parametrize("variable", ["AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID"])
def test_a_credential_with_a_line_break_is_one_line(
    cloud: Route53, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "10")
    monkeypatch.setenv(variable, "hunter2\nX-Other: 1")

    message = failure_of()

    assert "cannot be sent: one of them has a line break" in message
    assert "hunter2" not in message
    assert cloud.requests == []


def test_a_server_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        point_aws_at(f"http://user:hunter2@127.0.0.1:{unused.getsockname()[1]}", monkeypatch, tries=2)
        message = failure_of()
    assert "127.0.0.1 cannot be reached" in message
    assert "hunter2" not in message


def test_a_server_that_is_silent_is_given_up(cloud: Route53, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.route53.service._READ_TIMEOUT", 0.1)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "10")
    cloud.fail(Fault(NAMES, delay=0.5, times=99))
    assert "did not answer route53:ListHostedZonesByName in time" in failure_of()
    assert len(cloud.requests) == 3


@pytest.mark.parametrize(
    ("unset", "set_to", "words"),
    [
        (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), {}, "no AWS credentials were found"),
        (("AWS_SECRET_ACCESS_KEY",), {}, "credentials are incomplete: AWS_SECRET_ACCESS_KEY is missing"),
        ((), {"AWS_PROFILE": "shop"}, "has no profile 'shop'"),
        ((), {"AWS_ENDPOINT_URL_ROUTE_53": "not a url"}, "AWS_ENDPOINT_URL_ROUTE_53, which must be a URL"),
        ((), {"AWS_DEFAULT_REGION": "b a d"}, "settings cannot be used: invalid region error"),
        ((), {"AWS_MAX_ATTEMPTS": "many"}, "settings cannot be used"),
    ],
)
def test_settings_that_cannot_be_used_are_one_line_and_nothing_is_asked(
    cloud: Route53, monkeypatch: pytest.MonkeyPatch, unset: tuple[str, ...], set_to: dict[str, str], words: str
) -> None:
    for name in unset:
        monkeypatch.delenv(name)
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)
    assert words in failure_of()
    assert cloud.requests == []


def test_profiles_come_from_the_usual_files(
    cloud: Route53, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    keys = tmp_path / "credentials"
    keys.write_text("[shop]\naws_access_key_id = AKIASHOP\naws_secret_access_key = x\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.fspath(keys))
    read("route53:example.com?profile=shop")
    assert {"Credential=AKIASHOP/" in request.headers["authorization"] for request in cloud.requests} == {True}
    assert "/us-east-1/route53/aws4_request" in cloud.requests[0].headers["authorization"]
    message = failure_of("route53:example.com?profile=mail")
    assert "no profile 'mail' (there are: shop)" in message


def test_a_wrong_key_is_one_line(cloud: Route53) -> None:
    cloud.keys = frozenset({"AKIAOTHER"})
    assert "AWS does not know the access key (InvalidClientTokenId)" in failure_of()


def test_listing_zones_fails_as_clearly(cloud: Route53) -> None:
    cloud.fail(Fault("ListHostedZones", error(403, "AccessDenied", "no")))
    with pytest.raises(ProviderError, match="may not call route53:ListHostedZones"):
        listed()


def test_a_page_that_repeats_forever_is_noticed(cloud: Route53) -> None:
    body = (
        b"<ListResourceRecordSetsResponse><ResourceRecordSets/><IsTruncated>true</IsTruncated>"
        b"<NextRecordName>a.example.com.</NextRecordName></ListResourceRecordSetsResponse>"
    )
    cloud.fail(Fault(PAGES, Answer(200, body), times=99))
    assert "the same page again and again" in failure_of()


@pytest.mark.parametrize(
    ("operation", "inner", "words"),
    [
        ("GetHostedZone", "<VPCs/>", "describes no zone"),
        ("GetHostedZone", "<HostedZone><Name>a..b</Name></HostedZone>", "a name that is none"),
        (NAMES, "<HostedZones><HostedZone><Name>a..b</Name></HostedZone></HostedZones>", "a name that is none"),
        (NAMES, "<Surprise/>", "these credentials see no hosted zone example.com"),
        (PAGES, "<IsTruncated>false</IsTruncated>", "has no list in it"),
    ],
)
def test_an_answer_that_lacks_its_content_is_one_line(
    cloud: Route53, operation: str, inner: str, words: str
) -> None:
    body = f"<{operation}Response>{inner}</{operation}Response>".encode()
    cloud.fail(Fault(operation, Answer(200, body), times=99))
    assert words in failure_of()


@pytest.mark.parametrize("option", ["zone-id=Z1", "vpc-id=vpc-1"])
def test_a_list_of_zones_takes_no_option_that_names_one(option: str) -> None:
    with pytest.raises(InputError, match="a list of zones takes no"):
        listed(f"route53:?{option}")


def test_name_servers_of_no_zone_are_refused(cloud: Route53) -> None:
    with pytest.raises(InputError, match="the zone is missing"):
        PROVIDER.assigned_name_servers(parse_locator("route53:"), ENVIRONMENT)
