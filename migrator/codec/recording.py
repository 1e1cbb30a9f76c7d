"""What a run of the checks saw, whole, so that it can be judged again elsewhere. No IO here.

Locators stand in it as reports show them, without their secrets; the zones without the providers' own answers.
"""

import json
from collections.abc import Mapping
from dataclasses import field, fields, replace
from typing import get_type_hints

from migrator.checks.asks import Reply
from migrator.checks.facts import Facts, Replies
from migrator.codec import typed
from migrator.codec.shape import Shape, expect_schema, parse_object
from migrator.model.finding import Severity
from migrator.model.values import dataclass

SCHEMA = "dns-migrator/observations/1"


@dataclass(frozen=True, slots=True)
class Recording:
    """The facts with all replies, and how they were judged: by which checks, and what the person decided."""

    facts: Facts
    checks: tuple[str, ...]
    severities: Mapping[str, Severity] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)


def dumps(recording: Recording) -> str:
    """Return the recording as JSON text; one reply is one line."""
    facts = recording.facts
    hints = get_type_hints(Facts)
    own = {
        each.name: typed.document(hints[each.name], getattr(facts, each.name))
        for each in fields(Facts)
        if each.name != _REPLIES
    }
    head = {
        "schema": SCHEMA,
        "checks": list(recording.checks),
        "severities": {id_: str(severity) for id_, severity in recording.severities.items()},
        "skipped": dict(recording.skipped),
        "facts": own,
    }
    lines = [json.dumps(typed.document(Reply, reply), separators=(",", ":")) for reply in facts.replies]
    members = [f"{json.dumps(key)}: {json.dumps(found, separators=(',', ':'))}" for key, found in head.items()]
    replies = "[\n" + ",\n".join(lines) + "\n]"
    return "{\n" + ",\n".join([*members, f'"{_REPLIES}": {replies}']) + "\n}\n"


def loads(text: str, *, file: str = "recording") -> Recording:
    """Return the recording that `dumps` wrote; raises InputError, one line, where the text is none."""
    shape = parse_object(text, file)
    expect_schema(shape, SCHEMA)
    facts = typed.parse(_FactsWithoutReplies, dict(shape.shape("facts").members), shape, "facts")
    replies = [
        typed.parse(Reply, dict(each.members), shape, f"{_REPLIES}[{i}]")
        for i, each in enumerate(shape.shapes(_REPLIES, required=True))
    ]
    return Recording(
        replace(facts, replies=Replies(replies)),
        shape.texts("checks", required=True),
        {id_: _severity(shape.shape("severities"), id_) for id_ in shape.shape("severities").members},
        {id_: shape.shape("skipped").text(id_) for id_ in shape.shape("skipped").members},
    )


def _severity(shape: Shape, id_: str) -> Severity:
    text = shape.text(id_)
    if text not in tuple(Severity):
        raise shape.error(id_, f"'{text}' is none of {', '.join(Severity)}.")
    return Severity(text)


_REPLIES = "replies"
# The replies stand beside the facts, one a line; a document without them is whole by their default.
_FactsWithoutReplies = Facts
