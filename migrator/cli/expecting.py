"""What commands expect of the words that name a state database, and a fleet in it, before they open it."""

from pathlib import Path

from migrator.errors import InputError


def expect_database(database: str) -> None:
    """Raise InputError where the state database is a file that is not there: reading makes none."""
    if "://" not in database and not Path(database).exists():
        from migrator.state.databases import place_of

        # What is meant as a URL is no file that is missing, and is not said: it may hold a password.
        place_of(database)
        raise InputError(
            f"{database}: there is no such state database, so nothing is remembered; --database names the one "
            "that run, check, confirm, ttl or import used."
        )


def expect_name(fleet: str) -> None:
    """Raise InputError for what no database takes and no line shows, such as octets that are no UTF-8."""
    if not fleet.isprintable():
        raise InputError("--fleet: a name of printable characters was expected.")
