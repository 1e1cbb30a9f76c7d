"""Cases of a check as text: a title, the zone, and after `>` all that the check says.

== a CNAME beside other data
www CNAME host.example.net.
www A     192.0.2.1
> problem www.example.test. CNAME: ...
"""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    check: str
    title: str
    zone: str
    said: tuple[str, ...]


def cases(folder: str) -> list[Case]:
    """Return the cases of all files of a folder; each file is named after its check."""
    return [
        _case(path.stem, block)
        for path in sorted((HERE / folder).glob("*.txt"))
        for block in path.read_text(encoding="utf-8").split("== ")[1:]
    ]


def _case(check: str, block: str) -> Case:
    title, *lines = block.rstrip().split("\n")
    zone = "\n".join(line for line in lines if not line.startswith("> "))
    return Case(check, title, zone.rstrip(), tuple(line[2:] for line in lines if line.startswith("> ")))
