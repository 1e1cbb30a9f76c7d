"""Fetches files over HTTPS from given addresses, and looks at the certificates that they show.

Rules: the name goes into TLS and into Host, and the address that is asked is the one given, whatever DNS says; no
proxy, no redirection; every answer has limits of size and time. Whatever fails is a reply in words, never an
exception. A fetched file counts only with a certificate that the authorities of this system, or those of
`ca_bundle` in the network profile (or of SSL_CERT_FILE), vouch for.
"""

import asyncio
import ipaddress
import os
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from migrator.checks.asks import (
    Certificate,
    Fetch,
    Fetched,
    FetchFailure,
    Handshake,
    NoCertificate,
    NotFetched,
)
from migrator.errors import InputError, causes_of
from migrator.model.names import text_of
from migrator.network.profile import HTTPS_PORT, NetworkProfile

if TYPE_CHECKING:
    import httpx

PATIENCE = 5.0  # seconds for one step: the connection, one part of the answer
_STEPS = 3  # as long as that the whole may take
MOST_OCTETS = 65_536  # RFC 8461 section 3.3 allows senders to stop at that
_AT_ONCE = 16
# RFC 5737, RFC 3849, RFC 9637: whoever answers there is somebody in between.
_DOCUMENTATION = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
    )
)
_Ask = TypeVar("_Ask")
_Reply = TypeVar("_Reply")


def fetch_all(
    profile: NetworkProfile, fetches: Sequence[Fetch], now: Callable[[], datetime]
) -> tuple[Fetched | NotFetched, ...]:
    """Return what each address answers, in the order of the fetches.

    Raises InputError where the file of `ca_bundle` holds no certificates.
    """
    trust = _trusting(profile)
    return asyncio.run(_all(partial(_fetch, profile, trust, now), fetches))


def handshake_all(
    profile: NetworkProfile, handshakes: Sequence[Handshake], now: Callable[[], datetime]
) -> tuple[Certificate | NoCertificate, ...]:
    """Return the certificate that each address shows, valid or not, in the order of the handshakes."""
    return asyncio.run(_all(partial(_shake, profile, now), handshakes))


async def _all(work: Callable[[_Ask], Awaitable[_Reply]], asks: Sequence[_Ask]) -> tuple[_Reply, ...]:
    turns = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(ask: _Ask) -> _Reply:
        async with turns:
            return await work(ask)

    return tuple(await asyncio.gather(*map(in_turn, asks)))


async def _fetch(
    profile: NetworkProfile, trust: ssl.SSLContext, now: Callable[[], datetime], fetch: Fetch
) -> Fetched | NotFetched:
    import httpx

    if (reason := _not_asked(profile, fetch.address)) is not None:
        return NotFetched(fetch, now(), FetchFailure.SILENT, reason)
    try:
        async with asyncio.timeout(_STEPS * PATIENCE):
            status, kind, body = await _answer(profile, trust, fetch)
    except TimeoutError:
        reason = f"no whole answer within {_STEPS * PATIENCE:g} seconds"
        return NotFetched(fetch, now(), FetchFailure.SILENT, reason)
    except (httpx.HTTPError, OSError, _TooLongError) as exc:
        failure, reason = _failure(exc)
        return NotFetched(fetch, now(), failure, reason)
    return Fetched(fetch, now(), status, kind, body)


async def _answer(profile: NetworkProfile, trust: ssl.SSLContext, fetch: Fetch) -> tuple[int, str, str]:
    import httpx

    host = text_of(fetch.host).rstrip(".")
    where = f"[{fetch.address}]" if ":" in fetch.address else fetch.address
    async with (
        httpx.AsyncClient(verify=trust, trust_env=False, timeout=PATIENCE) as client,
        client.stream(
            "GET",
            f"https://{where}:{profile.https_port}{fetch.path}",
            headers={"Host": host, "Accept": "text/plain, */*;q=0.1"},
            extensions={"sni_hostname": host},
        ) as response,
    ):
        body = await _body(response)
        return response.status_code, response.headers.get("content-type", ""), body.decode("utf-8", "replace")


async def _body(response: "httpx.Response") -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MOST_OCTETS:
            raise _TooLongError
    return bytes(content)


class _TooLongError(Exception):
    """The answer has more octets than anybody reads."""


def _failure(exc: Exception) -> tuple[FetchFailure, str]:
    """Return what kind of failure an exception stands for, by what caused it."""
    import httpx

    causes = list(causes_of(exc))
    for cause in causes:
        match cause:
            case _TooLongError():
                return FetchFailure.BROKEN, f"the answer is longer than {MOST_OCTETS:,} octets"
            case ssl.SSLCertVerificationError():
                return FetchFailure.CERTIFICATE, cause.verify_message
            case ssl.SSLError():
                return FetchFailure.BROKEN, f"no TLS ({(cause.reason or str(cause)).lower().replace('_', ' ')})"
            case ConnectionRefusedError():
                return FetchFailure.REFUSED, "connection refused"
            case httpx.TimeoutException():
                return FetchFailure.SILENT, "timeout"
            case _:
                pass
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno and not isinstance(cause, ConnectionError):
            return FetchFailure.SILENT, os.strerror(cause.errno).lower()
    return FetchFailure.BROKEN, str(exc) or "the connection was closed"


def _trusting(profile: NetworkProfile) -> ssl.SSLContext:
    try:
        trust = ssl.create_default_context(cafile=profile.ca_bundle or None)
    except (OSError, ssl.SSLError) as exc:
        raise InputError(f"{profile.ca_bundle}: ca_bundle: no certificates can be read: {exc}.") from exc
    # Python 3.13 asks more of a certificate than those who send mail or look at a page do, and than 3.12 did.
    # And it takes any trusted one for the end of a chain, where that of an authority was expected.
    trust.verify_flags &= ~(ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN)
    return trust


async def _shake(
    profile: NetworkProfile, now: Callable[[], datetime], handshake: Handshake
) -> Certificate | NoCertificate:
    if (reason := _not_asked(profile, handshake.address)) is not None:
        return NoCertificate(handshake, now(), reason)
    # Who issued it is to be seen, also where it is not valid: nothing is sent over this connection.
    anything = ssl.create_default_context()
    anything.check_hostname = False
    anything.verify_mode = ssl.CERT_NONE
    port = profile.https_port if handshake.port == HTTPS_PORT else handshake.port
    try:
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(
                handshake.address, port, ssl=anything, server_hostname=text_of(handshake.host).rstrip(".")
            )
            try:
                shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            finally:
                writer.transport.abort()
                with suppress(OSError):
                    await writer.wait_closed()
    except TimeoutError:
        return NoCertificate(handshake, now(), f"no TLS within {PATIENCE:g} seconds")
    except OSError as exc:
        return NoCertificate(handshake, now(), _failure(exc)[1])
    return _certificate(handshake, now(), shown)


def _not_asked(profile: NetworkProfile, address: str) -> str | None:
    """Return why nothing is sent to the address; None where it is asked."""
    if profile.ipv6 is False and ":" in address:
        return "the network profile switches IPv6 off"
    found = ipaddress.ip_address(address)
    if any(found in network for network in _DOCUMENTATION if network.version == found.version):
        return "an address of the documentation's, where nobody answers"
    return None


def _certificate(handshake: Handshake, at: datetime, shown: bytes) -> Certificate | NoCertificate:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    try:
        found = x509.load_der_x509_certificate(shown)
        issuers = [
            str(attribute.value)
            for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
            for attribute in found.issuer.get_attributes_for_oid(oid)
        ]
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        of_hosts = tuple(names.get_values_for_type(x509.DNSName))
    except x509.ExtensionNotFound:
        of_hosts = ()
    except ValueError:
        return NoCertificate(handshake, at, "the certificate cannot be read")
    return Certificate(handshake, at, issuers[0] if issuers else "", of_hosts, found.not_valid_after_utc)
