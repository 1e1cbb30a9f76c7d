"""What goes wrong with Cloudflare: what passes is survived, what lasts is one clear line without a secret."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from migrator.demo.clouds.azure import Azure
from migrator.demo.clouds.cloudflare import TOKEN, Cloudflare, Fault
from migrator.demo.clouds.cloudflare_api import error, gateway, success, throttled
from migrator.demo.clouds.loopback import Answer
from migrator.errors import InputError, ProviderError
from migrator.interfaces import Environment
from tests.cloud.cloudflare_environment import point_cloudflare_at
from tests.providers.cloudflare_reading import ENVIRONMENT, PROVIDER, listed, locator, read

pytestmark = pytest.mark.usefixtures("slept")
SECRET = "v1-SecretTokenThatNobodyMaySee"
RECORDS = "ListRecords"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloudflare]:
    with Cloudflare() as running:
        running.account.tokens[SECRET] = running.account.tokens[TOKEN]
        point_cloudflare_at(running.url, monkeypatch, SECRET)
        running.account.create("example.com").seed({"type": "A", "name": "www", "content": "192.0.2.1"})
        yield running


def failure_of(text: str = "cloudflare:example.com") -> str:
    with pytest.raises(ProviderError) as failed:
        read(text)
    message = str(failed.value)
    assert "\n" not in message
    assert SECRET not in message
    assert message.startswith("Cloudflare")
    assert failed.value.exit_code == 3
    return message


# ---- what passes


@pytest.mark.parametrize(
    ("fault", "pauses"),
    [
        (Fault(RECORDS, throttled(7)), [5.0, 2.0]),
        (Fault(RECORDS, throttled(1), times=3), [1.0] * 3),
        (Fault(RECORDS, throttled(None), times=3), [1.0, 2.0, 4.0]),
        (Fault(RECORDS, throttled(None, code=10100)), [1.0]),
        (Fault(RECORDS, error(400, 971, "slow down")), [1.0]),
        (Fault(RECORDS, error(429, 971, "x", headers=[("Ratelimit", '"default";r=0;t=3')])), [3.0]),
        (Fault("ListZones", gateway(502), times=2), [1.0, 2.0]),
        (Fault("GetDnssec", gateway(524)), [1.0]),
        (Fault("ListLoadBalancers", gateway(502)), [1.0]),
        (Fault("GetSettings", error(503, 1, "x", headers=[("Retry-After", "4")])), [4.0]),
        (Fault(RECORDS, gateway(200)), [1.0]),
        (Fault(RECORDS, Answer(200, b'{"result": [')), [1.0]),
        (Fault(RECORDS, drop="before", times=3), [1.0, 2.0, 4.0]),
        (Fault(RECORDS, drop="after"), [1.0]),
        (Fault(RECORDS, cut=True), [1.0]),
    ],
)
def test_a_passing_fault_is_survived(
    cloud: Cloudflare, slept: list[float], fault: Fault, pauses: list[float]
) -> None:
    times = fault.times
    cloud.fail(fault)
    result = read()
    assert result.snapshot.record_count() == 4
    assert result.reads == 5 + times == len(cloud.requests)
    assert slept == pauses


def test_a_block_of_five_minutes_is_waited_out_and_said(cloud: Cloudflare, slept: list[float]) -> None:
    told: list[tuple[str, int, int | None]] = []
    environment = Environment(ENVIRONMENT.client, ENVIRONMENT.resolve, progress=lambda *what: told.append(what))
    cloud.fail(Fault(RECORDS, throttled(300), times=2))
    assert read(environment=environment).snapshot.record_count() == 4
    assert sum(slept) == 600
    waiting = [(done, total) for what, done, total in told if "waiting" in what]
    assert waiting[:3] == [(0, 300), (5, 300), (10, 300)]
    assert waiting[-1] == (300, 300)


def test_a_pause_until_an_instant_is_kept(cloud: Cloudflare, slept: list[float]) -> None:
    cloud.fail(Fault(RECORDS, throttled("Wed, 21 Oct 2015 07:28:00 GMT")), Fault(RECORDS, throttled("soon")))
    read()
    assert slept == [1.0, 2.0]


# ---- what lasts


def test_a_block_that_lasts_longer_than_people_wait_is_one_line(cloud: Cloudflare, slept: list[float]) -> None:
    cloud.fail(Fault(RECORDS, throttled(300), times=9))
    assert "allows no more requests now (HTTP 429, code 971), after 20 minutes of waiting" in failure_of()
    assert sum(slept) == 1200
    cloud.fail(Fault("ListZones", throttled(7200)))
    assert "after 0 seconds of waiting, and asks for 120 minutes more" in failure_of()


OUTAGES: list[tuple[Fault, str]] = [
    (Fault(RECORDS, gateway(503), times=6), "failed 6 times to list the records (HTTP 503)"),
    (Fault(RECORDS, drop="before", times=4), "broke the connection off when asked to list the records, 4 times"),
    (Fault(RECORDS, gateway(200), times=6), "is not what answers at 127.0.0.1: the answer to 'list the records'"),
    (Fault(RECORDS, gateway(403)), "a login page or a firewall between"),
    (Fault(RECORDS, gateway(404)), "is not what answers at 127.0.0.1"),
    (Fault(RECORDS, gateway(418)), "is not what answers at 127.0.0.1"),
    (
        Fault(RECORDS, Answer(302, b"", (("Location", "https://login.example.net/"),))),
        "a login page or a firewall between",
    ),
    (Fault(RECORDS, success({"no": "list"})), "has no list in it"),
    (Fault("ListZones", success({"no": "list"})), "the list of zones has no list in it"),
    (Fault("ListZones", success([{"name": "a..b"}])), "a zone with a name that is none"),
]


@pytest.mark.parametrize(("fault", "words"), OUTAGES, ids=[words[:40] for _, words in OUTAGES])
def test_a_fault_that_lasts_is_one_line(cloud: Cloudflare, fault: Fault, words: str) -> None:
    cloud.fail(fault)
    assert words in failure_of()


REFUSALS: list[tuple[Answer, str]] = [
    (error(403, 9109, "Invalid access token"), "does not accept the credentials (HTTP 403, code 9109)"),
    (error(401, 1000, "Invalid API Token"), "is wrong, has expired, was switched off"),
    (error(403, 10000, "Authentication error"), "it lacks a permission, or it does not see this zone"),
    (error(403, 9103, "Unknown X-Auth-Key or X-Auth-Email"), "do not belong together"),
    (
        error(400, 6003, "Invalid request headers", chain=[{"code": 6111, "message": "Invalid format"}]),
        "do not have the form of any (HTTP 400, code 6111, 6003)",
    ),
    (error(400, 9106, "Missing headers"), "do not have the form of any"),
    (error(404, 7003, "Could not route"), "has no zone of this id"),
    (
        Answer(200, b'{"success": false, "errors": [{"code": 42, "message": "No.\\u001b[1m"}], "result": null}'),
        "refuses to list the records (HTTP 200, code 42). Cloudflare says: No. [1m.",
    ),
    (error(400, 1, f"the token {SECRET} is odd"), "Cloudflare says: the token *** is odd."),
    (Answer(400, b'{"success": false, "errors": "none"}'), "refuses to list the records (HTTP 400)."),
]


@pytest.mark.parametrize(("answer", "words"), REFUSALS, ids=[words[:40] for _, words in REFUSALS])
def test_a_refusal_is_one_line(cloud: Cloudflare, answer: Answer, words: str) -> None:
    cloud.fail(Fault(RECORDS, answer))
    assert words in failure_of()
    assert cloud.operations().count(RECORDS) == 1


def test_wrong_credentials_are_one_line_of_the_service_itself(
    cloud: Cloudflare, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.account.tokens[SECRET].valid = False
    assert "does not accept the credentials (HTTP 403, code 9109)" in failure_of()
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    monkeypatch.setenv("CLOUDFLARE_API_KEY", SECRET)
    monkeypatch.setenv("CLOUDFLARE_EMAIL", "me@example.net")
    assert "CLOUDFLARE_API_KEY and CLOUDFLARE_EMAIL do not belong together" in failure_of()
    cloud.account.keys["me@example.net"] = SECRET
    assert read().reads == 5
    assert {request.headers["x-auth-email"] for request in cloud.requests[-4:]} == {"me@example.net"}


def test_a_token_outranks_an_address_that_stands_beside_it(
    cloud: Cloudflare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDFLARE_EMAIL", "me@example.net")
    monkeypatch.setenv("CLOUDFLARE_API_USER_SERVICE_KEY", "service")
    read()
    assert {request.headers["authorization"] for request in cloud.requests} == {f"Bearer {SECRET}"}
    assert not any("x-auth-email" in request.headers for request in cloud.requests)
    assert {request.headers["api-version"] for request in cloud.requests} == {"2026-11-20"}


SETTINGS: list[tuple[dict[str, str | None], str]] = [
    ({"CLOUDFLARE_API_TOKEN": None}, "no credentials were found. Set CLOUDFLARE_API_TOKEN"),
    ({"CLOUDFLARE_API_KEY": "k"}, "CLOUDFLARE_API_TOKEN and CLOUDFLARE_API_KEY are both set"),
    ({"CLOUDFLARE_API_TOKEN": None, "CLOUDFLARE_API_KEY": "k"}, "CLOUDFLARE_EMAIL, the address"),
    ({"CLOUDFLARE_API_TOKEN": f"Bearer {SECRET}"}, "CLOUDFLARE_API_TOKEN cannot be used: it has blanks"),
    ({"CLOUDFLARE_API_TOKEN": "tökén"}, "letters beyond ASCII"),
    ({"CLOUDFLARE_BASE_URL": "api.cloudflare.com"}, "must be a URL such as https://api.cloudflare.com"),
    ({"CLOUDFLARE_BASE_URL": "https://user:pw@example.net/"}, "must be a URL"),
    ({"CLOUDFLARE_BASE_URL": "http://[::1"}, "must be a URL"),
    ({"CLOUDFLARE_BASE_URL": "http://api.example.net/client/v4"}, "names api.example.net over plain http"),
    ({"CLOUDFLARE_BASE_URL": "http://10.0.0.1/"}, "names 10.0.0.1 over plain http"),
]


@pytest.mark.parametrize(("more", "words"), SETTINGS, ids=[words[:40] for _, words in SETTINGS])
def test_settings_that_cannot_be_used_are_one_line(
    cloud: Cloudflare, monkeypatch: pytest.MonkeyPatch, more: dict[str, str | None], words: str
) -> None:
    for name, found in more.items():
        if found is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, found)
    assert words in failure_of()
    assert cloud.requests == []


@pytest.mark.parametrize("host", ["localhost", "127.9.8.7", "[::1]"])
def test_plain_http_is_for_this_machine_alone(
    cloud: Cloudflare, monkeypatch: pytest.MonkeyPatch, slept: list[float], host: str
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", f"http://{host}:{port}/client/v4")
    monkeypatch.setenv("HTTP_PROXY", cloud.url)
    assert "cannot be reached at" in failure_of()
    assert slept == [1.0, 2.0, 4.0]
    assert cloud.requests == []


def test_an_untrusted_certificate_is_one_line_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slept: list[float]
) -> None:
    with Azure(folder=tmp_path) as somebody:
        point_cloudflare_at(somebody.url, monkeypatch, SECRET)
        assert "shows a certificate at 127.0.0.1 that is not trusted" in failure_of()
    assert slept == []


def test_a_service_that_does_not_answer_in_time_is_one_line(
    cloud: Cloudflare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.cloudflare.service._READ_TIMEOUT", 0.05)
    cloud.fail(Fault("ListZones", delay=0.5, times=4))
    assert "did not answer in time when asked to look for the zone, 4 times" in failure_of()


def test_listing_zones_fails_as_clearly(cloud: Cloudflare) -> None:
    cloud.fail(Fault("ListZones", error(403, 10000, "Authentication error")))
    with pytest.raises(ProviderError, match="refuses to list zones"):
        listed()
    with pytest.raises(InputError, match="the zone is missing"):
        PROVIDER.assigned_name_servers(locator("cloudflare:"), ENVIRONMENT)


def test_nothing_secret_is_logged_or_shown(
    cloud: Cloudflare, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from providers.cloudflare.settings import from_environment

    with caplog.at_level(logging.DEBUG):
        snapshot = read().snapshot
    assert SECRET not in repr(from_environment())
    assert not any(SECRET.encode() in document.content for document in snapshot.native)
    said: list[Any] = [record.getMessage() for record in caplog.records if "providers" in record.name]
    assert not any(SECRET in message for message in said)
