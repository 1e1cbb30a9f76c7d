"""What is understood without Typer is what Typer would have made of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from migrator.cli import app, diffing, linting, main, quick
from migrator.cli.choices import VerdictFormat
from migrator.cli.diffing import Asked
from migrator.cli.showing import Manner

PLAIN = Asked(old="a", new=("b",))
ALONE = linting.Asked(locator="a")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("diff a b", PLAIN),
        ("diff a b --verbose", replace(PLAIN, verbose=True)),
        ("diff -v a -q b --no-color", replace(PLAIN, verbose=True, quiet=True, no_color=True)),
        ("diff --format json a b", replace(PLAIN, format_=VerdictFormat.JSON)),
        ("diff --batch a b --allow-include-outside", replace(PLAIN, batch=True, allow_include_outside=True)),
        ("diff a --format text b --format junit", replace(PLAIN, format_=VerdictFormat.JUNIT)),
        ("diff a --network n.toml b", replace(PLAIN, network=Path("n.toml"))),
        ("lint a", ALONE),
        ("lint -q a --verbose --no-color", replace(ALONE, quiet=True, verbose=True, no_color=True)),
        ("lint --format json a", replace(ALONE, format_=VerdictFormat.JSON)),
        ("lint --network n.toml a", replace(ALONE, network=Path("n.toml"))),
        ("lint a --allow-include-outside", replace(ALONE, allow_include_outside=True)),
    ],
)
def test_what_is_understood_is_what_typer_understands(
    arguments: str, expected: Manner, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Manner] = []

    def run(asked: Manner) -> int:
        seen.append(asked)
        return 0

    for place in (diffing, linting):
        monkeypatch.setattr(place, "run", run)
    words = arguments.split()

    result = CliRunner().invoke(app, words)

    assert result.exit_code == 0
    assert [quick.comparison(words, {}) or quick.judging(words, {})] == seen == [expected]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["check", "a", "b"],
        ["diff"],
        ["diff", "--help"],
        ["diff", "a"],
        ["diff", "a", "b", "c"],
        ["diff", "a", ""],
        ["diff", "a", "b", "-x"],
        ["diff", "a", "b", "--", "c"],
        ["diff", "a", "b", "--format"],
        ["diff", "a", "b", "--format", "xml"],
        ["diff", "a", "b", "--format=json"],
        ["diff", "a", "b", "-qv"],
        ["diff", "a", "b", "--output", "c"],
        ["diff", "a", "b", "--network"],
        ["diff", "a", "b", "--network", ""],
        ["diff", "a", "--network", "-q", "b"],
        ["diff", "a", "b", "--network=c"],
        ["diff", "a", "b", "--server", "192.0.2.1"],
        ["--version", "diff", "a", "b"],
    ],
)
def test_all_else_is_left_to_typer(arguments: Sequence[str]) -> None:
    assert quick.comparison(arguments, {}) is None


@pytest.mark.parametrize(
    "arguments",
    ["", "diff a", "lint", "lint a b", "lint a --fail-on never", "lint a --batch", "lint a --format xml"],
)
def test_other_ways_to_judge_are_left_to_typer(arguments: str) -> None:
    assert quick.judging(arguments.split(), {}) is None


@pytest.mark.parametrize("name", ["DNS_MIGRATOR_NETWORK", "_DNS_MIGRATOR_COMPLETE"])
def test_where_the_environment_has_a_say_typer_looks(name: str) -> None:
    assert quick.comparison(["diff", "a", "b"], {name: "x"}) is None
    assert quick.judging(["lint", "a"], {name: "x"}) is None


def test_an_interruption_ends_with_the_code_that_shells_expect(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(asked: Asked) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(diffing, "run", interrupted)
    monkeypatch.setattr("sys.argv", ["dns-migrator", "diff", "a", "b"])

    with pytest.raises(SystemExit) as raised:
        main()

    assert raised.value.code == 130


def test_a_file_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["dns-migrator", "diff", str(tmp_path / "a"), str(tmp_path / "b")])

    with pytest.raises(SystemExit) as raised:
        main()

    assert raised.value.code == 2
    assert (
        capfd.readouterr().err == f"dns-migrator: {tmp_path / 'a'}: cannot be read: No such file or directory.\n"
    )


def test_the_commands_are_there_when_they_are_asked_for() -> None:
    assert isinstance(app, typer.Typer)
    with pytest.raises(ImportError):
        from migrator.cli import nothing  # noqa: F401  (that it is not there is the point)
