"""MTA-STS: the record that announces a policy, and the policy itself (RFC 8461 section 3). No IO here."""

import re
from collections.abc import Iterable

from dns.name import Name

from migrator.mail.policies import tag_list, texts
from migrator.model.names import text_of
from migrator.model.rrset import RRset
from migrator.model.values import dataclass

LABEL = b"_mta-sts"
HOST_LABEL = b"mta-sts"
PATH = "/.well-known/mta-sts.txt"
LONGEST_AGE = 31_557_600
_RECORD = re.compile(r"v=STSv1\s*(;|$)")
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_LINE = re.compile(r"\s*([A-Za-z0-9_.-]+)\s*:\s*(.*?)\s*")
_MODES = ("enforce", "testing", "none")


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """What senders hold to: the mode, the patterns of mail servers, and for how many seconds they remember it."""

    mode: str
    mx: tuple[str, ...]
    max_age: int

    def covers(self, host: Name) -> bool:
        """Tell whether a mail server is among those that the policy names; `*.` stands for one label."""
        name = text_of(host).rstrip(".")
        parent = name.partition(".")[2]
        return any(name == pattern or (pattern[:2] == "*." and parent == pattern[2:]) for pattern in self.mx)


def sts_ids(rrsets: Iterable[RRset]) -> tuple[str, ...]:
    """Return the id of each record that announces a policy; empty where it has none that senders accept."""
    found = [tag_list(text).get("id", "") for text in texts(rrsets) if _RECORD.match(text)]
    return tuple(id_ if _ID.fullmatch(id_) else "" for id_ in found)


def read_policy(text: str) -> StsPolicy | str:
    """Return the policy, or in a few words why it is none."""
    fields: dict[str, list[str]] = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match:
            fields.setdefault(match[1].lower(), []).append(match[2])
    version, mode, age = (fields.get(key, [""])[0] for key in ("version", "mode", "max_age"))
    mx = tuple(pattern.lower().rstrip(".") for pattern in fields.get("mx", []))
    if version != "STSv1":
        return "it has no line 'version: STSv1'"
    if mode not in _MODES:
        return f"its mode is {mode!r}; {', '.join(_MODES)} was expected"
    if not age.isascii() or not age.isdecimal() or int(age) > LONGEST_AGE:
        return f"its max_age is {age!r}; seconds up to {LONGEST_AGE:,} were expected"
    if not mx and mode != "none":
        return "it names no mail server (mx:)"
    return StsPolicy(mode, mx, int(age))
