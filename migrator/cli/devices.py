"""Where a result goes on, and no file stays: a device or a pipe."""

from pathlib import Path


def is_device(path: Path) -> bool:
    """Tell whether what is written there goes on, as to a device or a pipe, and stays nowhere as a file."""
    return path.exists() and not path.is_file() and not path.is_dir()
