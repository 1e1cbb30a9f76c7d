"""The web server of all scenarios, with one certificate for every host, and MTA-STS policies by host."""

import contextlib
import ssl
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Issues as this one does, so that CAA records can be compared with it.
ISSUER, ISSUER_CAA = "Let's Encrypt", "letsencrypt.org"
_POLICY = "/.well-known/mta-sts.txt"
_LIFETIME = timedelta(days=30)


class Web:
    """A web server at one address; `policies` are the MTA-STS policies by host name, without a last dot."""

    def __init__(
        self, address: str, port: int, folder: Path, hosts: Sequence[str], policies: Mapping[str, str]
    ) -> None:
        folder.mkdir()
        self.ca_bundle = folder / "authority.pem"
        own = folder / "server.pem"
        _write_certificates(self.ca_bundle, own, hosts)
        self.port = port
        self._server = _Server((address, port), _handler(policies))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that look at the certificate and go."""


def _handler(policies: Mapping[str, str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def handle(self) -> None:
            with contextlib.suppress(OSError):
                super().handle()

        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").partition(":")[0]
            policy = policies.get(host) if self.path == _POLICY else None
            body = (policy or "").encode()
            self.send_response(HTTPStatus.OK if policy else HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            pass

    return Handler


def _write_certificates(authority: Path, server: Path, hosts: Sequence[str]) -> None:
    """Write the certificate of the authority, and one for the hosts with its key."""
    key, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = _named(ISSUER, "Laboratory")
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    made = _builder(name, name, key).add_extension(constraints, critical=True).sign(key, hashes.SHA256())
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    issued = _builder(_named("", hosts[0][:60]), name, own).add_extension(names, critical=False)
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    authority.write_bytes(made.public_bytes(pem))
    server.write_bytes(
        own.private_bytes(pem, form, serialization.NoEncryption())
        + issued.sign(key, hashes.SHA256()).public_bytes(pem)
    )


def _named(organisation: str, common: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


def _builder(name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + _LIFETIME
    )
