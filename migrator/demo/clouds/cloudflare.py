"""Cloudflare on loopback: a stateful fake of its API for DNS.

with Cloudflare() as cloud:
zone = cloud.account.create("example.com", plan="pro")
zone.seed({"type": "A", "name": "www", "content": "192.0.2.1", "proxied": True})
cloud.fail(Fault("ListRecords", throttled(300), times=3))
... the SDK with CLOUDFLARE_BASE_URL=cloud.url and CLOUDFLARE_API_TOKEN=test-token ...
assert cloud.operations() == ["ListZones", "ListRecords", ...]
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from migrator.demo.clouds.cloudflare_api import (
    PREFIX,
    Answer,
    Request,
    answer,
    error,
    gateway,
    operation_of,
    throttled,
)
from migrator.demo.clouds.cloudflare_zones import Account

TOKEN = "test-token"


@dataclass
class Fault:
    """What goes wrong with the next `times` requests of an operation (any operation: `*`), after `skip` good ones.

    `answer` replaces the answer; `drop` closes the connection instead of answering, `after` the request was
    carried out or before; `lost` carries the request out and answers with `answer`; `cut` sends half of the
    body; `delay` waits (seconds); `edit` changes the account first, as another person would, and the answer is
    then the ordinary one.
    """

    operation: str = "*"
    answer: Answer | None = None
    drop: str = ""
    lost: bool = False
    cut: bool = False
    delay: float = 0.0
    edit: Callable[[Account], None] | None = None
    times: int = 1
    skip: int = 0


class Cloudflare:
    """The fake service; `url` is its endpoint while it runs."""

    def __init__(self, port: int = 0) -> None:
        self.account = Account()
        self.requests: list[Request] = []
        self._faults: deque[Fault] = deque()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.cloud = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{PREFIX}"

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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    cloud: Cloudflare

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

    def do_PUT(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the request log is `Cloudflare.requests`."""

    def _serve(self) -> None:
        cloud = self.server.cloud
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if url.path == "/fail":
            self._send(_admin(cloud, dict(parse_qsl(url.query))))
            return
        path = url.path.removeprefix(PREFIX)
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

    def _answer(self, cloud: Cloudflare, request: Request, fault: Fault) -> None:
        if fault.delay:
            time.sleep(fault.delay)
        if fault.edit is not None:
            with cloud.account.lock:
                fault.edit(cloud.account)
        if fault.drop == "before":
            self.close_connection = True
            return
        said = None if fault.answer is not None and not fault.lost else answer(cloud.account, request)
        if fault.drop == "after":
            self.close_connection = True
            return
        self._send(fault.answer or said or gateway(), cut=fault.cut)

    def _send(self, sent: Answer, *, cut: bool = False) -> None:
        self.send_response(sent.status)
        self.send_header("Content-Type", sent.kind)
        self.send_header("cf-ray", "fake-request")
        self.send_header("Content-Length", str(len(sent.body)))
        for name, value in sent.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent.body[: len(sent.body) // 2] if cut else sent.body)
        self.close_connection = self.close_connection or cut


def _admin(cloud: Cloudflare, asked: dict[str, str]) -> Answer:
    """`/fail?operation=Batch&kind=throttle&times=3`: for a person at the keyboard."""
    kinds: dict[str, dict[str, Any]] = {
        "throttle": {"answer": throttled(2)},
        "block": {"answer": throttled(60)},
        "outage": {"answer": gateway(503)},
        "denied": {"answer": error(403, 10000, "Authentication error")},
        "expired": {"answer": error(403, 9109, "Invalid access token")},
        "drop": {"drop": "before"},
        "lost": {"drop": "after"},
        "cut": {"cut": True},
        "slow": {"delay": 2.0},
    }
    if asked.get("kind") not in kinds:
        return Answer(400, f"kind is one of {', '.join(kinds)}\n".encode(), kind="text/plain")
    times = int(asked.get("times", "1"))
    cloud.fail(Fault(asked.get("operation", "*"), times=times, **kinds[asked["kind"]]))
    return Answer(200, b"ok\n", kind="text/plain")
