"""The registrar's view over HTTP on loopback: RDAP (RFC 9083) for domains, and its bootstrap file."""

import json
import threading
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dns.name import Name

from migrator.model.names import for_people

_POLL_SECONDS = 0.05


class RdapServer:
    """Answers what is registered below a top-level domain, and 404 for any other domain, until `close`."""

    def __init__(self, address: str, tld: str) -> None:
        self._tld = tld
        self._documents: dict[str, bytes] = {}
        self._server = ThreadingHTTPServer((address, 0), partial(_Handler, self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    @property
    def bootstrap(self) -> str:
        """The text of a bootstrap file in IANA's format (RFC 9224) that leads here."""
        services = [[[self._tld], [f"http://{self._server.server_name}:{self._server.server_port}/"]]]
        document = {"version": "1.0", "publication": "2026-01-01T00:00:00Z", "services": services}
        return json.dumps(document, indent=1) + "\n"

    def register(self, domain: Name, name_servers: Iterable[Name]) -> None:
        """Say from now on that the domain has these name servers."""
        self._documents[f"/domain/{for_people(domain)}"] = json.dumps(
            {
                "rdapConformance": ["rdap_level_0"],
                "objectClassName": "domain",
                "ldhName": for_people(domain),
                "status": ["active"],
                "nameservers": [
                    {"objectClassName": "nameserver", "ldhName": for_people(name)} for name in name_servers
                ],
                "secureDNS": {"delegationSigned": False},
                "events": [{"eventAction": "expiration", "eventDate": "2035-01-01T00:00:00Z"}],
                "entities": [
                    {
                        "objectClassName": "entity",
                        "roles": ["registrar"],
                        "vcardArray": [
                            "vcard",
                            [["version", {}, "text", "4.0"], ["fn", {}, "text", "Example Registrar"]],
                        ],
                    }
                ],
            }
        ).encode()

    def answer(self, path: str) -> bytes | None:
        """Return the document at the path, or None."""
        return self._documents.get(path.rstrip("/").lower().rstrip("."))

    def close(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, rdap: RdapServer, *server_arguments: object) -> None:
        self._rdap = rdap
        super().__init__(*server_arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        document = self._rdap.answer(self.path)
        body = document or b'{"errorCode": 404, "title": "Not Found"}'
        self.send_response(HTTPStatus.OK if document else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "application/rdap+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Keep the terminal to the demo's own words."""
