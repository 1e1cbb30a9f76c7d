"""What the terminal's encoding lacks is replaced, and the rest is said."""

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
