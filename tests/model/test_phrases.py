"""The forms of words that all sentences share."""

import pytest

from migrator.model.phrases import counted, ended, safe, shortened


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It was mx", "It was mx."),
        ("It was 10 mx.example.org.", "It was 10 mx.example.org."),
        ("It was 0 .", "It was 0 ."),
        ("Which one was it?", "Which one was it?"),
    ],
)
def test_a_sentence_ends_with_one_full_stop(sentence: str, expected: str) -> None:
    assert ended(sentence) == expected


def test_one_thing_is_no_several() -> None:
    assert (counted(1, "record"), counted(2_000, "record")) == ("1 record", "2,000 records")
    assert counted(0, "loss", "losses") == "0 losses"


def test_both_ends_of_what_is_shortened_can_be_recognised() -> None:
    assert shortened("0123456789", 10) == "0123456789"
    assert shortened("0123456789a", 10) == "0123…6789a"


def test_zone_data_does_not_drive_a_terminal() -> None:
    assert safe("a\x1b[31mb\u202e") == r"a\x1b[31mb\u202e"
