"""Files over HTTPS and certificates, from servers on loopback with certificates of an authority of the test."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from migrator.checks.asks import (
    Certificate,
    Fetch,
    Fetched,
    FetchFailure,
    Handshake,
    NoCertificate,
    NotFetched,
)
from migrator.errors import InputError
from migrator.model.names import absolute
from migrator.network import fetching
from migrator.network.fetching import fetch_all, handshake_all
from migrator.network.profile import NetworkProfile, load_profile

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOST = absolute("mta-sts.example.test.")
FETCH = Fetch(HOST, "/.well-known/mta-sts.txt", "127.0.0.1")
POLICY = "version: STSv1\r\nmode: enforce\r\nmx: *.example.test\r\nmax_age: 86400\r\n"


@dataclass(frozen=True)
class Authority:
    """An authority, and the folder with its certificate and those that it gave out."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    def certificate(self, *hosts: str, until: datetime | None = None) -> tuple[Path, Path]:
        """Return the files of a certificate for these hosts, and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        made = _built(_named(hosts[0]), self.name, key, until).add_extension(names, critical=False)
        return _written(self.folder / hosts[0].replace("*", "any"), made.sign(self.key, hashes.SHA256()), key)


def _named(text: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, text)]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


def _built(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime | None
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer,
        name,
        key.public_key(),
        x509.random_serial_number(),
        now - timedelta(days=9),
        until or now + timedelta(days=9),
    )


def _written(at: Path, made: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> tuple[Path, Path]:
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files = at.with_suffix(".pem"), at.with_suffix(".key")
    files[0].write_bytes(made.public_bytes(pem))
    files[1].write_bytes(key.private_bytes(pem, private, serialization.NoEncryption()))
    return files


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder, key = tmp_path_factory.mktemp("authority"), ec.generate_private_key(ec.SECP256R1())
    name = _named("Root of the Test", "Test Authority")
    made = _built(name, name, key, None).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    _written(folder / "authority", made.sign(key, hashes.SHA256()), key)
    return Authority(folder, key, name)


Serve = Callable[..., NetworkProfile]


@pytest.fixture
def serve(authority: Authority) -> Iterator[Serve]:
    """Return a function that serves one answer to everybody, and gives the profile that leads there."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    servers: list[asyncio.Server] = []
    asked: list[str] = []

    def start(answer: bytes, files: tuple[Path, Path] | None = None, *, plain: bool = False) -> NetworkProfile:
        context = None
        if not plain:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*(files or authority.certificate("mta-sts.example.test")))

        async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
                writer.write(answer)
                if answer:
                    await writer.drain()
                else:
                    await reader.read()
            except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                pass
            finally:
                writer.close()

        async def listening() -> asyncio.Server:
            return await asyncio.start_server(answering, "127.0.0.1", 0, ssl=context)

        server = asyncio.run_coroutine_threadsafe(listening(), loop).result()
        servers.append(server)
        profile = load_profile(None)
        bundle = str(authority.folder / "authority.pem")
        return replace(profile, https_port=server.sockets[0].getsockname()[1], ca_bundle=bundle)

    start.asked = asked  # type: ignore[attr-defined]
    yield start

    async def ending() -> None:
        for server in servers:
            server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(ending(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def http(status: str, body: str = "", headers: str = "Content-Type: text/plain\r\n") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def fetch(profile: NetworkProfile, *fetches: Fetch) -> tuple[Fetched | NotFetched, ...]:
    return fetch_all(profile, fetches or [FETCH], lambda: NOW)


def test_a_file_is_fetched_from_the_address_under_the_name(serve: Serve) -> None:
    found = fetch(serve(http("200 OK", POLICY)))

    assert found == (Fetched(FETCH, NOW, 200, "text/plain", POLICY),)
    (request,) = serve.asked  # type: ignore[attr-defined]
    assert request.startswith("GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.example.test\r\n")


def test_a_redirection_is_an_answer_and_is_not_followed(serve: Serve) -> None:
    (found,) = fetch(serve(http("301 Moved Permanently", headers="Location: https://127.0.0.1/\r\n")))

    assert isinstance(found, Fetched)
    assert (found.status, found.body) == (301, "")


def test_many_are_fetched_in_their_order(serve: Serve) -> None:
    profile = serve(http("200 OK", POLICY))
    fetches = [replace(FETCH, path=f"/{number}") for number in range(40)]

    assert [each.fetch for each in fetch(profile, *fetches)] == fetches


def failed(found: tuple[Fetched | NotFetched, ...]) -> tuple[FetchFailure, str]:
    (only,) = found
    assert isinstance(only, NotFetched)
    return only.failure, only.reason


def test_a_certificate_for_another_name_is_none(serve: Serve, authority: Authority) -> None:
    profile = serve(http("200 OK", POLICY), authority.certificate("www.example.test"))

    failure, reason = failed(fetch(profile))
    assert failure is FetchFailure.CERTIFICATE
    assert "certificate is not valid for 'mta-sts.example.test'" in reason


def test_a_certificate_that_has_ended_is_none(serve: Serve, authority: Authority) -> None:
    ended = authority.certificate("mta-sts.example.test", until=datetime.now(UTC) - timedelta(days=1))

    assert failed(fetch(serve(http("200 OK", POLICY), ended))) == (
        FetchFailure.CERTIFICATE,
        "certificate has expired",
    )


def test_a_certificate_of_an_authority_that_nobody_trusts_is_none(serve: Serve) -> None:
    profile = replace(serve(http("200 OK", POLICY)), ca_bundle="")

    failure, reason = failed(fetch(profile))
    assert (failure, reason.partition(" ")[0]) == (FetchFailure.CERTIFICATE, "unable")


def test_the_environment_can_name_the_authorities(
    serve: Serve, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = replace(serve(http("200 OK", POLICY)), ca_bundle="")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.folder / "authority.pem"))

    assert [type(each) for each in fetch(profile)] == [Fetched]


def test_every_version_of_python_judges_a_certificate_alike(
    serve: Serve, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ssl.create_default_context

    def of_3_13(*args: Any, **named: Any) -> ssl.SSLContext:
        context = made(*args, **named)
        context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
        return context

    monkeypatch.setattr(ssl, "create_default_context", of_3_13)
    files = authority.certificate("mta-sts.example.test")
    profile = serve(http("200 OK", POLICY), files)
    of_itself = replace(profile, ca_bundle=str(files[0]))

    assert [type(each) for each in fetch(profile)] == [Fetched]
    assert failed(fetch(of_itself))[0] is FetchFailure.CERTIFICATE


def test_a_bundle_without_certificates_is_refused(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    profile = replace(serve(b""), ca_bundle=str(tmp_path / "empty.pem"))

    with pytest.raises(InputError, match=r"empty\.pem: ca_bundle: no certificates can be read: "):
        fetch(profile)


def test_what_is_no_answer_is_told_apart(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.5)
    long = "x" * (fetching.MOST_OCTETS + 1)

    assert failed(fetch(serve(http("200 OK", long)))) == (
        FetchFailure.BROKEN,
        "the answer is longer than 65,536 octets",
    )
    assert failed(fetch(serve(b"hello\r\n\r\n")))[0] is FetchFailure.BROKEN
    assert failed(fetch(serve(b"HTTP/1.1 200 OK\r\n")))[0] is FetchFailure.BROKEN
    assert failed(fetch(serve(b"220 mail\r\n", plain=True)))[0] is FetchFailure.SILENT
    assert failed(fetch(serve(b"")))[0] is FetchFailure.SILENT


def test_a_closed_port_refuses(serve: Serve) -> None:
    profile = serve(b"")
    nobody = replace(FETCH, address="127.0.0.99")

    assert failed(fetch(profile, nobody)) == (FetchFailure.REFUSED, "connection refused")
    assert handshake_all(profile, [Handshake(HOST, "127.0.0.99")], lambda: NOW) == (
        NoCertificate(Handshake(HOST, "127.0.0.99"), NOW, "connection refused"),
    )


def test_ipv6_can_be_switched_off(serve: Serve) -> None:
    profile = replace(serve(b""), ipv6=False)

    assert failed(fetch(profile, replace(FETCH, address="::1")))[1] == "the network profile switches IPv6 off"


@pytest.mark.parametrize("address", ["192.0.2.80", "198.51.100.25", "203.0.113.9", "2001:db8::80", "3fff::1"])
def test_nothing_is_sent_to_addresses_of_the_documentation(serve: Serve, address: str) -> None:
    profile = serve(b"")
    reason = "an address of the documentation's, where nobody answers"

    assert failed(fetch(profile, replace(FETCH, address=address))) == (FetchFailure.SILENT, reason)
    assert handshake_all(profile, [Handshake(HOST, address)], lambda: NOW) == (
        NoCertificate(Handshake(HOST, address), NOW, reason),
    )


def test_a_certificate_is_shown_whether_it_is_valid_or_not(serve: Serve, authority: Authority) -> None:
    ended = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    profile = serve(b"", authority.certificate("*.example.net", "example.net", until=ended))
    asked = Handshake(absolute("www.example.org."), "127.0.0.1")

    (found,) = handshake_all(profile, [asked], lambda: NOW)

    assert found == Certificate(asked, NOW, "Test Authority", ("*.example.net", "example.net"), ended)


def test_a_port_without_tls_shows_no_certificate(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.5)
    profile = serve(b"hello", plain=True)

    (found,) = handshake_all(profile, [Handshake(HOST, "127.0.0.1", 443)], lambda: NOW)

    assert isinstance(found, NoCertificate)
