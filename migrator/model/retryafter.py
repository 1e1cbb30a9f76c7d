"""What an HTTP answer asks to wait before another try (Retry-After, RFC 9110 section 10.2.3). No IO here."""

from datetime import datetime
from email.utils import parsedate_to_datetime

# More digits than a wait can have that anybody sits out.
_MOST_DIGITS = 9


def seconds_asked(retry_after: str, now: datetime) -> float | None:
    """Return the seconds that the header asks for, as a number or as a date; None where it does not say."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:_MOST_DIGITS])
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None
