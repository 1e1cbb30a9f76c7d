"""A web server that takes notices, and one notice to send."""

import json
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from migrator.journey.stages import Stage
from migrator.journey.state import Status
from migrator.model.names import absolute
from migrator.notices import Notice

SECRET = "T0SECRET/B0SECRET/xyzzySECRET"
NOTICE = Notice(
    absolute("example.com."),
    Stage.SWITCH,
    Status.ASKING,
    "Enter the new name servers at <the registrar> & approve.",
    datetime(2026, 12, 1, 9, tzinfo=UTC),
    ("dns-migrator approve example.com switch",),
)


@dataclass
class Receiver:
    """What it answers, in turn and then 200, and what it was told."""

    url: str = ""
    answers: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    told: list[Any] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    delay: float = 0.0


@contextmanager
def receiving() -> Iterator[Receiver]:
    here = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            here.paths.append(self.path)
            here.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            time.sleep(here.delay)
            code, headers = here.answers.popleft() if here.answers else (200, {})
            if code == 0:
                return
            self.send_response(code)
            for name, found in headers.items():
                self.send_header(name, found)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}/services/{SECRET}"
    running = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    running.start()
    yield here
    server.shutdown()
    server.server_close()
    running.join()
