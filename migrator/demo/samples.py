"""Where the sample zones are: inside the installed package, or at the top of a checkout."""

from pathlib import Path

import migrator
from migrator.errors import InputError

_PACKAGE = Path(migrator.__file__).parent


def sample_zones() -> Path:
    """Return the folder of the sample zones; raises InputError where the installation lacks it."""
    for folder in (_PACKAGE / "sample_zones", _PACKAGE.parent / "sample_zones"):
        if (folder / "old-provider.zone").is_file():
            return folder
    raise InputError("The sample zones are missing from this installation: install dns-migrator anew.")
