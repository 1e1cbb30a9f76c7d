"""What a printed command names besides its own words: the state database, where it is not the usual one."""

import shlex

from migrator.cli.choices import DEFAULT_DATABASE
from migrator.state.databases import without_password


def naming(database: str) -> str:
    """Return the option that names the database, with a blank before it; nothing for the usual one."""
    return "" if database == DEFAULT_DATABASE else f" --database {shlex.quote(without_password(database))}"
