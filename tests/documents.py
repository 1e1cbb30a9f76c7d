"""The parts of the documents that a program can hold true: console examples and generated tables.

A console example is a fenced block of language `console`. Each line `$ command` is run by a shell in a folder that
has only `sample_zones/`, one folder for each document, in order; the lines until the next `$` are its whole
output, and a last line `[exit code N]` stands for an exit code other than 0. A block whose first line is
`# not run` shows what needs an account or a network.

`python -m tests.documents` writes the true output into the documents.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from migrator.journey.stages import STAGES

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_EXAMPLE = re.compile(r"^```console\n(?!# not run)(.*?)^```$", re.MULTILINE | re.DOTALL)
_GENERATED = re.compile(r"(<!-- generated: (\S+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def as_it_should_be(document: Path) -> str:
    """The document's text with every example run and every table made anew."""
    text = document.read_text(encoding="utf-8")
    text = _GENERATED.sub(lambda found: f"{found[1]}{_TABLES[found[2]]()}{found[4]}", text)
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(ROOT / "sample_zones", Path(scratch) / "sample_zones")
        return _EXAMPLE.sub(lambda found: f"```console\n{_run_block(found[1], Path(scratch))}```", text)


def _run_block(block: str, folder: Path) -> str:
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{_output(command, folder)}" for command in commands)


def _output(command: str, folder: Path) -> str:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "80",
        "TZ": "UTC",
    }
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    code = f"[exit code {done.returncode}]\n" if done.returncode else ""
    return _steady(done.stdout) + code


def _steady(output: str) -> str:
    """Replace what differs from run to run: the time in the name of a backup folder."""
    return re.sub(r"\d{4}-?\d\d-?\d\dT\d\d:?\d\d:?\d\dZ", "20261120T090000Z", output)


def commands_table() -> str:
    """Every command with its one sentence."""
    from typer.main import get_command

    from migrator.cli import app

    group = get_command(app)
    commands = getattr(group, "commands", {})
    rows = [f"| `{name}` | {command.get_short_help_str(200)} |" for name, command in commands.items()]
    return "\n".join(["| command | does |", "|---|---|", *rows, ""])


def exits_table() -> str:
    """Every exit code with its meaning."""
    from migrator.cli.exits import MEANING

    rows = [f"| {code} | {meaning} |" for code, meaning in MEANING.items()]
    return "\n".join(["| code | means |", "|---|---|", *rows, ""])


def checks_table() -> str:
    """Every check: when it runs, how grave it is, and its rule in one sentence."""
    from migrator.checks.catalogue import catalogue
    from migrator.report.explain import list_markdown

    return list_markdown(catalogue())


def specifications() -> str:
    """Every check with its whole specification, by area."""
    from migrator.checks.catalogue import catalogue
    from migrator.report.explain import all_markdown

    return all_markdown(catalogue())


def scenarios_table() -> str:
    """Every scenario of the laboratory with its result."""
    from tests.lab.scenarios.table import scenarios_table

    return scenarios_table()


def stages_table() -> str:
    rows = [f"| {stage.number} | `{stage}` | {stage.purpose} |" for stage in STAGES]
    return "\n".join(["| | stage | what is done |", "|---|---|---|", *rows, ""])


def rooms_table() -> str:
    """Every package and module of `migrator/` with the layer that it is in and its first sentence."""
    from tests.test_architecture import INTERFACES, MODEL, PURE

    rows = []
    for path in sorted((ROOT / "migrator").iterdir()):
        name = path.stem if path.suffix == ".py" else path.name
        source = path if path.suffix == ".py" else path / "__init__.py"
        if source.exists() and not name.startswith("__"):
            layer = 0 if name in MODEL | INTERFACES else 1 if name in PURE else 3 if name in {"cli", "demo"} else 2
            says = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
            sentence = re.sub(r"(,| No IO here\.|: pure, no IO\.| Pure\.)+$", "", says.splitlines()[0])
            rows.append((layer, f"| `{path.name}` | {_LAYERS[layer]} | {sentence} |"))
    return "\n".join(["| | layer | what is there |", "|---|---|---|", *(row for _, row in sorted(rows)), ""])


_LAYERS = ("model", "core", "shell", "command line")
_TABLES: dict[str, Callable[[], str]] = {
    "commands": commands_table,
    "exit-codes": exits_table,
    "checks": checks_table,
    "specifications": specifications,
    "scenarios": scenarios_table,
    "stages": stages_table,
    "rooms": rooms_table,
}


if __name__ == "__main__":
    for path in DOCUMENTS:
        path.write_text(as_it_should_be(path), encoding="utf-8")
