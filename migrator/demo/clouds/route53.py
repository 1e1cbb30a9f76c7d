"""Route 53 on loopback: a stateful fake of its REST API, faithful where other emulators are not.

with Route53() as cloud:
zone = cloud.account.create("example.com")
zone.put({"Name": "www.example.com", "Type": "A", "TTL": 300, "ResourceRecords": [{"Value": "192.0.2.1"}]})
cloud.fail(Fault("ListResourceRecordSets", throttled(), times=3))
... boto3 with AWS_ENDPOINT_URL_ROUTE_53=cloud.url ...
assert cloud.operations() == ["ListHostedZonesByName", ...]
"""

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from migrator.demo.clouds.route53_api import ROUTES, VERSION, Answer, Request, error, operation_of, throttled
from migrator.demo.clouds.route53_zones import Account


@dataclass
class Fault:
    """What goes wrong with the next `times` requests of an operation (any operation: `*`), after `skip` good ones.

    `answer` replaces the answer; `drop` closes the connection instead of answering, `after` the request was
    carried out or before; `cut` sends half of the body; `delay` waits (seconds); `edit` changes the account
    first, as another person would, and the answer is then the ordinary one; `applied` carries the request out and
    answers with `answer` all the same, as a gateway does that gave up too early.
    """

    operation: str = "*"
    answer: Answer | None = None
    drop: str = ""
    cut: bool = False
    applied: bool = False
    delay: float = 0.0
    edit: Callable[[Account], None] | None = None
    times: int = 1
    skip: int = 0


class Route53:
    """The fake service; `url` is its endpoint while it runs."""

    def __init__(self, port: int = 0, *, keys: frozenset[str] | None = None) -> None:
        self.account = Account()
        self.requests: list[Request] = []
        self.keys = keys
        self._faults: deque[Fault] = deque()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.cloud = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fail(self, *faults: Fault) -> None:
        """Let these go wrong, each as often as it says, in this order."""
        self._faults.extend(faults)

    def operations(self) -> list[str]:
        return [request.operation for request in self.requests]

    def fault_for(self, operation: str) -> Fault | None:
        """Return what goes wrong with this request; every fault counts the requests that it lets pass."""
        due: Fault | None = None
        for fault in self._faults:
            if fault.operation not in {"*", operation}:
                continue
            if fault.skip:
                fault.skip -= 1
            elif due is None:
                due = fault
        if due is not None:
            due.times -= 1
            if due.times == 0:
                self._faults.remove(due)
        return due

    def answer(self, request: Request) -> Answer:
        """Carry out a request."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        for method, pattern, operation, act in ROUTES:
            found = re.fullmatch(pattern, request.path)
            if method == request.method and found:
                assert operation == request.operation
                with self.account.lock:
                    return act(self.account, request, *map(unquote, found.groups()))
        return error(404, "UnknownOperationException", "There is no such operation")

    def _refusal(self, request: Request) -> Answer | None:
        signed = re.match(r"AWS4-HMAC-SHA256 Credential=([^/,]+)/", request.headers.get("authorization", ""))
        if not signed:
            return error(403, "MissingAuthenticationToken", "Missing Authentication Token")
        if self.keys is not None and signed[1] not in self.keys:
            return error(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    cloud: Route53

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body go out in two writes: without this the second waits for the client's belated ACK.
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the request log is `Route53.requests`."""

    def _serve(self) -> None:
        cloud = self.server.cloud
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if url.path == "/fail":
            self._send(_admin(cloud, dict(parse_qsl(url.query))))
            return
        path = url.path.removeprefix(VERSION)
        request = Request(
            operation_of(self.command, path),
            self.command,
            path,
            dict(parse_qsl(url.query, keep_blank_values=True)),
            body,
            {name.lower(): value for name, value in self.headers.items()},
        )
        cloud.requests.append(request)
        self._answer(cloud, request, cloud.fault_for(request.operation) or Fault())

    def _answer(self, cloud: Route53, request: Request, fault: Fault) -> None:
        if fault.delay:
            time.sleep(fault.delay)
        if fault.edit is not None:
            with cloud.account.lock:
                fault.edit(cloud.account)
        if fault.drop == "before":
            self.close_connection = True
            return
        if fault.applied:
            cloud.answer(request)
        answer = fault.answer or cloud.answer(request)
        if fault.drop == "after":
            self.close_connection = True
            return
        self._send(answer, cut=fault.cut)

    def _send(self, answer: Answer, *, cut: bool = False) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("x-amzn-RequestId", "fake-request")
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if cut else answer.body)
        self.close_connection = self.close_connection or cut


def _admin(cloud: Route53, asked: dict[str, str]) -> Answer:
    """`/fail?operation=ListResourceRecordSets&kind=throttle&times=3`: for a person at the keyboard."""
    kinds: dict[str, dict[str, Any]] = {
        "throttle": {"answer": throttled()},
        "outage": {"answer": error(503, "ServiceUnavailable", "Service is unavailable")},
        "denied": {"answer": error(403, "AccessDenied", "User is not authorized")},
        "expired": {"answer": error(403, "ExpiredToken", "The security token included in the request is expired")},
        "drop": {"drop": "before"},
        "cut": {"cut": True},
        "slow": {"delay": 2.0},
    }
    if asked.get("kind") not in kinds:
        return Answer(400, f"kind is one of {', '.join(kinds)}\n".encode())
    times = int(asked.get("times", "1"))
    cloud.fail(Fault(asked.get("operation", "*"), times=times, **kinds[asked["kind"]]))
    return Answer(200, b"ok\n")
