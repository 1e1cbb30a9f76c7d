"""What each difference breaks: the sentence that a person reads, the roles, and how grave it is.

The cases stand in `effects/*.txt`. A case begins with `# its name`; a record is in the old zone (`-`), in the new
one (`+`) or in both (two blanks); then follows each difference that is to be found, and no other, after `>`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.diffing import diff, told
from tests.mail.keys import rsa_key

FOLDER = Path(__file__).with_name("effects")
KEY = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL2pVBQ8Nn1Y5QqYVnJ5H4e0n6V7d3jv"
    "0mTV0oM8C2ZrGx4kqk3L1pJ8n1q0mQ9bX1m0c0tqP7s1m4z7m3sCAwEAAQ=="
)
WORDS = {
    "{KEY}": KEY,
    "{RSA}": rsa_key(1024),
    "{OTHER}": KEY.replace("pVBQ", "qVBQ"),
    "{CUT-AT-40}": KEY[:40],
    "{CUT-AT-41}": KEY[:41],
    "{DIGEST}": "ab" * 32,
    "{OTHER-DIGEST}": "cd" * 32,
}


def cases() -> Iterator[object]:
    for file in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^# ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            name, _, body = block.partition("\n")
            yield pytest.param(body, id=f"{file.stem}: {name}")


def lines(body: str, *marks: str) -> str:
    """Return the records of these marks, their words replaced."""
    text = "\n".join(line[2:] for line in body.splitlines() if line[:2] in marks)
    for word, meaning in WORDS.items():
        text = text.replace(word, meaning)
    return text


def expected(body: str) -> list[str]:
    """Return each difference as `severity kind owner TYPE roles: impact` on one line."""
    found: list[str] = []
    for line in body.splitlines():
        if line.startswith(">   "):
            found[-1] += (" " if found[-1].count(": ") else ": ") + line.strip("> ")
        elif line.startswith("> "):
            found.append(line[2:])
    return found


@pytest.mark.parametrize("body", list(cases()))
def test_a_difference_says_what_it_breaks(body: str) -> None:
    assert [
        told(difference) for difference in diff(lines(body, "- ", "  "), lines(body, "+ ", "  ")).differences
    ] == (expected(body))
