"""docs/json.md names every key of every document that a script gets, where its document stands, and no other."""

import ast
import re

import pytest

from tests.documents import ROOT

# Where the keys that a module writes are told, beside the beginning of the page, which holds for all.
_LOSSES, _MOVES = "Import and rollback", "Report on a move, and many moves"
SECTIONS = {
    "codec/board.py": (_MOVES, "Migrations"),
    "codec/changes.py": (_LOSSES,),
    "codec/checklist.py": ("Checklist", "Findings"),
    "codec/confirm.py": ("Switch", "Findings"),
    "codec/diff.py": ("Differences",),
    "codec/diff_batch.py": ("Many zones",),
    "codec/discovery.py": ("Search",),
    "codec/evidence.py": ("Checklist",),
    "codec/explain.py": ("Specifications of checks",),
    "codec/export.py": ("Backup report and snapshot",),
    "codec/export_batch.py": ("Backups of an account",),
    "codec/findings.py": ("Findings",),
    "codec/history.py": ("Evidence", _LOSSES),
    "codec/imports.py": (_LOSSES,),
    "codec/lint.py": ("Findings",),
    "codec/losses.py": (_LOSSES,),
    "codec/migrations.py": ("Migrations",),
    "codec/observation.py": ("Evidence",),
    "codec/plan.py": ("Plan file", _LOSSES),
    "codec/recording.py": ("Recording of a check",),
    "codec/story.py": (
        _MOVES,
        "Differences",
        "Checklist",
        "Switch",
        _LOSSES,
        "Timeline",
        "Evidence",
        "Migrations",
    ),
    "codec/timeline.py": ("Timeline",),
    "codec/ttls.py": ("TTLs", _LOSSES),
    "codec/zone.py": ("Backup report and snapshot", "Findings", _LOSSES),
    "codec/zones.py": ("List of zones",),
    "notices.py": ("notices.md",),
}
# What the state database alone holds: no command prints it.
KEPT = {"dns-migrator/registrar/1", "dns-migrator/sides/1"}
# Told where the others of its kind are.
OF_MANY = "dns-migrator/notices/1"


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """The text of each section by its title; "" is the beginning."""
    beginning, *others = re.split(r"^## ", page("json.md"), flags=re.MULTILINE)
    titled = {text.partition("\n")[0]: text for text in others}
    return {"": beginning, **titled, "notices.md": page("notices.md")}


def written(module: str) -> set[str]:
    """The keys of all objects that a module makes."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / "migrator" / module).read_text(encoding="utf-8"))):
        match node:
            case ast.Dict(keys=keys):
                found |= {str(key.value) for key in keys if isinstance(key, ast.Constant)}
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Store()):
                found.add(key)
            case ast.Call(func=ast.Name(id="_member" | "_list"), args=[ast.Constant(value=str(key)), *_]):
                found.add(key)
            case _:
                pass
    return found


def sampled(text: str) -> set[str]:
    """The keys of the samples in a text."""
    return {
        key
        for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)
        for key in re.findall(r'"(\w+)":', block)
    }


def told(text: str) -> set[str]:
    """The words of a text that stand as code, and the keys of its samples."""
    marked = re.findall(r"`([a-z][\w.-]*)`", text)
    return sampled(text) | {word for each in marked for word in (each, *each.split("."))}


@pytest.mark.parametrize("module", SECTIONS)
def test_each_key_is_told_where_its_document_stands(module: str) -> None:
    there = sections()
    text = "\n".join(there[title] for title in ("", *SECTIONS[module]))

    assert sorted(written(module) - told(text)) == []


@pytest.mark.parametrize("title", sections())
def test_no_key_is_told_that_nobody_writes(title: str) -> None:
    every = [written(module) for module, titles in SECTIONS.items() if title in ("", *titles)]
    text = sections()[title]

    names = sampled(text) | {word for word in told(text) if "_" in word}
    assert sorted(name for name in names - set().union(*every) if "." not in name) == []


def test_every_document_is_in_the_table() -> None:
    found: dict[str, str] = {}
    for path in sorted((ROOT / "migrator").rglob("*.py")):
        for schema in re.findall(
            r'^\w*SCHEMA\w* = "(dns-migrator/.*?)"', path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            found[schema] = str(path.relative_to(ROOT / "migrator"))
    table = set(re.findall(r"\| `(dns-migrator/.*?)` \|", page("json.md")))

    assert found.keys() - KEPT == table | {OF_MANY}
    assert f"`{OF_MANY}`" in page("notices.md")
    assert {module for schema, module in found.items() if schema not in KEPT} <= SECTIONS.keys()
