"""What Retry-After asks for, at 07:28:00 of a Wednesday."""

from datetime import UTC, datetime

import pytest

from migrator.model.retryafter import seconds_asked

NOW = datetime(2026, 10, 21, 7, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 400, 999_999_999.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2026 07:28:30 -0000", None),
        ("-1", None),
        ("1.5", None),
        ("\N{ARABIC-INDIC DIGIT FIVE}", None),
        ("soon", None),
    ],
)
def test_a_number_or_a_date_is_a_wait_and_all_else_none(header: str, seconds: float | None) -> None:
    assert seconds_asked(header, NOW) == seconds
