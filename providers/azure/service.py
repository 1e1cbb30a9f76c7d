"""The one that talks to Azure: sends JSON through the SDK's pipeline, counts, and tries again what may pass.

What may pass is throttling (429, its Retry-After honoured), failures of the service (5xx) and connections that
break. A write is sent again after 429, after 5xx and where it never left; an answer that was lost is told to the
caller, who alone can look whether the write was carried out.
"""

import json
import os
import random
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from migrator.errors import ProviderError
from migrator.interfaces import Budget, Calls, no_budget
from migrator.model.retryafter import seconds_asked
from migrator.model.values import dataclass
from providers.azure import failures
from providers.azure.pace import Pace, StoppedError
from providers.azure.settings import Settings, origin_of
from providers.patience import Patience

if TYPE_CHECKING:
    from azure.core.rest import HttpResponse

_TOO_MANY = 429
_PASSING = frozenset({408, 500, 502, 503, 504})
_ERRORS = 400
# What stands for one record set or one zone, and not for the whole run.
_TELLING = frozenset({400, 404, 409, 412})
# An alias to what its writer may not read (Azure Resource Manager's own words: "linked scope").
_TELLING_CODES = frozenset({"LinkedAuthorizationFailed"})
_CONNECT_TIMEOUT = 10.0
_READ_TIMEOUT = 60.0
_READING = frozenset({"GET", "HEAD"})
_SAFE_IN_PATH = "@*-_.~"


PATIENCE = Patience(throttled=900.0, failures=6, connections=5, shortest_pause=0.5)


def _pause_after(times: int) -> float:
    """Return the seconds to wait after so many failures in a row, with a part of chance in it."""
    return PATIENCE.after(times) * random.uniform(0.75, 1.0)  # noqa: S311 - no secret


class LostAnswerError(Exception):
    """A write was sent and its answer was lost: nobody knows whether it was carried out."""


class UncertainError(ProviderError):
    """The service failed for good, and the write that it failed at may have been carried out."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its status, its octets as received, and what they say; `native` is None where they are no JSON.

    `retried` tells that a try before this one may have been carried out.
    """

    status: int
    body: bytes
    retried: bool = False

    @property
    def native(self) -> object:
        """The JSON of the body."""
        try:
            found: object = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found

    @property
    def code(self) -> str:
        """The code of an error."""
        return failures.said(self.body)[0]

    @property
    def words(self) -> str:
        """The message of an error, on one line."""
        return failures.quoted(failures.said(self.body)[1])


class Service:
    """Azure as one set of credentials sees it; use it in a `with` block, or close it."""

    def __init__(self, settings: Settings, calls: Calls | None = None, budget: Budget = no_budget) -> None:
        """Find the credentials' settings; raises ProviderError where they cannot be used. Asks nothing yet."""
        from providers.azure.pipeline import Pipeline

        self.settings = settings
        self.calls = Calls() if calls is None else calls
        self.pace = Pace()
        self._budget = budget
        self._counting = threading.Lock()
        self._reads_by_thread: Counter[int] = Counter()
        try:
            self._pipeline = Pipeline(settings, self._count)
        except ValueError as exc:
            raise failures.settings_failure() from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.pace.stop()
        self._pipeline.close()

    @property
    def reads_of_this_thread(self) -> int:
        """How many requests that read were sent by the thread that asks."""
        return self._reads_by_thread[threading.get_ident()]

    def get(self, path: str, action: str, *, version: str = "", query: Mapping[str, str] | None = None) -> Reply:
        """Return the answer to a question; raises ProviderError for every error.

        `path` is a path below the endpoint, or the URL of a next page.
        """
        reply = self.send("GET", path, action, version=version, query=query)
        if reply.status >= _ERRORS:
            raise self.refusal(reply, action)
        if not isinstance(reply.native, Mapping):
            raise failures.not_azure(action, self.settings.host)
        return reply

    def refusal(self, reply: Reply, action: str, tries: int = 1) -> ProviderError:
        """Return the error for an answer with an error status."""
        return failures.refusal(
            reply.status, reply.body, action, self.settings, _api_version(), tries, self._secrets()
        )

    def send(
        self,
        method: str,
        path: str,
        action: str,
        *,
        version: str = "",
        query: Mapping[str, str] | None = None,
        body: object = None,
        condition: Mapping[str, str] | None = None,
    ) -> Reply:
        """Return the answer to one request after as many tries as it takes.

        An answer that speaks of this one resource (400, 404, 409, 412) is returned. Raises LostAnswerError for
        a write of which nobody knows, ProviderError where nothing goes any further.
        """
        attempt = _Attempt(self, method, self._url(path, version, query), action, body, dict(condition or {}))
        try:
            while True:
                with self.pace.lane():
                    reply = attempt.once()
                if reply is not None:
                    return reply
                self.pace.pause(attempt.pause)
        except StoppedError as exc:
            if attempt.retried and method not in _READING:
                raise UncertainError(f"Azure DNS: {action} was stopped between two tries.") from exc
            raise

    def exchange(self, method: str, url: str, body: object, headers: Mapping[str, str]) -> "HttpResponse":
        """Send one request once; raises the SDK's exceptions."""
        from azure.core.rest import HttpRequest

        kind = "azure-reads" if method in _READING else "azure-writes"
        self._budget(kind, f"{self.settings.endpoint} {_subscription_of(url)}")
        request = HttpRequest(method, url, headers={"Accept": "application/json", **headers})
        if body is not None:
            request = HttpRequest(method, url, headers={"Accept": "application/json", **headers}, json=body)
        return self._pipeline.send(request, connect_timeout=_CONNECT_TIMEOUT, read_timeout=_READ_TIMEOUT)

    def _count(self, method: str) -> None:
        with self._counting:
            if method in _READING:
                self.calls.reads += 1
                self._reads_by_thread[threading.get_ident()] += 1
            else:
                self.calls.writes += 1

    def _url(self, path: str, version: str, query: Mapping[str, str] | None) -> str:
        """Return the URL to ask; the token goes to no other server than the endpoint."""
        wanted = {**(query or {}), "api-version": version or _api_version()}
        if path.startswith("/"):
            return f"{self.settings.endpoint}{path}?{_encoded(wanted)}"
        if origin_of(path) != origin_of(self.settings.endpoint):
            raise ProviderError(
                f"Azure DNS: {self.settings.host} names another server for its next page, which is not followed. "
                "Is AZURE_DNS_ENDPOINT right?"
            )
        parts = urlsplit(path)
        kept = {name: found for name, found in parse_qsl(parts.query) if name.lower() != "api-version"}
        return f"{parts.scheme}://{parts.netloc}{parts.path}?{_encoded({**kept, **wanted})}"

    def _secrets(self) -> tuple[str, ...]:
        """Return what must never be seen in a message, as far as it is known."""
        return tuple(filter(None, (self.settings.token, os.environ.get("AZURE_CLIENT_SECRET", ""))))


class _Attempt:
    """One request and its tries; `pause` is how long to wait before the next."""

    def __init__(
        self, service: Service, method: str, url: str, action: str, body: object, headers: dict[str, str]
    ) -> None:
        self.service = service
        self.method = method
        self.url = url
        self.action = action
        self.body = body
        self.headers = headers
        self.pause = 0.0
        self.tries = 0
        self.failures = 0
        self.refusals = 0
        self.waited = 0.0
        self.retried = False

    def once(self) -> Reply | None:
        """Return the answer, or None where another try may help."""
        from azure.core.exceptions import (
            AzureError,
            ClientAuthenticationError,
            IncompleteReadError,
            ServiceRequestError,
            ServiceResponseError,
        )

        self.tries += 1
        try:
            response = self.service.exchange(self.method, self.url, self.body, self.headers)
            reply = Reply(response.status_code, response.content, self.retried)
        except ClientAuthenticationError as exc:
            raise failures.login_failure(exc, os.environ) from exc
        except (ServiceRequestError, ServiceResponseError, IncompleteReadError) as exc:
            if self.method not in _READING and _may_have_left(exc):
                raise LostAnswerError from exc
            self._not_connected(exc)
            return None
        except AzureError as exc:
            raise failures.connection_failure(exc, self.action, self._host, self.tries) from exc
        return self._judged(reply, seconds_asked(response.headers.get("Retry-After", ""), datetime.now(UTC)))

    def _judged(self, reply: Reply, asked: float | None) -> Reply | None:
        if reply.status == _TOO_MANY:
            self._throttled(reply, asked)
            return None
        if reply.status in _PASSING:
            self._failed(reply, asked)
            return None
        if reply.status >= _ERRORS and reply.status not in _TELLING and reply.code not in _TELLING_CODES:
            raise self.service.refusal(reply, self.action, self.tries)
        if 300 <= reply.status < _ERRORS:  # noqa: PLR2004 - Azure Resource Manager never redirects
            raise failures.not_azure(self.action, self._host)
        self.service.pace.succeeded()
        return reply

    def _throttled(self, reply: Reply, asked: float | None) -> None:
        self.refusals += 1
        # Who asks for no wait at all would be asked again at once, and for ever.
        pause = _pause_after(self.refusals) if asked is None else max(asked, PATIENCE.shortest_pause)
        if self.waited + pause > PATIENCE.throttled:
            raise failures.throttled(reply.body, self.action, self.tries, self.waited, asked)
        self.waited += pause
        self.pause = 0.0
        self.service.pace.slower(pause)

    def _failed(self, reply: Reply, asked: float | None) -> None:
        self.failures += 1
        self.retried = True
        if self.failures >= PATIENCE.failures:
            error = self.service.refusal(reply, self.action, self.tries)
            raise UncertainError(str(error)) if self.method not in _READING else error
        self.pause = min(_pause_after(self.failures) if asked is None else asked, PATIENCE.longest_pause)

    def _not_connected(self, exc: Exception) -> None:
        self.failures += 1
        if _is_untrusted(exc) or self.failures >= PATIENCE.connections:
            error = failures.connection_failure(exc, self.action, self._host, self.tries)
            raise UncertainError(str(error)) if self.retried and self.method not in _READING else error
        self.pause = _pause_after(self.failures)

    @property
    def _host(self) -> str:
        return self.service.settings.host


def _may_have_left(exc: Exception) -> bool:
    """Tell whether the request may have reached the service, as when TLS breaks after its handshake."""
    from azure.core.exceptions import ServiceRequestError
    from requests.exceptions import SSLError

    if not isinstance(exc, ServiceRequestError):
        return True
    return isinstance(exc.inner_exception, SSLError) and not _is_untrusted(exc)


def _is_untrusted(exc: Exception) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(exc)


def path_of(*segments: str) -> str:
    """Return the path of a resource, each segment encoded."""
    return "".join(f"/{quote(segment, safe=_SAFE_IN_PATH)}" for segment in segments)


def _api_version() -> str:
    from providers.azure.pipeline import API_VERSION

    return API_VERSION


def _subscription_of(url: str) -> str:
    """Return the subscription that a request is counted for; empty for what is asked of the tenant."""
    _, _, behind = urlsplit(url).path.lower().partition("/subscriptions/")
    return behind.partition("/")[0]


def _encoded(query: Mapping[str, str]) -> str:
    return urlencode(query, quote_via=quote, safe="$")
