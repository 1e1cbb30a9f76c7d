"""What the terminal's encoding lacks is replaced, and the rest is said; a pipe gets UTF-8."""

import json
import os
import subprocess
import sys

from migrator.demo.samples import sample_zones


def test_a_report_is_printed_where_the_encoding_lacks_a_character() -> None:
    old, new = (sample_zones() / name for name in ("old-provider.zone", "new-provider-incomplete.zone"))

    done = subprocess.run(
        [sys.executable, "-m", "migrator", "diff", str(old), str(new)],
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, b"")
    assert b"MIIBIjANBgkqhkiG?Bx5ulJur" in done.stdout


def test_a_document_in_a_pipe_is_utf_8_in_every_locale() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "migrator", "lint", str(sample_zones() / "idn.zone"), "--format", "json"],
        env=os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert "ns1.bücher.test" in json.loads(done.stdout.decode("utf-8"))["findings"][0]["message"]
