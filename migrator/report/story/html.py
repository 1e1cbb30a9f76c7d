"""A report as one self-contained page: no script, nothing loaded from elsewhere; prints. Pure."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from migrator.clock import instant
from migrator.model.phrases import safe
from migrator.report.story import sections as parts
from migrator.report.story.page import BODY, PAGE, PARTS
from migrator.report.story.style import STYLE
from migrator.report.story.values import Cell, Item, Section, Table
from migrator.report.timeline.picture import steps_svg
from migrator.story.account import Account, Standing

if TYPE_CHECKING:
    from markupsafe import Markup

_INSTANT = re.compile(r"\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
_MARKS = {
    Standing.MOVED: "good",
    Standing.UNDER_WAY: "wait",
    Standing.NOT_BEGUN: "note",
    Standing.ABORTED: "fail",
}


def account_html(account: Account) -> str:
    """Return the page."""
    return whole_page(parts.title(account), account_body(account))


def account_body(account: Account) -> "Markup":
    """Return what stands in the page, for a page around it."""
    from markupsafe import Markup

    title = parts.title(account)
    # The picture escapes its own texts.
    picture = Markup(steps_svg(title, account.at, account.steps))  # noqa: S704
    return rendered(
        PARTS + BODY,
        {
            "title": safe(title),
            "at": instant(account.at),
            "mark": _MARKS[account.verdict.standing],
            "verdict": marked(account.verdict.sentence),
            "deletion": marked(account.verdict.deletion_sentence),
            "facts": [(name, marked(what)) for name, what in parts.facts(account)],
            "picture": picture,
            "sections": [shown(section) for section in parts.sections(account)],
            "made_by": marked(parts.made_by(account)),
        },
    )


def whole_page(title: str, body: "Markup") -> str:
    """Return a page with its style in it around what was rendered already."""
    from markupsafe import Markup

    style = Markup(STYLE)  # noqa: S704  (ours)
    return str(rendered(PAGE, {"title": safe(title), "style": style, "body": body}))


def rendered(template: str, values: Mapping[str, object]) -> "Markup":
    """Return the template with the values in it, each escaped."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return Markup(environment.from_string(template).render(values))  # noqa: S704  (Jinja has escaped what is in it)


def marked(text: str) -> "Markup":
    """Return the text escaped, without control characters, its instants as such: nothing is parted at a hyphen."""
    from markupsafe import Markup

    from migrator.report.marked import whole

    parts = _INSTANT.split(safe(text))  # every other one is an instant
    time = Markup('<time datetime="{0}">{0}</time>')
    return Markup("").join(time.format(part) if place % 2 else whole(part) for place, part in enumerate(parts))


def shown(section: Section) -> Mapping[str, object]:
    """Return a section for the template, without control characters."""
    return {
        "id": section.id,
        "title": section.title,
        "says": list(map(marked, section.says)),
        "things": list(map(_item, section.items)),
        "tables": list(map(shown_table, section.tables)),
    }


def shown_table(table: Table) -> Mapping[str, object]:
    """Return a table for the template, without control characters."""
    return {
        "caption": marked(table.caption),
        "heads": table.heads,
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "more": safe(table.more),
    }


def _item(item: Item) -> Mapping[str, object]:
    return {
        "mark": item.mark,
        "word": item.word,
        "title": marked(item.title),
        "lines": list(map(marked, item.lines)),
        "commands": list(map(safe, item.commands)),
        "note": marked(item.note),
    }


def _cell(cell: Cell) -> Mapping[str, object]:
    return {
        "text": marked(cell.text),
        "mark": cell.mark,
        "lines": list(map(marked, cell.lines)),
        "is_code": cell.is_code,
        "is_of_words": cell.is_of_words,
        "href": cell.href,
        "id": cell.id,
        "at": "" if cell.at is None else instant(cell.at),
    }
