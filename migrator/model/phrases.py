"""The few forms of words that all sentences share: numbers of things, full stops, what is too long. No IO here."""

import unicodedata


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return `1 record`, `2 records`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def ended(sentence: str) -> str:
    """Return a sentence with its full stop: the dot behind a name, or the root, is one; a question needs none."""
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."


def shortened(text: str, width: int) -> str:
    """Return the text cut in its middle to `width` columns, so that both ends can be recognised."""
    if len(text) <= width:
        return text
    left = (width - 1) // 2
    return f"{text[:left]}…{text[len(text) - (width - 1 - left) :]}"


def safe(text: str) -> str:
    r"""Return the text with control characters as `\xNN`: zone data must not drive the reader's terminal."""
    return "".join(
        char if unicodedata.category(char)[0] != "C" else char.encode("unicode_escape").decode() for char in text
    )
