"""Cases of a check as text: a title, one zone or a small world, and after `>` all that the check says.

    == a CNAME beside other data                 == a record that one server does not have
    www CNAME host.example.net.                  [old]
    www A     192.0.2.1                          www A 192.0.2.1
    > problem www.example.test. CNAME: ...       [new] like old
                                                 [ns1.new.example.] silent
                                                 [ns2.new.example.]
                                                 > error www.example.test. A: ...

Sections: `[old]` and `[new]` are the zones of the two sides (`none` is a side without one, `live` one of
live servers only, `absent` no side),
`[outside]` is what resolvers know beside the old zone, and a server that does not answer as its side's zone has
a section of its own: `silent`, `refuses`, `like old`, or what it serves. `[replies]` are single answers, as in

    ns1.new.example. www A: SERVFAIL
    ns1.new.example. www A: silent
    ns1.new.example. www A: without authority www A 192.0.2.1
    ns1.new.example. www A: nothing, SOA ns1 host 1 2 3 4 5
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
_SECTION = re.compile(r"\[([^\]]+)\] ?(.*)")


@dataclass(frozen=True)
class Case:
    check: str
    title: str
    said: tuple[str, ...]
    sections: dict[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        return self.sections[""]


def cases(folder: str) -> list[Case]:
    """Return the cases of all files of a folder; each file is named after its check."""
    return [
        _case(path.stem, block)
        for path in sorted((HERE / folder).glob("*.txt"))
        for block in re.split(r"(?m)^== ", path.read_text(encoding="utf-8"))[1:]
    ]


def _case(check: str, block: str) -> Case:
    title, *lines = block.rstrip().split("\n")
    said = tuple(line[2:] for line in lines if line.startswith("> "))
    sections: dict[str, list[str]] = {"": []}
    name = ""
    for line in (line for line in lines if line and not line.startswith("> ")):
        match = _SECTION.fullmatch(line)
        if match is None:
            sections[name].append(line)
        else:
            name = match[1]
            sections[name] = [match[2]] if match[2] else []
    return Case(check, title, said, {name: "\n".join(body) for name, body in sections.items()})
