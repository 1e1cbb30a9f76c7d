"""Asks the registry what it has for a domain, in RDAP over HTTPS (RFC 9082, 9083, 9224).

Rules: plain http goes to loopback addresses only; every answer has limits of size, time and redirections; whatever
fails is a reason in words, never an exception and never an assumption.
"""

import json
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from dns.name import Name

from migrator.cutover.look import Unasked
from migrator.cutover.registrar import Registrar, read_registrar, with_registrars_own
from migrator.errors import InputError
from migrator.model.domains import without_secrets
from migrator.model.names import text_of
from migrator.network.loopback import is_loopback
from migrator.network.profile import NetworkProfile

if TYPE_CHECKING:
    import httpx

PATIENCE = 10.0
MOST_OCTETS = 4_000_000
MOST_REDIRECTIONS = 3
# Registries limit how often one may ask, and RDAP is minutes behind anyhow.
FRESH = timedelta(minutes=5)
_MEANINGS = {
    404: "the registry does not know the domain, or not at this level",
    429: "the registry was asked too often; ask again later",
}


_NOT_FOUND = 404
# An entry of the bootstrap has two lists.
_SUFFIXES_AND_URLS = 2


class _FailedError(Exception):
    """What could not be fetched or read; the text is the reason."""

    is_unknown = False


class _UnknownDomainError(_FailedError):
    """The registry answers that it has no such domain."""

    is_unknown = True


class Registry:
    """Asks for one domain's registration; remembers where to ask, and for some minutes what was answered."""

    def __init__(self, profile: NetworkProfile) -> None:
        """Use the bootstrap of the profile."""
        self._bootstrap = profile.rdap_bootstrap
        self._services: dict[str, str] | None = None
        self._answers: dict[Name, tuple[datetime, Registrar | Unasked]] = {}

    def ask(self, domain: Name, now: datetime) -> Registrar | Unasked | None:
        """Return the registry's view, the reason why there is none, or None where RDAP is switched off."""
        if not self._bootstrap:
            return None
        if domain in self._answers and now - self._answers[domain][0] < FRESH:
            return self._answers[domain][1]
        try:
            answer: Registrar | Unasked = self._fetch(domain)
        except _FailedError as exc:
            answer = Unasked(str(exc), exc.is_unknown)
        self._answers[domain] = (now, answer)
        return answer

    def _fetch(self, domain: Name) -> Registrar:
        if self._services is None:
            self._services = _services(_bootstrap_text(self._bootstrap), self._bootstrap)
        name = text_of(domain).rstrip(".")
        base = _base_of(name, self._services)
        if base is None:
            raise _FailedError(f"no RDAP service is registered for {name.rpartition('.')[2] or 'the root'}")
        return _with_registrars_own(_view(f"{base.rstrip('/')}/domain/{name}"))


def _view(url: str) -> Registrar:
    """Return what one server says of a domain."""
    text = _get(url, "application/rdap+json, application/json;q=0.8")
    document = _parsed(text, url)
    try:
        return read_registrar(document, _shown(url), text)
    except InputError as exc:
        raise _FailedError(str(exc)) from exc


def _with_registrars_own(registry: Registrar) -> Registrar:
    """Follow the registry's reference to the registrar; what fails there leaves the registry's answer as it is."""
    if not registry.related:
        return registry
    try:
        return with_registrars_own(registry, _view(registry.related))
    except _FailedError as exc:
        return replace(registry, registrar_trouble=str(exc))


def _bootstrap_text(where: str) -> str:
    if "://" in where:
        return _get(where, "application/json")
    try:
        return Path(where).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise _FailedError(f"{_shown(where)}: the RDAP bootstrap cannot be read: {exc}") from exc


def _services(text: str, where: str) -> dict[str, str]:
    """Return the base URL of each suffix; of several URLs an https one (RFC 9224 section 3)."""
    services = _parsed(text, where).get("services")
    found: dict[str, str] = {}
    for service in services if isinstance(services, list) else []:
        lists = [item for item in service if isinstance(item, list)] if isinstance(service, list) else []
        if len(lists) == _SUFFIXES_AND_URLS:
            urls = sorted((url for url in lists[1] if isinstance(url, str)), key=_is_plain)
            found |= {str(suffix).lower().strip("."): urls[0] for suffix in lists[0] if urls}
    if not found:
        raise _FailedError(f"{_shown(where)}: no RDAP bootstrap in IANA's format (RFC 9224)")
    return found


def _base_of(name: str, services: dict[str, str]) -> str | None:
    """Return the service of the longest suffix of the name."""
    labels = name.split(".")
    suffixes = (".".join(labels[i:]) for i in range(len(labels)))
    return next((services[suffix] for suffix in suffixes if suffix in services), None)


def _parsed(text: str, where: str) -> dict[str, object]:
    try:
        document: object = json.loads(text, parse_constant=_refuse)
        # Half a character of UTF-16 passes as an escape, and could not be written again.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as exc:
        raise _FailedError(f"{_shown(where)}: the answer is not JSON") from exc
    if not isinstance(document, dict):
        raise _FailedError(f"{_shown(where)}: the answer is no JSON object")
    return document


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _get(url: str, accept: str) -> str:
    """Return the body of the answer to a GET; raises _FailedError for everything else, and when it takes too long.

    The client's own time-outs are for one read each, and none is for the lookup of the host: so it works on a
    thread, which is left to itself when the time is over.
    """
    answers: SimpleQueue[str | _FailedError] = SimpleQueue()

    def work() -> None:
        try:
            answers.put(_followed(url, accept))
        except _FailedError as exc:
            answers.put(exc)

    threading.Thread(target=work, daemon=True).start()
    try:
        answer = answers.get(timeout=PATIENCE)
    except Empty:
        raise _FailedError(f"{_shown(url)}: the answer did not end within {PATIENCE:g} seconds") from None
    if isinstance(answer, _FailedError):
        raise answer
    return answer


def _followed(url: str, accept: str) -> str:
    """Return the body at the end of the redirections."""
    import httpx

    deadline = time.monotonic() + PATIENCE
    try:
        for _ in range(MOST_REDIRECTIONS + 1):
            host = _allowed_host(url)
            # The proxy of the environment leads outside: what is on this machine is asked directly.
            with (
                httpx.Client(timeout=PATIENCE, trust_env=not is_loopback(host)) as client,
                client.stream("GET", url, headers={"Accept": accept}) as response,
            ):
                if not response.has_redirect_location:
                    return _body(response, url, deadline)
                url = str(response.url.join(response.headers["location"]))
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise _FailedError(f"{_shown(url)}: {str(exc) or type(exc).__name__}") from exc
    raise _FailedError(f"{_shown(url)}: redirected more than {MOST_REDIRECTIONS} times")


def _body(response: "httpx.Response", url: str, deadline: float) -> str:
    if not response.is_success:
        meaning = _MEANINGS.get(response.status_code, response.reason_phrase.lower() or "no answer")
        failed = _UnknownDomainError if response.status_code == _NOT_FOUND else _FailedError
        raise failed(f"{_shown(url)}: HTTP {response.status_code}: {meaning}")
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > MOST_OCTETS:
            raise _FailedError(f"{_shown(url)}: the answer is longer than {MOST_OCTETS:,} octets")
        if time.monotonic() > deadline:
            raise _FailedError(f"{_shown(url)}: the answer did not end within {PATIENCE:g} seconds")
    return content.decode("utf-8", "replace")


def _allowed_host(url: str) -> str:
    """Return the host of an https URL, or of an http one to this machine: the clear proves nothing."""
    import httpx

    parsed = httpx.URL(url)
    if parsed.scheme == "https" or (parsed.scheme == "http" and is_loopback(parsed.host)):
        return parsed.host
    raise _FailedError(f"{_shown(url)}: not asked: RDAP goes over https, and over http to loopback addresses only")


def _shown(where: str) -> str:
    """Return a URL as it may be kept: a mirror of one's own may have a login and a key in it."""
    return without_secrets(where) if "://" in where else where


def _is_plain(url: str) -> bool:
    return not url.lower().startswith("https://")
