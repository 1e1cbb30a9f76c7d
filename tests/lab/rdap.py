"""An RDAP server with a bootstrap file in IANA's format: what the registry would say of a domain (RFC 9083)."""

import json
import threading
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Rdap:
    """Answers `/domain/NAME` with what it was told, and 404 otherwise."""

    def __init__(self, address: str, port: int, top_level_domains: Sequence[str], bootstrap: Path) -> None:
        self._domains: dict[str, tuple[int, dict[str, object]]] = {}
        self._server = ThreadingHTTPServer((address, port), _handler(self._domains))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        self.url = f"http://{address}:{port}/"
        self.bootstrap = bootstrap
        services = [[[name.rstrip(".") for name in top_level_domains], [self.url]]]
        document = {"version": "1.0", "publication": "2026-01-01T00:00:00Z", "services": services}
        bootstrap.write_text(json.dumps(document))

    def tell(
        self,
        domain: str,
        name_servers: Iterable[str],
        *,
        status: Sequence[str] = ("active",),
        signed: bool = False,
        http_status: int = HTTPStatus.OK,
        expires: str = "2035-01-01T00:00:00Z",
    ) -> None:
        """Answer questions about the domain in this way from now on."""
        name = domain.rstrip(".").lower()
        self._domains[name] = (int(http_status), _document(name, name_servers, status, expires, signed=signed))

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _document(
    domain: str, name_servers: Iterable[str], status: Sequence[str], expires: str, *, signed: bool
) -> dict[str, object]:
    return {
        "rdapConformance": ["rdap_level_0"],
        "objectClassName": "domain",
        "ldhName": domain,
        "status": list(status),
        "nameservers": [
            {"objectClassName": "nameserver", "ldhName": name.rstrip(".").upper()} for name in name_servers
        ],
        "secureDNS": {"delegationSigned": signed},
        "events": [
            {"eventAction": "registration", "eventDate": "2020-01-01T00:00:00Z"},
            {"eventAction": "expiration", "eventDate": expires},
        ],
        "entities": [
            {
                "objectClassName": "entity",
                "handle": "9999",
                "roles": ["registrar"],
                "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Example Registrar"]]],
            }
        ],
    }


def _handler(domains: dict[str, tuple[int, dict[str, object]]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            missing: dict[str, object] = {"errorCode": 404, "title": "Not Found"}
            name = self.path.removeprefix("/domain/").rstrip(".").lower()
            code, document = domains.get(name, (int(HTTPStatus.NOT_FOUND), missing))
            body = json.dumps(document).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/rdap+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            pass

    return Handler
