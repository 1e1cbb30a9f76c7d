"""The words of losses, and the page that lists them."""

from pathlib import Path

import pytest

from migrator.model.finding import Severity
from migrator.model.loss import Exactness
from migrator.translate import BY_WHAT, WORDS, is_acceptable
from tests.translate.page import page


def test_each_word_is_there_once() -> None:
    assert len(BY_WHAT) == len(WORDS) > 50


def test_each_word_says_what_is_done_and_what_to_do() -> None:
    assert all(word.meaning.endswith(".") and word.advice.endswith(".") for word in WORDS)


def test_what_is_exact_needs_no_decision() -> None:
    assert {word.severity for word in WORDS if word.exactness is Exactness.EXACT} == {Severity.NOTICE}


@pytest.mark.parametrize(
    ("what", "accepted"),
    [
        ("weights-merged", True),
        ("routing-only=eu", True),
        ("routing-only=a=b", True),
        ("routing-only", False),
        ("routing-only=", False),
        ("weights-merged=eu", False),
        ("ttl-raised", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_words_that_can_be_accepted(what: str, accepted: bool) -> None:
    assert is_acceptable(what) is accepted


def test_the_page_says_what_the_code_does() -> None:
    written = (Path(__file__).parents[2] / "docs" / "translation.md").read_text(encoding="utf-8")

    assert written == page(), "python -m tests.translate.page > docs/translation.md"
