"""From the documents that commands kept to the values of a report. No IO here.

Whoever reads a report must not have to trust that nothing was left out: a document that cannot be read, because it
is damaged or of a newer version, is named and not passed over.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from migrator.codec import checklist, confirm, diff, export, imports, timeline
from migrator.codec.observation import parse_instant
from migrator.codec.shape import Shape, expect_schema, parse_object
from migrator.errors import InputError
from migrator.model.finding import Phase
from migrator.story.account import (
    Checked,
    Comparison,
    Exported,
    Import,
    Listing,
    Lost,
    Mail,
    Papers,
    Planned,
    Switch,
    Trouble,
)
from migrator.story.given import Paper
from migrator.timeline.steps import Kind, State, Step

Found = TypeVar("Found")
_STATUS = {"error": "fail", "warning": "warn", "notice": "notice"}
# What is expected to differ or could not be compared is no difference.
_NO_DIFFERENCE = frozenset({"expected", "equivalent", "ttl"})


def papers_of(papers: Iterable[Paper]) -> Papers:
    """Return what the documents say; the newest of each kind counts, of checklists the newest of each phase."""
    unread: list[str] = []
    by_schema: dict[str, list[Paper]] = {}
    for paper in papers:
        family = paper.schema.rpartition("/")[0] or paper.schema
        by_schema.setdefault(family, []).append(paper)

    def read(schema: str, parse: Callable[[Shape, datetime], Found]) -> list[Found]:
        return list(_read(by_schema.get(schema.rpartition("/")[0], []), schema, parse, unread))

    comparisons = read(diff.SCHEMA, _comparison)
    switches = read(confirm.SCHEMA, _switch)
    plans = read(timeline.SCHEMA, _plan)
    by_phase = {found.phase: found for found in read(checklist.SCHEMA, _checked)}
    return Papers(
        comparisons[-1] if comparisons else None,
        tuple(by_phase[phase] for phase in map(str, Phase) if phase in by_phase),
        switches[-1] if switches else None,
        plans[-1] if plans else None,
        tuple(read(imports.IMPORT_SCHEMA, _import)),
        tuple(read(export.SCHEMA, _export)),
        tuple(unread),
    )


def _read(
    papers: Iterable[Paper], schema: str, parse: Callable[[Shape, datetime], Found], unread: list[str]
) -> Iterable[Found]:
    for paper in papers:
        try:
            shape = parse_object(paper.text, f"document {paper.number}")
            expect_schema(shape, schema)
            yield parse(shape, paper.at)
        except (InputError, ValueError) as exc:
            unread.append(f"{paper.schema}: {exc}")


def _comparison(shape: Shape, at: datetime) -> Comparison:
    shown = [each for each in shape.shapes("differences") if each.text("kind") not in _NO_DIFFERENCE]
    return Comparison(
        at,
        shape.shape("old").text("source"),
        shape.shape("new").text("source"),
        shape.text("verdict"),
        _counts(shape.shape("counts").members),
        tuple(map(_difference, shown)),
        tuple(map(_mail, shape.shapes("mail"))),
    )


def _difference(shape: Shape) -> Trouble:
    kind = shape.text("kind")
    status = "unchecked" if kind == "unchecked" else _STATUS.get(shape.text("severity"), "notice")
    variant = shape.text("variant", "")
    subject = " ".join(filter(None, (shape.text("owner"), shape.text("rdtype"), variant)))
    return Trouble(status, subject, f"{kind}: {shape.text('impact')}")


def _mail(shape: Shape) -> Mail:
    return Mail(
        shape.text("domain"),
        shape.text("verdict"),
        shape.texts("services"),
        shape.texts("reasons"),
        shape.texts("unchecked"),
    )


def _checked(shape: Shape, at: datetime) -> Checked:
    results = shape.shapes("results")
    mail = Counter(each.text("status") for each in results if each.text("area", "") == "mail")
    troubles = [
        _finding(finding)
        for result in results
        for finding in result.shapes("findings")
        if finding.text("status") in {"fail", "warn", "unchecked"}
    ]
    return Checked(
        _instant(shape, "at") or at,
        shape.text("phase"),
        shape.text("verdict"),
        _instant(shape, "not_before"),
        _counts(shape.shape("counts").members),
        tuple(sorted(mail.items())),
        tuple(troubles),
        tuple(result.text("check") for result in results if _is_left_out(result)),
    )


def _is_left_out(result: Shape) -> bool:
    return result.members.get("skipped") is True and result.text("severity", "") == "error"


def _finding(shape: Shape) -> Trouble:
    return Trouble(
        shape.text("status"),
        shape.text("subject"),
        shape.text("message"),
        shape.text("remedy", ""),
        _instant(shape, "not_before"),
    )


def _switch(shape: Shape, at: datetime) -> Switch:
    timing = None if shape.members.get("timing") is None else shape.shape("timing")
    states = Counter(each.text("state") for each in shape.shapes("resolvers"))
    findings = [
        Trouble(_STATUS.get(each.text("severity"), "notice"), each.text("subject"), each.text("message"))
        for each in shape.shapes("findings")
    ]
    unchecked = [
        Trouble("unchecked", each.text("subject"), each.text("reason")) for each in shape.shapes("unchecked")
    ]
    return Switch(
        _instant(shape, "at") or at,
        _text(shape, "stage"),
        shape.texts("expected"),
        () if shape.members.get("old") is None else shape.texts("old"),
        tuple(map(_listing, shape.shapes("parent"))),
        tuple(sorted(states.items())),
        None if timing is None else _instant(timing, "switched"),
        _instant(shape, "last_stale_answer"),
        _instant(shape, "safe_to_delete_old_zone"),
        "" if timing is None else timing.text("last_stale_answer"),
        () if timing is None else timing.texts("unknown"),
        tuple(_against(each) for each in shape.shapes("against_deletion"))
        if shape.members.get("against_deletion")
        else (),
        (*findings, *unchecked),
    )


def _against(shape: Shape) -> str:
    return f"{shape.text('subject')}: {shape.text('reason').rstrip('.')}"


def _listing(shape: Shape) -> Listing:
    return Listing(
        _text(shape, "server"),
        shape.text("address"),
        shape.text("lists"),
        () if shape.members.get("ns") is None else shape.texts("ns"),
        shape.optional_integer("ttl"),
        None if shape.members.get("ds") is None else len(shape.texts("ds")),
    )


def _import(shape: Shape, at: datetime) -> Import:
    return Import(
        at,
        shape.text("source"),
        shape.text("target"),
        shape.members.get("applied") is True,
        shape.members.get("verified") is True,
        _counts(shape.shape("ledger").members),
        tuple(map(_lost, shape.shapes("losses"))),
        shape.texts("refused"),
        _text(shape, "error"),
    )


def _lost(shape: Shape) -> Lost:
    return Lost(
        shape.text("owner"),
        shape.text("rdtype"),
        shape.text("what"),
        shape.text("severity"),
        shape.text("message"),
        shape.text("advice"),
        shape.members.get("accepted") is True,
    )


def _export(shape: Shape, at: datetime) -> Exported:
    return Exported(at, shape.text("source"), shape.text("folder"), shape.text("digest"), shape.integer("records"))


def _plan(shape: Shape, at: datetime) -> Planned:
    steps = tuple(map(_step, shape.shapes("steps")))
    return Planned(_instant(shape, "at") or at, shape.text("verdict"), _instant(shape, "earliest_switch"), steps)


def _step(shape: Shape) -> Step:
    return Step(
        shape.text("id"),
        shape.text("title"),
        Kind(shape.text("kind")),
        State(shape.text("state")),
        _instant(shape, "at"),
        _text(shape, "rests_on"),
        _text(shape, "advice"),
        shape.texts("unknown"),
        _instant(shape, "since"),
    )


def _counts(members: Mapping[str, object]) -> tuple[tuple[str, int], ...]:
    return tuple((key, found) for key, found in members.items() if type(found) is int)


def _text(shape: Shape, key: str) -> str:
    """Return a text, empty where it is absent or null."""
    return "" if shape.members.get(key) is None else shape.text(key)


def _instant(shape: Shape, key: str) -> datetime | None:
    return parse_instant(shape.text(key)) if shape.members.get(key) is not None else None
