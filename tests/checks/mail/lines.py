"""Expected lines as a text that may be wrapped anywhere: each begins with `- `."""

import re


def lines(text: str) -> list[str]:
    """Return the lines."""
    return [" ".join(part.split()) for part in re.split(r"^ *- ", text, flags=re.MULTILINE)[1:]]
