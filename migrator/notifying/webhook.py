"""Posts a notice to a URL that is a secret.

Rules: https, and plain http to this machine alone; no redirection is followed, since it would take the message to
whatever host it names; a try has a limit of time as a whole; and the URL is in no log (httpx would log it) and in
no error (an exception of httpx has its request, so none is chained).
"""

import asyncio
import logging
import ssl
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import field
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import SplitResult, urlsplit

from migrator.errors import InputError, NotifyError, causes_of
from migrator.model.retryafter import seconds_asked
from migrator.model.values import dataclass
from migrator.network.loopback import is_loopback
from migrator.notices import Notice, slack_document, subject
from migrator.notifying.tries import PassingError

SECONDS = 15.0
_PASSING = frozenset({408, 425, 429})
_SERVER_ERRORS = 500
_SENDING: ContextVar[bool] = ContextVar("sending", default=False)
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A URL that takes notices; `variable` is where it came from, and stands for it in messages."""

    url: str = field(repr=False)
    variable: str
    seconds: float = SECONDS
    takes_many: ClassVar[bool] = True

    def deliver(self, notices: Sequence[Notice]) -> None:
        """Post one message once; raises PassingError where another try may help, else NotifyError."""
        what = f"{subject(notices)}: the webhook of {self.variable}"
        try:
            status, retry_after = asyncio.run(_posted(self.url, slack_document(notices), self.seconds))
        except _UnansweredError as exc:
            raise PassingError(f"{what} was not told: {exc}") from None
        except OSError as exc:
            raise PassingError(f"{what} was not told: {exc.strerror or 'this machine hinders it'}") from None
        if status in _PASSING or status >= _SERVER_ERRORS:
            raise PassingError(f"{what} answers HTTP {status}", seconds_asked(retry_after, datetime.now(UTC)))
        if not 200 <= status < 300:  # noqa: PLR2004 - what HTTP calls a success
            raise NotifyError(f"{what} refuses notices (HTTP {status}). Is the URL still the right one?")


def webhook_of(url: str, variable: str) -> Webhook:
    """Return a webhook; raises InputError, without the URL, where it cannot be one."""
    parts = _split(url)
    if parts is None or not url.isascii() or not url.isprintable() or " " in url:
        raise InputError(f"{variable}: this is no URL such as https://hooks.example.com/services/...")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise InputError(f"{variable}: notices go over https, and over http to loopback addresses only.")
    return Webhook(url, variable)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in {"https", "http"} and parts.hostname else None


class _UnansweredError(Exception):
    """No answer came; the text is the reason, without the URL."""


async def _posted(url: str, document: object, seconds: float) -> tuple[int, str]:
    """Return the status of the answer, and what its Retry-After says."""
    import httpx

    _SENDING.set(True)
    # The proxy of the environment leads outside: what is on this machine is asked directly.
    outside = not is_loopback(urlsplit(url).hostname or "")
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(timeout=seconds, trust_env=outside, follow_redirects=False) as client,
            client.stream("POST", url, json=document) as response,
        ):
            return response.status_code, response.headers.get("retry-after", "")
    except (TimeoutError, httpx.TimeoutException):
        raise _UnansweredError(f"no answer within {seconds:g} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as exc:
        raise _UnansweredError(_reason(exc)) from None
    except (ValueError, ImportError):
        raise _UnansweredError("the proxy that the environment names cannot be used") from None


def _reason(exc: BaseException) -> str:
    """Return why there is no answer, in words that are not the exception's own: those may quote anything."""
    for cause in causes_of(exc):
        match cause:
            case ssl.SSLCertVerificationError():
                return f"its certificate is not trusted ({cause.verify_message})"
            case ssl.SSLError():
                return "TLS fails"
            case ConnectionRefusedError():
                return "connection refused"
            case _:
                pass
    return "its host is not found, or the connection broke off"


def _is_loggable(_: logging.LogRecord) -> bool:
    return not _SENDING.get()


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_is_loggable)
