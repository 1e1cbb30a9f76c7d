"""How a zone of an account is named: options of a locator, lists to choose from. No IO here."""

from collections.abc import Sequence
from urllib.parse import quote

from dns.name import Name

from migrator.errors import InputError
from migrator.model.locator import VARIABLE, VARIABLE_OPTION, Locator

_MOST_LISTED = 20


def expect_options(locator: Locator, known: Sequence[str], endpoint: str) -> None:
    """Raise InputError for an option that the scheme does not know, and for a server, which `endpoint` names."""
    for option in locator.options:
        if option not in known:
            names = ", ".join(f"{name}=" for name in known)
            raise InputError(f"{locator.text}: there is no option '{option}'; {locator.scheme}: knows {names}.")
    if locator.host:
        raise InputError(f"{locator.text}: {locator.scheme}: takes no server after '@'; use {endpoint}.")


def zone_named(locator: Locator) -> Name:
    """Return the zone of a locator; raises InputError where it names none."""
    if locator.zone is None:
        raise InputError(f"{locator.text}: the zone is missing, as in {locator.scheme}:example.com.")
    return locator.zone


def without_zone(locator: Locator, *excluded: str) -> None:
    """Raise InputError unless a locator names a whole account: no zone, and no option that only one zone has."""
    if locator.zone is not None:
        raise InputError(f"{locator.text}: a whole account has no zone in its locator, as in {locator.scheme}:.")
    for option in excluded:
        if locator.option(option) is not None:
            raise InputError(
                f"{locator.text}: a whole account takes no {option}=; with a zone it does, as in "
                f"{locator.scheme}:example.com?{option}=."
            )


def locator_of_listed(account: Locator, name: Name, **options: str) -> str:
    """Return the locator of one zone of an account: what the account's says, and which zone it is."""
    told = {**account.options, **{option.replace("_", "-"): found for option, found in options.items()}}
    query = "&".join(f"{option}={quote(found, safe='/:@.()')}" for option, found in told.items())
    return f"{account.scheme}:{shown(name)}?{query}"


def variable_named(locator: Locator) -> str | None:
    """Return the environment variable that `token-env=` names; raises InputError for what looks like no variable.

    One environment has one token of each provider: this is how an import between two accounts gets the other one.
    """
    name = locator.option(VARIABLE_OPTION)
    if name is not None and not VARIABLE.fullmatch(name):
        raise InputError(
            f"{locator.text}: {VARIABLE_OPTION}= takes the name of an environment variable in capital letters "
            f"({VARIABLE_OPTION}=OTHER_TOKEN), and never the token itself."
        )
    return name


def choice(heading: str, ways: Sequence[str], lists_all: str) -> str:
    """Return a heading and the locators to choose from, a line each; `lists_all` is the command that has more."""
    lines = [f"  {way}" for way in ways[:_MOST_LISTED]]
    if len(ways) > _MOST_LISTED:
        lines.append(f"  and {len(ways) - _MOST_LISTED} more; '{lists_all}' lists them all")
    return "\n".join([heading, *lines])


def shown(name: Name) -> str:
    """Return a name as people write it in a locator."""
    return name.to_text(omit_final_dot=True)


def printable(text: str) -> str:
    """Return a person's text on one line, with nothing that drives a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
