"""What a check asks and why, as its docstring specifies it; and the list of all checks. Pure."""

from collections.abc import Sequence

from migrator.checks.check import Check, nothing_to_ask
from migrator.model.finding import Phase
from migrator.report.checklist_words import area_title
from migrator.report.layout import PLAIN, WIDTH, Palette, columns, wrapped

_ID_WIDTH = 30


def check_text(check: Check, palette: Palette = PLAIN) -> str:
    """Return the specification of one check."""
    facts = [
        ("area", area_title(check.area)),
        ("phases", ", ".join(check.phases)),
        ("severity", f"{check.severity}{', and blocks while it cannot be judged' if check.blocks else ''}"),
        ("asks", "nobody: it judges what was read" if check.asks is nothing_to_ask else "the network"),
        ("lint", "yes" if check.in_lint else ""),
        ("source", check.source),
    ]
    lines = [palette.paint(check.id, palette.strong), ""]
    lines += [wrapped(f"{name:<10}{said}", "  ", " " * 12) for name, said in facts if said]
    lines.append("")
    lines += [line for paragraph in _paragraphs(check) for line in (wrapped(paragraph, "  "), "")]
    if check.remedy:
        lines += [wrapped(check.remedy, "  -> ", "     "), ""]
    return "\n".join(lines[:-1])


def list_text(checks: Sequence[Check], palette: Palette = PLAIN) -> str:
    """Return all checks, by area, one line each."""
    lines: list[str] = []
    area = ""
    for check in checks:
        if check.area != area:
            area = check.area
            lines += ["", palette.paint(area_title(area), palette.strong)]
        if columns() == WIDTH:
            lines.append(wrapped(f"{check.id:<{_ID_WIDTH}}{check.summary}", "  ", " " * (_ID_WIDTH + 2)))
        else:
            lines += [f"  {check.id}", wrapped(check.summary, "    ")]
    lines += ["", wrapped(f"{len(checks)} checks. 'dns-migrator explain ID' has the whole specification of one.")]
    return "\n".join(lines[1:])


def check_markdown(check: Check) -> str:
    """Return the specification of one check as a section of a document."""
    blocks = ", blocks" if check.blocks else ""
    when = f"{', '.join(check.phases)} · {check.severity}{blocks} · {check.source}"
    lines = [f"### {check.id}", "", *_wrapped(when), ""]
    for paragraph in _paragraphs(check):
        lines += [*_wrapped(_plain(paragraph)), ""]
    if check.remedy:
        lines += [*_wrapped(f"*To mend:* {_plain(check.remedy)}"), ""]
    return "\n".join(lines)


def all_markdown(checks: Sequence[Check]) -> str:
    """Return the specifications of all checks, by area."""
    areas: dict[str, list[Check]] = {}
    for check in checks:
        areas.setdefault(check.area, []).append(check)
    parts = [f"## {area_title(area)}\n\n" + "\n".join(map(check_markdown, found)) for area, found in areas.items()]
    return "\n".join(parts)


def list_markdown(checks: Sequence[Check]) -> str:
    """Return all checks as a table: id, phases by their first letters, severity, and the rule in one sentence."""
    lines = ["| check | phases | severity | rule |", "|---|---|---|---|"]
    for check in checks:
        severity = f"{check.severity}, blocks" if check.blocks else str(check.severity)
        summary = _plain(check.summary)
        lines.append(f"| `{check.id}` | {phases_word(check)} | {severity} | {summary} |")
    return "\n".join(lines) + "\n"


def phases_word(check: Check) -> str:
    """Return the phases in short: `all`, or their names."""
    return "all" if set(check.phases) == set(Phase) else ", ".join(check.phases)


def _paragraphs(check: Check) -> list[str]:
    """Return the paragraphs of the docstring, each as one line."""
    return [" ".join(paragraph.split()) for paragraph in check.specification.split("\n\n")]


def _wrapped(text: str) -> list[str]:
    return wrapped(text, width=_PAGE_WIDTH).splitlines()


def _plain(text: str) -> str:
    """Return the text with what Markdown would take for markup escaped; code spans stay as they are."""
    parts = text.split("`")
    outside = ["".join(f"\\{char}" if char in r"\*_<>[]|" else char for char in part) for part in parts[::2]]
    parts[::2] = outside
    return "`".join(parts)


_PAGE_WIDTH = 115
