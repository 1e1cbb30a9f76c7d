"""The program that runs the demo, as a person types it: by its name, or by its path where no shell finds it.

`make demo` installs it into `.venv`, whose folder is on nobody's PATH.
"""

import shlex
import shutil
from pathlib import Path

PROGRAM = "dns-migrator"


def of_environment(python: Path) -> Path | None:
    """Return the program that is installed beside this Python, where one is."""
    path = python.parent / PROGRAM
    return path if path.is_file() else None


def typed(program: Path | None, search_path: str, folder: Path) -> str:
    """Return what a person in this folder types for the program, with this PATH."""
    if program is None or shutil.which(PROGRAM, path=search_path) is not None:
        return PROGRAM
    return shlex.quote(str(program.relative_to(folder) if program.is_relative_to(folder) else program))
