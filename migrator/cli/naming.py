"""What a printed command names besides its own words: the state database, where it is not the usual one."""

import os
import shlex

from migrator.cli.choices import DATABASE_VARIABLE, DEFAULT_DATABASE
from migrator.state.databases import without_password


def to_name(database: str) -> str:
    """Return what a printed command gives to `--database`; nothing for the usual one.

    Nothing either where the environment names one with a password: the command finds it there, and no printed one
    has a password.
    """
    if database == DEFAULT_DATABASE:
        return ""
    named = without_password(database)
    return "" if named != database == os.environ.get(DATABASE_VARIABLE) else named


def naming(database: str) -> str:
    """Return the option that names the database, with a blank before it; nothing where it need not be named."""
    named = to_name(database)
    return f" --database {shlex.quote(named)}" if named else ""
