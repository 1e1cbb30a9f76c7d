"""A webhook over HTTP on this machine: told, told again, given up; and its URL is seen by nobody."""

import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from migrator.errors import InputError, MigratorError, NotifyError
from migrator.notices import slack_document
from migrator.notifying import Notifier
from migrator.notifying.tries import Patience, tried
from migrator.notifying.webhook import Webhook, webhook_of
from tests.notifying.receiver import NOTICE, SECRET, Receiver, receiving

WHO = "example.com: the webhook of DNS_MIGRATOR_WEBHOOK"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as here:
        yield here


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr("migrator.notifying.tries.sleep", found.append)
    return found


def notifier(url: str, **patience: float) -> Notifier:
    found = Notifier.from_environment({"DNS_MIGRATOR_WEBHOOK": url}, patience=Patience(**patience))  # type: ignore[arg-type]
    assert found is not None
    return found


def failure(url: str, **patience: float) -> str:
    """The line of a notice that was given up; nothing that leads to it names the secret."""
    found = notifier(url, **patience)
    with pytest.raises(NotifyError) as caught:
        tried(lambda: found.ways[0].deliver([NOTICE]), found.patience)
    seen: BaseException | None = caught.value
    while seen is not None:
        assert SECRET not in repr(seen)
        assert seen.__suppress_context__ or seen.__context__ is None
        seen = seen.__cause__
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_a_notice_is_posted_once(receiver: Receiver, slept: list[float]) -> None:
    assert list(notifier(receiver.url).send([NOTICE])) == [""]

    assert (receiver.told, receiver.paths, slept) == (
        [slack_document([NOTICE])],
        [f"/services/{SECRET}"],
        [],
    )


def test_passing_failures_are_tried_again_with_growing_pauses(receiver: Receiver, slept: list[float]) -> None:
    receiver.answers.extend([(500, {}), (0, {}), (503, {}), (429, {})])
    assert list(notifier(receiver.url).send([NOTICE])) == [""]

    assert (len(receiver.told), slept) == (5, [1.0, 2.0, 4.0, 8.0])


PAUSES = {
    "a number": ("7", 7.0),
    "more than anybody waits": ("86400", 60.0),
    "a date": (format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True), 60.0),
    "a date that is over": ("Sat, 01 Jan 2000 00:00:00 GMT", 0.0),
    "no time at all": ("soon", 1.0),
}


@pytest.mark.parametrize("case", PAUSES)
def test_retry_after_is_honoured_within_bounds(receiver: Receiver, slept: list[float], case: str) -> None:
    asked, pause = PAUSES[case]
    receiver.answers.append((429, {"Retry-After": asked}))
    assert list(notifier(receiver.url).send([NOTICE])) == [""]

    assert slept == [pause]


def test_it_is_given_up_with_one_line(receiver: Receiver, slept: list[float]) -> None:
    receiver.answers.extend([(502, {})] * 3)

    assert failure(receiver.url, tries=3) == f"{WHO} answers HTTP 502; given up after 3 tries."
    assert (len(receiver.told), slept) == (3, [1.0, 2.0])


def test_a_redirection_is_not_followed(receiver: Receiver, slept: list[float]) -> None:
    with receiving() as elsewhere:
        receiver.answers.append((307, {"Location": elsewhere.url}))
        text = failure(receiver.url)

        assert (text, elsewhere.told) == (
            f"{WHO} refuses notices (HTTP 307). Is the URL still the right one?",
            [],
        )
    assert (len(receiver.told), slept) == (1, [])


def test_a_refusal_is_not_tried_again(receiver: Receiver, slept: list[float]) -> None:
    receiver.answers.append((404, {}))

    assert failure(receiver.url) == f"{WHO} refuses notices (HTTP 404). Is the URL still the right one?"
    assert (len(receiver.told), slept) == (1, [])


def test_nobody_listens(slept: list[float]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/{SECRET}"
        text = failure(url, tries=2)

    assert (text, slept) == (f"{WHO} was not told: connection refused; given up after 2 tries.", [1.0])


def test_silence_has_a_limit(receiver: Receiver, slept: list[float]) -> None:
    receiver.delay = 1.0
    way = Webhook(receiver.url, "HOOKS", seconds=0.1)

    assert list(Notifier((way,), Patience(tries=2)).send([NOTICE])) == [
        "example.com: the webhook of HOOKS was not told: no answer within 0.1 seconds; given up after 2 tries."
    ]


def test_the_url_is_in_no_log(receiver: Receiver, slept: list[float], caplog: pytest.LogCaptureFixture) -> None:
    receiver.answers.extend([(500, {}), (307, {"Location": receiver.url})])
    with caplog.at_level(logging.DEBUG):
        failure(receiver.url)

    assert len(receiver.told) == 2
    assert SECRET not in caplog.text
    assert SECRET not in repr(notifier(receiver.url))


WRONG = {
    "plain http": (
        f"http://hooks.example.com/{SECRET}",
        "HOOKS: notices go over https, and over http to loopback addresses only.",
    ),
    "no URL": (SECRET, "HOOKS: this is no URL such as https://hooks.example.com/services/..."),
    "another scheme": (
        f"ftp://example.com/{SECRET}",
        "HOOKS: this is no URL such as https://hooks.example.com/services/...",
    ),
    "a port that is none": (
        f"https://example.com:port/{SECRET}",
        "HOOKS: this is no URL such as https://hooks.example.com/services/...",
    ),
    "two lines": (
        f"https://example.com/\n{SECRET}",
        "HOOKS: this is no URL such as https://hooks.example.com/services/...",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_url_that_cannot_be_used_is_refused_without_showing_it(case: str) -> None:
    url, expected = WRONG[case]
    with pytest.raises(InputError) as caught:
        Notifier.from_environment({"HOOKS": url}, webhook="HOOKS")

    assert (str(caught.value), SECRET in repr(caught.value)) == (expected, False)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]"])
def test_plain_http_goes_to_this_machine(host: str) -> None:
    assert webhook_of(f"http://{host}/x", "HOOKS") == Webhook(f"http://{host}/x", "HOOKS")


def test_nobody_who_wants_nothing_is_told() -> None:
    assert Notifier.from_environment({}) is None
    assert issubclass(NotifyError, MigratorError)
