"""octodns-compare for two zone files, in an environment of its own: octoDNS pins other versions of what we use."""

import shutil
import subprocess
import venv
from pathlib import Path

_CONFIG = """\
providers:
  old: {class: octodns_bind.ZoneFileProvider, directory: %s, file_extension: .}
  new: {class: octodns_bind.ZoneFileProvider, directory: %s, file_extension: .}
zones:
  %s.: {sources: [old], targets: [new], lenient: true}
"""


def command(scratch: Path, old: Path, new: Path, zone: str) -> list[str]:
    """Return the command that compares the files; the environment is made on first use."""
    home = scratch / "octodns"
    if not (home / "bin" / "octodns-compare").exists():
        venv.create(home, with_pip=True)
        install = [str(home / "bin" / "pip"), "install", "--quiet", "octodns", "octodns-bind"]
        subprocess.run(install, check=True)
    folders: list[Path] = []
    for side, file in (("old", old), ("new", new)):
        folder = home / f"{side}-{file.stem}"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(file, folder / f"{zone}.")
        folders.append(folder)
    config = home / f"{old.stem}.yaml"
    config.write_text(_CONFIG % (*folders, zone), encoding="utf-8")
    sides = ["--a", "old", "--b", "new", "--zone", f"{zone}."]
    return [str(home / "bin" / "octodns-compare"), "--config-file", str(config), *sides]
