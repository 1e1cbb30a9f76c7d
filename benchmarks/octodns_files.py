"""octoDNS for zone files, in an environment of its own: it pins other versions of what we use."""

import shutil
import subprocess
import venv
from pathlib import Path

_CONFIG = """\
providers:
  old: {class: octodns_bind.ZoneFileProvider, directory: %s, file_extension: %s}
  new: {class: octodns_bind.ZoneFileProvider, directory: %s, file_extension: %s}
zones:
"""
_EACH = """\
import sys
from octodns.manager import Manager
manager = Manager(sys.argv[1])
for zone in sorted(manager.config["zones"]):
    print(zone, manager.compare(["old"], ["new"], zone))
"""
_ZONE = "  %s.: {sources: [old], targets: [new], lenient: true}\n"


def comparing(scratch: Path, old: Path, new: Path, zone: str) -> list[str]:
    """Return the command that compares the files; the environment is made on first use."""
    home = _home(scratch)
    folders: list[Path] = []
    for side, file in (("old", old), ("new", new)):
        folder = home / f"{side}-{file.name}"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(file, folder / f"{zone}.")
        folders.append(folder)
    config = home / f"{old.name}-{new.name}.yaml"
    config.write_text(_CONFIG % (folders[0], ".", folders[1], ".") + _ZONE % zone, encoding="utf-8")
    sides = ["--a", "old", "--b", "new", "--zone", f"{zone}."]
    return [str(home / "bin" / "octodns-compare"), "--config-file", str(config), *sides]


def comparing_many(scratch: Path, old: Path, new: Path) -> list[str]:
    """Return the command that does for each file of two folders, named `ZONE.zone`, what octodns-compare does.

    In one process, which octodns-compare itself is not.
    """
    home = _home(scratch)
    config = home / f"{old.parent.name}.yaml"
    zones = [file.name.removesuffix(".zone") for file in sorted(old.iterdir())]
    listed = "".join(map(_ZONE.__mod__, zones))
    config.write_text(_CONFIG % (old, ".zone", new, ".zone") + listed, encoding="utf-8")
    return [str(home / "bin" / "python"), "-c", _EACH, str(config)]


def _home(scratch: Path) -> Path:
    """Return the folder of the environment, which is made on first use."""
    home = scratch / "octodns"
    if not (home / "bin" / "octodns-compare").exists():
        venv.create(home, with_pip=True)
        install = [str(home / "bin" / "pip"), "install", "--quiet", "octodns", "octodns-bind"]
        subprocess.run(install, check=True)
    return home
