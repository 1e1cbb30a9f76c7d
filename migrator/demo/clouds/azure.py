"""Azure DNS on loopback: a stateful fake of its REST API, of the Resource Manager before it, and of its login.

    with Azure() as azure:
        zone = azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
        zone.put("www", "A", ARecords=[{"ipv4Address": "192.0.2.1"}])
        azure.fail(Fault("ListSets", throttled(1), times=3))
        ... the SDK with AZURE_DNS_ENDPOINT=azure.url AZURE_ACCESS_TOKEN=TOKEN ...
        assert azure.operations() == ["ListZones", "ListSets", ...]

With a `folder` it speaks https, with a throw-away certificate in that folder, and the real azure-identity
logs in to it.
"""

import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from migrator.demo.clouds.azure_api import (
    Answer,
    Request,
    arm_error,
    carry_out,
    error,
    expired,
    forbidden,
    operation_of,
    throttled,
)
from migrator.demo.clouds.azure_login import certificate, openid_configuration, token
from migrator.demo.clouds.azure_zones import Cloud

SUBSCRIPTION = "01234567-89ab-cdef-0123-456789abcdef"
TOKEN = "fake-bearer-token-0123456789"
SECRET = "fake-client-secret"


@dataclass
class Fault:
    """What goes wrong with the next `times` requests of an operation (any operation: `*`), after `skip` good ones.

    `answer` replaces the answer; `drop` closes the connection instead of answering, `after` the request was
    carried out or before; `cut` sends half of the body; `delay` waits (seconds); `edit` changes the cloud
    first, as another person would, and the answer is then the ordinary one. `applied` carries the request out and
    answers with `answer` all the same: a gateway that gave up too early.
    """

    operation: str = "*"
    answer: Answer | None = None
    drop: str = ""
    cut: bool = False
    applied: bool = False
    delay: float = 0.0
    edit: Callable[[Cloud], object] | None = None
    times: int = 1
    skip: int = 0


class Azure:
    """The fake service; `url` is its endpoint while it runs."""

    def __init__(self, port: int = 0, *, folder: Path | None = None) -> None:
        self.cloud = Cloud()
        self.cloud.subscribe(SUBSCRIPTION)
        self.requests: list[Request] = []
        self.tokens = {TOKEN}
        self.secret = SECRET
        self.busiest = 0
        self._busy = 0
        self._faults: deque[Fault] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.azure = self
        self.ca_bundle: Path | None = None
        if folder is not None:
            self.ca_bundle, key = certificate(folder)
            self._server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._server.tls.load_cert_chain(self.ca_bundle, key)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        scheme = "http" if self._server.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

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

    def fail_no_more(self) -> None:
        """Forget what was to go wrong."""
        self._faults.clear()

    def operations(self) -> list[str]:
        return [request.operation for request in self.requests]

    def fault_for(self, operation: str) -> Fault:
        """Return what goes wrong with this request; every fault counts the requests that it lets pass."""
        with self._lock:
            due: Fault | None = None
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

    def answer(self, request: Request) -> Answer:
        """Carry out a request, if its token is good."""
        login = self._login(request)
        if login is not None:
            return login
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer":
            message = "Authentication failed. The 'Authorization' header is missing."
            return arm_error(401, "AuthenticationFailed", message)
        if given not in self.tokens:
            return arm_error(401, "InvalidAuthenticationToken", "The access token is invalid.")
        return carry_out(self.cloud, request)

    def _login(self, request: Request) -> Answer | None:
        tenant, _, rest = request.path.strip("/").partition("/")
        if request.operation == "Token":
            issued = f"issued-{len(self.tokens)}"
            answer = token(request.body, self.secret, issued)
            if answer.status == 200:
                self.tokens.add(issued)
            return answer
        if rest == "v2.0/.well-known/openid-configuration":
            return openid_configuration(request.base, tenant)
        return None

    def begin(self) -> None:
        with self._lock:
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)

    def end(self) -> None:
        with self._lock:
            self._busy -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    azure: Azure
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speak TLS in the connection's own thread."""
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        try:
            with self.tls.wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)
        except (ssl.SSLError, ConnectionError):
            request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in two pieces; Nagle's algorithm would hold the second back for 40 ms.
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the request log is `Azure.requests`."""

    def _serve(self) -> None:
        azure = self.server.azure
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if url.path == "/fail":
            self._send(_admin(azure, dict(parse_qsl(url.query))))
            return
        path = unquote(url.path)
        operation = "Token" if path.endswith("/oauth2/v2.0/token") else operation_of(self.command, path)
        request = Request(
            operation,
            self.command,
            path,
            dict(parse_qsl(url.query, keep_blank_values=True)),
            body,
            {name.lower(): value for name, value in self.headers.items()},
            azure.url,
        )
        azure.requests.append(request)
        azure.begin()
        try:
            self._answer(azure, request, azure.fault_for(operation))
        finally:
            azure.end()

    def _answer(self, azure: Azure, request: Request, fault: Fault) -> None:
        if fault.delay:
            time.sleep(fault.delay)
        if fault.edit is not None:
            with azure.cloud.lock:
                fault.edit(azure.cloud)
        if fault.drop == "before":
            self.close_connection = True
            return
        answer = azure.answer(request) if fault.answer is None or fault.applied else fault.answer
        if fault.drop == "after":
            self.close_connection = True
            return
        self._send(fault.answer or answer, cut=fault.cut)

    def _send(self, answer: Answer, *, cut: bool = False) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("x-ms-request-id", "00000000-0000-0000-0000-000000000000")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if cut else answer.body)
        self.close_connection = self.close_connection or cut


def _admin(azure: Azure, asked: dict[str, str]) -> Answer:
    """`/fail?operation=ListSets&kind=throttle&times=3`: for a person at the keyboard."""
    kinds: dict[str, dict[str, Any]] = {
        "throttle": {"answer": throttled()},
        "throttle-5s": {"answer": throttled(5)},
        "outage": {"answer": error(503, "ServiceUnavailable", "The service is unavailable.")},
        "denied": {"answer": forbidden()},
        "expired": {"answer": expired()},
        "drop": {"drop": "before"},
        "lost": {"drop": "after"},
        "cut": {"cut": True},
        "slow": {"delay": 2.0},
    }
    if asked.get("kind") not in kinds:
        return Answer(400, f"kind is one of {', '.join(kinds)}\n".encode())
    times = int(asked.get("times", "1"))
    azure.fail(Fault(asked.get("operation", "*"), times=times, **kinds[asked["kind"]]))
    return Answer(200, b"ok\n")
