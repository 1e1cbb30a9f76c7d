"""Runs the command in this process, so that the patience of the providers can be shortened for a test."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from migrator import cli
from tests.installed import Run


def run_here(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Run:
    """Run a command and return what it said and its exit code."""
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "argv", ["dns-migrator", *arguments])
    code: object = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as exc:
            code = exc.code or 0
    assert isinstance(code, int)
    return Run(code, out.getvalue(), err.getvalue())
