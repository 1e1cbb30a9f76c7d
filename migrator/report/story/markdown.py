"""A report as Markdown. Pure."""

from collections.abc import Iterator

from migrator.clock import instant
from migrator.model.phrases import safe
from migrator.report.story import sections as parts
from migrator.report.story.values import Cell, Item, Section, Table
from migrator.story.account import Account

_MARKUP = r"\`*_<>[]|#"


def account_markdown(account: Account) -> str:
    """Return the report."""
    verdict = account.verdict
    lines = [
        f"# {escaped(parts.title(account))}",
        "",
        f"As of {instant(account.at)}.",
        "",
        f"**{escaped(verdict.sentence)}** {escaped(verdict.deletion_sentence)}",
        "",
        *(f"- {name}: {escaped(what)}" for name, what in parts.facts(account)),
    ]
    for section in parts.sections(account):
        lines += section_lines(section)
    return "\n".join([*lines, "", escaped(parts.made_by(account)), ""])


def section_lines(section: Section) -> Iterator[str]:
    """Yield a section under its heading."""
    yield from ("", f"## {escaped(section.title)}")
    if section.says:
        yield ""
        yield from (f"{escaped(line)}  " for line in section.says)
    if section.items:
        yield ""
    for item in section.items:
        yield from _item(item)
    for table in section.tables:
        yield from table_lines(table)


def table_lines(table: Table) -> Iterator[str]:
    """Yield a table under its caption."""
    yield from ("", f"{escaped(table.caption)}:", "")
    yield f"| {' | '.join(table.heads)} |"
    yield f"|{'---|' * len(table.heads)}"
    for row in table.rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    if table.more:
        yield from ("", escaped(table.more))


def escaped(text: str) -> str:
    """Return the text with what Markdown would take for markup escaped."""
    return "".join(f"\\{char}" if char in _MARKUP else char for char in safe(text))


def _item(item: Item) -> Iterator[str]:
    note = f" ({escaped(item.note)})" if item.note else ""
    yield f"- **{item.word}** {escaped(item.title)}{note}"
    yield from (f"  - {escaped(line)}" for line in item.lines)
    yield from (f"  - {_code(command)}" for command in item.commands)


def _cell(cell: Cell) -> str:
    text = _code(cell.text).replace("|", r"\|") if cell.is_code else escaped(cell.text)
    return "<br>".join([text, *map(escaped, cell.lines)])


def _code(text: str) -> str:
    """Return the text as code, between more backticks than it has in a row."""
    fence = "``" if "`" in text else "`"
    gap = " " if fence == "``" else ""
    return f"{fence}{gap}{safe(text)}{gap}{fence}"
