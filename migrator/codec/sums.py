r"""The list of checksums that `sha256sum -c` reads. No IO here.

A line is the digest, two blanks, and the path. A path with a backslash or a line break is written escaped, and
the line then begins with a backslash, as coreutils do.
"""

import re
from collections.abc import Mapping

from migrator.errors import InputError

FILE_NAME = "SHA256SUMS"
_LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}


def dumps(digests: Mapping[str, str]) -> str:
    """Return the text of the list, in the order of the paths."""
    return "".join(_line(path, digests[path]) for path in sorted(digests))


def loads(text: str, file: str = FILE_NAME) -> dict[str, str]:
    """Return digests by path; raises InputError for a line that is none."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise InputError(f"{file}:{number}: not a line of sha256sum, which is a digest and a path.")
        escaped, digest, path = match.groups()
        found[_unescaped(path) if escaped else path] = digest
    return found


def _line(path: str, digest: str) -> str:
    escaped = "".join(_ESCAPES.get(char, char) for char in path)
    return f"{'' if escaped == path else chr(92)}{digest}  {escaped}\n"


def _unescaped(path: str) -> str:
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r"}.get(m[1], m[1]), path)
