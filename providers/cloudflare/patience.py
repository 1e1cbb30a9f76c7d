"""How long a request is tried, and how long to wait between two tries. No IO here, no clock of its own.

Cloudflare allows 1,200 requests in five minutes to one user over all tokens, and then refuses everything for the
next five: https://developers.cloudflare.com/fundamentals/api/reference/limits/ (2026-11-20). The SDK waits a
minute at most (5.9.0), so that such a block would end a run; here it is waited out.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from migrator.model.retryafter import seconds_asked
from providers.patience import Patience

_TOO_MANY = 429
_SERVER_ERRORS = 500
_PASSING = frozenset({408, 425})
# 971: "Please wait and consider throttling your request speed"; 10100: "More than 1200 requests per 300 seconds".
_THROTTLED_CODES = frozenset({971, 10100})
# `Ratelimit: "default";r=0;t=287`: no requests left, for 287 seconds.
_RESET = re.compile(r"\bt=(\d{1,6})\b")


PATIENCE = Patience(throttled=1200.0, failures=6, connections=4, shortest_pause=1.0)


def is_throttled(status: int, codes: frozenset[int]) -> bool:
    """Tell whether Cloudflare wants fewer requests; what it refuses so was not carried out."""
    return status == _TOO_MANY or bool(codes & _THROTTLED_CODES)


def is_passing(status: int) -> bool:
    """Tell whether a failure is the service's own, and may be over at the next try."""
    return status in _PASSING or status >= _SERVER_ERRORS


def asked_pause(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that the answer asks to wait, or None where it does not say."""
    asked = seconds_asked(headers.get("retry-after", ""), now)
    if asked is not None:
        return asked
    reset = _RESET.search(headers.get("ratelimit", ""))
    return float(reset[1]) if reset else None
