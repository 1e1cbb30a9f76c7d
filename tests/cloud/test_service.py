"""What the three fakes share: the log of requests, and everything that can go wrong on the way."""

import threading
from collections.abc import Iterator

import httpx
import pytest

from migrator.demo.clouds.loopback import Answer
from migrator.demo.clouds.service import Dialect, Fault, Request, Service


class Counter:
    """The state of the smallest service there is."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.number = 0

    def add(self) -> None:
        self.number += 1


DIALECT = Dialect(
    operation_of=lambda method, path: f"{method} {path}",
    path_of=lambda path: path.removeprefix("/v1"),
    kind="text/plain",
    headers=(("x-request-id", "1"),),
    mishaps={"throttle": Answer(429, b"slower")},
)
BUSY = Answer(503, b"busy")


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def service(counter: Counter) -> Iterator[Service[Counter]]:
    def answer(_request: Request) -> Answer:
        with counter.lock:
            counter.add()
            return Answer(200, f"number {counter.number}".encode())

    with Service(counter, DIALECT, answer) as running:
        yield running


def ask(service: Service[Counter], path: str = "/v1/next") -> str:
    """Status and body, or that there was no whole answer."""
    try:
        answer = httpx.post(f"{service.address}{path}", content=b"{}", trust_env=False)
    except httpx.RemoteProtocolError:
        return "broken"
    return f"{answer.status_code} {answer.text}"


def test_a_request_is_logged_and_answered_in_the_dialect(service: Service[Counter]) -> None:
    answer = httpx.post(f"{service.address}/v1/next?a=1&b=", content=b'{"x": 1}', trust_env=False)

    (request,) = service.requests
    assert (request.operation, request.path, request.query) == ("POST /next", "/next", {"a": "1", "b": ""})
    assert (request.json(), request.base) == ({"x": 1}, service.address)
    assert (answer.status_code, answer.text) == (200, "number 1")
    assert (answer.headers["content-type"], answer.headers["x-request-id"]) == ("text/plain", "1")


@pytest.mark.parametrize(
    ("fault", "answers", "carried_out"),
    [
        (Fault[Counter](answer=BUSY), ["503 busy", "200 number 1"], 1),
        (Fault[Counter](answer=BUSY, applied=True), ["503 busy", "200 number 2"], 2),
        (Fault[Counter](drop="before"), ["broken", "200 number 1"], 1),
        (Fault[Counter](drop="after"), ["broken", "200 number 2"], 2),
        (Fault[Counter](cut=True), ["broken", "200 number 2"], 2),
        (Fault[Counter](edit=Counter.add), ["200 number 2", "200 number 3"], 3),
        (Fault[Counter](answer=BUSY, times=2), ["503 busy", "503 busy", "200 number 1"], 1),
        (Fault[Counter](answer=BUSY, skip=1), ["200 number 1", "503 busy", "200 number 2"], 2),
        (Fault[Counter]("POST /other", BUSY), ["200 number 1"], 1),
        (Fault[Counter]("POST /next", BUSY), ["503 busy", "200 number 1"], 1),
    ],
    ids=["answer", "applied", "before", "after", "cut", "edit", "times", "skip", "other operation", "operation"],
)
def test_a_fault_does_what_it_says(
    service: Service[Counter], counter: Counter, fault: Fault[Counter], answers: list[str], carried_out: int
) -> None:
    service.fail(fault)

    assert [ask(service) for _ in answers] == answers
    assert counter.number == carried_out
    assert len(service.requests) == len(answers)


def test_faults_come_one_after_another_and_can_be_forgotten(service: Service[Counter]) -> None:
    service.fail(Fault(answer=BUSY), Fault(answer=Answer(500, b"oops")), Fault(answer=BUSY, times=9))

    first = [ask(service) for _ in range(3)]
    service.fail_no_more()

    assert (first, ask(service)) == (["503 busy", "500 oops", "503 busy"], "200 number 1")


@pytest.mark.parametrize(
    ("asked", "told", "then"),
    [
        ("kind=throttle&times=2", "200 ok\n", ["429 slower", "429 slower", "200 number 1"]),
        ("kind=lost&operation=POST%20/next", "200 ok\n", ["broken", "200 number 2"]),
        ("kind=moon", "400 kind is one of throttle, drop, lost, cut, slow\n", ["200 number 1"]),
    ],
)
def test_a_person_may_let_something_go_wrong(
    service: Service[Counter], asked: str, told: str, then: list[str]
) -> None:
    assert ask(service, f"/fail?{asked}") == told
    assert [ask(service) for _ in then] == then
