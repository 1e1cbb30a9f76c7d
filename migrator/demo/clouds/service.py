"""What the fakes share: a log of what was asked, and faults on demand.

A service answers requests in the dialect of its provider while it is entered, writes each into `requests`, and
lets go wrong what `fail` was told, or what a person at the keyboard asked for with
`curl 'http://127.0.0.1:PORT/fail?operation=NAME&kind=throttle&times=3'`.
"""

import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, Self, TypeVar
from urllib.parse import parse_qsl, urlsplit

from migrator.demo.clouds.loopback import Answer, Loopback


class State(Protocol):
    """What a service holds; whoever changes it from outside takes the lock."""

    lock: threading.RLock


StateT = TypeVar("StateT", bound=State)


@dataclass(frozen=True)
class Request:
    """What was asked of the service at `base`: the operation by its own name, header names in lower case."""

    operation: str
    method: str
    path: str
    query: dict[str, str]
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    base: str = ""

    def json(self) -> dict[str, Any]:
        """Return the body, an empty object for none; raises JSONDecodeError where it is no JSON object."""
        found = json.loads(self.body or b"{}")
        if not isinstance(found, dict):
            raise json.JSONDecodeError("no object", self.body.decode(errors="replace"), 0)
        return found


@dataclass
class Fault(Generic[StateT]):
    """What goes wrong with the next `times` requests of an operation (any operation: `*`), after `skip` good ones.

    `answer` replaces the answer; `applied` carries the request out and answers with `answer` all the same, as a
    gateway does that gave up too early; `drop` closes the connection instead of answering, `after` the request was
    carried out or `before`; `cut` sends half of the body; `delay` waits (seconds); `edit` changes the state first,
    as another person would, and the answer is then the ordinary one.
    """

    operation: str = "*"
    answer: Answer | None = None
    drop: str = ""
    cut: bool = False
    applied: bool = False
    delay: float = 0.0
    edit: Callable[[StateT], object] | None = None
    times: int = 1
    skip: int = 0


@dataclass(frozen=True)
class Dialect:
    """How a provider speaks HTTP: what it calls an operation, where its paths begin, what all its answers have.

    `mishaps` are the answers that `/fail?kind=` knows by a word. `target` is the header that names the operation
    behind a dot, where the path does not.
    """

    operation_of: Callable[[str, str], str]
    path_of: Callable[[str], str]
    kind: str
    headers: tuple[tuple[str, str], ...]
    mishaps: Mapping[str, Answer]
    target: str = ""


class Service(Generic[StateT]):
    """A service on loopback while it is entered; `address` is where it listens."""

    def __init__(
        self,
        state: StateT,
        dialect: Dialect,
        answer: Callable[[Request], Answer],
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.requests: list[Request] = []
        self.busiest = 0
        self._state = state
        self._dialect = dialect
        self._answer = answer
        self._busy = 0
        self._faults: deque[Fault[StateT]] = deque()
        self._lock = threading.Lock()
        self._loopback = Loopback(self._respond, port, tls)
        self.address = self._loopback.address

    def __enter__(self) -> Self:
        self._loopback.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loopback.stop()

    def operations(self) -> list[str]:
        return [request.operation for request in self.requests]

    def fail(self, *faults: Fault[StateT]) -> None:
        """Let these go wrong, each as often as it says, in this order."""
        self._faults.extend(faults)

    def fail_no_more(self) -> None:
        """Forget what was to go wrong."""
        self._faults.clear()

    def _respond(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        url = urlsplit(target)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        if url.path == "/fail":
            return self._arranged(query)
        path = self._dialect.path_of(url.path)
        lowered = {name.lower(): value for name, value in headers.items()}
        target = self._dialect.target
        operation = lowered.get(target, "").rpartition(".")[2] or self._dialect.operation_of(method, path)
        request = Request(operation, method, path, query, body, lowered, self.address)
        with self._lock:
            self.requests.append(request)
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
            fault = self._due(request.operation)
        try:
            answer = self._outcome(request, fault)
        finally:
            with self._lock:
                self._busy -= 1
        if answer is None:
            return None
        fixed = self._dialect
        return replace(
            answer, kind=answer.kind or fixed.kind, headers=fixed.headers + answer.headers, cut=fault.cut
        )

    def _outcome(self, request: Request, fault: Fault[StateT]) -> Answer | None:
        """Carry the request out, with what goes wrong on the way; None: the connection breaks."""
        if fault.delay:
            time.sleep(fault.delay)
        if fault.edit is not None:
            with self._state.lock:
                fault.edit(self._state)
        if fault.drop == "before":
            return None
        told = fault.answer
        if told is None or fault.applied:
            answer = self._answer(request)
            told = told or answer
        return None if fault.drop == "after" else told

    def _due(self, operation: str) -> Fault[StateT]:
        """Return what goes wrong with this request; every fault counts the requests that it lets pass."""
        due: Fault[StateT] | None = None
        for fault in self._faults:
            if fault.operation not in {"*", operation}:
                continue
            if fault.skip:
                fault.skip -= 1
            elif due is None:
                due = fault
        if due is None:
            return Fault()
        due.times -= 1
        if due.times == 0:
            self._faults.remove(due)
        return due

    def _arranged(self, asked: dict[str, str]) -> Answer:
        """Arrange what a person asked to go wrong."""
        kinds: dict[str, Fault[StateT]] = {
            kind: Fault(answer=told) for kind, told in self._dialect.mishaps.items()
        }
        kinds |= {
            "drop": Fault(drop="before"),
            "lost": Fault(drop="after"),
            "cut": Fault(cut=True),
            "slow": Fault(delay=2.0),
        }
        fault = kinds.get(asked.get("kind", ""))
        if fault is None:
            return Answer(400, f"kind is one of {', '.join(kinds)}\n".encode(), kind="text/plain")
        self.fail(replace(fault, operation=asked.get("operation", "*"), times=int(asked.get("times", "1"))))
        return Answer(200, b"ok\n", kind="text/plain")
