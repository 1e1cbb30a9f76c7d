"""The one that talks to Cloudflare: the SDK's client, each answer as it came, and tries as many as it takes.

The SDK's own retries are off: they give up a block of five minutes after seconds, and send a batch again whose
answer was lost. Here throttling is waited out with progress said, what only reads is asked again after failures,
and a write of which nobody knows whether it was carried out is told to the caller, who alone can look.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from time import sleep
from types import TracebackType
from typing import TYPE_CHECKING, Self

from migrator.errors import ProviderError
from migrator.interfaces import Budget, Calls, Progress, no_budget, no_progress
from migrator.model.values import dataclass
from providers.cloudflare import failures
from providers.cloudflare.answers import Reply
from providers.cloudflare.patience import PATIENCE, asked_pause, is_passing, is_throttled
from providers.cloudflare.settings import Settings

if TYPE_CHECKING:
    from ssl import SSLContext

    from cloudflare import Cloudflare

# The SDK would send the date of the day, and the API could change from one day to the next.
API_VERSION = "2026-11-20"
_CONNECT_TIMEOUT = 10.0
# A list of a million records takes the service a while.
_READ_TIMEOUT = 120.0
_SLICE = 5.0
_WAITING = "seconds of waiting, as Cloudflare asks"


class LostAnswerError(Exception):
    """A write was sent and its answer was lost; `error_after` says so, after so many tries of the caller."""

    def __init__(self, error_after: Callable[[int], ProviderError]) -> None:
        super().__init__(str(error_after(1)))
        self.error_after = error_after


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `action` completes "refuses to ..." (`list the records`)."""

    method: str
    path: str
    action: str
    query: Mapping[str, str | int] | None = None
    body: object = None

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"


class Service:
    """Cloudflare as one set of credentials sees it; use it in a `with` block, or close it."""

    def __init__(
        self,
        settings: Settings,
        progress: Progress = no_progress,
        calls: Calls | None = None,
        budget: Budget = no_budget,
    ) -> None:
        """Make the client. Asks nothing yet."""
        self.settings = settings
        self.calls = Calls() if calls is None else calls
        self._progress = progress
        self._budget = budget
        self._client = _client_of(settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, action: str, query: Mapping[str, str | int] | None = None) -> Reply:
        """Return what was asked for; raises ProviderError for every refusal."""
        request = Request("GET", path, action, query)
        reply = self.send(request)
        if not reply.accepted:
            raise self.refusal(reply, action)
        return reply

    def send(self, request: Request) -> Reply:
        """Return the answer, which may be a refusal, after as many tries as it takes.

        Raises LostAnswerError for a write of which nobody knows, ProviderError where nothing goes any further.
        """
        return _Attempt(self, request).run()

    def refusal(self, reply: Reply, action: str) -> ProviderError:
        """Return the error for an answer that says no."""
        return failures.refusal(reply, action, self.settings)

    def exchange(self, request: Request) -> Reply:
        """Send one request once; raises the SDK's connection errors."""
        import cloudflare
        import httpx

        self._budget("cloudflare", self.settings.account)
        if request.reads:
            self.calls.reads += 1
        else:
            self.calls.writes += 1
        try:
            match request.method:
                case "GET":
                    params = dict(request.query or {})
                    response = self._client.get(request.path, cast_to=httpx.Response, options={"params": params})
                case "PATCH":
                    response = self._client.patch(request.path, cast_to=httpx.Response, body=request.body)
                case _:
                    response = self._client.post(request.path, cast_to=httpx.Response, body=request.body)
        except cloudflare.APIStatusError as exc:
            response = exc.response
        headers = {name.lower(): found for name, found in response.headers.items()}
        return Reply(response.status_code, response.content, headers)

    def wait(self, seconds: float, *, said: bool) -> None:
        """Wait, and say so where the wait is one that a person would wonder about."""
        waited = 0.0
        while waited < seconds:
            if said:
                self._progress(_WAITING, round(waited), round(seconds))
            piece = min(_SLICE, seconds - waited)
            sleep(piece)
            waited += piece
        if said:
            self._progress(_WAITING, round(seconds), round(seconds))


class _Attempt:
    """One request and its tries."""

    def __init__(self, service: Service, request: Request) -> None:
        self.service = service
        self.request = request
        self.tries = 0
        self.failures = 0
        self.refusals = 0
        self.waited = 0.0

    def run(self) -> Reply:
        import cloudflare

        while True:
            self.tries += 1
            try:
                reply = self.service.exchange(self.request)
            except cloudflare.APIConnectionError as exc:
                self._unconnected(exc.__cause__ or exc)
                continue
            if is_throttled(reply.status, reply.codes):
                self._throttled(reply)
            elif is_passing(reply.status) or (not reply.accepted and not reply.refused and reply.status < 300):  # noqa: PLR2004
                self._failed(reply)
            else:
                return reply

    def _throttled(self, reply: Reply) -> None:
        self.refusals += 1
        asked = asked_pause(reply.headers, datetime.now(UTC))
        pause = PATIENCE.after(self.refusals) if asked is None else max(asked, PATIENCE.shortest_pause)
        if self.waited + pause > PATIENCE.throttled:
            raise failures.throttled(reply, self.waited, asked)
        self.waited += pause
        self.service.wait(pause, said=True)

    def _failed(self, reply: Reply) -> None:
        self.failures += 1
        error_after = partial(failures.failed, reply, self.request.action, self._host)
        if not self.request.reads:
            raise LostAnswerError(error_after)
        if self.failures >= PATIENCE.failures:
            raise error_after(self.failures)
        asked = asked_pause(reply.headers, datetime.now(UTC))
        pause = PATIENCE.after(self.failures) if asked is None else asked
        self.service.wait(min(pause, PATIENCE.longest_pause), said=False)

    def _unconnected(self, exc: BaseException) -> None:
        self.failures += 1
        error_after = partial(failures.unconnected, exc, self.request.action, self._host)
        if not self.request.reads and not _never_left(exc):
            raise LostAnswerError(error_after) from exc
        if self.failures >= PATIENCE.connections or "CERTIFICATE_VERIFY_FAILED" in str(exc):
            raise error_after(self.failures) from exc
        self.service.wait(PATIENCE.after(self.failures), said=False)

    @property
    def _host(self) -> str:
        return self.service.settings.host


def _never_left(exc: BaseException) -> bool:
    import httpx

    return isinstance(exc, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError)


@cache
def _certificates() -> "SSLContext":
    """Return the certificates that are trusted: reading them takes longer than a request."""
    import httpx

    return httpx.create_ssl_context()


def _client_of(settings: Settings) -> "Cloudflare":
    import cloudflare
    import httpx

    timeout = httpx.Timeout(_READ_TIMEOUT, connect=_CONNECT_TIMEOUT)
    # A redirect would take the credentials to whatever host it names; a proxy would see what plain http carries.
    http = httpx.Client(
        base_url=settings.base_url,
        timeout=timeout,
        follow_redirects=False,
        trust_env=settings.encrypted,
        verify=_certificates(),
    )
    client = cloudflare.Cloudflare(
        api_token=settings.token or None,
        api_key=settings.key or None,
        api_email=settings.email or None,
        base_url=settings.base_url,
        api_version=API_VERSION,
        max_retries=0,
        timeout=timeout,
        http_client=http,
    )
    # What the SDK has read from the environment by itself beside these.
    client.api_token = settings.token or None
    client.api_key = settings.key or None
    client.api_email = settings.email or None
    client.user_service_key = None
    return client
