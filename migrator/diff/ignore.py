"""Differences that the user chooses to leave out, each with a reason that every report shows. No IO here.

    --ignore '_acme-challenge*=made anew by certbot'
    --ignore 'old/TXT=was retired in March'
    --ignore '*/CAA=the new certificates come from elsewhere'

The owner is a pattern: `*` stands for any text, `?` for one character, `[*]` for the asterisk of a wildcard. It
is matched against the whole name and against the name within the zone (`@` is the apex).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase, translate

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.diff.result import Difference, Ignored, ZoneDiff
from migrator.errors import InputError
from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from migrator.model.values import dataclass

# What makes a pattern of an owner.
_SPECIAL = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """One `--ignore`: patterns of owner and type in lower case, and the reason; `text` is what the user wrote."""

    text: str
    owner: str
    rdtype: str
    reason: str


def parse_rule(text: str) -> IgnoreRule:
    """Return the rule; raises InputError where it has no reason or no owner."""
    what, mark, reason = text.partition("=")
    if not mark or not reason.strip():
        raise InputError(f"--ignore '{text}': a reason is missing; write OWNER=REASON or OWNER/TYPE=REASON.")
    owner, slash, rdtype = what.strip().rpartition("/")
    if not slash or not _is_type(rdtype):
        owner, rdtype = what.strip(), "*"
    if not owner:
        raise InputError(f"--ignore '{text}': an owner is missing; '*/{rdtype}' means all of that type.")
    return IgnoreRule(what.strip(), owner.lower(), rdtype.lower(), reason.strip())


def ignore(found: ZoneDiff, rules: Iterable[IgnoreRule]) -> ZoneDiff:
    """Return the comparison without the differences that a rule names; a rule that names none is a finding."""
    rules = tuple(rules)
    if not rules:
        return found
    used: set[IgnoreRule] = set()
    kept: list[Difference] = []
    ignored: list[Ignored] = []
    first_for = _Order(rules)
    for difference in found.differences:
        rule = first_for.rule(difference, found.origin)
        if rule is None:
            kept.append(difference)
        else:
            used.add(rule)
            ignored.append(Ignored(difference, rule.reason))
    unused = tuple(_unused(rule) for rule in dict.fromkeys(rules) if rule not in used)
    return replace(
        found,
        differences=tuple(kept),
        ignored=(*found.ignored, *ignored),
        findings=(*found.findings, *unused),
    )


class _Order:
    """The rules in their order: those that name an owner are found by it, only patterns are tried one by one."""

    def __init__(self, rules: Sequence[IgnoreRule]) -> None:
        self._rules = rules
        self._named: dict[str, list[int]] = {}
        self._patterns: list[tuple[int, re.Pattern[str]]] = []
        for place, rule in enumerate(rules):
            if _SPECIAL.isdisjoint(rule.owner):
                self._named.setdefault(rule.owner, []).append(place)
            else:
                self._patterns.append((place, re.compile(translate(rule.owner))))

    def rule(self, difference: Difference, origin: Name) -> IgnoreRule | None:
        """Return the first rule that a difference matches."""
        owner, rdtype = difference.key.owner, RdataType.to_text(difference.key.rdtype).lower()
        whole = text_of(owner)
        names = {whole, whole.rstrip("."), "@" if owner == origin else text_of(owner.relativize(origin))}
        places = [place for name in names for place in self._named.get(name, ())]
        places += [place for place, pattern in self._patterns if any(map(pattern.match, names))]
        found = sorted(place for place in places if fnmatchcase(rdtype, self._rules[place].rdtype))
        return self._rules[found[0]] if found else None


def _is_type(text: str) -> bool:
    """Tell whether a text can be a type or a pattern of types: owners have slashes too, as in `0/25`."""
    return bool(text) and all(char.isalnum() or char in "*?-" for char in text) and not text.isdigit()


def _unused(rule: IgnoreRule) -> Finding:
    return Finding(
        "diff.ignore-unused",
        Severity.NOTICE,
        rule.text,
        "This --ignore names no difference; it can go, or is misspelt.",
    )
