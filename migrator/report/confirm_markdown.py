"""A judgement of a switch as Markdown, for a ticket. Pure."""

from collections.abc import Sequence

from migrator.clock import instant
from migrator.cutover.judge import Judgement
from migrator.model.names import for_people
from migrator.report.confirm import (
    PARENT_HEADERS,
    RESOLVER_HEADERS,
    SERVER_HEADERS,
    end_lines,
    not_known_lines,
    parent_rows,
    registrar_lines,
    resolver_rows,
    server_rows,
    set_lines,
    unchecked_lines,
)
from migrator.report.confirm_words import headline, next_step, stage_name, when
from migrator.report.findings import findings_markdown
from migrator.report.markdown import plain


def confirm_markdown(judgement: Judgement) -> str:
    """Return the report as Markdown."""
    look = judgement.look
    sections = [
        f"# {plain(for_people(look.domain))}: {stage_name(judgement.stage)}",
        plain(headline(judgement)),
        "## Parent",
        _table(PARENT_HEADERS, parent_rows(look)),
        _list(set_lines(look)),
        "## Name servers",
        _table(SERVER_HEADERS, server_rows(look)),
    ]
    if judgement.resolvers:
        sections += ["## Resolvers", _table(RESOLVER_HEADERS, resolver_rows(judgement.resolvers))]
    registry = registrar_lines(look.registrar)
    if registry:
        sections += ["## Registry (RDAP)", _list(registry)]
    if judgement.timing is not None:
        lines = [f"{name}: {when(moment)} = {moment.formula}" for name, moment in end_lines(judgement)]
        lines += not_known_lines(judgement)
        sections += ["## When old answers end", _list(lines)]
    if judgement.findings:
        sections += ["## Findings", findings_markdown(judgement.findings)]
    if judgement.unchecked:
        sections += ["## Not checked", _list(unchecked_lines(judgement.unchecked))]
    sections += ["## Next", plain(next_step(judgement)), f"*Seen {instant(judgement.at)}.*"]
    return "\n\n".join(sections) + "\n"


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join(f"| {' | '.join(map(plain, line))} |" for line in lines)


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {plain(line)}" for line in lines)
